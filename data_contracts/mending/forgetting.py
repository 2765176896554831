"""A deletion request: everything that names a child goes, every count stays.

What goes: the name, the number and the family's names, telephones and notes in the typed rows, in the cells of rejected
rows, in the kept originals and in the published builds.  An original that names the child cannot stay as bytes; its
cells without the identity are kept in its place, so that rows can still be read again.  What stays: the row under its
keyed reference, with birth date, village and every fact that a figure counts.  The reference is remembered, so that
a later delivery is counted for the same child and brings no identity back.

Everything can be repeated: a call that was interrupted is finished by the next one.
Source: 个人信息保护法 47; 未成年人网络保护条例 34.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from data_contracts import values
from data_contracts.contract import contracts
from data_contracts.form_rows import without_identity
from data_contracts.gate import Gate
from data_contracts.headings.mappings import Mappings
from data_contracts.mending.reopening import Reopened, context_of, only_rows, sheets_of
from data_contracts.people import any_number
from data_contracts.places import Places
from data_contracts.same_child.identity import resolve
from registry import deliveries, overrides, store
from registry.deliveries import Delivery
from registry.readers import Reading, Unreadable
from registry.settings import Settings
from registry.vault import Vault

CHILD_TABLES_KEEP = {"worker"}  # staff are no one's family


class UnknownChild(ValueError):
    """No child of that id in this store."""


class Forgotten(NamedTuple):
    """What a deletion request changed.

    `unsearched` counts the kept files that nobody can read (a password, damage): they may still name the child.
    """

    child_id: str
    rows: int
    originals: int
    original_rows: int
    snapshots: int
    unsearched: int


class _Identity(NamedTuple):
    references: frozenset[str]  # under which the child's rows stand
    marks: frozenset[str]  # by which a later row is known again
    names: frozenset[str]
    numbers: frozenset[str]


def forget(settings: Settings, vault: Vault, child_id: str, at: dt.datetime) -> Forgotten:
    """Remove the identity of a child and of its family from the whole store; UnknownChild where there is none."""
    references = _references(settings, child_id)
    connection = store.open_file(settings.registry_path)
    try:
        deliveries.make_tables(connection)
        identity = _identity(connection, vault, references)
        originals, n_rows, unsearched = _clean_originals(settings, vault, connection, identity)
        rejected = _rejected_rows(settings, vault, connection, identity)
        rows = _clean_registry(connection, child_id, identity, rejected, vault, at)
    finally:
        connection.close()
    store.rewrite(settings.registry_path, settings.registry_path)
    snapshots = _clean_snapshots(settings, references | {child_id})
    return Forgotten(child_id, rows, originals, n_rows, snapshots, unsearched)


def _references(settings: Settings, child_id: str) -> frozenset[str]:
    """Every reference that the store holds for that child."""
    connection = store.memory()
    try:
        path = str(settings.registry_path).replace("'", "''")
        store.run(connection, f"ATTACH '{path}' AS registry (READ_ONLY)")
        resolve(connection, "registry")
        rows = store.run(connection, "SELECT child_ref FROM link WHERE child_id = ?", [child_id])
    finally:
        connection.close()
    if not rows:
        raise UnknownChild(child_id)
    return frozenset(row[0] for row in rows)


def _identity(connection: store.Connection, vault: Vault, references: frozenset[str]) -> _Identity:
    marks = ", ".join("?" * len(references))
    given = sorted(references)
    rows = store.run(
        connection,
        f"SELECT child_ref, alt_ref, name, id_no FROM person WHERE child_ref IN ({marks}) ORDER BY ALL",
        given,
    )
    names = frozenset(values.simplified(name) for row in rows if (name := vault.open(row[2])))
    numbers = frozenset(number for row in rows if (number := vault.open(row[3])))
    had_number = any(ref != alt for ref, alt, _, _ in rows)
    alone = {alt for _, alt, _, _ in rows if alt and not _shared(connection, alt, given)}
    known_again = set(references) | alone | {vault.reference("forgotten", name) for name in names}
    if not had_number:
        known_again |= {any_number(alt) for alt in alone}
    return _Identity(references, frozenset(known_again), names, numbers)


def _shared(connection: store.Connection, alt: str, references: Sequence[str]) -> bool:
    """Whether somebody else has that name, village and birth date too."""
    marks = ", ".join("?" * len(references))
    return bool(
        store.run(
            connection,
            f"SELECT 1 FROM person WHERE alt_ref = ? AND child_ref <> alt_ref AND child_ref NOT IN ({marks}) LIMIT 1",
            [alt, *references],
        )
    )


def _clean_originals(
    settings: Settings, vault: Vault, connection: store.Connection, identity: _Identity
) -> tuple[int, int, int]:
    """(kept files changed, their rows changed, files that cannot be searched)."""
    changed, n_rows, unsearched = 0, 0, 0
    places = Places.from_registry(connection)
    for row in store.run(connection, "SELECT * FROM delivery ORDER BY seq"):
        delivery = Delivery(*row)
        try:
            reading = deliveries.cells(settings.originals, delivery.sha256, vault)
        except Unreadable:
            unsearched += 1
            continue
        sheets = sheets_of(delivery, reading, Mappings(settings.mappings))
        cleaned = {
            name: _clean_sheet(again, sheets, places, vault, connection, identity)
            for name, again in sheets.items()
        }
        if any(cleaned.values()):
            changed += 1
            n_rows += sum(len(rows) for rows in cleaned.values())
            deliveries.keep_cells(settings.originals, delivery.sha256, _replaced(reading, cleaned), vault)
    return changed, n_rows, unsearched


def _rejected_rows(
    settings: Settings, vault: Vault, connection: store.Connection, identity: _Identity
) -> dict[tuple[str, str, int], list[str]]:
    """The rejected rows that still name the child, with the cells that the cleaned originals now hold."""
    named: dict[str, list[tuple[str, str, int]]] = {}
    rows = store.run(connection, 'SELECT delivery, sheet, "row", cells FROM quarantine')
    for delivery, sheet, row, cells in rows:
        if any(_names(cell, identity) for cell in (vault.open(cells) or "").split("\x1f")):
            named.setdefault(delivery, []).append((delivery, sheet, row))
    found: dict[tuple[str, str, int], list[str]] = {}
    for name, places in named.items():
        ((sha256,),) = store.run(connection, "SELECT sha256 FROM delivery WHERE delivery = ?", [name])
        reading = deliveries.cells(settings.originals, sha256, vault)
        kept = {sheet.name: sheet.rows for sheet in reading.sheets}
        found.update({place: kept[place[1]][place[2] - 1] for place in places})
    return found


def _replaced(reading: Reading, cleaned: dict[str, dict[int, list[str]]]) -> Reading:
    sheets = []
    for sheet in reading.sheets:
        rows = [cleaned[sheet.name].get(index + 1, row) for index, row in enumerate(sheet.rows)]
        sheets.append(sheet._replace(rows=rows))
    return reading._replace(sheets=sheets)


def _clean_sheet(
    again: Reopened,
    others: dict[str, Reopened],
    places: Places,
    vault: Vault,
    connection: store.Connection,
    identity: _Identity,
) -> dict[int, list[str]]:
    """The rows of a sheet that name the child, without what names it, by row number."""
    suspects = {
        index + 1: row
        for index, row in enumerate(again.sheet.rows)
        if any(_names(cell, identity) for cell in row)
    }
    about: set[int] = set()
    typed: set[int] = set()
    if again.match and suspects:
        typed = {number for number in suspects if number > again.first_data_row}
        context = context_of(again, others, places, vault, identity.marks)
        gate = Gate(again.match, context, connection)
        gate.judge(only_rows(again, typed))
        about = set(gate.forgotten)
    cleaned: dict[int, list[str]] = {}
    for number, row in suspects.items():
        kept = without_identity(again.match, row) if number in about and again.match else list(row)
        is_other = number in typed and number not in about
        cleaned[number] = ["" if _names(cell, identity, number_only=is_other) else cell for cell in kept]
    return {number: row for number, row in cleaned.items() if row != again.sheet.rows[number - 1]}


def _names(cell: str, identity: _Identity, number_only: bool = False) -> bool:
    """Whether a cell holds the child's number, or its name (another child's row may hold the same name)."""
    if not cell:
        return False
    written = values.simplified(values.person_name(cell).value or cell).upper().replace(" ", "")
    if any(number in written for number in identity.numbers):
        return True
    return not number_only and any(name.upper() in written for name in identity.names)


def _clean_registry(
    connection: store.Connection,
    child_id: str,
    identity: _Identity,
    rejected: dict[tuple[str, str, int], list[str]],
    vault: Vault,
    at: dt.datetime,
) -> int:
    marks, given = ", ".join("?" * len(identity.references)), sorted(identity.references)
    changed = 0
    store.run(connection, "BEGIN")
    try:
        for contract in contracts().values():
            hidden = [column.name for column in contract.columns if column.classification == "identity"]
            if contract.has_child and hidden and contract.name not in CHILD_TABLES_KEEP:
                empty = ", ".join(f'"{name}" = NULL' for name in hidden)
                where = f"child_ref IN ({marks})"
                changed += len(
                    store.run(
                        connection, f'UPDATE "{contract.name}" SET {empty} WHERE {where} RETURNING 1', given
                    )
                )
        for place, cells in rejected.items():
            store.run(
                connection,
                'UPDATE quarantine SET cells = ? WHERE delivery = ? AND sheet = ? AND "row" = ?',
                [vault.seal("\x1f".join(cells)), *place],
            )
        for mark in sorted(identity.marks):
            store.run(connection, "INSERT OR IGNORE INTO forgotten VALUES (?, ?, ?)", [mark, child_id, at])
        changed += overrides.forget_words(connection, sorted(identity.references | {child_id}))
        store.run(connection, "COMMIT")
    except BaseException:
        store.run(connection, "ROLLBACK")
        raise
    return changed


def _clean_snapshots(settings: Settings, references: frozenset[str]) -> int:
    """Every published build without the identity, under a new name; the pointer moves where it is the current one."""
    marks, given = ", ".join("?" * len(references)), sorted(references)
    current = store.current(settings.store) if (settings.store / "current.json").exists() else {}
    cleaned = 0
    for path in sorted(settings.snapshots.glob("*.duckdb")):
        connection = store.open_file(path)
        try:
            columns = [
                row[0]
                for row in store.run(
                    connection, "SELECT column_name FROM duckdb_columns() WHERE table_name = 'identity'"
                )
            ]
            hidden = [name for name in columns if name in ("name", "id_no", "phone", "address")]
            if not hidden:
                continue
            empty = ", ".join(f'"{name}" = NULL' for name in hidden)
            store.run(connection, f"UPDATE identity SET {empty} WHERE child_id IN ({marks})", given)
        finally:
            connection.close()
        target = _free_name(path)
        store.rewrite(path, target)
        if current.get("file") == path.name:
            store.publish(settings.store, target.name, current)
        path.unlink()
        cleaned += 1
    return cleaned


def _free_name(path: Path) -> Path:
    base = path.stem.split("-")[0]
    number = 1
    while (target := path.with_name(f"{base}-{number}{path.suffix}")).exists():
        number += 1
    return target
