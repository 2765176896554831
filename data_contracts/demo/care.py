"""What schools and departments recorded of care itself: school files, peer pairs, teachers, checks, legal aid.

Draws from a source of its own, so that the rest of the district stays as it is.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

from data_contracts.demo.activities import hold_activities
from data_contracts.demo.people import People
from data_contracts.demo.periods import term_start, terms_between
from data_contracts.demo.profile import weighted
from data_contracts.demo.schooling import GRADES, grade_on
from data_contracts.demo.world import Child, World

YES_NO_BLANK = (True, False, None)
TRAINING_TOPICS = {
    "left_behind_education": 30,
    "psychological_counselling": 35,
    "child_protection": 15,
    "safety": 15,
    "other": 5,
}


def care_for(world: World) -> None:
    """Everything about files, pairs, mechanisms, teachers, gates, legal aid and activities."""
    rng = random.Random(f"care {world.seed} {len(world.children)} {world.as_of}")
    _registers(rng, world)
    _teachers(rng, world)
    _mechanisms(rng, world)
    _gates(rng, world)
    _legal_aid(rng, world)
    hold_activities(rng, world)


def _three(rng: random.Random, yes: float, no: float) -> bool | None:
    return rng.choices(YES_NO_BLANK, [yes, no, 1 - yes - no])[0]


def _registers(rng: random.Random, world: World) -> None:
    for child in world.open_children():
        if not (child.in_school and child.marked_left_behind and child.entered_on):
            continue
        begins = max(child.opened_on, child.entered_on, world.starts_on)
        filed = child.entered_on + timedelta(rng.randint(0, 240)) if rng.random() < 0.92 else None
        for term in terms_between(begins, world.as_of):
            if rng.random() < 0.95:
                _register(rng, world, child, term, filed)


def _register(rng: random.Random, world: World, child: Child, term: str, filed: date | None) -> None:
    has_file = filed is not None and filed <= world.as_of
    has_peer = _three(rng, 0.55, 0.38)
    first = max(term_start(term), child.opened_on)
    paired = min(world.as_of, first + timedelta(rng.randint(0, 40))) if has_peer else None
    world.add_event(
        "school_care",
        child,
        term=term,
        grade=_grade(child, term, world),
        class_name=f"{1 + int(child.village_code[-1]) % 2}班",
        has_file=None if rng.random() < 0.04 else has_file,
        file_opened_on=filed if has_file and rng.random() < 0.9 else None,
        has_peer=has_peer,
        peer_since=paired,
    )


def _grade(child: Child, term: str, world: World) -> str | None:
    if term == terms_between(world.as_of, world.as_of)[0]:
        return child.school_grade
    index = grade_on(child.birth_date, term_start(term))
    return None if index is None else GRADES[index]


def _teachers(rng: random.Random, world: World) -> None:
    names = {school.org_code: school.name for school in world.schools}
    classes = dict.fromkeys(
        (event.child.school.org_code, event.values["term"], event.values["grade"], event.values["class_name"])
        for event in world.events.get("school_care", [])
        if event.child.school and event.values["grade"]
    )
    people, teachers, taken = People(rng), dict[tuple[str, ...], str](), set[tuple[str, str]]()
    for org_code, term, grade, class_name in sorted(classes):
        room = (org_code, grade, class_name)
        if room not in teachers:
            teachers[room] = _teacher_name(people, org_code[:9], taken)
            _train(rng, world, org_code, names[org_code], teachers[room])
        world.add_row(
            "class_teachers",
            org_code=org_code,
            school=names[org_code],
            term=term,
            grade=grade,
            class_name=class_name,
            worker_name=teachers[room],
        )


def _teacher_name(people: People, township: str, taken: set[tuple[str, str]]) -> str:
    """A name that no other teacher of the township bears: it is all that tells them apart."""
    while True:
        name = people.full_name(people.surname(), people.rng.choice(["female", "male"]), "汉族")
        if (township, name) not in taken:
            taken.add((township, name))
            return name


def _train(rng: random.Random, world: World, org_code: str, school: str, name: str) -> None:
    days = {world.as_of - timedelta(rng.randint(5, 720)) for _ in range(rng.choice([0, 1, 1, 2]))}
    for day in sorted(days):
        topic = weighted(rng, TRAINING_TOPICS) if rng.random() < 0.96 else None
        world.add_row(
            "trainings", org_code=org_code, school=school, worker_name=name, topic=topic, trained_on=day
        )


def _mechanisms(rng: random.Random, world: World) -> None:
    for school in world.schools:
        for year in range(world.starts_on.year, world.as_of.year + 1):
            if rng.random() > 0.95:
                continue
            world.add_row(
                "school_mechanism",
                org_code=school.org_code,
                school=school.name,
                year=year,
                leading_group=_three(rng, 0.93, 0.05),
                care_plan=_three(rng, 0.9, 0.07),
                in_appraisal=_three(rng, 0.72, 0.22),
                room_in_use=_three(rng, 0.8, 0.13),
            )


def _gates(rng: random.Random, world: World) -> None:
    for school in world.schools:
        day = world.starts_on + timedelta(rng.randint(0, 60))
        while day <= world.as_of:
            world.add_row(
                "gate_checks",
                org_code=school.org_code,
                school=school.name,
                checked_on=day,
                gate_ok=_three(rng, 0.92, 0.06),
                duty_ok=_three(rng, 0.87, 0.1),
                checked_by=rng.choice(["区教育体育局", "派出所"]),
            )
            day += timedelta(rng.randint(35, 150))


def _legal_aid(rng: random.Random, world: World) -> None:
    children = [child for child in world.open_children() if child.id_no]
    for child in rng.sample(children, min(len(children), max(8, len(children) // 25))):
        begins = max(world.starts_on, child.opened_on)
        asked = begins + timedelta(rng.randrange((world.as_of - begins).days + 1))
        answered = asked + timedelta(rng.choice([1, 2, 3, 5, 6, 7, 9, 14]))
        is_answered = rng.random() < 0.92 and answered <= world.as_of
        world.add_event(
            "legal_aid",
            child,
            kind=rng.choice(["aid", "advice"]),
            requested_on=asked,
            answered_on=answered if is_answered else None,
        )
