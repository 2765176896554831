"""What an evaluation of a card found, as it was kept: nothing is computed here, and no child is named.

For those who save and publish versions.  An evaluation belongs to the text of a card; the page says of which version.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import plotly.graph_objects as go
import polars as pl

from dashboard.access import Permission, Reader, require
from dashboard.learned_figures import CurvePoint, Spread, Way, calibration_chart, decision_chart, side_by_side
from dashboard.snapshot import Snapshot
from dashboard.texts import text
from dashboard.views.learned_words import (
    WAYS,
    alarm_lines,
    area_words,
    bar_lines,
    figures_of,
    group_name,
    kind_name,
    number_words,
    price_lines,
    scorer_of,
    scorer_words,
    share_words,
    stability_lines,
    tested_on,
)
from dashboard.views.scope import scope_of
from dashboard.views.tuning_words import fact_words
from models.learning.proposing.rows import KINDS
from models.screening.rulebook import in_force
from models.screening.rulebook.in_force import CARD
from registry import evaluations
from registry.evaluations import Evaluation

THOUSAND = 1000
RATES = ("listed", "visited", "precision", "recall", "recall_by_draws")


class Figures(NamedTuple):
    """The parts of one evaluation: sentences, charts and tables; groups: words of a kind → table."""

    head: list[str]
    bar: list[str]
    alarms: list[str]
    ways: go.Figure | None
    orders: pl.DataFrame
    calibration: pl.DataFrame
    calibration_note: str
    calibration_chart: go.Figure | None
    curve: go.Figure | None
    stability: list[str]
    swap: pl.DataFrame
    groups: dict[str, pl.DataFrame]
    drift: pl.DataFrame


class ValidationPage(NamedTuple):
    """The evaluations that were kept for a list, and the chosen one; `figures` None where nothing was kept."""

    title: str
    provenance: str
    targets: dict[str, str]
    target: str
    choices: dict[str, str]
    chosen: str
    figures: Figures | None


def validation_page(
    snapshot: Snapshot, store: Path, reader: Reader, lang: str, wanted: Mapping[str, str | None]
) -> ValidationPage:
    """The page; Forbidden without the right to publish."""
    require(reader, Permission.PUBLISH_CARD, Permission.VIEW_CHILDREN)
    targets = {one: text(lang, f"target.{one}") for one in ("visit", "referral")}
    asked = wanted.get("target")
    target = asked if asked in targets else "visit"
    subject = in_force.subject_of(target, CARD)
    kept = list(reversed(evaluations.kept(store, subject)))
    numbers = {one.sha256: one.number for one in in_force.listed(store, subject)}
    choices = {str(one.sequence): _choice(lang, one, numbers) for one in kept}
    sequence = wanted.get("evaluation")
    chosen = sequence if sequence in choices else next(iter(choices), "")
    found = next((one for one in kept if str(one.sequence) == chosen), None)
    townships = scope_of(snapshot, reader).names()
    return ValidationPage(
        text(lang, "validation.title"),
        provenance_of(lang, found) if found else text(lang, "validation.nothing_kept"),
        targets,
        target,
        choices,
        chosen,
        figures(lang, found.document, townships) if found else None,
    )


def provenance_of(lang: str, found: Evaluation) -> str:
    """When and on which build it was made, of which lists, and what counted as found."""
    told = found.document["evaluation"]
    return text(lang, "validation.provenance", at=found.at.strftime("%Y-%m-%d %H:%M"), build=found.build_id,
                first=told["first_day"], last=told["last_day"],
                outcome=text(lang, f"validation.outcome.{found.document['outcome']}"))  # fmt: skip


def _choice(lang: str, one: Evaluation, numbers: Mapping[str, int]) -> str:
    key = "validation.of_version" if one.sha256 in numbers else "validation.of_proposal"
    return text(lang, key, number=numbers.get(one.sha256, ""), at=one.at.strftime("%Y-%m-%d %H:%M"),
                digest=one.sha256[:8])  # fmt: skip


def figures(lang: str, document: Mapping[str, Any], townships: Mapping[str, str]) -> Figures:
    """All parts of an evaluation in words, charts and tables."""
    told = document["evaluation"]
    own = scorer_of(document, "card")
    assert own is not None
    head = [tested_on(lang, document), *price_lines(lang, document)]
    bands, note = _calibration(lang, own)
    return Figures(
        head,
        bar_lines(lang, document, dt.date.fromisoformat(told["last_day"]), townships),
        list(alarm_lines(lang, document)),
        _ways(lang, told["scorers"]),
        _orders(lang, told["scorers"]),
        bands,
        note,
        _calibration_chart(lang, own),
        _curve(lang, own),
        list(stability_lines(lang, document)),
        _swap(lang, document["swap"], townships),
        {kind_name(lang, kind): _groups(lang, own, document, kind, townships) for kind in KINDS},
        _drift(lang, told),
    )


def _spread(cell: Mapping[str, Any]) -> Spread:
    return Spread(cell["value"], cell["low"], cell["high"])


def _ways(lang: str, scorers: Sequence[Mapping[str, Any]]) -> go.Figure | None:
    """None where nothing can be said of any order in any way."""
    ways = [
        Way(text(lang, f"learned.way.{way}"),
            [_spread(figures_of(one, way)["at_capacity"]["recall"]) for one in scorers])
        for way in WAYS
    ]  # fmt: skip
    if all(one.value is None for way in ways for one in way.shares):
        return None
    return side_by_side(
        [scorer_words(lang, one["name"]) for one in scorers], ways, text(lang, "validation.recall_axis")
    )


def _frame(lang: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> pl.DataFrame:
    names = [text(lang, f"validation.column.{one}") for one in columns]
    return pl.DataFrame([list(row) for row in rows], schema=dict.fromkeys(names, pl.String), orient="row")


def _orders(lang: str, scorers: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    rows = []
    for one in scorers:
        drawn, seen = figures_of(one, "draws"), figures_of(one, "naive")
        level = drawn["at_capacity"]
        rows.append([
            scorer_words(lang, one["name"]),
            *(share_words(lang, figures_of(one, way)["at_capacity"]["recall"]) for way in WAYS),
            share_words(lang, level["precision"]), number_words(lang, level["number_needed"]),
            area_words(lang, drawn["area_under"]), area_words(lang, seen["area_under"]),
        ])  # fmt: skip
    columns = ("order", "recall_naive", "recall_weighted", "recall_draws", "precision", "needed", "area_draws",
               "area_naive")  # fmt: skip
    return _frame(lang, columns, rows)


def _bands(own: Mapping[str, Any]) -> tuple[Mapping[str, Any], bool]:
    """The calibration by drawn visits where it states anything, else by all visits."""
    return (own["by_draws"], True) if own["by_draws"]["is_stated"] else (own["by_visits"], False)


def _band_words(one: Mapping[str, Any]) -> str:
    low, high = one["low"], one["high"]
    return f"{low:.0f}" if low == high else f"{low:.0f}–{high:.0f}"


def _calibration(lang: str, own: Mapping[str, Any]) -> tuple[pl.DataFrame, str]:
    found, is_drawn = _bands(own)
    rows = [
        [_band_words(one), f"{one['n_listed']:,}", f"{one['n']:,}", f"{one['n_serious']:,}",
         share_words(lang, one["estimate"])]
        for one in found["bands"]
    ]  # fmt: skip
    key = "by_draws" if is_drawn else "by_visits" if found["is_stated"] else "not_stated"
    return _frame(lang, ("points", "listed", "seen", "found", "share"), rows), text(lang, f"validation.{key}")


def _calibration_chart(lang: str, own: Mapping[str, Any]) -> go.Figure | None:
    found, _ = _bands(own)
    if not found["is_stated"]:
        return None
    shares = [_spread(one["estimate"]) for one in found["bands"]]
    names = [_band_words(one) for one in found["bands"]]
    return calibration_chart(
        names, shares, text(lang, "validation.column.points"), text(lang, "validation.share_axis")
    )


def _curve(lang: str, own: Mapping[str, Any]) -> go.Figure | None:
    if not own["probable"] or not own["probable"]["curve"]:
        return None
    points = [
        CurvePoint(one["threshold"], _thousand(one["list"]["value"]), _thousand(one["everybody"]))
        for one in own["probable"]["curve"]
    ]
    names = tuple(text(lang, f"validation.curve.{one}") for one in ("list", "everybody", "nobody"))
    assert len(names) == 3
    return decision_chart(
        points, names, text(lang, "validation.threshold_axis"), text(lang, "validation.benefit_axis")
    )


def _thousand(value: float | None) -> float | None:
    return None if value is None else THOUSAND * value


def _swap(lang: str, found: Mapping[str, Any], townships: Mapping[str, str]) -> pl.DataFrame:
    rows = [
        [
            text(lang, "validation.everybody"),
            "",
            str(found["stay"]),
            str(found["entering"]),
            str(found["leaving"]),
        ]
    ]
    rows += [
        [kind_name(lang, one["kind"]), group_name(lang, one["kind"], one["group"], townships), str(one["stay"]),
         str(one["enter"]), str(one["leave"])]
        for one in found["groups"]
    ]  # fmt: skip
    return _frame(lang, ("kind", "group", "stay", "enter", "leave"), rows)


def _groups(
    lang: str, own: Mapping[str, Any], document: Mapping[str, Any], kind: str, townships: Mapping[str, str]
) -> pl.DataFrame:
    gaps = {(one["kind"], one["group"]): one["gap"] for one in document["beside"]["groups"]}
    rows = []
    for one in own["groups"]:
        if one["kind"] == kind:
            gap = gaps.get((kind, one["group"]))
            rows.append([
                group_name(lang, kind, one["group"], townships), _cell(lang, one["n"], is_share=False),
                *(_cell(lang, one["rates"][name]) for name in RATES),
                share_words(lang, gap) if gap else text(lang, "learned.no_statement"),
            ])  # fmt: skip
    return _frame(
        lang, ("group", "n", "on_list", "visited", "precision", "recall_naive", "recall_draws", "gap"), rows
    )


def _cell(lang: str, cell: Mapping[str, Any], is_share: bool = True) -> str:
    """A cell of a group in words; a hidden one says below which number it lies, where it may."""
    if cell["state"] == "hidden":
        return (
            text(lang, "learned.hidden", below=cell["below"])
            if cell["below"]
            else text(lang, "validation.hidden")
        )
    if cell["state"] == "unknown":
        return text(lang, "learned.no_statement")
    return share_words(lang, cell["interval"]) if is_share else f"{cell['interval']['value']:,.0f}"


def _drift(lang: str, told: Mapping[str, Any]) -> pl.DataFrame:
    own = next(one for one in told["scorers"] if one["name"] == "card")
    rows = []
    for one in [*own["drift"], *told["fact_drift"]]:
        name = text(lang, "validation.score") if one["what"] == "score" else fact_words(lang, one["what"])
        limit = f"{one['threshold'] * 100:.0f}%"
        rows.append(
            [
                name,
                share_words(lang, one["distance"]),
                limit,
                text(lang, f"validation.standing.{one['standing']}"),
            ]
        )
    return _frame(lang, ("fact", "moved", "limit", "standing"), rows)
