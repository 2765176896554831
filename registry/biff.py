"""The error cells and the epoch of old xls workbooks, which python-calamine gives to Python
as if they were empty, or not at all.

An empty cell means "not recorded" here, an error means "the sender's formula is broken": not the same.
Source: [MS-CFB] for the container, [MS-XLS] 2.4 for the records.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from registry.reading import Unreadable

ERROR_WORDS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
FORMULA, END, DATE_1904, PASSWORD, SHEET_OFFSET, BOOLEAN_OR_ERROR = 0x06, 0x0A, 0x22, 0x2F, 0x85, 0x205
HEADER_TABLE_SECTORS = 109
LAST_SECTOR = 0xFFFFFFFA
STREAM_NAMES = ("Workbook", "Book")

Errors = dict[tuple[int, int], str]


class BiffLook(NamedTuple):
    """The error cells of each sheet, in workbook order, as {(row, column): "#N/A"}, zero-based; the epoch."""

    errors: list[Errors]
    counts_from_1904: bool = False


def look_at_xls(content: bytes) -> BiffLook:
    """Find what the reader does not tell; raises Unreadable for a password, of which it knows only one kind.

    A container that this cannot follow gives an empty look: whether it is damaged is for the reader to say.
    """
    try:
        stream = _workbook_stream(content)
        offsets = []
        counts_from_1904 = False
        for kind, at, _ in _records(stream, 0):
            if kind == PASSWORD:
                raise Unreadable("encrypted", "a file without a password", "an encrypted workbook")
            if kind == SHEET_OFFSET:
                offsets.append(struct.unpack_from("<I", stream, at)[0])
            elif kind == DATE_1904:
                counts_from_1904 = stream[at] == 1
        return BiffLook([_errors_of_sheet(stream, offset) for offset in offsets], counts_from_1904)
    except (struct.error, LookupError):
        return BiffLook([])


def _errors_of_sheet(stream: bytes, offset: int) -> Errors:
    errors: Errors = {}
    for kind, at, _ in _records(stream, offset):
        code = None
        if kind == BOOLEAN_OR_ERROR and stream[at + 7] == 1:
            code = stream[at + 6]
        elif kind == FORMULA and stream[at + 6] == 2 and stream[at + 12 : at + 14] == b"\xff\xff":
            code = stream[at + 8]
        if code is not None:
            row, column = struct.unpack_from("<2H", stream, at)
            errors[row, column] = ERROR_WORDS.get(code, "#ERROR")
    return errors


def _records(stream: bytes, position: int) -> Iterator[tuple[int, int, int]]:
    """Kind, place of the body and its length, up to the end of the substream."""
    header = struct.Struct("<2H")
    while True:
        kind, length = header.unpack_from(stream, position)
        if kind == END:
            return
        yield kind, position + 4, length
        position += 4 + length


def _workbook_stream(content: bytes) -> bytes:
    sector_bytes = 1 << struct.unpack_from("<H", content, 30)[0]
    table = _allocation_table(content, sector_bytes)
    (directory_start,) = struct.unpack_from("<I", content, 48)
    directory = _chain(content, table, directory_start, sector_bytes)
    for at in range(0, len(directory), 128):
        (name_bytes,) = struct.unpack_from("<H", directory, at + 64)
        name = directory[at : at + max(name_bytes - 2, 0)].decode("utf-16-le", "replace")
        if name in STREAM_NAMES:
            start, size = struct.unpack_from("<2I", directory, at + 116)
            return _chain(content, table, start, sector_bytes)[:size]
    raise LookupError("biff: expected a workbook stream, found none")


def _allocation_table(content: bytes, sector_bytes: int) -> list[int]:
    sectors = list(struct.unpack_from(f"<{HEADER_TABLE_SECTORS}I", content, 76))
    (more,) = struct.unpack_from("<I", content, 68)
    per_sector = sector_bytes // 4
    seen = 0
    while more < LAST_SECTOR and seen * sector_bytes < len(content):
        *listed, more = struct.unpack_from(f"<{per_sector}I", content, (more + 1) * sector_bytes)
        sectors += listed
        seen += 1
    table: list[int] = []
    for sector in sectors:
        if sector < LAST_SECTOR:
            table += struct.unpack_from(f"<{per_sector}I", content, (sector + 1) * sector_bytes)
    return table


def _chain(content: bytes, table: list[int], sector: int, sector_bytes: int) -> bytes:
    parts = []
    while sector < LAST_SECTOR:
        begin = (sector + 1) * sector_bytes
        parts.append(content[begin : begin + sector_bytes])
        # A chain longer than the file runs in a circle.
        if len(parts) * sector_bytes > len(content) + sector_bytes:
            raise LookupError("biff: expected a chain of sectors, found a circle")
        sector = table[sector]
    return b"".join(parts)
