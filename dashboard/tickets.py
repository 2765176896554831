"""Tickets: the sign-ins that are open, kept on the server.

The browser holds a random token in a cookie; here only its sha256 is kept. The handle is a second random
value that names the ticket inside the server and toward Streamlit, and opens nothing by itself from outside.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, ForeignKey, Row, String, Table, insert, select, update

from dashboard.access import Reader, Role, reader_for
from dashboard.accounts import Account, accounts, find_account
from dashboard.audit import Action, append_within
from dashboard.desk import Desk, Instant, metadata
from dashboard.settings import SignInPolicy

TOKEN_BYTES = 32  # 256 random bits
HANDLE_BYTES = 16

tickets = Table(
    "ticket",
    metadata,
    Column("handle", String(40), primary_key=True),
    Column("token_sha256", String(64), nullable=False, unique=True),
    Column("user", ForeignKey(accounts.c.user), nullable=False, index=True),
    Column("started_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("ended_why", String(20)),
)


class Ticket(NamedTuple):
    """A sign-in that stands."""

    handle: str
    user: str
    started_at: datetime
    seen_at: datetime


class NewTicket(NamedTuple):
    """A sign-in just made, with the token that only the browser keeps."""

    token: str
    ticket: Ticket


def start_ticket(desk: Desk, account: Account) -> NewTicket:
    """Sign a person in whose password was checked; always a new token."""
    now = desk.clock()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    ticket = Ticket(secrets.token_hex(HANDLE_BYTES), account.user, now, now)
    with desk.writing() as connection:
        row = {**ticket._asdict(), "token_sha256": _sha256(token)}
        connection.execute(insert(tickets).values(row))
        append_within(connection, account.user, account.role, Action.SIGN_IN, "", "", now)
    return NewTicket(token, ticket)


def find_ticket(desk: Desk, token: str | None) -> Ticket | None:
    """The ticket that stands for a browser's token, or None."""
    return _standing(desk, tickets.c.token_sha256 == _sha256(token)) if token else None


def find_by_handle(desk: Desk, handle: str | None) -> Ticket | None:
    """The ticket that stands under a handle, or None."""
    return _standing(desk, tickets.c.handle == handle) if handle else None


def reader_of(desk: Desk, handle: str | None) -> Reader | None:
    """The person of a ticket with the rights of this moment, or None when the ticket no longer stands."""
    ticket = find_by_handle(desk, handle)
    account = find_account(desk, ticket.user) if ticket else None
    return None if account is None else reader_for(account.user, account.role, account.areas)


def touch_ticket(desk: Desk, ticket: Ticket) -> None:
    """Note that the person did something; written at most once per `touch` of the policy."""
    now = desk.clock()
    if now - ticket.seen_at < desk.policy.touch.span:
        return
    mine = (tickets.c.handle == ticket.handle) & tickets.c.ended_at.is_(None)
    with desk.writing() as connection:
        connection.execute(update(tickets).where(mine).values(seen_at=now))


def end_ticket(desk: Desk, ticket: Ticket) -> None:
    """Sign out: the token opens nothing from now on."""
    now = desk.clock()
    account = find_account(desk, ticket.user)
    role: Role | None = account.role if account else None
    with desk.writing() as connection:
        mine = (tickets.c.handle == ticket.handle) & tickets.c.ended_at.is_(None)
        connection.execute(update(tickets).where(mine).values(ended_at=now, ended_why="signed_out"))
        append_within(connection, ticket.user, role, Action.SIGN_OUT, "", "", now)


def end_tickets_of(connection: Connection, user: str, why: str, now: datetime) -> None:
    """End every open ticket of a person, inside the transaction that is the cause."""
    mine = (tickets.c.user == user) & tickets.c.ended_at.is_(None)
    connection.execute(update(tickets).where(mine).values(ended_at=now, ended_why=why))


def _standing(desk: Desk, which: Any) -> Ticket | None:
    query = select(tickets, accounts.c.disabled_at).join(accounts).where(which)
    with desk.reading() as connection:
        row = connection.execute(query).one_or_none()
    if row is None or not _stands(row, desk.policy, desk.clock()):
        return None
    return Ticket(row.handle, row.user, row.started_at, row.seen_at)


def _stands(row: Row[Any], policy: SignInPolicy, now: datetime) -> bool:
    if row.ended_at is not None or row.disabled_at is not None:
        return False
    return now - row.seen_at < policy.idle.span and now - row.started_at < policy.absolute.span


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
