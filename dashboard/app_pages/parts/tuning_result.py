"""What a trial shows: levels, who moves and why, the load, groups of children, past quarters."""

from __future__ import annotations

import streamlit as st

from dashboard.access import Reader
from dashboard.app_pages.parts.drawing import note, open_child, selectable, table
from dashboard.session import language, store, text
from dashboard.views.scope import Scope
from dashboard.views.tuning import TuningPage
from dashboard.views.tuning_result import past_quarters, result_of
from models.screening.tuning.effects import KINDS
from registry.settings import Settings
from registry.store import StoreBusy


def show_result(person: Reader, page: TuningPage, scope: Scope, draft: str) -> None:
    """What the draft would do, on the facts of the published build."""
    found = result_of(store(), person, language(), scope, page.subject, draft)
    st.subheader(text("tuning.what_moves"))
    note(found.summary, is_strong=True)
    table(found.levels, text("tuning.what_moves"), "")
    note(text("tuning.lane_kept"))
    st.subheader(text("tuning.moves"))
    if found.moves.is_empty():
        note(text("tuning.nobody_moves"))
    else:
        wide = (text("tuning.gained"), text("tuning.lost"))
        place = selectable(found.moves, text("tuning.moves"), f"moves_{page.subject}", wide)
        if place is not None:
            open_child(found.move_ids[place])
    if not found.load.is_empty():
        st.subheader(text("tuning.load"))
        note(found.load_summary, is_strong=True)
        note(text("tuning.load_note"))
        table(found.load, text("tuning.load"), "")
    st.subheader(text("tuning.effects"))
    kind = st.selectbox(
        text("tuning.by_group"), KINDS, format_func=lambda one: text(f"tuning.kind.{one}"), key="tuning_kind"
    )
    note(text(f"tuning.kind_note.{kind}"))
    table(found.groups[kind], text("tuning.effects"), "")
    _show_past(person, page, draft)


def _show_past(person: Reader, page: TuningPage, draft: str) -> None:
    """The back-test, made when asked for: facts of past days take a while the first time."""
    st.subheader(text("tuning.past"))
    note(text("tuning.past_note"))
    if not st.button(text("tuning.run_past"), icon=":material/history:"):
        return
    try:
        with st.spinner(text("tuning.making_past")):
            frame, words = past_quarters(
                Settings.from_environment(store()), person, language(), page.subject, draft
            )
    except StoreBusy:
        st.error(text("tuning.busy"))
        return
    note(words)
    table(frame, text("tuning.past"), text("tuning.no_past"))
