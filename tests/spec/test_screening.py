"""Every rule of the lists does what its ledger says, on DuckDB and on Spark."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from models.engines import DuckDbEngine, SparkEngine
from models.screening.by_hand.moving import create_overrides
from models.screening.rulebook.lanes import targets, tiers_of
from models.screening.scoring import screen
from registry.overrides import DOWN, UP, Override
from tests.spec import ledger, screening_ledger

LEDGERS = sorted((Path(__file__).parent / "screening").glob("*.txt"))


@pytest.mark.parametrize("path", LEDGERS, ids=lambda path: path.stem)
def test_a_ledger_gives_the_expected_lists(path: Path, duckdb_engine: DuckDbEngine) -> None:
    screening_ledger.check(duckdb_engine, ledger.read(path))


@pytest.mark.spark
@pytest.mark.parametrize("path", LEDGERS, ids=lambda path: path.stem)
def test_spark_gives_the_same_lists(path: Path, spark_engine: SparkEngine) -> None:
    screening_ledger.check(spark_engine, ledger.read(path))


@pytest.mark.spark
def test_moves_by_hand_act_the_same_on_both_engines(
    duckdb_engine: DuckDbEngine, spark_engine: SparkEngine
) -> None:
    given = ledger.read(next(path for path in LEDGERS if path.stem == "unknown_and_due"))
    lists = []
    for engine in (duckdb_engine, spark_engine):
        ledger.fill(engine, given)
        screen(engine, given.as_of)
        plain = engine.rows(LIST)
        create_overrides(engine, _a_move_of_each(plain, given.as_of), {})
        screen(engine, given.as_of)
        lists.append(engine.rows(LIST))
        create_overrides(engine, [], {})  # other ledgers share the Spark session
        assert lists[-1] != plain
    assert lists[0] == lists[1]


LIST = (
    "SELECT target, rank, child_id, lane, tier, tier_low, tier_high, due_on, receipt "
    "FROM screening ORDER BY target, rank"
)


def _a_move_of_each(rows: list[dict[str, Any]], as_of: dt.date) -> list[Override]:
    """Every second child up to red, the others down to green, allowed or not."""
    at = dt.datetime.combine(as_of, dt.time(8))
    ways = [(UP, "red"), (DOWN, "green")]
    return [
        Override(f"m{number}", row["child_id"], row["target"], *ways[number % 2], row["tier"],
                 tuple(rule.id for rule in tiers_of(row["target"]).rules), "other", None, "li.na", at, as_of, as_of)
        for number, row in enumerate(rows)
    ]  # fmt: skip


@pytest.mark.parametrize("target", targets())
def test_every_rule_has_a_child_in_a_ledger(target: str) -> None:
    told = " ".join(
        row.get("codes", "")
        for path in LEDGERS
        for row in ledger.read(path).rows("expect screening")
        if row["target"] == target
    ).split()
    assert {rule.code for rule in tiers_of(target).rules} <= set(told)
