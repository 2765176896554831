"""A card beside the one that it would replace, by visits drawn with a known chance: what the bars look at."""

from __future__ import annotations

import numpy as np
import polars as pl

from models.learning.honest.drawn import Drawn, drawn, serious_on
from models.learning.honest.intervals import Floats, difference_of
from models.learning.honest.sample import Sample, chosen, sample_of
from models.screening.rulebook.bars import Beside, Gap, GroupGap

NONE = Gap(None, None, None)


def beside(
    cases: pl.DataFrame,
    own: Floats,
    other: Floats,
    name: str,
    capacity: int,
    kinds: tuple[str, ...],
    fewest: int,
) -> Beside:
    """The recall of `own` less that of `other`, whole and by group.

    A group with fewer than `fewest` serious outcomes by drawn visits has no figure: it could be told from chance by
    nobody, and it would tell of single children.
    """
    sample = sample_of(cases)
    draw = drawn(sample)
    mine, others = (chosen(values, sample.day, capacity) for values in (own, other))
    groups = []
    for kind in kinds:
        words = cases[kind].cast(pl.String).fill_null("").to_numpy()
        for word in sorted(set(words)):
            rows = words == word
            if int((sample.serious & rows & (draw.weight > 0)).sum()) >= fewest:
                groups.append(GroupGap(kind, str(word), _gap(sample, draw, mine, others, rows)))
    made = draw.answers.n_drawn_made
    everybody = np.ones(sample.n, bool)
    return Beside(name, made, _gap(sample, draw, mine, others, everybody), tuple(groups))


def _gap(sample: Sample, draw: Drawn, own: Floats, other: Floats, rows: np.ndarray) -> Gap:
    """Only rows on which the lists differ count, as in the price of a card."""
    inside = Drawn(np.where(rows, draw.weight, 0.0), draw.covered * rows, draw.answers)
    total = serious_on(sample, inside, np.ones(sample.n)).value
    if total <= 0:
        return NONE
    gained, lost = np.maximum(own - other, 0), np.maximum(other - own, 0)
    found = difference_of(serious_on(sample, inside, gained), serious_on(sample, inside, lost)).times(
        1 / total
    )
    return Gap(found.value, found.low, found.high)
