"""Cards, rules and what differs between them, in words: bins with their unit, codes by their names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from dashboard.texts import text
from dashboard.views.words import either
from models.complaints import Complaint
from models.facts import Fact, facts
from models.screening.rulebook.card import Bin, ReadCard, as_document
from models.screening.rulebook.in_force import CARD, InForce, read_version, subjects
from models.screening.rulebook.lanes import ReadRules, Tiers
from models.screening.tuning.drafting import Change, card_changes, rules_changes
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


def rule_words(lang: str, rules: Tiers, rule: str) -> str:
    """A rule by its sentence, values left open: it says what it is about."""
    found = next((one for one in rules.rules if one.id == rule), None)
    return rule_sentence(lang, named(found, lang)) if found else rule


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


def changes_words(lang: str, subject: str, before: str, after: str, day: dt.date) -> list[str]:
    """What differs between two texts of a subject, a sentence each."""
    first, second = (read_version(subject, one, subject) for one in (before, after))
    if isinstance(first, ReadCard) and isinstance(second, ReadCard):
        return [_change_words(lang, one, None) for one in card_changes(first.card, second.card)]
    if isinstance(first, ReadRules) and isinstance(second, ReadRules):
        both = second.rules
        return [_change_words(lang, one, both) for one in rules_changes(first.rules, both, day)]
    return []


def _change_words(lang: str, one: Change, rules: Tiers | None) -> str:
    nothing = text(lang, "tuning.nothing")
    values = [nothing if each is None else each for each in (one.before, one.after)]
    if one.what in ("rule", "tier"):
        values = [nothing if each is None else tier_words(lang, each) for each in (one.before, one.after)]
    if rules is not None and one.what in ("rule", "tier", "number"):
        about = rule_words(lang, rules, one.about)
    elif one.what in ("interval", "raises"):
        about = tier_words(lang, one.about)
    else:
        about = named(facts()[one.about], lang)
    detail = ""
    if one.what == "points":
        detail = _end_words(lang, one.about, one.detail)
    elif one.what == "number":
        detail = fact_words(lang, one.detail)
    return text(
        lang, f"tuning.change.{one.what}", about=about, detail=detail, before=values[0], after=values[1]
    )


def held_words(lang: str, held: InForce) -> str:
    """Which versions a build used."""
    return text(lang, "tuning.held", card=held.number(CARD), rules=held.rules_number)


def complaint_words(lang: str, subject: str, draft: str, one: Complaint) -> str:
    """What is wrong with a draft, by the name of the line, rule or tier and with facts in words."""
    kind, *rest = one.path.split(".")
    about = ""
    plain = as_document(draft)
    if kind in ("lines", "rules") and rest and rest[0].isdigit():
        entry = plain[kind][int(rest[0]) - 1]
        about = fact_words(lang, entry["fact"]) if kind == "lines" else rule_sentence(lang, entry[lang])
    elif kind == "tiers" and rest:
        about = tier_words(lang, rest[0])
    told = text(lang, "tuning.complaint", expected=one.expected(lang), found=one.found(lang))
    for name in sorted(facts(), key=len, reverse=True):
        told = told.replace(name, named(facts()[name], lang))
    return text(lang, "tuning.complaint_about", about=about or subject_words(lang, subject), told=told)
