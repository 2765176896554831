"""The cube of a whole demo build: it knows what measures share, and nothing exact reaches a reader of aggregates."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
import pytest

from dashboard.access import Role, reader_for
from dashboard.snapshot import Snapshot, opened
from dashboard.views.overview import overview
from dashboard.views.readings import figures_of
from models.disclosure.cube import ONE_CASE
from models.disclosure.relations import Count, Relations, count_named, relations
from tests.journey.conftest import Shouhu

# Totals that are equal in every place and period: yes and no, all with unknown, or yes alone.
SHARED = """
WITH told AS (
  SELECT f.code, f.series, i.disclosure, coalesce(m.kind, 'share') AS kind, f.area, f.period, f.yes, f.no, f.unknown
  FROM figure f JOIN indicator i ON i.code = f.code
  LEFT JOIN measure_series m ON m.code = f.code AND m.series = f.series
  WHERE f.level IN ('village', 'township', 'district')
), total AS (
  SELECT code, series, disclosure, kind, area, period, 'all' AS what, yes + no + unknown AS n FROM told
  UNION ALL SELECT code, series, disclosure, kind, area, period, 'yes', yes FROM told
)
SELECT a.code, a.series, b.code AS other, b.series AS its_series, b.disclosure, a.what, b.what AS its_what
FROM total a JOIN total b ON b.area = a.area AND b.period = a.period AND (a.code, a.series) <> (b.code, b.series)
WHERE a.disclosure = 'status' AND a.kind <> ? AND b.kind <> ?
GROUP BY ALL
HAVING bool_and(a.n = b.n) AND count(*) FILTER (a.n > 0) >= 20
ORDER BY ALL
"""


@pytest.fixture(scope="module")
def snapshot(shouhu: Shouhu) -> Iterator[Snapshot]:
    with opened(shouhu.store) as found:
        yield found


def has_known_total(known: Relations, code: str, series: str) -> bool:
    yes = Count(code, series, "yes")
    return known.is_public(yes.measure) or known.parts_of_total(known.told_by(yes)) is not None


def test_no_two_measures_share_a_total_without_standing_in_the_relations(snapshot: Snapshot) -> None:
    known = relations()
    tied = [{count_named(one).measure for one in (*same.left, *same.right)} for same in known.same]
    found = snapshot.frame(SHARED, ONE_CASE, ONE_CASE).drop("what", "its_what").unique().rows()
    assert len(found) > 10
    missing = []
    for code, series, other, its_series, disclosure in found:
        pair = {f"{code}:{series}", f"{other}:{its_series}"}
        is_told = has_known_total(known, code, series)
        if disclosure == "status":
            is_told = (is_told and has_known_total(known, other, its_series)) or any(
                pair <= one for one in tied
            )
        if not is_told:
            missing.append(pair)
    assert missing == []


def test_what_the_relations_say_is_true_in_the_district(snapshot: Snapshot) -> None:
    figures = snapshot.frame("SELECT code, series, area, period, yes, no, unknown FROM figure")
    numbers = {
        (Count(row[0], row[1], outcome), row[2], row[3]): row[at]
        for row in figures.rows()
        for at, outcome in ((4, "yes"), (5, "no"), (6, "unknown"))
    }
    places = {key[1:] for key in numbers}
    for same in relations().same:
        sides = [
            [count_named(one) for one in side]
            for side in ((*same.left, *same.exact_left), (*same.right, *same.exact))
        ]
        held = 0
        for area, period in places:
            if all((one, area, period) in numbers for side in sides for one in side):
                left, right = (sum(numbers[one, area, period] for one in side) for side in sides)
                assert left == right, f"{same.left} and {same.right} in {area}, {period}: {left}, {right}"
                held += 1
        assert held, f"{same.left}: counted nowhere"


def test_no_frame_of_a_supervisor_holds_a_status_count_that_was_not_published(snapshot: Snapshot) -> None:
    supervisor = reader_for("s", Role.SUPERVISOR, ("530902",))
    cell = ["code", "series", "level", "area", "period"]
    codes = snapshot.frame("SELECT code FROM indicator")["code"].to_list()
    seen = figures_of(snapshot, supervisor, codes).filter(pl.col("disclosure") == "status")
    exact = snapshot.frame("SELECT * FROM figure")
    both = seen.join(exact, on=cell, suffix="_exact").filter(pl.col("series") != "stock")
    assert len(both) > 5_000
    for name in ("yes", "no"):
        shown = both.filter(pl.col(name).is_not_null() & (pl.col(f"{name}_exact") < 8))
        # Nothing small is shown; where a measure has no such count at all, it is not a number of anybody.
        assert shown.filter(pl.col(f"{name}_exact") > 0).is_empty()
    assert both.filter(pl.col("yes").is_not_null() & (pl.col("yes_exact") < 8)).is_empty()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_first_page_of_a_supervisor_stands_on_published_figures(snapshot: Snapshot, lang: str) -> None:
    page = overview(snapshot, reader_for("s", Role.SUPERVISOR, ("530902",)), lang, {})
    assert snapshot.build.build_id in page.hidden_note
    assert len(page.heat) and page.heat.width > 3
