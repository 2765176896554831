"""Proposing from a store, and evaluating any version again; what was found is kept beside the versions.

Nothing here publishes: a proposed card is text until a person saves it, and only another person can let it hold.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from models.facts import facts as known_facts
from models.learning.proposing.allowed import candidates
from models.learning.proposing.gathering import GRAVE, gathered
from models.learning.proposing.judging import Judged, judge, split, usual_capacity
from models.learning.proposing.proposal import Proposal, Wanted, propose
from models.learning.proposing.refusals import LearningRefused, refusal
from models.screening.rulebook.card import Card, ReadCard, default_cards
from models.screening.rulebook.in_force import CARD, in_force, parse_card, subject_of, text_of_version
from registry import evaluations, store, versions
from registry.settings import Settings


def expert_card(place: Path, target: str) -> ReadCard:
    """The last published card that was not learned; the shipped one without."""
    subject = subject_of(target, CARD)
    for one in reversed(versions.publications(place, subject)):
        text = text_of_version(place, subject, one.number)
        read = parse_card(text, f"{subject} {one.number}")
        if not read.card.learned:
            return read
    return default_cards()[target]


def propose_from_store(
    settings: Settings,
    target: str,
    start: dt.date,
    end: dt.date,
    wanted: Wanted,
    names: Sequence[str] | None = None,
) -> Proposal:
    """Learn from the days between; NoSnapshot where nothing is built, LearningRefused as in `proposal.propose`."""
    expert = expert_card(settings.store, target)
    facts = candidates(expert.card, names)
    champion = in_force(settings.store)[target].card
    looked_up = {one.fact.name for one in facts} | {
        line.fact for card in (expert, champion) for line in card.card.lines
    }
    wide = [fact for name, fact in known_facts().items() if name in looked_up]
    rows = gathered(settings, target, start, end, wide, wanted.outcome)
    return propose(rows, facts, expert, champion, wanted)


def evaluate_version(
    settings: Settings,
    subject: str,
    number: int,
    start: dt.date,
    end: dt.date,
    outcome: str = GRAVE,
    capacity: int | None = None,
) -> Judged:
    """A version on past days, beside the card in force; the card in force itself beside the last expert card.

    VersionProblem where there is no such version, LearningRefused where no day after its learning is settled.
    """
    target = subject.removesuffix(f"_{CARD}")
    card = parse_card(text_of_version(settings.store, subject, number), f"{subject} {number}").card
    champion = _beside(settings.store, target, card)
    facts = candidates(_together(card, champion))
    rows = gathered(settings, target, start, end, [one.fact for one in facts], outcome)
    if rows.cases.is_empty():
        raise LearningRefused([refusal("", "few_days", n=0)])
    learn, test = split(rows, card)
    return judge(learn, test, facts, card, champion, outcome, capacity or usual_capacity(rows.cases))


def _beside(place: Path, target: str, card: Card) -> Card:
    held = in_force(place)[target].card.card
    return expert_card(place, target).card if held.id == card.id else held


def _together(card: Card, other: Card) -> Card:
    """The lines of both, so that every fact of either is looked up."""
    known = {line.fact for line in card.lines}
    return card.model_copy(
        update={"lines": (*card.lines, *(line for line in other.lines if line.fact not in known))}
    )


def keep(
    settings: Settings, target: str, text: str, found: Proposal | Judged, at: dt.datetime
) -> evaluations.Evaluation:
    """Keep what was found of the card in that text, for the pages and for the bars."""
    build_id = str(store.current(settings.store)["build_id"])
    subject = subject_of(target, CARD)
    return evaluations.keep(settings.store, subject, versions.digest_of(text), build_id, at, found.document())
