"""The supervisor's first page: what is late, what got worse, and what is not to be believed, and why."""

from __future__ import annotations

from typing import Any, NamedTuple

import polars as pl

from dashboard.access import Permission, Reader, may
from dashboard.snapshot import Snapshot
from dashboard.texts import text
from dashboard.views.control_chart import Verdict, judged, verdict_of
from dashboard.views.disclosure import protection_note
from dashboard.views.headlines import Headline, headlines
from dashboard.views.heat import gaps_below, heat_table
from dashboard.views.indicator_page import series_of
from dashboard.views.readings import (
    Periods,
    cells_of,
    figures_of,
    heads_of,
    periods_of,
)
from dashboard.views.scope import Scope, chosen_area, scope_of
from dashboard.views.sight import Sight
from dashboard.views.thresholds import threshold
from dashboard.views.tiles import TileMap, tile_map
from dashboard.views.words import (
    code_words,
    difference,
    period_words,
    provenance,
)

# What is owed by a day: the share that failed is what is late.
OWED = frozenset(
    [
        "C4",
        "C8",
        "C12",
        "C15",
        "R3",
        "R4",
        "R5",
        "P6",
        "P9",
        "P10",
        "P11",
        "S3",
        "S10",
        "I3",
        "I6",
        "F5",
        "G3",
        "G5",
    ]
)
# Indicators of the records themselves: above the threshold the other figures describe paper.
PAPER = {"I9": "late_typing_high", "I10": "copied_notes_high"}


class Overview(NamedTuple):
    """All that the first page shows. heat and gaps have the same shape: words to read, and how far from
    the whole.
    """

    title: str
    provenance: str
    scope: Scope
    area: str
    periods: Periods
    area_choices: dict[str, str]
    period_choices: dict[str, str]
    headlines: list[Headline]
    late: pl.DataFrame
    worse: pl.DataFrame
    doubted: pl.DataFrame
    heat: pl.DataFrame
    gaps: pl.DataFrame
    tiles: TileMap | None
    is_empty: bool
    is_anything_hidden: bool
    hidden_note: str


def overview(snapshot: Snapshot, reader: Reader, lang: str, wanted: dict[str, str | None]) -> Overview:
    """The first page for one area and quarter; Forbidden outside one's areas."""
    scope = scope_of(snapshot, reader)
    area = chosen_area(scope, reader, wanted.get("area"))
    periods = periods_of(snapshot, wanted.get("period"))
    heads = heads_of(snapshot)
    needed = {name for head in heads.values() for name in periods.current(head["period_kind"]) if name}
    figures = figures_of(snapshot, reader, list(heads), sorted(needed))
    areas = {area: scope.name(area), **dict(scope.below(area).select("area_code", "name").iter_rows())}
    sight = Sight(lang, heads, cells_of(figures, list(areas)), periods, code_words(snapshot, lang), areas)
    below = gaps_below(sight, area)
    heat, gaps = heat_table(sight, area, below)
    is_protected = not may(reader, Permission.VIEW_CHILDREN)
    return Overview(
        text(lang, "overview.title"),
        provenance(lang, snapshot.build),
        scope,
        area,
        periods,
        scope.choices(),
        {name: name for name in reversed(periods.of_kind("quarter"))},
        headlines(snapshot, reader, sight, area),
        _late(sight, area),
        _worse(snapshot, reader, sight),
        _doubted(sight),
        heat,
        gaps,
        tile_map(sight, area, below, wanted.get("map")),
        not sight.cells,
        is_protected and bool(sight.cells),
        protection_note(lang, snapshot.build.as_of, snapshot.build.build_id),
    )


def _late(sight: Sight, area: str) -> pl.DataFrame:
    """What is owed and was not done in time, the largest share first."""
    rows = []
    for code in (one for one in sight.heads if one in OWED):
        for series in series_of(sight.cells, code):
            now = sight.read(code, series, area)
            known = now.counts.get("yes", 0) + now.counts.get("no", 0)
            if now.status == "ok" and now.counts.get("no", 0):
                share = 100 * now.counts["no"] / known
                change = (
                    difference(sight.lang, 1 - now.value, 1 - now.before, "share")
                    if now.value is not None and now.before is not None
                    else ""
                )
                rows.append(
                    (
                        sight.title(code, series),
                        now.counts["no"],
                        known,
                        round(share, 1),
                        change,
                        period_words(now.period, sight.lang),
                    )
                )
    rows.sort(key=lambda row: -row[3])
    names = [
        "column.indicator",
        "column.late",
        "column.owed",
        "column.late_share",
        "column.late_change",
        "column.period",
    ]
    return _frame(sight.lang, names, rows)


def _worse(snapshot: Snapshot, reader: Reader, sight: Sight) -> pl.DataFrame:
    """What moved the wrong way by more than chance, in the area and directly below.

    Judged by a control chart where there are eight complete periods, else by the interval of the period before.
    """
    found = []
    for (code, series, area, _), _row in _current(sight):
        now = sight.read(code, series, area)
        is_tiny = now.unit == "share" and abs((now.value or 0) - (now.before or 0)) < threshold(
            "change_least"
        )
        if now.direction == "worse" and not is_tiny and not sight.periods.is_running(now.period):
            found.append((code, series, area, now))
    verdicts = _verdicts(snapshot, reader, sight, [one[:3] for one in found])
    rows = [
        (
            sight.areas[area],
            sight.title(code, series),
            now.value_words,
            now.change_words,
            period_words(now.period, sight.lang),
        )
        for code, series, area, now in found
        if judged(now, verdicts.get((code, series, area))).is_clear
    ]
    return _frame(
        sight.lang,
        ["column.unit", "column.indicator", "column.value_now", "column.change", "column.period"],
        rows,
    )


def _verdicts(
    snapshot: Snapshot, reader: Reader, sight: Sight, wanted: list[tuple[str, str, str]]
) -> dict[tuple[str, str, str], Verdict | None]:
    """What control charts say about these figures; all their periods are read."""
    codes = sorted({code for code, _, _ in wanted})
    if not codes:
        return {}
    cells = cells_of(figures_of(snapshot, reader, codes), list(sight.areas))
    return {
        (code, series, area): verdict_of(
            cells, sight.periods, sight.heads[code]["period_kind"], code, series, area
        )
        for code, series, area in wanted
    }


def _doubted(sight: Sight) -> pl.DataFrame:
    """Indicators that should not be believed as they stand: the reason, and the places in the order of their
    codes, for their shares may differ by chance.
    """
    found: dict[tuple[str, str, str], list[str]] = {}
    for (code, series, area, _), row in _current(sight):
        for why, share in _doubts(sight, code, row) if row["status"] == "ok" else []:
            found.setdefault((code, series, why), []).append(f"{sight.areas[area]} {100 * share:.0f}%")
    rows = []
    for (code, series, why), places in found.items():
        named = text(sight.lang, "mark.between_words").join(places)
        rows.append((sight.title(code, series), why, named))
    return _frame(sight.lang, ["column.indicator", "column.why", "column.where"], rows)


def _doubts(sight: Sight, code: str, row: dict[str, Any]) -> list[tuple[str, float]]:
    """Why a figure is doubtful: the reason, and the share that shows it."""
    doubts = []
    low = threshold("evidence_low")
    if row["evidence"] is not None and row["evidence"] < low:
        doubts.append((text(sight.lang, "doubt.evidence", limit=f"{100 * low:.0f}%"), row["evidence"]))
    if code in PAPER and row["value"] is not None and row["value"] > threshold(PAPER[code]):
        limit = f"{100 * threshold(PAPER[code]):.0f}%"
        doubts.append((text(sight.lang, f"doubt.{code}", limit=limit), row["value"]))
    return doubts


def _current(sight: Sight) -> list[tuple[tuple[str, str, str, str], dict[str, Any]]]:
    """The cells of the current periods, the whole before its parts, codes in the catalogue's order."""
    order = {code: at for at, code in enumerate(sight.heads)}
    places = {area: at for at, area in enumerate(sight.areas)}
    now = {code: sight.periods.current(head["period_kind"])[0] for code, head in sight.heads.items()}
    chosen = [(key, row) for key, row in sight.cells.items() if key[3] == now[key[0]]]
    return sorted(chosen, key=lambda one: (places[one[0][2]], order[one[0][0]], one[0][1]))


def _frame(lang: str, keys: list[str], rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    names = [text(lang, key) for key in keys]
    return (
        pl.DataFrame(rows, schema=names, orient="row")
        if rows
        else pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    )
