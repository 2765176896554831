"""How far the filled cells of a workbook reach, told by streaming its XML before a reader builds the grid.

python-calamine lays out every sheet as a full rectangle: two cells at opposite corners make it ask for
550 GB and abort the whole process (tafia/calamine issue 693). `<dimension>` may lie, so the cells are read.
The look also keeps the error cells of xlsx sheets, which calamine gives to Python as if they were empty.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from typing import NamedTuple
from xml.parsers import expat

from registry.archive import Archive, measure
from registry.reading import Limits, Unreadable

MAX_ROW_DIGITS = 10
CELL_REFERENCE = re.compile(r"[A-Za-z]{1,7}[0-9]{1,10}\Z")
ROW_NUMBER = re.compile(r"[0-9]{1,10}\Z")
ERROR_TEXT = re.compile(r"#[A-Za-z0-9/!?_]{1,30}\Z")
NO_SAVED_VALUE = "#NOT_SAVED"
REPEATED_COLUMNS = "table:number-columns-repeated"
REPEATED_ROWS = "table:number-rows-repeated"


class SheetLook(NamedTuple):
    """What a look found on one sheet: its error cells as {(row, column): "#N/A"}, zero-based, and its epoch.

    A formula whose value was not saved is an error cell too: what it holds is not known, which is not blank.
    """

    errors: dict[tuple[int, int], str]
    counts_from_1904: bool = False


class Extent:
    """The rectangle from A1 over all filled cells of a workbook, refused as soon as it passes the limits."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.max_cells = limits.cells
        self.earlier_cells = 0
        self.n_sheets = 0
        self.rows = self.columns = self.filled = 0

    def start_sheet(self) -> None:
        """Close the sheet before, if any, and begin the next one at A1."""
        self.earlier_cells += self.rows * self.columns
        self.n_sheets += 1
        self.rows = self.columns = self.filled = 0

    def include(self, row: int, column: int, filled: int = 1) -> None:
        """Count a filled cell at a zero-based place (the last place, if it is repeated)."""
        self.filled += filled
        if row >= self.rows or column >= self.columns or self.filled > self.max_cells:
            self.rows = max(self.rows, row + 1)
            self.columns = max(self.columns, column + 1)
            self._check()

    def _check(self) -> None:
        limits = self.limits
        cells = self.earlier_cells + max(self.rows * self.columns, self.filled)
        if self.rows > limits.rows or self.columns > limits.columns or cells > limits.cells:
            raise Unreadable(
                "too_large",
                f"at most {limits.rows} rows, {limits.columns} columns, {limits.cells} cells",
                f"sheet {self.n_sheets}: {self.rows} rows, {self.columns} columns",
            )


def look_at_xlsx(archive: Archive, limits: Limits) -> list[SheetLook]:
    """Measure every sheet of an xlsx archive in workbook order and prove all declared sizes.

    Two sheets may point to one member: the reader then lays it out twice, so it counts twice here.
    """
    targets, counts_from_1904 = _sheet_members(archive)
    extent = Extent(limits)
    looks = []
    for target in targets:
        scan = _XlsxScan(extent)
        if target in archive.members:
            scan.run(archive.pieces(target))
        looks.append(SheetLook(scan.errors, counts_from_1904))
    measure(archive, besides=set(targets))
    return looks


def look_at_ods(archive: Archive, limits: Limits) -> None:
    """Measure every table of an ods archive and prove all declared sizes."""
    if "content.xml" not in archive.members:
        raise Unreadable("damaged", "a complete workbook", "no contents")
    _OdsScan(Extent(limits)).run(archive.pieces("content.xml"))
    measure(archive, besides={"content.xml"})


def parse_xml(pieces: Iterable[bytes], parser: expat.XMLParserType) -> None:
    """Feed XML to expat, refusing a document type declaration, without which no entity can be defined."""
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.buffer_text = True
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Unreadable("damaged", "well-formed XML", f"XML error {error.code}") from None


def _refuse_doctype(*_: object) -> None:
    raise Unreadable("unsafe_xml", "XML without a document type", "a document type declaration")


def local_name(name: str) -> str:
    """Drop the namespace prefix, which every writer may choose freely."""
    return name.rpartition(":")[2]


def column_number(letters: str) -> int:
    """Turn the letters of a column into its zero-based number (A is 0, XFD is 16383)."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def _sheet_members(archive: Archive) -> tuple[list[str], bool]:
    """The archive member of each sheet, in workbook order, and whether days count from 1904."""
    targets: dict[str, str] = {}
    sheets: list[str] = []
    epochs: list[bool] = []

    def relationship(name: str, attributes: dict[str, str]) -> None:
        if local_name(name) == "Relationship":
            path = attributes.get("Target", "").replace("\\", "/").lower()
            path = path if path.startswith(("/", "xl/")) else "xl/" + path
            targets[attributes.get("Id", "")] = posixpath.normpath(path).lstrip("/")

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if local_name(name) == "sheet":
            identifier = next((value for key, value in attributes.items() if local_name(key) == "id"), "")
            sheets.append(targets.get(identifier, ""))
        elif local_name(name) == "workbookPr":
            epochs.append(attributes.get("date1904") in ("1", "true"))

    for member, handler in (("xl/_rels/workbook.xml.rels", relationship), ("xl/workbook.xml", sheet)):
        if member not in archive.members:
            raise Unreadable("damaged", "a complete workbook", "no list of sheets")
        parser = expat.ParserCreate()
        parser.StartElementHandler = handler
        parse_xml(archive.pieces(member), parser)
    return sheets, any(epochs)


class _XlsxScan:
    """Streams one sheet: a cell counts as filled when it holds `<v>` or `<is>`, as it does for calamine.

    Formatted empty cells, which offices leave out to column XFD, do not count.
    """

    def __init__(self, extent: Extent) -> None:
        self.extent = extent
        self.errors: dict[tuple[int, int], str] = {}
        self.row = -1
        self.column = -1
        self.reference: str | None = None
        self.text: list[str] = []
        self.local_names: dict[str, str] = {}
        self.columns: dict[str, int] = {}
        self.parser = expat.ParserCreate()

    def run(self, pieces: Iterable[bytes]) -> None:
        self.extent.start_sheet()
        self.parser.StartElementHandler = self._start
        parse_xml(pieces, self.parser)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = self.local_names.get(name)
        if local is None:
            local = self.local_names[name] = local_name(name)
        if local == "c":
            # The common cell is handled here: a province's sheet has tens of millions.
            reference = attributes.get("r")
            if reference is None or "t" in attributes:
                self._start_special_cell(reference, attributes.get("t"))
            else:
                self.reference = reference
        elif local == "v" or local == "is":
            if self.reference is not None:
                self._locate(self.reference)
            if local == "v":
                self.text.clear()
            if self.errors.get((self.row, self.column)) == NO_SAVED_VALUE:
                del self.errors[self.row, self.column]
            self.extent.include(self.row, self.column)
        elif local == "f":
            if self.reference is not None:
                self._locate(self.reference)
            self.errors[self.row, self.column] = NO_SAVED_VALUE
            self.extent.include(self.row, self.column)
        elif local == "row":
            self.reference = None
            given = attributes.get("r", "")
            self.row = int(given) - 1 if ROW_NUMBER.match(given) else self.row + 1
            self.column = -1

    def _start_special_cell(self, reference: str | None, kind: str | None) -> None:
        if reference is None:
            if self.reference is not None:
                self._locate(self.reference)
            self.column += 1
        self.reference = reference
        if kind == "e":
            self.text.clear()
            self.parser.CharacterDataHandler = self.text.append
            self.parser.EndElementHandler = self._end_error_cell

    def _locate(self, reference: str) -> None:
        # Only filled cells are worth the parsing of their address.
        letters = reference.rstrip("0123456789")
        column = self.columns.get(letters)
        digits = reference[len(letters) :]
        if column is None or not digits or len(digits) > MAX_ROW_DIGITS:
            if not CELL_REFERENCE.match(reference):
                raise Unreadable("damaged", "cell addresses such as B7", "an address that is none")
            column = self.columns[letters] = column_number(letters)
        self.row, self.column = int(digits) - 1, column
        self.reference = None

    def _end_error_cell(self, name: str) -> None:
        if local_name(name) != "c":
            return
        self.parser.CharacterDataHandler = None
        self.parser.EndElementHandler = None
        text = "".join(self.text).strip()
        if text:
            self.errors[self.row, self.column] = text if ERROR_TEXT.match(text) else "#ERROR"


class _OdsScan:
    """Streams the tables of an ods file, where a row or a cell may stand for a million equal ones."""

    def __init__(self, extent: Extent) -> None:
        self.extent = extent
        self.row = self.column = 0
        self.row_repeats = 1

    def run(self, pieces: Iterable[bytes]) -> None:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parse_xml(pieces, parser)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table-cell" or name == "table:covered-table-cell":
            repeats = _repeats(attributes, REPEATED_COLUMNS)
            self.column += repeats
            if "office:value-type" in attributes:
                self.extent.include(self.row - 1, self.column - 1, repeats * self.row_repeats)
        elif name == "table:table-row":
            self.row_repeats = _repeats(attributes, REPEATED_ROWS)
            self.row += self.row_repeats
            self.column = 0
        elif name == "table:table":
            self.extent.start_sheet()
            self.row = self.column = 0


def _repeats(attributes: dict[str, str], name: str) -> int:
    given = attributes.get(name, "1")
    if not ROW_NUMBER.match(given):
        raise Unreadable("damaged", "a number of repetitions", "something else")
    return max(int(given), 1)
