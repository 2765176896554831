"""One proposed card for all tests that need one: learned from made-up lists with few facts and refits."""

from __future__ import annotations

from functools import cache
from typing import Any

from models.learning.proposing.allowed import Candidate, candidates
from models.learning.proposing.made_up import made_up_rows
from models.learning.proposing.proposal import Proposal, Wanted, propose
from models.learning.proposing.rows import Rows
from models.screening.rulebook.card import cards

EXPERT = cards()["visit_expert_v1"]
NAMES = ("days_since_home_visit", "unexcused_absence_days", "carer_changed", "carer_capacity", "missed_visits",
         "days_since_contact", "open_concerns", "carer_age", "months_both_away")  # fmt: skip


def facts() -> tuple[Candidate, ...]:
    """The facts of the expert card."""
    return candidates(EXPERT.card, NAMES)


@cache
def rows() -> Rows:
    """Lists of three days with what visits found."""
    return made_up_rows(facts(), n=500)


@cache
def proposal(is_correction: bool = False) -> Proposal:
    """A card learned from them."""
    return propose(
        rows(), facts(), EXPERT, EXPERT, Wanted(6, is_correction=is_correction, capacity=75, refits=2)
    )


@cache
def document() -> dict[str, Any]:
    """What is kept of it."""
    return proposal().document()
