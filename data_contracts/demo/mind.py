"""Screens the pupils each autumn, looks again at the positive ones, and refers the severe ones."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

from data_contracts.demo.profile import profile, risk
from data_contracts.demo.schooling import GRADES, grade_on, school_year
from data_contracts.demo.world import Child, Screen, World

# Where a positive screen begins: domain rules 4, 4-band parent norms for the SDQ.
POSITIVE = {"SDQ": 17, "MHT": 65, "PHQ": 10}
CEILING = {"SDQ": 40, "MHT": 90, "PHQ": 27}
VOID_LIE_SCORE = 7
SPREAD = {"SDQ": (9.0, 2.6, 3.6), "MHT": (37.0, 7.5, 12.0), "PHQ": (3.2, 2.0, 2.6)}


def screen_pupils(rng: random.Random, world: World) -> None:
    """One round each school year, as far as the history and the day go."""
    pupils = [child for child in world.children if child.in_school and child.marked_left_behind]
    for year in range(school_year(world.starts_on), school_year(world.as_of) + 1):
        first, last = date(year, 9, 5), date(year, 12, 5)
        begins, ends = max(first, world.starts_on), min(last, world.as_of)
        if (ends - begins).days < 1:
            continue
        for child in pupils:
            if _takes_part(rng, child, begins, ends):
                _screen(rng, world, child, begins + timedelta(rng.randrange((ends - begins).days)))


def _takes_part(rng: random.Random, child: Child, begins: date, ends: date) -> bool:
    assert child.entered_on is not None
    enrolled = child.entered_on <= begins and child.opened_on <= begins
    return enrolled and rng.random() < profile()["school_life"]["screened"] * min(
        1, (ends - begins).days / 24
    )


def _scale(rng: random.Random, child: Child, day: date) -> str | None:
    index = grade_on(child.birth_date, day)
    if index is None or GRADES[index] == "kindergarten_1":
        return None
    stage, year = GRADES[index].split("_")
    if stage == "kindergarten" or (stage == "primary" and int(year) < 4):
        return "SDQ"
    if stage == "primary":
        return rng.choice(["SDQ", "MHT", "MHT"])
    return rng.choices(["MHT", "PHQ", "SDQ"], [60, 30, 10])[0]


def _screen(rng: random.Random, world: World, child: Child, day: date) -> None:
    scale = _scale(rng, child, day)
    if scale is None:
        return
    mean, per_need, spread = SPREAD[scale]
    total = round(rng.gauss(mean + per_need * child.need, spread))
    screen = Screen(child, scale, day, max(0, min(CEILING[scale], total)), child.school_name)
    if scale == "SDQ":
        _informant(rng, screen)
    else:
        _flags(rng, world, screen)
    look_again(rng, world, screen)
    world.screens.append(screen)


def _informant(rng: random.Random, screen: Screen) -> None:
    old_enough = (screen.screened_on - screen.child.birth_date).days > 11.1 * 365.25
    screen.informant = rng.choice(["parent", "parent", "teacher", "self" if old_enough else "teacher"])
    screen.norm_set = rng.choices(["three_band", "four_band", None], [58, 39, 3])[0]
    if screen.child.school and screen.child.school.scores_from_one:
        screen.total = min(CEILING["SDQ"], screen.total + 20)


def _flags(rng: random.Random, world: World, screen: Screen) -> None:
    screen.crisis_flag = rng.random() < risk(profile()["school_life"]["crisis"], screen.child.need)
    if screen.scale == "MHT":
        screen.lie_score = VOID_LIE_SCORE + rng.randrange(3) if rng.random() < 0.03 else rng.randrange(7)
        high = rng.random() < risk(0.06, screen.child.need, 0.5)
        screen.highest_content = rng.randint(8, 12) if high else rng.randint(1, 7)
    if screen.crisis_flag:
        act_on_crisis(rng, world, screen)


def act_on_crisis(rng: random.Random, world: World, screen: Screen) -> None:
    """The hour at which a crisis item was found, acted on and closed, as far as the day goes."""
    hour = time(rng.randint(9, 17), rng.choice([0, 10, 20, 30, 40, 50]))
    screen.crisis_found_at = datetime.combine(screen.screened_on, hour)
    acted = screen.crisis_found_at + timedelta(hours=rng.choice([1, 2, 3, 5, 8, 20, 30, 50]))
    if acted.date() <= world.as_of:
        screen.crisis_acted_at = acted
    closed = screen.screened_on + timedelta(rng.randint(10, 40))
    if screen.crisis_acted_at and closed <= world.as_of and rng.random() < 0.8:
        screen.crisis_closed_on = closed


def look_again(rng: random.Random, world: World, screen: Screen) -> None:
    """Second assessment of a positive, valid screen, and the referral of a severe one."""
    void = (screen.lie_score or 0) >= VOID_LIE_SCORE
    positive = screen.total >= POSITIVE[screen.scale] or (screen.highest_content or 0) >= 8
    if void or not (positive or screen.crisis_flag) or rng.random() > 0.82:
        return
    second = screen.screened_on + timedelta(rng.randint(3, 13) if rng.random() < 0.8 else rng.randint(15, 40))
    if second > world.as_of:
        return
    screen.second_on = second
    severe = rng.random() < risk(0.2, screen.child.need, 0.4)
    screen.second_outcome = "severe" if severe else rng.choice(["watch", "watch", "watch", "normal"])
    if severe and rng.random() < 0.85:
        _refer(rng, world, screen)


def _refer(rng: random.Random, world: World, screen: Screen) -> None:
    assert screen.second_on is not None
    decided = screen.second_on + timedelta(rng.randint(0, 6))
    if decided > world.as_of:
        return
    accepted = decided + timedelta(rng.randint(1, 5))
    seen = accepted + timedelta(rng.choice([2, 5, 8, 12, 20, 35]))
    returned = seen + timedelta(rng.randint(10, 45))
    went = rng.random() < 0.85
    answered = went and returned <= world.as_of and rng.random() < 0.85
    outcomes = ["medication", "therapy", "therapy", "observation", "inpatient", "none_needed"]
    world.add_event(
        "referrals",
        screen.child,
        school_name=screen.school_name,
        decided_on=decided,
        agency=profile()["services"]["agency"],
        accepted_on=accepted if accepted <= world.as_of else None,
        first_seen_on=seen if went and seen <= world.as_of else None,
        outcome=rng.choice(outcomes) if answered else None,
        returned_on=returned if answered else None,
    )
