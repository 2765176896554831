"""Visits drawn at random, so that what the list misses can be estimated without its own bias.

Every child of the list has a known chance to be in the plan: 1 where a visit is due, else the dated share.  Each
child's coin is its own (Poisson sampling), thrown from the build's id and the child's pseudonym: the same build
draws the same children on every machine, and nobody can choose.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from typing import NamedTuple

CERTAIN = 1.0
NORMAL_QUANTILE = 1.959963984540054  # of a two-sided interval of 95 %


def coin(build_id: str, child_id: str) -> float:
    """A number from 0 up to 1 that the build and the child settle."""
    digest = hashlib.sha256(f"probe {build_id} {child_id}".encode()).digest()
    return int.from_bytes(digest[:7], "big") / 2**56


def drawn(build_id: str, children: Sequence[str], probability: float) -> list[str]:
    """Those whose coin falls below the probability, in the order given."""
    return [child for child in children if coin(build_id, child) < probability]


class Probe(NamedTuple):
    """One drawn visit as it came back; `is_urgent` is None while nobody has been there."""

    probability: float
    is_urgent: bool | None


class Misses(NamedTuple):
    """What the list misses among `n_children` not due: a share with its interval, and so many children."""

    n_probes: int
    n_answered: int
    n_urgent: int
    share: float | None
    low: float | None
    high: float | None
    children: float | None


def estimate_misses(probes: Sequence[Probe], n_children: int) -> Misses:
    """Horvitz–Thompson over the answered probes, as a share of what they stand for; Wilson's interval at their
    effective number.

    Unanswered probes are not taken for a good answer: they leave the estimate and stand beside it as
    `n_probes` − `n_answered`.  None without an answer; ValueError for a probability outside (0, 1].
    Source: Horvitz and Thompson 1952; Särndal, Swensson and Wretman 1992, 5.7 (ratio to the estimated size).
    """
    for one in probes:
        if not 0 < one.probability <= CERTAIN:
            raise ValueError(f"probe: expected a probability in (0, 1], found {one.probability}")
    answered = [one for one in probes if one.is_urgent is not None]
    urgent = [one for one in answered if one.is_urgent]
    if not answered:
        return Misses(len(probes), 0, 0, None, None, None, None)
    weights = [1 / one.probability for one in answered]
    share = sum(1 / one.probability for one in urgent) / sum(weights)
    low, high = _wilson(share, sum(weights) ** 2 / sum(weight**2 for weight in weights))
    return Misses(len(probes), len(answered), len(urgent), share, low, high, share * n_children)


def _wilson(share: float, n: float) -> tuple[float, float]:
    """Wilson's interval of a share; it does not shrink to a point where nothing was found."""
    z = NORMAL_QUANTILE
    middle, width = share + z**2 / (2 * n), z * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return max(0.0, (middle - width) / (1 + z**2 / n)), min(1.0, (middle + width) / (1 + z**2 / n))
