"""What everybody may know about published counts beside the counts: read strictly from relations.toml."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import NamedTuple

from models.strict_toml import Strict, read

FILE = Path(__file__).with_name("relations.toml")


class Count(NamedTuple):
    """One column of the cube: how many subjects of a measure's part have an outcome."""

    code: str
    series: str
    outcome: str

    @property
    def measure(self) -> str:
        """The measure's part, as `relations.toml` writes it."""
        return f"{self.code}:{self.series}"


def count_named(text: str) -> Count:
    """`C7:type.both:yes` as a count; ValueError for anything else."""
    parts = text.split(":")
    if len(parts) != 3:
        raise ValueError(f"{FILE.name}: expected code:series:outcome, found {text}")
    return Count(*parts)


class Same(Strict):
    """Two groups of counts with one sum in every place."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    exact: tuple[str, ...] = ()  # counts of the right side that are shown as they are
    exact_left: tuple[str, ...] = ()  # and of the left side
    why: str


class OfTotal(Strict):
    """A count that everybody knows to be part of a sum of exact counts."""

    count: str
    total: tuple[str, ...]
    why: str


class Implied(Strict):
    """A count that is the rest of a known total, told by the count that is shown of it."""

    count: str
    told_by: str


class Part(Strict):
    """A count that is part of another in every place."""

    smaller: str
    larger: str


class Relations(Strict):
    """All that is known; see relations.toml."""

    public: tuple[str, ...]
    known_total: tuple[str, ...]
    of_total: tuple[OfTotal, ...]
    implied: tuple[Implied, ...]
    same: tuple[Same, ...]
    part: tuple[Part, ...]

    def is_public(self, measure: str) -> bool:
        """Whether a measure about children is shown exactly."""
        return measure in self.public

    def parts_of_total(self, count: Count) -> tuple[Count, ...] | None:
        """The counts that add up to what everybody knows this one to be part of; None: nothing is known."""
        for one in self.of_total:
            if count_named(one.count) == count:
                return tuple(map(count_named, one.total))
        if count.outcome == "yes" and any(fnmatchcase(count.measure, name) for name in self.known_total):
            return count, count._replace(outcome="no")
        return None

    def told_by(self, count: Count) -> Count:
        """The count that tells this one: itself, or the one whose known total it is the rest of."""
        for one in self.implied:
            if count_named(one.count) == count:
                return count_named(one.told_by)
        return count

    def is_implied(self, count: Count) -> bool:
        """Whether a count is the rest of a known total, and so needs no column of its own."""
        if self.told_by(count) != count:
            return True
        return count.outcome == "no" and self.parts_of_total(count._replace(outcome="yes")) is not None


@cache
def relations() -> Relations:
    """The relations; FileProblem names file, line, what was expected and what was found."""
    return read(FILE.read_text("utf-8"), Relations, FILE.name)
