"""The only place that opens DuckDB: here, the published snapshots, read-only."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

POINTER = "current.json"


class NoSnapshot(FileNotFoundError):
    """Nothing has been built yet in this store."""


def open_snapshot(store_dir: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection to the snapshot that the pointer names; NoSnapshot when nothing is built."""
    pointer = store_dir / POINTER
    if not pointer.exists():
        raise NoSnapshot(f"store: expected {POINTER} after a build, found none")
    name = json.loads(pointer.read_text(encoding="utf-8"))["file"]
    file = store_dir / "snapshots" / Path(name).name
    if not file.exists():
        raise NoSnapshot(f"store: expected snapshot {file.name} named by {POINTER}, found none")
    connection = duckdb.connect(str(file), read_only=True)
    connection.execute("SET enable_external_access=false")
    connection.execute("SET python_enable_replacements=false")
    connection.execute("SET lock_configuration=true")
    return connection
