"""Looks at past days: builds as known on another day that lie beside the published one, found and thrown away again.

A look is a snapshot that the pointer does not name.  It moves nobody's pages and can be made again at any time, so
those older than the settings say are removed when the next look is made.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

from dashboard.settings import read_settings
from registry import store as storage

LONGEST_SECONDS = 1800
SECONDS_A_DAY = 86_400
ROOT = Path(__file__).resolve().parents[1]
_BUILD = "SELECT build_id, as_of, known_on FROM build_info"
_TAKEN_IN = "SELECT count(*), coalesce(max(seq), 0) FROM delivery"


class Look(NamedTuple):
    """One build beside the published one."""

    file: Path
    build_id: str
    as_of: date
    known_on: date


def kept(store: Path) -> list[Path]:
    """The snapshot files that the pointer does not name, oldest first."""
    named = storage.current(store)["file"]
    files = [path for path in (store / "snapshots").glob("[!.]*.duckdb") if path.name != named]
    return sorted(files, key=lambda path: (path.stat().st_mtime, path.name))


def prune(store: Path, now: float | None = None) -> list[Path]:
    """Remove looks older than the settings say; the published snapshot always stays.  What went.

    A file that another process still reads stays readable for it where the system allows that, else it is kept.
    """
    oldest = (now or time.time()) - read_settings().looks.kept.value * SECONDS_A_DAY
    gone = []
    for path in kept(store):
        if path.stat().st_mtime < oldest:
            try:
                path.unlink()
            except PermissionError:  # another process reads it, on a system that minds
                continue
            gone.append(path)
    return gone


def look_at(store: Path, known_on: date) -> Look | None:
    """The newest look at that day, of the published build's as-of day and of the same deliveries; None for none."""
    with _opened(store, None) as published:
        as_of = storage.run(published, _BUILD)[0][1]
        taken_in = storage.run(published, _TAKEN_IN)
    for path in reversed(kept(store)):
        with _opened(store, path.name) as connection:
            build = storage.run(connection, _BUILD)[0]
            if tuple(build[1:]) == (as_of, known_on) and storage.run(connection, _TAKEN_IN) == taken_in:
                return Look(path, *build)
    return None


@contextmanager
def _opened(store: Path, file: str | None) -> Iterator[storage.Connection]:
    connection = storage.open_snapshot(store, file)
    try:
        yield connection
    finally:
        connection.close()


def make_look(store: Path, known_on: date, lang: str) -> bool:
    """Make the look in a process of its own, for it may take minutes and much memory; whether it was made."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "dashboard.cli", "indicators", "--known-on", known_on.isoformat(),
               "--code", "C1", "--json", "--store", str(store), "--lang", lang]  # fmt: skip
    try:
        finished = subprocess.run(
            command, capture_output=True, timeout=LONGEST_SECONDS, check=False, env=environment
        )
        return finished.returncode == 0 and "build_id" in json.loads(finished.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return False
