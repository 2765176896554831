"""One indicator opened: trend, the units below side by side, the table of figures, and the cases where
allowed.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import plotly.graph_objects as go
import polars as pl

from dashboard import figures as charts
from dashboard.access import Permission, Reader, may
from dashboard.snapshot import Snapshot
from dashboard.texts import text
from dashboard.views.control_chart import Control, controls_of, judged_card
from dashboard.views.definition import Sheet, sheet
from dashboard.views.disclosure import NOT_SHOWN, number_words, protection_note, value_words
from dashboard.views.flow import Flow, flow_of
from dashboard.views.funnel import Funnel, funnel
from dashboard.views.indicator_cases import cases_behind, part_words, school_names, units_with_cases
from dashboard.views.indicator_page import Card, IndicatorPage, card_of, no_number, partner_codes, with_marks
from dashboard.views.panels import Panels, panels_of
from dashboard.views.readings import Cells, cells_of, figures_of, heads_of
from dashboard.views.words import (
    IN_PER_CENT,
    CodeWords,
    any_word,
    code_words,
    period_words,
    scale,
    series_words,
    table,
    unit_name,
)
from models.measure import indicators
from models.parameters import dated_on

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


class Detail(NamedTuple):
    """One indicator in one area, as the reader may see it. cases is None for roles that may not see any."""

    card: Card
    trend_chart: go.Figure | None
    trend_alt: str
    units_title: str
    units_chart: go.Figure | None
    units_alt: str
    panels: Panels | None
    flow: Flow | None
    below: dict[str, str]
    table: pl.DataFrame
    parameters: str
    reviewed: str
    hidden_note: str
    cases: pl.DataFrame | None
    cases_note: str
    units: dict[str, str]
    sheet: Sheet | None
    controls: dict[str, Control]
    funnel: Funnel | None


def indicator_detail(
    snapshot: Snapshot, reader: Reader, lang: str, page: IndicatorPage, code: str, unit: str = ""
) -> Detail:
    """All that is known about an indicator in the area of the page; `unit` narrows the records to a school."""
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
    controls = controls_of(lang, cells_of(mine, [page.area, page.scope.home]), head, page, card)
    card = judged_card(card, cells, head, page)
    units = units_with_cases(snapshot, reader, page, head, words)
    rows, note = cases_behind(snapshot, reader, lang, page, head, words, unit if unit in units else "")
    return Detail(
        card,
        _trend(lang, cells, head, page, words, card),
        text(lang, "alt.trend", title=card.title, area=area_name),
        text(lang, "card.units", area=area_name, part=card.parts[0].words),
        _units(lang, cells, head, page, below, main.series),
        text(lang, "alt.units", title=card.title, area=area_name),
        panels_of(lang, cells, head, page, main.series),
        flow_of(lang, cells, head, page, words),
        dict(zip(below["area_code"], below["name"], strict=True)),
        _table(lang, snapshot, reader, mine, head, page, words, card),
        _parameters(lang, snapshot, head),
        str(head.get("reviewed_on") or ""),
        _hidden_note(lang, snapshot, reader, head),
        rows,
        note,
        units,
        _sheet(lang, snapshot, code),
        controls,
        funnel(lang, mine, page.scope, page.area, main.period, card.title, main.series),
    )


def _sheet(lang: str, snapshot: Snapshot, code: str) -> Sheet | None:
    """The definition sheet with the parameters of the build's day; none for a measure of an older version."""
    return sheet(code, lang, snapshot.build.as_of) if code in indicators() else None


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
        every = (cells.get((head["code"], series, page.area, period), {}) for period in periods)
        found = [one if one.get("status") not in NOT_SHOWN else {} for one in every]
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
    return charts.trend(
        [period_words(one, lang) for one in periods], lines, unit_name(lang, unit), unit == "share"
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
        is_shown = row["status"] not in NOT_SHOWN
        value, low, high = (
            _times(row.get(key), times) if is_shown else None for key in ("value", "low", "high")
        )
        note = no_number(lang, row["status"]) if is_shown else value_words(lang, row)
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
    names = page.scope.names() | school_names(snapshot, reader)
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
    rows = rows.with_columns(
        place=pl.col("area").map_elements(
            lambda code: names.get(code) or any_word(words, code, "department"), pl.String
        ),
        series=part_words(lang, words),
        period=pl.col("period").map_elements(lambda one: period_words(one, lang), pl.String),
        remark=pl.Series([_remark(lang, row) for row in rows.to_dicts()], dtype=pl.String),
        evidence=(pl.col("evidence") * 100).round(0),
        **{
            name: (
                pl.when(pl.col("status").is_in(NOT_SHOWN)).then(None).otherwise(pl.col(name))
                * pl.when(pl.col("unit").is_in(IN_PER_CENT)).then(100.0).otherwise(1.0)
            ).round(1)
            for name in ("value", "low", "high")
        },
    )
    if is_count:
        rows = rows.with_columns(pl.col("value").cast(pl.Int64))
    return table(rows, lang, COLUMNS)


def _remark(lang: str, row: dict[str, Any]) -> str:
    """Why numbers are missing from a row: not applicable, or what may be told of those that don't leave."""
    if row["status"] not in NOT_SHOWN:
        return no_number(lang, row["status"])
    told = [value_words(lang, row)]
    for name in ("yes", "no"):
        words = number_words(lang, row[f"{name}_mark"], row["shown_from"])
        if words and words not in told:
            told.append(text(lang, "disclosure.outcome", outcome=text(lang, f"outcome.{name}"), number=words))
    return text(lang, "mark.between_sentences").join(told)


def _hidden_note(lang: str, snapshot: Snapshot, reader: Reader, head: dict[str, Any]) -> str:
    if may(reader, Permission.VIEW_CHILDREN) or head["disclosure"] == "work":
        return ""
    return protection_note(lang, snapshot.build.as_of, snapshot.build.build_id)


def _parameters(lang: str, snapshot: Snapshot, head: dict[str, Any]) -> str:
    """The policy parameters of an indicator with the values in force on the as-of day, in words."""
    names = str(head.get("parameters") or "").replace(",", " ").split()
    words = []
    for name in names:
        one = dated_on(name, snapshot.build.as_of)
        unit = text(lang, f"unit.parameter.{one.unit}")
        words.append(f"{one.zh if lang == 'zh' else one.en} {one.value} {unit}（{one.source}）")
    return text(lang, "mark.between_sentences").join(words)
