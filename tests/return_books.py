"""Deliveries with faults, the returns made of them, and a sender who mends them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl

from data_contracts.intake import FileOutcome
from data_contracts.mending.answers import MARKER_SHEET, ROW_HEADINGS, SUMMARY_SHEETS
from data_contracts.mending.open_items import open_items
from data_contracts.mending.returns import Returned, write_returns
from tests.sheets import KEY, Registry, write_book

NOW = dt.datetime(2026, 11, 5, 9, 0)
VISIT = {
    "村（社区）": "橄榄村", "姓名": "罗梓萱", "身份证号": "539902202103054722", "出生日期": "2021-03-05",
    "应访截止日期": "2026-09-01", "走访日期": "2026-09-02", "走访方式": "入户", "是否见到儿童本人": "是",
}  # fmt: skip
TYPO = {**VISIT, "应访截止日期": "2026-09-31"}  # no such day in a required cell: the row is rejected
DOUBTFUL = {**VISIT, "应访截止日期": "2026-08-01", "走访日期": "2026-08-03", "走访方式": "飞鸽传书"}
SAID = {"sender": "橄榄村", "reported": "2026年9月30日"}


def taken(registry: Registry, tmp_path: Path, *rows: dict, name: str = "走访.xlsx") -> FileOutcome:
    return registry.take_in(write_book(tmp_path / name, ("visits", list(rows)), **SAID))[0]


def items(registry: Registry) -> list[tuple[str, int | None]]:
    return [(item.severity, item.row) for item in open_items(registry.connection)]


def sent_back(registry: Registry, folder: Path) -> Returned:
    written = write_returns(
        folder,
        open_items(registry.connection),
        registry.settings,
        KEY,
        dt.date(2026, 11, 1),
        lambda item, message: "C12",
    )
    assert len(written) == 1
    return written[0]


def mend(path: Path, **cells: str) -> Path:
    """Write into the rows of a return by heading, as «heading__row of the file»."""
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        if sheet.title in (MARKER_SHEET, *SUMMARY_SHEETS.values()):
            continue
        grid = {cell.value: cell for row in sheet.iter_rows(max_row=5) for cell in row if cell.value}
        numbers = grid[ROW_HEADINGS["zh"]].column
        for place, value in cells.items():
            heading, _, wanted = place.partition("__")
            for row in sheet.iter_rows(min_row=4):
                if str(row[numbers - 1].value) == wanted:
                    row[grid[heading].column - 1].value = value
    mended = path.with_name("改好.xlsx")
    book.save(mended)
    return mended


def adds_up(outcome: FileOutcome) -> bool:
    d = outcome.delivery
    return d.rows_read == d.rows_accepted + d.rows_quarantined + d.rows_ignored
