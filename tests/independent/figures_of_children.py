"""What was done for children, computed a second time from the words of the catalogue and of the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from data_contracts.demo.world import Child, Screen, World
from tests.independent.children import age_on, counted, in_scope, listed
from tests.independent.counting import Case, Outcome, after, due_in, spans

RELIEF_DAYS, FIRST_AID_DAYS = 30, 7
SEEN_DAYS, SECOND_DAYS, FEEDBACK_DAYS = 14, 14, 60
FOLLOW_UP_DAYS, ACCEPT_HOURS, LEGAL_DAYS = 14, 24, 7
CHANGE_DAYS, LATE_DAYS, ABSENCE_PERCENT = 30, 7, 10
OVERDUE_DAYS = (0, 30, 90)
SCHOOL_AGE = range(6, 16)
MANDATORY = (
    "genital_injury",
    "abuse_girl_under_14",
    "abuse_14_and_over",
    "multiple_injuries",
    "self_harm",
    "abandoned",
    "missing_trafficked",
    "organised_begging",
    "other_abuse",
)
LESSONS = ("traffic", "fire", "drowning", "abduction")
# The band that asks for a second look, by norm set and informant: the third of three, the third of four.
SDQ_HIGH = {
    ("three_band", "parent"): 17,
    ("three_band", "teacher"): 16,
    ("three_band", "self"): 20,
    ("four_band", "parent"): 17,
    ("four_band", "teacher"): 16,
    ("four_band", "self"): 18,
}


def _events(world: World, form: str) -> Iterator[tuple[Child, dict[str, Any]]]:
    return ((event.child, event.values) for event in world.events.get(form, []))


def _by(ok: bool) -> Outcome:
    return "yes" if ok else "no"


def _within(first: date, then: date | None, days: int) -> Outcome:
    return _by(then is not None and (then - first).days <= days)


def _fallen_due(world: World, kind: str, form: str, begins: str, ends: str, days: int) -> Iterator[Case]:
    """Events of a form whose limit ended in the period, and whether they were dealt with inside it."""
    for span in spans(kind, world.as_of):
        for child, values in _events(world, form):
            if due_in(span, after(values[begins], days), world.as_of):
                yield Case(child.village_code, span.name, _within(values[begins], values[ends], days))


def c12(world: World) -> Iterator[Case]:
    """Visits made at home by the due day, of the visits that fell due; a call is no visit."""
    for span in spans("quarter", world.as_of):
        for visit in world.visits:
            if not due_in(span, visit.due_on, world.as_of):
                continue
            in_time = visit.visited_on is not None and visit.visited_on <= visit.due_on
            called = visit.mode in ("phone", "video")
            outcome = _by(in_time and not called)
            if in_time and visit.mode is None:
                outcome = "unknown"
            yield Case(visit.child.village_code, span.name, outcome)


def c13(world: World) -> Iterator[Case]:
    """Children with a due visit passed and not made good by a home visit on that day or later."""
    day = world.as_of
    for child in world.children:
        if not listed(child, day, day) or in_scope(child, day) == "no":
            continue
        visits = [visit for visit in world.visits if visit.child is child]
        at_home = [v.visited_on for v in visits if v.visited_on and v.mode == "home"]
        unclear = [v.visited_on for v in visits if v.visited_on and v.mode is None]
        missed = [
            v.due_on
            for v in visits
            if v.due_on < day
            and not (v.visited_on and v.mode == "home")
            and not any(made >= v.due_on for made in at_home)
        ]
        sure = [due for due in missed if not any(made >= due for made in unclear)]
        for limit in OVERDUE_DAYS:
            outcome: Outcome = "no"
            if missed and (day - min(missed)).days > limit:
                outcome = "unknown"
            if sure and (day - min(sure)).days > limit:
                outcome = "yes"
            yield Case(child.village_code, day.isoformat(), outcome, f"plan>{limit}d")


def _visits_made(world: World, judge: Callable[[Any, date], Outcome]) -> Iterator[Case]:
    for span in spans("quarter", world.as_of):
        for visit in world.visits:
            if span.holds(visit.visited_on):
                yield Case(visit.child.village_code, span.name, judge(visit, span.last))


def c14(world: World) -> Iterator[Case]:
    """Visits at which the child was seen in person, of the visits made."""

    def seen(visit: Any, _: date) -> Outcome:
        if visit.mode in ("phone", "video") or visit.child_seen is False:
            return "no"
        return "unknown" if visit.mode is None or visit.child_seen is None else "yes"

    return _visits_made(world, seen)


def i9(world: World) -> Iterator[Case]:
    """Visits typed in more than a week later and after the quarter had closed."""

    def late(visit: Any, last: date) -> Outcome:
        if visit.recorded_on is None:
            return "unknown"
        return _by((visit.recorded_on - visit.visited_on).days > LATE_DAYS and visit.recorded_on > last)

    return _visits_made(world, late)


def i3(world: World) -> Iterator[Case]:
    """Changes typed in within thirty days, of the changes that happened."""
    for span in spans("quarter", world.as_of):
        for child, values in _events(world, "village_changes"):
            if span.holds(values["changed_on"]):
                outcome = _within(values["changed_on"], values["recorded_on"], CHANGE_DAYS)
                yield Case(child.village_code, span.name, outcome)


def r2(world: World) -> Iterator[Case]:
    """New relief cases that staff raised themselves."""
    for span in spans("quarter", world.as_of):
        for child, values in _events(world, "relief_applications"):
            if span.holds(values["applied_on"]):
                yield Case(child.village_code, span.name, _by(values["found_by"] == "staff"))


def r3(world: World) -> Iterator[Case]:
    """Applications decided within thirty days, of those whose decision fell due."""
    return _fallen_due(world, "quarter", "relief_applications", "applied_on", "decided_on", RELIEF_DAYS)


def r4(world: World) -> Iterator[Case]:
    """Emergencies first helped within a week, of those whose first help fell due."""
    helped: dict[tuple[int, date], list[date]] = {}
    children: dict[int, Child] = {}
    for child, values in _events(world, "relief_applications"):
        if values["emergency_on"]:
            children[id(child)] = child
            days = helped.setdefault((id(child), values["emergency_on"]), [])
            days += [values["first_aid_on"]] if values["first_aid_on"] else []
    for span in spans("quarter", world.as_of):
        for (who, day), aid in helped.items():
            if due_in(span, after(day, FIRST_AID_DAYS), world.as_of):
                outcome = _within(day, min(aid, default=None), FIRST_AID_DAYS)
                yield Case(children[who].village_code, span.name, outcome)


def r5(world: World) -> Iterator[Case]:
    """Benefit-months paid in full by the month's end, in months that are over; one case a household and scheme."""
    for span in spans("month", world.as_of):
        if span.seen_on != span.last:
            continue
        due: dict[tuple[int, str], bool] = {}
        unit: dict[tuple[int, str], str] = {}
        for child, values in _events(world, "relief_payments"):
            if values["month"] != span.name:
                continue
            key = id(child.household), values["scheme"]
            paid = values["paid_on"] is not None and values["paid_on"] <= span.last
            full = values["paid_amount"] is not None and values["paid_amount"] >= values["due_amount"]
            due[key] = due.get(key, True) and paid and full
            unit[key] = child.village_code
        for key, ok in due.items():
            yield Case(unit[key], span.name, _by(ok))


def r6(world: World) -> Iterator[Case]:
    """Rechecked cases found ineligible; a recheck without a result is unknown."""
    for span in spans("year", world.as_of):
        for child, values in _events(world, "relief_rechecks"):
            if span.holds(values["rechecked_on"]):
                known = {"ineligible": "yes", "eligible": "no"}
                outcome: Any = known.get(values["result"] or "", "unknown")
                yield Case(child.village_code, span.name, outcome)


def p9(world: World) -> Iterator[Case]:
    """Referrals first seen within a fortnight, of those that fell due."""
    return _fallen_due(world, "quarter", "referrals", "decided_on", "first_seen_on", SEEN_DAYS)


def p10(world: World) -> Iterator[Case]:
    """Referrals whose outcome came back, of those older than sixty days."""
    for span in spans("quarter", world.as_of):
        for child, values in _events(world, "referrals"):
            if due_in(span, after(values["decided_on"], FEEDBACK_DAYS), world.as_of):
                yield Case(child.village_code, span.name, _by(values["returned_on"] is not None))


def p6(world: World) -> Iterator[Case]:
    """Positive, valid screens looked at again within a fortnight, of those that fell due."""
    for span in spans("term", world.as_of):
        for screen in world.screens:
            day = screen.screened_on
            ripe = span.first <= day <= span.last and after(day, SECOND_DAYS) <= world.as_of
            if ripe and is_positive(screen):
                outcome = _within(day, screen.second_on, SECOND_DAYS)
                yield Case(screen.child.village_code, span.name, outcome)


def is_positive(screen: Screen) -> bool:
    """A valid screen in the band that asks for a second look."""
    age = age_on(screen.child.birth_date, screen.screened_on)
    if screen.scale == "SDQ":
        high = SDQ_HIGH.get((screen.norm_set or "", screen.informant or ""))
        youngest = 11 if screen.informant == "self" else 4
        return high is not None and youngest <= age <= 17 and high <= screen.total <= 40
    if screen.scale == "PHQ":
        return 11 <= age <= 17 and 10 <= screen.total <= 27
    void = screen.lie_score is None or screen.lie_score >= 7
    return not void and (screen.total >= 65 or (screen.highest_content or 0) >= 8)


def s1(world: World) -> Iterator[Case]:
    """Children who had all four safety lessons in the term; one attendance anywhere is enough."""
    for span in spans("term", world.as_of):
        had: dict[int, list[dict[str, Any]]] = {}
        for form in ("village_safety", "school_safety"):
            for child, values in _events(world, form):
                if values["term"] == span.name:
                    had.setdefault(id(child), []).append(values)
        for child in counted(world, span.seen_on):
            rows = had.get(id(child), [])
            attended = [any(row[lesson] for row in rows) for lesson in LESSONS]
            outcome: Outcome = "unknown" if not rows else _by(all(attended))
            yield Case(child.village_code, span.name, outcome)


def s9(world: World) -> Iterator[Case]:
    """Accidents followed up in time, of those whose follow-up fell due."""
    return _fallen_due(world, "quarter", "incidents", "happened_on", "followed_up_on", FOLLOW_UP_DAYS)


def s10(world: World) -> Iterator[Case]:
    """Concerns in the nine situations that the police heard of on the same day, whatever box was ticked."""
    for span in spans("quarter", world.as_of):
        for child, values in _events(world, "concerns"):
            if values["situation"] in MANDATORY and span.holds(values["aware_on"]):
                told = values["police_on"]
                yield Case(
                    child.village_code, span.name, _by(told is not None and told <= values["aware_on"])
                )


def s11(world: World) -> Iterator[Case]:
    """Reports to the police accepted within a day, of those whose limit has passed."""
    for span in spans("quarter", world.as_of):
        for child, values in _events(world, "police_cases"):
            limit = values["reported_at"] + timedelta(hours=ACCEPT_HOURS)
            if due_in(span, limit.date(), world.as_of):
                accepted = values["accepted_at"]
                yield Case(child.village_code, span.name, _by(accepted is not None and accepted <= limit))


def s13(world: World) -> Iterator[Case]:
    """Requests for legal aid answered in time, of those that fell due."""
    return _fallen_due(world, "year", "legal_aid", "requested_on", "answered_on", LEGAL_DAYS)


def e1(world: World) -> Iterator[Case]:
    """Left-behind children of school age who are in school by the village's word or on a roster."""
    for span in spans("term", world.as_of):
        for child in counted(world, span.seen_on):
            if age_on(child.birth_date, span.seen_on) not in SCHOOL_AGE:
                continue
            on_roster = child.in_school and (child.registered_on or world.as_of) <= span.seen_on
            word = child.schooling_status if child.in_village else None
            outcome: Outcome = "unknown" if word is None else _by(word == "enrolled")
            yield Case(child.village_code, span.name, "yes" if on_roster else outcome)


def e4(world: World) -> Iterator[Case]:
    """School days missed without excuse, and the children who miss a tenth or more."""
    for span in spans("month", world.as_of):
        here = {id(child) for child in counted(world, span.seen_on)}
        for child, values in _events(world, "school_attendance"):
            if values["month"] != span.name or id(child) not in here:
                continue
            missed, expected = values["n_unexcused"], values["n_expected"]
            yield Case(child.village_code, span.name, "yes", weight=Decimal(missed))
            yield Case(child.village_code, span.name, "no", weight=Decimal(expected - missed))
            often = missed * 100 >= ABSENCE_PERCENT * expected
            yield Case(child.village_code, span.name, _by(often), f"children>={ABSENCE_PERCENT}%")
