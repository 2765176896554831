"""Which numbers of a table to show, so that no hidden one can be worked out from the rest.

Numbers below `shown_from` are hidden as small, and numbers so near to a total that everybody knows that the rest of
it is small are hidden as large; what is left is rounded.  Then, as long as the linear system of everything published
proves some hidden number to within too narrow a span, one more number is hidden: the cheapest that stands in a sum
with it.  What turns out not to have been needed is shown again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from models.disclosure.bounds import FAR, Sum, System, is_tree, outer_spans, too_narrow


class Mark(IntEnum):
    """How a cell is published; `UNPUBLISHED` cells are no cells of the cube (places that no table names)."""

    SHOWN = 0
    SMALL = 1
    LARGE = 2
    WITHHELD = 3
    UNPUBLISHED = 4
    SILENT = 5  # withheld without a word whether it is small: the marks of one place could be added up


_SHOWN, _SMALL, _LARGE, _WITHHELD, _UNPUBLISHED, _SILENT = (int(mark) for mark in Mark)


class Rule(NamedTuple):
    """`small`: a number below this may not be worked out; numbers are rounded to a multiple of `base`."""

    small: int
    base: int

    @property
    def shown_from(self) -> int:
        """The smallest number that is shown: "below" must leave a span wider than `small`."""
        return self.small + self.base // 2 + 1

    def rounded(self, counts: np.ndarray) -> np.ndarray:
        """The nearest multiple of the base (halves up)."""
        return (counts + self.base // 2) // self.base * self.base


class Cells(NamedTuple):
    """The whole numbers of one table and what everybody knows about them.

    counts, cost: shape (cells,); a cell with a higher cost is hidden later.  total: what everybody knows the count
    to be part of, or FAR.  marks: what is settled before (`UNPUBLISHED`, or hidden in an earlier issue).  least: the
    span that each cell must keep.  shown_before: whether an earlier issue showed the same number.
    """

    counts: np.ndarray
    cost: np.ndarray
    total: np.ndarray
    marks: np.ndarray
    least: np.ndarray
    shown_before: np.ndarray
    sums: Sequence[Sum]


def published(cells: Cells, marks: np.ndarray, rule: Rule) -> System:
    """What an attacker who knows the method learns from the marks and the rounded numbers."""
    edge, total = rule.shown_from, cells.total
    near = rule.rounded(cells.counts)
    is_open = (
        total < 2 * edge
    )  # between small and large there is nothing: always withheld, so nothing is told
    low, high = np.zeros(len(marks)), total.astype(float)
    between = (marks == _WITHHELD) & ~is_open
    low[between], high[between] = edge, total[between] - edge
    high[marks == _SMALL] = edge - 1
    low[marks == _LARGE] = total[marks == _LARGE] - edge + 1
    seen = (marks == _SHOWN) | cells.shown_before
    low[seen] = np.maximum(near[seen] - rule.base // 2, edge)
    high[seen] = np.minimum(near[seen] + (rule.base - 1) // 2, total[seen] - edge)
    return System(low, np.minimum(high, FAR), cells.sums)


def first_marks(cells: Cells, rule: Rule) -> np.ndarray:
    """Marks by each number alone, shape (cells,): small, large, or both and so withheld; what was hidden stays so."""
    is_small, is_large = cells.counts < rule.shown_from, cells.total - cells.counts < rule.shown_from
    found = np.select(
        [is_small & is_large, cells.total < 2 * rule.shown_from, is_small, is_large],
        [_WITHHELD, _WITHHELD, _SMALL, _LARGE],
        np.where(cells.marks == _WITHHELD, _WITHHELD, _SHOWN),
    )
    return np.where(cells.marks == _UNPUBLISHED, _UNPUBLISHED, found)


def protect(cells: Cells, rule: Rule) -> np.ndarray:
    """A mark for each cell, shape (cells,), such that every hidden one keeps its span.

    Where a span can't be kept even with everything hidden (a sum that everybody knows leaves less), all cells
    in its sums are hidden and it stays as it is.
    """
    marks = first_marks(cells, rule)
    begun, beside = marks.copy(), _sums_of(cells)
    _hide(cells, marks, rule, beside, _surely_narrow)
    _show_again(cells, begun, marks, rule)
    if not is_tree(cells.sums):
        _hide(_hopeful(cells, marks, rule), marks, rule, beside, narrow_cells)
    return marks


def _hopeful(cells: Cells, marks: np.ndarray, rule: Rule) -> Cells:
    """The same without asking for spans that hiding everything would not give."""
    silent = np.where(cells.shown_before | (marks == _UNPUBLISHED), marks, _SILENT)
    least = cells.least.copy()
    least[narrow_cells(cells, silent, rule)] = 0.0
    return cells._replace(least=least)


Judge = Callable[[Cells, np.ndarray, Rule], np.ndarray]


def _hide(cells: Cells, marks: np.ndarray, rule: Rule, beside: list[list[int]], judge: Judge) -> None:
    """Hide one number more for each hidden one whose span is too narrow, until none is."""
    while (narrow := judge(cells, marks, rule)).size:
        told = _marks_beside(cells, marks, beside, narrow)
        if told:
            marks[told] = _SILENT
            continue
        free = (marks == _SHOWN) & ~cells.shown_before
        chosen = {_cheapest(cells, free, beside, cell) for cell in narrow.tolist()} - {-1}
        if not chosen:
            break
        marks[list(chosen)] = _WITHHELD


def _marks_beside(cells: Cells, marks: np.ndarray, beside: list[list[int]], narrow: np.ndarray) -> list[int]:
    """Hidden cells whose mark says something, in one place and one sum with a cell that is too narrow."""
    found = set()
    for cell in narrow.tolist():
        for number in beside[cell]:
            one = cells.sums[number]
            if one.in_one_place:
                found |= {m for m in (*one.plus, *one.minus) if marks[m] in (_SMALL, _LARGE, _WITHHELD)}
    return sorted(found)


def _asked(cells: Cells, marks: np.ndarray) -> np.ndarray:
    """The cells whose span must be kept: the hidden ones, and those that no table names."""
    return np.flatnonzero((marks != _SHOWN) & ~cells.shown_before & (cells.least > 0))


def _surely_narrow(cells: Cells, marks: np.ndarray, rule: Rule) -> np.ndarray:
    """Hidden cells whose span is too narrow even by the quick way, which makes spans too wide if anything."""
    asked = _asked(cells, marks)
    spans = outer_spans(published(cells, marks, rule))[asked]
    return asked[spans[:, 1] - spans[:, 0] < cells.least[asked]]


def narrow_cells(cells: Cells, marks: np.ndarray, rule: Rule) -> np.ndarray:
    """Hidden cells whose span is too narrow, to the last one."""
    asked = _asked(cells, marks)
    if not asked.size:
        return asked
    return asked[too_narrow(published(cells, marks, rule), cells.counts, asked, cells.least[asked])]


def _sums_of(cells: Cells) -> list[list[int]]:
    """For each cell the numbers of the sums that it stands in."""
    found: list[list[int]] = [[] for _ in range(len(cells.counts))]
    for number, one in enumerate(cells.sums):
        for cell in (*one.plus, *one.minus):
            found[cell].append(number)
    return found


def _cheapest(cells: Cells, free: np.ndarray, beside: list[list[int]], cell: int) -> int:
    """The free cell that costs least in a sum with this one, else in a sum next to those; -1: none."""
    near, seen = {cell}, set(beside[cell])
    for _ in range(3):
        members = {m for number in seen for m in (*cells.sums[number].plus, *cells.sums[number].minus)}
        found = [one for one in members - near if free[one]]
        if found:
            return min(found, key=lambda one: (cells.cost[one], one))
        near |= members
        seen |= {number for one in members for number in beside[one]}
    return -1


def _show_again(cells: Cells, begun: np.ndarray, marks: np.ndarray, rule: Rule) -> None:
    """Show what was hidden without need, the dearest first."""
    left = set(_surely_narrow(cells, marks, rule).tolist())
    added = np.flatnonzero((marks == _WITHHELD) & (begun == _SHOWN))
    for cell in sorted(added.tolist(), key=lambda one: (-cells.cost[one], one)):
        marks[cell] = _SHOWN
        if set(_surely_narrow(cells, marks, rule).tolist()) - left:
            marks[cell] = _WITHHELD
