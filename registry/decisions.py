"""What people decided about who is the same child: kept beside the deliveries, never overwritten, undoable.

A decision is between two references of children; each build replays those that stood on its day of knowledge.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import NamedTuple

from registry import store
from registry.store import Connection, run

SAME, NOT_SAME, SPLIT = "same", "not_same", "split"
APART = (NOT_SAME, SPLIT)
TABLE = """CREATE TABLE IF NOT EXISTS identity_decision (
    decision_id VARCHAR PRIMARY KEY, first_ref VARCHAR, second_ref VARCHAR, decision VARCHAR, "by" VARCHAR,
    "at" TIMESTAMP, reason VARCHAR, undone_at TIMESTAMP, undone_by VARCHAR)"""
ID_LENGTH = 10


class Decision(NamedTuple):
    """One decision; `decision` is same, not_same or split (which takes a joining apart); times are UTC."""

    decision_id: str
    first_ref: str
    second_ref: str
    decision: str
    by: str
    at: dt.datetime
    reason: str
    undone_at: dt.datetime | None = None
    undone_by: str | None = None

    def stands_on(self, day: dt.date) -> bool:
        """Whether it was made by that day and not undone by then."""
        return self.at.date() <= day and (self.undone_at is None or self.undone_at.date() > day)

    @property
    def stands(self) -> bool:
        """Whether it has not been undone."""
        return self.undone_at is None

    @property
    def pair(self) -> frozenset[str]:
        """The two references, in no order."""
        return frozenset((self.first_ref, self.second_ref))


class DecisionProblem(store.StoreProblem):
    """A decision that cannot be taken or undone; `code` says why: unknown, twice, contradicts, no_such, itself."""

    def __init__(self, code: str, about: str) -> None:
        self.code, self.about = code, about
        super().__init__(f"identity decision: {code}: {about}")


def make_table(connection: Connection) -> None:
    """Create the table where it is missing."""
    run(connection, TABLE)


def decisions(connection: Connection, database: str = "") -> list[Decision]:
    """All decisions in the order in which they were made; none from a registry older than the table."""
    catalog = database or run(connection, "SELECT current_database()")[0][0]
    found = run(
        connection,
        "SELECT count(*) FROM duckdb_tables() WHERE database_name = ? AND table_name = 'identity_decision'",
        [catalog],
    )
    if not found[0][0]:
        return []
    return [
        Decision(*row)
        for row in run(connection, f'SELECT * FROM "{catalog}".identity_decision ORDER BY "at", decision_id')
    ]


def together(taken: list[Decision], reference: str) -> dict[str, set[Decision]]:
    """Every reference that standing decisions make one child with this one, and the decisions used on the way."""
    reached: dict[str, set[Decision]] = {reference: set()}
    waiting = [reference]
    while waiting:
        here = waiting.pop()
        for decision in taken:
            if decision.stands and decision.decision == SAME and here in decision.pair:
                for other in decision.pair - {here} - reached.keys():
                    reached[other] = reached[here] | {decision}
                    waiting.append(other)
    return reached


def decide(connection: Connection, first: str, second: str, decision: str, by: str, reason: str,
           at: dt.datetime) -> Decision:  # fmt: skip
    """Record that two references are one child (`same`) or are not (`not_same`): the decision as written.

    Taking apart undoes the decision that joined the two; where others join them, it is refused with their ids.
    DecisionProblem for a reference that no list has, or a decision that stands already or contradicts one.
    """
    make_table(connection)
    _check_known(connection, first, second)
    taken = [one for one in decisions(connection) if one.stands]
    direct = [one for one in taken if one.pair == {first, second}]
    if decision == SAME:
        _check_joinable(taken, direct, first, second)
    elif any(one.decision in APART for one in direct):
        raise DecisionProblem("twice", ", ".join(one.decision_id for one in direct))
    else:
        joined = {one for one in direct if one.decision == SAME}
        for one in joined:
            _mark_undone(connection, one.decision_id, by, at)
        rest = [one for one in taken if one not in joined]
        used = together(rest, first).get(second)
        if used:
            raise DecisionProblem("contradicts", ", ".join(sorted(one.decision_id for one in used)))
        decision = SPLIT if joined else decision
    made = Decision(_new_id(first, second, at), first, second, decision, by, at, reason)
    run(connection, "INSERT INTO identity_decision VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", list(made))
    return made


def _check_known(connection: Connection, first: str, second: str) -> None:
    if first == second:
        raise DecisionProblem("itself", first)
    for reference in (first, second):
        found = run(connection, "SELECT count(*) FROM person WHERE child_ref = ?", [reference])
        if not found[0][0]:
            raise DecisionProblem("unknown", reference)


def _check_joinable(taken: list[Decision], direct: list[Decision], first: str, second: str) -> None:
    """Neither joined already, nor held apart by a standing decision between any two of both sides."""
    if any(one.decision == SAME for one in direct):
        raise DecisionProblem("twice", ", ".join(one.decision_id for one in direct))
    sides = together(taken, first).keys() | together(taken, second).keys()
    against = [one for one in taken if one.decision in APART and one.pair <= sides]
    if against:
        raise DecisionProblem("contradicts", ", ".join(one.decision_id for one in against))


def undo(connection: Connection, decision_id: str, by: str, at: dt.datetime) -> Decision:
    """Take a decision back; it stays readable. DecisionProblem where there is no such decision, or undone before."""
    make_table(connection)
    found = {one.decision_id: one for one in decisions(connection)}
    if decision_id not in found:
        raise DecisionProblem("no_such", decision_id)
    if not found[decision_id].stands:
        raise DecisionProblem("twice", decision_id)
    _mark_undone(connection, decision_id, by, at)
    return found[decision_id]._replace(undone_at=at, undone_by=by)


def _mark_undone(connection: Connection, decision_id: str, by: str, at: dt.datetime) -> None:
    run(
        connection,
        "UPDATE identity_decision SET undone_at = ?, undone_by = ? WHERE decision_id = ?",
        [at, by, decision_id],
    )


def _new_id(first: str, second: str, at: dt.datetime) -> str:
    text = "\x1f".join((*sorted((first, second)), at.isoformat()))
    return "d" + hashlib.sha256(text.encode()).hexdigest()[:ID_LENGTH]


def in_registry(path: Path, read_only: bool = False) -> Connection:
    """The registry for one decision; StoreBusy where an intake or a build holds it."""
    if not path.exists():
        raise store.StoreProblem(f"{path.name}: expected a registry, found none")
    return store.open_file(path, read_only=read_only)
