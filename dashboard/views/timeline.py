"""What is recorded about a child over time, from the tables that the build published."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import polars as pl

from dashboard.snapshot import Snapshot
from dashboard.texts import text
from dashboard.views.words import CodeWords, any_word


class Source(NamedTuple):
    """Where an event comes from: the table, its day, the coded column that says what, and the vocabulary."""

    table: str
    on: str
    what: str | None
    vocabulary: str


# One row: what happens on the timeline when this column of this table holds a day.
SOURCES = (
    Source("visit", "visited_on", "mode", "visit_mode"),
    Source("enrolment_episode", "opened_on", "source", "list_source"),
    Source("enrolment_episode", "closed_on", "close_reason", "close_reason"),
    Source("psych_screen", "screened_on", "scale", "scale"),
    Source("psych_screen", "second_on", "second_outcome", "second_outcome"),
    Source("psych_referral", "decided_on", None, ""),
    Source("psych_referral", "first_seen_on", "outcome", "referral_outcome"),
    Source("concern", "known_on", "situation", "situation"),
    Source("concern", "closed_on", "situation", "situation"),
    Source("living_care", "started_on", "helper", "helper"),
    Source("relief_application", "decided_on", "decision", "decision"),
)
COLUMNS = ("column.day", "column.event", "column.what", "column.record")


def timeline_of(snapshot: Snapshot, lang: str, child: str, words: CodeWords) -> pl.DataFrame:
    """Events of a child, newest first; columns: day, event, what, record."""
    rows: list[tuple[date, str, str, str]] = []
    for source in SOURCES:
        if snapshot.has(source.table):
            rows += _events(snapshot, lang, child, words, source)
    rows.sort(key=lambda row: row[0], reverse=True)
    kinds = (pl.Date, pl.String, pl.String, pl.String)
    return pl.DataFrame(
        rows, {text(lang, key): kind for key, kind in zip(COLUMNS, kinds, strict=True)}, orient="row"
    )


def _events(
    snapshot: Snapshot, lang: str, child: str, words: CodeWords, source: Source
) -> list[tuple[date, str, str, str]]:
    columns = snapshot.columns(source.table)
    if not {"child_id", source.on} <= columns:
        return []
    what = source.what if source.what in columns else "NULL"
    record = "record" if "record" in columns else "NULL"
    query = (
        f"SELECT {source.on} AS day, CAST({what} AS VARCHAR) AS what, {record} AS record FROM {source.table} "
        f"WHERE child_id = ? AND {source.on} IS NOT NULL"
    )
    event = text(lang, f"event.{source.table}.{source.on}")
    return [
        (
            _day(one["day"]),
            event,
            any_word(words, one["what"], source.vocabulary) if one["what"] else "",
            one["record"],
        )
        for one in snapshot.frame(query, child).iter_rows(named=True)
    ]


def _day(value: Any) -> date:
    return value.date() if hasattr(value, "date") else value


def household_of(snapshot: Snapshot, lang: str, child: str, words: CodeWords) -> pl.DataFrame:
    """The household of a child as question and answer; columns: what, value."""
    names = [text(lang, key) for key in ("column.what", "column.answer")]
    rows: list[tuple[str, str]] = []
    if snapshot.has("household"):
        kept = [name for name in ("income_band", "relief_status") if name in snapshot.columns("household")]
        frame = snapshot.frame(f"SELECT {', '.join(kept)} FROM household WHERE child_id = ? LIMIT 1", child)
        for one in frame.iter_rows(named=True):
            for name in kept:
                answer = any_word(words, one[name], name) if one[name] else text(lang, "outcome.unknown")
                rows.append((text(lang, f"household.{name}"), answer))
    return pl.DataFrame(rows, dict.fromkeys(names, pl.String), orient="row")
