"""The expert card with a learned correction: one card again, each line the sum of both.

Both go the same way with the fact, so their sum does too; the points for "not known" stay strictly inside.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from models.learning.points_card.printing import LearnedBin, LearnedLine
from models.screening.rulebook.card import Card, Line


def corrected(expert: Card, lines: Sequence[LearnedLine]) -> list[LearnedLine]:
    """The expert's lines with the learned ones added, then the facts that only the learned ones have."""
    learned = {one.fact: one for one in lines}
    found = [_summed(own, learned.get(own.fact)) for own in expert.lines]
    known = {line.fact for line in expert.lines}
    return found + [one for one in lines if one.fact not in known]


def _summed(own: Line, learned: LearnedLine | None) -> LearnedLine:
    mine = [LearnedBin(one.from_, one.below, one.codes, one.is_, one.points) for one in own.bins]
    if learned is None:
        return LearnedLine(own.fact, str(own.direction), tuple(mine), own.unknown)
    if own.direction == "codes":
        bins = _by_code(mine, learned.bins)
    elif any(one.is_ is not None for one in own.bins):
        bins = _by_answer(mine, learned.bins)
    else:
        bins = _by_range(mine, learned.bins)
    return LearnedLine(own.fact, str(own.direction), tuple(bins), own.unknown + learned.unknown)


def _by_code(one: Sequence[LearnedBin], other: Sequence[LearnedBin]) -> list[LearnedBin]:
    points = {code: each.points for each in one for code in each.codes or ()}
    more = {code: each.points for each in other for code in each.codes or ()}
    by_points: dict[int, list[str]] = {}
    for code, own in points.items():
        by_points.setdefault(own + more.get(code, 0), []).append(code)
    return [LearnedBin(None, None, tuple(codes), None, each) for each, codes in sorted(by_points.items())]


def _by_answer(one: Sequence[LearnedBin], other: Sequence[LearnedBin]) -> list[LearnedBin]:
    more = {each.is_: each.points for each in other}
    return [each._replace(points=each.points + more.get(each.is_, 0)) for each in one]


def _by_range(one: Sequence[LearnedBin], other: Sequence[LearnedBin]) -> list[LearnedBin]:
    starts: list[float | None] = [None, *sorted(_starts([*one, *other]))]
    steps = [(start, _at(one, start) + _at(other, start)) for start in starts]
    steps = [step for at, step in enumerate(steps) if at == 0 or step[1] != steps[at - 1][1]]
    ends = [*(start for start, _ in steps[1:]), None]
    return [
        LearnedBin(start, end, None, None, points) for (start, points), end in zip(steps, ends, strict=True)
    ]


def _starts(bins: Iterable[LearnedBin]) -> set[float]:
    return {one.from_ for one in bins if one.from_ is not None}


def _at(bins: Sequence[LearnedBin], start: float | None) -> int:
    """The points of a value at the beginning of a range; of the lowest values without one."""
    if start is None:
        return bins[0].points
    return next(
        one.points
        for one in bins
        if (one.from_ is None or start >= one.from_) and (one.below is None or start < one.below)
    )
