"""Learned cards beside what else can be learned, on public data.

Run: python -m benchmarks.cards [--data FOLDER] [--sets adult,mammo] [--refits 40] [--workers 2]
     python -m benchmarks.cards --ways "explainable boosting" --sets mammo,student_por
     python -m benchmarks.cards --million      python -m benchmarks.cards --brute-force

The data's README says where each set comes from and what FasterRisk reached on the same folds.  Everything runs on
one thread.  Overlap: cards from bootstrap samples of a fold's training rows list the top tenth of its held-out
rows (ties in the order of rows); the overlap of two lists is their common rows over the rows on either (Jaccard),
the mean over all pairs of a fold and all folds; `common` is the share of a list that two lists have in common.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import time
import tracemalloc
import warnings
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import log_loss, roc_auc_score

from benchmarks.cards_beside import SLOW
from benchmarks.cards_beside import WAYS as USUAL
from benchmarks.measuring import RESULTS, write_result
from models.learning.points_card.scored import listed

WAYS = USUAL | SLOW
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
DATA = Path(__file__).parents[2] / "shared" / "cards_data"
SETS = (
    "mammo",
    "breastcancer",
    "student_por",
    "suicide_cn",
    "dropout_enrol",
    "nursery",
    "star_read",
    "adult",
)
FOLDS, REFITS, TOP = 5, 40, 0.1
# FasterRisk on the same folds, from the data's README: AUC 5 lines, AUC 10 lines, log loss 10 lines, precision 10
FASTERRISK = {
    "adult": (0.861, 0.881, 0.3559, 0.790),
    "mammo": (0.850, 0.852, 0.4726, 0.853),
    "breastcancer": (0.990, 0.990, 0.1598, 1.000),
    "student_por": (0.827, 0.794, 0.3761, 0.493),
    "dropout_enrol": (0.788, 0.798, 0.4806, 0.911),
    "nursery": (0.941, 0.972, 0.1995, 0.966),
    "suicide_cn": (0.813, 0.830, 0.5023, 0.880),
    "star_read": (0.757, 0.791, 0.2832, 0.303),
}


def read(folder: Path, name: str) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """(columns, outcomes, folds) of a set."""
    table = pd.read_csv(folder / f"{name}.csv.gz")
    return table.drop(columns=["__y__", "__fold__"]), table["__y__"].to_numpy(), table["__fold__"].to_numpy()


def measured(outcomes: np.ndarray, logits: np.ndarray) -> dict[str, float]:
    """What one fold's held-out rows say of a fit."""
    chance = 1 / (1 + np.exp(-logits))
    on = listed_by(logits)
    cut = logits[on].min()
    return {
        "auc": float(roc_auc_score(outcomes, logits)),
        "log_loss": float(log_loss(outcomes, chance)),
        "calibration_error": _calibration_error(outcomes, chance),
        "precision_at_10_percent": float(outcomes[on].mean()),
        "ties_at_the_cut": float((logits == cut).sum() / on.sum()),
    }


def listed_by(logits: np.ndarray) -> np.ndarray:
    """Which rows stand on the list of the top tenth."""
    return listed(np.round(logits, 9), TOP)


def _calibration_error(outcomes: np.ndarray, chance: np.ndarray) -> float:
    """Mean distance of expected and seen share in ten parts of equal size, by expected share."""
    parts = np.array_split(np.argsort(chance, kind="stable"), 10)
    apart = [len(one) * abs(float(outcomes[one].mean() - chance[one].mean())) for one in parts if len(one)]
    return sum(apart) / len(outcomes)


def fold_figures(data: tuple[Any, ...], fold: int, way: str) -> dict[str, Any]:
    """One fit and what its held-out rows say."""
    frame, outcomes, folds = data
    learn, held = folds != fold, folds == fold
    model, started = WAYS[way](), time.process_time()
    model.fit(frame[learn].reset_index(drop=True), outcomes[learn])
    seconds = time.process_time() - started
    found = measured(outcomes[held], model.logits(frame[held].reset_index(drop=True)))
    return {**found, "cpu_seconds": seconds, "lines": model.n_lines}


def peak_mib_of_fit(data: tuple[Any, ...], way: str) -> float:
    """The most memory that Python's and numpy's own allocations reached during one fit."""
    frame, outcomes, folds = data
    learn = frame[folds != 0].reset_index(drop=True)
    tracemalloc.start()
    WAYS[way]().fit(learn, outcomes[folds != 0])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


def overlap(data: tuple[Any, ...], way: str, refits: int) -> dict[str, float]:
    """Mean overlap of the lists of refits on bootstrap samples, pair by pair within each fold."""
    frame, outcomes, folds = data
    either, common = [], []
    for fold in range(FOLDS):
        random, held = np.random.default_rng(fold), frame[folds == fold].reset_index(drop=True)
        learn, known = frame[folds != fold].reset_index(drop=True), outcomes[folds != fold]
        lists = []
        for _ in range(max(2, refits // FOLDS)):
            rows = random.integers(0, len(known), len(known))
            model = WAYS[way]().fit(learn.iloc[rows].reset_index(drop=True), known[rows])
            lists.append(listed_by(model.logits(held)))
        pairs = list(combinations(lists, 2))
        either += [float((a & b).sum() / (a | b).sum()) for a, b in pairs]
        common += [float((a & b).sum() / a.sum()) for a, b in pairs]
    return {"overlap": float(np.mean(either)), "common": float(np.mean(common))}


def figures_of_set(job: tuple[Path, str, int, tuple[str, ...]]) -> tuple[str, dict[str, Any]]:
    """All figures of one set."""
    warnings.filterwarnings("ignore")
    folder, name, refits, ways = job
    data, found = read(folder, name), {}
    few = np.random.default_rng(0).permutation(len(data[1]))[:300]
    for way in ways:  # what is only imported once is not timed
        WAYS[way]().fit(data[0].iloc[few].reset_index(drop=True), data[1][few])
    for way in ways:
        each = [fold_figures(data, fold, way) for fold in range(FOLDS)]
        mean = {key: _mean([one[key] for one in each]) for key in each[0]}
        mean["peak_mib"] = peak_mib_of_fit(data, way)
        if refits and way not in SLOW:
            mean |= overlap(data, way, refits)
        found[way] = mean
        print(name, way, {key: value and round(value, 4) for key, value in mean.items()}, flush=True)
    return name, found


def _mean(values: list[Any]) -> float | None:
    return None if values[0] is None else float(np.mean(values))


def held_to(sets: dict[str, Any]) -> dict[str, Any]:
    """What was asked of the cards, and what came out; every distance is ours minus FasterRisk's."""
    five, ten, l1 = "card, 5 lines", "card, 10 lines", "rounded L1, 10 lines"
    apart = {
        name: {
            "auc_5": one[five]["auc"] - FASTERRISK[name][0],
            "auc_10": one[ten]["auc"] - FASTERRISK[name][1],
            "log_loss_10": one[ten]["log_loss"] - FASTERRISK[name][2],
        }
        for name, one in sets.items()
    }
    means = {
        key: float(np.mean([one[key] for one in apart.values()]))
        for key in ("auc_5", "auc_10", "log_loss_10")
    }
    distance = float(
        np.mean([one["logistic, all bins"]["auc"] - FASTERRISK[name][1] for name, one in sets.items()])
    )
    cpu = {name: one[ten]["cpu_seconds"] / one[l1]["cpu_seconds"] for name, one in sets.items()}
    whole = [sum(one[way]["cpu_seconds"] for one in sets.values()) for way in (ten, l1)]
    return {
        "beside_fasterrisk": apart,
        "mean_beside_fasterrisk": means,
        "worst_auc_beside_fasterrisk": min(min(one["auc_5"], one["auc_10"]) for one in apart.values()),
        "share_of_the_distance_to_logistic": means["auc_10"] / distance,
        "cpu_beside_rounded_l1": {**cpu, "all sets": whole[0] / whole[1]},
    }


def run(folder: Path, names: tuple[str, ...], refits: int, workers: int, ways: tuple[str, ...]) -> None:
    """Measure, print, and write the result where all sets and ways were measured."""
    jobs = [(folder, name, refits, ways) for name in reversed(names)]
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        sets = dict(pool.imap_unordered(figures_of_set, jobs, chunksize=1))
    sets = {name: sets[name] for name in names}
    if set(names) == set(SETS) and set(USUAL) <= set(ways):
        summary = held_to(sets)
        print(json.dumps(summary, indent=1))
        write_result("cards", 0, {**_kept(), "sets": sets, "summary": summary, "refits": refits})
    elif set(ways) <= set(SLOW):
        _beside({"slow": {**_kept().get("slow", {}), **sets}})


def _beside(found: dict[str, Any]) -> None:
    """Write one part beside what the benchmark wrote before."""
    path = RESULTS / "cards.json"
    before = json.loads(path.read_text("utf-8")) if path.exists() else {}
    path.write_text(json.dumps({**before, **found}, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _kept() -> dict[str, Any]:
    """What other parts of this benchmark wrote before."""
    path = RESULTS / "cards.json"
    before = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return {key: before[key] for key in ("million", "brute_force", "slow") if key in before}


def main() -> None:
    """Read the options and run."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--data", type=Path, default=DATA)
    options.add_argument("--sets", default=",".join(SETS))
    options.add_argument("--ways", default=";".join(USUAL))
    options.add_argument("--refits", type=int, default=REFITS)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--million", action="store_true")
    options.add_argument("--brute-force", action="store_true")
    asked = options.parse_args()
    os.environ |= dict.fromkeys(ONE_THREAD, "1")  # read by the processes that are started from here
    if asked.million or asked.brute_force:
        from benchmarks import cards_at_scale, cards_brute_force

        (cards_at_scale.run if asked.million else cards_brute_force.run)()
        return
    run(asked.data, tuple(asked.sets.split(",")), asked.refits, asked.workers, tuple(asked.ways.split(";")))


if __name__ == "__main__":
    main()
