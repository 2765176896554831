"""Cards on trial and model cards: what was kept is shown in words, by roles that may, with a designed empty state."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import dashboard.session
from dashboard.access import Forbidden, Role, reader_for
from dashboard.exports.plain_text import markdown_of
from dashboard.snapshot import opened
from dashboard.texts import LANGUAGES, text
from dashboard.views.model_card import model_card, model_card_page
from dashboard.views.validation import figures, validation_page
from models.screening.rulebook import in_force
from registry import evaluations, versions
from tests.pages.test_shell import APP, words_of
from tests.proposed import document, proposal
from tests.tuned_store import make_store

AT = dt.datetime(2026, 10, 8, 9, 0)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(tmp_path_factory.mktemp("empty"))


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which a proposed card was saved and tried."""
    place = make_store(tmp_path_factory.mktemp("tried"))
    in_force.save(place, "visit_card", proposal().text, "proposed.toml", "li.na", "由走访结果提出", AT)
    digest = versions.digest_of(proposal().text)
    evaluations.keep(place, "visit_card", digest, "build1", AT, document())
    return place


@pytest.fixture
def open_page(monkeypatch):
    def as_role(page: str, role: Role, place: Path, **address: str) -> AppTest:
        monkeypatch.setenv(dashboard.session.STORE_VARIABLE, str(place))
        monkeypatch.setattr(dashboard.session, "provider", lambda: reader_for("x", role, ("530902",)))
        app = AppTest.from_file(APP, default_timeout=120)
        app.switch_page(f"app_pages/{page}.py")
        app.query_params.update(address)
        return app.run()

    return as_role


def tables(app: AppTest) -> str:
    return "\n".join(one.value.to_csv() for one in app.dataframe)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_an_evaluation_the_page_says_how_to_get_one(open_page, empty, lang):
    app = open_page("validation", Role.ANALYST, empty, lang=lang)
    assert not app.exception
    assert "shouhu learn" in app.info[0].value


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_was_kept_is_shown_beside_the_baselines(open_page, tried, lang):
    app = open_page("validation", Role.PLANNER, tried, lang=lang)
    assert not app.exception
    shown = tables(app)
    for name in ("card", "champion", "longest_unseen", "four_colour", "boosted_trees"):
        assert text(lang, f"learned.scorer.{name}") in shown
    assert "build1" in words_of(app) and "2026-10-08" in words_of(app)
    assert not any(child in shown for child in proposal().judged.swap.entering)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_model_card_says_what_it_is_not_for_and_how_to_withdraw_it(open_page, tried, lang):
    app = open_page("model_card", Role.ANALYST, tried, lang=lang, number="2")
    assert not app.exception
    words = words_of(app)
    for key in ("not_for_label", "not_for_lower", "unpublished", "limit_looked"):
        assert text(lang, f"model_card.{key}") in words
    assert "shouhu cards back visit_card" in words


@pytest.mark.parametrize("page", ["validation", "model_card"])
@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.DATA_OFFICER])
def test_who_neither_tunes_nor_publishes_has_no_such_page(open_page, tried, page, role):
    app = open_page(page, role, tried)
    assert text("zh", f"{page}.title") not in [one.value for one in app.title]
    reader = reader_for("x", role, ("530902",))
    with opened(tried) as snapshot, pytest.raises(Forbidden):
        validation_page(snapshot, tried, reader, "zh", {})
    with pytest.raises(Forbidden):
        model_card_page(tried, reader, "zh", {}, {})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_version_has_a_model_card_as_a_document(tried, lang):
    for number, known in ((1, False), (2, True)):
        found, made = model_card(tried, lang, "visit_card", number, {})
        assert (found is not None) == known
        assert (text(lang, "model_card.not_evaluated") in markdown_of(made).replace("\\", "")) != known


@pytest.mark.parametrize("lang", LANGUAGES)
def test_small_groups_stay_hidden_and_no_raw_identifier_is_shown(lang):
    shown = figures(lang, document(), {})
    frames = "\n".join(
        frame.write_csv() for frame in [shown.orders, shown.swap, shown.drift, *shown.groups.values()]
    )
    for raw in ("recall_by_draws", "four_colour", "days_since_home_visit", "None", "nan"):
        assert raw not in frames
    hidden = [
        one for one in document()["evaluation"]["scorers"][0]["groups"] if one["n"]["state"] == "hidden"
    ]
    assert all(one["n"]["interval"]["value"] is None for one in hidden)
