"""The same fenced SQL on DuckDB (one machine) and on Spark (past one machine).

Both engines hold tables by name and give rows back as dictionaries.  Spark runs in local mode without its web
page and bound to the loopback address; it never opens a port to the outside.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any, Protocol

from models.sql import Query, parse, render
from registry.store import append


class Connection(Protocol):
    """The part of an open DuckDB connection that is used here; `registry.store` opens it."""

    def execute(self, query: str, parameters: Any = ...) -> Any:
        """Run one statement."""

    def begin(self) -> Any:
        """Start a transaction."""

    def commit(self) -> Any:
        """End it."""


class Engine(Protocol):
    """Tables by name, filled from rows or from fenced SQL."""

    dialect: str

    def create(self, name: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
        """Make (or replace) a table from rows; `columns` maps names to DuckDB types."""

    def execute(self, sql: str) -> None:
        """Run one statement in the engine's own dialect."""

    def table(self, name: str, sql: str | Query) -> None:
        """Make (or replace) a table from a fenced query."""

    def rows(self, sql: str | Query) -> list[dict[str, Any]]:
        """The rows of a fenced query."""

    def tables(self) -> set[str]:
        """Names of the tables that exist."""

    def add(self, name: str, sql: str | Query) -> None:
        """Add the rows of a fenced query at the end of a table of the same columns."""

    def view(self, name: str, sql: str | Query) -> None:
        """Let a name stand for what a fenced query finds in tables as they are now; no rows are copied."""

    def drop(self, name: str) -> None:
        """Remove a table where it is there."""


def _query(sql: str | Query, file: str) -> Query:
    return parse(sql, file) if isinstance(sql, str) else sql


def _name(name: str) -> str:
    if not re.fullmatch(r"[a-z_][a-z0-9_]*", name):
        raise ValueError(f"expected a table name of small letters, digits and _, found {name!r}")
    return f'"{name}"'


class DuckDbEngine:
    """Fenced SQL on an open DuckDB connection."""

    dialect = "duckdb"
    _ROWS_PER_INSERT = 200
    _ROWS_PER_TABLE = 100_000

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def create(self, name: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
        """Make (or replace) a table from rows; `columns` maps names to DuckDB types."""
        typed = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
        self._connection.execute(f"CREATE OR REPLACE TABLE {_name(name)} ({typed})")
        one = "(" + ", ".join("?" * len(columns)) + ")"
        waiting = iter(rows)
        while many := list(islice(waiting, self._ROWS_PER_TABLE)):
            if len(many) > self._ROWS_PER_INSERT:  # cell by cell a hundred thousand rows take a minute
                append(self._connection, name, many)
                continue
            batch = many
            places = ", ".join([one] * len(batch))
            flat = [cell for row in batch for cell in row]
            self._connection.execute(f"INSERT INTO {_name(name)} VALUES {places}", flat)

    def execute(self, sql: str) -> None:
        """Run one statement in DuckDB's dialect."""
        self._connection.execute(sql)

    def add(self, name: str, sql: str | Query) -> None:
        """Add the rows of a fenced query at the end of a table of the same columns."""
        self._connection.execute(f"INSERT INTO {_name(name)} {render(_query(sql, name), self.dialect)}")

    def view(self, name: str, sql: str | Query) -> None:
        """Let a name stand for what a fenced query finds in tables as they are now; no rows are copied."""
        text = render(_query(sql, name), self.dialect)
        self._connection.execute(f"CREATE OR REPLACE TEMP VIEW {_name(name)} AS {text}")

    def drop(self, name: str) -> None:
        """Remove a table where it is there."""
        self._connection.execute(f"DROP TABLE IF EXISTS {_name(name)}")

    def table(self, name: str, sql: str | Query) -> None:
        """Make (or replace) a table from a fenced query."""
        query = _query(sql, name)
        self._connection.execute(f"CREATE OR REPLACE TABLE {_name(name)} AS {render(query, self.dialect)}")

    def rows(self, sql: str | Query) -> list[dict[str, Any]]:
        """The rows of a fenced query."""
        found = self._connection.execute(render(_query(sql, "query"), self.dialect))
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def tables(self) -> set[str]:
        """Names of the tables and views that exist."""
        found = self._connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_catalog = current_database()"
        ).fetchall()
        return {row[0] for row in found}


# Interpreted expressions and plain joins: compiling a class for each query costs more than a few rows do.
_FOR_FEW_ROWS = {
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.autoBroadcastJoinThreshold": "-1",
}


class SparkEngine:
    """Fenced SQL on Spark in local mode.

    A table is kept as a checkpointed temporary view, so that a query's plan doesn't grow with the chain
    of tables that it reads.  Needs Java 17 and the extra `spark`.
    """

    dialect = "spark"

    def __init__(self, cores: int = 1, partitions: int = 1, memory: str = "1g", small: bool = False) -> None:
        """`small` leaves out compiling and broadcasts: about half the time for a few rows, slower for many."""
        from pyspark.sql import SparkSession

        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        builder = (
            SparkSession.builder.master(f"local[{cores}]")
            .appName("shouhu")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.memory", memory)
            .config("spark.sql.shuffle.partitions", str(partitions))
            .config("spark.default.parallelism", str(partitions))
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.timestampType", "TIMESTAMP_NTZ")
            .config("spark.sql.ansi.enabled", "true")
            .config("spark.ui.showConsoleProgress", "false")
        )
        if small:
            for name, value in _FOR_FEW_ROWS.items():
                builder = builder.config(name, value)
        self._session = builder.getOrCreate()
        self._session.sparkContext.setLogLevel("ERROR")
        self._views: set[str] = set()

    def create(self, name: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
        """Make (or replace) a table from rows; `columns` maps names to DuckDB types."""
        from pyspark.sql.types import StructField, StructType

        kinds = {column: _spark_type(kind) for column, kind in columns.items()}
        schema = StructType([StructField(column, kind) for column, kind in kinds.items()])
        exact = [column for column, kind in columns.items() if kind.upper().startswith("DECIMAL")]
        places = [list(columns).index(column) for column in exact]
        given = [_with_decimals(row, places) for row in rows]
        self._keep(name, self._session.createDataFrame(given, schema))

    def execute(self, sql: str) -> None:
        """Run one statement in Spark's dialect."""
        self._session.sql(sql)

    def table(self, name: str, sql: str | Query) -> None:
        """Make (or replace) a table from a fenced query."""
        self._keep(
            name, self._session.sql(render(_query(sql, name), self.dialect)).localCheckpoint(eager=True)
        )

    def _keep(self, name: str, frame: Any) -> None:
        frame.createOrReplaceTempView(_name(name).strip('"'))
        self._views.add(name)

    def rows(self, sql: str | Query) -> list[dict[str, Any]]:
        """The rows of a fenced query."""
        found = self._session.sql(render(_query(sql, "query"), self.dialect)).collect()
        return [row.asDict() for row in found]

    def add(self, name: str, sql: str | Query) -> None:
        """Add the rows of a fenced query at the end of a table of the same columns."""
        found = self._session.sql(render(_query(sql, name), self.dialect)).localCheckpoint(eager=True)
        self._keep(name, self._session.table(_name(name).strip('"')).union(found))

    def view(self, name: str, sql: str | Query) -> None:
        """Let a name stand for what a fenced query finds in tables as they are now; no rows are copied."""
        self._keep(name, self._session.sql(render(_query(sql, name), self.dialect)))

    def drop(self, name: str) -> None:
        """Remove a table where it is there."""
        self._session.catalog.dropTempView(_name(name).strip('"'))
        self._views.discard(name)

    def tables(self) -> set[str]:
        """Names of the temporary views that exist."""
        return set(self._views)

    def stop(self) -> None:
        """End the session and its Java process."""
        self._session.stop()


def _with_decimals(row: Sequence[Any], places: Sequence[int]) -> tuple[Any, ...]:
    cells = list(row)
    for place in places:
        cells[place] = None if cells[place] is None else Decimal(str(cells[place]))
    return tuple(cells)


def _spark_type(kind: str) -> Any:
    """Spark's type for one of DuckDB's; ValueError for a type that no contract uses."""
    from pyspark.sql import types

    plain = {
        "VARCHAR": types.StringType,
        "DATE": types.DateType,
        "BOOLEAN": types.BooleanType,
        "INTEGER": types.IntegerType,
        "BIGINT": types.LongType,
        "DOUBLE": types.DoubleType,
        "TIMESTAMP": types.TimestampNTZType,
    }
    if kind.upper() in plain:
        return plain[kind.upper()]()
    found = re.fullmatch(r"DECIMAL\((\d+),\s*(\d+)\)", kind.upper())
    if not found:
        raise ValueError(f"expected one of {sorted(plain)} or DECIMAL(p,s), found {kind}")
    return types.DecimalType(int(found.group(1)), int(found.group(2)))
