"""The row-level gate: one sheet of cells → typed rows of the contract tables, or quarantine with reason and place.

A cell that holds something unusable becomes unknown and is named in `_invalid`, so that "blank" and "unreadable"
stay apart; a row is rejected only where what makes it a row (its person, a required column) cannot be had.  The
contracts' cross-column checks run in DuckDB.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from data_contracts import values
from data_contracts.contract import Column, Contract, contracts
from data_contracts.form_rows import (
    Context,
    FormRow,
    Judged,
    as_day,
    check_of,
    column_of,
    masked,
    without_identity,
)
from data_contracts.forms import Form, FormColumn, FormTable
from data_contracts.frames import failing
from data_contracts.headings.headers import Match, column_letter, row_kind
from data_contracts.people import PersonReader
from data_contracts.row_keys import drop_repeats, key_values
from data_contracts.sheet_cells import from_1904, is_heading_again, merged_down
from registry.deliveries import Message
from registry.readers import Sheet
from registry.store import Connection


def _is_shown(message: Message) -> bool:
    return bool(message.found) and not str(message.found).startswith("(")


class Gate:
    """Judges the rows of one sheet against one form."""

    def __init__(self, match: Match, context: Context, connection: Connection) -> None:
        self.match, self.context, self.connection = match, context, connection
        self.form: Form = match.form
        self.index_of = {column.heading: index for index, column in match.columns.items()}
        self.messages: list[Message] = []
        self.forgotten: list[int] = []
        self.people = PersonReader(context.vault, context.places, context.forgotten)
        self._columns = {c.heading: column_of(c) for c in self.form.columns if c.writes}

    def judge(self, sheet: Sheet) -> Judged:
        """Type, check, and sort the sheet's rows."""
        ignored: Counter[str] = Counter()
        start = self.match.first_row + self.match.header_rows
        rows: list[FormRow] = []
        merged = merged_down(sheet, start)
        for index, cells in enumerate(sheet.rows):
            kind = row_kind(cells)
            if kind == "blank":
                continue
            if index < start:
                ignored["heading" if index >= self.match.first_row else "title"] += 1
            elif kind != "data":
                ignored[kind] += 1
            elif is_heading_again(self.match, cells):
                ignored["heading"] += 1
            else:
                rows.append(self._type_row(index, sheet, merged))
        for row in rows:
            self._write_tables(row)
        self._check_columns(rows)
        ignored.update(drop_repeats(self.form, rows, self.say))
        return self._account(sheet, [row for row in rows if row.number > 0], ignored)

    def say(self, row: FormRow, heading: str, severity: str, code: str, **more: str | None) -> None:
        """Add a message about one cell."""
        index = self.index_of.get(heading)
        letter = None if index is None else column_letter(index)
        sheet = self.context.sheet
        self.messages.append(Message(sheet, row.number, letter, heading or None, severity, code, **more))

    def _type_row(
        self, index: int, sheet: Sheet, merged: Mapping[tuple[int, int], tuple[str, str]]
    ) -> FormRow:
        row = FormRow(index + 1)
        first_message = len(self.messages)
        for place, form_column in self.match.columns.items():
            if not form_column.writes:
                continue
            column = self._columns[form_column.heading]
            text, kind = merged.get((index, place)) or (sheet.rows[index][place], sheet.kinds[index][place])
            if sheet.counts_from_1904 and column.type == "date":
                text = from_1904(text, kind)
            found = self._typed(form_column, column, text, kind)
            row.values[form_column.heading] = found.value
            if found.month_only:
                row.month_only.add(form_column.heading)
            if found.fault and form_column.writes == "person.id_no":
                row.values["@id_written"] = values.clean(text) or None
            if found.fault:
                self._cell_fault(row, form_column, column, found.fault, text)
            elif form_column.required and found.value is None:
                self._cell_fault(row, form_column, column, "required", "")
        findings = self.people.read(
            self.form, row.values, row.invalid, self.context.sender, self.context.reported_on
        )
        self._hide_shifted(row, first_message)
        for heading, code, severity in findings:
            if severity == "reject" and not (self.context.waives and code != "person_unidentified"):
                row.reasons.append((code, "person", code))
            self.say(
                row, heading, "error" if severity == "reject" else "warning", code, table="person", check=code
            )
        row.forgotten = bool(row.values.get("@forgotten"))
        if row.forgotten:
            self.forgotten.append(row.number)
        return row

    def _typed(self, form_column: FormColumn, column: Column, text: str, kind: str) -> values.Typed:
        found = values.typed(column, text, kind)
        if column.type == "area" and found.value is not None:
            # The ledger of areas is where new codes come from.
            is_new = form_column.target == ("area", "", "area_code")
            code = self.context.places.code(found.value) if is_new else self.context.places.area(found.value)
            found = values.Typed(code) if code else values.Typed(fault="unknown_area")
        if found.value is not None and column.not_in_future and found.value > self.context.reported_on:
            found = values.Typed(fault="in_the_future")
        return found

    def _hide_shifted(self, row: FormRow, first_message: int) -> None:
        """Repeat nothing of a row whose name or number is none: its cells may have slipped, names among them."""
        told = self.messages[first_message:]
        if any(m.code in ("not_a_name", "id_form") for m in told):
            shown = [m._replace(found=f"({len(m.found or '')})") if _is_shown(m) else m for m in told]
            self.messages[first_message:] = shown

    def _cell_fault(
        self, row: FormRow, form_column: FormColumn, column: Column, fault: str, text: str
    ) -> None:
        table = "relation" if form_column.target[0] == "carer" else form_column.target[0]
        if fault != "required":
            row.invalid.add(form_column.heading)
        check = check_of(column, fault)
        rejects = form_column.required and column.type not in ("name", "idno")
        if rejects and not self.context.waives:
            row.reasons.append((fault, table, check))
        self.say(
            row, form_column.heading, "error" if rejects else "warning", fault, table=table, check=check,
            expected=f"code:{column.vocabulary}" if column.vocabulary else column.type, found=masked(column, text),
        )  # fmt: skip

    def _write_tables(self, row: FormRow) -> None:
        if row.reasons:
            return
        by_place: dict[tuple[str, str], dict[str, str]] = {}
        for form_column in self.form.columns:
            table, instance, name = form_column.target
            by_place.setdefault((table, instance), {})[name] = form_column.heading
        for order, target in enumerate(self.form.tables):
            if any(row.values.get(heading) is not wanted for heading, wanted in target.only_when.items()):
                continue
            written = by_place.get((target.table, target.instance), {})
            content: dict[str, Any] = dict(target.constants)
            invalid = []
            for name, heading in {**written, **target.copies}.items():
                content[name] = row.values.get(heading)
                if heading in row.invalid:
                    invalid.append(name)
                if heading in row.month_only:
                    content["since_month_only"] = True
            self.people.fill(target, content, row.values, self.context.sender)
            facts = {k: v for k, v in content.items() if k not in target.constants and k != "child_ref"}
            optional = target.table not in (
                "person",
                "child",
                "enrolment_episode",
                self.form.main_table.table,
            )
            if optional and not invalid and all(value is None for value in facts.values()):
                continue
            content.update(self._system(row, target, order, invalid))
            row.tables.append((target, content))
            self._require(row, target, content, written)

    def _require(
        self, row: FormRow, target: FormTable, content: dict[str, Any], written: dict[str, str]
    ) -> None:
        """Reject a row whose required column has no heading of its own and could not be derived from one."""
        for column in contracts()[target.table].columns:
            if column.required and content.get(column.name) is None and column.name not in written:
                check = f"{column.name}_known"
                if not self.context.waives:
                    row.reasons.append(("not_derived", target.table, check))
                heading = written.get("school_name", "") if column.name == "org_code" else ""
                self.say(
                    row,
                    heading,
                    "error",
                    "not_derived",
                    table=target.table,
                    check=check,
                    expected=f"column:{target.table}.{column.name}",
                )

    def _system(self, row: FormRow, target: FormTable, order: int, invalid: list[str]) -> dict[str, Any]:
        known = row.values.get(target.known_from) or row.values.get(target.known_from_else)
        day = values.EARLIEST if target.always_known else as_day(known) or self.context.filled_in_on
        return {
            "_delivery": self.context.delivery,
            "_sheet": self.context.sheet,
            "_row": row.number,
            "_reported_on": self.context.reported_on,
            "_known_on": day if target.always_known else self._known_on(day),
            "_seq": self.context.seq,
            "_precedence": self.form.order * 100 + order,
            "_invalid": "," + ",".join(sorted(invalid)) + "," if invalid else "",
        }

    def _known_on(self, day: dt.date) -> dt.date:
        """A correction is known from the day it came, and no past table is changed by it."""
        return self.context.known_from or min(day, self.context.reported_on)

    def _check_columns(self, rows: Sequence[FormRow]) -> None:
        """Run each contract's cross-column checks in DuckDB and apply what they say."""
        for target in self.form.tables:
            contract = contracts()[target.table]
            if not contract.checks:
                continue
            held = [(row, content) for row in rows for at, content in row.tables if at is target]
            if not held:
                continue
            for place, check in failing(self.connection, contract, [content for _, content in held]):
                self._apply(*held[place], contract, target, check)

    def _apply(
        self, row: FormRow, content: dict[str, Any], contract: Contract, target: FormTable, which: int
    ) -> None:
        check = contract.checks[which]
        heading = next(
            (
                c.heading
                for c in self.form.columns
                if c.target == (target.table, target.instance, check.blames)
            ),
            "",
        )
        spared = check.unless is not None and bool(content.get(check.unless))
        effect = "unknown_cell" if check.effect == "reject_row" and spared else check.effect
        found = masked(contract.column(check.blames), str(content.get(check.blames)))
        severity = "error" if effect == "reject_row" else "warning"
        self.say(
            row, heading, severity, "check_failed", table=contract.name, check=check.id,
            expected=f"check:{contract.name}.{check.id}", found=found,
        )  # fmt: skip
        if effect == "reject_row":
            if not self.context.waives:
                row.reasons.append(("check_failed", contract.name, check.id))
        elif effect == "unknown_cell":
            content[check.blames] = None
            content["_invalid"] = (content["_invalid"] or ",") + check.blames + ","

    def _account(self, sheet: Sheet, rows: Sequence[FormRow], ignored: Counter[str]) -> Judged:
        tables: dict[str, list[dict[str, Any]]] = {}
        quarantined = []
        for row in rows:
            if row.reasons:
                kept = without_identity(self.match, sheet.rows[row.number - 1]) if row.forgotten else None
                cells = self.context.vault.seal("\x1f".join(kept or sheet.rows[row.number - 1]))
                code, table, check = row.reasons[0]
                key = key_values(self.form, row, self.people, self.context.sender)
                quarantined.append(
                    (self.context.sheet, row.number, self.form.id, table, check or code, cells, key)
                )
                continue
            for target, content in row.tables:
                tables.setdefault(target.table, []).append(content)
        accepted = len(rows) - len(quarantined)
        return Judged(tables, self.messages, accepted, quarantined, ignored, self.forgotten)
