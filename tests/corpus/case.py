"""What a hard case is: what an office sends, and what must come of it, to the row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple

from registry.readers import DEFAULT_LIMITS, Limits

RECEIVED = dt.date(2026, 10, 5)
HARD = Limits(seconds=20.0, memory_bytes=768 * 1024**2)

Rows = list[tuple[Any, ...]]


class Sent(NamedTuple):
    """Files that arrive together on one day; a content of None is a hole of 600 MiB on the disk.

    `answers` are an officer's words on the headings that the sheet before them was asked about (heading → heading of
    the form); with `forgets` every child's identity is removed on request after the files were taken in.
    """

    files: dict[str, bytes | None]
    received_on: dt.date = RECEIVED
    sender: str | None = None
    answers: dict[str, str] | None = None
    forgets: bool = False


class Outcome(NamedTuple):
    """What the officer is told about one file.

    `says` is every message that is more than information, as `warning 台账!F5 id_digits_lost`: severity, sheet, the
    cell (or the row alone), code.  A file's own message has the place `-`.
    """

    status: str
    accepted: int
    quarantined: int
    ignored: str
    says: tuple[str, ...]

    def __str__(self) -> str:
        counts = f"{self.status} {self.accepted}+{self.quarantined}"
        return f"{counts} [{self.ignored}] {'; '.join(self.says)}".strip()


class Case(NamedTuple):
    """One hard case; `holds` are queries on the registry (with the rows that they must give)."""

    group: str
    name: str
    what: str
    send: Callable[[], list[Sent]]
    expect: tuple[Outcome, ...]
    holds: tuple[tuple[str, Rows], ...] = ()
    limits: Limits = DEFAULT_LIMITS


CASES: list[Case] = []


def case(
    group: str,
    name: str,
    what: str,
    send: Callable[[], list[Sent]],
    *expect: Outcome,
    holds: tuple[str, Rows] | tuple[tuple[str, Rows], ...] = (),
    limits: Limits = DEFAULT_LIMITS,
) -> None:
    """Declare a case."""
    queries = (holds,) if holds and isinstance(holds[0], str) else holds
    CASES.append(Case(group, name, what, send, expect, queries, limits))  # type: ignore[arg-type]


def taken(accepted: int, *says: str, ignored: str = "heading=1,title=2,total=1") -> Outcome:
    """A file whose rows are all in; `says` may hold warnings."""
    return Outcome("accepted", accepted, 0, ignored, says)


def partly(
    accepted: int, quarantined: int, *says: str, ignored: str = "heading=1,title=2,total=1"
) -> Outcome:
    """A file of which some rows wait for the sender."""
    return Outcome("partly", accepted, quarantined, ignored, says)


def refused(*says: str, quarantined: int = 0, ignored: str = "") -> Outcome:
    """A file of which no row is in."""
    return Outcome("rejected", 0, quarantined, ignored, says)


def unreadable(code: str) -> Outcome:
    """A file that is not read at all."""
    return refused(f"error - {code}")


def known(outcome: Outcome) -> Outcome:
    """The same bytes again."""
    return outcome._replace(status="already_known", says=())
