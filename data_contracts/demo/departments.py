"""What departments recorded about places and money: sweeps, provision, hazards, plans, funds, inspections."""

from __future__ import annotations

import random
from datetime import date, timedelta

from data_contracts.demo.periods import (
    half_year_of,
    month_end,
    months_between,
    quarter_of,
    quarter_start,
    term_start,
    terms_between,
)
from data_contracts.demo.places import DISTRICT
from data_contracts.demo.profile import profile
from data_contracts.demo.world import World

BUDGET_ITEMS = ("living", "education", "psychology", "safety")
EXCHANGING = ("civil_affairs", "education", "police", "health")


def write_offices(rng: random.Random, world: World) -> None:
    """Every table that is about no single child."""
    _areas(world)
    _sweeps(rng, world)
    _exchanges(rng, world)
    _hazards(rng, world)
    _plans(rng, world)
    _provision(rng, world)
    _money(rng, world)
    _donations(rng, world)
    _inspections(rng, world)


def _by(day: date, world: World) -> date | None:
    return day if day <= world.as_of else None


def _areas(world: World) -> None:
    def area(code: str, name: str, level: str, parent: str, legacy: str | None, alias: str | None) -> None:
        world.add_row(
            "area_codes",
            area_code=code,
            name=name,
            level=level,
            parent_code=parent,
            legacy_code=legacy,
            alias=alias,
        )

    area(DISTRICT, "临翔区", "district", DISTRICT[:4], "533521（临沧县）", None)
    for code, township in profile()["townships"].items():
        area(code, township["name"], "township", DISTRICT, None, None)
    for village in world.villages:
        area(village.code, village.name, "village", village.township_code, None, f"{village.name}委会")


def _sweeps(rng: random.Random, world: World) -> None:
    homes: dict[str, int] = {}
    for household in world.households:
        homes[household.village.code] = homes.get(household.village.code, 0) + 1
    halves = dict.fromkeys(half_year_of(first) for first in months_between(world.starts_on, world.as_of))
    for village in world.villages:
        n_usual = homes.get(village.code, 0) * 5
        for half in halves:
            n = n_usual + rng.randrange(n_usual // 8 + 1)
            swept = n - rng.randrange(n // 6 + 1) if rng.random() > 0.1 else n
            world.add_row(
                "household_sweep",
                area_code=village.code,
                half_year=half,
                n_households=n,
                n_swept=swept,
                village_name=village.name,
            )


def _exchanges(rng: random.Random, world: World) -> None:
    for first in months_between(world.starts_on, world.as_of):
        due = first + timedelta(9)
        if due > world.as_of:
            continue
        for sender in EXCHANGING:
            for receiver in EXCHANGING:
                if sender == receiver:
                    continue
                sent = _by(due + timedelta(rng.choice([-5, -3, -1, 0, 0, 2, 6])), world)
                sent = None if rng.random() < 0.07 else sent
                world.add_row(
                    "share_exchange",
                    month=f"{first:%Y-%m}",
                    sender=sender,
                    receiver=receiver,
                    due_on=due,
                    sent_on=sent,
                    n_rows=rng.randint(40, 400) if sent else None,
                )


def _hazards(rng: random.Random, world: World) -> None:
    days = (world.as_of - world.starts_on).days
    for village in world.villages:
        taken = set()
        for _ in range(rng.choices([0, 1, 2, 3, 4, 5, 6], [1, 2, 3, 3, 2, 1, 1])[0] * days // 365):
            found = world.starts_on + timedelta(rng.randrange(days + 1))
            place = rng.choice(profile()["services"]["hazard_places"])
            if (place, found) in taken:
                continue
            taken.add((place, found))
            fixed = _by(found + timedelta(rng.randint(6, 80)), world) if rng.random() < 0.85 else None
            verified = (
                _by(fixed + timedelta(rng.randint(1, 12)), world) if fixed and rng.random() < 0.95 else None
            )
            world.add_row(
                "hazards",
                village_code=village.name,
                place=place,
                severity=rng.choice(["major", "serious", "ordinary"]),
                found_on=found,
                due_on=found + timedelta(rng.choice([15, 30, 60])),
                fixed_on=fixed,
                verified_on=verified,
            )


def _plans(rng: random.Random, world: World) -> None:
    places = [(village.code, village.name) for village in world.villages]
    for code, name in places + [(school.org_code, school.name) for school in world.schools]:
        has_plan = rng.choices([True, False, None], [88, 7, 5])[0]
        revised = world.as_of - timedelta(rng.randint(10, 700)) if has_plan else None
        drilled = world.as_of - timedelta(rng.randint(5, 400)) if has_plan and rng.random() < 0.85 else None
        world.add_row(
            "plans", org_code=code, unit=name, has_plan=has_plan, revised_on=revised, drilled_on=drilled
        )


def _provision(rng: random.Random, world: World) -> None:
    for school in world.schools:
        teacher = rng.choices(["full_time", "part_time", "none"], [25, 58, 17])[0]
        room, gate = rng.random() < 0.75, rng.random() < 0.75
        planned = rng.choice([8, 10, 10, 18])
        for term in terms_between(world.starts_on, world.as_of):
            passed = min(1.0, (world.as_of - term_start(term)).days / 130)
            delivered: int | None = round(planned * passed * rng.uniform(0.75, 1.15))
            world.add_row(
                "school_provision",
                school_name=school.name,
                term=term,
                planned_hours=planned,
                delivered_hours=delivered if rng.random() > 0.06 else None,
                teacher=teacher,
                room=room,
                gate_duty=gate,
            )


def _money(rng: random.Random, world: World) -> None:
    scale = max(1, len(world.children) // 400)
    for year in range(world.starts_on.year, world.as_of.year + 1):
        for item in BUDGET_ITEMS:
            approved = rng.randrange(34, 99) * 1000 * scale
            released_on = _by(date(year, 3, 15), world)
            share = rng.choice([1.0, 0.9, 0.9, 0.6])
            world.add_row(
                "budgets",
                year=year,
                item=item,
                approved=approved,
                released=round(approved * share) if released_on else None,
                released_on=released_on,
            )
    spends = []
    for first in months_between(world.starts_on, world.as_of):
        for item in BUDGET_ITEMS:
            days = (min(month_end(first), world.as_of) - first).days
            amount = rng.randint(1200, 5600) * scale
            spends.append((first + timedelta(rng.randrange(days + 1)), item, amount))
    for number, (spent_on, item, amount) in enumerate(sorted(spends), 1):
        purpose = rng.choice(profile()["services"]["purposes"])
        world.add_row(
            "expenditures", seq=number, spent_on=spent_on, item=item, purpose=purpose, amount=amount
        )


def _donations(rng: random.Random, world: World) -> None:
    days = (world.as_of - world.starts_on).days
    for number in range(1, max(6, len(world.children) // 32) + 1):
        received = world.starts_on + timedelta(rng.randrange(days + 1))
        amount, item = rng.randint(10, 200) * 100, rng.choice(BUDGET_ITEMS)
        published = _by(received + timedelta(rng.randint(3, 45)), world) if rng.random() < 0.9 else None
        world.add_row(
            "donations",
            donation_no=f"JZ{number:03d}",
            donor=f"爱心企业{number:02d}",
            received_on=received,
            amount=amount,
            designated_item=item,
            published_on=published,
        )
        used = _by(received + timedelta(rng.randint(5, 240)), world)
        if used and rng.random() < 0.7:
            world.add_row(
                "donation_uses",
                donation_no=f"JZ{number:03d}",
                used_on=used,
                amount=amount if rng.random() < 0.5 else amount // 2,
                item=item if rng.random() < 0.93 else rng.choice(BUDGET_ITEMS),
            )


def _inspections(rng: random.Random, world: World) -> None:
    units = [(village.code, village.name) for village in world.villages]
    units += [(school.org_code, school.name) for school in world.schools]
    number = 0
    quarters = dict.fromkeys(quarter_start(first) for first in months_between(world.starts_on, world.as_of))
    for quarter in quarters:
        begins = max(quarter, world.starts_on)
        ends = min(world.as_of, quarter + timedelta(88))
        for code, name in rng.sample(units, max(6, len(units) // 7)):
            number += 1
            day = begins + timedelta(rng.randrange((ends - begins).days + 1)) if rng.random() < 0.94 else None
            _inspection(rng, world, f"JC{number:04d}", quarter_of(quarter), code, name, day)


def _inspection(
    rng: random.Random, world: World, no: str, quarter: str, code: str, unit: str, day: date | None
) -> None:
    parties = ("department", "village", "teacher", "parent", "observer")
    present = {f"{party}_present": rng.random() < 0.92 if day else None for party in parties}
    world.add_row(
        "inspections",
        inspection_no=no,
        quarter=quarter,
        org_code=code,
        unit=unit,
        inspected_on=day,
        **present,
    )
    if day is None:
        return
    for finding_no in range(1, rng.choice([0, 0, 1, 1, 2]) + 1):
        corrected = _by(day + timedelta(rng.randint(8, 70)), world) if rng.random() < 0.85 else None
        verified = _by(corrected + timedelta(rng.randint(0, 12)), world) if corrected else None
        world.add_row(
            "rectifications",
            inspection_no=no,
            finding_no=finding_no,
            unit_name=unit,
            finding=rng.choice(profile()["services"]["findings"]),
            found_on=day,
            due_on=day + timedelta(rng.choice([15, 30])),
            corrected_on=corrected,
            verified_on=verified if rng.random() < 0.9 else None,
        )
