"""Orders that every learned card is shown beside: what it must beat, and a ceiling that it cannot reach.

By chance, longest unseen first, by the village's own past rate, by the four-colour form, by a logistic card whose
coefficients are rounded, and by boosted trees, which see the same facts and are no card.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from models.learning.honest.intervals import Floats
from models.learning.honest.report import CEILING
from models.learning.honest.sample import Scores
from models.learning.proposing.allowed import Candidate
from models.learning.proposing.encoding import encoded
from models.learning.proposing.rows import Rows

BASELINE = "baseline"
UNSEEN = "days_since_home_visit"
ROUNDED_TO = 5  # the largest points of the rounded logistic card
_FEWEST_PRIOR = 10.0  # a village's own rate counts as much as the whole district's at so many visits


def baselines(learn: Rows, test: Rows, facts: Sequence[Candidate], seed: int) -> dict[str, Scores]:
    """Name → scores on the rows of the test; made from the rows that were learned from, and from nothing later."""
    frame = test.matrix.frame
    found = {
        "random": Scores(np.random.default_rng(seed).random(len(frame)), role=BASELINE),
        "village_rate": Scores(_village_rate(learn, frame), role=BASELINE),
        "four_colour_form": Scores(_numbers(frame["form"]), role=BASELINE),
    }
    if UNSEEN in frame.columns:
        found["longest_unseen"] = Scores(_numbers(frame[UNSEEN]), role=BASELINE)
    seen = learn.cases["visited"]
    outcome = learn.outcome().drop_nulls().to_numpy().astype(int)
    given = encoded(learn.matrix.frame.filter(seen), facts)
    asked = encoded(frame, facts)
    found["rounded_logistic"] = Scores(_rounded_logistic(given, outcome, asked), role=BASELINE)
    chances = _boosted(given, outcome, asked, seed)
    found["boosted_trees"] = Scores(chances, chances, role=CEILING)
    return found


def _numbers(values: pl.Series) -> Floats:
    """Higher is more urgent; not known stands above everything (nobody was ever there)."""
    numbers = values.cast(pl.Float64)
    most = float(numbers.max() or 0)  # type: ignore[arg-type]
    return numbers.fill_null(most + 1).to_numpy()


def _village_rate(learn: Rows, frame: pl.DataFrame) -> Floats:
    """Serious outcomes per visit in the child's village, drawn towards the district's where few visits stand."""
    seen = learn.cases.filter(pl.col("visited")).select(
        "village_code", hit=(pl.col("outcome") == "serious").cast(pl.Float64)
    )
    whole = float(seen["hit"].mean() or 0)  # type: ignore[arg-type]
    rates = seen.group_by("village_code").agg(
        rate=(pl.col("hit").sum() + _FEWEST_PRIOR * whole) / (pl.len() + _FEWEST_PRIOR)
    )
    joined = frame.select("village_code").join(rates, "village_code", "left", maintain_order="left")
    return joined["rate"].fill_null(whole).to_numpy()


def _rounded_logistic(given: pl.DataFrame, outcome: Any, asked: pl.DataFrame) -> Floats:
    """A ridge logistic regression on standardised facts, its coefficients rounded to whole points."""
    from sklearn.linear_model import LogisticRegression

    columns = [_filled(given, each) for each in (given, asked)]
    spread = columns[0].std(axis=0)
    spread[spread == 0] = 1.0
    model = LogisticRegression(max_iter=500).fit(columns[0] / spread, outcome)
    largest = float(np.abs(model.coef_[0]).max()) or 1.0
    points = np.round(model.coef_[0] / largest * ROUNDED_TO)
    return np.asarray((columns[1] / spread) @ points, dtype=np.float64)


def _filled(given: pl.DataFrame, frame: pl.DataFrame) -> Floats:
    """Numbers, the middle value for a missing one, and a column for each that says whether it is missing."""
    cells = []
    for name in given.columns:
        middle = given[name].cast(pl.Float64).median()
        own = frame[name].cast(pl.Float64)
        cells += [own.fill_null(0.0 if middle is None else middle), own.is_null().cast(pl.Float64)]
    return np.column_stack([one.to_numpy() for one in cells])


def _boosted(given: pl.DataFrame, outcome: Any, asked: pl.DataFrame, seed: int) -> Floats:
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(max_iter=100, max_leaf_nodes=8, random_state=seed)
    numbers = [each.select(pl.all().cast(pl.Float64)).to_numpy() for each in (given, asked)]
    model.fit(numbers[0], outcome)
    return np.asarray(model.predict_proba(numbers[1])[:, 1], dtype=np.float64)
