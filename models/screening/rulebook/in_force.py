"""Which card and which rules hold: the shipped ones are version 1, a district's own versions come after them.

A build takes what was published last by its day of knowledge, so a past list can be made again as it stood.  A
version is checked when it is saved and again when it is read: a card that this program no longer understands stops a
build in words, it never falls silently back to another.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from models.complaints import Complaint
from models.screening.rulebook import bars, law
from models.screening.rulebook.card import DEFAULT_CARDS, ReadCard, as_document, cards, default_cards, lint
from models.screening.rulebook.card import parse as parse_card
from models.screening.rulebook.lanes import ReadRules, default_rules, read_rules, targets
from models.strict_toml import FileProblem, complaint
from registry import evaluations, versions
from registry.versions import SHIPPED

CARD, RULES = "card", "rules"
PARTS = (CARD, RULES)
TABLE = "screening_version"
COLUMNS = {
    "target": "VARCHAR",
    "part": "VARCHAR",
    "number": "BIGINT",
    "sha256": "VARCHAR",
    "text": "VARCHAR",
    "author": "VARCHAR",
    "published_by": "VARCHAR",
    "published_at": "TIMESTAMP",
}
Ask = Callable[[str], Sequence[Sequence[Any]]]


class InForce(NamedTuple):
    """The card and the rules of a target with the numbers of their versions.

    fallen: the published learned card that a later evaluation switched off, so that this one stands in; else 0.
    """

    target: str
    card: ReadCard
    rules: ReadRules
    card_number: int = SHIPPED
    rules_number: int = SHIPPED
    fallen: int = 0

    def number(self, part: str) -> int:
        """The version of a part."""
        return self.card_number if part == CARD else self.rules_number

    def text(self, part: str) -> str:
        """What a part was read from."""
        return self.card.text if part == CARD else self.rules.text


class Listed(NamedTuple):
    """A version as it is listed; `withdrawn_at` is when another one took its place, None for a draft or in force."""

    subject: str
    number: int
    sha256: str
    author: str
    reason: str
    saved_at: dt.datetime | None
    published_by: str
    published_at: dt.datetime | None
    withdrawn_at: dt.datetime | None
    is_in_force: bool
    is_switched_off: bool = False


def subject_of(target: str, part: str) -> str:
    """The name under which the versions of a part are kept: `visit_card`."""
    return f"{target}_{part}"


def target_of(text: str) -> str:
    """The target that a good text names."""
    return str(as_document(text)["target"])


def subjects() -> dict[str, tuple[str, str]]:
    """Subject → (target, part), in a fixed order."""
    return {subject_of(target, part): (target, part) for target in targets() for part in PARTS}


def shipped_text(subject: str) -> str:
    """The text of version 1."""
    target, part = subjects()[subject]
    return cards()[DEFAULT_CARDS[target]].text if part == CARD else default_rules()[target].text


def text_of_version(store: Path, subject: str, number: int) -> str:
    """The text of a version; VersionProblem where there is none of that number."""
    if number == SHIPPED:
        return shipped_text(subject)
    for one in versions.saved(store, subject):
        if one.number == number:
            return one.text
    raise versions.VersionProblem("no_such", str(number))


def read_version(subject: str, text: str, file: str) -> ReadCard | ReadRules:
    """The card or the rules in that text; FileProblem with file, line, what was expected and what was found."""
    target, part = subjects()[subject]
    if part == CARD:
        card = parse_card(text, file)
        if card.card.target != target:
            raise FileProblem([_other_list(text, file, target, card.card.target)])
        return card
    rules = read_rules(text, file)
    if rules.rules.target != target:
        raise FileProblem([_other_list(text, file, target, rules.rules.target)])
    return rules


def _other_list(text: str, file: str, target: str, found: str) -> Complaint:
    return complaint(text, file, ["target"], "other_list", wanted=target, found=found)


def checked(subject: str, text: str, file: str, day: dt.date) -> ReadCard | ReadRules:
    """The card or the rules in that text, good and inside the law as it stands on that day; FileProblem otherwise."""
    read = read_version(subject, text, file)
    if isinstance(read, ReadRules):
        law.check(read, default_rules()[read.rules.target].rules, file, day)
    elif complaints := lint(text, file):
        raise FileProblem(complaints)
    return read


def save(store: Path, subject: str, text: str, file: str, author: str, reason: str, at: dt.datetime
         ) -> versions.Version:  # fmt: skip
    """Keep a card or rules as the next version, unpublished; FileProblem for a bad one, VersionProblem as there."""
    if text == shipped_text(subject):
        raise versions.VersionProblem("same_text", str(SHIPPED))
    read = checked(subject, text, file, at.date())
    if isinstance(read, ReadCard):
        for one in versions.saved(store, subject):
            if text != one.text and parse_card(one.text, subject).card.id == read.card.id:
                raise versions.VersionProblem("same_id", read.card.id)
    return versions.save(store, subject, text, author, reason, at)


def publish(store: Path, subject: str, number: int, by: str, reason: str, at: dt.datetime
            ) -> versions.Publication:  # fmt: skip
    """Let a version hold from now on; read once more first, so that nothing is published that no build could use.

    A learned card needs an evaluation of its own text that meets the bar set for it (VersionProblem otherwise).
    """
    text = text_of_version(store, subject, number)
    if number != SHIPPED:
        read = checked(subject, text, f"{subject} {number}", at.date())
        if isinstance(read, ReadCard) and read.card.learned:
            bars.check(store, subject, text, at)
    holds, _ = holding(store, subject)
    return versions.publish(store, subject, number, by, reason, at, holds.number if holds else SHIPPED)


def why_off(store: Path, subject: str, publication: versions.Publication, known_on: dt.date | None = None
            ) -> list[bars.Miss]:  # fmt: skip
    """Why the learned card of a publication is switched off at the end of that day; empty where it may hold.

    One evaluation below the bar is enough: a better one later does not switch it on again, a person does.
    """
    digest = versions.digest_of(text_of_version(store, subject, publication.number))
    for one in evaluations.kept(store, subject):
        is_later = one.at >= publication.at and (known_on is None or one.at.date() <= known_on)
        beside = bars.beside_of(one.document) if one.sha256 == digest and is_later else None
        if beside and (misses := bars.must_go(beside, one.at.date())):
            return misses
    return []


def in_force(store: Path, known_on: dt.date | None = None) -> dict[str, InForce]:
    """What holds at the end of that day (now, without one), by target; VersionProblem for what cannot be used."""
    found = {}
    for target in targets():
        held = InForce(target, default_cards()[target], default_rules()[target])
        for part in PARTS:
            subject = subject_of(target, part)
            publication, fallen = holding(store, subject, known_on)
            held = held._replace(fallen=fallen or held.fallen)
            if publication is None or publication.number == SHIPPED:
                continue
            read = _usable(subject, text_of_version(store, subject, publication.number), publication)
            if isinstance(read, ReadCard):
                held = held._replace(card=read, card_number=publication.number)
            else:
                held = held._replace(rules=read, rules_number=publication.number)
        found[target] = held
    return found


def holding(
    store: Path, subject: str, known_on: dt.date | None = None
) -> tuple[versions.Publication | None, int]:
    """(the publication that holds at the end of that day, the number of a learned card that was switched off, or 0).

    Where the last published card was learned and a later evaluation switched it off, the last expert card holds.
    """
    made = versions.publications(store, subject)
    fallen = 0
    for one in reversed([each for each in made if known_on is None or each.at.date() <= known_on]):
        is_learned = "learned" in as_document(text_of_version(store, subject, one.number))
        if is_learned and not fallen and why_off(store, subject, one, known_on):
            fallen = one.number
        elif not (is_learned and fallen):
            return one, fallen
    return None, fallen


def _usable(subject: str, text: str, publication: versions.Publication) -> ReadCard | ReadRules:
    """What was published; VersionProblem where a newer program asks for more (a new rule of the law, a fact gone)."""
    name = f"{subject} {publication.number}"
    try:
        return checked(subject, text, name, publication.at.date())
    except FileProblem as problem:
        raise versions.VersionProblem("unusable", str(problem)) from problem


def publication_days(store: Path) -> list[dt.date]:
    """The days on which anything was published, or a published card was found to be worse than it may be."""
    days = [one.at.date() for subject in subjects() for one in versions.publications(store, subject)]
    for subject in subjects():
        for one in evaluations.kept(store, subject) if days else ():
            beside = bars.beside_of(one.document)
            if beside and bars.must_go(beside, one.at.date()):
                days.append(one.at.date())
    return days


def listed(store: Path, subject: str) -> list[Listed]:
    """All versions of a subject, oldest first, the shipped one among them."""
    made = versions.publications(store, subject)
    publication, fallen = holding(store, subject)
    current = publication.number if publication else SHIPPED
    rows = [_shipped_row(subject), *versions.saved(store, subject)]
    found = []
    for one in rows:
        own = [place for place, publication in enumerate(made) if publication.number == one.number]
        last = made[own[-1]] if own else None
        after = made[own[-1] + 1 :] if own else made[:1] if one.number == SHIPPED else []
        found.append(
            Listed(subject, one.number, one.sha256, one.author, one.reason,
                   one.saved_at if one.number != SHIPPED else None,
                   last.by if last else "", last.at if last else None,
                   after[0].at if after else None, one.number == current, one.number == fallen)
        )  # fmt: skip
    return found


def _shipped_row(subject: str) -> versions.Version:
    target, part = subjects()[subject]
    text = shipped_text(subject)
    author = (
        cards()[DEFAULT_CARDS[target]].card.author if part == CARD else default_rules()[target].rules.author
    )
    return versions.Version(subject, SHIPPED, text, versions.digest_of(text), author, "", dt.datetime.min)


def version_rows(store: Path, held: dict[str, InForce], known_on: dt.date) -> Iterator[tuple[Any, ...]]:
    """What a build publishes of the versions that it used (`COLUMNS`), so that every reader sees which they were."""
    for target, one in sorted(held.items()):
        for part in PARTS:
            subject = subject_of(target, part)
            publication, _ = holding(store, subject, known_on)
            author = {each.number: each.author for each in versions.saved(store, subject)}
            text = one.text(part)
            yield (target, part, one.number(part), versions.digest_of(text), text,
                   author.get(one.number(part), _shipped_row(subject).author),
                   publication.by if publication else None, publication.at if publication else None)  # fmt: skip


def used_by(ask: Ask) -> dict[str, InForce]:
    """What a published build used, read from its own table; the shipped ones for a build without it."""
    held = {target: InForce(target, default_cards()[target], default_rules()[target]) for target in targets()}
    if not ask(f"SELECT 1 AS one FROM information_schema.tables WHERE table_name = '{TABLE}'"):
        return held
    for target, part, number, text in ask(f"SELECT target, part, number, text FROM {TABLE}"):
        if number == SHIPPED:
            continue
        read = read_version(subject_of(target, part), text, f"{subject_of(target, part)} {number}")
        if isinstance(read, ReadCard):
            held[target] = held[target]._replace(card=read, card_number=number)
        else:
            held[target] = held[target]._replace(rules=read, rules_number=number)
    return held
