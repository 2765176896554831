"""What is planned, and how a plan is judged: stops, workers, trips, and deadlines that do not compensate.

A *stop* is one household to be seen by a week, or the round of a village that nobody has visited for too long.
Levels are compared in order: no number of kept deadlines of a lower level outweighs one of a higher level, and
minutes on the road come last.  Weeks count from 0, the seven days that begin with the plan's first day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

# The most urgent first; `floor` is a village's round, `check` a visit drawn at random.
LEVELS = ("report_now", "red", "orange", "yellow", "floor", "check", "green")


class Stop(NamedTuple):
    """One household's visit (or a village's round): minutes on the spot, first and last week in time."""

    stop: str
    village: str
    level: str
    release: int
    due: int
    minutes: int
    children: tuple[str, ...] = ()

    @property
    def is_round(self) -> bool:
        """Whether any visit to the village does."""
        return self.level == "floor"


class Worker(NamedTuple):
    """A child director (of a village) or supervisor (of a township): minutes for visits in each week.

    `travel` is the minutes there and back of one trip to a village.
    """

    worker: str
    post: str
    org_code: str
    minutes: tuple[int, ...]
    travel: int

    def covers(self, village: str) -> bool:
        """Whether the village is this worker's."""
        return village.startswith(self.org_code)


class Problem(NamedTuple):
    """Everything a plan is made of; a trip takes at most `trip_minutes`, travel included."""

    stops: tuple[Stop, ...]
    workers: tuple[Worker, ...]
    weeks: int
    trip_minutes: int

    def room(self, worker: Worker) -> int:
        """The minutes of a trip that are left for visits."""
        return max(self.trip_minutes - worker.travel, 0)

    def workers_of(self, village: str) -> list[Worker]:
        """Who may go to a village, directors first."""
        return [one for one in self.workers if one.covers(village) and self.room(one) > 0]


class Place(NamedTuple):
    """Who makes a stop, and in which week."""

    worker: str
    week: int


Placed = Mapping[str, Place]


class Outcome(NamedTuple):
    """How good a plan is, compared from left to right: per level (deadlines missed, weeks late), then minutes."""

    levels: tuple[tuple[int, int], ...]
    minutes: int

    @property
    def missed(self) -> dict[str, int]:
        """Deadlines missed by level."""
        return {level: missed for level, (missed, _) in zip(LEVELS, self.levels, strict=True)}


class Load(NamedTuple):
    """One worker's visits to one village in one week; `minutes` on the spot, `trips` with their travel."""

    worker: str
    village: str
    week: int
    minutes: int
    trips: int
    travel: int


def loads(problem: Problem, placed: Placed) -> list[Load]:
    """What every worker does in every village and week, ordered by worker, week, village."""
    workers = {one.worker: one for one in problem.workers}
    spent: dict[tuple[str, int, str], int] = {}
    for stop in problem.stops:
        place = placed.get(stop.stop)
        if place:
            key = (place.worker, place.week, stop.village)
            spent[key] = spent.get(key, 0) + stop.minutes
    found = []
    for (name, week, village), minutes in sorted(spent.items()):
        trips = -(-minutes // problem.room(workers[name]))
        found.append(Load(name, village, week, minutes, trips, trips * workers[name].travel))
    return found


def first_visits(problem: Problem, placed: Placed) -> dict[str, int]:
    """The first week in which each village sees anybody; a village that sees nobody is missing."""
    first: dict[str, int] = {}
    for stop in problem.stops:
        if place := placed.get(stop.stop):
            first[stop.village] = min(place.week, first.get(stop.village, place.week))
    return first


def weeks_late(problem: Problem, stop: Stop, placed: Placed, first: Mapping[str, int]) -> int:
    """Weeks after the due week; a stop not made counts as made in the week after the last."""
    if stop.is_round:
        week = first.get(stop.village, problem.weeks)
    else:
        week = placed[stop.stop].week if stop.stop in placed else problem.weeks
    return max(0, week - stop.due)


def outcome(problem: Problem, placed: Placed) -> Outcome:
    """The worth of a plan."""
    first = first_visits(problem, placed)
    counts = {level: [0, 0] for level in LEVELS}
    for stop in problem.stops:
        late = weeks_late(problem, stop, placed, first)
        counts[stop.level][0] += late > 0
        counts[stop.level][1] += late
    minutes = sum(load.minutes + load.travel for load in loads(problem, placed))
    return Outcome(tuple((counts[level][0], counts[level][1]) for level in LEVELS), minutes)


def broken_rules(problem: Problem, placed: Placed) -> list[str]:
    """What a plan does that it must not: hours exceeded, a strange village, a week too early."""
    workers = {one.worker: one for one in problem.workers}
    stops = {one.stop: one for one in problem.stops}
    wrong = []
    for name, place in placed.items():
        if not workers[place.worker].covers(stops[name].village):
            wrong.append(f"{name}: outside the worker's area")
        if not stops[name].release <= place.week < problem.weeks:
            wrong.append(f"{name}: expected a week from {stops[name].release}, found {place.week}")
    spent: dict[tuple[str, int], int] = {}
    for load in loads(problem, placed):
        key = (load.worker, load.week)
        spent[key] = spent.get(key, 0) + load.minutes + load.travel
    for (worker, week), minutes in sorted(spent.items()):
        if minutes > workers[worker].minutes[week]:
            wrong.append(
                f"week {week}: expected at most {workers[worker].minutes[week]} min, found {minutes}"
            )
    return wrong


def blocks(problem: Problem) -> list[Problem]:
    """The parts that share no worker, in the order of their villages: each can be planned by itself."""
    stops: dict[tuple[str, ...], list[Stop]] = {}
    for stop in problem.stops:
        stops.setdefault((_block(stop.village, problem.workers),), []).append(stop)
    parts = []
    for (area,), own in sorted(stops.items()):
        workers = tuple(
            w for w in problem.workers if w.org_code.startswith(area) or area.startswith(w.org_code)
        )
        parts.append(problem._replace(stops=tuple(own), workers=workers))
    return parts


def _block(village: str, workers: Iterable[Worker]) -> str:
    """The widest area of anybody who may go there; the village itself where nobody may."""
    return min((one.org_code for one in workers if one.covers(village)), key=len, default=village)
