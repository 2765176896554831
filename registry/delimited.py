"""Delimited text (csv) in the encodings and with the delimiters that offices use."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from registry.extents import Extent
from registry.reading import Limits, Unreadable

DELIMITERS = (",", ";", "\t")
SAMPLE_ROWS = 200
BATCH_CELLS = 100_000
MAX_CELL_CHARACTERS = 131_072
# NUL is refused before parsing, so that no cell of the file can equal this last line.
END_MARK = "\x00"
# Control characters of no use in text; DOS programs end a file with \x1a, which is cut off first.
CONTROL_CHARACTER = re.compile(r"[\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
EXPECTED_ENCODINGS = "UTF-8, UTF-16 with byte order mark, or GB18030"

Message = dict[str, Any]


def read_delimited(content: bytes, limits: Limits) -> tuple[str, str, Iterator[Message]]:
    """Decode and split a text file; encoding, delimiter, and its one nameless sheet as messages.

    Every cell is text or empty: a csv file says nothing about kinds. Blank lines stay where they are.
    """
    text, encoding = decode(content)
    if not text.strip():
        raise Unreadable("empty_file", "rows of cells", "only blank lines")
    delimiter = delimiter_of(text)
    return encoding, delimiter, _messages(text, delimiter, limits)


def decode(content: bytes) -> tuple[str, str]:
    """Decode strictly, by byte order mark, then as UTF-8, then as GB18030 (which includes GBK, GB2312)."""
    if content.startswith(codecs.BOM_UTF8):
        candidates: tuple[str, ...] = ("utf-8-sig",)
    elif content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ("utf-16",)
    else:
        candidates = ("utf-8", "gb18030")
        if b"\x00" in content:
            raise Unreadable("nul_bytes", EXPECTED_ENCODINGS, "NUL bytes")
    for encoding in candidates:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        text = text.removesuffix("\x1a")
        if "\x00" in text:
            raise Unreadable("nul_bytes", EXPECTED_ENCODINGS, "NUL characters")
        if CONTROL_CHARACTER.search(text):
            raise Unreadable("not_text", EXPECTED_ENCODINGS, "control characters")
        return text, encoding
    raise Unreadable("not_text", EXPECTED_ENCODINGS, "bytes of another encoding")


def delimiter_of(text: str) -> str:
    """Choose the delimiter that cuts the most lines into one same number (at least two) of cells.

    Titles and remarks have other widths than the table, so the most frequent width decides, then the wider.
    """

    def agreement(delimiter: str) -> tuple[int, int]:
        sample = itertools.islice(_split(text, delimiter), SAMPLE_ROWS)
        widths = Counter(len(row) for row in sample if len(row) > 1)
        return max(((count, width) for width, count in widths.items()), default=(0, 0))

    return max(DELIMITERS, key=agreement)


def _split(text: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    lines = itertools.chain(io.StringIO(text, newline=""), [END_MARK])
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        yield from reader
    except csv.Error:
        raise Unreadable(
            "too_large", f"cells of at most {MAX_CELL_CHARACTERS} characters", f"line {reader.line_num}"
        ) from None


def _messages(text: str, delimiter: str, limits: Limits) -> Iterator[Message]:
    rows = _checked_rows(text, delimiter, limits)
    width = max(map(len, rows))
    yield {"sheet": {"name": "", "hidden": False, "merged": []}}
    batch_rows = max(BATCH_CELLS // width, 1)
    for start in range(0, len(rows), batch_rows):
        batch = [row + [""] * (width - len(row)) for row in rows[start : start + batch_rows]]
        kinds = ["".join("t" if cell else "e" for cell in row) for row in batch]
        yield {"rows": batch, "kinds": kinds}


def _checked_rows(text: str, delimiter: str, limits: Limits) -> list[list[str]]:
    extent = Extent(limits)
    extent.start_sheet()
    rows: list[list[str]] = []
    for row in _split(text, delimiter):
        if row == [END_MARK]:
            return rows
        rows.append(row)
        # An unclosed quote takes all later lines, and the mark, into one cell, without any complaint of csv.
        if row and END_MARK in row[-1]:
            lines = row[-1].count("\n")
            raise Unreadable("unclosed_quote", "a closing quote", f"row {len(rows)} runs over {lines} lines")
        extent.include(len(rows) - 1, max(len(row), 1) - 1)
    return rows
