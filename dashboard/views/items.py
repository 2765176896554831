"""Open items for the data officer: where something is wrong, what, how grave, and what it touches; no cell of a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from dashboard.access import Permission, Reader, require
from dashboard.texts import text
from dashboard.views.touching import reach_of, reach_words
from data_contracts.mending.open_items import Item, decisions, open_items
from data_contracts.mending.resolutions import BY_HAND
from data_contracts.mending.return_summary import finding
from registry import store as registry_store
from registry.deliveries import Resolution
from registry.settings import Settings

SEVERITIES = ("reject_file", "reject_row", "accept_with_warning")
SHOWN = 300
NO_SENDER = "-"  # a file that does not say who sent it
COLUMNS = ("sender", "severity", "problem", "file", "sheet", "row", "touched")
DECIDED = ("number", "how", "sender", "file", "sheet", "row", "reason", "who", "day")


class ItemsPage(NamedTuple):
    """All that the page shows; `items` are those of `rows`, `undoable` the decisions that may be taken back.

    `problem` says why the registry could not be looked at.
    """

    problem: str
    senders: dict[str, str]
    sender: str
    severities: dict[str, str]
    severity: str
    counts: dict[str, str]
    items: list[Item]
    rows: pl.DataFrame
    note: str
    decided: pl.DataFrame
    undoable: dict[str, str]


def items_page(
    store: Path, reader: Reader, lang: str, sender: str | None = None, severity: str | None = None
) -> ItemsPage:
    """The page for a sender and a severity, or for all; Forbidden without the right to take ledgers in."""
    require(reader, Permission.RUN_INTAKE)
    path = Settings.from_environment(store).registry_path
    try:
        every, taken = _read(path)
    except registry_store.StoreProblem:
        every, taken = [], []
        problem = text(lang, "items.busy" if path.exists() else "items.no_registry")
    else:
        problem = ""
    by_sender = Counter(item.delivery.sender or NO_SENDER for item in every)
    senders = {"": text(lang, "items.all_senders", n=len(every))}
    senders |= {name: f"{_sender(name, lang)} ({n})" for name, n in sorted(by_sender.items())}
    chosen = sender if sender in senders else ""
    own = [item for item in every if not chosen or (item.delivery.sender or NO_SENDER) == chosen]
    kinds = {"": text(lang, "items.all_severities")}
    kinds |= {one: text(lang, f"returns.severity_{one}") for one in SEVERITIES}
    kind = severity if severity in kinds else ""
    counts = Counter(item.severity for item in own)
    wanted = [item for item in own if not kind or item.severity == kind]
    note = text(lang, "items.more", shown=SHOWN, total=len(wanted)) if len(wanted) > SHOWN else ""
    return ItemsPage(
        problem, senders, chosen, kinds, kind, {kinds[one]: str(counts[one]) for one in SEVERITIES},
        wanted[:SHOWN], _rows(wanted[:SHOWN], lang), note, *_decided(taken, lang),
    )  # fmt: skip


def _read(path: Path) -> tuple[list[Item], list[tuple[Resolution, str, str]]]:
    """Open items, and every decision with the sender and file that it is about."""
    connection = registry_store.open_file(path, read_only=True)
    try:
        known = {
            name: (sender or NO_SENDER, file)
            for name, sender, file in registry_store.run(
                connection, "SELECT delivery, sender, file FROM delivery"
            )
        }
        taken = [(one, *known.get(one.delivery, (NO_SENDER, "—"))) for one in decisions(connection)]
        return open_items(connection), taken
    finally:
        connection.close()


def _sender(name: str, lang: str) -> str:
    return text(lang, "items.no_sender") if name == NO_SENDER else name


def _rows(items: Sequence[Item], lang: str) -> pl.DataFrame:
    rows = [
        (
            item.delivery.sender or text(lang, "items.no_sender"),
            text(lang, f"returns.severity_{item.severity}"), problem_words(item, lang),
            item.delivery.file, item.sheet, item.row, reach_words(reach_of(item), lang),
        )
        for item in items
    ]  # fmt: skip
    kinds = {text(lang, f"items.{name}"): pl.Int64 if name == "row" else pl.String for name in COLUMNS}
    return pl.DataFrame(rows, kinds, orient="row")


def problem_words(item: Item, lang: str) -> str:
    """What is wrong with an item, by heading."""
    parts = []
    for message in item.messages:
        said = finding(message, lang)
        if message.heading:
            said = text(lang, "items.under", heading=message.heading, column=message.column or "—", said=said)
        parts.append(said)
    return "\n".join(parts) or text(lang, "items.no_message")


def item_facts(item: Item, lang: str) -> dict[str, str]:
    """The chosen item, whole: where it stands, what is wrong, what it touches."""
    found = {
        "sender": item.delivery.sender or text(lang, "items.no_sender"),
        "file": item.delivery.file,
        "sheet": item.sheet or "",
        "row": str(item.row or ""),
        "severity": text(lang, f"returns.severity_{item.severity}"),
        "problem": problem_words(item, lang),
        "touched": reach_words(reach_of(item), lang),
    }
    return {text(lang, f"items.{name}"): words for name, words in found.items()}


def ways_out(item: Item) -> tuple[str, ...]:
    """What a person may decide: a doubtful row is in already, a whole sheet cannot be taken in as it is."""
    return {"reject_row": BY_HAND, "accept_with_warning": BY_HAND[:1], "reject_file": BY_HAND[1:]}[
        item.severity
    ]


def _decided(taken: Sequence[tuple[Resolution, str, str]], lang: str) -> tuple[pl.DataFrame, dict[str, str]]:
    undone = {one.undoes for one, _, _ in taken if one.how == "undone"}
    rows, undoable = [], {}
    for one, sender, file in reversed(taken):
        how = text(lang, f"items.how_{one.how}", number=one.undoes or 0)
        day = one.decided_at.date().isoformat()
        rows.append(
            (one.number, how, _sender(sender, lang), file, one.sheet, one.row, one.reason, one.who, day)
        )
        if one.how in BY_HAND and one.number not in undone:
            place = " · ".join(str(part) for part in (file, one.sheet, one.row) if part)
            undoable[f"{one.number}/{one.delivery}"] = f"{one.number} · {how} · {place}"
    kinds = {
        text(lang, f"items.{name}"): pl.Int64 if name in ("number", "row") else pl.String for name in DECIDED
    }
    return pl.DataFrame(rows[:SHOWN], kinds, orient="row"), undoable
