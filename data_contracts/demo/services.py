"""What departments did for single children: relief, care, concerns, dwellings, aid, accidents."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

from data_contracts.demo.periods import month_start, months_between, terms_between
from data_contracts.demo.profile import profile, risk, weighted
from data_contracts.demo.world import Child, Household, World, birthday

MONTHLY_AMOUNTS = {"minimum_living": (320, 410, 520, 780, 1040), "extreme_poverty": (820, 980)}
ROUTED_TO = ("civil_affairs", "civil_affairs", "education", "health")
FEMALE_ONLY = ("abuse_girl_under_14", "abuse_14_and_over")


def serve(rng: random.Random, world: World) -> None:
    """Everything that departments recorded about single children inside the history."""
    for household in world.households:
        eldest = household.children[0]
        if household.kind != "closed" and eldest.in_village:
            _relief(rng, world, household, eldest)
            _dwelling(rng, world, household, eldest)
    for child in world.open_children():
        _care(rng, world, child)
        _aid(rng, world, child)
        _accidents(rng, world, child)
        if rng.random() < risk(profile()["services"]["concerns_per_child"], child.need, 0.6):
            _concern(rng, world, child)


def _inside(rng: random.Random, world: World, child: Child) -> date:
    begins = max(world.starts_on, child.opened_on)
    return world.as_of - timedelta(int((world.as_of - begins).days * rng.random()))


def _by(day: date, world: World) -> date | None:
    return day if day <= world.as_of else None


def _relief(rng: random.Random, world: World, household: Household, child: Child) -> None:
    if rng.random() < risk(profile()["services"]["temporary_relief"], household.need, 0.5):
        _temporary(rng, world, child)
    scheme = household.relief_status
    if scheme not in MONTHLY_AMOUNTS:
        if household.income_band == "below_line" and rng.random() < 0.5:
            _application(rng, world, child, "minimum_living", _inside(rng, world, child), "refused")
        return
    applied = world.as_of - timedelta(rng.randint(60, 1000))
    decided = applied + timedelta(rng.randint(5, 45))
    if applied >= world.starts_on:
        _application(rng, world, child, scheme, applied, "approved", decided)
    _payments(rng, world, child, scheme, max(world.starts_on, month_start(decided, -1)))


def _application(
    rng: random.Random,
    world: World,
    child: Child,
    scheme: str,
    applied: date,
    decision: str,
    decided: date | None = None,
    **more: date | None,
) -> None:
    decided = decided or _by(applied + timedelta(rng.randint(5, 45)), world)
    world.add_event(
        "relief_applications",
        child,
        scheme=scheme,
        found_by=rng.choice(["staff", "staff", "applicant"]),
        applied_on=applied,
        decided_on=decided,
        decision=decision if decided else None,
        emergency_on=more.get("emergency_on"),
        first_aid_on=more.get("first_aid_on"),
    )


def _temporary(rng: random.Random, world: World, child: Child) -> None:
    emergency = _inside(rng, world, child)
    applied = min(world.as_of, emergency + timedelta(rng.randint(0, 6)))
    aid = _by(applied + timedelta(rng.choice([1, 2, 3, 4, 6, 12])), world)
    decided = _by(applied + timedelta(rng.randint(1, 10)), world)
    _application(
        rng, world, child, "temporary", applied, "approved", decided, emergency_on=emergency, first_aid_on=aid
    )


def _payments(rng: random.Random, world: World, child: Child, scheme: str, begins: date) -> None:
    amount = rng.choice(MONTHLY_AMOUNTS[scheme])
    for first in months_between(begins, world.as_of):
        late = rng.random() < 0.04
        paid_on = _by(first + timedelta(rng.randint(32, 50) if late else rng.randint(4, 24)), world)
        paid = amount if rng.random() > 0.01 else amount // 2
        if rng.random() < 0.01:
            paid_on = None
        world.add_event(
            "relief_payments",
            child,
            scheme=scheme,
            month=f"{first:%Y-%m}",
            due_amount=amount,
            paid_on=paid_on,
            paid_amount=paid if paid_on else None,
        )


def _dwelling(rng: random.Random, world: World, household: Household, child: Child) -> None:
    if rng.random() > 0.93:
        return
    checked = world.as_of - timedelta(rng.randint(1, 400))
    action = {"C": "repair", "D": "rebuild"}.get(household.grade)
    done = _by(checked + timedelta(rng.randint(30, 200)), world) if action and rng.random() < 0.45 else None
    world.add_event(
        "dwelling_checks", child, checked_on=checked, grade=household.grade, action=action, completed_on=done
    )
    earlier = checked - timedelta(rng.randint(300, 400))
    if earlier >= world.starts_on and household.grade in "AB" and rng.random() < 0.6:
        world.add_event(
            "dwelling_checks",
            child,
            checked_on=earlier,
            grade=household.grade,
            action=None,
            completed_on=None,
        )


def _care(rng: random.Random, world: World, child: Child) -> None:
    incapable = child.household.carer.capacity == "no" or child.household.carer.duty == "not_performed"
    nobody = child.living == "alone" or child.supervision == "unattended"
    share = profile()["services"]["care_found"]
    if not rng.random() < (0.7 if nobody else 0.5 if incapable else risk(share, child.need) / 2):
        return
    found = _inside(rng, world, child)
    started = _by(found + timedelta(rng.choice([2, 5, 9, 15, 25, 45])), world) if rng.random() < 0.8 else None
    ended = _by(started + timedelta(rng.randint(60, 300)), world) if started and rng.random() < 0.1 else None
    world.add_event(
        "living_care",
        child,
        need="nobody" if nobody or rng.random() < 0.3 else "difficult",
        found_on=found,
        started_on=started,
        ended_on=ended,
        helper=rng.choice(["volunteer", "assigned", "neighbour"]) if started else None,
    )


def _aid(rng: random.Random, world: World, child: Child) -> None:
    if not child.in_school or child.entered_on is None:
        return
    items = []
    if child.household.relief_status in MONTHLY_AMOUNTS:
        items.append(("living_subsidy", rng.choice([500, 625])))
    if child.disability not in (None, "无"):
        items.append(("disability_aid", 500))
    if child.household.income_band == "near_line" and rng.random() < 0.3:
        items.append(("nutrition", 750))
    for term in terms_between(max(world.starts_on, child.entered_on, child.opened_on), world.as_of):
        begins = date(int(term[:4]), 10 if term.endswith("秋") else 4, 1)
        for item, amount in items:
            paid = _by(begins + timedelta(rng.randint(0, 60)), world) if rng.random() < 0.93 else None
            values = {"term": term, "item": item, "entitled": True, "amount": amount, "paid_on": paid}
            world.add_event("education_aid", child, school_name=child.school_name, **values)


def _concern(rng: random.Random, world: World, child: Child) -> None:
    words = profile()["services"]
    known = _inside(rng, world, child)
    mandatory = rng.random() < risk(words["mandatory_share"], child.need, 0.3)
    situation = weighted(rng, words["mandatory" if mandatory else "situations"])
    if situation in FEMALE_ONLY:
        older = known >= birthday(child.birth_date, 14)
        situation = FEMALE_ONLY[older] if child.sex == "female" else "multiple_injuries"
    note_concern(rng, world, child, situation, known, mandatory)


def note_concern(
    rng: random.Random, world: World, child: Child, situation: str, known: date, mandatory: bool
) -> None:
    """A problem or mandatory report with its dates, as far as the day goes."""
    accepted = known + timedelta(rng.randint(0, 6))
    acted = accepted + timedelta(rng.randint(0, 14))
    answered = acted + timedelta(rng.randint(3, 12))
    closed = answered + timedelta(rng.randint(1, 20))
    steps = rng.choices([0, 1, 2, 3, 4], [6, 8, 16, 12, 58])[0]
    days = enumerate((accepted, acted, answered, closed))
    dates = [_by(day, world) if steps > n else None for n, day in days]
    police = _by(known + timedelta(rng.choice([0, 0, 0, 1, 3])), world) if mandatory else None
    world.add_event(
        "concerns",
        child,
        source=weighted(rng, profile()["services"]["concern_sources"]),
        situation=situation,
        ticked_mandatory=mandatory,
        aware_on=known,
        routed_to="police" if mandatory else rng.choice(ROUTED_TO),
        police_on=police if rng.random() < 0.85 else None,
        **dict(zip(("accepted_on", "acted_on", "fed_back_on", "closed_on"), dates, strict=True)),
    )


def _accidents(rng: random.Random, world: World, child: Child) -> None:
    words = profile()["services"]
    years = (world.as_of - max(world.starts_on, child.opened_on)).days / 365.25
    if rng.random() < risk(words["incidents_per_child_year"] * years, child.need, 0.5):
        happened = _inside(rng, world, child)
        followed = _by(happened + timedelta(rng.randint(1, 20)), world) if rng.random() < 0.85 else None
        world.add_event(
            "incidents",
            child,
            happened_on=happened,
            kind=weighted(rng, words["incident_kinds"]),
            severity=weighted(rng, {"minor": 45, "moderate": 38, "severe": 17}),
            followed_up_on=followed,
        )
    if rng.random() < risk(words["police_cases_per_child_year"] * years, child.need, 0.8):
        hour = time(rng.randint(7, 20), rng.choice([0, 15, 30, 45]))
        reported = datetime.combine(_inside(rng, world, child), hour)
        accepted = reported + timedelta(hours=rng.choice([1, 1, 2, 3, 5, 20, 30]))
        kinds = {"suspected_abuse": 25, "school_surroundings": 35, "assault": 25, "other": 15}
        world.add_event(
            "police_cases",
            child,
            kind=weighted(rng, kinds),
            reported_at=reported,
            accepted_at=accepted if accepted.date() <= world.as_of else None,
        )
