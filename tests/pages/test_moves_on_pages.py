"""A planner moves a child on its page; list, page and report tell who did, why, until when, and what was computed."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

import dashboard.session
from dashboard.access import Forbidden, Permission, Role, reader_for
from dashboard.audit import Action, recent
from dashboard.overriding import move
from dashboard.snapshot import opened as snapshot_of
from dashboard.texts import text
from dashboard.views.worklist import worklist
from models.screening.by_hand.proposing import Wish
from registry import overrides, store
from tests.pages.snapshot_children import MOVED_PLACE
from tests.pages.snapshot_fixture import AS_OF, DISTRICT, VAULT, child_ids, make_store
from tests.pages.test_shell import APP, words_of

ORANGE, RED, REPORTED = child_ids()[14], child_ids()[6], child_ids()[0]


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    return make_store(tmp_path_factory.mktemp("moves"))


@pytest.fixture
def open_child(sign_in_as, monkeypatch, published, tmp_path):
    """The child's page as a role; moves go to a registry of its own beside the shared snapshot."""
    monkeypatch.setenv("SHOUHU_KEY", (b"k" * 32).hex())
    store.open_file(tmp_path / "registry.duckdb").close()

    def opened(child, role=Role.PLANNER, areas=(DISTRICT,), page="child", **address):
        sign_in_as(role, areas)
        monkeypatch.setattr("dashboard.app_pages.parts.drawing.store", lambda: published)
        app = AppTest.from_file(APP, default_timeout=30)
        app.switch_page(f"app_pages/{page}.py")
        app.query_params.update({"child": child, **address})
        return app.run()

    return opened


def made(tmp_path):
    connection = store.open_file(tmp_path / "registry.duckdb", read_only=True)
    try:
        return overrides.overrides(connection)
    finally:
        connection.close()


def box(app, key):
    return next(one for one in app.selectbox if one.label == text("zh", key))


def press(app, key, words, label):
    next(one for one in app.text_input if one.label == text("zh", label)).set_value(words)
    next(one for one in app.button if one.label == text("zh", key)).click()
    return app.run()


def submit(app, words="昨天入户，照护人受伤"):
    return press(app, "override.submit", words, "override.words_label")


def test_a_planner_moves_a_child_and_takes_it_back(open_child, tmp_path):
    app = open_child(ORANGE)
    assert not app.exception
    assert box(app, "override.to").options == [text("zh", "tier.red"), text("zh", "tier.yellow")]
    app = submit(app)
    assert [one.value for one in app.success] == [text("zh", "override.done_made")]
    [one] = made(tmp_path)
    assert (one.child_ref, one.target, one.tier, one.by) == (ORANGE, "visit", "red", "test.user")
    assert one.rules_then == ("out_of_school",)
    assert VAULT.open(one.words) == "昨天入户，照护人受伤"
    [entry] = [entry for entry in recent(dashboard.session.desk(), 20) if entry.action == Action.OVERRIDDEN]
    assert entry.subject == f"override/{one.override_id}/{ORANGE}"
    assert "照护人" not in entry.reason, "the words stay sealed"
    assert "照护人受伤" not in words_of(app)
    app = press(app, "override.undo", "看错了", "override.undo_words")
    assert [entry.undone_by for entry in made(tmp_path)] == ["test.user"]
    assert text("zh", "override.done_undone") in [one.value for one in app.success]


def test_the_words_are_shown_after_a_reason_and_each_look_is_logged(open_child):
    app = submit(open_child(ORANGE))
    app.text_input[0].set_value("准备入户")
    app.button[0].click().run()
    assert "昨天入户，照护人受伤" in words_of(app)
    looks = [one for one in recent(dashboard.session.desk(), 20) if one.action == Action.IDENTITY_VIEWED]
    assert {one.subject.partition("/")[0] for one in looks} == {"override", ORANGE}


def test_without_words_or_with_a_long_number_nothing_is_written(open_child, tmp_path):
    for words, code in (("  ", "no_words"), ("电话13800000000", "number")):
        app = submit(open_child(ORANGE), words)
        assert [one.value for one in app.error] == [text("zh", f"override.problem.{code}")]
    assert made(tmp_path) == []


def test_nobody_is_asked_to_move_a_child_in_report_now(open_child):
    app = open_child(REPORTED)
    assert text("zh", "override.no_choice", list=text("zh", "target.visit")) in words_of(app)
    assert not [one for one in app.button if one.label == text("zh", "override.submit")]


def test_the_top_tier_of_a_rule_cannot_be_lowered(open_child):
    app = open_child(RED)
    assert text("zh", "override.no_choice_left", list=text("zh", "target.visit")) in words_of(app)


def test_an_analyst_has_no_form_and_no_right(open_child, published, tmp_path):
    app = open_child(ORANGE, Role.ANALYST)
    assert not app.exception
    assert not [one for one in app.button if one.label == text("zh", "override.submit")]
    analyst = reader_for("someone", Role.ANALYST, (DISTRICT,))
    wish = Wish("red", "seen_worse", "走访所见", AS_OF)
    with snapshot_of(published) as snapshot, pytest.raises(Forbidden) as refused:
        move(tmp_path, dashboard.session.desk(), analyst, snapshot, VAULT, (ORANGE, "visit"), wish)
    assert refused.value.permission == Permission.OVERRIDE


def test_a_child_of_another_township_is_not_moved(open_child, published, tmp_path):
    open_child(ORANGE)
    planner = reader_for("someone", Role.PLANNER, ("530902999",))
    wish = Wish("red", "seen_worse", "走访所见", AS_OF)
    with snapshot_of(published) as snapshot, pytest.raises(Forbidden):
        move(tmp_path, dashboard.session.desk(), planner, snapshot, VAULT, (ORANGE, "visit"), wish)
    assert made(tmp_path) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_list_and_page_tell_the_move_beside_what_was_computed(open_child, published, lang):
    child = child_ids()[MOVED_PLACE]
    app = open_child(child, lang=lang)
    computed, why = (
        text(lang, "tier.yellow"),
        {"zh": "走访所见比台账严重", "en": "seen on a visit: worse"}[lang],
    )
    told = words_of(app)
    assert "li.na" in told and computed in told and why in told and "2026-10-20" in told
    with snapshot_of(published) as snapshot:
        page = worklist(snapshot, reader_for("someone", Role.PLANNER, (DISTRICT,)), lang, {})
    cell = page.rows[text(lang, "column.reasons")][page.child_ids.index(child)]
    assert "li.na" in cell and computed in cell and why in cell
    others = [one for one in page.rows[text(lang, "column.reasons")] if "li.na" in one]
    assert len(others) == 1


def test_the_report_counts_moves_by_worker_reason_and_outcome(open_child):
    submit(open_child(ORANGE))
    app = open_child("", Role.ANALYST, page="overrides", lang="en")
    assert not app.exception
    frames = [frame.value for frame in app.dataframe]
    by_worker = frames[0]
    assert by_worker[text("en", "override.group.by")].tolist() == ["test.user"]
    assert by_worker[text("en", "override.column.up")].tolist() == [1]
    assert not any(ORANGE in frame.to_csv() for frame in frames), "the whole pseudonym stays on the server"
    assert "照护人受伤" not in "".join(frame.to_csv() for frame in frames)
