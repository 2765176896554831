"""Puts children into the made-up world who are what the four-colour form fails at: one child a case.

Each begins in good order in everything, then gets what the case says and nothing else.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import timedelta

from data_contracts.demo.people import People
from data_contracts.demo.schooling import GRADES
from data_contracts.demo.world import Child, Screen, World, years_before
from tests.independent.children import age_on, in_scope
from tests.independent.lanes_of_children import open_concerns

OLD, YOUNG = 83, 45
RARE = 5  # children of a case of the generator that is seldom are left as they are


def plant_cases(world: World) -> dict[str, Child]:
    """Case → its child; ValueError where the district is too small for all of them."""
    people = People(random.Random("the form's failing cases"))
    pool = _candidates(world)
    planted = {}
    for case, make in CASES.items():
        child = next(pool, None)
        if child is None:
            raise ValueError("expected an only child for each case, found too few: make the district larger")
        _in_order(people, world, child)
        make(people, world, child)
        planted[case] = child
    return planted


def _candidates(world: World) -> Iterator[Child]:
    named = {id_no for ids in world.cases.values() if len(ids) <= RARE for id_no in ids}
    for child in world.open_children():
        fits = child.id_no and child.id_no not in named and child.in_school and child.marked_left_behind
        home = child.household
        age = age_on(child.birth_date, world.as_of)
        in_scale = 7 <= age < 15 and (child.school_grade or "") in GRADES[3:12]
        known_long = child.opened_on <= world.as_of - timedelta(150)
        only = len(home.children) == 1 and in_scope(child, world.as_of) == "yes"
        if fits and in_scale and known_long and only:
            yield child


def _in_order(people: People, world: World, child: Child) -> None:
    day, home = world.as_of, child.household
    carer = home.carer
    carer.capacity, carer.conduct, carer.duty, carer.duty_failed_since = "yes", "none", "performed", None
    _aged(people, world, child, YOUNG)
    home.income_band, home.relief_status, home.signed_on = "ordinary", "none", child.opened_on
    child.living, child.supervision, child.updated_on = (
        "with_carer",
        "attended",
        max(child.opened_on, day - timedelta(3)),
    )
    child.last_contact_on = day - timedelta(2)
    child.notified_school = child.notified_village = True
    child.disability = child.chronic_disease = "无"
    child.insured = True
    for form in ("dwelling_checks", "concerns", "referrals", "psych_sessions"):
        world.events[form] = [event for event in world.events.get(form, []) if event.child is not child]
    for event in world.events["school_attendance"]:
        if event.child is child:
            event.values["n_unexcused"] = 0
    for event in world.events["school_learning_support"]:
        if event.child is child:
            event.values["flagged"] = False
    world.screens = [one for one in world.screens if one.child is not child]
    well = Screen(child, "SDQ", day - timedelta(20), 6, child.school_name, "parent", "three_band")
    world.screens.append(well)
    assert not open_concerns(world, child)


def _aged(people: People, world: World, child: Child, years: int) -> None:
    carer = child.household.carer
    sex = "female" if int(carer.id_no[16]) % 2 == 0 else "male"
    carer.id_no = people.adult_id(years_before(world.as_of, years) - timedelta(20), sex)


def _old(people: People, world: World, child: Child) -> None:
    _aged(people, world, child, OLD)


def _idle(days: int) -> Callable[[People, World, Child], None]:
    def make(_: People, world: World, child: Child) -> None:
        carer = child.household.carer
        carer.duty, carer.duty_failed_since = "not_performed", world.as_of - timedelta(days)

    return make


def _conduct(word: str) -> Callable[[People, World, Child], None]:
    def make(_: People, __: World, child: Child) -> None:
        child.household.carer.conduct = word

    return make


def _concern(situation: str) -> Callable[[People, World, Child], None]:
    def make(_: People, world: World, child: Child) -> None:
        steps = ("police_on", "accepted_on", "acted_on", "fed_back_on", "closed_on")
        world.add_event(
            "concerns",
            child,
            source="school",
            situation=situation,
            ticked_mandatory=False,
            aware_on=world.as_of - timedelta(9),
            routed_to="education",
            **dict.fromkeys(steps),
        )

    return make


def _truant(_: People, world: World, child: Child) -> None:
    rows = [event.values for event in world.events["school_attendance"] if event.child is child]
    for values in sorted(rows, key=lambda one: one["month"])[-4:]:
        values["n_excused"], values["n_unexcused"] = 0, 5


def _severe(_: People, world: World, child: Child) -> None:
    screen = next(one for one in world.screens if one.child is child)
    screen.total, screen.second_on, screen.second_outcome = 19, world.as_of - timedelta(12), "severe"


def _behind(_: People, world: World, child: Child) -> None:
    for event in world.events["school_learning_support"]:
        if event.child is child:
            event.values["flagged"] = True


def _set(**values: object) -> Callable[[People, World, Child], None]:
    def make(_: People, __: World, child: Child) -> None:
        for name, value in values.items():
            setattr(child, name, value)

    return make


def _poor(_: People, __: World, child: Child) -> None:
    child.household.income_band = "below_line"


def _blank(_: People, __: World, child: Child) -> None:
    carer, home = child.household.carer, child.household
    carer.capacity = carer.conduct = carer.duty = home.income_band = home.relief_status = None
    child.living = child.supervision = child.last_contact_on = child.insured = None
    child.disability = child.chronic_disease = None


def _all(*parts: Callable[[People, World, Child], None]) -> Callable[[People, World, Child], None]:
    def make(people: People, world: World, child: Child) -> None:
        for part in parts:
            part(people, world, child)

    return make


WORST = {
    "carer_age": _old,
    "duty": _idle(200),
    "law_record": _conduct("violence"),
    "income": _poor,
    "disability": _set(disability="智力二级"),
    "disease": _set(chronic_disease="哮喘"),
    "insurance": _set(insured=False),
    "attendance": _truant,
    "marks": _behind,
    "internet": _concern("internet"),
    "self_image": _concern("bullying"),
    "psychological_state": _severe,
}
CASES: dict[str, Callable[[People, World, Child], None]] = {
    "old_carer_no_duty_drinks": _all(_old, _idle(40), _conduct("drinking")),
    "bullied_and_ill": _all(_concern("bullying"), _severe),
    "severe_disability": _set(disability="肢体一级"),
    "fifty_nine": _all(_old, _idle(40), _conduct("gambling")),
    "seventy_nine": _all(_truant, _severe),
    "half_filled": _blank,
    "alone": _set(living="alone"),
    **{f"worst {item}": make for item, make in WORST.items()},
}
