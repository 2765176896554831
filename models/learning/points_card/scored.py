"""A fitted card applied to rows: the sum of points, and who is among the top."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from models.learning.points_card.binning import answers
from models.learning.points_card.columns import Column, missing
from models.learning.points_card.printing import FactPoints


class FittedCard(NamedTuple):
    """The facts of a card with their points, the fitted line, and the loss that the search minimised."""

    facts: tuple[FactPoints, ...]
    intercept: float
    multiplier: float
    loss: float


def points_of(card: FittedCard, columns: Sequence[Column], offset: int | None) -> np.ndarray:
    """The sum of points of each row (n_rows whole numbers); `offset` is the column of points to start from."""
    total = offset_points(columns, offset)
    for one in card.facts:
        total = total + fact_points(one, columns[one.place])
    return total


def fact_points(one: FactPoints, column: Column) -> np.ndarray:
    """The points that one fact gives to each row; a missing answer gets those of "not known"."""
    found = np.zeros(len(column.values), np.int64)
    for condition, points in one.conditions:
        found += points * answers(condition, column)
    return np.where(missing(column), one.unknown, found)


def offset_points(columns: Sequence[Column], offset: int | None) -> np.ndarray:
    """The points that each row starts from; ValueError where they aren't whole numbers."""
    if offset is None:
        return np.zeros(len(columns[0].values), np.int64)
    column = columns[offset]
    if column.kind != "number" or np.any(column.values != np.rint(column.values)):
        raise ValueError(f"offset_card: column {column.name!r}: expected whole points for every row")
    return column.values.astype(np.int64)


def listed(points: np.ndarray, share: float) -> np.ndarray:
    """Which rows are among the top share (at least one), ties in the order of rows."""
    n = max(1, round(share * len(points)))
    on = np.zeros(len(points), bool)
    on[np.argsort(-points, kind="stable")[:n]] = True
    return on
