"""A made-up district, written as delivery files: impossible people, realistic gaps, and faults on demand."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

from data_contracts.demo.care import care_for
from data_contracts.demo.cases import stage_people, stage_records
from data_contracts.demo.checks_on_work import write_checks_on_work
from data_contracts.demo.departments import write_offices
from data_contracts.demo.faults import breakable_checks, plant
from data_contracts.demo.follow_up import follow_up
from data_contracts.demo.history import write_history
from data_contracts.demo.ledgers import DeliveryFile, delivery_files
from data_contracts.demo.mind import screen_pupils
from data_contracts.demo.people import People
from data_contracts.demo.periods import month_start
from data_contracts.demo.places import all_workers, make_schools, make_villages
from data_contracts.demo.population import settle
from data_contracts.demo.services import serve
from data_contracts.demo.world import Planted, World, established
from data_contracts.demo.writing import write_file

__all__ = [
    "Planted",
    "World",
    "breakable_checks",
    "established",
    "make_district",
    "make_world",
    "planned_files",
]

FEWEST_CHILDREN = 150
FEWEST_MONTHS = 6


def make_world(children: int = 2000, seed: int = 1, *, as_of: date, months: int = 24) -> World:
    """The true district, nothing written yet; the same arguments give the same district.

    ValueError where there are too few children or months for every case of domain rules 7.
    """
    if children < FEWEST_CHILDREN:
        raise ValueError(f"demo: expected at least {FEWEST_CHILDREN} children, found {children}")
    if months < FEWEST_MONTHS:
        raise ValueError(f"demo: expected at least {FEWEST_MONTHS} months of history, found {months}")
    rng = random.Random(f"district {seed} {children} {months} {as_of}")
    people = People(rng)
    villages = make_villages(people, children, as_of)
    workers = all_workers(people, villages, as_of)
    world = World(as_of, month_start(as_of, months - 1), seed, villages, make_schools(rng), workers)
    settle(people, world, children - 1)
    stage_people(people, world)
    write_history(rng, world)
    screen_pupils(rng, world)
    serve(rng, world)
    write_offices(rng, world)
    follow_up(world)
    stage_records(rng, world)
    write_checks_on_work(world)
    care_for(world)
    return world


def planned_files(world: World, break_check: str | None = None) -> list[DeliveryFile]:
    """The district's files before they are written; a fault to plant is noted in `world.planted`."""
    files = delivery_files(world)
    if break_check is not None:
        world.planted = plant(files, break_check, world)
    return files


def make_district(
    out: Path,
    *,
    children: int = 2000,
    seed: int = 1,
    as_of: date,
    months: int = 24,
    break_check: str | None = None,
    progress: Callable[[str], None] | None = None,
) -> World:
    """Write a made-up district as delivery files under `out`, and return the truth behind them.

    Without `break_check` no row fails a check of the contracts.  With `<table>.<check_id>` that check's own
    fault stands in a handful of rows, listed in `World.planted`; ValueError for a check nobody can plant.
    """
    world = make_world(children, seed, as_of=as_of, months=months)
    files = planned_files(world, break_check)
    for number, file in enumerate(files, 1):
        write_file(file, out, seed, as_of)
        if progress and (number % 20 == 0 or number == len(files)):
            progress(f"已写 {number}/{len(files)} 个文件（files written）")
    return world
