"""Adds cases up over places and periods, in plain Python: villages in townships in the district, schools too.

Nothing here reads the program's SQL, its tables or its parsers; the values of the policy parameters are the only
thing that it takes from the models.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple

from data_contracts.demo.world import World

Outcome = Literal["yes", "no", "unknown"]
Where = tuple[str, str, str, str]  # series, level, area, period
DISTRICT = "530902"
TERMS = {  # the calendar of the province's schools, as data of the district
    "2024秋": (date(2024, 9, 1), date(2025, 1, 17)),
    "2025春": (date(2025, 2, 17), date(2025, 7, 11)),
    "2025秋": (date(2025, 9, 1), date(2026, 1, 30)),
    "2026春": (date(2026, 3, 2), date(2026, 7, 10)),
    "2026秋": (date(2026, 9, 1), date(2027, 1, 22)),
}


class Span(NamedTuple):
    """A period: its name, first and last day, and the day on which it is looked at."""

    name: str
    first: date
    last: date
    seen_on: date

    def holds(self, day: date | None) -> bool:
        """Whether that day lies in the part of the period that has passed."""
        return day is not None and self.first <= day <= self.seen_on


class Case(NamedTuple):
    """One case: where it counts (a unit's code, None for the district), when, and what it is."""

    unit: str | None
    period: str
    outcome: Outcome
    series: str = ""
    weight: Decimal = Decimal(1)
    days: int | None = None


class Count(NamedTuple):
    """Yes, no and unknown as whole numbers, as a figure shows them."""

    yes: int
    no: int
    unknown: int


def spans(kind: str, as_of: date, years: int = 2) -> list[Span]:
    """The periods of a kind that have begun by that day and reach into the last two years."""
    since = as_of.replace(year=as_of.year - years)
    months = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
    found = []
    if kind == "term":
        found = [(name, *days) for name, days in TERMS.items()]
    else:
        length = months[kind]
        for year in range(since.year, as_of.year + 1):
            for number in range(12 // length):
                last_month = (number + 1) * length
                first = date(year, last_month - length + 1, 1)
                last = date(year, last_month, calendar.monthrange(year, last_month)[1])
                found.append((_name(kind, year, number + 1), first, last))
    return [
        Span(name, first, last, min(last, as_of))
        for name, first, last in found
        if first <= as_of and last > since
    ]


def _name(kind: str, year: int, number: int) -> str:
    return {
        "month": f"{year}-{number:02}",
        "quarter": f"{year}Q{number}",
        "half_year": f"{year}H{number}",
        "year": f"{year}",
    }[kind]


def due_in(span: Span, day: date, as_of: date) -> bool:
    """Whether something fell due in the period, and not only in days to come."""
    return span.first <= day <= span.last and day <= as_of


def after(day: date, days: int) -> date:
    """So many days later."""
    return day + timedelta(days)


class Places:
    """Which township a village or a school lies in."""

    def __init__(self, world: World) -> None:
        self.township = {village.code: village.township_code for village in world.villages}
        self.schools = {school.org_code: school.township_code for school in world.schools}

    def above(self, unit: str | None) -> Iterator[tuple[str, str]]:
        """(level, area) of every place in which that unit is added up."""
        yield "district", DISTRICT
        if unit in self.township:
            yield "village", str(unit)
            yield "township", self.township[str(unit)]
        elif unit in self.schools:
            yield "school", str(unit)
            yield "township", self.schools[str(unit)]


def add_up(world: World, cases: Iterable[Case]) -> dict[Where, Count]:
    """Counts at every level and period at which something counts at all."""
    places = Places(world)
    sums: dict[Where, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for case in cases:
        for level, area in places.above(case.unit):
            sums[case.series, level, area, case.period][case.outcome] += case.weight
    return {
        where: Count(int(piles["yes"]), int(piles["no"]), int(piles["unknown"]))
        for where, piles in sums.items()
        if any(piles.values())
    }
