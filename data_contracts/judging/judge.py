"""Judges the registry's tables in a process of its own: Great Expectations takes seconds and 250 MB.

`python -m data_contracts.judging.judge --database FILE [--tables a,b]` prints one JSON document on standard output.
The caller must have closed its own connection: while DuckDB has a writer, no other process may read the file.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
import warnings
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from data_contracts.contract import contracts
from data_contracts.judging.rules import CheckResult, rules

__all__ = ["CheckResult", "JudgeError", "append_history", "run_checks"]

LONGEST_RUN_SECONDS = 3600

# What the child may know of its parent's environment: nothing of keys.
_INHERITED = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT")

_OPENING = "a file that does not open read-only (is a process still writing it?)"

_NETWORK_EVENTS = {
    "socket.connect",
    "socket.sendto",
    "socket.sendmsg",
    "socket.getaddrinfo",
    "socket.gethostbyname",
}


class JudgeError(RuntimeError):
    """The judge did not come back with answers; never carries a word of what it read."""


def run_checks(registry_path: Path, tables: Sequence[str] | None = None) -> list[CheckResult]:
    """The answers to all rules of the named tables (all contracts' without names), from a child process.

    JudgeError for a table without a contract, a file that cannot be opened read-only, or a broken run.
    """
    chosen = _known_tables(tables)
    if not registry_path.is_file():
        raise JudgeError(f"judging {registry_path.name}: expected a DuckDB file, found none")
    with tempfile.TemporaryDirectory() as scratch:
        command = [
            sys.executable,
            "-m",
            "data_contracts.judging.judge",
            "--database",
            str(registry_path.absolute()),
        ]
        ends_with_us, held_open = os.pipe()
        try:
            finished = subprocess.run(
                [*command, "--tables", ",".join(chosen), "--while-stdin-is-open"],
                env=_child_environment(scratch),
                cwd=scratch,
                stdin=ends_with_us,
                capture_output=True,
                timeout=LONGEST_RUN_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as problem:
            raise JudgeError(f"judging {registry_path.name}: no answer in {problem.timeout} s") from None
        finally:
            os.close(ends_with_us)
            os.close(held_open)
    return _answers(finished.stdout, registry_path.name)


def append_history(
    path: Path, results: Sequence[CheckResult], judged_at: datetime, occasion: str = ""
) -> None:
    """Add the answers to a file of JSON lines, each with the time of the run and what gave rise to it."""
    stamp = {"judged_at": judged_at.isoformat(), "occasion": occasion}
    written = [json.dumps({**stamp, **result._asdict()}, ensure_ascii=False) + "\n" for result in results]
    with path.open("ab") as lines:
        lines.write("".join(written).encode("utf-8"))


def _known_tables(tables: Sequence[str] | None) -> list[str]:
    known = contracts()
    chosen = list(known) if tables is None else list(tables)
    unknown = [table for table in chosen if table not in known]
    if unknown:
        raise JudgeError(f"judging: expected tables that have a contract, found {', '.join(unknown)}")
    return chosen


def _child_environment(scratch: str) -> dict[str, str]:
    """A bare environment: no analytics, and nowhere to leave anything but a directory that is removed."""
    kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return {
        **kept,
        **dict.fromkeys(("HOME", "TMPDIR", "TEMP", "TMP"), scratch),
        "GX_ANALYTICS_ENABLED": "false",
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
        "PYTHONUTF8": "1",
    }


def _answers(output: bytes, file: str) -> list[CheckResult]:
    try:
        document = json.loads(output)
    except ValueError:
        raise JudgeError(f"judging {file}: expected a JSON document, found none") from None
    if "error" in document:
        what = _OPENING if document["error"] == "TestConnectionError" else document["error"]
        raise JudgeError(f"judging {file}: expected answers, found {what}")
    return [CheckResult(**check) for check in document["checks"]]


def _forbid_network() -> None:
    """Make every attempt to reach another machine an error, for the rest of this process."""

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _NETWORK_EVENTS:
            raise PermissionError("the judge reaches no network")

    sys.addaudithook(refuse)


def _end_with_the_caller() -> None:
    """End this process as soon as standard input is closed: a killed caller leaves no judge at its tables."""

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 1):
            pass
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _judge(database: Path, chosen: Sequence[str]) -> list[CheckResult]:
    """The work of the child: the only place that imports Great Expectations."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    # Great Expectations imports Spark where it finds it; the judge has no use for it, and it takes seconds.
    sys.modules["pyspark"] = None  # type: ignore[assignment]
    from data_contracts.judging.suites import validate

    known = contracts()
    return validate(database, known, {table: rules(known[table]) for table in chosen})


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the answers, or the class of what went wrong (its words might quote a cell)."""
    parser = argparse.ArgumentParser(prog="python -m data_contracts.judging.judge")
    parser.add_argument("--database", type=Path, required=True)
    parser.add_argument("--tables", default="")
    parser.add_argument("--while-stdin-is-open", action="store_true")
    given = parser.parse_args(arguments)
    if given.while_stdin_is_open:
        _end_with_the_caller()
    _forbid_network()
    chosen = [table for table in given.tables.split(",") if table] or list(contracts())
    try:
        with contextlib.redirect_stdout(sys.stderr):
            results = _judge(given.database, chosen)
    except Exception as problem:
        print(json.dumps({"error": type(problem).__name__}))
        return 1
    print(json.dumps({"checks": [result._asdict() for result in results]}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
