"""Engines for the spec ledgers: DuckDB in memory for each ledger, one Spark session for all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

from models.engines import DuckDbEngine, SparkEngine


@pytest.fixture
def duckdb_engine() -> DuckDbEngine:
    duckdb = pytest.importorskip("duckdb")
    return DuckDbEngine(duckdb.connect(":memory:"))


@pytest.fixture(scope="session")
def spark_engine() -> Iterator[SparkEngine]:
    if shutil.which("java") is None and "CI" not in os.environ:
        pytest.skip("Spark needs Java 17; it runs in CI")
    engine = SparkEngine(small=True)
    yield engine
    engine.stop()
