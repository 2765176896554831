"""How far the list hangs on chance: equally good cards, the card learned again from other villages, ties at the cut."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from models.learning.honest.intervals import Floats

REFITS = 10
ORDER = "points, then the child's pseudonym"


class Stability(NamedTuple):
    """n_cards equally good cards; on_list: of the children that any of them lists, by how many do.

    overlap: of the lists of pairs of refits, the mean part that both share; flips: facts whose points turned round
    in a refit (0 where directions are fixed); n_tied: children with the points of the last one on the list, of whom
    n_tied_on stand on it, in the order `order`.
    """

    n_cards: int
    on_list: dict[int, int]
    n_refits: int
    overlap: float | None
    flips: int
    n_tied: int
    n_tied_on: int
    order: str


def stability(
    model: Any, given: pl.DataFrame, capacity: int, refit: Callable[[int], Any], refits: int = REFITS
) -> Stability:
    """Of the list of `capacity` children among the rows given; `refit` learns the card again from other villages."""
    inputs = given.select(list(model.feature_names_in_))
    share = min(1.0, capacity / max(1, len(inputs)))
    agreed = model.agreement(inputs, top_share=share)
    again = [refit(at) for at in range(refits)]
    lists = [_top(np.asarray(one.points(inputs), float), capacity) for one in again if one is not None]
    points = np.asarray(model.points(inputs), float)
    n_tied, n_tied_on = _ties(points, capacity)
    counted = Counter(int(one) for one in agreed if one)
    signs = [_signs(one) for one in again if one is not None]
    flips = sum(any(other.get(fact, sign) != sign for other in signs) for fact, sign in _signs(model).items())
    return Stability(len(model.pool_), dict(sorted(counted.items())), len(lists), _overlap(lists), flips,
                     n_tied, n_tied_on, ORDER)  # fmt: skip


def _top(points: Floats, capacity: int) -> set[int]:
    return {int(one) for one in np.argsort(-points, kind="stable")[:capacity]}


def _overlap(lists: list[set[int]]) -> float | None:
    """The mean over pairs of what both lists share of what either has."""
    shared = [
        len(one & other) / len(one | other)
        for at, one in enumerate(lists)
        for other in lists[at + 1 :]
        if one | other
    ]
    return float(np.mean(shared)) if shared else None


def _signs(model: Any) -> dict[str, int]:
    """Fact → 1 where more of it earns more points, -1 where less does."""
    found = {}
    for line in model.card_lines():
        step = line.bins[-1].points - line.bins[0].points
        if step:
            found[line.fact] = 1 if step > 0 else -1
    return found


def _ties(points: Floats, capacity: int) -> tuple[int, int]:
    """(children with the points of the last one on the list, how many of them stand on it)."""
    if not len(points):
        return 0, 0
    ordered = np.sort(points)[::-1]
    cut = ordered[min(capacity, len(ordered)) - 1]
    tied = int((points == cut).sum())
    return tied, int(min(capacity, len(ordered)) - (points > cut).sum())
