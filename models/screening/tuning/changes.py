"""What differs between two versions, value by value, so that the second person sees all that is about to hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from models.screening.rulebook.card import Bin, Card, Line
from models.screening.rulebook.lanes import COMPARISONS, AnyOf, Condition, Rule, Tiers, number_on
from models.screening.tuning.drafting import comparison_of

WORDS = ("clause", "zh", "en")


class Change(NamedTuple):
    """One value that differs between two versions: what it belongs to, and what it was and is (None: not there).

    what: line, points, unknown, raises, rule, tier, number, interval, condition, clause, zh, en.  about: the fact,
    rule or tier; detail: the bin's end, the condition's fact or its place.
    """

    what: str
    about: str
    detail: str
    before: str | None
    after: str | None


def card_changes(before: Card, after: Card) -> Iterator[Change]:
    """What differs between two cards in points, bins and lines."""
    old, new = ({line.fact: line for line in each.lines} for each in (before, after))
    for fact in dict.fromkeys([*old, *new]):
        yield from _line_changes(fact, old.get(fact), new.get(fact))
    steps = [{one.tier: str(one.at_least) for one in each.raises} for each in (before, after)]
    for tier in dict.fromkeys([*steps[0], *steps[1]]):
        if steps[0].get(tier) != steps[1].get(tier):
            yield Change("raises", tier, "", steps[0].get(tier), steps[1].get(tier))


def _line_changes(fact: str, old: Line | None, new: Line | None) -> Iterator[Change]:
    """A line taken out is told as a whole; a new one with all that it holds."""
    if old is None or new is None:
        yield Change("line", fact, "", *(str(one.highest) if one else None for one in (old, new)))
    if new is None:
        return
    bins = [{_end(one): str(one.points) for one in each.bins} if each else {} for each in (old, new)]
    for end in dict.fromkeys([*bins[0], *bins[1]]):
        if bins[0].get(end) != bins[1].get(end):
            yield Change("points", fact, end, bins[0].get(end), bins[1].get(end))
    if old is None or old.unknown != new.unknown:
        yield Change("unknown", fact, "", str(old.unknown) if old else None, str(new.unknown))
    yield from _words(fact, old, new)


def _words(about: str, old: Line | Rule | None, new: Line | Rule) -> Iterator[Change]:
    for name in WORDS:
        then, now = (getattr(one, name) if one else None for one in (old, new))
        if then != now:
            yield Change(name, about, "", then, now)


def _end(one: Bin) -> str:
    """A bin by its values: `30..90`, `true`, `no, unclear`."""
    if one.is_ is not None:
        return "true" if one.is_ else "false"
    if one.codes is not None:
        return ",".join(one.codes)
    return f"{'' if one.from_ is None else one.from_}..{'' if one.below is None else one.below}"


def rules_changes(before: Tiers, after: Tiers, day: dt.date) -> Iterator[Change]:
    """What differs between two sets of rules in intervals, rules, tiers and numbers, valued on that day."""
    for name in before.tiers:
        days = [str(each.days(name, day)) if name in each.tiers else None for each in (before, after)]
        if days[0] != days[1]:
            yield Change("interval", name, "", *days)
    old, new = ({rule.id: rule for rule in each.rules} for each in (before, after))
    for rule in dict.fromkeys([*old, *new]):
        yield from _rule_changes(rule, old.get(rule), new.get(rule), day)


def _rule_changes(rule: str, old: Rule | None, new: Rule | None, day: dt.date) -> Iterator[Change]:
    if old is None or new is None:
        yield Change("rule", rule, "", *(one.tier if one else None for one in (old, new)))
    if new is None:
        return
    if old is not None and old.tier != new.tier:
        yield Change("tier", rule, "", old.tier, new.tier)
    then = old.all if old else ()
    for place in range(max(len(then), len(new.all))):
        yield from _part_changes(rule, place, then[place : place + 1], new.all[place : place + 1], day)
    yield from _words(rule, old, new)


def _part_changes(
    rule: str,
    place: int,
    old: tuple[Condition | AnyOf, ...],
    new: tuple[Condition | AnyOf, ...],
    day: dt.date,
) -> Iterator[Change]:
    """A number that moved; another condition as a whole, for whose words a reader looks into the rule."""
    if old and new and _without_number(old[0]) == _without_number(new[0]):
        name = comparison_of(new[0])
        if name and isinstance(new[0], Condition):
            numbers = [str(number_on(getattr(one, name), day)) for one in (old[0], new[0])]
            if numbers[0] != numbers[1]:
                yield Change("number", rule, new[0].fact, *numbers)
        return
    yield Change("condition", rule, str(place), *(str(place) if one else None for one in (old, new)))


def _without_number(part: Condition | AnyOf) -> Condition | AnyOf:
    if isinstance(part, AnyOf):
        return part
    given = {name: 0 for name in COMPARISONS if getattr(part, name) is not None}
    return part.model_copy(update=given)
