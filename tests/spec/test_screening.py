"""Every rule of the lists does what its ledger says, on DuckDB and on Spark."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.engines import DuckDbEngine, SparkEngine
from models.screening.lanes import targets, tiers_of
from tests.spec import ledger, screening_ledger

LEDGERS = sorted((Path(__file__).parent / "screening").glob("*.txt"))


@pytest.mark.parametrize("path", LEDGERS, ids=lambda path: path.stem)
def test_a_ledger_gives_the_expected_lists(path: Path, duckdb_engine: DuckDbEngine) -> None:
    screening_ledger.check(duckdb_engine, ledger.read(path))


@pytest.mark.spark
@pytest.mark.parametrize("path", LEDGERS, ids=lambda path: path.stem)
def test_spark_gives_the_same_lists(path: Path, spark_engine: SparkEngine) -> None:
    screening_ledger.check(spark_engine, ledger.read(path))


@pytest.mark.parametrize("target", targets())
def test_every_rule_has_a_child_in_a_ledger(target: str) -> None:
    told = " ".join(
        row.get("codes", "")
        for path in LEDGERS
        for row in ledger.read(path).rows("expect screening")
        if row["target"] == target
    ).split()
    assert {rule.code for rule in tiers_of(target).rules} <= set(told)
