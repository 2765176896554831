"""Due weeks, absences, seasons, probes and the estimate of what the list misses."""

from __future__ import annotations

import datetime as dt
import random

import openpyxl
import pytest

from dashboard.exports.visit_sheets import SheetRow, write_list
from data_contracts.forms import forms
from models.parameters import Dated, parameters
from models.planning.keeping import all_kept, keep, kept
from models.planning.making import (
    BrokenPlan,
    Chance,
    Plan,
    chances_of,
    household_stops,
    minutes_at,
    missing_of,
    refuse_broken,
    rounds,
    visits_of,
)
from models.planning.outcomes import answers, misses_by_level
from models.planning.probes import Probe, coin, drawn, estimate_misses
from models.planning.problem import Place, Problem, Stop, Worker, blocks, loads, outcome
from models.planning.reading import Hours, Listed, Post, in_season, minutes_of_week

MONDAY = dt.date(2026, 9, 28)
VILLAGE = "530902102901"


def listed(child: str, days: int, level: str = "yellow", household: str = "1", interval: int = 90) -> Listed:
    return Listed(child, VILLAGE, household, level, MONDAY + dt.timedelta(days), interval)


def stops_of(*children: Listed, weeks: int = 4) -> list[Stop]:
    days: dict[str, dt.date] = {}
    return household_stops(children, chances_of(children, "b", MONDAY, weeks), MONDAY, weeks, days)


def test_children_of_one_household_are_seen_in_one_stop_by_the_earliest_due_day():
    (stop,) = stops_of(listed("a", 20), listed("b", 9, "orange"))
    assert (stop.children, stop.due, stop.level) == (("a", "b"), 9 // 7, "orange")
    assert stop.minutes == 45 + 20 + 10


def test_a_child_to_be_seen_every_week_comes_back_every_week_and_not_earlier():
    stops = stops_of(listed("a", -3, "red", interval=7))
    assert [(stop.release, stop.due) for stop in stops] == [(0, 0), (1, 1), (2, 2), (3, 3)]


def test_who_is_overdue_is_due_in_the_first_week_and_who_is_not_due_is_not_planned():
    assert [stop.due for stop in stops_of(listed("a", -200))] == [0]
    due_later = [one.is_planned for one in chances_of([listed("a", 28)], "b", MONDAY, 4) if not one.is_probe]
    assert due_later in ([False], [])


def test_a_village_nobody_visited_is_due_at_once_and_one_seen_yesterday_is_not_due_in_a_week():
    days: dict[str, dt.date] = {}
    found = rounds({"v1": None, "v2": MONDAY - dt.timedelta(1), "v3": MONDAY}, MONDAY, 1, days)
    assert [stop.stop for stop in found] == ["round v1"]


def test_an_absence_takes_its_weekdays_and_the_usual_hours_do_not_fill_it():
    away = Hours(MONDAY + dt.timedelta(3), MONDAY + dt.timedelta(20), 0)
    post = Post(
        "w", "child_director", VILLAGE, None, None, (Hours(MONDAY - dt.timedelta(90), None, 10), away)
    )
    assert minutes_of_week(post, MONDAY, MONDAY) == 10 * 60 * 3 // 5
    assert minutes_of_week(post, MONDAY + dt.timedelta(7), MONDAY) == 0
    assert minutes_of_week(post._replace(hours=()), MONDAY, MONDAY) == 6 * 60
    assert minutes_of_week(post._replace(ended_on=MONDAY, hours=()), MONDAY, MONDAY) == 0


def test_the_season_changes_nothing_while_it_is_off_and_brings_visits_into_the_holidays_when_on(monkeypatch):
    due = dt.date(2027, 7, 30)
    assert in_season(due, 90, MONDAY) == due
    for name in ("drowning_season_interval_percent", "holiday_interval_percent"):
        old = parameters()[name][0]
        monkeypatch.setitem(parameters(), name, [Dated(*old._replace(value=50))])
    assert in_season(due, 90, MONDAY) == dt.date(2027, 7, 10), "the first day of the holidays, not earlier"
    assert in_season(dt.date(2027, 9, 10), 90, MONDAY) == dt.date(2027, 9, 10) - dt.timedelta(45)


def test_a_trip_serves_a_village_and_the_travel_is_counted_once():
    worker = Worker("s", "child_supervisor", "530902102", (600,), 90)
    stops = tuple(Stop(f"s{n}", VILLAGE, "green", 0, 0, 55) for n in range(3))
    problem = Problem(stops, (worker,), 1, 420)
    (load,) = loads(problem, {stop.stop: Place("s", 0) for stop in stops})
    assert (load.minutes, load.travel) == (3 * 55, 90)


def test_what_cannot_be_done_is_named_with_its_hours():
    worker = Worker("s", "child_supervisor", "530902102", (0,), 90)
    problem = Problem((Stop("s", VILLAGE, "red", 0, 0, 55),), (worker,), 1, 420)
    visits = visits_of(problem, {}, {"s": MONDAY})
    (missing,) = missing_of(problem, visits)
    assert (missing.n_visits, missing.n_never) == (1, 1)
    assert missing.hours == pytest.approx((55 + 90) / 60)
    assert outcome(problem, {}).missed["red"] == 1


def test_townships_are_planned_apart_and_a_village_without_anybody_stands_alone():
    workers = (Worker("a", "child_supervisor", "530902102", (60,), 90),
               Worker("b", "child_supervisor", "530902103", (60,), 90))  # fmt: skip
    villages = (VILLAGE, "530902103901", "530902104901")
    stops = tuple(Stop(v, v, "red", 0, 0, 55) for v in villages)
    found = [[w.worker for w in part.workers] for part in blocks(Problem(stops, workers, 1, 420))]
    assert found == [["a"], ["b"], []]


def test_the_same_build_draws_the_same_children_and_another_build_others():
    children = [f"c{n}" for n in range(2000)]
    assert drawn("b1", children, 0.05) == drawn("b1", children, 0.05)
    assert drawn("b1", children, 0.05) != drawn("b2", children, 0.05)
    assert 0 <= coin("b", "c") < 1


def test_over_many_builds_every_child_is_drawn_as_often_as_its_row_says():
    children = [listed(f"c{n}", 100 if n % 3 else 5, household=str(n)) for n in range(60)]
    times = dict.fromkeys((one.child_id for one in children), 0)
    builds = 3000
    for build in range(builds):
        for one in chances_of(children, f"build {build}", MONDAY, 4):
            times[one.child_id] += one.is_planned
    for one in chances_of(children, "any", MONDAY, 4):
        expected = builds * one.probability
        spread = (builds * one.probability * (1 - one.probability)) ** 0.5
        assert abs(times[one.child_id] - expected) <= 4.5 * spread
        assert (one.probability == 1.0) == (one.due_on < MONDAY + dt.timedelta(28))


def test_the_estimate_is_right_on_average_and_its_interval_holds_the_truth():
    rng, truth, n, p = random.Random(3), 0.08, 4000, 0.05
    urgent = [number < truth * n for number in range(n)]
    shares, held = [], 0
    for _ in range(400):
        found = estimate_misses([Probe(p, one) for one in urgent if rng.random() < p], n)
        shares.append(found.share)
        held += found.low <= truth <= found.high
    assert sum(shares) / len(shares) == pytest.approx(truth, abs=0.005)
    assert held / 400 >= 0.92


def test_no_probe_is_no_estimate_and_none_urgent_is_not_proof_of_none():
    assert estimate_misses([Probe(0.05, None)], 100).share is None
    found = estimate_misses([Probe(0.05, False)] * 30, 100)
    assert found.share == 0 and found.high > 0.05
    with pytest.raises(ValueError, match="expected a probability"):
        estimate_misses([Probe(0.0, True)], 100)


def test_unequal_chances_weigh_what_they_stand_for():
    found = estimate_misses([Probe(0.1, True), Probe(1.0, False)], 11)
    assert found.share == pytest.approx(10 / 11)


def test_the_list_of_visits_is_a_ledger_that_the_intake_knows(tmp_path):
    values = {"person.name": "测试", "person.village_code": "示例村", "visit.due_on": "2026-10-05"}
    path = write_list([SheetRow(values, "w", "1", "到期")], tmp_path / "week.xlsx")
    sheet = openpyxl.load_workbook(path).worksheets[0]
    headings = [cell.value for cell in sheet[3]]
    assert headings == [column.heading for column in forms()["visits"].columns]
    row = dict(zip(headings, (cell.value for cell in sheet[4]), strict=True))
    assert (row["姓名"], row["应访截止日期"], row["走访日期"]) == ("测试", "2026-10-05", None)


def test_a_kept_plan_is_the_plan_and_belongs_to_its_build(tmp_path):
    chance = chances_of([listed("a", 3)], "b1", MONDAY, 4)
    worker = Worker("d", "child_director", VILLAGE, (600,) * 4, 20)
    stops = stops_of(listed("a", 3))
    problem = Problem(tuple(stops), (worker,), 4, 420)
    placed = {stops[0].stop: Place("d", 0)}
    visits = tuple(visits_of(problem, placed, {stops[0].stop: MONDAY}))
    plan = Plan("b1", MONDAY, 4, visits, (), tuple(chance), (worker,), outcome(problem, placed), (), 0.0)
    keep(tmp_path, plan)
    assert kept(tmp_path, "b1", 4) == plan
    assert kept(tmp_path, "b2", 4) is None


def test_a_household_s_own_way_wins_over_the_usual_one_and_a_blank_is_the_usual_one():
    near, far = listed("a", 3), listed("b", 3)._replace(travel_minutes=80)
    assert minutes_at([near], MONDAY) == 45 + 10
    assert minutes_at([far], MONDAY) == 45 + 80
    assert minutes_at([near, far], MONDAY) == 45 + 20 + 80
    assert minutes_at([far._replace(travel_minutes=0)], MONDAY) == 45
    assert minutes_at([far._replace(travel_minutes=81)], MONDAY) == 45 + 85, "whole steps of five minutes"


def test_a_plan_that_breaks_a_rule_is_refused_without_a_name_in_the_message():
    worker = Worker("s", "child_supervisor", "530902102", (60,), 90)
    problem = Problem((Stop("s", VILLAGE, "red", 0, 0, 55, ("child",)),), (worker,), 1, 420)
    refuse_broken(problem, {})
    with pytest.raises(BrokenPlan, match="expected at most 60 min, found 145"):
        refuse_broken(problem, {"s": Place("s", 0)})


def plan_of(build: str, as_of: dt.date, *chances: Chance) -> Plan:
    return Plan(build, as_of, 4, (), (), chances, (), outcome(Problem((), (), 4, 420), {}), (), None)


def chance(child: str, level: str = "green", probability: float = 0.5, is_probe: bool = True) -> Chance:
    return Chance(child, VILLAGE, level, MONDAY + dt.timedelta(100), probability, is_probe, is_probe)


def test_a_drawn_visit_is_answered_by_a_visit_after_the_plan_and_by_no_other():
    plan = plan_of(
        "b", MONDAY, chance("before"), chance("after"), chance("never"), chance("due", is_probe=False)
    )
    seen = {"before": MONDAY - dt.timedelta(1), "after": MONDAY + dt.timedelta(3), "due": MONDAY}
    found = answers(plan, seen, {"before": "red", "after": "red", "never": "red", "due": "red"})
    assert [one.probe.is_urgent for one in found] == [None, True, None]


def test_a_child_found_well_and_one_no_longer_on_the_list_are_no_misses():
    plan = plan_of("b", MONDAY, chance("well"), chance("gone"), chance("yellow"), chance("still", "orange"))
    seen = dict.fromkeys(("well", "gone", "yellow", "still"), MONDAY + dt.timedelta(3))
    found = answers(plan, seen, {"well": "green", "yellow": "yellow", "still": "orange"})
    assert [one.probe.is_urgent for one in found] == [False] * 4


def test_misses_stand_by_level_and_the_waiting_weigh_what_they_stand_for():
    plan = plan_of("b", MONDAY, *(chance(f"g{n}", is_probe=n < 2) for n in range(4)), chance("y", "yellow"),
                   chance("due", "yellow", 1.0, False))  # fmt: skip
    later = MONDAY + dt.timedelta(28)
    rows = {"visit": [(child, MONDAY + dt.timedelta(5)) for child in ("g0", "g1", "y")],
            "screening": [("g0", "report_now"), ("g1", "green"), ("y", "orange")]}  # fmt: skip

    def ask(sql: str) -> list[tuple[object, ...]]:
        return rows["visit" if "FROM visit" in sql else "screening"]

    found = {one.level: one for one in misses_by_level(ask, [plan], later)}
    assert set(found) == {"all", "green", "yellow"}
    assert (found["green"].n_waiting, found["green"].misses.share, found["green"].misses.children) == (
        4,
        0.5,
        2.0,
    )
    assert (found["yellow"].n_waiting, found["yellow"].misses.share) == (1, 1.0)
    assert (found["all"].n_waiting, found["all"].misses.n_probes) == (5, 3)
    assert misses_by_level(ask, [plan], MONDAY) == [], "the plan of the day itself has nothing to tell yet"


def test_every_build_s_longest_plan_is_found_again_in_the_order_of_days(tmp_path):
    for plan in (plan_of("b2", MONDAY + dt.timedelta(7)), plan_of("b1", MONDAY)._replace(weeks=1),
                 plan_of("b1", MONDAY)):  # fmt: skip
        keep(tmp_path, plan)
    assert [(plan.build_id, plan.weeks) for plan in all_kept(tmp_path)] == [("b1", 4), ("b2", 4)]
