"""A registry from before a contract had a column."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from data_contracts import grown
from data_contracts.contract import contracts
from data_contracts.frames import frame
from registry import store


def test_a_registry_from_before_a_column_gets_it_and_keeps_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "registry.duckdb"
    connection = store.open_file(path)
    grown.make_tables(connection)
    store.insert(connection, "household", household("c1", None))
    store.run(connection, "ALTER TABLE household DROP COLUMN travel_minutes")
    connection.close()
    grown.bring_up_to_date(path)
    connection = store.open_file(path)
    # The column stands last now, and not where the contract has it: rows go in by name.
    store.insert(connection, "household", household("c2", 35))
    rows = store.run(connection, "SELECT child_ref, travel_minutes, _row FROM household ORDER BY 1")
    connection.close()
    assert rows == [("c1", None, 1), ("c2", 35, 1)]


def household(child: str, minutes: int | None) -> Any:
    row = {"child_ref": child, "travel_minutes": minutes, "_row": 1}
    return frame(contracts()["household"], [row]).to_arrow()
