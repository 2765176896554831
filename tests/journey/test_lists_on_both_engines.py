"""Both lists are the same on DuckDB and on Spark, child by child, and equal children stand in the same order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from models.engines import DuckDbEngine, Engine, SparkEngine
from models.facts import families, shared_queries
from models.screening.scoring import SCREENING_COLUMNS, screen
from registry import store
from tests.journey.conftest import Shouhu
from tests.spec.conftest import spark_engine  # noqa: F401  (the session fixture)

CHILDREN, TWINS = 100, 20
Filled = tuple[str, dict[str, str], list[tuple[Any, ...]]]
# Made on the way from the tables of the contracts to the facts.
MADE = {"fact_day", *shared_queries()}
# Published table → (its columns, its key); the fence knows no star.
COMPARED = {
    "screening": (SCREENING_COLUMNS, "target, child_id"),
    "reason": (
        "target, child_id, ord, kind, code, clause, since, record, points, sentence_zh, sentence_en",
        "target, child_id, ord",
    ),
    "unknown_fact": ("target, child_id, fact, label_zh, label_en", "target, child_id, fact"),
    "fact": ("child_id, fact, known, number, code, flag, since, record", "child_id, fact"),
}
# Every twin is the child with its number under another pseudonym: nothing but that sets them apart.
WANTED = """
CREATE TEMP TABLE wanted AS
SELECT child_id, child_id AS own FROM (
    SELECT DISTINCT child_id FROM screening ORDER BY hash(child_id) LIMIT {0})
UNION ALL SELECT 'twin' || child_id, child_id FROM (
    SELECT DISTINCT child_id FROM screening ORDER BY hash(child_id) LIMIT {1})
"""


def tables_read() -> list[str]:
    """The tables from which facts and lists are made."""
    queries = [*shared_queries().values(), *(family.query for family in families())]
    return sorted(
        {table for query in queries for table in query.reads} - MADE | {"known_child", "population"}
    )


def filled(connection: store.Connection) -> Iterator[Filled]:
    """(table, columns with types, rows) of some children of the published build, twins among them."""
    for table in tables_read():
        described = store.run(connection, f'DESCRIBE "{table}"')
        columns = {row[0]: row[1] for row in described}
        if "child_id" not in columns:
            yield table, columns, store.run(connection, f'SELECT * FROM "{table}"')
            continue
        cells = ", ".join("w.child_id" if name == "child_id" else f't."{name}"' for name in columns)
        rows = store.run(connection, f'SELECT {cells} FROM "{table}" t JOIN wanted w ON w.own = t.child_id')
        yield table, columns, rows


def lists(engine: Engine, tables: list[Filled], as_of: date) -> dict[str, list[dict[str, Any]]]:
    for name, columns, rows in tables:
        engine.create(name, columns, rows)
    screen(engine, as_of)
    return {
        table: engine.rows(f"SELECT {columns} FROM {table} ORDER BY {key}")
        for table, (columns, key) in COMPARED.items()
    }


@pytest.mark.spark
def test_places_points_reasons_and_receipts_are_the_same_child_by_child(
    shouhu: Shouhu,
    spark_engine: SparkEngine,  # noqa: F811
) -> None:
    pointer = store.current(shouhu.store)
    as_of = date.fromisoformat(pointer["as_of"])
    connection = store.memory()
    store.attach(connection, shouhu.store / "snapshots" / pointer["file"], "published")
    store.run(connection, "USE published")
    store.run(connection, WANTED.format(CHILDREN, TWINS))
    tables = list(filled(connection))
    connection.close()
    here, there = lists(DuckDbEngine(store.memory()), tables, as_of), lists(spark_engine, tables, as_of)
    assert len(here["screening"]) > CHILDREN
    for table in COMPARED:
        assert here[table] == there[table], table
    ranks = {(row["target"], row["child_id"]): row["rank"] for row in here["screening"]}
    twins = [key for key in ranks if key[1].startswith("twin")]
    assert len(twins) > TWINS / 2
    for target, child in twins:
        assert ranks[target, child] == ranks[target, child.removeprefix("twin")] + 1, (
            "equal but for the pseudonym"
        )
