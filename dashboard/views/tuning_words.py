"""Cards, rules and what differs between them, in words: bins with their unit, codes by their names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from dashboard.texts import text
from dashboard.views.words import clause_words, either
from models.facts import Fact, facts
from models.screening.rulebook.card import Bin, ReadCard, cards
from models.screening.rulebook.in_force import CARD, InForce, read_version, subjects
from models.screening.rulebook.lanes import AnyOf, Condition, ReadRules, Rule, Tiers, default_rules, number_on
from models.screening.tuning.changes import WORDS, Change, card_changes, rules_changes
from models.screening.tuning.drafting import comparison_of
from models.screening.tuning.trial import Move, Place, Why


def named(one: object, lang: str) -> str:
    """The words of something that has them in both languages."""
    return str(getattr(one, lang))


def subject_words(lang: str, subject: str) -> str:
    """What a subject is called: 入户走访 · 评分卡."""
    target, part = subjects()[subject]
    return text(
        lang, "tuning.subject", target=text(lang, f"target.{target}"), part=text(lang, f"tuning.part.{part}")
    )


def fact_words(lang: str, fact: str) -> str:
    """The fact with its unit."""
    known = facts()[fact]
    unit = either(lang, f"unit.parameter.{known.unit}", "") if known.unit not in ("", "count") else ""
    return text(lang, "tuning.with_unit", words=named(known, lang), unit=unit) if unit else named(known, lang)


def bin_words(lang: str, fact: str, one: Bin) -> str:
    """The values of a bin: 30–89, 是, 没有能力."""
    if one.is_ is not None:
        return text(lang, "tuning.yes" if one.is_ else "tuning.no")
    if one.codes is not None:
        return _codes(lang, facts()[fact], one.codes)
    return span_words(lang, one.from_, one.below)


def span_words(lang: str, start: float | None, end: float | None) -> str:
    """A range of numbers."""
    if start is None:
        return text(lang, "tuning.below", end=f"{end:g}")
    if end is None:
        return text(lang, "tuning.from", start=f"{start:g}")
    return text(lang, "tuning.between", start=f"{start:g}", end=f"{end:g}")


def _codes(lang: str, fact: Fact, codes: Sequence[str]) -> str:
    labels = {one.code: named(one, lang) for one in fact.labels()}
    return text(lang, "mark.between_words").join(labels.get(code, code) for code in codes)


def _end_words(lang: str, fact: str, end: str) -> str:
    """A bin as the comparison of two cards names it (`30..90`, `true`, `no,unclear`)."""
    if end in ("true", "false"):
        return text(lang, "tuning.yes" if end == "true" else "tuning.no")
    if ".." in end:
        start, _, stop = end.partition("..")
        return span_words(lang, float(start) if start else None, float(stop) if stop else None)
    return _codes(lang, facts()[fact], end.split(","))


def rule_sentence(lang: str, template: str) -> str:
    """A rule's template with the names of the facts in place of their values."""
    words, rest = "", template
    while "{" in rest:
        before, _, rest = rest.partition("{")
        placed, _, rest = rest.partition("}")
        name, _, is_date = placed.partition(".")
        shown = text(lang, "tuning.some_day") if is_date else text(lang, "tuning.some_value")
        words += before + (shown if name else "")
    return words + rest


def tier_words(lang: str, tier: str) -> str:
    """A tier or the lane of what must be reported now."""
    return text(lang, f"tier.{tier}")


def place_words(lang: str, place: Place) -> str:
    """Where a child stands."""
    return text(lang, "tuning.place", tier=tier_words(lang, place.level), rank=place.rank)


def why_words(lang: str, why: Why) -> str:
    """One reason; a line of the card with the points that it gives more or less."""
    words = why.zh if lang == "zh" else why.en
    if why.kind == "line":
        sign = "+" if why.points > 0 else "−"
        label = named(facts()[why.code], lang)
        return text(lang, "tuning.line_points", words=label, points=f"{sign}{abs(why.points)}")
    return text(lang, "tuning.rule_tier", words=words, tier=tier_words(lang, why.tier))


def reasons_words(lang: str, move: Move) -> tuple[str, str]:
    """(reasons gained, reasons lost) in one line each."""
    joint = text(lang, "mark.between_sentences") or " "
    gained, lost = (joint.join(why_words(lang, one) for one in each) for each in (move.gained, move.lost))
    if not gained and not lost:
        gained = text(lang, f"tuning.only.{move.kind}") if move.kind in ("passed", "due") else ""
    return gained, lost


def condition_words(lang: str, part: Condition | AnyOf, day: dt.date) -> str:
    """What a rule asks of a child: a fact, how it is compared, and with what."""
    if isinstance(part, AnyOf):
        return text(lang, "shape.or").join(condition_words(lang, one, day) for one in part.any)
    if part.is_ is not None:
        answer = text(lang, "tuning.yes" if part.is_ else "tuning.no")
        return text(lang, "shape.condition", compared=fact_words(lang, part.fact), value=answer)
    codes = part.one_of or part.none_of
    if codes:
        name, value = "one_of" if part.one_of else "none_of", _codes(lang, facts()[part.fact], codes)
        compared = text(lang, f"shape.compare.{name}", fact=fact_words(lang, part.fact))
    else:
        name = comparison_of(part)
        value = str(number_on(getattr(part, name), day))
        compared = text(lang, f"tuning.compare.{name}", fact=fact_words(lang, part.fact))
    return text(lang, "shape.condition", compared=compared, value=value)


def changes_words(lang: str, subject: str, before: str, after: str, day: dt.date) -> list[str]:
    """What differs between two texts of a subject, a sentence each."""
    first, second = (read_version(subject, one, subject) for one in (before, after))
    if isinstance(first, ReadCard) and isinstance(second, ReadCard):
        return [_change_words(lang, one, (), day) for one in card_changes(first.card, second.card)]
    if isinstance(first, ReadRules) and isinstance(second, ReadRules):
        both = (first.rules, second.rules)
        return [_change_words(lang, one, both, day) for one in rules_changes(*both, day)]
    return []


def _change_words(lang: str, one: Change, both: Sequence[Tiers], day: dt.date) -> str:
    """One change; `both` are the rules before and after, none for cards."""
    nothing = text(lang, "tuning.nothing")
    values = [nothing if each is None else each for each in (one.before, one.after)]
    rules = [next((each for each in its.rules if each.id == one.about), None) for its in both]
    if one.what in ("rule", "tier"):
        values = [nothing if each is None else tier_words(lang, each) for each in (one.before, one.after)]
    elif one.what == "condition":
        values = [_part_words(lang, rule, each, day) or nothing
                  for rule, each in zip(rules, (one.before, one.after), strict=True)]  # fmt: skip
    elif one.what == "clause":
        values = [nothing if each is None else clause_words(lang, each) for each in (one.before, one.after)]
    elif one.what in WORDS and both:
        values = [nothing if each is None else rule_sentence(lang, each) for each in (one.before, one.after)]
    detail = ""
    if one.what == "points":
        detail = _end_words(lang, one.about, one.detail)
    elif one.what == "number":
        detail = fact_words(lang, one.detail)
    return text(
        lang, f"tuning.change.{one.what}", about=_about(lang, one, rules), detail=detail, before=values[0],
        after=values[1],
    )  # fmt: skip


def _about(lang: str, one: Change, rules: Sequence[Rule | None]) -> str:
    """The fact, tier or rule that changes; a rule by the words that it has or had."""
    if one.what in ("interval", "raises"):
        return tier_words(lang, one.about)
    found = [rule for rule in rules if rule is not None]
    return rule_sentence(lang, named(found[-1], lang)) if found else named(facts()[one.about], lang)


def _part_words(lang: str, rule: Rule | None, place: str | None, day: dt.date) -> str:
    return condition_words(lang, rule.all[int(place)], day) if rule is not None and place else ""


def held_words(lang: str, held: InForce) -> str:
    """Which versions a build used."""
    return text(lang, "tuning.held", card=held.number(CARD), rules=held.rules_number)


def author_words(lang: str, author: str) -> str:
    """Who made a card or rules; of the shipped ones it is the project, whatever language their file is signed in."""
    shipped = {one.card.author for one in cards().values()} | {
        one.rules.author for one in default_rules().values()
    }
    return text(lang, "tuning.shipped_author") if author in shipped else author
