"""A card tried on days that it was not learned from, beside the one that it would replace: figures, moves, bars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl

from models.learning.honest.baselines import baselines
from models.learning.honest.outcomes import split_by_time, windows_on
from models.learning.honest.report import Evaluation, evaluate, plain
from models.learning.honest.sample import Scores
from models.learning.proposing.allowed import Candidate
from models.learning.proposing.beside import beside
from models.learning.proposing.refusals import LearningRefused, refusal
from models.learning.proposing.rows import KINDS, Rows
from models.learning.proposing.scores import points_of
from models.learning.proposing.swap import Swap, swap
from models.parameters import value_on
from models.screening.rulebook.bars import BESIDE, Beside
from models.screening.rulebook.card import Card

FORM = "four_colour"
OWN, CHAMPION = "card", "champion"


class Judged(NamedTuple):
    """What the days of the test say of a card beside `champion`; `learned_days` are the days before them."""

    card: Card
    champion: Card
    outcome: str
    evaluation: Evaluation
    swap: Swap
    beside: Beside
    learned_days: tuple[dt.date, ...]

    def document(self) -> dict[str, Any]:
        """What is kept and shown: figures of groups; the children of the swap set only as numbers."""
        moved = {**plain(self.swap), "entering": len(self.swap.entering), "leaving": len(self.swap.leaving)}
        return {
            "card": self.card.id,
            "champion": self.champion.id,
            "outcome": self.outcome,
            "evaluation": self.evaluation.document(),
            "swap": {**moved, "overlap": self.swap.overlap},
            BESIDE: plain(self.beside),
            "learned_days": plain(list(self.learned_days)),
        }


def split(rows: Rows, card: Card | None = None) -> tuple[Rows, Rows]:
    """(rows of the days to learn from, rows of later days to test on); LearningRefused where the days are too few.

    A learned card is tested only on days after those that it was learned from.  Without one the last day is tested, and
    those that lie as late; a day is learned from only if its outcomes were known before the first day of the test.
    """
    days = sorted(set(rows.cases.filter(pl.col("visited"))["as_of"]))
    learned = card.learned if card is not None else None
    settled = [day for day in days if day + windows_on(day).gap < days[-1]]
    last = learned.trained_to if learned else max(settled, default=None)
    try:
        found = split_by_time(days, last) if last else None
    except ValueError:
        found = None
    if found is None:
        why = refusal("", "no_later_days", day=last) if learned else refusal("", "few_days", n=len(days))
        raise LearningRefused([why])
    return rows.of(found.training), rows.of(found.test)


def judge(
    learn: Rows,
    test: Rows,
    facts: Sequence[Candidate],
    card: Card,
    champion: Card,
    outcome: str,
    capacity: int,
    seed: int = 0,
) -> Judged:
    """The card and the champion on the rows of the test, with the baselines made from the rows to learn from."""
    frame, day = test.matrix.frame, max(test.cases["as_of"])
    own, other = (points_of(each, frame) for each in (card, champion))
    return Judged(
        card,
        champion,
        outcome,
        compared(learn, test, facts, {OWN: card, CHAMPION: champion}, capacity, seed),
        swap(frame, other, own, capacity, test.matrix.groups),
        beside(test.cases, own, other, champion.id, capacity, KINDS, value_on("learning_group_least_serious", day)),
        tuple(sorted(set(learn.cases["as_of"]))),
    )  # fmt: skip


def compared(
    learn: Rows, test: Rows, facts: Sequence[Candidate], cards: Mapping[str, Card], capacity: int, seed: int
) -> Evaluation:
    """The cards and the baselines on the rows of the test, with what moved since the rows that were learned from."""
    names = [one.fact.name for one in facts]
    cases, before = (
        pl.concat([each.cases, each.matrix.frame.select(FORM, *names)], how="horizontal")
        for each in (test, learn)
    )
    scorers = {name: _scores(card, learn, test) for name, card in cards.items()}
    scorers |= baselines(before, cases, names, seed)
    return evaluate(cases, scorers, capacity, KINDS, seed, names, before)


def usual_capacity(cases: pl.DataFrame) -> int:
    """How many children of a day's list were visited on average, one at least."""
    visited = cases.group_by("as_of").agg(pl.col("visited").sum())["visited"]
    return max(1, round(float(visited.mean() or 0)))  # type: ignore[arg-type]


def _scores(card: Card, learn: Rows, test: Rows) -> Scores:
    """A card's points, and the chance that went with them among the visited of the rows to learn from."""
    from sklearn.linear_model import LogisticRegression

    now, then = (points_of(card, each.matrix.frame) for each in (test, learn))
    seen, outcome = learn.cases["visited"].to_numpy(), learn.outcome()
    found = outcome.drop_nulls().to_numpy()
    if not found.any() or found.all():
        return Scores(now, None, then)
    line = LogisticRegression().fit(then[seen][:, None], found)
    return Scores(now, line.predict_proba(now[:, None])[:, 1], then)
