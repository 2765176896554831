"""Small drawings as SVG pictures: a map of outlines, one panel of small multiples.  Words stand beside them, in HTML.

A picture is a `data:` address: nothing is asked from anywhere, it prints sharply, and thirty of them cost a page less
than one chart.  Its meaning stands in its `alt`.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape

from dashboard.figures import FAINT, GRID, TEAL

PANEL_WIDTH, PANEL_HEIGHT, EDGE = 240.0, 72.0, 5.0  # units of one panel
DOT, PANEL_LINE, WHOLE_LINE, BORDER = 3.5, 2.2, 1.2, 2.0
LETTERS = 26.0  # height of a number on the map, in units of a drawing 1000 wide


Course = Sequence[float | None]  # values over periods, None where there is nothing to draw


def outline_map(
    shapes: Mapping[str, Sequence[Sequence[tuple[float, float]]]],
    width: float,
    height: float,
    fills: Mapping[str, str],
    numbers: Mapping[str, str],
) -> str:
    """Areas in their outlines, each with its fill and its number; the legend with the numbers stands beside it."""
    parts = []
    for area, rings in shapes.items():
        path = " ".join("M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + " Z" for ring in rings)
        parts.append(
            f'<path d="{path}" fill="{fills[area]}" fill-rule="evenodd" stroke="{FAINT}" stroke-width="{BORDER}"/>'
        )
    for area, rings in shapes.items():
        x, y = _middle(max(rings, key=len))
        parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{LETTERS}" text-anchor="middle" '
            f'dominant-baseline="central" font-family="sans-serif">{escape(numbers[area])}</text>'
        )
    return _picture(width, height, parts)


def panel(course: Course, whole: Course, least: float, most: float) -> str:
    """One place over time (dark, with its last point) beside the whole (faint); all panels share `least` and `most`."""
    base = _height_of(least, least, most)
    floor = f'<path d="M0 {base:.1f} H{PANEL_WIDTH}" stroke="{GRID}" fill="none"/>'
    parts = [
        floor,
        _line(whole, least, most, FAINT, WHOLE_LINE, "4 3"),
        _line(course, least, most, TEAL, PANEL_LINE, ""),
    ]
    last = [(at, value) for at, value in enumerate(course) if value is not None][-1:]
    for at, value in last:
        x, y = _across(at, len(course)), _height_of(value, least, most)
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{DOT}" fill="{TEAL}"/>')
    return _picture(PANEL_WIDTH, PANEL_HEIGHT, parts)


def _line(values: Course, least: float, most: float, colour: str, width: float, dash: str) -> str:
    """A line with its gaps as gaps; a single value between two gaps is a dot."""
    steps, dots, is_on = [], [], False
    for at, value in enumerate(values):
        if value is None:
            is_on = False
            continue
        x, y = _across(at, len(values)), _height_of(value, least, most)
        steps.append(f"{'L' if is_on else 'M'}{x:.1f} {y:.1f}")
        is_alone = not is_on and (at + 1 == len(values) or values[at + 1] is None)
        dots += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{width}" fill="{colour}"/>'] if is_alone else []
        is_on = True
    return (
        f'<path d="{" ".join(steps) or "M0 0"}" stroke="{colour}" stroke-width="{width}" '
        f'stroke-dasharray="{dash}" fill="none"/>' + "".join(dots)
    )


def _across(at: int, n: int) -> float:
    return EDGE + (PANEL_WIDTH - 2 * EDGE) * (at / (n - 1) if n > 1 else 0.5)


def _height_of(value: float, least: float, most: float) -> float:
    share = (value - least) / (most - least) if most > least else 0.5
    return PANEL_HEIGHT - EDGE - (PANEL_HEIGHT - 2 * EDGE) * share


def _middle(ring: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The centroid of a ring by the shoelace formula; the mean of its points where it has no area."""
    pairs = list(zip(ring, [*ring[1:], ring[0]], strict=True))
    crosses = [x * v - u * y for (x, y), (u, v) in pairs]
    area = sum(crosses) / 2
    if not area:
        return sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)
    middle = [
        sum((one[axis] + two[axis]) * cross for (one, two), cross in zip(pairs, crosses, strict=True))
        / (6 * area)
        for axis in (0, 1)
    ]
    return middle[0], middle[1]


def _picture(width: float, height: float, parts: Sequence[str]) -> str:
    """The drawing as a `data:` address."""
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {max(height, 1):.0f}">'
        + "".join(parts)
        + "</svg>"
    )
    return "data:image/svg+xml;base64," + b64encode(drawn.encode()).decode()
