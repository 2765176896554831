"""Draws the sample that is visited again: at random, by a rule that anybody can run again.

Each visit gets the digest of the seed and its own key; the n least are drawn.  The order in which visits stand, or
how many others there are, changes nothing about a visit's digest, so the same seed draws the same visits anywhere, and
whoever keeps a record cannot know beforehand whether it will be drawn.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import NamedTuple


class SampledVisit(NamedTuple):
    """A visit that may be drawn: whose, its due day (together its key), and what the record says."""

    child_id: str
    due_on: dt.date
    visited_on: dt.date | None = None
    mode: str | None = None


class Sample(NamedTuple):
    """What was drawn, of how many, and with which seed: every visit had the chance len(visits) / n_frame."""

    visits: tuple[SampledVisit, ...]
    n_frame: int
    seed: str


def draw(frame: Sequence[SampledVisit], n: int, seed: str) -> Sample:
    """`n` visits of the frame (all, where it has no more), each with the same chance, in the order of their keys."""

    def digest(visit: SampledVisit) -> str:
        return hashlib.sha256(f"{seed}|{visit.child_id}|{visit.due_on}".encode()).hexdigest()

    drawn = sorted(sorted(frame, key=digest)[: max(0, n)])
    return Sample(tuple(drawn), len(frame), seed)
