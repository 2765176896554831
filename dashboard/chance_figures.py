"""Charts about chance, in the house style: a funnel of places, and a control chart over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import plotly.graph_objects as go

from dashboard.figures import FAINT, INK, TEAL, house, plain

WARM, WHOLE = "#d55e00", "#a84a00"
TICKS = [step * 10**power for power in range(-2, 6) for step in (1, 2, 5)]  # of the axis of sizes
SYMBOLS = {"township": "diamond", "village": "circle"}


class FunnelDot(NamedTuple):
    """One place; is_out: beyond the outer limits, then its name stands beside it."""

    name: str
    level: str
    base: float
    value: float
    is_out: bool


class LimitLine(NamedTuple):
    """One pair of limits over the sizes of places."""

    name: str
    bases: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    dash: str


def funnel(
    dots: Sequence[FunnelDot], lines: Sequence[LimitLine], whole: float, words: dict[str, str], is_share: bool
) -> go.Figure:
    """Places by size and value between the limits of chance.

    words: `whole`, `base` and `value` (titles of the axes), and a name for each level.
    """
    figure = go.Figure()
    for line in lines:
        style = {
            "mode": "lines",
            "line": {"color": FAINT, "width": 1.2, "dash": line.dash},
            "hoverinfo": "skip",
        }
        figure.add_scatter(x=list(line.bases), y=list(line.low), name=plain(line.name), **style)
        figure.add_scatter(x=list(line.bases), y=list(line.high), showlegend=False, **style)
    figure.add_hline(y=whole, line={"color": WARM, "width": 1.5})
    for level in [one for one in SYMBOLS if any(dot.level == one for dot in dots)]:
        mine = [dot for dot in dots if dot.level == level]
        figure.add_scatter(
            x=[dot.base for dot in mine],
            y=[dot.value for dot in mine],
            mode="markers+text",
            name=plain(words[level]),
            text=[plain(dot.name) if dot.is_out else "" for dot in mine],
            textposition="middle right",
            textfont={"size": 11, "color": WHOLE},
            hovertext=[plain(dot.name) for dot in mine],
            hovertemplate="%{hovertext}: %{y:,.1f} (%{x:,.0f})<extra></extra>",
            marker={
                "symbol": SYMBOLS[level],
                "size": 10,
                "color": [WARM if dot.is_out else TEAL for dot in mine],
                "line": {"color": "white", "width": 1},
            },
        )
    figure = house(figure, 400)
    figure.update_xaxes(
        type="log",
        title={"text": words["base"], "font": {"size": 12, "color": FAINT}},
        tickvals=TICKS,
        ticktext=[f"{tick:g}" for tick in TICKS],
    )
    figure.update_yaxes(
        title={"text": words["value"], "font": {"size": 12, "color": FAINT}}, rangemode="tozero"
    )
    if is_share:
        figure.update_yaxes(range=[-2, 104])
    return figure


class ControlLine(NamedTuple):
    """Values and limits by period, None where nothing was counted; is_real: which points are real changes."""

    periods: Sequence[str]
    values: Sequence[float | None]
    low: Sequence[float | None]
    high: Sequence[float | None]
    is_real: Sequence[bool]


def control(line: ControlLine, mean: float, words: dict[str, str], is_share: bool) -> go.Figure:
    """Periods between the limits of chance; words: `limits`, `chance`, `real`, `mean`, `value`."""
    figure = go.Figure()
    x = list(line.periods)
    bound = {
        "mode": "lines",
        "line": {"color": FAINT, "width": 1.2, "dash": "dash", "shape": "hvh"},
        "hoverinfo": "skip",
    }
    figure.add_scatter(x=x, y=list(line.low), name=words["limits"], **bound)
    figure.add_scatter(x=x, y=list(line.high), showlegend=False, **bound)
    figure.add_scatter(
        x=x,
        y=[mean] * len(x),
        mode="lines",
        name=words["mean"],
        hoverinfo="skip",
        line={"color": WARM, "width": 1.5},
    )
    figure.add_scatter(
        x=x,
        y=list(line.values),
        mode="lines",
        line={"color": TEAL, "width": 1.5},
        connectgaps=False,
        showlegend=False,
        hoverinfo="skip",
    )
    for is_real, name, colour, symbol in (
        (False, words["chance"], TEAL, "circle"),
        (True, words["real"], WARM, "diamond"),
    ):
        chosen = [
            value if real is is_real else None for value, real in zip(line.values, line.is_real, strict=True)
        ]
        if any(value is not None for value in chosen):
            figure.add_scatter(
                x=x,
                y=chosen,
                mode="markers",
                name=name,
                marker={"size": 10 if is_real else 8, "color": colour, "symbol": symbol},
                hovertemplate="%{x}: %{y:,.1f}<extra></extra>",
            )
    figure = house(figure, 320)
    figure.update_xaxes(type="category")
    figure.update_yaxes(
        title={"text": words["value"], "font": {"size": 12, "color": FAINT}}, rangemode="tozero"
    )
    if is_share:
        figure.update_yaxes(range=[0, 104])
    figure.update_layout(font={"color": INK})
    return figure
