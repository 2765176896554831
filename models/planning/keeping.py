"""Keeps the best plan of a build beside the store, so that the page shows the plan that was printed.

Pseudonyms only.  A plan belongs to one build and number of weeks; a new build has none until it is asked for.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path
from typing import Any

from models.planning.making import Chance, Missing, Plan, Visit
from models.planning.problem import Outcome, Worker

FOLDER = "plans"


class UnreadablePlan(Exception):
    """A kept plan that cannot be read, by its file's name; the sheets that were printed from it may still be out."""


def _path(store: Path, build_id: str, weeks: int) -> Path:
    return store / FOLDER / f"{build_id}-{weeks}.json"


def keep(store: Path, plan: Plan) -> Path:
    """Write the plan, whole or not at all."""
    path = _path(store, plan.build_id, plan.weeks)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(f".{os.getpid()}")
    beside.write_text(json.dumps(plan, ensure_ascii=False, default=str), "utf-8")
    beside.replace(path)
    return path


def kept(store: Path, build_id: str, weeks: int) -> Plan | None:
    """The plan kept for a build; None where there is none, UnreadablePlan where its file is damaged."""
    path = _path(store, build_id, weeks)
    return _read(path) if path.exists() else None


def all_kept(store: Path) -> list[Plan]:
    """Every kept plan, the oldest day first; of one build the one that was kept for the most weeks.

    UnreadablePlan where one of the files is damaged: an estimate from the others would be a different one.
    """
    longest: dict[str, Plan] = {}
    for path in sorted((store / FOLDER).glob("*.json")):
        plan = _read(path)
        if plan.build_id not in longest or plan.weeks > longest[plan.build_id].weeks:
            longest[plan.build_id] = plan
    return sorted(longest.values(), key=lambda plan: (plan.as_of, plan.build_id))


def _read(path: Path) -> Plan:
    try:
        return _plan_in(path.read_text("utf-8"))
    except (OSError, ValueError, TypeError, LookupError) as problem:
        raise UnreadablePlan(f"{FOLDER}/{path.name}") from problem


def _plan_in(text: str) -> Plan:
    build, as_of, n, visits, missing, chances, workers, worth, bounds, gap, *ways = json.loads(text)
    return Plan(
        build,
        dt.date.fromisoformat(as_of),
        n,
        tuple(Visit(*_dated(row, 4, 3)) for row in visits),
        tuple(Missing(*row) for row in missing),
        tuple(Chance(*_dated(row, 3)) for row in chances),
        tuple(Worker(row[0], row[1], row[2], tuple(row[3]), row[4]) for row in workers),
        Outcome(tuple((one[0], one[1]) for one in worth[0]), worth[1]),
        tuple((one[0], one[1], one[2]) for one in bounds),
        gap,
        *ways,
    )


def _dated(row: list[Any], day: int, children: int | None = None) -> list[Any]:
    """A row with its day as a date and its children as a tuple."""
    found = list(row)
    found[day] = dt.date.fromisoformat(found[day])
    if children is not None:
        found[children] = tuple(found[children])
    return found
