"""What a store holds to learn from: lists of past days as known then, and what visits found after them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import polars as pl

from models.facts import Fact
from models.learning.honest.outcomes import settled_plan_days, with_outcomes
from models.learning.honest.sample import SERIOUS, SOME
from models.learning.proposing.matrix import Matrix, matrix
from models.learning.proposing.rows import KINDS, Rows
from models.screening.tuning.back_test import quarter_ends
from registry.settings import Settings

ANY, GRAVE = "any", "serious"
OUTCOMES = (GRAVE, ANY)
_QUARTERS_IN_YEAR = 4


def days_between(settings: Settings, start: dt.date, end: dt.date) -> list[dt.date]:
    """The days to learn from: quarter ends and days of kept plans (only these know chances), both ends inclusive."""
    quarters = (end.year - start.year + 1) * _QUARTERS_IN_YEAR + 1
    past = {day for pair in quarter_ends(end, quarters) for day in pair} | set(settled_plan_days(settings))
    return sorted(day for day in past if start <= day <= end)


def gathered(
    settings: Settings, target: str, start: dt.date, end: dt.date, facts: Sequence[Fact], outcome: str = GRAVE
) -> Rows:
    """The rows of those days whose outcomes are settled; none where nobody was listed.

    outcome: `serious`, or `any` finding.  NoSnapshot where nothing is built.
    """
    found = matrix(settings, target, days_between(settings, start, end), facts)
    return rows_of_outcomes(
        found,
        with_outcomes(settings, target, found.frame.select("child_id", "as_of", "village_code")),
        outcome,
    )


def rows_of_outcomes(found: Matrix, outcomes: pl.DataFrame, outcome: str) -> Rows:
    """The matrix beside its outcomes, row by row; days that are not settled are left out."""
    kept = found.only(found.frame["as_of"].is_in(outcomes["as_of"].unique().to_list()))
    keys = kept.frame.select("child_id", "as_of")
    told = outcomes.unique(["child_id", "as_of"], keep="first").with_columns(
        pl.when(pl.lit(outcome == ANY) & (pl.col("outcome") == SOME))
        .then(pl.lit(SERIOUS))
        .otherwise("outcome")
        .alias("outcome")
    )
    cases = keys.join(told, ["child_id", "as_of"], "inner", maintain_order="left")
    if len(cases) != len(keys):
        raise ValueError(f"outcomes: expected one for each of {len(keys)} rows, found {len(cases)}")
    groups = [kept.groups.get((child, day), {}) for child, day in keys.rows()]
    words = [pl.Series(kind, [one.get(kind, "") for one in groups], dtype=pl.String) for kind in KINDS]
    return Rows(kept, cases.with_columns(words))
