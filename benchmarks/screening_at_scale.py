"""Both lists with reasons over a million children, beside one hand-written query for the points of both cards.

The facts of a small made-up district are copied so many times inside DuckDB, each copy with children of its own.  So
every copy's children must have the lane, tier, points and number of reasons of the small district's, and the
hand-written query must give every child the same points: both are checked for all of them.

Each way runs in a process of its own with the stated memory limit.
Run: python -m benchmarks.screening_at_scale [--children N] [--memory 6GB] [--kept FOLDER]
"""

from __future__ import annotations

import datetime as dt
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks import measuring
from benchmarks.screening import POINTS
from models.engines import DuckDbEngine
from models.facts import create_facts
from models.screening.rulebook.card import default_cards
from models.screening.scoring import score
from notebooks.district import working_copy
from registry import store

SMALL = 2000
TABLES = ("fact_wide", "known_child", "population")
# The points of both cards in one pass over the facts.
BY_HAND = f"""
CREATE OR REPLACE TABLE points_by_hand AS SELECT v.*,
  CASE f.phq_band WHEN 'no_scale' THEN 0 WHEN 'low' THEN 0 WHEN 'mild' THEN 2 WHEN 'positive' THEN 4
    WHEN 'severe' THEN 5 ELSE 1 END
  + CASE f.sdq_band WHEN 'no_scale' THEN 0 WHEN 'low' THEN 0 WHEN 'middle' THEN 1 WHEN 'high' THEN 3 ELSE 1 END
  + CASE f.mht_band WHEN 'no_scale' THEN 0 WHEN 'low' THEN 0 WHEN 'high' THEN 3 ELSE 1 END
  + CASE WHEN f.unexcused_absence_days IS NULL THEN 1 WHEN f.unexcused_absence_days < 1 THEN 0
    WHEN f.unexcused_absence_days < 3 THEN 1 ELSE 2 END
  + CASE WHEN f.days_since_contact IS NULL THEN 1 WHEN f.days_since_contact < 8 THEN 0
    WHEN f.days_since_contact < 29 THEN 1 ELSE 3 END
  + CASE WHEN f.carer_changed IS NULL THEN 1 WHEN f.carer_changed THEN 2 ELSE 0 END AS referral_points
FROM ({POINTS}) v JOIN fact_wide f ON f.child_id = v.child_id
"""
WAYS = ("ours", "by hand")
HAND_ROUNDS = 3


class TimedEngine(DuckDbEngine):
    """DuckDB that notes how long each table took, with reading and translating its SQL."""

    def __init__(self, connection: Any) -> None:
        super().__init__(connection)
        self.seconds: dict[str, float] = {}

    def table(self, name: str, sql: Any) -> None:
        """Make a table from a fenced query."""
        started = time.perf_counter()
        super().table(name, sql)
        self.seconds[name] = time.perf_counter() - started


def make_small(folder: Path, path: Path) -> dt.date:
    """Write the facts of the small district into a new file, and its lists; the day that they are of."""
    as_of = dt.date.fromisoformat(store.current(folder)["as_of"])
    connection = working_copy(folder)
    create_facts(DuckDbEngine(connection), as_of)
    store.run(connection, f"ATTACH '{path}' AS small")
    for table in TABLES:
        where = f" WHERE on_day = DATE '{as_of}'" if table == "population" else ""
        store.run(connection, f"CREATE TABLE small.{table} AS SELECT * FROM {table}{where}")
    connection.close()
    opened = store.open_file(path)
    _score_all(DuckDbEngine(opened), as_of)
    opened.close()
    return as_of


def copy_facts(path: Path, small: Path, children: int, memory: str) -> int:
    """Write the facts of that many listed children into a new file; how many copies of the small district they are."""
    connection = store.open_file(path, memory_limit=memory)
    store.attach(connection, small, "small")
    listed = int(store.run(connection, "SELECT count(*) FROM small.screening_visit")[0][0])
    copies = max(1, -(-children // listed))
    for table in TABLES:
        names = [row[0] for row in store.run(connection, f"DESCRIBE small.{table}")]
        columns = ", ".join(
            "child_id || '~' || k AS child_id" if name == "child_id" else f'"{name}"' for name in names
        )
        store.run(
            connection, f"CREATE TABLE {table} AS SELECT {columns} FROM small.{table}, range({copies}) c(k)"
        )
    connection.close()
    return copies


def _score_all(engine: DuckDbEngine, as_of: dt.date) -> None:
    for target, card in sorted(default_cards().items()):
        score(engine, as_of, target, card)


def one_way(way: str, path: Path, memory: str, as_of: dt.date) -> dict[str, Any]:
    """Seconds of one way in this process, and its most memory."""
    connection = store.open_file(path, memory_limit=memory)
    store.run(connection, f"SET temp_directory = '{path.parent / 'spill'}'")
    engine, rounds = TimedEngine(connection), []
    for _ in range(1 if way == "ours" else HAND_ROUNDS):
        started = time.perf_counter()
        _score_all(engine, as_of) if way == "ours" else store.run(connection, BY_HAND)
        rounds.append(time.perf_counter() - started)
    connection.close()
    return {"seconds": statistics.median(rounds), "each": engine.seconds, "peak_mib": _peak_mib()}


def _peak_mib() -> int:
    """The most memory of this process alone: `ru_maxrss` would be at least that of the process that began it."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM"):
            return round(int(line.split()[1]) / 1024)
    raise SystemExit("/proc/self/status: expected VmHWM, found none; this benchmark runs on Linux")


# Each copy beside the small district's children, and beside the points by hand.
DIFFERENT = """
SELECT count(*), count(*) FILTER (
  (ours.lane, ours.tier, ours.tier_low, ours.tier_high, ours.points, ours.points_low, ours.points_high)
    IS DISTINCT FROM (s.lane, s.tier, s.tier_low, s.tier_high, s.points, s.points_low, s.points_high)
  OR ours.points IS DISTINCT FROM {points})
FROM screening_{target} ours LEFT JOIN small.screening_{target} s ON s.child_id = split_part(ours.child_id, '~', 1)
LEFT JOIN points_by_hand h ON h.child_id = ours.child_id
"""


def check_equal(path: Path, small: Path, copies: int) -> dict[str, int]:
    """Children compared and reasons counted, over both lists; exits where one differs."""
    connection = store.open_file(path)
    store.attach(connection, small, "small")
    children = reasons = 0
    for target, points in {"visit": "h.points", "referral": "h.referral_points"}.items():
        seen, different = store.run(connection, DIFFERENT.format(target=target, points=points))[0]
        count = "SELECT (SELECT count(*) FROM {0}), (SELECT count(*) FROM small.{0})"
        listed, few = store.run(connection, count.format(f"screening_{target}"))[0]
        told, fewer = store.run(connection, count.format(f"reason_{target}"))[0]
        if different or not seen or listed != few * copies or told != fewer * copies:
            raise SystemExit(f"{target}: {different} of {seen} children differ; {told} reasons")
        children, reasons = children + seen, reasons + told
    connection.close()
    return {"places_compared": children, "reasons_written": reasons}


def _in_child(way: str, path: Path, memory: str, as_of: dt.date) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.screening_at_scale", "--way", way, "--database", str(path)]
    command += ["--memory", memory, "--as-of", as_of.isoformat()]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(found.stdout.splitlines()[-1]))


def measure(folder: Path, place: Path, children: int, memory: str) -> dict[str, Any]:
    """Make, run both ways, compare; what goes into the result."""
    small, path = place / "small.duckdb", place / "many.duckdb"
    as_of = make_small(folder, small)
    copies = copy_facts(path, small, children, memory)
    told = {way: _in_child(way, path, memory, as_of) for way in WAYS}
    compared = check_equal(path, small, copies)
    ratios = {
        "both lists with reasons beside the points by hand, at scale": told["ours"]["seconds"]
        / told["by hand"]["seconds"],
        "most memory of the lists, ours beside by hand": told["ours"]["peak_mib"]
        / told["by hand"]["peak_mib"],
    }
    return {
        **compared,
        "copies": copies,
        "memory_limit": memory,
        "seconds": {way: told[way]["seconds"] for way in WAYS},
        "peak_mib": {way: told[way]["peak_mib"] for way in WAYS},
        "ratios": {name: {"median": one, "smallest": one, "largest": one} for name, one in ratios.items()},
        "shares": {"lists at scale": measuring.shares(_by_kind(told["ours"]["each"]))},
    }


def _by_kind(seconds: dict[str, float]) -> dict[str, float]:
    """Seconds of both targets' tables together."""
    kinds = {
        "judgement": "every rule's answer, every line's points",
        "verdict": "lanes, tiers and their bounds",
        "screening": "order and receipts",
        "one_seen": "all that reasons are written from",
        "reason": "reasons in two languages",
        "unknown_fact": "open questions",
    }
    found: dict[str, float] = {}
    for table, one in seconds.items():
        name = next(words for kind, words in kinds.items() if table.startswith(kind))
        found[name] = found.get(name, 0.0) + one
    return found


def main(
    children: Annotated[int, typer.Option("--children", min=SMALL)] = 1_000_000,
    memory: Annotated[str, typer.Option("--memory", help="most memory that DuckDB may take")] = "6GB",
    kept: Annotated[Path | None, typer.Option("--kept", help="a district to make once and keep")] = None,
    way: Annotated[str | None, typer.Option("--way", hidden=True)] = None,
    database: Annotated[Path | None, typer.Option("--database", hidden=True)] = None,
    as_of: Annotated[str, typer.Option("--as-of", hidden=True)] = "",
) -> None:
    """Measure, and write results/screening_at_scale.json."""
    if way and database:
        print("\n" + json.dumps(one_way(way, database, memory, dt.date.fromisoformat(as_of))))
        return
    with (
        measuring.demo_district(SMALL, kept) as (folder, _),
        tempfile.TemporaryDirectory(prefix="shouhu-lists-") as place,
    ):
        measured = measure(folder, Path(place), children, memory)
    typer.echo(measuring.write_result("screening_at_scale", children, {**measured, "rounds": 1}))


if __name__ == "__main__":
    typer.run(main)
