"""Whom to visit or refer next: those to report now, then by duty and due date, each with the reasons.

A row is an order of work with an end, not a label of the child: it shows a duty and a day, and no score
beside a name (不得标签化). Children stand under file numbers; names come from dashboard.identities.
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import polars as pl

from dashboard.access import Permission, Reader, covers_area, require
from dashboard.snapshot import Snapshot
from dashboard.texts import text
from dashboard.views.overrides import moved_words
from dashboard.views.scope import Scope, chosen_area, scope_of
from dashboard.views.words import NOTHING, file_number, in_language, provenance

TARGETS = ("visit", "referral")
TIERS = ("report_now", "red", "orange", "yellow", "green", "unknown")
ELIGIBILITY = ("yes", "unknown", "no")
REPORT_NOW = "report_now"
SENTENCES_SHOWN = 2
ANY = ""
COLUMNS = (
    "column.order",
    "column.file_number",
    "column.unit",
    "column.due_on",
    "column.reasons",
    "column.duty",
    "column.days_since_visit",
    "column.n_unknown",
    "column.points",
    "column.eligibility",
)


class Filters(NamedTuple):
    """What the address asks for; empty means all."""

    target: str
    area: str
    tier: str
    eligibility: str


class Worklist(NamedTuple):
    """The list for one reader. child_ids and report_now_ids stand in the order of the rows of the frames."""

    title: str
    provenance: str
    filters: Filters
    area_choices: dict[str, str]
    tier_choices: dict[str, str]
    eligibility_choices: dict[str, str]
    target_choices: dict[str, str]
    report_now: pl.DataFrame
    report_now_ids: list[str]
    rows: pl.DataFrame
    child_ids: list[str]
    summary: str


def worklist(snapshot: Snapshot, reader: Reader, lang: str, wanted: dict[str, str | None]) -> Worklist:
    """The list as the reader may see it; Forbidden without the right to single cases or outside one's
    areas.
    """
    require(reader, Permission.VIEW_CHILDREN)
    scope = scope_of(snapshot, reader)
    filters = _filters(scope, reader, wanted)
    found = _screened(snapshot, reader, filters)
    sentences, since = reasons_of(snapshot, filters.target, lang)
    unknown = _unknown(snapshot, filters.target)
    by_hand = moved_words(snapshot, filters.target, lang)
    as_of = snapshot.build.as_of
    now = [row for row in found if row["lane"] == REPORT_NOW]
    later = [row for row in found if row["lane"] != REPORT_NOW]

    def written(row: dict[str, Any]) -> tuple[Any, ...]:
        child = row["child_id"]
        clock = since.get(child) if row["lane"] == REPORT_NOW else None
        why = filter(None, (by_hand.get(child), sentences.get(child)))
        told = text(lang, "mark.between_sentences").join(why)
        return _row(lang, row, scope, told, unknown.get(child, 0), clock, as_of)

    return Worklist(
        text(lang, "worklist.title"),
        provenance(lang, snapshot.build),
        filters,
        scope.choices(),
        _choices(lang, "tier", TIERS),
        _choices(lang, "eligibility", ELIGIBILITY),
        {target: text(lang, f"target.{target}") for target in TARGETS},
        _frame(lang, [written(row) for row in now]),
        [row["child_id"] for row in now],
        _frame(lang, [written(row) for row in later]),
        [row["child_id"] for row in later],
        text(lang, "worklist.summary", now=len(now), later=len(later), overdue=_n_overdue(found, as_of)),
    )


def _filters(scope: Scope, reader: Reader, wanted: dict[str, str | None]) -> Filters:
    def known(name: str, values: tuple[str, ...], otherwise: str) -> str:
        value = wanted.get(name) or otherwise
        return value if value in values else otherwise

    return Filters(
        known("target", TARGETS, TARGETS[0]),
        chosen_area(scope, reader, wanted.get("area")),
        known("tier", TIERS, ANY),
        known("eligibility", ELIGIBILITY, ANY),
    )


def _choices(lang: str, group: str, values: tuple[str, ...]) -> dict[str, str]:
    return {ANY: text(lang, "choice.all"), **{value: text(lang, f"{group}.{value}") for value in values}}


def _screened(snapshot: Snapshot, reader: Reader, filters: Filters) -> list[dict[str, Any]]:
    query = (
        "SELECT * FROM screening WHERE target = ? "
        "AND starts_with(coalesce(village_code, ''), ?) ORDER BY rank"
    )
    rows = snapshot.frame(query, filters.target, filters.area).to_dicts()
    return [
        row
        for row in rows
        if covers_area(reader, row["village_code"] or "")
        and filters.tier in (ANY, row["tier"], row["lane"])
        and filters.eligibility in (ANY, row["eligibility"])
    ]


def reasons_of(snapshot: Snapshot, target: str, lang: str) -> tuple[dict[str, str], dict[str, date]]:
    """Child → the first reasons as one sentence, and child → the day since when a rule has held."""
    query = (
        "SELECT * FROM reason WHERE target = ? ORDER BY child_id, "
        "CASE kind WHEN 'rule' THEN 0 WHEN 'verify' THEN 1 ELSE 2 END, ord"
    )
    sentences: dict[str, list[str]] = {}
    since: dict[str, date] = {}
    for row in snapshot.frame(query, target).iter_rows(named=True):
        sentences.setdefault(row["child_id"], []).append(in_language(row, "sentence", lang))
        if row["kind"] == "rule" and row["since"]:
            since[row["child_id"]] = min(row["since"], since.get(row["child_id"], row["since"]))
    between = text(lang, "mark.between_sentences")
    return {child: between.join(found[:SENTENCES_SHOWN]) for child, found in sentences.items()}, since


def _unknown(snapshot: Snapshot, target: str) -> dict[str, int]:
    query = "SELECT child_id, count(*) AS n FROM unknown_fact WHERE target = ? GROUP BY child_id"
    return dict(snapshot.frame(query, target).iter_rows())


def _row(
    lang: str,
    row: dict[str, Any],
    scope: Scope,
    sentence: str,
    n_unknown: int,
    clock: date | None,
    as_of: date,
) -> tuple[Any, ...]:
    return (
        row["rank"],
        file_number(row["child_id"]),
        scope.name(row["village_code"] or ""),
        due_words(lang, row["due_on"], as_of),
        sentence,
        duty(lang, row, clock, as_of),
        row["days_since_visit"],
        n_unknown,
        points_range(row),
        text(lang, f"eligibility.{row['eligibility']}"),
    )


def duty(lang: str, row: dict[str, Any], clock: date | None, as_of: date) -> str:
    """What is to be done for a child, in words; the clock of the report-now lane; whether checking comes
    first.
    """
    if row["lane"] == REPORT_NOW:
        words = text(lang, f"duty.{row['target']}.{REPORT_NOW}")
        return words + (text(lang, "duty.clock", days=(as_of - clock).days) if clock else "")
    words = text(lang, f"duty.{row['target']}.{row['tier']}")
    highest = REPORT_NOW if row.get("lane_high") == REPORT_NOW else row["tier_high"] or row["tier"]
    if highest != row["tier"]:
        words += text(lang, "duty.verify_first", tier=text(lang, f"tier.{highest}"))
    return words


def due_words(lang: str, due_on: date | None, as_of: date) -> str:
    """The due day and how far off it is; as text it sorts by day."""
    return NOTHING if due_on is None else f"{due_on} · {due_in(lang, due_on, as_of)}"


def due_in(lang: str, due_on: date | None, as_of: date) -> str:
    """How long until the due day, or how long past it."""
    if due_on is None:
        return NOTHING
    days = (due_on - as_of).days
    if days < 0:
        return text(lang, "due.overdue", days=-days)
    return text(lang, "due.today") if days == 0 else text(lang, "due.left", days=days)


def points_range(row: dict[str, Any]) -> str:
    """The points, and how low and high they may be given what is unknown."""
    if row["points"] is None:
        return NOTHING
    low, high = row["points_low"], row["points_high"]
    if low is None or high is None or low == high:
        return f"{row['points']:.0f}"
    return f"{row['points']:.0f} ({low:.0f}–{high:.0f})"


def _n_overdue(rows: list[dict[str, Any]], as_of: date) -> int:
    return sum(row["due_on"] is not None and row["due_on"] < as_of for row in rows)


def _frame(lang: str, rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    kinds = (pl.Int64, *[pl.String] * 5, pl.Int64, pl.Int64, pl.String, pl.String)
    schema = {text(lang, key): kind for key, kind in zip(COLUMNS, kinds, strict=True)}
    return pl.DataFrame(rows, schema=schema, orient="row")


def with_names(
    lang: str, frame: pl.DataFrame, child_ids: list[str], identities: pl.DataFrame
) -> pl.DataFrame:
    """The list with names after the file number; points leave the table, so that no score stands beside a
    name.
    """
    return names_beside(lang, frame.drop(text(lang, "column.points")), child_ids, identities, 2)


def names_beside(
    lang: str, frame: pl.DataFrame, child_ids: list[str], identities: pl.DataFrame, place: int
) -> pl.DataFrame:
    """A table of children with their names as the column at that place."""
    names = dict(identities.select("child_id", "name").iter_rows())
    column = pl.Series(text(lang, "column.name"), [names.get(child) for child in child_ids], pl.String)
    return frame.insert_column(place, column)


def file_choices(snapshot: Snapshot, reader: Reader) -> dict[str, str]:
    """Pseudonym → file number of the children that the reader may see, by file number."""
    require(reader, Permission.VIEW_CHILDREN)
    rows = snapshot.frame("SELECT DISTINCT child_id, village_code FROM screening")
    seen = [child for child, village in rows.iter_rows() if covers_area(reader, village or "")]
    return {child: file_number(child) for child in sorted(seen, key=file_number)}
