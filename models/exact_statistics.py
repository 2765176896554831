"""Medians, quantiles and rates worked out exactly, without an engine.

A median takes still-open cases as censored (Kaplan and Meier 1958).  A rate's interval is exact for a Poisson count
(Garwood 1936).  Quantiles are those of a spreadsheet (Hyndman and Fan 1996, type 7).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

_TAIL = 0.025


def median_with_open_ends(ended: Sequence[int], still_open: Sequence[int]) -> float | None:
    """The day by which half have ended (Kaplan–Meier); None where fewer than half ever did.

    `ended` holds whole days until the end, `still_open` days so far.  Worked in fractions: no rounding.
    """
    closed, waiting = Counter(ended), Counter(still_open)
    return median_of_counts([(day, closed[day], waiting[day]) for day in sorted(closed | waiting)])


def median_of_counts(counts: Sequence[tuple[int, int, int]]) -> float | None:
    """The same from (day, how many ended, how many are open that long), by day."""
    at_risk = sum(ended + still_open for _, ended, still_open in counts)
    above, below = 1, 1  # whole numbers: reducing a fraction at every step takes longer than the rest
    for day, ended, still_open in counts:
        if ended:
            above, below = above * (at_risk - ended), below * at_risk
            if 2 * above <= below:
                return float(day)
        at_risk -= ended + still_open
    return None


def quantile(values: Sequence[Decimal], share: Fraction) -> float | None:
    """The value below which that share lies, between two neighbours in proportion; None without values."""
    if not values:
        return None
    ordered = sorted(Fraction(value) for value in values)
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return float(ordered[below] + (place - below) * (ordered[above] - ordered[below]))


def _poisson_at_most(count: int, mean: float) -> float:
    """Chance of `count` events or fewer."""
    if mean <= 0:
        return 1.0
    # In logarithms: exp(-mean) alone is zero from a mean of 746.
    return math.fsum(
        math.exp(number * math.log(mean) - mean - math.lgamma(number + 1)) for number in range(count + 1)
    )


def exact_poisson(count: int) -> tuple[float, float]:
    """The exact 95 % interval of a Poisson count's mean (Garwood), to 1e-9."""

    def solve(seen: int, chance: float) -> float:
        low, high = 0.0, count + 10 * math.sqrt(count + 1) + 10
        while high - low > 1e-9:
            middle = (low + high) / 2
            if _poisson_at_most(seen, middle) > chance:
                low = middle
            else:
                high = middle
        return (low + high) / 2

    return (0.0 if count == 0 else solve(count - 1, 1 - _TAIL)), solve(count, _TAIL)
