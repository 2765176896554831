"""From real coefficients to whole points: many multipliers along one ray, rounded two ways, judged exactly.

The ray search is FasterRisk's (Liu et al., NeurIPS 2022).  Rounding one after the other keeps an auxiliary
loss small: the second-order loss of the rounding errors so far, so that each rounding can answer for the
others; FasterRisk bounds the same with a Lipschitz constant instead.
"""

from __future__ import annotations

import numpy as np

from models.learning.points_card.cards import PointsCard, card_of
from models.learning.points_card.counted import Counted
from models.learning.points_card.logistic import LineFit, chance, fit_line
from models.learning.points_card.rules import Rules
from models.learning.points_card.supports import Support, grown


def rounded_cards(
    support: Support, counted: Counted, rules: Rules, n_rays: int, n_best: int
) -> list[PointsCard]:
    """The best cards along the ray of that support's coefficients."""
    at = grown(support, counted)
    total, positive = (np.bincount(at.group, one) for one in (counted.total, counted.positive))
    features, beta = at.features[:, 2:], support.coefficients[2:]
    if not len(beta):
        values = at.features[:, 1]
        return [card_of((), (), fit_line(values[None], total[None], positive[None]), 0, counted)]
    p = chance(at.features @ support.coefficients)
    hessian = _centered_square(features, total * p * (1 - p))
    wanted = np.stack([beta * one for one in _multipliers(support, rules, n_rays)])
    rounded = np.concatenate([np.rint(wanted), _one_after_the_other(wanted, hessian)])
    rounded = np.unique(_within(rounded, support, rules), axis=0)
    scores = at.features[:, 1] + rounded @ features.T
    line = fit_line(scores, np.broadcast_to(total, scores.shape), np.broadcast_to(positive, scores.shape))
    cards = [_card(support, row, line, number, counted) for number, row in enumerate(rounded.astype(int))]
    return sorted(cards, key=lambda one: one.loss)[:n_best]


def _card(support: Support, row: np.ndarray, line: LineFit, number: int, counted: Counted) -> PointsCard:
    kept = [(one, int(each)) for one, each in zip(support.conditions, row, strict=True) if each]
    parts = tuple(one for one, _ in kept), tuple(each for _, each in kept)
    return card_of(*parts, line, number, counted)


def _multipliers(support: Support, rules: Rules, n_rays: int) -> np.ndarray:
    """From the largest coefficient as one point to the largest as the most points; one ray beside a card."""
    if support.coefficients[1] > 1e-6:
        return np.array([1.0 / support.coefficients[1]])
    largest = max(float(np.abs(support.coefficients[2:]).max()), 1e-9)
    return np.linspace(1.0, rules.most + 0.49, n_rays) / largest


def _centered_square(features: np.ndarray, weight: np.ndarray) -> np.ndarray:
    centered = features - (weight @ features) / max(float(weight.sum()), 1e-12)
    return (centered * weight[:, None]).T @ centered


def _one_after_the_other(wanted: np.ndarray, hessian: np.ndarray) -> np.ndarray:
    """Whole numbers (R × k) near the wanted ones: always the rounding that costs the auxiliary loss least."""
    rounded, rows = wanted.copy(), np.arange(len(wanted))
    open_ = np.ones(wanted.shape, bool)
    error = np.zeros_like(wanted)
    own = np.diag(hessian)
    for _ in range(wanted.shape[1]):
        pull = error @ hessian
        down, up = np.floor(wanted) - wanted, np.ceil(wanted) - wanted
        costs = np.stack([own * one**2 + 2 * pull * one for one in (down, up)])
        costs = np.where(open_, costs, np.inf)
        place = np.argmin(costs.min(axis=0), axis=1)
        step = np.where(costs[0, rows, place] <= costs[1, rows, place], down[rows, place], up[rows, place])
        error[rows, place], open_[rows, place] = step, False
        rounded[rows, place] = np.rint(wanted[rows, place] + step)
    return rounded


def _within(rounded: np.ndarray, support: Support, rules: Rules) -> np.ndarray:
    """Inside the limit and the signs; a fact that must be there keeps at least one point."""
    which = list(support.conditions)
    sign, must = rules.sign[which], np.isin(rules.fact[which], rules.must)
    inside = np.clip(rounded, -rules.most, rules.most)
    inside = np.where((sign * inside < 0) | (np.abs(inside) < rules.least), 0, inside)
    least = np.where(sign != 0, sign, np.where(support.coefficients[2:] < 0, -1, 1))
    return np.where(must & (inside == 0), least * rules.least, inside)
