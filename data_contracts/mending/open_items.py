"""What is still to be mended: open items by sender, and how each was closed.

An item is one row that was rejected or taken in with a warning, or one sheet or file that was refused.  It is closed
by a corrected return, by a person (`accept`, `withdraw`), or by a newer report about the same thing; the last is
seen from the tables themselves and never written down.  Decisions are only added; one takes back another.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import polars as pl

from data_contracts.contract import contracts
from data_contracts.forms import forms
from registry.deliveries import Delivery, Message, Resolution
from registry.store import Connection, run

# Told about a row, but about the sheet as a whole.
SHEET_CODES = ("heading_by_content", "unknown_heading", "total_differs", "missing_heading")
MENTION = "person"
NOTHING_TO_DO = ("repeated_row",)

Place = tuple[str, str | None, int | None]  # delivery, sheet, row


class Item(NamedTuple):
    """Something to mend: `severity` is `reject_row`, `accept_with_warning` or `reject_file`."""

    delivery: Delivery
    sheet: str | None
    row: int | None
    severity: str
    form: str | None
    messages: list[Message]

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.delivery.delivery, self.sheet, self.row


def column_behind(item: Item, message: Message) -> tuple[str, str] | None:
    """(table, column) of the contract that a message is about, by its heading; None where it is about none."""
    candidates = [item.form] if item.form else item.delivery.forms.split(",")
    for form_id in candidates:
        for column in forms()[form_id].columns if form_id in forms() else ():
            if column.heading == message.heading and column.writes:
                table, _, name = column.target
                return (table, "worker_name") if (table, name) == ("worker", "name") else (table, name)
    return None


def tables_lost(item: Item) -> list[str]:
    """The tables that a rejected row would have written; none where its form is not known.

    Every form mentions whom its rows are about; that mention is no loss where the row has a table of its own.
    """
    if item.severity == "accept_with_warning" or item.form is None:
        return []
    lost = {table.table for table in forms()[item.form].tables}
    return sorted(lost - {MENTION} or lost)


def open_items(connection: Connection, sender: str | None = None) -> list[Item]:
    """Everything still to be mended, by order of arrival, sheet and row."""
    found = {d[0]: Delivery(*d) for d in run(connection, "SELECT * FROM delivery ORDER BY seq")}
    items = _all_items(connection, found)
    closed, over = _in_force(connection), _superseded(connection)
    replaced = _sent_again(found.values())
    return [
        item
        for item in items
        if (sender is None or item.delivery.sender == sender)
        and not _is_closed(item.place, closed)
        and item.place not in over
        and not (item.row is None and item.delivery.delivery in replaced)
    ]


def open_places(connection: Connection, registry: str = "") -> set[Place]:
    """Where something is still to be mended; with `registry` in the database attached under that name."""
    with _within(connection, registry):
        return {item.place for item in open_items(connection)}


def replaced_places(connection: Connection, registry: str = "") -> set[Place]:
    """Rows that are in the registry and whose place a corrected return or a newer report has taken."""
    with _within(connection, registry):
        answered = {
            (one.delivery, one.sheet, one.row)
            for one in decisions(connection)
            if one.how in ("returned", "replaced")
        }
        return answered | _superseded(connection)


@contextmanager
def _within(connection: Connection, registry: str) -> Iterator[None]:
    """Unqualified names mean the tables of an attached database for a while."""
    if not registry:
        yield
        return
    before = run(connection, "SELECT current_database(), current_schema()")[0]
    run(connection, f'USE "{registry}"')
    try:
        yield
    finally:
        run(connection, f'USE "{before[0]}"."{before[1]}"')


def _all_items(connection: Connection, found: dict[str, Delivery]) -> list[Item]:
    rejected = {
        (delivery, sheet, row): form
        for delivery, sheet, row, form in run(
            connection, "SELECT delivery, sheet, \"row\", form FROM quarantine WHERE form <> ''"
        )
    }
    told: dict[Place, list[Message]] = defaultdict(list)
    for name, message in _messages(connection):
        about_row = message.row is not None and message.code not in SHEET_CODES
        told[name, message.sheet, message.row if about_row else None].append(message)
    for place in rejected:
        told.setdefault(place, [])
    items = []
    for place, messages in told.items():
        delivery = found[place[0]]
        form = rejected.get(place)
        if form is None and place[2] is not None:
            form = _only_form(delivery)
        items.append(Item(delivery, place[1], place[2], _severity(place, messages, rejected), form, messages))
    return sorted(items, key=lambda item: (item.delivery.seq, item.sheet or "", item.row or 0))


def _only_form(delivery: Delivery) -> str | None:
    named = delivery.forms.split(",")
    return named[0] if len(named) == 1 and named[0] in forms() else None


def _severity(place: Place, messages: Sequence[Message], rejected: dict[Place, str]) -> str:
    if place in rejected:
        return "reject_row"
    if place[2] is None and any(message.severity == "error" for message in messages):
        return "reject_file"
    return "accept_with_warning"


def _messages(connection: Connection) -> Iterable[tuple[str, Message]]:
    passed_over = ", ".join(f"'{code}'" for code in NOTHING_TO_DO)
    rows = run(
        connection,
        'SELECT delivery, sheet, "row", "column", heading, severity, code, table_name, check_id, expected, found '
        f"FROM message WHERE severity IN ('error', 'warning') AND code NOT IN ({passed_over}) ORDER BY ALL",
    )
    return [(row[0], Message(*row[1:])) for row in rows]


def decisions(connection: Connection) -> list[Resolution]:
    """Every decision, the oldest first; none in a registry from before there were any."""
    if not run(connection, "SELECT 1 FROM information_schema.tables WHERE table_name = 'resolution' "
               "AND table_catalog = current_database()"):  # fmt: skip
        return []
    return [Resolution(*row) for row in run(connection, "SELECT * FROM resolution ORDER BY number")]


def _in_force(connection: Connection) -> set[Place]:
    taken = decisions(connection)
    undone = {one.undoes for one in taken if one.how == "undone"}
    return {
        (one.delivery, one.sheet, one.row)
        for one in taken
        if one.how != "undone" and one.number not in undone
    }


def _is_closed(place: Place, closed: set[Place]) -> bool:
    delivery, sheet, _ = place
    return place in closed or (delivery, sheet, None) in closed or (delivery, None, None) in closed


def _sent_again(found: Iterable[Delivery]) -> set[str]:
    """Deliveries whose file came again, under the same name, and was taken in."""
    newest: dict[str, int] = {}
    every = list(found)
    for delivery in every:
        if delivery.rows_accepted:
            newest[delivery.file] = max(newest.get(delivery.file, 0), delivery.seq)
    return {delivery.delivery for delivery in every if newest.get(delivery.file, 0) > delivery.seq}


def _superseded(connection: Connection) -> set[Place]:
    """Rows about something that a newer report speaks of: rejected ones by their key, the others by their own row."""
    main = sorted({form.main_table.table for form in forms().values()})
    found: set[Place] = set()
    for table in main:
        key = contracts()[table].key
        same = " AND ".join(f'n."{name}" = o."{name}"' for name in key)
        found |= {
            (delivery, sheet, row)
            for delivery, sheet, row in run(
                connection,
                f'SELECT DISTINCT o._delivery, o._sheet, o._row FROM "{table}" o JOIN message m '
                'ON m.delivery = o._delivery AND m.sheet = o._sheet AND m."row" = o._row '
                f'JOIN "{table}" n ON {same} AND n._delivery <> o._delivery '
                "AND (n._reported_on, n._seq) > (o._reported_on, o._seq)",
            )
        }
        found |= _rejected_and_superseded(connection, table, key)
    return found


def _rejected_and_superseded(connection: Connection, table: str, key: Sequence[str]) -> set[Place]:
    of_table = [form.id for form in forms().values() if form.main_table.table == table]
    waiting = run(
        connection,
        'SELECT q.delivery, q.sheet, q."row", q.key_values, d.seq, coalesce(d.reported_on, d.received_on) '
        f"FROM quarantine q JOIN delivery d USING (delivery) WHERE q.form IN ({', '.join('?' * len(of_table))}) "
        "AND q.key_values IS NOT NULL",
        of_table,
    )
    if not waiting:
        return set()
    held = pl.DataFrame(
        [(*row[:3], row[4], row[5], *json.loads(row[3])) for row in waiting],
        schema=["delivery", "sheet", "row", "seq", "day", *(f"k{i}" for i in range(len(key)))],
        orient="row",
    )
    connection.register("waiting", held.to_arrow())
    same = " AND ".join(f'CAST(n."{name}" AS VARCHAR) = w.k{i}' for i, name in enumerate(key))
    try:
        rows = run(
            connection,
            f'SELECT DISTINCT w.delivery, w.sheet, w."row" FROM waiting w JOIN "{table}" n ON {same} '
            "AND n._delivery <> w.delivery AND n._seq > w.seq AND n._reported_on >= w.day",
        )
    finally:
        connection.unregister("waiting")
    return {(delivery, sheet, row) for delivery, sheet, row in rows}
