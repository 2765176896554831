"""One indicator opened: trend, the units below side by side, the table of figures, and the cases where
allowed.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import plotly.graph_objects as go
import polars as pl

from dashboard import figures as charts
from dashboard.access import Permission, Reader, covers_area, may
from dashboard.snapshot import Snapshot
from dashboard.texts import text
from dashboard.views.disclosure import HIDDEN
from dashboard.views.indicator_page import Card, IndicatorPage, card_of, no_number, partner_codes, with_marks
from dashboard.views.readings import Cells, cells_of, figures_of, heads_of, hidden_words
from dashboard.views.words import (
    IN_PER_CENT,
    CodeWords,
    any_word,
    code_words,
    file_number,
    scale,
    series_words,
    table,
    unit_name,
)
from models.parameters import dated_on

_REFERENCE = re.compile(r"[a-z][0-9a-f]{20}")  # a keyed pseudonym of registry.vault
CASES_SHOWN = 500
TREND_LINES = 6
COLUMNS = {
    "place": "column.unit",
    "period": "column.period",
    "series": "column.series",
    "yes": "column.yes",
    "no": "column.no",
    "unknown": "column.unknown",
    "value": "column.value",
    "low": "column.low",
    "high": "column.high",
    "evidence": "column.evidence",
    "remark": "column.remark",
}
CASE_COLUMNS = {
    "series": "column.series",
    "outcome": "column.outcome",
    "subject": "column.subject",
    "area": "column.unit",
    "days": "column.days",
    "amount": "column.amount",
    "record": "column.record",
}


class Detail(NamedTuple):
    """One indicator in one area, as the reader may see it. cases is None for roles that may not see any."""

    card: Card
    trend_chart: go.Figure | None
    trend_alt: str
    units_title: str
    units_chart: go.Figure | None
    units_alt: str
    below: dict[str, str]
    table: pl.DataFrame
    parameters: str
    reviewed: str
    hidden_note: str
    cases: pl.DataFrame | None
    cases_note: str


def indicator_detail(snapshot: Snapshot, reader: Reader, lang: str, page: IndicatorPage, code: str) -> Detail:
    """All that is known about an indicator in the area of the page."""
    heads, words = heads_of(snapshot), code_words(snapshot, lang)
    head = heads[code]
    figures = figures_of(snapshot, reader, [code, *(one for one in partner_codes(head) if one in heads)])
    below = page.scope.below(page.area)
    cells = cells_of(figures, [page.area, *below["area_code"]])
    card = card_of(lang, heads, code, cells, page.area, page.periods, words)
    [card] = with_marks(snapshot, reader, lang, page.area, [card])
    mine = figures.filter(pl.col("code") == code)
    main = card.parts[0].reading
    area_name = page.scope.name(page.area)
    rows, note = _cases(snapshot, reader, lang, page, head, words)
    return Detail(
        card,
        _trend(lang, cells, head, page, words, card),
        text(lang, "alt.trend", title=card.title, area=area_name),
        text(lang, "card.units", area=area_name, part=card.parts[0].words),
        _units(lang, cells, head, page, below, main.series),
        text(lang, "alt.units", title=card.title, area=area_name),
        dict(zip(below["area_code"], below["name"], strict=True)),
        _table(lang, snapshot, reader, mine, head, page, words, card),
        _parameters(lang, snapshot, head),
        str(head.get("reviewed_on") or ""),
        _hidden_note(lang, mine),
        rows,
        note,
    )


def _trend(
    lang: str, cells: Cells, head: dict[str, Any], page: IndicatorPage, words: CodeWords, card: Card
) -> go.Figure | None:
    periods = page.periods.of_kind(head["period_kind"])
    unit = card.parts[0].reading.unit or head["unit"]
    times = scale(unit)
    lines = []
    # Only parts in the unit of the first: children and per cent do not go on one axis.
    alike = [part.reading.series for part in card.parts if part.reading.unit in (unit, "")]
    for series in alike[:TREND_LINES]:
        found = [cells.get((head["code"], series, page.area, period), {}) for period in periods]
        values = {name: [_times(one.get(name), times) for one in found] for name in ("value", "low", "high")}
        if any(value is not None for value in values["value"]):
            lines.append(
                charts.Line(
                    series_words(lang, series, words, head["code"]),
                    values["value"],
                    values["low"],
                    values["high"],
                )
            )
    if not lines or len(periods) < 2:
        return None
    return charts.trend(periods, lines, unit_name(lang, unit), unit == "share")


def _series(lang: str, words: CodeWords) -> pl.Expr:
    """The part of a measure in words, from the columns `code` and `series`."""
    return pl.struct("code", "series").map_elements(
        lambda row: series_words(lang, row["series"], words, row["code"]), pl.String
    )


def _times(value: float | None, times: float) -> float | None:
    return None if value is None else round(value * times, 1)


def _units(
    lang: str, cells: Cells, head: dict[str, Any], page: IndicatorPage, below: pl.DataFrame, series: str
) -> go.Figure | None:
    now, _ = page.periods.current(head["period_kind"])
    unit = next(
        (row["unit"] for key, row in cells.items() if key[:2] == (head["code"], series)), head["unit"]
    )
    times = scale(unit)
    dots = []
    for area, name in below.select("area_code", "name").iter_rows():
        row = cells.get((head["code"], series, area, now or ""), {"status": "missing"})
        value, low, high = (_times(row.get(key), times) for key in ("value", "low", "high"))
        note = hidden_words() if row["status"] == HIDDEN else no_number(lang, row["status"])
        dots.append(charts.Dot(name, value, low, high, note))
    if not dots or all(dot.value is None for dot in dots):
        return None
    whole = cells.get((head["code"], series, page.area, now or "")) if unit != "count" else None
    value = _times(whole["value"], times) if whole else None
    return charts.unit_dots(dots, value, page.scope.name(page.area), unit_name(lang, unit), unit == "share")


def _table(
    lang: str,
    snapshot: Snapshot,
    reader: Reader,
    mine: pl.DataFrame,
    head: dict[str, Any],
    page: IndicatorPage,
    words: CodeWords,
    card: Card,
) -> pl.DataFrame:
    """The figures of the area over time and of the units below in the current period; hidden ones without
    numbers.
    """
    now, _ = page.periods.current(head["period_kind"])
    names = page.scope.names() | _school_names(snapshot, reader)
    below = page.scope.below(page.area)["area_code"].to_list()
    is_other = pl.col("level").is_in(["school", "department"]) & pl.col("area").is_in(
        [*names, *words.get("department", {})]
    )
    is_here = (pl.col("area") == page.area) | (pl.col("area").is_in(below) & (pl.col("period") == now))
    at_home = page.area == page.scope.home
    rows = mine.filter(is_here | (is_other & (pl.col("period") == now) & at_home))
    order = {part.reading.series: at for at, part in enumerate(card.parts)}
    rows = rows.with_columns(
        _part=pl.col("series").replace_strict(order, default=len(order), return_dtype=pl.Int64),
        _is_below=pl.col("area") != page.area,
    ).sort("_part", "_is_below", "area", maintain_order=True)
    is_count = (rows["unit"] == "count").all()
    remark = {HIDDEN: text(lang, "status.hidden_short", limit=hidden_words()), "ok": ""}
    rows = rows.with_columns(
        place=pl.col("area").map_elements(
            lambda code: names.get(code) or any_word(words, code, "department"), pl.String
        ),
        series=_series(lang, words),
        remark=pl.col("status").map_elements(
            lambda s: remark.get(s, "") if s in remark else text(lang, f"status.{s}"), pl.String
        ),
        evidence=(pl.col("evidence") * 100).round(0),
        **{
            name: (
                pl.col(name) * pl.when(pl.col("unit").is_in(IN_PER_CENT)).then(100.0).otherwise(1.0)
            ).round(1)
            for name in ("value", "low", "high")
        },
    )
    if is_count:
        rows = rows.with_columns(pl.col("value").cast(pl.Int64))
    return table(rows, lang, COLUMNS)


def _school_names(snapshot: Snapshot, reader: Reader) -> dict[str, str]:
    """Code → name of the schools in townships of the reader."""
    if not snapshot.has("org"):
        return {}
    rows = snapshot.frame("SELECT org_code, name, township_code FROM org")
    return {
        code: name for code, name, township in rows.iter_rows() if township and covers_area(reader, township)
    }


def _hidden_note(lang: str, mine: pl.DataFrame) -> str:
    if not (mine["status"] == HIDDEN).any():
        return ""
    return text(lang, "card.hidden_note", limit=hidden_words())


def _cases(
    snapshot: Snapshot, reader: Reader, lang: str, page: IndicatorPage, head: dict[str, Any], words: CodeWords
) -> tuple[pl.DataFrame | None, str]:
    """The rows behind the figure, children under their file number; None without the right to single
    cases.
    """
    if not may(reader, Permission.VIEW_CHILDREN):
        return None, text(lang, "cases.forbidden")
    now, _ = page.periods.current(head["period_kind"])
    query = (
        "SELECT * FROM case_row WHERE code = ? AND period = ? AND starts_with(area, ?) "
        "ORDER BY CASE outcome WHEN 'no' THEN 0 WHEN 'unknown' THEN 1 ELSE 2 END, area, subject LIMIT ?"
    )
    rows = snapshot.frame(query, head["code"], now or "", page.area, CASES_SHOWN + 1)
    note = (
        text(lang, "cases.cut", shown=CASES_SHOWN)
        if len(rows) > CASES_SHOWN
        else text(lang, "cases.all", shown=len(rows))
    )
    names = page.scope.names()
    seen = [covers_area(reader, area) for area in rows["area"]]
    rows = (
        rows.filter(pl.Series(seen, dtype=pl.Boolean))
        .head(CASES_SHOWN)
        .with_columns(
            series=_series(lang, words),
            outcome=pl.col("outcome").map_elements(lambda one: text(lang, f"outcome.{one}"), pl.String),
            subject=pl.struct("subject_kind", "subject").map_elements(_subject, pl.String),
            area=pl.col("area").map_elements(lambda code: names.get(code, code), pl.String),
        )
    )
    empty = [name for name in ("days", "amount") if rows[name].null_count() == len(rows)]
    kept = {name: key for name, key in CASE_COLUMNS.items() if name not in empty}
    return table(rows, lang, kept), note


def _subject(row: dict[str, Any]) -> str:
    """A child by its file number, also where the subject is a visit or month of a child (`child@day`)."""
    child, at, rest = str(row["subject"]).partition("@")
    if row["subject_kind"] == "child" or at or _REFERENCE.fullmatch(child):
        return f"{file_number(child)} {rest}".strip()
    return str(row["subject"])


def _parameters(lang: str, snapshot: Snapshot, head: dict[str, Any]) -> str:
    """The policy parameters of an indicator with the values in force on the as-of day, in words."""
    names = str(head.get("parameters") or "").replace(",", " ").split()
    words = []
    for name in names:
        one = dated_on(name, snapshot.build.as_of)
        unit = text(lang, f"unit.parameter.{one.unit}")
        words.append(f"{one.zh if lang == 'zh' else one.en} {one.value} {unit}（{one.source}）")
    return text(lang, "mark.between_sentences").join(words)
