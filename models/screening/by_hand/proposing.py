"""A move by hand before it is written: where the child stands in the published build, and what may be asked for."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from data_contracts.vocabularies import vocabularies
from models.parameters import value_on
from models.screening.by_hand.moving import check, choices, direction_of
from models.screening.rulebook.lanes import Tiers
from registry.overrides import Override, OverrideProblem

Ask = Callable[[str, Sequence[Any]], list[dict[str, Any]]]
REASONS = "override_reason"
LONGEST_WORDS = 400
# Identity and telephone numbers have no place in a reason, sealed or not.
_NUMBER = re.compile(r"\d{11,}")
_PLACE = """
SELECT s.village_code, s.lane, s.tier, COALESCE(m.tier_computed, s.tier) AS computed
FROM screening AS s LEFT JOIN moved_child AS m ON m.child_id = s.child_id AND m.target = s.target
WHERE s.target = ? AND s.child_id = ?
"""


class Standing(NamedTuple):
    """Where rules and card put a child on a list; `by_rule` and `held` are the rules' part of it."""

    child_id: str
    target: str
    village_code: str
    lane: str
    tier: str
    computed: str
    by_rule: str
    held: tuple[str, ...]


class Wish(NamedTuple):
    """What somebody asks for; `words` in plain text, sealed only when it is written."""

    tier: str
    code: str
    words: str
    until_on: dt.date


def standing_of(ask: Ask, rules: Tiers, child: str) -> Standing | None:
    """The child's place in the build behind `ask`; None where it is not on the list."""
    place = ask(_PLACE, [rules.target, child])
    if not place:
        return None
    answers = ask(f"SELECT * FROM judgement_{rules.target} WHERE child_id = ?", [child])
    held = tuple(rule for rule in rules.rules if answers and answers[0].get(f"rule_{rule.id}"))
    tiers = [rule.tier for rule in held if rule.tier in rules.order]
    by_rule = max([rules.default_tier, *tiers], key=rules.severity)
    row = place[0]
    return Standing(child, rules.target, row["village_code"] or "", row["lane"], row["tier"], row["computed"], by_rule,
                    tuple(rule.id for rule in held))  # fmt: skip


def tiers_to_choose(standing: Standing, rules: Tiers, as_of: dt.date) -> list[str]:
    """The tiers to which the child may be moved, most urgent first; none in the report-now lane."""
    try:
        check(rules, standing.lane, "", standing.by_rule, rules.order[0], as_of)
    except OverrideProblem:
        return []
    return choices(rules, standing.computed, standing.by_rule, as_of)


def last_day(as_of: dt.date) -> dt.date:
    """The last day until which a move made on that day's list may count."""
    return as_of + dt.timedelta(value_on("override_longest_days", as_of))


def propose(
    standing: Standing, rules: Tiers, wish: Wish, by: str, at: dt.datetime, as_of: dt.date
) -> Override:
    """The move as it would be written, its words still plain; OverrideProblem says what stands against it.

    `code`: no_reason, no_words, long_words, number, too_long, past, no_person, report_now, no_such_tier, same_tier,
    too_low.
    """
    check(rules, standing.lane, standing.computed, standing.by_rule, wish.tier, as_of)
    _check_reason(wish, by)
    if wish.until_on < as_of:
        raise OverrideProblem("past", until=wish.until_on, first=as_of)
    if wish.until_on > last_day(as_of):
        raise OverrideProblem("too_long", until=wish.until_on, last=last_day(as_of))
    direction = direction_of(rules, wish.tier, standing.computed)
    return Override("", standing.child_id, standing.target, direction, wish.tier, standing.computed, standing.held,
                    wish.code, wish.words.strip(), by.strip(), at, as_of, wish.until_on)  # fmt: skip


def _check_reason(wish: Wish, by: str) -> None:
    if wish.code not in {value.code for value in vocabularies()[REASONS].values}:
        raise OverrideProblem("no_reason", reason=wish.code)
    if not by.strip():
        raise OverrideProblem("no_person")
    check_words(wish.words)


def check_words(words: str) -> None:
    """OverrideProblem where a reason's words are missing, too long, or hold a long number."""
    if not words.strip():
        raise OverrideProblem("no_words")
    if len(words) > LONGEST_WORDS:
        raise OverrideProblem("long_words", longest=LONGEST_WORDS, found=len(words))
    if _NUMBER.search(words):
        raise OverrideProblem("number")
