"""The data officer's page of open items."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

import dashboard.session
from dashboard.access import Forbidden, Role, reader_for
from dashboard.audit import Action, Entry, recent
from dashboard.desk import Desk
from dashboard.identities import ReasonMissing
from dashboard.mending import Outcome, ReturnFile, return_file
from dashboard.texts import LANGUAGES, text
from dashboard.views.items import items_page
from data_contracts.mending.open_items import decisions, open_items
from registry import store
from tests.pages.test_shell import APP, words_of
from tests.return_books import DOUBTFUL, TYPO, VISIT, taken
from tests.sheets import Registry, area_book

NAME, NUMBER = VISIT["姓名"], VISIT["身份证号"]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A store with one rejected row and one doubtful row of a village."""
    registry = Registry(tmp_path)
    registry.take_in(area_book(tmp_path))
    taken(registry, tmp_path, VISIT, TYPO, DOUBTFUL)
    registry.connection.close()
    return registry.settings.store


@pytest.fixture
def open_page(sign_in_as, monkeypatch):
    def opened(where: Path, role: Role = Role.DATA_OFFICER, **address: str) -> AppTest:
        sign_in_as(role)
        monkeypatch.setenv(dashboard.session.STORE_VARIABLE, str(where))
        monkeypatch.setenv("SHOUHU_KEY", (b"k" * 32).hex())
        app = AppTest.from_file(APP, default_timeout=180)
        app.switch_page("app_pages/items.py")
        app.query_params.update(address)
        return app.run()

    return opened


def shown(app: AppTest) -> str:
    return "\n".join([words_of(app), *(one.value.to_csv() for one in app.dataframe)])


def press(app: AppTest, label: str, reason: str, which: int = 0) -> AppTest:
    app.text_input[which].set_value(reason)
    next(one for one in app.button if one.label == label).click()
    return app.run()


def acts(desk: Desk) -> list[Entry]:
    """What was done, newest first, whoever it is written for: looks and sign-ins left out."""
    return [one for one in recent(desk, 50) if one.action in (Action.OVERRIDDEN, Action.EXPORTED)]


def standing(where: Path) -> tuple[int, list[str]]:
    """(how many items are open, the decisions)."""
    connection = store.open_file(where / "registry.duckdb", read_only=True)
    try:
        return len(open_items(connection)), [one.how for one in decisions(connection)]
    finally:
        connection.close()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DATA_OFFICER])
def test_only_who_takes_ledgers_in_sees_the_page(open_page, place, role):
    app = open_page(place, role)
    assert text("zh", "items.title") not in [title.value for title in app.title]
    with pytest.raises(Forbidden):
        items_page(place, reader_for("x", role, ("530902",)), "zh")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_store_without_ledgers_says_so(open_page, tmp_path, lang):
    app = open_page(tmp_path / "nothing", lang=lang)
    assert not app.exception
    for key in ("items.no_registry", "items.empty", "items.decided_none"):
        assert text(lang, key) in words_of(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_items_are_told_in_words_with_what_they_touch_and_without_names(open_page, place, lang):
    app = open_page(place, lang=lang)
    assert not app.exception
    words = shown(app)
    for key in (
        "returns.severity_reject_row",
        "returns.severity_accept_with_warning",
    ):
        assert text(lang, key) in words
    assert "橄榄村" in words and "C12 " in words
    for raw in (NAME, NUMBER, "reject_row", "due_on", "0.8"):
        assert raw not in words
    only = open_page(place, lang=lang, severity="accept_with_warning")
    assert [len(one.value) for one in only.dataframe] == [1]


def test_a_row_is_withdrawn_with_a_reason_and_the_withdrawal_taken_back(open_page, place):
    app = press(open_page(place), text("zh", "items.withdraw"), "  ")
    assert [one.value for one in app.warning] == [text("zh", "naming.missing")]
    app = press(open_page(place), text("zh", "items.withdraw"), "重复报送")
    assert [one.value for one in app.success] == [text("zh", "items.done_withdraw", number=1)]
    assert standing(place) == (1, ["withdraw"])
    assert [(one.user, one.role, one.action, one.reason) for one in acts(dashboard.session.desk())] == [
        ("test.user", "data_officer", Action.OVERRIDDEN, "重复报送")
    ], "one decision, one entry"
    app = press(app, text("zh", "items.undo"), "弄错了", which=-1)
    assert [one.value for one in app.success] == [text("zh", "items.done_undone", number=2)]
    assert standing(place) == (2, ["withdraw", "undone"])
    assert [one.reason for one in acts(dashboard.session.desk())] == ["弄错了", "重复报送"]


def test_what_cannot_be_taken_in_is_refused_in_words(open_page, place):
    app = press(open_page(place), text("zh", "items.accept"), "已核实")
    assert "关键内容" in words_of(app)
    assert standing(place) == (2, [])


def test_while_another_program_writes_the_page_says_so(open_page, place, monkeypatch):
    held = store.open_file(place / "registry.duckdb")
    reader = reader_for("x", Role.DATA_OFFICER, ("530902",))
    from dashboard.mending import decide

    outcome = decide(place, reader, ("d", None, None), "withdraw", "重复", "zh")
    held.close()
    assert outcome == Outcome(False, text("zh", "items.busy"))


def test_the_senders_workbook_needs_a_reason_and_is_logged_before_it_is_made(place, monkeypatch):
    monkeypatch.setenv("SHOUHU_KEY", (b"k" * 32).hex())
    officer, desk = reader_for("officer", Role.DATA_OFFICER, ("530902",)), dashboard.session.desk_at(place)
    with pytest.raises(ReasonMissing):
        return_file(place, officer, "橄榄村", " ", "zh")
    with pytest.raises(Forbidden):
        return_file(place, reader_for("x", Role.SUPERVISOR, ("530902",)), "橄榄村", "退回", "zh")
    made = return_file(place, officer, "橄榄村", "退回更正", "zh")
    assert isinstance(made, ReturnFile)
    assert made.name.startswith("return_") and "橄榄" not in made.name
    assert len(openpyxl.load_workbook(BytesIO(made.content)).worksheets) == 1 + 1 + 1, (
        "summary, visits, marker"
    )
    logged = acts(desk)
    assert [(one.user, one.role, one.reason) for one in logged] == [("officer", "data_officer", "退回更正")]
    assert logged[0].subject.startswith("delivery/"), "one entry for the one delivery whose rows it holds"


def test_the_page_offers_the_workbook_of_a_chosen_sender_only(open_page, place):
    assert text("zh", "items.return_choose") in words_of(open_page(place))
    app = press(open_page(place, sender="橄榄村"), text("zh", "items.make_return"), "退回更正", which=1)
    assert not app.exception
    assert len(app.get("download_button")) == 1
