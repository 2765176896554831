"""The form of tuning, what a trial shows, and the buttons that save and publish."""

from __future__ import annotations

import streamlit as st

from dashboard.access import Reader
from dashboard.app_pages.parts.drawing import listing, note, open_child, selectable, table
from dashboard.audit import REASON_LENGTH
from dashboard.session import desk, language, store, text
from dashboard.tuning import publish_version, save_version
from dashboard.views.scope import Scope
from dashboard.views.tuning import LineForm, RuleForm, TuningPage, differences, is_card
from dashboard.views.tuning_result import past_quarters, result_of
from models.screening.tuning.drafting import LineDraft, RulesDraft
from models.screening.tuning.effects import KINDS
from registry.settings import Settings
from registry.store import StoreBusy
from registry.versions import VersionProblem

DONE_KEY = "tuning_done"


def show_done() -> None:
    """What the last run of the page has written."""
    if done := st.session_state.pop(DONE_KEY, None):
        st.success(done)


def ask_draft(page: TuningPage) -> tuple[list[LineDraft] | None, RulesDraft | None]:
    """The values as the person has them now: lines of a card, or what may be changed in rules."""
    if is_card(page):
        note(text("tuning.card_help"))
        asked = [_ask_line(page, line) for line in page.lines]
        return [line for line in asked if line is not None], None
    note(text("tuning.rules_help"))
    intervals = {}
    with st.expander(text("tuning.intervals"), expanded=True):
        for (tier, (words, days)), column in zip(
            page.intervals.items(), st.columns(len(page.intervals)), strict=True
        ):
            with column:
                intervals[tier] = _whole(words, days, f"{page.subject}_{page.base}_{tier}_days", 1)
    tiers: dict[str, str] = {}
    numbers: dict[tuple[str, int], int] = {}
    for rule in page.rules:
        tiers[rule.rule] = _ask_rule(page, rule, numbers)
    with st.expander(text("tuning.fixed_rules", n=len(page.fixed))):
        note(text("tuning.fixed_help"))
        listing(list(page.fixed))
    return None, RulesDraft(tiers, numbers, intervals)


def _ask_line(page: TuningPage, line: LineForm) -> LineDraft | None:
    """One line of the card; None where it is not to be scored any more."""
    draft, start = line.draft, f"{page.subject}_{page.base}_{line.draft.fact}"
    with st.expander(text("tuning.line", fact=line.label, points=", ".join(map(str, draft.points)))):
        note(line.reason)
        is_used = st.checkbox(text("tuning.scored"), value=True, key=f"{start}_used")
        cuts = _ask_cuts(draft, start)
        points = []
        columns = st.columns(len(draft.points) + 1)
        for place, (words, value) in enumerate(zip(line.bins, draft.points, strict=True)):
            shown = (
                text("tuning.points_of", bin=words) if not cuts else text("tuning.points_of_bin", n=place + 1)
            )
            with columns[place]:
                points.append(_whole(shown, value, f"{start}_p{place}"))
        with columns[-1]:
            unknown = _whole(text("tuning.points_unknown"), draft.unknown, f"{start}_unknown")
    return LineDraft(draft.fact, cuts, tuple(points), unknown) if is_used else None


def _ask_cuts(draft: LineDraft, start: str) -> tuple[int | float | None, ...]:
    """Where the bins of a number begin; two that begin at the same value are joined."""
    found: list[int | float | None] = []
    for place, (cut, column) in enumerate(zip(draft.cuts, st.columns(max(1, len(draft.cuts))), strict=False)):
        with column:
            found.append(_whole(text("tuning.begins_at", n=place + 2), int(cut or 0), f"{start}_c{place}"))
    return tuple(found)


def _whole(label: str, value: int, key: str, least: int = 0) -> int:
    """A whole number as the person has it now."""
    asked = st.number_input(label, min_value=least, value=value, step=1, key=key)
    return value if asked is None else int(asked)


def _ask_rule(page: TuningPage, rule: RuleForm, numbers: dict[tuple[str, int], int]) -> str:
    """The tier that a rule sets; its numbers are put into `numbers`."""
    start = f"{page.subject}_{page.base}_{rule.rule}"
    with st.expander(text("tuning.rule", rule=rule.label, tier=rule.tiers[rule.tier])):
        note(text("tuning.by_article", clause=rule.clause))
        options = list(rule.tiers)
        tier = st.selectbox(
            text("tuning.tier"), options, index=options.index(rule.tier), format_func=lambda one: rule.tiers[one],
            key=f"{start}_tier",
        )  # fmt: skip
        for place, words, value in rule.numbers:
            numbers[rule.rule, place] = _whole(words, value, f"{start}_n{place}")
    return str(tier)


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
