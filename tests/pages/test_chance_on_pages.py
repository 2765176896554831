"""Funnel, control chart and replay on the opened indicator, for each role and in both languages."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from dashboard.access import Role, reader_for
from dashboard.snapshot import opened
from dashboard.texts import LANGUAGES, text
from dashboard.views.chance import place_of, standing_of
from dashboard.views.control_chart import control, judged, verdict_of
from dashboard.views.funnel import funnel
from dashboard.views.heat import gaps_below, heat_table
from dashboard.views.readings import Periods, figures_of, reading
from dashboard.views.scope import scope_of
from dashboard.views.sight import Sight
from models.control_chart import Mark
from models.uncertainty import Place, Standing
from tests.pages.snapshot_fixture import DISTRICT, QUARTERS, VILLAGES, make_store
from tests.pages.test_pages import everything_sent, open_page, published  # noqa: F401 (fixtures)
from tests.pages.test_shell import words_of

ANALYST = reader_for("a", Role.ANALYST, (DISTRICT,))
SUPERVISOR = reader_for("s", Role.SUPERVISOR, (DISTRICT,))
DAYS = pl.DataFrame(
    [
        (f"2024-{month:02}", "month", date(2024, month, 1), date(2024, month, 28), date(2024, month, 28))
        for month in range(1, 13)
    ],
    schema=["period", "kind", "starts_on", "ends_on", "snapshot_on"],
    orient="row",
)
MONTHS = Periods(DAYS, "", date(2024, 12, 31), date(2024, 12, 31))
HEAD = {"code": "C14", "period_kind": "month", "better": "higher"}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return make_store(tmp_path_factory.mktemp("chance"))


@pytest.fixture
def snapshot(store):
    with opened(store) as found:
        yield found


def row(yes: int | None, no: int | None, area: str = "V", period: str = "2024-12", **more: object) -> dict:
    known = yes is not None and no is not None and yes + no > 0
    return {
        "code": "C14", "series": "", "area": area, "period": period, "level": "village", "status": "ok",
        "unit": "share", "indicator_unit": "share", "better": "higher", "yes": yes, "no": no, "unknown": 0,
        "value": yes / (yes + no) if known else None, "low": 0.0 if known else None,
        "high": 1.0 if known else None, "evidence": 1.0, "n_shown": 0, **more,
    }  # fmt: skip


def months(*shares: int, base: int = 100) -> dict:
    return {
        ("C14", "", "V", name): row(share, base - share, period=name)
        for name, share in zip(DAYS["period"], shares, strict=False)
    }


def test_a_hidden_an_empty_and_a_yuan_figure_have_no_place_among_chances():
    assert place_of(row(8, 2)) == Place(8, 10)
    for lacking in (
        row(None, None, status="hidden"),
        row(0, 0),
        row(8, 2, low=None),
        row(8, 2, unit="days"),
        None,
    ):
        assert place_of(lacking) is None
        assert standing_of(lacking, row(80, 20)) is None


def test_the_exposure_of_a_rate_is_read_off_its_interval_also_where_nothing_happened():
    assert place_of(row(3, 0, unit="rate", value=1.5, low=0.3, high=8.7672730 / 2)).base == pytest.approx(2)
    assert place_of(row(0, 0, unit="rate", value=0.0, low=0.0, high=3.6888794 / 4)).base == pytest.approx(4)


def test_the_funnel_names_who_stands_out_and_ranks_nobody(snapshot):
    period = "2026-05"
    figures = figures_of(snapshot, ANALYST, ["I1"]).filter(pl.col("series") == "basic")
    found = funnel("zh", figures, scope_of(snapshot, ANALYST), DISTRICT, period, "I1", "basic")
    whole = figures.filter((pl.col("area") == DISTRICT) & (pl.col("period") == period)).to_dicts()[0]
    out = [
        name
        for code, name in VILLAGES.items()
        for one in figures.filter((pl.col("area") == code) & (pl.col("period") == period)).to_dicts()
        if standing_of(one, whole) is not Standing.LEVEL
    ]
    named = "".join(
        line for line in found.sentences if "明显" in line or "可能低于" in line or "可能高于" in line
    )
    assert "多依村" in out and all(name in named for name in out)
    assert not any(name in named for name in set(VILLAGES.values()) - set(out))
    assert any("无法区分" in line for line in found.sentences)
    assert {trace.name for trace in found.chart.data if trace.mode == "markers+text"} == {
        "乡镇（街道）",
        "村（社区）",
    }
    assert "I1" in found.alt


def test_small_villages_stand_raw_and_drawn_side_by_side(snapshot):
    figures = figures_of(snapshot, ANALYST, ["C12"])
    found = funnel("en", figures, scope_of(snapshot, ANALYST), "530902202", QUARTERS[-1], "C12")
    assert found.small[text("en", "column.unit")].to_list() == ["多依村", "南华村"]
    raw, drawn = (found.small[text("en", f"uncertainty.column_{name}")] for name in ("raw", "drawn"))
    whole = figures.filter((pl.col("area") == DISTRICT) & (pl.col("period") == QUARTERS[-1]))["value"][0]
    assert all(abs(d - 100 * whole) <= abs(r - 100 * whole) + 5 for r, d in zip(raw, drawn, strict=True))


def test_what_is_hidden_from_a_supervisor_is_in_no_funnel(snapshot):
    figures = figures_of(snapshot, SUPERVISOR, ["C5"])
    hidden = figures.filter((pl.col("status") == "hidden") & (pl.col("period") == QUARTERS[-1]))
    assert len(hidden)
    found = funnel("zh", figures, scope_of(snapshot, SUPERVISOR), DISTRICT, QUARTERS[-1], "C5")
    names = {VILLAGES[area] for area in hidden["area"] if area in VILLAGES}
    shown = [name for trace in (found.chart.data if found else []) for name in trace.hovertext or ()]
    assert names and not names & set(shown)


def test_a_count_has_no_funnel(snapshot):
    figures = figures_of(snapshot, ANALYST, ["C7"])
    assert funnel("zh", figures, scope_of(snapshot, ANALYST), DISTRICT, QUARTERS[-1], "C7", "stock") is None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_month_beyond_the_limits_is_a_real_change_in_words(lang):
    found = control(lang, months(*[80, 82, 79, 81] * 2, 80, 81, 79, 50), MONTHS, HEAD, "", "V", "村", "C14")
    assert found.last is Mark.BEYOND_LOW
    assert text(lang, "uncertainty.for_worse") in found.sentences[0]
    names = [trace.name for trace in found.chart.data]
    assert text(lang, "uncertainty.control_real") in names


def test_a_month_within_the_limits_is_chance_whatever_the_month_before_was():
    cells = months(*[80, 82, 79, 81] * 2, 80, 81, 84, 76)
    now = reading("zh", cells, "C14", "", "V", "2024-12", "2024-11")
    verdict = verdict_of(cells, MONTHS, "month", "C14", "", "V")
    assert (verdict.mark, judged(now._replace(is_clear=True), verdict).is_clear) == (Mark.CHANCE, False)


def test_a_real_change_makes_the_change_of_the_card_clear_only_in_its_own_direction():
    cells = months(*[80, 82, 79, 81] * 2, 80, 81, 79, 50)
    now = reading("zh", cells, "C14", "", "V", "2024-12", "2024-11")
    verdict = verdict_of(cells, MONTHS, "month", "C14", "", "V")
    assert judged(now._replace(is_clear=False), verdict).is_clear
    assert not judged(now._replace(before=0.3), verdict).is_clear, "up since last month, though low at all"


def test_with_seven_periods_the_old_comparison_stays():
    cells = months(80, 82, 79, 81, 80, 81, 50)
    assert verdict_of(cells, MONTHS, "month", "C14", "", "V") is None
    now = reading("zh", cells, "C14", "", "V", "2024-07", "2024-06")
    assert judged(now, None) is now


def test_a_period_that_is_not_over_is_not_judged():
    running = MONTHS._replace(as_of=date(2024, 12, 10))
    verdict = verdict_of(months(*[80] * 11, 10), running, "month", "C14", "", "V")
    assert (verdict.period, verdict.mark) == ("2024-11", Mark.CHANCE)


def test_the_side_by_side_table_marks_nobody_within_chance():
    cells = {("C14", "", area, "2024-12"): row(*counts, area=area) for area, counts in
             {"D": (800, 200), "A": (7, 3), "B": (40, 60), "C": (100, 0)}.items()}  # fmt: skip
    heads = {"C14": {**HEAD, "unit": "share", "title_zh": "率", "title_en": "rate"}}
    sight = Sight("zh", heads, cells, MONTHS, {}, {"D": "区", "A": "甲", "B": "乙", "C": "丙"})
    words, gaps = heat_table(sight, "D", gaps_below(sight, "D"))
    assert [words[name][0] for name in ("甲", "乙", "丙")] == ["70.0%", "40.0% ▼", "100.0% ▲"]
    assert gaps["甲"][0] == 0.0 and gaps["乙"][0] == pytest.approx(-0.4)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ANALYST])
def test_the_opened_indicator_shows_the_funnel_and_the_day_box(open_page, role, lang):  # noqa: F811
    app = open_page("coverage", role, code="C12", lang=lang)
    assert not app.exception
    words = words_of(app)
    assert text(lang, "replay.title") in words + "".join(one.value for one in app.subheader)
    assert text(lang, "uncertainty.groups_note") in words
    assert [box.label for box in app.date_input] == [text(lang, "replay.day")]


def test_a_day_that_is_not_past_is_refused_in_words(open_page):  # noqa: F811
    app = open_page("coverage", Role.ANALYST, code="C12", known_on="2026-09-30")
    assert text("zh", "replay.not_past", known_on="2026-09-30") in words_of(app)
    assert not open_page("coverage", Role.ANALYST, code="C12", known_on="gestern").exception
