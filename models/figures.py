"""One aggregator for all indicators: counts, shares with intervals, medians with open ends, exact rates.

A share's interval is Wilson's (Wilson 1927, J. Am. Stat. Assoc. 22:209; recommended by Brown, Cai and
DasGupta 2001, Statistical Science 16:101).  A median takes still-open cases as censored (Kaplan and Meier
1958).  A rate's interval is exact for a Poisson count (Garwood 1936).  Quantiles are those of a spreadsheet
(Hyndman and Fan 1996, type 7).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

from models.engines import Engine
from models.sql import Query, parse

Z = "1.959963984540054"  # the normal distribution's 97.5 % point
DAYS_IN_YEAR = 365.25
PER_CHILD_YEARS = 1000
PER_RECORDS = 1000
_TAIL = 0.025

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
SELECT s.unit, 'department' AS level, s.unit AS rollup FROM stray AS s
WHERE s.unit <> '' AND LENGTH(s.unit) <> 12
UNION ALL
SELECT s.unit, 'district' AS level, t.district AS rollup
FROM stray AS s CROSS JOIN (SELECT MIN(area_code) AS district FROM area WHERE level = 'district') AS t
WHERE t.district IS NOT NULL
"""
_STRAY = """
SELECT DISTINCT COALESCE(c.area, '') AS unit FROM case_row AS c
WHERE NOT EXISTS (SELECT 1 AS one FROM place AS p WHERE p.unit = c.area)
"""

# Whole yuan, half a yuan up.  Straight to BIGINT, DuckDB would round and Spark cut off.
_WHOLE = "CAST(CAST({0} AS DECIMAL(18, 0)) AS BIGINT) AS {0}"

# Every area has a figure for every period and series, also where it counts nothing; schools and departments
# where they have cases.
_FIGURES = f"""
WITH series_all AS (
  SELECT code, series, kind, weight, period_kind, delivered FROM measure_series
  UNION ALL
  SELECT DISTINCT c.code, c.series, m.kind, m.weight, m.period_kind, m.delivered
  FROM case_row AS c
  JOIN measure_series AS m ON m.code = c.code
  WHERE NOT EXISTS (SELECT 1 AS one FROM measure_series AS n WHERE n.code = c.code AND n.series = c.series)
    AND m.series = (SELECT MIN(o.series) FROM measure_series AS o WHERE o.code = c.code)
),
placed AS (
  SELECT c.code, c.series, p.level, p.rollup AS area, c.period, c.outcome, m.weight,
    CASE m.weight WHEN 'days' THEN CAST(c.days AS DECIMAL(18, 2))
                  WHEN 'amount' THEN c.amount WHEN 'cells' THEN c.amount
                  ELSE CAST(1 AS DECIMAL(18, 2)) END AS amount
  FROM case_row AS c
  JOIN case_place AS p ON p.unit = COALESCE(c.area, '')
  JOIN series_all AS m ON m.code = c.code AND m.series = c.series
),
counted AS (
  SELECT code, series, level, area, period,
    CAST(SUM(CASE WHEN outcome = 'yes' THEN amount END) AS DECIMAL(18, 2)) AS yes,
    CAST(SUM(CASE WHEN outcome = 'no' THEN amount END) AS DECIMAL(18, 2)) AS no,
    CAST(SUM(CASE WHEN outcome = 'unknown' THEN amount END) AS DECIMAL(18, 2)) AS unknown,
    COUNT(*) AS n_shown
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
  SELECT code, series, level, area, period, kind, weight, yes, no, unknown, n_shown,
    CASE WHEN NOT delivered THEN NULL
         WHEN kind IN ('count', 'total') THEN CAST(yes AS DOUBLE)
         WHEN kind = 'growth' THEN ratio(yes - no, no)
         WHEN kind = 'share' THEN ratio(yes, yes + no) END AS value,
    CASE WHEN kind = 'share' AND weight = 'cases' AND yes + no > 0 THEN CAST(yes + no AS DOUBLE) END AS n,
    ratio(yes + no, yes + no + unknown) AS evidence
  FROM filled
),
wilson AS (
  SELECT code, series, level, area, period, kind, yes, no, unknown, n_shown, value, evidence,
    ratio(value + ratio({Z} * {Z}, 2 * n), 1 + ratio({Z} * {Z}, n)) AS middle,
    ratio({Z} * square_root(ratio(value * (1 - value), n) + ratio({Z} * {Z}, 4 * n * n)),
          1 + ratio({Z} * {Z}, n)) AS half
  FROM valued
)
SELECT code, series, level, area, period, kind,
  {_WHOLE.format("yes")}, {_WHOLE.format("no")}, {_WHOLE.format("unknown")}, value,
  CASE WHEN yes = 0 AND middle IS NOT NULL THEN CAST(0 AS DOUBLE) ELSE middle - half END AS low,
  CASE WHEN no = 0 AND middle IS NOT NULL THEN CAST(1 AS DOUBLE) ELSE middle + half END AS high,
  evidence, CASE WHEN value IS NULL THEN 'not_applicable' ELSE 'ok' END AS status, n_shown
FROM wilson
"""


def make_case_place(engine: Engine) -> None:
    """Make `case_place`: every unit of `case_row` with the places in which it is added up."""
    engine.table("stray", parse(_STRAY, "stray"))
    engine.table("case_place", parse(_PLACE, "case_place"))


def figure_query() -> Query:
    """Counts and shares per series, level, area and period, with the frame of empty places."""
    return parse(_FIGURES, "figure")


def median_with_open_ends(ended: Sequence[int], still_open: Sequence[int]) -> float | None:
    """The day by which half have ended (Kaplan–Meier); None where fewer than half ever did.

    `ended` holds whole days until the end, `still_open` days so far.  Worked in fractions: no rounding.
    """
    staying, at_risk = Fraction(1), len(ended) + len(still_open)
    for day in sorted(set(ended) | set(still_open)):
        ends = sum(1 for days in ended if days == day)
        if ends:
            staying *= Fraction(at_risk - ends, at_risk)
            if staying <= Fraction(1, 2):
                return float(day)
        at_risk -= ends + sum(1 for days in still_open if days == day)
    return None


def quantile(values: Sequence[Decimal], share: Fraction) -> float | None:
    """The value below which that share lies, between two neighbours in proportion; None without values."""
    if not values:
        return None
    ordered = sorted(Fraction(value) for value in values)
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return float(ordered[below] + (place - below) * (ordered[above] - ordered[below]))


def _poisson_at_most(count: int, mean: float) -> float:
    """Chance of `count` events or fewer."""
    if mean <= 0:
        return 1.0
    # In logarithms: exp(-mean) alone is zero from a mean of 746.
    return math.fsum(
        math.exp(number * math.log(mean) - mean - math.lgamma(number + 1)) for number in range(count + 1)
    )


def exact_poisson(count: int) -> tuple[float, float]:
    """The exact 95 % interval of a Poisson count's mean (Garwood), to 1e-9."""

    def solve(seen: int, chance: float) -> float:
        low, high = 0.0, count + 10 * math.sqrt(count + 1) + 10
        while high - low > 1e-9:
            middle = (low + high) / 2
            if _poisson_at_most(seen, middle) > chance:
                low = middle
            else:
                high = middle
        return (low + high) / 2

    return (0.0 if count == 0 else solve(count - 1, 1 - _TAIL)), solve(count, _TAIL)


def _groups(engine: Engine) -> dict[tuple[str, ...], list[dict[str, Any]]]:
    rows = engine.rows(
        "SELECT m.kind, c.code, c.series, p.level, p.rollup, c.period, c.outcome, c.days, c.amount, "
        "days_between(w.starts_on, w.snapshot_on) + 1 AS period_days FROM case_row AS c "
        "JOIN period AS w ON w.period = c.period "
        "JOIN case_place AS p ON p.unit = COALESCE(c.area, '') "
        "JOIN measure_series AS m ON m.code = c.code AND m.series = c.series "
        f"WHERE m.kind NOT IN {COUNTED_KINDS} ORDER BY c.code, c.series, p.level, p.rollup, c.period, c.days"
    )
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        key = (row["code"], row["series"], row["level"], row["rollup"], row["period"])
        groups.setdefault(key, []).append(row)
    return groups


Interval = tuple[float | None, float | None, float | None]


def _duration(rows: Sequence[dict[str, Any]]) -> Interval:
    ended = [row["days"] for row in rows if row["outcome"] == "yes"]
    still_open = [row["days"] for row in rows if row["outcome"] == "no"]
    return median_with_open_ends(ended, still_open), None, None


def _quantile(share: Fraction, rows: Sequence[dict[str, Any]]) -> Interval:
    return quantile([row["amount"] for row in rows if row["outcome"] == "yes"], share), None, None


def _longest(rows: Sequence[dict[str, Any]]) -> Interval:
    days = [row["days"] for row in rows if row["outcome"] != "unknown" and row["days"] is not None]
    return float(max(days)) if days else None, None, None


def _rate(rows: Sequence[dict[str, Any]]) -> Interval:
    events = sum(1 for row in rows if row["outcome"] == "yes")
    child_days = sum(row["days"] for row in rows if row["outcome"] == "no")
    if not child_days:
        return None, None, None
    scale = PER_CHILD_YEARS * DAYS_IN_YEAR / child_days
    low, high = exact_poisson(events)
    return events * scale, low * scale, high * scale


def _per_thousand(rows: Sequence[dict[str, Any]]) -> Interval:
    events = sum(1 for row in rows if row["outcome"] == "yes")
    records = sum(1 for row in rows if row["outcome"] == "no")
    if not records:
        return None, None, None
    low, high = exact_poisson(events)
    return PER_RECORDS * events / records, PER_RECORDS * low / records, PER_RECORDS * high / records


def _per_head(rows: Sequence[dict[str, Any]]) -> Interval:
    """Yuan over the mean number of children: child-days over the days of the period that have passed."""
    child_days = sum(row["days"] for row in rows if row["outcome"] == "no")
    if not child_days:
        return None, None, None
    yuan = sum(row["amount"] for row in rows if row["outcome"] == "yes")
    return float(Fraction(yuan) * rows[0]["period_days"] / child_days), None, None


COMPUTED: dict[str, Callable[[Sequence[dict[str, Any]]], Interval]] = {
    "duration": _duration,
    "rate": _rate,
    "longest": _longest,
    "median": partial(_quantile, Fraction(1, 2)),
    "p90": partial(_quantile, Fraction(9, 10)),
    "per_thousand": _per_thousand,
    "per_head": _per_head,
}


def _status(value: float | None, total: int, kind: str) -> str:
    """A median that more than half still wait for is not reached, which is not "nothing to count"."""
    if value is not None:
        return "ok"
    return "not_reached" if total and kind == "duration" else "not_applicable"


def durations_and_rates(engine: Engine) -> Iterator[tuple[Any, ...]]:
    """Rows of `figure` for medians, quantiles and rates, which no fenced SQL can express."""
    groups = _groups(engine)
    for frame in engine.rows(
        "SELECT code, series, level, area, period, kind, yes, no, unknown, n_shown FROM figure_count "
        f"WHERE kind NOT IN {COUNTED_KINDS} ORDER BY code, series, level, area, period"
    ):
        key = (frame["code"], frame["series"], frame["level"], frame["area"], frame["period"])
        value, low, high = COMPUTED[frame["kind"]](groups.get(key, []))
        known = frame["yes"] + frame["no"]
        total = known + frame["unknown"]
        yield (
            *key,
            frame["yes"],
            frame["no"],
            frame["unknown"],
            value,
            low,
            high,
            known / total if total else None,
            _status(value, total, frame["kind"]),
            frame["n_shown"],
        )
