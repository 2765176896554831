"""Reads the published snapshot as Polars frames; knows table names, nothing about people's rights.

A snapshot is opened anew for each page run and closed after it: nothing of one reader is kept for another,
and a new build shows at the next click. Rights are checked by the views that call these functions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from registry.store import open_snapshot


class Build(NamedTuple):
    """Which build the figures come from, and as of which day."""

    build_id: str
    as_of: date
    known_on: date
    built_at: datetime | None
    is_demo: bool


class Snapshot:
    """One open build: a cursor for questions and the build that they are asked of."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._tables: frozenset[str] | None = None
        self.build = self._read_build()

    def frame(self, query: str, *values: object) -> pl.DataFrame:
        """The answer to a query with `?` placeholders; Int8 widths never appear, counts are Int64."""
        return self._connection.sql(query, params=list(values)).pl()

    def has(self, table: str) -> bool:
        """Whether this build published a table; older builds lack newer ones."""
        if self._tables is None:
            names = self.frame("SELECT table_name FROM information_schema.tables")
            self._tables = frozenset(names["table_name"].to_list())
        return table in self._tables

    def columns(self, table: str) -> frozenset[str]:
        """The columns of a published table."""
        query = "SELECT column_name FROM information_schema.columns WHERE table_name = ?"
        return frozenset(self.frame(query, table)["column_name"].to_list())

    @property
    def connection(self) -> Any:
        """The open build itself, for the models that compare two of them."""
        return self._connection

    def _read_build(self) -> Build:
        row = self.frame("SELECT * FROM build_info LIMIT 1").row(0, named=True)
        is_demo = bool(row.get("demo", False))
        return Build(str(row["build_id"]), row["as_of"], row["known_on"], row.get("built_at"), is_demo)


@contextmanager
def opened(store: Path) -> Iterator[Snapshot]:
    """The current snapshot; registry.store.NoSnapshot when nothing is built."""
    connection = open_snapshot(store)
    try:
        yield Snapshot(connection)
    finally:
        connection.close()


@contextmanager
def opened_look(store: Path, file: str) -> Iterator[Snapshot]:
    """Another finished build of the store, by its file name."""
    connection = open_snapshot(store, file)
    try:
        yield Snapshot(connection)
    finally:
        connection.close()


def among(column: str, values: Sequence[str]) -> str:
    """A condition `column IN (?, …)` with one placeholder a value; never true for no values."""
    return f"{column} IN ({', '.join('?' * len(values))})" if values else "FALSE"
