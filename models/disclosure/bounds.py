"""What an attacker can prove about a protected table: a linear system, solved by HiGHS.

A table holds whole numbers by area and column (a count of one measure).  What is published about a cell is an
interval: a rounded number, "below", or nothing.  What everybody knows besides are sums: a place is the sum of the
places in it, the counts of a measure add up to a total, one count is part of another.  The same system serves the
protection (which asks whether each hidden cell can still be anything within a wide enough span) and the attack in
the tests (which asks for the exact span of each).

Source: Fischetti and Salazar-González 2001, Management Science 47:1008 (cell suppression as a pair of linear
programs for each cell); HiGHS through SciPy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import highspy
import numpy as np
from scipy.sparse import coo_array

from models.solver import quiet_solver

FAR = 1e6  # no upper end: far above what one table counts
_ROUNDS = 40  # at most, of moves of the whole table
_WORTH = 2  # cells that two such moves must settle to be worth another; the rest are asked for one by one
_PASSES = 50  # of going from sum to sum
_EXACT = 1e-6


class Sum(NamedTuple):
    """`plus` cells less `minus` cells: equal to `amount`, or at most that where `at_most`.

    `in_one_place`: its cells are counts of one place, not one count of several places.
    """

    plus: tuple[int, ...]
    minus: tuple[int, ...]
    amount: float = 0.0
    at_most: bool = False
    in_one_place: bool = False


class System(NamedTuple):
    """`low`, `high`: what is published about each cell, shape (cells,); `sums`: what everybody knows."""

    low: np.ndarray
    high: np.ndarray
    sums: Sequence[Sum]


def outer_spans(system: System) -> np.ndarray:
    """For every cell a span that holds all it can be, shape (cells, 2), by going from sum to sum until nothing moves.

    Quick, and exact where the sums form a tree; elsewhere the true span can be narrower, never wider.
    """
    low, high = system.low.astype(float), np.minimum(system.high, FAR).astype(float)
    if not system.sums:
        return np.column_stack([low, high])
    row, cell, sign = _members(system.sums)
    amount = np.array([one.amount for one in system.sums])
    is_equal = np.array([not one.at_most for one in system.sums])[row]
    plus = sign > 0
    for _ in range(_PASSES):
        least, most = np.where(plus, low[cell], -high[cell]), np.where(plus, high[cell], -low[cell])
        room = amount[row] - (np.bincount(row, least)[row] - least)
        need = np.where(is_equal, amount[row] - (np.bincount(row, most)[row] - most), -np.inf)
        before = high.sum() - low.sum()
        np.minimum.at(high, cell, np.where(plus, room, -need))
        np.maximum.at(low, cell, np.where(plus, need, -room))
        if high.sum() - low.sum() > before - _EXACT:
            break
    return np.column_stack([low, high])


def is_tree(sums: Sequence[Sum]) -> bool:
    """Whether no two sums are tied together twice, so that `outer_spans` is exact."""
    leader: dict[tuple[str, int], tuple[str, int]] = {}

    def lead(node: tuple[str, int]) -> tuple[str, int]:
        while leader.setdefault(node, node) != node:
            node = leader[node]
        return node

    for number, one in enumerate(sums):
        for cell in (*one.plus, *one.minus):
            ends = lead(("sum", number)), lead(("cell", cell))
            if ends[0] == ends[1]:
                return False
            leader[ends[0]] = ends[1]
    return True


def _members(sums: Sequence[Sum]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows: list[int] = []
    cells: list[int] = []
    signs: list[float] = []
    for number, one in enumerate(sums):
        for members, sign in ((one.plus, 1.0), (one.minus, -1.0)):
            rows += [number] * len(members)
            cells += members
            signs += [sign] * len(members)
    return np.array(rows), np.array(cells), np.array(signs)


class _Program:
    """The system handed to HiGHS once and asked many times, each time from where the last answer ended."""

    def __init__(self, system: System) -> None:
        self.n = len(system.low)
        self._solver = quiet_solver()
        self._solver.passModel(_model(system))
        self._solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
        self._all = np.arange(self.n, dtype=np.int32)

    def farthest(self, direction: np.ndarray) -> np.ndarray | None:
        """A table that fits everything published and goes as far as possible; None where none fits."""
        self._solver.changeColsCost(self.n, self._all, direction)
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return np.array(self._solver.getSolution().col_value)


def _model(system: System) -> highspy.HighsLp:
    rows, cells, signs = _members(system.sums)
    n, m = len(system.low), len(system.sums)
    matrix = coo_array((signs, (rows, cells)), shape=(m, n)).tocsr()
    amount = np.array([one.amount for one in system.sums], dtype=float)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = n, m
    lp.col_cost_ = np.zeros(n)
    lp.col_lower_, lp.col_upper_ = system.low.astype(float), np.minimum(system.high, FAR)
    lp.row_lower_ = np.where([one.at_most for one in system.sums], -highspy.kHighsInf, amount)
    lp.row_upper_ = amount
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = matrix.indptr, matrix.indices
    lp.a_matrix_.value_ = matrix.data
    return lp


def spans(system: System, cells: Sequence[int]) -> np.ndarray:
    """The smallest and largest value that each cell can have, shape (cells asked for, 2).

    ValueError where no table fits what is published.
    """
    program, found = _Program(system), np.empty((len(cells), 2))
    direction = np.zeros(len(system.low))
    for place, cell in enumerate(cells):
        for end, sign in ((0, -1.0), (1, 1.0)):
            direction[cell] = sign
            table = program.farthest(direction)
            if table is None:
                raise ValueError(f"cell {cell}: expected a table that fits what is published, found none")
            found[place, end] = table[cell]
        direction[cell] = 0.0
    return found


def too_narrow(system: System, truth: np.ndarray, cells: np.ndarray, least: np.ndarray) -> np.ndarray:
    """Those of the cells whose provable span is narrower than `least`, as a boolean of their shape.

    Few programs settle most cells: each finds one table that fits and moves all open cells at once, up or down;
    two tables that differ by enough in a cell are proof for it.  Only what is left is asked for singly.
    """
    program = _Program(system)
    lowest, highest = truth[cells].astype(float), truth[cells].astype(float)
    chance = np.random.default_rng(len(cells))
    signs = np.where(np.arange(len(cells)) % 2 == 0, 1.0, -1.0)
    settled = np.count_nonzero(least <= 0)
    for turn in range(_ROUNDS):
        is_open = highest - lowest < least - _EXACT
        if turn % 2 == 0 and turn and np.count_nonzero(~is_open) < settled + _WORTH:
            break
        settled = np.count_nonzero(~is_open)
        direction = np.zeros(len(system.low))
        direction[cells] = np.where(is_open, signs, 0.0)
        table = program.farthest(direction)
        if table is not None:
            lowest, highest = np.minimum(lowest, table[cells]), np.maximum(highest, table[cells])
        signs = -signs if turn % 2 == 0 else chance.choice([-1.0, 1.0], len(cells))
    return _singly(program, system, cells, least, lowest, highest)


def _singly(
    program: _Program,
    system: System,
    cells: np.ndarray,
    least: np.ndarray,
    lowest: np.ndarray,
    highest: np.ndarray,
) -> np.ndarray:
    direction = np.zeros(len(system.low))
    for place in np.flatnonzero(highest - lowest < least - _EXACT):
        for sign in (1.0, -1.0):
            if highest[place] - lowest[place] >= least[place] - _EXACT:
                break
            direction[cells[place]] = sign
            table = program.farthest(direction)
            if table is not None:
                lowest, highest = np.minimum(lowest, table[cells]), np.maximum(highest, table[cells])
        direction[cells[place]] = 0.0
    return highest - lowest < least - _EXACT
