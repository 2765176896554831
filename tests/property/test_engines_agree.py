"""Random small worlds: DuckDB and Spark say the same, and no answer takes a figure out of its bounds."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings

from models import evaluate as evaluation
from models.engines import DuckDbEngine, Engine, SparkEngine
from models.evaluate import evaluate
from models.measure import indicators
from models.sql import Query, parse, render
from tests.property.worlds import worlds, worlds_and_answers
from tests.spec import ledger
from tests.spec.conftest import spark_engine  # noqa: F401  (the session fixture)
from tests.spec.ledger import Block, Ledger

CHOSEN = ("C12", "C13", "S12")
POPULATION = (
    "SELECT child_id, on_day, village_code, age_years, eligibility, why, file_open, listed, eligible_since, "
    "left_type FROM population ORDER BY child_id, on_day"
)
CASES = "SELECT code, series, period, area, subject, outcome, days, amount, record FROM case_row"
FIGURES = (
    "SELECT code, series, level, area, period, yes, no, unknown, value, low, high, evidence, status, n_shown "
    "FROM figure ORDER BY code, series, level, area, period"
)
# A world takes a second: the first one that fails is shown as it is, not made smaller for minutes.
phases = (Phase.explicit, Phase.generate)
quiet = {"deadline": None, "derandomize": True, "suppress_health_check": list(HealthCheck), "phases": phases}


class Outcome(NamedTuple):
    """What an engine makes of a world."""

    population: list[dict[str, Any]]
    cases: list[dict[str, Any]]
    figures: list[dict[str, Any]]

    def figure(self, code: str, series: str, period: str, area: str = "530902") -> dict[str, Any]:
        """One figure of the district."""
        key = {"code": code, "series": series, "period": period, "area": area}
        (found,) = [row for row in self.figures if all(row[name] == value for name, value in key.items())]
        return found


def outcome(engine: Engine, world: Ledger) -> Outcome:
    chosen = [indicators()[code] for code in CHOSEN]
    ledger.fill(engine, world, chosen)
    evaluate(engine, chosen)
    cases = sorted(engine.rows(CASES), key=lambda row: str(list(row.values())))
    return Outcome(engine.rows(POPULATION), cases, engine.rows(FIGURES))


def differences(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> Iterator[tuple[Any, Any]]:
    """Rows that differ; numbers may differ in their last digits only."""
    assert len(ours) == len(theirs)
    for one, other in zip(ours, theirs, strict=True):
        if not all(_same(one[name], other[name]) for name in one):
            yield one, other


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-12)
    return one == other and (one is None) == (other is None)


@cache
def _rendered(sql: str) -> str:
    return render(parse(sql, "test"), "duckdb")


class RememberingEngine(DuckDbEngine):
    """Renders each text once, because the properties run the same queries again and again."""

    def table(self, name: str, sql: str | Query) -> None:
        text = sql if isinstance(sql, str) else sql.text
        self.execute(f'CREATE OR REPLACE TABLE "{name}" AS {_rendered(text)}')


@pytest.fixture(scope="module")
def duckdb_engine() -> Iterator[DuckDbEngine]:
    from registry import store

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluation, "read_folder", cache(evaluation.read_folder))
        yield RememberingEngine(store.memory())


@pytest.mark.spark
@settings(max_examples=5, **quiet)
@given(world=worlds(most=12))
def test_duckdb_and_spark_agree(
    duckdb_engine: DuckDbEngine,
    spark_engine: SparkEngine,  # noqa: F811
    world: Ledger,
) -> None:
    here, there = outcome(duckdb_engine, world), outcome(spark_engine, world)
    assert here.population, "a world has children"
    for part in Outcome._fields:
        assert list(differences(getattr(here, part), getattr(there, part))) == []


def test_a_difference_between_engines_would_be_noticed() -> None:
    row = {"child_id": "c0", "on_day": date(2026, 2, 28), "age_years": 15, "value": 0.5}
    assert list(differences([row], [{**row, "value": 0.5 + 1e-15}])) == []
    for name, other in {"age_years": 16, "value": 0.5001, "on_day": None}.items():
        assert list(differences([row], [{**row, name: other}])) == [(row, {**row, name: other})]


@settings(max_examples=20, **quiet)
@given(world=worlds())
def test_a_numerator_stays_inside_its_denominator(duckdb_engine: DuckDbEngine, world: Ledger) -> None:
    found = outcome(duckdb_engine, world)
    for row in found.figures:
        assert min(row["yes"], row["no"], row["unknown"]) >= 0
        assert row["yes"] + row["no"] + row["unknown"] == row["n_shown"], (
            "every case has one of three answers"
        )
        if row["code"] == "C12" and row["status"] == "ok":
            assert 0 <= row["low"] <= row["value"] <= row["high"] <= 1
    counted = {
        child["child_id"]
        for child in found.population
        if child["on_day"] == world.as_of and child["listed"] and child["eligibility"] != "no"
    }
    assert {row["subject"] for row in found.cases if row["code"] == "C13"} == counted
    day = world.as_of.isoformat()
    overdue = [found.figure("C13", f"plan>{days}d", day)["yes"] for days in (0, 30, 90)]
    assert overdue == sorted(overdue, reverse=True), "later is fewer"
    due = [row["due_on"] for row in world.rows("visit")]
    assert len([row for row in found.cases if row["code"] == "C12"]) <= len(due)


@settings(max_examples=25, **quiet)
@given(pair=worlds_and_answers())
def test_an_answer_leaves_a_figure_between_its_bounds(
    duckdb_engine: DuckDbEngine, pair: tuple[Ledger, Ledger]
) -> None:
    before, after = (outcome(duckdb_engine, world) for world in pair)
    told = {(row["code"], row["series"], row["area"], row["period"]): row for row in after.figures}
    assume(any(row["unknown"] for row in before.figures))
    for row in before.figures:
        later = told[row["code"], row["series"], row["area"], row["period"]]
        assert later["n_shown"] == row["n_shown"], "an answer makes nobody appear or vanish"
        assert row["yes"] <= later["yes"] <= row["yes"] + row["unknown"], (row, later)
        if row["code"] == "C12" and later["status"] == "ok":
            lowest, highest = row["yes"] / row["n_shown"], (row["yes"] + row["unknown"]) / row["n_shown"]
            assert lowest - 1e-12 <= later["value"] <= highest + 1e-12, (row, later)


def test_a_very_late_visit_on_an_unreadable_day_may_make_a_later_plan_good(
    duckdb_engine: DuckDbEngine,
) -> None:
    child = {"child_id": "c0", "birth_date": "2015-01-01", "father": "away", "mother": "away"}
    child |= {"opened_on": "2025-01-01"}

    def overdue(**first: str) -> dict[str, Any]:
        due = [
            {"child_id": "c0", "due_on": "2026-07-01", **first},
            {"child_id": "c0", "due_on": "2026-08-01"},
        ]
        world = Ledger(
            Path("one child"), date(2026, 9, 30), [Block("children", [child]), Block("visit", due)]
        )
        return outcome(duckdb_engine, world).figure("C13", "plan>0d", "2026-09-30")

    before, after = (
        overdue(mode="home", invalid=",visited_on,"),
        overdue(mode="home", visited_on="2026-08-10"),
    )
    assert after["yes"] == 0, "the visit of 10 August made both due days good"
    assert before["yes"] <= after["yes"] <= before["yes"] + before["unknown"]
