"""The model of a short-handed township: whole weeks of workers are chosen, not single visits (column generation).

Where hours are short, the question is which visits fit together into the week of a worker, and a model of single
visits bounds that badly: it fills half trips and half households.  Here a column is a whole week of a worker that
can be done, priced exactly (`schedule_pricing`), so the bound is sharp.  Plans come from fixing one week after
another with new columns priced in between, then from the best choice among the columns found.
Source: Desaulniers, Desrosiers and Solomon, Column Generation, 2005; Sadykov et al., INFORMS J. Computing 31(2), 2019.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import highspy
import numpy as np

from models.planning.goals import MINUTES, Goal, Groups
from models.planning.problem import Place, Problem, Stop, outcome
from models.planning.schedule_pricing import Prices, Pricing, Schedule, shifts_of
from models.solver import quiet_solver

SEED = 1
MOST_ROUNDS, MOST_DIVE_ROUNDS = 300, 30  # of pricing: for the bound, and after each week fixed
MOST_COLUMNS, MOST_NODES = 300, 10  # of the choice among columns
CLOSE, TOLERANCE = 0.003, 1e-6  # minutes: where the bound is good enough
PENALTY = {MINUTES: 600.0}  # what a broken hold costs while a plan is sought; other goals:
USUAL_PENALTY = 20.0


class ScheduleModel:
    """Columns: a shift's schedule, how often; a village unseen by the end of a week; what a hold is short of."""

    def __init__(self, block: Problem, groups: Groups) -> None:
        self.block, self.groups = block, groups
        self.shifts = shifts_of(block)
        self.pricing = Pricing(block, groups, self.shifts)
        self.solver = quiet_solver(random_seed=SEED, mip_max_nodes=MOST_NODES)
        self.columns: dict[int, Schedule] = {}
        self.known: set[Schedule] = set()
        self.held: list[tuple[int, int, Goal, float]] = []  # row, column of its slack, goal, reached
        self.n_columns = self.n_rows = 0
        self.goal: Goal | None = None
        for group in groups:
            self._row(-highspy.kHighsInf, float(len(group)))
        for shift in self.shifts:
            self._row(-highspy.kHighsInf, float(len(shift.workers)))
        self.unseen: dict[tuple[str, int], tuple[int, int]] = {}  # (village, week) → row, column
        for village, stop in self.pricing.floors.items():
            for week in range(stop.due, block.weeks):
                row = self._row(1.0, highspy.kHighsInf)
                self.unseen[village, week] = row, self._column(0.0, 1.0, {row: 1.0})

    @property
    def is_empty(self) -> bool:
        """Whether nobody has a minute."""
        return not self.shifts

    def hold(self, goal: Goal, reached: float) -> None:
        """From now on the goal may not get worse."""
        row = self._row(-highspy.kHighsInf, reached - goal.constant + TOLERANCE)
        cells = {column: cost for column, one in self.columns.items() if (cost := self._cost(goal, one))}
        cells |= {self.unseen[key][1]: cost for key, cost in goal.unseen.items() if key in self.unseen}
        for column, cost in cells.items():
            self.solver.changeCoeff(row, column, cost)
        self.held.append((row, self._column(0.0, 0.0, {row: -1.0}), goal, reached))

    def minimise(self, goal: Goal, start: dict[str, Place], gap: float) -> tuple[dict[str, Place], float]:
        """(plan, bound) of a goal under what is held; `start` where none better was found."""
        self._set(goal)
        self._take(start)
        reached = goal.of(outcome(self.block, start))
        bound = self._bound(reached, gap) + goal.constant
        best = start
        for seek in (self._dive, self._choose):
            if _is_enough(goal.of(outcome(self.block, best)), bound, goal, gap):
                break
            found = seek()
            if found is not None and self._keeps(found):
                self._take(found)
                best = min(best, found, key=lambda one: goal.of(outcome(self.block, one)))
        return best, bound

    def _keeps(self, placed: dict[str, Place]) -> bool:
        found = outcome(self.block, placed)
        return all(goal.of(found) <= reached for _, _, goal, reached in self.held)

    def _bound(self, reached: float, gap: float) -> float:
        """A number below which the goal (without its constant) cannot come: prices until nothing is worth more."""
        assert self.goal is not None
        goal, left, bound = self.goal, [len(group) for group in self.groups], -math.inf
        for _ in range(MOST_ROUNDS):
            value, prices, offsets = self._relaxed()
            offers = self.pricing.best(prices, left)
            short = sum(len(shift.workers) * min(0.0, offset - worth) for shift, offset, (worth, _)
                        in zip(self.shifts, offsets, offers, strict=True))  # fmt: skip
            bound = max(bound, value + short)
            target = min(value, reached - goal.constant)
            if _is_enough(target + goal.constant, bound + goal.constant, goal, min(gap, CLOSE)):
                break
            if not self._add_worthwhile(offers, offsets):
                break
        return bound

    def _relaxed(self) -> tuple[float, Prices, np.ndarray]:
        """(value, prices, what a shift's row costs) of the columns so far, in parts."""
        assert self.goal is not None
        self.solver.run()
        duals = np.array(self.solver.getSolution().row_dual)
        n = len(self.groups)
        visits = duals[:n, None] - self.goal.visits
        for row, _, goal, _ in self.held:
            visits += duals[row] * goal.visits
        seen: dict[tuple[str, int], float] = {}
        for (village, week), (row, _) in self.unseen.items():
            for earlier in range(week + 1):
                seen[village, earlier] = seen.get((village, earlier), 0.0) + duals[row]
        value = self.solver.getInfo().objective_function_value
        return value, Prices(visits, seen, self.goal.per_minute), -duals[n : n + len(self.shifts)]

    def _add_worthwhile(self, offers: list[tuple[float, Schedule]], offsets: np.ndarray) -> bool:
        """Add what is worth more than its shift costs; whether any is new."""
        added = [self._add(schedule) for offset, (worth, schedule) in zip(offsets, offers, strict=True)
                 if worth > offset + TOLERANCE]  # fmt: skip
        return any(added)

    def _dive(self) -> dict[str, Place] | None:
        """Fix the weeks that the relaxation likes best, pricing again after each."""
        fixed: dict[int, int] = {}
        self._soften(True)
        try:
            while True:
                left = self._left(fixed)
                self._narrow(fixed, left)
                if not self._price_again(left):
                    return None
                values = np.array(self.solver.getSolution().col_value)
                rest = {c: values[c] - fixed.get(c, 0) for c in self.columns}
                rest = {c: value for c, value in rest.items() if value > TOLERANCE and self._fits(c, left)}
                if not rest:
                    return self._placed(fixed)
                column = max(rest, key=lambda one: (rest[one], -one))
                fixed[column] = fixed.get(column, 0) + 1
        finally:
            self._soften(False)
            self._narrow({}, [len(group) for group in self.groups])

    def _price_again(self, left: list[int]) -> bool:
        """New columns for what is left; False where the relaxation has no solution."""
        for _ in range(MOST_DIVE_ROUNDS):
            _, prices, offsets = self._relaxed()
            if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                return False
            if not self._add_worthwhile(self.pricing.best(prices, left), offsets):
                return True
        self.solver.run()
        return bool(self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    def _left(self, fixed: Mapping[int, int]) -> list[int]:
        left = [len(group) for group in self.groups]
        for column, times in fixed.items():
            for group, n in self.columns[column].visits:
                left[group] -= n * times
        return left

    def _fits(self, column: int, left: list[int]) -> bool:
        return all(n <= left[group] for group, n in self.columns[column].visits)

    def _narrow(self, fixed: Mapping[int, int], left: list[int]) -> None:
        """What is fixed stays; what no longer fits may not be more than it is."""
        n = self.n_columns
        low, high = np.zeros(n), np.ones(n)
        for column, schedule in self.columns.items():
            times = fixed.get(column, 0)
            low[column] = times
            high[column] = len(self.shifts[schedule.shift].workers) if self._fits(column, left) else times
        columns = np.array(list(self.columns), dtype=np.int32)
        self.solver.changeColsBounds(len(columns), columns, low[columns], high[columns])

    def _soften(self, is_soft: bool) -> None:
        """Let holds be broken at a price, so that a half-fixed plan always has a relaxation; or not."""
        assert self.goal is not None
        penalty = PENALTY.get(self.goal.kind, USUAL_PENALTY) if is_soft else 0.0
        for _, slack, _, _ in self.held:
            self.solver.changeColBounds(slack, 0.0, highspy.kHighsInf if is_soft else 0.0)
            self.solver.changeColCost(slack, penalty)

    def _choose(self) -> dict[str, Place] | None:
        """The best whole choice among the columns that the relaxation finds nearest to useful."""
        self.solver.run()
        costs = np.array(self.solver.getSolution().col_dual)
        order = sorted(self.columns, key=lambda column: (round(float(costs[column]), 6), column))
        n, every = self.n_columns, np.arange(self.n_columns, dtype=np.int32)
        for column in order[MOST_COLUMNS:]:
            self.solver.changeColBounds(column, 0.0, 0.0)
        self.solver.changeColsIntegrality(n, every, np.full(n, highspy.HighsVarType.kInteger))
        self.solver.run()
        values = np.rint(np.array(self.solver.getSolution().col_value))
        is_found = self.solver.getInfo().primal_solution_status == 2
        self.solver.changeColsIntegrality(n, every, np.full(n, highspy.HighsVarType.kContinuous))
        self._narrow({}, [len(group) for group in self.groups])
        if not is_found:
            return None
        return self._placed({column: int(values[column]) for column in self.columns if values[column] > 0})

    def _set(self, goal: Goal) -> None:
        costs = np.zeros(self.n_columns)
        for column, schedule in self.columns.items():
            costs[column] = self._cost(goal, schedule)
        for key, (_, column) in self.unseen.items():
            costs[column] = goal.unseen.get(key, 0.0)
        self.goal = goal
        self.solver.changeColsCost(self.n_columns, np.arange(self.n_columns, dtype=np.int32), costs)

    def _cost(self, goal: Goal, schedule: Schedule) -> float:
        week = self.shifts[schedule.shift].week
        visits = sum(float(goal.visits[group, week]) * n for group, n in schedule.visits)
        return visits + goal.per_minute * schedule.minutes

    def _add(self, schedule: Schedule) -> bool:
        """A new column; False where it is known."""
        assert self.goal is not None
        if schedule in self.known:
            return False
        self.known.add(schedule)
        shift = self.shifts[schedule.shift]
        cells = {group: float(n) for group, n in schedule.visits}
        cells[len(self.groups) + schedule.shift] = 1.0
        for village in schedule.villages:
            for week in range(shift.week, self.block.weeks):
                if (village, week) in self.unseen:
                    cells[self.unseen[village, week][0]] = 1.0
        cells |= {row: cost for row, _, goal, _ in self.held if (cost := self._cost(goal, schedule))}
        column = self._column(self._cost(self.goal, schedule), float(len(shift.workers)), cells)
        self.columns[column] = schedule
        return True

    def _column(self, cost: float, upper: float, cells: dict[int, float]) -> int:
        rows = np.array(list(cells), dtype=np.int32)
        self.solver.addCol(cost, 0.0, upper, len(cells), rows, np.array(list(cells.values())))
        self.n_columns += 1
        return self.n_columns - 1

    def _row(self, low: float, high: float) -> int:
        nothing: Any = np.array([], dtype=np.int32)
        self.solver.addRow(low, high, 0, nothing, np.array([], dtype=np.float64))
        self.n_rows += 1
        return self.n_rows - 1

    def _take(self, placed: Mapping[str, Place]) -> None:
        """The weeks of a plan as columns."""
        number = {stop.stop: group for group, own in enumerate(self.groups) for stop in own}
        done: dict[Place, list[Stop]] = {}
        for stop in self.block.stops:
            if stop.stop in placed:
                done.setdefault(placed[stop.stop], []).append(stop)
        shifts = {Place(worker, shift.week): index for index, shift in enumerate(self.shifts)
                  for worker in shift.workers}  # fmt: skip
        for place, stops in sorted(done.items()):
            visits: dict[int, int] = {}
            spot: dict[str, int] = {}
            for stop in stops:
                spot[stop.village] = spot.get(stop.village, 0) + stop.minutes
                if not stop.is_round:
                    visits[number[stop.stop]] = visits.get(number[stop.stop], 0) + 1
            travel = self.shifts[shifts[place]].travel
            room = self.block.trip_minutes - travel
            minutes = sum(one + travel * -(-one // room) for one in spot.values())
            self._add(Schedule(shifts[place], tuple(sorted(visits.items())), tuple(sorted(spot)), minutes))

    def _placed(self, times: Mapping[int, int]) -> dict[str, Place]:
        """Columns as a plan: of a group the first stops go to the first weeks."""
        chosen = [self.columns[column] for column in sorted(times) for _ in range(times[column])]
        chosen.sort(key=lambda one: (self.shifts[one.shift].week, one.shift))
        free = {number: list(shift.workers) for number, shift in enumerate(self.shifts)}
        waiting = [list(group) for group in self.groups]
        placed: dict[str, Place] = {}
        for schedule in chosen:
            place = Place(free[schedule.shift].pop(0), self.shifts[schedule.shift].week)
            met = set()
            for group, n in schedule.visits:
                for _ in range(n):
                    stop = waiting[group].pop(0)
                    placed[stop.stop] = place
                    met.add(stop.village)
            for village in schedule.villages:
                if village not in met and self.pricing.floors[village].stop not in placed:
                    placed[self.pricing.floors[village].stop] = place
        return placed


def _is_enough(reached: float, bound: float, goal: Goal, gap: float) -> bool:
    """Whether a plan is as good as it needs to be; deadlines and weeks are whole."""
    if goal.kind == MINUTES:
        return bound >= reached * (1 - gap) - TOLERANCE
    return math.ceil(bound - TOLERANCE) >= math.ceil(reached - TOLERANCE)
