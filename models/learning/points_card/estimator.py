"""`PointsCardClassifier`: at most so many lines with whole points, as a scikit-learn classifier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, column_or_1d

from models.learning.points_card.columns import Column, codes_of, columns_like, columns_of
from models.learning.points_card.fitting import Demands, Settings, Trained, trained
from models.learning.points_card.logistic import chance
from models.learning.points_card.printing import CardLine, LearnedLine, printed
from models.learning.points_card.scored import listed, points_of


class PooledCard(NamedTuple):
    """One of the equally good cards: its lines, the fitted line of log-odds, its loss on what it was learned from."""

    lines: tuple[CardLine, ...]
    intercept: float
    multiplier: float
    loss: float


class PointsCardClassifier(ClassifierMixin, BaseEstimator):
    """At most `max_lines` conditions with whole points; log-odds = intercept + multiplier x sum of points.

    A line is one condition (a value from or below a change point, a code, not known) with points other than 0,
    as a term of FasterRisk.  Printed, the conditions about one fact become one entry with several bins.

    Parameters
    ----------
    max_lines, max_points : the most lines, and the most points of a line to either side.
    monotone : fact → "rising" or "falling": every step of a number goes that way; "not known" stays free.
    signs : fact → 1 or -1: points of every condition of the fact have that sign.
    groups : lists of facts of which at most one condition is used, or a mapping of names to such lists.
    must_include : facts with at least one line.
    forbidden : fact → reason, or facts; a fact that stands in X is refused with its reason.
    offset_card : column of X with whole points of a card in force; the lines learned are a correction to it,
        in the same points, and the multiplier of their sum is fitted.
    min_cell : rows (by weight) for which a condition must hold, and fail; below 1 a share of them; None for a
        hundredth but at least ten, or a tenth where there are few rows.
    max_cuts : most change points of one fact.
    n_lines : how many lines are allowed: "one_standard_error" for the fewest that are as good as the best by
        inner folds, "best" for the number with the smallest held-out loss, "max" for `max_lines`.
    inner_folds, random_state : how the inner folds are dealt.
    teacher_share, teacher_penalty : how much the outcomes are mixed with the probabilities of a ridge
        logistic regression on all conditions, and its penalty, or "one_standard_error" to choose it by inner
        folds; a share of 0 learns from outcomes alone.
    pool_size, pool_tolerance : equally good cards kept, and how much larger (relative) their loss may be.
    choose_within : of the cards whose loss is at most so much larger (relative) than the best, the one whose
        list of the top `top_share` the pool agrees with most is taken.
    unknown : "own" gives "not known" points of its own; "inside" puts it strictly between the fewest and the
        most points of each fact, as the cards of this house must.

    Attributes
    ----------
    classes_, n_features_in_, feature_names_in_ (frames), lines_, intercept_, multiplier_, loss_ (what the search
    minimised: log loss against outcomes mixed with the teacher), pool_, n_lines_ (lines allowed by the choice).

    Weights count rows: a weight of 2 is two equal rows.  X may be an array of numbers with NaN for missing, or a
    frame of polars or pandas with numbers, true and false, and codes as text.

    Liu, Zhong, Li, Seltzer, Rudin: "FasterRisk", NeurIPS 2022; Ustun, Rudin: "Learning Optimized Risk
    Scores", JMLR 2019.
    """

    def __init__(
        self,
        max_lines: int = 10,
        max_points: int = 5,
        *,
        monotone: Mapping[Any, Any] | None = None,
        signs: Mapping[Any, int] | None = None,
        groups: Mapping[str, Sequence[Any]] | Sequence[Sequence[Any]] | None = None,
        must_include: Sequence[Any] | None = None,
        forbidden: Mapping[Any, str] | Iterable[Any] | None = None,
        offset_card: Any = None,
        min_cell: float | None = None,
        max_cuts: int = 16,
        n_lines: Literal["one_standard_error", "best", "max"] = "one_standard_error",
        inner_folds: int = 5,
        teacher_share: float = 0.5,
        teacher_penalty: float | Literal["one_standard_error"] = 30.0,
        pool_size: int = 20,
        pool_tolerance: float = 0.01,
        choose_within: float = 0.002,
        top_share: float = 0.1,
        unknown: Literal["own", "inside"] = "own",
        random_state: Any = None,
    ) -> None:
        self.max_lines = max_lines
        self.max_points = max_points
        self.monotone = monotone
        self.signs = signs
        self.groups = groups
        self.must_include = must_include
        self.forbidden = forbidden
        self.offset_card = offset_card
        self.min_cell = min_cell
        self.max_cuts = max_cuts
        self.n_lines = n_lines
        self.inner_folds = inner_folds
        self.teacher_share = teacher_share
        self.teacher_penalty = teacher_penalty
        self.pool_size = pool_size
        self.pool_tolerance = pool_tolerance
        self.choose_within = choose_within
        self.top_share = top_share
        self.unknown = unknown
        self.random_state = random_state

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags.allow_nan = True
        return tags

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> PointsCardClassifier:
        """Learn the card; ValueError for a forbidden fact, one class only, or demands that can't be met."""
        columns = columns_of(self, X)
        labels = self._labels(y, len(columns[0].values))
        weight = _check_sample_weight(sample_weight, np.empty((len(labels), 1)), ensure_non_negative=True)
        self.classes_, positive = np.unique(labels[weight > 0], return_inverse=True)
        if len(self.classes_) != 2:
            raise ValueError(f"expected rows of 2 classes with weight, found {len(self.classes_)} class")
        heavy = weight > 0
        if not heavy.all():
            columns = [one._replace(values=one.values[heavy]) for one in columns]
        self._kinds = [one._replace(values=one.values[:0]) for one in columns]
        self._codes = [codes_of(one) for one in columns]
        self._keep(trained(columns, positive.astype(float), weight[heavy], self._demands(), self._settings()))
        return self

    def _labels(self, y: Any, n_rows: int) -> np.ndarray:
        if y is None:
            raise ValueError("This classifier requires y to be passed, but the target y is None")
        labels = column_or_1d(y, warn=True)
        check_classification_targets(labels)
        if len(labels) != n_rows:
            raise ValueError(f"expected as many labels as rows ({n_rows}), found {len(labels)}")
        if len(np.unique(labels)) > 2:
            kind = type_of_target(labels, input_name="y", raise_unknown=True)
            raise ValueError(f"Only binary classification is supported. The type of the target is {kind}.")
        return labels

    def _demands(self) -> Demands:
        groups = self.groups.values() if isinstance(self.groups, Mapping) else (self.groups or ())
        return Demands(
            self.monotone or {},
            self.signs or {},
            tuple(tuple(one) for one in groups),
            tuple(self.must_include or ()),
            self.forbidden,
            self.offset_card,
            self.unknown,
        )

    def _settings(self) -> Settings:
        return Settings(
            self.max_lines,
            self.max_points,
            self.min_cell,
            self.max_cuts,
            self.n_lines,
            self.inner_folds,
            self.teacher_share,
            self.teacher_penalty,
            self.pool_size,
            self.pool_tolerance,
            self.choose_within,
            self.top_share,
            check_random_state(self.random_state),
        )

    def _keep(self, found: Trained) -> None:
        self._card, self._pool = found.card, found.pool
        self._offset = found.offset
        self.n_lines_ = found.n_lines
        self.lines_ = self._lines(found.card)
        self.intercept_, self.multiplier_, self.loss_ = (
            found.card.intercept,
            found.card.multiplier,
            found.card.loss,
        )
        self.pool_ = tuple(
            PooledCard(self._lines(one), one.intercept, one.multiplier, one.loss) for one in found.pool
        )

    def _lines(self, card: Any) -> tuple[CardLine, ...]:
        return tuple(
            CardLine(self._kinds[condition.fact].name, condition.how, condition.at, condition.codes, points)
            for fact in card.facts
            for condition, points in fact.conditions
        )

    def _read(self, X: Any) -> list[Column]:
        check_is_fitted(self, "lines_")
        return columns_like(self, X, self._kinds)

    def points(self, X: Any) -> np.ndarray:
        """The sum of points of each row, with those of `offset_card` (n_rows whole numbers)."""
        columns = self._read(X)
        return points_of(self._card, columns, self._offset)

    def decision_function(self, X: Any) -> np.ndarray:
        """Log-odds of `classes_[1]` for each row."""
        points = self.points(X)
        return self.intercept_ + self.multiplier_ * points

    def predict_proba(self, X: Any) -> np.ndarray:
        """Probabilities of both classes (n_rows × 2)."""
        yes = chance(self.decision_function(X))
        return np.column_stack([1.0 - yes, yes])

    def predict(self, X: Any) -> np.ndarray:
        """The likelier class of each row."""
        likelier = (self.decision_function(X) > 0).astype(int)
        return self.classes_[likelier]

    def agreement(self, X: Any, top_share: float | None = None) -> np.ndarray:
        """In how many of `pool_` each row is among the top share of rows; ties keep the order of rows."""
        columns = self._read(X)
        share = self.top_share if top_share is None else top_share
        lists = [listed(points_of(one, columns, self._offset), share) for one in self._pool]
        return np.sum(lists, axis=0)

    def card_lines(self) -> tuple[LearnedLine, ...]:
        """The card as a printed one states it: one entry a fact; a missing answer gets the points of `unknown`."""
        check_is_fitted(self, "lines_")
        return tuple(printed(one, self._kinds[one.place], self._codes[one.place]) for one in self._card.facts)
