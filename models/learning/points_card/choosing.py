"""How many lines, which cards are equally good, and which of the equal is the steadiest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.learning.points_card.cards import PointsCard, fitted_card, score_of
from models.learning.points_card.counted import Counted
from models.learning.points_card.inner_folds import Fold, simplest_of_the_equal
from models.learning.points_card.rays import rounded_cards
from models.learning.points_card.rules import Rules
from models.learning.points_card.search import Effort
from models.learning.points_card.supports import beam_search
from models.learning.points_card.teacher import taught

QUICK = Effort(width=2, n_children=4, n_rays=10)
LEAST_APART = 1e-12


def chosen_number_of_lines(
    folds: Sequence[Fold], rules: Rules, n_lines: int, share: float, penalty: float, errors: float
) -> int:
    """The fewest lines whose held-out loss is within so many standard errors of the best number's."""
    if not folds:
        return n_lines
    by_fold = [_held_out_logits(one, rules, n_lines, share, penalty) for one in folds]
    longest = min(len(one) for one in by_fold)
    fewest = max(1, len(rules.must))
    if longest <= fewest:
        return n_lines
    logits = [[one[n] for one in by_fold] for n in range(fewest, longest)]
    return fewest + simplest_of_the_equal(logits, folds, errors)


def _held_out_logits(
    fold: Fold, rules: Rules, n_lines: int, share: float, penalty: float
) -> list[np.ndarray]:
    """Log-odds of every pattern by the best card of 0, 1, … lines learned without the fold."""
    lesson = taught(fold.learn, share, penalty)
    beam = beam_search(lesson, rules, n_lines, QUICK.width, QUICK.n_children, QUICK.penalty)
    logits = []
    for supports in beam.supports:
        found = rounded_cards(supports[0], lesson, rules, QUICK.n_rays, 1)[0]
        card = fitted_card(found.conditions, found.points, fold.learn)
        logits.append(card.intercept + card.multiplier * score_of(card.conditions, card.points, fold.learn))
    return logits


def pool_of(found: Sequence[PointsCard], tolerance: float, size: int) -> list[PointsCard]:
    """The best card of each support whose loss is at most `tolerance` (relative) above the best, best first."""
    pool: dict[tuple[int, ...], PointsCard] = {}
    for card in found:
        if card.loss > found[0].loss * (1 + tolerance) + LEAST_APART or len(pool) == size:
            break
        pool.setdefault(card.conditions, card)
    return list(pool.values())


def steadiest(pool: Sequence[PointsCard], counted: Counted, tolerance: float, share: float) -> PointsCard:
    """Of the cards within `tolerance` of the best, the one whose list the rest of the pool agrees with most.

    A row stands on a card's list by the part of it that a cut through ties would leave on; so a card with many
    ties at the cut agrees less, and finer points win among the equal.
    """
    near = [one for one in pool if one.loss <= pool[0].loss * (1 + tolerance) + LEAST_APART]
    if len(near) == 1:
        return near[0]
    listed = np.stack([_on_the_list(one, counted, share) for one in pool])
    together = (listed * counted.total).sum(axis=0)
    shared = [float((listed[at] * (together - listed[at] * counted.total)).sum()) for at in range(len(near))]
    return near[int(np.argmax(np.round(shared, 9)))]


def _on_the_list(card: PointsCard, counted: Counted, share: float) -> np.ndarray:
    """The part of each pattern that the top share of the weight holds."""
    score = score_of(card.conditions, card.points, counted)
    _, place = np.unique(-score, return_inverse=True)
    weight = np.bincount(place, counted.total)
    before = np.cumsum(weight) - weight
    part = np.clip((share * weight.sum() - before) / np.maximum(weight, LEAST_APART), 0.0, 1.0)
    return part[place]
