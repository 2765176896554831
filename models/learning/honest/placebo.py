"""An outcome that nothing can foretell: if a score foretells it all the same, the machinery is wrong.

Outcomes are dealt out anew among those who were visited, over the whole district on the same day.  Dealing only
inside a village would keep each village's own rate, which a score may rightly know, and 0.5 would not be expected.
Everything else stays: who was visited, the scores, their ties, the villages that are drawn again.  A score made from
the outcome itself shows no link to the dealt ones, so this finds faults of the measuring, not leaks of facts; those
are refused where facts are read.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.stats import rankdata

from models.learning.honest.intervals import Floats, Interval, spread_of
from models.learning.honest.measures import area_under
from models.learning.honest.sample import Sample

DEALS = 100


class Placebo(NamedTuple):
    """AUC for dealt outcomes: one dealing with its interval, and where chance alone puts AUC over many dealings.

    is_real: whether the score's own AUC lies beyond what chance gives.
    """

    one: Interval
    by_chance: Interval
    is_real: bool | None


def dealt(sample: Sample, chance: np.random.Generator) -> Sample:
    """The sample with the outcomes of each day's visited dealt out anew among them."""
    serious = sample.serious.copy()
    for day in np.unique(sample.day):
        rows = np.flatnonzero((sample.day == day) & sample.looked)
        serious[rows] = serious[chance.permutation(rows)]
    return sample._replace(serious=serious)


def placebo(sample: Sample, values: Floats, own: Interval, draws: Floats, seed: int) -> Placebo:
    """AUC of the scores for dealt outcomes; `own` is their AUC among the visited."""
    chance, seen = np.random.default_rng(seed), sample.looked.astype(float)
    first = area_under(dealt(sample, chance), seen, values, draws)
    places = rankdata(values[sample.looked])
    told = np.array([_area(places, dealt(sample, chance).serious[sample.looked]) for _ in range(DEALS)])
    middle = float(np.nanmean(told)) if np.isfinite(told).any() else None
    by_chance = spread_of(middle, told)
    is_real = None if own.value is None or by_chance.high is None else own.value > by_chance.high
    return Placebo(first, by_chance, is_real)


def _area(places: Floats, serious: np.ndarray) -> float:
    """AUC from the places of all scores, equal ones sharing theirs (Mann and Whitney)."""
    n = int(serious.sum())
    pairs = n * (len(serious) - n)
    return float(places[serious].sum() - n * (n + 1) / 2) / pairs if pairs else float("nan")
