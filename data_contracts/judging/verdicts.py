"""The judge's verdicts, kept beside the registry: a table is judged again only when its rows or its rules changed.

`verdicts.json` holds the last answers of each table with the state that they were given for; `checks.jsonl` the
history, one line for each check of each run.  A state is made from the rows themselves, not from who wrote them: a row
that a person accepts or takes back changes it as a delivery does.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib.metadata
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from data_contracts.contract import contracts
from data_contracts.judging import judge
from data_contracts.judging.rules import CheckResult, quoted, rules
from registry import store

KEPT, HISTORY = "verdicts.json", "checks.jsonl"
# Whatever can move an answer without a row or a rule having moved.
_JUDGES = ("rules.py", "suites.py", "gx_duckdb.py")

Occasion = Literal["intake", "build", "check"]


class Verdicts(NamedTuple):
    """Answers to every rule of every table in the order of the contracts, and the tables that were judged just now."""

    results: list[CheckResult]
    judged: tuple[str, ...]


def table_states(registry_path: Path) -> dict[str, str]:
    """Table → state of its rows and of its rules; `absent` in place of the rows where there is no such table."""
    connection = store.open_file(registry_path, read_only=True)
    try:
        present = {name for (name,) in store.run(connection, "SELECT table_name FROM duckdb_tables()")}
        rows = {
            name: store.run(connection, _rows_sql(name))[0] if name in present else ("absent",)
            for name in contracts()
        }
    finally:
        connection.close()
    by = _judging_digest()
    return {
        name: _digest(by, contract.ddl(), repr(rules(contract)), repr(rows[name]))
        for name, contract in contracts().items()
    }


def verdicts(registry_path: Path, anew: bool = False) -> Verdicts:
    """The judge's answers about the registry as it is; `anew` judges every table, whatever is kept.

    Tables in the state of their last verdict keep it.  JudgeError where the judge does not come back.
    """
    states = table_states(registry_path)
    kept = {} if anew else _kept(registry_path.with_name(KEPT))
    stale = [name for name, state in states.items() if kept.get(name, {}).get("state") != state]
    fresh: dict[str, list[CheckResult]] = {name: [] for name in stale}
    for result in judge.run_checks(registry_path, stale) if stale else ():
        fresh[result.table].append(result)
    answers = {
        name: fresh[name] if name in fresh else [CheckResult(*row) for row in kept[name]["checks"]]
        for name in states
    }
    if stale:
        document = {name: {"state": states[name], "checks": answers[name]} for name in states}
        store.write_json(registry_path.with_name(KEPT), document)
    return Verdicts([result for name in states for result in answers[name]], tuple(stale))


def record(folder: Path, results: Sequence[CheckResult], occasion: Occasion, judged: Sequence[str]) -> None:
    """Add a run to the history: the first, every intake, and any other run that had something to judge."""
    if occasion == "intake" or judged or not (folder / HISTORY).exists():
        judge.append_history(folder / HISTORY, results, dt.datetime.now(dt.UTC), occasion)


def history(folder: Path) -> list[tuple[Any, ...]]:
    """The runs in their order: (judged at, occasion, table, dimension, checks that failed, rows failed, applicable).

    A line that was cut off when the machine stopped is left out.
    """
    path = folder / HISTORY
    if not path.exists():
        return []
    sums: dict[tuple[str, str, str, str], list[int]] = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            try:
                one = json.loads(line)
            except ValueError:
                continue
            place = (one["judged_at"], one.get("occasion", ""), one["table"], one["dimension"])
            total = sums.setdefault(place, [0, 0, 0])
            total[0] += one["status"] == "fail"
            total[1] += one["failed"] or 0
            total[2] += one["applicable"] or 0
    return [(_moment(at), *rest, *total) for (at, *rest), total in sums.items()]


def _moment(written: str) -> dt.datetime:
    """A time in UTC, without saying so: as DuckDB keeps it."""
    return dt.datetime.fromisoformat(written).astimezone(dt.UTC).replace(tzinfo=None)


def _rows_sql(table: str) -> str:
    return f"SELECT count(*), sum(CAST(hash(t) AS HUGEINT)) FROM {quoted(table)} t"


def _judging_digest() -> str:
    folder = Path(__file__).parent
    versions = [importlib.metadata.version(name) for name in ("great_expectations", "duckdb")]
    return _digest(*((folder / name).read_text("utf-8") for name in _JUDGES), *versions)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _kept(path: Path) -> dict[str, Any]:
    """What is kept; nothing where the file is missing or cannot be read, so that all is judged anew."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
