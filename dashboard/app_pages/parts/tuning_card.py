"""The form of a card: points, where bins begin, bins to split or join, lines to leave out and to add."""

from __future__ import annotations

import streamlit as st

from dashboard.app_pages.parts.drawing import listing, note
from dashboard.app_pages.parts.tuning_form import (
    DONE_KEY,
    Slots,
    across,
    key_of,
    not_added,
    number,
    reshape,
    whole,
    wrong,
)
from dashboard.session import language, text
from dashboard.views.tuning import LineForm, TuningPage
from dashboard.views.tuning_complaints import at_fields
from dashboard.views.tuning_offers import FactOffer
from models.screening.rulebook.card import Line
from models.screening.tuning.drafting import LineDraft, Number, redrawn
from models.screening.tuning.reshaping import NewLine, cut_at, set_apart, with_bins, with_line, without_bin

MOST_BINS, ADDED = 8, "added"


def ask_lines(page: TuningPage, slots: Slots) -> list[LineDraft]:
    """Every line as the person has it now; lines that are not to be scored are left out."""
    note(text("tuning.card_help"))
    asked, shaped = [], None
    for line in page.lines:
        draft, new_shape = _ask_line(page, line, slots)
        asked += [draft] if draft else []
        shaped = shaped or new_shape
    with st.expander(text("shape.line_title"), icon=":material/add:"):
        _ask_new_line(page)
    with st.expander(text("shape.barred", n=len(page.offers.barred))):
        listing(list(page.offers.barred))
    if shaped is not None:
        reshape(page, with_bins(page.working, shaped), shaped.fact)
    return asked


def _ask_line(page: TuningPage, line: LineForm, slots: Slots) -> tuple[LineDraft | None, Line | None]:
    """(the line, None where it is not to be scored any more; the line in the shape that is asked for)."""
    draft, start = line.draft, key_of(page, line.draft.fact)
    with st.expander(text("tuning.line", fact=line.label, points=", ".join(map(str, draft.points)))):
        note(line.reason)
        is_used = st.checkbox(text("tuning.scored"), value=True, key=f"{start}_used")
        cuts = _ask_cuts(draft, start)
        points: list[int] = []

        def ask(place: int) -> None:
            words = line.bins[place]
            label = text("tuning.points_of_bin", n=place + 1) if cuts else text("tuning.points_of", bin=words)
            points.append(whole(label, draft.points[place], f"{start}_p{place}"))

        across(len(draft.points), ask)
        slots[draft.fact, "bins"] = st.empty()
        unknown = whole(text("tuning.points_unknown"), draft.unknown, f"{start}_unknown")
        slots[draft.fact, "unknown"] = st.empty()
        slots[draft.fact, ""] = st.empty()
        now = LineDraft(draft.fact, cuts, tuple(points), unknown)
        return (now if is_used else None), _ask_shape(line, redrawn(line.line, now), start, slots)


def _ask_cuts(draft: LineDraft, start: str) -> tuple[Number | None, ...]:
    """Where the bins of a number begin; two that begin at the same value are joined."""
    found: list[Number | None] = []

    def ask(place: int) -> None:
        label = text("tuning.begins_at", n=place + 2)
        found.append(number(label, draft.cuts[place] or 0, f"{start}_c{place}"))

    across(len(draft.cuts), ask)
    return tuple(found)


def _ask_shape(line: LineForm, now: Line, start: str, slots: Slots) -> Line | None:
    """The line in another shape, once a button asks for one: a bin cut, a code set apart, a bin taken out."""
    left, right = st.columns(2, vertical_alignment="bottom")
    shaped = None
    with left:
        if line.draft.cuts:
            last = int(now.bins[-1].from_ or 0)
            at = whole(text("shape.split_at"), last + 1, f"{start}_split")
            if st.button(text("shape.split"), key=f"{start}_do_split"):
                shaped = cut_at(now, at)
                if shaped == now:
                    wrong(slots[line.draft.fact, "bins"], [text("shape.begins_there", at=at)])
                    shaped = None
        elif joined := [code for one in now.bins if len(one.codes or ()) > 1 for code in one.codes or ()]:
            code = st.selectbox(
                text("shape.apart"), joined, format_func=lambda one: line.codes[one], key=f"{start}_apart"
            )
            if st.button(text("shape.make_apart"), key=f"{start}_do_apart"):
                shaped = set_apart(now, str(code))
    with right:
        if len(now.bins) > 2 and now.bins[0].is_ is None and len(now.bins) == len(line.bins):
            names = [text("shape.bin_n", n=place + 1, words=words) for place, words in enumerate(line.bins)]
            chosen = st.selectbox(text("shape.join"), names, key=f"{start}_join")
            if st.button(text("shape.make_join"), key=f"{start}_do_join"):
                shaped = without_bin(now, names.index(str(chosen)))
    return shaped


def _ask_new_line(page: TuningPage) -> None:
    """A fact that may be scored and is not on the card, with everything that a line needs."""
    note(text("shape.line_help"))
    offers = page.offers.facts
    if not offers:
        note(text("shape.nothing_left"))
        return
    start = key_of(page, ADDED)
    chosen = st.selectbox(
        text("shape.fact"), list(offers), index=None, format_func=lambda one: offers[one].label,
        placeholder=text("shape.choose_fact"), key=f"{start}_fact",
    )  # fmt: skip
    if chosen is None:
        return
    offer, key = offers[chosen], f"{start}_{chosen}"
    slots: Slots = {}
    cuts, points, unknown = _ask_new_bins(offer, chosen, key, slots)
    clauses = st.multiselect(
        text("shape.clauses"), list(page.offers.clauses),
        format_func=lambda one: page.offers.clauses[one], key=f"{key}_clause",
    )  # fmt: skip
    slots[chosen, "clause"] = st.empty()
    reasons = []
    for lang in ("zh", "en"):
        reasons.append(st.text_input(text(f"shape.reason_{lang}"), key=f"{key}_{lang}") or "")
        slots[chosen, lang] = st.empty()
    slots[chosen, ""] = st.empty()
    if st.button(text("shape.add_line"), key=f"{start}_add", icon=":material/add:"):
        new = NewLine(chosen, "；".join(clauses), reasons[0], reasons[1], cuts, points, unknown)
        made = with_line(page.working, new)
        if made.complaints:
            not_added(slots, at_fields(language(), page.subject, made.text, made.complaints))
            return
        st.session_state[DONE_KEY] = text("shape.added_line", fact=offer.label)
        reshape(page, made.text, ADDED)


def _ask_new_bins(
    offer: FactOffer, fact: str, key: str, slots: Slots
) -> tuple[tuple[Number, ...], tuple[int, ...], int]:
    """(where bins begin, points, points for not known); they start two points apart, so that one fits between."""
    answers = list(offer.answers.values())
    cuts: list[Number] = []
    count = len(answers)
    if offer.kind == "number":
        count = min(max(whole(text("shape.n_bins"), 2, f"{key}_n", 2), 2), MOST_BINS)

        def ask_cut(place: int) -> None:
            cuts.append(whole(text("tuning.begins_at", n=place + 2), place + 1, f"{key}_c{place}"))

        across(count - 1, ask_cut)
    points: list[int] = []

    def ask(place: int) -> None:
        label = (
            text("shape.points_of", answer=answers[place])
            if answers
            else text("tuning.points_of_bin", n=place + 1)
        )
        usual = 2 * (count - 1 - place if offer.is_worse_below else place)
        points.append(whole(label, usual, f"{key}_p{place}of{count}"))

    across(count, ask)
    slots[fact, "bins"] = st.empty()
    unknown = whole(text("tuning.points_unknown"), 1, f"{key}_unknown")
    slots[fact, "unknown"] = st.empty()
    return tuple(cuts), tuple(points), unknown
