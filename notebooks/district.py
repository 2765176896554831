"""A made-up district to learn on: the store that `SHOUHU_STORE` names, else a small new one."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from registry import store

ROOT = Path(__file__).resolve().parents[1]
CHILDREN = 200


def make_demo(folder: Path, children: int, ledgers: Path) -> None:
    """A demo district's ledgers and store, made by the usual command; the key lies beside the store."""
    command = [sys.executable, "-m", "dashboard.cli", "demo", "--no-serve", "--json"]
    command += ["--children", str(children), "--store", str(folder), "--out", str(ledgers)]
    environment = {**os.environ, "SHOUHU_KEY_FILE": str(folder.parent / "key"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if not (folder / "current.json").exists():
        said = done.stderr[-500:]
        raise RuntimeError(f"demo: expected a published build, found exit code {done.returncode}: {said}")


def demo_store() -> Path:
    """The store to learn on.  Making one takes about a minute; set `SHOUHU_STORE` to use one you have."""
    named = os.environ.get("SHOUHU_STORE")
    if named:
        return Path(named)
    folder = Path(tempfile.mkdtemp(prefix="shouhu-notebook-"))
    make_demo(folder / "store", CHILDREN, folder / "ledgers")
    return folder / "store"


def working_copy(folder: Path) -> store.Connection:
    """The published tables in a database in memory: a snapshot itself is never written."""
    connection = store.memory()
    snapshot = str(folder / "snapshots" / store.current(folder)["file"]).replace("'", "''")
    store.run(connection, f"ATTACH '{snapshot}' AS published (READ_ONLY)")
    store.run(connection, "COPY FROM DATABASE published TO memory")
    store.run(connection, "DETACH published")
    return connection
