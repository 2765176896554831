"""From a score to how often something serious was found: a table with numbers, events and intervals, or no statement.

Bands are made from scores alone, never from outcomes.  The estimate never falls while the score rises (isotonic
regression).  Its interval is that of drawing villages again, and the exact one of Korn and Graubard for the band's
share; the wider end counts, because few events make villages drawn again too sure.
A band that rests on too few children or villages, and a table with too few events, says nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.learning.honest.drawn import Drawn, share_on
from models.learning.honest.intervals import (
    NOTHING,
    Floats,
    Interval,
    divided,
    spread_of,
    village_sums,
    weighted_share,
    wider,
)
from models.learning.honest.sample import Sample


class Fewest(NamedTuple):
    """Below these a table or a band says nothing: children and villages of a band, events of the table."""

    bands: int
    children: int
    events: int
    villages: int


class Band(NamedTuple):
    """Scores from `low` to `high` (inclusive) and what was found; the estimate is NOTHING without a statement.

    n_listed: all rows of the band; n, n_serious, n_villages: those that the table rests on; share: before smoothing.
    """

    low: float
    high: float
    n_listed: int
    n: int
    n_serious: int
    n_villages: int
    share: float | None
    estimate: Interval


class Calibration(NamedTuple):
    """A table, the lowest scores first; `is_stated` where there are events enough for any statement."""

    bands: tuple[Band, ...]
    is_stated: bool

    def estimates(self, values: Floats) -> Floats:
        """Each score's estimate by its band, not a number where the band says nothing."""
        if not self.bands:
            return np.full(len(values), np.nan)
        tops = np.array([band.high for band in self.bands])[:-1]
        told = np.array(
            [np.nan if band.estimate.value is None else band.estimate.value for band in self.bands]
        )
        found: Floats = told[np.searchsorted(tops, values, side="left")]
        return found


def band_tops(values: Floats, seen: np.ndarray, fewest: Fewest) -> Floats:
    """The highest score of each band: as many bands as children seen allow, equal scores never parted."""
    n_bands = max(1, min(fewest.bands, int(seen.sum()) // max(1, fewest.children)))
    if not seen.any():
        return np.array([values.max(initial=0.0)])
    cuts = np.quantile(values[seen], np.arange(1, n_bands) / n_bands, method="lower")
    tops = np.unique(np.append(cuts, values.max()))
    while len(tops) > 1:
        band = np.searchsorted(tops[:-1], values[seen], side="left")
        counts = np.bincount(band, minlength=len(tops))
        thin = np.flatnonzero(counts < fewest.children)
        if not len(thin):
            break
        tops = np.delete(tops, min(int(thin[0]), len(tops) - 2))
    return np.asarray(tops, float) + 0.0  # no −0


def never_falling(hits: Floats, weights: Floats) -> Floats:
    """Weighted isotonic regression along the last axis, many tables at once: max over starts of min over ends of means.

    hits: weighted events by band, weights: by band; bands without weight take their neighbour's value.
    Equal to `sklearn.isotonic.IsotonicRegression` (Barlow and others 1972, the max-min formula).
    """
    n = weights.shape[-1]
    above = np.cumsum(hits, axis=-1), np.cumsum(weights, axis=-1)
    before = [np.concatenate([np.zeros((*one.shape[:-1], 1)), one[..., :-1]], axis=-1) for one in above]
    over, under = (end[..., None, :] - start[..., :, None] for end, start in zip(above, before, strict=True))
    means = np.where(under > 0, divided(over, under), np.nan)  # from start (rows) to end (columns)
    found = np.full(weights.shape, np.nan)
    for band in range(n):
        lowest = _least(means[..., : band + 1, band:])
        found[..., band] = _most(lowest)
    return found


def _least(means: Floats) -> Floats:
    return np.min(np.where(np.isnan(means), np.inf, means), axis=-1)


def _most(lowest: Floats) -> Floats:
    found = np.max(np.where(np.isinf(lowest), -np.inf, lowest), axis=-1)
    return np.where(np.isinf(found), np.nan, found)


def calibration(
    sample: Sample, weight: Floats, values: Floats, draws: Floats, fewest: Fewest, draw: Drawn | None = None
) -> Calibration:
    """The table from weighted rows; with `draw` the weights are its own and the exact interval counts too."""
    seen = weight > 0
    tops = band_tops(values, seen, fewest)
    band = np.searchsorted(tops[:-1], values, side="left")
    is_stated = int((seen & sample.serious).sum()) >= fewest.events
    inside = [band == number for number in range(len(tops))]
    estimates = _estimates(sample, weight, inside, draws)
    found = []
    for number, rows in enumerate(inside):
        used = rows & seen
        n_villages = len(np.unique(sample.village[used]))
        is_told = is_stated and used.sum() >= fewest.children and n_villages >= fewest.villages
        estimate = wider(estimates[number], _exact(sample, weight, rows, draw)) if is_told else NOTHING
        share = float(divided((weight * sample.serious)[rows].sum(), weight[rows].sum()))
        low = float(values[rows].min()) + 0.0 if rows.any() else float(tops[number])
        counts = int(rows.sum()), int(used.sum()), int((used & sample.serious).sum()), n_villages
        found.append(Band(low, float(tops[number]), *counts, share if np.isfinite(share) else None, estimate))
    return Calibration(tuple(found), is_stated)


def _estimates(sample: Sample, weight: Floats, inside: list[np.ndarray], draws: Floats) -> list[Interval]:
    n = len(inside)
    columns = [weight * rows * sample.serious for rows in inside] + [weight * rows for rows in inside]
    sums = village_sums(np.column_stack(columns), sample.village, sample.n_villages)
    whole, again = sums.sum(axis=0), draws @ sums
    own, drawn = never_falling(whole[:n], whole[n:]), never_falling(again[:, :n], again[:, n:])
    return [spread_of(float(own[band]), drawn[:, band]) for band in range(n)]


def _exact(sample: Sample, weight: Floats, rows: np.ndarray, draw: Drawn | None) -> Interval:
    """The exact interval of a band's share, as if its children were drawn with these weights."""
    if draw is not None:
        return share_on(sample, draw, rows.astype(float))
    used = rows & (weight > 0)
    return weighted_share(sample.serious[used].astype(float), weight[used])


class Recalibration(NamedTuple):
    """How a probability must move: logit(new) = level + slope × logit(old); slope 1 where events are too few for one.

    level, slope: with intervals of villages drawn again; NOTHING where no drawn visit found anything.
    """

    n: int
    n_serious: int
    level: Interval
    slope: Interval

    def applied(self, probability: Floats) -> Floats:
        """The probabilities after the move; unchanged where there is nothing to move by."""
        if self.level.value is None:
            return probability
        slope = 1.0 if self.slope.value is None else self.slope.value
        return _shifted(_logit(probability), self.level.value, slope)


def recalibration(
    sample: Sample, draw: Drawn, probability: Floats, draws: Floats, slope_events: int
) -> Recalibration:
    """Level and slope fitted on visits of known chance, weighted by 1 / chance (Cox 1958, Biometrika 45:562)."""
    seen = draw.weight > 0
    n_serious = int((seen & sample.serious).sum())
    if n_serious == 0 or n_serious == seen.sum():
        return Recalibration(int(seen.sum()), n_serious, NOTHING, NOTHING)
    own = sample.where(seen)
    weight, odds = draw.weight[seen], _logit(probability[seen])
    has_slope = n_serious >= slope_events
    one = _fit(odds, own.serious, weight, has_slope)
    again = np.array(
        [_fit(odds, own.serious, weight * times[own.village], has_slope) for times in draws[:200]]
    )
    level = spread_of(float(one[0]), again[:, 0])
    slope = spread_of(float(one[1]), again[:, 1]) if has_slope else Interval(1.0, None, None)
    return Recalibration(int(seen.sum()), n_serious, level, slope)


def _fit(odds: Floats, serious: np.ndarray, weight: Floats, has_slope: bool) -> Floats:
    """(level, slope) by Newton's steps, not numbers where they do not settle."""
    columns = np.column_stack([np.ones_like(odds), odds])
    found = np.array([0.0, 1.0])
    free = [0, 1] if has_slope else [0]
    for _ in range(50):
        chance = _shifted(odds, *found)
        gradient = (columns * (weight * (serious - chance))[:, None]).sum(axis=0)[free]
        curve = (columns.T @ (columns * (weight * chance * (1 - chance))[:, None]))[np.ix_(free, free)]
        if not np.isfinite(curve).all() or abs(np.linalg.det(curve)) < 1e-12:
            return np.array([np.nan, np.nan])
        step = np.clip(np.linalg.solve(curve, gradient), -2, 2)
        found[free] += step
        if np.abs(step).max() < 1e-8:
            return found
    return np.array([np.nan, np.nan])


def _logit(probability: Floats) -> Floats:
    sure = np.clip(probability, 1e-6, 1 - 1e-6)
    found: Floats = np.log(sure / (1 - sure))
    return found


def _shifted(odds: Floats, level: float, slope: float) -> Floats:
    found: Floats = 1 / (1 + np.exp(-np.clip(level + slope * odds, -40, 40)))
    return found
