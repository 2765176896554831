"""A corrected return comes in: known by its mark, judged like any delivery, and closing the items it answers.

The mark is a hidden sheet that names, for each sheet of the return, the delivery and sheet it was cut from, under a
keyed signature.  Each row says in a column of its own which row it was.  A row that nobody changed is left out with
that reason and its item stays open; a changed row is judged; where it is still wrong, the new finding takes the
place of the old one, so that one row is one open item.

A correction is ordered by the day of the report that it corrects (a newer report stays the newest), and is known
from the day on which the return came (no past table changes).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from data_contracts import values
from data_contracts.form_rows import Judged
from data_contracts.gate import Gate
from data_contracts.headings.headers import Match, row_kind
from data_contracts.headings.mappings import Mappings
from data_contracts.headings.unforeseen import form_of
from data_contracts.mending.open_items import Place, open_items
from data_contracts.mending.reopening import Reopened, context_of, reopen
from data_contracts.places import Places, Sender
from registry import deliveries
from registry.deliveries import Message, Resolution
from registry.readers import Reading, Sheet
from registry.settings import Settings
from registry.store import Connection
from registry.vault import Vault

MARKER_SHEET = "守护退回标记"
MARKER_FIRST = ("shouhu return", "1")
SIGNATURE = "signature"
SUMMARY_SHEETS = {"zh": "需改正的内容", "en": "What to mend"}
ROW_HEADINGS = {"zh": "原表行号（请勿改动）", "en": "Row in your file (do not change)"}
HINT_HEADINGS = {"zh": "要改的地方", "en": "What is wrong"}
SEARCHED_ROWS = 20


class Origin(NamedTuple):
    """Which sheet of which delivery a sheet of a return was cut from."""

    name: str
    delivery: str
    sheet: str


def marker_lines(origins: Sequence[Origin], vault: Vault) -> list[list[str]]:
    """The cells of the hidden marker sheet, the signature last."""
    return [
        [*MARKER_FIRST, ""],
        *(list(origin) for origin in origins),
        [SIGNATURE, _signed(origins, vault), ""],
    ]


def _signed(origins: Sequence[Origin], vault: Vault) -> str:
    return vault.reference("return", *(part for origin in origins for part in origin))


def _marker(reading: Reading | None) -> Sheet | None:
    return next((sheet for sheet in reading.sheets if sheet.name == MARKER_SHEET), None) if reading else None


def origins_in(reading: Reading | None, vault: Vault) -> dict[str, Origin] | None:
    """The sheets of a return by their names; None for any other file, or where the mark was tampered with."""
    marker = _marker(reading)
    if marker is None:
        return None
    lines = [[cell.strip() for cell in row[:3]] + [""] * (3 - len(row)) for row in marker.rows if any(row)]
    if len(lines) < 2 or tuple(lines[0][:2]) != MARKER_FIRST or lines[-1][0] != SIGNATURE:
        return None
    origins = [Origin(*line) for line in lines[1:-1]]
    return {one.name: one for one in origins} if _signed(origins, vault) == lines[-1][1] else None


def marker_remarks(reading: Reading | None, answer: Answer | None) -> list[Message]:
    """A warning where a file bears the mark of a return that cannot be trusted."""
    if answer is not None or _marker(reading) is None:
        return []
    return [Message(None, None, None, None, "warning", "return_marker_damaged")]


def same_cells(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two rows say the same to the letter, apart from width, outer blanks and empty cells at the end."""
    cut = [[values.clean(cell) for cell in row] for row in (one, other)]
    for row in cut:
        while row and not row[-1]:
            row.pop()
    return cut[0] == cut[1]


class Cut(NamedTuple):
    """A sheet of a return without the columns that were added to it, and which row each row was."""

    sheet: Sheet
    was_row: dict[int, int]


def without_additions(sheet: Sheet) -> Cut:
    """Take out the column of row numbers and the column of hints, wherever they stand now."""
    added = {*ROW_HEADINGS.values(), *HINT_HEADINGS.values()}
    where: dict[str, int] = {}
    for row in sheet.rows[:SEARCHED_ROWS]:
        where.update({cell.strip(): index for index, cell in enumerate(row) if cell.strip() in added})
    numbers = next((where[name] for name in ROW_HEADINGS.values() if name in where), None)
    was_row = {}
    for index, row in enumerate(sheet.rows):
        written = values.clean(row[numbers]) if numbers is not None else ""
        if written.isdigit():
            was_row[index + 1] = int(written)
    dropped = set(where.values())
    rows = [[cell for index, cell in enumerate(row) if index not in dropped] for row in sheet.rows]
    kinds = ["".join(k for index, k in enumerate(row) if index not in dropped) for row in sheet.kinds]
    return Cut(sheet._replace(rows=rows, kinds=kinds), was_row)


class Answer:
    """One corrected return on its way in."""

    def __init__(
        self, origins: dict[str, Origin], settings: Settings, vault: Vault, connection: Connection
    ) -> None:
        self.origins, self.settings, self.vault, self.connection = origins, settings, vault, connection
        self.forgotten = deliveries.forgotten(connection)
        self.remarks: list[Message] = []
        self._open: set[Place] = {item.place for item in open_items(connection)}
        self._reopened: dict[str, dict[str, Reopened]] = {}
        self._rows: dict[str, dict[int, int]] = {}

    @classmethod
    def to(
        cls, reading: Reading | None, settings: Settings, vault: Vault, connection: Connection
    ) -> Answer | None:
        """The answer in a file that is a return of this store; None for any other file."""
        origins = origins_in(reading, vault)
        return None if origins is None else cls(origins, settings, vault, connection)

    def speaks_of(self, sheet: Sheet) -> bool:
        """Whether a sheet belongs to the return and not to what the sender added."""
        return sheet.name in self.origins or sheet.name in (MARKER_SHEET, *SUMMARY_SHEETS.values())

    def matches(self, found: Sequence[tuple[Sheet, Match | None]]) -> list[tuple[Sheet, Match | None]]:
        """The file's sheets with those of the return cut down to the sender's own columns and matched again."""
        made: list[tuple[Sheet, Match | None]] = []
        for sheet, before in found:
            if sheet.name in self.origins:
                cut, self._rows[sheet.name] = without_additions(sheet)
                named = cut._replace(name=self.origins[sheet.name].sheet)
                made.append((cut, form_of(named, Mappings(self.settings.mappings), self._sender(sheet.name))))
            else:
                made.append((sheet, None if self.speaks_of(sheet) else before))
        return made

    def _sender(self, sheet: str) -> str | None:
        origin = deliveries.known_delivery(self.connection, self.origins[sheet].delivery)
        return origin.sender if origin else None

    def judge(
        self, sheet: Sheet, found: Match | None, name: str, seq: int, received_on: dt.date, places: Places
    ) -> tuple[str | None, Judged, Sender, dt.date | None]:
        """(form, outcome, sender, day of the report) of one sheet; its decisions are written as they fall."""
        origin = self.origins.get(sheet.name)
        if origin is None or found is None or found.missing:
            return self._left_out(sheet, origin, found)
        sheets = self._original(origin.delivery)
        again = sheets[origin.sheet]
        context = context_of(again, sheets, places, self.vault, self.forgotten)
        context = context._replace(delivery=name, seq=seq, sheet=sheet.name, known_from=received_on)
        was_row = self._rows[sheet.name]
        untouched = self._untouched(sheet, again.sheet, was_row)
        blank = [""] * len(sheet.rows[0])
        rows = [blank if index + 1 in untouched else row for index, row in enumerate(sheet.rows)]
        judged = Gate(found, context, self.connection).judge(sheet._replace(rows=rows))
        if untouched:
            judged.ignored["untouched_row"] += len(untouched)
        answered = {
            n: was
            for n, was in was_row.items()
            if n not in untouched and row_kind(sheet.rows[n - 1]) == "data"
        }
        self._decide(origin, answered, judged, name, context.sender)
        return found.form.id, judged, context.sender, context.reported_on

    def _original(self, delivery: str) -> dict[str, Reopened]:
        if delivery not in self._reopened:
            known = deliveries.known_delivery(self.connection, delivery)
            self._reopened[delivery] = reopen(self.settings, self.vault, known) if known else {}
        return self._reopened[delivery]

    @staticmethod
    def _untouched(sheet: Sheet, original: Sheet, was_row: dict[int, int]) -> set[int]:
        return {
            number
            for number, was in was_row.items()
            if was <= len(original.rows) and same_cells(sheet.rows[number - 1], original.rows[was - 1])
        }

    def _left_out(
        self, sheet: Sheet, origin: Origin | None, found: Match | None
    ) -> tuple[str | None, Judged, Sender, dt.date | None]:
        """The marker and the summary are no data; a sheet whose headings were spoilt is refused as a whole."""
        filled = [(i, row) for i, row in enumerate(sheet.rows) if row_kind(row) != "blank"]
        if origin is None:
            reason = "return_marker" if sheet.name == MARKER_SHEET else "return_summary"
            return None, Judged({}, [], 0, [], Counter({reason: len(filled)})), Sender(), None
        lacking = "、".join(found.missing) if found else "—"
        code = "missing_heading" if found else "unknown_form"
        message = Message(sheet.name, None, None, None, "error", code, expected=lacking)
        rejected = [
            (sheet.name, i + 1, "", None, code, self.vault.seal("\x1f".join(row)), None) for i, row in filled
        ]
        return None, Judged({}, [message], 0, rejected, Counter()), Sender(), None

    def _decide(
        self, origin: Origin, answered: dict[int, int], judged: Judged, name: str, sender: Sender
    ) -> None:
        still_wrong = {row[1] for row in judged.quarantined}
        now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
        for number, was in sorted(answered.items()):
            place = (origin.delivery, origin.sheet, was)
            if place not in self._open:
                continue
            how = "replaced" if number in still_wrong else "returned"
            deliveries.decide(
                self.connection,
                Resolution(0, *place, how, "", "", sender.name or "", now, name),
            )
            self._open.discard(place)
