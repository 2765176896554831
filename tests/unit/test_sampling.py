"""The re-visit sample: drawn by chance, the same for everybody who draws again, every visit alike."""

from __future__ import annotations

import datetime as dt

from data_contracts.sampling import SampledVisit, draw

FRAME = [SampledVisit(f"c{number:02d}", dt.date(2026, 7, 1)) for number in range(20)]


def test_the_same_seed_draws_the_same_visits_in_whatever_order_they_stand() -> None:
    assert draw(FRAME, 5, "s") == draw(FRAME[::-1], 5, "s")
    assert draw(FRAME, 5, "s").visits != draw(FRAME, 5, "t").visits


def test_a_sample_says_of_how_many_it_was_drawn() -> None:
    sample = draw(FRAME, 5, "s")
    assert (len(sample.visits), sample.n_frame, sample.seed) == (5, 20, "s")
    assert set(sample.visits) <= set(FRAME) and len(set(sample.visits)) == 5


def test_a_small_frame_is_drawn_whole() -> None:
    assert draw(FRAME[:3], 5, "s").visits == tuple(FRAME[:3])


def test_every_visit_has_the_same_chance() -> None:
    draws = 2000
    counts = dict.fromkeys(FRAME, 0)
    for seed in range(draws):
        for visit in draw(FRAME, 5, str(seed)).visits:
            counts[visit] += 1
    # Each is drawn with the chance 5/20: 500 times, standard deviation 19.4.
    assert all(abs(count - draws * 5 / 20) < 4.5 * 19.4 for count in counts.values())


def test_a_larger_sample_holds_the_smaller_one() -> None:
    assert set(draw(FRAME, 5, "s").visits) <= set(draw(FRAME, 8, "s").visits)
