"""A plan for thirty workers, two thousand children and four weeks: how long it takes, and how far from the best.

Two made-up districts of ten townships with two directors and a supervisor each: one with hours enough, one where
hours are short, so that deadlines must be missed.  The largest township of each is planned a second time, in another
process; both plans must be the same.
Run: python -m benchmarks.plan [--children N] [--workers N] [--weeks N]
"""

from __future__ import annotations

import random
import resource
import time
from typing import Annotated, Any

import typer

from benchmarks import measuring
from models.planning.exact import exact, solve_block
from models.planning.greedy import greedy
from models.planning.problem import Problem, Stop, Worker, blocks, broken_rules, outcome

TOWNSHIPS, VILLAGES = 10, 10
SHARES = {"report_now": 0.02, "red": 0.05, "orange": 0.18, "yellow": 0.45, "green": 0.30}
INTERVAL_WEEKS = {"report_now": 1, "red": 1, "orange": 4, "yellow": 13, "green": 26}
MINUTES = (45, 55, 65, 75)
HOURS = {"enough": 30, "short": 9}
LIMIT_SECONDS = 60


def district(children: int, workers: int, weeks: int, hours: int, seed: int = 7) -> Problem:
    """Stops and workers of a made-up district."""
    rng = random.Random(seed)
    townships = [f"530902{100 + number}" for number in range(TOWNSHIPS)]
    villages = [f"{township}{901 + number}" for township in townships for number in range(VILLAGES)]
    levels = rng.choices(list(SHARES), list(SHARES.values()), k=children)
    stops = []
    for number, level in enumerate(levels):
        village, minutes = rng.choice(villages), rng.choice(MINUTES)
        due = max(0, rng.randrange(-1, INTERVAL_WEEKS[level]))
        while due < weeks:
            weekly = INTERVAL_WEEKS[level] == 1
            stops.append(
                Stop(f"{number:05}/{due}", village, level, due if weekly else 0, due, minutes, (f"{number}",))
            )
            due += INTERVAL_WEEKS[level]
    stops += [Stop(f"round/{village}", village, "floor", 0, rng.randrange(weeks), 30) for village in villages]
    staff = []
    for number in range(workers):
        area = townships[number % TOWNSHIPS]
        share = tuple(hours * 60 if rng.random() > 0.1 else 0 for _ in range(weeks))
        post, travel = ("child_director", 40) if number >= TOWNSHIPS else ("child_supervisor", 100)
        staff.append(Worker(f"w{number:02}", post, area, share, travel))
    return Problem(tuple(stops), tuple(staff), weeks, 420)


def measured(problem: Problem) -> dict[str, Any]:
    """Seconds, gap and what is missed: at once and at best."""
    started = time.perf_counter()
    at_once = greedy(problem)
    quick = time.perf_counter() - started
    used = _processor_seconds()
    best = exact(problem)
    seconds, used = time.perf_counter() - started - quick, _processor_seconds() - used
    largest = max(blocks(problem), key=lambda block: len(block.stops))
    again, _ = solve_block(largest)
    if any(best.placed.get(stop.stop) != again.get(stop.stop) for stop in largest.stops):
        raise SystemExit("the same problem was planned in two ways")
    if broken_rules(problem, best.placed) or broken_rules(problem, at_once):
        raise SystemExit("a plan breaks a rule")
    return {
        "stops": len(problem.stops),
        "seconds at once": round(quick, 2),
        "seconds exact": round(seconds, 1),
        "share of the limit of 60 s": round(seconds / LIMIT_SECONDS, 2),
        "processor seconds exact, all processes": round(used, 1),
        "gap": round(best.gap, 5),
        "missed at once": outcome(problem, at_once).missed,
        "missed at best": best.outcome.missed,
        "hours at once": round(outcome(problem, at_once).minutes / 60, 1),
        "hours at best": round(best.outcome.minutes / 60, 1),
        "goals": {goal: (reached, round(bound, 1)) for goal, reached, bound in best.bounds},
    }


def _processor_seconds() -> float:
    """What this process and the ones it ended took; on a busy machine the clock alone says little."""
    return sum(resource.getrusage(who).ru_utime + resource.getrusage(who).ru_stime
               for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))  # fmt: skip


def main(
    children: Annotated[int, typer.Option("--children", min=1)] = 2000,
    workers: Annotated[int, typer.Option("--workers", min=10)] = 30,
    weeks: Annotated[int, typer.Option("--weeks", min=1)] = 4,
) -> None:
    """Measure, and write results/plan.json."""
    found = {}
    for name, hours in HOURS.items():
        found[name] = measured(district(children, workers, weeks, hours))
        typer.echo(f"{name}: {found[name]}")
    typer.echo(
        measuring.write_result("plan", children, {"workers": workers, "weeks": weeks, "districts": found})
    )


if __name__ == "__main__":
    typer.run(main)
