"""One child's place worked out by itself: the same rules and card as the list, on values that need not be true yet.

The lists are made by SQL for everybody at once; what would change for one child asks the same question some hundred
times, for which SQL is too slow.  `tests/unit/test_one_child.py` holds that both give every child of a district the
same lane, tiers and points.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from models.facts import facts
from models.screening.rulebook.card import Bin, Card, Line
from models.screening.rulebook.lanes import COMPARISONS, REPORT_NOW, AnyOf, Condition, Rule, Tiers, number_on

Value = bool | float | str | None
Values = Mapping[str, Value]


class Standing(NamedTuple):
    """Where values put a child: by what is known, and the least and the most that the unknown allows."""

    is_report: bool
    may_report: bool
    severity: int
    severity_low: int
    severity_high: int
    points: int
    points_low: int
    points_high: int


def values_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, Value]:
    """Fact → value from rows of the published table `fact`; None where it is not known."""
    holds = {"flag": "flag", "number": "number", "code": "code"}
    known = facts()
    return {row["fact"]: row[holds[known[row["fact"]].kind]] for row in rows if row["fact"] in known}


def answer(rule: Rule, values: Values, day: date) -> bool | None:
    """True where the rule holds, False where it does not, None where that cannot be told."""
    return _all(_part(part, values, day) for part in rule.all)


def _part(part: Condition | AnyOf, values: Values, day: date) -> bool | None:
    if isinstance(part, AnyOf):
        denied = _all(_not(_holds(one, values, day)) for one in part.any)
        return _not(denied)
    return _holds(part, values, day)


def _all(answers: Iterable[bool | None]) -> bool | None:
    told = list(answers)
    if False in told:
        return False
    return None if None in told else True


def _not(told: bool | None) -> bool | None:
    return None if told is None else not told


def _holds(one: Condition, values: Values, day: date) -> bool | None:
    value = values.get(one.fact)
    if value is None:
        return None
    if one.is_ is not None:
        return value is one.is_
    if one.one_of or one.none_of:
        return value in (one.one_of or one.none_of or ()) if one.one_of else value not in (one.none_of or ())
    name = next(name for name in COMPARISONS if getattr(one, name) is not None)
    limit, number = number_on(getattr(one, name), day), float(value)
    return {
        "at_least": number >= limit,
        "more_than": number > limit,
        "at_most": number <= limit,
        "below": number < limit,
    }[name]


def points_of(line: Line, value: Value, when_unknown: int) -> int:
    """The points of one line of a card for a value."""
    if value is None:
        return when_unknown
    return next(one.points for one in line.bins if _fits(one, value))


def _fits(one: Bin, value: Value) -> bool:
    if one.is_ is not None:
        return value is one.is_
    if one.codes is not None:
        return value in one.codes
    number = float(value or 0)
    return (one.from_ is None or number >= one.from_) and (one.below is None or number < one.below)


def standing(values: Values, rules: Tiers, card: Card, day: date) -> Standing:
    """Where these values put a child."""
    base = rules.severity(rules.default_tier)
    told = [(rule, answer(rule, values, day)) for rule in rules.rules]
    lane = [held for rule, held in told if rule.tier == REPORT_NOW]
    tiers = [(rule.tier, held) for rule, held in told if rule.tier != REPORT_NOW]
    by_rule = max([base, *(rules.severity(tier) for tier, held in tiers if held)])
    low = max([base, *(rules.severity(rules.tiers[tier].counts_as or tier) for tier, held in tiers if held)])
    high = max([base, *(rules.severity(tier) for tier, held in tiers if held is not False)])
    points, least, most = (
        sum(points_of(line, values.get(line.fact), getattr(line, name)) for line in card.lines)
        for name in ("unknown", "lowest", "highest")
    )
    return Standing(
        any(held is True for held in lane),
        any(held is None for held in lane),
        _raised(by_rule, points, rules, card),
        _raised(low, least, rules, card),
        _raised(high, most, rules, card),
        points,
        least,
        most,
    )


def _raised(severity: int, points: int, rules: Tiers, card: Card) -> int:
    """The severity, raised where the card says so; a card can only raise."""
    return max([severity, *(rules.severity(one.tier) for one in card.raises if points >= one.at_least)])


def tier_of(severity: int, rules: Tiers) -> str:
    """The tier behind a severity."""
    return rules.order[len(rules.order) - severity]


class Opening(NamedTuple):
    """What knowing one fact could do: the highest lane or tier it could bring, and its points' least and most."""

    fact: str
    is_report: bool
    severity: int
    points_low: int
    points_high: int


def openings(values: Values, asked: Iterable[str], rules: Tiers, card: Card, day: date) -> list[Opening]:
    """For each unknown fact by itself, all others as they are: how far any answer to it could lift the child.

    Facts that follow from it and are not known either are answered with it.
    """
    found = []
    for name in asked:
        together = [
            name,
            *(other for other, fact in facts().items() if name in fact.asks and values.get(other) is None),
        ]
        reached = [
            standing({**values, **dict(zip(together, told, strict=True))}, rules, card, day)
            for told in itertools.product(*(list(_answers(one, rules, card, day)) for one in together))
        ]
        found.append(
            Opening(
                name,
                any(one.is_report for one in reached),
                max(one.severity for one in reached),
                min(one.points for one in reached),
                max(one.points for one in reached),
            )
        )
    return found


def _answers(name: str, rules: Tiers, card: Card, day: date) -> Iterator[Value]:
    """Every answer to a fact; of numbers one from each stretch between which no rule or bin makes a difference."""
    fact = facts()[name]
    if fact.kind == "flag":
        yield from (False, True)
    elif fact.kind == "code":
        yield from (label.code for label in fact.labels())
    else:
        edges = {0, *_edges(name, rules, card, day)}
        yield from sorted({float(max(edge + step, 0)) for edge in edges for step in (-1, 0, 1)})


def _edges(name: str, rules: Tiers, card: Card, day: date) -> Iterator[float]:
    for rule in rules.rules:
        for part in rule.all:
            for one in part.any if isinstance(part, AnyOf) else (part,):
                limits = [getattr(one, sign) for sign in COMPARISONS if one.fact == name]
                yield from (number_on(limit, day) for limit in limits if limit is not None)
    for line in card.lines:
        if line.fact == name:
            yield from (edge for one in line.bins for edge in (one.from_, one.below) if edge is not None)
