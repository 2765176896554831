"""A registry from before a contract had a table or a column gets it, empty: nobody has to take the ledgers in again."""

from __future__ import annotations

from pathlib import Path

from data_contracts.contract import contracts
from registry import store


def make_tables(connection: store.Connection) -> None:
    """Create what the contracts ask for and the registry has not; what is there stays as it is."""
    for contract in contracts().values():
        store.run(connection, contract.ddl())
    for table, column, kind in _missing(connection):
        store.run(connection, f'ALTER TABLE "{table}" ADD COLUMN "{column}" {kind}')


def bring_up_to_date(registry_path: Path) -> None:
    """`make_tables` on a closed registry, opened for writing only where something is missing.

    StoreBusy where another process has the file.
    """
    connection = store.open_file(registry_path, read_only=True)
    missing = _missing(connection)
    connection.close()
    if missing:
        connection = store.open_file(registry_path)
        make_tables(connection)
        connection.close()


def _missing(connection: store.Connection) -> list[tuple[str, str, str]]:
    """Table, column and type of each column that a contract has and its table has not; absent tables are left out."""
    there: dict[str, set[str]] = {}
    for table, column in store.run(connection, "SELECT table_name, column_name FROM duckdb_columns()"):
        there.setdefault(str(table), set()).add(str(column))
    return [
        (name, column.name, column.sql_type)
        for name, contract in contracts().items()
        for column in contract.columns
        if name in there and column.name not in there[name]
    ]
