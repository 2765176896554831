"""What there is to say about a sheet as a whole: columns read by content or not at all, totals that do not agree."""

from __future__ import annotations

import re

from data_contracts.headings.headers import Match, column_letter, row_kind
from registry.deliveries import Message
from registry.readers import Sheet

_GUESSED = {"likeness": ("info", "heading_by_likeness"), "content": ("warning", "heading_by_content")}
_TOTAL_OF = re.compile(r"共\s*(\d+)\s*条")


def about_columns(sheet: Sheet, found: Match) -> list[Message]:
    """Columns whose heading is not known: named by their content, with its certainty, or left unread."""
    place = found.first_row + found.header_rows
    guessed = [
        Message(sheet.name, place, column_letter(one.place), one.name, *_GUESSED[one.by], expected=one.heading,
                found=f"{one.certainty:.0%}")
        for one in found.guessed
    ]  # fmt: skip
    unknown = [
        Message(sheet.name, place, column_letter(i), name, "warning", "unknown_heading")
        for i, name in found.unknown
    ]
    return guessed + unknown


def about_total(sheet: Sheet, found: Match) -> list[Message]:
    """A total row that counts other rows than there are."""
    body = sheet.rows[found.first_row + found.header_rows :]
    counted = sum(1 for row in body if row_kind(row) == "data")
    for offset, row in enumerate(body):
        said = _TOTAL_OF.search(" ".join(row)) if row_kind(row) == "total" else None
        if said and int(said[1]) != counted:
            number = found.first_row + found.header_rows + offset + 1
            return [Message(sheet.name, number, None, None, "warning", "total_differs", expected=said[1],
                            found=str(counted))]  # fmt: skip
    return []


def about_examples(sheet: Sheet, found: Match) -> list[Message]:
    """The example row of a template, left in: it is no report about anybody."""
    start = found.first_row + found.header_rows
    return [
        Message(sheet.name, start + offset + 1, None, None, "info", "example_row")
        for offset, row in enumerate(sheet.rows[start:])
        if row_kind(row) == "example"
    ]
