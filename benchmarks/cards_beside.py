"""What learned cards are measured beside, each with `fit(frame, outcomes)`, `logits(frame)` and `n_lines`.

Rounded L1 and plain logistic regression stand on the same conditions as the cards; making them is part of the fit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from models.learning import PointsCardClassifier
from models.learning.points_card.binning import Binning, Condition, answers, conditions_of
from models.learning.points_card.columns import columns_of_frame

MAX_CUTS = 16
TINY = 1e-6


class LearnedCard:
    """Ours, with at most so many lines."""

    def __init__(self, max_lines: int, n_lines: Any = "max") -> None:
        self.model = PointsCardClassifier(max_lines, n_lines=n_lines, random_state=0)

    def fit(self, frame: pd.DataFrame, outcomes: np.ndarray) -> LearnedCard:
        self.model.fit(frame, outcomes)
        self.n_lines = len(self.model.lines_)
        return self

    def logits(self, frame: pd.DataFrame) -> np.ndarray:
        return self.model.decision_function(frame)


class _OnConditions:
    """A logistic regression on yes-or-no conditions."""

    def _conditions(self, frame: pd.DataFrame) -> np.ndarray:
        columns, weight = columns_of_frame(frame), np.ones(len(frame))
        binning = Binning(max(10.0, 0.01 * len(frame)), MAX_CUTS)
        self.conditions: list[Condition] = [
            one for at, column in enumerate(columns) for one in conditions_of(at, column, weight, binning)
        ]
        return self._answers(frame)

    def _answers(self, frame: pd.DataFrame) -> np.ndarray:
        columns = columns_of_frame(frame)
        return np.column_stack([answers(one, columns[one.fact]) for one in self.conditions]).astype(float)


class PlainLogistic(_OnConditions):
    """Logistic regression on all conditions."""

    def fit(self, frame: pd.DataFrame, outcomes: np.ndarray) -> PlainLogistic:
        self.model = LogisticRegression(max_iter=1000).fit(self._conditions(frame), outcomes)
        self.n_lines = len(self.conditions)
        return self

    def logits(self, frame: pd.DataFrame) -> np.ndarray:
        return self.model.decision_function(self._answers(frame))


class RoundedL1(_OnConditions):
    """The L1 path up to so many conditions, fitted again without penalty, scaled to the most points, rounded."""

    def __init__(self, lines: int = 10, most: int = 5) -> None:
        self.lines, self.most = lines, most

    def fit(self, frame: pd.DataFrame, outcomes: np.ndarray) -> RoundedL1:
        table = self._conditions(frame)
        kept = self._kept(table, outcomes)
        free = LogisticRegression(C=1e4, max_iter=1000).fit(table[:, kept], outcomes).coef_[0]
        points = np.rint(free / np.abs(free).max() * self.most)
        self.kept, self.points = kept[points != 0], points[points != 0]
        self.n_lines = len(self.kept)
        score = (table[:, self.kept] @ self.points)[:, None]
        self.line = LogisticRegression(C=1e6, max_iter=1000).fit(score, outcomes)
        return self

    def _kept(self, table: np.ndarray, outcomes: np.ndarray) -> np.ndarray:
        kept = np.array([], int)
        for strength in np.geomspace(1e-3, 3, 40):
            path = LogisticRegression(l1_ratio=1.0, C=strength, solver="liblinear").fit(table, outcomes)
            found = np.flatnonzero(path.coef_[0])
            if len(found) > self.lines:
                break
            kept = found
        return kept

    def logits(self, frame: pd.DataFrame) -> np.ndarray:
        score = (self._answers(frame)[:, self.kept] @ self.points)[:, None]
        return self.line.decision_function(score)


class Boosting:
    """scikit-learn's gradient boosting."""

    n_lines = None

    def fit(self, frame: pd.DataFrame, outcomes: np.ndarray) -> Boosting:
        self.kinds = {
            name: pd.CategoricalDtype(sorted(frame[name].dropna().unique()))
            for name in frame
            if not pd.api.types.is_numeric_dtype(frame[name])
        }
        self.model = HistGradientBoostingClassifier(random_state=0).fit(frame.astype(self.kinds), outcomes)
        return self

    def logits(self, frame: pd.DataFrame) -> np.ndarray:
        return self.model.decision_function(frame.astype(self.kinds))


class ExplainableBoosting:
    """interpret's explainable boosting machine."""

    n_lines = None

    def fit(self, frame: pd.DataFrame, outcomes: np.ndarray) -> ExplainableBoosting:
        from interpret.glassbox import ExplainableBoostingClassifier

        self.model = ExplainableBoostingClassifier(random_state=0, n_jobs=1).fit(frame, outcomes)
        return self

    def logits(self, frame: pd.DataFrame) -> np.ndarray:
        chance = np.clip(self.model.predict_proba(frame)[:, 1], TINY, 1 - TINY)
        return np.log(chance / (1 - chance))


WAYS: dict[str, Any] = {
    "card, 5 lines": lambda: LearnedCard(5),
    "card, 10 lines": lambda: LearnedCard(10),
    "card, at most 10 lines": lambda: LearnedCard(10, "one_standard_error"),
    "rounded L1, 10 lines": RoundedL1,
    "logistic, all bins": PlainLogistic,
    "gradient boosting": Boosting,
}
# Minutes a fit on the larger sets: run on its own, and never forty times
SLOW = {"explainable boosting": ExplainableBoosting}
