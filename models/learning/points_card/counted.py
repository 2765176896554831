"""Rows put together: equal answers become one pattern with its weight and its weight of positives.

All fits and searches run over patterns; how many rows stand behind them no longer matters.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import csc_matrix


class Counted(NamedTuple):
    """Patterns: answers (U × p, 0 and 1; as numbers where they are searched) and what stands behind each.

    `start` are the points that each starts from, then weight and positive weight (all U).
    """

    answers: np.ndarray
    start: np.ndarray
    total: np.ndarray
    positive: np.ndarray


def patterns(answers: np.ndarray, start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(first row of each pattern, pattern of each row) of rows with equal answers and equal start."""
    packed = np.packbits(answers, axis=1)
    if np.any(start):
        packed = np.hstack([packed, np.ascontiguousarray(start[:, None]).view(np.uint8)])
    words = -(-packed.shape[1] // 8)
    padded = np.zeros((len(packed), words * 8), np.uint8)
    padded[:, : packed.shape[1]] = packed
    keys = padded.view(np.uint64)
    if words == 1:
        _, first, pattern = np.unique(keys[:, 0], return_index=True, return_inverse=True)
        return first, pattern
    order = np.lexsort(keys.T)
    new = np.ones(len(order), bool)
    new[1:] = (keys[order[1:]] != keys[order[:-1]]).any(axis=1)
    pattern = np.empty(len(order), np.int64)
    pattern[order] = np.cumsum(new) - 1
    return order[new], pattern


def collapse(counted: Counted, kept: np.ndarray) -> Counted:
    """The same counts over fewer conditions."""
    answers = counted.answers[:, kept]
    first, pattern = patterns(answers if answers.dtype == bool else answers > 0, counted.start)
    n = len(first)
    return Counted(
        answers[first].astype(np.float32),
        counted.start[first],
        np.bincount(pattern, counted.total, n),
        np.bincount(pattern, counted.positive, n),
    )


def by_group(group: np.ndarray, n_groups: int, counted: Counted) -> tuple[np.ndarray, np.ndarray]:
    """(weight, positive weight) by group and condition, each n_groups × p."""
    n = len(group)
    indptr = np.arange(n + 1)
    shape = (n_groups, n)
    return tuple(  # type: ignore[return-value]
        csc_matrix((values.astype(counted.answers.dtype), group, indptr), shape=shape) @ counted.answers
        for values in (counted.total, counted.positive)
    )
