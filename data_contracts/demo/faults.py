"""Plants a named check's own fault in a handful of rows, so that a test can see the check notice it.

Which checks can be planted follows from the contracts and the forms: a check can be broken where some heading
writes the column that it looks at.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from data_contracts.contract import Column, Contract, RowCheck, contracts
from data_contracts.demo.ledgers import DeliveryFile, Sheet
from data_contracts.demo.rows import Row
from data_contracts.demo.world import Planted, World
from data_contracts.demo.writing import Typed, first_data_row
from data_contracts.forms import Form, forms

ROWS_PER_FAULT = 4
FAR_AHEAD = timedelta(400)
COMPARISON = re.compile(r"^(\w+) ([<>]) (\w+)$")
DIGIT_CHECK = "id_check_digit"
# Faults that spoil what is there; the others can be planted in a blank cell where no row holds the value.
MUST_HOLD = ("_known", DIGIT_CHECK)
OUTSIDE_LIST = Typed("清单以外")
ILL_FORMED = {
    "month": Typed("2026-13"),
    "term": Typed("2026夏"),
    "quarter": Typed("2026年5季度"),
    "half_year": Typed("2026年第三个半年"),
    "area": Typed("53090200190"),
}
UNKNOWN_SCHOOL = Typed("名录以外小学")
# Parts of a key that the form or the adult behind the row decides, not a cell.
BY_FORM = ("source", "role", "parent", "scale", "informant")
REFERENCES = {
    "worker": {"worker_ref": "姓名"},
    "org_provision": {"org_code": "就读学校"},
    "training": {"worker_ref": "教师姓名"},
}
# Tables whose person columns come from the form's person headings.
FROM_PERSON = ("sex", "birth_date", "village_code")


class Target(NamedTuple):
    """One way to plant a check: the form, the heading to spoil and how; `spoil` changes a row in place."""

    check: str
    form_id: str
    heading: str
    spoil: Callable[[Row, World], None]
    fits: Callable[[Row], bool]
    copies_row: bool = False


def breakable_checks() -> list[str]:
    """Every `<table>.<check_id>` whose fault can be planted through a cell of some form, sorted."""
    return sorted(_targets())


def plant(files: list[DeliveryFile], check: str, world: World) -> list[Planted]:
    """Spoil a handful of rows of the planned files; returns where.  ValueError if nobody can plant it."""
    if check not in _targets():
        near = [name for name in breakable_checks() if name.split(".")[0] == check.split(".")[0]]
        raise ValueError(f"demo: expected a check to plant, found {check!r}; near it: {near}")
    rng = random.Random(f"{world.seed} {check}")
    for target in _targets()[check]:
        places = _places(files, target)
        if places:
            chosen = rng.sample(places, min(ROWS_PER_FAULT, len(places)))
            return sorted(_spoil(place, target, world) for place in chosen)
    raise ValueError(f"demo: expected rows for {check}, found none: make the district larger")


def _places(files: list[DeliveryFile], target: Target) -> list[tuple[DeliveryFile, Sheet, int]]:
    return [
        (file, sheet, number)
        for file in files
        if not file.traditional
        for sheet in file.sheets
        if sheet.form_id == target.form_id
        for number, row in enumerate(sheet.rows)
        if target.fits(row)
    ]


def _spoil(place: tuple[DeliveryFile, Sheet, int], target: Target, world: World) -> Planted:
    file, sheet, number = place
    row = sheet.rows[number]
    if target.copies_row:
        row = dict(row)
        sheet.rows.append(row)
        number = len(sheet.rows) - 1
    target.spoil(row, world)
    line = first_data_row(forms()[sheet.form_id], file.kind) + number + 1
    return Planted(file.path, sheet.name if file.kind == "xlsx" else "", line, target.heading, target.check)


@cache
def _targets() -> dict[str, list[Target]]:
    found: dict[str, list[Target]] = {}
    for form in forms().values():
        for table in dict.fromkeys(entry.table for entry in form.tables):
            for target in _of_table(form, contracts()[table]):
                found.setdefault(target.check, []).append(target)
    return found


def _headings(form: Form, table: str) -> dict[str, str]:
    """Column of the table → the first heading that writes it; person columns serve child, too."""
    written: dict[str, str] = {}
    for column in form.columns:
        place, _, name = column.target
        if place == table or (table == "child" and place == "person" and name in FROM_PERSON):
            written.setdefault(name, column.heading)
    return written


def _of_table(form: Form, contract: Contract) -> list[Target]:
    headings = _headings(form, contract.name)
    targets = []
    for column in contract.columns:
        if column.name in headings:
            targets += _of_column(form, contract, column, headings)
    for check in contract.checks:
        targets += _of_row_check(form, contract, check, headings)
    return targets + _of_identity(form, contract, headings) + _of_keys(form, contract, headings)


def _of_column(form: Form, contract: Contract, column: Column, headings: dict[str, str]) -> list[Target]:
    heading, written = headings[column.name], _quality_ids(contract, column.name)
    targets = []

    def add(check: str, spoil: Callable[[Row, World], None]) -> None:
        name = f"{contract.name}.{check}"
        targets.append(Target(name, form.id, heading, spoil, _holds(heading)))
        if not check.endswith(MUST_HOLD):
            targets.append(Target(name, form.id, heading, spoil, _any_row))

    if f"{column.name}_known" in written:
        add(f"{column.name}_known", _puts(heading, None))
    if f"{column.name}_in_code_list" in written:
        add(f"{column.name}_in_code_list", _puts(heading, OUTSIDE_LIST))
    if f"{column.name}_in_form" in written and column.type in ILL_FORMED:
        add(f"{column.name}_in_form", _puts(heading, ILL_FORMED[column.type]))
    if f"{column.name}_in_range" in written:
        add(f"{column.name}_in_range", _out_of_range(contract, column, headings))
    if f"{column.name}_not_in_future" in written:
        add(f"{column.name}_not_in_future", _into_future(contract, column.name, headings))
    if contract.name == "person" and column.name == "id_no":
        add(DIGIT_CHECK, _spoils_digit(heading))
    return targets


def _quality_ids(contract: Contract, column: str) -> set[str]:
    for prop in (contract.document.schema_ or [])[0].properties or []:
        if prop.name == column:
            return {str(rule.id) for rule in prop.quality or []}
    return set()


def _any_row(row: Row) -> bool:
    return True


def _holds(*headings: str) -> Callable[[Row], bool]:
    return lambda row: all(row[heading] is not None for heading in headings)


def _puts(heading: str, value: Any) -> Callable[[Row, World], None]:
    def spoil(row: Row, world: World) -> None:
        row[heading] = value

    return spoil


def _out_of_range(
    contract: Contract, column: Column, headings: dict[str, str]
) -> Callable[[Row, World], None]:
    """A number outside the range; what may not exceed it goes blank where a blank is allowed."""
    pattern = f"> {column.name}"
    held = [check.fails_when for check in contract.checks if check.fails_when.endswith(pattern)]
    above = column.maximum is not None and (held or column.minimum is None)
    value = int(column.maximum or 0) + 1 if above else int(column.minimum or 0) - 1
    lefts = [text.split()[0] for text in held if COMPARISON.match(text)]

    def spoil(row: Row, world: World) -> None:
        row[headings[column.name]] = value
        for left in lefts:
            if not contract.column(left).required:
                row[headings[left]] = None

    return spoil


def _into_future(contract: Contract, name: str, headings: dict[str, str]) -> Callable[[Row, World], None]:
    """A day after the report; what is compared with it moves along or goes blank: nothing else fails."""

    def spoil(row: Row, world: World) -> None:
        ahead = world.as_of + FAR_AHEAD
        row[headings[name]] = ahead
        for check in contract.checks:
            match = COMPARISON.match(check.fails_when)
            if match and match[2] == "<" and match[3] == name and match[1] in headings:
                required = contract.column(match[1]).required
                row[headings[match[1]]] = ahead + timedelta(30) if required else None

    return spoil


def _spoils_digit(heading: str) -> Callable[[Row, World], None]:
    def spoil(row: Row, world: World) -> None:
        number = row[heading]
        row[heading] = Typed(number[:-1] + ("1" if number[-1] in "X0" else str((int(number[-1]) + 1) % 10)))

    return spoil


def _of_row_check(form: Form, contract: Contract, check: RowCheck, headings: dict[str, str]) -> list[Target]:
    """Rows that hold both values come first; else the blamed cell may have been blank."""
    name, blamed = f"{contract.name}.{check.id}", headings.get(check.blames)
    if blamed is None:
        return []
    match = COMPARISON.match(check.fails_when)
    if match is None:
        return _special(form, name, check, headings)
    first, second = headings.get(match[1]), headings.get(match[3])
    if first is None or second is None:
        return []

    def spoil(row: Row, world: World) -> None:
        row[first] = _beyond(row[second], match[2])

    return [
        Target(name, form.id, blamed, spoil, _measured(first, second)),
        Target(name, form.id, blamed, spoil, _measured(second)),
    ]


def _measured(*headings: str) -> Callable[[Row], bool]:
    """Whether days or numbers stand there: a month without a day is neither before nor after."""
    return lambda row: all(isinstance(row[heading], (date, int)) for heading in headings)


def _beyond(value: Any, sign: str) -> Any:
    if isinstance(value, datetime):
        return value - timedelta(hours=2)
    if isinstance(value, date):
        return value - timedelta(5)
    return value + 5 if sign == ">" else value - 5


def _special(form: Form, name: str, check: RowCheck, headings: dict[str, str]) -> list[Target]:
    heading = headings[check.blames]
    if check.id == "total_out_of_range":
        return [Target(name, form.id, heading, _puts(heading, 95), _holds(heading))]
    if check.id == "absent_more_than_expected":
        expected = headings["n_expected"]

        def spoil(row: Row, world: World) -> None:
            row[heading] = row[expected] + 1

        return [Target(name, form.id, heading, spoil, _holds(expected))]
    return []


def _of_identity(form: Form, contract: Contract, headings: dict[str, str]) -> list[Target]:
    """A row without a reference: no name and no number, or a school or worker that nobody can find."""
    names = _headings(form, "person")
    if "child_ref_known" in _quality_ids(contract, "child_ref") and {"name", "id_no"} <= set(names):

        def spoil(row: Row, world: World) -> None:
            row[names["name"]] = row[names["id_no"]] = None

        check = f"{contract.name}.child_ref_known"
        return [Target(check, form.id, names["name"], spoil, _holds(names["name"]))]
    if contract.name == "org_provision":
        heading = headings["school_name"]
        check = "org_provision.org_code_known"
        return [Target(check, form.id, heading, _puts(heading, UNKNOWN_SCHOOL), _holds(heading))]
    named = headings.get("worker_name") or _headings(form, "worker").get("name")
    if named and "worker_ref_known" in _quality_ids(contract, "worker_ref"):
        check = f"{contract.name}.worker_ref_known"
        return [Target(check, form.id, named, _puts(named, None), _holds(named))]
    return []


def _of_keys(form: Form, contract: Contract, headings: dict[str, str]) -> list[Target]:
    """A row that stands twice with something changed, where the form writes every part of the key."""
    name = f"{contract.name}_key_unique"
    rules = (contract.document.schema_ or [])[0].quality or []
    written = headings | REFERENCES.get(contract.name, {})
    if "person" in {column.target[0] for column in form.columns}:
        written |= {"child_ref": _headings(form, "person")["name"]}
    parts = [part for part in contract.key if part not in BY_FORM]
    if name not in {str(rule.id) for rule in rules} or not all(part in written for part in parts):
        return []
    loose = [c for c in contract.columns if c.name in headings and c.name not in contract.key]
    changed = next((headings[c.name] for c in loose if c.type in ("int", "money", "bool")), None)

    def spoil(row: Row, world: World) -> None:
        value = row[changed] if changed else None
        if changed and isinstance(value, bool):
            row[changed] = not value
        elif changed and isinstance(value, int):
            row[changed] = value - 1 if value > 0 else value + 1

    heading = written[parts[-1]]
    return [Target(f"{contract.name}.{name}", form.id, heading, spoil, _holds(heading), copies_row=True)]
