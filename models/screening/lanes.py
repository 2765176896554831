"""The law's lanes and the tiers: rules read strictly from TOML, each a SQL condition with three answers.

A rule's condition is closed: facts, one comparison each, joined by `all` or `any`; numbers come from dated
parameters by name.  On facts that are not known SQL's own three-valued logic answers "not known", which is
what gives the lowest and the highest possible tier.  Nothing here knows a card: no score reaches a lane.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import Field, StrictBool, StrictInt, model_validator

from models.facts import facts
from models.parameters import parameters, value_on
from models.screening.sentences import check_template
from models.strict_toml import Citation, FileProblem, Strict, place, read

FOLDER = Path(__file__).parent / "tiers"
REPORT_NOW = "report_now"
COMPARISONS = {"at_least": ">=", "more_than": ">", "at_most": "<=", "below": "<"}


def number_on(number: str | int, day: date) -> int:
    """A parameter's value on the day; a district's own number stands as it is, its version says who chose it."""
    return number if isinstance(number, int) else value_on(number, day)


def _check_number(number: str | int) -> None:
    if isinstance(number, str) and number not in parameters():
        raise ValueError(f"expected a parameter's name, found {number}")


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
            raise ValueError(f"expected one comparison of {self.fact}")
        if self.fact not in facts():
            raise ValueError(f"expected a fact that exists, found {self.fact}")
        fact = facts()[self.fact]
        fits = {"is_": "flag", "one_of": "code", "none_of": "code"}.get(given[0], "number")
        if fact.kind != fits:
            raise ValueError(f"{self.fact} is a {fact.kind}: expected a comparison for a {fact.kind}")
        known = {label.code for label in fact.labels()}
        strange = set(self.one_of or ()) | set(self.none_of or ())
        if strange - known:
            raise ValueError(f"expected codes of {self.fact}, found {sorted(strange - known)}")
        if given[0] in COMPARISONS:
            _check_number(getattr(self, given[0]))
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


class Rule(Strict):
    """One rule: its tier, the article, what must hold, and the sentence; `shown` gives date and record."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    code: str
    tier: str
    clause: Citation
    all: tuple[Condition | AnyOf, ...] = Field(min_length=1)
    shown: str
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    @model_validator(mode="after")
    def _sentences_fit(self) -> Rule:
        check_template(self.zh)
        check_template(self.en)
        if self.shown not in facts():
            raise ValueError(f"expected a fact that exists, found {self.shown}")
        return self

    def sql(self, day: date) -> str:
        """True where the rule holds, false where it does not, null where that cannot be told."""
        return " AND ".join(f"({part.sql(day)})" for part in self.all)

    def facts(self) -> Iterator[str]:
        """Names of the facts that the rule looks at."""
        for part in self.all:
            yield from (one.fact for one in (part.any if isinstance(part, AnyOf) else (part,)))


class Tier(Strict):
    """A tier's words and interval; `counts_as` is the tier that it is as far as is known."""

    zh: str
    en: str
    interval: str | StrictInt
    counts_as: str = ""


class Tiers(Strict):
    """All rules of one target.  `order` is most urgent first; `due_from` says from where a visit is due."""

    target: Literal["visit", "referral"]
    zh: str
    en: str
    author: str = Field(min_length=1)
    reviewed_on: date
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
    tiers = read(text, Tiers, file)
    if set(tiers.order) | {REPORT_NOW} != set(tiers.tiers):
        raise FileProblem(f"{place(text, file, ['order'])}: expected the tiers {sorted(tiers.tiers)}")
    for name, tier in tiers.tiers.items():
        if isinstance(tier.interval, str) and tier.interval not in parameters():
            where = place(text, file, ["tiers", name, "interval"])
            raise FileProblem(f"{where}: expected a parameter's name, found {tier.interval!r}")
    seen: set[str] = set()
    for number, rule in enumerate(tiers.rules):
        where = place(text, file, ["rules", number, "id"])
        if rule.id in seen:
            raise FileProblem(f"{where}: expected each rule once, found {rule.id!r} twice")
        if rule.tier not in tiers.tiers:
            raise FileProblem(
                f"{where}: expected one of the tiers {sorted(tiers.tiers)}, found {rule.tier!r}"
            )
        seen.add(rule.id)
    return tiers


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
