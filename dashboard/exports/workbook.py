"""The pack as a workbook: figures as numbers, native charts, definitions, deliveries and checks."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any, NamedTuple

import xlsxwriter

from dashboard.exports.annexes import definition_table
from dashboard.exports.blocks import Document, Heading, Paragraph, Table
from dashboard.exports.content import HIDDEN, NOT_APPLICABLE, UNKNOWN, Content, Figure
from dashboard.exports.doubts import check_table, doubts
from dashboard.exports.judging import is_thin
from dashboard.exports.periods import span_words
from dashboard.exports.wording import Wording, hidden_words
from dashboard.exports.workbook_charts import chart_sheet
from dashboard.texts import text
from dashboard.views.words import either

# Registry text must stay text, whatever it begins with.
DEAD_TEXT = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}
FORMATS = {
    "share": "0.0%",
    "count": "#,##0",
    "money": "#,##0",
    "days": "#,##0",
    "rate": "#,##0.0",
    "growth": "0.0%",
}
DIGITS = {
    "share": 3,
    "count": 0,
    "money": 0,
    "days": 0,
    "rate": 1,
    "growth": 3,
}  # as shown: 86.7 %, 12 days, 3.4 per 1,000
_NUMBER = re.compile(r"([\d,]+(?:\.\d)?)(%?)")
ABOUT_LINE = 100  # half-width characters of the about sheet's wide column in a line
FIGURE_COLUMNS = (
    ("code", 7),
    ("indicator", 30),
    ("series", 16),
    ("area", 18),
    ("period", 20),
    ("yes", 9),
    ("no", 9),
    ("unknown", 9),
    ("value", 11),
    ("unit", 12),
    ("low", 10),
    ("high", 10),
    ("evidence", 10),
    ("before", 11),
    ("change", 14),
    ("partner", 34),
    ("remark", 38),
)


class Styles(NamedTuple):
    """The formats of a workbook; numbers: unit → format."""

    title: Any
    head: Any
    words: Any
    thin: Any
    numbers: dict[str, Any]


def workbook_of(content: Content, document: Document, made_on: datetime) -> bytes:
    """The workbook's bytes; the same for the same content."""
    stored = io.BytesIO()
    book = xlsxwriter.Workbook(stored, DEAD_TEXT)
    book.set_properties(
        {"title": document.title, "subject": document.subtitle, "author": "Shouhu 守护", "created": made_on}
    )
    styles = _styles(book)
    words = Wording(document.lang, content)
    _about_sheet(book, styles, words, document)
    for level in ("district", "township"):
        _figure_sheet(book, styles, words, level)
    chart_sheet(book, words, styles.title, styles.head)
    _doubt_sheet(book, styles, words)
    _table_sheet(book, styles, words.say("sheet.definitions"), [definition_table(words)])
    _delivery_sheet(book, styles, words)
    statuses = ("fail", "not_checked", "not_yet_due", "pass")
    tables = [check_table(words, one, "table.checks", "doubts.checks_missing") for one in statuses]
    named = [
        table._replace(caption=text(words.lang, f"check.{one}"))
        for one, table in zip(statuses, tables, strict=True)
    ]
    _table_sheet(book, styles, words.say("sheet.quality"), [one for one in named if one.rows] or tables[:1])
    book.close()
    return stored.getvalue()


def _styles(book: xlsxwriter.Workbook) -> Styles:
    font = {"font_name": "宋体", "font_size": 10, "valign": "top"}
    edge = {**font, "border": 1, "border_color": "#C9D1DA"}
    numbers = {
        unit: book.add_format({**edge, "num_format": shown, "align": "right"})
        for unit, shown in FORMATS.items()
    }
    return Styles(
        book.add_format({**font, "bold": True, "font_size": 14}),
        book.add_format({**edge, "bold": True, "bg_color": "#E9EEF3", "text_wrap": True}),
        book.add_format({**edge, "text_wrap": True}),
        book.add_format({**edge, "text_wrap": True, "bg_color": "#FFF5D9"}),
        numbers,
    )


def _about_sheet(book: xlsxwriter.Workbook, styles: Styles, words: Wording, document: Document) -> None:
    sheet = book.add_worksheet(words.say("sheet.about"))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 92)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, f"{document.title} {document.subtitle}", styles.title)
    facts = [*document.identity, *([("", document.banner)] if document.banner else [])]
    # The sentences of the first section; its tables stand on sheets of their own.
    second = [at for at, one in enumerate(document.blocks) if isinstance(one, Heading) and one.level == 1][1]
    sentences = [one.words for one in document.blocks[:second] if isinstance(one, Paragraph)]
    facts += [(words.say("chapter.overall") if at == 0 else "", one) for at, one in enumerate(sentences)]
    for at, (name, value) in enumerate(facts, start=2):
        sheet.write_string(at, 0, name, styles.head)
        sheet.write_string(at, 1, value, styles.words)
        sheet.set_row(at, 15 * max(1, -(-len(value.encode("gbk", "replace")) // ABOUT_LINE)))
    _print_setup(sheet)


def _figure_sheet(book: xlsxwriter.Workbook, styles: Styles, words: Wording, level: str) -> None:
    sheet = book.add_worksheet(words.say(f"sheet.{level}"))
    for at, (name, width) in enumerate(FIGURE_COLUMNS):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, words.say(f"column.{name}"), styles.head)
    figures = words.content.at(level)
    for at, figure in enumerate(figures, start=1):
        _figure_row(sheet, styles, words, at, figure)
    sheet.freeze_panes(1, 4)
    sheet.autofilter(0, 0, max(1, len(figures)), len(FIGURE_COLUMNS) - 1)
    _print_setup(sheet)


def _figure_row(sheet: Any, styles: Styles, words: Wording, at: int, figure: Figure) -> None:
    head, unit = words.content.heads[figure.code], words.unit(figure)
    style = styles.thin if is_thin(figure) else styles.words
    number = styles.numbers[unit]
    span = words.content.chosen[head["period_kind"]].now
    unit_words = words.say("remark.hidden") if figure.status == HIDDEN else ""
    strings = {
        0: figure.code,
        1: words.head(figure.code, "title"),
        2: words.series(figure.series, figure.code) if figure.series else "",
        3: words.area(figure.area),
        4: span_words(words.lang, span),
        9: text(words.lang, f"unit.name.{unit}"),
        14: words.change(figure),
        15: words.partners(figure),
        16: unit_words or _remark(words, figure),
    }
    for column, words_of in strings.items():
        sheet.write_string(at, column, words_of, style)
    for column, name in ((5, "yes"), (6, "no"), (7, "unknown")):
        _number(sheet, at, column, getattr(figure, name), styles.numbers["count"], figure, words)
    if figure.value is None:
        sheet.write_string(at, 8, words.value(figure), style)
    for column, value in ((8, figure.value), (10, figure.low), (11, figure.high), (13, figure.before)):
        if value is not None:
            sheet.write_number(at, column, round(value, DIGITS[unit]), number)
        elif column != 8:
            sheet.write_blank(at, column, None, style)
    if figure.evidence is None:
        sheet.write_blank(at, 12, None, style)
    else:
        sheet.write_number(at, 12, int(100 * figure.evidence + 1e-9) / 100, styles.numbers["share"])


def _number(
    sheet: Any, at: int, column: int, value: int | None, style: Any, figure: Figure, words: Wording
) -> None:
    if value is not None:
        sheet.write_number(at, column, value, style)
    else:
        sheet.write_string(at, column, hidden_words() if figure.status == HIDDEN else "", style)


def _remark(words: Wording, figure: Figure) -> str:
    found = []
    if figure.status in (NOT_APPLICABLE, UNKNOWN):
        found.append(words.say(f"remark.{figure.status}"))
    if is_thin(figure):
        found.append(words.say("remark.thin"))
    if figure.direction == "worse" and figure.is_clear:
        found.append(words.say("remark.worse"))
    return text(words.lang, "mark.between_sentences").join(found)


def _doubt_sheet(book: xlsxwriter.Workbook, styles: Styles, words: Wording) -> None:
    tables = [one for one in doubts(words, 8) if isinstance(one, Table)]
    _table_sheet(book, styles, words.say("sheet.doubts"), tables)


def _table_sheet(book: xlsxwriter.Workbook, styles: Styles, name: str, tables: list[Table]) -> None:
    sheet = book.add_worksheet(name)
    at = 0
    for table in tables:
        sheet.write_string(at, 0, table.caption, styles.title)
        at += 1
        if not table.rows:
            sheet.write_string(at, 0, table.empty_words, styles.words)
        else:
            for column, one in enumerate(table.columns):
                sheet.write_string(at, column, one.title, styles.head)
        for row in table.rows:
            at += 1
            for column, (cell, one) in enumerate(zip(row.cells, table.columns, strict=True)):
                _cell(sheet, styles, at, column, cell, one.align == "right")
        at += 2
    for column in range(max(len(table.columns) for table in tables)):
        widths = [table.columns[column].width for table in tables if column < len(table.columns)]
        sheet.set_column(column, column, max(12, max(widths) * 6))
    _print_setup(sheet)


def _cell(sheet: Any, styles: Styles, at: int, column: int, words: str, is_number: bool) -> None:
    """A cell of a table; whole numbers and per cents as numbers, so that people can reckon with them."""
    if is_number and (found := _NUMBER.fullmatch(words)):
        number = float(found[1].replace(",", ""))
        is_share = bool(found[2])
        sheet.write_number(
            at,
            column,
            round(number / 100, 3) if is_share else number,
            styles.numbers["share" if is_share else "count"],
        )
    else:
        sheet.write_string(at, column, words, styles.words)


def _delivery_sheet(book: xlsxwriter.Workbook, styles: Styles, words: Wording) -> None:
    names = (
        "sender",
        "forms",
        "reported_on",
        "received_on",
        "status",
        "rows_read",
        "rows_accepted",
        "rows_quarantined",
        "rows_ignored",
    )
    sheet = book.add_worksheet(words.say("sheet.deliveries"))
    for at, name in enumerate(names):
        sheet.set_column(at, at, (28, 34, 13, 13, 14, 10, 10, 10, 10)[at])
        sheet.write_string(0, at, words.say(f"column.{name}"), styles.head)
    for at, row in enumerate(words.content.deliveries, start=1):
        status = either(words.lang, f"delivery.{row['status']}", "")
        days = ("" if row[name] is None else str(row[name]) for name in ("reported_on", "received_on"))
        for column, value in enumerate((words.sender(row.get("sender")), words.forms(row), *days, status)):
            sheet.write_string(at, column, value, styles.words)
        for column, name in enumerate(names[5:], start=5):
            sheet.write_number(at, column, row[name] or 0, styles.numbers["count"])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(words.content.deliveries)), len(names) - 1)
    _print_setup(sheet)


def _print_setup(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&C&P / &N")
