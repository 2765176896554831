"""The search for one number of lines: supports by beam, whole points along rays, then moves; many good cards.

The objective is the log loss of the patterns with intercept and multiplier fitted to each card; nothing else
is traded against it.  Ustun and Rudin ("Learning Optimized Risk Scores", JMLR 2019) solve the same by integer
programming, which proves its answer and takes minutes; here small problems are held beside trying everything.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.learning.points_card.cards import PointsCard, fitted_card
from models.learning.points_card.counted import Counted, collapse
from models.learning.points_card.moves import polished
from models.learning.points_card.pairs import best_pair_of_points
from models.learning.points_card.rays import rounded_cards
from models.learning.points_card.rules import Rules
from models.learning.points_card.supports import Beam, beam_search


class Effort(NamedTuple):
    """How hard to search: width of the beam, children of each support, rays, starts, exact fits, rounds of moves.

    Up to `n_all` conditions all take part in the moves; of more, those that the beam fitted.
    """

    width: int = 5
    n_children: int = 6
    n_rays: int = 15
    n_starts: int = 3
    n_exact: int = 6
    rounds: int = 12
    n_all: int = 60
    penalty: float = 1.0


FEW_CONDITIONS = 15


def effort_for(n_conditions: int) -> Effort:
    """The usual effort; where there are few conditions, a wide beam costs little and finds the best card."""
    return Effort(width=15, n_starts=5, n_exact=12) if n_conditions <= FEW_CONDITIONS else Effort()


Seen = dict[tuple[tuple[int, ...], tuple[int, ...]], PointsCard]


def good_cards(counted: Counted, rules: Rules, n_lines: int, effort: Effort) -> list[PointsCard]:
    """Every card that was fitted exactly on the way to the best ones, from the smallest loss up."""
    beam = beam_search(counted, rules, n_lines, effort.width, effort.n_children, effort.penalty)
    return cards_from(beam, counted, rules, n_lines, effort)


def cards_from(beam: Beam, counted: Counted, rules: Rules, n_lines: int, effort: Effort) -> list[PointsCard]:
    """The cards that rays and moves make of a beam's longest supports."""
    starts = _starts(beam, counted, rules, effort)
    few = len(rules.fact) <= effort.n_all
    which = np.arange(len(rules.fact)) if few else np.array(sorted(beam.tried), dtype=int)
    inside = collapse(counted, which)
    place = {int(one): at for at, one in enumerate(which)}
    fewer, seen = rules.kept(which), Seen()
    for card in starts:
        moved = card._replace(conditions=tuple(place[one] for one in card.conditions))
        seen[moved.conditions, moved.points] = moved
        best = polished(moved, inside, fewer, n_lines, effort.n_exact, effort.rounds, seen)
        _with_pairs(best, inside, fewer, n_lines, effort, seen)
    found = [one._replace(conditions=tuple(int(which[at]) for at in one.conditions)) for one in seen.values()]
    return sorted(found, key=lambda one: (one.loss, one.conditions, one.points))


def _starts(beam: Beam, counted: Counted, rules: Rules, effort: Effort) -> list[PointsCard]:
    """The best card of each of the best supports, and its multiples: a finer scale has other neighbours."""
    found = [rounded_cards(one, counted, rules, effort.n_rays, 1) for one in beam.supports[-1]]
    cards = sorted((one[0] for one in found), key=lambda one: one.loss)
    distinct = list({one.conditions: one for one in reversed(cards)}.values())[::-1][: effort.n_starts]
    return distinct + [many for one in distinct[:1] for many in _multiples(one, counted, rules)]


def _multiples(card: PointsCard, counted: Counted, rules: Rules) -> list[PointsCard]:
    largest = max((abs(one) for one in card.points), default=rules.most)
    if np.any(counted.start):
        return []
    return [
        card._replace(points=tuple(times * one for one in card.points), multiplier=card.multiplier / times)
        for times in range(2, rules.most // largest + 1)
    ]


def _with_pairs(
    card: PointsCard, counted: Counted, rules: Rules, n_lines: int, effort: Effort, seen: Seen
) -> None:
    """Two lines moved at once, and single moves again, until neither helps."""
    for _ in range(effort.rounds):
        pair = best_pair_of_points(card, counted, rules)
        if pair is None:
            return
        card = fitted_card(*pair, counted)
        seen[card.conditions, card.points] = card
        card = polished(card, counted, rules, n_lines, effort.n_exact, effort.rounds, seen)
