"""The chance of having been visited, estimated from what was known on the day, and weights made from it.

It can only see what the registry holds.  Whoever was visited because a neighbour spoke up, or passed over because
the family did not open, is not repaired by these weights; the drawn visits show by how much.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from sklearn.linear_model import LogisticRegression

from models.learning.honest.intervals import Floats
from models.learning.honest.sample import Sample

UNKNOWN = "not_known"
_FIFTHS = (0.2, 0.4, 0.6, 0.8)
_MOST_VALUES = 8


def one_hot(facts: pl.DataFrame, n: int) -> Floats:
    """Every value of every fact as a column of 0 and 1 (n × values), the unknown a value too; numbers in fifths."""
    found = [np.zeros((n, 0))]
    for name in facts.columns:
        values = values_of(facts[name])
        levels = np.unique(values)
        found.append((values[:, None] == levels[None, :]).astype(float))
    return np.column_stack(found)


def values_of(fact: pl.Series, like: pl.Series | None = None) -> np.ndarray:
    """A fact's values as words, numbers with many values in fifths (of `like` where given)."""
    cells = fact.cast(pl.Float64) if fact.dtype.is_decimal() else fact
    like = cells if like is None else like
    if cells.dtype.is_numeric() and like.drop_nulls().n_unique() > _MOST_VALUES:
        edges = np.unique(np.quantile(like.drop_nulls().cast(pl.Float64).to_numpy(), _FIFTHS))
        numbers = cells.cast(pl.Float64).fill_null(np.nan).to_numpy()
        fifths = np.searchsorted(edges, numbers, side="right").astype(str)
        return np.where(np.isfinite(numbers), fifths, UNKNOWN)
    return cells.cast(pl.String).fill_null(UNKNOWN).to_numpy().astype(str)


def visit_weights(sample: Sample, facts: pl.DataFrame, orders: Sequence[Floats], floor: float) -> Floats:
    """1 / (estimated chance of being visited) for who was visited, 0 for the others.

    A logistic regression on the facts and on each order's fifths (`orders`); chances below `floor` are raised to it,
    so that nobody stands for hundreds.  1 for all visited where everybody or nobody was visited.
    """
    seen = sample.looked
    if seen.all() or not seen.any():
        return seen.astype(float)
    fifths = pl.DataFrame({f"order_{number}": order for number, order in enumerate(orders)})
    columns = np.column_stack([one_hot(facts, sample.n), one_hot(fifths, sample.n)])
    model = LogisticRegression(max_iter=1000)
    chance = model.fit(columns, seen).predict_proba(columns)[:, 1]
    return np.where(seen, 1 / np.maximum(chance, floor), 0.0)
