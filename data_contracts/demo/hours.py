"""Hours that directors and supervisors have for visits, and their absences; drawn from nothing, so that the rest of
the district stays as it was.
"""

from __future__ import annotations

from datetime import timedelta

from data_contracts.demo.rows import Row, table_row
from data_contracts.demo.world import Worker, World

HOURS = {"child_director": (6, 8, 10), "child_supervisor": (16, 20)}
ABSENT_EVERY, ABSENT_DAYS = 9, 10  # every ninth worker is away for ten days that begin after the last day


def worker_hours(world: World, names: dict[str, str]) -> list[Row]:
    """Weekly hours of all who are in post, from the day that they began; 0 hours while somebody is away."""
    rows = []
    for number, worker in enumerate(world.workers):
        if worker.ended_on is None:
            choices = HOURS[worker.post]
            rows.append(_row(world, worker, names, (worker.started_on, None, choices[number % len(choices)])))
            if number % ABSENT_EVERY == ABSENT_EVERY - 1:
                away = world.as_of + timedelta(2)
                rows.append(_row(world, worker, names, (away, away + timedelta(ABSENT_DAYS - 1), 0)))
    return rows


def _row(world: World, worker: Worker, names: dict[str, str], told: tuple[object, object, int]) -> Row:
    from_on, until_on, hours = told
    values = {
        "org_code": worker.org_code,
        "worker_name": worker.worker_name,
        "from_on": from_on,
        "until_on": until_on,
        "weekly_hours": hours,
        "recorded_on": worker.started_on if until_on is None else world.as_of - timedelta(1),
    }
    return table_row("worker_hours", values, {"单位": names[worker.org_code]})
