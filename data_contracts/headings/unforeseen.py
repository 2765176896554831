"""Sheets on their way in whose form no list foresees: answered by an officer's mapping, or asked about.

A mapping that was confirmed for a sender's headings goes before every matching of our own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from data_contracts.contract import contracts
from data_contracts.headings import mappings
from data_contracts.headings.headers import Match, kinds_of_content, match, nearest
from data_contracts.headings.mappings import Mapping, MappingProblem, Mappings
from data_contracts.headings.stated import said, title
from registry import store
from registry.deliveries import Delivery
from registry.readers import Sheet

LEAST_ASKED = (
    0.5  # a column that was read past is asked about where something speaks for it at least this much
)


class Confirmation(NamedTuple):
    """A mapping that comes with this intake: who confirms it, when, and the file that it stands in."""

    mapping: Mapping
    by: str
    at: dt.datetime
    file: str


def form_of(sheet: Sheet, known: Mappings, *senders: str | None) -> Match | None:
    """A kept sheet's form: as confirmed for what it says of its sender, or for one of these, else as matched."""
    if sheet.hidden:
        return None
    for sender in (None, *senders):
        found = known.find(sheet.rows, lambda row, sender=sender: sender or said(sheet, row)[0])  # type: ignore[misc]
        if found:
            return found[1]
    return match(sheet.rows, sheet.kinds, title(sheet))


class Unforeseen:
    """The mappings of a store at work in one intake."""

    def __init__(self, known: Mappings, sender: str | None, confirmation: Confirmation | None = None) -> None:
        self.known, self.sender, self.confirmation = known, sender, confirmation
        self.is_used = self.is_kept = False
        if confirmation:
            mappings.check(confirmation.mapping, confirmation.file)
            known.add(confirmation.mapping)

    def match(self, sheet: Sheet) -> Match | None:
        """The sheet's form: as confirmed, else as matched; None where it is hidden or no form is certain."""
        if sheet.hidden:
            return None
        found = self.known.find(sheet.rows, lambda row: self.sender or said(sheet, row)[0])
        if found is None:
            return match(sheet.rows, sheet.kinds, title(sheet))
        given = self.confirmation.mapping if self.confirmation else None
        self.is_used |= given is not None and found[0].name == given.name
        return found[1]

    def confirm(self) -> None:
        """Keep this intake's mapping; MappingProblem where no sheet has its sender and headings."""
        if self.confirmation is None or self.is_kept:
            return
        given, by, at, file = self.confirmation
        if not self.is_used:
            raise MappingProblem(
                file, "fingerprint", "sheet_of_sender", given.fingerprint, given.sender or "—"
            )
        self.known.confirm(given, by, at)
        self.is_kept = True

    def for_sender(self, sender: str | None) -> Unforeseen:
        """The same mappings at work on a delivery whose sender was named when it came."""
        other = Unforeseen(self.known, sender, self.confirmation)
        other.is_kept = self.is_kept
        return other

    def asks(self, sheet: Sheet, found: Match | None) -> Mapping | None:
        """The question to an officer about a sheet that was not read, or not wholly; None where there is none."""
        if found is None:
            near = None if sheet.hidden else nearest(sheet.rows, sheet.kinds, title(sheet))
            found = near.match if near else None
        elif not found.missing and not _may_be_more(found):
            return None
        if found is None or found.confirmed:
            return None
        sender = self.sender or said(sheet, found.first_row)[0]
        kinds = kinds_of_content(found, sheet.rows, sheet.kinds)
        return mappings.question(found, kinds, sender, given=self.sender is not None)

    def ask(self, delivery: str, file: str, sheets: Sequence[tuple[Sheet, Match | None]]) -> None:
        """Keep the questions about a delivery's sheets, in place of those of an earlier reading."""
        asked = [(sheet, self.asks(sheet, found)) for sheet, found in sheets]
        about = [
            one.model_copy(update={"file": file, "delivery": delivery, "sheet": sheet.name})
            for sheet, one in asked
            if one
        ]
        self.known.ask(delivery, about)

    def answers_at_last(self, delivery: Delivery, sheets: Sequence[tuple[Sheet, Match | None]]) -> bool:
        """Whether a delivery that was taken in before holds a sheet that waited for a mapping known now."""
        confirmed = {sheet.name for sheet, found in sheets if found and found.confirmed}
        if self.confirmation is not None and confirmed:
            return True
        return any(
            one.delivery == delivery.delivery and one.sheet in confirmed for one in self.known.waiting()
        )

    def answered(self) -> list[str]:
        """The deliveries that wait for this intake's mapping, once it is kept."""
        if self.confirmation is None or not self.is_kept:
            return []
        given = self.confirmation.mapping
        return sorted(
            {
                one.delivery
                for one in self.known.waiting()
                if one.fingerprint == given.fingerprint and given.sender in (one.sender, mappings.EVERYONE)
            }
        )


def _may_be_more(found: Match) -> bool:
    return any(
        one.words > 0 or one.certainty >= LEAST_ASKED for ones in found.candidates.values() for one in ones
    )


def forget_reading(connection: store.Connection, delivery: str) -> None:
    """Take back one reading of a delivery, inside the caller's transaction: its rows, messages and quarantine.

    The kept original is read again in the same transaction, under the same name and place in the order of arrival.
    """
    for contract in contracts().values():
        store.run(connection, f'DELETE FROM "{contract.name}" WHERE _delivery = ?', [delivery])
    for table in ("delivery", "message", "quarantine"):
        store.run(connection, f"DELETE FROM {table} WHERE delivery = ?", [delivery])
