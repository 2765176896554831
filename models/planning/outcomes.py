"""What came back from the visits drawn at random: how many urgent children the list would have left waiting.

A drawn visit is *answered* when the intake has read a home visit after the plan's day in which the child was seen.
Its answer is urgent when today's list, which knows what that visit and everybody since have told, has the child as
report now, red or orange, and more urgent than the plan's list had it.  A visit that nobody made has no answer and
is told beside the estimate.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from models.planning.making import Plan
from models.planning.probes import CERTAIN, Misses, Probe, estimate_misses
from models.planning.problem import LEVELS
from models.planning.reading import Ask

ALL = "all"
URGENT = ("report_now", "red", "orange")
SEEN = """
SELECT child_id, MAX(visited_on) FROM visit
WHERE mode = 'home' AND child_seen AND visited_on IS NOT NULL GROUP BY child_id
"""
TODAY = "SELECT child_id, CASE WHEN lane = 'report_now' THEN lane ELSE tier END FROM screening WHERE target = 'visit'"


class Drawn(NamedTuple):
    """One drawn visit as it came back, with the level that the plan's list gave the child."""

    level: str
    probe: Probe


class LevelMisses(NamedTuple):
    """The estimate for one level of the list, or for `all` of it."""

    level: str
    n_waiting: int
    misses: Misses


def misses_by_level(ask: Ask, plans: Sequence[Plan], as_of: dt.date) -> list[LevelMisses]:
    """What the list misses, by the level it had given and for all of it; levels without a draw are left out.

    Plans of the day itself and later have nothing to tell yet.
    """
    earlier = [plan for plan in plans if plan.as_of < as_of]
    seen = {str(child): day for child, day in ask(SEEN)}
    today = {str(child): str(level) for child, level in ask(TODAY)}
    drawn = [one for plan in earlier for one in answers(plan, seen, today)]
    waiting = [one.level for plan in earlier for one in plan.chances if one.probability < CERTAIN]
    found = []
    for level in (ALL, *LEVELS):
        own = [one.probe for one in drawn if level in (ALL, one.level)]
        n_waiting = len(waiting) if level == ALL else waiting.count(level)
        if own:
            found.append(LevelMisses(level, n_waiting, estimate_misses(own, n_waiting)))
    return found


def answers(plan: Plan, seen: dict[str, dt.date], today: dict[str, str]) -> list[Drawn]:
    """Every drawn visit of a plan with its answer; a child no longer on the list is not urgent."""
    found = []
    for one in plan.chances:
        if one.is_probe:
            is_answered = one.child_id in seen and seen[one.child_id] >= plan.as_of
            is_urgent = _is_missed(one.level, today.get(one.child_id)) if is_answered else None
            found.append(Drawn(one.level, Probe(one.probability, is_urgent)))
    return found


def _is_missed(level: str, now: str | None) -> bool:
    return now in URGENT and LEVELS.index(now) < LEVELS.index(level)
