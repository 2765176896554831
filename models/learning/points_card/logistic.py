"""Logistic fits on patterns: many small ones at once, one large one with a penalty, and the line of a score.

All are Newton's method on weighted patterns and end where the loss no longer falls.  A step that would move
a log-odds far is shortened: on separable data the fit stops at a finite answer, held by the tiny penalty.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

LONGEST_STEP = 4.0  # log-odds; only separable data ever asks for more at once
TINY = 1e-9


class LineFit(NamedTuple):
    """Log-odds = intercept + multiplier x score, and the summed log loss of it; one entry for each score."""

    intercept: np.ndarray
    multiplier: np.ndarray
    loss: np.ndarray


def summed_loss(logits: np.ndarray, total: np.ndarray, positive: np.ndarray) -> np.ndarray:
    """Log loss (natural logarithm) summed over the last axis."""
    return (total * np.logaddexp(0.0, logits) - positive * logits).sum(axis=-1)


def chance(logits: np.ndarray) -> np.ndarray:
    """The probability of log-odds."""
    return 0.5 * (1.0 + np.tanh(0.5 * logits))


def fit_many(
    features: np.ndarray,
    total: np.ndarray,
    positive: np.ndarray,
    start: np.ndarray,
    penalty: np.ndarray,
    rounds: int = 12,
) -> tuple[np.ndarray, np.ndarray]:
    """(coefficients M × q, summed loss with penalty M) of M fits on features M × U × q.

    `penalty` (q) is half the weight of each squared coefficient; padded patterns have weight 0.
    """
    coefficients, turned = start.copy(), features.transpose(0, 2, 1)
    eye = np.eye(features.shape[2]) * (penalty + TINY)
    best = np.full(len(features), np.inf)
    for _ in range(rounds):
        logits = (features @ coefficients[:, :, None])[:, :, 0]
        p = chance(logits)
        gradient = (turned @ (positive - total * p)[:, :, None])[:, :, 0] - penalty * coefficients
        hessian = (turned * (total * p * (1 - p))[:, None, :]) @ features + eye
        step = np.linalg.solve(hessian, gradient[:, :, None])[:, :, 0]
        size = np.abs(step).max(axis=1, keepdims=True)
        coefficients = coefficients + step * np.minimum(1.0, LONGEST_STEP / np.maximum(size, TINY))
        if size.max() < 1e-4:
            break
    logits = (features @ coefficients[:, :, None])[:, :, 0]
    best = summed_loss(logits, total, positive) + 0.5 * (penalty * coefficients**2).sum(axis=1)
    return coefficients, best


def fit_large(
    answers: np.ndarray, total: np.ndarray, positive: np.ndarray, penalty: float, rounds: int = 12
) -> tuple[float, np.ndarray]:
    """(intercept, coefficients) of a logistic regression on all conditions with a ridge penalty."""
    q = answers.shape[1]
    share = np.clip(positive.sum() / total.sum(), TINY, 1 - TINY)
    intercept, coefficients = float(np.log(share / (1 - share))), np.zeros(q)
    for _ in range(rounds):
        p = chance(intercept + answers @ coefficients.astype(answers.dtype)).astype(float)
        wrong, weight = positive - total * p, total * p * (1 - p) + TINY
        gradient = answers.T @ wrong.astype(answers.dtype) - penalty * coefficients
        across = (answers.T @ weight.astype(answers.dtype)).astype(float)
        hessian = _weighted_square(answers, weight)
        hessian[np.diag_indices(q)] += penalty + TINY
        whole = weight.sum()
        step = np.linalg.solve(
            hessian - np.outer(across, across) / whole, gradient - across * wrong.sum() / whole
        )
        size = max(float(np.abs(step).max(initial=0.0)), TINY)
        step = step * min(1.0, LONGEST_STEP / size)
        coefficients = coefficients + step
        intercept += float((wrong.sum() - across @ step) / whole)
        if size < 1e-4:
            break
    return intercept, coefficients


def _weighted_square(answers: np.ndarray, weight: np.ndarray, rows: int = 65_536) -> np.ndarray:
    square = np.zeros((answers.shape[1], answers.shape[1]))
    for at in range(0, len(answers), rows):
        part = answers[at : at + rows]
        square += (part * weight[at : at + rows, None].astype(part.dtype)).T @ part
    return square


def fit_line(score: np.ndarray, total: np.ndarray, positive: np.ndarray, rounds: int = 15) -> LineFit:
    """Intercept and multiplier for each row of scores (M × S); the score is whole points."""
    whole = total.sum(axis=-1)
    center = (total * score).sum(axis=-1) / whole
    moved = score - center[..., None]
    spread = np.sqrt((total * moved**2).sum(axis=-1) / whole)
    scaled = moved / np.maximum(spread, TINY)[..., None]
    share = np.clip(positive.sum(axis=-1) / whole, TINY, 1 - TINY)
    level, slope = np.log(share / (1 - share)), np.zeros_like(share)
    held = 1e-6 * whole  # keeps the slope of a perfectly separating score finite
    for _ in range(rounds):
        p = chance(level[..., None] + slope[..., None] * scaled)
        wrong, weight = positive - total * p, total * p * (1 - p)
        g0, g1 = wrong.sum(axis=-1), (wrong * scaled).sum(axis=-1) - held * slope
        h00, h01 = weight.sum(axis=-1) + TINY, (weight * scaled).sum(axis=-1)
        h11 = (weight * scaled**2).sum(axis=-1) + held
        bottom = np.maximum(h00 * h11 - h01**2, TINY)
        d0, d1 = (h11 * g0 - h01 * g1) / bottom, (h00 * g1 - h01 * g0) / bottom
        size = np.maximum(np.abs(d0), np.abs(d1))
        short = np.minimum(1.0, LONGEST_STEP / np.maximum(size, TINY))
        level, slope = level + short * d0, slope + short * d1
        if size.max() < 1e-5:
            break
    loss = summed_loss(level[..., None] + slope[..., None] * scaled, total, positive)
    multiplier = slope / np.maximum(spread, TINY)
    return LineFit(level - multiplier * center, multiplier, loss)
