"""What a supervision pack says, before it is written in any format or language: figures, checks, deliveries.

Only aggregates are read: no table with a row for a child is opened here.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

import polars as pl

from dashboard.access import Permission, Reader, Role
from dashboard.exports.periods import Chosen, Span, choose, span_named, spans_of
from dashboard.snapshot import Build, Snapshot
from dashboard.texts import LANGUAGES
from dashboard.views.disclosure import NOT_SHOWN, RANGE
from dashboard.views.figure_faults import Faults, faults_of
from dashboard.views.readings import DOWN, UP, figures_of, heads_of
from dashboard.views.words import CodeWords, code_words

LEVELS = ("district", "township")
NOT_APPLICABLE, UNKNOWN, OK = "not_applicable", "unknown", "ok"
# What could not be shown in a document, or would turn the reading direction of what stands beside it.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff]|[\ud800-\udfff]"
)


class Figure(NamedTuple):
    """One number of an area and period, as its readers may see it, with the one before it.

    status: ok, not_applicable, unknown (cases, but nothing known about any), range (only a bound), hidden.
    direction: better, worse, level or empty. is_clear: the change leaves the interval of the period before.
    unit: of this part, which may be another than its indicator's (children still in grade D, in a rate of
    repairs).
    """

    code: str
    series: str
    level: str
    area: str
    period: str
    status: str
    yes: int | None
    no: int | None
    unknown: int | None
    value: float | None
    low: float | None
    high: float | None
    evidence: float | None
    before: float | None
    direction: str
    is_clear: bool
    unit: str
    yes_mark: str = ""
    no_mark: str = ""
    bounds: tuple[float, float] | None = None
    shown_from: int = 0
    rows_open: int = 0
    rules_failed: int = 0

    @property
    def is_faulty(self) -> bool:
        """Whether inputs of the number failed their checks, so that it has to say so."""
        return bool(self.rows_open or self.rules_failed)


class Content(NamedTuple):
    """All of a pack. heads: code → head in the catalogue's order; areas: code → name, the district first."""

    build: Build
    span: Span
    chosen: dict[str, Chosen]
    heads: dict[str, dict[str, Any]]
    left_out: dict[str, dict[str, Any]]
    areas: dict[str, str]
    figures: list[Figure]
    quality: list[dict[str, Any]]
    deliveries: list[dict[str, Any]]
    senders: frozenset[str]
    words: dict[str, CodeWords]
    sees_children: bool

    def at(self, level: str, codes: Iterable[str] | None = None) -> list[Figure]:
        """The figures of a level, in the order of the catalogue."""
        wanted = None if codes is None else set(codes)
        return [one for one in self.figures if one.level == level and (wanted is None or one.code in wanted)]


def printable(value: Any) -> Any:
    """Words without control and direction marks; everything else as it is."""
    return _UNPRINTABLE.sub("", value) if isinstance(value, str) else value


def content_of(snapshot: Snapshot, period: str, sees_children: bool) -> Content:
    """Read a build for a period; UnknownPeriod where the build has none of that name."""
    spans = spans_of(snapshot)
    span = span_named(spans, period)
    every = {
        code: {name: printable(cell) for name, cell in head.items()}
        for code, head in heads_of(snapshot).items()
    }
    kinds = {head["period_kind"] for head in every.values()}
    chosen = {kind: found for kind in sorted(kinds) if (found := choose(spans, span, kind))}
    heads = {code: head for code, head in every.items() if head["period_kind"] in chosen}
    left_out = {code: head for code, head in every.items() if code not in heads}
    areas = _areas(snapshot)
    senders = [*areas.values(), *_column(snapshot, "org", "name"), *_column(snapshot, "area", "name")]
    return Content(
        snapshot.build,
        span,
        chosen,
        heads,
        left_out,
        areas,
        _figures(snapshot, heads, chosen, areas, sees_children),
        _rows(snapshot, "quality", "table_name, check_id"),
        _rows(snapshot, "delivery", "received_on, delivery"),
        frozenset(senders),
        {lang: code_words(snapshot, lang) for lang in LANGUAGES},
        sees_children,
    )


def _areas(snapshot: Snapshot) -> dict[str, str]:
    rows = snapshot.frame("SELECT area_code, name, level FROM area ORDER BY area_code").to_dicts()
    ordered = [row for level in LEVELS for row in rows if row["level"] == level]
    return {row["area_code"]: printable(row["name"]) for row in ordered}


def _column(snapshot: Snapshot, table: str, column: str) -> list[str]:
    if not snapshot.has(table):
        return []
    return [str(one) for one in snapshot.frame(f'SELECT "{column}" FROM {table}')[column] if one]


def _rows(snapshot: Snapshot, table: str, order: str) -> list[dict[str, Any]]:
    if not snapshot.has(table):
        return []
    rows = snapshot.frame(f"SELECT * FROM {table} ORDER BY {order}").to_dicts()
    return [{name: printable(cell) for name, cell in row.items()} for row in rows]


def reader_of_packs(sees_children: bool) -> Reader:
    """The rights under which the figures are read: those of the people who will hold the paper."""
    rights = {Permission.VIEW_AGGREGATES, Permission.EXPORT} | (
        {Permission.VIEW_CHILDREN} if sees_children else set()
    )
    return Reader("pack", Role.SUPERVISOR, (), frozenset(rights))


def _figures(
    snapshot: Snapshot,
    heads: dict[str, dict[str, Any]],
    chosen: dict[str, Chosen],
    areas: dict[str, str],
    sees: bool,
) -> list[Figure]:
    periods = {span.period for pair in chosen.values() for span in pair if span}
    # All levels are read, because what is hidden at one level depends on its neighbours at the next.
    rows = (
        figures_of(snapshot, reader_of_packs(sees), list(heads), sorted(periods)) if heads else pl.DataFrame()
    )
    if rows.is_empty():
        return []
    cells = {
        (row["code"], row["series"] or "", row["area"], row["period"]): row
        for row in rows.filter(pl.col("level").is_in(LEVELS)).to_dicts()
    }
    faults = faults_of(snapshot)
    order = {code: at for at, code in enumerate(heads)}
    place = {area: at for at, area in enumerate(areas)}
    found = []
    for (code, series, area, period), row in cells.items():
        pair = chosen[heads[code]["period_kind"]]
        if period == pair.now.period and area in place:
            past = cells.get((code, series, area, pair.before.period)) if pair.before else None
            own = faults.get((code, area, period), Faults())
            figure = _figure(row, past, heads[code], pair)
            found.append(figure._replace(rows_open=own.n_open, rules_failed=own.n_failed))
    return sorted(found, key=lambda one: (order[one.code], _series_order(one.series), place[one.area]))


def _series_order(series: str) -> tuple[bool, bool, str]:
    return bool(series), not series.startswith("stock"), series


def _figure(row: dict[str, Any], past: dict[str, Any] | None, head: dict[str, Any], pair: Chosen) -> Figure:
    status = row["status"]
    if status == NOT_APPLICABLE and (row["unknown"] or 0) > 0:
        status = UNKNOWN
    value = _value(row) if status == OK else None
    # A count of half a quarter can't be held against a whole one; a share or a median can.
    is_comparable = past is not None and not (pair.now.is_running and row["unit"] in ("count", "money"))
    before = _value(past) if past is not None and is_comparable else None
    # Which way is better is said of the indicator; a part in another unit may go the other way.
    better = head["better"] if row["unit"] == row["indicator_unit"] else ""
    direction, is_clear = _change(better, value, before, past)
    has_value = value is not None
    return Figure(
        code=row["code"],
        series=row["series"] or "",
        level=row["level"],
        area=row["area"],
        period=row["period"],
        status=status,
        yes=row["yes"],
        no=row["no"],
        unknown=row["unknown"],
        value=value,
        low=row["low"] if has_value else None,
        high=row["high"] if has_value else None,
        evidence=row["evidence"],
        before=before if has_value else None,
        direction=direction,
        is_clear=is_clear,
        unit=row["unit"],
        yes_mark=row["yes_mark"],
        no_mark=row["no_mark"],
        bounds=(row["low"], row["high"]) if row["status"] == RANGE else None,
        shown_from=row["shown_from"],
    )


def _value(row: dict[str, Any]) -> float | None:
    """The value; a count that has none is its number of yes."""
    is_count = row["value"] is None and row["status"] == OK and row["unit"] == "count"
    return float(row["yes"]) if is_count and row["yes"] is not None else row["value"]


def _change(
    better: str, now: float | None, before: float | None, past: dict[str, Any] | None
) -> tuple[str, bool]:
    if now is None or before is None or past is None:
        return "", False
    if now == before:
        return "level", False
    low, high = past["low"], past["high"]
    is_clear = not low <= now <= high if low is not None and high is not None else True
    if better not in (UP, DOWN):
        return "", is_clear
    return ("better" if (now > before) == (better == UP) else "worse"), is_clear


def fingerprint(content: Content) -> str:
    """sha256 of the data part: the same in every language and format of one build for the same readers."""
    data = {
        "build": content.build.build_id,
        "as_of": content.build.as_of,
        "known_on": content.build.known_on,
        "period": content.span.period,
        "sees_children": content.sees_children,
        "figures": content.figures,
        "definitions": list(content.heads.values()),
        "quality": content.quality,
        "deliveries": content.deliveries,
    }
    canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def is_hidden(figure: Figure) -> bool:
    """Whether the figure was taken away to protect children."""
    return figure.status in NOT_SHOWN
