"""What is wrong with a draft, told at the field that it belongs to: the line, rule or tier, and the part of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from dashboard.texts import fields, text, texts
from dashboard.views.tuning_words import fact_words, named, rule_sentence, subject_words, tier_words
from dashboard.views.words import clause_words
from models.complaints import Complaint
from models.facts import facts
from models.screening.rulebook import in_force
from models.screening.rulebook.card import as_document
from models.screening.rulebook.lanes import tiers_of
from models.screening.tuning.ground import ground_of
from models.strict_toml import FileProblem

USED = "used"


class FieldComplaint(NamedTuple):
    """name: a fact, rule or tier, empty for the whole; field: the part of it; words: without saying where."""

    name: str
    field: str
    words: str
    sentence: str


def complaints_of(subject: str, draft: str, lang: str, store: Path) -> list[FieldComplaint]:
    """What is wrong with a draft; empty where it may be tried and saved."""
    try:
        in_force.checked(subject, draft, subject, ground_of(store).as_of)
    except FileProblem as problem:
        return at_fields(lang, subject, draft, problem.complaints)
    return []


def at_fields(lang: str, subject: str, draft: str, complaints: Sequence[Complaint]) -> list[FieldComplaint]:
    """Complaints about a draft by the fields of its form, with facts, rules and tiers in words."""
    return [_at_field(lang, subject, draft, one) for one in complaints]


def _at_field(lang: str, subject: str, draft: str, one: Complaint) -> FieldComplaint:
    """Where the complaint stands: `lines.2.bins.1` is the second line's bins."""
    kind, *rest = one.path.split(".")
    name = field = about = ""
    if kind in ("lines", "rules") and rest and rest[0].isdigit():
        entry = as_document(draft)[kind][int(rest[0]) - 1]
        name, field = str(entry["fact" if kind == "lines" else "id"]), ".".join(rest[1:2])
        about = fact_words(lang, name) if kind == "lines" else rule_sentence(lang, entry[lang])
    elif kind == "tiers" and rest:
        name, field, about = rest[0], "interval", tier_words(lang, rest[0])
    elif one.code == "law_rule_missing":
        name, field = one.details["rule"], USED
        about = _rules(lang, subject)[name]
    told = _words(lang, subject, one)
    whole = text(lang, "tuning.complaint_about", about=about or subject_words(lang, subject), told=told)
    return FieldComplaint(name, field, told, whole)


def _words(lang: str, subject: str, one: Complaint) -> str:
    """Expected and found in the words of the page; a sentence of its own where the two would sound like a file."""
    known = {
        **{name: named(fact, lang) for name, fact in facts().items()},
        **_rules(lang, subject),
        **{tier: tier_words(lang, tier) for tier in tiers_of(in_force.subjects()[subject][0]).tiers},
        **{way: text(lang, f"shape.direction.{way}") for way in ("rising", "falling")},
    }
    details = {key: known.get(value, value) for key, value in one.details.items()}
    if "clause" in details:
        details["clause"] = clause_words(lang, details["clause"])
    usual = text(lang, "tuning.complaint", expected=one._replace(details=details).expected(lang),
                 found=one._replace(details=details).found(lang))  # fmt: skip
    own = f"shape.says.{one.code}"
    if own not in texts(lang):
        return usual
    return text(lang, own, **{name: details[name] for name in fields(texts(lang)[own])})


def _rules(lang: str, subject: str) -> dict[str, str]:
    """The shipped rules of the list in words."""
    rules = tiers_of(in_force.subjects()[subject][0]).rules
    return {rule.id: rule_sentence(lang, named(rule, lang)) for rule in rules}
