"""All checks of two contracts over a million children: ours, one hand-written query, Great Expectations on pandas.

Each way runs in a process of its own, in turn, over the same DuckDB file; the three must count the same failing rows,
rule by rule, or nothing is written.  Peak memory is that of the whole process, with what it imports.

Run: python -m benchmarks.checks [--rows N]      (writes results/checks.json)
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks import measuring
from data_contracts.contract import contracts
from data_contracts.judging.rules import Rule, failing_rows_sql, rules
from registry import store

TABLES = ("child", "person")
ROUNDS = 3
WAYS = ("ours", "by hand", "pandas")

# Every hundredth or thousandth row has one fault; a child's row is repeated now and then; codes are impossible ones.
_COMMON = """
    CASE WHEN i % 1009 = 7 THEN NULL ELSE 'c' || lpad(CAST(i - (i % 1499 = 3)::INT AS VARCHAR), 20, '0') END
        AS child_ref,
    CASE WHEN i % 911 = 5 THEN 'unclear' WHEN i % 2 = 0 THEN 'male' ELSE 'female' END AS sex,
    CASE WHEN i % 4001 = 1 THEN DATE '2030-01-01' ELSE DATE '2010-10-01' + CAST(i % 5400 AS INTEGER) END AS birth_date,
    CASE WHEN i % 1201 = 9 THEN '9999' ELSE '999999' || lpad(CAST(i % 40 AS VARCHAR), 3, '0') || '201' END
        AS village_code,
    'd' || (i // 50000) AS _delivery, 'ledger' AS _sheet, CAST(i AS INTEGER) AS _row, DATE '2026-09-30' AS _reported_on,
    DATE '2026-09-30' AS _known_on, 1 AS _seq, 4000 AS _precedence, '' AS _invalid
"""
FILL = {
    "child": f"""INSERT INTO child BY NAME SELECT {_COMMON},
        CASE WHEN i % 3001 = 2 THEN NULL WHEN i % 3001 = 4 THEN 'elsewhere' ELSE 'village' END AS source,
        CASE WHEN i % 9 = 0 THEN NULL WHEN i % 1409 = 6 THEN 'moon' ELSE 'in_village' END AS residence,
        CASE WHEN i % 7 = 0 THEN NULL WHEN i % 1607 = 8 THEN 'x' ELSE 'both_away' END AS parents_summary,
        'han' AS ethnicity, true AS marked_left_behind FROM range({{rows}}) t(i)""",
    "person": f"""INSERT INTO person BY NAME SELECT {_COMMON},
        CASE WHEN i % 3001 = 2 THEN NULL ELSE 'village_ledger' END AS source, 'sealed' AS "name", 'sealed' AS id_no,
        'a' || i AS alt_ref FROM range({{rows}}) t(i)""",
}

# What a careful person would write for the same rules, in the order of the contract: one pass, keys apart.
BY_HAND = {
    "child": r"""
WITH repeated AS (
    SELECT coalesce(sum(n), 0) AS n FROM (SELECT count(*) AS n FROM child
    WHERE child_ref IS NOT NULL AND source IS NOT NULL AND _delivery IS NOT NULL AND _sheet IS NOT NULL
      AND _precedence IS NOT NULL
    GROUP BY child_ref, source, _delivery, _sheet, _precedence HAVING count(*) > 1)
)
SELECT count(*) FILTER (WHERE child_ref IS NULL), count(*) FILTER (WHERE source IS NULL),
    count(*) FILTER (WHERE source NOT IN ('village', 'school', 'police', 'civil_affairs')),
    count(*) FILTER (WHERE sex NOT IN ('male', 'female')), count(*) FILTER (WHERE birth_date > _reported_on),
    count(*) FILTER (WHERE NOT regexp_matches(village_code, '^\d{6}(\d{3}){0,2}$')),
    count(*) FILTER (WHERE residence NOT IN ('in_village', 'in_district', 'outside')),
    count(*) FILTER (WHERE parents_summary NOT IN ('both_away', 'father_away', 'mother_away', 'none_away')),
    any_value(repeated.n)
FROM child, repeated""",
    "person": r"""
WITH repeated AS (
    SELECT coalesce(sum(n), 0) AS n FROM (SELECT count(*) AS n FROM person
    WHERE child_ref IS NOT NULL AND source IS NOT NULL AND _delivery IS NOT NULL AND _sheet IS NOT NULL
      AND _precedence IS NOT NULL
    GROUP BY child_ref, source, _delivery, _sheet, _precedence HAVING count(*) > 1)
)
SELECT count(*) FILTER (WHERE child_ref IS NULL), count(*) FILTER (WHERE birth_date > _reported_on),
    count(*) FILTER (WHERE sex NOT IN ('male', 'female')),
    count(*) FILTER (WHERE NOT regexp_matches(village_code, '^\d{6}(\d{3}){0,2}$')),
    count(*) FILTER (WHERE source IS NULL), any_value(repeated.n)
FROM person, repeated""",
}

Counts = dict[str, int]


def make_registry(path: Path, rows: int) -> None:
    """A registry file with both tables filled; the same rows every time."""
    connection = store.open_file(path)
    try:
        for table in TABLES:
            store.run(connection, contracts()[table].ddl())
            store.run(connection, FILL[table].format(rows=rows))
    finally:
        connection.close()


def ours(path: Path) -> Counts:
    """The judge's whole path, checkpoint and counter-count, and the place of every failing row by the gate's SQL."""
    from data_contracts.judging.judge import _judge

    results = _judge(path, TABLES)
    connection = store.open_file(path, read_only=True)
    try:
        for table in TABLES:
            for rule in rules(contracts()[table]):
                failing = failing_rows_sql(contracts()[table], rule)
                store.run(connection, f"CREATE OR REPLACE TEMP TABLE failing AS {failing}")
    finally:
        connection.close()
    return {f"{result.table}.{result.check_id}": result.failed or 0 for result in results}


def by_hand(path: Path) -> Counts:
    """The hand-written queries."""
    connection = store.open_file(path, read_only=True)
    try:
        found = {}
        for table in TABLES:
            numbers = store.run(connection, BY_HAND[table])[0]
            for rule, number in zip(rules(contracts()[table]), numbers, strict=True):
                found[f"{table}.{rule.id}"] = int(number)
        return found
    finally:
        connection.close()


def _pandas_expectation(rule: Rule) -> Any:
    """As `suites.expectation`, but pandas knows no SQL: the one rule over two columns becomes a comparison."""
    import great_expectations.expectations as gxe

    from data_contracts.judging.suites import expectation

    if rule.kind != "row":
        return expectation(rule)
    if rule.fails_when != "birth_date > _reported_on":
        raise SystemExit(
            f"{rule.table}.{rule.id}: expected the comparison that pandas is given, found another"
        )
    return gxe.ExpectColumnPairValuesAToBeGreaterThanB(
        column_A="_reported_on", column_B="birth_date", or_equal=True,
        ignore_row_if="either_value_is_missing", meta={"check": rule.id},
    )  # fmt: skip


def with_pandas(path: Path) -> Counts:
    """Great Expectations on data frames: both tables read whole, then one checkpoint."""
    sys.modules["pyspark"] = None  # type: ignore[assignment]
    import great_expectations as gx

    from data_contracts.judging.suites import COUNTS_ONLY

    context = gx.get_context(mode="ephemeral")
    source = context.data_sources.add_pandas("frames")
    found: Counts = {}
    for table in TABLES:
        connection = store.open_file(path, read_only=True)
        frame = connection.sql(f"SELECT * FROM {table}").df()
        connection.close()
        batch = source.add_dataframe_asset(table).add_batch_definition_whole_dataframe("all")
        wanted = [_pandas_expectation(rule) for rule in rules(contracts()[table])]
        suite = gx.ExpectationSuite(name=table, expectations=wanted)
        judged = batch.get_batch({"dataframe": frame}).validate(suite, result_format=COUNTS_ONLY)
        for result in judged.results:
            check = result.expectation_config.meta["check"]
            found[f"{table}.{check}"] = int(result.result["unexpected_count"])
    return found


RUNS: dict[str, Callable[[Path], Counts]] = dict(zip(WAYS, (ours, by_hand, with_pandas), strict=True))


def one_run(way: str, path: Path) -> None:
    """In the child: run one way, print what it counted, how long it took and the most memory it held."""
    started = time.perf_counter()
    counts = RUNS[way](path)
    seconds = time.perf_counter() - started
    print("\n" + json.dumps({"counts": counts, "seconds": seconds, "peak_mib": measuring.peak_mib()}))


def _child(way: str, path: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.checks", "--way", way, "--database", str(path)]
    environment = {**os.environ, "GX_ANALYTICS_ENABLED": "false"}
    finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    answer: dict[str, Any] = json.loads(finished.stdout.splitlines()[-1])
    return answer


def measure(rows: int) -> dict[str, Any]:
    """Every way in turn; SystemExit where two ways count differently in any round."""
    runs: dict[str, list[dict[str, Any]]] = {way: [] for way in WAYS}
    with tempfile.TemporaryDirectory(prefix="shouhu-checks-") as folder:
        path = Path(folder) / "registry.duckdb"
        make_registry(path, rows)
        for number in range(ROUNDS):
            for way in WAYS:
                runs[way].append(_child(way, path))
                typer.echo(f"{number + 1} {way}: {runs[way][-1]['seconds']:.1f} s", err=True)
    counts = runs["ours"][0]["counts"]
    for way in WAYS:
        if any(one["counts"] != counts for one in runs[way]):
            raise SystemExit(f"{way}: expected the same failing rows for every rule, found others")
    seconds = {way: [one["seconds"] for one in runs[way]] for way in WAYS}
    return {
        "checks_compared": len(counts),
        "failing_rows": sum(counts.values()),
        "table_rows": rows * len(TABLES),
        "rows_per_second": {way: round(rows * len(TABLES) / statistics.median(seconds[way])) for way in WAYS},
        "peak_mib": {way: round(max(one["peak_mib"] for one in runs[way])) for way in WAYS},
        "ratios": {
            "all checks, beside one query by hand": measuring.ratio(seconds, "ours", "by hand"),
            "all checks, beside Great Expectations on pandas": measuring.ratio(seconds, "ours", "pandas"),
        },
        "shares": {},
    }


def main(
    rows: Annotated[int, typer.Option("--rows", min=1000)] = 1_000_000,
    way: Annotated[str | None, typer.Option("--way", hidden=True)] = None,
    database: Annotated[Path | None, typer.Option("--database", hidden=True)] = None,
) -> None:
    """Measure, and write results/checks.json."""
    if way and database:
        one_run(way, database)
        return
    typer.echo(measuring.write_result("checks", rows, {**measure(rows), "rounds": ROUNDS}))


if __name__ == "__main__":
    typer.run(main)
