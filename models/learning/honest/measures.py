"""How good an order is for the visits that can be made: precision, recall, lift, number to visit, AUC, net benefit.

Every measure takes a weight for each row (0: not looked at), so that one code serves the visited, the visited
weighted, and those drawn at random.  All but AUC are ratios of sums over villages, so that drawing villages again is
one product of matrices.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from models.learning.honest.intervals import NOTHING, Floats, Interval, divided, spread_of, village_sums
from models.learning.honest.sample import Sample

_LEAST = 1e-6  # a probability nearer to 0 or 1 would make one row's loss endless


class AtCapacity(NamedTuple):
    """At the workers' capacity.

    precision: serious among those on the list; recall: of all serious, on the list; lift: precision over the share of
    all; number_needed: visits to find one.
    """

    precision: Interval
    recall: Interval
    lift: Interval
    number_needed: Interval


class NetBenefit(NamedTuple):
    """One point of a decision curve: visiting all above the threshold, beside visiting everybody and nobody (0).

    In serious outcomes found per child, less the needless visits at the threshold's own rate of exchange.
    """

    threshold: float
    list: Interval
    everybody: float | None


def at_capacity(sample: Sample, weight: Floats, part: Floats, draws: Floats) -> AtCapacity:
    """Ratios of weighted sums, villages drawn again.

    weight: by row; part: how far each row is on the list (`sample.chosen`); draws: times × villages.
    """
    hit = sample.serious.astype(float)
    columns = np.column_stack([weight * part * hit, weight * part, weight * hit, weight])
    sums = village_sums(columns, sample.village, sample.n_villages)
    own, again = _four(sums.sum(axis=0)[None, :]), _four(draws @ sums)
    return AtCapacity(*(spread_of(float(value[0]), drawn) for value, drawn in zip(own, again, strict=True)))


def _four(sums: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    found, visits, serious, everybody = sums.T
    precision, recall = divided(found, visits), divided(found, serious)
    return precision, recall, divided(precision, divided(serious, everybody)), divided(visits, found)


def area_under(sample: Sample, weight: Floats, values: Floats, draws: Floats) -> Interval:
    """How often a serious case stands above another (a tie counts half), villages drawn again."""
    seen = weight > 0
    hit, weight = sample.serious[seen], weight[seen]
    village = sample.village[seen]
    if not hit.any() or hit.all():
        return NOTHING
    levels, level = np.unique(values[seen], return_inverse=True)
    shape = (sample.n_villages, len(levels))
    serious, others = np.zeros(shape), np.zeros(shape)
    np.add.at(serious, (village[hit], level[hit]), weight[hit])
    np.add.at(others, (village[~hit], level[~hit]), weight[~hit])
    below = np.cumsum(others, axis=1) - others / 2
    pairs = serious @ below.T  # villages of the serious × villages of the others
    counts = serious.sum(axis=1), others.sum(axis=1)
    value = divided(pairs.sum(), counts[0].sum() * counts[1].sum())
    above = ((draws @ pairs) * draws).sum(axis=1)
    return spread_of(float(value), divided(above, (draws @ counts[0]) * (draws @ counts[1])))


def log_loss(sample: Sample, weight: Floats, probability: Floats, draws: Floats) -> Interval:
    """The mean of −log of the probability that was given to what was found."""
    sure = np.clip(probability, _LEAST, 1 - _LEAST)
    loss = -np.log(np.where(sample.serious, sure, 1 - sure))
    sums = village_sums(np.column_stack([weight * loss, weight]), sample.village, sample.n_villages)
    value = divided(*sums.sum(axis=0))
    again = draws @ sums
    return spread_of(float(value), divided(again[:, 0], again[:, 1]))


def decision_curve(
    sample: Sample, weight: Floats, probability: Floats, thresholds: Sequence[float], draws: Floats
) -> tuple[NetBenefit, ...]:
    """Net benefit at each threshold.  Source: Vickers and Elkin 2006, Medical Decision Making 26:565."""
    hit, found = sample.serious.astype(float), []
    for one in thresholds:
        exchange = one / (1 - one)
        gain = weight * (hit - (1 - hit) * exchange)
        columns = np.column_stack([gain * (probability >= one), gain, weight])
        sums = village_sums(columns, sample.village, sample.n_villages)
        whole, again = sums.sum(axis=0), draws @ sums
        benefit = spread_of(float(divided(whole[0], whole[2])), divided(again[:, 0], again[:, 2]))
        everybody = float(divided(whole[1], whole[2]))
        found.append(NetBenefit(one, benefit, everybody if np.isfinite(everybody) else None))
    return tuple(found)
