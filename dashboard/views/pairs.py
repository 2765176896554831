"""Entries that may be one child, side by side, with what speaks for and against in words.

Names are not here: they come from dashboard.identities for who may see them, after a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import polars as pl

from dashboard.access import Permission, Reader, covers_area, require
from dashboard.snapshot import Snapshot
from dashboard.texts import text
from dashboard.views.scope import Scope, scope_of
from dashboard.views.words import NOTHING, code_words, file_number, provenance
from data_contracts.forms import forms
from data_contracts.same_child.name_likeness import FIELDS, weights
from registry.decisions import Decision

STATES = ("open", "same", "not_same")
SHOWN = ("name", "id_no", "birth_date", "village", "guardian", "sex", "together")
SEALED = {"name": "name", "id_no": "id_no", "guardian": "carer_name"}
DISTRICT_DIGITS = 6


class PairsPage(NamedTuple):
    """The list of pairs for one reader; pairs stand in the order of the rows of `rows`."""

    title: str
    provenance: str
    state: str
    state_choices: dict[str, str]
    counts: dict[str, str]
    rows: pl.DataFrame
    pairs: list[dict[str, Any]]
    when_empty: str


def pairs_page(
    snapshot: Snapshot, reader: Reader, lang: str, state: str | None, made: Sequence[Decision] = ()
) -> PairsPage:
    """The page; `made` are decisions that may be newer than the build. Forbidden without the right to decide."""
    require(reader, Permission.DECIDE_IDENTITY)
    scope = scope_of(snapshot, reader)
    chosen = state if state in STATES else STATES[0]
    found = _pairs(snapshot, reader, made)
    counts = {one: sum(pair["state"] == one for pair in found) for one in STATES}
    pairs = [pair for pair in found if pair["state"] == chosen]
    rows = [_row(lang, pair, scope) for pair in pairs]
    names = ("pair", "unit", "certainty", "for", "against", "found_on")
    return PairsPage(
        text(lang, "pairs.title"),
        provenance(lang, snapshot.build),
        chosen,
        {one: text(lang, f"pairs.state.{one}") for one in STATES},
        {text(lang, f"pairs.state.{one}"): f"{n:,}" for one, n in counts.items()},
        pl.DataFrame(rows, {text(lang, f"pairs.column.{name}"): pl.String for name in names}, orient="row"),
        pairs,
        text(lang, "pairs.none_at_all" if not found else "pairs.none_in_state"),
    )


def _pairs(snapshot: Snapshot, reader: Reader, made: Sequence[Decision]) -> list[dict[str, Any]]:
    if not snapshot.has("pair_person"):
        return []
    rows = snapshot.frame("SELECT * FROM identity_pair ORDER BY weight DESC, pair_id").to_dicts()
    newest = {one.pair: one for one in made if one.stands}
    for row in rows:
        decision = newest.get(frozenset((row["child_id"], row["other_id"])))
        if made and (decision or row["decision_id"] in {one.decision_id for one in made if not one.stands}):
            row["state"] = (
                "open" if decision is None else "same" if decision.decision == "same" else "not_same"
            )
    return [row for row in rows if _is_open_to(reader, row["village_code"])]


def _is_open_to(reader: Reader, village: str | None) -> bool:
    """A pair without a village is for those who answer for the whole district."""
    return covers_area(reader, village) if village else any(len(a) <= DISTRICT_DIGITS for a in reader.areas)


def _row(lang: str, pair: dict[str, Any], scope: Scope) -> tuple[str, ...]:
    village = pair["village_code"]
    return (
        f"{file_number(pair['child_id'])} / {file_number(pair['other_id'])}",
        scope.name(village) if village else NOTHING,
        certainty_words(lang, pair["certainty"]),
        _said(lang, pair, is_for=True),
        _said(lang, pair, is_for=False),
        str(pair["found_on"] or NOTHING),
    )


def certainty_words(lang: str, certainty: float) -> str:
    """How likely the stated weights make it, in words: a figure would look more exact than the estimates are."""
    listing = weights().listing
    for grade in ("likely", "possible"):
        if certainty >= listing[f"{grade}_from"].value:
            return text(lang, f"pairs.certainty.{grade}")
    return text(lang, "pairs.certainty.doubtful")


def evidence_words(lang: str, field: str, grade: str) -> str:
    """What one field says: agrees, how it differs, or that it is not known."""
    return text(lang, f"pairs.evidence.{field}.{grade}")


def is_against(grade: str) -> bool:
    """Whether a grade speaks against one child; near grades speak for it."""
    return grade in ("differ", "differ_valid", "one_of_two")


def _said(lang: str, pair: dict[str, Any], is_for: bool) -> str:
    grades = [(field, pair[f"{field}_evidence"]) for field in FIELDS]
    words = [
        evidence_words(lang, field, grade)
        for field, grade in grades
        if grade != "unknown" and is_against(grade) != is_for
    ]
    return text(lang, "mark.between_words").join(words) or NOTHING


def side_by_side(
    snapshot: Snapshot, lang: str, pair: dict[str, Any], names: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Both entries, field by field, and what each says; sealed fields only say whether they are known."""
    rows = snapshot.frame(
        "SELECT * FROM pair_person WHERE child_id IN (?, ?)", pair["child_id"], pair["other_id"]
    )
    sides = {row["child_id"]: row for row in rows.to_dicts()}
    opened = {row["child_id"]: row for row in names.to_dicts()} if names is not None else {}
    areas = dict(snapshot.frame("SELECT area_code, name FROM area").iter_rows())
    sexes = code_words(snapshot, lang).get("sex", {})
    found: list[tuple[str, ...]] = [
        (text(lang, "pairs.column.file"), file_number(pair["child_id"]), file_number(pair["other_id"]), "")
    ]
    for field in SHOWN:
        cells = [
            _cell(lang, field, sides[pair[side]], opened.get(pair[side]), areas, sexes)
            for side in ("child_id", "other_id")
        ]
        evidence = evidence_words(lang, field, pair[f"{field}_evidence"])
        found.append((text(lang, f"pairs.field.{field}"), *cells, evidence))
    columns = [text(lang, f"pairs.column.{name}") for name in ("field", "first", "second", "evidence")]
    return pl.DataFrame(found, dict.fromkeys(columns, pl.String), orient="row")


def _cell(
    lang: str, field: str, side: dict[str, Any], opened: dict[str, Any] | None, areas: dict[str, str],
    sexes: dict[str, str],
) -> str:  # fmt: skip
    if field == "together":
        lists = forms()
        named = [getattr(lists[one], lang) if one in lists else one for one in side["sources"].split(",")]
        return text(lang, "mark.between_words").join(named)
    if field in SEALED:
        column = SEALED[field]
        if field == "id_no" and side["id_no"] is None and side["id_written"] is not None:
            column = "id_written"
        if side[column] is None:
            return text(lang, "pairs.not_known")
        kept = text(lang, "pairs.kept_unusable" if column == "id_written" else "pairs.kept")
        return str(opened[column]) if opened else kept
    value = side["village_code" if field == "village" else field]
    if value is None:
        return text(lang, "pairs.not_known")
    return areas.get(value, str(value)) if field == "village" else sexes.get(value, str(value))
