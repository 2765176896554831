"""Places beside the whole: who stands out by more than chance, and small villages drawn towards the whole."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import plotly.graph_objects as go
import polars as pl

from dashboard import chance_figures as charts
from dashboard.texts import text
from dashboard.views.chance import RECKONED, place_of, spread_of, standing_of
from dashboard.views.scope import Scope
from dashboard.views.words import amount, scale, unit_name
from models.uncertainty import ALARM, WARNING, Place, Prior, Spread, Standing, limits, prior_of, shrunk

LEVELS = ("township", "village")
POINTS = 80  # of a limit's line
NAMED = 12  # places named in one sentence
FEWEST = 3  # places, below which a funnel is empty


class Funnel(NamedTuple):
    """Places beside the whole, as the reader may see them. chart is None where there is nothing to compare."""

    title: str
    chart: go.Figure | None
    alt: str
    sentences: list[str]
    small: pl.DataFrame
    small_note: str


class _Unit(NamedTuple):
    area: str
    name: str
    level: str
    place: Place
    standing: Standing


def funnel(
    lang: str, figures: pl.DataFrame, scope: Scope, area: str, period: str, title: str, series: str = ""
) -> Funnel | None:
    """The townships and villages of the reader beside the whole of them, for one indicator and period.

    figures: rows of that indicator from `readings.figures_of`, so protected for the reader.  None where chance cannot
    be reckoned with: no share of cases, no rate.
    """
    found = figures.filter((pl.col("series") == series) & (pl.col("period") == period))
    rows = {row["area"]: row for row in found.to_dicts()}
    whole = rows.get(scope.home)
    if whole is None or whole["unit"] not in RECKONED or place_of(whole) is None:
        return None
    names = scope.names()
    below = [row for area, row in rows.items() if area in names and area != scope.home]
    villages = [row for row in below if row["level"] == "village"]
    apart = spread_of(villages, whole)
    units = [unit for row in below if (unit := _unit(row, whole, names, apart.factor)) is not None]
    if len(units) < FEWEST:
        return None
    units.sort(key=lambda unit: (LEVELS.index(unit.level), unit.area))
    is_share = whole["unit"] == "share"
    small, note = _small(lang, [unit for unit in units if unit.level == "village"], area, whole["unit"])
    return Funnel(
        text(lang, "uncertainty.funnel_title", area=scope.name(scope.home)),
        _chart(lang, units, whole, apart, is_share, scope.name(scope.home)),
        text(lang, "uncertainty.funnel_alt", title=title, area=scope.name(scope.home)),
        _sentences(lang, units, whole, apart, scope.name(scope.home), len(below) - len(units)),
        small,
        note,
    )


def _unit(row: dict[str, Any], whole: dict[str, Any], names: dict[str, str], widening: float) -> _Unit | None:
    place, where = place_of(row), standing_of(row, whole, widening)
    if place is None or where is None or row["level"] not in LEVELS:
        return None
    return _Unit(row["area"], names[row["area"]], row["level"], place, where)


def _chart(
    lang: str, units: Sequence[_Unit], whole: dict[str, Any], apart: Spread, is_share: bool, whole_name: str
) -> go.Figure:
    times = scale(whole["unit"])
    dots = [
        charts.FunnelDot(
            one.name, one.level, one.place.base, round(times * one.place.value, 1), one.standing.is_clear
        )
        for one in units
    ]
    bases = _bases([one.place.base for one in units], is_share)
    lines = []
    for within, name, dash in ((WARNING, "limit_inner", "dot"), (ALARM, "limit_outer", "dash")):
        pairs = [limits(whole["value"], base, is_share, within, apart.factor) for base in bases]
        low, high = ([times * pair[at] for pair in pairs] for at in (0, 1))
        lines.append(charts.LimitLine(text(lang, f"uncertainty.{name}"), bases, low, high, dash))
    words = {
        "base": text(lang, "uncertainty.base_share" if is_share else "uncertainty.base_rate"),
        "value": unit_name(lang, whole["unit"]),
        **{level: text(lang, f"uncertainty.level_{level}") for level in LEVELS},
    }
    return charts.funnel(dots, lines, times * whole["value"], words, is_share)


def _bases(found: Sequence[float], is_share: bool) -> list[float]:
    """Sizes at which limits are drawn, evenly in logarithms; whole numbers where cases are counted."""
    low, high = math.log(min(found) * 0.8), math.log(max(found) * 1.25)
    every = [math.exp(low + (high - low) * step / (POINTS - 1)) for step in range(POINTS)]
    return sorted({float(max(1, round(base))) for base in every}) if is_share else every


def _sentences(
    lang: str, units: Sequence[_Unit], whole: dict[str, Any], apart: Spread, whole_name: str, left_out: int
) -> list[str]:
    value = amount(lang, whole["value"], whole["unit"])
    found = []
    for where in (Standing.BELOW, Standing.ABOVE, Standing.PERHAPS_BELOW, Standing.PERHAPS_ABOVE):
        mine = [one for one in units if one.standing is where]
        if mine:
            found.append(
                text(
                    lang,
                    f"uncertainty.{where}",
                    whole=whole_name,
                    value=value,
                    places=_named(lang, mine, whole["unit"]),
                )
            )
    level = sum(one.standing is Standing.LEVEL for one in units)
    found.append(text(lang, "uncertainty.not_distinguishable", whole=whole_name, value=value, n=level))
    if apart.factor > 1:
        found.append(text(lang, "uncertainty.widened", factor=f"{apart.factor:.1f}"))
    if left_out:
        found.append(text(lang, "uncertainty.left_out", n=left_out))
    return found


def _named(lang: str, units: Sequence[_Unit], unit: str) -> str:
    """Places in the order of their codes, each with its value and cases: no ranking."""
    words = []
    for one in units[:NAMED]:
        value = amount(lang, one.place.value, unit)
        key = "uncertainty.place_share" if unit == "share" else "uncertainty.place_rate"
        words.append(
            text(lang, key, name=one.name, value=value, yes=one.place.events, base=f"{one.place.base:,.0f}")
        )
    if len(units) > NAMED:
        words.append(text(lang, "uncertainty.more_places", n=len(units) - NAMED))
    return text(lang, "mark.between_words").join(words)


def _small(lang: str, villages: Sequence[_Unit], area: str, unit: str) -> tuple[pl.DataFrame, str]:
    """The villages of the area, raw and drawn towards the whole, and what the drawing rests on."""
    is_share = unit == "share"
    prior = prior_of([one.place for one in villages], is_share)
    mine = [one for one in villages if one.area.startswith(area)]
    rows = [_small_row(one, prior, unit) for one in mine] if prior.reason != "too_few" else []
    keys = ("unit", "cases" if is_share else "events", "raw", "drawn", "drawn_low", "drawn_high")
    names = [text(lang, "column.unit"), *(text(lang, f"uncertainty.column_{key}") for key in keys[1:])]
    values = {
        "mean": amount(lang, prior.mean if villages else None, unit),
        "weight": f"{prior.weight:,.0f}" if math.isfinite(prior.weight) else "",
    }
    frame = pl.DataFrame(rows, schema=names, orient="row") if rows else pl.DataFrame()
    reason = prior.reason if is_share or prior.reason != "fitted" else "fitted_rate"
    return frame, text(lang, f"uncertainty.shrunk_{reason}", **values)


def _small_row(one: _Unit, prior: Prior, unit: str) -> tuple[Any, ...]:
    times, drawn = scale(unit), shrunk(one.place, prior, unit == "share")
    numbers = [round(times * number, 1) for number in drawn]
    shown = numbers if math.isfinite(prior.weight) else [*numbers[:2], None, None]
    return one.name, round(one.place.base) if unit == "share" else one.place.events, *shown
