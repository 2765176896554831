"""One aggregator for all indicators: counts, shares with intervals, and what `medians_and_rates` works out.

A share's interval is Wilson's (Wilson 1927, J. Am. Stat. Assoc. 22:209; recommended by Brown, Cai and
DasGupta 2001, Statistical Science 16:101).
"""

from __future__ import annotations

from models.engines import Engine
from models.medians_and_rates import COUNTED_KINDS
from models.sql import Query, parse

Z = "1.959963984540054"  # the normal distribution's 97.5 % point

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
