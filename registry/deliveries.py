"""Who sent what, for which day: the original bytes kept by sha256, and the account of every row."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from registry.store import Connection, append, run
from registry.vault import Vault

TABLES = (
    """CREATE TABLE IF NOT EXISTS delivery (
        delivery VARCHAR PRIMARY KEY, sha256 VARCHAR, file VARCHAR, forms VARCHAR, sender VARCHAR,
        reported_on DATE, received_on DATE, seq BIGINT, status VARCHAR,
        rows_read BIGINT, rows_accepted BIGINT, rows_quarantined BIGINT, rows_ignored BIGINT,
        ignored_why VARCHAR)""",
    """CREATE TABLE IF NOT EXISTS message (
        delivery VARCHAR, file VARCHAR, sheet VARCHAR, "row" INTEGER, "column" VARCHAR, heading VARCHAR,
        severity VARCHAR, code VARCHAR, table_name VARCHAR, check_id VARCHAR, expected VARCHAR, found VARCHAR)""",
    """CREATE TABLE IF NOT EXISTS quarantine (
        delivery VARCHAR, sheet VARCHAR, "row" INTEGER, form VARCHAR, table_name VARCHAR, check_id VARCHAR,
        cells VARCHAR)""",
)


class Delivery(NamedTuple):
    """One file as it was taken in; counts are rows of its sheets."""

    delivery: str
    sha256: str
    file: str
    forms: str
    sender: str | None
    reported_on: dt.date | None
    received_on: dt.date
    seq: int
    status: str
    rows_read: int
    rows_accepted: int
    rows_quarantined: int
    rows_ignored: int
    ignored_why: str


class Message(NamedTuple):
    """One thing to tell the sender; `found` never holds a name or an identity number."""

    sheet: str | None
    row: int | None
    column: str | None
    heading: str | None
    severity: str
    code: str
    table: str | None = None
    check: str | None = None
    expected: str | None = None
    found: str | None = None


def fingerprint(content: bytes) -> str:
    """The sha256 of a file's bytes, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def make_tables(connection: Connection) -> None:
    """Create the account's tables where they are missing."""
    for statement in TABLES:
        run(connection, statement)


def already_known(connection: Connection, sha256: str) -> Delivery | None:
    """The delivery with these bytes, if it was taken in before."""
    rows = run(connection, "SELECT * FROM delivery WHERE sha256 = ?", [sha256])
    return Delivery(*rows[0]) if rows else None


def is_worth_another_try(connection: Connection, delivery: Delivery) -> bool:
    """Whether a file was not read for a reason that lies with the machine and not with the file."""
    return bool(
        run(
            connection,
            "SELECT 1 FROM message WHERE delivery = ? AND code = 'unreadable' AND found IN ('crashed', 'timeout')",
            [delivery.delivery],
        )
    )


def forget(connection: Connection, delivery: Delivery) -> None:
    """Take back the account of a delivery of which nothing was read (inside the caller's transaction)."""
    for table in ("message", "quarantine", "delivery"):
        run(connection, f"DELETE FROM {table} WHERE delivery = ?", [delivery.delivery])


def next_seq(connection: Connection) -> int:
    """The order in which deliveries arrived, from 1."""
    return int(run(connection, "SELECT coalesce(max(seq), 0) + 1 FROM delivery")[0][0])


def keep_original(folder: Path, sha256: str, content: bytes, vault: Vault) -> None:
    """Keep the bytes, encrypted, under their sha256; written whole or not at all."""
    target = folder / f"{sha256}.sealed"
    if target.exists():
        return
    beside = folder / f".{sha256}.{os.getpid()}"
    with beside.open("wb") as file:
        file.write(vault.seal_bytes(content))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(target)


def original(folder: Path, sha256: str, vault: Vault) -> bytes:
    """The bytes as they were sent."""
    return vault.open_bytes((folder / f"{sha256}.sealed").read_bytes())


def record(
    connection: Connection,
    delivery: Delivery,
    messages: Sequence[Message],
    quarantined: Sequence[tuple[str, int, str, str | None, str | None, str | None]],
) -> None:
    """Write the account of one delivery (inside the caller's transaction)."""
    marks = ", ".join("?" * len(delivery))
    run(connection, f"INSERT INTO delivery VALUES ({marks})", list(delivery))
    said = [
        (delivery.delivery, delivery.file, m.sheet, m.row, m.column, m.heading,
         m.severity, m.code, m.table, m.check, m.expected, m.found)
        for m in messages
    ]  # fmt: skip
    append(connection, "message", said)
    append(connection, "quarantine", [(delivery.delivery, *row) for row in quarantined])
