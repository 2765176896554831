"""Hides small numbers about children from readers who may not see single children.

Hidden: below the district, every figure of class `status` in which one of yes, no or unknown is at least 1
and below `small_number`; all of its numbers go, its place stays. Then, so that the hidden one is not the
difference between a total and the rest: where one sibling is hidden, a second one; where a township is
hidden, one of its villages at least. Zeros stay.

Not yet done, and so not promised: differences between periods, between series and between indicators with a
common base can still reveal a number (a village of nine last quarter and eight now); a group that agrees to
a man (12 of 12) is shown; figures of schools are hidden by their own counts only. Full protection belongs
to models/disclosure.py.
"""

from __future__ import annotations

import polars as pl

from dashboard.access import Permission, Reader, may
from dashboard.views.thresholds import threshold

COUNTS = ("yes", "no", "unknown")
NUMBERS = (*COUNTS, "value", "low", "high", "evidence", "n_shown")
OPEN_LEVELS = ("district", "department")
HIDDEN = "hidden"
CELL = ("code", "series", "period")


def protect(figures: pl.DataFrame, reader: Reader) -> pl.DataFrame:
    """The figures as the reader may see them, before anything reaches the browser.

    figures: rows of `figure` with `disclosure` and `parent_code` (of the area; null for schools). All
    siblings of a shown area must be in the frame, also those outside the page. Returns the same columns;
    hidden rows have status `hidden` and null numbers.
    """
    if may(reader, Permission.VIEW_CHILDREN) or figures.is_empty():
        return figures
    total = pl.sum_horizontal(pl.col(count).fill_null(0) for count in COUNTS).alias("_total")
    marked = figures.with_columns(total, _is_small().alias("_hidden"))
    for level in ("township", "village"):
        marked = _hide_second_ones(marked, level)
    blanked = [pl.when("_hidden").then(None).otherwise(pl.col(name)).alias(name) for name in NUMBERS]
    status = pl.when("_hidden").then(pl.lit(HIDDEN)).otherwise(pl.col("status")).alias("status")
    return marked.with_columns(*blanked, status).select(figures.columns)


def _is_small() -> pl.Expr:
    """Class `status`, below the district, with a count from 1 to k - 1."""
    limit = threshold("small_number")
    small = pl.any_horizontal(
        pl.col(count).fill_null(0).is_between(1, limit, closed="left") for count in COUNTS
    )
    return (pl.col("disclosure") == "status") & ~pl.col("level").is_in(OPEN_LEVELS) & small


def _hide_second_ones(marked: pl.DataFrame, level: str) -> pl.DataFrame:
    """Hide more of each group of siblings where what is hidden could be subtracted; the smallest totals
    first.
    """
    group = ["parent_code", *CELL]
    above = marked.select(pl.col("area").alias("parent_code"), *CELL, pl.col("_hidden").alias("_above"))
    joined = marked.join(above.unique(group), on=group, how="left", nulls_equal=False, maintain_order="left")
    is_ours = (
        (pl.col("level") == level) & (pl.col("disclosure") == "status") & pl.col("parent_code").is_not_null()
    )
    order = pl.struct(a=~pl.col("_hidden"), b=pl.col("_total") == 0, c="_total", d="area").rank("ordinal")
    counted = joined.with_columns(
        _is_ours=is_ours, _n=pl.col("_hidden").sum().over(*group, "level"), _place=order.over(*group, "level")
    )
    above_hidden = pl.col("_above").fill_null(False)
    wanted = pl.when(above_hidden).then(1).when(pl.col("_n") > 0).then(2).otherwise(0)
    is_hidden = pl.col("_hidden") | (pl.col("_is_ours") & (pl.col("_place") <= wanted))
    return counted.with_columns(_hidden=is_hidden).select(marked.columns)
