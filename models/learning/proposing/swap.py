"""The swap set: who would enter the list of those that can be visited, and who would leave it, by group.

Children are counted by group; who they are is told apart, for a role that may see children.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Swapped(NamedTuple):
    """A group of children on the list of a day: how many stay, enter, leave."""

    kind: str
    group: str
    stay: int
    enter: int
    leave: int


class Swap(NamedTuple):
    """The lists of two cards on the same day, `capacity` children each; entering, leaving: pseudonyms."""

    day: dt.date
    capacity: int
    n: int
    stay: int
    entering: tuple[str, ...]
    leaving: tuple[str, ...]
    groups: tuple[Swapped, ...]

    @property
    def overlap(self) -> float | None:
        """The part of both lists together that stands on both; None where nobody is listed."""
        together = self.stay + len(self.entering) + len(self.leaving)
        return self.stay / together if together else None


def swap(
    frame: pl.DataFrame,
    before: Floats,
    after: Floats,
    capacity: int,
    groups: Mapping[tuple[str, dt.date], Mapping[str, str]],
) -> Swap:
    """Who would be among the first `capacity` by `after` and not by `before`, and the reverse, on the last day.

    frame: columns child_id and as_of; equal points stand in the order of the child's pseudonym, as in a list.
    """
    day = frame["as_of"].max()
    assert isinstance(day, dt.date)
    rows = (frame["as_of"] == day).to_numpy()
    children = frame["child_id"].to_numpy()[rows]
    tops = [set(_first(children, scores[rows], capacity)) for scores in (before, after)]
    kept, entering, leaving = tops[0] & tops[1], tops[1] - tops[0], tops[0] - tops[1]
    counts: dict[tuple[str, str], Counter[str]] = {}
    for name, members in (("stay", kept), ("enter", entering), ("leave", leaving)):
        for child in members:
            for kind, group in groups.get((child, day), {}).items():
                counts.setdefault((kind, group), Counter())[name] += 1
    told = tuple(
        Swapped(kind, group, *(counted[name] for name in ("stay", "enter", "leave")))
        for (kind, group), counted in sorted(counts.items())
    )
    return Swap(
        day, capacity, len(children), len(kept), tuple(sorted(entering)), tuple(sorted(leaving)), told
    )


def _first(children: NDArray[np.object_], scores: Floats, capacity: int) -> list[str]:
    order = np.lexsort((children.astype(str), -scores))
    return [str(one) for one in children[order[:capacity]]]
