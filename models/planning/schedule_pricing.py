"""The best week of one worker at given prices: which households of which villages, within the minutes there are.

Dynamic programming over minutes in steps of their greatest common divisor: first within a village (what so many
minutes on the spot are worth), then over the villages (way included).  Exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from math import gcd
from typing import NamedTuple

import numpy as np

from models.planning.goals import Groups
from models.planning.problem import Problem, Stop

NOTHING, ENOUGH = -1e18, 1e-9
ROUND = -1  # stands for the round of a village where a group's number would


class Shift(NamedTuple):
    """A week of workers who are interchangeable in it: same area, way and minutes."""

    week: int
    org_code: str
    travel: int
    minutes: int
    workers: tuple[str, ...]


class Schedule(NamedTuple):
    """What one worker does in one week: (group, how many) visits, the villages seen, minutes with the way."""

    shift: int
    visits: tuple[tuple[int, int], ...]
    villages: tuple[str, ...]
    minutes: int


class Prices(NamedTuple):
    """What a visit (groups × weeks), being seen in a week (village, week) and a minute are worth or cost."""

    visits: np.ndarray
    seen: dict[tuple[str, int], float]
    per_minute: float


class _Village(NamedTuple):
    """Worth of so many steps on the spot, and the items that reach it: (group, steps, taken at which steps)."""

    worth: np.ndarray
    items: list[tuple[int, int, np.ndarray]]


def shifts_of(block: Problem) -> list[Shift]:
    """Every worker's weeks with minutes, interchangeable ones together, in a fixed order."""
    found: dict[tuple[int, str, int, int], list[str]] = {}
    for worker in block.workers:
        for week, minutes in enumerate(worker.minutes):
            if minutes > 0 and block.room(worker) > 0:
                key = (week, worker.org_code, worker.travel, minutes)
                found.setdefault(key, []).append(worker.worker)
    return [Shift(*key, tuple(names)) for key, names in sorted(found.items())]


class Pricing:
    """Best schedules of a block's shifts."""

    def __init__(self, block: Problem, groups: Groups, shifts: Sequence[Shift]) -> None:
        self.groups, self.shifts, self.trip_minutes = groups, shifts, block.trip_minutes
        self.floors: dict[str, Stop] = {stop.village: stop for stop in block.stops if stop.is_round}
        self.villages = sorted({stop.village for stop in block.stops})
        self.own = {village: [number for number, group in enumerate(groups) if group[0].village == village]
                    for village in self.villages}  # fmt: skip
        numbers = [stop.minutes for stop in block.stops] + [shift.travel for shift in shifts]
        self.step = max(reduce(gcd, numbers, 0), 1)
        self.most = max((shift.minutes for shift in shifts), default=0) // self.step

    def best(self, prices: Prices, left: Sequence[int]) -> list[tuple[float, Schedule]]:
        """For each shift its best schedule and what it is worth; `left` is how many of a group there still are."""
        known: dict[tuple[str, int], _Village] = {}
        return [self._best_of(number, prices, left, known) for number in range(len(self.shifts))]

    def _best_of(
        self, number: int, prices: Prices, left: Sequence[int], known: dict[tuple[str, int], _Village]
    ) -> tuple[float, Schedule]:
        shift = self.shifts[number]
        worth = np.zeros(shift.minutes // self.step + 1)
        chosen: list[tuple[str, np.ndarray, dict[int, int]]] = []
        for village in self.villages:
            if not village.startswith(shift.org_code):
                continue
            key = (village, shift.week)
            if key not in known:
                known[key] = self._village(village, shift.week, prices, left)
            offers = self._offers(shift, known[key], prices.per_minute)
            if offers:
                worth, steps = _with_village(worth, offers)
                chosen.append((village, steps, {on_the_spot: cost for cost, _, on_the_spot in offers}))
        return float(worth[-1]), self._schedule(number, chosen, len(worth) - 1, known)

    def _village(self, village: str, week: int, prices: Prices, left: Sequence[int]) -> _Village:
        """Worth of so many steps on the spot in a village."""
        worth = np.full(self.most + 1, NOTHING)
        worth[0] = 0.0
        items = []
        for group in self.own[village]:
            stop, gain = self.groups[group][0], prices.visits[group, week]
            steps = stop.minutes // self.step
            if stop.release > week or gain <= ENOUGH:
                continue
            for _ in range(min(left[group], self.most // steps)):
                offered = worth[:-steps] + gain
                taken = np.zeros(self.most + 1, dtype=bool)
                taken[steps:] = offered > worth[steps:] + ENOUGH
                worth[steps:] = np.where(taken[steps:], offered, worth[steps:])
                items.append((group, steps, taken))
        seen = prices.seen.get((village, week), 0.0)
        if village in self.floors and seen > ENOUGH:
            steps = self.floors[village].minutes // self.step
            if steps <= self.most and worth[steps] < 0:
                worth[steps] = 0.0
                items.append((ROUND, steps, np.arange(self.most + 1) == steps))
            worth[1:] += seen
        return _Village(worth, items)

    def _offers(self, shift: Shift, village: _Village, per_minute: float) -> list[tuple[int, float, int]]:
        """(steps with the way, worth, steps on the spot), each worth more than every shorter one."""
        steps = np.arange(len(village.worth))
        minutes = self._minutes(shift, steps)
        worth = village.worth - per_minute * minutes
        found, best = [], ENOUGH
        for one in np.nonzero((worth > ENOUGH) & (minutes <= shift.minutes))[0]:
            if one and worth[one] > best:
                best = worth[one]
                found.append((-(-int(minutes[one]) // self.step), float(worth[one]), int(one)))
        return found

    def _minutes(self, shift: Shift, steps: np.ndarray) -> np.ndarray:
        spot = steps * self.step
        return spot + shift.travel * -(-spot // (self.trip_minutes - shift.travel))

    def _schedule(
        self,
        number: int,
        chosen: list[tuple[str, np.ndarray, dict[int, int]]],
        at: int,
        known: dict[tuple[str, int], _Village],
    ) -> Schedule:
        """The way back from the last minute to what was chosen."""
        shift, visits, villages, minutes = self.shifts[number], dict[int, int](), [], 0
        for village, steps, costs in reversed(chosen):
            spot = int(steps[at])
            if not spot:
                continue
            at -= costs[spot]
            villages.append(village)
            minutes += int(self._minutes(shift, np.array([spot]))[0])
            for group, length, taken in reversed(known[village, shift.week].items):
                if taken[spot]:
                    if group != ROUND:
                        visits[group] = visits.get(group, 0) + 1
                    spot -= length
        return Schedule(number, tuple(sorted(visits.items())), tuple(sorted(villages)), minutes)


def _with_village(before: np.ndarray, offers: list[tuple[int, float, int]]) -> tuple[np.ndarray, np.ndarray]:
    """Worth of so many steps with this village as well, and how many of them are spent in it."""
    worth, chosen = before.copy(), np.zeros(len(before), dtype=np.int32)
    for cost, gain, on_the_spot in offers:
        offered = before[: len(before) - cost] + gain
        is_better = offered > worth[cost:] + ENOUGH
        worth[cost:][is_better] = offered[is_better]
        chosen[cost:][is_better] = on_the_spot
    return worth, chosen
