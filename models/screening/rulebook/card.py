"""Cards: points that rank children inside a tier, read strictly from TOML and checked before use.

A card is closed: lines, each about one fact with bins and whole points, an answer for "not known", and
nothing to evaluate.  It can raise a tier where it says so; it can never lower one, and it never sees the
lanes.  What the law or decency forbids to score, gaps, overlaps and a declared range that isn't the sum are refused.
A published card is never edited: `published.toml` holds its digest, a change is a new file with a new id.
"""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from models.complaints import Complaint
from models.facts import Fact, facts
from models.screening.rulebook.card_parts import Bin, Card, Learned, Line, Raise, ReadCard
from models.screening.rulebook.linting import ForbiddenFact, card_complaints, forbidden
from models.strict_toml import FileProblem, Strict, complaint, examine, read

__all__ = [
    "Bin",
    "Card",
    "ForbiddenFact",
    "Learned",
    "Line",
    "Raise",
    "ReadCard",
    "as_document",
    "cards",
    "forbidden",
    "lint",
    "parse",
    "published",
    "read_card",
]

FOLDER = Path(__file__).parent / "cards"
PUBLISHED = Path(__file__).parent / "published.toml"
DEFAULT_CARDS = {"visit": "visit_expert_v1", "referral": "referral_expert_v1"}


class _Published(Strict):
    cards: dict[str, str]


@cache
def published() -> dict[str, str]:
    """Card id → sha256 of the bytes that were published under it."""
    return read(PUBLISHED.read_text("utf-8"), _Published, PUBLISHED.name).cards


def lint(text: str, file: str, known: dict[str, Fact] | None = None) -> list[Complaint]:
    """Everything that is wrong with the card in that text, in the order of its lines; empty for a good card.

    Also refuses other bytes under the id of a published card.
    """
    found = _examined(text, file, known)
    if isinstance(found, list):
        return found
    digest = published().get(found.id)
    if digest and digest != digest_of(text):
        return [complaint(text, file, ["id"], "edited", id=found.id)]
    return []


def parse(text: str, file: str, known: dict[str, Fact] | None = None) -> ReadCard:
    """The card in that text, checked; FileProblem names file, line, what was expected and found."""
    found = _examined(text, file, known)
    if isinstance(found, list):
        raise FileProblem(found)
    return ReadCard(found, text)


def _examined(text: str, file: str, known: dict[str, Fact] | None) -> Card | list[Complaint]:
    found = examine(text, Card, file)
    if isinstance(found, list):
        return found
    complaints = card_complaints(
        found, text, file, facts() if known is None else known, _tiers_that_exist(found.target)
    )
    return sorted(complaints, key=lambda one: one.line) or found


def _tiers_that_exist(target: str) -> dict[str, int]:
    from models.screening.rulebook.lanes import tiers_of

    rules = tiers_of(target)
    return {tier: rules.severity(tier) for tier in rules.order if tier not in ("unknown", rules.default_tier)}


def digest_of(text: str) -> str:
    """The sha256 of a card's bytes."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@cache
def cards() -> dict[str, ReadCard]:
    """The shipped cards by id; FileProblem where a name is not its card's id, or a published card was edited."""
    found = {}
    for path in sorted(FOLDER.glob("*.toml")):
        text = path.read_text("utf-8")
        one = parse(text, path.name)
        if one.card.id != path.stem:
            raise FileProblem(
                [complaint(text, path.name, ["id"], "other_name", wanted=path.stem, found=one.card.id)]
            )
        if published().get(one.card.id) != digest_of(text):
            raise FileProblem([complaint(text, path.name, ["id"], "edited", id=one.card.id)])
        found[one.card.id] = one
    return found


def read_card(path: Path) -> ReadCard:
    """The card in a file anywhere (a trial, a learned card)."""
    return parse(path.read_text("utf-8"), path.name)


def as_document(text: str) -> dict[str, Any]:
    """The card's plain values, for showing and comparing."""
    return tomllib.loads(text)


def default_cards() -> dict[str, ReadCard]:
    """The expert card of each target."""
    return {target: cards()[name] for target, name in DEFAULT_CARDS.items()}
