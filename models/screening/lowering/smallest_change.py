"""The smallest sets of things that somebody can bring about and that would lower a child's tier.

Exact: sets are tried in order of size, and only those of which no smaller part is enough are told, so the first is as
small as any.  A child to be reported now is to be reported now whatever else is done: what is told for it is what must
change afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from pydantic import Field, StrictBool, StrictInt, model_validator

from models.complaints import complain
from models.facts import facts
from models.screening.lowering.one_child import Standing, Value, Values, answer, standing, tier_of
from models.screening.rulebook.card import Card
from models.screening.rulebook.lanes import REPORT_NOW, Rule, Tiers
from models.strict_toml import Citation, FileProblem, Strict, complaint, read

FILE = Path(__file__).parent / "actions.toml"
KINDS = {
    "flag": {"kind_zh": "是否（is）", "kind_en": "flag"},
    "number": {"kind_zh": "数字（number）", "kind_en": "number"},
    "code": {"kind_zh": "代码（code）", "kind_en": "code"},
}
MOST_TOLD = 3  # sets told; a reader compares two or three ways, not twenty
# In nobody's hand, or not in the hand of whoever reads a list.
BEYOND_REACH = frozenset(
    {
        *("age_years", "carer_age", "disability", "chronic_disease", "special_care", "children_in_household"),
        *("open_mandatory_concern", "open_crisis", "disability_degree", "judged_severe"),
        *("incidents_recent", "police_case", "carer_relation", "relief_status"),
    }
)


class Effect(Strict):
    """One fact and the value that it then has; `only_unknown` leaves a known value as it is."""

    fact: str
    is_: StrictBool | None = Field(default=None, alias="is")
    number: StrictInt | None = None
    code: str | None = None
    only_unknown: StrictBool = False

    @property
    def value(self) -> Value:
        """The value of the fact afterwards."""
        return next(one for one in (self.is_, self.number, self.code) if one is not None)

    @model_validator(mode="after")
    def _fits(self) -> Effect:
        if self.fact not in facts() or self.fact in BEYOND_REACH:
            raise complain("action_fact", fact=self.fact)
        given = {"flag": self.is_, "number": self.number, "code": self.code}
        kind = facts()[self.fact].kind
        if [name for name, one in given.items() if one is not None] != [kind]:
            given_kinds = ", ".join(name for name, one in given.items() if one is not None) or "-"
            raise complain("action_value", fact=self.fact, found=given_kinds, **KINDS[kind])
        if self.code is not None and self.code not in {label.code for label in facts()[self.fact].labels()}:
            raise complain("strange_codes", fact=self.fact, codes=self.code)
        return self


class Action(Strict):
    """Something that somebody can bring about, by which article, and what it changes."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    clause: Citation
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    effects: tuple[Effect, ...] = Field(min_length=1)

    def applied(self, values: Values) -> dict[str, Value]:
        """The values afterwards."""
        changed = {
            one.fact: one.value
            for one in self.effects
            if not one.only_unknown or values.get(one.fact) is None
        }
        return {**values, **changed}


class _Actions(Strict):
    actions: tuple[Action, ...]


class Way(NamedTuple):
    """One set of actions that would do, none of which could be left out, and the tier that the child would have."""

    actions: tuple[Action, ...]
    tier: str


def parse(text: str, file: str) -> tuple[Action, ...]:
    """The actions in that text; FileProblem names file, line, what was expected and found."""
    listed = read(text, _Actions, file).actions
    seen: set[str] = set()
    for number, one in enumerate(listed):
        if one.id in seen:
            raise FileProblem([complaint(text, file, ["actions", number, "id"], "action_twice", id=one.id)])
        seen.add(one.id)
    return listed


@cache
def actions() -> tuple[Action, ...]:
    """The shipped actions, in the order in which they are proposed."""
    return parse(FILE.read_text("utf-8"), FILE.name)


def ways_down(
    values: Values,
    rules: Tiers,
    card: Card,
    day: date,
    known: Sequence[Action] | None = None,
    most: int = MOST_TOLD,
) -> list[Way]:
    """The smallest sets that would lower the tier, or end the report-now lane; empty where none would.

    Smallest first; among equally small ones in the order of the actions.
    """
    known = actions() if known is None else known
    now = standing(values, rules, card, day)
    if not now.is_report and now.severity <= rules.severity(rules.default_tier):
        return []
    found: list[Way] = []
    for chosen in _by_size(_that_matter(values, now, rules, card, day, known)):
        if any(set(way.actions) <= set(chosen) for way in found):
            continue
        then = standing(_after(values, chosen), rules, card, day)
        if _is_lower(then, now):
            found.append(Way(chosen, tier_of(then.severity, rules)))
        if len(found) == most:
            break
    return found


def _after(values: Values, chosen: Sequence[Action]) -> Values:
    for one in chosen:
        values = one.applied(values)
    return values


def _is_lower(then: Standing, now: Standing) -> bool:
    """A child that is no longer to be reported is better off, whatever its tier."""
    return not then.is_report and (now.is_report or then.severity < now.severity)


def _by_size(useful: Sequence[Action]) -> Iterator[tuple[Action, ...]]:
    for size in range(1, len(useful) + 1):
        yield from combinations(useful, size)


def _that_matter(
    values: Values, now: Standing, rules: Tiers, card: Card, day: date, known: Sequence[Action]
) -> list[Action]:
    """The actions without which no smallest set is missed.

    Those that touch what holds the child where it is; then whatever could undo a harm that one of those does.
    """
    deciding = [rule for rule in rules.rules if _decides(rule, now, rules)]
    holding = [rule for rule in deciding if answer(rule, values, day)]
    if any(_unmoved(rule, values, day, known) for rule in holding):
        return []
    wanted = {fact for rule in holding for fact in rule.facts()}
    if _is_raised(now, holding, rules):
        wanted |= {line.fact for line in card.lines}
    chosen: list[Action] = []
    while True:
        more = [one for one in known if one not in chosen and _changes(one, values) & wanted]
        if not more:
            return [one for one in known if one in chosen]
        chosen += more
        touched = {fact for one in more for fact in _changes(one, values)}
        wanted |= {fact for rule in deciding if touched & set(rule.facts()) for fact in rule.facts()}
        if card.raises and touched & {line.fact for line in card.lines}:
            wanted |= {line.fact for line in card.lines}


def _decides(rule: Rule, now: Standing, rules: Tiers) -> bool:
    """Whether the rule could hold the child where it is now."""
    if rule.tier == REPORT_NOW:
        return True
    return not now.is_report and rules.severity(rule.tier) >= now.severity


def _unmoved(rule: Rule, values: Values, day: date, known: Sequence[Action]) -> bool:
    """Whether the rule goes on to hold, whatever is done: nothing touches a fact that it looks at."""
    looked_at = set(rule.facts())
    return not any(_changes(one, values) & looked_at for one in known)


def _is_raised(now: Standing, holding: Sequence[Rule], rules: Tiers) -> bool:
    by_rule = [rules.severity(rule.tier) for rule in holding if rule.tier != REPORT_NOW]
    return not now.is_report and now.severity > max([rules.severity(rules.default_tier), *by_rule])


def _changes(one: Action, values: Values) -> frozenset[str]:
    """The facts that would have another value."""
    after: Mapping[str, Value] = one.applied(values)
    return frozenset(effect.fact for effect in one.effects if after[effect.fact] != values.get(effect.fact))
