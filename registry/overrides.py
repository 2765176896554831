"""Moves of children on a list by hand: who moved whom, where to, why, until when; only ever added to, undoable.

A move and its taking back are two rows of two tables; no row is changed.  The reason's words may speak of a child:
they are kept sealed, and a deletion request empties them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import Any, NamedTuple

from registry import store
from registry.store import Connection, run

UP, DOWN = "up", "down"
MADE, UNDONE = "override_made", "override_undone"
TABLES = (
    f"""CREATE TABLE IF NOT EXISTS {MADE} (
    override_id VARCHAR PRIMARY KEY, child_ref VARCHAR, target VARCHAR, direction VARCHAR, tier VARCHAR,
    tier_then VARCHAR, rules_then VARCHAR, code VARCHAR, words VARCHAR, "by" VARCHAR, "at" TIMESTAMP,
    from_on DATE, until_on DATE)""",
    f"""CREATE TABLE IF NOT EXISTS {UNDONE} (
    override_id VARCHAR PRIMARY KEY, "by" VARCHAR, "at" TIMESTAMP, words VARCHAR)""",
)
ID_LENGTH = 10
IN_FORCE, UNDONE_STATE, EXPIRED, LATER = "in_force", "undone", "expired", "later"


class Override(NamedTuple):
    """One move.  `tier` is where the child was moved to, `tier_then` where rules and card had put it.

    `rules_then` are the rules that held, by their ids.  `words` is sealed text, None where it was forgotten.  It counts
    on lists of the days `from_on` to `until_on`, both inclusive; times are UTC.
    """

    override_id: str
    child_ref: str
    target: str
    direction: str
    tier: str
    tier_then: str
    rules_then: tuple[str, ...]
    code: str
    words: str | None
    by: str
    at: dt.datetime
    from_on: dt.date
    until_on: dt.date
    undone_by: str | None = None
    undone_at: dt.datetime | None = None

    def known_on(self, day: dt.date) -> bool:
        """Whether it had been made by that day and not taken back by then."""
        return self.at.date() <= day and (self.undone_at is None or self.undone_at.date() > day)

    def state_on(self, as_of: dt.date) -> str:
        """What it is, as far as is known today, for the list of that day: in_force, undone, expired, later."""
        if self.undone_at is not None:
            return UNDONE_STATE
        if as_of > self.until_on:
            return EXPIRED
        return LATER if as_of < self.from_on else IN_FORCE


class OverrideProblem(store.StoreProblem):
    """A move that cannot be made or taken back; `code` says why, `details` holds days and tiers, never a child."""

    def __init__(self, code: str, **details: object) -> None:
        self.code, self.details = code, details
        told = ", ".join(f"{name} {value}" for name, value in details.items())
        super().__init__(f"override: {code}{': ' if told else ''}{told}")


def make_tables(connection: Connection) -> None:
    """Create the tables where they are missing."""
    for table in TABLES:
        run(connection, table)


def overrides(connection: Connection, database: str = "") -> list[Override]:
    """All moves in the order in which they were made; none from a registry older than the tables."""
    catalog = database or run(connection, "SELECT current_database()")[0][0]
    there = run(
        connection,
        "SELECT count(*) FROM duckdb_tables() WHERE database_name = ? AND table_name = ?",
        [catalog, MADE],
    )
    if not there[0][0]:
        return []
    rows = run(
        connection,
        f'SELECT m.*, u."by", u."at" FROM "{catalog}".{MADE} AS m LEFT JOIN "{catalog}".{UNDONE} AS u '
        'ON u.override_id = m.override_id ORDER BY m."at", m.override_id',
    )
    return [_read(list(row)) for row in rows]


def _read(row: list[Any]) -> Override:
    row[6] = tuple(rule for rule in row[6].split(",") if rule)
    return Override(*row)


def add(connection: Connection, made: Override) -> Override:
    """Write a move down, with an id of its own; OverrideProblem `standing` while another one of this child counts."""
    make_tables(connection)
    for one in overrides(connection):
        if (one.child_ref, one.target) == (made.child_ref, made.target) and _both_count(one, made):
            raise OverrideProblem("standing", override=one.override_id, until=one.until_on)
    made = made._replace(override_id=_new_id(made))
    values = [*made[:6], ",".join(made.rules_then), *made[7:13]]
    run(connection, f"INSERT INTO {MADE} VALUES ({', '.join('?' * len(values))})", values)
    return made


def _both_count(one: Override, other: Override) -> bool:
    return one.undone_at is None and one.from_on <= other.until_on and other.from_on <= one.until_on


def undo(connection: Connection, override_id: str, by: str, at: dt.datetime, words: str) -> Override:
    """Take a move back; it stays readable. OverrideProblem where there is none of that id, or undone before.

    words: why, sealed.
    """
    make_tables(connection)
    found = {one.override_id: one for one in overrides(connection)}
    if override_id not in found:
        raise OverrideProblem("no_such", override=override_id)
    if found[override_id].undone_at is not None:
        raise OverrideProblem("undone_before", override=override_id)
    run(connection, f"INSERT INTO {UNDONE} VALUES (?, ?, ?, ?)", [override_id, by, at, words])
    return found[override_id]._replace(undone_by=by, undone_at=at)


def forget_words(connection: Connection, references: Iterable[str]) -> int:
    """Empty what was written about these children, the moves stay: how many texts went."""
    make_tables(connection)
    gone = 0
    for reference in references:
        of_child = f"SELECT override_id FROM {MADE} WHERE child_ref = ?"
        for table in (MADE, UNDONE):
            gone += len(run(
                connection,
                f"UPDATE {table} SET words = NULL WHERE words IS NOT NULL AND override_id IN ({of_child}) RETURNING 1",
                [reference],
            ))  # fmt: skip
    return gone


def _new_id(made: Override) -> str:
    text = "\x1f".join((made.child_ref, made.target, made.tier, made.at.isoformat(), str(made.from_on)))
    return "m" + hashlib.sha256(text.encode()).hexdigest()[:ID_LENGTH]
