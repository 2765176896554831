"""The plan of a build: stops from the list, solved, and told as visits with who, when, and what cannot be done.

One trip serves a household and its village: all children of a household who fall due are seen in one stop, and
the stops of a village share the way there.  A child whose interval is shorter than the plan comes back in it.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from models.parameters import value_on
from models.planning.exact import exact
from models.planning.greedy import greedy
from models.planning.probes import CERTAIN, drawn
from models.planning.problem import (
    LEVELS,
    Outcome,
    Place,
    Problem,
    Stop,
    Worker,
    broken_rules,
    first_visits,
    outcome,
)
from models.planning.reading import (
    DAYS_A_WEEK,
    MINUTES_AN_HOUR,
    Ask,
    Listed,
    Post,
    last_seen,
    listed_children,
    minutes_of_week,
    posts,
)


class Chance(NamedTuple):
    """A row of the list with its probability of being chosen; only the analyst may see `is_probe`."""

    child_id: str
    village: str
    level: str
    due_on: dt.date
    probability: float
    is_probe: bool
    is_planned: bool


class Visit(NamedTuple):
    """One stop of the plan: who sees whom, in which week, by when; `worker` is empty where nobody can.

    `is_late` is true where the visit comes after its day, or not at all.
    """

    stop: str
    village: str
    level: str
    children: tuple[str, ...]
    due_on: dt.date
    week: int
    worker: str
    minutes: int
    is_late: bool


class Missing(NamedTuple):
    """A village's visits that today's people cannot make in time, and the hours that they would take."""

    village: str
    n_visits: int
    n_never: int
    hours: float


class Plan(NamedTuple):
    """A plan of a build; `bounds` is empty for the plan at once.

    Of `n_homes` planned households the ledger tells the way to `n_own_way`; for the others the usual one counts.
    """

    build_id: str
    as_of: dt.date
    weeks: int
    visits: tuple[Visit, ...]
    missing: tuple[Missing, ...]
    chances: tuple[Chance, ...]
    workers: tuple[Worker, ...]
    worth: Outcome
    bounds: tuple[tuple[str, float, float], ...]
    gap: float | None
    n_homes: int = 0
    n_own_way: int = 0


def make_plan(
    ask: Ask, build_id: str, as_of: dt.date, weeks: int | None, has_hours: bool, best: bool
) -> Plan:
    """The plan of a published build: the best one with proof, or the one at once."""
    weeks = weeks or value_on("plan_weeks", as_of)
    children = listed_children(ask, as_of)
    chances = chances_of(children, build_id, as_of, weeks)
    days: dict[str, dt.date] = {}
    stops = [*household_stops(children, chances, as_of, weeks, days),
             *rounds(last_seen(ask), as_of, weeks, days)]  # fmt: skip
    workers = workers_of(posts(ask, as_of, has_hours), as_of, weeks)
    problem = Problem(tuple(stops), tuple(workers), weeks, value_on("trip_minutes", as_of))
    proven = exact(problem) if best else None
    placed = proven.placed if proven else greedy(problem)
    refuse_broken(problem, placed)
    visits = tuple(visits_of(problem, placed, days))
    missing = tuple(missing_of(problem, visits))
    bounds, gap = (proven.bounds, proven.gap) if proven else ((), None)
    return Plan(build_id, as_of, weeks, visits, missing, tuple(chances), tuple(workers),
                outcome(problem, placed), bounds, gap, *_ways(children, chances))  # fmt: skip


def _ways(children: Sequence[Listed], chances: Sequence[Chance]) -> tuple[int, int]:
    """(planned households, those of them whose way the ledger tells)."""
    planned = {one.child_id for one in chances if one.is_planned}
    homes = [one for one in children if one.child_id in planned]
    own = [one for one in homes if one.travel_minutes is not None]
    n_homes, n_own = (len({(one.village, one.household) for one in some}) for some in (homes, own))
    return n_homes, n_own


class BrokenPlan(Exception):
    """A plan was made that nobody may be given."""


def refuse_broken(problem: Problem, placed: Mapping[str, Place]) -> None:
    """BrokenPlan where a plan exceeds hours, leaves an area or comes too early: it is neither shown nor kept."""
    wrong = broken_rules(problem, placed)
    if wrong:
        raise BrokenPlan(f"plan of {problem.weeks} weeks: {len(wrong)} rules broken, first: {wrong[0]}")


def chances_of(children: Sequence[Listed], build_id: str, as_of: dt.date, weeks: int) -> list[Chance]:
    """Every row of the list with its probability: 1 where due within the plan, else the share drawn at random."""
    end = as_of + dt.timedelta(DAYS_A_WEEK * weeks)
    share = value_on("probe_percent", as_of) / 100
    waiting = [one.child_id for one in children if one.due_on >= end]
    chosen = set(drawn(build_id, waiting, share))
    found = []
    for one in children:
        is_due = one.due_on < end
        is_probe = one.child_id in chosen
        found.append(Chance(one.child_id, one.village, one.level, one.due_on, CERTAIN if is_due else share, is_probe,
                            is_due or is_probe))  # fmt: skip
    return found


def household_stops(
    children: Sequence[Listed],
    chances: Sequence[Chance],
    as_of: dt.date,
    weeks: int,
    days: dict[str, dt.date],
) -> list[Stop]:
    """A household's stops within the plan; `days` takes each stop's due day.

    The most urgent of its children gives level and rhythm; the others are seen on the way.
    """
    planned = {one.child_id: one for one in chances if one.is_planned}
    homes: dict[tuple[str, str], list[Listed]] = {}
    for child in children:
        if child.child_id in planned:
            homes.setdefault((child.village, child.household), []).append(child)
    stops = []
    for number, home in enumerate(homes.values()):
        stops += _stops_of_home(f"h{number:05}", home, planned, as_of, weeks, days)
    return stops


def _stops_of_home(
    name: str,
    home: list[Listed],
    chances: dict[str, Chance],
    as_of: dt.date,
    weeks: int,
    days: dict[str, dt.date],
) -> list[Stop]:
    last_day = as_of + dt.timedelta(DAYS_A_WEEK * weeks - 1)
    due_on = min(min(one.due_on for one in home), last_day)
    level = min((_level(one, chances[one.child_id]) for one in home), key=LEVELS.index)
    interval = min(one.interval_days for one in home)
    week = max(0, (due_on - as_of).days // DAYS_A_WEEK)
    step = max(1, interval // DAYS_A_WEEK)
    comes_back = week + step < weeks
    stops, seen = [], home
    while week < weeks:
        stop = f"{name}/{week}"
        days[stop] = due_on
        minutes = minutes_at(seen, as_of)
        children = tuple(one.child_id for one in seen)
        stops.append(Stop(stop, home[0].village, level, week if comes_back else 0, week, minutes, children))
        seen = [one for one in home if one.interval_days == interval]
        week += step
        due_on = max(due_on, as_of) + dt.timedelta(interval)
    return stops


def _level(child: Listed, chance: Chance) -> str:
    return "check" if chance.is_probe else child.level


def minutes_at(seen: Sequence[Listed], as_of: dt.date) -> int:
    """Minutes for a household with its way, in whole planning steps; its own way wins over the usual one."""
    first, more = value_on("visit_minutes", as_of), value_on("visit_minutes_more", as_of)
    own = [one.travel_minutes for one in seen if one.travel_minutes is not None]
    way = max(own) if own else value_on("way_between_households_minutes", as_of)
    step = value_on("planning_step_minutes", as_of)
    return -(-(first + more * (len(seen) - 1) + way) // step) * step


def rounds(
    seen: dict[str, dt.date | None], as_of: dt.date, weeks: int, days: dict[str, dt.date]
) -> list[Stop]:
    """The floor of every village: the week by which somebody must have been there; none where that lies later."""
    floor, minutes = value_on("village_floor_days", as_of), value_on("village_round_minutes", as_of)
    stops = []
    for village, last in seen.items():
        due_on = last + dt.timedelta(floor) if last else as_of
        week = max(0, (due_on - as_of).days // DAYS_A_WEEK)
        if week < weeks:
            days[f"round {village}"] = due_on
            stops.append(Stop(f"round {village}", village, "floor", 0, week, minutes))
    return stops


def workers_of(people: Sequence[Post], as_of: dt.date, weeks: int) -> list[Worker]:
    """Everybody in post with the minutes of each week."""
    ways = {"child_director": "director_travel_minutes", "child_supervisor": "supervisor_travel_minutes"}
    found = []
    for number, one in enumerate(people):
        minutes = tuple(
            minutes_of_week(one, as_of + dt.timedelta(DAYS_A_WEEK * week), as_of) for week in range(weeks)
        )
        name = f"w{number:03}"  # two posts of one person, or two people of one name, are told apart by their places
        found.append(Worker(name, one.post, one.org_code, minutes, value_on(ways[one.post], as_of)))
    return found


def visits_of(problem: Problem, placed: dict[str, Place], days: dict[str, dt.date]) -> list[Visit]:
    """Every stop with its place, the most urgent first; a round that another visit serves is left out."""
    first = first_visits(problem, placed)
    found = []
    for stop in problem.stops:
        place = placed.get(stop.stop)
        if stop.is_round and place is None and stop.village in first:
            continue
        week = place.week if place else problem.weeks
        found.append(Visit(stop.stop, stop.village, stop.level, stop.children, days[stop.stop], week,
                           place.worker if place else "", stop.minutes, week > stop.due))  # fmt: skip
    return sorted(
        found, key=lambda one: (one.week, LEVELS.index(one.level), one.due_on, one.village, one.stop)
    )


def missing_of(problem: Problem, visits: Sequence[Visit]) -> list[Missing]:
    """By village: visits late or not made, with the hours on the spot and the way that they would need in time."""
    found = []
    for village in sorted({one.village for one in visits if one.is_late}):
        late = [one for one in visits if one.village == village and one.is_late]
        minutes = sum(one.minutes for one in late)
        covering = problem.workers_of(village)
        way = min((one.travel for one in covering), default=0)
        trips = math.ceil(minutes / max(1, problem.trip_minutes - way))
        hours = (minutes + trips * way) / MINUTES_AN_HOUR
        found.append(Missing(village, len(late), sum(not one.worker for one in late), hours))
    return found
