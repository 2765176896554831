"""The made-up true world: plain records, each field named like the contract column that it is written to.

`None` is "not recorded" throughout: the ledgers of the demo leave blanks as real offices do.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from data_contracts.demo.profile import profile

Established = Literal["yes", "no", "unknown"]


class MonthOf(NamedTuple):
    """A date of which only the month was written down."""

    year: int
    month: int


class Planted(NamedTuple):
    """Where a fault was planted: file (relative to the folder), sheet, 1-based row, heading and check."""

    file: str
    sheet: str
    row: int
    heading: str
    check: str


@dataclass(slots=True)
class Worker:
    """A village's child director or a township's supervisor; `diligence` is the share of visits made."""

    post: str
    org_code: str
    worker_name: str
    phone: str
    started_on: date
    trained_on: date | None
    diligence: float
    ended_on: date | None = None
    copies_notes: bool = False


@dataclass(slots=True)
class Village:
    """A village; `traditional` villages head their forms in traditional characters with pinyin."""

    code: str
    name: str
    township_code: str
    remote: bool
    director: Worker
    predecessor: Worker | None = None
    traditional: bool = False

    def director_on(self, day: date) -> Worker:
        """Who was child director on that day, as far as anybody remembers."""
        return self.predecessor if self.predecessor and day < self.director.started_on else self.director


@dataclass(slots=True)
class School:
    """A school; `csv_roster` schools send the roster as a GB18030 file."""

    org_code: str
    name: str
    kind: str
    township_name: str
    township_code: str
    csv_roster: bool = False
    writes_registration: bool = False
    scores_from_one: bool = False


@dataclass(slots=True)
class Parent:
    """Father or mother as the village knows them."""

    adult_name: str
    status: str | None = "away"
    place: str | None = None
    since: date | None = None
    until: date | None = None
    month_only: bool = False
    capacity: str | None = None

    @property
    def since_written(self) -> date | MonthOf | None:
        """The departure as the ledger has it: a day, or a month only."""
        if self.since is not None and self.month_only:
            return MonthOf(self.since.year, self.since.month)
        return self.since


@dataclass(slots=True)
class Carer:
    """Who looks after the children; `conduct` and `duty` decide about disqualification."""

    adult_name: str
    relation_to_child: str
    id_no: str
    phone: str | None
    capacity: str | None
    conduct: str | None
    duty: str | None
    duty_failed_since: date | None = None


@dataclass(slots=True)
class Household:
    """Children with the same parents and carer; `need` (standard normal) is what drives every trouble."""

    household_no: str
    village: Village
    kind: str
    need: float
    father: Parent
    mother: Parent
    carer: Carer
    income_band: str | None
    relief_status: str | None
    grade: str
    signed_on: date | None = None
    capacity_assessed_on: date | None = None
    children: list[Child] = field(default_factory=list)

    @property
    def travel_minutes(self) -> int | None:
        """The way to a far house; told in remote villages alone, and without a throw of the dice."""
        told = profile()["households"]["remote_travel_minutes"]
        return told[zlib.crc32(self.household_no.encode()) % len(told)] if self.village.remote else None


@dataclass(slots=True)
class Child:
    """A child and what the lists say about it; `need` is the household's plus the child's own."""

    id_no: str | None
    name: str
    sex: str
    birth_date: date
    ethnicity: str | None
    household: Household
    need: float
    opened_on: date
    residence: str | None = "in_village"
    closed_on: date | None = None
    close_reason: str | None = None
    in_village: bool = True
    in_school: bool = False
    in_police: bool = False
    police_on: date | None = None
    marked_left_behind: bool = True
    living: str | None = "with_carer"
    supervision: str | None = "attended"
    last_contact_on: date | None = None
    notified_school: bool | None = None
    notified_village: bool | None = None
    schooling_status: str | None = None
    school: School | None = None
    school_grade: str | None = None
    boarding: bool | None = None
    entered_on: date | None = None
    registered_on: date | None = None
    disability: str | None = None
    chronic_disease: str | None = None
    insured: bool | None = None
    examined_on: date | None = None
    away_verified_on: date | None = None
    residence_verified_on: date | None = None
    updated_on: date | None = None
    truant: bool = False

    @property
    def village_code(self) -> str:
        """The village of the household."""
        return self.household.village.code

    @property
    def school_name(self) -> str | None:
        """The school's name as every form writes it."""
        return self.school.name if self.school else None

    def open_on(self, day: date) -> bool:
        """Whether the village's file is open on that day."""
        return self.in_village and self.opened_on <= day and (self.closed_on is None or day < self.closed_on)


@dataclass(slots=True)
class Visit:
    """A visit that was due, made or not."""

    child: Child
    due_on: date
    worker: Worker
    visited_on: date | None = None
    mode: str | None = None
    child_seen: bool | None = None
    child_seen_alone: bool | None = None
    note: str | None = None
    recorded_on: date | None = None


@dataclass(slots=True)
class Screen:
    """One screening: total and flags only."""

    child: Child
    scale: str
    screened_on: date
    total: int
    school_name: str | None = None
    informant: str | None = None
    norm_set: str | None = None
    lie_score: int | None = None
    highest_content: int | None = None
    crisis_flag: bool | None = None
    crisis_found_at: datetime | None = None
    crisis_acted_at: datetime | None = None
    crisis_closed_on: date | None = None
    second_on: date | None = None
    second_outcome: str | None = None


@dataclass(slots=True)
class Event:
    """Any other thing that was recorded about one child; `values` by contract column."""

    child: Child
    values: dict[str, Any]


@dataclass
class World:
    """The district as it is: places, people, and everything that the offices wrote down.

    `events` and `tables` are keyed by form id.  `cases` names the children (by ID number) that carry a case
    of domain rules 7, or for places their codes; `planted` lists the faults that were planted on demand.
    """

    as_of: date
    starts_on: date
    seed: int
    villages: list[Village]
    schools: list[School]
    workers: list[Worker]
    households: list[Household] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    screens: list[Screen] = field(default_factory=list)
    events: dict[str, list[Event]] = field(default_factory=dict)
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    cases: dict[str, list[str]] = field(default_factory=dict)
    planted: list[Planted] = field(default_factory=list)
    classmates: list[Child] = field(default_factory=list)

    @property
    def children(self) -> list[Child]:
        """Every left-behind child that some list knows or knew, without the ordinary classmates."""
        return [child for household in self.households for child in household.children]

    def open_children(self) -> Iterator[Child]:
        """Children whose village file is open on the day of the world."""
        return (child for child in self.children if child.open_on(self.as_of))

    def add_event(self, form: str, child: Child, **values: Any) -> None:
        """Note something about a child for that form."""
        self.events.setdefault(form, []).append(Event(child, values))

    def add_row(self, form: str, **values: Any) -> None:
        """Note a row that is about no child for that form."""
        self.tables.setdefault(form, []).append(values)


def years_before(day: date, years: int) -> date:
    """The same day `years` earlier; 29 February becomes 1 March in an ordinary year."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


def birthday(born: date, years: int) -> date:
    """The day on which somebody reaches that age in full years."""
    return years_before(born, -years)


def established(child: Child, day: date) -> Established:
    """What the records establish about eligibility on that day, by the order of tests in domain rules 3."""
    if day >= birthday(child.birth_date, 16):
        return "no"
    if child.residence == "outside":
        return "no"
    away = [_is_away(parent, day) for parent in (child.household.father, child.household.mother)]
    if all(away):
        return "yes"
    if None in (child.household.father.status, child.household.mother.status):
        return "unknown"
    if not any(away):
        return "no"
    other = child.household.mother if away[0] else child.household.father
    if not child.in_village:  # the police's form says who is away, and no more
        gone = child.in_school and other.status in ("dead", "imprisoned", "missing")
        return "yes" if gone else "unknown"
    return _without_capacity(other)


def _is_away(parent: Parent, day: date) -> bool:
    left = parent.since is None or parent.since <= day
    if parent.status == "returned":
        return left and parent.until is not None and day < parent.until
    return parent.status == "away" and left


def _without_capacity(parent: Parent) -> Established:
    if parent.status in ("dead", "imprisoned", "missing") or parent.capacity == "no":
        return "yes"
    return "no" if parent.capacity == "yes" else "unknown"
