"""The only door to DuckDB: the registry, the build databases, the published snapshots.

One process holds the registry for writing and excludes every other; snapshots are opened read-only under
names of their own and only the pointer `current.json` moves, so that readers never wait.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import pyarrow

_LEFTOVER = re.compile(r"\.(?:.+\.)?(\d+)(?:\.duckdb(?:\.wal|\.tmp)?)?")
Connection = duckdb.DuckDBPyConnection
VERSION = 1

# `read_only=True` alone still lets COPY TO write files; no extension is ever fetched.
_SANDBOX = {
    "autoload_known_extensions": False,
    "autoinstall_known_extensions": False,
    "allow_community_extensions": False,
}
# Given at connecting and not after: many readers share one open file, and a locked setting cannot be set twice.
_SEAL = {"python_enable_replacements": False, "enable_external_access": False, "lock_configuration": True}


class StoreProblem(RuntimeError):
    """A store that cannot be used: says what was expected and what was found."""


class NoSnapshot(StoreProblem):
    """Nothing has been built yet."""


class StoreBusy(StoreProblem):
    """Another process is writing to this store."""


def dbapi() -> ModuleType:
    """DuckDB as a DB-API module, for the one adapter that needs it."""
    return duckdb


def memory() -> Connection:
    """A database in memory, for tests and for checks on single sheets."""
    return duckdb.connect(":memory:", config=dict(_SANDBOX))


def open_file(
    path: Path, read_only: bool = False, memory_limit: str | None = None, sealed: bool = False
) -> Connection:
    """A DuckDB file; StoreBusy where another process holds it.

    `sealed` shuts every way out of it: no files, no settings, no Python variables.
    """
    config: dict[str, Any] = dict(_SANDBOX)
    if sealed:
        config |= _SEAL
    if memory_limit:
        config["memory_limit"] = memory_limit
    try:
        return duckdb.connect(str(path), read_only=read_only, config=config)
    except duckdb.IOException as problem:
        if "lock" in str(problem).lower():
            raise StoreBusy(f"{path.name}: another process is writing to this store") from problem
        raise StoreProblem(f"{path.name}: expected a database that can be opened") from problem


def run(connection: Connection, sql: str, values: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
    """Execute and fetch everything: DuckDB 2 refuses the next statement while a result is half read."""
    return connection.execute(sql, values).fetchall()


def attach(connection: Connection, path: Path, name: str) -> bool:
    """Open another database beside this one, for reading; false where it cannot be opened."""
    try:
        run(connection, f"ATTACH '{_quoted(path)}' AS {name} (READ_ONLY)")
    except (duckdb.IOException, duckdb.BinderException):
        return False
    return True


def insert(connection: Connection, table: str, rows: Any) -> None:
    """Append an Arrow table to a table with those columns, in whatever order."""
    _insert(connection, table, "BY NAME", rows)


def _insert(connection: Connection, table: str, how: str, rows: Any) -> None:
    connection.register("arrived", rows)
    try:
        run(connection, f'INSERT INTO "{table}" {how} SELECT * FROM arrived')
    finally:
        connection.unregister("arrived")


def rewrite(path: Path, target: Path) -> None:
    """Copy a database into a new file: what was deleted leaves no bytes behind, as DELETE and VACUUM would."""
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    connection = memory()
    try:
        run(connection, f"ATTACH '{_quoted(path)}' AS old (READ_ONLY)")
        run(connection, f"ATTACH '{_quoted(beside)}' AS new")
        run(connection, "COPY FROM DATABASE old TO new")
        run(connection, "DETACH old")
        run(connection, "DETACH new")
    except duckdb.IOException as problem:
        raise StoreBusy(f"{path.name}: another process is using this store") from problem
    finally:
        connection.close()
    beside.replace(target)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def append(connection: Connection, table: str, rows: Sequence[Sequence[Any]]) -> None:
    """Append rows in one statement: row by row a hundred thousand of them take a minute."""
    if not rows:
        return
    arrays = [pyarrow.array(column) for column in zip(*rows, strict=True)]
    names = [str(place) for place in range(len(arrays))]
    _insert(connection, table, "BY POSITION", pyarrow.table(arrays, names=names))


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a small file whole or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with beside.open("w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, sort_keys=True, indent=1)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def manifest(store: Path) -> dict[str, Any]:
    """`store.json`: version, key fingerprint, whether it is a demo; empty where there is no store."""
    path = store / "store.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def remove_leftovers(folder: Path) -> None:
    """Remove half-written files whose process is gone: `.name.pid`, or `.pid.duckdb` with its log and temporaries."""
    for path in folder.glob(".*"):
        match = _LEFTOVER.fullmatch(path.name)
        if match is None or _is_running(int(match[1])):
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _is_running(process_id: int) -> bool:
    if (
        process_id == os.getpid()
    ):  # numbers are used again, in containers at once: this process has begun nothing
        return False
    if os.name == "nt":  # there a signal of 0 would end it
        return True
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except (OverflowError, PermissionError):
        return True
    return True


def prepare(store: Path, fingerprint: str, demo: bool = False) -> dict[str, Any]:
    """Make the store's folders and manifest, or check that this key belongs to it; clear up after killed runs."""
    for folder in (store, store / "originals"):
        remove_leftovers(folder)
    found = manifest(store)
    if found:
        if found["version"] != VERSION:
            raise StoreProblem(f"store.json: expected version {VERSION}, found {found['version']}")
        if found["key"] != fingerprint:
            raise StoreProblem("store.json: this store was made with another key")
        return found
    for folder in (store, store / "originals", store / "snapshots"):
        folder.mkdir(parents=True, exist_ok=True)
    made = {"version": VERSION, "key": fingerprint, "demo": demo}
    write_json(store / "store.json", made)
    return made


def current(store: Path) -> dict[str, Any]:
    """The pointer to the published snapshot; NoSnapshot where nothing has been built."""
    path = store / "current.json"
    if not path.exists():
        raise NoSnapshot(f"{store}: expected a published build, found none")
    return json.loads(path.read_text("utf-8"))


def open_snapshot(store: Path, file: str | None = None) -> Connection:
    """The published snapshot (or another finished one, by its file name), read-only and sealed."""
    path = store / "snapshots" / (file or current(store)["file"])
    if not path.exists():
        raise StoreProblem(f"current.json: expected the snapshot {path.name}, found no file")
    return open_file(path, read_only=True, sealed=True)


def publish(store: Path, file: str, pointer: dict[str, Any]) -> None:
    """Move the pointer to a finished snapshot; readers see the old one or the new one, never half of one."""
    write_json(store / "current.json", {**pointer, "file": file})
