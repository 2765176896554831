"""How many visits fall due for whom: a list's due days and intervals, before anybody plans a week.

Households are seen in one stop, as in a plan; a village's director makes the visit, its township's supervisor where it
has none.  Probe visits and village rounds do not depend on a card or on tiers and are left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from models.parameters import value_on
from models.planning.making import Chance, household_stops
from models.planning.probes import CERTAIN
from models.planning.reading import (
    DAYS_A_WEEK,
    DEFAULT_TIER,
    MINUTES_AN_HOUR,
    REPORT_NOW,
    TIERS,
    Ask,
    Listed,
    in_season,
    minutes_of_week,
    own_ways,
    posts,
)
from models.screening.rulebook.lanes import Tiers
from models.screening.tuning.trial import Listing

HOUSEHOLDS = "SELECT child_id, household_no FROM household"


class Share(NamedTuple):
    """Visits that fall due in some villages: children seen (each time counted), stops, hours on the spot."""

    children: int
    stops: int
    hours: float


class Load(NamedTuple):
    """One worker's share before and after, and the hours that the register gives; no worker where nobody may go."""

    post: str
    org_code: str
    before: Share
    after: Share
    hours_there_are: float


def loads(ask: Ask, as_of: dt.date, has_hours: bool, before: tuple[Listing, Tiers], after: tuple[Listing, Tiers]
          ) -> list[Load]:  # fmt: skip
    """What falls due within the plan's weeks for each worker under two lists, in the order of the places."""
    weeks = value_on("plan_weeks", as_of)
    homes = {str(child): str(number) for child, number in ask(HOUSEHOLDS) if number}
    ways = own_ways(ask)
    people = posts(ask, as_of, has_hours)
    directors_first = sorted(people, key=lambda one: (one.post != "child_director", one.org_code, one.worker))
    shares = [_by_village(listing, rules, homes, ways, as_of, weeks) for listing, rules in (before, after)]
    own: dict[tuple[str, str, str], list[str]] = {}
    for village in sorted({*shares[0], *shares[1]}):
        who = next((one for one in directors_first if village.startswith(one.org_code)), None)
        own.setdefault((who.post, who.org_code, who.worker) if who else ("", "", ""), []).append(village)
    hours = {}
    for one in people:
        minutes = sum(
            minutes_of_week(one, as_of + dt.timedelta(DAYS_A_WEEK * week), as_of) for week in range(weeks)
        )
        hours[one.post, one.org_code, one.worker] = minutes / MINUTES_AN_HOUR
    return [
        Load(key[0], key[1], _sum(shares[0], villages), _sum(shares[1], villages), hours.get(key, 0.0))
        for key, villages in sorted(own.items())
    ]


def _by_village(listing: Listing, rules: Tiers, homes: dict[str, str], ways: dict[str, int], as_of: dt.date, weeks: int
                ) -> dict[str, Share]:  # fmt: skip
    children = list(_children(listing, rules, homes, ways, as_of))
    end = as_of + dt.timedelta(DAYS_A_WEEK * weeks)
    chances = [
        Chance(one.child_id, one.village, one.level, one.due_on, CERTAIN, False, one.due_on < end)
        for one in children
    ]
    found: dict[str, Share] = {}
    for stop in household_stops(children, chances, as_of, weeks, {}):
        so_far = found.get(stop.village, Share(0, 0, 0.0))
        found[stop.village] = Share(so_far.children + len(stop.children), so_far.stops + 1,
                                    so_far.hours + stop.minutes / MINUTES_AN_HOUR)  # fmt: skip
    return found


def _children(
    listing: Listing, rules: Tiers, homes: dict[str, str], ways: dict[str, int], as_of: dt.date
) -> list[Listed]:
    """A list as the planner reads it from a build."""
    found = []
    for one in listing.places.values():
        level = one.level if one.level in (REPORT_NOW, *TIERS) else DEFAULT_TIER
        interval = rules.days(level, as_of)
        due_on = one.due_on if level == REPORT_NOW else in_season(one.due_on, interval, as_of)
        home = homes.get(one.child_id) or f"child {one.child_id}"
        found.append(
            Listed(
                one.child_id, one.village_code or "", home, level, due_on, interval, ways.get(one.child_id)
            )
        )
    return found


def _sum(shares: dict[str, Share], villages: Sequence[str]) -> Share:
    own = [shares[village] for village in villages if village in shares]
    return Share(
        sum(one.children for one in own), sum(one.stops for one in own), sum(one.hours for one in own)
    )
