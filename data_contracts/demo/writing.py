"""Writes delivery files the way offices do: dates in several styles, words for codes, blanks for unknown.

The same district gives the same bytes: every choice hangs on the seed and the file's path, the workbook's
creation time is that of the report, and the archive's own times are fixed by the writer.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import xlsxwriter
from opencc import OpenCC
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from data_contracts.contract import Column
from data_contracts.demo.ledgers import DeliveryFile, Sheet, reported_line
from data_contracts.demo.rows import Row
from data_contracts.demo.world import MonthOf
from data_contracts.forms import Form, forms
from data_contracts.template import WORKBOOK_OPTIONS, write_headings
from data_contracts.template_words import contract_column
from data_contracts.vocabularies import vocabularies

# Ways of writing a day, the second element is its weight; None is a real date cell.
DATE_STYLES: tuple[Callable[[date], str] | None, ...] = (
    lambda day: f"{day:%Y-%m-%d}",
    None,
    lambda day: f"{day:%Y/%m/%d}",
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f"{day.year}.{day.month}.{day.day}",
)
SELDOM_STYLES = (0, 0, 1, 2, 2, 3, 4)
SELDOM = 0.06
HAS = {"有无预案", "心理咨询室", "有无志愿者参加", "有无结对同学", "有无领导小组", "有无工作方案"}
SUMMED = ("int", "money")
NUMBERED = "序号"
PINYIN = {
    "姓名": "xìng míng",
    "性别": "xìng bié",
    "出生日期": "chū shēng rì qī",
    "民族": "mín zú",
    "年级": "nián jí",
    "居住方式": "jū zhù fāng shì",
    "备注": "bèi zhù",
}


class Typed(str):
    """A cell's text exactly as somebody typed it: no code, date or flag is read into it."""


class Style:
    """How one file writes its cells."""

    def __init__(self, seed: int, file: DeliveryFile) -> None:
        self.rng = random.Random(f"{seed}/{file.path}")
        self.main = self.rng.choice((0, 0, 0, 1)) if file.kind == "xlsx" else 2
        self.plain = file.kind == "csv"

    def day(self, day: date) -> date | str:
        """A day, mostly in the file's own style."""
        if self.plain:
            return f"{day.year}/{day.month}/{day.day}"
        style = self.rng.choice(SELDOM_STYLES) if self.rng.random() < SELDOM else self.main
        write = DATE_STYLES[style]
        return write(day) if write else day


def cell(value: Any, column: Column | None, heading: str, style: Style) -> Any:
    """What stands in the cell: text, number or a real date; None for a blank."""
    if value is None or isinstance(value, Typed):
        return value
    if isinstance(value, bool):
        return ("有" if value else "无") if heading in HAS else ("是" if value else "否")
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return style.day(value)
    if isinstance(value, MonthOf):
        in_words = style.rng.random() < 0.5
        return f"{value.year}年{value.month}月" if in_words else f"{value.year}-{value.month:02d}"
    if column is not None and column.vocabulary and isinstance(value, str):
        return _words(column.vocabulary)[value]
    return value


@cache
def _words(vocabulary: str) -> dict[str, str]:
    return {value.code: value.zh for value in vocabularies()[vocabulary].values}


@cache
def _columns(form_id: str) -> tuple[tuple[str, Column | None], ...]:
    return tuple((column.heading, contract_column(column)) for column in forms()[form_id].columns)


def rendered(sheet: Sheet, style: Style) -> Iterator[list[Any]]:
    """The sheet's rows as cells, in the order of the form's headings."""
    columns = _columns(sheet.form_id)
    for number, row in enumerate(sheet.rows, 1):
        yield [_numbered(row, number, heading, column, style) for heading, column in columns]


def _numbered(row: Row, number: int, heading: str, column: Column | None, style: Style) -> Any:
    if heading == NUMBERED and column is None:
        return number
    return cell(row[heading], column, heading, style)


def first_data_row(form: Form, kind: str) -> int:
    """0-based row of the first data row in a file of that kind."""
    if kind == "csv":
        return 1
    return 4 if any(column.group for column in form.columns) else 3


def write_file(file: DeliveryFile, out: Path, seed: int, as_of: date) -> None:
    """Write one delivery file under `out`."""
    path = out / file.path
    path.parent.mkdir(parents=True, exist_ok=True)
    style = Style(seed, file)
    if file.kind == "csv":
        _write_csv(path, file, style)
    else:
        _write_workbook(path, file, style, as_of)


def _write_csv(path: Path, file: DeliveryFile, style: Style) -> None:
    sheet = file.sheets[0]
    with path.open("w", encoding=file.encoding, newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(heading for heading, _ in _columns(sheet.form_id))
        writer.writerows(rendered(sheet, style))


def _write_workbook(path: Path, file: DeliveryFile, style: Style, as_of: date) -> None:
    workbook = xlsxwriter.Workbook(str(path), {**WORKBOOK_OPTIONS, "default_date_format": "yyyy-mm-dd"})
    created = datetime.combine(as_of, time())
    workbook.set_properties({"comments": "样例，人物均为虚构", "created": created})
    for sheet in file.sheets:
        _write_sheet(workbook, sheet, file, style, as_of)
    if file.notes:
        notes = workbook.add_worksheet("填表说明")
        for row, line in enumerate(("填表说明", *file.notes)):
            notes.write_string(row, 0, line)
    workbook.close()


def _write_sheet(workbook: Workbook, sheet: Sheet, file: DeliveryFile, style: Style, as_of: date) -> None:
    page = workbook.add_worksheet(sheet.name)
    form = forms()[sheet.form_id]
    names = [column.heading for column in form.columns]
    if file.traditional and sheet.form_id == "village_ledger":
        names = [traditional(name) for name in names]
    row = write_headings(workbook, page, form, sheet.title, reported_line(sheet, as_of), names)
    for cells in rendered(sheet, style):
        for place, value in enumerate(cells):
            _write_cell(page, row, place, value)
        row += 1
    _write_foot(page, sheet, row)


def _write_cell(page: Worksheet, row: int, place: int, value: Any) -> None:
    if value is None:
        return
    if isinstance(value, str):
        page.write_string(row, place, value)
    elif isinstance(value, date):
        page.write_datetime(row, place, value)
    else:
        page.write_number(row, place, value)


def _write_foot(page: Worksheet, sheet: Sheet, row: int) -> None:
    """The total and the line for the names of those who filled in the form."""
    page.write_string(row, 0, "合计")
    for place, (heading, column) in enumerate(_columns(sheet.form_id)):
        if place == 1:
            page.write_string(row, 1, f"共{len(sheet.rows)}条")
        elif place > 1 and column is not None and column.type in SUMMED and "分" not in heading:
            values = [line[heading] for line in sheet.rows]
            page.write_number(row, place, sum(value for value in values if isinstance(value, int)))
    page.write_string(row + 1, 0, "填表人：          审核人：          联系电话：")


@cache
def traditional(heading: str) -> str:
    """A heading in traditional characters, some with pinyin behind."""
    converted = _converter().convert(heading)
    return f"{converted}({PINYIN[heading]})" if heading in PINYIN else converted


@cache
def _converter() -> OpenCC:
    return OpenCC("s2t")
