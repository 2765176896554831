"""Somebody who has every published table of all levels and periods, knows the method, and solves the linear system.

Written apart from `models/disclosure`: it reads published rows only, lays out the sums anew and asks HiGHS through
SciPy for the smallest and largest value of every hidden number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

FAR = 100_000.0
Cell = tuple[str, str, str, str, str]  # code, series, outcome, area, period


class Knowledge(NamedTuple):
    """intervals: cell → (low, high); equal: (cells with signs, amount); at_most: the same with "at most"."""

    intervals: dict[Cell, tuple[float, float]]
    equal: list[tuple[dict[Cell, float], float]]
    at_most: list[tuple[dict[Cell, float], float]]


def interval(mark: str, number: int | None, total: float, shown_from: int, base: int) -> tuple[float, float]:
    """What one published entry says, to somebody who knows the method."""
    if mark == "small":
        return 0.0, shown_from - 1
    if mark == "large":
        return max(total - shown_from + 1, 0.0), total
    if mark == "few" or number is None:
        return 0.0, total
    return max(number - base // 2, 0.0), number + (base - 1) // 2


def spans(known: Knowledge, asked: Iterable[Cell]) -> dict[Cell, tuple[float, float]]:
    """The smallest and largest value of each cell; the parts of the system that hang together are solved apart."""
    found = {}
    for part in _parts(known):
        wanted = [cell for cell in asked if cell in part]
        if wanted:
            found.update(_solve(known, part, wanted))
    return found


def _parts(known: Knowledge) -> list[set[Cell]]:
    leader = {cell: cell for cell in known.intervals}

    def lead(cell: Cell) -> Cell:
        while leader[cell] != cell:
            leader[cell] = leader[leader[cell]]
            cell = leader[cell]
        return cell

    for members, _ in (*known.equal, *known.at_most):
        first, *others = members
        for other in others:
            leader[lead(other)] = lead(first)
    parts: dict[Cell, set[Cell]] = {}
    for cell in leader:
        parts.setdefault(lead(cell), set()).add(cell)
    return list(parts.values())


def _solve(known: Knowledge, part: set[Cell], wanted: Sequence[Cell]) -> dict[Cell, tuple[float, float]]:
    cells = sorted(part)
    at = {cell: number for number, cell in enumerate(cells)}
    box = [known.intervals[cell] for cell in cells]
    equal, most = (_matrix([one for one in rows if next(iter(one[0])) in part], at)
                   for rows in (known.equal, known.at_most))  # fmt: skip
    found = {}
    for cell in wanted:
        cost = np.zeros(len(cells))
        ends = []
        for sign in (1.0, -1.0):
            cost[at[cell]] = sign
            answer = linprog(
                cost, A_eq=equal[0], b_eq=equal[1], A_ub=most[0], b_ub=most[1], bounds=box, method="highs"
            )
            assert answer.status == 0, f"{cell}: the published tables contradict each other"
            ends.append(answer.x[at[cell]])
        found[cell] = (ends[0], ends[1])
    return found


def _matrix(rows: list[tuple[Mapping[Cell, float], float]], at: Mapping[Cell, int]) -> tuple[object, object]:
    if not rows:
        return None, None
    entries = [(n, at[cell], sign) for n, (members, _) in enumerate(rows) for cell, sign in members.items()]
    number, column, sign = zip(*entries, strict=True)
    return coo_array((sign, (number, column)), shape=(len(rows), len(at))).tocsr(), [
        amount for _, amount in rows
    ]
