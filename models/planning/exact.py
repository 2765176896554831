"""The best plan, with proof: one integer model a township, solved level by level on HiGHS.

Households of one village that ask for the same minutes in the same weeks are interchangeable, so the model counts
them instead of naming them.  Levels are solved in order, each with what was reached above it held fast; the last
solve saves minutes.  A level that the plan at once already keeps without a miss needs no solve: nothing is better
than none.  One thread, one seed and a limit by nodes, never by the clock: the same problem has the same plan.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.planning.greedy import greedy
from models.planning.problem import LEVELS, Outcome, Place, Problem, blocks, outcome
from models.planning.township_model import TownshipModel

MINUTES_GAP, LEVELS_GAP = 0.01, 0.0  # where a solve may stop
MINUTES = "minutes"
MOST_UNPROVEN = 2  # goals of a block without proof, after which the rest is planned at once


class Proven(NamedTuple):
    """A plan, its worth, and how good it could be at best: (level or `minutes`, reached, bound)."""

    placed: dict[str, Place]
    outcome: Outcome
    bounds: tuple[tuple[str, float, float], ...]
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
    placed: dict[str, Place] = {}
    totals: dict[str, list[float]] = {}
    for block in blocks(problem):
        found, bounds = _solve(block)
        placed |= found
        for goal, reached, bound in bounds:
            total = totals.setdefault(goal, [0.0, 0.0])
            total[0], total[1] = total[0] + reached, total[1] + bound
    told = tuple((goal, reached, bound) for goal, (reached, bound) in totals.items())
    return Proven(placed, outcome(problem, placed), told, len(problem.stops))


def _solve(block: Problem) -> tuple[dict[str, Place], list[tuple[str, float, float]]]:
    """The plan of one block with its bounds.

    Where several levels cannot be proven within the limit, the levels below them are planned at once around them, and
    their bound is that nothing is missed at all.
    """
    best, bounds, unproven = greedy(block), [], 0
    model = TownshipModel(block) if block.workers else None
    if model is None or not model.trips:
        counted = outcome(block, best).missed
        return best, [(level, float(n), float(n)) for level, n in counted.items()] + [(MINUTES, 0.0, 0.0)]
    for number, level in enumerate(LEVELS):
        cost, big = model.level_cost(level)
        bound = 0.0
        if unproven < MOST_UNPROVEN and any(outcome(block, best).levels[number]):
            found, bound = model.minimise(cost, best, LEVELS_GAP)
            best = min(best, found, _repaired(block, found, number), key=lambda one: outcome(block, one))
        missed, late = outcome(block, best).levels[number]
        unproven += bound <= big * missed + late - 1
        model.hold(cost, float(big * missed + late))
        bounds.append(
            (level, float(missed), float(min(missed, max(0.0, np.ceil((bound - big + 1 - 1e-6) / big)))))
        )
    least = float(sum(stop.minutes for stop in block.stops if stop.stop in best and not stop.is_round))
    if unproven < MOST_UNPROVEN:
        found, bound = model.minimise(model.minutes_cost(), best, MINUTES_GAP)
        best = min(best, found, key=lambda one: outcome(block, one))
        least = max(least, bound)
    reached = float(outcome(block, best).minutes)
    return best, [*bounds, (MINUTES, reached, min(reached, least))]


def _repaired(block: Problem, found: dict[str, Place], number: int) -> dict[str, Place]:
    """The levels down to this one as they are, everything below planned at once around them."""
    above = {stop.stop for stop in block.stops if LEVELS.index(stop.level) <= number}
    return greedy(block, {name: place for name, place in found.items() if name in above})
