"""Puts children into classes by birth date and the school year, and onto the schools' rosters."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta

from data_contracts.demo.profile import profile, risk
from data_contracts.demo.world import Child, School, birthday

# Grades in order; the first is for children of three on 31 August.
GRADES = (
    *(f"kindergarten_{year}" for year in (1, 2, 3)),
    *(f"primary_{year}" for year in range(1, 7)),
    *(f"junior_{year}" for year in (1, 2, 3)),
    *(f"senior_{year}" for year in (1, 2, 3)),
)
FIRST_AGE = 3
KIND_OF_GRADE = {
    "kindergarten": "kindergarten",
    "primary": "primary_school",
    "junior": "junior_secondary_school",
    "senior": "senior_secondary_school",
}
FIRST_GRADE = {"kindergarten": 0, "primary": 3, "junior": 9, "senior": 12}
ATTENDS = {"kindergarten": 0.8, "senior": 0.45}
BOARDS = {"kindergarten": 0.0, "primary": 0.27, "junior": 0.75, "senior": 0.8}


def school_year(day: date) -> int:
    """The year in which the school year of that day began (in September)."""
    return day.year if day.month >= 9 else day.year - 1


def grade_on(born: date, day: date) -> int | None:
    """Index into GRADES by age on the last 31 August, None outside them."""
    last_august = date(school_year(day), 8, 31)
    age = last_august.year - born.year - ((last_august.month, last_august.day) < (born.month, born.day))
    index = age - FIRST_AGE
    return index if 0 <= index < len(GRADES) else None


def place_in_school(rng: random.Random, child: Child, schools: Sequence[School], day: date) -> None:
    """Give the child a schooling status and, where enrolled, a school, grade and boarding."""
    words = profile()["children"]
    index = grade_on(child.birth_date, day)
    child.schooling_status = "not_yet"
    if index is None:
        return
    stage = GRADES[index].split("_")[0]
    if rng.random() > ATTENDS.get(stage, 1):
        child.schooling_status = "not_yet" if stage == "kindergarten" else "graduated"
        return
    school_age = day >= birthday(child.birth_date, 7)
    if school_age and stage != "senior" and rng.random() < risk(words["out_of_school"], child.need):
        child.schooling_status = "out_of_school"
        return
    enrol(rng, child, schools, index, day)


def enrol(rng: random.Random, child: Child, schools: Sequence[School], index: int, day: date) -> None:
    """Enrol the child in that grade at the township's school of the stage."""
    stage = GRADES[index].split("_")[0]
    kind, village = KIND_OF_GRADE[stage], child.household.village
    near = [s for s in schools if s.kind == kind and s.township_code == village.township_code]
    choice = near or [school for school in schools if school.kind == kind]
    child.school = choice[int(village.code[-2:]) % len(choice)]
    child.schooling_status, child.school_grade = "enrolled", GRADES[index]
    child.boarding = rng.random() < BOARDS[stage] + (0.2 if village.remote and stage == "primary" else 0)
    child.entered_on = date(school_year(day) - (index - FIRST_GRADE[stage]), 9, 1)
    child.truant = rng.random() < risk(profile()["school_life"]["truant"], child.need)
    child.in_school = rng.random() < profile()["lists"]["on_roster"]
    if child.school.writes_registration:
        register(rng, child, day)


def register(rng: random.Random, child: Child, day: date) -> None:
    """Note the day on which the school put the child on its list of left-behind pupils."""
    assert child.entered_on is not None
    day_registered = max(child.entered_on, child.opened_on) + timedelta(rng.randrange(25))
    child.registered_on = min(day, day_registered)


def take_out_of_school(child: Child) -> None:
    """Blank everything about school, as the registers of closed files do."""
    child.schooling_status = child.school = child.school_grade = child.boarding = None
    child.entered_on = child.registered_on = None
    child.in_school = child.truant = False
