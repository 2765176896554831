"""What reading a file gives: its sheets as text with the kind of each cell, or a coded reason why not."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What the sender's program held in a cell, before anybody interpreted it.

    DATE also covers times of day and durations.
    """

    EMPTY = "e"
    TEXT = "t"
    NUMBER = "n"
    DATE = "d"
    BOOLEAN = "b"
    ERROR = "x"


class Sheet(NamedTuple):
    """One sheet as it lies in the file, nothing skipped above or to the left.

    `rows[i][j]` is the text of the cell in spreadsheet row i + 1 and column j + 1; all rows have one length.
    `kinds[i]` holds one `Kind` letter per cell of row i. `merged` is (first row, first column, last row,
    last column), zero-based, inclusive, cut to the rectangle of `rows`; it is empty for ods and csv.
    `counts_from_1904` says that a bare day number of this workbook counts from 1904-01-01.
    """

    name: str
    hidden: bool
    rows: list[list[str]]
    kinds: list[str]
    merged: list[tuple[int, int, int, int]]
    counts_from_1904: bool = False


class Reading(NamedTuple):
    """Everything read from one file; `encoding` and `delimiter` are given for csv only."""

    file_type: str
    encoding: str | None
    delimiter: str | None
    sheets: list[Sheet]


class Limits(NamedTuple):
    """How much one file may cost; `rows` and `columns` are per sheet, `cells` is for the whole file."""

    seconds: float = 60.0
    memory_bytes: int = 2 * 1024**3
    unpacked_bytes: int = 512 * 1024**2
    rows: int = 1_000_000
    columns: int = 2_000
    cells: int = 20_000_000


UNREADABLE_CODES = (
    "ambiguous_archive",  # two members of one name, a path that leaves the archive, overlapping members
    "crashed",  # the reading process died for another reason than memory or time
    "damaged",  # cut off, wrong checksum, broken XML
    "empty_file",  # no bytes, or only blank lines
    "encrypted",  # protected by a password
    "nul_bytes",  # text with NUL in it: UTF-16 without its mark, or no text at all
    "not_text",  # bytes of no known encoding
    "timeout",
    "too_large",  # more rows, columns, cells, bytes or memory than the limits allow
    "unclosed_quote",  # a csv quote that would swallow the rest of the file
    "unknown_type",  # neither xlsx, xls, ods nor csv; `found` says what it seems to be
    "unsafe_xml",  # a document type declaration, which could define entities
    "unsupported_error_cell",  # an error value newer than the reader (#SPILL!), which hides its whole sheet
    "zip_bomb",  # unpacks to far more than any workbook does
)


class Unreadable(Exception):
    """A file that was not read: a stable code, what was expected, what was found.

    The texts are codes and short facts (a size, a cell address), never file names, sheet names or contents.
    """

    def __init__(self, code: str, expected: str = "", found: str = "") -> None:
        if code not in UNREADABLE_CODES:
            raise ValueError(f"reading.UNREADABLE_CODES has no {code!r}; add it there and to the texts")
        super().__init__(f"{code}: expected {expected or 'a readable file'}, found {found or 'another'}")
        self.code = code
        self.expected = expected
        self.found = found
