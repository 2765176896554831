"""The workbook that goes back to a sender: the sender's own rows, wrong cells coloured, with notes on them.

Only the rows in question are written, under the sheet's own title and headings: a return that held the whole ledger
would carry hundreds of names that nobody needs to touch, and would invite changes that nobody asked for.  The row
number of the sender's file stands in a column of its own, which the intake takes out again.  Cells are written as they
were read (text as text, numbers as numbers, so that a spoilt identity number stays recognisably spoilt); nothing is
a formula or a link.  It holds names: whoever writes one logs it first.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from data_contracts.headings.headers import column_letter
from data_contracts.mending.answers import (
    HINT_HEADINGS,
    MARKER_SHEET,
    ROW_HEADINGS,
    SUMMARY_SHEETS,
    Origin,
    marker_lines,
)
from data_contracts.mending.open_items import Item
from data_contracts.mending.reopening import Reopened, reopen
from data_contracts.mending.return_summary import FILLS, Line, Touched, finding, say, write_summary
from data_contracts.template import INLINE_LIST_LENGTH, WORKBOOK_OPTIONS
from data_contracts.template_words import contract_column, offered
from registry.deliveries import Message
from registry.readers import Kind, Unreadable
from registry.settings import Settings
from registry.vault import Vault

WIDEST, NARROWEST, HINT_WIDTH = 32, 8, 46
SHEET_NAME_LENGTH = 31
LONG_NUMBER_DIGITS = 11
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_NOT_IN_FILES = re.compile(r"[^\w（）()-]")


class Returned(NamedTuple):
    """One return workbook: for whom, where it lies, its findings and rows."""

    sender: str
    path: Path
    findings: int
    rows: int


def by_sender(items: Sequence[Item], lang: str) -> dict[str, list[Item]]:
    """The items of each sender, in the order of names; files without a stated sender never share a workbook."""
    found: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        unknown = f"{say('words', 'unknown_sender', lang)}（{Path(item.delivery.file).stem}）"
        found[item.delivery.sender or unknown].append(item)
    return dict(sorted(found.items()))


def write_returns(
    folder: Path,
    items: Sequence[Item],
    settings: Settings,
    vault: Vault,
    received_on: dt.date,
    touched: Touched,
) -> list[Returned]:
    """One workbook for each sender, readable by its owner only; the paths with what they hold."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    written = []
    for sender, own in by_sender(items, settings.lang).items():
        path = folder / f"退回_{_NOT_IN_FILES.sub('_', sender)}_{received_on:%Y%m%d}.xlsx"
        written.append(_ReturnBook(path, sender, own, settings, vault, received_on, touched).write())
        path.chmod(0o600)
    return written


class _ReturnBook:
    def __init__(
        self,
        path: Path,
        sender: str,
        items: Sequence[Item],
        settings: Settings,
        vault: Vault,
        day: dt.date,
        touched: Touched,
    ) -> None:
        self.path, self.sender, self.items, self.vault = path, sender, items, vault
        self.settings, self.lang, self.touched = settings, settings.lang, touched
        self.book = xlsxwriter.Workbook(str(path), WORKBOOK_OPTIONS)
        self.book.set_properties({"created": dt.datetime.combine(day, dt.time())})
        self.origins: list[Origin] = []
        self.lines: list[Line] = []
        self.styles = {name: self.book.add_format({"bg_color": fill, "border": 1, "num_format": "@"})
                       for name, fill in FILLS.items()}  # fmt: skip

    def write(self) -> Returned:
        summary = self.book.add_worksheet(SUMMARY_SHEETS[self.lang])
        for again, items in self._by_sheet():
            if again is None or again.match is None:
                self.lines += [Line(item, m, "") for item in items for m in item.messages]
            else:
                self._rows_of(again, items)
        write_summary(self.book, summary, self.sender, self.items, self.lines, self.lang, self.touched)
        marker = self.book.add_worksheet(MARKER_SHEET)
        for number, cells in enumerate(marker_lines(self.origins, self.vault)):
            for place, cell in enumerate(cells):
                marker.write_string(number, place, cell)
        marker.hide()
        self.book.close()
        rows = sum(item.row is not None for item in self.items)
        return Returned(self.sender, self.path, len(self.lines), rows)

    def _by_sheet(self) -> Iterator[tuple[Reopened | None, list[Item]]]:
        """The items of each sheet with that sheet read again; those about a whole sheet or file come alone."""
        places: dict[tuple[str, str | None], list[Item]] = defaultdict(list)
        for item in self.items:
            places[item.delivery.delivery, item.sheet].append(item)
        opened: dict[str, dict[str, Reopened]] = {}
        for (name, sheet), items in places.items():
            if name not in opened:
                try:
                    opened[name] = reopen(self.settings, self.vault, items[0].delivery)
                except Unreadable:
                    opened[name] = {}
            whole = [item for item in items if item.row is None]
            rows = [item for item in items if item.row is not None]
            if whole:
                yield None, whole
            if rows:
                yield opened[name].get(sheet or ""), rows

    def _rows_of(self, again: Reopened, items: Sequence[Item]) -> None:
        """One sheet: its own title and headings, the rows in question, and the two columns that are added."""
        sheet = self.book.add_worksheet(self._free_name(again.sheet.name))
        self.origins.append(Origin(sheet.name, again.delivery.delivery, again.sheet.name))
        width, first = len(again.sheet.rows[0]), again.first_data_row
        self._headings(sheet, again)
        self._widths(sheet, again, [item.row or 1 for item in items])
        sheet.set_landscape()
        sheet.set_column(width, width, 14)
        sheet.set_column(width + 1, width + 1, HINT_WIDTH)
        sheet.freeze_panes(first, 0)
        for offset, item in enumerate(items):
            self._row(sheet, again, first + offset, item)

    def _free_name(self, wanted: str) -> str:
        base = _NOT_IN_NAMES.sub("_", wanted).strip() or "Sheet"
        taken = {sheet.name.lower() for sheet in self.book.worksheets()} | {MARKER_SHEET}
        for number in range(1, len(taken) + 2):
            tail = "" if number == 1 else f" ({number})"
            name = base[: SHEET_NAME_LENGTH - len(tail)] + tail
            if name.lower() not in taken:
                break
        return name

    def _headings(self, sheet: Worksheet, again: Reopened) -> None:
        first, width = again.first_data_row, len(again.sheet.rows[0])
        bold = self.book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter"})
        for row in range(first):
            for place, cell in enumerate(again.sheet.rows[row]):
                if cell:
                    sheet.write_string(row, place, cell, bold if row >= first - 2 else None)
        for top, left, bottom, right in again.sheet.merged:
            if bottom < first and (top, left) != (bottom, right):
                sheet.merge_range(top, left, bottom, right, again.sheet.rows[top][left], bold)
        sheet.write_string(first - 1, width, ROW_HEADINGS[self.lang], bold)
        sheet.write_string(first - 1, width + 1, HINT_HEADINGS[self.lang], bold)

    @staticmethod
    def _widths(sheet: Worksheet, again: Reopened, numbers: Sequence[int]) -> None:
        rows = [again.sheet.rows[number - 1] for number in (again.first_data_row, *numbers)]
        for place in range(len(rows[0])):
            longest = max(len(row[place].encode("gbk", "replace")) for row in rows)
            sheet.set_column(place, place, min(WIDEST, max(NARROWEST, longest + 2)))

    def _row(self, sheet: Worksheet, again: Reopened, at: int, item: Item) -> None:
        number = item.row or 1
        cells, kinds = again.sheet.rows[number - 1], again.sheet.kinds[number - 1]
        width, wrong = len(cells), self._wrong_cells(again, item)
        for place, cell in enumerate(cells):
            self._cell(
                sheet, at, place, cell, kinds[place], self.styles[item.severity] if place in wrong else None
            )
        own = self.styles[item.severity] if width in wrong else None
        sheet.write_string(at, width, str(number), own)
        hints = [self._hint(item, message) for message in item.messages]
        sheet.write_string(at, width + 1, "\n".join(hints))
        for place, messages in wrong.items():
            note = "\n".join(
                [*(finding(m, self.lang) for m in messages), say("todo", item.severity, self.lang)]
            )
            sheet.write_comment(at, place, note, {"x_scale": 2, "y_scale": 1.4})
            self._drop_down(sheet, again, at, place)
            self.lines += [Line(item, m, f"{sheet.name} {xl_rowcol_to_cell(at, place)}") for m in messages]

    def _hint(self, item: Item, message: Message) -> str:
        where = f"{message.heading}：" if message.heading else ""
        return where + finding(message, self.lang)

    @staticmethod
    def _wrong_cells(again: Reopened, item: Item) -> dict[int, list[Message]]:
        """Sheet column (from 0) → what is wrong there; what is about no cell stands at the row's number."""
        width = len(again.sheet.rows[0])
        letters = {column_letter(index): index for index in range(width)}
        wrong: dict[int, list[Message]] = defaultdict(list)
        for message in item.messages:
            wrong[letters.get(message.column or "", width)].append(message)
        return dict(wrong)

    def _cell(self, sheet: Worksheet, row: int, place: int, cell: str, kind: str, style: Any) -> None:
        if not cell:
            if style:
                sheet.write_blank(row, place, None, style)
            return
        if kind == Kind.NUMBER:
            try:
                number = float(cell)
            except ValueError:
                sheet.write_string(row, place, cell, style)
                return
            sheet.write_number(row, place, number, self._number_style(cell, style))
            return
        sheet.write_string(row, place, cell, style)

    def _number_style(self, cell: str, style: Any) -> Any:
        """A number as a number, shown whole however long; coloured like the text beside it."""
        shown = "0" if cell.isdigit() and len(cell) >= LONG_NUMBER_DIGITS else "General"
        key = f"{shown}/{id(style)}"
        if key not in self.styles:
            fill = {"bg_color": style.bg_color, "border": 1} if style else {}
            self.styles[key] = self.book.add_format({"num_format": shown, **fill})
        return self.styles[key]

    def _drop_down(self, sheet: Worksheet, again: Reopened, row: int, place: int) -> None:
        """A list to choose from, where the column has one that is short enough to stand in the cell's rule."""
        form_column = again.match.columns.get(place) if again.match else None
        column = (
            contract_column(form_column)
            if form_column and form_column.writes and form_column.target[0] != "carer"
            else None
        )
        words = offered(column) if column else []
        if words and len(",".join(words)) <= INLINE_LIST_LENGTH:
            sheet.data_validation(
                row, place, row, place, {"validate": "list", "source": words, "error_type": "warning"}
            )
