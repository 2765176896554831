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
from dashboard.views.tuning_words import (
    bin_words,
    changes_words,
    fact_words,
    held_words,
    named,
    rule_sentence,
    tier_words,
)
from dashboard.views.words import clause_words, provenance
from models.screening.rulebook import in_force
from models.screening.rulebook.card import ReadCard
from models.screening.rulebook.in_force import CARD, PARTS, Listed
from models.screening.rulebook.lanes import (
    REPORT_NOW,
    Condition,
    ReadRules,
    Rule,
    Tiers,
    default_rules,
    number_on,
)
from models.screening.tuning.drafting import (
    LineDraft,
    RulesDraft,
    comparison_of,
    draft_of,
    drafted_card,
    drafted_rules,
)
from registry.versions import SHIPPED


class LineForm(NamedTuple):
    """A line of the card: what it is called, the words of its bins, and its values as they stand."""

    label: str
    reason: str
    bins: tuple[str, ...]
    draft: LineDraft


class RuleForm(NamedTuple):
    """A rule that a district may raise or widen: its tiers to choose from, numbers with words and widest value."""

    rule: str
    label: str
    clause: str
    tier: str
    tiers: dict[str, str]
    numbers: tuple[tuple[int, str, int], ...]


class TuningPage(NamedTuple):
    """What one reader sees of one subject; `lines` for a card, `rules`, `fixed` and `intervals` for rules."""

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
    lines: tuple[LineForm, ...]
    intervals: dict[str, tuple[str, int]]
    rules: tuple[RuleForm, ...]
    fixed: tuple[str, ...]
    versions: pl.DataFrame
    listed: tuple[Listed, ...]


def tuning_page(
    snapshot: Snapshot, store: Path, reader: Reader, lang: str, wanted: Mapping[str, str | None]
) -> TuningPage:
    """One subject as it stands; Forbidden without the right to publish or to single cases."""
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
    read = in_force.read_version(subject, base_text, subject)
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
        _lines(lang, read) if isinstance(read, ReadCard) else (),
        _intervals(lang, read.rules, as_of) if isinstance(read, ReadRules) else {},
        _rules(lang, read.rules, as_of) if isinstance(read, ReadRules) else (),
        _fixed(lang, read.rules) if isinstance(read, ReadRules) else (),
        _versions(lang, listed),
        tuple(listed),
    )


def _one_of(wanted: str | None, known: Sequence[str]) -> str:
    return wanted if wanted is not None and wanted in known else known[0]


def _lines(lang: str, read: ReadCard) -> tuple[LineForm, ...]:
    return tuple(
        LineForm(fact_words(lang, line.fact), named(line, lang),
                 tuple(bin_words(lang, line.fact, one) for one in line.bins), draft_of(line))
        for line in read.card.lines
    )  # fmt: skip


def _intervals(lang: str, rules: Tiers, as_of: dt.date) -> dict[str, tuple[str, int]]:
    return {tier: (tier_words(lang, tier), rules.days(tier, as_of)) for tier in rules.order}


def _rules(lang: str, rules: Tiers, as_of: dt.date) -> tuple[RuleForm, ...]:
    shipped = {rule.id: rule for rule in default_rules()[rules.target].rules.rules}
    found = []
    for rule in rules.rules:
        if rule.tier == REPORT_NOW:
            continue
        least = shipped[rule.id].tier if rule.id in shipped else rule.tier
        allowed = [tier for tier in rules.order if rules.severity(tier) >= rules.severity(least)]
        found.append(
            RuleForm(rule.id, rule_sentence(lang, named(rule, lang)), clause_words(lang, rule.clause), rule.tier,
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
        author=one.author,
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
            (one.number, text(lang, f"tuning.state.{state}"), one.author, reason, saved, published, gone)
        )
    return pl.DataFrame(rows, schema=[text(lang, f"tuning.{name}") for name in columns], orient="row")


def drafted(
    page: TuningPage,
    lines: Sequence[LineDraft] | None,
    rules: RulesDraft | None,
    author: str,
    day: dt.date,
) -> str | None:
    """The text of what a form holds; None where it holds what the base holds already."""
    read = in_force.read_version(page.subject, page.base_text, page.subject)
    number = SHIPPED + len(page.listed)
    if isinstance(read, ReadCard) and lines is not None:
        made = drafted_card(read.card, lines, number, author, day)
        unchanged = [draft_of(line) for line in read.card.lines]
        return None if list(lines) == unchanged else made
    if isinstance(read, ReadRules) and rules is not None:
        made = drafted_rules(read.rules, rules, author, day)
        same = {"author": "", "reviewed_on": day}
        after = in_force.read_version(page.subject, made, page.subject)
        is_same = isinstance(after, ReadRules) and (
            after.rules.model_copy(update=same) == read.rules.model_copy(update=same)
        )
        return None if is_same else made
    return None


def differences(
    store: Path, reader: Reader, lang: str, subject: str, before: int, after: int
) -> list[str]:  # fmt: skip
    """What differs between two versions, a sentence each."""
    require(reader, Permission.PUBLISH_CARD)
    both = [in_force.text_of_version(store, subject, number) for number in (before, after)]
    return changes_words(lang, subject, both[0], both[1], dt.date.today())


def is_card(page: TuningPage) -> bool:
    """Whether the page shows a card, else rules."""
    return page.part == CARD
