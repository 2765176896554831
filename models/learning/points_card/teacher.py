"""The teacher: a ridge logistic regression on all conditions, which the card is asked to agree with.

With few rows the outcomes alone let any of many cards win; the teacher's probabilities are steadier.  The card
is fitted to outcomes mixed with them.  The penalty is the strongest whose held-out loss is within one standard
error of the best.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.learning.points_card.counted import Counted
from models.learning.points_card.inner_folds import Fold, simplest_of_the_equal
from models.learning.points_card.logistic import chance, fit_large

ROWS_AT_ONCE = 65_536
PENALTIES = (300.0, 100.0, 30.0, 10.0, 3.0, 1.0)


class Teacher(NamedTuple):
    """Log-odds = intercept + start x multiplier + the sum of coefficients of the conditions that hold."""

    intercept: float
    multiplier: float
    coefficients: np.ndarray

    def logits(self, counted: Counted) -> np.ndarray:
        """The teacher's log-odds of each pattern."""
        found = np.empty(len(counted.total))
        coefficients = self.coefficients.astype(np.float32)
        for at in range(0, len(found), ROWS_AT_ONCE):
            part = counted.answers[at : at + ROWS_AT_ONCE].astype(np.float32, copy=False)
            found[at : at + ROWS_AT_ONCE] = part @ coefficients
        return self.intercept + self.multiplier * counted.start + found


def teacher_of(counted: Counted, penalty: float) -> Teacher:
    """The teacher learned from these patterns."""
    answers, with_start = counted.answers, bool(np.any(counted.start))
    if with_start:
        answers = np.hstack([answers, counted.start[:, None].astype(answers.dtype)])
    intercept, coefficients = fit_large(answers, counted.total, counted.positive, penalty)
    if with_start:
        return Teacher(intercept, float(coefficients[-1]), coefficients[:-1])
    return Teacher(intercept, 0.0, coefficients)


def mixed(counted: Counted, teacher: Teacher | None, share: float) -> Counted:
    """The same patterns, their positives mixed with what the teacher expects."""
    if teacher is None:
        return counted
    expected = counted.total * chance(teacher.logits(counted))
    return counted._replace(positive=(1.0 - share) * counted.positive + share * expected)


def taught(counted: Counted, share: float, penalty: float) -> Counted:
    """The same patterns, mixed with what a teacher learned from them."""
    return mixed(counted, teacher_of(counted, penalty) if share else None, share)


def chosen_penalty(folds: list[Fold]) -> float:
    """The strongest penalty that is as good as the best on held-out patterns."""
    if not folds:
        return PENALTIES[0]
    logits = [[teacher_of(one.learn, penalty).logits(one.learn) for one in folds] for penalty in PENALTIES]
    return PENALTIES[simplest_of_the_equal(logits, folds)]
