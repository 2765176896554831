"""Conditions that a line may state: from or below a change point, is a code, not known; each with enough rows.

A condition is one yes-or-no answer per row.  "From" and "below" the same point differ where the value is
missing: a missing value is neither, it answers yes to "not known" alone.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from models.learning.points_card.columns import Column

How = Literal["from", "below", "codes", "unknown"]


class Condition(NamedTuple):
    """One question with a yes or no for every row; `fact` is the place of its column."""

    fact: int
    how: How
    at: float | None = None
    codes: tuple[str, ...] | None = None


def answers(condition: Condition, column: Column) -> np.ndarray:
    """Yes or no for every row of that column."""
    values = column.values
    if column.kind == "code":
        missing = np.array([one is None for one in values], dtype=bool)
        if condition.how == "unknown":
            return missing
        return np.isin(np.where(missing, "", values).astype(str), condition.codes or ()) & ~missing
    if condition.how == "unknown":
        return np.isnan(values)
    with np.errstate(invalid="ignore"):
        return values >= condition.at if condition.how == "from" else values < condition.at


class Binning(NamedTuple):
    """How conditions are made: rows that each side needs (by weight), change points of one fact at most,
    whether "below" is asked beside "from" where nothing is missing, whether "not known" may have points."""

    min_cell: float
    max_cuts: int
    both_ways: bool = False
    unknown: bool = True


def conditions_of(at: int, column: Column, weight: np.ndarray, binning: Binning) -> list[Condition]:
    """The conditions about one column that hold and fail for enough rows each, by weight; weights are above 0."""
    if column.kind == "code":
        return _of_codes(at, column, weight, binning)
    return _of_numbers(at, column, weight, binning)


def _of_numbers(at: int, column: Column, weight: np.ndarray, binning: Binning) -> list[Condition]:
    values, heavy = _weight_by_value(column.values, weight)
    whole = float(weight.sum())
    below, all_known = np.cumsum(heavy) - heavy, float(heavy.sum())
    both = binning.both_ways or (binning.unknown and all_known < whole)
    found = _unknown(at, whole - all_known, whole, binning)
    for cut in _cuts(heavy, below, all_known, binning.max_cuts):
        if _enough(all_known - below[cut], whole, binning):
            found.append(Condition(at, "from", float(values[cut])))
        if both and _enough(below[cut], whole, binning):
            found.append(Condition(at, "below", float(values[cut])))
    return found


def _weight_by_value(values: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(distinct known values in order, weight of each); zeros and ones need no sorting."""
    one = values == 1
    if bool((one | (values == 0)).all()):
        ones, whole = float(weight[one].sum()), float(weight.sum())
        pairs = [(value, each) for value, each in ((0.0, whole - ones), (1.0, ones)) if each > 0]
        return np.array([value for value, _ in pairs]), np.array([each for _, each in pairs])
    known = ~np.isnan(values)
    distinct, place = np.unique(values[known], return_inverse=True)
    return distinct, np.bincount(place, weight[known], len(distinct))


def _enough(yes: float, whole: float, binning: Binning) -> bool:
    return min(yes, whole - yes) >= binning.min_cell


def _unknown(at: int, missing: float, whole: float, binning: Binning) -> list[Condition]:
    asked = binning.unknown and missing > 0 and _enough(missing, whole, binning)
    return [Condition(at, "unknown")] if asked else []


def _cuts(heavy: np.ndarray, below: np.ndarray, whole: float, max_cuts: int) -> np.ndarray:
    """Places of the values at which a step may stand: all where they are few, else at equal shares of rows."""
    if len(heavy) <= max_cuts + 1:
        return np.arange(1, len(heavy))
    wanted = np.arange(1, max_cuts + 1) * whole / (max_cuts + 1)
    places = np.unique(np.searchsorted(below + heavy, wanted, side="right"))
    return places[places > 0]


def _of_codes(at: int, column: Column, weight: np.ndarray, binning: Binning) -> list[Condition]:
    whole, heavy = float(weight.sum()), dict[str, float]()
    for code, each in zip(column.values, weight, strict=True):
        if code is not None:
            heavy[code] = heavy.get(code, 0.0) + float(each)
    kept = [code for code in sorted(heavy) if _enough(heavy[code], whole, binning)]
    rare = tuple(code for code in sorted(heavy) if heavy[code] < binning.min_cell)
    found = _unknown(at, whole - sum(heavy.values()), whole, binning)
    found += [Condition(at, "codes", codes=(code,)) for code in kept]
    if len(rare) > 1 and _enough(sum(heavy[code] for code in rare), whole, binning):
        found.append(Condition(at, "codes", codes=rare))
    return found
