"""What visits chosen with a known chance say about all children of the lists, whatever else was visited and why.

Two kinds of rows have a known chance: those that the plan had to visit (chance 1) and those that it drew.  A visit
made for any other reason is left out here.  Where not all chosen visits were made, those made stand for their kind
(the same day, the same chance); that is told beside the figure, because nobody knows why the others were not made.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.learning.honest.intervals import (
    NOTHING,
    Floats,
    Interval,
    Total,
    divided,
    part_of_both,
    total_of,
    weighted_share,
)
from models.learning.honest.measures import AtCapacity
from models.learning.honest.sample import Sample

CERTAIN = 1.0


class Answers(NamedTuple):
    """How far the chosen visits were made, those that had to be and those that were drawn.

    stands_for: rows with a known chance, of all `n` rows.
    """

    n_certain: int
    n_certain_made: int
    n_drawn: int
    n_drawn_made: int
    stands_for: int
    n: int

    @property
    def share_made(self) -> float | None:
        """Of the visits that had to be made and of those drawn, the smaller share made; None where none was chosen."""
        kinds = ((self.n_certain_made, self.n_certain), (self.n_drawn_made, self.n_drawn))
        return min((made / n for made, n in kinds if n), default=None)


class Drawn(NamedTuple):
    """Each row's weight as a draw (0: not chosen or not made), and the population that it speaks for."""

    weight: Floats
    covered: Floats
    answers: Answers


def drawn(sample: Sample) -> Drawn:
    """1 / chance for the chosen visits that were made, raised where others of their kind were not."""
    certain = sample.chance == CERTAIN
    chosen = certain | sample.probe
    made = chosen & sample.looked
    weight = np.zeros(sample.n)
    for kind in _kinds(sample):
        n_chosen, n_made = int((kind & chosen).sum()), int((kind & made).sum())
        if n_made:
            weight[kind & made] = n_chosen / n_made / sample.chance[kind & made]
    covered = np.isfinite(sample.chance)
    rest = sample.probe & ~certain
    counts = [
        int(each.sum()) for each in (certain, certain & sample.looked, rest, rest & sample.looked, covered)
    ]
    answers = Answers(counts[0], counts[1], counts[2], counts[3], counts[4], sample.n)
    return Drawn(weight, covered.astype(float), answers)


def _kinds(sample: Sample) -> list[np.ndarray]:
    """Rows of one day with one chance."""
    known = np.isfinite(sample.chance)
    pairs = np.unique(np.column_stack([sample.day[known], sample.chance[known]]), axis=0)
    return [(sample.day == day) & (sample.chance == chance) for day, chance in pairs]


def serious_on(sample: Sample, one: Drawn, part: Floats) -> Total:
    """How many serious outcomes there are (found or not) among the rows, each counted by its part."""
    made = one.weight > 0
    amount = np.where(sample.serious[made], part[made], 0.0)
    most = float((part * one.covered).sum()) - float((part[made] * ~sample.serious[made]).sum())
    return total_of(amount, one.weight[made], max(0.0, most))


def share_on(sample: Sample, one: Drawn, part: Floats) -> Interval:
    """The share of serious outcomes among the rows, each counted by its part; NOTHING where no row was seen.

    Rows seen with certainty add no doubt; of the others Korn and Graubard's limits.
    """
    made = (one.weight > 0) & (part > 0)
    certain = made & (one.weight <= CERTAIN)
    rest = made & ~certain
    n_certain = float(part[certain].sum())
    n_rest = float((part * one.covered)[~certain].sum())
    found = float((part[certain] * sample.serious[certain]).sum())
    if n_certain + n_rest <= 0 or (n_rest > 0 and not rest.any()):
        return NOTHING
    if n_rest <= 0:
        return Interval(*(found / n_certain,) * 3)
    inside = weighted_share(sample.serious[rest].astype(float), one.weight[rest] * part[rest])
    return Interval(*((found + n_rest * cell) / (n_certain + n_rest) for cell in inside if cell is not None))


def capacity_by_draws(sample: Sample, one: Drawn, part: Floats) -> AtCapacity:
    """The four figures at capacity from chosen visits alone; recall from two totals, precision from a share."""
    precision = share_on(sample, one, part)
    recall = part_of_both(serious_on(sample, one, part), serious_on(sample, one, 1 - part))
    if not (one.weight > 0).any():
        return AtCapacity(NOTHING, NOTHING, NOTHING, NOTHING)
    visits, everybody = float((part * one.covered).sum()), float(one.covered.sum())
    factor = float(divided(everybody, visits))
    lift = recall.times(factor) if np.isfinite(factor) else NOTHING
    return AtCapacity(precision, recall, lift, _turned(precision))


def _turned(share: Interval) -> Interval:
    """One over a share; without an upper end where the share may be 0."""
    if share.value is None or share.low is None or share.high is None or share.value <= 0 or share.high <= 0:
        return NOTHING
    return Interval(1 / share.value, 1 / share.high, 1 / share.low if share.low > 0 else None)


class Bounds(NamedTuple):
    """What nobody can rule out: between all unvisited serious against the list, and for it.

    Source: Manski 1990, American Economic Review 80:319.
    """

    n_never: int
    precision_low: float | None
    precision_high: float | None
    recall_low: float | None
    recall_high: float | None


def bounds(sample: Sample, part: Floats) -> Bounds:
    """Precision and recall if of the never visited none on the list were serious and all others, and the reverse."""
    never = ~sample.looked
    hit = sample.serious.astype(float)
    found, left = float((part * hit).sum()), float(((1 - part) * hit).sum())
    open_on, open_off = float((part * never).sum()), float(((1 - part) * never).sum())
    visits = float(part.sum())
    cells = (
        divided(found, visits),
        divided(found + open_on, visits),
        divided(found, found + left + open_off),
        divided(found + open_on, found + open_on + left),
    )
    return Bounds(int(never.sum()), *(float(cell) if np.isfinite(cell) else None for cell in cells))
