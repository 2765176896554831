"""The counts of one period, laid out as tables that must be protected together, with all sums that hold in them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from models.disclosure.bounds import FAR, Sum
from models.disclosure.protect import Cells, Mark, Rule
from models.disclosure.relations import Count, Relations, count_named

OUTCOMES = ("yes", "no", "unknown")
LEVELS = ("village", "school", "township", "district")
_COST_OF_LEVEL = {"village": 0.0, "school": 0.0, "township": 1e6, "district": 1e9}


class Place(NamedTuple):
    """A place in the cube: its code, its level, and the place in which it is added up."""

    area: str
    level: str
    parent: str | None


Amounts = Mapping[tuple[Count, str], int]  # how many, by count and area; what is missing is 0


class Table(NamedTuple):
    """Counts that hang together in one period: `cells` in the order columns × places, `at` finds one."""

    columns: list[Count]
    places: list[Place]
    cells: Cells
    at: dict[tuple[Count, str], int]


def groups(columns: Iterable[Count], known: Relations) -> list[list[Count]]:
    """Columns that must be protected together, because `relations.toml` ties them."""
    leader = {one: one for one in columns}

    def lead(one: Count) -> Count:
        while leader[one] != one:
            one = leader[one]
        return one

    tied = [[*same.left, *same.right] for same in known.same]
    tied += [[part.smaller, part.larger] for part in known.part]
    for names in tied:
        present = [one for one in map(count_named, names) if one in leader]
        for other in present[1:]:
            leader[lead(other)] = lead(present[0])
    by_leader: dict[Count, list[Count]] = {}
    for one in leader:
        by_leader.setdefault(lead(one), []).append(one)
    return list(by_leader.values())


class _Layout:
    """Numbers the cells while a table is laid out, and collects what is known about them."""

    def __init__(
        self,
        columns: Sequence[Count],
        places: Sequence[Place],
        left_out: set[str | None],
        amounts: Amounts,
        known: Relations,
    ) -> None:
        """left_out: the places below which some place gets no number of its own."""
        self.columns, self.places, self.amounts, self.known = columns, places, amounts, known
        self.left_out = left_out
        self.at = {(c, p.area): i for i, (c, p) in enumerate((c, p) for c in columns for p in places)}
        self.counts = [amounts.get(key, 0) for key in self.at]
        self.cost = [_COST_OF_LEVEL[p.level] + amounts.get((c, p.area), 0) for c in columns for p in places]
        self.total = [self._total(column, area) for column, area in self.at]
        self.room = list(self.total)
        self.left: dict[tuple[Count, str], int] = {}
        self.sums: list[Sum] = []
        self.below: dict[str, list[str]] = {}
        named = {place.area for place in places}
        for place in places:
            if place.parent in named and place.parent:
                self.below.setdefault(place.parent, []).append(place.area)

    def _total(self, column: Count, area: str) -> float:
        amount = known_amount(column, area, self.amounts, self.known)
        return FAR if amount is None else float(amount)

    def add_places(self) -> None:
        """Each place is the sum of those below it, and of what no place below it has."""
        for column in self.columns:
            for area, below in self.below.items():
                inner = [self.at[column, one] for one in below]
                rest = self.amounts.get((column, area), 0) - sum(self.counts[cell] for cell in inner)
                if rest < 0:
                    raise ValueError(f"{column.measure} {area}: expected no more below it than in it")
                loose = self._unpublished(column, area, inner, rest)
                self.sums.append(Sum((*inner, *loose), (self.at[column, area],)))

    def _unpublished(self, column: Count, area: str, inner: Sequence[int], rest: int) -> list[int]:
        """The number that stands in no table: what is counted in a place and in none of the places below it."""
        total = FAR
        if self.total[self.at[column, area]] < FAR:
            total = self.total[self.at[column, area]] - sum(self.total[cell] for cell in inner)
        # A place without a number may hold some of them, also where it happens to hold none.
        if not (rest or area in self.left_out if total == FAR else total):
            return []
        self.counts.append(rest)
        self.cost.append(0.0)
        self.total.append(total)
        self.left[column, area] = len(self.counts) - 1
        room = known_room(column, area, self.amounts, self.known)
        taken = [known_room(column, one, self.amounts, self.known) or 0 for one in self.below[area]]
        self.room.append(FAR if room is None else float(room - sum(taken)))
        return [len(self.counts) - 1]

    def add_relations(self) -> None:
        """What `relations.toml` says of the counts of one place, and of what is left of a place."""
        for place in self.places:
            self._relate(self.at, place.area, 1)
        for area in self.below:
            if any(left == area for _, left in self.left):
                self._relate(self.left, area, -1)

    def _relate(self, at: dict[tuple[Count, str], int], area: str, sign: int) -> None:
        for same in self.known.same:
            names = [[count_named(text) for text in side] for side in (same.left, same.right)]
            left, right = ([at[one, area] for one in side if (one, area) in at] for side in names)
            if left and set(itertools.chain(*names)) <= set(self.columns):
                exact = sum(self._exact(count_named(text), area, sign) for text in same.exact)
                exact -= sum(self._exact(count_named(text), area, sign) for text in same.exact_left)
                self.sums.append(Sum(tuple(left), tuple(right), float(exact), in_one_place=True))
        for part in self.known.part:
            smaller, larger = ((count_named(text), area) for text in (part.smaller, part.larger))
            if smaller in at and larger in at:
                self.sums.append(Sum((at[smaller],), (at[larger],), at_most=True, in_one_place=True))

    def _exact(self, count: Count, area: str, sign: int) -> int:
        """An exact count of a place, or (sign -1) of what is left of it."""
        here = self.amounts.get((count, area), 0)
        below = sum(self.amounts.get((count, one), 0) for one in self.below.get(area, ()))
        return here if sign > 0 else here - below


def known_amount(column: Count, area: str, amounts: Amounts, known: Relations) -> int | None:
    """What everybody knows a count to be part of in a place; None where nothing is known or nothing was counted."""
    parts = known.parts_of_total(column)
    if parts is None or all((part, area) not in amounts for part in parts):
        return None
    return sum(amounts.get((part, area), 0) for part in parts)


def known_room(column: Count, area: str, amounts: Amounts, known: Relations) -> int | None:
    """How far a count can move in a place as everybody knows: its known total less what is shown exactly of it.

    A count that is part of one with a known total can move no further than that.
    """
    total = known_amount(column, area, amounts, known)
    ties = [same for same in known.same if column in map(count_named, (*same.left, *same.right))]
    for same in ties if total is None else ():
        found = [known_amount(count_named(name), area, amounts, known) for name in same.left]
        if None not in found:
            total = sum(one for one in found if one is not None)
    if total is None:
        return None
    exact = {name for same in ties for name in same.exact}
    return total - sum(amounts.get((count_named(name), area), 0) for name in exact)


def in_cube(
    columns: Sequence[Count], places: Iterable[Place], amounts: Amounts, known: Relations, rule: Rule
) -> list[Place]:
    """The places that get numbers of their own: not those where a known total is itself a small number.

    What happens in those stays in the number of the place above, together with the other small ones.
    """
    kept = []
    for place in places:
        rooms = [known_room(column, place.area, amounts, known) for column in columns]
        if all(room is None or room >= rule.shown_from for room in rooms):
            kept.append(place)
    return kept


def table(
    columns: Sequence[Count], every: Sequence[Place], amounts: Amounts, known: Relations, rule: Rule
) -> Table:
    """One group of columns as a table, every known sum with it; nothing in it is marked yet.

    every: all places, also those that get no number.  ValueError where a place has fewer than the places below it.
    """
    places = in_cube(columns, every, amounts, known, rule)
    named_places = {place.area for place in places}
    left_out = {place.parent for place in every if place.area not in named_places}
    layout = _Layout(columns, places, left_out, amounts, known)
    layout.add_places()
    layout.add_relations()
    n, named = len(layout.counts), len(layout.at)
    total = np.array(layout.total)
    marks = np.full(n, int(Mark.SHOWN))
    marks[named:] = Mark.UNPUBLISHED
    # Wider than a small number; in what is left of small places, all that is possible there.
    least = np.minimum(float(rule.small + 1), np.array(layout.room))
    cells = Cells(
        np.array(layout.counts), np.array(layout.cost), total, marks, least, np.zeros(n, bool), layout.sums
    )
    return Table(list(columns), list(places), cells, layout.at)
