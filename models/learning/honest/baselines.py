"""What any card must be better than, and what it cannot be better than: six orders beside it, made from the past only.

Random, longest unseen, the village's own rate, the four-colour form, a logistic card rounded to whole points, and
boosted trees as a ceiling.  What is learned is learned from the visited of the training rows; a baseline for which
these say nothing (no serious outcome, or nothing else) is left out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from models.facts import long_sql
from models.learning.honest.intervals import Floats
from models.learning.honest.propensity import UNKNOWN, values_of
from models.learning.honest.report import CEILING
from models.learning.honest.sample import SERIOUS, Scores
from models.screening.four_colour.form import COLOURS, form
from models.screening.four_colour.scoring import answers_sql, score_query
from models.screening.tuning.ground import Ground
from models.uncertainty import Place, prior_of, shrunk

BASELINE = "baseline"
NAMES = ("random", "longest_unseen", "village_rate", "four_colour", "rounded_logistic", "boosted_trees")
_LINES, _MOST_POINTS = 10, 5  # of the rounded logistic card, as of an expert card
_STRENGTHS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
READING = "high"  # of the four-colour form, see `form_urgency`
_STEP = 1000.0  # between two colours: more than any points of the form


def baselines(
    training: pl.DataFrame,
    cases: pl.DataFrame,
    facts: Sequence[str],
    seed: int = 0,
    unseen_days: str = "days_since_home_visit",
    form_order: str = "four_colour",
) -> dict[str, Scores]:
    """Name → scores on `cases`, in the order of NAMES.

    training and cases: rows as `evaluate` takes them, with the columns `facts`; `unseen_days` and `form_order` are
    columns of `cases` (days; the form's order, see `form_urgency`), and where one is missing its baseline is too.
    """
    found = {"random": Scores(np.zeros(len(cases)), role=BASELINE)}  # all tie: lots on average
    if unseen_days in cases.columns:
        days = cases[unseen_days].cast(pl.Float64)
        never = float(np.nan_to_num(float(days.max() or 0.0))) + 1  # type: ignore[arg-type]
        found["longest_unseen"] = Scores(days.fill_null(never).to_numpy(), role=BASELINE)
    looked = training.filter(pl.col("visited"))
    hit = (looked["outcome"] == SERIOUS).to_numpy()
    is_told = bool(hit.any() and not hit.all())
    if is_told:
        found["village_rate"] = _village_rate(looked, hit, cases)
    if form_order in cases.columns:
        order = cases[form_order].cast(pl.Float64).fill_null(-1.0).to_numpy()
        found["four_colour"] = Scores(order, role=BASELINE)
    if is_told and facts:
        known, asked = encoded(looked.select(facts), cases.select(facts))
        found["rounded_logistic"] = _rounded(known, hit, asked)
        found["boosted_trees"] = _trees(known, hit, asked, seed)
    return found


def encoded(then: pl.DataFrame, now: pl.DataFrame) -> tuple[Floats, Floats]:
    """Both with the columns of the first: each of its values 0 or 1, numbers in its fifths, the unknown a value."""
    both: tuple[list[Floats], list[Floats]] = ([np.zeros((len(then), 0))], [np.zeros((len(now), 0))])
    for name in then.columns:
        words = [values_of(one[name], then[name]) for one in (then, now)]
        levels = np.unique(np.append(words[0], UNKNOWN))
        for side, own in zip(both, words, strict=True):
            side.append((own[:, None] == levels[None, :]).astype(float))
    return np.column_stack(both[0]), np.column_stack(both[1])


def _village_rate(looked: pl.DataFrame, hit: np.ndarray, cases: pl.DataFrame) -> Scores:
    """Each village's share of serious outcomes before, drawn towards the whole; a new village has the whole's."""
    told = looked.select(pl.col("village_code").fill_null("")).with_columns(hit=pl.Series(hit))
    counts = (
        told.group_by("village_code").agg(pl.col("hit").sum().alias("n_hit"), pl.len()).sort("village_code")
    )
    places = {code: Place(int(n_hit), float(n)) for code, n_hit, n in counts.iter_rows()}
    prior = prior_of(list(places.values()), True)
    rates = {code: shrunk(one, prior, True).value for code, one in places.items()}
    whole = float(hit.mean())
    codes = cases["village_code"].fill_null("").to_list()
    values = np.array([rates.get(code, whole) for code in codes])
    return Scores(values, values, role=BASELINE)


def _rounded(known: Floats, hit: np.ndarray, asked: Floats) -> Scores:
    """L1 logistic regression with at most ten lines left, its weights scaled to five points and rounded."""
    chosen = None
    for strength in _STRENGTHS:
        model = LogisticRegression(l1_ratio=1.0, C=strength, solver="liblinear", max_iter=1000).fit(
            known, hit
        )
        if (model.coef_[0] != 0).sum() > _LINES and chosen is not None:
            break
        chosen = model
    assert chosen is not None
    weights = chosen.coef_[0]
    largest = np.argsort(-np.abs(weights), kind="stable")[:_LINES]
    kept = np.zeros_like(weights)
    kept[largest] = weights[largest]
    most = np.abs(kept).max()
    points = np.round(kept * _MOST_POINTS / most) if most > 0 else kept
    return Scores(asked @ points, role=BASELINE)


def _trees(known: Floats, hit: np.ndarray, asked: Floats, seed: int) -> Scores:
    model = HistGradientBoostingClassifier(
        max_iter=150, learning_rate=0.05, max_leaf_nodes=8, random_state=seed
    )
    probability = model.fit(known, hit).predict_proba(asked)[:, 1]
    return Scores(probability, probability, role=CEILING)


def form_urgency(ground: Ground) -> dict[str, float]:
    """Child → the four-colour form's order, the most urgent highest: by colour, then by the lowest points of a table.

    Blanks have the best answer, which is kindest to the form: filled in from a registry alone and counted as nothing,
    as the form has it, they would make nearly everybody red.  `ground` is that of a past day, with all its tables;
    the caller holds its lock.
    """
    engine, sheet = ground.engine, form()
    lowest = [f"points_{table.id}_{READING}" for table in sheet.tables]
    engine.table(
        "screening", "SELECT p.child_id FROM population AS p WHERE p.listed AND p.eligibility <> 'no'"
    )
    engine.table("screened_child", "SELECT DISTINCT s.child_id FROM screening AS s")
    engine.table("fact", long_sql("screened_child"))
    try:
        rows = engine.rows(score_query(sheet, answers_sql(sheet)))
    finally:
        for name in ("fact", "screened_child", "screening"):
            engine.drop(name)
    urgency = {colour: len(COLOURS) - place for place, colour in enumerate(COLOURS)}
    return {
        row["child_id"]: urgency[row[f"colour_{READING}"]] * _STEP - min(float(row[name]) for name in lowest)
        for row in rows
    }
