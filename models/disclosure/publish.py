"""Makes the tables `published_figure` and `issued_count` of a build from its figures and from earlier issues."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import groupby
from typing import Any

import polars as pl

from models.disclosure.cube import (
    Cells,
    Earlier,
    Figure,
    Issue,
    Published,
    cells_of_period,
    published,
    rule_on,
)
from models.disclosure.protect import Mark, Rule
from models.disclosure.relations import Count
from models.disclosure.tables import Place
from registry import store

FIGURES = """
WITH behind AS (
  SELECT c.code, c.series, p.level, p.rollup AS area, c.period,
    count(*) FILTER (outcome = 'yes') AS yes, count(*) FILTER (outcome = 'no') AS no,
    count(*) FILTER (outcome = 'unknown') AS unknown
  FROM case_row c JOIN case_place p ON p.unit = coalesce(c.area, '')
  JOIN indicator i ON i.code = c.code AND i.disclosure = 'status'
  JOIN measure_series m ON m.code = c.code AND m.series = c.series AND m.weight <> 'cases'
  GROUP BY ALL
)
SELECT f.code, f.series, f.level, f.area, f.period, coalesce(m.kind, 'share'), coalesce(m.weight, 'cases'),
  f.yes, f.no, f.unknown, f.value, coalesce(b.yes, 0), coalesce(b.no, 0), coalesce(b.unknown, 0)
FROM figure f JOIN indicator i ON i.code = f.code AND i.disclosure = 'status'
LEFT JOIN measure_series m ON m.code = f.code AND m.series = f.series
LEFT JOIN behind b ON b.code = f.code AND b.series = f.series AND b.level = f.level AND b.area = f.area
  AND b.period = f.period
ORDER BY f.period, f.code, f.series, f.level, f.area
"""
PLACES = """
SELECT area_code, level, parent_code FROM area WHERE level IN ('village', 'township', 'district')
UNION ALL
SELECT org_code, 'school', coalesce(township_code, (SELECT min(area_code) FROM area WHERE level = 'district'))
FROM org WHERE org_code IN (SELECT area FROM figure WHERE level = 'school')
ORDER BY 1
"""
EARLIER = "SELECT code, series, outcome, area, period, is_hidden, number FROM earlier.issued_count"
PUBLISHED_SCHEMA = {
    **dict.fromkeys(("code", "series", "level", "area", "period"), pl.String),
    **dict.fromkeys(("yes", "no", "unknown"), pl.Int64),
    **dict.fromkeys(("value", "low", "high", "evidence"), pl.Float64),
    "status": pl.String,
    "n_shown": pl.Int64,
    "yes_mark": pl.String,
    "no_mark": pl.String,
}
ISSUED_SCHEMA = {
    **dict.fromkeys(("code", "series", "outcome", "area", "period"), pl.String),
    "is_hidden": pl.Boolean,
    "number": pl.Int64,
}


def publish(
    connection: store.Connection, as_of: date, earlier: Earlier, step: Callable[[str], None] = lambda _: None
) -> None:
    """Make both tables; `step` hears each period."""
    rule = rule_on(as_of)
    places = [Place(*row) for row in store.run(connection, PLACES)]
    rows: list[Published] = []
    issued: list[tuple[Any, ...]] = []
    for period, figures in _by_period(connection):
        step(period)
        here = {one.area for one in figures}
        cells = cells_of_period(figures, [one for one in places if one.area in here], rule, earlier)
        rows += published(figures, cells, rule)
        issued += _issued(figures, cells, period)
    _keep(connection, "published_figure", rows, PUBLISHED_SCHEMA)
    _keep(connection, "issued_count", issued, ISSUED_SCHEMA)


def earlier_issues(connection: store.Connection) -> dict[tuple[Count, str, str], Issue]:
    """What the build attached as `earlier` had issued; empty where it issued nothing."""
    tables = store.run(
        connection,
        "SELECT 1 FROM information_schema.tables WHERE table_catalog = 'earlier' AND table_name = 'issued_count'",
    )
    if not tables:
        return {}
    found = store.run(connection, EARLIER)
    return {(Count(*row[:3]), row[3], row[4]): Issue(row[5], row[6]) for row in found}


def _by_period(connection: store.Connection) -> Iterator[tuple[str, list[Figure]]]:
    rows = store.run(connection, FIGURES)
    for period, group in groupby(rows, key=lambda row: row[4]):
        yield period, [Figure._make((*row[:11], tuple(row[11:]))) for row in group]


def _issued(figures: list[Figure], cells: Cells, period: str) -> Iterator[tuple[Any, ...]]:
    amounts = {(one.code, one.series, one.area): (one.yes, one.no) for one in figures}
    for (count, area), cell in cells.items():
        number = amounts[count.code, count.series, area][0 if count.outcome == "yes" else 1]
        yield *count, area, period, cell.mark != Mark.SHOWN, number


def _keep(connection: store.Connection, name: str, rows: list[Any], schema: dict[str, Any]) -> None:
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    columns = ", ".join(f'"{column}" {_KINDS[kind]}' for column, kind in schema.items())
    store.run(connection, f"CREATE OR REPLACE TABLE {name} ({columns})")
    store.insert(connection, name, frame.to_arrow())


_KINDS = {pl.String: "VARCHAR", pl.Int64: "BIGINT", pl.Float64: "DOUBLE", pl.Boolean: "BOOLEAN"}
__all__ = ["Rule", "earlier_issues", "publish"]
