"""Very many patterns: the search runs on a sample of them, the last moves and every fitted line on all.

The conditions of the sample's equally good cards are few; over them all rows collapse to few patterns again.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.learning.points_card.cards import PointsCard, fitted_card
from models.learning.points_card.counted import Counted, collapse
from models.learning.points_card.moves import polished
from models.learning.points_card.rules import Rules
from models.learning.points_card.search import Effort, Seen

MOST_PATTERNS = 100_000
BEST_TO_MOVE = 2


def sampled(counted: Counted, random: np.random.RandomState) -> Counted:
    """The patterns themselves, or so many of them that a search stays quick; answers as numbers."""
    n = len(counted.total)
    if n <= MOST_PATTERNS:
        return counted._replace(answers=counted.answers.astype(np.float32))
    kept = np.sort(random.choice(n, MOST_PATTERNS, replace=False))
    return Counted(
        counted.answers[kept].astype(np.float32),
        counted.start[kept],
        counted.total[kept],
        counted.positive[kept],
    )


def moved_on_all(
    pool: Sequence[PointsCard], counted: Counted, rules: Rules, n_lines: int, effort: Effort
) -> list[PointsCard]:
    """The cards of a sample with their lines fitted on all patterns, and better ones a few moves away."""
    which = np.array(sorted({one for card in pool for one in card.conditions}), dtype=int)
    inside, fewer = collapse(counted, which), rules.kept(which)
    place = {int(one): at for at, one in enumerate(which)}
    seen = Seen()
    for card in pool:
        again = fitted_card(tuple(place[one] for one in card.conditions), card.points, inside)
        seen[again.conditions, again.points] = again
    for card in sorted(seen.values(), key=lambda one: one.loss)[:BEST_TO_MOVE]:
        polished(card, inside, fewer, n_lines, effort.n_exact, effort.rounds, seen)
    found = [one._replace(conditions=tuple(int(which[at]) for at in one.conditions)) for one in seen.values()]
    return sorted(found, key=lambda one: (one.loss, one.conditions, one.points))
