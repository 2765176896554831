"""Native charts of the workbook, each beside the cells that it is drawn from."""

from __future__ import annotations

from typing import Any

import xlsxwriter

from dashboard.exports.content import Figure
from dashboard.exports.wording import Wording
from dashboard.texts import text

YES, NO, UNKNOWN = "#2B6C8F", "#C65D21", "#B9C0C8"
TOWNSHIP_CHARTS = 8
FIRST = ("C12", "C2", "C14", "R4", "E1", "P4", "S3", "C5", "R3", "I9", "P9", "S10")
CHART_ROWS = 20
DATA_COLUMN = 14


def chart_sheet(book: xlsxwriter.Workbook, words: Wording, title: Any, head: Any) -> None:
    """District rates by outcome, then townships side by side for the first indicators, with their intervals."""
    sheet = book.add_worksheet(words.say("sheet.charts"))
    sheet.hide_gridlines(2)
    sheet.write_string(0, DATA_COLUMN, words.say("chart.data"), title)
    number = book.add_format({"num_format": "0.0", "font_name": "宋体", "font_size": 9})
    plain = book.add_format({"font_name": "宋体", "font_size": 9})
    shares = [one for one in words.content.at("district") if words.unit(one) == "share" and not one.series and _known(one)]
    row = _outcomes(book, sheet, words, shares, (head, plain, number))
    data_row = len(shares) + 5
    for place, figure in enumerate(_chosen(shares)):
        anchor = row + place * CHART_ROWS
        data_row = _townships(book, sheet, words, figure.code, anchor, data_row, (head, plain, number))
    sheet.set_column(DATA_COLUMN, DATA_COLUMN, 34)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, max(40, row + TOWNSHIP_CHARTS * CHART_ROWS), DATA_COLUMN - 1)


def _known(figure: Figure) -> int:
    return (figure.yes or 0) + (figure.no or 0) + (figure.unknown or 0)


def _chosen(shares: list[Figure]) -> list[Figure]:
    order = {code: at for at, code in enumerate(FIRST)}
    return sorted(shares, key=lambda one: order.get(one.code, len(order)))[:TOWNSHIP_CHARTS]


def _outcomes(book: xlsxwriter.Workbook, sheet: Any, words: Wording, shares: list[Figure], styles: tuple[Any, ...]) -> int:
    """The stacked bars of all rates; returns the row below them."""
    head, plain, number = styles
    names = ("yes", "no", "unknown")
    for at, name in enumerate(names, start=1):
        sheet.write_string(1, DATA_COLUMN + at, words.say(f"column.{name}"), head)
    for at, figure in enumerate(shares, start=2):
        sheet.write_string(at, DATA_COLUMN, words.title(figure.code), plain)
        for column, name in enumerate(names, start=1):
            sheet.write_number(at, DATA_COLUMN + column, round(100 * (getattr(figure, name) or 0) / _known(figure), 1), number)
    if not shares:
        sheet.write_string(0, 0, words.say("chapter_none"), plain)
        return 2
    chart = book.add_chart({"type": "bar", "subtype": "percent_stacked"})
    for at, (name, colour) in enumerate(zip(names, (YES, NO, UNKNOWN), strict=True), start=1):
        chart.add_series({
            "name": words.say(f"column.{name}"), "fill": {"color": colour}, "gap": 40,
            "categories": [sheet.name, 2, DATA_COLUMN, len(shares) + 1, DATA_COLUMN],
            "values": [sheet.name, 2, DATA_COLUMN + at, len(shares) + 1, DATA_COLUMN + at],
        })  # fmt: skip
    chart.set_title({"name": words.say("chart.outcomes"), "name_font": {"size": 12}, "overlay": False})
    chart.set_y_axis({"reverse": True, "num_font": {"size": 9}})
    chart.set_x_axis({"name": words.say("chart.outcomes_axis"), "num_font": {"size": 9}, "label_position": "high"})
    chart.set_legend({"position": "bottom"})
    height = 140 + 22 * len(shares)
    chart.set_size({"width": 860, "height": height})
    sheet.insert_chart(0, 0, chart)
    return height // 20 + 2


def _townships(
    book: xlsxwriter.Workbook, sheet: Any, words: Wording, code: str, anchor: int, at: int, styles: tuple[Any, ...]
) -> int:
    """One chart of townships with the interval as a whisker; returns the next free row of its data."""
    head, plain, number = styles
    figures = [one for one in words.content.at("township", [code]) if not one.series and one.value is not None]
    if not figures:
        return at
    title = words.say("chart.townships", title=words.title(code))
    for column, name in enumerate(("area", "value", "low", "high")):
        sheet.write_string(at, DATA_COLUMN + column, title if column == 0 else words.say(f"column.{name}"), head)
    ups, downs = [], []
    for row, one in enumerate(figures, start=at + 1):
        value = round(100 * (one.value or 0), 1)
        low, high = (value if end is None else round(100 * end, 1) for end in (one.low, one.high))
        sheet.write_string(row, DATA_COLUMN, words.area(one.area), plain)
        for column, cell in enumerate((value, low, high), start=1):
            sheet.write_number(row, DATA_COLUMN + column, cell, number)
        ups.append(round(high - value, 1))
        downs.append(round(value - low, 1))
    last = at + len(figures)
    chart = book.add_chart({"type": "column"})
    chart.add_series({
        "name": words.title(code), "fill": {"color": YES}, "gap": 60,
        "categories": [sheet.name, at + 1, DATA_COLUMN, last, DATA_COLUMN],
        "values": [sheet.name, at + 1, DATA_COLUMN + 1, last, DATA_COLUMN + 1],
        "y_error_bars": {"type": "custom", "plus_values": ups, "minus_values": downs},
    })  # fmt: skip
    chart.set_title({"name": title, "name_font": {"size": 12}, "overlay": False})
    chart.set_y_axis({"name": text(words.lang, "unit.name.share"), "min": 0, "max": 100, "major_gridlines": {"visible": True, "line": {"color": "#DDE3E8"}}})
    chart.set_x_axis({"num_font": {"size": 9}})
    chart.set_legend({"none": True})
    chart.set_size({"width": 860, "height": 380})
    sheet.insert_chart(anchor, 0, chart)
    return last + 2
