"""From a published build to what is planned: who is due when, which village waits, who has how many minutes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from models.parameters import holidays, value_on
from models.screening.rulebook.in_force import used_by

Ask = Callable[[str], Sequence[Sequence[Any]]]
TIERS = ("red", "orange", "yellow", "green")
REPORT_NOW, DEFAULT_TIER = "report_now", "green"
DAYS_A_WEEK, WORKING_DAYS, MINUTES_AN_HOUR = 7, 5, 60
CHILDREN = """
SELECT s.child_id, s.village_code, s.lane, s.tier, s.due_on, s.days_since_visit, h.household_no
FROM screening AS s LEFT JOIN household AS h ON h.child_id = s.child_id
WHERE s.target = 'visit' ORDER BY s.rank
"""
HAS_OWN_WAY = (
    "SELECT 1 FROM duckdb_columns() WHERE table_name = 'household' AND column_name = 'travel_minutes'"
)
OWN_WAY = (
    "SELECT child_id, MAX(travel_minutes) FROM household WHERE travel_minutes IS NOT NULL GROUP BY child_id"
)
VILLAGES = """
SELECT a.area_code, MAX(v.visited_on) FROM area AS a
LEFT JOIN known_child AS k ON k.village_code = a.area_code
LEFT JOIN visit AS v ON v.child_id = k.child_id AND v.mode = 'home'
WHERE a.level = 'village' GROUP BY a.area_code ORDER BY a.area_code
"""
WORKERS = """
SELECT DISTINCT worker_ref, post, org_code, started_on, ended_on FROM worker
WHERE post IN ('child_director', 'child_supervisor') ORDER BY org_code, post, worker_ref, started_on
"""
HOURS = "SELECT worker_ref, org_code, from_on, until_on, weekly_hours FROM worker_hours ORDER BY ALL"


class Listed(NamedTuple):
    """A child of the visit list; `due_on` already shortened by the season where the parameters say so.

    `travel_minutes` is the way to the household where the ledger tells it, else None.
    """

    child_id: str
    village: str
    household: str
    level: str
    due_on: dt.date
    interval_days: int
    travel_minutes: int | None = None


class Hours(NamedTuple):
    """Weekly hours for visits from a day until a day (inclusive; None while it lasts); 0 is an absence."""

    from_on: dt.date
    until_on: dt.date | None
    weekly: int


class Post(NamedTuple):
    """Somebody in post, with the hours told."""

    worker: str
    post: str
    org_code: str
    started_on: dt.date | None
    ended_on: dt.date | None
    hours: tuple[Hours, ...]


def listed_children(ask: Ask, as_of: dt.date) -> list[Listed]:
    """The visit list in its order.  A child without a household number is a household of its own."""
    found, ways = [], own_ways(ask)
    rules = used_by(ask)["visit"].rules.rules
    for child, village, lane, tier, due, _, household in ask(CHILDREN):
        level = REPORT_NOW if lane == REPORT_NOW else tier if tier in TIERS else DEFAULT_TIER
        interval = rules.days(level, as_of)
        due_on = due or as_of
        if level != REPORT_NOW:
            due_on = in_season(due_on, interval, as_of)
        home = household or f"child {child}"
        found.append(Listed(child, village or "", home, level, due_on, interval, ways.get(child)))
    return found


def own_ways(ask: Ask) -> dict[str, int]:
    """Child → minutes of the way to its household, where the ledger tells them; a build may be older than that."""
    return {str(child): int(minutes) for child, minutes in ask(OWN_WAY)} if ask(HAS_OWN_WAY) else {}


def in_season(due_on: dt.date, interval_days: int, as_of: dt.date) -> dt.date:
    """The due day, brought forward where it, shortened, falls into school holidays; off while the shares are 100."""
    for holiday in holidays():
        name = "drowning_season_interval_percent" if holiday.drowning_season else "holiday_interval_percent"
        shorter = due_on - dt.timedelta(interval_days * (100 - value_on(name, as_of)) // 100)
        earliest = max(shorter, holiday.starts_on)
        if earliest < due_on and earliest <= holiday.ends_on:
            return earliest
    return due_on


def last_seen(ask: Ask) -> dict[str, dt.date | None]:
    """Village → the last home visit to any of its children; None where there was none."""
    return {str(code): day for code, day in ask(VILLAGES)}


def posts(ask: Ask, as_of: dt.date, has_hours: bool) -> list[Post]:
    """Directors and supervisors who are not gone on the day."""
    hours: dict[tuple[str, str], list[Hours]] = {}
    for worker, org, from_on, until_on, weekly in ask(HOURS) if has_hours else ():
        hours.setdefault((worker, org), []).append(Hours(from_on, until_on, int(weekly)))
    return [
        Post(worker, post, org, started, ended, tuple(hours.get((worker, org), ())))
        for worker, post, org, started, ended in ask(WORKERS)
        if ended is None or ended > as_of
    ]


def minutes_of_week(post: Post, first_day: dt.date, as_of: dt.date) -> int:
    """Minutes for visits in the seven days from `first_day`: a fifth of the weekly hours for each weekday in post.

    Of several entries for a day the smallest counts, so that an absence is not filled by the usual hours.
    """
    director = post.post == "child_director"
    usual = value_on("director_weekly_hours" if director else "supervisor_weekly_hours", as_of)
    minutes = 0
    for day in (first_day + dt.timedelta(number) for number in range(DAYS_A_WEEK)):
        is_gone = post.ended_on is not None and post.ended_on <= day
        is_before = post.started_on is not None and day < post.started_on
        if day.weekday() >= WORKING_DAYS or is_gone or is_before:
            continue
        minutes += _hours_on(post.hours, day, usual) * MINUTES_AN_HOUR
    return minutes // WORKING_DAYS


def _hours_on(hours: Iterable[Hours], day: dt.date, usual: int) -> int:
    told = [
        one.weekly for one in hours if one.from_on <= day and (one.until_on is None or day <= one.until_on)
    ]
    return min(told, default=usual)
