"""Forms of the child's page: move the child by hand, take a move back, and what was moved so far."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import streamlit as st

from dashboard.access import Permission, Reader, may
from dashboard.app_pages.parts.drawing import listing, note
from dashboard.overriding import made_so_far, move, open_words, place_of, rules_of, take_back_as
from dashboard.session import desk, language, store, text
from dashboard.snapshot import Snapshot
from dashboard.views.overrides import made_words, problem_words, reason_choices
from dashboard.views.worklist import REPORT_NOW, TARGETS
from models.screening.by_hand.proposing import LONGEST_WORDS, Standing, Wish, last_day, tiers_to_choose
from registry.overrides import Override, OverrideProblem
from registry.settings import default_key_file
from registry.store import StoreBusy, StoreProblem
from registry.vault import KeyProblem, Vault, load_key

DONE_KEY = "override_done"
USUAL_DAYS = 30  # what the calendar opens with, not a policy


def show_moves(snapshot: Snapshot, person: Reader, child: str, are_words_shown: bool) -> None:
    """The child's moves, and for those with the right the forms; the words only after a reason was given."""
    st.subheader(text("override.heading"))
    note(text("override.principle"))
    if done := st.session_state.pop(DONE_KEY, None):
        st.success(done)
    made = [one for one in made_so_far(store()) or [] if one.child_ref == child]
    words = _words(person, made) if are_words_shown and made else {}
    as_of = snapshot.build.as_of
    told = [made_words(language(), one, as_of, words.get(one.override_id, "")) for one in made]
    listing(told) if told else note(text("override.none_of_child"))
    if not may(person, Permission.OVERRIDE):
        return
    for target in TARGETS:
        try:
            standing = place_of(snapshot, target, child)
        except OverrideProblem:
            continue
        open_moves = [one for one in made if one.target == target and one.undone_at is None]
        standing_now = [one for one in open_moves if one.until_on >= as_of]
        if standing_now:
            _ask_undo(person, standing, standing_now[-1])
        else:
            _ask_move(snapshot, person, standing)


def _words(person: Reader, made: list[Override]) -> dict[str, str]:
    if not may(person, Permission.VIEW_IDENTITY):
        return {}
    try:
        vault, _ = load_key(default_key_file())
        return open_words(desk(), (person.user, person.role), vault, made, text("override.looked"))
    except KeyProblem:
        return {}


def _ask_move(snapshot: Snapshot, person: Reader, standing: Standing) -> None:
    """Where to, why, in words, until when."""
    as_of, target = snapshot.build.as_of, standing.target
    tiers = tiers_to_choose(standing, rules_of(snapshot, target), as_of)
    title = text(f"target.{target}")
    if not tiers:
        key = "no_choice" if standing.lane == REPORT_NOW else "no_choice_left"
        note(text(f"override.{key}", list=title))
        return
    reasons = reason_choices(language())
    with st.expander(text("override.form", list=title)), st.form(f"override_{target}"):
        tier = st.selectbox(text("override.to"), tiers, format_func=lambda one: text(f"tier.{one}"))
        code = st.selectbox(text("override.reason"), list(reasons), format_func=lambda one: reasons[one])
        until = st.date_input(
            text("override.until"),
            min(as_of + dt.timedelta(USUAL_DAYS), last_day(as_of)),
            min_value=as_of,
            max_value=last_day(as_of),
        )
        words = st.text_input(
            text("override.words_label"),
            max_chars=LONGEST_WORDS,
            placeholder=text("override.words_placeholder"),
        )
        is_sent = st.form_submit_button(text("override.submit"))
    if is_sent and isinstance(until, dt.date):
        wish = Wish(tier or "", code or "", words or "", until)
        _do(
            lambda vault: move(
                store(), desk(), person, snapshot, vault, (standing.child_id, standing.target), wish
            ),
            "made",
        )


def _ask_undo(person: Reader, standing: Standing, made: Override) -> None:
    title = text(f"target.{standing.target}")
    with st.expander(text("override.undo_form", list=title)), st.form(f"undo_override_{standing.target}"):
        words = st.text_input(text("override.undo_words"), max_chars=LONGEST_WORDS)
        is_sent = st.form_submit_button(text("override.undo"))
    if is_sent:
        asked = (made.override_id, standing.village_code)
        _do(lambda vault: take_back_as(store(), desk(), person, vault, asked, words or ""), "undone")


def _do(act: Callable[[Vault], Override], done: str) -> None:
    """Act with the store's key, and say what came of it."""
    try:
        vault, _ = load_key(default_key_file())
        act(vault)
    except OverrideProblem as problem:
        st.error(problem_words(language(), problem))
    except StoreBusy:
        st.error(text("override.busy"))
    except KeyProblem:
        st.error(text("naming.no_key"))
    except StoreProblem:
        st.error(text("override.no_registry"))
    else:
        st.session_state[DONE_KEY] = text(f"override.done_{done}")
        st.rerun()
