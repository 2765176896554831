"""The best plan, with proof: every township by itself, goal after goal on HiGHS.

Goals are reached in order, each with what was reached above it held fast: level by level the deadlines missed, then
the weeks late; minutes come last.  A goal that the plan at once already reaches without a miss needs no solve.  Two
models of the same question: single visits where hours suffice, whole weeks of workers where they are short.  One
thread, one seed and limits by counts, never by the clock: the same problem has the same plan.
"""

from __future__ import annotations

import math
import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

from models.planning.goals import LATE, MINUTES, Goal, Groups, goals_of, groups_of
from models.planning.greedy import greedy
from models.planning.problem import LEVELS, Outcome, Place, Problem, blocks, outcome
from models.planning.schedule_model import ScheduleModel
from models.planning.township_model import TownshipModel

MINUTES_GAP, COUNTS_GAP = 0.01, 0.0  # where a solve may stop
FEW_STOPS = 40  # up to which single visits are proven at once
MANY_STOPS = 500  # from which townships are solved beside each other, one process a core
SHORT = 1.1  # minutes asked for on the spot, as a part of those there are, from which hours are short

Placed = dict[str, Place]
Bound = tuple[str, float, float]
Model = ScheduleModel | TownshipModel


class Proven(NamedTuple):
    """A plan, its worth, and how good it could be at best: (level or `minutes`, reached, bound)."""

    placed: Placed
    outcome: Outcome
    bounds: tuple[Bound, ...]
    n_stops: int

    @property
    def gap(self) -> float:
        """How far the plan may be from the best: deadlines that it may miss needlessly, as a part of all of them,
        or minutes that it may waste, as a part of its minutes; the larger of the two.
        """
        missed = sum(reached - bound for goal, reached, bound in self.bounds if goal != MINUTES)
        wasted = [
            (reached - bound) / max(reached, 1.0) for goal, reached, bound in self.bounds if goal == MINUTES
        ]
        return max([missed / max(self.n_stops, 1), *wasted])


def exact(problem: Problem) -> Proven:
    """The best plan of every block put together; never worse than the plan at once."""
    placed: Placed = {}
    totals: dict[str, list[float]] = {}
    for found, bounds in _solved(blocks(problem)):
        placed |= found
        for goal, reached, bound in bounds:
            total = totals.setdefault(goal, [0.0, 0.0])
            total[0], total[1] = total[0] + reached, total[1] + bound
    told = tuple((goal, reached, bound) for goal, (reached, bound) in totals.items())
    return Proven(placed, outcome(problem, placed), told, len(problem.stops))


def _solved(parts: Sequence[Problem]) -> list[tuple[Placed, list[Bound]]]:
    """Every block's plan, in the order given; many are solved beside each other, the longest first."""
    n = min(os.cpu_count() or 1, len(parts))
    if n < 2 or sum(len(block.stops) for block in parts) < MANY_STOPS:
        return [solve_block(block) for block in parts]
    order = sorted(range(len(parts)), key=lambda number: (-len(parts[number].stops), number))
    with ProcessPoolExecutor(n, mp_context=multiprocessing.get_context("spawn")) as pool:
        found = dict(zip(order, pool.map(solve_block, [parts[number] for number in order]), strict=True))
    return [found[number] for number in range(len(parts))]


def solve_block(
    block: Problem, choose: Callable[[Problem, Groups], Model] | None = None
) -> tuple[Placed, list[Bound]]:
    """The plan of one block with its bounds, each under what the goals before it reached."""
    best, groups = greedy(block), groups_of(block.stops)
    model = (choose or model_for)(block, groups)
    held: list[tuple[Goal, int]] = []
    bounds: dict[str, float] = {}
    for goal in goals_of(block, groups):
        reached = goal.of(outcome(block, best))
        bound = float(reached) if model.is_empty else 0.0
        if reached and not model.is_empty:
            gap = MINUTES_GAP if goal.kind == MINUTES else COUNTS_GAP
            found, bound = model.minimise(goal, best, gap)
            best = _better(block, best, [found, _repaired(block, found, goal)], held)
        if goal.kind != LATE:
            bounds[goal.level] = bound if goal.kind == MINUTES else max(0.0, math.ceil(bound - 1e-6))
        held.append((goal, goal.of(outcome(block, best))))
        model.hold(*held[-1])
    return best, _told(block, best, bounds)


def model_for(block: Problem, groups: Groups) -> Model:
    """Single visits where hours suffice or little is asked; whole weeks of workers where hours are short."""
    asked = sum(stop.minutes for stop in block.stops)
    is_short = asked > SHORT * sum(sum(worker.minutes) for worker in block.workers)
    return (
        ScheduleModel(block, groups)
        if is_short and len(block.stops) > FEW_STOPS
        else TownshipModel(block, groups)
    )


def _better(block: Problem, best: Placed, offered: list[Placed], held: list[tuple[Goal, int]]) -> Placed:
    """The best plan under what is held: only so do the bounds told before stay true."""
    kept = [one for one in offered
            if all(goal.of(worth) <= reached for worth in [outcome(block, one)] for goal, reached in held)]  # fmt: skip
    return min(best, *kept, key=lambda one: outcome(block, one)) if kept else best


def _told(block: Problem, best: Placed, bounds: dict[str, float]) -> list[Bound]:
    """(level or `minutes`, reached, bound) of the whole plan; a bound is never above what was reached."""
    found = outcome(block, best)
    told = [(level, float(found.missed[level]), min(float(found.missed[level]), bounds[level]))
            for level in LEVELS]  # fmt: skip
    minutes = float(found.minutes)
    return [*told, (MINUTES, minutes, min(minutes, bounds[MINUTES]))]


def _repaired(block: Problem, found: Placed, goal: Goal) -> Placed:
    """The levels down to this one as they are, everything below planned at once around them."""
    if goal.kind == MINUTES:
        return found
    number = LEVELS.index(goal.level)
    above = {stop.stop for stop in block.stops if LEVELS.index(stop.level) <= number}
    return greedy(block, {name: place for name, place in found.items() if name in above})
