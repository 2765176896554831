"""The page on which cards and rules are tried, saved, published by somebody else, and gone back from."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import dashboard.session
from dashboard.access import Forbidden, Role, reader_for
from dashboard.audit import Action, recent
from dashboard.snapshot import opened
from dashboard.texts import LANGUAGES, text
from dashboard.views.tuning import tuning_page
from models.screening.rulebook.in_force import in_force
from tests.pages.test_shell import APP, words_of
from tests.tuned_store import make_store

ADDRESS = {"target": "visit", "part": "card", "base": "1"}


@pytest.fixture(scope="module")
def tuned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(tmp_path_factory.mktemp("tuned"))


@pytest.fixture
def open_page(monkeypatch, tuned):
    def as_user(
        user: str, role: Role, areas: tuple[str, ...] = ("530902",), place: Path = tuned, **address: str
    ) -> AppTest:
        monkeypatch.setenv(dashboard.session.STORE_VARIABLE, str(place))
        monkeypatch.setattr(dashboard.session, "provider", lambda: reader_for(user, role, areas))
        app = AppTest.from_file(APP, default_timeout=120)
        app.switch_page("app_pages/tuning.py")
        app.query_params.update(address)
        return app.run()

    return as_user


def number(app: AppTest, key: str):
    return next(one for one in app.number_input if one.key == key)


def button(app: AppTest, key: str):
    return next(one for one in app.button if one.label == text("zh", key))


def tables(app: AppTest) -> str:
    return "\n".join(one.value.to_csv() for one in app.dataframe)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.DATA_OFFICER])
def test_who_neither_tunes_nor_defends_a_list_has_no_such_page(open_page, tuned, role):
    app = open_page("x", role)
    assert text("zh", "tuning.title") not in [one.value for one in app.title]
    with opened(tuned) as snapshot, pytest.raises(Forbidden):
        tuning_page(snapshot, tuned, reader_for("x", role, ("530902",)), "zh", {})


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("part", ["card", "rules"])
def test_the_page_opens_with_every_value_to_change(open_page, lang, part):
    app = open_page("li.na", Role.ANALYST, lang=lang, part=part)
    assert not app.exception
    assert app.title[0].value == text(lang, "tuning.title")
    assert text(lang, "tuning.unchanged") in words_of(app)
    keys = {one.key for one in app.number_input}
    wanted = {"visit_card_1_days_since_home_visit_p3", "visit_card_1_days_since_home_visit_c2",
              "visit_card_1_carer_changed_unknown"} if part == "card" else {
        "visit_rules_1_orange_days", "visit_rules_1_contact_lost_n0"}  # fmt: skip
    assert wanted <= keys
    assert not any("report_now" in key or "alone" in key for key in keys), (
        "the lane of the law has nothing to change"
    )


def test_a_planner_sees_the_versions_and_no_form(open_page):
    app = open_page("wang.fang", Role.PLANNER)
    assert not app.exception
    assert not app.number_input
    assert text("zh", "tuning.versions") in [one.value for one in app.subheader]


def test_changing_a_number_shows_at_once_who_moves_and_never_a_name_or_a_whole_pseudonym(open_page, tuned):
    app = open_page("li.na", Role.ANALYST, **ADDRESS)
    number(app, "visit_card_1_days_since_home_visit_p3").set_value(9).run()
    assert not app.exception
    shown = tables(app)
    assert text("zh", "tuning.lane_kept") in words_of(app)
    assert "+4" in shown, "the points gained, with the line that gives them"
    assert text("zh", "tuning.hours_after") in shown
    assert "contact_29" not in shown, "a child stands under its file number"
    for kind in ("ethnicity", "township", "remoteness", "boarding", "missing"):
        next(one for one in app.selectbox if one.key == "tuning_kind").select(kind).run()
        assert not app.exception
        assert text("zh", f"tuning.kind_note.{kind}") in words_of(app)


def test_a_change_that_the_linter_or_the_law_refuses_says_where(open_page):
    app = open_page("li.na", Role.ANALYST, **ADDRESS)
    number(app, "visit_card_1_days_since_home_visit_p3").set_value(1).run()
    assert [one.value for one in app.error] == [text("zh", "tuning.refused", n=2)]
    assert "lines.1" not in words_of(app), "the line of the card is named by its fact"
    app = open_page("li.na", Role.ANALYST, target="visit", part="rules", base="1")
    number(app, "visit_rules_1_contact_lost_n0").set_value(9).run()
    assert not app.exception
    assert "的界限不高于 7" in words_of(app)
    assert "days_since_contact" not in words_of(app)
    assert not [one for one in app.button if one.label == text("zh", "tuning.save_version")]


def test_a_reader_of_one_township_can_neither_try_nor_save_for_the_district(open_page):
    app = open_page("he.ping", Role.ANALYST, ("530902001",))
    assert not app.exception
    assert not app.number_input


def test_saving_publishing_by_a_second_person_and_going_back(open_page, tmp_path):
    place = make_store(tmp_path)
    app = open_page("li.na", Role.ANALYST, place=place, **ADDRESS)
    number(app, "visit_card_1_days_since_home_visit_p3").set_value(9).run()
    button(app, "tuning.save_version").click().run()
    assert [one.value for one in app.warning] == [text("zh", "tuning.problem.no_reason")]
    next(one for one in app.text_input if one.label == text("zh", "tuning.reason")).set_value(
        "半年未访更要紧"
    )
    button(app, "tuning.save_version").click().run()
    assert not app.exception
    assert [one.value for one in app.success] == [text("zh", "tuning.saved_as", number=2)]
    assert in_force(place)["visit"].card_number == 1
    assert text("zh", "tuning.second_person") in words_of(app), "the author is told to find somebody else"
    assert not [one for one in app.button if one.label == text("zh", "tuning.publish")]

    other = open_page("wang.fang", Role.PLANNER, place=place)
    assert "5 → 9" in words_of(other), "what is published is shown before it is published"
    other.text_input[0].set_value("复核无误")
    button(other, "tuning.publish").click().run()
    assert not other.exception
    assert in_force(place)["visit"].card_number == 2
    assert text("zh", "tuning.waiting", number=2) in words_of(other), "the list follows at the next build"
    other.text_input[0].set_value("先退回")
    button(other, "tuning.go_back").click().run()
    assert in_force(place)["visit"].card_number == 1
    told = [(one.user, one.action, one.subject) for one in reversed(recent(dashboard.session.desk(), 20))
            if one.action in (Action.TUNED, Action.CARD_PUBLISHED)]  # fmt: skip
    assert told == [("li.na", Action.TUNED, "visit_card/2"), ("wang.fang", Action.CARD_PUBLISHED, "visit_card/2"),
                    ("wang.fang", Action.CARD_PUBLISHED, "visit_card/1")]  # fmt: skip


def test_without_a_build_the_page_says_what_to_do(open_page, tmp_path):
    app = open_page("li.na", Role.ANALYST, place=tmp_path / "nothing")
    assert not app.exception
    assert [one.value for one in app.info] == [text("zh", "empty.no_snapshot")]
