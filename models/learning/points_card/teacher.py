"""The teacher: a ridge logistic regression on all conditions, which the card is asked to agree with.

With few rows the outcomes alone let any of many cards win; the teacher's probabilities are steadier.  The card
is fitted to outcomes mixed with them.  The penalty is the strongest whose held-out loss is within one standard
error of the best.
"""

from __future__ import annotations

import numpy as np

from models.learning.points_card.counted import Counted
from models.learning.points_card.inner_folds import Fold, simplest_of_the_equal
from models.learning.points_card.logistic import chance, fit_large

PENALTIES = (300.0, 100.0, 30.0, 10.0, 3.0, 1.0)


def taught(counted: Counted, share: float, penalty: float) -> Counted:
    """The same patterns, their positives mixed with what the teacher expects."""
    if share == 0.0:
        return counted
    expected = counted.total * chance(teacher_logits(counted, penalty))
    return counted._replace(positive=(1.0 - share) * counted.positive + share * expected)


def teacher_logits(counted: Counted, penalty: float) -> np.ndarray:
    """The teacher's log-odds of each pattern."""
    answers = counted.answers
    if np.any(counted.start):
        answers = np.hstack([answers, counted.start[:, None].astype(answers.dtype)])
    intercept, coefficients = fit_large(answers, counted.total, counted.positive, penalty)
    return intercept + answers @ coefficients.astype(answers.dtype)


def chosen_penalty(folds: list[Fold]) -> float:
    """The strongest penalty that is as good as the best on held-out patterns."""
    if not folds:
        return PENALTIES[0]
    logits = [[teacher_logits(one.learn, penalty).astype(float) for one in folds] for penalty in PENALTIES]
    return PENALTIES[simplest_of_the_equal(logits, folds)]
