"""The plan's page where the kept plan cannot be read, or the plan made just now breaks a rule."""

from __future__ import annotations

import pytest

import dashboard.views.plan
from dashboard.access import Role
from dashboard.texts import LANGUAGES, text
from models.parameters import value_on
from models.planning.keeping import FOLDER, UnreadablePlan, all_kept, kept
from models.planning.making import BrokenPlan
from tests.pages.snapshot_fixture import AS_OF, BUILD, make_store
from tests.pages.test_pages import open_page  # noqa: F401 (fixture)
from tests.pages.test_shell import words_of

WEEKS = value_on("plan_weeks", AS_OF)
FILE = f"{FOLDER}/{BUILD}-{WEEKS}.json"


@pytest.fixture
def published(tmp_path):
    place = make_store(tmp_path)
    (place / FOLDER).mkdir()
    return place


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("damaged", ["", "[1, 2", "{}", '["b", "2026-09-30", 4]'])
def test_a_kept_plan_that_cannot_be_read_is_told_and_no_other_is_shown(open_page, published, lang, damaged):  # noqa: F811
    (published / FILE).write_text(damaged, "utf-8")
    app = open_page("plan", Role.PLANNER, lang=lang)
    assert not app.exception
    assert [one.value for one in app.title] == [text(lang, "plan.title")]
    assert [one.value for one in app.error] == [text(lang, "plan.unreadable")]
    assert FILE in words_of(app), "what to bring back is named"
    assert len(app.dataframe) == len(app.subheader) == 0


def test_a_plan_that_breaks_a_rule_is_told_with_the_rule(open_page, published, monkeypatch):  # noqa: F811
    def broken(*_):
        raise BrokenPlan("plan of 4 weeks: 1 rules broken, first: hours")

    monkeypatch.setattr(dashboard.views.plan, "make_plan", broken)
    monkeypatch.setattr(dashboard.views.plan, "_at_once", {})
    app = open_page("plan", Role.PLANNER)
    assert not app.exception
    assert [one.value for one in app.error] == [text("zh", "plan.broken_at_once")]
    assert "first: hours" in words_of(app)
    assert not app.dataframe


def test_a_damaged_plan_of_another_build_leaves_this_weeks_plan_and_stops_the_estimate(open_page, published):  # noqa: F811
    (published / FOLDER / "b0-4.json").write_text("no plan", "utf-8")
    app = open_page("plan", Role.ANALYST)
    assert not app.exception and not app.error
    assert text("zh", "plan.visits") in [one.value for one in app.subheader]
    assert text("zh", "plan.cli_unreadable", problem=f"{FOLDER}/b0-4.json") in words_of(app)


def test_reading_names_the_file_that_is_damaged(published):
    (published / FILE).write_text("[]", "utf-8")
    for read in (lambda: kept(published, BUILD, WEEKS), lambda: all_kept(published)):
        with pytest.raises(UnreadablePlan, match=FILE):
            read()
