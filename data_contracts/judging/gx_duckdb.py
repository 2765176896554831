"""Lets Great Expectations 1.24 read a DuckDB 2.0 file, read-only: dialect, engine and datasource.

Great Expectations has no DuckDB engine and no released SQLAlchemy dialect fits DuckDB 2.0.  Upstream has an
open pull request whose classes are called `DuckDBExecutionEngine` and type `duckdb`; metrics are found by
class name, so nothing here bears these names.  Drop this module when upstream ships (docs/decisions/0006).

Importing it imports Great Expectations (seconds, hundreds of MB): only `data_contracts.judging.judge`'s child does.
"""

from __future__ import annotations

import builtins
import re
import sys
from types import ModuleType
from typing import Any, Literal

import sqlalchemy
from great_expectations.datasource.fluent.sql_datasource import SQLDatasource
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from sqlalchemy import pool, text
from sqlalchemy.dialects.postgresql.base import PGDialect, PGExecutionContext
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy
from sqlalchemy.types import (
    BIGINT,
    BLOB,
    BOOLEAN,
    DATE,
    DECIMAL,
    DOUBLE,
    FLOAT,
    INTEGER,
    NUMERIC,
    SMALLINT,
    TIME,
    TIMESTAMP,
    VARCHAR,
    NullType,
    TypeEngine,
)

from registry import store

# What Great Expectations looks for in a "dialect module": the types by name, and one name of each known
# database, by which it chooses the regex function.  Dremio's is `REGEXP_MATCHES`, which is also DuckDB's.
TYPES: dict[str, type[TypeEngine[Any]]] = {
    "BIGINT": BIGINT,
    "BLOB": BLOB,
    "BOOLEAN": BOOLEAN,
    "DATE": DATE,
    "DECIMAL": DECIMAL,
    "DOUBLE": DOUBLE,
    "FLOAT": FLOAT,
    "HUGEINT": NUMERIC,
    "INTEGER": INTEGER,
    "SMALLINT": SMALLINT,
    "TIME": TIME,
    "TIMESTAMP": TIMESTAMP,
    "VARCHAR": VARCHAR,
}

# Nothing but the file itself: no other file, no extension, no way back (DESIGN §3, DuckDB as a sandbox).
SANDBOX = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "python_enable_replacements": "false",
    "lock_configuration": "true",
}


class BufferedContext(PGExecutionContext):
    """Fetches all rows at once, because Great Expectations closes its connection before it reads them."""

    def post_exec(self) -> None:
        """Put every row into memory; the statements of a suite return counts, not tables."""
        if self.cursor is not None and self.cursor.description:
            description = self.cursor.description
            self.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
                self.cursor, alternate_description=description, initial_buffer=self.cursor.fetchall()
            )


class RegistryDialect(PGDialect):
    """SQLAlchemy's PostgreSQL dialect on DuckDB's Python module; every connection is read-only."""

    name = "shouhu"
    driver = "duckdb"
    default_paramstyle = "qmark"
    supports_statement_cache = True
    supports_server_side_cursors = False
    postfetch_lastrowid = False
    execution_ctx_cls = BufferedContext

    @classmethod
    def import_dbapi(cls) -> ModuleType:
        """DuckDB, which only `registry.store` may import."""
        return store.dbapi()

    @classmethod
    def get_pool_class(cls, url: sqlalchemy.URL) -> type[pool.Pool]:
        """One connection kept open: opening the file for each statement took 64 s instead of 11."""
        return pool.StaticPool

    def create_connect_args(self, url: sqlalchemy.URL) -> tuple[list[Any], dict[str, Any]]:
        """The path in the URL, opened read-only and with nothing else in reach."""
        return [url.database], {"read_only": True, "config": dict(SANDBOX)}

    def initialize(self, connection: sqlalchemy.Connection) -> None:
        """Skip PostgreSQL's questions to its server; DuckDB's default schema is called `main`."""
        self.default_schema_name = "main"
        self.server_version_info = (15, 0)

    def do_begin(self, dbapi_connection: Any) -> None:
        """Nothing: statements run on cursors, which are connections of their own in DuckDB."""

    def do_rollback(self, dbapi_connection: Any) -> None:
        """Nothing: there is nothing to roll back, and DuckDB raises where no transaction is open."""

    def do_commit(self, dbapi_connection: Any) -> None:
        """Nothing, for the same reason."""

    def get_schema_names(self, connection: sqlalchemy.Connection, **kw: Any) -> list[str]:
        """The one schema."""
        return ["main"]

    def has_table(
        self, connection: sqlalchemy.Connection, table_name: str, schema: str | None = None, **kw: Any
    ) -> bool:
        """Whether a table or view of that name exists."""
        return table_name in self.get_table_names(connection) + self.get_view_names(connection)

    def get_table_names(
        self, connection: sqlalchemy.Connection, schema: str | None = None, **kw: Any
    ) -> list[str]:
        """Tables by name."""
        return list(connection.execute(text("SELECT table_name FROM duckdb_tables() ORDER BY 1")).scalars())

    def get_view_names(
        self, connection: sqlalchemy.Connection, schema: str | None = None, **kw: Any
    ) -> list[str]:
        """Views by name, without DuckDB's own."""
        query = text("SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY 1")
        return list(connection.execute(query).scalars())

    def get_columns(
        self, connection: sqlalchemy.Connection, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[Any]:
        """Columns in their order; NoSuchTableError where there is no such table."""
        query = text(
            "SELECT column_name, data_type, is_nullable FROM duckdb_columns()"
            " WHERE table_name = :table_name AND NOT internal ORDER BY column_index"
        )
        found = connection.execute(query, {"table_name": str(table_name)}).all()
        if not found:
            raise sqlalchemy.exc.NoSuchTableError(table_name)
        return [
            {"name": name, "type": _type_named(kind), "nullable": nullable, "default": None}
            for name, kind, nullable in found
        ]

    def get_pk_constraint(
        self, connection: sqlalchemy.Connection, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        """None: keys are judged by the contracts, not taken from the database."""
        return {"constrained_columns": [], "name": None}


def _type_named(kind: str) -> TypeEngine[Any]:
    """The SQLAlchemy type of a DuckDB type name such as `DECIMAL(14,2)`."""
    known = TYPES.get(kind.split("(")[0])
    if known is DECIMAL and (sizes := re.findall(r"\d+", kind)):
        return DECIMAL(int(sizes[0]), int(sizes[1]))
    return known() if known else NullType()


dialect = RegistryDialect
DremioDialect = RegistryDialect
sqlalchemy.dialects.registry.register("shouhu", __name__, "RegistryDialect")


class RegistryExecutionEngine(SqlAlchemyExecutionEngine):
    """Great Expectations' SQL engine, told that this module is the dialect's module."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.dialect_module = sys.modules[__name__]


class RegistryDatasource(SQLDatasource):
    """A DuckDB file as a source of tables: `shouhu:///path/registry.duckdb`."""

    type: Literal["shouhu_registry"] = "shouhu_registry"  # type: ignore[assignment]

    @property
    def execution_engine_type(self) -> builtins.type[SqlAlchemyExecutionEngine]:
        """The engine above."""
        return RegistryExecutionEngine
