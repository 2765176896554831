"""Whether scores and facts are still those from which the card was made.

The population stability index of the scores in tenths of the training scores, and for each fact how many of a hundred
children have another value (total variation), the unknown being a value.  Both grow by chance alone, so the interval
is drawn about the value (villages of both times drawn again) and a change is told only when all of it is.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import polars as pl

from models.learning.honest.intervals import WITHIN, Floats, Interval, numbered, village_draws, village_sums
from models.learning.honest.propensity import values_of

Standing = Literal["stable", "unclear", "moved"]
_TENTHS = np.arange(1, 10) / 10
_HALF = 0.5  # a child added to each cell, so that an empty one does not make the index endless
_TAIL = (1 - WITHIN) / 2


class Shift(NamedTuple):
    """What moved by how much; `standing` compares the interval with the threshold."""

    what: str
    distance: Interval
    threshold: float
    standing: Standing


class Told(NamedTuple):
    """One time: scores (None where the scorer gives none), facts, villages; a row a child."""

    scores: Floats | None
    facts: pl.DataFrame
    villages: Floats | np.ndarray


def drift(
    then: Told, now: Told, index_threshold: float, fact_threshold: float, times: int, seed: int
) -> list[Shift]:
    """The scores first, then each fact that both times have, the largest change first."""
    places = [numbered(one.villages) for one in (then, now)]
    draws = [village_draws(n, times, seed + number) for number, (_, n) in enumerate(places)]
    found = []
    if then.scores is not None and now.scores is not None:
        edges = np.unique(np.quantile(then.scores, _TENTHS))
        bins = [np.searchsorted(edges, one, side="right") for one in (then.scores, now.scores)]
        found.append(_shift("score", bins, len(edges) + 1, places, draws, index_threshold, stability_index))
    moved = []
    for name in then.facts.columns:
        if name in now.facts.columns:
            words = [values_of(one.facts[name], then.facts[name]) for one in (then, now)]
            levels, at = np.unique(np.concatenate(words), return_inverse=True)
            bins = [at[: len(words[0])], at[len(words[0]) :]]
            moved.append(_shift(name, bins, len(levels), places, draws, fact_threshold, total_variation))
    return found + sorted(moved, key=lambda one: -(one.distance.value or 0.0))


def stability_index(then: Floats, now: Floats) -> Floats:
    """Σ (now − then) · ln(now / then) over cells (last axis), from counts."""
    shares = [(one + _HALF) / (one + _HALF).sum(axis=-1, keepdims=True) for one in (then, now)]
    found: Floats = ((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum(axis=-1)
    return found


def total_variation(then: Floats, now: Floats) -> Floats:
    """Half the sum of the differences of shares over cells (last axis), from counts."""
    shares = [one / np.maximum(one.sum(axis=-1, keepdims=True), 1) for one in (then, now)]
    found: Floats = np.abs(shares[1] - shares[0]).sum(axis=-1) / 2
    return found


def _shift(what, bins, n_cells, places, draws, threshold, distance) -> Shift:  # type: ignore[no-untyped-def]
    sums = [
        village_sums((one[:, None] == np.arange(n_cells)[None, :]).astype(float), village, n)
        for one, (village, n) in zip(bins, places, strict=True)
    ]
    value = float(distance(*(one.sum(axis=0) for one in sums)))
    again = distance(*(draw @ one for draw, one in zip(draws, sums, strict=True)))
    low, high = (max(0.0, 2 * value - float(cell)) for cell in np.quantile(again, (1 - _TAIL, _TAIL)))
    interval = Interval(value, min(low, value), max(high, value))
    standing: Standing = (
        "moved" if interval.low >= threshold else "stable" if interval.high < threshold else "unclear"
    )  # type: ignore[operator]
    return Shift(what, interval, threshold, standing)
