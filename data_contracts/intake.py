"""Takes deliveries in: reads files apart, judges their rows, keeps the originals, accounts for every row.

Rows read = accepted + quarantined + ignored with a reason, to the row, on every file.  A file is one transaction:
it is taken in whole or not at all, and the same bytes twice change nothing.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from data_contracts import grown
from data_contracts.arriving import files_in, sha256_of
from data_contracts.contract import contracts
from data_contracts.form_rows import Context, Judged, without_rows
from data_contracts.frames import frame
from data_contracts.gate import Gate
from data_contracts.headings.headers import Match
from data_contracts.headings.mappings import Mappings
from data_contracts.headings.stated import said as _said
from data_contracts.headings.stated import title as _title
from data_contracts.headings.unforeseen import Confirmation, Unforeseen, forget_reading
from data_contracts.mending.answers import Answer, marker_remarks
from data_contracts.places import Places
from data_contracts.remarks import about_columns, about_examples, about_total
from data_contracts.sheet_outcomes import SheetOutcome, about_file, unjudged
from registry import deliveries, readers, store
from registry.deliveries import Delivery, Message
from registry.readers import Limits, Reading, Sheet, Unreadable
from registry.settings import Settings
from registry.vault import Vault


class FileOutcome(NamedTuple):
    """One file as the command line reports it."""

    file: str
    delivery: Delivery
    messages: list[Message]
    already_known: bool = False


class Opened(NamedTuple):
    """A file that was read (or not), with the forms of its sheets, before anything is written.

    `content` is None for a file too large to be loaded, whose `sha256` is given instead.
    """

    name: str
    content: bytes | None
    reading: Reading | None
    problem: Unreadable | None
    matches: list[tuple[Sheet, Match | None]]
    sha256: str = ""

    @property
    def stated_days(self) -> list[dt.date]:
        """The days on which its sheets say that they were filled in."""
        days = (_said(sheet, found.first_row)[1] for sheet, found in self.matches if found)
        return [day for day in days if day]

    @property
    def order(self) -> int:
        """Area codes come before what names areas."""
        return min((m.form.order for _, m in self.matches if m), default=999)


def _open(
    items: Sequence[tuple[str, bytes]],
    limits: Limits,
    progress: Callable[[str], None],
    unforeseen: Unforeseen,
) -> Iterator[Opened]:
    # Two folders may hold files of one name, so answers belong to files by their order.
    for (name, content), (_, result) in zip(items, readers.read_many(items, limits), strict=True):
        progress(name)
        if isinstance(result, Unreadable):
            yield Opened(name, content, None, result, [])
            continue
        matches = [(sheet, unforeseen.match(sheet)) for sheet in result.sheets]
        yield Opened(name, content, result, None, matches)


class Intake:
    """One run of taking in, over one open registry."""

    def __init__(
        self,
        settings: Settings,
        vault: Vault,
        connection: store.Connection,
        received_on: dt.date,
        sender: str | None = None,
        confirmation: Confirmation | None = None,
        limits: Limits = readers.DEFAULT_LIMITS,
    ) -> None:
        self.settings, self.vault, self.connection = settings, vault, connection
        self.received_on, self.named_sender, self.limits = received_on, sender, limits
        self.companions_on = received_on
        self.unforeseen = Unforeseen(Mappings(settings.mappings), sender, confirmation)
        deliveries.make_tables(connection)
        grown.make_tables(connection)
        self.places = Places.from_registry(connection)
        self.forgotten = deliveries.forgotten(connection)

    def take_in(
        self,
        paths: Sequence[Path],
        progress: Callable[[str], None] = lambda _: None,
        again: Sequence[str] = (),
    ) -> list[FileOutcome]:
        """Take in files and folders, in an order in which area codes come first; outcomes in the order of names.

        `again` names deliveries to read again from their kept originals.  MappingProblem where this intake's
        mapping is about none of the files.
        """
        found = files_in(paths)
        bearable = [(name, path) for name, path in found if path.stat().st_size <= self.limits.unpacked_bytes]
        items = [(name, path.read_bytes()) for name, path in bearable]
        unread = [self._unread(name, path) for name, path in found if (name, path) not in bearable]
        read = _open(items, self.limits, progress, self.unforeseen)
        opened = sorted([*unread, *read], key=lambda file: (file.order, file.name))
        if items:
            self.unforeseen.confirm()
        stated = [day for file in opened for day in file.stated_days if day <= self.received_on]
        self.companions_on = max(stated, default=self.received_on)
        outcomes = [self._file(file) for file in opened]
        outcomes += [self._again(name) for name in again]
        done = {outcome.delivery.delivery for outcome in outcomes}
        outcomes += [self._again(name) for name in self.unforeseen.answered() if name not in done]
        return sorted(outcomes, key=lambda outcome: outcome.file)

    def _again(self, name: str) -> FileOutcome:
        """Read a kept original again, as received on its day; StoreProblem for a delivery that is not here."""
        known = deliveries.named(self.connection, name)
        reading = deliveries.cells(self.settings.originals, known.sha256, self.vault)
        asked = [one for one in self.unforeseen.known.waiting() if one.delivery == known.delivery]
        sender = next((one.sender for one in asked if one.sender_given), self.named_sender)
        one = Intake(self.settings, self.vault, self.connection, known.received_on, sender)
        one.unforeseen = self.unforeseen.for_sender(sender)
        one.companions_on = deliveries.companions_on(self.connection, known.received_on)
        matches = [(sheet, one.unforeseen.match(sheet)) for sheet in reading.sheets]
        file = Opened(known.file, b"", reading, None, matches)
        one.unforeseen.confirm()
        self.unforeseen.is_kept |= one.unforeseen.is_kept
        return one.read(file, known.sha256, known)

    def _unread(self, name: str, path: Path) -> Opened:
        """A file that is too large to be loaded: known by its bytes, and not kept."""
        limit = f"at most {self.limits.unpacked_bytes} bytes"
        problem = Unreadable("too_large", limit, f"{path.stat().st_size} bytes")
        return Opened(name, None, None, problem, [], sha256_of(path))

    def _file(self, file: Opened) -> FileOutcome:
        sha256 = file.sha256 or deliveries.fingerprint(file.content or b"")
        known = deliveries.already_known(self.connection, sha256)
        if known and deliveries.is_worth_another_try(self.connection, known):
            return self.read(file, sha256, known)
        if known and self.unforeseen.answers_at_last(known, file.matches):
            return self._again(known.delivery)._replace(file=file.name)
        if known:
            return FileOutcome(file.name, known, [], already_known=True)
        if file.content is not None:
            deliveries.keep_original(self.settings.originals, sha256, file.content, self.vault)
        return self.read(file, sha256)

    def read(self, file: Opened, sha256: str, earlier: Delivery | None = None) -> FileOutcome:
        """Read a file in one transaction, in place of its earlier reading where there is one."""
        store.run(self.connection, "BEGIN")
        try:
            if earlier:
                forget_reading(self.connection, earlier.delivery)
            outcome = self._judge_file(file, sha256, earlier)
            self.unforeseen.ask(outcome.delivery.delivery, file.name, file.matches)
            store.run(self.connection, "COMMIT")
        except BaseException:
            store.run(self.connection, "ROLLBACK")
            raise
        if any(form in outcome.delivery.forms for form in ("area_codes", "school_list")):
            self.places = Places.from_registry(self.connection)
        return outcome

    def _judge_file(self, file: Opened, sha256: str, earlier: Delivery | None) -> FileOutcome:
        seq = earlier.seq if earlier else deliveries.next_seq(self.connection)
        name = sha256[:12]
        if file.problem:
            message = Message(None, None, None, None, "error", "unreadable", found=file.problem.code)
            return self._close(file, sha256, name, seq, [], [message])
        outcomes = []
        answer = Answer.to(file.reading, self.settings, self.vault, self.connection)
        if answer:
            file = file._replace(matches=answer.matches(file.matches))
        in_order = sorted(file.matches, key=lambda pair: pair[1].form.order if pair[1] else 999)
        for sheet, found in in_order:
            if answer and answer.speaks_of(sheet):
                outcome = SheetOutcome(*answer.judge(sheet, found, name, seq, self.received_on, self.places))
            else:
                outcome = self._sheet(file, sheet, found, name, seq)
            outcomes.append(outcome)
            if found and found.form.id in ("area_codes", "school_list"):
                self._insert(outcome.judged)
                self.places = Places.from_registry(self.connection)
        merged: dict[str, list[dict[str, Any]]] = {}
        for outcome in outcomes:
            if outcome.form not in ("area_codes", "school_list"):
                for table, rows in outcome.judged.rows.items():
                    merged.setdefault(table, []).extend(rows)
        if "person" in merged:
            merged["person"] = _once_each(merged["person"])
        self._insert(Judged(merged, [], 0, [], Counter()))
        if any(outcome.judged.forgotten for outcome in outcomes):
            pairs = zip(in_order, outcomes, strict=True)
            redacted = [without_rows(*pair, outcome.judged.forgotten) for pair, outcome in pairs]
            kept = (file.reading or Reading("", None, None, []))._replace(sheets=redacted)
            deliveries.keep_cells(self.settings.originals, sha256, kept, self.vault)
        about = answer.remarks if answer else about_file(outcomes)
        return self._close(file, sha256, name, seq, outcomes, about + marker_remarks(file.reading, answer))

    def _insert(self, judged: Judged) -> None:
        for table, rows in sorted(judged.rows.items()):
            store.insert(self.connection, table, frame(contracts()[table], rows).to_arrow())

    def _sheet(self, file: Opened, sheet: Sheet, found: Match | None, name: str, seq: int) -> SheetOutcome:
        if sheet.hidden or found is None or found.missing:
            return unjudged(self.vault, sheet, found)
        said, reported = _said(sheet, found.first_row)
        hint = _title(sheet) + "　" + file.name
        sender = self.places.sender(self.named_sender or said, hint)
        latest = min(reported or self.received_on, self.received_on)
        filled_in = min(reported or self.companions_on, self.received_on)
        context = Context(
            name, seq, sheet.name, sender, latest, filled_in, self.places, self.vault, None, self.forgotten
        )
        judged = Gate(found, context, self.connection).judge(sheet)
        about = about_columns(sheet, found) + about_total(sheet, found) + about_examples(sheet, found)
        if judged.accepted + len(judged.quarantined) == 0:
            about.append(Message(sheet.name, None, None, None, "info", "empty_sheet"))
        return SheetOutcome(
            found.form.id, judged._replace(messages=about + judged.messages), sender, reported
        )

    def _close(
        self,
        file: Opened,
        sha256: str,
        name: str,
        seq: int,
        outcomes: Sequence[SheetOutcome],
        messages: list[Message],
    ) -> FileOutcome:
        accepted = sum(o.judged.accepted for o in outcomes)
        quarantined = [row for o in outcomes for row in o.judged.quarantined]
        ignored: Counter[str] = sum((o.judged.ignored for o in outcomes), Counter())
        messages = messages + [m for o in outcomes for m in o.judged.messages]
        failed = bool(quarantined) or any(m.severity == "error" for m in messages)
        status = "accepted" if not failed else "partly" if accepted else "rejected"
        delivery = Delivery(
            name, sha256, file.name, ",".join(sorted({o.form for o in outcomes if o.form})),
            next((o.sender.name for o in outcomes if o.sender.name), self.named_sender),
            next((o.reported_on for o in outcomes if o.reported_on), None),
            self.received_on, seq, status,
            accepted + len(quarantined) + sum(ignored.values()), accepted, len(quarantined), sum(ignored.values()),
            ",".join(f"{reason}={count}" for reason, count in sorted(ignored.items())),
        )  # fmt: skip
        deliveries.record(self.connection, delivery, messages, quarantined)
        return FileOutcome(file.name, delivery, messages)


def _once_each(people: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A person once for each form of a delivery, however many of its rows are about that person."""
    first: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in people:
        first.setdefault((row["child_ref"], row["source"]), row)
    return list(first.values())
