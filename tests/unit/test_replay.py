"""A figure as it was known on a day, and every case of its difference to today, with the reason."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from data_contracts.known import make_known_tables
from models.engines import DuckDbEngine
from models.evaluate import evaluate, prepare
from models.measure import indicators
from models.replay import Difference, NoSuchFigure, Why, difference
from registry import store
from registry.decisions import decide
from tests.sheets import KEY, Registry, area_book, write_book

AS_OF = dt.date(2026, 9, 30)
THEN, NOW = dt.date(2026, 9, 10), dt.date(2026, 10, 9)
DISTRICT, VILLAGE = "530902", "530902001902"
CHILD = {
    "姓名": "王梓", "性别": "女", "出生日期": "2021-03-05", "身份证号": "539902202103054722",
    "现居住情况": "本村",
    "父亲状况": "外出务工", "父亲外出时间": "2022-12-10", "母亲状况": "外出务工", "母亲外出时间": "2024-12-04",
    "照护人身份证号": "53359119431029348X", "建档日期": "2024-12-11", "居住方式": "与照护人同住", "履职情况": "正常",
}  # fmt: skip


def visit(due: str, made: str | None, typed: str | None, mode: str = "入户") -> dict[str, str | None]:
    return {
        "村（社区）": "橄榄村", "姓名": "王梓", "身份证号": "539902202103054722",
        "出生日期": "2021-03-05",
        "应访截止日期": due, "走访日期": made, "走访方式": mode if made else None,
        "是否见到儿童": "是" if made else None,
        "录入日期": typed,
    }  # fmt: skip


# Typed in at once; typed in 24 days after the visit and after the day of the replay; of August and corrected later.
FIRST = [
    visit("2026-07-10", "2026-07-08", "2026-07-09"),
    visit("2026-08-20", "2026-08-18", "2026-09-11"),
    visit("2026-08-30", "2026-08-29", "2026-08-30"),
]


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    found = Registry(tmp_path)
    village = write_book(tmp_path / "村.xlsx", ("village_ledger", [CHILD]), sender="凤翔街道橄榄村")
    visits = write_book(tmp_path / "走访.xlsx", ("visits", FIRST), sender="凤翔街道橄榄村")
    found.take_in(area_book(tmp_path), village, visits)
    return found


def known(registry: Registry, day: dt.date, code: str) -> store.Connection:
    connection = store.memory()
    store.run(connection, f"ATTACH '{registry.settings.registry_path}' AS registry (READ_ONLY)")
    make_known_tables(connection, "registry", day, KEY)
    engine = DuckDbEngine(connection)
    prepare(engine, AS_OF, chosen=[indicators()[code]])
    evaluate(engine, [indicators()[code]])
    return connection


def explained(
    registry: Registry, code: str = "C12", area: str = VILLAGE, period: str = "2026Q3"
) -> Difference:
    registry.connection.close()
    then, now = (known(registry, day, code) for day in (THEN, NOW))
    return difference(then, now, (THEN, NOW), code, area, period)


def corrected(registry: Registry, tmp_path: Path) -> None:
    row = visit("2026-08-30", "2026-08-29", "2026-08-30", mode="电话")
    book = write_book(
        tmp_path / "更正.xlsx", ("visits", [row]), sender="凤翔街道橄榄村", reported="2026年10月8日"
    )
    registry.take_in(book, received_on=dt.date(2026, 10, 8))


def test_a_visit_typed_in_late_is_a_case_added_with_its_days(registry: Registry) -> None:
    found = explained(registry)
    [change] = found.changes
    assert (change.kind, change.why, change.before, change.after) == ("added", Why.LATE, {}, {"yes": 1})
    [source] = change.sources
    assert (source.table, source.known_on, source.happened_on) == (
        "visit", dt.date(2026, 9, 11), dt.date(2026, 8, 18),
    )  # fmt: skip
    assert source.days_late == 13 + 11
    assert (found.then[""]["yes"], found.now[""]["yes"]) == (2, 2 + 1)
    assert found.is_whole


def test_a_visit_that_fell_due_after_the_day_is_new_and_not_late(registry: Registry, tmp_path: Path) -> None:
    rows = [visit("2026-09-20", "2026-09-18", "2026-09-19"), visit("2026-09-25", None, None)]
    book = write_book(tmp_path / "九月.xlsx", ("visits", rows), sender="凤翔街道橄榄村")
    registry.take_in(book)
    found = explained(registry)
    assert Counter(change.why for change in found.changes) == {Why.LATE: 1, Why.SINCE: 2}
    late = [source.days_late for change in found.changes for source in change.sources]
    assert sorted(late, key=str) == [13 + 11, None, None]
    assert (found.moved("", "yes"), found.moved("", "no")) == (1 + 1, 1)
    assert found.is_whole


def test_a_correction_names_the_columns_that_differ_and_no_cell(registry: Registry, tmp_path: Path) -> None:
    corrected(registry, tmp_path)
    found = explained(registry)
    by_why = {change.why: change for change in found.changes}
    assert set(by_why) == {Why.LATE, Why.CORRECTED}
    change = by_why[Why.CORRECTED]
    assert (change.kind, change.before, change.after) == ("changed", {"yes": 1}, {"no": 1})
    assert [source.columns for source in change.sources] == [("mode",)]
    assert change.sources[0].days_late is None, "a correction is not late typing"
    assert (found.moved("", "yes"), found.moved("", "no")) == (1 - 1, 1)
    assert found.is_whole


def test_an_older_export_that_comes_later_changes_nothing(registry: Registry, tmp_path: Path) -> None:
    corrected(registry, tmp_path)
    before = explained(registry)
    registry.connection = store.open_file(registry.settings.registry_path)
    row = visit("2026-08-30", None, None)
    older = write_book(
        tmp_path / "旧.xlsx", ("visits", [row]), sender="凤翔街道橄榄村", reported="2026年8月31日"
    )
    registry.take_in(older, received_on=dt.date(2026, 10, 9))
    after = explained(registry)
    assert [change[:8] for change in after.changes] == [change[:8] for change in before.changes]
    assert after.is_whole


def test_the_same_row_sent_again_is_no_change(registry: Registry, tmp_path: Path) -> None:
    again = write_book(
        tmp_path / "又.xlsx", ("visits", FIRST), sender="凤翔街道橄榄村", reported="2026年10月8日"
    )
    registry.take_in(again, received_on=dt.date(2026, 10, 8))
    assert [change.why for change in explained(registry).changes] == [Why.LATE]


def test_a_child_who_moves_to_another_village_leaves_one_figure_and_enters_another(
    registry: Registry, tmp_path: Path
) -> None:
    moved = write_book(
        tmp_path / "迁.xlsx", ("village_ledger", [CHILD]), sender="凤翔街道响泉村", reported="2026年10月8日"
    )
    registry.take_in(moved, received_on=dt.date(2026, 10, 8))
    left = explained(registry)
    assert Counter(change.kind for change in left.changes) == {"gone": 2}
    for change in left.changes:
        assert change.why is Why.CORRECTED and {source.table for source in change.sources} <= {
            "child",
            "person",
        }
    assert left.is_whole


def test_two_entries_said_to_be_one_child_are_merged_and_not_late(registry: Registry, tmp_path: Path) -> None:
    other = {**CHILD, "身份证号": None, "姓名": "王小梓"}
    book = write_book(
        tmp_path / "二.xlsx",
        ("village_ledger", [CHILD, other]),
        sender="凤翔街道橄榄村",
        reported="2026年9月1日",
    )
    registry.take_in(book)
    refs = sorted({row[0] for row in registry.rows("SELECT child_ref FROM person")})
    assert len(refs) == 2
    decide(registry.connection, refs[0], refs[1], "same", "officer", "一家", dt.datetime(2026, 10, 1, 9))
    found = explained(registry, "C2")
    assert found.changes and {change.why for change in found.changes} == {Why.MERGED}
    assert found.is_whole


def test_a_figure_that_nobody_knows_is_an_error_that_names_it(registry: Registry) -> None:
    with pytest.raises(NoSuchFigure, match="C12 in area 530902009 and period 2026Q3"):
        explained(registry, area="530902009")
