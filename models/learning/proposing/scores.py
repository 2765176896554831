"""A card's points for rows of facts, computed without a database: the third hand beside DuckDB and Spark."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.screening.rulebook.card import Bin, Card, Line


def points_of(card: Card, frame: pl.DataFrame) -> NDArray[np.float64]:
    """The sum of the points of each row (n,); `frame` has a column for each fact of the card."""
    lines = [line_points(line).alias(line.fact) for line in card.lines]
    return frame.select(pl.sum_horizontal(lines).alias("points"))["points"].cast(pl.Float64).to_numpy()


def line_points(line: Line) -> pl.Expr:
    """The points of one line as an expression; not known has its own."""
    found: Any = pl.when(pl.col(line.fact).is_null()).then(pl.lit(line.unknown))
    for one in line.bins:
        found = found.when(_fits(line.fact, one)).then(pl.lit(one.points))
    points: pl.Expr = found.otherwise(pl.lit(None, pl.Int64))
    return points


def _fits(fact: str, one: Bin) -> pl.Expr:
    column = pl.col(fact)
    if one.is_ is not None:
        return column == one.is_
    if one.codes is not None:
        return column.is_in(list(one.codes))
    inside = pl.lit(True)
    if one.from_ is not None:
        inside = inside & (column >= one.from_)
    return inside & (column < one.below) if one.below is not None else inside
