"""Cells as their sender meant them: a merged cell stands for all its rows, a repeated heading is no row."""

from __future__ import annotations

from collections.abc import Sequence

from data_contracts.headings.headers import Match, heading
from registry.readers import Kind, Sheet

# A workbook of old Macintosh programs counts days from 1904-01-01, all others from 1899-12-30.
DAYS_BETWEEN_EPOCHS = 1462


def merged_down(sheet: Sheet, first_row: int) -> dict[tuple[int, int], tuple[str, str]]:
    """{(row, column): (text, kind)} of the cells below the first one of a merged range, from that row on.

    A village merged over its children stands once in the file and is said of each of them.  Ranges over several
    columns are titles and remarks: they are left alone.
    """
    found = {}
    for top, left, bottom, right in sheet.merged:
        if left == right and top >= first_row:
            said = sheet.rows[top][left], sheet.kinds[top][left]
            found.update({(row, left): said for row in range(top + 1, bottom + 1)})
    return found


def is_heading_again(match: Match, cells: Sequence[str]) -> bool:
    """Whether a row says the headings of its columns once more, as printed ledgers do on each page."""
    said = [(heading(cells[index]), heading(column.heading)) for index, column in match.columns.items()]
    return len(said) > 1 and all(cell == word for cell, word in said)


def from_1904(text: str, kind: str) -> str:
    """A bare day number of a workbook that counts from 1904, as all others count it."""
    is_serial = kind == Kind.NUMBER and len(text.partition(".")[0]) == 5
    return str(int(float(text)) + DAYS_BETWEEN_EPOCHS) if is_serial else text
