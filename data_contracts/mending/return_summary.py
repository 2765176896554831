"""The first sheet of a return workbook: every finding with its place, what to do, and what it touches."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from data_contracts.mending.answers import ROW_HEADINGS
from data_contracts.mending.open_items import Item
from data_contracts.messages import text_of
from registry.deliveries import Message

LINE_HEIGHT = 15
FILLS = {"reject_row": "#FFC7CE", "accept_with_warning": "#FFEB9C", "reject_file": "#FFC7CE"}
Touched = Callable[[Item, Message], str]  # what a finding touches, in words


class Line(NamedTuple):
    """One line of the summary: an item, one finding of it, and where the cell stands in this workbook."""

    item: Item
    message: Message
    here: str


@cache
def _words() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((Path(__file__).parent / "returns.toml").read_text("utf-8"))


def say(section: str, key: str, lang: str, **values: object) -> str:
    """A word of the return workbook in `zh` or `en`."""
    return _words()[section][key][0 if lang == "zh" else 1].format(**values)


def finding(message: Message, lang: str) -> str:
    """What is wrong, without its place."""
    nowhere = message._replace(sheet=None, row=None, column=None, heading=None)
    return text_of(nowhere, "", lang).lstrip("：: ")


WIDTHS = {
    "file": 26, "sheet": 16, "row": 9, "here": 18, "column": 16, "problem": 44, "todo": 34, "severity": 24,
    "touched": 44,
}  # fmt: skip


def write_summary(
    book: Workbook,
    sheet: Worksheet,
    sender: str,
    items: Sequence[Item],
    lines: Sequence[Line],
    lang: str,
    touched: Touched,
) -> None:
    """Fill in the first sheet: what to do with the file, then every finding on a line of its own."""
    bold = book.add_format({"bold": True})
    wrap = {"text_wrap": True, "valign": "top", "border": 1}
    plain, head = book.add_format(wrap), book.add_format({**wrap, "bold": True})
    filled = {severity: book.add_format({**wrap, "bg_color": fill}) for severity, fill in FILLS.items()}
    opening = _opening(sender, items, lang)
    for number, words in enumerate(opening):
        sheet.write_string(number, 0, words, bold if number == 0 else None)
    top = len(opening) + 1
    for place, (name, width) in enumerate(WIDTHS.items()):
        sheet.write_string(top, place, say("words", name, lang), head)
        sheet.set_column(place, place, width)
    for offset, line in enumerate(lines):
        cells = {**_cells(line, lang), "touched": touched(line.item, line.message)}
        sheet.set_row(top + 1 + offset, LINE_HEIGHT * max(map(_lines, WIDTHS.values(), _in_order(cells))))
        for place, name in enumerate(WIDTHS):
            style = filled[line.item.severity] if name == "severity" else plain
            sheet.write_string(top + 1 + offset, place, cells[name], style)
    sheet.freeze_panes(top + 1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _in_order(cells: dict[str, str]) -> list[str]:
    return [cells[name] for name in WIDTHS]


def _lines(width: int, text: str) -> int:
    """How many lines a text takes in a cell of that width; not every office program fits rows by itself."""
    return sum(math.ceil(max(1, len(part.encode("gbk", "replace"))) / width) for part in text.split("\n"))


def _opening(sender: str, items: Sequence[Item], lang: str) -> list[str]:
    files = len({item.delivery.delivery for item in items})
    rows = sum(item.row is not None for item in items)
    return [
        say("words", "title", lang, sender=sender),
        say("words", "counted", lang, rows=rows, files=files),
        say("words", "how", lang, row_heading=ROW_HEADINGS[lang]),
        say("words", "untouched", lang),
        say("words", "confidential", lang),
    ]


def _cells(line: Line, lang: str) -> dict[str, str]:
    item, message = line.item, line.message
    return {
        "file": item.delivery.file,
        "sheet": item.sheet or "",
        "row": str(item.row or ""),
        "here": line.here,
        "column": message.heading or "",
        "problem": finding(message, lang),
        "todo": say("todo", item.severity, lang),
        "severity": say("severity", item.severity, lang),
    }
