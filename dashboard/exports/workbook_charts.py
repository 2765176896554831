"""Native charts of the workbook, each beside the cells that it is drawn from."""

from __future__ import annotations

from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range_abs

from dashboard.exports.content import Figure
from dashboard.exports.wording import Wording
from dashboard.texts import text

YES, NO, UNKNOWN = "#2B6C8F", "#C65D21", "#B9C0C8"
TOWNSHIP_CHARTS = 8
FIRST = ("C12", "C2", "C14", "R4", "E1", "P4", "S3", "C5", "R3", "I9", "P9", "S10")
CHART_ROWS = 15
ROW_POINTS, ROW_PIXELS = 15, 20
CHART_WIDTH, CHART_HEIGHT = 590, 285
COLUMN_WIDTH, MARGIN_INCHES = 8.43, 0.4  # ten columns are as wide as a standing A4 page within these margins
DATA_COLUMN = 11
CHARTS_ON_PAGE = 3  # standing A4
BAR_PIXELS, AROUND_PIXELS = 16, 140


def chart_sheet(book: xlsxwriter.Workbook, words: Wording, title: Any, head: Any) -> None:
    """District rates by outcome, then townships side by side for the first indicators, with intervals."""
    sheet = book.add_worksheet(words.say("sheet.charts"))
    sheet.hide_gridlines(2)
    sheet.set_default_row(ROW_POINTS)
    sheet.set_column(0, DATA_COLUMN - 2, COLUMN_WIDTH)
    sheet.set_margins(MARGIN_INCHES, MARGIN_INCHES)
    sheet.write_string(0, DATA_COLUMN, words.say("chart.data"), title)
    number = book.add_format({"num_format": "0.0", "font_name": "宋体", "font_size": 9})
    plain = book.add_format({"font_name": "宋体", "font_size": 9})
    shares = [
        one
        for one in words.content.at("district")
        if words.unit(one) == "share" and not one.series and _known(one)
    ]
    row = _outcomes(book, sheet, words, shares, (head, plain, number))
    data_row = len(shares) + 5
    chosen = _chosen(words, shares)
    for place, figure in enumerate(chosen):
        anchor = row + place * CHART_ROWS
        data_row = _townships(book, sheet, words, figure.code, anchor, data_row, (head, plain, number))
    sheet.set_column(DATA_COLUMN, DATA_COLUMN, 34)
    end = row + len(chosen) * CHART_ROWS
    sheet.set_paper(9)
    sheet.set_h_pagebreaks(list(range(row, end, CHARTS_ON_PAGE * CHART_ROWS)))
    sheet.print_area(0, 0, end, DATA_COLUMN - 2)


def _known(figure: Figure) -> int:
    return (figure.yes or 0) + (figure.no or 0) + (figure.unknown or 0)


def _chosen(words: Wording, shares: list[Figure]) -> list[Figure]:
    """The first rates that have at least two townships to stand side by side."""
    order = {code: at for at, code in enumerate(FIRST)}
    shown = [
        one
        for one in shares
        if sum(
            other.value is not None and not other.series for other in words.content.at("township", [one.code])
        )
        > 1
    ]
    return sorted(shown, key=lambda one: order.get(one.code, len(order)))[:TOWNSHIP_CHARTS]


def _outcomes(
    book: xlsxwriter.Workbook, sheet: Any, words: Wording, shares: list[Figure], styles: tuple[Any, ...]
) -> int:
    """The stacked bars of all rates; returns the row below them."""
    head, plain, number = styles
    names = ("yes", "no", "unknown")
    for at, name in enumerate(names, start=1):
        sheet.write_string(1, DATA_COLUMN + at, words.say(f"column.{name}"), head)
    for at, figure in enumerate(shares, start=2):
        sheet.write_string(at, DATA_COLUMN, words.title(figure.code), plain)
        for column, name in enumerate(names, start=1):
            sheet.write_number(
                at,
                DATA_COLUMN + column,
                round(100 * (getattr(figure, name) or 0) / _known(figure), 1),
                number,
            )
    if not shares:
        sheet.write_string(0, 0, words.say("chapter_none"), plain)
        return 2
    chart = book.add_chart({"type": "bar", "subtype": "percent_stacked"})
    for at, (name, colour) in enumerate(zip(names, (YES, NO, UNKNOWN), strict=True), start=1):
        chart.add_series(
            {
                "name": words.say(f"column.{name}"),
                "fill": {"color": colour},
                "gap": 40,
                "categories": [sheet.name, 2, DATA_COLUMN, len(shares) + 1, DATA_COLUMN],
                "values": [sheet.name, 2, DATA_COLUMN + at, len(shares) + 1, DATA_COLUMN + at],
            }
        )
    chart.set_title({"name": words.say("chart.outcomes"), "name_font": {"size": 11}, "overlay": False})
    chart.set_y_axis({"reverse": True, "interval_unit": 1, "num_font": {"size": 8}})
    chart.set_x_axis(
        {"name": words.say("chart.outcomes_axis"), "num_font": {"size": 9}, "label_position": "high"}
    )
    chart.set_legend({"position": "bottom"})
    height = AROUND_PIXELS + BAR_PIXELS * len(shares)
    chart.set_size({"width": CHART_WIDTH, "height": height})
    sheet.insert_chart(0, 0, chart, {"object_position": 3})
    return height // ROW_PIXELS + 2


def _townships(
    book: xlsxwriter.Workbook,
    sheet: Any,
    words: Wording,
    code: str,
    anchor: int,
    at: int,
    styles: tuple[Any, ...],
) -> int:
    """One chart of townships with the interval as a whisker; returns the next free row of its data."""
    head, plain, number = styles
    every = [one for one in words.content.at("township", [code]) if not one.series]
    figures = [one for one in every if one.value is not None]
    title = words.say("chart.townships", title=words.title(code))
    if len(figures) < len(every):
        title += words.say("chart.hidden", n=len(every) - len(figures))
    names = ("column.value", "column.low", "column.high", "chart.upwards", "chart.downwards")
    for column, words_of in enumerate((title, *(words.say(name) for name in names))):
        sheet.write_string(at, DATA_COLUMN + column, words_of, head)
    for row, one in enumerate(figures, start=at + 1):
        value = round(100 * (one.value or 0), 1)
        low, high = (value if end is None else round(100 * end, 1) for end in (one.low, one.high))
        sheet.write_string(row, DATA_COLUMN, words.area(one.area), plain)
        for column, cell in enumerate((value, low, high, high - value, value - low), start=1):
            sheet.write_number(row, DATA_COLUMN + column, round(cell, 1), number)
    chart = _township_chart(book, sheet.name, words, at + 1, at + len(figures))
    chart.set_title({"name": title, "name_font": {"size": 11}, "overlay": False})
    sheet.insert_chart(anchor, 0, chart, {"object_position": 3})
    return at + len(figures) + 2


def _township_chart(book: xlsxwriter.Workbook, sheet: str, words: Wording, first: int, last: int) -> Any:
    chart = book.add_chart({"type": "column"})

    def cells(column: int) -> list[str | int]:
        return [sheet, first, DATA_COLUMN + column, last, DATA_COLUMN + column]

    ends = {
        name: f"='{sheet}'!{xl_range_abs(first, at, last, at)}"
        for name, at in (("plus", DATA_COLUMN + 4), ("minus", DATA_COLUMN + 5))
    }
    chart.add_series(
        {
            "name": words.say("column.value"),
            "fill": {"color": YES},
            "gap": 60,
            "categories": cells(0),
            "values": cells(1),
            "y_error_bars": {"type": "custom", "plus_values": ends["plus"], "minus_values": ends["minus"]},
        }
    )
    grid = {"visible": True, "line": {"color": "#DDE3E8"}}
    chart.set_y_axis(
        {"name": text(words.lang, "unit.name.share"), "min": 0, "max": 100, "major_gridlines": grid}
    )
    chart.set_x_axis({"num_font": {"size": 9}})
    chart.set_legend({"none": True})
    chart.set_size({"width": CHART_WIDTH, "height": CHART_HEIGHT})
    return chart
