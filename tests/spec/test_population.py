"""Who counts, on DuckDB and on Spark."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.engines import DuckDbEngine, SparkEngine
from tests.spec import ledger

LEDGERS = sorted((Path(__file__).parent / "population").glob("*.txt"))


@pytest.mark.parametrize("path", LEDGERS, ids=lambda path: path.stem)
def test_the_population_is_as_the_ledger_says(path: Path, duckdb_engine: DuckDbEngine) -> None:
    ledger.check_population(duckdb_engine, ledger.read(path))


@pytest.mark.spark
@pytest.mark.parametrize("path", LEDGERS, ids=lambda path: path.stem)
def test_spark_counts_the_same_children(path: Path, spark_engine: SparkEngine) -> None:
    ledger.check_population(spark_engine, ledger.read(path))
