"""Writes what keeps the others honest: telephone checks, re-visits drawn at random, joint meetings, project money.

It also gives the records their human side: notes that differ, unless somebody copied them; findings that come back;
a school that heard something else than the village.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

from data_contracts.demo.periods import months_between, quarter_of, quarter_start
from data_contracts.demo.profile import profile
from data_contracts.demo.rows import Row
from data_contracts.demo.schooling import GRADES
from data_contracts.demo.world import Child, Visit, World
from data_contracts.sampling import SampledVisit, draw

DRAWN_AFTER = timedelta(70)  # days into the quarter
MEETING_MONTHS = (1, 3, 5, 7, 9, 11)
FEWEST_DRAWN, ONE_IN = 6, 12


def write_checks_on_work(world: World) -> None:
    """All four ledgers, from a chance of their own: nobody else's dice are moved."""
    rng = random.Random(f"checks on work {world.seed} {world.as_of} {len(world.children)}")
    for child in world.open_children():
        _phones(rng, world, child)
    for first in dict.fromkeys(quarter_start(day) for day in months_between(world.starts_on, world.as_of)):
        _revisits(rng, world, first)
    _meetings(rng, world)
    _projects(rng, world)
    _notes(rng, world)
    _recurrences(rng, world)


def as_the_school_heard(child: Child, row: Row) -> Row:
    """A pupil's line of the roster where the school's word differs from the village's, for a few pupils."""
    if not (child.in_village and child.id_no):
        return row
    rng, words = random.Random(f"heard {child.id_no}"), profile()["checks_on_work"]
    grade, father = rng.random() < words["grade_differs"], rng.random() < words["father_differs"]
    place = GRADES.index(row["年级"]) if row["年级"] in GRADES else 0
    if grade and place:
        row["年级"] = GRADES[place - 1]
    if father and child.household.father.status == "away":
        row["父亲状况"] = "home"
    return row


def _notes(rng: random.Random, world: World) -> None:
    """A sentence or two more, as people talk; one visitor copies an older note and changes the day in it."""
    words = profile()["checks_on_work"]
    standard = (profile()["visits"]["copied_note"], profile()["visits"]["telephone_note"])
    noted = [visit for visit in world.visits if visit.note and visit.note not in standard]
    for visit in noted:
        told = f"{rng.choice(words['people'])}{rng.choice(words['tells'])}"
        visit.note = f"{visit.note}{told}，{rng.choice(words['leaves'])}。"
    busiest = Counter(visit.worker.worker_name for visit in noted).most_common(1)
    own = [visit for visit in noted if busiest and visit.worker.worker_name == busiest[0][0]]
    for visit in own[1:]:
        if rng.random() < words["dated_copy"] and visit.visited_on:
            told = own[0].note.split("走访：")[-1] if own[0].note else ""
            visit.note = f"{visit.visited_on.month}月{visit.visited_on.day}日走访：{told}"


def _recurrences(rng: random.Random, world: World) -> None:
    """The same finding once more at a unit where it had been put right within the year."""
    unit_of = {row["inspection_no"]: row["org_code"] for row in world.tables.get("inspections", [])}
    closed: dict[str, dict[str, Any]] = {}
    for row in sorted(world.tables.get("rectifications", []), key=lambda one: one["found_on"]):
        unit = unit_of[row["inspection_no"]]
        before = closed.get(unit)
        if (
            before
            and before["verified_on"] < row["found_on"]
            and rng.random() < profile()["checks_on_work"]["recurs"]
        ):
            row["finding"] = before["finding"]
        if row["verified_on"]:
            closed[unit] = row


def _by(day: date, world: World) -> date | None:
    return day if day <= world.as_of else None


def _phones(rng: random.Random, world: World, child: Child) -> None:
    words = profile()["checks_on_work"]
    begins = max(child.opened_on, world.starts_on)
    for whose in ("carer", "parent"):
        day = world.as_of - timedelta(rng.randrange(words["phone_every_days"]))
        while day >= begins:
            if rng.random() < words["phone_checked"]:
                answered = rng.random() < words["phone_answered"]
                reachable = answered if rng.random() > words["blank"] else None
                world.add_event("phone_checks", child, whose=whose, checked_on=day, reachable=reachable)
            day -= timedelta(words["phone_every_days"])


def _revisits(rng: random.Random, world: World, first: date) -> None:
    """The sample of one quarter: drawn while it runs, of the visits typed in by then."""
    drawn_on = min(first + DRAWN_AFTER, world.as_of)
    held: dict[tuple[str, date], Visit] = {}
    for visit in world.visits:
        typed = visit.recorded_on is not None and visit.recorded_on <= drawn_on
        if visit.child.id_no and visit.visited_on and typed and first <= visit.visited_on <= drawn_on:
            held[visit.child.id_no, visit.due_on] = visit
    sample = draw(
        [SampledVisit(*key) for key in held], max(FEWEST_DRAWN, len(held) // ONE_IN), quarter_of(first)
    )
    for drawn in sample.visits:
        visit = held[drawn.child_id, drawn.due_on]
        visited = _by(drawn_on + timedelta(rng.randint(4, 32)), world)
        confirmed, agrees = _outcome(rng, visit) if visited else (None, None)
        world.add_event(
            "revisits",
            visit.child,
            quarter=quarter_of(first),
            due_on=visit.due_on,
            drawn_on=drawn_on,
            n_drawn=len(sample.visits),
            n_frame=sample.n_frame,
            revisited_on=visited,
            visit_confirmed=confirmed,
            facts_agree=agrees,
        )


def _outcome(rng: random.Random, visit: Visit) -> tuple[bool | None, bool | None]:
    """Whoever copies notes was often not there."""
    words = profile()["checks_on_work"]
    confirmed = rng.random() < (
        words["copier_confirmed"] if visit.worker.copies_notes else words["confirmed"]
    )
    if not confirmed:
        return False, None
    return True, rng.random() < words["agrees"] if rng.random() > words["blank"] else None


def _meetings(rng: random.Random, world: World) -> None:
    for number, first in enumerate(months_between(world.starts_on, world.as_of), 1):
        if first.month not in MEETING_MONTHS:
            continue
        planned = first + timedelta(14)
        took_place = rng.random() < profile()["checks_on_work"]["meeting_held"]
        held = _by(planned + timedelta(rng.choice([-2, 0, 0, 3, 10])), world) if took_place else None
        world.add_row(
            "meetings",
            meeting_no=f"LX{number:03d}",
            planned_on=planned,
            held_on=held,
            n_departments=rng.randint(4, 9) if held else None,
            has_minutes=rng.random() < 0.85 if held else None,
        )


def _projects(rng: random.Random, world: World) -> None:
    words = profile()["checks_on_work"]
    days = (world.as_of - world.starts_on).days
    for number in range(1, max(8, days // 50) + 1):
        applied_on = world.starts_on + timedelta(rng.randrange(days + 1))
        applied = rng.randint(5, 60) * 10_000
        decided = _by(applied_on + timedelta(rng.randint(20, 120)), world)
        won = rng.random() < words["project_won"]
        awarded = applied * rng.choice([4, 7, 10, 10]) // 10 if won else 0
        spent = awarded * rng.randint(2, 10) // 10 if rng.random() > words["blank"] else None
        world.add_row(
            "project_funds",
            project_no=f"XM{number:03d}",
            project_name=rng.choice(words["projects"]),
            department=rng.choice(["civil_affairs", "education", "health", "justice"]),
            applied_on=applied_on,
            applied_amount=applied,
            decided_on=decided,
            awarded_amount=awarded if decided else None,
            spent_amount=spent if decided and won else None,
        )
