"""The months, terms, quarters and half-years of the demo's history, as offices write them."""

from __future__ import annotations

from datetime import date, timedelta

SCHOOL_MONTHS = (1, 3, 4, 5, 6, 7, 9, 10, 11, 12)


def month_start(day: date, back: int = 0) -> date:
    """First day of the month that lies `back` months before that of `day`."""
    number = day.year * 12 + day.month - 1 - back
    return date(number // 12, number % 12 + 1, 1)


def month_end(first: date) -> date:
    """Last day of the month of that day."""
    return month_start(first, -1) - timedelta(1)


def months_between(start: date, end: date) -> list[date]:
    """First days of all months from that of `start` to that of `end`."""
    first, found = month_start(start), []
    while first <= end:
        found.append(first)
        first = month_start(first, -1)
    return found


def term_of(day: date) -> str:
    """The school term of a day: autumn from September to January, spring from February to August."""
    if day.month >= 9:
        return f"{day.year}秋"
    return f"{day.year - 1}秋" if day.month == 1 else f"{day.year}春"


def term_start(term: str) -> date:
    """First day of a term."""
    return date(int(term[:4]), 9 if term.endswith("秋") else 2, 1)


def terms_between(start: date, end: date) -> list[str]:
    """Terms that touch the time from `start` to `end`, in order."""
    return list(dict.fromkeys(term_of(first) for first in months_between(start, end)))


def quarter_of(day: date) -> str:
    """The quarter of a day as the supervisory group writes it."""
    return f"{day.year}年{(day.month + 2) // 3}季度"


def quarter_start(day: date) -> date:
    """First day of the quarter of that day."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def half_year_of(day: date) -> str:
    """The half-year of a day as the civil affairs bureau writes it."""
    return f"{day.year}年{'上' if day.month <= 6 else '下'}半年"
