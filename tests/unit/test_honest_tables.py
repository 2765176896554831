"""Tables, groups, placebo and drift of an evaluation: each against one by hand or by another program."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.stats import rankdata
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import roc_auc_score

from models.disclosure.protect import Rule
from models.learning.honest.audit import audit
from models.learning.honest.calibration import Fewest, band_tops, calibration, never_falling, recalibration
from models.learning.honest.drawn import drawn
from models.learning.honest.drift import Told, drift
from models.learning.honest.intervals import village_draws
from models.learning.honest.measures import area_under
from models.learning.honest.placebo import _area, dealt, placebo
from models.learning.honest.sample import Sample, chosen
from tests.unit.test_honest_figures import random_sample

FEWEST = Fewest(bands=10, children=30, events=5, villages=5)


def test_the_never_falling_estimate_is_scikit_learn_s_isotonic_regression() -> None:
    chance = np.random.default_rng(3)
    for _ in range(30):
        weights = chance.integers(1, 50, 8).astype(float)
        shares = chance.random(8)
        found = never_falling(shares * weights, weights)
        expected = IsotonicRegression().fit_transform(np.arange(8), shares, sample_weight=weights)
        assert found == pytest.approx(expected)
    many = never_falling(np.stack([shares * weights, weights]), np.stack([weights, weights]))
    assert many[0] == pytest.approx(expected) and many[1] == pytest.approx(np.ones(8))


def test_bands_hold_the_fewest_children_and_never_part_equal_scores() -> None:
    values = np.repeat([0.0, 1.0, 2.0, 3.0], [100, 5, 40, 35])
    tops = band_tops(values, np.ones(180, bool), FEWEST)
    band = np.searchsorted(tops[:-1], values, side="left")
    assert np.bincount(band).min() >= FEWEST.children
    assert all(len(set(band[values == one])) == 1 for one in (0, 1, 2, 3))


def test_a_band_says_nothing_with_too_few_villages_and_a_table_with_too_few_events() -> None:
    sample, values = random_sample()
    draws = village_draws(30, 50, 1)
    whole = calibration(sample, np.ones(sample.n), values, draws, FEWEST)
    assert whole.is_stated and all(band.estimate.value is not None for band in whole.bands)
    told = [band.estimate.value for band in whole.bands]
    assert told == sorted(told)  # type: ignore[type-var]
    few = sample._replace(serious=np.arange(sample.n) < FEWEST.events - 1)
    assert not calibration(few, np.ones(sample.n), values, draws, FEWEST).is_stated
    alone = sample._replace(village=sample.village % (FEWEST.villages - 1))
    table = calibration(alone, np.ones(sample.n), values, draws, FEWEST)
    assert all(band.estimate.value is None for band in table.bands)


def test_recalibration_finds_the_shift_that_was_put_in() -> None:
    chance = np.random.default_rng(4)
    odds = chance.normal(-1, 1, 20_000)
    serious = chance.random(20_000) < 1 / (1 + np.exp(-(0.7 + 0.5 * odds)))
    ones = np.ones(20_000, bool)
    sample = Sample(np.arange(20_000) % 40, 40, ones.astype(int), ones, serious, ones, np.full(20_000, 0.5))
    old = 1 / (1 + np.exp(-odds))
    found = recalibration(sample, drawn(sample), old, village_draws(40, 100, 1), 20)
    assert found.level.covers(0.7) and found.slope.covers(0.5)
    assert found.applied(old).mean() == pytest.approx(serious.mean(), abs=1e-4)
    level_only = recalibration(sample, drawn(sample), old, village_draws(40, 20, 1), 10**9)
    assert level_only.slope.value == 1.0
    nothing = sample._replace(serious=~ones)
    assert recalibration(nothing, drawn(sample), old, village_draws(40, 5, 1), 20).applied(old) is old


def test_a_small_group_is_hidden_and_with_it_the_next_so_that_the_total_does_not_tell_it() -> None:
    sample, values = random_sample()
    words = np.array(["han"] * 400 + ["yi"] * 150 + ["dai"] * 47 + ["wa"] * 3)
    groups = pl.DataFrame({"ethnicity": words})
    part = chosen(values, sample.day, 150)
    found = audit(sample, part, drawn(sample), groups, ("ethnicity",), village_draws(30, 50, 1), Rule(5, 5))
    state = {one.group: one.n.state for one in found}
    assert state == {"dai": "hidden", "han": "value", "wa": "hidden", "yi": "value"}
    hidden = next(one for one in found if one.group == "wa")
    assert hidden.n.below == 5 + 5 // 2 + 1
    assert {cell.state for cell in hidden.rates.values()} == {"hidden"}
    shown = next(one for one in found if one.group == "han")
    assert shown.n.interval.value == 400 and shown.rates["recall"].state == "value"
    assert shown.rates["recall_by_draws"].state == "unknown"


def test_a_rate_with_a_small_count_behind_it_is_hidden() -> None:
    sample, values = random_sample()
    few = sample._replace(serious=np.arange(sample.n) < 7)
    groups = pl.DataFrame({"sex": ["female"] * sample.n})
    found = audit(
        few, chosen(values, few.day, 150), drawn(few), groups, ("sex",), village_draws(30, 9, 1), Rule(5, 5)
    )
    assert found[0].rates["recall"].state == "hidden"
    assert found[0].rates["listed"].state == "value"


def test_dealt_outcomes_keep_who_was_visited_and_how_many_were_serious_and_no_score_foretells_them() -> None:
    sample, values = random_sample()
    half = sample._replace(
        looked=np.arange(sample.n) < 300, serious=sample.serious & (np.arange(sample.n) < 300)
    )
    once = dealt(half, np.random.default_rng(1))
    assert once.serious.sum() == half.serious.sum() and not once.serious[300:].any()
    draws = village_draws(30, 200, 1)
    own = area_under(half, half.looked.astype(float), values, draws)
    found = placebo(half, values, own, draws, 7)
    assert found.one.covers(0.5) and found.by_chance.covers(0.5)
    assert found.is_real
    by_rank = roc_auc_score(half.serious[:300], values[:300])
    assert _area(rankdata(values[:300]), half.serious[:300]) == pytest.approx(by_rank)


def test_what_stayed_is_stable_what_moved_is_told_first_and_the_unknown_is_a_value() -> None:
    chance = np.random.default_rng(5)
    n = 2000
    villages = np.array([f"v{number % 50}" for number in range(n)])
    then = Told(chance.normal(size=n), pl.DataFrame({"a": [True, False] * 1000, "b": [1] * n}), villages)
    same = Told(
        chance.normal(size=n),
        pl.DataFrame({"a": [False, True] * 1000, "b": [None] * 600 + [1] * 1400}),
        villages,
    )
    found = drift(then, same, 0.2, 0.1, 200, 1)
    assert [(one.what, one.standing) for one in found] == [
        ("score", "stable"),
        ("b", "moved"),
        ("a", "stable"),
    ]
    assert found[1].distance.value == pytest.approx(0.3)
    other = same._replace(scores=chance.normal(1, 1, n))
    assert drift(then, other, 0.2, 0.1, 200, 1)[0].standing == "moved"
