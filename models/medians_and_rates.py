"""What no fenced SQL can express: medians with open ends, quantiles, rates with exact intervals, yuan per child.

The database adds up; only the last step, exact in whole numbers and fractions, is Python.  A median takes still-open
cases as censored (Kaplan and Meier 1958).  A rate's interval is exact for a Poisson count (Garwood 1936).  Quantiles
are those of a spreadsheet (Hyndman and Fan 1996, type 7).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlglot import exp

from models.engines import Engine
from models.exact_statistics import exact_poisson, median_of_counts
from models.sql import parse

DAYS_IN_YEAR = 365.25
PER_CHILD_YEARS = 1000
PER_RECORDS = 1000
CASES_AT_ONCE = 1_000_000
# Kinds whose value is counted in SQL; the others are worked out case by case here.
COUNTED_KINDS = ("share", "count", "total", "growth")

# Each case in each place in which it is added up, of the series whose value is worked out case by case.
_PLACED = f"""
FROM one_case AS c
JOIN period AS w ON w.period = c.period
JOIN one_place AS p ON p.unit = COALESCE(c.area, '')
JOIN one_series AS m ON m.code = c.code AND m.series = c.series
WHERE m.kind NOT IN {COUNTED_KINDS}{{part}}"""
_DAYS = f"""
SELECT c.series, p.level, p.rollup AS area, c.period, c.days,
  SUM(CASE WHEN c.outcome = 'yes' THEN 1 ELSE 0 END) AS ended,
  SUM(CASE WHEN c.outcome = 'no' THEN 1 ELSE 0 END) AS still_open
{_PLACED} AND m.kind = 'duration' AND c.outcome <> 'unknown'
GROUP BY c.series, p.level, p.rollup, c.period, c.days
ORDER BY c.series, p.level, p.rollup, c.period, c.days"""
_SUMS = f"""
SELECT m.kind, c.series, p.level, p.rollup AS area, c.period,
  SUM(CASE WHEN c.outcome = 'yes' THEN 1 ELSE 0 END) AS events,
  SUM(CASE WHEN c.outcome = 'no' THEN 1 ELSE 0 END) AS records,
  SUM(CASE WHEN c.outcome = 'no' THEN c.days END) AS child_days,
  MAX(CASE WHEN c.outcome <> 'unknown' THEN c.days END) AS longest,
  SUM(CASE WHEN c.outcome = 'yes' THEN c.amount END) AS yuan,
  MIN(days_between(w.starts_on, w.snapshot_on) + 1) AS period_days
{_PLACED} AND m.kind NOT IN ('duration', 'median', 'p90')
GROUP BY m.kind, c.series, p.level, p.rollup, c.period"""
# The two neighbours of the quantile's place: of n values in order the last whose place is not beyond it, the next.
_QUANTILES = f"""
WITH ordered AS (
  SELECT m.kind, c.series, p.level, p.rollup AS area, c.period, c.amount,
    ROW_NUMBER() OVER (PARTITION BY c.series, p.level, p.rollup, c.period ORDER BY c.amount) - 1 AS place,
    COUNT(*) OVER (PARTITION BY c.series, p.level, p.rollup, c.period) - 1 AS last,
    CASE m.kind WHEN 'median' THEN 5 ELSE 9 END AS tenths
  {_PLACED} AND m.kind IN ('median', 'p90') AND c.outcome = 'yes'
)
SELECT kind, series, level, area, period, MIN(last) AS last,
  MAX(CASE WHEN place * 10 <= tenths * last THEN amount END) AS below,
  MIN(CASE WHEN place * 10 > tenths * last THEN amount END) AS above
FROM ordered
GROUP BY kind, series, level, area, period"""
COMPUTED_COLUMNS = {
    "series": "VARCHAR",
    "level": "VARCHAR",
    "area": "VARCHAR",
    "period": "VARCHAR",
    "value": "DOUBLE",
    "low": "DOUBLE",
    "high": "DOUBLE",
}
TENTHS = {"median": 5, "p90": 9}
_poisson = lru_cache(maxsize=100_000)(exact_poisson)
Interval = tuple[float | None, float | None, float | None]


def _between(row: Mapping[str, Any]) -> Interval:
    if row["below"] is None:
        return None, None, None
    below = Fraction(row["below"])
    if row["above"] is None:
        return float(below), None, None
    part = Fraction(TENTHS[row["kind"]] * int(row["last"]), 10)
    return float(below + (part - math.floor(part)) * (Fraction(row["above"]) - below)), None, None


def _longest(row: Mapping[str, Any]) -> Interval:
    return None if row["longest"] is None else float(row["longest"]), None, None


def _rate(row: Mapping[str, Any]) -> Interval:
    if not row["child_days"]:
        return None, None, None
    scale = PER_CHILD_YEARS * DAYS_IN_YEAR / int(row["child_days"])
    low, high = _poisson(int(row["events"]))
    return int(row["events"]) * scale, low * scale, high * scale


def _per_thousand(row: Mapping[str, Any]) -> Interval:
    events, records = int(row["events"]), int(row["records"])
    if not records:
        return None, None, None
    low, high = _poisson(events)
    return PER_RECORDS * events / records, PER_RECORDS * low / records, PER_RECORDS * high / records


def _per_head(row: Mapping[str, Any]) -> Interval:
    """Yuan over the mean number of children: child-days over the days of the period that have passed."""
    if not row["child_days"]:
        return None, None, None
    yuan = Fraction(row["yuan"] or 0)
    return float(yuan * int(row["period_days"]) / int(row["child_days"])), None, None


COMPUTED: dict[str, Callable[[Mapping[str, Any]], Interval]] = {
    "rate": _rate,
    "longest": _longest,
    "median": _between,
    "p90": _between,
    "per_thousand": _per_thousand,
    "per_head": _per_head,
}
_Key = tuple[str, str, str, str]


def _key(row: Mapping[str, Any]) -> _Key:
    return row["series"], row["level"], row["area"], row["period"]


def _parts(engine: Engine) -> list[str]:
    """All cases at once, or, where they are many, period by period: what is read stands in Python's memory."""
    found = engine.rows("SELECT period, COUNT(*) AS n FROM one_case GROUP BY period ORDER BY period")
    if sum(int(row["n"]) for row in found) <= CASES_AT_ONCE:
        return [""]
    return [f" AND c.period = {exp.Literal.string(row['period']).sql(dialect='duckdb')}" for row in found]


def _durations(engine: Engine, part: str) -> Iterator[tuple[Any, ...]]:
    for key, rows in groupby(engine.rows(parse(_DAYS.format(part=part), "durations")), _key):
        counts = [(row["days"], int(row["ended"]), int(row["still_open"])) for row in rows]
        yield *key, median_of_counts(counts), None, None


def durations_and_rates(engine: Engine, kinds: Collection[str]) -> Iterator[tuple[Any, ...]]:
    """Rows of `one_computed` for medians, quantiles and rates, which no fenced SQL can express.

    The database adds up; only the last step, where it is exact in whole numbers and fractions, is done here.
    """
    for part in _parts(engine) if kinds else ():
        if "duration" in kinds:
            yield from _durations(engine, part)
        for text, some in ((_SUMS, {*COMPUTED} - {*TENTHS}), (_QUANTILES, {*TENTHS})):
            if some & set(kinds):
                for row in engine.rows(parse(text.format(part=part), "computed")):
                    yield *_key(row), *COMPUTED[row["kind"]](row)
