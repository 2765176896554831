"""What offices did about places and money, computed a second time from the words of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from data_contracts.demo.world import World
from tests.independent.counting import Case, Outcome, after, due_in, spans

NAMES = {"civil_affairs": "民政", "education": "教育", "police": "公安", "health": "卫健"}
PARTIES = ("department", "village", "teacher", "parent", "observer")
DONATION_DAYS = 30


def _table(world: World, name: str) -> list[dict[str, Any]]:
    return world.tables.get(name, [])


def _quarter(words: str) -> str:
    """`2026Q3` from 2026年3季度."""
    return f"{words[:4]}Q{words[5]}"


def _by(ok: bool) -> Outcome:
    return "yes" if ok else "no"


def _village(world: World, name: str) -> str:
    return next(one.code for one in world.villages if one.name == name)


def c1(world: World) -> Iterator[Case]:
    """Households swept of the households with a child under sixteen, by half-year."""
    for row in _table(world, "household_sweep"):
        half = f"{row['half_year'][:4]}H{1 if '上' in row['half_year'] else 2}"
        yield Case(row["area_code"], half, "yes", weight=Decimal(row["n_swept"]))
        yield Case(row["area_code"], half, "no", weight=Decimal(row["n_households"] - row["n_swept"]))


def s3(world: World) -> Iterator[Case]:
    """Hazards fixed and verified by the due day, of those that fell due."""
    for span in spans("quarter", world.as_of):
        for row in _table(world, "hazards"):
            if span.holds(row["due_on"]):
                done = [row["fixed_on"], row["verified_on"]]
                in_time = all(day is not None and day <= row["due_on"] for day in done)
                yield Case(_village(world, row["village_code"]), span.name, _by(in_time))


def s4(world: World) -> Iterator[Case]:
    """Days in danger of every hazard that stood open in the quarter, and those overdue at its end."""
    for span in spans("quarter", world.as_of):
        for row in _table(world, "hazards"):
            fixed = row["fixed_on"]
            if row["found_on"] > span.seen_on or (fixed and fixed < span.first):
                continue
            unit = _village(world, row["village_code"])
            done = fixed is not None and fixed <= span.seen_on
            days = ((fixed if done else span.seen_on) - row["found_on"]).days
            yield Case(unit, span.name, _by(done), "open", days=days)
            yield Case(unit, span.name, _by(not done and row["due_on"] < span.seen_on), "overdue")


def g1(world: World) -> Iterator[Case]:
    """Checks with all five parties present, of the checks held."""
    for row in _table(world, "inspections"):
        if row["inspected_on"] is not None:
            there = all(row[f"{party}_present"] for party in PARTIES)
            yield Case(row["org_code"], _quarter(row["quarter"]), _by(there))


def g2(world: World) -> Iterator[Case]:
    """Units checked of the units due; in a quarter that still runs only those already checked."""
    last_days = {span.name: span for span in spans("quarter", world.as_of)}
    for row in _table(world, "inspections"):
        span = last_days.get(_quarter(row["quarter"]))
        if span and (span.seen_on == span.last or row["inspected_on"]):
            yield Case(row["org_code"], span.name, _by(row["inspected_on"] is not None))


def g3(world: World) -> Iterator[Case]:
    """Findings put right and verified by the due day, of those that fell due."""
    unit_of = {row["inspection_no"]: row["org_code"] for row in _table(world, "inspections")}
    for span in spans("quarter", world.as_of):
        for row in _table(world, "rectifications"):
            if span.holds(row["due_on"]):
                done = [row["corrected_on"], row["verified_on"]]
                in_time = all(day is not None and day <= row["due_on"] for day in done)
                yield Case(unit_of[row["inspection_no"]], span.name, _by(in_time))


def g6(world: World) -> Iterator[Case]:
    """Joint meetings held of those planned by now; beside it how many were held."""
    for span in spans("year", world.as_of):
        for row in _table(world, "meetings"):
            held: date | None = row["held_on"]
            if span.holds(row["planned_on"]):
                yield Case(None, span.name, _by(held is not None and held <= span.seen_on))
            if span.holds(held):
                yield Case(None, span.name, "yes", "held")


def i6(world: World) -> Iterator[Case]:
    """Exchanges sent by the due day, all and by ordered pair of departments."""
    for row in _table(world, "share_exchange"):
        if row["due_on"] <= world.as_of:
            in_time = row["sent_on"] is not None and row["sent_on"] <= row["due_on"]
            pair = f"{NAMES[row['sender']]}→{NAMES[row['receiver']]}"
            yield Case(None, row["month"], _by(in_time))
            yield Case(None, row["month"], _by(in_time), pair)


def f1(world: World) -> Iterator[Case]:
    """Yuan released of the yuan approved, all and by item."""
    for row in _table(world, "budgets"):
        for series in ("", row["item"]):
            year, approved, released = str(row["year"]), Decimal(row["approved"]), row["released"]
            if released is None:
                yield Case(None, year, "unknown", series, approved)
                continue
            yield Case(None, year, "yes", series, Decimal(released))
            yield Case(None, year, "no", series, approved - Decimal(released))


def f2(world: World) -> Iterator[Case]:
    """Yuan spent since January of the yuan released for the year, by item."""
    for span in spans("quarter", world.as_of):
        for row in _table(world, "budgets"):
            if row["year"] != span.seen_on.year or row["released"] is None:
                continue
            spent = sum(
                Decimal(one["amount"])
                for one in _table(world, "expenditures")
                if one["item"] == row["item"]
                and one["spent_on"].year == row["year"]
                and one["spent_on"] <= span.seen_on
            )
            series = f"cumulative_in_year.{row['item']}"
            yield Case(None, span.name, "yes", series, Decimal(spent))
            yield Case(None, span.name, "no", series, Decimal(row["released"]) - spent)


def f5(world: World) -> Iterator[Case]:
    """Donations published within thirty days, of those whose publication fell due."""
    for span in spans("quarter", world.as_of):
        for row in _table(world, "donations"):
            last_day = after(row["received_on"], DONATION_DAYS)
            if due_in(span, last_day, world.as_of):
                shown = row["published_on"]
                yield Case(None, span.name, _by(shown is not None and shown <= last_day))
