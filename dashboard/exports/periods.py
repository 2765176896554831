"""Which period of each kind a pack shows, and what periods are called in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import polars as pl

from dashboard.snapshot import Snapshot
from dashboard.texts import text

SNAPSHOT = "snapshot"
_NUMBERED = re.compile(r"(\d{4})(-|Q|H)(\d{1,2})")
_TERM = re.compile(r"(\d{4})(春|秋)")


class UnknownPeriod(ValueError):
    """A period that this build has no figures for: names the one asked for and those there are."""


class Span(NamedTuple):
    """A period of the build; `snapshot_on` is its last day, or the as-of day while it runs."""

    period: str
    kind: str
    starts_on: date
    ends_on: date
    snapshot_on: date

    @property
    def is_running(self) -> bool:
        """Whether the as-of day lies before its last day."""
        return self.snapshot_on < self.ends_on


class Chosen(NamedTuple):
    """The period of one kind that the pack shows, and the one before it of the same kind."""

    now: Span
    before: Span | None


def spans_of(snapshot: Snapshot) -> list[Span]:
    """All periods of the build by date."""
    columns = "period, kind, starts_on, ends_on, snapshot_on"
    rows = snapshot.frame(f"SELECT DISTINCT {columns} FROM period ORDER BY ends_on, starts_on DESC, period")
    return [Span(*row) for row in rows.cast({"period": pl.String}).iter_rows()]


def span_named(spans: Sequence[Span], wanted: str) -> Span:
    """The period asked for; UnknownPeriod otherwise."""
    found = [span for span in spans if span.period == wanted.strip()]
    if not found:
        newest: dict[str, str] = {span.kind: span.period for span in spans}
        known = ", ".join(sorted(newest.values())) or "none"
        raise UnknownPeriod(f"period: expected one of this build, such as {known}; found {wanted!r}")
    return found[0]


def choose(spans: Sequence[Span], wanted: Span, kind: str) -> Chosen | None:
    """The period of a kind that belongs into a pack for `wanted`; None where there is none.

    The same kind: `wanted` itself. Else the last that ended inside `wanted` (the last month of a quarter,
    the school year that ended in it), else the one that was running on its last day. A state of the as-of
    day ("now") belongs only into a period that holds this day.
    """
    mine = [span for span in spans if span.kind == kind]
    if kind == wanted.kind:
        now = wanted
    elif kind == SNAPSHOT:
        inside = [span for span in mine if wanted.starts_on <= span.ends_on <= wanted.ends_on]
        return Chosen(inside[-1], None) if inside else None
    else:
        ended = [span for span in mine if wanted.starts_on <= span.ends_on <= wanted.snapshot_on]
        running = [span for span in mine if span.starts_on <= wanted.snapshot_on <= span.ends_on]
        if not (ended or running):
            return None
        now = (ended or running)[-1]
    earlier = [span for span in mine if span.ends_on < now.starts_on]
    return Chosen(now, earlier[-1] if earlier else None)


def period_words(lang: str, period: str) -> str:
    """A period as people say it: 2026年第三季度, Q3 2026."""
    if match := _NUMBERED.fullmatch(period):
        return text(lang, f"pack.period.{_NAMES[match[2]]}_{int(match[3])}", year=match[1])
    if match := _TERM.fullmatch(period):
        return text(lang, "pack.period.spring" if match[2] == "春" else "pack.period.autumn", year=match[1])
    if period.endswith("学年"):
        return text(lang, "pack.period.school_year", years=period.removesuffix("学年").replace("-", "–"))
    if period.isdigit():
        return text(lang, "pack.period.year", year=period)
    try:
        return day_words(lang, date.fromisoformat(period))
    except ValueError:
        return period


_NAMES = {"-": "month", "Q": "quarter", "H": "half"}


def day_words(lang: str, day: date) -> str:
    """A day as it stands under a letter: 2026年9月30日, 30 September 2026."""
    month = text(lang, f"pack.month_name.{day.month}")
    return text(lang, "pack.day", year=day.year, month=month, day=day.day)


def span_words(lang: str, span: Span) -> str:
    """A period in words; one that still runs says up to which day it counts."""
    words = period_words(lang, span.period)
    return (
        text(lang, "pack.running", period=words, day=day_words(lang, span.snapshot_on))
        if span.is_running
        else words
    )
