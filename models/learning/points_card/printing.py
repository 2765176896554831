"""The fitted card as plain data: one entry for each fact, with bins, points and the points of "not known"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from models.learning.points_card.binning import Condition
from models.learning.points_card.columns import Column


class CardLine(NamedTuple):
    """One condition of a card with its points, as the number of lines counts it."""

    fact: str
    how: str
    at: float | None
    codes: tuple[str, ...] | None
    points: int


class LearnedBin(NamedTuple):
    """Values of a fact and their points: a range from (included) below (excluded), codes, or true and false."""

    from_: float | None
    below: float | None
    codes: tuple[str, ...] | None
    is_: bool | None
    points: int


class LearnedLine(NamedTuple):
    """One fact of the card; `direction` is rising, falling, codes, or mixed where points go up and down."""

    fact: str
    direction: str
    bins: tuple[LearnedBin, ...]
    unknown: int


class FactPoints(NamedTuple):
    """The conditions of one fact with their points, and the points of a missing answer."""

    place: int
    conditions: tuple[tuple[Condition, int], ...]
    unknown: int


def printed(one: FactPoints, column: Column, known_codes: Sequence[str]) -> LearnedLine:
    """One fact of a card; every bin's points are the sum of the conditions that hold in it."""
    if column.kind == "code":
        return LearnedLine(column.name, "codes", _code_bins(one, known_codes), one.unknown)
    bins = _flag_bins(one) if column.kind == "flag" else _ranges(one)
    return LearnedLine(column.name, _direction([each.points for each in bins]), bins, one.unknown)


def _code_bins(one: FactPoints, known_codes: Sequence[str]) -> tuple[LearnedBin, ...]:
    by_points: dict[int, list[str]] = {}
    for code in known_codes:
        points = sum(each for condition, each in one.conditions if code in (condition.codes or ()))
        by_points.setdefault(points, []).append(code)
    return tuple(
        LearnedBin(None, None, tuple(codes), None, points) for points, codes in sorted(by_points.items())
    )


def _at(one: FactPoints, value: float) -> int:
    holds = {"from": lambda cut: value >= cut, "below": lambda cut: value < cut}
    return sum(each for condition, each in one.conditions if holds.get(condition.how, _never)(condition.at))


def _never(cut: float | None) -> bool:
    return False


def _flag_bins(one: FactPoints) -> tuple[LearnedBin, ...]:
    return tuple(LearnedBin(None, None, None, value, _at(one, float(value))) for value in (False, True))


def _ranges(one: FactPoints) -> tuple[LearnedBin, ...]:
    cuts = sorted({float(condition.at) for condition, _ in one.conditions if condition.at is not None})
    edges = [-np.inf, *cuts]
    shown = [None, *(int(cut) if cut.is_integer() else cut for cut in cuts), None]
    return tuple(
        LearnedBin(shown[at], shown[at + 1], None, None, _at(one, edge)) for at, edge in enumerate(edges)
    )


def _direction(points: list[int]) -> str:
    if points == sorted(points):
        return "rising"
    return "falling" if points == sorted(points, reverse=True) else "mixed"
