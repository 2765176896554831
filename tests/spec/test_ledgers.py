"""Every spec ledger gives the figures that it expects, on DuckDB and on Spark."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.engines import DuckDbEngine, SparkEngine
from models.measure import indicators
from tests.spec import ledger

LEDGERS = sorted((Path(__file__).parent / "ledgers").glob("*.txt"))


@pytest.mark.parametrize("path", LEDGERS, ids=lambda path: path.stem)
def test_a_ledger_gives_the_expected_figures(path: Path, duckdb_engine: DuckDbEngine) -> None:
    ledger.check(duckdb_engine, ledger.read(path))


@pytest.mark.spark
@pytest.mark.parametrize("path", LEDGERS, ids=lambda path: path.stem)
def test_spark_gives_the_same_figures(path: Path, spark_engine: SparkEngine) -> None:
    ledger.check(spark_engine, ledger.read(path))


def test_every_indicator_has_a_ledger() -> None:
    assert {path.stem.split("_")[0].upper() for path in LEDGERS} == set(indicators())
