"""Small plans against trying everything: no deadline is missed that could have been met."""

from __future__ import annotations

import itertools
import random

import pytest

from models.planning.exact import COUNTS_GAP, exact, solve_block
from models.planning.goals import goals_of, groups_of
from models.planning.greedy import greedy
from models.planning.problem import LEVELS, Outcome, Place, Problem, Stop, Worker, broken_rules, outcome
from models.planning.schedule_model import ScheduleModel
from models.planning.township_model import TownshipModel

VILLAGES = ("530902102901", "530902102902")


def small_problem(seed: int) -> Problem:
    """Up to four stops, two workers, two weeks, hours that are often too short."""
    rng = random.Random(seed)
    stops = []
    for number in range(rng.randint(2, 4)):
        level, due = rng.choice([one for one in LEVELS if one != "floor"]), rng.randint(0, 1)
        release = rng.choice((0, due))
        stops.append(Stop(f"s{number}", rng.choice(VILLAGES), level, release, due, rng.choice((45, 65, 110))))
    if rng.random() < 0.5:
        stops.append(Stop("round", rng.choice(VILLAGES), "floor", 0, rng.randint(0, 1), 30))
    director = Worker(
        "d", "child_director", VILLAGES[0], (rng.choice((0, 60, 120)), rng.choice((60, 180))), 20
    )
    supervisor = Worker(
        "s", "child_supervisor", "530902102", (rng.choice((0, 150, 240)), rng.choice((90, 300))), 60
    )
    return Problem(tuple(stops), (director, supervisor), 2, rng.choice((180, 240)))


def every_worth(problem: Problem) -> list[Outcome]:
    """The worth of every plan that keeps the rules."""
    choices = [None, *(Place(w.worker, week) for w in problem.workers for week in range(problem.weeks))]
    found = []
    for chosen in itertools.product(choices, repeat=len(problem.stops)):
        placed = {stop.stop: place for stop, place in zip(problem.stops, chosen, strict=True) if place}
        if not broken_rules(problem, placed):
            found.append(outcome(problem, placed))
    return found


def best_of_all(problem: Problem) -> Outcome:
    """The worth of the best plan, found by trying every one."""
    return min(every_worth(problem))


@pytest.mark.parametrize("seed", range(90, 115))
def test_whole_weeks_of_workers_find_what_trying_every_plan_finds(seed):
    problem = small_problem(seed)
    placed, _ = solve_block(problem, ScheduleModel)
    assert broken_rules(problem, placed) == []
    assert outcome(problem, placed).levels == best_of_all(problem).levels


@pytest.mark.parametrize("model", [ScheduleModel, TownshipModel])
@pytest.mark.parametrize("seed", range(115, 127))
def test_no_plan_is_better_than_a_bound_says(seed, model):
    problem = small_problem(seed)
    groups, worths = groups_of(problem.stops), every_worth(problem)
    for goal in goals_of(problem, groups):
        made = model(problem, groups)
        if not made.is_empty:
            found, bound = made.minimise(goal, greedy(problem), COUNTS_GAP)
            best = min(goal.of(worth) for worth in worths)
            assert bound <= best + 1e-4
            assert goal.of(outcome(problem, found)) >= best


@pytest.mark.parametrize("seed", range(60))
def test_the_model_finds_what_trying_every_plan_finds(seed):
    problem = small_problem(seed)
    found = exact(problem)
    assert broken_rules(problem, found.placed) == []
    assert found.outcome.levels == best_of_all(problem).levels
    assert found.outcome.minutes <= best_of_all(problem).minutes * 1.01
    assert found.gap <= 0.02


@pytest.mark.parametrize("seed", range(60, 90))
def test_the_plan_at_once_keeps_the_rules_and_the_model_is_never_worse(seed):
    problem = small_problem(seed)
    assert broken_rules(problem, greedy(problem)) == []
    assert exact(problem).outcome <= outcome(problem, greedy(problem))


def test_the_same_problem_has_the_same_plan_in_any_order_of_its_stops():
    problem = small_problem(5)
    turned = problem._replace(stops=problem.stops[::-1])
    assert exact(problem).placed == exact(problem).placed == exact(turned).placed
