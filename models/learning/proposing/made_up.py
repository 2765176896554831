"""Made-up lists of past days in which the truth is known: to learn the commands on, and to test them.

The facts are those that there are, their values are drawn; what is serious rests on four of them and on chance.  Some
children the plan must visit, some it draws, some are visited because a worker chose to.  Nothing here is a claim about
real children.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import polars as pl

from models.learning.honest.intervals import Floats
from models.learning.honest.sample import NONE, NOT_VISITED, SERIOUS
from models.learning.proposing.allowed import Candidate
from models.learning.proposing.gathering import rows_of_outcomes
from models.learning.proposing.matrix import Matrix, laid_out
from models.learning.proposing.rows import Rows

DAYS = (dt.date(2025, 12, 31), dt.date(2026, 3, 31), dt.date(2026, 6, 30))
EFFECTS = {
    "days_since_home_visit": 1.4,
    "unexcused_absence_days": 1.3,
    "carer_changed": 1.2,
    "carer_capacity": 1.5,
}
MUST, DRAWN, GOES = (
    0.15,
    0.3,
    0.15,
)  # share of the list that must be visited; chances of being drawn and of a visit
_MISSING, _VILLAGES, _TOWNSHIPS = 0.08, 60, 8


def made_up_rows(
    facts: Sequence[Candidate],
    seed: int = 1,
    n: int = 700,
    days: Sequence[dt.date] = DAYS,
    level: float = -2.6,
) -> Rows:
    """`n` children on each of those days; the same for the same seed.  level: log odds without any worry."""
    chance = np.random.default_rng(seed)
    frames, told, groups = [], [], {}
    for day in days:
        columns = {one.fact.name: _values(chance, one, n) for one in facts}
        child = [f"c{at:05}" for at in range(n)]
        village = [f"5309020{at % _TOWNSHIPS:02}{900 + at:03}" for at in chance.integers(0, _VILLAGES, n)]
        odds = level + sum(
            (EFFECTS[name] * _worry(columns[name]) for name in EFFECTS if name in columns), np.zeros(n)
        )
        serious = chance.random(n) < 1 / (1 + np.exp(-odds))
        frames.append(_frame(day, child, village, facts, columns, chance))
        told.append(_outcomes(chance, day, child, village, serious, odds))
        for at, one in enumerate(child):
            groups[one, day] = _groups(chance, village[at])
    whole: Matrix = laid_out("visit", days, [one.fact for one in facts], frames, groups)
    return rows_of_outcomes(whole, pl.concat(told), SERIOUS)


def _values(chance: np.random.Generator, one: Candidate, n: int) -> list[object]:
    missing = chance.random(n) < _MISSING
    if one.fact.kind == "flag":
        found: list[object] = [bool(value) for value in chance.random(n) < 0.25]
    elif one.fact.kind == "code":
        codes = [label.code for label in one.fact.labels()]
        found = [codes[at] for at in chance.integers(0, len(codes), n)]
    else:
        mean = 80.0 if "days" in one.fact.name and "absence" not in one.fact.name else 3.0
        found = [float(round(value)) for value in chance.exponential(mean, n)]
    return [None if gone else value for gone, value in zip(missing, found, strict=True)]


def _worry(values: Sequence[object]) -> Floats:
    """1 where a fact worries: a code `no`, true, or a number from its own rough line on; 0 where it is not known."""
    known = [float(value) for value in values if isinstance(value, float)]
    line = float(np.quantile(known, 0.7)) if known else 0.0
    worries = [
        value == "no" or value is True or (isinstance(value, float) and value >= line) for value in values
    ]
    return np.array(worries, dtype=np.float64)


def _frame(
    day: dt.date,
    child: list[str],
    village: list[str],
    facts: Sequence[Candidate],
    columns: dict[str, list[object]],
    chance: np.random.Generator,
) -> pl.DataFrame:
    kinds = {"flag": pl.Boolean, "number": pl.Float64, "code": pl.String}
    cells = {
        "child_id": pl.Series(child),
        "as_of": pl.Series([day] * len(child)),
        "village_code": pl.Series(village),
        "four_colour": pl.Series(chance.integers(0, 4, len(child)), dtype=pl.Float64),
    }
    for one in facts:
        cells[one.fact.name] = pl.Series(columns[one.fact.name], dtype=kinds[one.fact.kind])
        cells[f"{one.fact.name}__since"] = pl.Series([day - dt.timedelta(30)] * len(child))
    return pl.DataFrame(cells)


def _outcomes(
    chance: np.random.Generator,
    day: dt.date,
    child: list[str],
    village: list[str],
    serious: np.ndarray,
    odds: Floats,
) -> pl.DataFrame:
    n = len(child)
    must = np.argsort(np.argsort(-odds + chance.normal(size=n))) < MUST * n
    drawn = ~must & (chance.random(n) < DRAWN)
    visited = must | drawn | (chance.random(n) < GOES)
    outcome = np.where(visited, np.where(serious, SERIOUS, NONE), NOT_VISITED)
    return pl.DataFrame(
        {"child_id": child, "as_of": [day] * n, "village_code": village, "outcome": outcome, "visited": visited,
         "probe": drawn, "probability": np.where(must, 1.0, DRAWN)}
    )  # fmt: skip


def _groups(chance: np.random.Generator, village: str) -> dict[str, str]:
    return {
        "township": village[:9],
        "sex": str(chance.choice(["male", "female"])),
        "ethnicity": str(chance.choice(["汉族", "彝族", "傣族"], p=[0.6, 0.3, 0.1])),
        "remoteness": str(chance.choice(["street", "town", "rural"])),
        "boarding": str(chance.choice(["yes", "no", ""], p=[0.4, 0.5, 0.1])),
        "disability": str(chance.choice(["yes", "no"], p=[0.05, 0.95])),
        "source": "village",
        "missing": str(chance.choice(["0", "1-3", "4-7"])),
    }
