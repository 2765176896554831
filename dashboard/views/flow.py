"""Children in and out, quarter by quarter: new ones above the line, those taken off below it by reason."""

from __future__ import annotations

from typing import Any, NamedTuple

import plotly.graph_objects as go

from dashboard import figures as charts
from dashboard.texts import text
from dashboard.views.disclosure import NOT_SHOWN
from dashboard.views.indicator_page import IndicatorPage
from dashboard.views.readings import Cells
from dashboard.views.words import CodeWords, series_words

CODE, NEW, LEFT = "C7", "new", "exit."


class Flow(NamedTuple):
    """The chart, the same in words, and which parts may not be shown."""

    chart: go.Figure
    alt: str
    hidden_note: str


def flow_of(
    lang: str, cells: Cells, head: dict[str, Any], page: IndicatorPage, words: CodeWords
) -> Flow | None:
    """The flows of the chosen area over all quarters up to the chosen one; None for any other measure than C7."""
    if head["code"] != CODE:
        return None
    periods = page.periods.of_kind(head["period_kind"])
    now, _ = page.periods.current(head["period_kind"])
    periods = periods[: periods.index(now) + 1] if now in periods else periods
    series = sorted({key[1] for key in cells if key[1] == NEW or key[1].startswith(LEFT)}, key=_in_order)
    rows = {
        one: [cells.get((CODE, one, page.area, period), {"status": "missing"}) for period in periods]
        for one in series
    }
    names = {one: series_words(lang, one, words, CODE) for one in series}
    every = [charts.Bars(names[one], [_signed(one, row) for row in found]) for one, found in rows.items()]
    bars = [bar for bar in every if any(bar.values)]
    if not bars:
        return None
    hidden = [
        text(lang, "flow.hidden_part", part=names[one], n=n)
        for one, found in rows.items()
        if (n := sum(row["status"] in NOT_SHOWN for row in found))
    ]
    said = text(lang, "mark.between_sentences").join(
        f"{bar.name} {period} {abs(value):.0f}"
        for bar in bars
        for period, value in zip(periods, bar.values, strict=True)
        if value
    )
    joined = text(lang, "mark.between_words").join(hidden)
    return Flow(
        charts.above_and_below(periods, bars, text(lang, "flow.axis")),
        text(lang, "flow.alt", area=page.scope.name(page.area), said=said),
        text(lang, "flow.hidden", hidden=joined) if hidden else "",
    )


def _in_order(series: str) -> tuple[bool, str]:
    return series != NEW, series


def _signed(series: str, row: dict[str, Any]) -> float | None:
    """Children: new ones count up, those taken off count down; None where the number may not be shown."""
    if row["status"] != "ok":
        return None
    value = row["value"] if row["value"] is not None else row["yes"]
    return None if value is None else float(value) * (1 if series == NEW else -1)
