"""Better cards by small moves on whole points: change a line, drop it, swap it for another, add one.

Each line is taken out in turn.  Counts by score and condition then give the loss of every other line with
every number of points at once, to second order in intercept and multiplier; the best of them are fitted
exactly.  A card at which no move helps is a local best of its whole neighbourhood.
"""

from __future__ import annotations

import numpy as np

from models.learning.points_card.cards import PointsCard, by_score, card_of, score_of
from models.learning.points_card.counted import Counted, by_group
from models.learning.points_card.logistic import LineFit, chance, fit_line
from models.learning.points_card.rules import Rules

LEAST_GAIN = 1e-9
FAR = 1.0  # log-odds up to which a Newton step's promise is believed


def polished(
    card: PointsCard, counted: Counted, rules: Rules, n_lines: int, n_exact: int, rounds: int, seen: dict
) -> PointsCard:
    """The card after moves until none helps; every card fitted on the way is kept in `seen` by its points."""
    for _ in range(rounds):
        best = min(
            neighbours(card, counted, rules, n_lines, n_exact, seen), key=lambda one: one.loss, default=card
        )
        if best.loss >= card.loss - LEAST_GAIN:
            return card
        card = best
    return card


def neighbours(
    card: PointsCard, counted: Counted, rules: Rules, n_lines: int, n_exact: int, seen: dict
) -> list[PointsCard]:
    """The most promising cards one move away, fitted exactly."""
    found = []
    out: list[int | None] = [
        *range(len(card.conditions)),
        *([None] if len(card.conditions) < n_lines else []),
    ]
    for leaving in out:
        kept = [
            (one, each)
            for at, (one, each) in enumerate(zip(card.conditions, card.points, strict=True))
            if at != leaving
        ]
        rest = tuple(one for one, _ in kept), tuple(each for _, each in kept)
        found += _with_one_more(rest, card, counted, rules, n_exact)
    for one in found:
        seen[one.conditions, one.points] = one
    return found


def _with_one_more(
    rest: tuple[tuple[int, ...], tuple[int, ...]],
    card: PointsCard,
    counted: Counted,
    rules: Rules,
    n_exact: int,
) -> list[PointsCard]:
    values, place, total, positive = by_score(score_of(*rest, counted), counted)
    yes_total, yes_positive = by_group(place, len(values), counted)
    counts = values, total, positive, yes_total, yes_positive
    expected = _second_order(card, counts, rules)
    expected[:, ~rules.may_join(rest[0])] = np.inf
    best = np.argpartition(expected, min(n_exact, expected.size - 1), axis=None)[:n_exact]
    best = best[np.isfinite(expected.flat[best])]
    by, which = np.unravel_index(best, expected.shape)
    found = _exact(rest, rules.points()[by], which, counts, counted) if len(best) else []
    if card.conditions != rest[0] and _may_stand_alone(rest[0], rules):
        line = fit_line(values[None], total[None], positive[None])
        found.append(card_of(*rest, line, 0, counted))
    return found


def _may_stand_alone(conditions: tuple[int, ...], rules: Rules) -> bool:
    return set(rules.must) <= {int(rules.fact[one]) for one in conditions}


def _second_order(card: PointsCard, counts: tuple[np.ndarray, ...], rules: Rules) -> np.ndarray:
    """Summed loss with each number of points on each condition (points × p), after a careful step of the line."""
    values, total, positive, yes_total, yes_positive = counts
    a, b, points = card.intercept, max(card.multiplier, 1e-3), rules.points()
    moved = values + points[:, None]
    logits, logits0 = a + b * moved, a + b * values
    p, p0 = chance(logits), chance(logits0)
    w, w0 = p * (1 - p), p0 * (1 - p0)
    soft, soft0 = np.logaddexp(0, logits), np.logaddexp(0, logits0)
    hits = yes_positive.sum(axis=0)
    loss = soft0 @ total - positive @ logits0 + (soft - soft0) @ yes_total - b * points[:, None] * hits
    g0 = (positive - total * p0).sum() - (p - p0) @ yes_total
    g1 = (
        ((positive - total * p0) * values).sum()
        + points[:, None] * hits
        - (p * moved - p0 * values) @ yes_total
    )
    h00 = w0 @ total + (w - w0) @ yes_total
    h01 = (w0 * values) @ total + (w * moved - w0 * values) @ yes_total
    h11 = (w0 * values**2) @ total + (w * moved**2 - w0 * values**2) @ yes_total
    bottom = np.maximum(h00 * h11 - h01**2, 1e-9)
    d0, d1 = (h11 * g0 - h01 * g1) / bottom, (h00 * g1 - h01 * g0) / bottom
    size = np.maximum(np.abs(d0 + d1 * values[0]), np.abs(d0 + d1 * values[-1]))
    part = np.minimum(1.0, FAR / np.maximum(size, 1e-9))
    gain = (d0 * g0 + d1 * g1) * part * (1 - part / 2)
    return np.where(rules.fits(points[:, None]), loss - gain, np.inf)


def _exact(
    rest: tuple[tuple[int, ...], tuple[int, ...]],
    by: np.ndarray,
    which: np.ndarray,
    counts: tuple[np.ndarray, ...],
    counted: Counted,
) -> list[PointsCard]:
    values, total, positive, yes_total, yes_positive = counts
    yes, hits = yes_total[:, which].T, yes_positive[:, which].T
    scores = np.hstack([np.broadcast_to(values, yes.shape), values + by[:, None]])
    line: LineFit = fit_line(scores, np.hstack([total - yes, yes]), np.hstack([positive - hits, hits]))
    found = []
    for at, (condition, each) in enumerate(zip(which, by, strict=True)):
        joined = sorted([*zip(*rest, strict=True), (int(condition), int(each))])
        found.append(card_of(tuple(c for c, _ in joined), tuple(e for _, e in joined), line, at, counted))
    return found
