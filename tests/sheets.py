"""Small workbooks for tests, written in the ledgers' own forms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from data_contracts.forms import forms
from data_contracts.intake import FileOutcome, Intake
from registry import store
from registry.settings import Settings
from registry.vault import Vault

KEY_BYTES = b"k" * 32
KEY = Vault(KEY_BYTES)
AREAS = [
    ["530902", "临翔区", "县级", "5309", "", ""],
    ["530902001", "凤翔街道", "乡级", "530902", "", ""],
    ["530902102", "博尚镇", "乡级", "530902", "", ""],
    ["530902001901", "响泉村", "村级", "530902001", "", "响泉村委会"],
    ["530902001902", "橄榄村", "村级", "530902001", "", ""],
    ["530902102901", "响泉村", "村级", "530902102", "", ""],
]


def write_sheet(
    book: xlsxwriter.Workbook,
    form_id: str,
    rows: Sequence[dict[str, Any]],
    sender: str = "凤翔街道响泉村",
    reported: str = "2026年9月30日",
    title: str | None = None,
    sheet: str | None = None,
) -> None:
    """One sheet as an office sends it: title, sender, headings (two levels where the form has groups), rows, total."""
    form = forms()[form_id]
    page = book.add_worksheet(sheet or form.titles[0])
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    page.write_string(0, 0, title or form.zh)
    page.write_string(1, 0, f"填报单位：{sender}    填报日期：{reported}    单位：人")
    grouped = any(column.group for column in form.columns)
    for index, column in enumerate(form.columns):
        page.write_string(2, index, column.group or column.heading)
        if grouped:
            page.write_string(3, index, column.heading if column.group else "")
    first = 4 if grouped else 3
    for offset, row in enumerate(rows):
        for index, column in enumerate(form.columns):
            value = row.get(column.heading)
            if isinstance(value, dt.date):
                page.write_datetime(first + offset, index, dt.datetime.combine(value, dt.time()), day)
            elif value is not None:
                page.write(first + offset, index, value)
    page.write_row(first + len(rows), 0, ["合计", f"共{len(rows)}条"])


def write_book(path: Path, *sheets: tuple[str, Sequence[dict[str, Any]]], **said: Any) -> Path:
    """A workbook with those forms and rows."""
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as book:
        for form_id, rows in sheets:
            write_sheet(book, form_id, rows, **said)
    return path


def area_book(folder: Path) -> Path:
    """The area ledger of two townships that both have a 响泉村."""
    headings = [column.heading for column in forms()["area_codes"].columns]
    rows = [dict(zip(headings, row, strict=True)) for row in AREAS]
    return write_book(folder / "areas.xlsx", ("area_codes", rows), sender="区民政局")


class Registry:
    """A store in a folder, with what was taken in."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(store=folder / "store", key_file=folder / "key")
        self.settings.key_file.write_text(KEY_BYTES.hex(), "ascii")
        store.prepare(self.settings.store, KEY.fingerprint)
        self.connection = store.open_file(self.settings.registry_path)

    def take_in(
        self, *paths: Path, received_on: dt.date = dt.date(2026, 10, 5), **more: Any
    ) -> list[FileOutcome]:
        """Take files in."""
        return Intake(self.settings, KEY, self.connection, received_on, **more).take_in(paths)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query on the registry."""
        return store.run(self.connection, sql)
