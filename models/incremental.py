"""A build that computes what changed and takes the rest over from the build before it.

Each table made by SQL has a key: the digest of its SQL, of all the program's Python, and of what is in the columns
that the SQL mentions of each table it reads.  Where the published build holds a table with that key, its rows are
copied.  Content decides, not when something was made: a table that was made anew and came out the same moves nothing
after it.  The fence forbids `*`, so the columns that a query mentions are all that it can read.

The keys stand in the snapshot's table `made(name, key)`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from models.engines import DuckDbEngine
from models.sql import Query, columns_used, parse, render
from registry.store import Connection, append, attach, run

EARLIER = "earlier"
LIBRARIES = ("duckdb", "sqlglot")
PROGRAM = ("registry", "data_contracts", "models")


@cache
def program_digest() -> str:
    """The digest of all Python that makes tables, and of the libraries that could make them differently."""
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256(" ".join(version(name) for name in LIBRARIES).encode())
    for path in sorted(path for folder in PROGRAM for path in (root / folder).rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


class Memory:
    """What this build has made, by key, and what the build before it holds; without one everything is made.

    `earlier` is the snapshot to take over from, attached here read-only under the name `earlier`.
    `taken` and `made` name what was taken over and what was made.
    """

    def __init__(self, connection: Connection, earlier: Path | None = None) -> None:
        self._connection = connection
        self._contents: dict[tuple[str, tuple[str, ...]], str] = {}
        self._columns: dict[str, tuple[str, ...]] = {}
        self._keys: dict[str, str] = {}
        self._before: dict[str, str] = {}
        self.is_asleep = False
        self.taken: list[str] = []
        self.made: list[str] = []
        self._attached = earlier is not None and attach(connection, earlier, EARLIER)
        if self._attached:
            self._before = self._earlier_keys()

    @property
    def is_attached(self) -> bool:
        """Whether the build before stands attached."""
        return self._attached

    def _earlier_keys(self) -> dict[str, str]:
        """The keys of the build before; none where it was made by a program that kept none."""
        there = "SELECT 1 FROM duckdb_tables() WHERE database_name = $1 AND table_name = 'made'"
        if not run(self._connection, there, [EARLIER]):
            return {}
        return dict(run(self._connection, f"SELECT name, key FROM {EARLIER}.made"))

    def close(self) -> None:
        """Write the keys down and let the build before go."""
        run(self._connection, "CREATE OR REPLACE TABLE made (name VARCHAR, key VARCHAR)")
        append(self._connection, "made", sorted(self._keys.items()))
        if self._attached:
            run(self._connection, f"DETACH {EARLIER}")

    @contextmanager
    def asleep(self) -> Iterator[None]:
        """While tables are made that the next round makes anew, none is looked up and none is noted."""
        self.is_asleep = True
        try:
            yield
        finally:
            self.is_asleep = False

    def forget(self, table: str) -> None:
        """The table has another content now."""
        self._columns.pop(table, None)
        self._contents = {known: digest for known, digest in self._contents.items() if known[0] != table}

    def columns_of(self, table: str) -> tuple[str, ...]:
        """The names of a table's columns."""
        if table not in self._columns:
            found = self._connection.execute(f'SELECT * FROM "{table}" LIMIT 0').description
            self._columns[table] = tuple(column[0] for column in found)
        return self._columns[table]

    def content(self, table: str, mentioned: Iterable[str]) -> str:
        """A digest of the rows of a table in those of its columns that are mentioned, in whatever order."""
        columns = tuple(name for name in self.columns_of(table) if name in set(mentioned))
        if (table, columns) not in self._contents:
            cells = "".join(f', "{name}"' for name in columns)
            row = run(
                self._connection,
                f"SELECT count(*), sum(CAST(hash(1{cells}) AS HUGEINT)), bit_xor(hash(2{cells})), "
                f'sum(CAST(hash(3{cells}) AS HUGEINT)) FROM "{table}"',
            )
            self._contents[table, columns] = f"{table} {columns} {row}"
        return self._contents[table, columns]

    def key(self, queries: Sequence[Query], more: Sequence[str] = (), inside: Collection[str] = ()) -> str:
        """The key of what those queries make, together with whatever else decides.

        Tables named in `inside` are made by the queries themselves on their way: their content follows from the rest.
        """
        parts = [program_digest(), *more]
        for query in queries:
            parts.append(render(query, "duckdb"))
            parts += [self.content(name, columns_used(query)) for name in query.reads if name not in inside]
        return _digest(parts)

    def has(self, name: str, key: str) -> bool:
        """Whether the build before made that from the same; notes the key for the build after."""
        self._keys[name] = key
        found = self._before.get(name) == key
        (self.taken if found else self.made).append(name)
        return found

    def take_over(self, name: str, key: str, code: str, tables: Sequence[str]) -> bool:
        """Copy the rows of that code from each of the tables, where the build before made them from the same."""
        if not self.has(name, key):
            return False
        for table in tables:
            run(
                self._connection,
                f'INSERT INTO "{table}" SELECT * FROM {EARLIER}."{table}" WHERE code = $1',
                [code],
            )
            self.forget(table)
        return True

    def copy(self, table: str) -> None:
        """Take a whole table over."""
        run(self._connection, f'CREATE OR REPLACE TABLE "{table}" AS SELECT * FROM {EARLIER}."{table}"')
        self.forget(table)


# Made anew for every indicator or every past day: a key under the same name would only hold for the last.
PASSING = ("one_", "fact_day")


class RememberingEngine(DuckDbEngine):
    """DuckDB, but what the build before made from the same is copied."""

    def __init__(self, connection: Any, memory: Memory) -> None:
        super().__init__(connection)
        self.memory = memory

    def create(self, name: str, columns: Any, rows: Any) -> None:
        """Make (or replace) a table from rows."""
        super().create(name, columns, rows)
        self.memory.forget(name)

    def table(self, name: str, sql: str | Query) -> None:
        """Make (or replace) a table from a fenced query, or copy it."""
        query = parse(sql, name) if isinstance(sql, str) else sql
        looks = not self.memory.is_asleep and not name.startswith(PASSING)
        if looks and self.memory.has(name, self.memory.key([query])):
            self.memory.copy(name)
            return
        super().table(name, query)
        self.memory.forget(name)

    def add(self, name: str, sql: str | Query) -> None:
        """Add the rows of a fenced query at the end of a table."""
        super().add(name, sql)
        self.memory.forget(name)

    def view(self, name: str, sql: str | Query) -> None:
        """Let a name stand for what a fenced query finds."""
        super().view(name, sql)
        self.memory.forget(name)

    def drop(self, name: str) -> None:
        """Remove a table."""
        super().drop(name)
        self.memory.forget(name)
