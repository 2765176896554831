"""A figure as it was known on a day beside what it is now: the reasons counted, and the cases for those who may."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any, NamedTuple

import polars as pl

from dashboard.access import Permission, Reader, covers_area, may, require, require_area
from dashboard.texts import text
from dashboard.views.words import NOTHING, CodeWords, amount, file_number, series_words
from data_contracts.contract import contracts
from models.measure import indicators
from models.replay import OUTCOMES, Change, Difference, NoSuchFigure, difference
from registry.store import Connection

CASES_SHOWN = 500


class Replay(NamedTuple):
    """Figure then and now in words, the reasons counted, and the cases (None where the reader may see none)."""

    sentences: list[str]
    reasons: pl.DataFrame
    cases: pl.DataFrame | None
    is_forbidden: bool = False


def replay(
    then: Connection,
    now: Connection,
    days: tuple[date, date],
    reader: Reader,
    lang: str,
    wanted: tuple[str, str, str],
    words: CodeWords,
) -> Replay:
    """The difference between two builds of one figure; wanted: code, area, period.

    Readers of summaries see it for measures of work only: the difference of two protected figures protects nobody.
    Forbidden outside one's areas.
    """
    require(reader, Permission.VIEW_AGGREGATES)
    code, area, period = wanted
    require_area(reader, area)
    sees_children = may(reader, Permission.VIEW_CHILDREN)
    if not sees_children and indicators()[code].head.disclosure == "status":
        return Replay([text(lang, "replay.forbidden")], pl.DataFrame(), None, is_forbidden=True)
    try:
        found = difference(then, now, days, code, area, period)
    except NoSuchFigure:
        named = {"code": code, "area": area, "period": period}
        return Replay([text(lang, "replay.no_figure", **named)], pl.DataFrame(), None)
    seen = [change for change in found.changes if covers_area(reader, change.area or area)]
    cases = case_frame(lang, seen[:CASES_SHOWN]) if sees_children else None
    return Replay(sentences(lang, found, words), reason_frame(lang, found.changes), cases)


def sentences(lang: str, found: Difference, words: CodeWords) -> list[str]:
    """Then and now, each series on its own where there are several that moved."""
    lines = []
    every = sorted({*found.then, *found.now})
    moved = {change.series for change in found.changes}
    for series in [one for one in every if one in moved] or every[:1]:
        before, after = found.then.get(series, {}), found.now.get(series, {})
        unit = indicators()[found.code].unit_of(series)
        figure = text(
            lang,
            "replay.figure",
            period=found.period,
            then_day=found.known_then,
            now_day=found.known_now,
            then=_value(lang, before, unit),
            now=_value(lang, after, unit),
        )
        counts = {
            f"{side}_{name}": f"{row.get(name) or 0:,}"
            for side, row in (("then", before), ("now", after))
            for name in OUTCOMES
        }
        part = f"{series_words(lang, series, words)} · " if series else ""
        lines += [part + figure, text(lang, "replay.counts", **counts)]
    if not found.changes:
        lines.append(text(lang, "replay.none"))
    if not found.is_whole:
        lines.append(text(lang, "replay.wrong_sum"))
    return lines


def _value(lang: str, row: dict[str, Any], unit: str) -> str:
    if row.get("value") is None:
        return text(lang, f"status.{row.get('status', 'missing')}")
    return amount(lang, row["value"], unit)


def reason_frame(lang: str, changes: list[Change]) -> pl.DataFrame:
    """How many cases were added, gone or changed, why, and by how much that moves each count."""
    counted = Counter((change.kind, change.why) for change in changes)
    rows = []
    for (kind, why), n in sorted(counted.items()):
        mine = [change for change in changes if (change.kind, change.why) == (kind, why)]
        late = [
            source.days_late for change in mine for source in change.sources if source.days_late is not None
        ]
        effects = [float(sum((change.effect(name) for change in mine), Decimal(0))) for name in OUTCOMES]
        days = round(median(late)) if late else None
        rows.append(
            (text(lang, f"replay.{kind}"), text(lang, f"replay.{why}"), n, *map(_signed, effects), days)
        )
    names = [text(lang, f"replay.column_{name}") for name in ("kind", "why", "n", *OUTCOMES, "days")]
    kinds = [pl.String, pl.String, pl.Int64, pl.String, pl.String, pl.String, pl.Int64]
    return pl.DataFrame(rows, schema=dict(zip(names, kinds, strict=True)), orient="row")


def _signed(number: float) -> str:
    return "0" if number == 0 else f"{number:+,.0f}".replace("-", "−")


def case_frame(lang: str, changes: list[Change]) -> pl.DataFrame:
    """Every case that differs: children under their file number, columns by their names, no cell."""
    rows = [_case_row(lang, change) for change in changes]
    keys = ("kind", "why", "before", "after", "happened", "known", "late", "table", "columns")
    names = [text(lang, "column.subject"), *(text(lang, f"replay.column_{key}") for key in keys)]
    kinds: dict[str, Any] = dict.fromkeys(names, pl.String)
    kinds[text(lang, "replay.column_late")] = pl.Int64
    return pl.DataFrame(rows, schema=kinds, orient="row")


def _case_row(lang: str, change: Change) -> tuple[Any, ...]:
    source = change.sources[0] if change.sources else None
    between = text(lang, "mark.between_words")
    before, after = (
        between.join(text(lang, f"outcome.{name}") for name in side) or NOTHING
        for side in (change.before, change.after)
    )
    shown = (subject_words(change), text(lang, f"replay.{change.kind}"), text(lang, f"replay.{change.why}"))
    if source is None:
        return (*shown, before, after, NOTHING, NOTHING, None, NOTHING, NOTHING)
    contract = contracts()[source.table]
    columns = between.join(getattr(contract.column(name), lang) for name in source.columns)
    dates = (str(day) if day else NOTHING for day in (source.happened_on, source.known_on))
    return (*shown, before, after, *dates, source.days_late, getattr(contract, lang), columns or NOTHING)


def subject_words(change: Change) -> str:
    """A child by its file number, and what of it (a due day); another subject by its name."""
    child, at, rest = change.subject.partition("@")
    if change.subject_kind == "child" or at:
        return f"{file_number(child)} {rest}".strip()
    return change.subject
