"""Which changes over time are real: a p- or u-chart around the mean of all periods, with two rules.

Rules (Western Electric 1956, Statistical Quality Control Handbook; NHS England, Making Data Count, uses the first and
asks for seven): one point beyond three sigma, or eight in a row on one side of the mean.  The three-sigma limits are
those of the exact distribution, for months of twenty cases are far from normal.  Where periods vary by more than the
cases within them, limits are widened as Laney proposes (2002, Quality Engineering 14:531), with the median moving
range, which a single jump does not move (Wheeler 1992, Understanding Statistical Process Control).
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from models.uncertainty import THREE_SIGMA, Place, limits, score

FEWEST_PERIODS = 8  # fewer make a mean that moves with every point
RUN = 8
MEDIAN_MOVING_RANGE = 0.9539  # of independent normal values with a standard deviation of 1 (Wheeler 1992)


class Mark(StrEnum):
    """What the rules say about one period."""

    CHANCE = "chance"
    BEYOND_HIGH = "beyond_high"
    BEYOND_LOW = "beyond_low"
    RUN_HIGH = "run_high"
    RUN_LOW = "run_low"

    @property
    def is_real(self) -> bool:
        """Whether a rule was met."""
        return self is not Mark.CHANCE

    @property
    def is_high(self) -> bool:
        """Whether the change is upwards."""
        return self in (Mark.BEYOND_HIGH, Mark.RUN_HIGH)


class Point(NamedTuple):
    """One period: its value, its limits, and what the rules say; value None where nothing was counted."""

    value: float | None
    low: float | None
    high: float | None
    mark: Mark


class Chart(NamedTuple):
    """A control chart. mean: of all periods together; widening: Laney's factor, 1 where chance is enough."""

    mean: float
    widening: float
    points: list[Point]

    @property
    def last(self) -> Mark:
        """What the rules say about the newest period with a value."""
        known = [point for point in self.points if point.value is not None]
        return known[-1].mark


def control_chart(periods: Sequence[Place | None], is_share: bool) -> Chart | None:
    """The chart over periods in order (None: nothing counted); None with fewer than eight counted periods.

    A period in which nothing was counted neither ends a run nor lengthens it.
    """
    counted = [place for place in periods if place is not None and place.base > 0]
    if len(counted) < FEWEST_PERIODS:
        return None
    mean = sum(place.events for place in counted) / sum(place.base for place in counted)
    widening = _widening([score(place, mean, is_share) for place in counted])
    runs = iter(_runs([place.value for place in counted], mean))
    points = []
    for place in periods:
        if place is None or place.base <= 0:
            points.append(Point(None, None, None, Mark.CHANCE))
            continue
        low, high = limits(mean, place.base, is_share, THREE_SIGMA, widening)
        run = next(runs)
        mark = Mark.BEYOND_LOW if place.value < low else Mark.BEYOND_HIGH if place.value > high else run
        points.append(Point(place.value, low, high, mark))
    return Chart(mean, widening, points)


def _widening(scores: Sequence[float]) -> float:
    """Laney's factor: how much more neighbouring periods differ than their cases explain; never below 1."""
    ranges = [abs(after - before) for before, after in pairwise(scores)]
    return max(1.0, statistics.median(ranges) / MEDIAN_MOVING_RANGE)


def _runs(values: Sequence[float], mean: float) -> list[Mark]:
    """Every value of a run of eight on one side of the mean is marked; one on the mean ends a run."""
    sides = [(value > mean) - (value < mean) for value in values]
    marks = [Mark.CHANCE] * len(values)
    start = 0
    for at in range(1, len(sides) + 1):
        if at == len(sides) or sides[at] != sides[start]:
            if sides[start] and at - start >= RUN:
                marks[start:at] = [Mark.RUN_HIGH if sides[start] > 0 else Mark.RUN_LOW] * (at - start)
            start = at
    return marks
