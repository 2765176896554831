"""Figures of the snapshot, protected for the reader, and put into words: the common ground of the
indicator pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import polars as pl

from dashboard.access import Permission, Reader, require
from dashboard.snapshot import Snapshot, among
from dashboard.views.disclosure import HIDDEN, protect
from dashboard.views.thresholds import threshold
from dashboard.views.words import NOTHING, amount, difference, interval
from models.measure import UNIT_OF_KIND

Cells = dict[tuple[str, str, str, str], dict[str, Any]]
UP, DOWN = "higher", "lower"
MISSING = "missing"
SNAPSHOT_KIND = "snapshot"


class Reading(NamedTuple):
    """One figure of an area and period, with the one before it. status: ok, not_applicable, hidden or
    missing.
    """

    code: str
    series: str
    period: str
    status: str
    unit: str
    value: float | None
    counts: dict[str, int]
    evidence: float | None
    before: float | None
    value_words: str
    interval_words: str
    change_words: str
    direction: str  # better, worse, level; empty where nothing can be said
    is_clear: bool  # whether the change leaves the interval of the period before


class Periods(NamedTuple):
    """The periods of a build. frame: period, kind, starts_on, ends_on, snapshot_on, by date."""

    frame: pl.DataFrame
    chosen: str
    as_of: date

    def is_running(self, period: str) -> bool:
        """Whether a period had not ended by the as-of day: its figures are still growing."""
        ends = self.frame.filter(pl.col("period") == period)["ends_on"]
        return bool(len(ends) and ends[0] > self.as_of)

    def of_kind(self, kind: str) -> list[str]:
        """Names by date."""
        return self.frame.filter(pl.col("kind") == kind)["period"].to_list()

    def current(self, kind: str) -> tuple[str | None, str | None]:
        """The last period of a kind that the chosen one reaches, and the one before it; snapshots: the
        newest.
        """
        names = self.of_kind(kind)
        if kind != SNAPSHOT_KIND and self.chosen:
            reach = self.frame.filter(pl.col("period") == self.chosen)["snapshot_on"][0]
            within = self.frame.filter((pl.col("kind") == kind) & (pl.col("snapshot_on") <= reach))
            names = within["period"].to_list()
        return (names[-1] if names else None, names[-2] if len(names) > 1 else None)


def periods_of(snapshot: Snapshot, wanted: str | None) -> Periods:
    """All periods; chosen is the quarter asked for in the address, else the last one that has ended."""
    query = "SELECT period, kind, starts_on, ends_on, snapshot_on FROM period ORDER BY snapshot_on, starts_on"
    frame = snapshot.frame(query).unique(["period", "kind"], keep="first", maintain_order=True)
    quarters = frame.filter(pl.col("kind") == "quarter")
    names = quarters["period"].to_list()
    if wanted in names:
        return Periods(frame, str(wanted), snapshot.build.as_of)
    ended = quarters.filter(pl.col("ends_on") <= snapshot.build.as_of)["period"].to_list()
    return Periods(frame, (ended or names or [""])[-1], snapshot.build.as_of)


def heads_of(snapshot: Snapshot) -> dict[str, dict[str, Any]]:
    """Code → head of the indicator, in the order of the catalogue: C2 before C12."""
    rows = snapshot.frame("SELECT * FROM indicator").to_dicts()
    return {row["code"]: row for row in sorted(rows, key=lambda row: (row["code"][:1], _number(row["code"])))}


def _number(code: str) -> int:
    digits = "".join(mark for mark in code if mark.isdigit())
    return int(digits) if digits else 0


def figures_of(
    snapshot: Snapshot, reader: Reader, codes: Sequence[str], periods: Sequence[str] | None = None
) -> pl.DataFrame:
    """The figures of indicators in all areas as the reader may see them; Forbidden without the right to
    summaries.

    Columns: those of `figure`, disclosure, unit, better, parent_code.
    """
    require(reader, Permission.VIEW_AGGREGATES)
    # A part may have another unit than its indicator: the repair rate of dwellings, and children still in
    # them.
    parts = (
        "LEFT JOIN measure_series s ON s.code = f.code AND s.series = f.series"
        if snapshot.has("measure_series")
        else ""
    )
    unit = "coalesce(s.kind, i.unit)" if parts else "i.unit"
    query = (
        f"SELECT f.*, i.disclosure, {unit} AS unit, i.unit AS indicator_unit, i.better, a.parent_code "
        "FROM figure f "
        f"JOIN indicator i ON i.code = f.code {parts} "
        "LEFT JOIN (SELECT area_code, any_value(parent_code) AS parent_code FROM area GROUP BY area_code) a "
        f"ON a.area_code = f.area WHERE {among('f.code', codes)}"
    )
    values = list(codes)
    if periods is not None:
        query += f" AND {among('f.period', periods)}"
        values += periods
    found = snapshot.frame(query + " ORDER BY f.code, f.series, f.area, f.period", *values)
    return protect(found.with_columns(pl.col("unit", "indicator_unit").replace(dict(UNIT_OF_KIND))), reader)


def cells_of(figures: pl.DataFrame, areas: Sequence[str]) -> Cells:
    """The figures of some areas, to be found by code, series, area and period."""
    rows = figures.filter(pl.col("area").is_in(list(areas))).to_dicts()
    return {(row["code"], row["series"], row["area"], row["period"]): row for row in rows}


def reading(
    lang: str, cells: Cells, code: str, series: str, area: str, now: str, before: str | None
) -> Reading:
    """The figure of one cell with its change; status `missing` where the build has none."""
    row = cells.get((code, series, area, now))
    if row is None:
        return Reading(code, series, now, MISSING, "", None, {}, None, None, NOTHING, "", "", "", False)
    past = cells.get((code, series, area, before)) if before else None
    unit, status = row["unit"], row["status"]
    counts = {name: int(row[name] or 0) for name in ("yes", "no", "unknown")} if status != HIDDEN else {}
    value = row["value"]
    if value is None and unit == "count" and status == "ok":
        value = row["yes"]
    before_value = past["value"] if past else None
    direction, is_clear = _change(row, value, past)
    return Reading(
        code,
        series,
        now,
        status,
        unit,
        value,
        counts,
        row["evidence"],
        before_value,
        amount(lang, value, unit, f"{code}_{series}" if series else code),
        interval(lang, row["low"], row["high"], unit),
        difference(lang, value, before_value, unit),
        direction,
        is_clear,
    )


def _change(row: dict[str, Any], value: float | None, past: dict[str, Any] | None) -> tuple[str, bool]:
    """Better, worse or level, and whether the change is more than chance: outside the interval of the period
    before, on a base that is not too small.

    A part in another unit than its indicator has no direction: fewer children in unsafe homes is not "lower".
    """
    before = past["value"] if past else None
    is_own_unit = row["unit"] == row["indicator_unit"]
    if value is None or before is None or past is None or row["better"] not in (UP, DOWN) or not is_own_unit:
        return "", False
    if value == before:
        return "level", False
    direction = "better" if (value > before) == (row["better"] == UP) else "worse"
    if row["unit"] == "share" and (row["yes"] or 0) + (row["no"] or 0) < threshold("pattern_few"):
        return direction, False
    low, high = past["low"], past["high"]
    return direction, not low <= value <= high if low is not None and high is not None else True


def hidden_words() -> str:
    """How a hidden number is written: <10."""
    return f"<{threshold('small_number'):.0f}"
