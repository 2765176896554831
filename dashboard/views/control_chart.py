"""Change over time: which of it is real, by a control chart with stated rules, and what may be chance."""

from __future__ import annotations

from typing import Any, NamedTuple

import plotly.graph_objects as go

from dashboard import chance_figures as charts
from dashboard.texts import text
from dashboard.views.chance import place_of
from dashboard.views.indicator_page import Card, IndicatorPage
from dashboard.views.readings import UP, Cells, Periods, Reading
from dashboard.views.words import amount, scale, unit_name
from models.control_chart import Chart, Mark, control_chart
from models.measure import indicators


class Control(NamedTuple):
    """An indicator of one area over time. last: what the rules say about the newest complete period."""

    chart: go.Figure
    alt: str
    sentences: list[str]
    last: Mark


class Verdict(NamedTuple):
    """What the rules say about the newest complete period of one figure."""

    period: str
    mark: Mark


def _course(
    cells: Cells, periods: Periods, kind: str, code: str, series: str, area: str
) -> list[tuple[str, Any]]:
    """(period, row or None) up to the chosen one, without those that are not over."""
    now, _ = periods.current(kind)
    names = periods.of_kind(kind)
    names = names[: names.index(now) + 1] if now in names else names
    return [(name, cells.get((code, series, area, name))) for name in names if not periods.is_running(name)]


def verdict_of(
    cells: Cells, periods: Periods, kind: str, code: str, series: str, area: str
) -> Verdict | None:
    """What a control chart says about the newest complete period; None where it has too few."""
    course = _course(cells, periods, kind, code, series, area)
    found = _charted(course)
    counted = [name for name, row in course if place_of(row) is not None]
    return Verdict(counted[-1], found.last) if found else None


def _charted(course: list[tuple[str, Any]]) -> Chart | None:
    rows = [row for _, row in course if row is not None]
    is_share = bool(rows) and rows[-1]["unit"] == "share"
    return control_chart([place_of(row) for _, row in course], is_share)


def judged(found: Reading, verdict: Verdict | None) -> Reading:
    """A reading whose change is judged by the control chart instead of by the one period before it.

    The chart must speak of the same period; a real change the other way does not make this one real.
    """
    if verdict is None or verdict.period != found.period or found.before is None or found.value is None:
        return found
    return found._replace(
        is_clear=verdict.mark.is_real and verdict.mark.is_high == (found.value > found.before)
    )


def control(
    lang: str,
    cells: Cells,
    periods: Periods,
    head: dict[str, Any],
    series: str,
    area: str,
    area_name: str,
    title: str,
) -> Control | None:
    """The control chart of one figure; None with fewer than eight complete periods of a share or rate."""
    course = _course(cells, periods, head["period_kind"], head["code"], series, area)
    found = _charted(course)
    if found is None:
        return None
    unit = next(row["unit"] for _, row in reversed(course) if row is not None)
    return Control(
        _chart(lang, found, [name for name, _ in course], unit),
        text(lang, "uncertainty.control_alt", title=title, area=area_name),
        _sentences(lang, found, [name for name, _ in course], unit, head),
        found.last,
    )


def _chart(lang: str, found: Chart, periods: list[str], unit: str) -> go.Figure:
    times = scale(unit)

    def column(values: list[float | None]) -> list[float | None]:
        return [None if value is None else round(times * value, 1) for value in values]

    line = charts.ControlLine(
        periods,
        column([point.value for point in found.points]),
        column([point.low for point in found.points]),
        column([point.high for point in found.points]),
        [point.mark.is_real for point in found.points],
    )
    words = {name: text(lang, f"uncertainty.control_{name}") for name in ("limits", "chance", "real", "mean")}
    words["value"] = unit_name(lang, unit)
    return charts.control(line, times * found.mean, words, unit == "share")


def _sentences(lang: str, found: Chart, periods: list[str], unit: str, head: dict[str, Any]) -> list[str]:
    counted = [
        (name, point) for name, point in zip(periods, found.points, strict=True) if point.value is not None
    ]
    last_name, last = counted[-1]
    mean = amount(lang, found.mean, unit)
    words = [
        text(
            lang,
            f"uncertainty.verdict_{last.mark}",
            period=last_name,
            value=amount(lang, last.value, unit),
            mean=mean,
            good=_good_or_bad(lang, last.mark, head),
        )
    ]
    earlier = [name for name, point in counted[:-1] if point.mark.is_real]
    if earlier:
        names = text(lang, "mark.between_words").join(earlier)
        words.append(text(lang, "uncertainty.earlier", periods=names))
    words.append(text(lang, "uncertainty.rules", n=len(counted), mean=mean))
    if found.widening >= 1.05:  # less is not seen with one decimal
        words.append(text(lang, "uncertainty.laney", factor=f"{found.widening:.1f}"))
    known = indicators().get(head["code"])
    if known is not None and known.head.subject == "child":
        words.append(text(lang, "uncertainty.same_children"))
    return words


def _good_or_bad(lang: str, mark: Mark, head: dict[str, Any]) -> str:
    """Whether the change is for the better, where one way is."""
    if head["better"] not in ("higher", "lower") or not mark.is_real:
        return ""
    return text(
        lang, "uncertainty.for_better" if mark.is_high == (head["better"] == UP) else "uncertainty.for_worse"
    )


def controls_of(
    lang: str, cells: Cells, head: dict[str, Any], page: IndicatorPage, card: Card
) -> dict[str, Control]:
    """Name of the area → its control chart: the chosen area first, then the whole."""
    found = {}
    for area in dict.fromkeys([page.area, page.scope.home]):
        series, name = card.parts[0].reading.series, page.scope.name(area)
        chart = control(lang, cells, page.periods, head, series, area, name, card.title)
        if chart is not None:
            found[name] = chart
    return found


def judged_card(card: Card, cells: Cells, head: dict[str, Any], page: IndicatorPage) -> Card:
    """The card with its change judged by the control chart where there are periods enough."""
    first = card.parts[0]
    verdict = verdict_of(cells, page.periods, head["period_kind"], card.code, first.reading.series, page.area)
    return card._replace(parts=[first._replace(reading=judged(first.reading, verdict)), *card.parts[1:]])
