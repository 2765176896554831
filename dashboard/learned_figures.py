"""Charts of an evaluation: three figures side by side, calibration, the decision curve; the house style of charts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import plotly.graph_objects as go

from dashboard.figures import FAINT, GRID, ROW_HEIGHT, SERIES, house, plain

PERCENT = 100
SYMBOLS = ("circle", "square", "diamond")


class Spread(NamedTuple):
    """A share between its limits, None where nothing can be said; 0 to 1."""

    value: float | None
    low: float | None
    high: float | None


class Way(NamedTuple):
    """One of the figures side by side: its name and a share for each order."""

    name: str
    shares: Sequence[Spread]


class CurvePoint(NamedTuple):
    """Net benefit at a threshold, of 1,000 children, of the list and of visiting everybody."""

    threshold: float
    list: float | None
    everybody: float | None


def side_by_side(orders: Sequence[str], ways: Sequence[Way], axis: str) -> go.Figure:
    """Each order in a row, its share in each way with the interval; shape and colour tell the ways apart."""
    figure = go.Figure()
    for at, way in enumerate(ways):
        shown = [(order, one) for order, one in zip(orders, way.shares, strict=True) if one.value is not None]
        figure.add_scatter(
            x=[PERCENT * (one.value or 0) for _, one in shown],
            y=[plain(order) for order, _ in shown],
            mode="markers",
            name=plain(way.name),
            marker={"size": 10, "symbol": SYMBOLS[at % 3], "color": SERIES[at]},
            error_x=_errors([one for _, one in shown], SERIES[at]),
            offsetgroup=str(at),
            hovertemplate="%{y}: %{x:.0f}%<extra>" + plain(way.name) + "</extra>",
        )
    figure = house(figure, 130 + ROW_HEIGHT * max(len(orders), 3))
    names = [plain(one) for one in orders]
    figure.update_yaxes(
        type="category", categoryorder="array", categoryarray=names[::-1], range=[-0.6, len(names) - 0.4]
    )
    figure.update_xaxes(title={"text": axis, "font": {"size": 12, "color": FAINT}}, range=[0, 103])
    return figure


def _errors(shares: Sequence[Spread], colour: str) -> dict[str, object]:
    up = [
        PERCENT * ((one.high if one.high is not None else one.value or 0) - (one.value or 0))
        for one in shares
    ]
    down = [
        PERCENT * ((one.value or 0) - (one.low if one.low is not None else one.value or 0)) for one in shares
    ]
    return {"type": "data", "array": up, "arrayminus": down, "symmetric": False, "color": colour, "width": 3}


def calibration_chart(bands: Sequence[str], shares: Sequence[Spread], across: str, up: str) -> go.Figure:
    """Each band of points with the share that was found, and its interval; a band without a statement is bare."""
    figure = go.Figure()
    figure.add_scatter(
        x=list(bands),
        y=[None if one.value is None else PERCENT * one.value for one in shares],
        mode="lines+markers",
        line={"color": SERIES[0], "width": 2.5},
        marker={"size": 9},
        showlegend=False,
        connectgaps=False,
        error_y=_errors(shares, FAINT),
        hovertemplate="%{x}: %{y:.0f}%<extra></extra>",
    )
    figure = house(figure, 320)
    figure.update_xaxes(title={"text": across, "font": {"size": 12, "color": FAINT}}, type="category")
    figure.update_yaxes(title={"text": up, "font": {"size": 12, "color": FAINT}}, rangemode="tozero")
    return figure


def decision_chart(
    points: Sequence[CurvePoint], names: tuple[str, str, str], across: str, up: str
) -> go.Figure:
    """Net benefit over thresholds, of the list, of visiting everybody and of nobody (names in that order)."""
    figure = go.Figure()
    places = [PERCENT * one.threshold for one in points]
    for at, (name, values) in enumerate(
        zip(names[:2], ([one.list for one in points], [one.everybody for one in points]), strict=True)
    ):
        figure.add_scatter(
            x=places, y=values, mode="lines+markers", name=plain(name),
            line={"color": SERIES[at], "width": 2.5, "dash": ("solid", "dash")[at]},
            marker={"symbol": SYMBOLS[at], "size": 8},
            hovertemplate="%{x:.0f}%: %{y:.0f}<extra>" + plain(name) + "</extra>",
        )  # fmt: skip
    figure.add_scatter(x=places, y=[0] * len(points), mode="lines", name=plain(names[2]),
                       line={"color": GRID, "width": 3}, hoverinfo="skip")  # fmt: skip
    figure = house(figure, 320)
    figure.update_xaxes(title={"text": across, "font": {"size": 12, "color": FAINT}}, ticksuffix="%")
    figure.update_yaxes(title={"text": up, "font": {"size": 12, "color": FAINT}})
    return figure
