"""The data officer's page for headings that no list foresees."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import dashboard.session
from dashboard.access import Forbidden, Role, reader_for
from dashboard.audit import Action, recent
from dashboard.texts import LANGUAGES, text
from dashboard.views.mapping import mapping_page
from data_contracts.headings.mappings import Mappings
from registry import store
from tests.pages.test_shell import APP, words_of
from tests.sheets import KEY, Registry, area_book
from tests.unit.test_mappings import OWN_WORDS, book

HOSTILE = "![x](http://attacker.invalid/x.png)<img src=x>"


@pytest.fixture
def waiting(tmp_path: Path) -> Path:
    """A store in which one visit list waits for its headings."""
    registry = Registry(tmp_path)
    registry.take_in(area_book(tmp_path))
    registry.take_in(book(tmp_path / "访.xlsx", headings=[*OWN_WORDS[:6], HOSTILE, *OWN_WORDS[7:]]))
    registry.connection.close()
    return registry.settings.store


@pytest.fixture
def open_page(sign_in_as, monkeypatch):
    def opened(place: Path, role: Role = Role.DATA_OFFICER, **address: str) -> AppTest:
        sign_in_as(role)
        monkeypatch.setenv(dashboard.session.STORE_VARIABLE, str(place))
        monkeypatch.setenv("SHOUHU_KEY", (b"k" * 32).hex())
        app = AppTest.from_file(APP, default_timeout=120)
        app.switch_page("app_pages/mapping.py")
        app.query_params.update(address)
        return app.run()

    return opened


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DATA_OFFICER])
def test_only_who_takes_ledgers_in_sees_the_page(open_page, waiting, role):
    app = open_page(waiting, role)
    assert text("zh", "mapping.title") not in [title.value for title in app.title]
    assert "最晚几号去" not in words_of(app)
    with pytest.raises(Forbidden):
        mapping_page(waiting, reader_for("x", role, ("530902",)), "zh")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_store_without_questions_says_so(open_page, tmp_path, lang):
    app = open_page(tmp_path / "nothing", lang=lang)
    assert not app.exception
    assert app.title[0].value == text(lang, "mapping.title")
    assert text(lang, "mapping.empty") in words_of(app)
    assert text(lang, "mapping.confirmed_none") in words_of(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_question_shows_headings_with_kinds_and_certainties_and_no_cell(open_page, waiting, lang):
    app = open_page(waiting, lang=lang)
    assert not app.exception
    words = words_of(app)
    for shown in ("最晚几号去", "凤翔街道", "访.xlsx", text(lang, "mapping_kind.date"), "应访截止日期 65%"):
        assert shown in words
    assert not any(word in words for word in ("王梓", "5399022021", "2026-03-30"))
    assert "<img src" not in words
    assert not any("attacker" in str(box.label) for box in app.selectbox)


def test_a_confirmed_answer_reads_the_file_again_and_is_recorded(open_page, waiting):
    app = open_page(waiting)
    boxes = {box.label: box for box in app.selectbox}
    boxes[text("zh", "mapping.column", letter="F")].select("应访截止日期")
    boxes[text("zh", "mapping.column", letter="G")].select("走访日期")
    app.button[0].click().run()
    assert not app.exception
    assert [one.value for one in app.success] == [text("zh", "mapping.done", accepted=3, quarantined=0)]
    assert text("zh", "mapping.empty") in words_of(app)
    (kept,) = Mappings(waiting / "mappings").confirmed
    assert (kept.confirmed_by, kept.columns["最晚几号去"]) == ("test.user", "应访截止日期")
    connection = store.open_file(waiting / "registry.duckdb", read_only=True)
    assert store.run(connection, "SELECT count(*) FROM visit") == [(3,)]
    connection.close()
    runs = [one for one in recent(dashboard.session.desk(), 20) if one.action == Action.INTAKE_RUN]
    assert [one.user for one in runs] == ["test.user"] and kept.delivery == runs[0].subject


def test_an_answer_that_cannot_be_right_is_told_and_nothing_is_read(open_page, waiting):
    app = open_page(waiting)
    app.button[0].click().run()
    assert text("zh", "mapping.expected_decided") in words_of(app)
    assert Mappings(waiting / "mappings").confirmed == []


def test_while_another_program_writes_the_officer_is_told_the_command(open_page, waiting):
    held = store.open_file(waiting / "registry.duckdb")
    app = open_page(waiting)
    boxes = {box.label: box for box in app.selectbox}
    boxes[text("zh", "mapping.column", letter="F")].select("应访截止日期")
    boxes[text("zh", "mapping.column", letter="G")].select("ignore")
    app.button[0].click().run()
    held.close()
    assert "shouhu intake --again" in words_of(app)
    assert KEY.fingerprint not in words_of(app)
    (question,) = Mappings(waiting / "mappings").waiting()
    assert question.columns["最晚几号去"] == "应访截止日期", "the answer waits where its question stood"
