"""Which conditions go together: a beam search over supports with exact logistic fits on collapsed patterns.

Grown one condition at a time as in FasterRisk (Liu, Zhong, Li, Seltzer, Rudin: "FasterRisk: Fast and Accurate
Interpretable Risk Scores", NeurIPS 2022), with two differences: every candidate is judged by its score test
from one table of counts, and those that pass are fitted exactly, together, on the distinct answer patterns.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.learning.points_card.counted import Counted, by_group
from models.learning.points_card.logistic import TINY, chance, fit_many
from models.learning.points_card.rules import Rules


class Support(NamedTuple):
    """Conditions with their real coefficients: intercept, multiplier of the points started from, conditions."""

    conditions: tuple[int, ...]
    coefficients: np.ndarray
    loss: float


class Beam(NamedTuple):
    """The best supports of 0, 1, … lines, from the smallest loss up, and every condition that was fitted."""

    supports: list[list[Support]]
    tried: set[int]


class Grown(NamedTuple):
    """A support with the distinct answers to it."""

    support: Support
    group: np.ndarray  # of each pattern: its distinct answers to the support
    features: np.ndarray  # of each group: 1, points started from, answers


class _Child(NamedTuple):
    conditions: tuple[int, ...]
    features: np.ndarray
    total: np.ndarray
    positive: np.ndarray
    start: np.ndarray


def beam_search(
    counted: Counted, rules: Rules, n_lines: int, width: int, n_children: int, penalty: float
) -> Beam:
    """The best supports found of 0, 1, … up to `n_lines` conditions."""
    beam = [_seed(counted, penalty)]
    found = Beam([[one.support for one in beam]], set())
    for _ in range(n_lines):
        children = _children(beam, counted, rules, n_children)
        found.tried.update(at for one in children for at in one.conditions)
        supports = _fitted(children, rules, penalty)[:width]
        if not supports:
            break
        beam = [grown(one, counted) for one in supports]
        found.supports.append(supports)
    return found


def _seed(counted: Counted, penalty: float) -> Grown:
    at = grown(Support((), np.zeros(2), np.inf), counted)
    total, positive = (np.bincount(at.group, one) for one in (counted.total, counted.positive))
    coefficients, loss = fit_many(
        at.features[None], total[None], positive[None], np.zeros((1, 2)), _penalties(2, penalty)
    )
    return at._replace(support=Support((), coefficients[0], float(loss[0])))


def _penalties(q: int, penalty: float) -> np.ndarray:
    return np.concatenate([[0.0, 1e-6], np.full(q - 2, penalty)])


def grown(support: Support, counted: Counted) -> Grown:
    """The distinct patterns of answers to a support's conditions."""
    chosen = counted.answers[:, list(support.conditions)]
    _, group = np.unique(counted.start, return_inverse=True)
    for at in range(chosen.shape[1]):
        group = group * 2 + (chosen[:, at] > 0)
        if at % 16 == 15:
            group = np.unique(group, return_inverse=True)[1]
    _, first, group = np.unique(group, return_index=True, return_inverse=True)
    ones = np.ones((len(first), 1))
    return Grown(support, group, np.hstack([ones, counted.start[first, None], chosen[first]]))


def _children(beam: list[Grown], counted: Counted, rules: Rules, n_children: int) -> list[_Child]:
    found: dict[tuple[int, ...], _Child] = {}
    for one in beam:
        total, positive = (np.bincount(one.group, each) for each in (counted.total, counted.positive))
        yes_total, yes_positive = by_group(one.group, len(total), counted)
        gain = _score_test(one, total, yes_total, yes_positive, rules)
        for at in np.argsort(-gain)[:n_children]:
            conditions = tuple(sorted((*one.support.conditions, int(at))))
            if np.isfinite(gain[at]) and conditions not in found:
                counts = total, positive, yes_total[:, at], yes_positive[:, at]
                found[conditions] = _child(one, conditions, int(at), counts)
    return list(found.values())


def _score_test(
    one: Grown, total: np.ndarray, yes_total: np.ndarray, yes_positive: np.ndarray, rules: Rules
) -> np.ndarray:
    """What each condition would gain in loss to second order; minus infinity for what may not join."""
    p = chance(one.features @ one.support.coefficients)
    weight = p * (1 - p)
    gradient = yes_positive.sum(axis=0) - p @ yes_total
    across = (one.features * weight[:, None]).T @ yes_total
    inside = (one.features * (total * weight)[:, None]).T @ one.features
    inside[np.diag_indices(len(inside))] += TINY + 1e-6
    own = weight @ yes_total - (across * np.linalg.solve(inside, across)).sum(axis=0)
    gain = gradient**2 / np.maximum(own, 1e-6)
    allowed = rules.may_join(one.support.conditions) & rules.fits(gradient)
    return np.where(allowed & (own > 1e-4), gain, -np.inf)


def _child(one: Grown, conditions: tuple[int, ...], at: int, counts: tuple[np.ndarray, ...]) -> _Child:
    total, positive, yes_total, yes_positive = (np.asarray(each, float) for each in counts)
    place = 2 + conditions.index(at)
    no, yes = (np.insert(one.features, place, value, axis=1) for value in (0.0, 1.0))
    kept = np.concatenate([total - yes_total, yes_total]) > TINY
    return _Child(
        conditions,
        np.vstack([no, yes])[kept],
        np.concatenate([total - yes_total, yes_total])[kept],
        np.concatenate([positive - yes_positive, yes_positive])[kept],
        np.insert(one.support.coefficients, place, 0.0),
    )


def _fitted(children: list[_Child], rules: Rules, penalty: float) -> list[Support]:
    if not children:
        return []
    longest = max(len(one.total) for one in children)
    q = children[0].features.shape[1]
    features = np.zeros((len(children), longest, q))
    total, positive = np.zeros((2, len(children), longest))
    for at, one in enumerate(children):
        n = len(one.total)
        features[at, :n], total[at, :n], positive[at, :n] = one.features, one.total, one.positive
    start = np.stack([one.start for one in children])
    coefficients, loss = fit_many(features, total, positive, start, _penalties(q, penalty), rounds=6)
    supports = [
        Support(child.conditions, coefficients[at], float(loss[at])) for at, child in enumerate(children)
    ]
    good = [one for one in supports if _signs_hold(one, rules) and np.isfinite(one.loss)]
    return sorted(good, key=lambda one: one.loss)


def _signs_hold(one: Support, rules: Rules) -> bool:
    wanted = rules.sign[list(one.conditions)]
    must = np.isin(rules.fact[list(one.conditions)], rules.must)
    return bool(np.all((wanted * one.coefficients[2:] >= 0) | must))
