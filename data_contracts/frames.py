"""Typed rows as frames in the order of their contract, and the contract's cross-column checks run on them in DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from data_contracts.contract import SYSTEM_COLUMNS, Contract
from registry.store import Connection, run

POLARS: dict[str, Any] = {
    "VARCHAR": pl.String, "DATE": pl.Date, "TIMESTAMP": pl.Datetime("us"), "BIGINT": pl.Int64,
    "INTEGER": pl.Int32, "BOOLEAN": pl.Boolean, "DECIMAL(14,2)": pl.Decimal(14, 2),
}  # fmt: skip


def frame(contract: Contract, rows: Sequence[dict[str, Any]]) -> pl.DataFrame:
    """Typed rows as a frame in the contract's column order, system columns last."""
    schema = {column.name: POLARS[column.sql_type] for column in contract.columns}
    schema.update({name: POLARS[kind] for name, kind in SYSTEM_COLUMNS.items()})
    return pl.DataFrame({name: [row.get(name) for row in rows] for name in schema}, schema=schema)


def failing(
    connection: Connection, contract: Contract, rows: Sequence[dict[str, Any]]
) -> list[tuple[int, int]]:
    """(index of the row, index of the contract's check) for each check that a row fails, in that order."""
    connection.register("held", frame(contract, rows).with_row_index("_i").to_arrow())
    flags = ", ".join(f"coalesce({check.fails_when}, false)" for check in contract.checks)
    try:
        found = run(connection, f"SELECT _i, {flags} FROM held")
    finally:
        connection.unregister("held")
    return [(line[0], which) for line in sorted(found) for which, fails in enumerate(line[1:]) if fails]
