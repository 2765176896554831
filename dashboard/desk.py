"""The dashboard's own small transactional store: accounts, sign-ins, the access log.

It never holds what a build can make again, and never a child's name.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import Column as SqlColumn
from sqlalchemy import (
    Connection,
    Dialect,
    Engine,
    MetaData,
    String,
    Table,
    TypeDecorator,
    create_engine,
    event,
    insert,
    select,
)

from dashboard.settings import SignInPolicy, read_settings

DESK_FILE = "desk.sqlite"
# Modules that own a table here; imported on opening, so that every table is known before it is made.
TABLE_OWNERS = ("dashboard.accounts", "dashboard.audit", "dashboard.tickets")
LOCK_WAIT_SECONDS = 10  # how long a writer waits for another one, not a policy


class Instant(TypeDecorator[datetime]):
    """A moment in UTC, kept as ISO text of fixed width so that it sorts and reads everywhere."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Refuse a moment without time zone: it would be read as another hour elsewhere."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("desk: expected a moment with time zone, found one without")
        return instant_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Give the moment back in UTC."""
        return None if value is None else datetime.fromisoformat(value)


metadata = MetaData()

marks = Table(
    "mark",
    metadata,
    SqlColumn("name", String(40), primary_key=True),
    SqlColumn("value", String(200), nullable=False),
)


def instant_text(at: datetime) -> str:
    """A moment as the one text that is stored and hashed."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def utc_now() -> datetime:
    """This moment in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Desk:
    """An open desk store, the sign-in policy that applies to it, and its clock."""

    engine: Engine
    policy: SignInPolicy
    clock: Callable[[], datetime] = utc_now

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads; it never waits for a writer."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that holds the only write lock from its first statement on."""
        with self.engine.connect() as plain:
            connection = plain.execution_options(desk_writes=True)
            with connection.begin():
                yield connection


def open_desk(
    store: Path, policy: SignInPolicy | None = None, clock: Callable[[], datetime] = utc_now
) -> Desk:
    """Open `<store>/desk.sqlite`, and make it, readable by its owner only, where it is missing."""
    for owner in TABLE_OWNERS:
        import_module(owner)
    store.mkdir(parents=True, exist_ok=True)
    file = store / DESK_FILE
    if not file.exists():
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    # Without hide_parameters an error of the database would carry names and hashes into the log.
    waiting = {"timeout": LOCK_WAIT_SECONDS}
    engine = create_engine(f"sqlite:///{file}", connect_args=waiting, hide_parameters=True)
    event.listen(engine, "connect", _prepare_connection)
    event.listen(engine, "begin", _begin)
    desk = Desk(engine, policy or read_settings().sign_in, clock)
    with desk.writing() as connection:
        metadata.create_all(connection)
    return desk


def _prepare_connection(connection: Any, _record: object) -> None:
    # The driver's own implicit BEGIN would take no lock before the first write; `_begin` does.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("desk_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def get_mark(connection: Connection, name: str) -> str | None:
    """A remark about the whole store, or None."""
    return connection.execute(select(marks.c.value).where(marks.c.name == name)).scalar_one_or_none()


def set_mark(connection: Connection, name: str, value: str) -> None:
    """Write a remark about the whole store."""
    connection.execute(marks.delete().where(marks.c.name == name))
    connection.execute(insert(marks).values(name=name, value=value))
