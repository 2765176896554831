"""What the caller demands of a card, by name of a fact, checked against the facts that there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from models.learning.points_card.binning import Condition
from models.learning.points_card.columns import Column
from models.learning.points_card.rules import Rules

WAYS = {"rising": 1, "falling": -1, 1: 1, -1: -1}
NO_REASON = "it may not be scored"


def place_of(fact: Any, names: Sequence[str], parameter: str) -> int:
    """The place of a fact, given by name, or by number for arrays; ValueError for one that isn't there."""
    if isinstance(fact, int | np.integer) and not isinstance(fact, bool) and 0 <= fact < len(names):
        return int(fact)
    if str(fact) in names:
        return list(names).index(str(fact))
    raise ValueError(f"{parameter}: expected the name of a column of X, found {fact!r}")


def refuse_forbidden(forbidden: Mapping[Any, str] | Iterable[Any] | None, names: Sequence[str]) -> None:
    """ValueError with fact and reason where X holds what no card may score."""
    reasons = dict(forbidden) if isinstance(forbidden, Mapping) else dict.fromkeys(forbidden or (), NO_REASON)
    for fact, reason in reasons.items():
        name = names[fact] if isinstance(fact, int) and 0 <= fact < len(names) else str(fact)
        if name in names:
            raise ValueError(
                f"forbidden: fact {name!r} stands in X and no card may score it: {reason}; "
                "leave the column out and audit by it instead"
            )


def signs_by_place(given: Mapping[Any, Any] | None, names: Sequence[str], parameter: str) -> dict[int, int]:
    """Place of each fact → 1 or -1."""
    found = {}
    for fact, way in (given or {}).items():
        if way not in WAYS:
            raise ValueError(f"{parameter}: {fact!r}: expected one of {list(WAYS)}, found {way!r}")
        found[place_of(fact, names, parameter)] = WAYS[way]
    return found


def rules_of(
    conditions: Sequence[Condition],
    columns: Sequence[Column],
    monotone: Mapping[int, int],
    signs: Mapping[int, int],
    groups: Sequence[Sequence[int]],
    must: Sequence[int],
    points: tuple[int, int],
) -> Rules:
    """The rules of the search; ValueError where they can't be met."""
    fact = np.array([one.fact for one in conditions], dtype=int)
    sign = np.array([_sign(one, columns[one.fact], monotone, signs) for one in conditions], dtype=int)
    group = np.full(len(conditions), -1)
    for number, members in enumerate(groups):
        inside = np.isin(fact, list(members))
        if (group[inside] >= 0).any():
            raise ValueError("groups: expected each fact in one group at most, found one in two")
        group[inside] = number
    for one in must:
        if one not in fact:
            name = columns[one].name
            raise ValueError(
                f"must_include: fact {name!r}: expected a condition that splits enough rows, found none"
            )
    return Rules(fact, sign, group, tuple(must), points[0], points[1])


def _sign(condition: Condition, column: Column, monotone: Mapping[int, int], signs: Mapping[int, int]) -> int:
    """The sign that points of a condition must have; a missing answer of a monotone fact is free."""
    if condition.fact in signs:
        return signs[condition.fact]
    way = monotone.get(condition.fact, 0)
    if way and column.kind == "code":
        raise ValueError(
            f"monotone: fact {column.name!r} has codes, which have no order; fix its sign instead"
        )
    return {"from": way, "below": -way}.get(condition.how, 0)
