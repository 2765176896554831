"""Forms of the page of open items: decide by hand, take back, fetch the sender's return workbook."""

from __future__ import annotations

import streamlit as st

from dashboard.access import Permission, Reader, may
from dashboard.app_pages.parts.drawing import note
from dashboard.audit import REASON_LENGTH
from dashboard.identities import ReasonMissing
from dashboard.mending import Outcome, ReturnFile, decide, return_file, take_back
from dashboard.session import language, store, text
from dashboard.views.items import NO_SENDER, ItemsPage, ways_out
from data_contracts.mending.open_items import Item

DONE_KEY = "item_decided"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show_done() -> None:
    """What the last run of the page has done."""
    if done := st.session_state.pop(DONE_KEY, None):
        st.success(done)


def _reason(label: str) -> str:
    return st.text_input(label, max_chars=REASON_LENGTH, placeholder=text("items.placeholder")) or ""


def ask_decision(person: Reader, item: Item) -> None:
    """A reason and the ways out that fit the item."""
    key = "_".join(str(part) for part in item.place)
    with st.form(f"decide_{key}"):
        reason = _reason(text("items.reason"))
        ways = ways_out(item)
        pressed = [
            how
            for how, column in zip(ways, st.columns(3), strict=False)
            if column.form_submit_button(text(f"items.{how}"), width="stretch")
        ]
    if pressed:
        try:
            _tell(decide(store(), person, item.place, pressed[0], reason, language()))
        except ReasonMissing:
            st.warning(text("naming.missing"))


def ask_undo(person: Reader, undoable: dict[str, str]) -> None:
    """A list of the decisions by hand that stand, to take one back."""
    if not undoable:
        return
    with st.form("undo"):
        chosen = st.selectbox(text("items.which"), list(undoable), format_func=lambda one: undoable[one])
        reason = _reason(text("items.reason_undo"))
        is_sent = st.form_submit_button(text("items.undo"))
    if is_sent and chosen:
        number, _, delivery = chosen.partition("/")
        try:
            _tell(take_back(store(), person, delivery, int(number), reason, language()))
        except ReasonMissing:
            st.warning(text("naming.missing"))


def ask_return(person: Reader, page: ItemsPage) -> None:
    """A reason, then the workbook for this one run of the page; only for one sender that is known."""
    if not may(person, Permission.RETURN_ROWS):
        return
    if page.sender in ("", NO_SENDER):
        note(text("items.return_choose"))
        return
    with st.form("return"):
        note(text("items.return_note"))
        reason = _reason(text("items.reason_return"))
        is_sent = st.form_submit_button(text("items.make_return"), icon=":material/assignment_return:")
    if not is_sent:
        return
    try:
        with st.spinner(text("items.working")):
            made = return_file(store(), person, page.sender, reason, language())
    except ReasonMissing:
        st.warning(text("naming.missing"))
        return
    if isinstance(made, ReturnFile):
        st.download_button(text("items.download"), made.content, made.name, WORKBOOK, on_click="ignore")
    else:
        _tell(made)


def _tell(outcome: Outcome) -> None:
    if not outcome.is_done:
        note(outcome.words, is_strong=True)
        return
    st.session_state[DONE_KEY] = outcome.words
    st.rerun()
