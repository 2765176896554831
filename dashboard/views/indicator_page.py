"""A chapter of the catalogue on its page: the indicators as cards, for one area and quarter."""

from __future__ import annotations

from typing import Any, NamedTuple

from dashboard.access import Reader
from dashboard.snapshot import Snapshot
from dashboard.texts import text
from dashboard.views.disclosure import NOT_SHOWN
from dashboard.views.figure_faults import FaultMark, fault_mark, faults_of
from dashboard.views.readings import (
    Cells,
    Periods,
    Reading,
    cells_of,
    figures_of,
    heads_of,
    periods_of,
    reading,
)
from dashboard.views.scope import Scope, chosen_area, scope_of
from dashboard.views.words import CodeWords, clause_words, code_words, in_language, provenance, series_words
from models.measure import indicators

# Page → chapters of the catalogue, which are the first letters of the codes.
CHAPTERS = {
    "coverage": ("C", "I"),
    "relief": ("R",),
    "safety": ("S",),
    "schooling": ("E", "P"),
    "funds": ("F",),
    "supervision": ("G",),
}

# The series that says most, where an indicator has several.
SERIES_FIRST = [
    "",
    "stock",
    "stock.not_established",
    "type.both",
    "type.one",
    "new",
    "village",
    "open",
    "out_of_school",
]


class Part(NamedTuple):
    """One series of an indicator on its card."""

    words: str
    reading: Reading


class Partner(NamedTuple):
    """An indicator to be read beside this one, because this one alone can be reached by paperwork."""

    code: str
    title: str
    value_words: str


class Card(NamedTuple):
    """One indicator: what it is, its figure, and its honesty partners."""

    code: str
    title: str
    question: str
    counted: str
    out_of: str
    excluded: str
    unknown: str
    clause: str
    owner: str
    unit: str
    better: str
    is_running: bool
    parts: list[Part]
    partners: list[Partner]
    mark: FaultMark = FaultMark()


class Section(NamedTuple):
    """A chapter of the catalogue on a page."""

    title: str
    cards: list[Card]


class IndicatorPage(NamedTuple):
    """All that an indicator page shows before one indicator is opened."""

    title: str
    provenance: str
    scope: Scope
    area: str
    periods: Periods
    area_choices: dict[str, str]
    period_choices: dict[str, str]
    indicator_choices: dict[str, str]
    sections: list[Section]


def indicator_page(
    snapshot: Snapshot, reader: Reader, lang: str, page: str, wanted: dict[str, str | None]
) -> IndicatorPage:
    """The cards of a page; wanted: `area` and `period` as the address has them. Forbidden outside one's
    areas.
    """
    scope = scope_of(snapshot, reader)
    area = chosen_area(scope, reader, wanted.get("area"))
    periods = periods_of(snapshot, wanted.get("period"))
    heads = heads_of(snapshot)
    mine = [code for code in heads if code[:1] in CHAPTERS[page]]
    shown = sorted({code for one in mine for code in [one, *partner_codes(heads[one])] if code in heads})
    needed = {name for code in shown for name in periods.current(heads[code]["period_kind"]) if name}
    cells = cells_of(figures_of(snapshot, reader, shown, sorted(needed)), [area])
    words = code_words(snapshot, lang)
    cards = with_marks(
        snapshot,
        reader,
        lang,
        area,
        [card_of(lang, heads, code, cells, area, periods, words) for code in mine],
    )
    sections = [_section(lang, letter, cards) for letter in CHAPTERS[page]]
    return IndicatorPage(
        text(lang, f"{page}.title"),
        provenance(lang, snapshot.build),
        scope,
        area,
        periods,
        scope.choices(),
        {name: name for name in reversed(periods.of_kind("quarter"))},
        {card.code: f"{card.code} {card.title}" for card in cards},
        [section for section in sections if section.cards],
    )


def _section(lang: str, letter: str, cards: list[Card]) -> Section:
    return Section(text(lang, f"chapter.{letter}"), [card for card in cards if card.code.startswith(letter)])


def partner_codes(head: dict[str, Any]) -> list[str]:
    """The codes named as honesty partners, however they are separated."""
    return str(head.get("partner") or "").replace(",", " ").replace("、", " ").split()


def series_of(cells: Cells, code: str) -> list[str]:
    """The series of an indicator, the whole first."""
    found = {key[1] for key in cells if key[0] == code}
    return sorted(
        found, key=lambda series: (SERIES_FIRST.index(series) if series in SERIES_FIRST else 99, series)
    )


def card_of(
    lang: str,
    heads: dict[str, dict[str, Any]],
    code: str,
    cells: Cells,
    area: str,
    periods: Periods,
    words: CodeWords,
) -> Card:
    """One indicator in one area."""
    head = heads[code]
    now, before = periods.current(head["period_kind"])
    parts = [
        Part(
            series_words(lang, series, words, code),
            reading(lang, cells, code, series, area, now or "", before),
        )
        for series in series_of(cells, code) or [""]
    ]
    # Parts that this area has no figure for are left out, as long as one remains to say so.
    parts = [part for part in parts if part.reading.status != "missing"] or parts[:1]
    partners = [
        Partner(
            one,
            in_language(heads[one], "title", lang),
            _partner_value(lang, heads[one], cells, area, periods),
        )
        for one in partner_codes(head)
        if one in heads
    ]
    return Card(
        code,
        in_language(head, "title", lang),
        in_language(head, "question", lang),
        in_language(head, "counted", lang),
        in_language(head, "out_of", lang),
        excluded_words(code, lang),
        in_language(head, "unknown", lang),
        clause_words(lang, head["clause"]),
        _owner(lang, head),
        head["unit"],
        head["better"],
        periods.is_running(now or ""),
        parts,
        partners,
    )


def with_marks(snapshot: Snapshot, reader: Reader, lang: str, area: str, cards: list[Card]) -> list[Card]:
    """The cards, each with what is to be said of inputs that failed in its area and period."""
    faults = faults_of(snapshot)
    found = {card.code: faults.get((card.code, area, card.parts[0].reading.period)) for card in cards}
    return [card._replace(mark=fault_mark(lang, reader, card.code, found[card.code])) for card in cards]


def excluded_words(code: str, lang: str) -> str:
    """What a measure of this version leaves out; nothing for one that only an older build knows."""
    known = indicators().get(code)
    return str(getattr(known.head.excluded, lang)) if known else ""


def _owner(lang: str, head: dict[str, Any]) -> str:
    english = head.get("owner_en") or head["owner"]
    return str((head["owner"] if lang == "zh" else english) or "")


def _partner_value(lang: str, head: dict[str, Any], cells: Cells, area: str, periods: Periods) -> str:
    now, before = periods.current(head["period_kind"])
    first = (series_of(cells, head["code"]) or [""])[0]
    found = reading(lang, cells, head["code"], first, area, now or "", before)
    return status_words(lang, found) or found.value_words


def status_words(lang: str, found: Reading) -> str:
    """Why there is no number, in words; empty where there is one."""
    return found.value_words if found.status in NOT_SHOWN else no_number(lang, found.status)


def no_number(lang: str, status: str) -> str:
    """The words of a status that stands in a number's place; empty for ok."""
    return "" if status == "ok" else text(lang, f"status.{status}")
