import ast
from itertools import pairwise
from pathlib import Path

import duckdb
import polars as pl
import pytest

import dashboard.views
from dashboard import figures as charts
from dashboard.access import Forbidden, Role, reader_for
from dashboard.audit import recent
from dashboard.desk import open_desk
from dashboard.identities import ReasonMissing, reveal
from dashboard.snapshot import opened
from dashboard.texts import text
from dashboard.views.child import child_page
from dashboard.views.disclosure import value_words
from dashboard.views.indicator_detail import indicator_detail
from dashboard.views.indicator_page import indicator_page
from dashboard.views.overview import overview
from dashboard.views.quality import quality_page
from dashboard.views.readings import figures_of, periods_of, reading
from dashboard.views.thresholds import thresholds
from dashboard.views.words import amount, clause_words, difference, file_number, series_label
from dashboard.views.worklist import due_in, file_choices, with_names, worklist
from tests.pages.snapshot_fixture import AS_OF, BUILD, DISTRICT, QUARTERS, VAULT, child_ids, make_store

SUPERVISOR = reader_for("s", Role.SUPERVISOR, (DISTRICT,))
ANALYST = reader_for("a", Role.ANALYST, (DISTRICT,))
PLANNER = reader_for("p", Role.PLANNER, (DISTRICT,))
OFFICER = reader_for("d", Role.DATA_OFFICER, (DISTRICT,))
HERE: dict[str, str | None] = {}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return make_store(tmp_path_factory.mktemp("store"))


@pytest.fixture
def snapshot(store):
    with opened(store) as found:
        yield found


STATUS = "SELECT code FROM indicator WHERE disclosure = 'status'"


def codes_of(snapshot) -> list[str]:
    return snapshot.frame("SELECT code FROM indicator ORDER BY 1")["code"].to_list()


def test_a_supervisor_gets_figures_about_children_only_as_they_were_published(snapshot):
    cell = ["code", "series", "area", "period"]
    numbers = ["yes", "no", "value", "status", "yes_mark", "no_mark"]
    found = figures_of(snapshot, SUPERVISOR, codes_of(snapshot)).filter(pl.col("disclosure") == "status")
    published = snapshot.frame("SELECT * FROM published_figure")
    assert len(found) > 500
    assert found.select(cell + numbers).sort(cell).equals(published.select(cell + numbers).sort(cell))
    exact = snapshot.frame(f"SELECT * FROM figure WHERE code IN ({STATUS})")
    both = found.join(exact, on=cell, suffix="_exact")
    told = both.filter(pl.col("yes").is_not_null())
    assert set(told.filter(~pl.col("series").str.starts_with("stock"))["yes"] % 5) == {0}
    assert (both["yes_exact"] < 8).any() and not (told["yes"] == 0).any()


def test_figures_about_the_work_are_as_they_are(snapshot):
    found = figures_of(snapshot, SUPERVISOR, ["C12"])
    exact = snapshot.frame("SELECT * FROM figure WHERE code = 'C12' ORDER BY series, area, period")
    assert found.sort("series", "area", "period").select(exact.columns).equals(exact)


@pytest.mark.parametrize("reader", [PLANNER, ANALYST])
def test_those_who_may_see_single_children_see_small_numbers(reader, snapshot):
    found = figures_of(snapshot, reader, codes_of(snapshot))
    assert (found["status"] != "hidden").all()
    assert found.filter((pl.col("disclosure") == "status") & pl.col("yes").is_between(1, 4)).height


def test_a_build_without_a_cube_shows_no_figure_about_children(tmp_path):
    old = make_store(tmp_path)
    with duckdb.connect(str(old / "snapshots" / f"{BUILD}.duckdb")) as connection:
        connection.execute("DROP TABLE published_figure")
    with opened(old) as snapshot:
        found = figures_of(snapshot, SUPERVISOR, codes_of(snapshot))
        about_children = found.filter(pl.col("disclosure") == "status")
        assert set(about_children["status"]) == {"hidden"}
        assert (
            about_children["yes"].null_count() == about_children["value"].null_count() == len(about_children)
        )
        page = indicator_page(snapshot, SUPERVISOR, "zh", "safety", HERE)
        told = [
            part.reading.value_words
            for section in page.sections
            for card in section.cards
            for part in card.parts
        ]
    assert "人数少，隐去" in told or "为保护隐去" in told


def test_a_hidden_number_says_how_small_it_is_and_is_never_zero():
    row = {
        "status": "hidden",
        "unit": "count",
        "yes_mark": "small",
        "low": None,
        "high": None,
        "shown_from": 8,
    }
    assert (value_words("zh", row), value_words("en", row)) == ("不足8人", "<8")
    assert value_words("en", row | {"unit": "share"}) == "withheld"
    assert value_words("en", row | {"status": "range", "low": 0.0, "high": 0.3334}) == "≤ 33.4%"
    assert value_words("zh", row | {"status": "range", "low": 0.98765, "high": 1.0}) == "≥ 98.7%"


def test_each_view_refuses_a_role_without_the_right(snapshot):
    for call in (
        lambda: worklist(snapshot, SUPERVISOR, "zh", HERE),
        lambda: worklist(snapshot, OFFICER, "zh", HERE),
        lambda: child_page(snapshot, SUPERVISOR, "zh", child_ids()[0]),
        lambda: file_choices(snapshot, SUPERVISOR),
        lambda: quality_page(snapshot, PLANNER, "zh"),
        lambda: overview(snapshot, reader_for("x", Role.ANALYST, ()), "zh", HERE),
    ):
        with pytest.raises(Forbidden):
            call()


def test_the_report_now_number_is_for_those_who_may_see_children(snapshot):
    title = text("zh", "headline.report_now")
    assert title not in [one.title for one in overview(snapshot, SUPERVISOR, "zh", HERE).headlines]
    mine = {one.title: one.value_words for one in overview(snapshot, PLANNER, "zh", HERE).headlines}
    assert mine[title] == "2 人"


def test_late_is_what_was_owed_and_not_done_largest_share_first(snapshot):
    late = overview(snapshot, ANALYST, "en", HERE).late
    shares = late[text("en", "column.late_share")].to_list()
    assert shares == sorted(shares, reverse=True)
    row = late.filter(pl.col("Indicator").str.starts_with("C12")).row(0, named=True)
    cell = snapshot.frame(
        "SELECT * FROM figure WHERE code='C12' AND area=? AND period='2026Q3'", DISTRICT
    ).row(0, named=True)
    assert (row["Not in time"], row["Due"]) == (cell["no"], cell["yes"] + cell["no"])


def test_a_figure_with_little_evidence_is_named_with_the_place(snapshot):
    doubted = overview(snapshot, ANALYST, "en", HERE).doubted
    c5 = doubted.filter(pl.col("Indicator").str.starts_with("C5")).row(0, named=True)
    assert "博尚镇" in c5["Where"], "户有村, which knows little, lies there"
    assert any(row.startswith("I9") for row in doubted["Indicator"])


def test_worse_leaves_out_what_stays_within_the_interval_before(snapshot):
    worse = overview(snapshot, ANALYST, "en", {"area": "530902202"}).worse
    assert len(worse)
    figure = snapshot.frame("SELECT * FROM figure WHERE level <> 'department'")
    names = dict(snapshot.frame("SELECT area_code, name FROM area").iter_rows())
    for row in worse.iter_rows(named=True):
        code = row["Indicator"].split()[0]
        both = figure.filter(
            (pl.col("code") == code)
            & (pl.col("series") == "")
            & pl.col("period").is_in(QUARTERS[-2:])
            & pl.col("area").replace(names).eq(row["Area"])
        ).sort("period")
        if len(both) == 2 and both["low"][0] is not None:
            assert not both["low"][0] <= both["value"][1] <= both["high"][0]


def test_the_heat_table_says_what_is_withheld_or_between_which_bounds(snapshot):
    page = overview(snapshot, SUPERVISOR, "zh", HERE)
    told = [one for column in page.heat.columns[2:] for one in page.heat[column].to_list()]
    assert any(one == "为保护隐去" or one[0] in "≤≥" for one in told)
    assert page.is_anything_hidden and BUILD in page.hidden_note and "不足8人" in page.hidden_note
    assert page.gaps.columns == page.heat.columns[2:]


def test_a_period_reaches_back_to_what_was_over_by_then(snapshot):
    periods = periods_of(snapshot, "2026Q1")
    assert periods.current("quarter") == ("2026Q1", "2025Q4")
    assert periods.current("month") == ("2026-03", "2026-02")
    assert periods.current("school_year") == ("2024-2025学年", None)
    assert periods_of(snapshot, "1999Q1").chosen == QUARTERS[-1]


def test_a_detail_compares_places_in_the_order_of_their_codes_not_of_their_values(snapshot):
    page = indicator_page(snapshot, ANALYST, "zh", "coverage", HERE)
    detail = indicator_detail(snapshot, ANALYST, "zh", page, "C12")
    order = detail.units_chart.layout.yaxis.categoryarray
    assert list(order) == ["南美拉祜族乡", "博尚镇", "凤翔街道"], "Plotly draws from below"
    assert detail.card.partners[0].code == "C14", "the honesty partner stands beside the rate"
    assert "530902102201" not in str(detail.table.to_dicts())


def test_supervisors_get_no_cases_and_a_reason_for_it(snapshot):
    page = indicator_page(snapshot, SUPERVISOR, "zh", "coverage", HERE)
    detail = indicator_detail(snapshot, SUPERVISOR, "zh", page, "C2")
    assert detail.cases is None
    assert detail.cases_note == text("zh", "cases.forbidden")


def test_the_list_keeps_report_now_apart_and_the_given_order(snapshot):
    page = worklist(snapshot, PLANNER, "zh", HERE)
    assert len(page.report_now) == 2
    ranks = page.rows[text("zh", "column.order")].to_list()
    assert ranks == sorted(ranks)
    assert all(first < second for first, second in pairwise(ranks))


def test_filters_of_the_list_come_from_the_address_and_wrong_ones_mean_all(snapshot):
    red = worklist(snapshot, PLANNER, "zh", {"tier": "red", "area": "530902001"})
    assert 0 < len(red.rows) < 60
    assert set(red.rows[text("zh", "column.unit")]) <= {"石房村", "昔本村", "大文村"}
    assert worklist(snapshot, PLANNER, "zh", {"tier": "purple"}).filters.tier == ""


def test_a_duty_that_the_unknown_could_raise_says_so(snapshot):
    rows = worklist(snapshot, PLANNER, "zh", HERE).rows
    assert rows.filter(pl.col(text("zh", "column.duty")).str.contains("先核实")).height > 0


def test_names_stand_without_points_and_only_where_they_were_given(snapshot):
    page = worklist(snapshot, PLANNER, "zh", HERE)
    given = pl.DataFrame({"child_id": page.child_ids[:1], "name": ["测试"]})
    named = with_names("zh", page.rows, page.child_ids, given)
    assert named["姓名"].to_list()[:2] == ["测试", None]
    assert text("zh", "column.points") not in named.columns


def test_a_child_page_says_why_since_when_what_is_unknown_and_what_would_change_it(snapshot):
    page = child_page(snapshot, ANALYST, "zh", child_ids()[0])
    visit = page.parts[0]
    assert "未成年人保护法 第21条第2款" in visit.reasons[text("zh", "column.clause")].to_list()
    assert visit.unknown == ["在家一方有无监护能力", "父母最近一次联系的日期"] or len(visit.unknown) == 2
    assert any("独自居住" in change and "2026-06-01" in change for change in visit.changes)
    assert list(visit.waterfall.data[0].measure) == ["relative", "relative", "total"]
    assert "入户" in page.timeline[text("zh", "column.what")].to_list()
    assert child_page(snapshot, ANALYST, "zh", "nobody") is None


def test_identities_need_the_right_the_area_and_a_reason_and_leave_a_record(snapshot, tmp_path):
    desk = open_desk(tmp_path)
    child = child_ids()[0]
    with pytest.raises(Forbidden):
        reveal(snapshot, ANALYST, desk, VAULT, [child], "理由")
    with pytest.raises(ReasonMissing):
        reveal(snapshot, PLANNER, desk, VAULT, [child], "  ")
    with pytest.raises(Forbidden):
        reveal(snapshot, reader_for("p", Role.PLANNER, ("530902202",)), desk, VAULT, [child], "理由")
    assert recent(desk, 10) == []
    assert reveal(snapshot, PLANNER, desk, VAULT, [child], "上门")["name"].to_list() == ["测试00"]
    assert [(one.subject, one.reason, one.user) for one in recent(desk, 10)] == [(child, "上门", "p")]


def test_rows_that_do_not_add_up_are_reported(store, tmp_path):
    import duckdb

    changed = make_store(tmp_path)
    with opened(changed) as found:
        assert quality_page(found, OFFICER, "zh").is_balanced
    with duckdb.connect(str(next((changed / "snapshots").glob("*.duckdb")))) as connection:
        connection.execute(
            "UPDATE delivery SET rows_accepted = rows_accepted - 1 WHERE delivery = 'd5e6f7a8'"
        )
    with opened(changed) as found:
        page = quality_page(found, OFFICER, "zh")
    assert not page.is_balanced
    assert page.balance == text("zh", "quality.unbalanced", n=1)


def test_checks_have_four_answers(snapshot):
    counts = quality_page(snapshot, OFFICER, "zh").check_counts
    assert counts == {"不通过": 1, "未检查": 1, "未到时候": 1, "通过": 1}


def test_numbers_are_written_with_units_and_at_most_one_decimal():
    assert amount("zh", 0.86666, "share") == "86.7%"
    assert amount("zh", 1204.0, "count", "C7") == "1,204 人"
    assert amount("en", 12.4, "days") == "12 days"
    assert amount("zh", None, "share") == "—"
    assert difference("zh", 0.8, 0.86, "share") == "−6.0 个百分点"


def test_parts_and_articles_are_said_in_words():
    assert series_label("plan>30d", "zh") == "按应访日期逾期超过 30 天"
    assert series_label("exit.parents_returned", "zh") == "退出：父母返乡"
    assert series_label("minimum_living", "en") == "minimum living allowance"
    assert clause_words("zh", "四·2") == "管理办法 四·2"
    assert clause_words("en", "未成年人保护法 22(1)、23(1)") == "Minors Protection Law 22(1), 23(1)"
    assert due_in("zh", AS_OF, AS_OF) == "今天到期"


def test_a_file_number_is_short_and_tells_the_children_of_the_fixture_apart():
    assert len({file_number(child) for child in child_ids()}) == 60
    assert file_number("c8f4ddda1494c73cf256d") == "73CF-256D"


def test_a_waterfall_leaves_room_for_the_number_beside_its_longest_bar():
    figure = charts.waterfall(["照护人81岁", "父母双方外出"], [3, 2], "合计")
    low, high = figure.layout.xaxis.range
    assert low == 0 and high > 3 + 2
    assert list(figure.data[0].text) == ["+3", "+2", "5"]


def test_labels_of_charts_carry_no_tags_and_charts_no_hidden_data():
    dot = charts.Dot("<b>村</b>", 50.0, 40.0, 60.0, "")
    figure = charts.unit_dots([dot, charts.Dot("乙", None, None, None, "<10")], 50.0, "区", "%", True)
    assert "<b>" not in figure.to_json().encode().decode("unicode_escape")
    assert all(trace.customdata is None for trace in figure.data)
    assert any(note.text == "&lt;10" for note in figure.layout.annotations), (
        "a hidden place is named, not drawn"
    )


def test_every_threshold_has_a_source():
    assert all(one.source and one.unit for one in thresholds().values())


def test_no_view_imports_streamlit():
    for file in Path(dashboard.views.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.split(".")[0] == "streamlit" for name in names), file.name


def test_pages_are_thin():
    pages = Path(dashboard.views.__file__).parents[1] / "app_pages"
    for file in pages.glob("*.py"):
        assert len(file.read_text(encoding="utf-8").splitlines()) <= 60, file.name


def test_a_change_on_few_cases_or_in_another_unit_is_never_called_clear(snapshot):
    now, before = QUARTERS[-1], QUARTERS[-2]
    base = {
        "code": "X",
        "series": "",
        "area": "D",
        "status": "ok",
        "better": "higher",
        "evidence": 1.0,
        "unknown": 0,
    }
    share = {**base, "unit": "share", "indicator_unit": "share", "low": 0.9, "high": 1.0}

    def read(**rows):
        cells = {("X", "", "D", period): row for period, row in ((before, rows["past"]), (now, rows["now"]))}
        return reading("zh", cells, "X", "", "D", now, before)

    past = {**share, "yes": 100, "no": 0, "value": 1.0}
    few = read(past=past, now={**share, "yes": 2, "no": 2, "value": 0.5})
    many = read(past=past, now={**share, "yes": 50, "no": 50, "value": 0.5})
    assert (few.direction, few.is_clear) == ("worse", False), "2 + 2 cases are fewer than 5"
    assert (many.direction, many.is_clear) == ("worse", True)
    count = {**share, "unit": "count", "low": None, "high": None, "yes": 5, "no": 0}
    other = read(past={**count, "value": 6.0}, now={**count, "value": 5.0})
    assert other.direction == "", "fewer children in unsafe homes is no fall of a rate"


def test_a_rise_of_what_should_be_rare_is_worse(snapshot):
    page = indicator_page(snapshot, ANALYST, "zh", "coverage", HERE)
    cards = {card.code: card for section in page.sections for card in section.cards}
    for code, better in (("C12", 1), ("C14", 1), ("I9", -1), ("I10", -1)):
        found = cards[code].parts[0].reading
        assert (found.direction == "better") == ((found.value - found.before) * better > 0), code
