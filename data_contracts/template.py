"""Blank ledgers: a workbook in the office's own form, with drop-downs, hints and an instruction sheet.

An example row stands in the form itself, marked in its first cell: the intake leaves it out and says so.  The whole
example stands on the instruction sheet too, top to bottom.
Formulas and links are never live: what a sender types stays text.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from data_contracts.contract import Column
from data_contracts.forms import Form, FormColumn, forms
from data_contracts.headings.headers import EXAMPLE_MARK
from data_contracts.template_words import contract_column, example_cells, example_of, expectation, offered

BLANK_ROWS = 300
INSTRUCTIONS = {"zh": "填表说明", "en": "How to fill in"}
CHOICES_SHEET = "选项"
EARLIEST = date(1920, 1, 1)
HINT_LENGTH, HINT_TITLE_LENGTH = 255, 32
INLINE_LIST_LENGTH = 240
FIXED_TIME = datetime(2026, 1, 1)
WORKBOOK_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}

REMARKS = {
    "zh": (
        "示例中的人不存在，不要抄进表里。",
        "空着表示“没有记录”，不表示“否”或“无”。",
        "最后一行可以写“合计”；日期尽量写到日。",
    ),
    "en": (
        "The person in the example does not exist; do not copy.",
        'An empty cell means "not recorded", not "no".',
        "A last row 合计 (total) is allowed; give full dates.",
    ),
}


def form_for(form_or_table: str) -> Form:
    """The form of that id, or the first form that writes that table; ValueError names what was asked for."""
    if form_or_table in forms():
        return forms()[form_or_table]
    for form in forms().values():
        if any(table.table == form_or_table for table in form.tables):
            return form
    raise ValueError(f"template: expected a form or table of the registry, found {form_or_table!r}")


def write_template(form_id_or_table: str, out: Path, lang: str = "zh") -> Path:
    """Write a blank ledger to `out` and return that path; the headings stay as the offices know them.

    `lang` is the language of hints and instructions.
    """
    form = form_for(form_id_or_table)
    workbook = xlsxwriter.Workbook(str(out), WORKBOOK_OPTIONS)
    workbook.set_properties({"title": form.zh, "created": FIXED_TIME})
    sheet = workbook.add_worksheet(form.titles[0])
    first_row = write_headings(workbook, sheet, form, form.zh, "填报单位：            填报日期：            ")
    notes = workbook.add_worksheet(INSTRUCTIONS[lang])
    for place, column in enumerate(form.columns):
        _prepare_column(workbook, sheet, place, column, first_row, lang)
    shown = workbook.add_format({"italic": True, "font_color": "#5f6b6d", "num_format": "@"})
    for place, cell in enumerate([EXAMPLE_MARK, *example_cells(form)[1:]]):
        sheet.write_string(first_row, place, cell, shown)
    _write_instructions(workbook, notes, form, lang)
    sheet.freeze_panes(first_row, 3)
    workbook.close()
    return out


def write_headings(
    workbook: Workbook,
    sheet: Worksheet,
    form: Form,
    title: str,
    sender: str,
    headings: list[str] | None = None,
) -> int:
    """Title row, sender row and one or two levels of headings; returns the first row for data (0-based)."""
    bold = workbook.add_format({"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True})
    names = headings or [column.heading for column in form.columns]
    last = len(names) - 1
    sheet.merge_range(0, 0, 0, last, title, bold)
    sheet.write_string(1, 0, sender)
    groups = [column.group for column in form.columns]
    if not any(groups):
        for place, name in enumerate(names):
            sheet.write_string(2, place, name, bold)
        return 3
    for place, (name, group) in enumerate(zip(names, groups, strict=True)):
        if not group:
            sheet.merge_range(2, place, 3, place, name, bold)
        else:
            sheet.write_string(3, place, name, bold)
    _merge_groups(sheet, groups, bold)
    return 4


def _merge_groups(sheet: Worksheet, groups: list[str], bold: Any) -> None:
    start = 0
    while start < len(groups):
        end = start
        while end + 1 < len(groups) and groups[end + 1] == groups[start]:
            end += 1
        if groups[start]:
            if end > start:
                sheet.merge_range(2, start, 2, end, groups[start], bold)
            else:
                sheet.write_string(2, start, groups[start], bold)
        start = end + 1


def _prepare_column(
    workbook: Workbook,
    sheet: Worksheet,
    place: int,
    form_column: FormColumn,
    first_row: int,
    lang: str,
) -> None:
    column = contract_column(form_column)
    as_text = workbook.add_format({"num_format": "@"})
    width = 20 if column is not None and column.type == "idno" else max(8, 2 * len(form_column.heading) + 2)
    numeric = column is not None and column.type in ("int", "money")
    sheet.set_column(place, place, width, None if numeric else as_text)
    if column is None:
        return
    rule = _rule(workbook, place, column)
    rule["input_title"] = form_column.heading[:HINT_TITLE_LENGTH]
    rule["input_message"] = expectation(column, lang)[:HINT_LENGTH]
    rule["error_type"] = "warning"
    rule["ignore_blank"] = True
    sheet.data_validation(first_row, place, first_row + BLANK_ROWS - 1, place, rule)


def _rule(workbook: Workbook, place: int, column: Column) -> dict[str, Any]:
    """The validation of a column; dates written as text are usual, so they are hinted at, not refused."""
    words = offered(column)
    if words and len(",".join(words)) <= INLINE_LIST_LENGTH:
        return {"validate": "list", "source": words}
    if words:
        return {"validate": "list", "source": _on_hidden_sheet(workbook, place, words)}
    if column.type in ("int", "money") and column.minimum is not None:
        kind = "integer" if column.type == "int" else "decimal"
        if column.maximum is None:
            return {"validate": kind, "criteria": ">=", "value": column.minimum}
        return {"validate": kind, "criteria": "between", "minimum": column.minimum, "maximum": column.maximum}
    if column.type == "idno":
        return {"validate": "length", "criteria": "==", "value": 18}
    return {"validate": "any"}


def _on_hidden_sheet(workbook: Workbook, place: int, words: list[str]) -> str:
    """The range of a list that is too long for a rule of its own."""
    choices = workbook.get_worksheet_by_name(CHOICES_SHEET)
    if choices is None:
        choices = workbook.add_worksheet(CHOICES_SHEET)
        choices.hide()
    for row, word in enumerate(words):
        choices.write_string(row, place, word)
    letter = xl_col_to_name(place)
    return f"={CHOICES_SHEET}!${letter}$1:${letter}${len(words)}"


def _write_instructions(workbook: Workbook, sheet: Worksheet, form: Form, lang: str) -> None:
    """Heading, what to fill in and an example, one heading per line: no reader takes these lines for rows."""
    bold = workbook.add_format({"bold": True})
    zh = lang == "zh"
    lines = [
        INSTRUCTIONS[lang],
        *REMARKS[lang],
    ]
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, bold if row == 0 else None)
    heads = ["栏目", "怎么填", "示例"] if zh else ["column", "what to fill in", "example"]
    for place, head in enumerate(heads):
        sheet.write_string(len(lines) + 1, place, head, bold)
    for number, form_column in enumerate(form.columns):
        column, row = contract_column(form_column), len(lines) + 2 + number
        must = ("（必填）" if zh else " (required)") if form_column.required else ""
        sheet.write_string(row, 0, form_column.heading + must)
        sheet.write_string(row, 1, expectation(column, lang))
        sheet.write_string(row, 2, example_of(form_column))
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 60)
    sheet.set_column(2, 2, 24)
