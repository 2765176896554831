"""A delivery's sheets once more, read from what was kept of it, with the form and sender that they were judged by."""

from __future__ import annotations

from typing import NamedTuple

from data_contracts.form_rows import Context
from data_contracts.headings.headers import Match, row_kind
from data_contracts.headings.mappings import Mappings
from data_contracts.headings.stated import said, title
from data_contracts.headings.unforeseen import form_of
from data_contracts.places import Places
from registry import deliveries
from registry.deliveries import Delivery
from registry.readers import Reading, Sheet
from registry.settings import Settings
from registry.vault import Vault


class Reopened(NamedTuple):
    """One sheet of a kept delivery; without a match no form was found for it."""

    delivery: Delivery
    sheet: Sheet
    match: Match | None

    @property
    def first_data_row(self) -> int:
        """The first row below its headings, from 0."""
        return self.match.first_row + self.match.header_rows if self.match else 0


def reopen(settings: Settings, vault: Vault, delivery: Delivery) -> dict[str, Reopened]:
    """Every sheet of a delivery by name; Unreadable where the file never could be read."""
    kept = deliveries.cells(settings.originals, delivery.sha256, vault)
    return sheets_of(delivery, kept, Mappings(settings.mappings))


def sheets_of(delivery: Delivery, reading: Reading, known: Mappings) -> dict[str, Reopened]:
    """Every sheet of what was kept, with the form that it has."""
    return {
        sheet.name: Reopened(delivery, sheet, form_of(sheet, known, delivery.sender))
        for sheet in reading.sheets
    }


def context_of(
    again: Reopened, others: dict[str, Reopened], places: Places, vault: Vault, forgotten: frozenset[str]
) -> Context:
    """What the sheet's rows were judged with: its sender, its day, its place in the order of deliveries."""
    delivery, sheet = again.delivery, again.sheet
    stated = {name: said(one.sheet, one.match.first_row) for name, one in others.items() if one.match}
    own, reported = stated.get(sheet.name, (None, None))
    # A sender that no sheet states was named on the command line, and goes before what the sheets say.
    named = None if delivery.sender in {who for who, _ in stated.values()} else delivery.sender
    sender = places.sender(named or own, title(sheet) + "　" + delivery.file)
    day = min(reported or delivery.received_on, delivery.received_on)
    return Context(
        delivery.delivery, delivery.seq, sheet.name, sender, day, day, places, vault, None, forgotten
    )


def only_rows(again: Reopened, numbers: set[int]) -> Sheet:
    """The sheet with every other row of data blank, so that rows keep their numbers."""
    start, sheet = again.first_data_row, again.sheet
    blank = [""] * len(sheet.rows[0]) if sheet.rows else []
    rows = [
        row if index < start or (index + 1 in numbers and row_kind(row) == "data") else blank
        for index, row in enumerate(sheet.rows)
    ]
    return sheet._replace(rows=rows)
