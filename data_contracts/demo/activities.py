"""What villages, schools and the health service held for the children, and who came."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from data_contracts.demo.periods import month_start, months_between, quarter_start, terms_between
from data_contracts.demo.profile import weighted
from data_contracts.demo.world import Child, School, World

VOLUNTEERS_DO = ("tutoring", "companionship", "recreation")
SCHOOLS_DO = ("interest_group", "club", "festival", "recreation")
METHODS = {"lecture": 44, "case": 22, "drill": 20, "class_meeting": 14}
TOPICS = {
    "tutoring": "作业辅导",
    "companionship": "节前看望",
    "recreation": "球类游戏",
    "interest_group": "书法小组",
    "club": "合唱社",
    "festival": "节日联欢",
    "free_clinic": "义诊",
    "health_talk": "口腔卫生",
    "mind_talk": "情绪管理",
    "group_counselling": "人际交往",
    "mind_campaign": "心理健康宣传周",
    "safety_lesson": "防溺水",
}


def hold_activities(rng: random.Random, world: World) -> None:
    """Activities of the whole history, in the order of villages and schools."""
    for village in world.villages:
        unit = (village.code, village.name)
        children = [child for child in world.open_children() if child.village_code == village.code]
        _by_volunteers(rng, world, unit, children)
        _clinics(rng, world, unit, 0.55)
    for school in world.schools:
        unit = (school.org_code, school.name)
        pupils = [c for c in world.open_children() if c.in_school and c.school is school]
        _at_school(rng, world, school, pupils)
        _clinics(rng, world, unit, 0.65)


def _day(rng: random.Random, world: World, first: date, last: date) -> date | None:
    """A day between the two inside the history, None where there is none."""
    begins, ends = max(first, world.starts_on), min(last, world.as_of)
    return begins + timedelta(rng.randrange((ends - begins).days + 1)) if begins <= ends else None


def _in_term(rng: random.Random, world: World, term: str) -> date | None:
    year, autumn = int(term[:4]), term.endswith("秋")
    first, last = (date(year, 9, 1), date(year, 12, 31)) if autumn else (date(year, 3, 3), date(year, 7, 5))
    return _day(rng, world, first, last)


def _hold(world: World, unit: tuple[str, str], kind: str, day: date, **more: Any) -> str:
    """Note one activity; returns its number."""
    number = f"HD{len(world.tables.get('activities', [])) + 1:05d}"
    code, name = unit
    values: dict[str, Any] = {
        "method": None,
        "by_volunteers": False,
        "joint_org_code": None,
        "n_children": None,
        **more,
    }
    world.add_row(
        "activities",
        activity_no=number,
        org_code=code,
        unit=name,
        kind=kind,
        topic=TOPICS[kind],
        held_on=day,
        **values,
    )
    return number


def _list(
    rng: random.Random, world: World, number: str, children: Iterable[Child], day: date, share: float
) -> None:
    """Who came; about one activity in sixteen has no list."""
    came = [child for child in children if child.opened_on <= day and rng.random() < share]
    world.tables["activities"][-1]["n_children"] = len(came)
    if rng.random() < 0.06:
        return
    for child in came:
        attended = rng.choices([True, False, None], [95, 3, 2])[0]
        world.add_event("activity_attendance", child, activity_no=number, attended=attended)


def _by_volunteers(rng: random.Random, world: World, unit: tuple[str, str], children: list[Child]) -> None:
    for quarter in dict.fromkeys(quarter_start(m) for m in months_between(world.starts_on, world.as_of)):
        last = month_start(quarter, -3) - timedelta(1)
        day = _day(rng, world, quarter, last)
        if day is not None and children and rng.random() < 0.8:
            helped = True if rng.random() < 0.93 else None
            number = _hold(world, unit, rng.choice(VOLUNTEERS_DO), day, by_volunteers=helped)
            _list(rng, world, number, children, day, 0.55)
        day = _day(rng, world, quarter, last)
        if day is not None and rng.random() < 0.45:
            _lesson(rng, world, unit, day)


def _lesson(rng: random.Random, world: World, unit: tuple[str, str], day: date) -> None:
    method = weighted(rng, METHODS) if rng.random() < 0.95 else None
    _hold(world, unit, "safety_lesson", day, method=method, n_children=rng.randint(5, 60))


def _clinics(rng: random.Random, world: World, unit: tuple[str, str], share: float) -> None:
    for first in dict.fromkeys(
        date(month.year, 1 if month.month <= 6 else 7, 1)
        for month in months_between(world.starts_on, world.as_of)
    ):
        day = _day(rng, world, first, month_start(first, -6) - timedelta(1))
        if day is not None and rng.random() < share:
            kind = rng.choice(["free_clinic", "health_talk"])
            _hold(world, unit, kind, day, n_children=rng.randint(5, 50))


def _at_school(rng: random.Random, world: World, school: School, pupils: list[Child]) -> None:
    unit = (school.org_code, school.name)
    villages = sorted({child.village_code for child in pupils})
    for term in terms_between(world.starts_on, world.as_of):
        for _ in range(rng.choice([0, 1, 1, 2])):
            day = _in_term(rng, world, term)
            if day is not None and pupils:
                _list(rng, world, _hold(world, unit, rng.choice(SCHOOLS_DO), day), pupils, day, 0.7)
        for _ in range(rng.choice([0, 1, 2, 2, 3])):
            day = _in_term(rng, world, term)
            if day is not None:
                kind = rng.choice(["mind_talk", "group_counselling"])
                _hold(world, unit, kind, day, n_children=rng.randint(8, 80))
        for _ in range(rng.choice([0, 1, 2])):
            day = _in_term(rng, world, term)
            if day is not None:
                _lesson(rng, world, unit, day)
        for village in villages:
            day = _in_term(rng, world, term)
            if day is not None and rng.random() < 0.5:
                joint = village if rng.random() < 0.93 else None
                _hold(world, unit, "mind_campaign", day, joint_org_code=joint, method="leaflet")
