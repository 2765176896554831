"""What the form of tuning rests on: the text that it has come to in this session, its keys, complaints at fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.app_pages.parts.drawing import note
from dashboard.session import text
from dashboard.views.tuning import TuningPage
from dashboard.views.tuning_complaints import FieldComplaint
from models.screening.tuning.reshaping import Number

WORKING_KEY, DONE_KEY = "tuning_working", "tuning_done"
Slots = dict[tuple[str, str], DeltaGenerator]
_MARKS = re.compile(r"([\\`*_\[\]!:$~<>#|])")


class Working(NamedTuple):
    """The text that a form has come to, and how often each part was given a new shape: its fields then start anew."""

    text: str
    shapes: dict[str, int]


def workings() -> dict[tuple[str, str], str]:
    """(subject, version) → text, for the forms that somebody has reshaped in this session."""
    return {place: one.text for place, one in _kept().items()}


def _kept() -> dict[tuple[str, str], Working]:
    kept: dict[tuple[str, str], Working] = st.session_state.setdefault(WORKING_KEY, {})
    return kept


def reshape(page: TuningPage, made: str, about: str) -> None:
    """Keep the text with its new part, and let the page start from it."""
    place = (page.subject, page.base)
    before = _kept().get(place, Working("", {}))
    shapes = {**before.shapes, about: before.shapes.get(about, 0) + 1}
    _kept()[place] = Working(made, shapes)
    st.rerun()


def start_over(page: TuningPage) -> None:
    """Drop all that was changed on the form; every field starts from the version again."""
    _kept().pop((page.subject, page.base), None)
    epochs = st.session_state.setdefault("tuning_epochs", {})
    epochs[page.subject, page.base] = epochs.get((page.subject, page.base), 0) + 1


def key_of(page: TuningPage, about: str) -> str:
    """The start of the keys of the fields about a line, rule or tier."""
    epoch = st.session_state.get("tuning_epochs", {}).get((page.subject, page.base), 0)
    working = _kept().get((page.subject, page.base))
    shape = working.shapes.get(about, 0) if working else 0
    start = f"{page.subject}_{page.base}_{about}"
    return f"{start}_r{epoch}.{shape}" if epoch or shape else start


def whole(label: str, value: int, key: str, least: int = 0) -> int:
    """A whole number as the person has it now."""
    asked = st.number_input(label, min_value=least, value=value, step=1, key=key)
    return value if asked is None else int(asked)


def number(label: str, value: Number, key: str) -> Number:
    """A number that a bin begins at; whole numbers stay whole."""
    if isinstance(value, int) or value == int(value):
        return whole(label, int(value), key)
    asked = st.number_input(label, min_value=0.0, value=float(value), key=key)
    return value if asked is None else float(asked)


def across(count: int, ask: Callable[[int], None], most: int = 4) -> None:
    """Fields side by side, at most so many in a row."""
    for start in range(0, count, most):
        for place, column in zip(range(start, min(start + most, count)), st.columns(most), strict=False):
            with column:
                ask(place)


def show_complaints(slots: Slots, complaints: Sequence[FieldComplaint]) -> None:
    """Each complaint at the field that it belongs to, where the form has it."""
    told: dict[tuple[str, str], list[str]] = {}
    for one in complaints:
        place = next((each for each in ((one.name, one.field), (one.name, "")) if each in slots), ("", ""))
        told.setdefault(place, []).append(one.words)
    for place, words in told.items():
        if place in slots:
            wrong(slots[place], words)


def ask_start_over(page: TuningPage) -> None:
    """The button that drops all changes."""
    st.button(text("shape.start_over"), on_click=start_over, args=(page,), icon=":material/undo:")


def show_refusal(slots: Slots, complaints: Sequence[FieldComplaint]) -> None:
    """What is wrong with the draft, at its fields and as a whole."""
    show_complaints(slots, complaints)
    st.error(text("tuning.refused", n=len(complaints)))
    for complaint in complaints:
        note(complaint.sentence, is_strong=True)


def wrong(slot: DeltaGenerator, words: Sequence[str]) -> None:
    """What is wrong with a field, below it; escaped, because the person's own words may stand in it."""
    slot.html("".join(f'<p class="note wrong" role="alert">{escape(one)}</p>' for one in words))


def unmarked(words: str) -> str:
    """Words of a district for a label, where Streamlit reads Markdown: no picture, link or colour comes of them."""
    return _MARKS.sub(r"\\\1", words)


def not_added(slots: Slots, complaints: Sequence[FieldComplaint]) -> None:
    """A new line or rule that cannot be, told at its fields."""
    show_complaints(slots, complaints)
    st.error(text("shape.not_added"))
