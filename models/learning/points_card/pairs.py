"""Two lines changed at once: what single moves miss when the points of two lines hold each other up."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np

from models.learning.points_card.cards import PointsCard
from models.learning.points_card.counted import Counted, patterns
from models.learning.points_card.logistic import fit_line
from models.learning.points_card.moves import LEAST_GAIN
from models.learning.points_card.rules import Rules

STEPS = tuple(one for one in product((-1, 0, 1), repeat=2) if all(one))


def best_pair_of_points(
    card: PointsCard, counted: Counted, rules: Rules
) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """Conditions and points of the best card with two lines one point up or down, if it is better."""
    chosen = counted.answers[:, list(card.conditions)]
    rows = [row for row in _moved(np.array(card.points, int)) if _allowed(row, card, rules)]
    if not rows:
        return None
    first, pattern = patterns(chosen.astype(bool), counted.start)
    total, positive = (np.bincount(pattern, one, len(first)) for one in (counted.total, counted.positive))
    tried = np.array(rows)
    scores = counted.start[first] + tried @ chosen[first].T
    line = fit_line(scores, np.broadcast_to(total, scores.shape), np.broadcast_to(positive, scores.shape))
    loss = np.where(line.multiplier > 0, line.loss / counted.total.sum(), np.inf)
    at = int(np.argmin(loss))
    return (
        (card.conditions, tuple(int(one) for one in tried[at])) if loss[at] < card.loss - LEAST_GAIN else None
    )


def _moved(points: np.ndarray) -> list[np.ndarray]:
    found = []
    for (one, other), (step, second) in product(combinations(range(len(points)), 2), STEPS):
        row = points.copy()
        row[one] += step
        row[other] += second
        found.append(row)
    return found


def _allowed(row: np.ndarray, card: PointsCard, rules: Rules) -> bool:
    sign = rules.sign[list(card.conditions)]
    return bool(np.all(np.isin(row, rules.points())) and np.all((sign == 0) | (sign == np.sign(row))))
