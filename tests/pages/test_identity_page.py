"""The page on which a person says whether two entries are one child."""

from __future__ import annotations

import datetime as dt

import pytest
from streamlit.testing.v1 import AppTest

import dashboard.session
from dashboard.access import Role
from dashboard.audit import Action, recent
from dashboard.texts import text
from dashboard.views.words import file_number
from registry import decisions, store
from tests.pages.snapshot_fixture import DISTRICT, HOSTILE, VAULT, child_ids, make_store
from tests.pages.test_shell import APP, words_of


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    return make_store(tmp_path_factory.mktemp("pairs"))


@pytest.fixture
def open_pairs(sign_in_as, monkeypatch, published, tmp_path):
    """The page as a role; decisions go to a registry of its own beside the shared snapshot."""

    def opened(role=Role.DATA_OFFICER, areas=(DISTRICT,), with_registry=True, **address):
        sign_in_as(role, areas)
        monkeypatch.setattr("dashboard.app_pages.parts.drawing.store", lambda: published)
        if with_registry and not (tmp_path / "registry.duckdb").exists():
            connection = store.open_file(tmp_path / "registry.duckdb")
            store.run(connection, "CREATE TABLE person (child_ref VARCHAR)")
            connection.executemany("INSERT INTO person VALUES (?)", [[child] for child in child_ids()])
            connection.close()
        app = AppTest.from_file(APP, default_timeout=30)
        app.switch_page("app_pages/identity.py")
        app.query_params.update(address)
        return app.run()

    return opened


def shown(app):
    return "\n".join([words_of(app), *(table.value.to_csv() for table in app.dataframe)])


def made(tmp_path):
    connection = store.open_file(tmp_path / "registry.duckdb", read_only=True)
    try:
        return decisions.decisions(connection)
    finally:
        connection.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_pair_stands_side_by_side_with_evidence_in_words_and_without_names(open_pairs, lang):
    app = open_pairs(lang=lang)
    assert not app.exception
    told = shown(app)
    for key in ("name.homophone", "id_no.one_digit", "guardian.same"):
        assert text(lang, f"pairs.evidence.{key}") in told
    assert text(lang, "pairs.certainty.likely") in told
    assert file_number(child_ids()[0]) in told
    assert "测试" not in told
    assert "照护0" not in told
    assert not any(child in told for child in child_ids()), "the whole pseudonym stays on the server"
    for raw in ("homophone", "one_digit", "differ_valid", "village_ledger"):
        assert raw not in told


def test_the_data_officer_is_not_asked_for_a_reason_to_see_names_and_the_planner_is(open_pairs, monkeypatch):
    assert [one.label for one in open_pairs().text_input] == [text("zh", "pairs.reason")]
    monkeypatch.setattr("dashboard.app_pages.parts.naming.load_key", lambda file: (VAULT, False))
    app = open_pairs(Role.PLANNER)
    assert "测试" not in shown(app)
    app.text_input[0].set_value("核对户口簿")
    app.button[0].click().run()
    assert "测试00" in shown(app)
    assert f"照护08{HOSTILE}" in shown(app)
    looks = [one for one in recent(dashboard.session.desk(), 20) if one.action == Action.IDENTITY_VIEWED]
    assert {one.subject for one in looks} == {child_ids()[0], child_ids()[8]}


def press(app, action, reason="村委会核实，是一人"):
    app.text_input[-1].set_value(reason)
    label = text("zh", f"pairs.action.{action}")
    next(one for one in app.button if one.label == label).click()
    return app.run()


def test_a_judgement_is_written_logged_shown_and_can_be_undone(open_pairs, tmp_path):
    app = press(open_pairs(), "same")
    assert [one.value for one in app.success] == [text("zh", "pairs.done.same")]
    (one,) = made(tmp_path)
    assert (one.pair, one.decision, one.by) == (
        frozenset((child_ids()[0], child_ids()[8])),
        "same",
        "test.user",
    )
    logged = [
        entry for entry in recent(dashboard.session.desk(), 20) if entry.action == Action.IDENTITY_DECIDED
    ]
    assert [entry.user for entry in logged] == ["test.user"]
    assert f"<dt>{text('zh', 'pairs.state.open')}</dt><dd>2</dd>" in words_of(app)
    press(open_pairs(state="same"), "undo", "弄错了")
    assert [entry.stands for entry in made(tmp_path)] == [False]


def test_without_a_reason_nothing_is_written(open_pairs, tmp_path):
    app = press(open_pairs(), "not_same", "  ")
    assert [one.value for one in app.warning] == [text("zh", "naming.missing")]
    assert made(tmp_path) == []


def test_while_another_process_writes_the_page_says_so(open_pairs, monkeypatch):
    app = open_pairs()

    def busy(*_, **__):
        raise store.StoreBusy("registry.duckdb: another process is writing to this store")

    monkeypatch.setattr("registry.decisions.in_registry", busy)
    assert [one.value for one in press(app, "same").error] == [text("zh", "pairs.busy")]


def test_what_was_decided_elsewhere_meanwhile_is_refused_in_words(open_pairs, tmp_path):
    app = open_pairs()
    connection = store.open_file(tmp_path / "registry.duckdb")
    first, second = child_ids()[0], child_ids()[8]
    decisions.decide(connection, first, second, "same", "other", "核实", dt.datetime(2026, 10, 2))
    connection.close()
    app = press(app, "same")
    told = [one.value for one in (*app.error, *app.success)]
    assert told in ([text("zh", "pairs.problem.twice")], [])
    assert len(made(tmp_path)) == 1


def test_pairs_of_another_township_are_not_shown(open_pairs):
    told = shown(open_pairs(areas=("530902202",)))
    assert file_number(child_ids()[7]) in told
    assert file_number(child_ids()[0]) not in told
