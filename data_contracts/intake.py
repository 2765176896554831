"""Takes deliveries in: reads files apart, judges their rows, keeps the originals, accounts for every row.

Rows read = accepted + quarantined + ignored with a reason, to the row, on every file.  A file is one transaction:
it is taken in whole or not at all, and the same bytes twice change nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from data_contracts import values
from data_contracts.arriving import files_in, sha256_of
from data_contracts.contract import contracts
from data_contracts.form_rows import Context, Judged
from data_contracts.forms import forms
from data_contracts.frames import frame
from data_contracts.gate import Gate
from data_contracts.headers import Match, match, nearest, row_kind
from data_contracts.places import Places, Sender
from data_contracts.remarks import about_columns, about_total
from registry import deliveries, readers, store
from registry.deliveries import Delivery, Message
from registry.readers import Limits, Reading, Sheet, Unreadable
from registry.settings import Settings
from registry.vault import Vault

_SENDER = re.compile(r"填报(?:单位|部门)[:：]\s*(\S+)")
_REPORTED = re.compile(r"(?:填报|报送|制表)(?:日期|时间)[:：]\s*(\S+)")
NOTES_WIDTH = 2  # a sheet whose rows fill no more cells than this is prose
_NOTES = re.compile("说明|示例|指引|instruction|example|notes", re.IGNORECASE)


class SheetOutcome(NamedTuple):
    """One sheet: what was judged, or why it was not, and the account of its rows."""

    form: str | None
    judged: Judged
    sender: Sender
    reported_on: dt.date | None


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
    items: Sequence[tuple[str, bytes]], limits: Limits, progress: Callable[[str], None]
) -> Iterator[Opened]:
    # Two folders may hold files of one name, so answers belong to files by their order.
    for (name, content), (_, result) in zip(items, readers.read_many(items, limits), strict=True):
        progress(name)
        if isinstance(result, Unreadable):
            yield Opened(name, content, None, result, [])
            continue
        matches = [
            (sheet, None if sheet.hidden else match(sheet.rows, sheet.kinds, _title(sheet)))
            for sheet in result.sheets
        ]
        yield Opened(name, content, result, None, matches)


def _title(sheet: Sheet) -> str:
    above = [cell for row in sheet.rows[:4] for cell in row if values.clean(cell)]
    return values.simplified(sheet.name + "　" + "　".join(above[:3]))


def _said(sheet: Sheet, before: int) -> tuple[str | None, dt.date | None]:
    """Who filled the sheet in and when, from the rows above its headings."""
    text = "　".join(values.simplified(cell) for row in sheet.rows[:before] for cell in row if cell)
    sender, reported = _SENDER.search(text), _REPORTED.search(text)
    day = values.date(reported[1]) if reported else values.BLANK
    return (sender[1] if sender else None), (None if day.fault else day.value)


class Intake:
    """One run of taking in, over one open registry."""

    def __init__(
        self,
        settings: Settings,
        vault: Vault,
        connection: store.Connection,
        received_on: dt.date,
        sender: str | None = None,
        limits: Limits = readers.DEFAULT_LIMITS,
    ) -> None:
        self.settings, self.vault, self.connection = settings, vault, connection
        self.received_on, self.named_sender, self.limits = received_on, sender, limits
        self.companions_on = received_on
        deliveries.make_tables(connection)
        for contract in contracts().values():
            store.run(connection, contract.ddl())
        self.places = Places.from_registry(connection)

    def take_in(
        self, paths: Sequence[Path], progress: Callable[[str], None] = lambda _: None
    ) -> list[FileOutcome]:
        """Take in files and folders, in an order in which area codes come first; outcomes in the order of names."""
        found = files_in(paths)
        bearable = [(name, path) for name, path in found if path.stat().st_size <= self.limits.unpacked_bytes]
        items = [(name, path.read_bytes()) for name, path in bearable]
        unread = [self._unread(name, path) for name, path in found if (name, path) not in bearable]
        opened = sorted(
            [*unread, *_open(items, self.limits, progress)], key=lambda file: (file.order, file.name)
        )
        stated = [day for file in opened for day in file.stated_days if day <= self.received_on]
        self.companions_on = max(stated, default=self.received_on)
        outcomes = [self._file(file) for file in opened]
        return sorted(outcomes, key=lambda outcome: outcome.file)

    def _unread(self, name: str, path: Path) -> Opened:
        """A file that is too large to be loaded: known by its bytes, and not kept."""
        limit = f"at most {self.limits.unpacked_bytes} bytes"
        problem = Unreadable("too_large", limit, f"{path.stat().st_size} bytes")
        return Opened(name, None, None, problem, [], sha256_of(path))

    def _file(self, file: Opened) -> FileOutcome:
        sha256 = file.sha256 or deliveries.fingerprint(file.content or b"")
        known = deliveries.already_known(self.connection, sha256)
        if known and not deliveries.is_worth_another_try(self.connection, known):
            return FileOutcome(file.name, known, [], already_known=True)
        if file.content is not None:
            deliveries.keep_original(self.settings.originals, sha256, file.content, self.vault)
        store.run(self.connection, "BEGIN")
        try:
            seq = known.seq if known else deliveries.next_seq(self.connection)
            if known:
                deliveries.forget(self.connection, known)
            outcome = self._judge_file(file, sha256, seq)
            store.run(self.connection, "COMMIT")
        except BaseException:
            store.run(self.connection, "ROLLBACK")
            raise
        if any(form in outcome.delivery.forms for form in ("area_codes", "school_list")):
            self.places = Places.from_registry(self.connection)
        return outcome

    def _judge_file(self, file: Opened, sha256: str, seq: int) -> FileOutcome:
        name = sha256[:12]
        if file.problem:
            message = Message(None, None, None, None, "error", "unreadable", found=file.problem.code)
            return self._close(file, sha256, name, seq, [], [message])
        outcomes = []
        in_order = sorted(file.matches, key=lambda pair: pair[1].form.order if pair[1] else 999)
        for sheet, found in in_order:
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
        return self._close(file, sha256, name, seq, outcomes, self._about_file(outcomes))

    def _insert(self, judged: Judged) -> None:
        for table, rows in sorted(judged.rows.items()):
            store.insert(self.connection, table, frame(contracts()[table], rows).to_arrow())

    def _sheet(self, file: Opened, sheet: Sheet, found: Match | None, name: str, seq: int) -> SheetOutcome:
        if sheet.hidden or found is None or found.missing:
            return self._unjudged(sheet, found)
        said, reported = _said(sheet, found.first_row)
        hint = _title(sheet) + "　" + file.name
        sender = self.places.sender(self.named_sender or said, hint)
        latest = min(reported or self.received_on, self.received_on)
        filled_in = min(reported or self.companions_on, self.received_on)
        context = Context(name, seq, sheet.name, sender, latest, filled_in, self.places, self.vault)
        judged = Gate(found, context, self.connection).judge(sheet)
        about = about_columns(sheet, found) + about_total(sheet, found)
        if judged.accepted + len(judged.quarantined) == 0:
            about.append(Message(sheet.name, None, None, None, "info", "empty_sheet"))
        return SheetOutcome(
            found.form.id, judged._replace(messages=about + judged.messages), sender, reported
        )

    def _unjudged(self, sheet: Sheet, found: Match | None) -> SheetOutcome:
        filled = [(i, row) for i, row in enumerate(sheet.rows) if row_kind(row) != "blank"]
        widths = [sum(1 for cell in row if values.clean(cell)) for _, row in filled]
        messages: list[Message] = []
        reason = None
        if sheet.hidden:
            reason = "hidden_sheet"
            messages.append(Message(sheet.name, None, None, None, "warning", "hidden_sheet"))
        elif (max(widths, default=0) <= NOTES_WIDTH and nearest(sheet.rows) is None) or (
            found is None and _NOTES.search(sheet.name)
        ):
            reason = "notes"
        if reason:
            empty = Judged({}, messages, 0, [], Counter({reason: len(filled)}))
            return SheetOutcome(None, empty, Sender(), None)
        if found:
            expected = f"{found.form.zh}：{'、'.join(found.missing)}"
            messages.append(Message(sheet.name, found.first_row + 1, None, None, "error", "missing_heading",
                                    expected=expected))  # fmt: skip
        else:
            close = nearest(sheet.rows)
            expected = f"{close[0].zh}（{'、'.join(close[1])}）" if close else "—"
            messages.append(Message(sheet.name, None, None, None, "error", "unknown_form", expected=expected))
        code = messages[-1].code
        quarantined = [
            (sheet.name, i + 1, "", None, code, self.vault.seal("\x1f".join(row))) for i, row in filled
        ]
        return SheetOutcome(None, Judged({}, messages, 0, quarantined, Counter()), Sender(), None)

    def _about_file(self, outcomes: Sequence[SheetOutcome]) -> list[Message]:
        messages: list[Message] = []
        seen = {outcome.form for outcome in outcomes if outcome.form}
        for form in forms().values():
            companions = {f.id for f in forms().values() if f.workbook and f.workbook == form.workbook}
            if form.main and form.id not in seen and companions & seen:
                messages.append(
                    Message(form.titles[0], None, None, None, "error", "missing_sheet", expected=form.zh)
                )
        rows = sum(o.judged.accepted + len(o.judged.quarantined) for o in outcomes)
        if rows == 0:
            messages.append(Message(None, None, None, None, "error", "empty_ledger"))
        return messages

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
