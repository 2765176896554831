"""The ground of a trial: the facts of a finished build, in memory, on which other cards and rules can be tried.

Nothing is built again and the published lists are never touched.  One ground serves one trial after the other: its
lock is held while tables of a trial stand in it.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from models.engines import DuckDbEngine
from models.screening.by_hand.moving import OVERRIDE_TABLE
from models.screening.rulebook.in_force import TABLE, InForce, used_by
from registry import store
from registry.store import Connection, run

# What scoring, groups and workload read; a build from before one of them simply lacks it.
TABLES = ("fact_wide", "known_child", "area", "household", "worker", "worker_hours", TABLE, OVERRIDE_TABLE)
_POPULATION = "CREATE TABLE population AS SELECT * FROM {0}.population WHERE on_day = DATE '{1}'"
_GROUNDS_KEPT = 4


class Ground(NamedTuple):
    """Facts in memory, with what the build used: `held` by target."""

    connection: Connection
    as_of: dt.date
    build_id: str
    held: dict[str, InForce]
    lock: threading.Lock

    @property
    def engine(self) -> DuckDbEngine:
        """The tables as an engine."""
        return DuckDbEngine(self.connection)

    def ask(self, sql: str) -> Sequence[Sequence[Any]]:
        """The rows of a query."""
        return run(self.connection, sql)

    def has(self, table: str) -> bool:
        """Whether the build had that table."""
        return bool(self.ask(f"SELECT 1 FROM duckdb_tables() WHERE table_name = '{table}'"))


def ground_of(place: Path) -> Ground:
    """The ground of the published build, kept until another one is published; NoSnapshot where nothing is built."""
    return _opened(place, str(store.current(place)["file"]))


@lru_cache(maxsize=_GROUNDS_KEPT)
def _opened(place: Path, file: str) -> Ground:
    connection = store.memory()
    if not store.attach(connection, place / "snapshots" / file, "published"):
        raise store.StoreProblem(f"current.json: expected the snapshot {file}, found none that can be read")
    there = {
        row[0]
        for row in run(connection, "SELECT table_name FROM duckdb_tables() WHERE database_name = 'published'")
    }
    for table in TABLES:
        if table in there:
            run(connection, f'CREATE TABLE "{table}" AS SELECT * FROM published."{table}"')
    build_id, as_of = run(connection, "SELECT build_id, as_of FROM published.build_info")[0]
    run(connection, _POPULATION.format("published", as_of))
    run(connection, "DETACH published")
    held = used_by(lambda sql: run(connection, sql))
    return Ground(connection, as_of, str(build_id), held, threading.Lock())


def ground_in(connection: Connection, as_of: dt.date, build_id: str, held: dict[str, InForce]) -> Ground:
    """A ground of tables that stand in a connection already (facts made for a past day, a test's ledger)."""
    return Ground(connection, as_of, build_id, held, threading.Lock())
