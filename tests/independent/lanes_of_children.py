"""Who must be reported now and who stands in a rule's tier, from the world as it is and the words of the rules.

Nothing here reads a ledger, a fact or a rule file: only the people, what happened to them, and the law's conditions.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from data_contracts.demo.world import Child, Screen, World
from tests.independent.children import age_on, in_scope, known_by, listed
from tests.independent.figures_of_children import MANDATORY, SDQ_HIGH, is_positive

ORDER = ("red", "orange", "yellow")
ENDED = ("parents_returned", "moved_with_parents", "transferred", "died", "registration_error")
SDQ_MIDDLE = {"parent": 14, "teacher": 12, "self": 16}
SDQ_MIDDLE_OF_FOUR = {"parent": 14, "teacher": 12, "self": 15}
FRESH_DAYS = 365  # for how long a ledger's reassuring answer counts


class Due(NamedTuple):
    """Where a child belongs on a list: at once or not, and the most urgent tier that a rule sets (or "")."""

    is_report: bool
    tier: str


def belongs(world: World) -> dict[str, dict[int, Due]]:
    """Target → identity of the world's child → where it belongs, for all who belong on that list."""
    found: dict[str, dict[int, Due]] = {"visit": {}, "referral": {}}
    for child in world.children:
        is_listed = listed(child, world.as_of, world.as_of) and in_scope(child, world.as_of) != "no"
        for target, due in (("visit", _visit(world, child)), ("referral", _referral(world, child))):
            if due.is_report or is_listed:
                found[target][id(child)] = due
    return found


def _values(world: World, form: str, child: Child) -> Iterator[dict[str, Any]]:
    return (event.values for event in world.events.get(form, []) if event.child is child)


def _screens(world: World, child: Child) -> list[Screen]:
    return [one for one in world.screens if one.child is child and one.screened_on <= world.as_of]


def full_months(first: date, then: date) -> int:
    """Full calendar months; a month without that day is full with its last day."""
    months = (then.year - first.year) * 12 + then.month - first.month
    last = calendar.monthrange(then.year, then.month)[1]
    return months - (then.day < min(first.day, last))


def recent(day: date, as_of: date) -> bool:
    """Within twelve months."""
    return full_months(day, as_of) < 12


def _worst(tiers: Iterator[str]) -> str:
    return min(tiers, key=ORDER.index, default="")


def is_told(child: Child, day: date) -> bool:
    """Whether what the village says of home and carer still counts: it has a file that was not ended."""
    closed = child.closed_on is not None and child.closed_on <= day and child.close_reason in ENDED
    return child.in_village and not closed


def is_special(child: Child) -> bool:
    """A disability or a chronic disease is recorded."""
    return child.in_village and (
        child.disability not in (None, "无") or child.chronic_disease not in (None, "无")
    )


def is_crisis(world: World, child: Child) -> bool:
    """A crisis item was positive and the case is not closed."""
    return any(
        one.crisis_flag and (one.crisis_closed_on is None or one.crisis_closed_on > world.as_of)
        for one in _screens(world, child)
    )


def open_concerns(world: World, child: Child) -> set[str]:
    """The situations that somebody reported and nobody closed."""
    return {
        values["situation"]
        for values in _values(world, "concerns", child)
        if values["aware_on"] <= world.as_of
        and (values["closed_on"] is None or values["closed_on"] > world.as_of)
    }


def _visit(world: World, child: Child) -> Due:
    age, told = age_on(child.birth_date, world.as_of), is_told(child, world.as_of)
    carer, special = child.household.carer, is_special(child)
    at_risk = age < 8 or (special and age < 16)
    unfit = told and (carer.capacity == "no" or carer.conduct not in (None, "none"))
    alone = told and child.living == "alone" and age < 16
    unattended = told and child.supervision == "unattended"
    mandatory = bool(open_concerns(world, child) & set(MANDATORY))
    report = alone or (at_risk and (unattended or unfit)) or mandatory or is_crisis(world, child)
    return Due(report, _worst(_visit_tiers(world, child)))


def _visit_tiers(world: World, child: Child) -> Iterator[str]:
    day, carer, home = world.as_of, child.household.carer, child.household
    told, age = is_told(child, day), age_on(child.birth_date, day)
    if told and carer.conduct not in (None, "none"):
        yield "red"
    idle_since = carer.duty_failed_since if told and carer.duty == "not_performed" else None
    if idle_since and full_months(idle_since, day) >= 3:
        yield "red"
    both = [known_by(child, parent, day) for parent in (home.father, home.mother)] == ["away", "away"]
    if told and both and carer.capacity == "no":
        yield "orange"
    no_school = child.in_village and child.schooling_status == "out_of_school" and not child.in_school
    if (no_school and 6 <= age <= 15) or is_truant_by(world, child):
        yield "orange"
    quiet = (day - child.last_contact_on).days if child.in_village and child.last_contact_on else 0
    if quiet > 28:
        yield "orange"
    elif quiet > 7:
        yield "yellow"
    unsafe = {"D": "orange", "C": "yellow"}.get(_dwelling(world, child))
    if unsafe:
        yield unsafe
    signed = home.signed_on is not None and home.signed_on <= day
    notices = (child.notified_school, child.notified_village)
    if both and child.in_village and (not signed or False in notices):
        yield "yellow"
    if is_special(child):
        yield "yellow"


def is_truant_by(world: World, child: Child) -> bool:
    """A tenth and three days of the last four calendar months without excuse."""
    month = (world.as_of + timedelta(1)).replace(day=1)
    wanted = []
    for _ in range(4):
        month = (month - timedelta(1)).replace(day=1)
        wanted.append(f"{month:%Y-%m}")
    rows = [row for row in _values(world, "school_attendance", child) if row["month"] in wanted]
    missed = sum(row["n_unexcused"] for row in rows)
    return missed >= 3 and missed * 10 >= sum(row["n_expected"] for row in rows)


def _dwelling(world: World, child: Child) -> str:
    """The grade of the household's last check where it was not dealt with."""
    members = [
        one for one in child.household.children if one is child or (one.in_village and child.in_village)
    ]
    checks = [
        event.values
        for event in world.events.get("dwelling_checks", [])
        if any(event.child is member for member in members) and event.values["checked_on"] <= world.as_of
    ]
    if not checks:
        return ""
    last = max(checks, key=lambda values: (values["checked_on"], values["grade"]))
    is_done = last["completed_on"] is not None and last["completed_on"] <= world.as_of
    return "" if is_done else str(last["grade"])


def _referral(world: World, child: Child) -> Due:
    return Due(is_crisis(world, child), _worst(_referral_tiers(world, child)))


def is_valid(screen: Screen) -> bool:
    """Whether the answers can be banded at all."""
    age = age_on(screen.child.birth_date, screen.screened_on)
    if screen.scale == "SDQ":
        youngest = 11 if screen.informant == "self" else 4
        known = (screen.norm_set or "", screen.informant or "") in SDQ_HIGH
        return known and youngest <= age <= 17 and screen.total <= 40
    if screen.scale == "PHQ":
        return 11 <= age <= 17 and screen.total <= 27
    young = (screen.child.school_grade or "") in ("primary_1", "primary_2", "primary_3")
    return screen.lie_score is not None and screen.lie_score < 7 and not (young and screen.child.in_school)


def latest(world: World, child: Child, scale: str) -> Screen | None:
    """The last valid screen of a scale within twelve months."""
    valid = [
        one
        for one in _screens(world, child)
        if one.scale == scale and is_valid(one) and recent(one.screened_on, world.as_of)
    ]
    return max(valid, key=lambda one: (one.screened_on, one.total), default=None)


def is_middle(screen: Screen) -> bool:
    """An SDQ between low and high."""
    bands = SDQ_MIDDLE if screen.norm_set == "three_band" else SDQ_MIDDLE_OF_FOUR
    return not is_positive(screen) and screen.total >= bands[screen.informant or ""]


def second_looks(world: World, child: Child) -> list[tuple[date, str]]:
    """(day, outcome) of the second assessments within twelve months; without a day that of the screen counts."""
    judged = [
        (one.second_on or one.screened_on, one.second_outcome)
        for one in _screens(world, child)
        if one.second_outcome
    ]
    return [(day, word) for day, word in judged if day <= world.as_of and recent(day, world.as_of)]


def _referral_tiers(world: World, child: Child) -> Iterator[str]:
    day, screens = world.as_of, _screens(world, child)
    seen = [v["first_seen_on"] for v in _values(world, "referrals", child) if v["first_seen_on"]]
    looks = second_looks(world, child)
    if any(word == "severe" and not any(when <= one <= day for one in seen) for when, word in looks):
        yield "red"
    phq, sdq = latest(world, child, "PHQ"), latest(world, child, "SDQ")
    if phq and phq.total >= 20:
        yield "red"
    taken = [one for one in screens if recent(one.screened_on, day)]
    no_second = [one for one in taken if is_positive(one) and not (one.second_on and one.second_on <= day)]
    if any(is_valid(one) and not (one.second_on is None and one.second_outcome) for one in no_second):
        yield "orange"
    if looks and max(looks)[1] == "watch":
        yield "yellow"
    if (sdq and is_middle(sdq)) or (phq and 5 <= phq.total <= 9):
        yield "yellow"
    if taken and not any(is_valid(one) for one in taken):
        yield "yellow"
