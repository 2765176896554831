"""Who sent what, for which day: the original bytes kept by sha256, and the account of every row."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from registry import readers
from registry.readers import Reading, Sheet
from registry.store import Connection, StoreProblem, append, run
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
    "ALTER TABLE quarantine ADD COLUMN IF NOT EXISTS key_values VARCHAR",
    # What was decided about open items; only ever added to.  `row` and `sheet` are empty where the whole sheet or
    # file is meant; `undoes` names the earlier decision that this one takes back.
    """CREATE TABLE IF NOT EXISTS resolution (
        number BIGINT PRIMARY KEY, delivery VARCHAR, sheet VARCHAR, "row" INTEGER, how VARCHAR, checks VARCHAR,
        reason VARCHAR, who VARCHAR, decided_at TIMESTAMP, by_delivery VARCHAR, undoes BIGINT)""",
    # Keyed references of children whose identity was removed; a new delivery must not bring it back.
    "CREATE TABLE IF NOT EXISTS forgotten (reference VARCHAR PRIMARY KEY, child_id VARCHAR, forgotten_at TIMESTAMP)",
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


class Resolution(NamedTuple):
    """One decision about open items.

    `how`: `returned` (a corrected return took its place), `replaced` (the return was still wrong and has an item of
    its own), `accept` or `withdraw` (by hand), `undone` (takes back the decision `undoes`).
    """

    number: int
    delivery: str
    sheet: str | None
    row: int | None
    how: str
    checks: str
    reason: str
    who: str
    decided_at: dt.datetime
    by_delivery: str | None = None
    undoes: int | None = None


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


def named(connection: Connection, name: str) -> Delivery:
    """The delivery of that name; StoreProblem where there is none."""
    rows = run(connection, "SELECT * FROM delivery WHERE delivery = ?", [name])
    if not rows:
        raise StoreProblem(f"delivery: expected one that was taken in before, found {name!r}")
    return Delivery(*rows[0])


def companions_on(connection: Connection, received_on: dt.date) -> dt.date:
    """The last day that deliveries received on one day state, for those among them that state none."""
    sql = "SELECT max(reported_on) FROM delivery WHERE received_on = ? AND reported_on <= received_on"
    return run(connection, sql, [received_on])[0][0] or received_on


def is_worth_another_try(connection: Connection, delivery: Delivery) -> bool:
    """Whether a file was not read for a reason that lies with the machine and not with the file."""
    return bool(
        run(
            connection,
            "SELECT 1 FROM message WHERE delivery = ? AND code = 'unreadable' AND found IN ('crashed', 'timeout')",
            [delivery.delivery],
        )
    )


def next_seq(connection: Connection) -> int:
    """The order in which deliveries arrived, from 1."""
    return int(run(connection, "SELECT coalesce(max(seq), 0) + 1 FROM delivery")[0][0])


def keep_original(folder: Path, sha256: str, content: bytes, vault: Vault) -> None:
    """Keep the bytes, encrypted, under their sha256; written whole or not at all."""
    target = folder / f"{sha256}.sealed"
    if target.exists() or (folder / f"{sha256}.cells").exists():
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


def keep_cells(folder: Path, sha256: str, reading: Reading, vault: Vault) -> None:
    """Keep the cells, encrypted, in place of the bytes: after an identity was removed from them."""
    sheets = [sheet._asdict() for sheet in reading.sheets]
    content = json.dumps({**reading._asdict(), "sheets": sheets}, ensure_ascii=False).encode()
    target = folder / f"{sha256}.cells"
    beside = folder / f".{sha256}.{os.getpid()}"
    with beside.open("wb") as file:
        file.write(vault.seal_bytes(content))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(target)
    (folder / f"{sha256}.sealed").unlink(missing_ok=True)


def cells(folder: Path, sha256: str, vault: Vault) -> Reading:
    """A delivery's cells as text, read again from its kept bytes (or what was kept in their place)."""
    kept = folder / f"{sha256}.cells"
    if not kept.exists():
        return readers.read(original(folder, sha256, vault), sha256)
    found = json.loads(vault.open_bytes(kept.read_bytes()))
    sheets = [
        Sheet(**{**one, "merged": [tuple(place) for place in one["merged"]]}) for one in found["sheets"]
    ]
    return Reading(**{**found, "sheets": sheets})


def known_delivery(connection: Connection, delivery: str) -> Delivery | None:
    """The delivery of that name, or of a name that begins so where only one does."""
    rows = run(connection, "SELECT * FROM delivery WHERE starts_with(delivery, ?)", [delivery])
    return Delivery(*rows[0]) if len(rows) == 1 else None


def decide(connection: Connection, resolution: Resolution) -> Resolution:
    """Add a decision under the next number (inside the caller's transaction)."""
    number = int(run(connection, "SELECT coalesce(max(number), 0) + 1 FROM resolution")[0][0])
    numbered = resolution._replace(number=number)
    marks = ", ".join("?" * len(numbered))
    run(connection, f"INSERT INTO resolution VALUES ({marks})", list(numbered))
    return numbered


def forgotten(connection: Connection) -> frozenset[str]:
    """The references whose identity must not come back."""
    return frozenset(row[0] for row in run(connection, "SELECT reference FROM forgotten"))


def record(
    connection: Connection,
    delivery: Delivery,
    messages: Sequence[Message],
    quarantined: Sequence[tuple[str, int, str, str | None, str | None, str | None, str | None]],
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
