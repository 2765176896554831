"""Drafts: a card or rules changed value by value and written out again as the text that a version keeps.

A draft is written from what was read and keeps the remarks of that text.  Nothing is judged here: the strict readers
and the law do that with the text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from models.screening.rulebook.card import Bin, Card, Line
from models.screening.rulebook.lanes import COMPARISONS, AnyOf, Condition, Rule, Tiers, number_on
from models.screening.tuning.writing import Remarks, write_card, write_rules

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
    """tiers: rule → tier; numbers: (rule, place of the condition) → number; intervals: tier → days.

    without: rules that are taken out.
    """

    tiers: Mapping[str, str]
    numbers: Mapping[tuple[str, int], int]
    intervals: Mapping[str, int]
    without: frozenset[str] = frozenset()


def draft_of(line: Line) -> LineDraft:
    """A line as a form shows it."""
    cuts = tuple(one.below for one in line.bins[:-1]) if _is_number(line) else ()
    return LineDraft(line.fact, cuts, tuple(one.points for one in line.bins), line.unknown)


def _is_number(line: Line) -> bool:
    """Whether the bins are stretches of a number."""
    return all(one.codes is None and one.is_ is None for one in line.bins)


def drafted_card(
    base: Card,
    lines: Sequence[LineDraft],
    number: int,
    author: str,
    day: dt.date,
    remarks: Remarks | None = None,
) -> str:
    """The text of the base card with those lines; a line that is not named is left out, the range follows.

    A learned card stays one when a person changes it, so that its bars stay too.
    """
    own = {one.fact: one for one in lines}
    kept = [redrawn(line, own[line.fact]) for line in base.lines if line.fact in own]
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
                "range": span_of(kept),
                "author": author,
                "date": day,
            }
        ),
        {**(remarks or {}), "": f"# 由 {base.id} 改成 / made from {base.id}"},
    )


def span_of(lines: Sequence[Line]) -> tuple[int, int]:
    """The lowest and the highest sum of points."""
    return sum(line.lowest for line in lines), sum(line.highest for line in lines)


def redrawn(line: Line, draft: LineDraft) -> Line:
    """The line with the values of a form."""
    if not _is_number(line):
        bins = [
            one.model_copy(update={"points": own}) for one, own in zip(line.bins, draft.points, strict=True)
        ]
        return line.model_copy(update={"bins": tuple(bins), "unknown": draft.unknown})
    return line.model_copy(update={"bins": ranges(draft.cuts, draft.points), "unknown": draft.unknown})


def ranges(cuts: Sequence[Number | None], points: Sequence[int]) -> tuple[Bin, ...]:
    """The bins of a number: `points` of the values below the first cut, then of those from each cut on."""
    own = {cut: its for cut, its in zip(cuts, points[1:], strict=True) if cut is not None}
    steps: list[tuple[Number | None, int]] = [(None, points[0]), *sorted(own.items())]
    ends = [*(start for start, _ in steps[1:]), None]
    return tuple(
        Bin.model_validate({"from": start, "below": end, "points": its})
        for (start, its), end in zip(steps, ends, strict=True)
    )


def drafted_rules(
    base: Tiers, draft: RulesDraft, author: str, day: dt.date, remarks: Remarks | None = None
) -> str:
    """The text of the base rules with those tiers, numbers and intervals; a value that stays keeps its parameter."""
    tiers = {
        name: tier.model_copy(update={"interval": _kept(tier.interval, draft.intervals.get(name), day)})
        for name, tier in base.tiers.items()
    }
    rules = [_redrawn_rule(rule, draft, day) for rule in base.rules if rule.id not in draft.without]
    return write_rules(
        base.model_copy(update={"tiers": tiers, "rules": tuple(rules), "author": author, "reviewed_on": day}),
        remarks,
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
