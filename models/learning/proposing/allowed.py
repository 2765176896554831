"""Which facts a card may be learned from: those that a card may score at all, with the direction of their worry.

The same test as for a card that is read: what is refused there is refused here, before any outcome is looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from models.facts import Fact, facts
from models.learning.proposing.refusals import LearningRefused, Refusal, refusal
from models.screening.rulebook.card import Card
from models.screening.rulebook.linting import why_never_scored
from models.strict_toml import FileProblem, Strict, read

GROUPS = Path(__file__).parent / "groups.toml"


class Candidate(NamedTuple):
    """A fact that may be learned from: its direction (`rising`, `falling`, `codes`) and its group (may be empty)."""

    fact: Fact
    direction: str
    group: str


class _Group(Strict):
    name: str
    facts: tuple[str, ...]


class _Groups(Strict):
    group: tuple[_Group, ...]


@cache
def groups() -> dict[str, str]:
    """Fact → the group of which a card holds one line at most; FileProblem for a fact that is none."""
    listed = read(GROUPS.read_text("utf-8"), _Groups, GROUPS.name)
    strange = {name for one in listed.group for name in one.facts} - facts().keys()
    if strange:
        raise FileProblem(f"{GROUPS.name}: expected facts that exist, found {sorted(strange)}")
    return {name: one.name for one in listed.group for name in one.facts}


def refusals_of(names: Sequence[str], known: Mapping[str, Fact] | None = None) -> list[Refusal]:
    """Why those facts may not be learned from, each with its reason; empty where all may."""
    known = facts() if known is None else known
    found = []
    for name in names:
        if why := why_never_scored(name, known):
            found.append(refusal(name, why[0], **{key: one for key, one in why[1].items() if key != "fact"}))
    return found


def candidates(
    expert: Card, names: Sequence[str] | None = None, known: Mapping[str, Fact] | None = None
) -> tuple[Candidate, ...]:
    """The facts to learn from: those named, else all that may be scored and have a direction.

    A fact whose values worry in no direction of their own (a carer's age) takes part only where the expert card gives
    it one.  LearningRefused names every fact that was asked for and may not be scored.
    """
    known = facts() if known is None else known
    if names is not None and (refused := refusals_of(names, known)):
        raise LearningRefused(refused)
    wanted = [name for name in known if not why_never_scored(name, known)] if names is None else list(names)
    directions = {line.fact: str(line.direction) for line in expert.lines}
    found = []
    for name in wanted:
        fact = known[name]
        own = {"higher": "rising", "lower": "falling", "codes": "codes"}.get(fact.risk)
        if direction := own or directions.get(name):
            found.append(Candidate(fact, direction, groups().get(name, "")))
        elif names is not None:
            raise LearningRefused([refusal(name, "no_direction")])
    return tuple(found)
