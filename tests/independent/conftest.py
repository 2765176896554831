"""One made-up district for every second computation: its true world, and what a build says of its ledgers."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from data_contracts.demo import World, make_world, planned_files
from data_contracts.demo.world import Child
from data_contracts.demo.writing import write_file
from registry import store
from tests.independent.planted_cases import plant_cases

ROOT = Path(__file__).parents[2]
AS_OF = date(2026, 9, 30)
CHILDREN, SEED = 170, 1


class Both(NamedTuple):
    """The district as it is, and what a build says of its ledgers, by code.

    `planted` are the children whom the four-colour form fails at, by case; `folder` holds store and key.
    """

    world: World
    figures: dict[str, list[dict[str, Any]]]
    planted: dict[str, Child]
    folder: Path


@pytest.fixture(scope="session")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    folder = tmp_path_factory.mktemp("second")
    world = make_world(CHILDREN, SEED, as_of=AS_OF)
    planted = plant_cases(world)
    for file in planned_files(world):
        write_file(file, folder / "ledgers", SEED, AS_OF)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SHOUHU_KEY_FILE": str(folder / "key")}
    day = AS_OF.isoformat()
    for words in (["intake", str(folder / "ledgers"), "--received-on", day], ["build", "--as-of", day]):
        command = [sys.executable, "-m", "dashboard.cli", *words, "--store", str(folder / "store")]
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600
        )
        assert done.returncode == 0, done.stderr[-2000:]
    connection = store.open_snapshot(folder / "store")
    rows = store.run(
        connection, "SELECT code, series, level, area, period, yes, no, unknown, value FROM figure"
    )
    connection.close()
    figures: dict[str, list[dict[str, Any]]] = {}
    names = ("code", "series", "level", "area", "period", "yes", "no", "unknown", "value")
    for row in rows:
        figures.setdefault(str(row[0]), []).append(dict(zip(names, row, strict=True)))
    yield Both(world, figures, planted, folder)
