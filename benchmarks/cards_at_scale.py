"""A million rows: the learned card beside plain logistic regression on the same rows, each in a process of its own."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measuring import RESULTS, machine
from models.learning import PointsCardClassifier

ROWS, BINS = 1_000_000, 60
LIMIT_TIMES, LIMIT_MIB = 4.0, 1024
SECONDS_BETWEEN_LOOKS = 0.02


def rows(n: int = ROWS, bins: int = BINS, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Yes-or-no columns as bytes, some alike, and outcomes of a third of them; about one in eight is positive."""
    random = np.random.default_rng(seed)
    table = (random.random((n, bins), np.float32) < random.uniform(0.05, 0.6, bins)).astype(np.uint8)
    for at in range(0, bins, 5):
        same = random.random(n, np.float32) < 0.6
        table[same, at] = table[same, at + 1]
    weights = random.normal(0, 0.8, bins) * (random.random(bins) < 1 / 3)
    logits = table @ weights.astype(np.float32)
    logits += np.float32(-2.2 - logits.mean())
    return table, (random.random(n, np.float32) < 1 / (1 + np.exp(-logits))).astype(np.uint8)


def _card(table: np.ndarray, outcomes: np.ndarray) -> Any:
    return PointsCardClassifier(10, n_lines="max", random_state=0).fit(table, outcomes)


def _card_with_folds(table: np.ndarray, outcomes: np.ndarray) -> Any:
    return PointsCardClassifier(10, random_state=0).fit(table, outcomes)


def _logistic(table: np.ndarray, outcomes: np.ndarray) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(max_iter=1000).fit(table, outcomes)


WAYS: dict[str, Callable[[np.ndarray, np.ndarray], Any]] = {
    "logistic regression": _logistic,
    "card, 10 lines": _card,
    "card, number of lines by inner folds": _card_with_folds,
}


def _memory_mib() -> float:
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmRSS:"))) / 1024


class _Watched:
    """The most resident memory while something runs, looked at all the time by a thread."""

    def __enter__(self) -> _Watched:
        self.before = self.most = _memory_mib()
        self.going = True
        self.thread = threading.Thread(target=self._look)
        self.thread.start()
        return self

    def _look(self) -> None:
        while self.going:
            self.most = max(self.most, _memory_mib())
            time.sleep(SECONDS_BETWEEN_LOOKS)

    def __exit__(self, *_: object) -> None:
        self.going = False
        self.thread.join()


def measured(way: str) -> dict[str, float]:
    """CPU seconds of one fit, the memory that it took above the data, and how well it ranks a fifth of the rows."""
    from sklearn.metrics import roc_auc_score

    table, outcomes = rows()
    WAYS[way](table[:2000], outcomes[:2000])  # what is only imported once is not timed
    with _Watched() as watched:
        started = time.process_time()
        model = WAYS[way](table, outcomes)
        seconds = time.process_time() - started
    auc = roc_auc_score(outcomes[::5], model.decision_function(table[::5]))
    return {"cpu_seconds": seconds, "mib_above_the_data": watched.most - watched.before, "auc": float(auc)}


def run() -> None:
    """Measure each way in a process of its own, print, and keep the result beside the other sets."""
    import json

    found: dict[str, Any] = {}
    for way in WAYS:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            found[way] = pool.apply(measured, (way,))
        print(way, found[way], flush=True)
    plain = found["logistic regression"]["cpu_seconds"]
    result = {
        "rows": ROWS,
        "bins": BINS,
        "ways": found,
        "cpu_beside_logistic": {way: one["cpu_seconds"] / plain for way, one in found.items()},
        "machine": machine(),
    }
    print(json.dumps(result["cpu_beside_logistic"], indent=1))
    path = RESULTS / "cards.json"
    before = json.loads(path.read_text("utf-8")) if path.exists() else {}
    path.write_text(json.dumps({**before, "million": result}, ensure_ascii=False, indent=1) + "\n", "utf-8")
