"""The access log: who did what to which child's file, when and why; rows are only ever added.

Each row carries the hash of the row before it, so a row changed or taken out later is found by `verify`.
Who can write to the file could forge the whole chain anew: keep the head that `verify` returns elsewhere
(with the backup, in the yearly report) and give it to the next `verify`.
Source: 未成年人网络保护条例 36 (every access recorded) and 37 (yearly audit).
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import DDL, Column, Connection, Integer, Row, String, Table, event, insert, select

from dashboard.access import Role
from dashboard.desk import Desk, Instant, get_mark, instant_text, metadata, set_mark

FIRST_HASH = "0" * 64
HEAD_MARK = "access_log_head"
REASON_LENGTH = 400
# Pseudonyms, measure and area codes, periods such as 2025秋; no blanks and no names.
_SUBJECT = re.compile(r"[A-Za-z0-9_.:/>=*-]{0,120}[秋春]?(学年)?")
_ID_NUMBER = re.compile(r"\d{15}|\d{17}[\dXx]")


class Action(StrEnum):
    """What can be recorded."""

    SIGN_IN = "sign_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGN_OUT = "sign_out"
    ACCOUNT_CREATED = "account_created"
    ACCOUNT_LOCKED = "account_locked"
    ACCOUNT_DISABLED = "account_disabled"
    PASSWORD_SET = "password_set"
    CHILD_VIEWED = "child_viewed"
    IDENTITY_VIEWED = "identity_viewed"
    EXPORTED = "exported"
    OVERRIDDEN = "overridden"
    IDENTITY_DECIDED = "identity_decided"
    TUNED = "tuned"
    CARD_PUBLISHED = "card_published"
    INTAKE_RUN = "intake_run"
    AUDIT_VIEWED = "audit_viewed"


# Acts on a named child, or that carry data out, need a reason in words.
NEEDS_REASON = frozenset(
    {
        Action.IDENTITY_VIEWED,
        Action.EXPORTED,
        Action.OVERRIDDEN,
        Action.IDENTITY_DECIDED,
        Action.TUNED,
        Action.CARD_PUBLISHED,
    }
)

access_log = Table(
    "access_log",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("user", String(40), nullable=False),
    Column("role", String(20), nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject", String(130), nullable=False),
    Column("reason", String(REASON_LENGTH), nullable=False),
    # Unique, so that two writers can never hang two rows on the same one.
    Column("previous_hash", String(64), nullable=False, unique=True),
    Column("hash", String(64), nullable=False, unique=True),
    sqlite_autoincrement=True,
)
for _verb in ("UPDATE", "DELETE"):
    event.listen(
        access_log,
        "after_create",
        DDL(
            f"CREATE TRIGGER access_log_no_{_verb.lower()} BEFORE {_verb} ON access_log "
            "BEGIN SELECT RAISE(ABORT, 'the access log is only ever added to'); END"
        ).execute_if(dialect="sqlite"),
    )


class Entry(NamedTuple):
    """One row of the access log."""

    sequence: int
    at: datetime
    user: str
    role: str
    action: str
    subject: str
    reason: str


class Verdict(NamedTuple):
    """What `verify` found: the number of rows, the head, and where the chain breaks first (None: nowhere)."""

    is_sound: bool
    n_rows: int
    head: str
    broken_at: int | None
    finding: str


def append(
    desk: Desk,
    user: str,
    role: Role | None,
    action: Action,
    subject: str = "",
    reason: str = "",
    at: datetime | None = None,
) -> str:
    """Add one row and return its hash.

    subject: a child_id, a code or a digest, never a name or an ID number: ValueError, without the value.
    """
    with desk.writing() as connection:
        return append_within(connection, user, role, action, subject, reason, at or desk.clock())


def append_within(
    connection: Connection,
    user: str,
    role: Role | None,
    action: Action,
    subject: str,
    reason: str,
    at: datetime,
) -> str:
    """Add one row inside a writing transaction, so that the act and its record stand or fall together."""
    _check(action, subject, reason)
    previous = _last_hash(connection)
    fields = {
        "at": instant_text(at),
        "user": user,
        "role": role.value if role else "",
        "action": Action(action).value,
        "subject": subject,
        "reason": reason.strip(),
    }
    digest = _digest(previous, fields)
    row = {**fields, "at": at, "previous_hash": previous, "hash": digest}
    sequence = connection.execute(
        insert(access_log).values(row).returning(access_log.c.sequence)
    ).scalar_one()
    set_mark(connection, HEAD_MARK, f"{sequence}:{digest}")
    return digest


def _check(action: Action, subject: str, reason: str) -> None:
    if not _SUBJECT.fullmatch(subject) or _ID_NUMBER.fullmatch(subject):
        raise ValueError("audit: expected a pseudonym or code as subject, found something else (not shown)")
    if len(reason) > REASON_LENGTH:
        raise ValueError(
            f"audit: expected a reason of at most {REASON_LENGTH} characters, found {len(reason)}"
        )
    if action in NEEDS_REASON and not reason.strip():
        raise ValueError(f"audit: expected a reason for {action}, found none")


def _last_hash(connection: Connection) -> str:
    newest = select(access_log.c.hash).order_by(access_log.c.sequence.desc()).limit(1)
    return connection.execute(newest).scalar_one_or_none() or FIRST_HASH


def _digest(previous: str, fields: dict[str, str]) -> str:
    canonical = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()


def recent(desk: Desk, limit: int, user: str | None = None, subject: str | None = None) -> list[Entry]:
    """The newest rows first, of one user or about one subject where given."""
    query = select(access_log).order_by(access_log.c.sequence.desc()).limit(limit)
    if user is not None:
        query = query.where(access_log.c.user == user)
    if subject is not None:
        query = query.where(access_log.c.subject == subject)
    with desk.reading() as connection:
        return [Entry(*row[:7]) for row in connection.execute(query)]


def verify(desk: Desk, known_head: str | None = None) -> Verdict:
    """Walk the whole chain; `known_head` is a head kept elsewhere that must still be part of it."""
    with desk.reading() as connection:
        rows = connection.execute(select(access_log).order_by(access_log.c.sequence)).all()
        mark = get_mark(connection, HEAD_MARK)
    previous = FIRST_HASH
    for row in rows:
        if row.previous_hash != previous or row.hash != _digest(previous, _fields(row)):
            return Verdict(
                False, len(rows), previous, row.sequence, "a row was changed, or the one before it removed"
            )
        previous = row.hash
    expected_mark = f"{rows[-1].sequence}:{previous}" if rows else None
    if mark != expected_mark:
        return Verdict(False, len(rows), previous, len(rows) + 1, "rows at the end were removed")
    if known_head not in (None, FIRST_HASH, *(row.hash for row in rows)):
        return Verdict(False, len(rows), previous, 1, "the head kept elsewhere is not part of the chain")
    return Verdict(True, len(rows), previous, None, "")


def _fields(row: Row[tuple[object, ...]]) -> dict[str, str]:
    names = ("user", "role", "action", "subject", "reason")
    values = row._mapping
    return {"at": instant_text(values["at"]), **{name: values[name] for name in names}}
