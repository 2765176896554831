"""Showing who children are: a form for the reason, the access log, then the names for this one run of the
page.
"""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboard.access import Permission, Reader, may
from dashboard.app_pages.parts.drawing import note
from dashboard.audit import REASON_LENGTH, Action, append
from dashboard.identities import reveal
from dashboard.session import desk, text
from dashboard.snapshot import Snapshot
from registry.settings import default_key_file
from registry.vault import KeyProblem, load_key

NAMES_SHOWN = 50  # names asked for at once: a week's work, not the whole list


def ask_names(
    snapshot: Snapshot, person: Reader, children: list[str], words: str, table: str = "identity"
) -> pl.DataFrame | None:
    """The identities of children after a reason was given; None before it, and for roles without the right.

    Never kept in the session: the next run of the page has none.
    """
    if not may(person, Permission.VIEW_IDENTITY) or not children:
        return None
    with st.form("names"):
        note(words)
        reason = st.text_input(
            text("naming.reason"), max_chars=REASON_LENGTH, placeholder=text("naming.placeholder")
        )
        is_asked = st.form_submit_button(text("naming.submit"), icon=":material/visibility:")
    if not is_asked:
        return None
    if not (reason or "").strip():
        st.warning(text("naming.missing"))
        return None
    try:
        vault, _ = load_key(default_key_file())
        return reveal(snapshot, person, desk(), vault, children, str(reason), table)
    except KeyProblem:
        st.error(text("naming.no_key"))
        return None


def record_look(person: Reader, subject: str) -> None:
    """Write to the access log that a file or list was opened: once a session and subject, not at every
    click.
    """
    key = f"looked_at_{subject}"
    if key not in st.session_state:
        append(desk(), person.user, person.role, Action.CHILD_VIEWED, subject)
        st.session_state[key] = True
