"""Tuning as a reader may see it: the values of a card or of rules to change, and the versions that there are.

Analysts try and save; a planner, who has to defend the list, sees the versions and publishes.  Children stand under
their file numbers, and only those of the reader's areas.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from dashboard.access import Permission, Reader, covers_area, may, require
from dashboard.snapshot import Snapshot
from dashboard.texts import text
from dashboard.views.scope import scope_of
from dashboard.views.tuning_offers import Offers, card_offers, rule_offers
from dashboard.views.tuning_words import (
    author_words,
    bin_words,
    condition_words,
    fact_words,
    held_words,
    named,
    rule_sentence,
    tier_words,
)
from dashboard.views.words import clause_words, provenance
from models.facts import facts
from models.screening.rulebook import in_force
from models.screening.rulebook.card import Card, Line
from models.screening.rulebook.in_force import CARD, PARTS, Listed
from models.screening.rulebook.lanes import (
    REPORT_NOW,
    Condition,
    Rule,
    Tiers,
    default_rules,
    number_on,
)
from models.screening.tuning.drafting import (
    LineDraft,
    comparison_of,
    draft_of,
)
from models.screening.tuning.reshaping import shape_of
from registry.versions import SHIPPED


class LineForm(NamedTuple):
    """A line of the card: what it is called, the words of its bins, and its values as they stand."""

    label: str
    reason: str
    bins: tuple[str, ...]
    draft: LineDraft
    line: Line
    codes: dict[str, str]


class RuleForm(NamedTuple):
    """A rule that a district may raise or widen: its tiers to choose from, numbers with words and widest value.

    asks: what must hold, in words.
    """

    rule: str
    label: str
    clause: str
    asks: str
    tier: str
    tiers: dict[str, str]
    numbers: tuple[tuple[int, str, int], ...]


class TuningPage(NamedTuple):
    """What one reader sees of one subject; `lines` for a card, `rules`, `fixed` and `intervals` for rules.

    working: the text that the form starts from, which is the base's until a line, bin or rule is added; number: of the
    version that a draft would become.
    """

    title: str
    provenance: str
    held: str
    waiting: str
    subject: str
    target: str
    targets: dict[str, str]
    part: str
    parts: dict[str, str]
    district: str
    may_try: bool
    base: str
    bases: dict[str, str]
    base_text: str
    working: str
    number: int
    lines: tuple[LineForm, ...]
    intervals: dict[str, tuple[str, int]]
    rules: tuple[RuleForm, ...]
    fixed: tuple[str, ...]
    offers: Offers
    versions: pl.DataFrame
    listed: tuple[Listed, ...]


def tuning_page(
    snapshot: Snapshot,
    store: Path,
    reader: Reader,
    lang: str,
    wanted: Mapping[str, str | None],
    workings: Mapping[tuple[str, str], str] | None = None,
) -> TuningPage:
    """One subject as it stands, or as it was reshaped; Forbidden without the right to publish or to single cases.

    workings: (subject, version) → the text that a form has come to.
    """
    require(reader, Permission.PUBLISH_CARD, Permission.VIEW_CHILDREN)
    scope = scope_of(snapshot, reader)
    targets = {one: text(lang, f"target.{one}") for one in ("visit", "referral")}
    target = _one_of(wanted.get("target"), list(targets))
    part = _one_of(wanted.get("part"), PARTS)
    subject = in_force.subject_of(target, part)
    listed = in_force.listed(store, subject)
    numbers = [str(one.number) for one in listed]
    current = next(str(one.number) for one in listed if one.is_in_force)
    base = _one_of(wanted.get("base"), [current, *numbers])
    base_text = in_force.text_of_version(store, subject, int(base))
    working = (workings or {}).get((subject, base), base_text)
    shape = shape_of(subject, working)
    as_of = snapshot.build.as_of
    used = in_force.used_by(lambda sql: snapshot.frame(sql).rows())[target]
    is_waiting = used.number(part) != int(current)
    return TuningPage(
        text(lang, "tuning.title"),
        provenance(lang, snapshot.build),
        held_words(lang, used),
        text(lang, "tuning.waiting", number=current) if is_waiting else "",
        subject,
        target,
        targets,
        part,
        {one: text(lang, f"tuning.part.{one}") for one in PARTS},
        scope.home,
        may(reader, Permission.TUNE)
        and covers_area(reader, scope.home)
        and scope.level(scope.home) == "district",
        base,
        {str(one.number): version_words(lang, one) for one in listed},
        base_text,
        working,
        SHIPPED + len(listed),
        _lines(lang, shape) if isinstance(shape, Card) else (),
        _intervals(lang, shape, as_of) if isinstance(shape, Tiers) else {},
        _rules(lang, shape, as_of) if isinstance(shape, Tiers) else (),
        _fixed(lang, shape) if isinstance(shape, Tiers) else (),
        card_offers(lang, shape) if isinstance(shape, Card) else rule_offers(lang, shape),
        _versions(lang, listed),
        tuple(listed),
    )


def _one_of(wanted: str | None, known: Sequence[str]) -> str:
    return wanted if wanted is not None and wanted in known else known[0]


def _lines(lang: str, card: Card) -> tuple[LineForm, ...]:
    return tuple(
        LineForm(fact_words(lang, line.fact), named(line, lang),
                 tuple(bin_words(lang, line.fact, one) for one in line.bins), draft_of(line), line,
                 {one.code: named(one, lang) for one in facts()[line.fact].labels()})
        for line in card.lines
    )  # fmt: skip


def _intervals(lang: str, rules: Tiers, as_of: dt.date) -> dict[str, tuple[str, int]]:
    return {tier: (tier_words(lang, tier), rules.days(tier, as_of)) for tier in rules.order}


def _rules(lang: str, rules: Tiers, as_of: dt.date) -> tuple[RuleForm, ...]:
    shipped = {rule.id: rule for rule in default_rules()[rules.target].rules.rules}
    found = []
    for rule in rules.rules:
        if rule.tier == REPORT_NOW:
            continue
        least = shipped[rule.id].tier if rule.id in shipped else rules.order[-1]
        allowed = [tier for tier in rules.order if rules.severity(tier) >= rules.severity(least)]
        found.append(
            RuleForm(rule.id, rule_sentence(lang, named(rule, lang)), clause_words(lang, rule.clause),
                     text(lang, "shape.and").join(condition_words(lang, part, as_of) for part in rule.all), rule.tier,
                     {tier: tier_words(lang, tier) for tier in allowed}, _numbers(lang, rule, as_of))
        )  # fmt: skip
    return tuple(found)


def _numbers(lang: str, rule: Rule, as_of: dt.date) -> tuple[tuple[int, str, int], ...]:
    """The numbers of a rule: place of the condition, what is compared, the number."""
    found = []
    for place, part in enumerate(rule.all):
        name = comparison_of(part)
        if name and isinstance(part, Condition):
            words = text(lang, f"tuning.compare.{name}", fact=fact_words(lang, part.fact))
            found.append((place, words, number_on(getattr(part, name), as_of)))
    return tuple(found)


def _fixed(lang: str, rules: Tiers) -> tuple[str, ...]:
    """The rules of the report-now lane, which nobody changes."""
    told = (rule_sentence(lang, named(rule, lang)) for rule in rules.of_tier(REPORT_NOW))
    return tuple(dict.fromkeys(told))


def version_words(lang: str, one: Listed) -> str:
    """A version for a list to choose from."""
    state = "in_force" if one.is_in_force else "withdrawn" if one.withdrawn_at else "draft"
    return text(
        lang,
        "tuning.version",
        number=one.number,
        author=author_words(lang, one.author),
        state=text(lang, f"tuning.state.{state}"),
    )


def _versions(lang: str, listed: Sequence[Listed]) -> pl.DataFrame:
    columns = ("number", "state_title", "author", "why", "saved", "published", "withdrawn")
    rows = []
    for one in listed:
        state = "in_force" if one.is_in_force else "withdrawn" if one.withdrawn_at else "draft"
        reason = one.reason or (text(lang, "tuning.shipped") if one.number == SHIPPED else "")
        published = (
            text(lang, "tuning.by_on", by=one.published_by, day=one.published_at.date())
            if one.published_at
            else ""
        )
        saved, gone = (each.date().isoformat() if each else "" for each in (one.saved_at, one.withdrawn_at))
        rows.append(
            (
                one.number,
                text(lang, f"tuning.state.{state}"),
                author_words(lang, one.author),
                reason,
                saved,
                published,
                gone,
            )
        )
    return pl.DataFrame(rows, schema=[text(lang, f"tuning.{name}") for name in columns], orient="row")


def is_card(page: TuningPage) -> bool:
    """Whether the page shows a card, else rules."""
    return page.part == CARD
