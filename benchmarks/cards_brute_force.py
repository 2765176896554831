"""Small problems by trying everything, beside what the classifier finds.

Every support of at most k columns, every whole number of points within ±m, intercept and multiplier fitted to
each: the smallest log loss there is.  Written apart from the classifier, on plain rows.  A support is passed
over only if even real numbers instead of points could not beat the best card so far.
"""

from __future__ import annotations

import json
from itertools import combinations, product

import numpy as np

from benchmarks.measuring import RESULTS

COLUMNS, LINES, POINTS, ROWS = 12, 4, 3, 300
SAME = 1e-8


def problem(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Binary columns, some alike, and outcomes of a few of them."""
    random = np.random.default_rng(seed)
    columns = (random.random((ROWS, COLUMNS)) < random.uniform(0.15, 0.85, COLUMNS)).astype(float)
    for at in range(0, COLUMNS, 4):
        same = random.random(ROWS) < 0.7
        columns[same, at] = columns[same, at + 1]
    weights = random.normal(0, 1, COLUMNS) * (random.random(COLUMNS) < 0.5)
    logits = columns @ weights - (columns @ weights).mean()
    return columns, (random.random(ROWS) < 1 / (1 + np.exp(-logits))).astype(float)


def smallest_loss(columns: np.ndarray, outcomes: np.ndarray, lines: int = LINES, most: int = POINTS) -> float:
    """The mean log loss of the best card that there is."""
    points = _points(lines, most)
    supports = list(combinations(range(columns.shape[1]), lines))
    tables = [_table(columns[:, list(one)], outcomes) for one in supports]
    bounds = [float(_fit(table[0][None], *table[1:])[0]) for table in tables]
    best = np.inf
    for at in np.argsort(bounds):
        if bounds[at] >= best:
            break
        patterns, yes, no = tables[at]
        scores = patterns @ points.T
        best = min(best, float(_fit(scores.T[:, :, None], yes, no).min()))
    return best / len(outcomes)


def _points(lines: int, most: int) -> np.ndarray:
    """Every choice of points, none of them the mirror image or a multiple of another."""
    every = [one for one in product(range(-most, most + 1), repeat=lines) if any(one)]
    first = [next(each for each in one if each) > 0 for one in every]
    single = [np.gcd.reduce(one) == 1 for one in every]
    return np.array([one for one, a, b in zip(every, first, single, strict=True) if a and b], float)


def _table(chosen: np.ndarray, outcomes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    patterns, place = np.unique(chosen, axis=0, return_inverse=True)
    place = place.ravel()
    return (
        patterns,
        np.bincount(place, outcomes, len(patterns)),
        np.bincount(place, 1 - outcomes, len(patterns)),
    )


def _fit(features: np.ndarray, yes: np.ndarray, no: np.ndarray) -> np.ndarray:
    """Summed log loss of each logistic regression on features (M × patterns × q), with an intercept."""
    design = np.concatenate([np.ones((*features.shape[:2], 1)), features], axis=2)
    beta = np.zeros((len(design), design.shape[2]))
    for _ in range(30):
        chance = 1 / (1 + np.exp(-np.einsum("mpq,mq->mp", design, beta)))
        gradient = np.einsum("mpq,mp->mq", design, yes - (yes + no) * chance)
        weight = (yes + no) * chance * (1 - chance)
        curved = np.einsum("mpq,mp,mpr->mqr", design, weight, design, optimize=True)
        curved += 1e-9 * np.eye(design.shape[2])
        step = np.linalg.solve(curved, gradient[:, :, None])[:, :, 0]
        beta += step
        if np.abs(step).max() < 1e-9:
            break
    logits = np.einsum("mpq,mq->mp", design, beta)
    return (yes * np.logaddexp(0, -logits) + no * np.logaddexp(0, logits)).sum(axis=1)


def compared(seed: int) -> tuple[float, float]:
    """(loss of the card that the classifier finds, smallest loss there is) on the problem of that seed."""
    from models.learning import PointsCardClassifier

    columns, outcomes = problem(seed)
    card = PointsCardClassifier(
        LINES, POINTS, n_lines="max", teacher_share=0.0, choose_within=0.0, min_cell=1
    )
    return float(card.fit(columns, outcomes).loss_), smallest_loss(columns, outcomes)


def run(seeds: int = 100) -> None:
    """Compare on so many problems, print, and keep the result beside the other parts."""
    results = [compared(seed) for seed in range(seeds)]
    equal = sum(abs(ours - best) < SAME for ours, best in results)
    found = {"problems": seeds, "equal": equal, "largest_difference": max(a - b for a, b in results)}
    print(found)
    path = RESULTS / "cards.json"
    before = json.loads(path.read_text("utf-8")) if path.exists() else {}
    path.write_text(
        json.dumps({**before, "brute_force": found}, ensure_ascii=False, indent=1) + "\n", "utf-8"
    )
