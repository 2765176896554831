"""The law's lanes and the tiers: rules read strictly from TOML, each a SQL condition with three answers.

A rule's condition is closed: facts, one comparison each, joined by `all` or `any`; numbers come from dated
parameters by name.  On facts that are not known SQL's own three-valued logic answers "not known", which is
what gives the lowest and the highest possible tier.  Nothing here knows a card: no score reaches a lane.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, Discriminator, Field, StrictBool, StrictInt, Tag, model_validator

from models.complaints import Complaint, complain
from models.facts import Fact, facts
from models.parameters import parameters, value_on
from models.screening.rulebook.linting import Found, ban_from_rules
from models.screening.sentences import check_template
from models.strict_toml import Chinese, Citation, English, FileProblem, Strict, complaint, examine

FOLDER = Path(__file__).parent / "tiers"
REPORT_NOW = "report_now"
COMPARISONS = {"at_least": ">=", "more_than": ">", "at_most": "<=", "below": "<"}


_COMPARED = {"is_": "flag", "one_of": "code", "none_of": "code"}
_SHOWN = {"flag": ("is",), "code": ("one_of", "none_of"), "number": tuple(COMPARISONS)}


def number_on(number: str | int, day: date) -> int:
    """A parameter's value on the day; a district's own number stands as it is, its version says who chose it."""
    return number if isinstance(number, int) else value_on(number, day)


def _check_parameter(name: str | int, unit: str) -> None:
    """The number that a fact is compared with is a dated parameter, in the fact's own unit, or a district's own."""
    if isinstance(name, int):
        return
    if name not in parameters():
        raise complain("strange_parameter", found=name)
    its = parameters()[name][0].unit
    if its != unit:
        raise complain("other_unit", parameter=name, wanted=unit, found=its)


def _check_limit(limit: str | int, fact: Fact) -> None:
    """Facts count something: a limit below nothing would hold for everybody or for nobody."""
    if isinstance(limit, int) and limit < 0:
        raise complain("number_below", fact=fact.name, least=0, found=limit)
    _check_parameter(limit, fact.unit)


def _template(words: str) -> str:
    try:
        check_template(words)
    except ValueError as problem:
        raise complain("sentence_fact", found=str(problem).rpartition("found ")[2]) from problem
    return words


def _fact_that_exists(name: str) -> str:
    if name not in facts():
        raise complain("strange_fact", fact=name)
    return name


def _interval(name: str | int) -> str | int:
    if isinstance(name, int) and name < 1:
        raise complain("interval_below", least=1, found=name)
    _check_parameter(name, "days")
    return name


class Condition(Strict):
    """One comparison of one fact: a flag `is`, a number against a parameter, or a code in a list."""

    fact: str
    is_: StrictBool | None = Field(default=None, alias="is")
    at_least: str | StrictInt | None = None
    more_than: str | StrictInt | None = None
    at_most: str | StrictInt | None = None
    below: str | StrictInt | None = None
    one_of: tuple[str, ...] | None = None
    none_of: tuple[str, ...] | None = None

    @model_validator(mode="after")
    def _one_comparison(self) -> Condition:
        given = [
            name for name in ("is_", *COMPARISONS, "one_of", "none_of") if getattr(self, name) is not None
        ]
        if len(given) != 1:
            raise complain("one_comparison", fact=self.fact, found=len(given))
        fits = _COMPARED.get(given[0], "number")
        if self.fact not in facts():
            raise complain("strange_fact", fact=self.fact)
        fact = facts()[self.fact]
        if fact.kind != fits:
            wanted = ", ".join(_SHOWN[fact.kind])
            raise complain("comparison_kind", fact=self.fact, wanted=wanted, found=given[0].removesuffix("_"))
        known = {label.code for label in fact.labels()}
        strange = set(self.one_of or ()) | set(self.none_of or ())
        if strange - known:
            raise complain("strange_codes", fact=self.fact, codes=sorted(strange - known))
        if given[0] in COMPARISONS:
            _check_limit(getattr(self, given[0]), fact)
        return self

    def sql(self, day: date) -> str:
        """The condition over `fact_wide AS w`: true, false, or null where the fact is not known."""
        column = f"w.{self.fact}"
        if self.is_ is not None:
            return column if self.is_ else f"NOT {column}"
        for name, sign in COMPARISONS.items():
            if getattr(self, name) is not None:
                return f"{column} {sign} {number_on(getattr(self, name), day)}"
        codes = ", ".join(f"'{code}'" for code in self.one_of or self.none_of or ())
        return f"{column} {'IN' if self.one_of else 'NOT IN'} ({codes})"


class AnyOf(Strict):
    """Conditions of which one is enough."""

    any: tuple[Condition, ...] = Field(min_length=1)

    def sql(self, day: date) -> str:
        """The conditions joined by OR."""
        return "(" + " OR ".join(f"({one.sql(day)})" for one in self.any) + ")"


def _branch(value: Any) -> str:
    has_any = "any" in value if isinstance(value, dict) else isinstance(value, AnyOf)
    return "several conditions" if has_any else "one condition"


Part = Annotated[
    Annotated[Condition, Tag("one condition")] | Annotated[AnyOf, Tag("several conditions")],
    Discriminator(_branch),
]
FactName = Annotated[str, AfterValidator(_fact_that_exists)]


class Rule(Strict):
    """One rule: its tier, the article, what must hold, and the sentence; `shown` gives date and record."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    code: str = Field(min_length=1)
    tier: str
    clause: Citation
    all: tuple[Part, ...] = Field(min_length=1)
    shown: FactName
    zh: Annotated[Chinese, AfterValidator(_template)]
    en: Annotated[English, AfterValidator(_template)]

    def sql(self, day: date) -> str:
        """True where the rule holds, false where it does not, null where that cannot be told."""
        return " AND ".join(f"({part.sql(day)})" for part in self.all)

    def facts(self) -> Iterator[str]:
        """Names of the facts that the rule looks at."""
        for part in self.all:
            yield from (one.fact for one in (part.any if isinstance(part, AnyOf) else (part,)))


class Tier(Strict):
    """A tier's words and interval; `counts_as` is the tier that it is as far as is known."""

    zh: Chinese
    en: English
    interval: Annotated[str | StrictInt, AfterValidator(_interval)]
    counts_as: str = ""


class Tiers(Strict):
    """All rules of one target.  `order` is most urgent first; `due_from` says from where a visit is due."""

    target: Literal["visit", "referral"]
    zh: Chinese
    en: English
    author: str = Field(min_length=1)
    reviewed_on: date = Field(strict=True)
    clause: Citation
    order: tuple[str, ...] = Field(min_length=1)
    due_from: Literal["home_visit", "finding"]
    default_tier: str
    default_shown: str = ""
    tiers: dict[str, Tier]
    rules: tuple[Rule, ...] = Field(min_length=1)

    def severity(self, tier: str) -> int:
        """How urgent a tier is; higher is more urgent."""
        return len(self.order) - self.order.index(tier)

    def days(self, tier: str, day: date) -> int:
        """The interval of a tier on the day, in days."""
        return number_on(self.tiers[tier].interval, day)

    def of_tier(self, tier: str) -> tuple[Rule, ...]:
        """The rules that set that tier."""
        return tuple(rule for rule in self.rules if rule.tier == tier)


def parse(text: str, file: str) -> Tiers:
    """The rules in that text; FileProblem names file, line, what was expected and found."""
    found = _examined(text, file)
    if isinstance(found, list):
        raise FileProblem(found)
    return found


def lint(text: str, file: str) -> list[Complaint]:
    """Everything that is wrong with the rules in that text, in the order of its lines; empty for good ones."""
    found = _examined(text, file)
    return found if isinstance(found, list) else []


def _examined(text: str, file: str) -> Tiers | list[Complaint]:
    found = examine(text, Tiers, file)
    if isinstance(found, list):
        return found
    wrong = [*_tiers_wrong(found), *_rules_wrong(found)]
    complaints = [complaint(text, file, path, code, **details) for path, code, details in wrong]
    return sorted(complaints, key=lambda one: one.line) or found


def _tiers_wrong(tiers: Tiers) -> Iterator[Found]:
    named = set(tiers.tiers)
    if {*tiers.order, REPORT_NOW} != named or len(set(tiers.order)) != len(tiers.order):
        told = {"tiers": sorted(named - {REPORT_NOW}), "found": list(tiers.order)}
        yield ("order",), "tier_without_words", told
    others: dict[tuple[str, ...], str] = {("default_tier",): tiers.default_tier}
    others |= {("tiers", name, "counts_as"): one.counts_as for name, one in tiers.tiers.items()}
    for path, tier in others.items():
        if tier and tier not in tiers.order:
            yield path, "strange_tier", {"tiers": sorted(tiers.order), "found": tier}
    if tiers.default_shown and tiers.default_shown not in facts():
        yield ("default_shown",), "strange_fact", {"fact": tiers.default_shown}
    for tier in (REPORT_NOW, *tiers.order):
        if tier != tiers.default_tier and not tiers.of_tier(tier):
            yield ("tiers", tier), "tier_without_rule", {"tier": tier}


def _rules_wrong(tiers: Tiers) -> Iterator[Found]:
    seen = Counter[str]()
    for number, rule in enumerate(tiers.rules):
        seen[rule.id] += 1
        if seen[rule.id] > 1:
            yield ("rules", number, "id"), "rule_twice", {"rule": rule.id}
        if rule.tier not in tiers.tiers:
            told = {"tiers": sorted(tiers.tiers), "found": rule.tier}
            yield ("rules", number, "tier"), "strange_tier", told
        for name in rule.facts():
            if ban := ban_from_rules(name):
                told = {"fact": name, "why_zh": ban.zh, "why_en": ban.en}
                yield ("rules", number, "all"), "forbidden_fact", told


class ReadRules(NamedTuple):
    """Rules with the text that they were read from; receipts are made from the text."""

    rules: Tiers
    text: str


def read_rules(text: str, file: str) -> ReadRules:
    """The rules in that text, with it."""
    return ReadRules(parse(text, file), text)


def default_rules() -> dict[str, ReadRules]:
    """The shipped rules of each target."""
    return {target: ReadRules(tiers_of(target), text_of(target)) for target in targets()}


def text_of(target: str) -> str:
    """The bytes of a target's rules as they stand in the file; receipts are made from them."""
    return (FOLDER / f"{target}.toml").read_text("utf-8")


@cache
def tiers_of(target: str) -> Tiers:
    """The shipped rules of a target."""
    return parse(text_of(target), f"{target}.toml")


def targets() -> tuple[str, ...]:
    """All targets that have rules."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))
