"""Cards and rules that get another shape: a line or a rule more, a bin cut in two, two bins joined.

What a form asks for need not be good: it is put together as it is, and the strict readers, the linter and the law say
of the text what is wrong with the new part.  The shape of the rest stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from models.complaints import Complaint
from models.facts import Fact, facts
from models.screening.rulebook import in_force, law
from models.screening.rulebook.card import Bin, Card, Line, lint
from models.screening.rulebook.in_force import CARD
from models.screening.rulebook.lanes import Condition, ReadRules, Rule, Tiers, tiers_of
from models.screening.rulebook.lanes import lint as lint_rules
from models.screening.rulebook.linting import ban_from_rules, barred_from_cards
from models.screening.tuning.drafting import Number, ranges, span_of
from models.screening.tuning.writing import remarks_of, write_card, write_rules
from models.strict_toml import read

OWN_RULE, OWN_CODE = "district", "DISTRICT"
VALUE_WORDS = {"值": "", "日期": ".date", "value": "", "number": "", "date": ".date"}


class NewLine(NamedTuple):
    """A line as a form gives it.  points: by stretch of a number, of (no, yes), or of the codes in their order."""

    fact: str
    clause: str
    zh: str
    en: str
    cuts: tuple[Number, ...]
    points: tuple[int, ...]
    unknown: int


class NewCondition(NamedTuple):
    """One comparison: `is` with yes or no, one of `COMPARISONS` with a number, `one_of` or `none_of` with codes."""

    fact: str
    comparison: str
    value: bool | int | tuple[str, ...]


class NewRule(NamedTuple):
    """A rule as a form gives it; `{value}` and `{date}` ({值}, {日期}) in its sentences mean the first fact."""

    tier: str
    clause: str
    zh: str
    en: str
    conditions: tuple[NewCondition, ...]


class Shaped(NamedTuple):
    """The text with the new part, and what is wrong with that part: nothing else is judged."""

    text: str
    name: str
    complaints: list[Complaint]


def shape_of(subject: str, text: str) -> Card | Tiers:
    """The parts of a text, unjudged but for their form; FileProblem where a part is missing."""
    _, part = in_force.subjects()[subject]
    return read(text, Card, subject) if part == CARD else read(text, Tiers, subject)


def facts_for_cards(card: Card) -> list[Fact]:
    """The facts that may be scored and are not on the card yet."""
    taken = {line.fact for line in card.lines}
    return [one for name, one in facts().items() if name not in taken and barred_from_cards(one) is None]


def facts_for_rules() -> list[Fact]:
    """The facts that a rule may look at."""
    return [one for name, one in facts().items() if ban_from_rules(name) is None]


def with_line(text: str, new: NewLine) -> Shaped:
    """The card with a line more."""
    card = read(text, Card, new.fact)
    lines = (*card.lines, _line(new))
    made = _card_text(text, card, lines)
    found = lint(made, new.fact)
    return Shaped(made, new.fact, _about(found, f"lines.{len(lines)}"))


def _line(new: NewLine) -> Line:
    fact = facts()[new.fact]
    if fact.kind == "number":
        bins = ranges(new.cuts, new.points)
    elif fact.kind == "flag":
        answers = zip((False, True), new.points, strict=True)
        bins = tuple(Bin.model_validate({"is": answer, "points": its}) for answer, its in answers)
    else:
        codes = zip(fact.labels(), new.points, strict=True)
        bins = tuple(Bin(codes=(label.code,), points=its) for label, its in codes)
    usual = "rising" if new.points[0] <= new.points[-1] else "falling"
    direction = {"higher": "rising", "lower": "falling"}.get(fact.risk, usual)
    return Line.model_construct(
        fact=new.fact, clause=new.clause, zh=new.zh.strip(), en=new.en.strip(),
        direction="codes" if fact.kind == "code" else direction, bins=bins, unknown=new.unknown,
    )  # fmt: skip


def with_bins(text: str, line: Line) -> str:
    """The card with that line in the place of the one about the same fact."""
    card = read(text, Card, line.fact)
    return _card_text(text, card, tuple(line if one.fact == line.fact else one for one in card.lines))


def _card_text(text: str, card: Card, lines: tuple[Line, ...]) -> str:
    return write_card(card.model_copy(update={"lines": lines, "range": span_of(lines)}), remarks_of(text))


def cut_at(line: Line, start: Number) -> Line:
    """The bin that holds that value cut in two there, both with its points; the same line where a bin begins there."""
    bins: list[Bin] = []
    for one in line.bins:
        is_inside = (one.from_ is None or one.from_ < start) and (one.below is None or start < one.below)
        if is_inside and one.kinds <= {"range"}:
            bins += [one.model_copy(update={"below": start}), one.model_copy(update={"from_": start})]
        else:
            bins.append(one)
    return line.model_copy(update={"bins": tuple(bins)})


def set_apart(line: Line, code: str) -> Line:
    """The code in a bin of its own, with the points that it had."""
    bins: list[Bin] = []
    for one in line.bins:
        others = tuple(each for each in one.codes or () if each != code)
        if others and others != one.codes:
            bins += [one.model_copy(update={"codes": others}), one.model_copy(update={"codes": (code,)})]
        else:
            bins.append(one)
    return line.model_copy(update={"bins": tuple(bins)})


def without_bin(line: Line, place: int) -> Line:
    """The line with that bin given to its neighbour, which keeps its points; the one before, for the first the next.

    A line keeps at least two bins.
    """
    if len(line.bins) <= 2 or any(one.is_ is not None for one in line.bins):
        return line
    bins = list(line.bins)
    gone = bins.pop(place)
    heir = max(place - 1, 0)
    if gone.codes is not None:
        update: dict[str, object] = {"codes": (*(bins[heir].codes or ()), *gone.codes)}
    elif place == 0:
        update = {"from_": gone.from_}
    else:
        update = {"below": gone.below}
    bins[heir] = bins[heir].model_copy(update=update)
    return line.model_copy(update={"bins": tuple(bins)})


def with_rule(text: str, new: NewRule, number: int) -> Shaped:
    """The rules with one more, named after the version that it will stand in, inside the law on its own."""
    rules = read(text, Tiers, "rules")
    taken = {rule.id for rule in rules.rules}
    names = (f"{OWN_RULE}_{number}_{each}" for each in range(1, len(taken) + 2))
    name = next(one for one in names if one not in taken)
    rule = _rule(new, name)
    made = write_rules(rules.model_copy(update={"rules": (*rules.rules, rule)}), remarks_of(text))
    place = f"rules.{len(rules.rules) + 1}"
    found = _about(lint_rules(made, name), place) or _about(_below_the_law(made, rules), place)
    return Shaped(made, name, found)


def _below_the_law(text: str, before: Tiers) -> list[Complaint]:
    read_rules = ReadRules(read(text, Tiers, "rules"), text)
    return law.outside(read_rules, tiers_of(before.target), "rules", before.reviewed_on)


def _rule(new: NewRule, name: str) -> Rule:
    first = new.conditions[0].fact
    return Rule.model_construct(
        id=name, code=OWN_CODE, tier=new.tier, clause=new.clause,
        all=tuple(_condition(one) for one in new.conditions), shown=first,
        zh=_template(new.zh, first), en=_template(new.en, first),
    )  # fmt: skip


def _condition(new: NewCondition) -> Condition:
    compared: dict[str, Any] = {"is_" if new.comparison == "is" else new.comparison: new.value}
    return Condition.model_construct(None, fact=new.fact, **compared)


def _template(words: str, fact: str) -> str:
    """The sentence with the fact's own name in the place of `{value}` and `{date}`."""
    told = words.strip()
    for word, what in VALUE_WORDS.items():
        told = told.replace(f"{{{word}}}", f"{{{fact}{what}}}")
    return told


def _about(complaints: Sequence[Complaint], path: str) -> list[Complaint]:
    return [one for one in complaints if one.path == path or one.path.startswith(f"{path}.")]
