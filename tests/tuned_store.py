"""A store with one small published list, made from a spec ledger: what tuning needs, without an intake."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb

from models.engines import DuckDbEngine
from models.screening.rulebook.in_force import COLUMNS, TABLE, in_force, version_rows
from models.screening.scoring import screen
from registry import store
from tests.spec import ledger

DAY = dt.date(2026, 9, 30)
AT = dt.datetime(2026, 10, 8, 9, 0)
LEDGER = Path(__file__).parent / "spec" / "screening" / "visit_rules.txt"
WORKERS = """
INSERT INTO worker (worker_ref, post, org_code) VALUES
    ('w1', 'child_director', '530902001901'), ('w2', 'child_supervisor', '530902002')
"""


def make_store(folder: Path, known_on: dt.date = DAY) -> Path:
    """A store whose published build holds the list of the ledger; names are in none of its tables."""
    (folder / "snapshots").mkdir(parents=True, exist_ok=True)
    store.write_json(folder / "store.json", {"version": store.VERSION, "key": "test", "demo": True})
    build(folder, known_on)
    return folder


def build(folder: Path, known_on: dt.date = DAY) -> str:
    """Publish the list by the card and the rules that hold on that day; the name of the build."""
    held = in_force(folder, known_on)
    build_id = f"build{len(list((folder / 'snapshots').iterdir())) + 1}"
    connection = duckdb.connect(str(folder / "snapshots" / f"{build_id}.duckdb"))
    engine = DuckDbEngine(connection)
    ledger.fill(engine, ledger.read(LEDGER))
    screen(
        engine,
        DAY,
        {one.target: one.card for one in held.values()},
        {t: one.rules for t, one in held.items()},
    )
    engine.create(TABLE, COLUMNS, version_rows(folder, held, known_on))
    connection.execute(WORKERS)
    connection.execute(
        "CREATE TABLE build_info AS SELECT $1 AS build_id, $2 AS as_of, $3 AS known_on, $4 AS built_at, 0 AS rows, "
        "TRUE AS demo",
        [build_id, DAY, known_on, AT],
    )
    connection.close()
    store.publish(
        folder, f"{build_id}.duckdb", {"build_id": build_id, "as_of": str(DAY), "known_on": str(known_on)}
    )
    return build_id
