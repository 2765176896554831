"""Made-up districts in which the truth is known, to see whether the intervals keep what they promise.

Children stand in villages that differ; what happens to a child rests on facts that the registry holds and on a sign
that it lacks (a neighbour's worry).  Visits are made where the plan must, where it draws, and where workers choose
to go: by facts, by the sign, or not at all by either.  Only who is visited has an outcome.  Nothing here is a claim
about real children; the shares are chosen so that few are serious and few are drawn, as in a district.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import numpy as np
import polars as pl

from models.learning.honest.intervals import Floats
from models.learning.honest.sample import NONE, NOT_VISITED, SERIOUS, Scores

DAY = dt.date(2026, 6, 30)
_EFFECTS = np.array([0.8, 0.5, 0.4, 0.3, 0.6])  # of the facts, on the log odds of something serious
_LEVEL, _SIGN, _VILLAGES = (
    -4.6,
    1.2,
    0.5,
)  # a child with nothing known, the sign's effect, how villages differ
_POINTS = np.array([2.0, 1.0, 1.0, 1.0, 0.0])  # a small card that knows four of them


class Way(NamedTuple):
    """How visits come about.

    due: share of the list, highest scores first, that the plan must visit; drawn: chance of the others by thirds of
    the score, the highest first; goes: workers' own visits (log odds, at nothing known); by_facts, by_sign: how
    strongly they choose by each.  misses: of the visits that the plan chose, the share not made; misses_by_sign: how
    strongly a high sign keeps a visit from being made.
    """

    name: str
    due: float
    drawn: tuple[float, float, float]
    goes: float
    by_facts: float
    by_sign: float
    misses: float = 0.0
    misses_by_sign: float = 0.0


DRAWN = (0.08, 0.08, 0.08)
WAYS = (
    Way("by facts and by a sign that the register lacks", 0.12, DRAWN, -1.5, 0.4, 2.0),
    Way("by the sign, away from the worst", 0.12, DRAWN, -1.5, 0.0, -2.0),
    Way("by facts alone", 0.12, DRAWN, -1.5, 1.2, 0.0),
    Way("drawn over all tiers, at three chances", 0.0, (0.3, 0.1, 0.06), -1.5, 0.4, 2.0),
    Way("as the first, one chosen visit in ten not made, by chance", 0.12, DRAWN, -1.5, 0.4, 2.0, 0.1),
    Way("as the first, one chosen visit in ten not made, by the sign", 0.12, DRAWN, -1.5, 0.4, 2.0, 0.1, 2.0),
)


class District(NamedTuple):
    """Rows to evaluate, a small card's scores on them, facts by name, and the truth for every child."""

    cases: pl.DataFrame
    scores: Scores
    facts: tuple[str, ...]
    truth: np.ndarray

    @property
    def values(self) -> Floats:
        """The card's scores."""
        return self.scores.values


def district(way: Way, seed: int, n: int = 3000, n_villages: int = 120, world: int | None = None) -> District:
    """One district: n children with a card's points, visited in one way; the same for the same seed.

    Districts of one `world` (else the seed's own) have the same villages: the same district at another time.
    """
    chance = np.random.default_rng(seed)
    places = np.random.default_rng([seed if world is None else world, 1])
    village = chance.integers(0, n_villages, n)
    facts = chance.normal(size=(n, len(_EFFECTS)))
    facts[:, 3:] = facts[:, 3:] > 0.5  # two flags
    sign = chance.normal(size=n)
    place = places.normal(scale=_VILLAGES, size=n_villages)[village]
    truth = chance.random(n) < _chance(_LEVEL + facts @ _EFFECTS + _SIGN * sign + place)
    points = np.round(facts @ _POINTS)
    visited, probe, probability = _visits(way, chance, points, facts, sign)
    outcome = np.where(visited, np.where(truth, SERIOUS, NONE), NOT_VISITED)
    columns = {f"fact_{number}": facts[:, number] for number in range(facts.shape[1])}
    cases = pl.DataFrame(
        {
            "child_id": [f"child {number}" for number in range(n)],
            "village_code": [f"{number:012}" for number in village],
            "as_of": [DAY] * n,
            "outcome": outcome,
            "visited": visited,
            "probe": probe,
            "probability": probability,
            "days_since_home_visit": chance.integers(1, 400, n),
            "sex": np.where(chance.random(n) < 0.5, "male", "female"),
            **columns,
        }
    )
    return District(cases, Scores(points), tuple(columns), truth)


def _visits(
    way: Way, chance: np.random.Generator, points: Floats, facts: Floats, sign: Floats
) -> tuple[np.ndarray, np.ndarray, Floats]:
    """(visited, drawn, the chance of being chosen by the plan)."""
    n = len(points)
    place = np.argsort(np.argsort(-points, kind="stable"), kind="stable") / n
    due = place < way.due
    third = np.minimum((place * 3).astype(int), 2)
    probability = np.where(due, 1.0, np.array(way.drawn)[third])
    probe = ~due & (chance.random(n) < probability)
    own = way.goes + way.by_facts * facts[:, 0] + way.by_sign * sign
    goes = chance.random(n) < _chance(own)
    if not way.misses:
        return due | probe | goes, probe, probability
    order = way.misses_by_sign * sign + chance.normal(size=n)
    not_made = order > np.quantile(order, 1 - way.misses)
    return ((due | probe) & ~not_made) | (goes & ~due & ~probe), probe, probability


def _chance(odds: Floats) -> Floats:
    found: Floats = 1 / (1 + np.exp(-odds))
    return found


def quarters(way: Way, seed: int, n_days: int, n: int = 3000, n_villages: int = 120) -> District:
    """The same villages on the lists of several days, a quarter apart, as rows of one evaluation."""
    each = [district(way, seed * 100 + number, n, n_villages, world=seed) for number in range(n_days)]
    days = [DAY + dt.timedelta(91 * number) for number in range(n_days)]
    cases = pl.concat(one.cases.with_columns(as_of=pl.lit(day)) for one, day in zip(each, days, strict=True))
    values, truth = (np.concatenate([getattr(one, name) for one in each]) for name in ("values", "truth"))
    return District(cases, Scores(values), each[0].facts, truth)
