"""The rows of an evaluation as arrays: who was listed when, who was looked at, what was found, by which chance.

One row is a child on the list of one day.  What is not looked at has no outcome; it is never taken for a good one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.learning.honest.intervals import Floats, numbered

SERIOUS, SOME, NONE, NOT_VISITED = "serious", "some", "none", "not_visited"
OUTCOMES = (SERIOUS, SOME, NONE, NOT_VISITED)
COLUMNS: Mapping[str, Any] = {
    "child_id": pl.String,
    "village_code": pl.String,
    "as_of": pl.Date,
    "outcome": pl.String,
    "visited": pl.Boolean,
    "probe": pl.Boolean,
    "probability": pl.Float64,
}


class Scores(NamedTuple):
    """A scorer's word on each row, the more urgent the higher; `probability` where it gives one.

    `training` holds its scores on the rows that it was made from, for drift.  `role` is `card`, `baseline` or
    `ceiling`.
    """

    values: Floats
    probability: Floats | None = None
    training: Floats | None = None
    role: str = "card"


class Sample(NamedTuple):
    """Rows as arrays. chance: of being chosen by the plan, not a number where no plan tells one.

    looked: a home visit has an outcome; serious: that outcome is the one looked for.
    """

    village: NDArray[np.intp]
    n_villages: int
    day: NDArray[np.intp]
    looked: NDArray[np.bool_]
    serious: NDArray[np.bool_]
    probe: NDArray[np.bool_]
    chance: Floats

    @property
    def n(self) -> int:
        """How many rows."""
        return len(self.looked)

    def where(self, kept: NDArray[np.bool_]) -> Sample:
        """Some of the rows; villages keep their numbers."""
        return Sample(self.village[kept], self.n_villages, self.day[kept], self.looked[kept], self.serious[kept],
                      self.probe[kept], self.chance[kept])  # fmt: skip


class CaseProblem(ValueError):
    """Rows that cannot be evaluated: names column, what was expected, what was found."""


def sample_of(cases: pl.DataFrame, events: tuple[str, ...] = (SERIOUS,)) -> Sample:
    """The rows as arrays; CaseProblem where a column is missing, a child stands twice on a day, or an outcome without
    a visit (or a visit without one) is told."""
    _refuse(cases)
    village, n_villages = numbered(cases["village_code"].fill_null("").to_numpy())
    _, day = np.unique(cases["as_of"].to_numpy(), return_inverse=True)
    return Sample(
        village,
        n_villages,
        day,
        cases["visited"].to_numpy().astype(bool),
        cases["outcome"].is_in(list(events)).to_numpy(),
        cases["probe"].fill_null(False).to_numpy().astype(bool),
        cases["probability"].cast(pl.Float64).fill_null(np.nan).to_numpy(),
    )


def _refuse(cases: pl.DataFrame) -> None:
    missing = [name for name in COLUMNS if name not in cases.columns]
    if missing:
        raise CaseProblem(f"cases: expected the columns {list(COLUMNS)}, missing are {missing}")
    strange = set(cases["outcome"].unique().to_list()) - set(OUTCOMES)
    if strange:
        raise CaseProblem(f"cases: outcome: expected one of {OUTCOMES}, found {sorted(map(str, strange))}")
    twice = len(cases) - len(cases.select("child_id", "as_of").unique())
    if twice:
        raise CaseProblem(f"cases: expected each child once a day, found {twice} rows too many")
    torn = int((cases["visited"] != (cases["outcome"] != NOT_VISITED)).sum())
    if torn:
        raise CaseProblem(
            f"cases: expected an outcome for who was visited and no other, found {torn} rows that differ"
        )
    wrong = cases.filter((pl.col("probability") <= 0) | (pl.col("probability") > 1)).height
    if wrong:
        raise CaseProblem(f"cases: probability: expected (0, 1], found {wrong} rows outside")
    unknown = cases.filter(pl.col("probe") & pl.col("probability").is_null()).height
    if unknown:
        raise CaseProblem(f"cases: probability: expected one for every drawn visit, {unknown} have none")


def chosen(values: Floats, day: NDArray[np.intp], capacity: int) -> Floats:
    """Who is on the list of `capacity` visits of each day: 1, 0, and the same part for all who tie at the cut.

    A part is what drawing lots among equal scores would give on average; no row gains by standing first.
    """
    if not np.isfinite(values).all():
        raise CaseProblem("scores: expected a number for every row, found some that are none")
    found = np.zeros(len(values))
    for one in np.unique(day):
        rows = np.flatnonzero(day == one)
        own = values[rows]
        if capacity >= len(own):
            found[rows] = 1.0
            continue
        cut = np.partition(own, len(own) - capacity)[len(own) - capacity]
        above, level = own > cut, own == cut
        found[rows[above]] = 1.0
        found[rows[level]] = (capacity - above.sum()) / level.sum()
    return found
