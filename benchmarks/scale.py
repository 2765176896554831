"""All indicators over a city: the tables of many districts made by SQL, evaluated, beside hand-written SQL.

A small made-up district is taken in and built; its tables as known are then copied so many times inside DuckDB, each
copy with children, adults, workers, records, schools, villages and townships of its own, all in one district (the
program has one at the top).  So every copy's villages must have the figures of the small district's villages: that is
checked for all of them, and the hand-written queries must give the same counts.

Each way runs in a process of its own with the stated memory limit for DuckDB; then the same for a tenth of the
children, so that one run says how time and memory grow.
Run: python -m benchmarks.scale [--children N] [--memory 8GB] [--kept FOLDER]
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks import heaviest, measuring
from data_contracts.contract import contracts
from models.engines import DuckDbEngine
from models.evaluate import BESIDE, evaluate, prepare
from models.measure import indicators
from registry import store

SMALL = 2000
SMALLER = 10
# One for the whole district, however many children there are.
ONCE = frozenset(
    {"budget", "donation", "donation_use", "expenditure", "meeting", "project_fund", "share_exchange"}
)
PLACES = ("village_code", "township_code", "area_code", "parent_code", "area")
OWN = (
    *("child_id", "other_id", "carer_ref", "adult_ref", "worker_ref", "record", "like_record"),
    *("activity_no", "inspection_no", "school_name"),
)
# Base-36 digits where a township's three stand: nothing reads meaning into them.
MACROS = """
CREATE MACRO digit(n) AS '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'[n % 36 + 1];
CREATE MACRO township_digits(n) AS digit(n // 1296) || digit(n // 36) || digit(n);
CREATE MACRO copied_place(code, copy) AS CASE WHEN length(code) <= 6 THEN code
  ELSE code[:6] || township_digits(copy * {townships} + list_position({codes}, code[:9])) || code[10:] END;
"""
WAYS = ("ours", "by hand")


def _column(table: str, name: str) -> str:
    if name in OWN or (table, name) == ("org", "name"):
        return f'"{name}" || \'~\' || k AS "{name}"'
    if name in PLACES or name.endswith("org_code"):
        return f'coalesce(copied_place("{name}", k), "{name}") AS "{name}"'
    return f'NULL AS "{name}"' if name == "note_signature" else f'"{name}"'


def make_tables(path: Path, small: Path, children: int, memory: str) -> int:
    """Write the tables of that many children into a new file; how many copies of the small district they are."""
    path.unlink(missing_ok=True)
    connection = store.open_file(path, memory_limit=memory)
    store.attach(connection, small, "small")
    known = int(store.run(connection, "SELECT count(*) FROM small.known_child")[0][0])
    towns = store.run(connection, "SELECT area_code FROM small.area WHERE level = 'township' ORDER BY 1")
    codes = "[" + ", ".join(f"'{code}'" for (code,) in towns) + "]"
    store.run(connection, MACROS.format(townships=len(towns), codes=codes))
    copies = max(1, round(children / known))
    for table in (*contracts(), *BESIDE):
        _copy(connection, table, 1 if table in ONCE else copies)
    store.run(connection, "DETACH small")
    connection.close()
    return copies


def _copy(connection: store.Connection, table: str, copies: int) -> None:
    described = store.run(connection, f'DESCRIBE small."{table}"')
    columns = ", ".join(_column(table, row[0]) if copies > 1 else f'"{row[0]}"' for row in described)
    kind = ", ".join(f'"{row[0]}" {row[1]}' for row in described)
    store.run(connection, f'CREATE TABLE "{table}" ({kind})')
    # What stands for the district as a whole stands once.
    whole = " WHERE k = 0 OR level <> 'district'" if table == "area" else ""
    store.run(
        connection,
        f'INSERT INTO "{table}" SELECT {columns} FROM small."{table}", range({copies}) c(k){whole}',
    )


def _prepared(path: Path, memory: str, as_of: dt.date) -> tuple[store.Connection, float]:
    connection = store.open_file(path, memory_limit=memory)
    store.run(connection, f"SET temp_directory = '{path.parent / 'spill'}'")
    started = time.perf_counter()
    store.run(connection, "BEGIN")  # two transactions, as in a build
    prepare(DuckDbEngine(connection), as_of)
    store.run(connection, "COMMIT")
    store.run(connection, "BEGIN")
    return connection, time.perf_counter() - started


def ours(path: Path, memory: str, as_of: dt.date) -> dict[str, Any]:
    """Prepare and evaluate all indicators; seconds of each, figures and cases made."""
    connection, prepared = _prepared(path, memory, as_of)
    begun: list[tuple[str, float]] = []
    started = time.perf_counter()

    def begins(code: str) -> None:
        begun.append((code, time.perf_counter()))
        print(f"{code} after {begun[-1][1] - started:.0f} s", file=sys.stderr, flush=True)

    evaluate(DuckDbEngine(connection), list(indicators().values()), begins=begins)
    ended = time.perf_counter()
    store.run(connection, "COMMIT")
    written = time.perf_counter() - ended
    ends = [at for _, at in begun[1:]] + [ended]
    each = {code: end - at for (code, at), end in zip(begun, ends, strict=True)}
    figures, cases = (
        int(store.run(connection, f"SELECT count(*) FROM {name}")[0][0]) for name in ("figure", "case_row")
    )
    connection.close()
    return {
        "prepare": prepared,
        "evaluate": ended - started,
        "commit": written,
        "each": each,
        "figures": figures,
        "cases": cases,
    }


def by_hand(path: Path, memory: str, as_of: dt.date) -> dict[str, Any]:
    """The hand-written queries over the same base tables, each into a table of its own; seconds of each."""
    connection = store.open_file(path, memory_limit=memory)
    each = {}
    store.run(connection, f"SET temp_directory = '{path.parent / 'spill'}'")
    for code in heaviest.QUERIES:
        started = time.perf_counter()
        heaviest.count(connection, code)
        each[code] = time.perf_counter() - started
    connection.close()
    return {"each": each}


def check_equal(path: Path, small: Path, copies: int, memory: str) -> tuple[int, int]:
    """(figures equal to the hand-written ones, village figures equal to the small district's); exits otherwise."""
    connection = store.open_file(path, memory_limit=memory)
    store.run(connection, f"SET temp_directory = '{path.parent / 'spill'}'")
    store.attach(connection, small, "small")
    hand = 0
    for code in heaviest.QUERIES:
        seen, different = heaviest.compared(connection, code)
        if different or not seen:
            raise SystemExit(f"{code}: {different} of {seen} figures differ from the hand-written query's")
        hand += seen
    villages = _villages_equal(connection, copies)
    connection.close()
    return hand, villages


# `growth` and the rest are equal too, since every copy has the same cases; parts that only cases name are left out.
VILLAGES = """
SELECT count(*), count(*) FILTER (b.n IS DISTINCT FROM {copies}) FROM (
  SELECT code, series, period, yes, no, unknown, value, low, high, status, area[10:] AS village, count(*) AS n
  FROM small.figure WHERE level = 'village' GROUP BY ALL) a
LEFT JOIN (
  SELECT code, series, period, yes, no, unknown, value, low, high, status, area[10:] AS village, count(*) AS n
  FROM figure WHERE level = 'village' GROUP BY ALL) b
ON (a.code, a.series, a.period, a.yes, a.no, a.unknown, a.status, a.village)
   = (b.code, b.series, b.period, b.yes, b.no, b.unknown, b.status, b.village)
  AND a.value IS NOT DISTINCT FROM b.value AND a.low IS NOT DISTINCT FROM b.low AND a.high IS NOT DISTINCT FROM b.high
"""


def _villages_equal(connection: store.Connection, copies: int) -> int:
    sql = VILLAGES.format(copies=f"a.n * {copies}")
    seen, different = store.run(connection, sql)[0]
    if different or not seen:
        raise SystemExit(f"{different} of {seen} figures of villages are not those of the small district")
    return int(seen) * copies


def _in_child(way: str, path: Path, memory: str, as_of: dt.date) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.scale", "--way", way, "--database", str(path)]
    command += ["--memory", memory, "--as-of", as_of.isoformat()]
    found = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    print(way, found.stdout.splitlines()[-1], file=sys.stderr, flush=True)
    return dict(json.loads(found.stdout.splitlines()[-1]))


def _one_run(way: str, path: Path, memory: str, as_of: dt.date) -> None:
    told = {"ours": ours, "by hand": by_hand}[way](path, memory, as_of)
    print("\n" + json.dumps({**told, "peak_mib": measuring.peak_mib()}))


def one_size(small: Path, as_of: dt.date, path: Path, children: int, memory: str) -> dict[str, Any]:
    """Make the tables, run both ways, compare; what each way told and what was seen equal."""
    copies = make_tables(path, small, children, memory)
    told = {way: _in_child(way, path, memory, as_of) for way in WAYS}
    compared, villages = check_equal(path, small, copies, memory)
    path.unlink()
    return {**told, "copies": copies, "compared": compared, "villages": villages}


def beside_hand(found: dict[str, Any]) -> dict[str, float]:
    """How many times as long, and as much memory, ours takes beside the hand-written SQL."""
    by_us, hand = found["ours"], found["by hand"]
    each = {code: by_us["each"][code] / seconds for code, seconds in hand["each"].items()}
    ratios = {f"{code} at scale beside hand-written SQL": value for code, value in each.items()}
    ratios["the ten hand-written indicators at scale, together"] = sum(
        by_us["each"][code] for code in heaviest.QUERIES
    ) / sum(hand["each"].values())
    ratios["most memory at scale, ours beside by hand"] = by_us["peak_mib"] / hand["peak_mib"]
    return ratios


def growth(one: dict[str, Any], tenth: dict[str, Any]) -> dict[str, float]:
    """How many times as long and as much memory ten times the children take."""
    return {
        "ten times the children: making the base": one["prepare"] / tenth["prepare"],
        "ten times the children: all indicators": one["evaluate"] / tenth["evaluate"],
        "ten times the children: most memory": one["peak_mib"] / tenth["peak_mib"],
    }


def result(one: dict[str, Any], memory: str, tenth: dict[str, Any] | None = None) -> dict[str, Any]:
    """What goes into the file for one size, and how it grew from a tenth of it where that was measured too."""
    by_us = one["ours"]
    ratios = {**beside_hand(one), **(growth(by_us, tenth["ours"]) if tenth else {})}
    slowest = sorted(by_us["each"], key=lambda code: -by_us["each"][code])[:10]
    parts = {"making the base": by_us["prepare"], "writing it down": by_us["commit"]}
    parts |= {code: by_us["each"][code] for code in slowest}
    rest = by_us["evaluate"] - sum(by_us["each"][code] for code in slowest)
    return {
        "rounds": 1,
        "figures_compared": one["compared"],
        "village_figures_compared": one["villages"],
        "copies": one["copies"],
        "memory_limit": memory,
        "scale": {name: by_us[name] for name in ("figures", "cases")},
        "peak_mib": {way: one[way]["peak_mib"] for way in WAYS},
        "ratios": {
            name: {"median": ratio, "smallest": ratio, "largest": ratio} for name, ratio in ratios.items()
        },
        "shares": {"indicators at scale": measuring.shares({**parts, "all other indicators": rest})},
    }


def measure(folder: Path, path: Path, children: int, memory: str) -> None:
    """Both sizes, the small one first; each writes the result when it is through."""
    pointer = store.current(folder)
    small, as_of = folder / "snapshots" / pointer["file"], dt.date.fromisoformat(pointer["as_of"])
    tenth = one_size(small, as_of, path, children // SMALLER, memory)
    typer.echo(measuring.write_result("scale", children // SMALLER, result(tenth, memory)))
    found = one_size(small, as_of, path, children, memory)
    typer.echo(measuring.write_result("scale", children, result(found, memory, tenth)))


def main(
    children: Annotated[int, typer.Option("--children", min=SMALL * SMALLER)] = 1_000_000,
    memory: Annotated[str, typer.Option("--memory", help="DuckDB's memory limit")] = "8GB",
    kept: Annotated[Path | None, typer.Option("--kept", help="a district to make once and keep")] = None,
    way: Annotated[str | None, typer.Option("--way", hidden=True)] = None,
    database: Annotated[Path | None, typer.Option("--database", hidden=True)] = None,
    as_of: Annotated[str, typer.Option("--as-of", hidden=True)] = "2026-09-30",
) -> None:
    """Measure, and write results/scale.json."""
    if way and database:
        _one_run(way, database, memory, dt.date.fromisoformat(as_of))
        return
    with (
        measuring.demo_district(SMALL, kept) as (folder, _),
        tempfile.TemporaryDirectory(prefix="shouhu-scale-") as place,
    ):
        measure(folder, Path(place) / "city.duckdb", children, memory)


if __name__ == "__main__":
    typer.run(main)
