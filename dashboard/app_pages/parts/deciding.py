"""The form in which a person says whether two entries are one child."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard.access import Reader
from dashboard.audit import REASON_LENGTH
from dashboard.deciding import UNDO, write_decision
from dashboard.identities import ReasonMissing
from dashboard.session import desk, store, text
from registry.decisions import NOT_SAME, SAME, DecisionProblem
from registry.store import StoreBusy, StoreProblem

DONE_KEY = "pair_decided"


def show_done() -> None:
    """What the last run of the page has written, also where no pair is left."""
    if done := st.session_state.pop(DONE_KEY, None):
        st.success(text(f"pairs.done.{done}"))


def ask_decision(person: Reader, pair: dict[str, Any]) -> None:
    """A reason and the buttons that fit the pair's state; says why nothing was written."""
    actions = (SAME, NOT_SAME) if pair["state"] == "open" else (UNDO,)
    with st.form(f"decide_{pair['pair_id']}_{pair['state']}"):
        reason = st.text_input(
            text("pairs.reason"), max_chars=REASON_LENGTH, placeholder=text("pairs.placeholder")
        )
        columns = st.columns(3)
        pressed = [
            action
            for action, column in zip(actions, columns, strict=False)
            if column.form_submit_button(text(f"pairs.action.{action}"), width="stretch")
        ]
    if pressed:
        _decide(person, pair, pressed[0], reason or "")


def _decide(person: Reader, pair: dict[str, Any], action: str, reason: str) -> None:
    both = (pair["child_id"], pair["other_id"])
    try:
        write_decision(store(), desk(), person, both, pair["village_code"], action, reason)
    except ReasonMissing:
        st.warning(text("naming.missing"))
    except StoreBusy:
        st.error(text("pairs.busy"))
    except DecisionProblem as problem:
        st.error(text(f"pairs.problem.{problem.code}"))
    except StoreProblem:
        st.error(text("pairs.no_registry"))
    else:
        st.session_state[DONE_KEY] = action
        st.rerun()
