"""Cards learned from any small table hold to what was demanded, and print as they score."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from models.learning import PointsCardClassifier

worlds = st.tuples(
    st.integers(0, 10**6), st.integers(40, 120), st.integers(1, 5), st.integers(1, 5), st.booleans()
)


def world(seed: int, rows: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    table = random.integers(0, 5, (rows, 4)).astype(float)
    table[random.random((rows, 4)) < 0.15] = np.nan
    found = (random.random(rows) < 0.2 + 0.15 * np.nan_to_num(table[:, 0])).astype(int)
    found[:2] = 0, 1
    return table, found


@settings(max_examples=25, deadline=None)
@given(worlds)
def test_every_demand_holds_in_every_card_of_the_pool(drawn):
    seed, rows, lines, most, inside = drawn
    table, found = world(seed, rows)
    most = most + inside  # "inside" needs room between the fewest and the most points
    card = PointsCardClassifier(
        lines,
        most,
        monotone={0: "rising", 1: "falling"},
        groups=[[2, 3]],
        unknown="inside" if inside else "own",
        n_lines="max",
        min_cell=3,
    ).fit(table, found)
    for one in card.pool_:
        assert len(one.lines) <= lines
        assert all(0 < abs(line.points) <= most for line in one.lines)
        assert sum(line.fact in ("2", "3") for line in one.lines) <= 1
        rising = [line for line in one.lines if line.fact == "0" and line.how != "unknown"]
        assert all((line.points > 0) == (line.how == "from") for line in rising)


@settings(max_examples=25, deadline=None)
@given(worlds)
def test_the_printed_card_scores_as_the_classifier(drawn):
    seed, rows, lines, most, inside = drawn
    table, found = world(seed, rows)
    card = PointsCardClassifier(
        lines, most + inside, unknown="inside" if inside else "own", n_lines="max", min_cell=3
    ).fit(table, found)
    total = np.zeros(rows, int)
    for line in card.card_lines():
        values = table[:, int(line.fact)]
        points = np.full(rows, line.unknown)
        for one in line.bins:
            above = values >= (-np.inf if one.from_ is None else one.from_)
            points[above & (values < (np.inf if one.below is None else one.below))] = one.points
        total += points
    assert (card.points(table) == total).all()
