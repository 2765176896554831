"""A card proposed from past days and what visits found, with its report; nothing is published and nothing moves.

The last day is kept for the test, the card is learned from the days before it.  What the report says was therefore
found on children and visits that the card had not seen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from models.learning.honest.report import plain
from models.learning.honest.sample import NOT_VISITED, SERIOUS
from models.learning.proposing.allowed import Candidate
from models.learning.proposing.correction import corrected
from models.learning.proposing.encoding import constraints, decoded, encoded
from models.learning.proposing.gathering import GRAVE
from models.learning.proposing.judging import Judged, judge, split, usual_capacity
from models.learning.proposing.leaks import check_leaks
from models.learning.proposing.printing import Origin, printed_card
from models.learning.proposing.refusals import LearningRefused, refusal
from models.learning.proposing.rows import Rows
from models.learning.proposing.scores import points_of
from models.learning.proposing.stability import REFITS, Stability, stability
from models.parameters import value_on
from models.screening.rulebook.card import Card, ReadCard, parse

EXPERT_POINTS = "expert_points"
AUTHOR = "shouhu learn"


class Wanted(NamedTuple):
    """What is asked for: lines at most, whether only to correct the expert card, visits that a list has room for.

    capacity None: as many as were visited on average.  refits: how often the card is learned again.
    """

    max_lines: int = 8
    outcome: str = GRAVE
    is_correction: bool = False
    capacity: int | None = None
    seed: int = 0
    refits: int = REFITS


class Proposal(NamedTuple):
    """The card as text and as read, how it was judged, how far it hangs on chance, and what it was learned from."""

    text: str
    card: Card
    judged: Judged
    stability: Stability
    n_learned: int
    n_learned_found: int

    def document(self) -> dict[str, Any]:
        """What is kept and shown."""
        return {
            **self.judged.document(),
            "stability": plain(self.stability),
            "n_learned": self.n_learned,
            "n_learned_found": self.n_learned_found,
        }


def propose(
    rows: Rows, facts: Sequence[Candidate], expert: ReadCard, champion: ReadCard, wanted: Wanted
) -> Proposal:
    """Learn a card, print it, and try it on the last day beside the one in force.

    LearningRefused for too few days or outcomes, for a fact that gives the outcome away, and where nothing is learned.
    """
    learn, test = split(rows)
    day = max(learn.matrix.frame["as_of"])
    check_enough(learn, day)
    check_leaks(learn.matrix, learn.outcome(), day)
    given = inputs_of(learn, facts, expert, wanted)
    model, text = learned_card(given, learn, expert, wanted)
    card = parse(text, "proposed.toml").card
    capacity = wanted.capacity or usual_capacity(rows.cases)
    asked = inputs(test.matrix.frame, facts, expert.card, wanted.is_correction)
    return Proposal(
        text,
        card,
        judge(learn, test, facts, card, champion.card, wanted.outcome, capacity, wanted.seed),
        stability(model, asked, capacity, lambda at: _refitted(given, wanted, at), wanted.refits),
        len(given.outcome),
        int(given.outcome.sum()),
    )


def learned_card(given: Inputs, learn: Rows, expert: ReadCard, wanted: Wanted) -> tuple[Any, str]:
    """(the fitted `PointsCardClassifier`, the card as TOML), from the rows with an outcome."""
    model = _fitted(given, wanted)
    return model, _printed(model, given, learn, expert, wanted)


def check_enough(learn: Rows, day: dt.date) -> None:
    """LearningRefused where fewer outcomes stand there than that day's parameters ask for."""
    found = int((learn.cases["outcome"] != NOT_VISITED).sum())
    serious = int((learn.cases["outcome"] == SERIOUS).sum())
    least, least_found = (value_on(f"learning_least_{name}", day) for name in ("outcomes", "findings"))
    if found < least or serious < least_found:
        details = {"least": least, "least_found": least_found, "n": found, "n_found": serious}
        raise LearningRefused([refusal("", "few_outcomes", **details)])


def inputs(
    frame: pl.DataFrame, facts: Sequence[Candidate], expert: Card, is_correction: bool
) -> pl.DataFrame:
    """What the classifier is given: the facts, and for a correction the points of the expert card."""
    found = encoded(frame, facts)
    if not is_correction:
        return found
    points = pl.Series(EXPERT_POINTS, points_of(expert, frame)).cast(pl.Int64)
    return found.with_columns(points)


class Inputs(NamedTuple):
    """What the classifier is given: rows with an outcome, the outcome, their villages, the facts that vary."""

    frame: pl.DataFrame
    outcome: np.ndarray
    village: np.ndarray
    facts: tuple[Candidate, ...]


def inputs_of(learn: Rows, facts: Sequence[Candidate], expert: ReadCard, wanted: Wanted) -> Inputs:
    """The rows with an outcome as the classifier takes them, without the facts that are the same for all."""
    seen = learn.cases["visited"]
    given = inputs(learn.matrix.frame.filter(seen), facts, expert.card, wanted.is_correction)
    known = tuple(one for one in facts if given[one.fact.name].n_unique() > 1)
    kept = [*(one.fact.name for one in known), *([EXPERT_POINTS] if wanted.is_correction else [])]
    village = learn.cases.filter(seen)["village_code"].fill_null("").to_numpy()
    outcome = learn.outcome().drop_nulls().to_numpy().astype(int)
    return Inputs(given.select(kept), outcome, village, known)


def _fitted(given: Inputs, wanted: Wanted, weight: np.ndarray | None = None) -> Any:
    from models.learning import PointsCardClassifier

    return PointsCardClassifier(
        wanted.max_lines,
        unknown="inside",
        offset_card=EXPERT_POINTS if wanted.is_correction else None,
        random_state=wanted.seed,
        **constraints(given.facts),
    ).fit(given.frame, given.outcome, weight)


def _refitted(given: Inputs, wanted: Wanted, at: int) -> Any:
    """The card learned again from villages drawn again; None where the draw holds no outcome of one kind."""
    villages, place = np.unique(given.village.astype(str), return_inverse=True)
    drawn = np.random.default_rng(wanted.seed + at + 1).multinomial(
        len(villages), np.full(len(villages), 1 / len(villages))
    )
    weight = drawn[place].astype(float)
    if len(np.unique(given.outcome[weight > 0])) < 2:
        return None
    return _fitted(given, wanted, weight)


def _printed(model: Any, given: Inputs, learn: Rows, expert: ReadCard, wanted: Wanted) -> str:
    lines = decoded(model.card_lines(), given.facts)
    if not lines:
        raise LearningRefused([refusal("", "nothing_learned")])
    if wanted.is_correction:
        lines = corrected(expert.card, lines)
    days = sorted(set(learn.cases["as_of"]))
    measures = {"n_outcomes": float(len(given.outcome)), "n_serious": float(given.outcome.sum())}
    origin = Origin(days[0], days[-1], learn.cases["child_id"].n_unique(), wanted.outcome, measures)
    return printed_card(learn.matrix.target, lines, expert.card, days[-1], AUTHOR, origin)
