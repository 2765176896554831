"""Drafts: a card or rules changed value by value and written out again as the text that a version keeps.

A draft is written from what was read, so its comments are gone and everything else stays.  Nothing is judged here: the
strict readers and the law do that with the text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from models.screening.rulebook.card import Bin, Card, Line
from models.screening.rulebook.lanes import COMPARISONS, AnyOf, Condition, Rule, Tiers, number_on

Number = int | float


class LineDraft(NamedTuple):
    """A line as a form gives it: where one bin ends and the next begins, the points of each, those for not known.

    cuts: one fewer than points, for numbers; of two that are equal the later counts, a blank one is left out.
    """

    fact: str
    cuts: tuple[Number | None, ...]
    points: tuple[int, ...]
    unknown: int


class RulesDraft(NamedTuple):
    """tiers: rule → tier; numbers: (rule, place of the condition) → number; intervals: tier → days."""

    tiers: Mapping[str, str]
    numbers: Mapping[tuple[str, int], int]
    intervals: Mapping[str, int]


class Change(NamedTuple):
    """One value that differs between two versions: what it belongs to, and what it was and is (None: not there).

    what: line, points, unknown, raises, rule, tier, number, interval.  about: the fact, rule or tier;
    detail: the bin's end, the condition's fact.
    """

    what: str
    about: str
    detail: str
    before: str | None
    after: str | None


def draft_of(line: Line) -> LineDraft:
    """A line as a form shows it."""
    cuts = tuple(one.below for one in line.bins[:-1]) if _is_number(line) else ()
    return LineDraft(line.fact, cuts, tuple(one.points for one in line.bins), line.unknown)


def _is_number(line: Line) -> bool:
    return all(one.codes is None and one.is_ is None for one in line.bins)


def drafted_card(base: Card, lines: Sequence[LineDraft], number: int, author: str, day: dt.date) -> str:
    """The text of the base card with those lines; a line that is not named is left out, the range follows."""
    own = {one.fact: one for one in lines}
    kept = [_redrawn(line, own[line.fact]) for line in base.lines if line.fact in own]
    span = (sum(line.lowest for line in kept), sum(line.highest for line in kept))
    named = {
        "id": f"{base.target}_district_v{number}",
        "zh": f"{'走访' if base.target == 'visit' else '心理转介'}优先卡（本区第{number}版）",
        "en": f"card for {'visits' if base.target == 'visit' else 'referrals'} (this district, version {number})",
    }
    return write_card(
        base.model_copy(
            update={
                **named,
                "lines": tuple(kept),
                "range": span,
                "author": author,
                "date": day,
                "learned": None,
            }
        )
    )


def _redrawn(line: Line, draft: LineDraft) -> Line:
    if not _is_number(line):
        bins = [
            one.model_copy(update={"points": own}) for one, own in zip(line.bins, draft.points, strict=True)
        ]
        return line.model_copy(update={"bins": tuple(bins), "unknown": draft.unknown})
    own = {cut: points for cut, points in zip(draft.cuts, draft.points[1:], strict=True) if cut is not None}
    steps: list[tuple[Number | None, int]] = [(None, draft.points[0]), *sorted(own.items())]
    ends = [*(start for start, _ in steps[1:]), None]
    bins = [
        Bin.model_validate({"from": start, "below": end, "points": points})
        for (start, points), end in zip(steps, ends, strict=True)
    ]
    return line.model_copy(update={"bins": tuple(bins), "unknown": draft.unknown})


def drafted_rules(base: Tiers, draft: RulesDraft, author: str, day: dt.date) -> str:
    """The text of the base rules with those tiers, numbers and intervals; a value that stays keeps its parameter."""
    tiers = {
        name: tier.model_copy(update={"interval": _kept(tier.interval, draft.intervals.get(name), day)})
        for name, tier in base.tiers.items()
    }
    rules = [_redrawn_rule(rule, draft, day) for rule in base.rules]
    return write_rules(
        base.model_copy(update={"tiers": tiers, "rules": tuple(rules), "author": author, "reviewed_on": day})
    )


def _kept(base: str | int, wanted: int | None, day: dt.date) -> str | int:
    return base if wanted is None or number_on(base, day) == wanted else wanted


def _redrawn_rule(rule: Rule, draft: RulesDraft, day: dt.date) -> Rule:
    parts = []
    for place, part in enumerate(rule.all):
        name = comparison_of(part)
        if name:
            own = _kept(getattr(part, name), draft.numbers.get((rule.id, place)), day)
            parts.append(part.model_copy(update={name: own}))
        else:
            parts.append(part)
    return rule.model_copy(update={"all": tuple(parts), "tier": draft.tiers.get(rule.id, rule.tier)})


def comparison_of(part: Condition | AnyOf) -> str:
    """The comparison with a number, or an empty text."""
    if isinstance(part, AnyOf):
        return ""
    return next((name for name in COMPARISONS if getattr(part, name) is not None), "")


def write_card(card: Card) -> str:
    """The card as TOML."""
    plain = card.model_dump(by_alias=True, exclude_none=True)
    lines, raises, learned = plain.pop("lines"), plain.pop("raises"), plain.pop("learned", None)
    text = _pairs(plain)
    for line in lines:
        bins = line.pop("bins")
        rows = "".join(f"  {_inline(one)},\n" for one in bins)
        unknown = line.pop("unknown")
        text += f"\n[[lines]]\n{_pairs(line)}bins = [\n{rows}]\nunknown = {unknown}\n"
    for one in raises:
        text += f"\n[[raises]]\n{_pairs(one)}"
    if learned:
        text += f"\n[learned]\n{_pairs(learned)}"
    return text


def write_rules(rules: Tiers) -> str:
    """The rules as TOML."""
    plain = rules.model_dump(by_alias=True, exclude_none=True)
    tiers, listed = plain.pop("tiers"), plain.pop("rules")
    text = _pairs({name: value for name, value in plain.items() if value != ""})
    for name, tier in tiers.items():
        text += f"\n[tiers.{name}]\n{_pairs({key: value for key, value in tier.items() if value != ''})}"
    for rule in listed:
        parts = "".join(f"  {_inline(part)},\n" for part in rule.pop("all"))
        head = {name: rule.pop(name) for name in ("id", "code", "tier", "clause")}
        text += f"\n[[rules]]\n{_pairs(head)}all = [\n{parts}]\n{_pairs(rule)}"
    return text


def _pairs(values: Mapping[str, Any]) -> str:
    return "".join(f"{name} = {_value(value)}\n" for name, value in values.items())


def _inline(values: Mapping[str, Any]) -> str:
    return "{ " + ", ".join(f"{name} = {_value(value)}" for name, value in values.items()) + " }"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'
    if isinstance(value, Mapping):
        return _inline(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def card_changes(before: Card, after: Card) -> Iterator[Change]:
    """What differs between two cards in points, bins and lines."""
    old, new = ({line.fact: line for line in each.lines} for each in (before, after))
    for fact in dict.fromkeys([*old, *new]):
        if fact not in new or fact not in old:
            whole = [str(each[fact].highest) if fact in each else None for each in (old, new)]
            yield Change("line", fact, "", *whole)
            continue
        bins = [{_end(one): str(one.points) for one in each[fact].bins} for each in (old, new)]
        for end in dict.fromkeys([*bins[0], *bins[1]]):
            if bins[0].get(end) != bins[1].get(end):
                yield Change("points", fact, end, bins[0].get(end), bins[1].get(end))
        if old[fact].unknown != new[fact].unknown:
            yield Change("unknown", fact, "", str(old[fact].unknown), str(new[fact].unknown))
    steps = [{one.tier: str(one.at_least) for one in each.raises} for each in (before, after)]
    for tier in dict.fromkeys([*steps[0], *steps[1]]):
        if steps[0].get(tier) != steps[1].get(tier):
            yield Change("raises", tier, "", steps[0].get(tier), steps[1].get(tier))


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
        if rule not in old or rule not in new:
            yield Change(
                "rule", rule, "", *(each[rule].tier if rule in each else None for each in (old, new))
            )
            continue
        if old[rule].tier != new[rule].tier:
            yield Change("tier", rule, "", old[rule].tier, new[rule].tier)
        for then, now in zip(old[rule].all, new[rule].all, strict=False):
            name = comparison_of(then)
            if name and isinstance(then, Condition) and comparison_of(now) == name:
                numbers = [str(number_on(getattr(one, name), day)) for one in (then, now)]
                if numbers[0] != numbers[1]:
                    yield Change("number", rule, then.fact, *numbers)
