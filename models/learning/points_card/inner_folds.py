"""Inner folds over patterns, and the one-standard-error rule on paired losses.

Rows with equal answers are one pattern, so folds are dealt to places in a fixed order of patterns, positives
and negatives apart: a row of weight 2 falls into folds exactly as two equal rows would.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from models.learning.points_card.counted import Counted


class Fold(NamedTuple):
    """Patterns to learn from and the weights (U) to judge by; the patterns are those of the whole."""

    learn: Counted
    total: np.ndarray
    positive: np.ndarray


def inner_folds(counted: Counted, n_folds: int, random: np.random.RandomState) -> list[Fold]:
    """The folds; fewer than asked where one class has too few rows, none where it has one."""
    negative = counted.total - counted.positive
    n_folds = int(min(n_folds, counted.positive.sum(), negative.sum()))
    if n_folds < 2:
        return []
    positives, negatives = (_dealt(one, n_folds, random) for one in (counted.positive, negative))
    found = []
    for held_positive, held_negative in zip(positives, negatives, strict=True):
        total = held_positive + held_negative
        learn = counted._replace(total=counted.total - total, positive=counted.positive - held_positive)
        found.append(Fold(learn, total, held_positive))
    return found


def _dealt(weight: np.ndarray, n_folds: int, random: np.random.RandomState) -> np.ndarray:
    """Weight by fold and pattern; whole weights are dealt one by one, others as they are."""
    whole = bool(np.all(weight == np.rint(weight)))
    n = int(weight.sum()) if whole else int((weight > 0).sum())
    fold = random.permutation(n) % n_folds
    if not whole:
        dealt = np.zeros((n_folds, len(weight)))
        present = np.flatnonzero(weight > 0)
        dealt[fold, present] = weight[present]
        return dealt
    pattern = np.repeat(np.arange(len(weight)), weight.astype(np.int64))
    return (
        np.bincount(fold * len(weight) + pattern, minlength=n_folds * len(weight))
        .reshape(n_folds, -1)
        .astype(float)
    )


def simplest_of_the_equal(
    logits: Sequence[Sequence[np.ndarray]], folds: Sequence[Fold], errors: float = 1.0
) -> int:
    """Place of the first choice whose held-out loss is within so many standard errors of the best.

    `logits[choice][fold]` are log-odds of each pattern; choices stand from the simplest on.  The standard error
    is that of the paired difference to the best choice, row by row.
    """
    yes = [[np.logaddexp(0, -one) for one in each] for each in logits]
    no = [[np.logaddexp(0, one) for one in each] for each in logits]
    whole = sum(float(one.total.sum()) for one in folds)

    def mean(a: list[np.ndarray], b: list[np.ndarray]) -> float:
        pairs = zip(a, b, folds, strict=True)
        return sum(float(f.positive @ p + (f.total - f.positive) @ q) for p, q, f in pairs) / whole

    losses = [mean(a, b) for a, b in zip(yes, no, strict=True)]
    best = int(np.argmin(losses))
    for at in range(best):
        differences = [[p - q for p, q in zip(one[at], one[best], strict=True)] for one in (yes, no)]
        spread = mean(*([one**2 for one in each] for each in differences)) - (losses[at] - losses[best]) ** 2
        if losses[at] - losses[best] <= errors * np.sqrt(max(spread, 0.0) / whole):
            return at
    return best
