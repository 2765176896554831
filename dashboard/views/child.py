"""One child: why the duty exists, since when, what is unknown, what would change it, what has happened."""

from __future__ import annotations

from typing import Any, NamedTuple

import plotly.graph_objects as go
import polars as pl

from dashboard import figures as charts
from dashboard.access import Permission, Reader, require, require_area
from dashboard.snapshot import Snapshot
from dashboard.texts import text
from dashboard.views.known import everything_known
from dashboard.views.lowering import known_of, lowering_words, unknown_words
from dashboard.views.measures import measures_of_child
from dashboard.views.overrides import moved_words
from dashboard.views.scope import scope_of
from dashboard.views.timeline import household_of, timeline_of
from dashboard.views.words import (
    card_words,
    clause_words,
    code_words,
    day,
    file_number,
    in_language,
    provenance,
)
from dashboard.views.worklist import REPORT_NOW, TARGETS, due_words, duty, points_range

KINDS = ("rule", "verify", "card")
REASON_COLUMNS = ("column.reason", "column.kind", "column.clause", "column.since", "column.record")


class TargetPart(NamedTuple):
    """A child on one of the two lists."""

    title: str
    duty: str
    due: str
    points: str
    reasons: pl.DataFrame
    unknown: list[str]
    lowering: list[str]
    changes: list[str]
    by_hand: str
    waterfall: go.Figure | None


class ChildPage(NamedTuple):
    """All that is shown of a child without saying who it is."""

    title: str
    provenance: str
    child_id: str
    facts: dict[str, str]
    parts: list[TargetPart]
    known: pl.DataFrame
    timeline: pl.DataFrame
    household: pl.DataFrame
    measures: pl.DataFrame


def child_page(snapshot: Snapshot, reader: Reader, lang: str, child: str) -> ChildPage | None:
    """The page of a pseudonym; None when nobody has it. Forbidden without the right or outside one's
    areas.
    """
    require(reader, Permission.VIEW_CHILDREN)
    query = "SELECT * FROM screening WHERE child_id = ? ORDER BY CASE target WHEN 'visit' THEN 0 ELSE 1 END"
    rows = snapshot.frame(query, child).to_dicts()
    if not rows:
        return None
    require_area(reader, rows[0]["village_code"] or "")
    scope, words = scope_of(snapshot, reader), code_words(snapshot, lang)
    village = scope.name(rows[0]["village_code"])
    facts = {
        text(lang, "column.unit"): village,
        text(lang, "column.eligibility"): text(lang, f"eligibility.{rows[0]['eligibility']}"),
        text(lang, "column.days_since_visit"): _days(lang, rows[0]["days_since_visit"]),
        text(lang, "column.card"): card_words(str(rows[0]["card"] or ""), lang, snapshot),
    }
    parts = [_part(snapshot, lang, row) for row in rows if row["target"] in TARGETS]
    return ChildPage(
        text(lang, "child.title", number=file_number(child)),
        provenance(lang, snapshot.build),
        child,
        facts,
        parts,
        everything_known(snapshot, lang, child),
        timeline_of(snapshot, lang, child, words),
        household_of(snapshot, lang, child, words),
        measures_of_child(snapshot, reader, lang, child),
    )


def _days(lang: str, days: int | None) -> str:
    return "—" if days is None else text(lang, "unit.days", value=days)


def _part(snapshot: Snapshot, lang: str, row: dict[str, Any]) -> TargetPart:
    query = "SELECT * FROM reason WHERE target = ? AND child_id = ? ORDER BY ord"
    reasons = snapshot.frame(query, row["target"], row["child_id"]).to_dicts()
    since = [one["since"] for one in reasons if one["kind"] == "rule" and one["since"]]
    clock = min(since) if since and row["lane"] == REPORT_NOW else None
    as_of = snapshot.build.as_of
    unknown, known = _unknown(snapshot, row), known_of(snapshot, row)
    labels = [in_language(one, "label", lang) for one in unknown]
    return TargetPart(
        text(lang, f"target.{row['target']}"),
        duty(lang, row, clock, as_of),
        due_words(lang, row["due_on"], as_of),
        points_range(row),
        _reasons(lang, reasons),
        unknown_words(snapshot, lang, known, unknown),
        lowering_words(snapshot, lang, known),
        _changes(lang, row, reasons, labels),
        moved_words(snapshot, row["target"], lang).get(row["child_id"], ""),
        _waterfall(lang, reasons),
    )


def _reasons(lang: str, reasons: list[dict[str, Any]]) -> pl.DataFrame:
    order = sorted(
        reasons, key=lambda one: (KINDS.index(one["kind"]) if one["kind"] in KINDS else 9, one["ord"])
    )
    rows = [
        (
            in_language(one, "sentence", lang),
            text(lang, f"reason.{one['kind']}"),
            clause_words(lang, one["clause"]),
            one["since"],
            one["record"],
        )
        for one in order
    ]
    kinds = (pl.String, pl.String, pl.String, pl.Date, pl.String)
    return pl.DataFrame(
        rows, {text(lang, key): kind for key, kind in zip(REASON_COLUMNS, kinds, strict=True)}, orient="row"
    )


def _unknown(snapshot: Snapshot, row: dict[str, Any]) -> list[dict[str, Any]]:
    query = "SELECT * FROM unknown_fact WHERE target = ? AND child_id = ? ORDER BY fact"
    return snapshot.frame(query, row["target"], row["child_id"]).to_dicts()


def _changes(lang: str, row: dict[str, Any], reasons: list[dict[str, Any]], unknown: list[str]) -> list[str]:
    """What would end or raise the duty: each rule that holds, and what the unknown could bring."""
    rules = [one for one in reasons if one["kind"] == "rule"]
    changes = [
        text(
            lang,
            "change.rule",
            sentence=in_language(one, "sentence", lang),
            since=day(one["since"]),
            record=one["record"] or "—",
            clause=clause_words(lang, one["clause"]),
        )
        for one in rules
    ]
    if len(rules) > 1:
        changes.append(text(lang, "change.all_rules", n=len(rules)))
    if not rules:
        changes.append(text(lang, "change.no_rule"))
    if unknown:
        highest = REPORT_NOW if row.get("lane_high") == REPORT_NOW else row["tier_high"] or row["tier"]
        lowest = REPORT_NOW if row["lane"] == REPORT_NOW else row["tier_low"] or row["tier"]
        low, high = text(lang, f"tier.{lowest}"), text(lang, f"tier.{highest}")
        key = "change.unknown" if lowest != highest else "change.unknown_same"
        changes.append(
            text(lang, key, low=low, high=high, facts=text(lang, "mark.between_words").join(unknown))
        )
    return changes


def _waterfall(lang: str, reasons: list[dict[str, Any]]) -> go.Figure | None:
    steps = [
        (in_language(one, "sentence", lang), one["points"])
        for one in reasons
        if one["kind"] == "card" and one["points"]
    ]
    if not steps:
        return None
    return charts.waterfall(
        [name for name, _ in steps], [value for _, value in steps], text(lang, "child.points_total")
    )
