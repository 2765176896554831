"""One row of a form on its way through the gate: what surrounds it, what it holds, what may be shown of it."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from data_contracts import values
from data_contracts.contract import Column, contracts
from data_contracts.forms import FormColumn, FormTable
from data_contracts.headings.headers import Match
from data_contracts.places import Places, Sender
from registry.deliveries import Message
from registry.readers import Sheet
from registry.vault import Vault

_LONG_NUMBER = re.compile(r"\d{11,}")
IDENTITY = Column("id_no", "身份证号", "identity number", "idno", "VARCHAR", None, False, "identity",
                  None, None, None, False, False)  # fmt: skip
WORKER_NAME = IDENTITY._replace(name="name", zh="走访人", en="visitor", type="name")


# sheet, row, form, table, check, the row's cells (encrypted), the values of its key (JSON) where it has them
Quarantined = tuple[str, int, str, str | None, str | None, str | None, str | None]


class Context(NamedTuple):
    """What a sheet's rows need to know besides their cells.

    `reported_on` is the day that the sheet states, else the day of receipt; `filled_in_on` is the day that it
    states, else the one that files taken in with it state, else the day of receipt.  `known_from` is set for what
    comes later than its report, a corrected return; `forgotten` holds the references without identity; `waives`
    takes rows in that a check would reject, because a person decided so.
    """

    delivery: str
    seq: int
    sheet: str
    sender: Sender
    reported_on: dt.date
    filled_in_on: dt.date
    places: Places
    vault: Vault
    known_from: dt.date | None = None
    forgotten: frozenset[str] = frozenset()
    waives: bool = False


class FormRow:
    """One row of a form on its way: values and faults by heading, and the reasons to reject it."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.values: dict[str, Any] = {}
        self.invalid: set[str] = set()
        self.month_only: set[str] = set()
        self.reasons: list[tuple[str, str | None, str | None]] = []  # code, table, check
        self.tables: list[tuple[FormTable, dict[str, Any]]] = []
        self.forgotten = False


class Judged(NamedTuple):
    """A sheet's outcome: typed rows by table, messages, and the account of every row.

    `forgotten` numbers the rows about children whose identity was removed.
    """

    rows: dict[str, list[dict[str, Any]]]
    messages: list[Message]
    accepted: int
    quarantined: Sequence[Quarantined]
    ignored: Counter[str]
    forgotten: Sequence[int] = ()


def column_of(form_column: FormColumn) -> Column:
    """The contract's column behind a heading; a carer's number and a visitor's name have none of their own."""
    table, _, name = form_column.target
    if table == "carer":
        return IDENTITY
    if (table, name) == ("worker", "name"):
        return WORKER_NAME
    return contracts()[table].column(name)


def masked(column: Column, text: str) -> str:
    """What was found, fit to be shown: never a name, a number of a person, a telephone or a note.

    A long run of digits is masked in every column: an identity number may stand in the wrong one.
    """
    written = values.clean(text)
    personal = column.classification == "identity" or column.type in ("idno", "name", "phone", "note")
    if personal or _LONG_NUMBER.search(written):
        return f"({len(written)})"
    return written[:40]


def is_identity(form_column: FormColumn) -> bool:
    """Whether the cells under a heading name a child or its family, or may (notes)."""
    if not form_column.writes or form_column.target[0] == "worker":
        return False
    column = column_of(form_column)
    return column.classification == "identity" or column.type in ("idno", "name", "phone", "note")


def without_identity(match: Match, cells: Sequence[str]) -> list[str]:
    """A row's cells without those that name a child or its family."""
    hidden = {
        index
        for index in range(len(cells))
        if index not in match.columns or is_identity(match.columns[index])
    }
    return ["" if index in hidden else cell for index, cell in enumerate(cells)]


def without_rows(sheet: Sheet, match: Match | None, numbers: Sequence[int]) -> Sheet:
    """The sheet without the identities in these rows (from 1)."""
    if match is None or not numbers:
        return sheet
    hidden = set(numbers)
    rows = [
        without_identity(match, row) if index + 1 in hidden else row for index, row in enumerate(sheet.rows)
    ]
    return sheet._replace(rows=rows)


def said(row: FormRow) -> dict[str, Any]:
    """What a row says, whatever characters its names are written in."""
    return {k: values.simplified(v) if isinstance(v, str) else v for k, v in row.values.items()}


def check_of(column: Column, fault: str) -> str:
    """The contract check that a fault breaks."""
    return {
        "required": f"{column.name}_known",
        "error_cell": f"{column.name}_in_code_list" if column.vocabulary else f"{column.name}_in_form",
        "not_in_code_list": f"{column.name}_in_code_list",
        "out_of_range": f"{column.name}_in_range",
        "in_the_future": f"{column.name}_not_in_future",
    }.get(fault, fault if column.type in ("idno", "name", "phone") else f"{column.name}_in_form")


def as_day(known: Any) -> dt.date | None:
    """The day of a date, of a moment, or the last day of a month written as 2026-09; None for anything else."""
    if isinstance(known, dt.datetime):
        return known.date()
    if isinstance(known, dt.date):
        return known
    if isinstance(known, str) and len(known) == 7:
        year, month = int(known[:4]), int(known[5:])
        return dt.date(year, month, calendar.monthrange(year, month)[1])
    return None
