"""The evaluation of one or more orders of children on the same rows, in plain tuples: `evaluate`.

Rows are children on the list of a day with what a later home visit found (models.learning.honest.outcomes makes
them).  They must be later than whatever an order was learned from (`splits`).  Nothing here knows a name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from models.disclosure.cube import rule_on
from models.learning.honest.audit import Group, audit
from models.learning.honest.calibration import Calibration, Fewest, Recalibration, calibration, recalibration
from models.learning.honest.drawn import Drawn, drawn
from models.learning.honest.drift import Shift, Told, drift
from models.learning.honest.intervals import Floats, Interval, village_draws
from models.learning.honest.measures import NetBenefit, decision_curve, log_loss
from models.learning.honest.placebo import Placebo, placebo
from models.learning.honest.propensity import visit_weights
from models.learning.honest.sample import CaseProblem, Sample, Scores, chosen, sample_of
from models.learning.honest.three_ways import Price, ThreeWays, price, three_ways
from models.parameters import value_on

CEILING = "ceiling"
# Where a decision curve is read: a worker who would make so many visits of a hundred in vain still wants to go.
THRESHOLDS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3)


class Probable(NamedTuple):
    """What can be said of a scorer that gives probabilities; by visits of known chance where there are some."""

    log_loss: Interval
    curve: tuple[NetBenefit, ...]
    recalibration: Recalibration


class ScorerReport(NamedTuple):
    """All about one scorer.  `by_draws` and `by_visits` are its calibration; `drift` is empty without its training."""

    name: str
    role: str
    three_ways: ThreeWays
    by_draws: Calibration
    by_visits: Calibration
    probable: Probable | None
    placebo: Placebo
    groups: tuple[Group, ...]
    drift: tuple[Shift, ...]
    prices: tuple[Price, ...]


class Evaluation(NamedTuple):
    """The whole: from which days, how many rows, who was visited, what was found, and each scorer in the order given.

    fact_drift: how facts moved since the training rows; empty without them.  parameters: the values used, by name.
    """

    first_day: dt.date
    last_day: dt.date
    n: int
    n_villages: int
    n_visited: int
    n_serious: int
    capacity: int
    seed: int
    scorers: tuple[ScorerReport, ...]
    fact_drift: tuple[Shift, ...]
    parameters: dict[str, int]

    @property
    def alarms(self) -> list[tuple[str, str, str]]:
        """(scorer, way, measure) wherever the drawn visits contradict a figure made without them."""
        return [
            (one.name, found.way, found.measure)
            for one in self.scorers
            for found in one.three_ways.disagreements
            if found.is_alarm
        ]

    def document(self) -> dict[str, Any]:
        """The same as dictionaries, lists, numbers and words, for JSON."""
        found = plain(self)
        return {**found, "alarms": [list(one) for one in self.alarms]}


_USED = (
    "outcome_window_days",
    "finding_days",
    "village_draws",
    "calibration_bands",
    "calibration_fewest_children",
    "calibration_fewest_events",
    "calibration_fewest_villages",
    "slope_fewest_events",
    "recall_fewest_events",
    "propensity_floor_percent",
    "probe_answered_percent",
    "stability_index_percent",
    "fact_distance_percent",
)


class _Bench(NamedTuple):
    """What all scorers of one evaluation share."""

    cases: pl.DataFrame
    sample: Sample
    draw: Drawn
    draws: Floats
    capacity: int
    groups: Sequence[str]
    facts: pl.DataFrame
    training: pl.DataFrame | None
    used: dict[str, int]
    seed: int
    day: dt.date


def evaluate(
    cases: pl.DataFrame,
    scorers: Mapping[str, Scores],
    capacity: int,
    groups: Sequence[str] = (),
    seed: int = 0,
    facts: Sequence[str] = (),
    training: pl.DataFrame | None = None,
) -> Evaluation:
    """Every scorer on the same rows.

    cases: a row for each child and day with the columns of `sample.COLUMNS`, those of `groups` (words) and of
    `facts` (anything; the chance of a visit is estimated from them, and their drift told).  scorers: by name, a score
    for each row.  capacity: visits that can be made for each day's list.  training: earlier rows with the same facts
    and `village_code`; `Scores.training` are scores on them.  CaseProblem where rows or scores don't fit.
    """
    if not len(cases):
        raise CaseProblem("cases: expected at least one row, found none")
    for name, one in scorers.items():
        if len(one.values) != len(cases):
            raise CaseProblem(f"scorer {name}: expected {len(cases)} scores, found {len(one.values)}")
    sample = sample_of(cases)
    first, last = cases["as_of"].min(), cases["as_of"].max()
    assert isinstance(first, dt.date) and isinstance(last, dt.date)
    used = {name: value_on(name, last) for name in _USED}
    draws = village_draws(sample.n_villages, used["village_draws"], seed)
    bench = _Bench(cases, sample, drawn(sample), draws, capacity, groups, cases.select(facts), training, used, seed,
                   last)  # fmt: skip
    parts = {name: chosen(one.values, sample.day, capacity) for name, one in scorers.items()}
    with threadpool_limits(limits=1):  # many small products: more threads only wait for each other
        told = tuple(_report(bench, name, one, scorers, parts) for name, one in scorers.items())
    counts = int(sample.looked.sum()), int(sample.serious.sum())
    return Evaluation(first, last, sample.n, sample.n_villages, *counts, capacity, seed, told,
                      tuple(_drift(bench, None, bench.facts)), used)  # fmt: skip


def _report(
    bench: _Bench, name: str, scores: Scores, scorers: Mapping[str, Scores], parts: Mapping[str, Floats]
) -> ScorerReport:
    sample, draw, draws, used = bench.sample, bench.draw, bench.draws, bench.used
    values, part = np.asarray(scores.values, float), parts[name]
    weights = visit_weights(sample, bench.facts, [values], used["propensity_floor_percent"] / 100)
    ways = three_ways(sample, values, part, weights, draw, draws, used["probe_answered_percent"] / 100,
                      used["recall_fewest_events"])  # fmt: skip
    fewest = Fewest(*(used[f"calibration_{each}"] for each in ("bands", "fewest_children", "fewest_events",
                                                               "fewest_villages")))  # fmt: skip
    return ScorerReport(
        name,
        scores.role,
        ways,
        calibration(sample, draw.weight, values, draws, fewest, draw),
        calibration(sample, sample.looked.astype(float), values, draws, fewest),
        None if scores.probability is None else _probable(bench, np.asarray(scores.probability, float)),
        placebo(sample, values, ways.by("naive").area_under, draws, bench.seed),
        audit(sample, part, draw, bench.cases, bench.groups, draws, rule_on(bench.day)),
        tuple(_drift(bench, scores, bench.facts.select([]))),
        tuple(
            price(sample, draw, part, parts[other], other, draws)
            for other, one in scorers.items()
            if one.role == CEILING and other != name
        ),
    )


def _probable(bench: _Bench, probability: Floats) -> Probable:
    """By visits of known chance; by all visits where none of those was made.

    No curve where hardly anything was found.
    """
    weight = bench.draw.weight if (bench.draw.weight > 0).any() else bench.sample.looked.astype(float)
    n_serious = int(((weight > 0) & bench.sample.serious).sum())
    is_told = n_serious >= bench.used["recall_fewest_events"]
    curve = decision_curve(bench.sample, weight, probability, THRESHOLDS, bench.draws) if is_told else ()
    return Probable(
        log_loss(bench.sample, weight, probability, bench.draws),
        curve,
        recalibration(bench.sample, bench.draw, probability, bench.draws, bench.used["slope_fewest_events"]),
    )


def _drift(bench: _Bench, scores: Scores | None, facts: pl.DataFrame) -> list[Shift]:
    """Of a scorer's scores, or of the facts where no scorer is given; nothing without training rows."""
    if bench.training is None or (scores is not None and scores.training is None):
        return []
    before = None if scores is None or scores.training is None else np.asarray(scores.training, float)
    if before is not None and len(before) != len(bench.training):
        raise CaseProblem(f"training: expected {len(bench.training)} scores, found {len(before)}")
    then = Told(before, bench.training.select(facts.columns), bench.training["village_code"].to_numpy())
    now = Told(
        None if scores is None else np.asarray(scores.values, float),
        facts,
        bench.cases["village_code"].to_numpy(),
    )
    thresholds = bench.used["stability_index_percent"] / 100, bench.used["fact_distance_percent"] / 100
    return drift(then, now, *thresholds, bench.used["village_draws"], bench.seed)


def plain(found: Any) -> Any:
    """Tuples with names as dictionaries, others as lists, days as text; numbers and words stay."""
    if hasattr(found, "_asdict"):
        return {name: plain(value) for name, value in found._asdict().items()}
    if isinstance(found, Mapping):
        return {str(name): plain(value) for name, value in found.items()}
    if isinstance(found, list | tuple):
        return [plain(one) for one in found]
    return str(found) if isinstance(found, dt.date) else found
