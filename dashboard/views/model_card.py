"""A card's model card: what it is for and what not, what it rests on, its figures and limits, who answers for it.

Every version has one, an expert's too; what was never found out says so.  No child is named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from dashboard.access import Permission, Reader, require
from dashboard.exports.blocks import Block, Column, Document, Heading, Paragraph, Row, Table
from dashboard.texts import text
from dashboard.views.learned_words import (
    WAYS,
    alarm_lines,
    bar_lines,
    figures_of,
    group_name,
    kind_name,
    miss_words,
    price_lines,
    scorer_words,
    share_words,
    stability_lines,
    tested_on,
)
from dashboard.views.tuning_words import author_words, bin_words, fact_words, named
from dashboard.views.validation import provenance_of
from dashboard.views.words import clause_words
from models.parameters import value_on
from models.screening.rulebook import in_force
from models.screening.rulebook.bars import beside_of
from models.screening.rulebook.card import Card
from models.screening.rulebook.in_force import CARD, Listed, parse_card
from registry import evaluations, versions
from registry.evaluations import Evaluation

_MONTHS_IN_YEAR, _LAST_DAY = 12, 28


class ModelCardPage(NamedTuple):
    """One version's model card and the versions to choose from."""

    title: str
    provenance: str
    subjects: dict[str, str]
    subject: str
    choices: dict[str, str]
    number: str
    alarm: str
    document: Document


def model_card_page(
    store: Path, reader: Reader, lang: str, wanted: Mapping[str, str | None], townships: Mapping[str, str]
) -> ModelCardPage:
    """The page; Forbidden without the right to publish."""
    require(reader, Permission.PUBLISH_CARD, Permission.VIEW_CHILDREN)
    subjects = {in_force.subject_of(one, CARD): text(lang, f"target.{one}") for one in ("visit", "referral")}
    asked = wanted.get("subject")
    subject = asked if asked in subjects else next(iter(subjects))
    listed = in_force.listed(store, subject)
    choices = {
        str(one.number): text(
            lang, "model_card.version", number=one.number, state=text(lang, f"tuning.state.{_state(one)}")
        )
        for one in reversed(listed)
    }
    holds = next(str(one.number) for one in listed if one.is_in_force)
    number = wanted.get("number")
    number = number if number in choices else holds
    assert number is not None
    found, document = model_card(store, lang, subject, int(number), townships)
    fallen = next((one.number for one in listed if one.is_switched_off), 0)
    alarm = text(lang, "learned.switched_off", number=fallen) if fallen else ""
    shown = provenance_of(lang, found) if found else text(lang, "model_card.not_evaluated")
    return ModelCardPage(
        text(lang, "model_card.title"), shown, subjects, subject, choices, number, alarm, document
    )


def _state(one: Listed) -> str:
    if one.is_switched_off:
        return "switched_off"
    return "in_force" if one.is_in_force else "withdrawn" if one.withdrawn_at else "draft"


def model_card(
    store: Path, lang: str, subject: str, number: int, townships: Mapping[str, str]
) -> tuple[Evaluation | None, Document]:
    """(the last evaluation of that version, its model card); VersionProblem where there is no such version."""
    content = in_force.text_of_version(store, subject, number)
    card = parse_card(content, f"{subject} {number}").card
    listed = next(one for one in in_force.listed(store, subject) if one.number == number)
    found = evaluations.latest(store, subject, versions.digest_of(content))
    blocks = [
        *_purpose(lang, card),
        *_data(lang, card, found),
        *_lines(lang, card),
        *_figures(lang, found, townships),
        *_limits(lang, found, townships),
        *_answers_for_it(lang, store, subject, listed, card),
    ]
    identity = [
        (text(lang, "model_card.id"), card.id),
        (text(lang, "model_card.number"), str(number)),
        (text(lang, "model_card.digest"), versions.digest_of(content)[:16]),
        (text(lang, "model_card.state"), text(lang, f"tuning.state.{_state(listed)}")),
    ]
    title = text(lang, "model_card.of", name=named(card, lang))
    shown = provenance_of(lang, found) if found else text(lang, "model_card.not_evaluated")
    return found, Document(lang, title, shown, "", identity, "", blocks)


def _purpose(lang: str, card: Card) -> Iterator[Block]:
    yield Heading(text(lang, "model_card.purpose"))
    yield Paragraph(text(lang, f"model_card.purpose_{card.target}"))
    yield Paragraph(clause_words(lang, card.clause), "note")
    yield Heading(text(lang, "model_card.not_for"))
    for one in ("label", "lower", "benefit", "single", "outside"):
        yield Paragraph(text(lang, f"model_card.not_for_{one}"))


def _data(lang: str, card: Card, found: Evaluation | None) -> Iterator[Block]:
    yield Heading(text(lang, "model_card.outcome"))
    outcome = found.document["outcome"] if found else card.learned.outcome if card.learned else ""
    key = outcome if outcome in ("serious", "any") else "serious"
    yield Paragraph(text(lang, f"model_card.outcome_{card.target}_{key}"))
    yield Heading(text(lang, "model_card.data"))
    if card.learned is None:
        yield Paragraph(
            text(lang, "model_card.expert_data", author=author_words(lang, card.author), day=card.date)
        )
    else:
        told = card.learned
        n, serious = (f"{told.measures.get(name, 0):,.0f}" for name in ("n_outcomes", "n_serious"))
        yield Paragraph(text(lang, "model_card.learned_data", method=told.method, first=told.trained_from,
                             last=told.trained_to, children=f"{told.n_children:,}", n=n, serious=serious))  # fmt: skip
    yield Paragraph(text(lang, "model_card.never_scored"))


def _lines(lang: str, card: Card) -> Iterator[Block]:
    yield Heading(text(lang, "model_card.lines"))
    low, high = card.range
    yield Paragraph(text(lang, "model_card.range", low=low, high=high))
    heads = ("fact", "bins", "unknown", "reason")
    columns = tuple(Column(text(lang, f"model_card.column.{one}"), width)
                    for one, width in zip(heads, (2, 3.4, 1, 2.6), strict=True))  # fmt: skip
    rows = []
    for line in card.lines:
        bins = text(lang, "model_card.between").join(
            text(lang, "model_card.bin", values=bin_words(lang, line.fact, one), points=one.points)
            for one in line.bins
        )
        rows.append(Row((fact_words(lang, line.fact), bins, str(line.unknown), named(line, lang))))
    yield Table(text(lang, "model_card.lines"), columns, rows)


def _figures(lang: str, found: Evaluation | None, townships: Mapping[str, str]) -> Iterator[Block]:
    yield Heading(text(lang, "model_card.figures"))
    if found is None:
        yield Paragraph(text(lang, "model_card.not_evaluated"))
        return
    told = found.document["evaluation"]
    yield Paragraph(tested_on(lang, found.document))
    columns = (Column(text(lang, "validation.column.order"), 2),
               *(Column(text(lang, f"validation.column.recall_{way}"), 2) for way in WAYS))  # fmt: skip
    rows = [
        Row((scorer_words(lang, one["name"]),
             *(share_words(lang, figures_of(one, way)["at_capacity"]["recall"]) for way in WAYS)))
        for one in told["scorers"]
    ]  # fmt: skip
    yield Table(text(lang, "validation.recall_axis"), columns, rows)
    for line in (*price_lines(lang, found.document), *alarm_lines(lang, found.document),
                 *stability_lines(lang, found.document)):  # fmt: skip
        yield Paragraph(line)
    yield from _groups(lang, found, townships)


def _groups(lang: str, found: Evaluation, townships: Mapping[str, str]) -> Iterator[Block]:
    beside = beside_of(found.document)
    groups = beside.groups if beside else ()
    heads = ("kind", "group", "gap")
    columns = tuple(Column(text(lang, f"validation.column.{one}"), 2) for one in heads)
    rows = [
        Row((kind_name(lang, one.kind), group_name(lang, one.kind, one.group, townships),
             share_words(lang, one.gap._asdict())))
        for one in groups
    ]  # fmt: skip
    yield Table(text(lang, "model_card.by_group"), columns, rows, text(lang, "model_card.no_group"))


def _limits(lang: str, found: Evaluation | None, townships: Mapping[str, str]) -> Iterator[Block]:
    yield Heading(text(lang, "model_card.limits"))
    for one in ("looked", "unwritten", "time", "small"):
        yield Paragraph(text(lang, f"model_card.limit_{one}"))
    if found:
        for line in bar_lines(lang, found.document, found.at.date(), townships):
            yield Paragraph(line)


def _answers_for_it(lang: str, store: Path, subject: str, listed: Listed, card: Card) -> Iterator[Block]:
    yield Heading(text(lang, "model_card.answers"))
    yield Paragraph(text(lang, "model_card.saved", author=author_words(lang, listed.author),
                         reason=listed.reason or "—",
                         at=listed.saved_at.date() if listed.saved_at else card.date))  # fmt: skip
    if listed.published_at is None:
        yield Paragraph(
            text(
                lang, "model_card.shipped" if listed.number == versions.SHIPPED else "model_card.unpublished"
            )
        )
    else:
        yield Paragraph(
            text(lang, "model_card.published", by=listed.published_by, at=listed.published_at.date())
        )
    if listed.is_switched_off:
        last = [one for one in versions.publications(store, subject) if one.number == listed.number][-1]
        for miss in in_force.why_off(store, subject, last):
            yield Paragraph(text(lang, "model_card.switched_off", why=miss_words(lang, miss)))
    yield Heading(text(lang, "model_card.review"))
    start = listed.published_at.date() if listed.published_at else card.date
    months = value_on("learning_review_months", start)
    if listed.published_at is None:
        yield Paragraph(text(lang, "model_card.review_after", months=months))
    else:
        yield Paragraph(text(lang, "model_card.review_on", day=_months_later(start, months), months=months))
    yield Heading(text(lang, "model_card.withdraw"))
    yield Paragraph(text(lang, "model_card.withdraw_how", subject=subject))


def _months_later(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, the 28th at the latest."""
    whole = day.month - 1 + months
    return dt.date(day.year + whole // _MONTHS_IN_YEAR, whole % _MONTHS_IN_YEAR + 1, min(day.day, _LAST_DAY))
