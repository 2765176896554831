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

from data_contracts.contract import Column, contracts
from data_contracts.forms import Form, FormColumn, forms
from data_contracts.headings.headers import EXAMPLE_MARK
from data_contracts.vocabularies import vocabularies

BLANK_ROWS = 300
INSTRUCTIONS = {"zh": "填表说明", "en": "How to fill in"}
CHOICES_SHEET = "选项"
EARLIEST = date(1920, 1, 1)
HINT_LENGTH, HINT_TITLE_LENGTH = 255, 32
INLINE_LIST_LENGTH = 240
FIXED_TIME = datetime(2026, 1, 1)
WORKBOOK_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}

# Where a form writes to something that is no column of a contract: the adult behind a reference.
STANDS_FOR = {("carer", "id_no"): ("person", "id_no"), ("worker", "name"): ("worker", "worker_name")}

EXPECTED = {
    "zh": {
        "date": "日期，写到日，如 2026-09-30；不清楚就空着",
        "month_or_date": "日期，如 2026-09-30；只知道月份写 2026-09",
        "bool": "是 或 否；没有核实过就空着",
        "code": "从下拉清单中选：{choices}",
        "int": "整数{limits}",
        "money": "金额（元）{limits}",
        "idno": "18 位，按文本填写，最后一位可以是 X",
        "month": "月份，如 2026-09",
        "term": "学期，如 2026秋",
        "quarter": "季度，如 2026年3季度",
        "half_year": "半年，如 2026年下半年",
        "year": "年份，如 2026",
        "time": "日期和时间，如 2026-09-30 14:20",
        "area": "村（社区）名称，或行政区划代码",
        "phone": "电话号码，按文本填写",
        "text": "文字",
    },
    "en": {
        "date": "a day, such as 2026-09-30; leave empty if not known",
        "month_or_date": "a day, such as 2026-09-30, or a month, 2026-09",
        "bool": "是 (yes) or 否 (no); leave empty if nobody checked",
        "code": "choose from the list: {choices}",
        "int": "a whole number{limits}",
        "money": "an amount in yuan{limits}",
        "idno": "18 characters, as text; the last may be X",
        "month": "a month, such as 2026-09",
        "term": "a term, such as 2026秋 (autumn) or 2026春 (spring)",
        "quarter": "a quarter, such as 2026年3季度",
        "half_year": "a half-year, such as 2026年下半年",
        "year": "a year, such as 2026",
        "time": "day and time, such as 2026-09-30 14:20",
        "area": "name of the village, or its area code",
        "phone": "telephone number, as text",
        "text": "text",
    },
}
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
EXAMPLES = {
    "date": "2026-09-30",
    "month_or_date": "2026-09",
    "bool": "是",
    "int": "2",
    "money": "500",
    "idno": "539902201803150016",
    "month": "2026-09",
    "term": "2026秋",
    "quarter": "2026年3季度",
    "half_year": "2026年下半年",
    "year": "2026",
    "time": "2026-09-30 14:20",
    "area": "示例村",
    "phone": "14000000000",
    "name": "示例姓名",
    "text": "示例",
}
# Where a column's kind says too little: one child and one carer who could be, and days in their order.
OWN_EXAMPLES = {
    "carer.id_no": "539902195506010027",
    "area.area_code": "530902001903",
    "area.name": "示例村",
    "area.level": "村级",
    "area.parent_code": "530902001",
    "area.legacy_code": "",
    "birth_date": "2018-03-15",
    "sex": "男",
}


def contract_column(column: FormColumn) -> Column | None:
    """The contract's column behind a heading; None for a decorative one."""
    table, _, name = column.target
    table, name = STANDS_FOR.get((table, name), (table, name))
    return contracts()[table].column(name) if table else None


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


def _kind(column: Column | None) -> str:
    if column is None:
        return "text"
    if column.type == "date" and column.month_allowed:
        return "month_or_date"
    return column.type


def _choices(column: Column) -> list[str]:
    if column.vocabulary is None:
        return []
    return [value.zh for value in vocabularies()[column.vocabulary].values]


def offered(column: Column) -> list[str]:
    """The words that a drop-down under that column offers; none where the answer is free."""
    return ["是", "否"] if column.type == "bool" else _choices(column)


def expectation(column: Column | None, lang: str) -> str:
    """What a cell under that column should hold, in words."""
    words, kind = EXPECTED[lang], _kind(column)
    if column is None:
        return words["text"]
    limits = ""
    if column.minimum is not None and column.maximum is not None:
        limits = f" {column.minimum:g}–{column.maximum:g}"
    elif column.minimum is not None:
        limits = f" ≥ {column.minimum:g}"
    template = words.get(kind, words["text"])
    return template.format(choices="、".join(_choices(column)), limits=limits)


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


def example_cells(form: Form) -> list[str]:
    """One made-up row that the intake would take in as it is, in the order of the form's columns."""
    return [_example(column) for column in form.columns]


def _example(form_column: FormColumn) -> str:
    column = contract_column(form_column)
    if column is None:
        return ""
    if form_column.writes in OWN_EXAMPLES or column.name in OWN_EXAMPLES:
        return OWN_EXAMPLES.get(form_column.writes, OWN_EXAMPLES.get(column.name, ""))
    if column.vocabulary:
        return _choices(column)[0]
    if column.type in ("int", "money"):
        return f"{column.minimum or 0:g}"
    return EXAMPLES.get(_kind(column), EXAMPLES["text"])


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
        sheet.write_string(row, 2, _example(form_column))
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 60)
    sheet.set_column(2, 2, 24)
