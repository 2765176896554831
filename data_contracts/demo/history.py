"""Writes the months behind the children: visits, changes, attendance, tutoring, contacts, safety lessons."""

from __future__ import annotations

import random
from datetime import date, timedelta

from data_contracts.demo.periods import (
    SCHOOL_MONTHS,
    month_end,
    month_start,
    months_between,
    term_start,
    terms_between,
)
from data_contracts.demo.profile import profile, risk, weighted
from data_contracts.demo.world import Child, Visit, World

CHANGE_ITEMS = {
    "phone": 24,
    "migration": 22,
    "address": 12,
    "grade": 18,
    "economy": 12,
    "carer": 8,
    "other": 4,
}


def write_history(rng: random.Random, world: World) -> None:
    """Everything that villages, townships and schools wrote down month by month and term by term."""
    for child in world.children:
        if child.in_village:
            _visits(rng, world, child)
            _changes(rng, world, child)
        if child.in_school and child.closed_on is None:
            _attendance(rng, world, child)
        _terms(rng, world, child)


def _visits(rng: random.Random, world: World, child: Child) -> None:
    days = next(days for above, days in profile()["visits"]["intervals"] if child.need > above)
    last = min(child.closed_on or world.as_of + timedelta(30), world.as_of + timedelta(30))
    due = child.opened_on + timedelta(days)
    while due <= last:
        if due >= world.starts_on:
            world.visits.append(_visit(rng, world, child, due, days))
        due += timedelta(days)


def _visit(rng: random.Random, world: World, child: Child, due: date, interval: int) -> Visit:
    worker, words = child.household.village.director_on(due), profile()["visits"]
    visit = Visit(child, due, worker)
    if rng.random() > worker.diligence:
        return visit
    early, late = rng.randint(0, min(22, interval - 5)), rng.randint(1, 45)
    visited = due - timedelta(early) if rng.random() < words["on_time"] else due + timedelta(late)
    if visited > world.as_of or (child.closed_on and visited > child.closed_on):
        return visit
    visit.visited_on, visit.mode = visited, weighted(rng, words["modes"])
    visit.child_seen = _seen(rng, visit.mode)
    if visit.child_seen:
        visit.child_seen_alone = rng.random() < 0.52
    visit.note = _note(rng, worker.copies_notes)
    lag = rng.randint(8, 60) if rng.random() < words["late_typing"] else rng.randint(0, 6)
    visit.recorded_on = min(world.as_of, visited + timedelta(lag))
    return visit


def _seen(rng: random.Random, mode: str) -> bool | None:
    if mode == "phone":
        return False
    if rng.random() < 0.04:
        return None
    return rng.random() < (0.82 if mode == "home" else 0.6)


def _note(rng: random.Random, copies: bool) -> str:
    words = profile()["visits"]
    if copies:
        return str(words["copied_note"])
    if rng.random() < 0.2:
        return "".join(f"{finding}。" for finding in rng.sample(words["findings"], 2))
    doing = f"孩子{rng.choice(words['moments'])}{rng.choice(words['doings'])}。"
    return f"{rng.choice(words['day_times'])}，{rng.choice(words['findings'])}。{doing}"


def _changes(rng: random.Random, world: World, child: Child) -> None:
    begins = max(child.opened_on, world.starts_on)
    ends = child.closed_on or world.as_of
    taken: set[tuple[str, date]] = set()
    for _ in range(rng.choices([0, 1, 2], [55, 35, 10])[0]):
        days = (ends - begins).days
        changed = begins + timedelta(rng.randrange(days + 1)) if days > 0 else ends
        item = weighted(rng, CHANGE_ITEMS)
        if (item, changed) in taken:
            continue
        taken.add((item, changed))
        lag = rng.randint(31, 120) if rng.random() < 0.2 else rng.randint(0, 28)
        recorded = min(world.as_of, changed + timedelta(lag))
        world.add_event("village_changes", child, item=item, changed_on=changed, recorded_on=recorded)


def _attendance(rng: random.Random, world: World, child: Child) -> None:
    assert child.entered_on is not None
    words = profile()["school_life"]
    begins = max(child.entered_on, month_start(child.opened_on, -1), world.starts_on)
    for first in months_between(begins, world.as_of):
        if first.month not in SCHOOL_MONTHS or first < begins or month_end(first) > world.as_of:
            continue
        expected = 18 + (first.year + first.month * 3) % 5
        excused = rng.choice([1, 1, 2]) if rng.random() < words["excused"] else 0
        unexcused = 1 if rng.random() < risk(words["unexcused"], child.need, 0.5) else 0
        if child.truant and rng.random() < 0.75:
            unexcused = rng.randint(2, 7)
        world.add_event(
            "school_attendance",
            child,
            month=f"{first:%Y-%m}",
            n_expected=expected,
            n_excused=excused,
            n_unexcused=unexcused,
        )


def _terms(rng: random.Random, world: World, child: Child) -> None:
    on_roster = child.in_school and child.marked_left_behind
    entered = child.entered_on if on_roster else None
    begins = max(child.opened_on, entered or child.opened_on, world.starts_on)
    for term in terms_between(begins, min(world.as_of, child.closed_on or world.as_of)):
        is_new = (world.as_of - term_start(term)).days < 60
        if on_roster and rng.random() < 0.97:
            _school_term(rng, world, child, term, is_new)
        elif child.in_village and not on_roster and child.opened_on <= world.as_of:
            _lessons(rng, world, "village_safety", child, term, 0.8)


def _school_term(rng: random.Random, world: World, child: Child, term: str, is_new: bool) -> None:
    words = profile()["school_life"]
    flagged = rng.random() < risk(words["flagged"], child.need, 0.4)
    active = rng.random() < words["tutored"] if flagged else None
    mode = weighted(rng, {"one_to_one": 45, "group": 45, "peer": 10}) if active else None
    world.add_event("school_learning_support", child, term=term, flagged=flagged, active=active, mode=mode)
    contacts = max(0, round(rng.gauss(1.1 if is_new else 2.8, 1.4)))
    channel = (
        weighted(rng, {"phone": 34, "meeting": 22, "home_visit": 18, "wechat": 26}) if contacts else None
    )
    world.add_event("school_feedback", child, term=term, n_feedbacks=contacts, channel=channel)
    _lessons(rng, world, "school_safety", child, term, words["safety"])


def _lessons(rng: random.Random, world: World, form: str, child: Child, term: str, share: float) -> None:
    lessons = {kind: rng.random() < share for kind in ("traffic", "fire", "drowning", "abduction")}
    world.add_event(form, child, term=term, **lessons)
