"""The quality report of the registry as it is, without a build: the same tables, made in memory and read out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from data_contracts.known import make_known_tables
from models.data_quality import make_quality_tables
from models.engines import DuckDbEngine
from models.evaluate import BASE, evaluate, prepare
from models.measure import indicators
from models.sql import read_folder
from registry import store

COMPLETENESS = "I1"
AGREEMENT = "list_agreement"
_DAYS = "SELECT coalesce(max(reported_on), max(received_on)), max(received_on) FROM registry.delivery"
_QUERIES = {
    "completeness": "SELECT series AS content_group, level, area, period, yes AS known, yes + no AS required, "
    "value AS share FROM figure ORDER BY series, level, area",
    "senders": "SELECT sender, place, n_deliveries, n_without_day, median_days, longest_days, last_received_on "
    "FROM quality_sender ORDER BY ALL",
    "late_typing": "SELECT table_name AS \"table\", sender, n_rows, n_later, median_days, longest_days "
    "FROM quality_typing ORDER BY ALL",
    "uniqueness": "SELECT kind, sender, n FROM quality_repeat ORDER BY ALL",
    "consistency": "SELECT field, one, other, level, area, agree, differ, not_both_known, "
    "agree / nullif(agree + differ, 0) AS share FROM quality_agreement ORDER BY ALL",
    "units": "SELECT level, area, rows_read, rows_accepted, rows_quarantined, n_errors, n_warnings "
    "FROM quality_unit ORDER BY ALL",
}  # fmt: skip


def report_now(registry_path: Path, results: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """`completeness`, `timeliness`, `uniqueness`, `consistency` and `units`; all empty where nothing has come in.

    As of the latest day that a delivery states, with all that is known by the latest day of receipt.
    """
    connection = store.memory()
    try:
        path = str(registry_path).replace("'", "''")
        store.run(connection, f"ATTACH '{path}' AS registry (READ_ONLY)")
        as_of, known_on = store.run(connection, _DAYS)[0]
        found: dict[str, list[dict[str, Any]]] = {name: [] for name in _QUERIES}
        if as_of is not None:
            _make(connection, as_of, known_on, results)
            found = {name: _rows(connection, query) for name, query in _QUERIES.items()}
    finally:
        connection.close()
    return {
        "completeness": found["completeness"],
        "timeliness": {"senders": found["senders"], "late_typing": found["late_typing"]},
        "uniqueness": found["uniqueness"],
        "consistency": found["consistency"],
        "units": found["units"],
    }


def _make(
    connection: store.Connection, as_of: dt.date, known_on: dt.date, results: Sequence[Sequence[Any]]
) -> None:
    make_known_tables(connection, "registry", known_on)
    for table in ("delivery", "message"):
        store.run(connection, f"CREATE TABLE {table} AS SELECT * FROM registry.{table} ORDER BY ALL")
    engine, chosen = DuckDbEngine(connection), [indicators()[COMPLETENESS]]
    prepare(engine, as_of, months=1, chosen=chosen)
    engine.table(AGREEMENT, read_folder(BASE)[AGREEMENT])
    evaluate(engine, chosen)
    store.run(connection, "DELETE FROM figure WHERE period <> (SELECT max(period) FROM figure)")
    make_quality_tables(connection, "registry", results)


def _rows(connection: store.Connection, query: str) -> list[dict[str, Any]]:
    found = connection.execute(query)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
