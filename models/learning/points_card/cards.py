"""A card of whole points on conditions, and its exact loss with intercept and multiplier fitted anew."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.learning.points_card.counted import Counted
from models.learning.points_card.logistic import LineFit, fit_line


class PointsCard(NamedTuple):
    """Conditions (ascending) with their points (never 0), the fitted line, and the log loss per unit of weight."""

    conditions: tuple[int, ...]
    points: tuple[int, ...]
    intercept: float
    multiplier: float
    loss: float


def score_of(conditions: tuple[int, ...], points: tuple[int, ...], counted: Counted) -> np.ndarray:
    """The sum of points of each pattern, with what it starts from."""
    return counted.start + counted.answers[:, list(conditions)] @ np.array(points, counted.answers.dtype)


def by_score(score: np.ndarray, counted: Counted) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(distinct scores, place of each pattern's score, weight, positive weight by score); scores are whole."""
    whole = np.rint(score).astype(np.int64)
    whole -= (lowest := int(whole.min()))
    if int(whole.max()) > 4096:
        values, place = np.unique(whole, return_inverse=True)
    else:
        present = np.bincount(whole) > 0
        values, place = np.flatnonzero(present), (np.cumsum(present) - 1)[whole]
    n = len(values)
    total, positive = np.bincount(place, counted.total, n), np.bincount(place, counted.positive, n)
    return (values + lowest).astype(float), place, total, positive


def fitted_card(conditions: tuple[int, ...], points: tuple[int, ...], counted: Counted) -> PointsCard:
    """The card with its line fitted; its loss is infinite where more points mean less risk."""
    kept = [(one, int(each)) for one, each in sorted(zip(conditions, points, strict=True)) if each]
    conditions, points = tuple(one for one, _ in kept), tuple(each for _, each in kept)
    values, _, total, positive = by_score(score_of(conditions, points, counted), counted)
    line = fit_line(values[None], total[None], positive[None])
    return card_of(conditions, points, line, 0, counted)


def card_of(
    conditions: tuple[int, ...], points: tuple[int, ...], line: LineFit, at: int, counted: Counted
) -> PointsCard:
    """The card with one of several fitted lines."""
    loss = float(line.loss[at] / counted.total.sum())
    if line.multiplier[at] < 0 or not np.isfinite(loss):
        loss = np.inf
    return PointsCard(conditions, points, float(line.intercept[at]), float(line.multiplier[at]), loss)
