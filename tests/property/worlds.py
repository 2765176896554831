"""Small random worlds for the engines: a handful of children, dates around birthdays and leap days, gaps."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from hypothesis import strategies as st

from data_contracts.vocabularies import vocabularies
from tests.spec.ledger import AREAS, Block, Ledger

DAYS = (date(2026, 9, 30), date(2026, 3, 1), date(2026, 2, 28))
VILLAGES = [code for code, _, level, _ in AREAS if level == "village"]
UNREADABLE_DAY = ",visited_on,"
Row = dict[str, str]


def codes(vocabulary: str) -> st.SearchStrategy[str]:
    """A code of a list, or a blank."""
    return st.sampled_from(["", *(value.code for value in vocabularies()[vocabulary].values)])


def near(day: date, spread: int) -> st.SearchStrategy[str]:
    """A day so many days before or after another, as text."""
    return st.integers(-spread, spread).map(lambda days: (day + timedelta(days=days)).isoformat())


def _birthday(as_of: date, years: int) -> date:
    return date(as_of.year - years, as_of.month, min(as_of.day, 28))


def birth_dates(as_of: date) -> st.SearchStrategy[str]:
    """Around the limits of age (sixteen, eight, birth), on leap days, anywhere, or not recorded."""
    leap_days = [date(year, 2, 29).isoformat() for year in (2008, 2012, 2016, 2020)]
    limits = [near(_birthday(as_of, years), 2) for years in (16, 8, 0)]
    return st.one_of(*limits, st.sampled_from([*leap_days, ""]), near(_birthday(as_of, 9), 1500))


def some_days(as_of: date) -> st.SearchStrategy[str]:
    """A day of the last two years or so, or a blank."""
    return st.just("") | near(as_of - timedelta(days=300), 320) | st.just("2024-02-29")


@st.composite
def parents(draw: st.DrawFn, as_of: date, parent: str) -> Row:
    """One parent's columns of the shorthand `children`; an unreadable status is blank and marked."""
    status = draw(codes("parent_status"))
    since = draw(some_days(as_of) | st.sampled_from(["2026-02", "2026-09", "2025-12"]))
    return {
        parent: status,
        f"{parent}_invalid": draw(st.sampled_from(["", ",status,"])) if status == "" else "",
        f"{parent}_capacity": draw(codes("capacity")),
        f"{parent}_since": since,
        f"{parent}_until": draw(st.just("") | some_days(as_of)),
    }


@st.composite
def children(draw: st.DrawFn, as_of: date, name: str) -> Row:
    """One row of the shorthand `children`: one child on one list."""
    # Most children stand open on their list on the day, else the figures would be about nobody.
    open_for_long = (as_of - timedelta(days=600)).isoformat()
    opened_on = draw(st.sampled_from([open_for_long] * 4) | some_days(as_of))
    closes = opened_on != "" and draw(st.integers(0, 3)) == 0
    return {
        "child_id": name,
        "source": draw(st.sampled_from(["village", "village", "school", "police"])),
        "birth_date": draw(birth_dates(as_of)),
        "village": draw(st.sampled_from(VILLAGES)),
        "residence": draw(codes("residence")),
        "parents_summary": draw(codes("parents_summary")),
        **draw(parents(as_of, "father")),
        **draw(parents(as_of, "mother")),
        "opened_on": opened_on,
        "closed_on": draw(some_days(as_of)) if closes else "",
        "close_reason": draw(codes("close_reason")) if closes else "",
    }


@st.composite
def visits(draw: st.DrawFn, as_of: date, name: str) -> list[Row]:
    """Up to four due visits of a child, on different days; some days cannot be read, some modes are blank."""
    due = draw(st.lists(near(as_of - timedelta(days=100), 130), max_size=4, unique=True))
    rows = []
    for due_on in due:
        visited_on = draw(st.just("") | near(date.fromisoformat(due_on), 40))
        unreadable = UNREADABLE_DAY if visited_on == "" and draw(st.booleans()) else ""
        mode = draw(codes("visit_mode"))
        row = {
            "child_id": name,
            "due_on": due_on,
            "visited_on": visited_on,
            "mode": mode,
            "invalid": unreadable,
        }
        rows.append(row)
    return rows


@st.composite
def worlds(draw: st.DrawFn, most: int = 8) -> Ledger:
    """A world as a ledger: children, their visits, how they live."""
    as_of = draw(st.sampled_from(DAYS))
    names = [f"c{number}" for number in range(draw(st.integers(1, most)))]
    living = [
        {"child_id": name, "living": draw(codes("living")), "supervision": draw(codes("supervision"))}
        for name in names
        if draw(st.booleans())
    ]
    blocks = [
        Block("children", [draw(children(as_of, name)) for name in names]),
        Block("visit", [row for name in names for row in draw(visits(as_of, name))]),
        Block("living_arrangement", living),
    ]
    return Ledger(Path("random world"), as_of, blocks)


def with_rows(world: Ledger, name: str, rows: list[Row]) -> Ledger:
    """The same world with other rows in one block."""
    return world._replace(
        blocks=[one._replace(rows=rows) if one.name == name else one for one in world.blocks]
    )


def _answered_day(row: Row) -> st.SearchStrategy[str]:
    """The day behind an unreadable one: none, or one near the due day."""
    return st.just("") | near(date.fromisoformat(row["due_on"]), 40)


@st.composite
def worlds_and_answers(draw: st.DrawFn) -> tuple[Ledger, Ledger]:
    """A world, and the same world after somebody found out some of what was not known.

    An unreadable day becomes a day (or turns out to be no visit), a blank mode becomes a mode, blanks about
    how a child lives are filled.
    """
    world = draw(worlds())
    answered = []
    for row in world.rows("visit"):
        told = dict(row)
        if draw(st.booleans()):
            if row["invalid"]:
                told |= {"invalid": "", "visited_on": draw(_answered_day(row))}
            if row["mode"] == "":
                told["mode"] = draw(codes("visit_mode").filter(bool))
        answered.append(told)
    living = []
    for row in world.rows("living_arrangement"):
        told = {name: value or draw(codes(name)) for name, value in row.items() if name != "child_id"}
        living.append({"child_id": row["child_id"], **told})
    return world, with_rows(with_rows(world, "visit", answered), "living_arrangement", living)
