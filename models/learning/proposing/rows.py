"""The facts of past days with what visits found: what is learned from, and what is tested on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from models.learning.honest.sample import SERIOUS
from models.learning.proposing.matrix import Matrix

KINDS = ("township", "sex", "ethnicity", "remoteness", "boarding", "disability", "source", "missing")


class Rows(NamedTuple):
    """`cases` has the rows of `matrix` in the same order: `honest.sample.COLUMNS` and a column for each of KINDS."""

    matrix: Matrix
    cases: pl.DataFrame

    def of(self, days: Sequence[dt.date]) -> Rows:
        """The rows of some days."""
        kept = self.cases["as_of"].is_in(list(days))
        return Rows(self.matrix.only(kept), self.cases.filter(kept))

    def outcome(self) -> pl.Series:
        """True for something serious, false for a visit without it, null where nobody looked."""
        return self.cases.select(pl.when("visited").then(pl.col("outcome") == SERIOUS).alias("outcome"))[
            "outcome"
        ]
