"""Who is a left-behind child on a day, by the order of tests of the measures, from the world as it is."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date
from typing import Literal

from data_contracts.demo.world import Child, Parent, World

Answer = Literal["yes", "no", "unknown"]
GONE = ("dead", "imprisoned", "missing")


def age_on(born: date, day: date) -> int:
    """Full years; who was born on 29 February has the birthday on 1 March in ordinary years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def known_by(child: Child, parent: Parent, day: date) -> str:
    """away, home, gone or unknown, as far as the lists that have the child say."""
    if not child.in_village and not child.in_school:  # the police's form says who is away, and no more
        return "away" if parent.status == "away" else "home"
    return _whereabouts(parent, day, dated=child.in_village)


def _whereabouts(parent: Parent, day: date, dated: bool) -> str:
    """A list without dates (`dated` false) knows only how things are."""
    if parent.status is None:
        return "unknown"
    if parent.status in GONE:
        return "gone"
    if parent.status == "home" or (parent.status == "returned" and not (dated and parent.until)):
        return "home"
    if parent.status == "returned" and parent.until is not None and day >= parent.until:
        return "home"
    if not dated or parent.since is None:
        return "away"
    if not parent.month_only:
        return "away" if day >= parent.since else "home"
    last = calendar.monthrange(parent.since.year, parent.since.month)[1]
    if day >= parent.since.replace(day=last):
        return "away"
    return "unknown" if day >= parent.since.replace(day=1) else "home"


def in_scope(child: Child, day: date) -> Answer:
    """Whether the child is in scope: yes, no, or it can't be established."""
    home = child.household
    if age_on(child.birth_date, day) >= 16 or child.birth_date > day:
        return "no"
    if child.in_village and child.residence == "outside":
        return "no"
    where = [known_by(child, parent, day) for parent in (home.father, home.mother)]
    if where == ["away", "away"]:
        return "yes"
    if "unknown" in where:
        return "unknown"
    if "away" not in where:
        return "no"
    other = home.mother if where[0] == "away" else home.father
    if "gone" in where:
        return "yes"
    capacity = other.capacity if child.in_village else None
    return {"no": "yes", "yes": "no"}.get(capacity or "", "unknown")  # type: ignore[return-value]


def listed(child: Child, day: date, as_of: date) -> bool:
    """Whether any list has the child on that day; a roster without a day counts from when it came in."""
    by_school = child.in_school and child.marked_left_behind and (child.registered_on or as_of) <= day
    by_police = child.in_police and child.police_on is not None and child.police_on <= day
    return child.open_on(day) or by_school or by_police


def counted(world: World, day: date) -> Iterator[Child]:
    """The children of a figure on that day: established and on a list."""
    return (c for c in world.children if in_scope(c, day) == "yes" and listed(c, day, world.as_of))
