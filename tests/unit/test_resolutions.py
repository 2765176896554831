"""A person decides about an open item, says why, and can take it back."""

from __future__ import annotations

from pathlib import Path

import pytest

from data_contracts.mending.open_items import Item, open_items
from data_contracts.mending.resolutions import ResolutionProblem, resolve, undo
from tests.return_books import DOUBTFUL, NOW, TYPO, items, taken
from tests.sheets import KEY, Registry, area_book, write_book


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    found = Registry(tmp_path)
    found.take_in(area_book(tmp_path))
    return found


def item_of(registry: Registry) -> Item:
    (item,) = open_items(registry.connection)
    return item


def decide(registry: Registry, how: str, reason: str = "已电话核实", **other: object) -> object:
    place = other.get("place") or item_of(registry).place
    return resolve(registry.settings, KEY, registry.connection, place, how, reason, "李娜", NOW)


ATTENDANCE = {
    "月份": "2026-09", "村（社区）": "橄榄村", "姓名": "罗梓萱", "身份证号": "539902202103054722", "应到天数": 5,
    "请假天数": 4, "旷课天数": 3,
}  # fmt: skip


def test_a_row_with_a_failing_check_is_taken_in_as_it_is_and_the_check_is_named(
    registry: Registry, tmp_path: Path
) -> None:
    registry.take_in(write_book(tmp_path / "考勤.xlsx", ("school_attendance", [ATTENDANCE]), sender="橄榄村"))
    rejected = next(item for item in open_items(registry.connection) if item.severity == "reject_row")
    made = decide(registry, "accept", place=rejected.place)
    assert (made.how, made.who, made.reason, made.checks) == (
        "accept", "李娜", "已电话核实", ",".join(m.check for m in rejected.messages))  # fmt: skip
    assert registry.rows("SELECT n_excused, n_unexcused, n_expected FROM attendance") == [(4, 3, 5)]
    assert not [item for item in open_items(registry.connection) if item.severity == "reject_row"]
    undo(registry.connection, made.number, "弄错了", "李娜", NOW)
    assert registry.rows("SELECT count(*) FROM attendance") == [(0,)]
    assert rejected.place in [item.place for item in open_items(registry.connection)]


def test_a_row_whose_key_cannot_be_read_is_not_taken_in_as_it_is(registry: Registry, tmp_path: Path) -> None:
    taken(registry, tmp_path, TYPO)
    with pytest.raises(ResolutionProblem) as problem:
        decide(registry, "accept")
    assert problem.value.code == "key_unreadable"
    assert registry.rows("SELECT count(*) FROM visit") == [(0,)]
    decide(registry, "withdraw")
    assert items(registry) == []


def test_a_decision_needs_a_reason_without_numbers_of_persons(registry: Registry, tmp_path: Path) -> None:
    taken(registry, tmp_path, TYPO)
    for reason, code in ((" ", "reason_missing"), ("见 539902202103054722", "number_in_reason")):
        with pytest.raises(ResolutionProblem) as problem:
            decide(registry, "withdraw", reason)
        assert problem.value.code == code


def test_a_row_that_was_taken_in_is_not_withdrawn(registry: Registry, tmp_path: Path) -> None:
    taken(registry, tmp_path, DOUBTFUL)
    with pytest.raises(ResolutionProblem) as problem:
        decide(registry, "withdraw")
    assert problem.value.code == "already_in"
    decide(registry, "accept")
    assert items(registry) == []
