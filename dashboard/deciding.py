"""Writing down who is the same child: with the right, a reason, and a row in the access log."""

from __future__ import annotations

from pathlib import Path

from dashboard.access import Permission, Reader, require, require_area
from dashboard.audit import Action, append
from dashboard.desk import Desk
from dashboard.identities import ReasonMissing
from registry import decisions, store
from registry.decisions import Decision
from registry.settings import Settings

UNDO = "undo"


def made_so_far(place: Path) -> list[Decision]:
    """All decisions of the store; none where another process holds the registry or there is none."""
    try:
        connection = decisions.in_registry(_registry(place), read_only=True)
    except store.StoreProblem:
        return []
    try:
        return decisions.decisions(connection)
    finally:
        connection.close()


def write_decision(
    place: Path,
    desk: Desk,
    reader: Reader,
    pair: tuple[str, str],
    village: str | None,
    action: str,
    reason: str,
) -> None:
    """Write `same` or `not_same` for a pair, or `undo` its decision; the figures follow at the next build.

    Forbidden without the right or outside the reader's areas; ReasonMissing; StoreBusy while another process writes;
    DecisionProblem where it contradicts what was decided before.
    """
    require(reader, Permission.DECIDE_IDENTITY)
    if village:
        require_area(reader, village)
    if not reason.strip():
        raise ReasonMissing("decision: expected a reason in words, found none")
    connection = decisions.in_registry(_registry(place))
    now = desk.clock().replace(tzinfo=None)
    try:
        if action == UNDO:
            standing = [
                one for one in decisions.decisions(connection) if one.stands and one.pair == frozenset(pair)
            ]
            if not standing:
                raise decisions.DecisionProblem("no_such", "/".join(pair))
            for one in standing:
                decisions.undo(connection, one.decision_id, reader.user, now)
        else:
            decisions.decide(connection, *pair, action, reader.user, reason.strip(), now)
    finally:
        connection.close()
    append(
        desk,
        reader.user,
        reader.role,
        Action.IDENTITY_DECIDED,
        f"{pair[0]}/{pair[1]}",
        f"{action}: {reason.strip()}",
    )


def _registry(place: Path) -> Path:
    return Settings.from_environment(place).registry_path
