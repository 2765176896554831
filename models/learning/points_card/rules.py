"""What a support may hold: one line a group, the facts that must be there, the signs that points may have."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Rules(NamedTuple):
    """For each condition (p): place of its fact, sign of its points (0 for free), group (-1 for none).

    `must` are facts with at least one line; `most` and `least` bound the size of a line's points.
    """

    fact: np.ndarray
    sign: np.ndarray
    group: np.ndarray
    must: tuple[int, ...]
    most: int
    least: int = 1

    def kept(self, which: np.ndarray) -> Rules:
        """The same for some of the conditions."""
        return self._replace(fact=self.fact[which], sign=self.sign[which], group=self.group[which])

    def may_join(self, support: tuple[int, ...]) -> np.ndarray:
        """Which conditions may join a support (p); where a fact that must be there is missing, only its own."""
        free = np.ones(len(self.fact), bool)
        free[list(support)] = False
        taken = {int(self.group[one]) for one in support} - {-1}
        if taken:
            free &= ~np.isin(self.group, list(taken))
        missing = [one for one in self.must if one not in {int(self.fact[at]) for at in support}]
        if missing:
            free &= np.isin(self.fact, missing)
        return free

    def points(self) -> np.ndarray:
        """Every number of points that a line may have."""
        return np.array([one for one in range(-self.most, self.most + 1) if abs(one) >= self.least])

    def fits(self, sign_of_points: np.ndarray) -> np.ndarray:
        """Which conditions may have points of that sign (…, p)."""
        return (self.sign == 0) | (self.sign == np.sign(sign_of_points))
