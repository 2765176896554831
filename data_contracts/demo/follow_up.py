"""What followed a finding: guardianship, rechecks, transfers, counselling, re-tests and the register of contacts.

All choices hang on a generator of its own, so that the rest of the district stays as it is.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

from data_contracts.demo.mind import POSITIVE, VOID_LIE_SCORE
from data_contracts.demo.profile import profile
from data_contracts.demo.services import MONTHLY_AMOUNTS
from data_contracts.demo.world import Child, Screen, World

REASONS = ("guardian_unable", "guardian_unable", "guardian_refuses", "removed_by_order", "no_guardian")
RECHECKED_EVERY = 365
DAYS_IN_WEEK = 7


def follow_up(world: World) -> None:
    """Everything that offices wrote down after the first finding, inside the history."""
    rng = random.Random(f"follow-up {world.seed} {len(world.children)} {world.as_of}")
    for child in world.open_children():
        _guardianship(rng, world, child)
        _transfer(rng, world, child)
    for household in world.households:
        if household.kind != "closed" and household.relief_status in MONTHLY_AMOUNTS:
            _rechecks(rng, world, household.children[0], str(household.relief_status))
    for screen in list(world.screens):
        _again(rng, world, screen)
        _counselling(rng, world, screen)
    _contacts(rng, world)


def _inside(rng: random.Random, world: World, child: Child) -> date:
    begins = max(world.starts_on, child.opened_on)
    return world.as_of - timedelta(int(max(0, (world.as_of - begins).days) * rng.random()))


def _by(day: date, world: World) -> date | None:
    return day if day <= world.as_of else None


def _guardianship(rng: random.Random, world: World, child: Child) -> None:
    words = profile()["follow_up"]
    alone = child.living == "alone" or child.household.carer.duty == "not_performed"
    if not child.in_village or rng.random() > (0.3 if alone else words["guardianship"]):
        return
    started = _inside(rng, world, child)
    ended = _by(started + timedelta(rng.choice([6, 14, 30, 45, 90])), world) if rng.random() < 0.8 else None
    world.add_event(
        "temp_guardianships",
        child,
        agency=words["shelter"],
        started_on=started,
        ended_on=ended,
        reason=rng.choice(REASONS) if rng.random() < 0.95 else None,
    )


def _transfer(rng: random.Random, world: World, child: Child) -> None:
    words = profile()["follow_up"]
    if not child.in_school or rng.random() > words["transfers"]:
        return
    applied = _inside(rng, world, child)
    placed = _by(applied + timedelta(rng.choice([3, 5, 8, 12, 20, 35])), world)
    world.add_event(
        "school_transfers",
        child,
        applied_on=applied,
        from_school=rng.choice(words["schools_elsewhere"]),
        to_school=child.school_name,
        placed_on=placed if rng.random() < 0.88 else None,
    )


def _rechecks(rng: random.Random, world: World, child: Child, scheme: str) -> None:
    day = world.starts_on + timedelta(rng.randrange(RECHECKED_EVERY))
    while day <= world.as_of:
        result = rng.choices(["eligible", "ineligible", None], [88, 9, 3])[0]
        stopped = _by(day + timedelta(rng.randint(1, 40)), world) if result == "ineligible" else None
        if child.in_village and rng.random() < profile()["follow_up"]["rechecked"]:
            world.add_event(
                "relief_rechecks", child, scheme=scheme, rechecked_on=day, result=result, stopped_on=stopped
            )
        day += timedelta(RECHECKED_EVERY)


def _again(rng: random.Random, world: World, screen: Screen) -> None:
    """A void paper is mostly written a second time."""
    day = screen.screened_on + timedelta(rng.randint(3, 30))
    void = (screen.lie_score or 0) >= VOID_LIE_SCORE
    if void and day <= world.as_of and rng.random() < profile()["follow_up"]["retested"]:
        lie_score = rng.randrange(VOID_LIE_SCORE)
        world.screens.append(Screen(screen.child, screen.scale, day, screen.total, screen.school_name))
        again = world.screens[-1]
        again.lie_score, again.crisis_flag, again.highest_content = lie_score, False, screen.highest_content


def _counselling(rng: random.Random, world: World, screen: Screen) -> None:
    words = profile()["follow_up"]
    if screen.total < POSITIVE[screen.scale] or rng.random() > words["counselled"]:
        return
    held = screen.screened_on + timedelta(rng.choice([1, 3, 6, 9, 13, 20, 32]))
    for number in range(rng.choice([1, 1, 2, 3])):
        day = held + timedelta(14 * number)
        if day <= world.as_of:
            kind = "individual" if rng.random() < 0.85 else "group"
            world.add_event(
                "psych_sessions", screen.child, held_on=day, kind=kind, counsellor=screen.school_name
            )


def _contacts(rng: random.Random, world: World) -> None:
    """Some villages keep a register of contacts; it never knows of one after the ledger's last."""
    words = profile()["follow_up"]
    keeping = [village.code for village in world.villages if rng.random() < words["keeps_register"]]
    for child in world.open_children():
        if child.village_code not in keeping or not child.in_village:
            continue
        habit = rng.choice(words["weekly_habits"])
        days = {child.last_contact_on} if child.last_contact_on else set()
        for week in range(words["register_weeks"]):
            day = world.as_of - timedelta(week * DAYS_IN_WEEK + rng.randrange(DAYS_IN_WEEK))
            if rng.random() < habit and day <= (child.last_contact_on or world.as_of):
                days.add(day)
        begins = max(child.opened_on, world.as_of - timedelta(DAYS_IN_WEEK * words["register_weeks"]))
        for day in sorted(one for one in days if one >= begins):
            mode = rng.choices(["voice", "video", "in_person", None], [40, 50, 6, 4])[0]
            world.add_event("contact_log", child, contacted_on=day, mode=mode)
