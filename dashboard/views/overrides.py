"""Moves by hand in words: on the list and the child's page, all of them in a table, and by worker, reason, outcome."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import polars as pl

from dashboard.access import Permission, Reader, covers_area, require
from dashboard.overriding import asker
from dashboard.snapshot import Snapshot
from dashboard.texts import text
from dashboard.views.words import day, either, file_number, provenance
from data_contracts.vocabularies import vocabularies
from models.screening.by_hand.override_outcomes import OUTCOMES, Outcome, counted, outcomes
from models.screening.by_hand.proposing import REASONS
from registry.overrides import DOWN, EXPIRED, IN_FORCE, UNDONE_STATE, UP, Override, OverrideProblem

_MOVED = """
SELECT m.child_id, m.tier_computed, m.tier, m.due_computed, o.override_id, o.direction, o.code, o."by", o.until_on
FROM moved_child AS m JOIN person_override AS o ON o.override_id = m.override_id
WHERE m.target = ?
"""
COLUMNS = ("file_number", "list", "move", "state", "outcome", "by", "reason", "from_on", "until_on")
GROUP_COLUMNS = (UP, DOWN, IN_FORCE, UNDONE_STATE, EXPIRED)
# What became of those moved down, in few columns: was it worse after all?
AFTER_DOWN = {
    "worse": ("report_now", "top_tier", "higher", "event"),
    "seen": ("seen",),
    "open": ("not_seen", "left_list"),
}
_STATES = ("in_force", "later", "expired", "undone")


class OverridesPage(NamedTuple):
    """All moves that the reader may see; `rows` newest first, `ids` in the order of its rows."""

    title: str
    provenance: str
    summary: str
    rows: pl.DataFrame
    child_ids: list[str]
    by_worker: pl.DataFrame
    by_reason: pl.DataFrame
    by_outcome: pl.DataFrame


def moved_words(snapshot: Snapshot, target: str, lang: str) -> dict[str, str]:
    """Child → what a move by hand did, beside what rules and card had computed; empty for builds without moves."""
    if not snapshot.has("moved_child"):
        return {}
    return {
        row["child_id"]: moved_sentence(lang, row)
        for row in snapshot.frame(_MOVED, target).iter_rows(named=True)
    }


def moved_sentence(lang: str, row: dict[str, Any]) -> str:
    """What a move did: a row with direction, by, tier, tier_computed, due_computed, until_on, code."""
    key = "has_no_effect" if row["tier"] == row["tier_computed"] else row["direction"]
    return text(
        lang,
        f"override.words.{key}",
        by=row["by"],
        tier=text(lang, f"tier.{row['tier']}"),
        computed=text(lang, f"tier.{row['tier_computed']}"),
        until=day(row["until_on"]),
        reason=reason_words(lang, row["code"]),
        due=day(row["due_computed"]),
    )


def reason_words(lang: str, code: str) -> str:
    """A reason's code in words; the code itself where a later version wrote it."""
    known = {value.code: value for value in vocabularies()[REASONS].values}
    return str(getattr(known[code], lang)) if code in known else code


def reason_choices(lang: str) -> dict[str, str]:
    """Every reason's code with its words."""
    return {value.code: str(getattr(value, lang)) for value in vocabularies()[REASONS].values}


def made_words(lang: str, one: Override, as_of: date, words: str = "") -> str:
    """One move in a sentence: who, from where to where, why, from when until when, and whether it still counts."""
    state = text(lang, f"override.state.{one.state_on(as_of)}")
    if one.undone_at is not None:
        state = text(lang, "override.undone_by", by=one.undone_by, on=day(one.undone_at.date()))
    told = text(
        lang,
        "override.made_words",
        list=text(lang, f"target.{one.target}"),
        move=move_words(lang, one),
        by=one.by,
        on=day(one.at.date()),
        since=day(one.from_on),
        until=day(one.until_on),
        reason=reason_words(lang, one.code),
        state=state,
    )
    return told + (text(lang, "override.in_words", words=words) if words else "")


def overrides_page(
    snapshot: Snapshot, reader: Reader, lang: str, made: Sequence[Override] | None
) -> OverridesPage:
    """The moves of the reader's areas and what became of them; Forbidden without the right to single cases."""
    require(reader, Permission.VIEW_CHILDREN)
    found = [one for one in found_outcomes(snapshot, made or ()) if covers_area(reader, one[1])]
    told = [one for one, _ in reversed(found)]
    frames = report_frames(lang, told)
    states = {state: sum(one.state == state for one in told) for state in _STATES}
    key = "override.locked" if made is None else "override.summary"
    return OverridesPage(
        text(lang, "override.title"),
        provenance(lang, snapshot.build),
        text(lang, key, n=len(told), **states),
        _rows(lang, told),
        [one.child_id for one in told],
        *frames.values(),
    )


def report_frames(lang: str, told: list[Outcome]) -> dict[str, pl.DataFrame]:
    """Title → moves by worker, by reason, by outcome."""
    reasons = {one.override.code: reason_words(lang, one.override.code) for one in told}
    return {
        text(lang, "override.by_worker"): _grouped(
            lang, told, "by", {one.override.by: one.override.by for one in told}
        ),
        text(lang, "override.by_reason"): _grouped(lang, told, "code", reasons),
        text(lang, "override.by_outcome"): _by_outcome(lang, told),
    }


def problem_words(lang: str, problem: OverrideProblem) -> str:
    """What stands against a move, in words."""
    details = {
        name: either(lang, f"tier.{value}", str(value)) if name in ("tier", "lowest") else value
        for name, value in problem.details.items()
    }
    return text(lang, f"override.problem.{problem.code}", **details)


def found_outcomes(snapshot: Snapshot, made: Sequence[Override]) -> list[tuple[Outcome, str]]:
    """Every move with its outcome as of the build, and the village of its child."""
    if not snapshot.has("moved_child"):
        return []
    homes = dict(snapshot.frame("SELECT child_id, village_code FROM known_child").iter_rows())
    found = outcomes(asker(snapshot), made, snapshot.build.as_of)
    return [(one, homes.get(one.child_id) or "") for one in found]


def _rows(lang: str, told: list[Outcome]) -> pl.DataFrame:
    schema = {text(lang, f"override.column.{name}"): pl.String for name in COLUMNS}
    rows = [
        (
            file_number(one.child_id),
            text(lang, f"target.{one.override.target}"),
            move_words(lang, one.override),
            text(lang, f"override.state.{one.state}"),
            text(lang, f"override.outcome.{one.outcome}"),
            one.override.by,
            reason_words(lang, one.override.code),
            day(one.override.from_on),
            day(one.override.until_on),
        )
        for one in told
    ]
    return pl.DataFrame(rows, schema, orient="row")


def move_words(lang: str, one: Override) -> str:
    """From which tier to which."""
    return text(
        lang,
        f"override.move.{one.direction}",
        before=text(lang, f"tier.{one.tier_then}"),
        after=text(lang, f"tier.{one.tier}"),
    )


def _grouped(lang: str, told: list[Outcome], name: str, words: dict[str, str]) -> pl.DataFrame:
    """One row a worker or reason: moves up and down, their states, and what became of those moved down."""
    groups = counted(told, lambda one: str(getattr(one.override, name)))
    titles = [text(lang, f"override.group.{name}")]
    titles += [text(lang, f"override.column.{column}") for column in GROUP_COLUMNS]
    titles += [text(lang, f"override.after_down.{what}") for what in AFTER_DOWN]
    rows = [
        (
            words[group],
            *(cells.get(column, 0) for column in GROUP_COLUMNS),
            *(sum(cells.get(f"{DOWN}.{one}", 0) for one in AFTER_DOWN[what]) for what in AFTER_DOWN),
        )
        for group, cells in groups.items()
    ]
    kinds = [pl.String, *[pl.Int64] * (len(titles) - 1)]
    return pl.DataFrame(rows, dict(zip(titles, kinds, strict=True)), orient="row")


def _by_outcome(lang: str, told: list[Outcome]) -> pl.DataFrame:
    groups = counted(told, lambda one: one.outcome)
    titles = (
        text(lang, "override.group.outcome"),
        *(text(lang, f"override.column.{way}") for way in (UP, DOWN)),
    )
    rows = [
        (text(lang, f"override.outcome.{outcome}"), groups[outcome].get(UP, 0), groups[outcome].get(DOWN, 0))
        for outcome in OUTCOMES
        if outcome in groups
    ]
    return pl.DataFrame(rows, dict(zip(titles, (pl.String, pl.Int64, pl.Int64), strict=True)), orient="row")
