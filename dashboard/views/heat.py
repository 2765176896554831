"""Areas side by side: each share beside the whole, in the order of the codes and not of the values.

An area is marked only where it stands out by more than chance: below or above the outer limits of its size.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboard.texts import text
from dashboard.views.chance import spread_of, standing_of
from dashboard.views.indicator_page import series_of, status_words
from dashboard.views.readings import DOWN, UP, Reading
from dashboard.views.sight import Sight

Gaps = dict[str, dict[str, float | None]]  # code → area below → gap to the whole


def gaps_below(sight: Sight, area: str) -> Gaps:
    """Every share with a better direction: how far each area below is from the whole, positive where better.

    0 where chance may explain the gap; None where there is no number to compare.
    """
    below = [code for code in sight.areas if code != area]
    found: Gaps = {}
    for code in _share_codes(sight):
        factor = _widening(sight, code, area, below)
        found[code] = {unit: _gap(sight, code, unit, area, factor) for unit in below}
    return found


def heat_table(sight: Sight, area: str, found: Gaps) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Shares by unit below: words to read, and the gaps in the same shape."""
    words: dict[str, list[Any]] = {
        text(sight.lang, "column.indicator"): [sight.title(code) for code in found]
    }
    wholes = [sight.read(code, "", area) for code in found]
    words[sight.areas[area]] = [_no_number_short(sight, whole) or whole.value_words for whole in wholes]
    gaps: dict[str, list[Any]] = {}
    for unit in (code for code in sight.areas if code != area):
        column = _unused(words, sight.areas[unit])
        gaps[column] = [of_code[unit] for of_code in found.values()]
        words[column] = [
            _heat_words(sight, sight.read(code, "", unit), of_code[unit]) for code, of_code in found.items()
        ]
    return pl.DataFrame(words), pl.DataFrame(gaps, schema=dict.fromkeys(gaps, pl.Float64))


def _share_codes(sight: Sight) -> list[str]:
    """The indicators that can be compared by shade: shares with a better direction."""
    return [
        code
        for code, head in sight.heads.items()
        if head["unit"] == "share" and head["better"] in (UP, DOWN) and "" in series_of(sight.cells, code)
    ]


def _unused(columns: dict[str, list[Any]], name: str) -> str:
    """Two villages of one name in a township need two columns."""
    return name if name not in columns else _unused(columns, name + "′")


def _row(sight: Sight, code: str, area: str, period: str) -> dict[str, Any] | None:
    return sight.cells.get((code, "", area, period))


def _widening(sight: Sight, code: str, area: str, below: list[str]) -> float:
    """By which factor the limits are widened, because these areas differ by more than chance anyway."""
    period = sight.read(code, "", area).period
    rows = [row for unit in below if (row := _row(sight, code, unit, period)) is not None]
    return spread_of(rows, _row(sight, code, area, period)).factor


def _gap(sight: Sight, code: str, area: str, above: str, factor: float) -> float | None:
    """How far the area is from the whole, positive where better; 0 where chance may explain it."""
    unit, whole = sight.read(code, "", area), sight.read(code, "", above)
    if unit.value is None or whole.value is None:
        return None
    rows = [_row(sight, code, place, whole.period) for place in (area, above)]
    where = standing_of(rows[0], rows[1], factor)
    if where is None or not where.is_clear:
        return 0.0
    return (unit.value - whole.value) * (1 if sight.heads[code]["better"] == UP else -1)


def _heat_words(sight: Sight, unit: Reading, gap: float | None) -> str:
    if gap is None:
        return _no_number_short(sight, unit)
    return unit.value_words + ("" if gap == 0 else " ▲" if gap > 0 else " ▼")


def _no_number_short(sight: Sight, found: Reading) -> str:
    """What stands in a narrow cell without a number."""
    return (
        text(sight.lang, "status.not_applicable_short")
        if found.status == "not_applicable"
        else status_words(sight.lang, found)
    )
