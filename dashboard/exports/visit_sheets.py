"""Visit sheets to print, and the list whose outcome columns the intake reads back (form `visits`).

Both hold names: they are written for the local operator alone, who asked for them with every look logged.  No
points, no tier, and nothing that tells a drawn visit from a due one.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

import xlsxwriter

from dashboard.texts import text
from data_contracts.forms import forms
from data_contracts.template import FIXED_TIME, WORKBOOK_OPTIONS, write_headings
from data_contracts.template_words import contract_column, offered

FORM = "visits"
STYLE = (
    "body{font-family:'Noto Sans CJK SC',sans-serif;margin:1.2cm;color:#14262b}section{page-break-after:always}"
    "table{border-collapse:collapse;width:100%}td,th{border:1px solid #888;padding:.25em .5em;text-align:left;"
    "vertical-align:top}td.outcome{width:38%;height:4.2em}p.note{color:#555}"
)


class SheetRow(NamedTuple):
    """One child to be seen: cells by the form's target (`person.name`, `visit.due_on` …), visitor, week, reason."""

    values: dict[str, str]
    worker: str
    week: str
    why: str


def write_list(rows: Sequence[SheetRow], out: Path) -> Path:
    """The workbook in the form `visits`: who and by when filled in, the outcome left empty with its drop-downs."""
    form = forms()[FORM]
    workbook = xlsxwriter.Workbook(str(out), WORKBOOK_OPTIONS)
    workbook.set_properties({"title": form.zh, "created": FIXED_TIME})
    sheet = workbook.add_worksheet(form.titles[0])
    first = write_headings(workbook, sheet, form, form.zh, "填报单位：            填报日期：            ")
    as_text = workbook.add_format({"num_format": "@"})
    for place, column in enumerate(form.columns):
        sheet.set_column(place, place, max(10, 2 * len(column.heading) + 2), as_text)
        held = contract_column(column) if column.writes else None
        words = offered(held) if held is not None else []
        if words and rows:
            rule = {"validate": "list", "source": words, "error_type": "warning", "ignore_blank": True}
            sheet.data_validation(first, place, first + len(rows) - 1, place, rule)
        for number, row in enumerate(rows):
            value = row.values.get(column.writes, "") if column.writes else str(number + 1)
            if value:
                sheet.write_string(first + number, place, value)
    sheet.freeze_panes(first, 3)
    workbook.close()
    return out


def write_sheets(rows: Sequence[SheetRow], out: Path, lang: str) -> Path:
    """One page a worker and week, to print; the outcome is written by hand."""
    pages: dict[tuple[str, str], list[SheetRow]] = {}
    for row in rows:
        pages.setdefault((row.week, row.worker), []).append(row)
    title = text(lang, "plan.sheet_title")
    parts = [_page(lang, week, worker, own) for (week, worker), own in sorted(pages.items())]
    body = f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>{escape(title)}</title>'
    out.write_text(f"{body}<style>{STYLE}</style>{''.join(parts)}</html>", "utf-8")
    return out


def _page(lang: str, week: str, worker: str, rows: Sequence[SheetRow]) -> str:
    names = ("plan.order", "plan.name", "column.unit", "column.due_on", "plan.why", "plan.outcome")
    head = "".join(f"<th>{escape(text(lang, name))}</th>" for name in names)
    lines = []
    for number, row in enumerate(rows, 1):
        cells = (str(number), row.values["person.name"], row.values["person.village_code"],
                 row.values["visit.due_on"], row.why)  # fmt: skip
        told = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        lines.append(f'<tr>{told}<td class="outcome"></td></tr>')
    title = f"{text(lang, 'plan.sheet_title')} · {worker} · {week}"
    note = escape(text(lang, "plan.sheet_note"))
    return (
        f'<section><h2>{escape(title)}</h2><p class="note">{note}</p>'
        f"<table><tr>{head}</tr>{''.join(lines)}</table></section>"
    )
