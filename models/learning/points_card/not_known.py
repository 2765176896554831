"""Points for an answer that is not known, strictly between the fewest and the most that the fact can give.

A blank must not be the best answer and not the worst.  Inside that, the points that fit the rows without an
answer best are taken, one fact after the other; where no row lacks it, those nearest to the mean.  A fact whose
known answers all give the same points, or points one apart, says nothing then and leaves the card.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.learning.points_card.columns import Column, missing
from models.learning.points_card.logistic import fit_line
from models.learning.points_card.printing import FactPoints
from models.learning.points_card.scored import FittedCard, fact_points


def with_unknown(
    card: FittedCard, columns: Sequence[Column], positive: np.ndarray, weight: np.ndarray, start: np.ndarray
) -> FittedCard:
    """The card with points for "not known" inside each fact's own, and its line fitted anew."""
    roomy = [one for one in card.facts if np.ptp(_known_points(one, columns[one.place])) > 1]
    facts = [_at_the_mean(one, columns[one.place], weight) for one in roomy]
    for at, one in enumerate(facts):
        blank = missing(columns[one.place])
        if blank.any():
            rest = start + sum(fact_points(each, columns[each.place]) for each in facts if each is not one)
            facts[at] = _best(one, columns[one.place], rest, positive, weight)
    total = start + sum((fact_points(one, columns[one.place]) for one in facts), np.zeros_like(start))
    line = fit_line(total[None].astype(float), weight[None], (weight * positive)[None])
    multiplier = max(float(line.multiplier[0]), 0.0)
    return FittedCard(tuple(facts), float(line.intercept[0]), multiplier, card.loss)


def _known_points(one: FactPoints, column: Column) -> np.ndarray:
    return fact_points(one, column)[~missing(column)]


def _at_the_mean(one: FactPoints, column: Column, weight: np.ndarray) -> FactPoints:
    points = _known_points(one, column)
    mean = float(np.average(points, weights=weight[~missing(column)]))
    inside = np.arange(points.min() + 1, points.max())
    return one._replace(unknown=int(inside[np.argmin(np.abs(inside - mean))]))


def _best(
    one: FactPoints, column: Column, rest: np.ndarray, positive: np.ndarray, weight: np.ndarray
) -> FactPoints:
    points = _known_points(one, column)
    choices = np.arange(points.min() + 1, points.max())
    scores = np.stack([rest + fact_points(one._replace(unknown=int(each)), column) for each in choices])
    loss = [
        float(fit_line(each[None].astype(float), weight[None], (weight * positive)[None]).loss[0])
        for each in scores
    ]
    return one._replace(unknown=int(choices[int(np.argmin(loss))]))
