"""Facts that give the outcome away: those that were known only after the visit.

Three signs: a value that stands from a day after the one that it was asked on; a fact that alone ranks the outcomes
nearly without fault; a fact known for the visited and hardly for anybody else.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl

from models.facts import Fact
from models.learning.proposing.matrix import Matrix
from models.learning.proposing.refusals import LearningRefused, Refusal, refusal
from models.parameters import value_on

PERCENT = 100


def check_leaks(found: Matrix, outcome: pl.Series, day: dt.date) -> None:
    """LearningRefused where a fact cannot have been known on its day; limits as of that day.

    outcome: one value a row, true for found, false for nothing found, null where nobody looked.
    """
    refusals = []
    for fact in found.facts:
        one = (
            _later(found, fact, day)
            or _telling(found, fact, outcome, day)
            or _only_seen(found, fact, outcome, day)
        )
        if one:
            refusals.append(one)
    if refusals:
        raise LearningRefused(refusals)


def _later(found: Matrix, fact: Fact, day: dt.date) -> Refusal | None:
    """A few rows may stand from a later day: ledgers hold days that were written down in advance."""
    known = found.frame[fact.name].is_not_null()
    n, n_known = (
        int((known & (found.since[fact.name] > found.frame["as_of"])).fill_null(False).sum()),
        known.sum(),
    )
    is_few = PERCENT * n <= value_on("learning_later_percent", day) * n_known
    return None if is_few else refusal(fact.name, "later_fact", n=n)


def _telling(found: Matrix, fact: Fact, outcome: pl.Series, day: dt.date) -> Refusal | None:
    limit = value_on("learning_telling_auc_percent", day)
    known = (found.frame[fact.name].is_not_null() & outcome.is_not_null()).to_numpy()
    truth = outcome.fill_null(False).to_numpy()[known]
    if not truth.any() or truth.all():
        return None
    area = _ranking(_as_numbers(found.frame[fact.name], outcome).to_numpy()[known], truth)
    told = round(PERCENT * max(area, 1 - area))
    return refusal(fact.name, "telling_fact", auc=told, limit=limit) if told >= limit else None


def _as_numbers(values: pl.Series, outcome: pl.Series) -> pl.Series:
    """Numbers and flags as they are, a code by the share of its own outcomes (the most that it can tell)."""
    if values.dtype != pl.String:
        return values.cast(pl.Float64)
    frame = pl.DataFrame({"code": values, "outcome": outcome.cast(pl.Float64)})
    return frame.select(pl.col("outcome").mean().over("code"))["outcome"]


def _ranking(values: np.ndarray, truth: np.ndarray) -> float:
    """The share of pairs of one found and one not in which the found has the higher value (n,) (n,)."""
    levels, place = np.unique(values, return_inverse=True)
    positive = np.bincount(place, truth, len(levels))
    negative = np.bincount(place, ~truth, len(levels))
    below = np.cumsum(negative) - negative
    return float((positive * (below + negative / 2)).sum() / (positive.sum() * negative.sum()))


def _only_seen(found: Matrix, fact: Fact, outcome: pl.Series, day: dt.date) -> Refusal | None:
    limit = value_on("learning_seen_gap_percent", day)
    known, seen = found.frame[fact.name].is_not_null(), outcome.is_not_null()
    if not seen.any() or seen.all():
        return None
    shares = [round(PERCENT * float(known.filter(rows).mean() or 0)) for rows in (seen, ~seen)]  # type: ignore[arg-type]
    if shares[0] - shares[1] < limit:
        return None
    return refusal(fact.name, "only_seen_fact", seen=shares[0], unseen=shares[1])
