"""An outcome is what a later visit found, as it became known later; who was not looked at has none."""

from __future__ import annotations

import datetime as dt

import pytest

from models.engines import DuckDbEngine, Engine, SparkEngine
from models.learning.honest.outcomes import (
    chances_of,
    create_outcomes,
    outcome_query,
    split_by_time,
    windows_on,
)
from models.planning.making import Chance, Plan
from models.planning.problem import Outcome

DAY = dt.date(2026, 3, 31)
SETTLED = DAY + windows_on(DAY).gap
WINDOW, FINDING = windows_on(DAY).window, windows_on(DAY).finding
VISIT = {
    "child_id": "VARCHAR",
    "mode": "VARCHAR",
    "child_seen": "BOOLEAN",
    "visited_on": "DATE",
    "known_on": "DATE",
}
CONCERN = {
    "child_id": "VARCHAR",
    "situation": "VARCHAR",
    "source": "VARCHAR",
    "aware_on": "DATE",
    "known_on": "DATE",
}
CARE = {"child_id": "VARCHAR", "need": "VARCHAR", "found_on": "DATE", "known_on": "DATE"}
SCREEN = {
    "child_id": "VARCHAR", "screened_on": "DATE", "crisis_flag": "BOOLEAN", "total": "BIGINT", "second_on": "DATE",
    "second_outcome": "VARCHAR", "known_on": "DATE",
}  # fmt: skip


def after(days: int) -> dt.date:
    return DAY + dt.timedelta(days)


def home(child: str, days: int, seen: bool = True, mode: str = "home") -> tuple[object, ...]:
    return child, mode, seen, after(days), after(days)


def told(child: str, situation: str, days: int, source: str | None = "village") -> tuple[object, ...]:
    return child, situation, source, after(days), after(days)


def filled(
    engine: Engine,
    visits: list[tuple[object, ...]] = [],  # noqa: B006
    concerns: list[tuple[object, ...]] = [],  # noqa: B006
    care: list[tuple[object, ...]] = [],  # noqa: B006
    screens: list[tuple[object, ...]] = [],  # noqa: B006
) -> None:
    for name, columns, rows in (
        ("visit", VISIT, visits),
        ("concern", CONCERN, concerns),
        ("living_care", CARE, care),
        ("psych_screen", SCREEN, screens),
    ):
        engine.create(name, columns, rows)


def outcomes(
    engine: Engine, children: list[str], target: str = "visit", until: dt.date = SETTLED
) -> dict[str, str]:
    create_outcomes(engine, target, [(child, DAY) for child in children], until)
    return {
        row["child_id"]: row["outcome"] for row in engine.rows("SELECT child_id, outcome FROM outcome_then")
    }


@pytest.fixture
def engine(duckdb_engine: DuckDbEngine) -> Engine:
    return duckdb_engine


def fill_both_kinds(engine: Engine) -> None:
    filled(
        engine,
        [
            home("grave", 10), home("light", 10), home("fine", 10), home("no_care", 10), home("hard_care", 10),
            home("called", 10, mode="phone"), home("not_in", 10, seen=False),
            home("late", WINDOW + 1), home("last_day", WINDOW), home("same_day", 0),
            home("told_before", 10), home("told_by_school", 10), home("told_long_after", 10),
            home("twice", 5), home("twice", 30),
        ],
        [
            told("grave", "self_harm", 10), told("light", "poverty", 12), told("told_before", "self_harm", 9),
            told("told_by_school", "self_harm", 11, "school"), told("told_long_after", "self_harm", 11 + FINDING),
            told("unseen", "self_harm", 10), told("last_day", "self_harm", WINDOW + FINDING, None),
            told("twice", "self_harm", 30),
        ],
        [("no_care", "nobody", after(10), after(10)), ("hard_care", "difficult", after(11), after(11))],
        [
            ("severe", after(-20), True, 90, after(20), "severe", after(20)),
            ("watched", after(-20), True, 90, after(20), "watch", after(20)),
            ("well", after(-20), True, 90, after(20), "normal", after(20)),
            ("only_screened", after(20), True, 99, None, None, after(20)),
            ("judged_before", after(-20), True, 90, after(0), "severe", after(0)),
            ("judged_late", after(-20), True, 90, after(WINDOW + 1), "severe", after(WINDOW + 1)),
            ("both", after(-20), False, 1, after(9), "normal", after(9)),
            ("both", after(-10), False, 1, after(9), "severe", after(9)),
        ],
    )  # fmt: skip


FOUND = {
    "grave": "serious", "light": "some", "fine": "none", "no_care": "serious", "hard_care": "some",
    "called": "not_visited", "not_in": "not_visited", "late": "not_visited", "last_day": "serious",
    "same_day": "not_visited", "told_before": "none", "told_by_school": "none", "told_long_after": "none",
    "unseen": "not_visited", "twice": "none",
}  # fmt: skip
JUDGED = {
    "severe": "serious", "watched": "some", "well": "none", "only_screened": "not_visited",
    "judged_before": "not_visited", "judged_late": "not_visited", "both": "serious",
}  # fmt: skip


def test_the_first_home_visit_in_the_window_and_what_the_village_told_after_it_make_the_outcome(
    engine: Engine,
) -> None:
    fill_both_kinds(engine)
    assert outcomes(engine, list(FOUND)) == FOUND


def test_a_referral_is_judged_by_the_second_assessment_and_never_by_a_questionnaire(engine: Engine) -> None:
    fill_both_kinds(engine)
    assert outcomes(engine, list(JUDGED), "referral") == JUDGED


@pytest.mark.spark
def test_spark_finds_the_same_outcomes(spark_engine: SparkEngine) -> None:
    fill_both_kinds(spark_engine)
    assert outcomes(spark_engine, list(FOUND)) == FOUND
    assert outcomes(spark_engine, list(JUDGED), "referral") == JUDGED
    for name in (
        "visit",
        "concern",
        "living_care",
        "psych_screen",
    ):  # the session serves the other ledgers too
        spark_engine.drop(name)


def test_what_was_known_on_the_day_of_the_list_is_no_outcome(engine: Engine) -> None:
    ahead = ("ahead", "home", True, after(10), DAY)  # a visit of tomorrow that was in the ledger yesterday
    leaked = ("leaked", "self_harm", "village", after(10), DAY)
    filled(engine, [ahead, home("leaked", 10)], [leaked])
    assert outcomes(engine, ["ahead", "leaked"]) == {"ahead": "not_visited", "leaked": "none"}


def test_what_was_done_on_the_day_itself_and_typed_in_later_is_no_outcome(engine: Engine) -> None:
    screen = ("judged", after(-9), False, 1, DAY, "severe", after(3))
    filled(engine, [("seen", "home", True, DAY, after(3))], screens=[screen])
    assert outcomes(engine, ["seen"]) == {"seen": "not_visited"}
    assert outcomes(engine, ["judged"], "referral") == {"judged": "not_visited"}


def test_a_row_whose_window_is_not_over_is_not_used(engine: Engine) -> None:
    filled(engine, [home("child", 10)])
    assert outcomes(engine, ["child"], until=SETTLED - dt.timedelta(1)) == {}
    assert outcomes(engine, ["child"], until=SETTLED) == {"child": "none"}


def test_an_unknown_target_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"expected one of .*found 'relief'"):
        outcome_query("relief")


def plan(day: dt.date, *chances: tuple[str, float, bool], build: str = "b") -> Plan:
    rows = tuple(Chance(child, "v", "green", day, p, probe, probe) for child, p, probe in chances)
    return Plan(build, day, 4, (), (), rows, (), Outcome((), 0), (), None)


def test_the_plan_tells_by_which_chance_each_child_was_chosen_under_its_name_of_today() -> None:
    found = chances_of([plan(DAY, ("old name", 0.03, True), ("other", 1.0, False))], {"old name": "new name"})
    assert found.rows() == [("new name", DAY, 0.03, True), ("other", DAY, 1.0, False)]


def test_two_rows_that_were_one_child_are_drawn_where_one_was_by_the_chance_that_one_was() -> None:
    found = chances_of([plan(DAY, ("a", 0.5, False), ("b", 0.5, True))], {"a": "child", "b": "child"})
    assert found.rows() == [("child", DAY, 1 - 0.5 * 0.5, True)]


def test_what_is_learned_from_ends_before_what_it_is_judged_by_begins() -> None:
    gap = windows_on(DAY).gap
    days = [DAY, DAY + gap, DAY + gap + dt.timedelta(1)]
    found = split_by_time(days, DAY)
    assert found.training == [days[0]]
    assert found.test == [days[2]]
    with pytest.raises(ValueError, match="rows to judge by, found none"):
        split_by_time(days[:2], DAY)
