"""Decisions by hand about open items: take a rejected row in as it is, or withdraw it; each can be taken back."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from data_contracts.contract import contracts
from data_contracts.frames import frame
from data_contracts.gate import Gate
from data_contracts.mending.open_items import Item, Place, decisions, open_items
from data_contracts.mending.reopening import context_of, only_rows, reopen
from data_contracts.places import Places
from registry import deliveries
from registry.deliveries import Resolution
from registry.settings import Settings
from registry.store import Connection, insert, run
from registry.vault import Vault

BY_HAND = ("accept", "withdraw")
_NUMBER = re.compile(r"\d{11,}")


class ResolutionProblem(ValueError):
    """A decision that cannot be taken: a code, and what it is about."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(f"resolution: {code}")
        self.code, self.details = code, details


def resolve(
    settings: Settings,
    vault: Vault,
    connection: Connection,
    place: Place,
    how: str,
    reason: str,
    who: str,
    at: dt.datetime,
) -> Resolution:
    """Close an open item by hand; ResolutionProblem says why it cannot be.

    `accept` takes a rejected row in as it was sent, the checks that it failed waived and named; its key must be
    readable.  A warning is accepted by closing it.  `withdraw` closes a rejected row, sheet or file without taking
    anything in.
    """
    _check_words(reason, who)
    items = [item for item in open_items(connection) if _covers(place, item.place)]
    if not items:
        raise ResolutionProblem("no_open_item", delivery=place[0], sheet=place[1], row=place[2])
    is_rejected = any(item.severity != "accept_with_warning" for item in items)
    if how == "withdraw" and not is_rejected:
        raise ResolutionProblem("already_in")
    rows: dict[str, list[dict[str, Any]]] = {}
    if how == "accept" and is_rejected:
        if len(items) != 1 or items[0].severity != "reject_row":
            raise ResolutionProblem("nothing_to_take_in")
        rows = _taken_as_sent(settings, vault, connection, items[0])
    checks = sorted({m.check or m.code for item in items for m in item.messages if m.severity == "error"})
    run(connection, "BEGIN")
    try:
        for table, content in rows.items():
            insert(connection, table, frame(contracts()[table], content).to_arrow())
        made = deliveries.decide(
            connection, Resolution(0, *place, how, ",".join(checks), reason.strip(), who.strip(), at)
        )
        run(connection, "COMMIT")
    except BaseException:
        run(connection, "ROLLBACK")
        raise
    return made


def _covers(asked: Place, place: Place) -> bool:
    return asked[0] == place[0] and all(
        want is None or want == has for want, has in zip(asked[1:], place[1:], strict=True)
    )


def _check_words(reason: str, who: str) -> None:
    if not reason.strip() or not who.strip():
        raise ResolutionProblem("reason_missing")
    if _NUMBER.search(reason) or _NUMBER.search(who):
        raise ResolutionProblem("number_in_reason")


def _taken_as_sent(
    settings: Settings, vault: Vault, connection: Connection, item: Item
) -> dict[str, list[dict[str, Any]]]:
    """The rejected row's typed rows, by table, with the checks that it failed waived."""
    sheets = reopen(settings, vault, item.delivery)
    again = sheets.get(item.sheet or "")
    if again is None or again.match is None:
        raise ResolutionProblem("nothing_to_take_in")
    context = context_of(
        again, sheets, Places.from_registry(connection), vault, deliveries.forgotten(connection)
    )
    judged = Gate(again.match, context._replace(waives=True), connection).judge(
        only_rows(again, {item.row or 0})
    )
    main = again.match.form.main_table.table
    kept: dict[str, list[dict[str, Any]]] = {}
    for table, rows in judged.rows.items():
        whole = [row for row in rows if all(row.get(name) is not None for name in contracts()[table].key)]
        if whole:
            kept[table] = whole
    if main not in kept:
        lacking = [contracts()[main].column(name) for name in contracts()[main].key]
        raise ResolutionProblem(
            "key_unreadable", zh="、".join(c.zh for c in lacking), en=", ".join(c.en for c in lacking)
        )
    return kept


def undo(connection: Connection, number: int, reason: str, who: str, at: dt.datetime) -> Resolution:
    """Take a decision made by hand back: its item is open again, and the row it took in is gone."""
    _check_words(reason, who)
    taken = {one.number: one for one in decisions(connection)}
    one = taken.get(number)
    if one is None or one.how not in BY_HAND or number in {other.undoes for other in taken.values()}:
        raise ResolutionProblem("no_such_decision", number=number)
    run(connection, "BEGIN")
    try:
        if one.how == "accept" and one.checks and one.row is not None:
            for table in contracts():
                run(
                    connection,
                    f'DELETE FROM "{table}" WHERE _delivery = ? AND _sheet = ? AND _row = ?',
                    [one.delivery, one.sheet, one.row],
                )
        made = deliveries.decide(
            connection,
            Resolution(
                0,
                one.delivery,
                one.sheet,
                one.row,
                "undone",
                "",
                reason.strip(),
                who.strip(),
                at,
                None,
                number,
            ),
        )
        run(connection, "COMMIT")
    except BaseException:
        run(connection, "ROLLBACK")
        raise
    return made
