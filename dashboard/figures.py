"""The house style of charts: few colours that everyone can tell apart, no toolbar, words on the marks.

Okabe and Ito's colours. Nothing is told by colour alone: outcomes carry their word, hidden and missing
values are named instead of drawn. Charts hold only what is on the page: no custom data, which would be sent
to the browser.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from textwrap import wrap
from typing import Any, NamedTuple

import plotly.graph_objects as go

FONT = "Noto Sans CJK SC, Microsoft YaHei, PingFang SC, sans-serif"
INK, FAINT, GRID = "#14262b", "#5c7078", "#dde5e6"
TEAL = "#0f5f66"
SERIES = [TEAL, "#e69f00", "#56b4e9", "#d55e00", "#cc79a7", "#009e73", "#0072b2", "#7f8c8d"]
CONFIG: dict[str, Any] = {"displayModeBar": False, "scrollZoom": False, "responsive": True, "showTips": False}
ROW_HEIGHT = 30
WATERFALL_ROOM = 0.25  # of the bars' width
LINE, LINES = 26, 3  # of a label: characters in Latin letters, and how many lines


class Line(NamedTuple):
    """One series of a trend; values, low and high by period, None where there is nothing to draw."""

    name: str
    values: Sequence[float | None]
    low: Sequence[float | None]
    high: Sequence[float | None]


class Dot(NamedTuple):
    """One unit of a comparison: value and interval, or a note where the value may not or cannot be shown."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    note: str


def house(figure: go.Figure, height: int) -> go.Figure:
    """Give a chart the house style; height in pixels."""
    figure.update_layout(
        height=height,
        font={"family": FONT, "size": 13, "color": INK},
        colorway=SERIES,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        margin={"l": 8, "r": 12, "t": 8, "b": 8},
        legend={"orientation": "h", "y": -0.18, "x": 0, "title": None},
        hoverlabel={"font": {"family": FONT}},
        dragmode=False,
    )
    figure.update_xaxes(gridcolor=GRID, zerolinecolor=GRID, automargin=True, fixedrange=True)
    figure.update_yaxes(gridcolor=GRID, zerolinecolor=GRID, automargin=True, fixedrange=True)
    return figure


class Bars(NamedTuple):
    """One part of a flow; values by period, below zero for what goes out, None where nothing may be drawn."""

    name: str
    values: Sequence[float | None]


def above_and_below(periods: Sequence[str], bars: Sequence[Bars], axis: str) -> go.Figure:
    """What comes in stands above the line, what goes out below it, part on part."""
    figure = go.Figure()
    for bar in bars:
        figure.add_bar(
            x=list(periods),
            y=list(bar.values),
            name=plain(bar.name),
            hovertemplate="%{x}: %{y:,.0f}<extra>" + plain(bar.name) + "</extra>",
        )
    figure = house(figure, 340)
    figure.update_layout(barmode="relative", bargap=0.35)
    figure.update_xaxes(type="category")
    figure.update_yaxes(
        title={"text": axis, "font": {"size": 12, "color": FAINT}}, zeroline=True, zerolinecolor=INK
    )
    return figure


def trend(periods: Sequence[str], lines: Sequence[Line], axis: str, is_share: bool) -> go.Figure:
    """Lines over periods with their intervals as a band; a gap stays a gap."""
    figure = go.Figure()
    for at, line in enumerate(lines):
        colour = SERIES[at % len(SERIES)]
        if len(lines) == 1 and any(low is not None for low in line.low):
            _add_band(figure, periods, line)
        figure.add_scatter(
            x=list(periods),
            y=list(line.values),
            mode="lines+markers",
            name=line.name,
            connectgaps=False,
            line={"color": colour, "width": 2.5},
            marker={"size": 7, "symbol": at % 8},
            hovertemplate="%{x}<br>%{y:,.1f}<extra>" + plain(line.name) + "</extra>",
            showlegend=len(lines) > 1,
        )
    figure = house(figure, 290)
    figure.update_yaxes(title={"text": axis, "font": {"size": 12, "color": FAINT}}, rangemode="tozero")
    if is_share:
        figure.update_yaxes(range=[0, 102])
    figure.update_xaxes(type="category")
    return figure


def _add_band(figure: go.Figure, periods: Sequence[str], line: Line) -> None:
    style = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
    figure.add_scatter(x=list(periods), y=list(line.high), **style)
    figure.add_scatter(
        x=list(periods), y=list(line.low), fill="tonexty", fillcolor="rgba(15,95,102,0.14)", **style
    )


def unit_dots(
    dots: Sequence[Dot], whole: float | None, whole_name: str, axis: str, is_share: bool
) -> go.Figure:
    """Units in their fixed order, each with its interval, beside the whole: a comparison, not a ranking."""
    shown = [dot for dot in dots if dot.value is not None]
    up = [(dot.high or dot.value or 0) - (dot.value or 0) for dot in shown]
    down = [(dot.value or 0) - (dot.low if dot.low is not None else dot.value or 0) for dot in shown]
    figure = go.Figure()
    figure.add_scatter(
        x=[dot.value for dot in shown],
        y=[plain(dot.name) for dot in shown],
        mode="markers",
        marker={"size": 11, "color": TEAL},
        showlegend=False,
        hovertemplate="%{y}: %{x:,.1f}<extra></extra>",
        error_x={
            "type": "data",
            "array": up,
            "arrayminus": down,
            "symmetric": False,
            "color": FAINT,
            "width": 4,
        },
    )
    if whole is not None:
        figure.add_vline(x=whole, line={"color": "#d55e00", "dash": "dash", "width": 1.5})
        figure.add_annotation(
            x=whole,
            y=1,
            yref="paper",
            yanchor="bottom",
            text=plain(whole_name),
            showarrow=False,
            font={"color": "#a84a00", "size": 12},
        )
    figure = house(figure, 90 + ROW_HEIGHT * max(len(dots), 2))
    figure.update_layout(margin={"t": 26})
    for dot in dots:
        if dot.value is None:
            figure.add_annotation(
                x=0,
                xref="paper",
                xanchor="left",
                y=plain(dot.name),
                text=plain(dot.note),
                showarrow=False,
                font={"color": FAINT, "size": 12},
            )
    names = [plain(dot.name) for dot in dots]
    figure.update_yaxes(
        type="category", categoryorder="array", categoryarray=names[::-1], range=[-0.6, len(names) - 0.4]
    )
    figure.update_xaxes(title={"text": axis, "font": {"size": 12, "color": FAINT}})
    figure.update_xaxes(rangemode="tozero")
    if is_share:
        figure.update_xaxes(range=[0, 103])
    return figure


def waterfall(names: Sequence[str], points: Sequence[float], total_name: str) -> go.Figure:
    """How the points of a child come about, step by step."""
    figure = go.Figure(
        go.Waterfall(
            orientation="h",
            y=[*map(_wrapped, names), plain(total_name)],
            x=[*points, 0],
            measure=["relative"] * len(points) + ["total"],
            text=[f"{value:+.0f}" for value in points] + [f"{sum(points):.0f}"],
            textposition="outside",
            connector={"line": {"color": GRID}},
            increasing={"marker": {"color": "#56b4e9"}},
            decreasing={"marker": {"color": "#009e73"}},
            totals={"marker": {"color": TEAL}},
            hoverinfo="text",
        )
    )
    figure = house(figure, 70 + 2 * ROW_HEIGHT * (len(names) + 1))
    figure.update_yaxes(autorange="reversed", type="category")
    reached = [0.0, *accumulate(points)]
    room = WATERFALL_ROOM * (
        max(reached) - min(reached)
    )  # for the numbers beside the bars, on a telephone too
    figure.update_xaxes(range=[min(reached), max(reached) + room])
    return figure


def _wrapped(words: str) -> str:
    """A sentence as a label of a few short lines, so that bars keep their room on a telephone."""
    width = LINE if words.isascii() else LINE // 2
    lines = wrap(words, width, break_long_words=True) or [""]
    return "<br>".join(map(plain, [*lines[:LINES], "…"] if len(lines) > LINES else lines))


def plain(words: str) -> str:
    """Plotly reads a few HTML tags in labels; the marks of a tag are written out."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
