"""Moving children by hand: with the right, inside one's areas, with a reason, and a row in the access log."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dashboard.access import Permission, Reader, Role, require, require_area
from dashboard.audit import Action, append
from dashboard.desk import Desk
from dashboard.snapshot import Snapshot
from models.screening.by_hand.proposing import Standing, Wish, check_words, propose, standing_of
from models.screening.rulebook.in_force import used_by
from models.screening.rulebook.lanes import Tiers
from registry import decisions, overrides, store
from registry.overrides import Override, OverrideProblem
from registry.settings import Settings
from registry.vault import Vault


def asker(snapshot: Snapshot) -> Any:
    """The build's answers to a query with values, as rows by name."""

    def ask(query: str, values: Sequence[Any]) -> list[dict[str, Any]]:
        return snapshot.frame(query, *values).to_dicts()

    return ask


def made_so_far(place: Path) -> list[Override] | None:
    """All moves of the store, oldest first; None where another process holds the registry or there is none."""
    try:
        connection = decisions.in_registry(_registry(place), read_only=True)
    except store.StoreProblem:
        return None
    try:
        return overrides.overrides(connection)
    finally:
        connection.close()


def rules_of(snapshot: Snapshot, target: str) -> Tiers:
    """The rules by which the build made its list; they may be the district's own."""
    return used_by(lambda sql: snapshot.frame(sql).rows())[target].rules.rules


def place_of(snapshot: Snapshot, target: str, child: str) -> Standing:
    """Where the build puts the child; OverrideProblem `not_listed` where it is not on the list."""
    rules = rules_of(snapshot, target)
    found = standing_of(asker(snapshot), rules, child) if snapshot.has("moved_child") else None
    if found is None:
        raise OverrideProblem("not_listed")
    return found


def move(
    place: Path,
    desk: Desk,
    reader: Reader,
    snapshot: Snapshot,
    vault: Vault,
    asked: tuple[str, str],
    wish: Wish,
) -> Override:
    """Write a move of (child, target) down; the list follows at the next build.

    Forbidden without the right or outside the reader's areas; OverrideProblem says what stands against it; StoreBusy
    while another process writes.
    """
    require(reader, Permission.OVERRIDE)
    child, target = asked
    standing = place_of(snapshot, target, child)
    require_area(reader, standing.village_code)
    return write(place, desk, (reader.user, reader.role), vault, standing, wish, snapshot)


def write(
    place: Path,
    desk: Desk,
    who: tuple[str, Role | None],
    vault: Vault,
    standing: Standing,
    wish: Wish,
    snapshot: Snapshot,
) -> Override:
    """Write a move down for a person whose right was looked at before, its words sealed, and log it."""
    user, role = who
    at = desk.clock()
    made = propose(
        standing,
        rules_of(snapshot, standing.target),
        wish,
        user,
        at.replace(tzinfo=None),
        snapshot.build.as_of,
    )
    connection = decisions.in_registry(_registry(place))
    try:
        made = overrides.add(connection, made._replace(words=vault.seal(made.words)))
    finally:
        connection.close()
    told = f"{made.target} {made.direction} {made.tier_then}>{made.tier} {made.code} {made.until_on}"
    append(desk, user, role, Action.OVERRIDDEN, _subject(made), told, at)
    return made


def take_back(
    place: Path, desk: Desk, who: tuple[str, Role | None], vault: Vault, override_id: str, words: str
) -> Override:
    """Take a move back, for a person whose right was looked at before; its row stays readable."""
    check_words(words)
    user, role = who
    at = desk.clock()
    connection = decisions.in_registry(_registry(place))
    try:
        undone = overrides.undo(
            connection, override_id, user, at.replace(tzinfo=None), vault.seal(words.strip()) or ""
        )
    finally:
        connection.close()
    append(desk, user, role, Action.OVERRIDDEN, _subject(undone), f"undo {undone.target} {undone.tier}", at)
    return undone


def take_back_as(
    place: Path, desk: Desk, reader: Reader, vault: Vault, asked: tuple[str, str], words: str
) -> Override:
    """Take back the move (id, village of its child) on a page; Forbidden without the right or outside one's areas."""
    require(reader, Permission.OVERRIDE)
    override_id, village = asked
    require_area(reader, village)
    return take_back(place, desk, (reader.user, reader.role), vault, override_id, words)


def open_words(
    desk: Desk, who: tuple[str, Role | None], vault: Vault, made: Sequence[Override], reason: str
) -> dict[str, str]:
    """Override id → why, in the words that were written; each look at them is logged first."""
    for one in made:
        append(desk, who[0], who[1], Action.IDENTITY_VIEWED, _subject(one), reason)
    return {one.override_id: vault.open(one.words) or "" for one in made}


def _subject(one: Override) -> str:
    return f"override/{one.override_id}/{one.child_ref}"


def _registry(place: Path) -> Path:
    return Settings.from_environment(place).registry_path
