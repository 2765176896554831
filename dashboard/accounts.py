"""People who may sign in: accounts, argon2id passwords, the lock against guessing.

Every refusal takes one hash's time and has one answer, so that nobody learns which accounts exist.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Column, Connection, Integer, Row, String, Table, delete, insert, select, update

from dashboard.access import Role
from dashboard.audit import Action, append_within
from dashboard.desk import Desk, Instant, get_mark, metadata, set_mark
from dashboard.settings import SignInPolicy, read_settings

DEMO_MARK = "demo"
_NAME = re.compile(r"[\w.-]{2,40}")
_AREA = re.compile(r"\d{2,12}")

accounts = Table(
    "account",
    metadata,
    Column("user", String(40), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("areas", String(400), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("password_set_at", Instant, nullable=False),
    Column("disabled_at", Instant),
)
# Keyed by a digest of what was typed, whether or not such an account exists: people also type
# passwords into this field.
attempts = Table(
    "sign_in_attempt",
    metadata,
    Column("typed_sha256", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("locked_until", Instant),
)


class Account(NamedTuple):
    """A person who may sign in, as far as the other modules need to know."""

    user: str
    role: Role
    areas: tuple[str, ...]
    is_disabled: bool


class DemoUser(NamedTuple):
    """An invented person of a demo store, with the password that is printed for everyone."""

    user: str
    password: str
    role: Role


class AccountError(Exception):
    """An account cannot be made or changed as asked; the text says why."""


def create_user(
    desk: Desk, user: str, password: str, role: Role, areas: tuple[str, ...], by: str = "operator"
) -> None:
    """Make an account; `areas` are prefixes of area codes that the person may see."""
    name = normal_name(user)
    if not _NAME.fullmatch(name):
        raise AccountError("account: expected a name of 2 to 40 letters, digits, '.', '-' or '_'")
    if not areas or not all(_AREA.fullmatch(area) for area in areas):
        raise AccountError("account: expected at least one area code of 2 to 12 digits")
    secret = _hash(desk, password)
    now = desk.clock()
    with desk.writing() as connection:
        if _find(connection, name) is not None:
            raise AccountError(f"account: expected a new name, found {name} already there")
        row = {"user": name, "role": Role(role).value, "areas": json.dumps(areas), "password_hash": secret}
        connection.execute(insert(accounts).values(**row, created_at=now, password_set_at=now))
        append_within(connection, by, None, Action.ACCOUNT_CREATED, "", f"{name}: {Role(role).value}", now)


def set_password(desk: Desk, user: str, password: str, by: str = "operator") -> None:
    """Give an account a new password; its open sign-ins end at once and its lock is taken off."""
    secret = _hash(desk, password)
    with desk.writing() as connection:
        name = _must_find(connection, user).user
        new = {"password_hash": secret, "password_set_at": desk.clock()}
        connection.execute(update(accounts).where(accounts.c.user == name).values(new))
        connection.execute(delete(attempts).where(attempts.c.typed_sha256 == _typed(name)))
        _end_tickets(connection, name, "password_set", desk.clock())
        append_within(connection, by, None, Action.PASSWORD_SET, "", name, desk.clock())


def disable_user(desk: Desk, user: str, by: str = "operator") -> None:
    """Close an account for good; its open sign-ins end at once."""
    with desk.writing() as connection:
        name = _must_find(connection, user).user
        now = desk.clock()
        connection.execute(update(accounts).where(accounts.c.user == name).values(disabled_at=now))
        _end_tickets(connection, name, "disabled", now)
        append_within(connection, by, None, Action.ACCOUNT_DISABLED, "", name, now)


def check_password(desk: Desk, user: str, password: str) -> Account | None:
    """The account, or None for a wrong password, an unknown name, a locked or a disabled account alike.

    The attempt is counted before the password is looked at: a hundred guesses at once are a hundred attempts.
    """
    name = normal_name(user)
    decoy = _nobodys_hash(desk.policy)  # made before anything differs between known and unknown names
    is_allowed = _take_attempt(desk, name)
    with desk.reading() as connection:
        row = _row(connection, name)
    is_right = _verify(desk.policy, decoy if row is None else row.password_hash, password)
    if row is None or not is_right or not is_allowed or row.disabled_at is not None:
        if is_allowed:
            _record_refusal(desk, name, None if row is None else Role(row.role))
        return None
    with desk.writing() as connection:
        connection.execute(delete(attempts).where(attempts.c.typed_sha256 == _typed(name)))
        if _hasher(desk.policy).check_needs_rehash(row.password_hash):
            renewed = _hasher(desk.policy).hash(password)
            connection.execute(update(accounts).where(accounts.c.user == name).values(password_hash=renewed))
    return _account(row)


def find_account(desk: Desk, user: str) -> Account | None:
    """The account of that name, disabled or not."""
    with desk.reading() as connection:
        return _find(connection, normal_name(user))


def list_accounts(desk: Desk) -> list[Account]:
    """All accounts by name."""
    with desk.reading() as connection:
        return [_account(row) for row in connection.execute(select(accounts).order_by(accounts.c.user))]


def mark_as_demo(desk: Desk) -> None:
    """Declare a store without accounts to be a demo with invented people; a store in use can't become one."""
    with desk.writing() as connection:
        if get_mark(connection, DEMO_MARK) == "yes":
            return
        if connection.execute(select(accounts.c.user).limit(1)).first() is not None:
            raise AccountError("account: expected a store without accounts to mark as demo, found some")
        set_mark(connection, DEMO_MARK, "yes")


def is_demo(desk: Desk) -> bool:
    """Whether the store holds invented people only."""
    with desk.reading() as connection:
        return get_mark(connection, DEMO_MARK) == "yes"


def demo_users() -> list[DemoUser]:
    """The documented users of every demo store, one per role."""
    return [DemoUser(role.value, f"shouhu-demo-{role.value}", role) for role in Role]


def make_demo_users(desk: Desk) -> list[DemoUser]:
    """Make the demo users that are missing; AccountError in a store that is not marked as demo."""
    if not is_demo(desk):
        raise AccountError("account: expected a store marked as demo, found one that is not")
    areas = tuple(read_settings().demo.areas)
    for person in demo_users():
        if find_account(desk, person.user) is None:
            create_user(desk, person.user, person.password, person.role, areas, by="demo")
    return demo_users()


def normal_name(user: str) -> str:
    """A name as it is stored: full-width letters and capitals made alike."""
    return unicodedata.normalize("NFKC", user).strip().casefold()


def _take_attempt(desk: Desk, name: str) -> bool:
    """Count an attempt; False while the name is locked."""
    policy, now = desk.policy, desk.clock()
    mine = attempts.c.typed_sha256 == _typed(name)
    with desk.writing() as connection:
        connection.execute(delete(attempts).where(attempts.c.last_at < now - policy.forget_failures.span))
        row = connection.execute(select(attempts).where(mine)).one_or_none()
        if row is not None and row.locked_until is not None and now < row.locked_until:
            return False
        # A lock that has run out starts the count anew.
        failures = row.failures + 1 if row is not None and row.locked_until is None else 1
        locked_until = now + policy.lock.span if failures >= policy.failures.value else None
        connection.execute(delete(attempts).where(mine))
        new = {
            "typed_sha256": _typed(name),
            "failures": failures,
            "last_at": now,
            "locked_until": locked_until,
        }
        connection.execute(insert(attempts).values(new))
    return True


def _record_refusal(desk: Desk, name: str, role: Role | None) -> None:
    # A name without account is not written down: it may be a password typed into the wrong field.
    user = name if role is not None else ""
    with desk.writing() as connection:
        append_within(connection, user, role, Action.SIGN_IN_REFUSED, "", "", desk.clock())
        mine = select(attempts.c.locked_until).where(attempts.c.typed_sha256 == _typed(name))
        if connection.execute(mine).scalar_one_or_none() is not None:
            append_within(connection, user, role, Action.ACCOUNT_LOCKED, "", "", desk.clock())


def _typed(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def _row(connection: Connection, name: str) -> Row[Any] | None:
    return connection.execute(select(accounts).where(accounts.c.user == name)).one_or_none()


def _find(connection: Connection, name: str) -> Account | None:
    row = _row(connection, name)
    return None if row is None else _account(row)


def _must_find(connection: Connection, user: str) -> Account:
    account = _find(connection, normal_name(user))
    if account is None:
        raise AccountError("account: expected an existing account, found none of that name")
    return account


def _account(row: Row[Any]) -> Account:
    return Account(row.user, Role(row.role), tuple(json.loads(row.areas)), row.disabled_at is not None)


def _end_tickets(connection: Connection, user: str, why: str, now: datetime) -> None:
    from dashboard.tickets import end_tickets_of  # tickets builds on accounts

    end_tickets_of(connection, user, why, now)


@lru_cache(maxsize=8)
def _hasher_with(rounds: int, memory: int, lanes: int) -> PasswordHasher:
    return PasswordHasher(time_cost=rounds, memory_cost=memory, parallelism=lanes)


def _hasher(policy: SignInPolicy) -> PasswordHasher:
    return _hasher_with(policy.hash_rounds.value, policy.hash_memory.value, policy.hash_lanes.value)


@lru_cache(maxsize=8)
def _nobodys_hash_with(hasher: PasswordHasher) -> str:
    return hasher.hash("nobody has this password")


def _nobodys_hash(policy: SignInPolicy) -> str:
    return _nobodys_hash_with(_hasher(policy))


def _verify(policy: SignInPolicy, secret: str, password: str) -> bool:
    try:
        return _hasher(policy).verify(secret, password)
    except (VerificationError, InvalidHashError):
        return False


def _hash(desk: Desk, password: str) -> str:
    wanted = desk.policy.password_length.value
    if len(password) < wanted:
        raise AccountError(
            f"account: expected a password of at least {wanted} characters, found {len(password)}"
        )
    return _hasher(desk.policy).hash(password)
