"""What may be added to a card or to rules: facts with their kind of answer, articles, tiers, and why not others."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from dashboard.texts import text
from dashboard.views.tuning_words import fact_words, named, tier_words
from dashboard.views.words import clause_words
from data_contracts.clauses import clauses
from models.facts import Fact, facts
from models.screening.rulebook.card import Card
from models.screening.rulebook.lanes import COMPARISONS, Tiers
from models.screening.rulebook.linting import ban_from_rules, barred_from_cards
from models.screening.tuning.reshaping import facts_for_cards, facts_for_rules

CLAUSE_LENGTH = 40  # characters of an article's words beside its number
PLACED = {"zh": ("{值}", "{日期}"), "en": ("{value}", "{date}")}


class FactOffer(NamedTuple):
    """A fact to choose.  answers: of a code or a flag, in the order of their points; `zh`, `en`: sentences."""

    label: str
    kind: str
    is_worse_below: bool
    answers: dict[str, str]
    comparisons: dict[str, str]
    zh: str
    en: str


class Offers(NamedTuple):
    """What the form has to choose from; `barred` are sentences about facts that are not offered, and why."""

    facts: dict[str, FactOffer]
    barred: tuple[str, ...]
    clauses: dict[str, str]
    tiers: dict[str, str]


def card_offers(lang: str, card: Card) -> Offers:
    """What a card could score."""
    offered = {one.name: _offer(lang, one) for one in facts_for_cards(card)}
    return Offers(offered, _barred_from_cards(lang), _clauses(lang), {})


def rule_offers(lang: str, rules: Tiers) -> Offers:
    """What a rule could look at, and the tiers that it could set: only the law opens the report-now lane."""
    offered = {one.name: _offer(lang, one) for one in facts_for_rules()}
    bans = ((one, ban_from_rules(name)) for name, one in facts().items())
    barred = tuple(_why_not(lang, one, named(ban, lang)) for one, ban in bans if ban)
    tiers = {tier: tier_words(lang, tier) for tier in rules.order if tier != rules.default_tier}
    return Offers(offered, barred, _clauses(lang), tiers)


def _offer(lang: str, fact: Fact) -> FactOffer:
    if fact.kind == "flag":
        answers = {"false": text(lang, "tuning.no"), "true": text(lang, "tuning.yes")}
        comparisons = {"is": text(lang, "shape.compared.is")}
    elif fact.kind == "code":
        answers = {label.code: named(label, lang) for label in fact.labels()}
        comparisons = {name: text(lang, f"shape.compared.{name}") for name in ("one_of", "none_of")}
    else:
        answers = {}
        comparisons = {name: text(lang, f"shape.compared.{name}") for name in COMPARISONS}
    label = fact_words(lang, fact.name)
    sentences = (_sentence(fact.sentence_zh, "zh"), _sentence(fact.sentence_en, "en"))
    return FactOffer(label, fact.kind, fact.risk == "lower", answers, comparisons, *sentences)


def _sentence(words: str, lang: str) -> str:
    """A fact's own sentence with its places named in the language of the sentence."""
    value, date = PLACED[lang]
    return words.replace("{number}", value).replace("{value}", value).replace("{date}", date)


def _barred_from_cards(lang: str) -> tuple[str, ...]:
    found = []
    for fact in facts().values():
        if barred := barred_from_cards(fact):
            code, details = barred
            own = {"endless_fact": "shape.endless", "copied_fact": "shape.copied"}
            why = text(lang, own[code]) if code in own else str(details[f"why_{lang}"])
            found.append(_why_not(lang, fact, why))
    return tuple(found)


def _why_not(lang: str, fact: Fact, why: str) -> str:
    return text(lang, "shape.why_not", fact=named(fact, lang), why=why)


@cache
def _clauses(lang: str) -> dict[str, str]:
    found = {}
    for name, clause in clauses().items():
        words = named(clause, lang)
        short = words if len(words) <= CLAUSE_LENGTH else words[:CLAUSE_LENGTH] + "…"
        found[name] = text(lang, "shape.clause", number=clause_words(lang, name), words=short)
    return found
