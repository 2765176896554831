"""What the cells below a heading say about which column it is; told by kinds, never by values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from data_contracts import values
from data_contracts.contract import contracts
from data_contracts.forms import Form, FormColumn
from data_contracts.headings.likeness_words import settings

LEAST_CELLS = 3
_STRONG_KINDS = ("idno", "phone", "date")

Cells = Sequence[tuple[str, str]]  # (text, kind letter of the reader) of the filled cells of one sheet column


def type_of(column: FormColumn) -> str:
    """The value type behind a form's column: `code` for a code list, empty where nothing is written."""
    table, _, name = column.target
    if table == "carer":
        return "idno"
    if not table or (table, name) == ("worker", "name"):
        return "name" if table else ""
    found = contracts()[table].column(name)
    return "code" if found.vocabulary else found.type


def _reads(column: FormColumn, text: str, kind: str) -> bool:
    sort = type_of(column)
    if sort == "idno":
        fault = values.id_number(text, kind).fault
        return fault in (None, "id_check_digit", "id_digits_lost")
    table, _, name = column.target
    if (table, name) == ("worker", "name"):
        return values.person_name(text, kind).value is not None
    found = values.typed(contracts()[table].column(name), text, kind)
    return found.value is not None or found.fault in ("day_missing", "hour_missing")


def fit(column: FormColumn, cells: Cells) -> float | None:
    """The share of filled cells that the column's type can read; None where too few cells tell."""
    if len(cells) < LEAST_CELLS or not type_of(column):
        return None
    return sum(_reads(column, text, kind) for text, kind in cells) / len(cells)


def kind_of(cells: Cells) -> str:
    """What a column holds, told without any of its values: a strong type, `number`, `words`, `few` or `empty`."""
    if len(cells) < LEAST_CELLS:
        return "few" if cells else "empty"
    parsers = {"idno": values.id_number, "phone": values.phone, "date": values.date, "bool": values.boolean,
               "number": values.money}  # fmt: skip
    for kind, parse in parsers.items():
        fits = sum(parse(text, sort).value is not None for text, sort in cells) / len(cells)
        if fits >= settings().share("contradicts"):
            return kind
    return "words"


def by_content(column: FormColumn, cells: Cells) -> float | None:
    """What the cells say for a column; None where they speak against it."""
    sort, found = type_of(column), fit(column, cells)
    if found is None:
        return 0.0
    if found < settings().share("contradicts"):
        return None
    if sort not in settings().content:
        return None if kind_of(cells) in _STRONG_KINDS else 0.0
    return settings().content[sort] if found >= settings().share("fits") else 0.0


def is_unique_list(form: Form, column: FormColumn) -> bool:
    """Whether no other column of the form takes its words from the same code list."""
    table, _, name = column.target
    if table in ("", "carer") or (table, name) == ("worker", "name"):
        return False
    lists: list[Any] = [
        contracts()[other.target[0]].column(other.target[2]).vocabulary
        for other in form.columns
        if other.target[0] not in ("", "carer") and other.target[::2] != ("worker", "name")
    ]
    return lists.count(contracts()[table].column(name).vocabulary) == 1
