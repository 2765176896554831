"""Fills the villages with households, and decides which list knows which child."""

from __future__ import annotations

from datetime import date, timedelta

from data_contracts.demo.families import eligible_from, make_household
from data_contracts.demo.people import People
from data_contracts.demo.places import share_out
from data_contracts.demo.profile import profile, weighted
from data_contracts.demo.schooling import enrol, grade_on, place_in_school, register, take_out_of_school
from data_contracts.demo.world import Child, Household, Village, World, birthday, years_before


def settle(people: People, world: World, children: int) -> None:
    """Put that many children into the villages: open files first, then closed files and other lists."""
    rng, lists = people.rng, profile()["lists"]
    others = {
        "closed": max(6, round(children * lists["closed"])),
        "school_only": max(2, round(children * lists["school_only"])),
        "police_only": max(2, round(children * lists["police_only"])),
    }
    shares = share_out(rng, world.villages, children - sum(others.values()))
    for village in world.villages:
        _fill(people, world, village, shares[village.code])
    for child in world.children:
        place_in_school(rng, child, world.schools, world.as_of)
    homes = [village for village in world.villages if shares[village.code] > 3]
    for kind, count in others.items():
        for _ in range(count):
            _one_more(people, world, rng.choice(homes), kind)
    _police_knows(people, world)
    _blank_some_schooling(people, world)
    for _ in range(round(children * lists["classmates"])):
        _classmate(people, world, rng.choice(homes))


def _fill(people: People, world: World, village: Village, children: int) -> None:
    left = children
    while left:
        size = min(left, people.rng.choices([1, 2, 3], profile()["ages"]["siblings"])[0])
        world.households.append(_household(people, world, village, size))
        left -= size


def _household(people: People, world: World, village: Village, size: int) -> Household:
    number = len(world.households) + len(world.classmates) + 1
    return make_household(people, village, number, size, world.as_of)


def _one_more(people: People, world: World, village: Village, kind: str) -> None:
    household = _household(people, world, village, 1)
    world.households.append(household)
    child = household.children[0]
    if household.kind == "returned":
        _leaves_again(household)
    place_in_school(people.rng, child, world.schools, world.as_of)
    if kind == "closed":
        close_file(people, world, child, weighted(people.rng, profile()["lists"]["close_reasons"]))
    elif kind == "school_only":
        know_by_school_only(people, world, child)
    else:
        know_by_police_only(people, world, child)


def _leaves_again(household: Household) -> None:
    household.kind = "both_away"
    for parent in (household.father, household.mother):
        parent.status, parent.until = "away", None


def _born_again(people: People, child: Child, born: date) -> None:
    """Change the birth date, and the number that holds it."""
    child.birth_date = born
    if child.id_no:
        child.id_no = people.child_id(born, child.sex)


def close_file(people: People, world: World, child: Child, reason: str) -> None:
    """Close the child's file inside the history; a sixteenth birthday decides the birth date."""
    rng, span = people.rng, (world.as_of - world.starts_on).days
    closed = world.starts_on + timedelta(rng.randrange(20, span))
    household = child.household
    if reason == "turned_sixteen":
        _born_again(people, child, years_before(closed - timedelta(rng.randrange(15)), 16))
    elif child.birth_date > closed - timedelta(400):
        _born_again(people, child, years_before(closed, 5) - timedelta(rng.randrange(900)))
    household.kind = "closed"
    for parent in (household.father, household.mother):
        if not parent.since:
            parent.status, parent.place = "away", "昆明"
        parent.until, parent.capacity = None, None
        parent.since = closed - timedelta(rng.randint(90, 700))
        parent.month_only = False
        parent.status = "away"
        if reason == "parents_returned":
            parent.status, parent.until = "returned", closed - timedelta(rng.randrange(25))
    child.opened_on = max(eligible_from(household, child.birth_date), closed - timedelta(690))
    child.opened_on = min(child.opened_on + timedelta(rng.randrange(40)), closed - timedelta(30))
    child.closed_on, child.close_reason, child.residence = closed, reason, "in_village"
    _close_papers(people, child, world.as_of)
    take_out_of_school(child)


def _close_papers(people: People, child: Child, as_of: date) -> None:
    assert child.closed_on is not None
    closed, opened = child.closed_on, child.opened_on
    household = child.household
    household.signed_on = opened + timedelta(10) if household.signed_on else None
    household.capacity_assessed_on = None
    household.carer.duty, household.carer.duty_failed_since = "performed", None
    child.updated_on = closed - timedelta(people.rng.randrange(20))
    child.away_verified_on = opened + timedelta(people.rng.randrange(20))
    child.residence_verified_on = opened + timedelta(people.rng.randrange(20))
    child.last_contact_on = closed - timedelta(people.rng.randrange(8))
    if child.examined_on and child.examined_on > closed:
        child.examined_on = max(opened, closed - timedelta(90))
    child.living, child.supervision = "with_carer", "attended"


def know_by_school_only(people: People, world: World, child: Child) -> None:
    """A pupil, mostly a boarder, whom the school marks and no village file holds."""
    rng = people.rng
    child.in_village = False
    while child.school is None or not 3 <= (grade_on(child.birth_date, world.as_of) or 0) < 12:
        years = rng.randint(8, 14)
        _born_again(people, child, years_before(world.as_of, years) - timedelta(rng.randrange(360)))
        enrol(rng, child, world.schools, grade_on(child.birth_date, world.as_of) or 3, world.as_of)
    child.opened_on = max(eligible_from(child.household, child.birth_date), world.starts_on)
    child.boarding = rng.random() < 0.8
    child.in_school = True
    register(rng, child, world.as_of)


def know_by_police_only(people: People, world: World, child: Child) -> None:
    """A small child whom only the police met on a household visit."""
    take_out_of_school(child)
    child.in_village, child.in_police = False, True
    if world.as_of >= birthday(child.birth_date, 6):
        _born_again(people, child, years_before(world.as_of, 2) - timedelta(people.rng.randrange(1000)))
    for parent in (child.household.father, child.household.mother):
        if parent.since and parent.since < child.birth_date:
            parent.since = child.birth_date + timedelta(40)
    child.opened_on = eligible_from(child.household, child.birth_date)
    child.police_on = world.as_of - timedelta(people.rng.randrange(10, 90))
    child.police_on = max(child.police_on, child.opened_on)


def _police_knows(people: People, world: World) -> None:
    rng = people.rng
    for child in list(world.open_children()):
        if rng.random() < profile()["lists"]["also_police"]:
            child.in_police = True
            child.police_on = min(world.as_of, child.opened_on + timedelta(rng.randrange(200)))


def _blank_some_schooling(people: People, world: World) -> None:
    for child in world.children:
        if child.schooling_status in ("not_yet", "graduated") and people.rng.random() < 0.08:
            child.schooling_status = None


def _classmate(people: People, world: World, village: Village) -> None:
    household = _household(people, world, village, 1)
    child = household.children[0]
    place_in_school(people.rng, child, world.schools, world.as_of)
    if child.school is None:
        return
    for parent in (household.father, household.mother):
        parent.status, parent.place, parent.since, parent.until = "home", None, None, None
    child.in_village, child.in_school, child.marked_left_behind = False, True, False
    child.registered_on = None
    world.classmates.append(child)
