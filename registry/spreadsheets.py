"""Cells of xlsx, xls and ods files as text, each with its kind."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from registry.archive import Archive
from registry.biff import look_at_xls
from registry.extents import NO_SAVED_VALUE, Extent, SheetLook, look_at_ods, look_at_xlsx
from registry.reading import Kind, Limits, Unreadable

BATCH_CELLS = 100_000
# Above this a float no longer tells neighbouring whole numbers apart.
LARGEST_EXACT_WHOLE_NUMBER = 2**53
# The error values of the file formats themselves; the programs show them the same in every language.
ERROR_VALUES = frozenset(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"))

Message = dict[str, Any]


def read_spreadsheet(
    content: bytes, file_type: str, archive: Archive | None, limits: Limits
) -> Iterator[Message]:
    """Read all worksheets, as one message per sheet followed by its rows in batches.

    A formula gives the value that the sender's program stored with it; without one the cell is an ERROR,
    because nothing is ever calculated here and what is not known is not blank. Chart and macro sheets have no
    cells and are left out.
    calamine gives error cells as empty, so they are found by a look of our own and put back.
    """
    looks = _look(content, file_type, archive, limits)
    extent = Extent(limits)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            for position, about in enumerate(workbook.sheets_metadata):
                if about.typ == SheetTypeEnum.WorkSheet:
                    sheet = workbook.get_sheet_by_index(position)
                    hidden = about.visible != SheetVisibleEnum.Visible
                    look = looks[position] if position < len(looks) else SheetLook({})
                    yield {"sheet": {"name": about.name, "hidden": hidden, "merged": _merged(sheet),
                                     "from_1904": look.counts_from_1904}}  # fmt: skip
                    yield from _rows(sheet, look.errors, file_type, extent)
    except PasswordError:
        raise Unreadable("encrypted", "a file without a password", "an encrypted workbook") from None
    except CalamineError as error:
        raise _refusal(error, looks) from None


def _look(content: bytes, file_type: str, archive: Archive | None, limits: Limits) -> Sequence[SheetLook]:
    if archive is None:
        old = look_at_xls(content)
        return [SheetLook(errors, old.counts_from_1904) for errors in old.errors]
    if file_type == "xlsx":
        return look_at_xlsx(archive, limits)
    look_at_ods(archive, limits)
    return ()


def text_and_kind(value: object) -> tuple[str, str]:
    """Write one typed cell as text without rounding or guessing, and say its kind."""
    if isinstance(value, str):
        return (value, "t") if value else ("", "e")
    if isinstance(value, bool):
        return ("TRUE" if value else "FALSE"), "b"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < LARGEST_EXACT_WHOLE_NUMBER:
            return str(int(value)), "n"
        return repr(value), "n"
    if isinstance(value, int):
        return str(value), "n"
    return _date_text(value), "d"


def _date_text(value: object) -> str:
    if isinstance(value, datetime.datetime):
        if value.time() == datetime.time():
            return value.date().isoformat()
        return f"{value.date().isoformat()} {_clock_text(value.time())}"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.time):
        return _clock_text(value)
    if isinstance(value, datetime.timedelta):
        sign = "-" if value < datetime.timedelta() else ""
        minutes, seconds = divmod(int(abs(value).total_seconds()), 60)
        text = f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"
        return f"{text}:{seconds:02d}" if seconds else text
    raise TypeError(f"spreadsheets._date_text: unexpected cell of type {type(value).__name__}")


def _clock_text(value: datetime.time) -> str:
    if value.microsecond:
        return value.isoformat()
    return value.isoformat("seconds" if value.second else "minutes")


def _merged(sheet: CalamineSheet) -> list[tuple[int, int, int, int]]:
    """Merged ranges cut to the sheet's rectangle; a range may claim all 17 thousand million cells."""
    height, width = _size(sheet)
    found = []
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        if top < height and left < width:
            found.append((top, left, min(bottom, height - 1), min(right, width - 1)))
    return found


def _size(sheet: CalamineSheet) -> tuple[int, int]:
    if sheet.end is None:
        return 0, 0
    return sheet.end[0] + 1, sheet.end[1] + 1


def _rows(
    sheet: CalamineSheet, errors: Mapping[tuple[int, int], str], file_type: str, extent: Extent
) -> Iterator[Message]:
    height, width = _size(sheet)
    # Error cells may reach further than what calamine calls filled.
    height = max([height, *(row + 1 for row, _ in errors)])
    width = max([width, *(column + 1 for _, column in errors)])
    extent.start_sheet()
    if not height:
        return
    extent.include(height - 1, width - 1)
    errors_by_row: dict[int, dict[int, str]] = {}
    for (row_number, column), text in errors.items():
        errors_by_row.setdefault(row_number, {})[column] = text
    batch_rows = max(BATCH_CELLS // width, 1)
    rows: list[list[str]] = []
    kinds: list[str] = []
    for row_number, values in enumerate(_laid_out(sheet, height, width)):
        row, kind = _row(values, errors_by_row.get(row_number), file_type)
        if len(row) != width:
            raise Unreadable("damaged", "rows of one length", "rows of several lengths")
        rows.append(row)
        kinds.append(kind)
        if len(rows) == batch_rows:
            yield {"rows": rows, "kinds": kinds}
            rows, kinds = [], []
    if rows:
        yield {"rows": rows, "kinds": kinds}


def _laid_out(sheet: CalamineSheet, height: int, width: int) -> Iterator[list[Any]]:
    """The rows of a sheet over that whole rectangle from A1."""
    filled_height, filled_width = _size(sheet)
    # iter_rows keeps the empty rows above the first filled one, but not the empty columns on the left.
    left: list[Any] = [""] * (sheet.start[1] if sheet.start else 0)
    right: list[Any] = [""] * (width - filled_width)
    if filled_height:
        for values in sheet.iter_rows():
            yield left + values + right
    for _ in range(height - filled_height):
        yield [""] * width


def _row(values: list[Any], errors: Mapping[int, str] | None, file_type: str) -> tuple[list[str], str]:
    cells = [text_and_kind(value) for value in values]
    if errors:
        for column, text in errors.items():
            if column < len(cells) and cells[column][1] == Kind.EMPTY:
                cells[column] = (text, "x")
    if file_type == "ods":
        # ods has no error type: LibreOffice writes the words of the error as a string.
        cells = [(text, "x") if text in ERROR_VALUES else (text, kind) for text, kind in cells]
    texts, kinds = zip(*cells, strict=True)
    if "\x00" in "".join(texts):
        raise Unreadable("nul_bytes", "text without NUL", "a cell with NUL")
    return list(texts), "".join(kinds)


def _refusal(error: CalamineError, looks: Sequence[SheetLook]) -> Unreadable:
    # calamine gives up a whole sheet at an error value it has not heard of.
    for number, look in enumerate(looks, start=1):
        for (row, column), text in look.errors.items():
            if text not in (*ERROR_VALUES, NO_SAVED_VALUE) and "cell error" in str(error):
                place = f"{text} on sheet {number}, row {row + 1}, column {column + 1}"
                return Unreadable("unsupported_error_cell", " ".join(sorted(ERROR_VALUES)), place)
    return Unreadable("damaged", "a complete workbook", type(error).__name__)
