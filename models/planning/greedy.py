"""A plan at once: the most urgent stop first, by whoever needs the fewest further minutes for it."""

from __future__ import annotations

from models.planning.problem import LEVELS, Place, Placed, Problem, Stop, Worker


class _Week:
    """The minutes that each worker has left, and what each trip still has room for."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.left = {(one.worker, week): one.minutes[week] for one in problem.workers
                     for week in range(problem.weeks)}  # fmt: skip
        self.spent: dict[tuple[str, int, str], int] = {}

    def cost(self, worker: Worker, week: int, stop: Stop) -> int | None:
        """Further minutes for that stop, travel of a new trip included; None where there are not enough."""
        room = self.problem.room(worker)
        before = self.spent.get((worker.worker, week, stop.village), 0)
        trips = -(-(before + stop.minutes) // room) - -(-before // room)
        minutes = stop.minutes + trips * worker.travel
        return minutes if minutes <= self.left[worker.worker, week] else None

    def take(self, worker: Worker, week: int, stop: Stop, minutes: int) -> None:
        """Book the stop."""
        self.left[worker.worker, week] -= minutes
        key = (worker.worker, week, stop.village)
        self.spent[key] = self.spent.get(key, 0) + stop.minutes


def greedy(problem: Problem, kept: Placed | None = None) -> dict[str, Place]:
    """Stop → who and when; a stop that finds no minutes is missing.  The same problem has the same plan.

    What is `kept` stands where it is, and the rest is planned around it.
    """
    state = _Week(problem)
    placed: dict[str, Place] = {}
    first: dict[str, int] = {}
    workers = {one.worker: one for one in problem.workers}
    for stop in problem.stops:
        if kept and (place := kept.get(stop.stop)):
            worker = workers[place.worker]
            state.take(worker, place.week, stop, state.cost(worker, place.week, stop) or 0)
            placed[stop.stop] = place
            first[stop.village] = min(place.week, first.get(stop.village, place.week))
    for stop in sorted((one for one in problem.stops if one.stop not in placed), key=_urgency):
        if stop.is_round and first.get(stop.village, problem.weeks) <= stop.due:
            continue
        last = min(problem.weeks, first.get(stop.village, problem.weeks)) if stop.is_round else problem.weeks
        place = _best(problem, state, stop, last)
        if place:
            placed[stop.stop] = place
            first[stop.village] = min(place.week, first.get(stop.village, place.week))
    return placed


def _urgency(stop: Stop) -> tuple[int, int, str, str]:
    return LEVELS.index(stop.level), stop.due, stop.village, stop.stop


def _best(problem: Problem, state: _Week, stop: Stop, last: int) -> Place | None:
    """The cheapest worker and week in time; else the first week after it in which anybody can."""
    in_time = range(stop.release, min(stop.due + 1, last))
    later = ([week] for week in range(max(stop.due + 1, stop.release), last))
    for weeks in (in_time, *later):
        offers = [
            (minutes, week, number, worker)
            for week in weeks
            for number, worker in enumerate(problem.workers_of(stop.village))
            if (minutes := state.cost(worker, week, stop)) is not None
        ]
        if offers:
            minutes, week, _, worker = min(offers, key=lambda offer: offer[:3])
            state.take(worker, week, stop, minutes)
            return Place(worker.worker, week)
    return None
