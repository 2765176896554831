"""Our functions mean the same on both engines, and what the law says."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from models.engines import DuckDbEngine, Engine, SparkEngine

CASES = [
    ("age_on(CAST('2012-02-29' AS DATE), CAST('2027-02-28' AS DATE))", 14),
    ("age_on(CAST('2012-02-29' AS DATE), CAST('2027-03-01' AS DATE))", 15),
    ("age_on(CAST('2012-02-29' AS DATE), CAST('2028-02-29' AS DATE))", 16),
    ("age_on(CAST('2010-09-30' AS DATE), CAST('2026-09-29' AS DATE))", 15),
    ("age_on(CAST('2010-09-30' AS DATE), CAST('2026-09-30' AS DATE))", 16),
    ("days_between(CAST('2026-12-31' AS DATE), CAST('2027-01-01' AS DATE))", 1),
    ("months_between(CAST('2025-11-30' AS DATE), CAST('2026-02-28' AS DATE))", 3),
    ("months_between(CAST('2025-11-30' AS DATE), CAST('2026-02-27' AS DATE))", 2),
    ("add_months(CAST('2026-01-31' AS DATE), 1)", date(2026, 2, 28)),
    ("add_months(CAST('2026-02-28' AS DATE), 0 - 12)", date(2025, 2, 28)),
    ("add_days(CAST('2026-12-31' AS DATE), 1)", date(2027, 1, 1)),
    ("month_end(CAST('2028-02-01' AS DATE))", date(2028, 2, 29)),
    ("month_start(CAST('2026-10-31' AS DATE))", date(2026, 10, 1)),
    ("month_of(CAST('2026-09-01' AS DATE))", "2026-09"),
    ("month_first_day('2026-09')", date(2026, 9, 1)),
    ("month_first_day('2026-99')", None),
    ("year_of(CAST('2026-12-31' AS DATE))", 2026),
    ("add_hours(CAST('2026-09-02 10:00:00' AS TIMESTAMP), 24)", datetime(2026, 9, 3, 10)),
    ("day_of(CAST('2026-09-02 23:59:00' AS TIMESTAMP))", date(2026, 9, 2)),
    ("unusable(',due_on,visited_on,', 'visited_on')", True),
    ("unusable(',second_on,', 'on')", False),
    ("unusable(CAST(NULL AS VARCHAR), 'visited_on')", False),
    ("ratio(1, 0)", None),
    ("ratio(1, 4)", 0.25),
    ("square_root(9)", 3.0),
    ("starts_with('abc@d', 'abc@')", True),
]


def _answers(engine: Engine) -> list[Any]:
    columns = ", ".join(f"{call} AS answer_{number}" for number, (call, _) in enumerate(CASES))
    row = engine.rows(f"SELECT {columns}")[0]
    return [row[f"answer_{number}"] for number in range(len(CASES))]


def test_duckdb_reads_our_functions_as_the_law_does(duckdb_engine: DuckDbEngine) -> None:
    assert _answers(duckdb_engine) == [expected for _, expected in CASES]


@pytest.mark.spark
def test_spark_reads_our_functions_as_the_law_does(spark_engine: SparkEngine) -> None:
    assert _answers(spark_engine) == [expected for _, expected in CASES]
