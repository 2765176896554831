"""Rows about the same thing within one sheet, and what a rejected row was about."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from data_contracts.contract import contracts
from data_contracts.form_rows import FormRow, said
from data_contracts.forms import Form
from data_contracts.people import PersonReader
from data_contracts.places import Sender


def drop_repeats(form: Form, rows: Sequence[FormRow], say: Callable[..., None]) -> Counter[str]:
    """A row that says again what an earlier one said is ignored; one that contradicts it is quarantined."""
    first: dict[tuple[Any, ...], FormRow] = {}
    ignored: Counter[str] = Counter()
    main = form.main_table
    key = contracts()[main.table].key
    for row in rows:
        content = next((c for at, c in row.tables if at is main), None)
        if content is None or row.reasons:
            continue
        place = tuple(content.get(name) for name in key)
        earlier = first.setdefault(place, row)
        if earlier is row:
            continue
        heading = next((c.heading for c in form.columns if c.required), "")
        same = said(row) == said(earlier) and row.invalid == earlier.invalid
        code = "repeated_row" if same else "contradicts_row"
        say(
            row, heading, "warning" if same else "error", code, table=main.table,
            check=f"{main.table}_key_unique", expected=f"row:{earlier.number}",
        )  # fmt: skip
        if same:
            ignored["repeated_row"] += 1
            row.number = -row.number  # out of the account of accepted and quarantined rows
        else:
            row.reasons.append((code, main.table, f"{main.table}_key_unique"))
    return ignored


def key_values(form: Form, row: FormRow, people: PersonReader, sender: Sender) -> str | None:
    """What the row is about, where its key can be read: a later row with this key takes its place."""
    target = form.main_table
    content: dict[str, Any] = dict(target.constants)
    for column in form.columns:
        if column.target[:2] == (target.table, target.instance):
            content[column.target[2]] = row.values.get(column.heading)
    people.fill(target, content, row.values, sender)
    key = [content.get(name) for name in contracts()[target.table].key]
    return None if None in key else json.dumps([str(part) for part in key], ensure_ascii=False)
