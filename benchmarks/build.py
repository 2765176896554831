"""A full build beside one after one more visit ledger, and beside hand-written SQL of the ten heaviest indicators.

A build makes 24 months of every indicator at every level, with screening, protected counts and quality tables.  Both
builds, and the hand-written SQL over the tables of the full one, run in processes of their own, in turn; the figures
of both builds must be the same, the counts those of the hand-written SQL.
Run: python -m benchmarks.build [--children N] [--kept FOLDER]
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks import heaviest, measuring
from dashboard.commands.calls import vault_for
from dashboard.commands.intake import take_in
from data_contracts.arriving import files_in
from data_contracts.forms import forms
from models.build import build
from models.engines import DuckDbEngine
from models.evaluate import evaluate
from models.measure import indicators
from registry import store
from registry.settings import Settings

ROUNDS = 3
RECEIVED_ON = dt.date(2026, 11, 24)
AS_OF = dt.date(2026, 9, 30)
# What `build` says as it goes, in the words of the page.
STEPS = {
    "known": "tables as known",
    "base": "base tables",
    "screening": "screening, now and on past days",
    "indicators": "indicators",
    "protect": "protected counts",
    "quality": "quality tables",
    "publish": "writing it down",
}
WAYS = ("taking over", "in full", "ten indicators", "by hand")


def _writes_visits(path: Path) -> bool:
    titles = [
        title
        for form in forms().values()
        if any(target.table == "visit" for target in form.tables)
        for title in (form.zh, *form.titles)
    ]
    return any(title in path.name for title in titles)


def one_build(settings: Settings, full: bool) -> dict[str, Any]:
    """One build of the store; its file, its seconds and those of each step."""
    begun: list[tuple[str, float]] = []
    made = build(settings, AS_OF, step=lambda name: begun.append((name, time.perf_counter())), full=full)
    ends = [at for _, at in begun[1:]] + [time.perf_counter()]
    steps = {STEPS[name]: end - at for (name, at), end in zip(begun, ends, strict=True)}
    return {"seconds": made.seconds, "steps": steps, "file": made.file}


def _working_copy(snapshot: Path, folder: Path) -> store.Connection:
    path = folder / "copy.duckdb"
    shutil.copyfile(snapshot, path)
    connection = store.open_file(path)
    store.run(connection, "BEGIN")  # nothing is written to the disk while it is timed
    return connection


def ten_indicators(snapshot: Path, folder: Path) -> dict[str, Any]:
    """Seconds that the ten take as a build makes them, cases, intervals and all, over the tables of a snapshot."""
    connection = _working_copy(snapshot, folder)
    started = time.perf_counter()
    evaluate(DuckDbEngine(connection), [indicators()[code] for code in heaviest.QUERIES])
    return {"seconds": time.perf_counter() - started}


def by_hand(snapshot: Path, folder: Path) -> dict[str, Any]:
    """Seconds that hand-written SQL takes for the ten, and how many figures are the same; exits where one is not."""
    connection = _working_copy(snapshot, folder)
    started = time.perf_counter()
    for code in heaviest.QUERIES:
        heaviest.count(connection, code)
    seconds = time.perf_counter() - started
    n_seen = 0
    for code in heaviest.QUERIES:
        seen, different = heaviest.compared(connection, code)
        if different or not seen:
            raise SystemExit(f"{code}: {different} of {seen} figures differ from the hand-written query's")
        n_seen += seen
    return {"seconds": seconds, "compared": n_seen}


def _one_way(way: str, settings: Settings, snapshot: Path | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        if snapshot is None:
            told = one_build(settings, full=way == "in full")
        else:
            told = {"ten indicators": ten_indicators, "by hand": by_hand}[way](snapshot, Path(folder))
    print("\n" + json.dumps({**told, "peak_mib": measuring.peak_mib()}))


def _in_child(way: str, settings: Settings, snapshot: Path | None = None) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.build", "--way", way, "--store", str(settings.store)]
    command += ["--key", str(settings.key_file)]
    command += ["--snapshot", str(snapshot)] if snapshot else []
    found = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(found.stdout.splitlines()[-1]))


def check_equal(settings: Settings, kept: str, anew: str) -> int:
    """How many figures there are, after seeing that both builds have the same; exits otherwise."""
    found = []
    for name in (kept, anew):
        connection = store.open_file(settings.snapshots / name, read_only=True)
        found.append(store.run(connection, "SELECT * FROM figure"))
        connection.close()
    if found[0] != found[1] or not found[0]:
        raise SystemExit("expected the same figures of both builds, found different ones or none")
    return len(found[0])


def one_round(settings: Settings, place: Path) -> dict[str, dict[str, Any]]:
    """All four ways, in a copy of the store."""
    shutil.copytree(settings.store, place)
    copy = Settings(store=place, key_file=settings.key_file)
    told = {way: _in_child(way, copy) for way in ("taking over", "in full")}
    snapshot = copy.snapshots / told["in full"]["file"]
    told |= {way: _in_child(way, copy, snapshot) for way in ("ten indicators", "by hand")}
    told["in full"]["figures"] = check_equal(copy, told["taking over"]["file"], told["in full"]["file"])
    shutil.rmtree(place)
    return told


def measured(runs: list[dict[str, dict[str, Any]]]) -> dict[str, Any]:
    """What goes into the result."""
    seconds = {way: [run[way]["seconds"] for run in runs] for way in WAYS}
    memory = {way: [float(run[way]["peak_mib"]) for run in runs] for way in WAYS}
    return {
        "rounds": len(runs),
        "builds_compared": runs[0]["in full"]["figures"],
        "figures_compared": runs[0]["by hand"]["compared"],
        "peak_mib": {way: int(max(memory[way])) for way in WAYS},
        "ratios": {
            "a full build beside one after a new visit ledger": measuring.ratio(
                seconds, "in full", "taking over"
            ),
            "the ten heaviest indicators beside hand-written SQL": measuring.ratio(
                seconds, "ten indicators", "by hand"
            ),
            f"a full build, all {len(indicators())} indicators, beside hand-written SQL of ten": measuring.ratio(
                seconds, "in full", "by hand"
            ),
            "most memory, a full build beside hand-written SQL of ten": measuring.ratio(
                memory, "in full", "by hand"
            ),
        },
        "shares": {
            "full build": measuring.shares(runs[-1]["in full"]["steps"]),
            "build after a new visit ledger": measuring.shares(runs[-1]["taking over"]["steps"]),
        },
    }


def main(
    children: Annotated[int, typer.Option("--children", min=150)] = 2000,
    kept: Annotated[Path | None, typer.Option("--kept", help="a district to make once and keep")] = None,
    rounds: Annotated[int, typer.Option("--rounds", min=1)] = ROUNDS,
    way: Annotated[str | None, typer.Option("--way", hidden=True)] = None,
    folder: Annotated[Path, typer.Option("--store", hidden=True)] = Path("store"),
    key: Annotated[Path, typer.Option("--key", hidden=True)] = Path("key"),
    snapshot: Annotated[Path | None, typer.Option("--snapshot", hidden=True)] = None,
) -> None:
    """Measure, and write results/build.json."""
    if way:
        _one_way(way, Settings(store=folder, key_file=key), snapshot)
        return
    with measuring.demo_district(children, kept) as (_, ledgers), tempfile.TemporaryDirectory() as temporary:
        settings = Settings(store=Path(temporary) / "store", key_file=Path(temporary) / "key")
        vault = vault_for(settings, create=True)
        paths = [path for _, path in files_in([ledgers])]
        late = next((path for path in reversed(paths) if _writes_visits(path)), None)
        if late is None:
            raise SystemExit("expected a visit ledger among the ledgers, found none")
        earlier = [path for path in paths if path != late]
        take_in(settings, vault, earlier, RECEIVED_ON, None, demo=True, quiet=True)
        build(settings, AS_OF)
        take_in(settings, vault, [late], RECEIVED_ON, None, demo=True, quiet=True)
        runs = [one_round(settings, Path(temporary) / str(number)) for number in range(rounds)]
    typer.echo(measuring.write_result("build", children, measured(runs)))


if __name__ == "__main__":
    typer.run(main)
