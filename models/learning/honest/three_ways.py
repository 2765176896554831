"""The same figures three ways, and when the first two cannot be trusted: visited, visited weighted, drawn.

Naive takes the visited for all.  Weighted lets each visited child stand for those like it by what the registry
knows.  By draws uses only visits chosen with a known chance; of its exact interval, which is about these very lists,
and that of villages drawn again, which is about lists like these, the wider end counts.
An alarm says that naive or weighted differs from the draws by more than both intervals explain; then only the draws
count.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from models.learning.honest.drawn import Answers, Bounds, Drawn, bounds, capacity_by_draws, serious_on
from models.learning.honest.intervals import (
    NOTHING,
    Floats,
    Interval,
    differ,
    difference_of,
    spread_of,
    village_sums,
    wider,
)
from models.learning.honest.measures import AtCapacity, area_under, at_capacity
from models.learning.honest.sample import Sample

Way = Literal["naive", "weighted", "draws"]
WAYS: tuple[Way, ...] = ("naive", "weighted", "draws")


class Figures(NamedTuple):
    """One way's figures; n rows it rests on, n_serious of them serious."""

    way: Way
    n: int
    n_serious: int
    at_capacity: AtCapacity
    area_under: Interval


class Disagreement(NamedTuple):
    """By how much one way differs from the draws; `is_alarm` where 0 lies outside the interval."""

    way: Way
    measure: str
    difference: Interval
    is_alarm: bool


class ThreeWays(NamedTuple):
    """The three figures side by side, how far the chosen visits were made, bounds, alarms.

    is_certain: enough of the due and of the drawn visits were made, and every row has a known chance.
    """

    figures: tuple[Figures, ...]
    answers: Answers
    is_certain: bool
    bounds: Bounds
    disagreements: tuple[Disagreement, ...]

    def by(self, way: Way) -> Figures:
        """The figures of one way."""
        return next(one for one in self.figures if one.way == way)


def three_ways(
    sample: Sample,
    values: Floats,
    part: Floats,
    weights: Floats,
    draw: Drawn,
    draws: Floats,
    fewest_made: float,
    fewest_serious: int,
) -> ThreeWays:
    """Side by side.

    part: how far each row is on the list; weights: 1 / estimated chance of a visit; draw: chosen visits; draws:
    villages drawn again; fewest_made: below this share of the chosen visits made, nothing is certain;
    fewest_serious: with fewer serious cases naive and weighted say nothing, for villages drawn again would show no
    doubt where all of it lies in the few cases (the draws have an exact interval).
    """
    naive = sample.looked.astype(float)
    found = []
    for way, weight in zip(WAYS, (naive, weights, draw.weight), strict=True):
        seen = weight > 0
        level = at_capacity(sample, weight, part, draws)
        if way == "draws":
            level = AtCapacity(*map(wider, capacity_by_draws(sample, draw, part), level))
        area = area_under(sample, weight, values, draws)
        n_serious = int((seen & sample.serious).sum())
        if way != "draws" and n_serious < fewest_serious:
            level, area = AtCapacity(NOTHING, NOTHING, NOTHING, NOTHING), NOTHING
        found.append(Figures(way, int(seen.sum()), n_serious, level, area))
    made = draw.answers.share_made
    is_certain = made is not None and made >= fewest_made and draw.answers.stands_for == draw.answers.n
    return ThreeWays(tuple(found), draw.answers, is_certain, bounds(sample, part), _disagreements(found))


def _disagreements(found: list[Figures]) -> tuple[Disagreement, ...]:
    told, by_draws = [], found[-1]
    for one in found[:-1]:
        for measure in ("precision", "recall"):
            difference = differ(getattr(one.at_capacity, measure), getattr(by_draws.at_capacity, measure))
            is_alarm = difference.value is not None and not difference.covers(0.0)
            told.append(Disagreement(one.way, measure, difference, is_alarm))
    return tuple(told)


class Price(NamedTuple):
    """What a smaller card costs: serious cases that the other order would have on the list and this one would not.

    by_draws: estimated of all serious, from chosen visits; seen: counted among the visited only.
    """

    other: str
    by_draws: Interval
    seen: float


def price(sample: Sample, draw: Drawn, part: Floats, other_part: Floats, other: str, draws: Floats) -> Price:
    """Serious cases on the other list less those on this; below 0 where this list has more.

    Only the rows on which the lists differ count: those gained and those lost are totals of different rows.
    """
    gained, lost = np.maximum(other_part - part, 0), np.maximum(part - other_part, 0)
    seen = float(((gained - lost) * sample.serious).sum())
    if not (draw.weight > 0).any():
        return Price(other, NOTHING, seen)
    exact = difference_of(serious_on(sample, draw, gained), serious_on(sample, draw, lost))
    each = (draw.weight * (gained - lost) * sample.serious)[:, None]
    again = draws @ village_sums(each, sample.village, sample.n_villages)
    return Price(other, wider(exact, spread_of(exact.value, again[:, 0])), seen)
