"""The periods that figures are made for, and the days on which the population is counted.

A period takes part from the day it begins; its snapshot day is its last day, or the as-of day while it runs.
Every parameter is a column of both tables, valued on the snapshot day, so a query for last year reads last
year's deadline.
"""

from __future__ import annotations

import calendar as days_of
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from models.engines import Engine
from models.parameters import calendar, parameters, terms, value_on

MONTHS_OF_HISTORY = 24
_MONTHS_IN_YEAR = 12


class Period(NamedTuple):
    """One period: name, kind, first and last day (both inclusive), and the day on which it is looked at."""

    period: str
    kind: str
    starts_on: date
    ends_on: date
    snapshot_on: date


def _month_end(year: int, month: int) -> date:
    return date(year, month, days_of.monthrange(year, month)[1])


def _earlier(day: date, months: int) -> date:
    """The day that many months earlier; the month's last day where it has no such day."""
    count = day.year * _MONTHS_IN_YEAR + day.month - 1 - months
    year, month = divmod(count, _MONTHS_IN_YEAR)
    return date(year, month + 1, min(day.day, _month_end(year, month + 1).day))


def _next_month(day: date) -> date:
    return _month_end(day.year, day.month) + timedelta(days=1)


def _spans(first_year: int, last_year: int) -> Iterator[tuple[str, str, date, date]]:
    for year in range(first_year, last_year + 1):
        for month in range(1, _MONTHS_IN_YEAR + 1):
            yield f"{year}-{month:02}", "month", date(year, month, 1), _month_end(year, month)
        for kind, letter, length in (("quarter", "Q", 3), ("half_year", "H", 6)):
            for number in range(_MONTHS_IN_YEAR // length):
                first = date(year, number * length + 1, 1)
                yield f"{year}{letter}{number + 1}", kind, first, _month_end(year, (number + 1) * length)
        yield f"{year}", "year", date(year, 1, 1), date(year, 12, 31)
        begins = calendar().school_year_starts_month
        yield (
            f"{year}-{year + 1}学年",
            "school_year",
            date(year, begins, 1),
            _month_end(year + 1, begins - 1),
        )
    for term in terms():
        yield term.name, "term", term.starts_on, term.ends_on


def periods(as_of: date, months: int = MONTHS_OF_HISTORY) -> list[Period]:
    """Periods that had begun by `as_of` and reach into the last `months` months, and the as-of day itself."""
    since = _earlier(as_of, months)
    found = [
        Period(name, kind, starts_on, ends_on, min(ends_on, as_of))
        for name, kind, starts_on, ends_on in _spans(since.year - 1, as_of.year)
        if starts_on <= as_of and ends_on > since
    ]
    found.append(Period(as_of.isoformat(), "snapshot", as_of, as_of, as_of))
    began = _earlier(as_of, _MONTHS_IN_YEAR) + timedelta(days=1)
    if as_of == _month_end(as_of.year, as_of.month) and began.day != 1:  # 28 February in a leap year's wake
        began = _next_month(began)
    found.append(Period(f"{began}..{as_of}", "twelve_months", began, as_of, as_of))
    return sorted(found, key=lambda period: (period.kind, period.starts_on))


def list_days(as_of: date, months: int = MONTHS_OF_HISTORY) -> list[date]:
    """The days of the monthly lists, oldest first: every month's end of the history, and the as-of day."""
    return sorted({one.snapshot_on for one in periods(as_of, months) if one.kind == "month"})


def _valued(day: date) -> list[Any]:
    return [value_on(name, day) for name in parameters()]


def create_period_tables(engine: Engine, as_of: date, months: int = MONTHS_OF_HISTORY) -> list[Period]:
    """Make `period` and `snapshot_day`; ParameterError where a parameter has no value on a snapshot day."""
    numbers = dict.fromkeys(parameters(), "INTEGER")
    found = periods(as_of, months)
    fixed = {
        "period": "VARCHAR",
        "kind": "VARCHAR",
        "starts_on": "DATE",
        "ends_on": "DATE",
        "snapshot_on": "DATE",
    }
    engine.create("period", {**fixed, **numbers}, [[*row, *_valued(row.snapshot_on)] for row in found])
    days = sorted({row.snapshot_on for row in found} | {as_of})
    engine.create("snapshot_day", {"on_day": "DATE", **numbers}, [[day, *_valued(day)] for day in days])
    return found
