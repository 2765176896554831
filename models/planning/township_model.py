"""The integer model of one township on HiGHS: columns, limits, goals, and a plan to and from them."""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np

from models.planning.goals import LATE, MINUTES, MISSED, Goal, Groups
from models.planning.problem import Place, Problem, Stop, Worker
from models.solver import quiet_solver

SEED = 1
MOST_NODES = {MISSED: 120, LATE: 5, MINUTES: 30}  # of the search tree, for one solve


class TownshipModel:
    """The integer model of one block.

    Columns: how many stops of a group a worker makes in a week; trips of a worker to a village in a week; rounds
    made for their own sake; and, for a village's floor, whether nobody has been there by the end of a week.
    """

    def __init__(self, block: Problem, groups: Groups) -> None:
        self.block = block
        self.upper: list[int] = []
        self.rows: list[tuple[float, float, dict[int, float]]] = []
        self.counts: dict[tuple[int, str, int], int] = {}
        self.trips: dict[tuple[str, str, int], int] = {}
        self.rounds: dict[tuple[str, str, int], int] = {}
        self.unseen: dict[tuple[str, int], int] = {}
        self.groups = groups
        self.floors = [stop for stop in block.stops if stop.is_round]
        self._columns()
        self._limits()
        self._floors()
        self.solver = self._loaded()

    @property
    def is_empty(self) -> bool:
        """Whether nobody can go anywhere."""
        return not self.trips

    def _column(self, upper: int) -> int:
        self.upper.append(upper)
        return len(self.upper) - 1

    def _columns(self) -> None:
        for village in sorted({stop.village for stop in self.block.stops}):
            own = [number for number, group in enumerate(self.groups) if group[0].village == village]
            floor = [stop for stop in self.floors if stop.village == village]
            for worker in self.block.workers_of(village):
                for week in range(self.block.weeks):
                    self._columns_of(worker, village, week, own, floor)

    def _columns_of(self, worker: Worker, village: str, week: int, own: list[int], floor: list[Stop]) -> None:
        """Visits of one worker to one village in one week, and the trips that they need."""
        work: dict[int, float] = {}
        most = worker.minutes[week]
        for number in own:
            stop = self.groups[number][0]
            if stop.release <= week and stop.minutes <= most:
                column = self._column(min(len(self.groups[number]), most // stop.minutes))
                self.counts[number, worker.worker, week] = column
                work[column] = float(stop.minutes)
        if floor and floor[0].minutes <= most:
            column = self._column(1)
            self.rounds[village, worker.worker, week] = column
            work[column] = float(floor[0].minutes)
        if not work:
            return
        room = self.block.room(worker)
        trip = self._column(-(-most // room))
        self.trips[village, worker.worker, week] = trip
        self.rows.append((-highspy.kHighsInf, 0.0, {**work, trip: -float(room)}))
        for column in work:  # implied by whole numbers; makes the bound sharper
            self.rows.append(
                (-highspy.kHighsInf, 0.0, {column: 1.0, trip: -float(self._per_trip(column, work, room))})
            )

    def _per_trip(self, column: int, work: dict[int, float], room: int) -> int:
        """How many of these fit the minutes of one trip when trips are filled to the minute, rounded up."""
        return min(self.upper[column], -(-room // int(work[column])))

    def _limits(self) -> None:
        """No stop twice, no minute that a worker does not have."""
        for number, group in enumerate(self.groups):
            columns = {c: 1.0 for (one, _, _), c in self.counts.items() if one == number}
            if columns:
                self.rows.append((0.0, float(len(group)), columns))
        minutes = self.minutes()
        for worker in self.block.workers:
            for week in range(self.block.weeks):
                own = [c for places in (self.counts, self.trips, self.rounds) for (_, name, at), c in places.items()
                       if (name, at) == (worker.worker, week)]  # fmt: skip
                if own:
                    self.rows.append((0.0, float(worker.minutes[week]), {c: minutes[c] for c in own}))

    def _floors(self) -> None:
        """By the end of each week from the due one somebody has been in the village, or it counts as unseen."""
        for stop in self.floors:
            for week in range(stop.due, self.block.weeks):
                column = self._column(1)
                self.unseen[stop.village, week] = column
                seen = {c: 1.0 for (g, _, at), c in self.counts.items()
                        if at <= week and self.groups[g][0].village == stop.village}  # fmt: skip
                seen |= {c: 1.0 for (v, _, at), c in self.rounds.items() if v == stop.village and at <= week}
                self.rows.append((1.0, highspy.kHighsInf, {**seen, column: 1.0}))

    def minutes(self) -> dict[int, float]:
        """Minutes of each column: on the spot, or on the road."""
        travel = {worker.worker: float(worker.travel) for worker in self.block.workers}
        spot = {stop.village: float(stop.minutes) for stop in self.floors}
        found = {c: float(self.groups[number][0].minutes) for (number, _, _), c in self.counts.items()}
        found |= {c: travel[name] for (_, name, _), c in self.trips.items()}
        return found | {c: spot[village] for (village, _, _), c in self.rounds.items()}

    def _costs(self, goal: Goal) -> np.ndarray:
        """The goal's cost of each column, its constant left out."""
        costs = np.zeros(len(self.upper))
        for (number, _, week), column in self.counts.items():
            costs[column] = goal.visits[number, week]
        for key, column in self.unseen.items():
            costs[column] = goal.unseen.get(key, 0.0)
        if goal.per_minute:
            for column, minutes in self.minutes().items():
                costs[column] += goal.per_minute * minutes
        return costs

    def _loaded(self) -> Any:
        """The solver with the columns and rows."""
        solver = quiet_solver(random_seed=SEED, mip_abs_gap=0.0)
        for upper in self.upper:
            solver.addVar(0.0, float(upper))
        n = len(self.upper)
        if n:
            kinds = np.full(n, highspy.HighsVarType.kInteger)
            solver.changeColsIntegrality(n, np.arange(n, dtype=np.int32), kinds)
        for low, high, cells in self.rows:
            self._add(solver, low, high, cells)
        return solver

    @staticmethod
    def _add(solver: Any, low: float, high: float, cells: dict[int, float]) -> None:
        columns = np.array(list(cells), dtype=np.int32)
        solver.addRow(low, high, len(cells), columns, np.array(list(cells.values()), dtype=np.float64))

    def hold(self, goal: Goal, reached: float) -> None:
        """From now on the goal may not get worse."""
        costs = self._costs(goal)
        cells = {int(column): float(costs[column]) for column in np.nonzero(costs)[0]}
        if cells:
            self._add(self.solver, -highspy.kHighsInf, reached - goal.constant, cells)

    def minimise(self, goal: Goal, start: dict[str, Place], gap: float) -> tuple[dict[str, Place], float]:
        """(plan, bound) of a goal under what is held; `start` where none better was found."""
        n = len(self.upper)
        every = np.arange(n, dtype=np.int32)
        self.solver.changeColsCost(n, every, self._costs(goal))
        self.solver.setOptionValue("mip_rel_gap", gap)
        self.solver.setOptionValue("mip_max_nodes", MOST_NODES[goal.kind])
        self.solver.setSolution(n, every, self._columns_from(start))
        self.solver.run()
        bound = float(self.solver.getInfo().mip_dual_bound)
        values = np.rint(np.array(self.solver.getSolution().col_value))
        if not len(values) or self.solver.getInfo().primal_solution_status != 2:
            return start, bound + goal.constant
        return self._placed(values), bound + goal.constant

    def _columns_from(self, placed: dict[str, Place]) -> np.ndarray:
        """A plan as the solver's columns."""
        values = np.zeros(len(self.upper))
        work: dict[tuple[str, str, int], int] = {}
        for number, group in enumerate(self.groups):
            for stop in group:
                if place := placed.get(stop.stop):
                    values[self.counts[number, place.worker, place.week]] += 1
                    _book(work, stop, place)
        for stop in self.floors:
            if place := placed.get(stop.stop):
                values[self.rounds[stop.village, place.worker, place.week]] = 1
                _book(work, stop, place)
        rooms = {worker.worker: self.block.room(worker) for worker in self.block.workers}
        for key, minutes in work.items():
            values[self.trips[key]] = -(-minutes // rooms[key[1]])
        first = {stop.village: self.block.weeks for stop in self.floors}
        for village, _, week in work:
            first[village] = min(week, first.get(village, week))
        for stop in self.floors:
            for week in range(stop.due, self.block.weeks):
                values[self.unseen[stop.village, week]] = float(first[stop.village] > week)
        return values

    def _placed(self, values: np.ndarray) -> dict[str, Place]:
        """The solver's columns as a plan: of a group the first stops go to the first weeks."""
        placed: dict[str, Place] = {}
        taken = [0] * len(self.groups)
        for (number, worker, week), column in sorted(
            self.counts.items(), key=lambda one: (one[0][2], one[0])
        ):
            n = int(values[column])
            for stop in self.groups[number][taken[number] : taken[number] + n]:
                placed[stop.stop] = Place(worker, week)
            taken[number] += n
        names = {stop.village: stop.stop for stop in self.floors}
        for (village, worker, week), column in sorted(
            self.rounds.items(), key=lambda one: (-one[0][2], one[0])
        ):
            if values[column] > 0:
                placed[names[village]] = Place(worker, week)
        return placed


def _book(work: dict[tuple[str, str, int], int], stop: Stop, place: Place) -> None:
    key = (stop.village, place.worker, place.week)
    work[key] = work.get(key, 0) + stop.minutes
