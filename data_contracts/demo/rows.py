"""Turns the true world into rows of a form: each heading takes the value of the column that it writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from data_contracts.demo.world import Child, Event, Household, Screen, Visit
from data_contracts.forms import forms

Row = dict[str, Any]


def form_row(form_id: str, places: Mapping[str, Any], loose: Mapping[str, Any] | None = None) -> Row:
    """One row of a form: `places` holds an object or mapping for each `table` or `table#instance` it writes.

    `loose` gives the values of headings that write nothing (a unit's name, the head of the household).
    """
    row: Row = {}
    for column in forms()[form_id].columns:
        place, _, name = column.writes.rpartition(".")
        if not place:
            row[column.heading] = (loose or {}).get(column.heading)
            continue
        source = places[place]
        row[column.heading] = source[name] if isinstance(source, Mapping) else getattr(source, name)
    return row


def person_of(child: Child) -> dict[str, Any]:
    """How every list names a child; the village by its name."""
    return {
        "name": child.name,
        "id_no": child.id_no,
        "birth_date": child.birth_date,
        "sex": child.sex,
        "village_code": child.household.village.name,
    }


def ledger_row(child: Child, form_id: str = "village_ledger") -> Row:
    """The village's long row about a child, for the ledger or the register of closed files."""
    household = child.household
    places: dict[str, Any] = {
        "person": person_of(child),
        "child": child,
        "household": household,
        "relation#father": household.father,
        "relation#mother": household.mother,
        "relation#carer": household.carer,
        "carer": household.carer,
        "living_arrangement": child,
        "parent_contact": child,
        "entrustment": _entrustment(child),
        "schooling": _schooling(child),
        "health": child,
        "verification": _verification(child),
        "enrolment_episode": child,
        "enrolment_episode#closing": child,
    }
    for name in ("father", "mother"):
        parent = getattr(household, name)
        migration = {"place": parent.place, "since": parent.since_written, "until": parent.until}
        places[f"parent_migration#{name}"] = migration
    return form_row(form_id, places)


def _entrustment(child: Child) -> dict[str, Any]:
    return {
        "signed_on": child.household.signed_on,
        "notified_school": child.notified_school,
        "notified_village": child.notified_village,
    }


def _schooling(child: Child) -> dict[str, Any]:
    return {
        "status": child.schooling_status,
        "school_name": child.school_name,
        "grade": child.school_grade,
        "boarding": child.boarding,
        "registered_on": child.registered_on,
    }


def _verification(child: Child) -> dict[str, Any]:
    return {
        "away_verified_on": child.away_verified_on,
        "residence_verified_on": child.residence_verified_on,
        "capacity_assessed_on": child.household.capacity_assessed_on,
        "updated_on": child.updated_on,
    }


def roster_row(child: Child) -> Row:
    """A pupil as the school's roster has it: the parents' whereabouts, no more."""
    places = {
        "person": person_of(child),
        "child": child,
        "schooling": _schooling(child),
        "relation#father": child.household.father,
        "relation#mother": child.household.mother,
    }
    return form_row("school_roster", places)


def visit_row(visit: Visit) -> Row:
    """A line of the township's visit log; a visit not made has no visitor."""
    name = visit.worker.worker_name if visit.visited_on else None
    return form_row("visits", {"person": person_of(visit.child), "visit": visit, "worker": {"name": name}})


def screen_row(screen: Screen) -> Row:
    """A line of the sheet of the screen's scale."""
    form_id = f"screen_{screen.scale.lower()}"
    return form_row(form_id, {"person": person_of(screen.child), "psych_screen": screen})


def police_row(child: Child) -> Row:
    """A child as the police met it."""
    places = {
        "person": person_of(child),
        "child": {"parents_summary": parents_summary(child.household)},
        "enrolment_episode": {"opened_on": child.police_on},
    }
    return form_row("police_children", places)


def parents_summary(household: Household) -> str:
    """Which parents are away, in the police's words."""
    away = (household.father.status == "away", household.mother.status == "away")
    names = {(True, True): "both_away", (True, False): "father_away", (False, True): "mother_away"}
    return names.get(away, "none_away")


def event_row(form_id: str, event: Event) -> Row:
    """A row of a form whose lines are about one child."""
    child = event.child
    table = forms()[form_id].tables[-1].table
    places = {"person": person_of(child), table: event.values, "carer": child.household.carer}
    return form_row(form_id, places, {"户主姓名": child.household.carer.adult_name})


def table_row(form_id: str, values: Mapping[str, Any], loose: Mapping[str, Any] | None = None) -> Row:
    """A row of a form that is about no child."""
    places = {"worker": {"name": values.get("worker_name")}, forms()[form_id].tables[0].table: values}
    return form_row(form_id, places, loose)


def rows_by(key: Callable[[Any], Any], things: Iterable[Any]) -> dict[Any, list[Any]]:
    """Things grouped by a key, order kept."""
    grouped: dict[Any, list[Any]] = {}
    for thing in things:
        grouped.setdefault(key(thing), []).append(thing)
    return grouped
