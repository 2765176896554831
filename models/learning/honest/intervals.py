"""Intervals: villages drawn again for what was seen, exact ones for what was drawn with a known chance.

Villages are drawn again whole because their children share a worker, a road and a school.  Drawing villages again
says nothing sensible where few or no events were found; for visits drawn with a known chance there are intervals
that hold even then.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta, gamma

Floats = NDArray[np.float64]
WITHIN = 0.95
_TAIL = (1 - WITHIN) / 2
_GRID = (np.arange(400) + 0.5) / 400  # quantiles at which two confidence distributions are put together


class Interval(NamedTuple):
    """A value with its interval of 95 %; None where the data say nothing."""

    value: float | None
    low: float | None
    high: float | None

    def covers(self, truth: float) -> bool:
        """Whether the truth lies in it; an interval that says nothing covers nothing."""
        return self.low is not None and self.high is not None and self.low <= truth <= self.high

    def times(self, factor: float) -> Interval:
        """The same in another unit."""
        return Interval(*(None if one is None else one * factor for one in self))


NOTHING = Interval(None, None, None)


def numbered(names: Any) -> tuple[NDArray[np.intp], int]:
    """Each row's village as a number from 0, and how many villages there are."""
    found, at = np.unique(np.asarray(names, dtype=str), return_inverse=True)
    return at, len(found)


def village_draws(n_villages: int, times: int, seed: int) -> Floats:
    """How often each village was drawn: times × villages, each row adding up to the number of villages."""
    chance = np.random.default_rng(seed)
    return chance.multinomial(n_villages, np.full(n_villages, 1 / n_villages), size=times).astype(float)


def village_sums(columns: Floats, village: NDArray[np.intp], n_villages: int) -> Floats:
    """Sums of the columns (rows × columns) in each village: villages × columns."""
    found = np.zeros((n_villages, columns.shape[1]))
    np.add.at(found, village, columns)
    return found


def spread_of(value: float | None, drawn: Floats) -> Interval:
    """The value between the quantiles of what drawing villages again gave; NOTHING where it has no value."""
    kept = drawn[np.isfinite(drawn)]
    if value is None or not np.isfinite(value) or not len(kept):
        return NOTHING
    low, high = np.quantile(kept, (_TAIL, 1 - _TAIL))
    return Interval(float(value), float(min(low, value)), float(max(high, value)))


def wider(one: Interval, other: Interval) -> Interval:
    """The first value with the wider end on each side; one of them where the other says nothing."""
    if one.value is None:
        return one
    lows = [cell for cell in (one.low, other.low) if cell is not None]
    highs = [cell for cell in (one.high, other.high) if cell is not None]
    is_open = one.high is None  # no upper end can be told
    return Interval(one.value, min(lows, default=None), None if is_open else max(highs, default=None))


def divided(over: Any, under: Any) -> Any:
    """over / under, not a number where there is nothing to divide by."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.asarray(under) > 0, np.asarray(over, float) / np.asarray(under, float), np.nan)


def exact_share(events: float, n: float) -> tuple[float, float]:
    """Clopper and Pearson's limits; numbers need not be whole (Korn and Graubard's use)."""
    low = 0.0 if events <= 0 else float(beta.ppf(_TAIL, events, n - events + 1))
    high = 1.0 if events >= n else float(beta.ppf(1 - _TAIL, events + 1, n - events))
    return low, high


def weighted_share(hit: Floats, weight: Floats) -> Interval:
    """A share of children drawn with weights: Clopper and Pearson at the number of equal draws that say as much.

    hit, weight: one a child drawn, weight = 1 / chance.  Source: Korn and Graubard 1998, Survey Methodology 24:193.
    """
    total = float(weight.sum())
    if total <= 0:
        return NOTHING
    share = float((weight * hit).sum()) / total
    equal = total**2 / float((weight**2).sum())
    variance = float((weight**2 * (hit - share) ** 2).sum()) / total**2
    if variance > 0 and 0 < share < 1:
        equal = min(float(len(hit)), share * (1 - share) / variance)
    low, high = exact_share(share * equal, equal)
    return Interval(share, min(low, share), max(high, share))


class Total(NamedTuple):
    """A total estimated from draws with known chances, with the two distributions that its limits come from.

    lower, upper: quantiles at equal steps; the truth hardly lies below the one or above the other.
    """

    value: float
    lower: Floats
    upper: Floats

    def interval(self) -> Interval:
        """The total between its limits."""
        low, high = np.quantile(self.lower, _TAIL), np.quantile(self.upper, 1 - _TAIL)
        return Interval(self.value, float(min(low, self.value)), float(max(high, self.value)))


def total_of(amount: Floats, weight: Floats, most: float) -> Total:
    """Horvitz and Thompson's total with gamma limits that hold for few or no events.

    amount: what each answered child counts (0 where nothing was found, a part of 1 at a tie); weight: 1 / chance,
    1 for those who were certain and add no doubt; most: what the total cannot exceed.
    Source: Horvitz and Thompson 1952; Fay and Feuer 1997, Statistics in Medicine 16:791, with the variance of a
    draw without return.
    """
    known = float(amount[weight <= 1].sum())
    drawn = weight > 1
    part, size = amount[drawn], weight[drawn]
    total = float((part * size).sum())
    spread = float((part**2 * size * (size - 1)).sum())
    lower = np.zeros_like(_GRID) if total <= 0 or spread <= 0 else _gamma(total, spread)
    upper = np.full_like(_GRID, total)
    if len(size):
        heaviest = float(size.max())
        upper = _gamma(total + heaviest, spread + heaviest * (heaviest - 1))
    return Total(
        known + total, np.minimum(known + lower, most), np.minimum(known + upper, max(most, known + total))
    )


def _gamma(mean: float, variance: float) -> Floats:
    found: Floats = gamma.ppf(_GRID, mean**2 / variance, scale=variance / mean)
    return found


def part_of_both(one: Total, other: Total) -> Interval:
    """one / (one + other), the limits of both melded; for two plain counts these are Clopper and Pearson's.

    Source: Fay, Proschan and Brittain 2015, Biometrics 71:146.
    """
    value = divided(one.value, one.value + other.value)
    low = divided(one.lower[:, None], one.lower[:, None] + other.upper[None, :]).ravel()
    high = divided(one.upper[:, None], one.upper[:, None] + other.lower[None, :]).ravel()
    if not np.isfinite(value):
        return NOTHING
    limits = np.nanquantile(low, _TAIL), np.nanquantile(high, 1 - _TAIL)
    return Interval(float(value), float(min(limits[0], value)), float(max(limits[1], value)))


def difference_of(one: Total, other: Total) -> Interval:
    """one − other, the limits of both melded (as `part_of_both`)."""
    low = np.quantile((one.lower[:, None] - other.upper[None, :]).ravel(), _TAIL)
    high = np.quantile((one.upper[:, None] - other.lower[None, :]).ravel(), 1 - _TAIL)
    return Interval(one.value - other.value, float(low), float(high))


def differ(one: Interval, other: Interval) -> Interval:
    """one − other, the arms of both intervals squared and added.

    Source: Zou and Donner 2008, Statistics in Medicine 27:1693.
    """
    cells = (*one, *other)
    if any(cell is None for cell in cells):
        return NOTHING
    a, a_low, a_high, b, b_low, b_high = (float(cell) for cell in cells if cell is not None)
    below, above = np.hypot(a - a_low, b_high - b), np.hypot(a_high - a, b - b_low)
    return Interval(a - b, float(a - b - below), float(a - b + above))
