"""How far a district may change the rules: never less than the law asks, and never the report-now lane.

Every shipped rule names its article, so none may be taken out, lowered or narrowed; a district may raise one, catch
more children with one, add its own, and choose its own visit intervals.  What may be chosen freely are points: they
never lower a tier.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from models.parameters import value_on
from models.screening.card import forbidden
from models.screening.lanes import REPORT_NOW, AnyOf, Condition, ReadRules, Rule, Tiers, number_on
from models.strict_toml import FileProblem, place

# Which way a number may move so that the rule catches no child less.
LOWER, HIGHER = ("at_least", "more_than"), ("at_most", "below")
_FIXED = ("target", "order", "due_from", "default_tier", "default_shown")
_RULE_FIXED = ("code", "clause", "shown", "zh", "en")
# A duty may follow from a disability (needs special care); a card may not score it.
_DUTY = "disability"
Path = list[str | int]
Found = Iterator[tuple[Path, str]]


def check(read: ReadRules, shipped: Tiers, file: str, day: date) -> None:
    """FileProblem where a district's rules ask for less than the shipped ones: file, line, expected, found."""
    complaints = [
        f"{place(read.text, file, path)}: {told}" for path, told in outside(read.rules, shipped, day)
    ]
    if complaints:
        raise FileProblem("; ".join(complaints))


def outside(rules: Tiers, shipped: Tiers, day: date) -> Found:
    """Everything in which the rules ask for less than the shipped ones: (path of keys, expected and found).

    Numbers are compared by their values on that day.
    """
    for name in _FIXED:
        if getattr(rules, name) != getattr(shipped, name):
            yield [name], f"expected {getattr(shipped, name)!r}, found {getattr(rules, name)!r}"
    yield from _tiers(rules, shipped, day)
    given = {rule.id: number for number, rule in enumerate(rules.rules)}
    for rule in shipped.rules:
        if rule.id not in given:
            yield (
                ["rules"],
                f"expected rule {rule.id!r} ({rule.clause}), which no district may take out, found none",
            )
        else:
            number = given[rule.id]
            for path, told in _rule(rules.rules[number], rule, shipped, day):
                yield ["rules", number, *path], told
    known = {rule.id for rule in shipped.rules}
    for number, rule in enumerate(rules.rules):
        if rule.id not in known:
            for path, told in _own_rule(rule):
                yield ["rules", number, *path], told


def _tiers(rules: Tiers, shipped: Tiers, day: date) -> Found:
    longest = value_on("longest_interval_days", day)
    for name, tier in shipped.tiers.items():
        its = rules.tiers.get(name)
        if its is None:
            continue
        if (its.zh, its.en, its.counts_as) != (tier.zh, tier.en, tier.counts_as):
            yield ["tiers", name], f"expected the words {tier.zh!r}, {tier.en!r} unchanged, found others"
        days = number_on(its.interval, day)
        if name == REPORT_NOW and its.interval != tier.interval:
            yield (
                ["tiers", name, "interval"],
                f"expected {tier.interval!r}, which is fixed, found {its.interval!r}",
            )
        elif not 1 <= days <= max(longest, number_on(tier.interval, day)):
            yield ["tiers", name, "interval"], f"expected 1 to {longest} days, found {days}"
    before = 0
    for name in (one for one in rules.order if one in rules.tiers):
        days = number_on(rules.tiers[name].interval, day)
        if days < before and rules.tiers[name].interval != shipped.tiers[name].interval:
            yield ["tiers", name, "interval"], f"expected at least {before} days, as above it, found {days}"
        before = max(before, days)


def _rule(rule: Rule, shipped: Rule, tiers: Tiers, day: date) -> Found:
    if shipped.tier == REPORT_NOW:
        if rule != shipped:
            yield ["id"], f"expected report-now rule {shipped.id!r} as it is shipped, found it changed"
        return
    for name in _RULE_FIXED:
        if getattr(rule, name) != getattr(shipped, name):
            yield [name], f"expected {getattr(shipped, name)!r}, found {getattr(rule, name)!r}"
    if rule.tier == REPORT_NOW or (
        rule.tier in tiers.order and tiers.severity(rule.tier) < tiers.severity(shipped.tier)
    ):
        yield ["tier"], f"expected {shipped.tier!r} or a more urgent tier, found {rule.tier!r}"
    if len(rule.all) != len(shipped.all):
        yield ["all"], f"expected {len(shipped.all)} conditions, found {len(rule.all)}"
        return
    for given, asked in zip(rule.all, shipped.all, strict=True):
        yield from _part(given, asked, day)


def _part(given: Condition | AnyOf, asked: Condition | AnyOf, day: date) -> Found:
    if isinstance(given, AnyOf) or isinstance(asked, AnyOf):
        if given != asked:
            yield ["all"], "expected the conditions as they are shipped, found others"
        return
    for name in (*LOWER, *HIGHER):
        its, own = getattr(asked, name), getattr(given, name)
        if its is None or own is None or its == own:
            continue
        now, then = number_on(own, day), number_on(its, day)
        if now > then if name in LOWER else now < then:
            most = "most" if name in LOWER else "least"
            yield ["all"], f"expected {asked.fact} {name} at {most} {then}, found {now}"
    blank = dict.fromkeys((*LOWER, *HIGHER))
    compared = [
        {one for one in (*LOWER, *HIGHER) if getattr(each, one) is not None} for each in (given, asked)
    ]
    if given.model_copy(update=blank) != asked.model_copy(update=blank) or compared[0] != compared[1]:
        yield ["all"], f"expected the same comparison of {asked.fact}, found another"


def _own_rule(rule: Rule) -> Found:
    """A rule of the district's own: no report-now lane by local choice, and nothing that no one may be judged by."""
    if rule.tier == REPORT_NOW:
        yield ["tier"], "expected a tier, found report_now: only the law opens that lane"
    for fact in dict.fromkeys(rule.facts()):
        for name, ban in forbidden().items():
            if name != _DUTY and (fact == name or name in fact.split("_")):
                yield ["all"], f"expected a fact that a rule may use, found {fact!r}: {ban.zh} ({ban.en})"
