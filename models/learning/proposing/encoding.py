"""Facts as a classifier takes them, and its lines as a card states them.

Codes have no order, so a code is learned as one question: is it among those that worry.  That keeps more worry from
ever having fewer points, and the printed line names the codes again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from models.facts import Fact
from models.learning.points_card.printing import LearnedBin, LearnedLine
from models.learning.proposing.allowed import Candidate


def encoded(frame: pl.DataFrame, facts: Sequence[Candidate]) -> pl.DataFrame:
    """One column a fact: numbers, truth values, and for codes whether the code worries; not known stays null."""
    return frame.select(
        pl.col(one.fact.name).is_in(list(worrying(one.fact))).alias(one.fact.name)
        if one.fact.kind == "code"
        else pl.col(one.fact.name)
        for one in facts
    )


def worrying(fact: Fact) -> tuple[str, ...]:
    """The codes that worry, in the order of the fact's codes."""
    return tuple(one.code for one in fact.labels() if one.code in fact.risky)


def constraints(facts: Sequence[Candidate]) -> dict[str, Any]:
    """What a card may not do, as `PointsCardClassifier` asks for it: directions and groups."""
    monotone = {one.fact.name: 1 if one.direction in ("rising", "codes") else -1 for one in facts}
    grouped: dict[str, list[str]] = {}
    for one in facts:
        if one.group:
            grouped.setdefault(one.group, []).append(one.fact.name)
    return {"monotone": monotone, "groups": [names for names in grouped.values() if len(names) > 1]}


def decoded(lines: Sequence[LearnedLine], facts: Sequence[Candidate]) -> list[LearnedLine]:
    """The lines with codes named, in the direction that the fact has."""
    known = {one.fact.name: one for one in facts}
    return [_decoded(line, known[line.fact]) for line in lines]


def _decoded(line: LearnedLine, candidate: Candidate) -> LearnedLine:
    if candidate.fact.kind != "code":
        return line._replace(direction=candidate.direction)
    risky = worrying(candidate.fact)
    calm = tuple(one.code for one in candidate.fact.labels() if one.code not in risky)
    points = {one.is_: one.points for one in line.bins}
    bins = (
        LearnedBin(None, None, calm, None, points[False]),
        LearnedBin(None, None, risky, None, points[True]),
    )
    return line._replace(direction="codes", bins=bins)
