"""What became of the children who were moved by hand, as far as a later build knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from models.screening.rulebook.lanes import REPORT_NOW, Tiers, tiers_of
from registry.overrides import Override

Ask = Callable[[str, Sequence[Any]], list[dict[str, Any]]]
# What is told of a child, the gravest first: one move has one outcome.
OUTCOMES = ("report_now", "top_tier", "higher", "event", "seen", "not_seen", "left_list")
_SINCE = {
    "tiering": (
        "SELECT child_id, tiered_on AS day, tier AS what FROM tiering WHERE target = 'visit'",
        "report_now",
    ),
    "incident": ("SELECT child_id, happened_on AS day, '' AS what FROM incident", "event"),
    "concern": ("SELECT child_id, aware_on AS day, '' AS what FROM concern", "event"),
    "visit": ("SELECT child_id, visited_on AS day, '' AS what FROM visit WHERE mode = 'home' AND child_seen", "seen"),
}  # fmt: skip
_NOW = """
SELECT s.child_id, s.target, s.lane, COALESCE(m.tier_computed, s.tier) AS computed
FROM screening AS s LEFT JOIN moved_child AS m ON m.child_id = s.child_id AND m.target = s.target
"""


class Outcome(NamedTuple):
    """One move with what followed it by the day of the build; `state` is what the move itself is on that day."""

    override: Override
    child_id: str
    state: str
    outcome: str


def outcomes(ask: Ask, made: Iterable[Override], as_of: dt.date) -> list[Outcome]:
    """Every move with its state and what is known to have happened to the child after the list it was made on.

    Of the first kind that applies: now or since in the report-now lane; since in the top tier; now in a higher tier by
    rules and card than then; an accident or a concern reported since; seen at home since; not seen since; no longer on
    the list.
    """
    links = {row["child_ref"]: row["child_id"] for row in ask("SELECT child_ref, child_id FROM link", [])}
    now = {(row["target"], row["child_id"]): row for row in ask(_NOW, [])}
    later = {name: _days(ask(sql, [])) for name, (sql, _) in _SINCE.items()}
    found = []
    for one in made:
        child = links.get(one.child_ref, one.child_ref)
        since = {
            name: [what for day, what in days.get(child, []) if day and one.from_on < day <= as_of]
            for name, days in later.items()
        }
        what = _outcome(one, now.get((one.target, child)), since, tiers_of(one.target))
        found.append(Outcome(one, child, one.state_on(as_of), what))
    return found


def _days(rows: Iterable[dict[str, Any]]) -> dict[str, list[tuple[dt.date | None, str]]]:
    found: dict[str, list[tuple[dt.date | None, str]]] = {}
    for row in rows:
        day = row["day"].date() if isinstance(row["day"], dt.datetime) else row["day"]
        found.setdefault(row["child_id"], []).append((day, row["what"]))
    return found


def _outcome(one: Override, now: dict[str, Any] | None, since: Mapping[str, list[str]], rules: Tiers) -> str:
    if (now and now["lane"] == REPORT_NOW) or REPORT_NOW in since["tiering"]:
        return "report_now"
    if since["tiering"]:
        return "top_tier"
    if now and rules.severity(now["computed"]) > rules.severity(one.tier_then):
        return "higher"
    if since["incident"] or since["concern"]:
        return "event"
    if since["visit"]:
        return "seen"
    return "not_seen" if now else "left_list"


def counted(found: Iterable[Outcome], by: Callable[[Outcome], str]) -> dict[str, dict[str, int]]:
    """Moves counted per group (a worker, a reason): up, down, in_force, undone, expired, later, and the outcomes of
    each direction (`down.report_now` …)."""
    groups: dict[str, dict[str, int]] = {}
    for one in found:
        cells = groups.setdefault(by(one), {})
        direction = one.override.direction
        for name in (direction, one.state, f"{direction}.{one.outcome}"):
            cells[name] = cells.get(name, 0) + 1
    return dict(sorted(groups.items()))
