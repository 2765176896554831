"""Looks at past days are found again, and thrown away when they are old; the published build never is."""

from __future__ import annotations

import os
import shutil
import time
from datetime import date
from pathlib import Path

import duckdb
import pytest

from dashboard.looks import kept, look_at, prune
from dashboard.settings import read_settings
from tests.pages.snapshot_fixture import BUILD, make_store

DAYS = read_settings().looks.kept.value


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A published build, and beside it one as known on 15 August."""
    found = make_store(tmp_path)
    look = found / "snapshots" / "look.duckdb"
    shutil.copy(found / "snapshots" / f"{BUILD}.duckdb", look)
    for file in (look, found / "snapshots" / f"{BUILD}.duckdb"):
        with duckdb.connect(str(file)) as connection:
            connection.execute("ALTER TABLE delivery ADD COLUMN IF NOT EXISTS seq BIGINT")
            if file == look:
                connection.execute("UPDATE build_info SET known_on = DATE '2026-08-15'")
    return found


def aged(path: Path, days: float) -> None:
    then = time.time() - days * 86_400
    os.utime(path, (then, then))


def test_a_look_is_found_by_its_day_and_no_other(store: Path) -> None:
    found = look_at(store, date(2026, 8, 15))
    assert found is not None and found.file.name == "look.duckdb"
    assert look_at(store, date(2026, 8, 16)) is None


def test_a_look_from_before_another_delivery_came_is_not_used(store: Path) -> None:
    with duckdb.connect(str(store / "snapshots" / f"{BUILD}.duckdb")) as connection:
        connection.execute("UPDATE delivery SET seq = 99")
    assert look_at(store, date(2026, 8, 15)) is None


def test_old_looks_go_and_young_ones_and_the_published_build_stay(store: Path) -> None:
    look, published = store / "snapshots" / "look.duckdb", store / "snapshots" / f"{BUILD}.duckdb"
    aged(look, DAYS - 1)
    aged(published, 100 * DAYS)
    assert (prune(store), kept(store)) == ([], [look])
    aged(look, DAYS + 1)
    assert prune(store) == [look]
    assert published.exists() and kept(store) == []
