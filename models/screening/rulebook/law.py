"""How far a district may change the rules: never less than the law asks, and never the report-now lane.

Every shipped rule names its article, so none may be taken out, lowered or narrowed; a district may raise one, catch
more children with one, add its own, and choose its own visit intervals.  What may be chosen freely are points: they
never lower a tier.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from models.complaints import Complaint
from models.parameters import value_on
from models.screening.rulebook.lanes import (
    REPORT_NOW,
    AnyOf,
    Condition,
    ReadRules,
    Rule,
    Tier,
    Tiers,
    number_on,
)
from models.screening.rulebook.linting import Found
from models.strict_toml import FileProblem, complaint

# Which way a number may move so that the rule catches no child less.
LOWER, HIGHER = ("at_least", "more_than"), ("at_most", "below")
_FIXED = ("target", "order", "due_from", "default_tier", "default_shown")
_RULE_FIXED = ("code", "clause", "shown", "zh", "en")


def check(read: ReadRules, shipped: Tiers, file: str, day: date) -> None:
    """FileProblem where a district's rules ask for less than the shipped ones: file, line, expected, found."""
    complaints = outside(read, shipped, file, day)
    if complaints:
        raise FileProblem(complaints)


def outside(read: ReadRules, shipped: Tiers, file: str, day: date) -> list[Complaint]:
    """Everything in which the rules ask for less than the shipped ones, in the order of the lines.

    Numbers are compared by their values on that day.
    """
    found = [
        complaint(read.text, file, path, code, **told)
        for path, code, told in (*_head(read.rules, shipped, day), *_rules(read.rules, shipped, day))
    ]
    return sorted(found, key=lambda one: one.line)


def _head(rules: Tiers, shipped: Tiers, day: date) -> Iterator[Found]:
    for name in _FIXED:
        wanted, found = getattr(shipped, name), getattr(rules, name)
        if found != wanted:
            yield (name,), "law_fixed", {"wanted": wanted, "found": found}
    before = 0
    for name in (REPORT_NOW, *shipped.order):
        tier, its = shipped.tiers[name], rules.tiers.get(name)
        if its is None:
            continue
        yield from _tier(name, its, tier, day)
        days = number_on(its.interval, day)
        if days < before and its.interval != tier.interval:
            yield ("tiers", name, "interval"), "law_interval_order", {"least": before, "found": days}
        before = max(before, days)


def _tier(name: str, its: Tier, tier: Tier, day: date) -> Iterator[Found]:
    for word in ("zh", "en", "counts_as"):
        wanted, found = getattr(tier, word), getattr(its, word)
        if found != wanted:
            yield ("tiers", name, word), "law_fixed", {"wanted": wanted, "found": found}
    longest = max(value_on("longest_interval_days", day), number_on(tier.interval, day))
    days = number_on(its.interval, day)
    if name == REPORT_NOW and its.interval != tier.interval:
        told = {"wanted": tier.interval, "found": its.interval}
        yield ("tiers", name, "interval"), "law_fixed", told
    elif not 1 <= days <= longest:
        yield ("tiers", name, "interval"), "law_interval_range", {"most": longest, "found": days}


def _rules(rules: Tiers, shipped: Tiers, day: date) -> Iterator[Found]:
    given = {rule.id: number for number, rule in enumerate(rules.rules)}
    known = {rule.id for rule in shipped.rules}
    for rule in shipped.rules:
        if rule.id not in given:
            yield ("rules",), "law_rule_missing", {"rule": rule.id, "clause": rule.clause}
            continue
        number = given[rule.id]
        for path, code, told in _rule(rules.rules[number], rule, shipped, day):
            yield ("rules", number, *path), code, told
    for number, rule in enumerate(rules.rules):
        if rule.id not in known and rule.tier == REPORT_NOW:
            yield ("rules", number, "tier"), "law_own_report_now", {}


def _rule(rule: Rule, shipped: Rule, tiers: Tiers, day: date) -> Iterator[Found]:
    if shipped.tier == REPORT_NOW:
        if rule != shipped:
            yield ("id",), "law_report_now", {"rule": shipped.id}
        return
    for name in _RULE_FIXED:
        wanted, found = getattr(shipped, name), getattr(rule, name)
        if found != wanted:
            yield (name,), "law_fixed", {"wanted": wanted, "found": found}
    is_lower = rule.tier in tiers.order and tiers.severity(rule.tier) < tiers.severity(shipped.tier)
    if rule.tier == REPORT_NOW or is_lower:
        yield ("tier",), "law_tier", {"wanted": shipped.tier, "found": rule.tier}
    if len(rule.all) != len(shipped.all):
        yield ("all",), "law_conditions", {"wanted": len(shipped.all), "found": len(rule.all)}
        return
    for given, asked in zip(rule.all, shipped.all, strict=True):
        yield from _part(given, asked, day)


def _part(given: Condition | AnyOf, asked: Condition | AnyOf, day: date) -> Iterator[Found]:
    if isinstance(given, AnyOf) or isinstance(asked, AnyOf):
        if given != asked:
            yield ("all",), "law_other_condition", {}
        return
    compared = (*LOWER, *HIGHER)
    named = [{one for one in compared if getattr(each, one) is not None} for each in (given, asked)]
    plain = [each.model_copy(update=dict.fromkeys(compared)) for each in (given, asked)]
    if named[0] != named[1] or plain[0] != plain[1]:
        yield ("all",), "law_other_condition", {}
        return
    for name in named[1]:
        now, then = (number_on(getattr(one, name), day) for one in (given, asked))
        if now > then if name in LOWER else now < then:
            code = "law_at_most" if name in LOWER else "law_at_least"
            yield ("all",), code, {"fact": asked.fact, "number": then, "found": now}
