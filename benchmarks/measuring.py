"""What the benchmarks share: a demo store, two things timed in turn, the machine, the file of results.

Only ratios of one run are compared: seconds of different machines, or of a busy and an idle one, say nothing.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from notebooks.district import make_demo

RESULTS = Path(__file__).parent / "results"
LIBRARIES = ("duckdb", "polars", "python-calamine", "sqlglot")
ROUNDS = 5


@contextmanager
def demo_district(children: int, kept: Path | None = None) -> Iterator[tuple[Path, Path]]:
    """(store, folder of ledgers): in `kept`, made there once; else in a temporary folder that goes away."""
    with tempfile.TemporaryDirectory(prefix="shouhu-benchmark-") as temporary:
        folder = kept or Path(temporary)
        store, ledgers = folder / "store", folder / "ledgers"
        if not (store / "current.json").exists():
            folder.mkdir(parents=True, exist_ok=True)
            make_demo(store, children, ledgers)
        yield store, ledgers


class TimedConnection:
    """A DuckDB connection that adds up the seconds spent inside DuckDB."""

    def __init__(self, connection: Any) -> None:
        self._connection, self.seconds = connection, 0.0

    def execute(self, query: str, parameters: Any = None) -> Any:
        """Run one statement."""
        started = time.perf_counter()
        try:
            return self._connection.execute(query, parameters)
        finally:
            self.seconds += time.perf_counter() - started


def inside_duckdb(connection: Any, thing: Callable[[Any], object]) -> dict[str, float]:
    """What part of the thing, done over that connection, DuckDB takes; the rest reads and translates SQL."""
    timed = TimedConnection(connection)
    started = time.perf_counter()
    thing(timed)
    whole = time.perf_counter() - started
    return {"DuckDB": timed.seconds / whole, "reading and translating the SQL": 1 - timed.seconds / whole}


def in_turn(things: dict[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, list[float]]:
    """Seconds of each thing, A B A B …, so that a busy minute hurts all alike; one round goes uncounted."""
    seconds: dict[str, list[float]] = {name: [] for name in things}
    for number in range(rounds + 1):
        for name, thing in things.items():
            started = time.perf_counter()
            thing()
            if number:
                seconds[name].append(time.perf_counter() - started)
    return seconds


def ratio(seconds: dict[str, list[float]], ours: str, plain: str) -> dict[str, float]:
    """The median of the rounds' ratios, and the smallest and largest."""
    each = [one / other for one, other in zip(seconds[ours], seconds[plain], strict=True)]
    return {"median": statistics.median(each), "smallest": min(each), "largest": max(each)}


def shares(seconds: dict[str, float]) -> dict[str, float]:
    """What part of the whole each takes."""
    whole = sum(seconds.values())
    return {name: one / whole for name, one in seconds.items()}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or "unknown"


def machine() -> dict[str, Any]:
    """Processor, cores, memory, system, and how busy it was: all that a ratio could still depend on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else 0
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(memory / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "load_average": round(os.getloadavg()[0], 1),
    }


def peak_mib() -> int:
    """The most memory that this process has had.

    Not by `getrusage`: that number goes over to a process from the one that started it.
    """
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return round(int(next(line.split()[1] for line in lines if line.startswith("VmHWM:"))) / 1024)


def write_result(name: str, children: int, measured: dict[str, Any]) -> Path:
    """Write `results/<name>.json`: what was measured, where, with which versions, when."""
    versions = {"python": platform.python_version(), **{one: version(one) for one in LIBRARIES}}
    found = {
        "benchmark": name,
        "children": children,
        "rounds": ROUNDS,
        "date": dt.date.today().isoformat(),
        "machine": machine(),
        "versions": versions,
        **measured,
    }
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return path
