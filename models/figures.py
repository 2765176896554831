"""One aggregator for all indicators: counts, shares with intervals, medians with open ends, exact rates.

A share's interval is Wilson's (Wilson 1927, J. Am. Stat. Assoc. 22:209; recommended by Brown, Cai and
DasGupta 2001, Statistical Science 16:101).  A median takes still-open cases as censored (Kaplan and Meier
1958).  A rate's interval is exact for a Poisson count (Garwood 1936).  Quantiles are those of a spreadsheet
(Hyndman and Fan 1996, type 7).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from itertools import groupby
from typing import Any

from models.engines import Engine
from models.exact_statistics import exact_poisson, median_of_counts
from models.sql import Query, parse

Z = "1.959963984540054"  # the normal distribution's 97.5 % point
DAYS_IN_YEAR = 365.25
PER_CHILD_YEARS = 1000
PER_RECORDS = 1000

# Kinds whose value is worked out case by case; the others are counted in SQL.
COUNTED_KINDS = ("share", "count", "total", "growth")

FIGURE_COLUMNS = {
    "code": "VARCHAR", "series": "VARCHAR", "level": "VARCHAR", "area": "VARCHAR", "period": "VARCHAR",
    "yes": "BIGINT", "no": "BIGINT", "unknown": "BIGINT", "value": "DOUBLE", "low": "DOUBLE", "high": "DOUBLE",
    "evidence": "DOUBLE", "status": "VARCHAR", "n_shown": "BIGINT",
}  # fmt: skip

# A unit that no area and no school knows counts in the district, and as a department; a village code
# (12 digits) that the area ledger lacks counts in the district alone.
_PLACE = """
SELECT unit, level, rollup FROM place
UNION ALL
SELECT s.unit, 'department' AS level, s.unit AS rollup FROM {stray} AS s
WHERE s.unit <> '' AND LENGTH(s.unit) <> 12
UNION ALL
SELECT s.unit, 'district' AS level, t.district AS rollup
FROM {stray} AS s CROSS JOIN (SELECT MIN(area_code) AS district FROM area WHERE level = 'district') AS t
WHERE t.district IS NOT NULL
"""
_STRAY = """
SELECT u.code, u.unit FROM (SELECT DISTINCT code, unit FROM one_unit) AS u
WHERE NOT EXISTS (SELECT 1 AS one FROM place AS p WHERE p.unit = u.unit)
"""
# The cases of one indicator added up where they stand: every place above is a sum of these few rows.
_UNITS = """
SELECT code, series, period, COALESCE(area, '') AS unit, outcome,
  COUNT(*) AS n, SUM(days) AS days, SUM(amount) AS amount
FROM one_case
GROUP BY code, series, period, COALESCE(area, ''), outcome
"""
STRAY_COLUMNS = {"code": "VARCHAR", "unit": "VARCHAR"}

# Whole yuan, half a yuan up.  Straight to BIGINT, DuckDB would round and Spark cut off.
_WHOLE = "CAST(CAST({0} AS DECIMAL(18, 0)) AS BIGINT) AS {0}"

# Every area has a figure for every period and series, also where it counts nothing; schools and departments
# where they have cases.
_FIGURES = f"""
WITH series_all AS (
  SELECT code, series, kind, weight, period_kind, delivered FROM one_series
  UNION ALL
  SELECT c.code, c.series, m.kind, m.weight, m.period_kind, m.delivered
  FROM (SELECT DISTINCT code, series FROM one_unit) AS c
  JOIN one_series AS m ON m.code = c.code
  WHERE NOT EXISTS (SELECT 1 AS one FROM one_series AS n WHERE n.code = c.code AND n.series = c.series)
    AND m.series = (SELECT MIN(o.series) FROM one_series AS o WHERE o.code = c.code)
),
placed AS (
  SELECT c.code, c.series, p.level, p.rollup AS area, c.period, c.outcome, c.n,
    CASE m.weight WHEN 'days' THEN CAST(c.days AS DECIMAL(18, 2))
                  WHEN 'amount' THEN CAST(c.amount AS DECIMAL(18, 2)) WHEN 'cells' THEN CAST(c.amount AS DECIMAL(18, 2))
                  ELSE CAST(c.n AS DECIMAL(18, 2)) END AS amount
  FROM one_unit AS c
  JOIN one_place AS p ON p.unit = c.unit
  JOIN series_all AS m ON m.code = c.code AND m.series = c.series
),
counted AS (
  SELECT code, series, level, area, period,
    CAST(SUM(CASE WHEN outcome = 'yes' THEN amount END) AS DECIMAL(18, 2)) AS yes,
    CAST(SUM(CASE WHEN outcome = 'no' THEN amount END) AS DECIMAL(18, 2)) AS no,
    CAST(SUM(CASE WHEN outcome = 'unknown' THEN amount END) AS DECIMAL(18, 2)) AS unknown,
    CAST(SUM(n) AS BIGINT) AS n_shown
  FROM placed
  GROUP BY code, series, level, area, period
),
frame AS (
  SELECT s.code, s.series, a.level, a.area_code AS area, p.period
  FROM series_all AS s
  JOIN period AS p ON p.kind = s.period_kind
  CROSS JOIN area AS a
  WHERE a.level IN ('village', 'township', 'district')
  UNION
  SELECT code, series, level, area, period FROM counted
),
filled AS (
  SELECT f.code, f.series, f.level, f.area, f.period, s.kind, s.weight, s.delivered,
    COALESCE(c.yes, 0) AS yes, COALESCE(c.no, 0) AS no, COALESCE(c.unknown, 0) AS unknown,
    COALESCE(c.n_shown, 0) AS n_shown
  FROM frame AS f
  JOIN series_all AS s ON s.code = f.code AND s.series = f.series
  LEFT JOIN counted AS c ON c.code = f.code AND c.series = f.series AND c.level = f.level
    AND c.area = f.area AND c.period = f.period
),
valued AS (
  SELECT f.code, f.series, f.level, f.area, f.period, f.kind, f.weight, f.yes, f.no, f.unknown, f.n_shown,
    CASE WHEN NOT f.delivered THEN NULL
         WHEN f.kind IN ('count', 'total') THEN CAST(f.yes AS DOUBLE)
         WHEN f.kind = 'growth' THEN ratio(f.yes - f.no, f.no)
         WHEN f.kind = 'share' THEN ratio(f.yes, f.yes + f.no)
         ELSE w.value END AS value, w.low, w.high,
    CASE WHEN f.kind = 'share' AND f.weight = 'cases' AND f.yes + f.no > 0 THEN CAST(f.yes + f.no AS DOUBLE) END AS n,
    CASE WHEN f.kind IN {COUNTED_KINDS} THEN ratio(f.yes + f.no, f.yes + f.no + f.unknown)
         ELSE ratio(CAST(f.yes AS BIGINT) + CAST(f.no AS BIGINT),
                    CAST(f.yes AS BIGINT) + CAST(f.no AS BIGINT) + CAST(f.unknown AS BIGINT)) END AS evidence
  FROM filled AS f
  LEFT JOIN one_computed AS w ON w.series = f.series AND w.level = f.level AND w.area = f.area AND w.period = f.period
),
wilson AS (
  SELECT code, series, level, area, period, kind, yes, no, unknown, n_shown, value, low, high, evidence,
    ratio(value + ratio({Z} * {Z}, 2 * n), 1 + ratio({Z} * {Z}, n)) AS middle,
    ratio({Z} * square_root(ratio(value * (1 - value), n) + ratio({Z} * {Z}, 4 * n * n)),
          1 + ratio({Z} * {Z}, n)) AS half
  FROM valued
)
SELECT code, series, level, area, period,
  {_WHOLE.format("yes")}, {_WHOLE.format("no")}, {_WHOLE.format("unknown")}, value,
  CASE WHEN kind NOT IN {COUNTED_KINDS} THEN low
       WHEN yes = 0 AND middle IS NOT NULL THEN CAST(0 AS DOUBLE) ELSE middle - half END AS low,
  CASE WHEN kind NOT IN {COUNTED_KINDS} THEN high
       WHEN no = 0 AND middle IS NOT NULL THEN CAST(1 AS DOUBLE) ELSE middle + half END AS high,
  evidence,
  CASE WHEN value IS NOT NULL THEN 'ok'
       WHEN kind = 'duration' AND yes + no + unknown > 0 THEN 'not_reached'
       ELSE 'not_applicable' END AS status, n_shown
FROM wilson
ORDER BY code, series, level, area, period
"""


def make_places(engine: Engine) -> None:
    """Make `one_unit`, `one_stray` and `one_place`: the units of `one_case` with the places where they are added up."""
    engine.table("one_unit", parse(_UNITS, "one_unit"))
    engine.table("one_stray", parse(_STRAY, "one_stray"))
    engine.table("one_place", parse(_PLACE.format(stray="one_stray"), "one_place"))


def make_case_place(engine: Engine) -> None:
    """Make `case_place` for all indicators from the units in `stray`."""
    engine.table("stray", "SELECT DISTINCT unit FROM stray_unit")
    engine.table("case_place", parse(_PLACE.format(stray="stray"), "case_place"))


def figure_query() -> Query:
    """The figures of one indicator, with the frame of empty places.

    Reads `one_unit`, `one_place`, `one_series` and `one_computed` (`durations_and_rates`).
    """
    return parse(_FIGURES, "figure")


def figure_texts() -> tuple[str, ...]:
    """Everything in SQL that decides how cases become figures."""
    return (_PLACE, _STRAY, _UNITS, _FIGURES)


# Each case in each place in which it is added up, of the series whose value is worked out case by case.
_PLACED = f"""
FROM one_case AS c
JOIN period AS w ON w.period = c.period
JOIN one_place AS p ON p.unit = COALESCE(c.area, '')
JOIN one_series AS m ON m.code = c.code AND m.series = c.series
WHERE m.kind NOT IN {COUNTED_KINDS}"""
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


def _durations(engine: Engine) -> Iterator[tuple[Any, ...]]:
    for key, rows in groupby(engine.rows(parse(_DAYS, "durations")), _key):
        counts = [(row["days"], int(row["ended"]), int(row["still_open"])) for row in rows]
        yield *key, median_of_counts(counts), None, None


def durations_and_rates(engine: Engine, kinds: Collection[str]) -> Iterator[tuple[Any, ...]]:
    """Rows of `one_computed` for medians, quantiles and rates, which no fenced SQL can express.

    The database adds up; only the last step, where it is exact in whole numbers and fractions, is done here.
    """
    if "duration" in kinds:
        yield from _durations(engine)
    for text, some in ((_SUMS, {*COMPUTED} - {*TENTHS}), (_QUANTILES, {*TENTHS})):
        if some & set(kinds):
            for row in engine.rows(parse(text, "computed")):
                yield *_key(row), *COMPUTED[row["kind"]](row)
