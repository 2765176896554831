"""What holds for every move by hand: it takes nobody out of report-now, and lowers nobody further than it may."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.parameters import value_on
from models.screening.by_hand.moving import create_overrides, lowest_allowed
from models.screening.rulebook.lanes import REPORT_NOW, Tiers, tiers_of
from registry.overrides import DOWN, UP, Override
from tests.property.test_screening import (
    DAY,
    TARGETS,
    RememberingEngine,
    Values,
    children,
    few,
    ranked,
    severity,
    silent,
    worried_pairs,
)

fewer = settings(parent=few, max_examples=5)
AT = dt.datetime(2026, 9, 20, 8, 0)


@pytest.fixture(scope="module")
def engine() -> RememberingEngine:
    duckdb = pytest.importorskip("duckdb")
    return RememberingEngine(duckdb.connect(":memory:"))


@pytest.fixture(autouse=True)
def nobody_moved(engine: RememberingEngine) -> Iterator[None]:
    create_overrides(engine, [], {})
    yield
    create_overrides(engine, [], {})


@st.composite
def any_moves(draw: st.DrawFn, target: str, people: list[str]) -> list[Override]:
    """A move of every child, to any tier there is and in either direction, allowed or not, knowing any rules."""
    rules = tiers_of(target)
    ids = [rule.id for rule in rules.rules]
    return [
        moved(
            child,
            target,
            draw(st.sampled_from(rules.order)),
            draw(st.sampled_from([UP, DOWN])),
            draw(st.lists(st.sampled_from(ids), unique=True)),
        )
        for child in people
    ]


def moved(child: str, target: str, tier: str, direction: str, knew: list[str]) -> Override:
    return Override(
        f"m{child}", child, target, direction, tier, "orange", tuple(knew), "seen_better", None, "planner", AT,
        AT.date(), AT.date() + dt.timedelta(30),
    )  # fmt: skip


def listed(
    engine: RememberingEngine, target: str, people: dict[str, Values], moves: list[Override]
) -> dict[str, dict[str, Any]]:
    create_overrides(engine, moves, {})
    return ranked(engine, target, people)


def by_rule_alone(engine: RememberingEngine, target: str, people: dict[str, Values]) -> dict[str, Any]:
    create_overrides(engine, [], {})
    return ranked(engine, target, people, silent(target))


@fewer
@given(data=st.data())
@pytest.mark.parametrize("target", TARGETS)
def test_no_move_takes_a_child_out_of_report_now_or_further_down_than_it_may(
    engine: RememberingEngine, target: str, data: st.DataObject
) -> None:
    drawn = data.draw(st.lists(children(target), min_size=15, max_size=15))
    people = {f"c{number}": values for number, values in enumerate(drawn)}
    rules, by_rule = tiers_of(target), by_rule_alone(engine, target, people)
    after = listed(engine, target, people, data.draw(any_moves(target, list(people))))
    reported = {child for child, row in by_rule.items() if row["lane"] == REPORT_NOW}
    assert {child for child, row in after.items() if row["lane"] == REPORT_NOW} == reported
    assert {after[child]["rank"] for child in reported} == set(range(1, len(reported) + 1))
    top = rules.order[0]
    for child, row in after.items():
        assert severity(rules, row) >= rules.severity(lowest_allowed(rules, by_rule[child]["tier"], DAY))
        assert row["tier"] == top or by_rule[child]["tier"] != top
        assert severity(rules, row, "tier_low") <= severity(rules, row) <= severity(rules, row, "tier_high")


@fewer
@given(data=st.data())
@pytest.mark.parametrize("target", TARGETS)
def test_one_more_worry_never_lowers_a_child_that_was_moved(
    engine: RememberingEngine, target: str, data: st.DataObject
) -> None:
    pairs = data.draw(st.lists(worried_pairs(target), min_size=12, max_size=12))
    people = {f"a{n}": worse for n, (worse, _) in enumerate((b, a) for a, b in pairs)}
    people |= {f"b{n}": calm for n, (calm, _) in enumerate(pairs)}
    shapes = data.draw(any_moves(target, [str(number) for number in range(len(pairs))]))
    moves = [
        one._replace(override_id=f"m{side}{n}", child_ref=f"{side}{n}")
        for n, one in enumerate(shapes)
        for side in "ab"
    ]
    rows, rules = listed(engine, target, people, moves), tiers_of(target)
    for number in range(len(pairs)):
        worse, calm = rows[f"a{number}"], rows[f"b{number}"]
        assert severity(rules, worse) >= severity(rules, calm)
        assert worse["rank"] < calm["rank"]


@fewer
@given(data=st.data())
@pytest.mark.parametrize("target", TARGETS)
def test_a_rule_that_nobody_knew_of_at_the_move_counts_in_full(
    engine: RememberingEngine, target: str, data: st.DataObject
) -> None:
    drawn = data.draw(st.lists(children(target), min_size=12, max_size=12))
    people = {f"c{number}": values for number, values in enumerate(drawn)}
    rules, by_rule = tiers_of(target), by_rule_alone(engine, target, people)
    after = listed(engine, target, people, [moved(child, target, "green", DOWN, []) for child in people])
    for child, row in after.items():
        assert severity(rules, row) >= severity(rules, by_rule[child])


def seen(days_ago: int) -> Values:
    """A child whose parents are away and whose carer cannot: orange by rule, seen at home so many days ago."""
    last = DAY - dt.timedelta(days_ago)
    return {"both_away": True, "carer_capacity": "no", "unattended": False, "days_since_home_visit": days_ago,
            "days_since_home_visit__since": last}  # fmt: skip


def test_down_and_up_do_something(engine: RememberingEngine) -> None:
    """Else the properties above would hold for moves that move nobody."""
    people = {"down": seen(10), "up": seen(10), "long_ago": seen(100), "alone": seen(10)}
    rules = tiers_of("visit")
    knew = [rule.id for rule in rules.rules]
    moves = [moved("down", "visit", "yellow", DOWN, knew)]
    moves += [moved(child, "visit", "red", UP, []) for child in ("up", "long_ago")]
    rows = listed(engine, "visit", people, moves)
    tiers = {name: row["tier"] for name, row in rows.items()}
    assert tiers == {"down": "yellow", "up": "red", "long_ago": "red", "alone": "orange"}
    assert [rows[name]["rank"] for name in ("long_ago", "up", "alone", "down")] == [1, 2, 3, 4]
    listed_due = engine.rows("SELECT child_id, due_on FROM screening_visit")
    due = {row["child_id"]: row["due_on"] for row in listed_due}
    days = {tier: value_on(f"visit_interval_{tier}_days", DAY) for tier in ("red", "orange", "yellow")}
    assert due["alone"] == DAY - dt.timedelta(10) + dt.timedelta(days["orange"])
    assert due["down"] == DAY - dt.timedelta(10) + dt.timedelta(days["yellow"])
    assert due["up"] == DAY - dt.timedelta(10) + dt.timedelta(days["red"])
    assert due["long_ago"] == DAY - dt.timedelta(100) + dt.timedelta(days["orange"]), (
        "it was due before the move"
    )


def test_the_top_tier_of_a_rule_stays_and_others_go_down_one_step() -> None:
    rules: Tiers = tiers_of("visit")
    assert {tier: lowest_allowed(rules, tier, DAY) for tier in rules.order} == {
        "red": "red", "orange": "yellow", "yellow": "green", "green": "green",
    }  # fmt: skip
    assert lowest_allowed(tiers_of("referral"), "unknown", DAY) == "unknown"
