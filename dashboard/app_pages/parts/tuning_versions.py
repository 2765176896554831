"""Saving a draft as a version, publishing one by a second person, going back, and what the last run did."""

from __future__ import annotations

import streamlit as st

from dashboard.access import Reader
from dashboard.app_pages.parts.drawing import go_to, listing, note, table
from dashboard.app_pages.parts.tuning_form import DONE_KEY, start_over
from dashboard.audit import REASON_LENGTH
from dashboard.session import desk, language, store, text
from dashboard.tuning import publish_version, save_version
from dashboard.views.tuning import TuningPage
from dashboard.views.tuning_draft import differences
from registry.versions import VersionProblem


def show_done() -> None:
    """What the last run of the page has written."""
    if done := st.session_state.pop(DONE_KEY, None):
        st.success(done)


def ask_save(person: Reader, page: TuningPage, draft: str) -> None:
    """A reason and the button that keeps the draft as a version."""
    st.subheader(text("tuning.save"))
    with st.form(f"save_{page.subject}"):
        reason = st.text_input(text("tuning.reason"), max_chars=REASON_LENGTH)
        is_sent = st.form_submit_button(text("tuning.save_version"), type="primary", icon=":material/save:")
    if is_sent:
        try:
            made = save_version(store(), desk(), person, page.district, page.subject, draft, reason or "")
        except VersionProblem as problem:
            st.warning(text(f"tuning.problem.{problem.code}", about=problem.about))
            return
        st.session_state[DONE_KEY] = text("tuning.saved_as", number=made.number)
        start_over(page)
        go_to(base=str(made.number))
        st.rerun()


def ask_publish(person: Reader, page: TuningPage) -> None:
    """All versions, what one of them changes, and the button that publishes it or goes back to it."""
    st.subheader(text("tuning.versions"))
    table(page.versions, text("tuning.versions"), "")
    others = {str(one.number): one for one in page.listed if not one.is_in_force}
    if not others:
        note(text("tuning.only_one"))
        return
    current = next(one.number for one in page.listed if one.is_in_force)
    chosen = st.selectbox(
        text("tuning.which_version"), list(others), format_func=lambda one: page.bases[one], key="tuning_version",
        index=len(others) - 1,
    )  # fmt: skip
    told = differences(store(), person, language(), page.subject, current, int(chosen))
    note(text("tuning.against_current", number=current))
    listing(told or [text("tuning.no_difference")])
    if others[chosen].author == person.user:
        note(text("tuning.second_person"), is_strong=True)
        return
    is_back = others[chosen].withdrawn_at is not None
    with st.form(f"publish_{page.subject}_{chosen}"):
        reason = st.text_input(text("tuning.reason"), max_chars=REASON_LENGTH)
        is_sent = st.form_submit_button(text("tuning.go_back" if is_back else "tuning.publish"))
    if is_sent:
        _publish(person, page, int(chosen), reason or "")


def _publish(person: Reader, page: TuningPage, number: int, reason: str) -> None:
    try:
        publish_version(store(), desk(), person, page.district, page.subject, number, reason)
    except VersionProblem as problem:
        st.warning(text(f"tuning.problem.{problem.code}", about=problem.about))
        return
    st.session_state[DONE_KEY] = text("tuning.published_as", number=number)
    st.rerun()
