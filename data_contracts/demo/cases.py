"""Makes sure that every case which a generator must contain (domain rules 7) is there, and whose it is."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from data_contracts.demo.families import eligible_from
from data_contracts.demo.mind import VOID_LIE_SCORE, act_on_crisis, look_again
from data_contracts.demo.people import People
from data_contracts.demo.periods import quarter_start
from data_contracts.demo.profile import profile
from data_contracts.demo.schooling import GRADES, enrol, grade_on, take_out_of_school
from data_contracts.demo.services import note_concern
from data_contracts.demo.world import Child, Screen, Visit, World, birthday, established, years_before

LEGACY_PREFIX = "533591"
OTHER_PROVINCES = ("449902", "339903", "329905")


def stage_people(people: People, world: World) -> None:
    """Cases that are about who somebody is; they come before anything is recorded."""
    tiny = world.villages[1].code
    pool = [c for c in world.open_children() if c.id_no and c.village_code != tiny]
    pool = [child for child in pool if child.household.kind == "both_away"]
    people.rng.shuffle(pool)
    _sixteen_today(people, world, pool.pop())
    _leap_day(people, world, pool.pop())
    _twins(people, world, _pop_single(pool))
    _no_evidence(world, _pop_single(pool))
    _returned(world, _pop_single(pool))
    _other_province(people, world, pool.pop())
    _alone(people, world, pool.pop(), pool.pop())
    _village_of_three(world)
    world.cases["carer_with_legacy_prefix"] = _ids(
        child for child in world.children if child.household.carer.id_no.startswith(LEGACY_PREFIX)
    )
    world.cases["boarder_on_school_list_only"] = _school_only_boarders(people, world)
    police_only = [c for c in world.children if c.in_police and not c.in_village and not c.in_school]
    world.cases["on_police_list_only"] = _ids(police_only)
    for child in world.children:
        if not child.in_village and child.id_no is None:
            child.id_no = people.child_id(child.birth_date, child.sex)


def _ids(children: Iterable[Child]) -> list[str]:
    return [child.id_no for child in children if child.id_no]


def _pop_single(pool: list[Child]) -> Child:
    for place in range(len(pool) - 1, -1, -1):
        if len(pool[place].household.children) == 1:
            return pool.pop(place)
    raise ValueError("expected an only child for a case, found none: make the district larger")


def _reborn(people: People, world: World, child: Child, born: date) -> None:
    """Another birth date with everything that hangs on it: the number, the file, the class."""
    child.birth_date = born
    child.id_no = people.child_id(born, child.sex)
    for parent in (child.household.father, child.household.mother):
        if parent.since and parent.since < born and len(child.household.children) == 1:
            parent.since = min(world.as_of, born + timedelta(60))
    child.opened_on = max(child.opened_on, eligible_from(child.household, born))
    take_out_of_school(child)
    index = grade_on(born, world.as_of)
    child.schooling_status = "graduated" if index and index >= 12 else "not_yet"
    if index is not None and index < 12:
        enrol(people.rng, child, world.schools, index, world.as_of)


def _sixteen_today(people: People, world: World, child: Child) -> None:
    born = years_before(world.as_of, 16)
    if birthday(born, 16) != world.as_of:
        born = world.as_of.replace(year=world.as_of.year - 16)
    _reborn(people, world, child, born)
    child.living = "with_carer"
    world.cases["sixteenth_birthday_today"] = _ids([child])


def _leap_day(people: People, world: World, child: Child) -> None:
    year = (world.as_of.year - 6) // 4 * 4
    _reborn(people, world, child, date(year, 2, 29))
    world.cases["born_29_february"] = _ids([child])


def _twins(people: People, world: World, child: Child) -> None:
    second = _copy(child)
    second.id_no = people.child_id(child.birth_date, child.sex)
    child.household.children.append(second)
    world.cases["same_name_twins"] = _ids([child, second])


def _copy(child: Child) -> Child:
    fields = {name: getattr(child, name) for name in Child.__dataclass_fields__}
    return Child(**fields)


def _no_evidence(world: World, child: Child) -> None:
    household = child.household
    household.kind, child.residence = "one_home", "in_village"
    mother = household.mother
    mother.status, mother.capacity, mother.place = "home", None, None
    mother.since, mother.until, mother.month_only = None, None, False
    household.capacity_assessed_on = None
    child.opened_on = max(child.opened_on, eligible_from(household, child.birth_date))
    world.cases["one_parent_away_no_evidence"] = _ids(
        other
        for other in world.open_children()
        if other.household.kind == "one_home" and established(other, world.as_of) == "unknown"
    )


def _returned(world: World, child: Child) -> None:
    child.household.kind = "returned"
    begins = min(child.opened_on, world.as_of - timedelta(20))
    child.opened_on = max(begins, child.birth_date)
    for parent in (child.household.father, child.household.mother):
        parent.status, parent.until, parent.month_only = "returned", world.as_of - timedelta(12), False
        if parent.since and parent.since > child.opened_on:
            parent.since = child.opened_on
    world.cases["returned_parent_file_open"] = _ids(
        other for other in world.open_children() if other.household.kind == "returned"
    )


def _other_province(people: People, world: World, child: Child) -> None:
    child.id_no = people.id_no(OTHER_PROVINCES[0], child.birth_date, child.sex)
    world.cases["id_of_other_province"] = _ids(
        other for other in world.children if other.id_no and other.id_no.startswith(OTHER_PROVINCES)
    )


def _alone(people: People, world: World, older: Child, younger: Child) -> None:
    if world.as_of < birthday(older.birth_date, 10):
        _reborn(people, world, older, years_before(world.as_of, 12) - timedelta(40))
    older.living = "alone"
    older.residence = younger.residence = "in_village"
    if world.as_of >= birthday(younger.birth_date, 8):
        _reborn(people, world, younger, years_before(world.as_of, 5) - timedelta(40))
    younger.supervision = "unattended"
    children = list(world.open_children())
    world.cases["lives_alone"] = _ids(child for child in children if child.living == "alone")
    world.cases["under_eight_unattended"] = _ids(
        child
        for child in children
        if child.supervision == "unattended" and world.as_of < birthday(child.birth_date, 8)
    )


def _village_of_three(world: World) -> None:
    """Three open files, one of them opened in this quarter: the quarter's change is that one child."""
    children = [c for c in world.open_children() if c.village_code == world.villages[1].code]
    newest = children[-1]
    begins = max(quarter_start(world.as_of), newest.birth_date)
    for parent in (newest.household.father, newest.household.mother):
        if parent.since and parent.status == "away":
            parent.since, parent.month_only = begins - timedelta(20), False
    for child in newest.household.children:
        child.opened_on = begins
        for name in ("updated_on", "away_verified_on", "residence_verified_on"):
            setattr(child, name, world.as_of)
    newest.household.signed_on = None
    world.cases["village_with_three_children"] = _ids(children)
    empty = world.villages[0].code
    unused = [s.org_code for s in world.schools if not any(c.school is s for c in world.children)]
    world.cases["zero_denominator"] = [empty, *unused]
    traditional = {village.code for village in world.villages if village.traditional}
    world.cases["traditional_headings"] = sorted(traditional)


def _school_only_boarders(people: People, world: World) -> list[str]:
    only = [c for c in world.children if c.in_school and not c.in_village and not c.in_police]
    for child in only[:1]:
        child.boarding = True
        child.id_no = child.id_no or people.child_id(child.birth_date, child.sex)
    return _ids(child for child in only if child.boarding)


def stage_records(rng: random.Random, world: World) -> None:
    """Cases that are about what somebody wrote down."""
    pupils = [c for c in world.open_children() if c.in_school and c.id_no and c.school_grade]
    rng.shuffle(pupils)
    _void_mht(rng, world, pupils)
    _item_nine(rng, world, pupils)
    _scored_from_one(world, pupils)
    _open_referral(rng, world, pupils)
    _late_typing(world)
    _call_as_visit(world)
    copied = profile()["visits"]["copied_note"]
    _note_case(world, "copied_notes", lambda visit: visit.note == copied)
    child = next(c for c in world.open_children() if c.id_no)
    note_concern(rng, world, child, "abandoned", world.as_of - timedelta(9), False)
    _keep_open(world, child)


def _keep_open(world: World, child: Child) -> None:
    values = world.events["concerns"][-1].values
    values.update(closed_on=None, fed_back_on=None, ticked_mandatory=False)
    world.cases["mandatory_ticked_no"] = _ids([child])


def _latest_autumn(world: World) -> date:
    return max(screen.screened_on for screen in world.screens) if world.screens else world.as_of


def _replace_screens(world: World, child: Child, scale: str) -> date:
    world.screens = [s for s in world.screens if s.child is not child or s.scale != scale]
    return max(_latest_autumn(world) - timedelta(3), child.opened_on)


def _pupil(pupils: list[Child], *stages: str) -> Child:
    for place, child in enumerate(pupils):
        if GRADES.index(child.school_grade or "") >= 6 and (child.school_grade or "").startswith(stages):
            return pupils.pop(place)
    raise ValueError("expected a pupil of the upper grades for a case, found none: make the district larger")


def _void_mht(rng: random.Random, world: World, pupils: list[Child]) -> None:
    child = _pupil(pupils, "primary", "junior")
    day = _replace_screens(world, child, "MHT")
    screen = Screen(
        child, "MHT", day, 41, child.school_name, lie_score=8, highest_content=4, crisis_flag=False
    )
    world.screens.append(screen)
    world.cases["void_mht"] = list(
        dict.fromkeys(_ids(s.child for s in world.screens if (s.lie_score or 0) >= VOID_LIE_SCORE))
    )


def _item_nine(rng: random.Random, world: World, pupils: list[Child]) -> None:
    child = _pupil(pupils, "junior")
    day = _replace_screens(world, child, "PHQ")
    screen = Screen(child, "PHQ", day, 4, child.school_name, crisis_flag=True)
    act_on_crisis(rng, world, screen)
    screen.crisis_closed_on = None
    look_again(rng, world, screen)
    world.screens.append(screen)
    world.cases["phq_item_nine_total_four"] = _ids([child])


def _scored_from_one(world: World, pupils: list[Child]) -> None:
    """A school whose SDQ items count 1–3: its totals begin at 20; those above 40 stay out."""
    sdq = [screen for screen in world.screens if screen.scale == "SDQ"]
    by_school = [s for s in sdq if s.child.school and s.child.school.scores_from_one]
    if not by_school:
        child = next(c for c in pupils if GRADES.index(c.school_grade or "") < 9)
        day = _replace_screens(world, child, "SDQ")
        by_school = [Screen(child, "SDQ", day, 31, child.school_name, "teacher", "three_band")]
        world.screens += by_school
    world.cases["sdq_scored_1_to_3"] = list(dict.fromkeys(_ids(screen.child for screen in by_school)))


def _open_referral(rng: random.Random, world: World, pupils: list[Child]) -> None:
    child = _pupil(pupils, "primary", "junior")
    decided = max(child.opened_on, world.as_of - timedelta(25))
    world.add_event(
        "referrals",
        child,
        school_name=child.school_name,
        decided_on=decided,
        agency=profile()["services"]["agency"],
        accepted_on=None,
        first_seen_on=None,
        outcome=None,
        returned_on=None,
    )
    still_open = [e.child for e in world.events["referrals"] if e.values["returned_on"] is None]
    world.cases["referral_still_open"] = list(dict.fromkeys(_ids(still_open)))


def _late_typing(world: World) -> None:
    begins = quarter_start(world.as_of)
    done = [v for v in world.visits if v.visited_on and v.child.id_no and v.visited_on < begins]
    visit = max(done, key=lambda one: (one.visited_on or begins, one.child.id_no or ""))
    assert visit.visited_on is not None
    visit.recorded_on = min(world.as_of, begins + timedelta(24))
    _note_case(
        world,
        "visit_typed_after_quarter",
        lambda v: bool(v.visited_on and v.recorded_on and v.visited_on < quarter_start(v.recorded_on)),
    )


def _call_as_visit(world: World) -> None:
    note = profile()["visits"]["telephone_note"]
    homes = [v for v in world.visits if v.mode == "home" and not v.worker.copies_notes and v.child.id_no]
    for visit in homes[:: max(1, len(homes) // 6)]:
        visit.note, visit.child_seen, visit.child_seen_alone = note, False, None
    _note_case(world, "telephone_as_home_visit", lambda visit: visit.note == note)


def _note_case(world: World, case: str, carries: Callable[[Visit], bool]) -> None:
    carriers = _ids(visit.child for visit in world.visits if carries(visit))
    world.cases[case] = list(dict.fromkeys(carriers))
