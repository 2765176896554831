"""What a plan is made good at, one goal after the other, as costs that every model of a township can read.

Households of one village that ask for the same minutes in the same weeks are interchangeable: a *group*.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from models.planning.problem import LEVELS, Outcome, Problem, Stop

MISSED, LATE, MINUTES = "missed", "late", "minutes"
Groups = list[list[Stop]]


class Goal(NamedTuple):
    """Costs of a goal, to be made small: deadlines missed or weeks late of a level, or minutes.

    `visits` (groups × weeks) is the cost of one visit, `unseen` of a village that nobody has seen by the end of a
    week; `constant` is what a plan without any visit costs.
    """

    kind: str
    level: str
    visits: np.ndarray
    unseen: dict[tuple[str, int], float]
    per_minute: float
    constant: float

    def of(self, found: Outcome) -> int:
        """What a plan reaches."""
        if self.kind == MINUTES:
            return found.minutes
        return found.levels[LEVELS.index(self.level)][self.kind == LATE]


def groups_of(stops: Sequence[Stop]) -> Groups:
    """Households that may stand for each other, in a fixed order; rounds belong to none."""
    found: dict[tuple[str, str, int, int, int], list[Stop]] = {}
    for stop in sorted(stops, key=lambda one: one.stop):
        if not stop.is_round:
            key = (stop.village, stop.level, stop.release, stop.due, stop.minutes)
            found.setdefault(key, []).append(stop)
    return [found[key] for key in sorted(found)]


def goals_of(block: Problem, groups: Groups) -> list[Goal]:
    """Every goal of a block in its order: level by level what is missed, then how late; minutes last."""
    found = []
    for level in LEVELS:
        found += [_missed(block, groups, level), _late(block, groups, level)]
    nothing = np.zeros((len(groups), block.weeks))
    return [*found, Goal(MINUTES, MINUTES, nothing, {}, 1.0, 0.0)]


def _missed(block: Problem, groups: Groups, level: str) -> Goal:
    visits, constant = np.zeros((len(groups), block.weeks)), 0.0
    for number, group in enumerate(groups):
        if group[0].level == level:
            visits[number, : group[0].due + 1] = -1.0
            constant += len(group)
    rounds = [stop for stop in block.stops if stop.is_round and stop.level == level]
    return Goal(MISSED, level, visits, {(stop.village, stop.due): 1.0 for stop in rounds}, 0.0, constant)


def _late(block: Problem, groups: Groups, level: str) -> Goal:
    visits, constant = np.zeros((len(groups), block.weeks)), 0.0
    for number, group in enumerate(groups):
        if group[0].level == level:
            weeks_saved = block.weeks - np.maximum(np.arange(block.weeks), group[0].due)
            visits[number] = -weeks_saved.astype(float)
            constant += len(group) * (block.weeks - group[0].due)
    rounds = [stop for stop in block.stops if stop.is_round and stop.level == level]
    unseen = {(stop.village, week): 1.0 for stop in rounds for week in range(stop.due, block.weeks)}
    return Goal(LATE, level, visits, unseen, 0.0, constant)
