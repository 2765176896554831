"""Small multiples: one indicator over time in each area below, all on one scale beside the whole."""

from __future__ import annotations

from typing import Any, NamedTuple

from dashboard.drawings import Course
from dashboard.texts import text
from dashboard.views.disclosure import NOT_SHOWN, value_words
from dashboard.views.indicator_page import IndicatorPage, no_number
from dashboard.views.readings import Cells
from dashboard.views.words import NOTHING, amount, period_words, scale


class Panel(NamedTuple):
    """One area: its values, the newest in words, and the whole course in words."""

    name: str
    course: Course
    last_words: str
    alt: str


class Panels(NamedTuple):
    """The panels in the order of the codes, the whole, and the scale that all share."""

    first: str
    last: str
    panels: list[Panel]
    whole: Course
    least: float
    most: float


def panels_of(
    lang: str, cells: Cells, head: dict[str, Any], page: IndicatorPage, series: str
) -> Panels | None:
    """The areas below over the periods up to the chosen one; None with fewer than two areas or two periods."""
    periods = page.periods.of_kind(head["period_kind"])
    now, _ = page.periods.current(head["period_kind"])
    periods = periods[: periods.index(now) + 1] if now in periods else periods
    below = page.scope.below(page.area)
    if len(periods) < 2 or len(below) < 2:
        return None

    def rows(area: str) -> list[dict[str, Any]]:
        return [cells.get((head["code"], series, area, period), {"status": "missing"}) for period in periods]

    panels = [
        _panel(lang, head["code"], name, rows(area), periods)
        for area, name in below.select("area_code", "name").iter_rows()
    ]
    whole = rows(page.area)
    # The count of all places together would press every place flat.
    is_alike = any(row.get("unit") not in (None, "count") for row in whole)
    course = _course(whole) if is_alike else [None] * len(periods)
    courses = [*(one.course for one in panels), course]
    drawn = [value for one in courses for value in one if value is not None]
    if not drawn:
        return None
    return Panels(
        period_words(periods[0], lang),
        period_words(periods[-1], lang),
        panels,
        course,
        min(0.0, *drawn),
        max(drawn),
    )


def _course(rows: list[dict[str, Any]]) -> Course:
    return [_value(row) for row in rows]


def _value(row: dict[str, Any]) -> float | None:
    if row["status"] in NOT_SHOWN or row["status"] != "ok":
        return None
    value = row["value"] if row["value"] is not None or row["unit"] != "count" else row["yes"]
    return None if value is None else value * scale(row["unit"])


def _panel(lang: str, code: str, name: str, rows: list[dict[str, Any]], periods: list[str]) -> Panel:
    words = [_words(lang, code, row) for row in rows]
    said = text(lang, "mark.between_sentences").join(
        f"{period_words(period, lang)} {one}" for period, one in zip(periods, words, strict=True)
    )
    return Panel(name, _course(rows), words[-1], text(lang, "tiles.panel_alt", place=name, course=said))


def _words(lang: str, code: str, row: dict[str, Any]) -> str:
    """The figure as it may be read, or why there is none."""
    if row["status"] == "missing":
        return NOTHING
    if row["status"] in NOT_SHOWN:
        return value_words(lang, row)
    value = row["value"] if row["value"] is not None or row["unit"] != "count" else row["yes"]
    return no_number(lang, row["status"]) or amount(lang, value, row["unit"], code)
