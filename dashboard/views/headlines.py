"""The first row of numbers on the first page, each with its definition."""

from __future__ import annotations

from typing import NamedTuple

from dashboard.access import Permission, Reader, covers_area, may
from dashboard.snapshot import Snapshot
from dashboard.texts import text
from dashboard.views.indicator_page import Card, card_of, status_words
from dashboard.views.sight import Sight
from dashboard.views.words import amount, period_words

HEADLINES = (("C7", "stock"), ("C7", "stock.not_established"), ("C13", "plan>0d"), ("C12", ""))


class Headline(NamedTuple):
    """One number of the first row, with its definition."""

    title: str
    value_words: str
    change_words: str
    direction: str
    definition: str


def headlines(snapshot: Snapshot, reader: Reader, sight: Sight, area: str) -> list[Headline]:
    """The numbers of the first row in the area; children to be reported now only for roles that may see children."""
    found = []
    for code, series in HEADLINES:
        if code in sight.heads:
            now = sight.read(code, series, area)
            card = card_of(sight.lang, sight.heads, code, sight.cells, area, sight.periods, sight.words)
            value = status_words(sight.lang, now) or now.value_words
            title = text(
                sight.lang, f"headline.{code}_{series.replace('.', '_').replace('>', '_')}".rstrip("_")
            )
            found.append(
                Headline(
                    title, value, now.change_words, now.direction, definition(sight.lang, card, now.period)
                )
            )
    return [*found, *_report_now(snapshot, reader, sight.lang, area)]


def definition(lang: str, card: Card, period: str) -> str:
    """What is counted, out of what, in which period, by which article."""
    return text(
        lang,
        "card.definition",
        counted=card.counted,
        out_of=card.out_of,
        period=period_words(period, lang) or "—",
        clause=card.clause or "—",
    )


def _report_now(snapshot: Snapshot, reader: Reader, lang: str, area: str) -> list[Headline]:
    """How many children stand in the report-now lane: only for roles that may see children."""
    if not may(reader, Permission.VIEW_CHILDREN):
        return []
    query = (
        "SELECT child_id, village_code FROM screening "
        "WHERE target = 'visit' AND lane = 'report_now' AND starts_with(village_code, ?)"
    )
    rows = snapshot.frame(query, area)
    n = sum(covers_area(reader, code) for code in rows["village_code"])
    words = amount(lang, float(n), "count", "C13")
    return [
        Headline(
            text(lang, "headline.report_now"), words, "", "", text(lang, "headline.report_now_definition")
        )
    ]
