"""A card proposed from past days and what visits found, with its report; nothing is published and nothing moves.

The last day is kept for the test, the card is learned from the days before it.  What the report says was therefore
found on children and visits that the card had not seen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from models.learning.honest.intervals import Floats
from models.learning.honest.report import Evaluation, evaluate, plain
from models.learning.honest.sample import NOT_VISITED, SERIOUS, Scores
from models.learning.proposing.allowed import Candidate
from models.learning.proposing.baselines import baselines
from models.learning.proposing.beside import beside
from models.learning.proposing.correction import corrected
from models.learning.proposing.encoding import constraints, decoded, encoded
from models.learning.proposing.leaks import check_leaks
from models.learning.proposing.matrix import Matrix
from models.learning.proposing.printing import Origin, printed_card
from models.learning.proposing.refusals import LearningRefused, refusal
from models.learning.proposing.scores import points_of
from models.learning.proposing.stability import Stability, stability
from models.learning.proposing.swap import Swap, swap
from models.parameters import value_on
from models.screening.rulebook.bars import BESIDE, Beside
from models.screening.rulebook.card import Card, ReadCard, parse

KINDS = ("township", "sex", "ethnicity", "remoteness", "boarding", "disability", "source", "missing")
OWN, CHAMPION = "card", "champion"
EXPERT_POINTS = "expert_points"
AUTHOR = "shouhu learn"


class Wanted(NamedTuple):
    """What is asked for: lines at most, whether only to correct the expert card, visits that a list has room for.

    capacity None: as many as were visited on average.
    """

    max_lines: int = 8
    is_correction: bool = False
    capacity: int | None = None
    seed: int = 0


class Proposal(NamedTuple):
    """The card as text and as read, its evaluation beside the champion's, who would move, what the bars look at."""

    text: str
    card: Card
    evaluation: Evaluation
    stability: Stability
    swap: Swap
    beside: Beside
    n_learned: int
    n_learned_found: int
    learned_days: tuple[dt.date, ...]

    def document(self) -> dict[str, Any]:
        """What is kept and shown: figures of groups; the children of the swap set only as numbers."""
        moved = {**plain(self.swap), "entering": len(self.swap.entering), "leaving": len(self.swap.leaving)}
        return {
            "card": self.card.id,
            "evaluation": self.evaluation.document(),
            "stability": plain(self.stability),
            "swap": {**moved, "overlap": self.swap.overlap},
            BESIDE: plain(self.beside),
            "n_learned": self.n_learned,
            "n_learned_found": self.n_learned_found,
            "learned_days": plain(list(self.learned_days)),
        }


class Rows(NamedTuple):
    """The facts of past days with what visits found: `cases` has the rows of `matrix` in the same order.

    cases: the columns of `honest.sample.COLUMNS` and one for each of KINDS.
    """

    matrix: Matrix
    cases: pl.DataFrame

    def of(self, days: Sequence[dt.date]) -> Rows:
        """The rows of some days."""
        kept = self.cases["as_of"].is_in(list(days))
        return Rows(self.matrix.only(kept), self.cases.filter(kept))

    def outcome(self) -> pl.Series:
        """True for something serious, false for a visit without it, null where nobody looked."""
        serious = self.cases["outcome"] == SERIOUS
        return pl.select(pl.when(self.cases["visited"]).then(serious)).to_series()


def propose(
    rows: Rows, facts: Sequence[Candidate], expert: ReadCard, champion: ReadCard, wanted: Wanted
) -> Proposal:
    """Learn a card, print it, and try it on the last day beside the one in force.

    LearningRefused for too few days or outcomes, for a fact that gives the outcome away, and where nothing is learned.
    """
    learn, test = apart(rows)
    day = max(learn.matrix.frame["as_of"])
    check_enough(learn, day)
    check_leaks(learn.matrix, learn.outcome(), day)
    model, text = _learned(learn, facts, expert, wanted)
    card = parse(text, "proposed.toml").card
    capacity = wanted.capacity or usual_capacity(rows.cases)
    evaluation = compared(learn, test, facts, {OWN: card, CHAMPION: champion.card}, capacity, wanted.seed)
    own, other = (points_of(each, test.matrix.frame) for each in (card, champion.card))
    seen = learn.cases["visited"].to_numpy()
    return Proposal(
        text,
        card,
        evaluation,
        stability(model, inputs(test.matrix.frame, facts, expert.card, wanted.is_correction), capacity),
        swap(test.matrix.frame, other, own, capacity, test.matrix.groups),
        beside(test.cases, own, other, champion.card.id, capacity, KINDS, least_shown(day)),
        int(seen.sum()),
        int((learn.outcome().fill_null(False)).sum()),
        tuple(sorted(set(learn.cases["as_of"]))),
    )


def least_shown(day: dt.date) -> int:
    """How many serious outcomes a group needs for a figure of its own."""
    return value_on("learning_group_least_serious", day)


def apart(rows: Rows) -> tuple[Rows, Rows]:
    """(rows of all days but the last, those of the last); LearningRefused where there are not two days with outcomes."""
    days = sorted(set(rows.cases.filter(pl.col("visited"))["as_of"]))
    if len(days) < 2:  # noqa: PLR2004
        raise LearningRefused([refusal("", "few_days", n=len(days))])
    return rows.of(days[:-1]), rows.of(days[-1:])


def check_enough(learn: Rows, day: dt.date) -> None:
    """LearningRefused where fewer outcomes stand there than that day's parameters ask for."""
    found = int((learn.cases["outcome"] != NOT_VISITED).sum())
    serious = int((learn.cases["outcome"] == SERIOUS).sum())
    least, least_found = (value_on(f"learning_least_{name}", day) for name in ("outcomes", "findings"))
    if found < least or serious < least_found:
        details = {"least": least, "least_found": least_found, "n": found, "n_found": serious}
        raise LearningRefused([refusal("", "few_outcomes", **details)])


def usual_capacity(cases: pl.DataFrame) -> int:
    """How many children of a day's list were visited on average, one at least."""
    visited = cases.group_by("as_of").agg(pl.col("visited").sum())["visited"]
    return max(1, round(float(visited.mean() or 0)))  # type: ignore[arg-type]


def inputs(frame: pl.DataFrame, facts: Sequence[Candidate], expert: Card, is_correction: bool) -> pl.DataFrame:
    """What the classifier is given: the facts, and for a correction the points of the expert card."""
    found = encoded(frame, facts)
    if not is_correction:
        return found
    points = pl.Series(EXPERT_POINTS, points_of(expert, frame)).cast(pl.Int64)
    return found.with_columns(points)


def _learned(
    learn: Rows, facts: Sequence[Candidate], expert: ReadCard, wanted: Wanted
) -> tuple[Any, str]:
    """(the fitted classifier, the printed card)."""
    from models.learning import PointsCardClassifier

    seen = learn.cases["visited"]
    frame = learn.matrix.frame.filter(seen)
    outcome = learn.outcome().drop_nulls().to_numpy().astype(int)
    given = inputs(frame, facts, expert.card, wanted.is_correction)
    known = [one for one in facts if given[one.fact.name].n_unique() > 1]
    given = given.select([*(one.fact.name for one in known), *([EXPERT_POINTS] if wanted.is_correction else [])])
    model = PointsCardClassifier(
        wanted.max_lines,
        unknown="inside",
        offset_card=EXPERT_POINTS if wanted.is_correction else None,
        random_state=wanted.seed,
        **constraints(known),
    ).fit(given, outcome)
    lines = decoded(model.card_lines(), known)
    if not lines:
        raise LearningRefused([refusal("", "nothing_learned")])
    if wanted.is_correction:
        lines = corrected(expert.card, lines)
    days = sorted(set(learn.cases["as_of"]))
    measures = {"n_outcomes": float(len(outcome)), "n_serious": float(outcome.sum())}
    origin = Origin(days[0], days[-1], learn.cases["child_id"].n_unique(), "home visit within 60 days", measures)
    return model, printed_card(learn.matrix.target, lines, expert.card, days[-1], AUTHOR, origin)


def compared(
    learn: Rows, test: Rows, facts: Sequence[Candidate], cards: Mapping[str, Card], capacity: int, seed: int
) -> Evaluation:
    """The cards and the baselines on the rows of the test, with what moved since the rows that were learned from."""
    names = [one.fact.name for one in facts]
    cases = pl.concat([test.cases, test.matrix.features.select(names)], how="horizontal")
    before = pl.concat([learn.cases, learn.matrix.features.select(names)], how="horizontal")
    scorers = {
        name: Scores(points_of(card, test.matrix.frame), None, points_of(card, learn.matrix.frame))
        for name, card in cards.items()
    }
    scorers |= baselines(learn, test, facts, seed)
    return evaluate(cases, scorers, capacity, KINDS, seed, names, before)


def as_floats(values: Any) -> Floats:
    """Any numbers as floats."""
    return np.asarray(values, dtype=np.float64)
