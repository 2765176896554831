"""Areas side by side: each share beside the whole, in the order of the codes and not of the values."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboard.texts import text
from dashboard.views.indicator_page import series_of, status_words
from dashboard.views.readings import DOWN, UP, Reading
from dashboard.views.sight import Sight

LEVEL = 0.0005  # a gap that one decimal does not show


def heat_table(sight: Sight, area: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Shares by unit below: words to read, and the gap to the whole (positive is better), None where there
    is none.
    """
    below = [code for code in sight.areas if code != area]
    codes = [
        code
        for code, head in sight.heads.items()
        if head["unit"] == "share" and head["better"] in (UP, DOWN) and "" in series_of(sight.cells, code)
    ]
    words: dict[str, list[Any]] = {
        text(sight.lang, "column.indicator"): [sight.title(code) for code in codes]
    }
    gaps: dict[str, list[Any]] = {}
    wholes = [sight.read(code, "", area) for code in codes]
    words[sight.areas[area]] = [_no_number_short(sight, whole) or whole.value_words for whole in wholes]
    for unit in below:
        found = [sight.read(code, "", unit) for code in codes]
        pairs = list(zip(codes, found, wholes, strict=True))
        gaps[_unused(words, sight.areas[unit])] = [_gap(sight, *pair) for pair in pairs]
        words[_unused(words, sight.areas[unit])] = [_heat_words(sight, *pair) for pair in pairs]
    return pl.DataFrame(words), pl.DataFrame(gaps, schema=dict.fromkeys(gaps, pl.Float64))


def _unused(columns: dict[str, list[Any]], name: str) -> str:
    """Two villages of one name in a township need two columns."""
    return name if name not in columns else _unused(columns, name + "′")


def _gap(sight: Sight, code: str, unit: Reading, whole: Reading) -> float | None:
    if unit.value is None or whole.value is None:
        return None
    return (unit.value - whole.value) * (1 if sight.heads[code]["better"] == UP else -1)


def _heat_words(sight: Sight, code: str, unit: Reading, whole: Reading) -> str:
    gap = _gap(sight, code, unit, whole)
    if gap is None:
        return _no_number_short(sight, unit)
    mark = "" if abs(gap) < LEVEL else " ▲" if gap > 0 else " ▼"
    return unit.value_words + mark


def _no_number_short(sight: Sight, found: Reading) -> str:
    """What stands in a narrow cell without a number."""
    return (
        text(sight.lang, "status.not_applicable_short")
        if found.status == "not_applicable"
        else status_words(sight.lang, found)
    )
