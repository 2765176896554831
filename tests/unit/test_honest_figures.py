"""Every figure of an evaluation against one worked out by hand or by another program."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest
from scipy.stats import beta, rankdata
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import log_loss as sklearn_log_loss
from sklearn.metrics import roc_auc_score

from models.disclosure.protect import Rule
from models.learning.honest.audit import audit
from models.learning.honest.calibration import Fewest, band_tops, calibration, never_falling, recalibration
from models.learning.honest.drawn import Answers, bounds, capacity_by_draws, drawn, share_on
from models.learning.honest.drift import Told, drift
from models.learning.honest.intervals import (
    Interval,
    differ,
    exact_share,
    part_of_both,
    total_of,
    village_draws,
    weighted_share,
)
from models.learning.honest.measures import area_under, at_capacity, decision_curve, log_loss
from models.learning.honest.placebo import _area, dealt, placebo
from models.learning.honest.sample import CaseProblem, Sample, chosen, sample_of
from models.learning.honest.three_ways import three_ways

DAY = dt.date(2026, 6, 30)
FEWEST = Fewest(bands=10, children=30, events=5, villages=5)


def cases(outcomes: str, draws: str = "", chances: list[float] | None = None) -> pl.DataFrame:
    """A row a letter: S serious, s some, n none, . not visited; a `d` in `draws` for a drawn child."""
    words = {"S": "serious", "s": "some", "n": "none", ".": "not_visited"}
    n = len(outcomes)
    return pl.DataFrame(
        {
            "child_id": [f"c{number}" for number in range(n)],
            "village_code": [f"v{number % 6}" for number in range(n)],
            "as_of": [DAY] * n,
            "outcome": [words[one] for one in outcomes],
            "visited": [one != "." for one in outcomes],
            "probe": [one == "d" for one in draws.ljust(n, " ")],
            "probability": chances or [None] * n,
        },
        schema_overrides={"probability": pl.Float64},
    )


def random_sample(n: int = 600, seed: int = 1) -> tuple[Sample, np.ndarray]:
    """Children seen in 30 villages, with a score that foretells something."""
    chance = np.random.default_rng(seed)
    values = np.round(chance.normal(size=n) * 2)
    serious = chance.random(n) < 1 / (1 + np.exp(2 - values))
    ones = np.ones(n, bool)
    village = chance.integers(0, 30, n)
    return Sample(village, 30, np.zeros(n, int), ones, serious, ~ones, np.full(n, np.nan)), values


def test_who_ties_at_the_cut_is_on_the_list_in_part_and_no_row_gains_by_standing_first() -> None:
    part = chosen(np.array([9.0, 5.0, 5.0, 5.0, 1.0]), np.zeros(5, int), 2)
    assert part.tolist() == [1, 1 / 3, 1 / 3, 1 / 3, 0]


def test_each_day_has_its_own_list_and_a_list_shorter_than_the_capacity_is_visited_whole() -> None:
    part = chosen(np.array([3.0, 2.0, 1.0, 9.0]), np.array([0, 0, 0, 1]), 1)
    assert part.tolist() == [1, 0, 0, 1]


def test_precision_recall_lift_and_number_needed_are_those_counted_by_hand() -> None:
    sample = sample_of(cases("SnSnn.S."))
    part = np.array([1.0, 1, 1, 0, 0, 1, 0, 0])  # four on the list, one of them not visited
    found = at_capacity(sample, sample.looked.astype(float), part, village_draws(sample.n_villages, 50, 1))
    assert found.precision.value == pytest.approx(2 / 3)
    assert found.recall.value == pytest.approx(2 / 3)
    assert found.lift.value == pytest.approx((2 / 3) / (3 / 6))
    assert found.number_needed.value == pytest.approx(3 / 2)


def test_auc_and_log_loss_are_those_of_scikit_learn_with_weights_and_ties() -> None:
    sample, values = random_sample()
    weight = np.random.default_rng(2).random(sample.n) + 0.1
    draws = village_draws(30, 50, 1)
    expected = roc_auc_score(sample.serious, values, sample_weight=weight)
    assert area_under(sample, weight, values, draws).value == pytest.approx(expected)
    chance = 1 / (1 + np.exp(1 - values))
    expected = sklearn_log_loss(sample.serious, chance, sample_weight=weight)
    assert log_loss(sample, weight, chance, draws).value == pytest.approx(expected)


def test_auc_of_villages_drawn_again_is_the_auc_of_the_rows_drawn_again() -> None:
    sample, values = random_sample(200)
    once = village_draws(30, 1, 5)
    found = area_under(sample, np.ones(200), values, once)
    expected = roc_auc_score(sample.serious, values, sample_weight=once[0][sample.village])
    assert expected == pytest.approx(found.low if expected < (found.value or 0) else found.high)


def test_net_benefit_counts_found_ones_less_needless_visits_at_the_threshold_s_rate() -> None:
    sample = sample_of(cases("SnnnSn"))
    chance = np.array([0.9, 0.9, 0.1, 0.1, 0.1, 0.1])
    one = decision_curve(sample, np.ones(6), chance, (0.2,), village_draws(6, 20, 1))[0]
    assert one.list.value == pytest.approx((1 - 1 * 0.2 / 0.8) / 6)
    assert one.everybody == pytest.approx((2 - 4 * 0.2 / 0.8) / 6)


def test_limits_of_a_share_drawn_with_equal_chances_are_clopper_and_pearson_s() -> None:
    hit = np.array([1.0] * 3 + [0.0] * 37)
    found = weighted_share(hit, np.full(40, 12.5))
    assert (found.low, found.high) == pytest.approx(exact_share(3, 40))
    assert exact_share(3, 40) == pytest.approx((beta.ppf(0.025, 3, 38), beta.ppf(0.975, 4, 37)))


def test_nothing_found_in_few_draws_still_has_an_upper_limit() -> None:
    found = weighted_share(np.zeros(40), np.full(40, 12.5))
    assert found.low == 0.0
    assert found.high == pytest.approx(1 - 0.025 ** (1 / 40))


def test_two_plain_counts_melded_give_clopper_and_pearson_s_limits() -> None:
    small = 1e-6  # a chance so small that drawing without return is drawing with return
    one, other = (total_of(np.ones(n), np.full(n, 1 / small), 1e12) for n in (7, 12))
    found = part_of_both(one, other)
    assert found.value == pytest.approx(7 / 19)
    assert (found.low, found.high) == pytest.approx(exact_share(7, 19), abs=0.004)


def test_who_had_to_be_visited_and_was_adds_no_doubt() -> None:
    sample = sample_of(cases("SnnS", chances=[1.0] * 4))
    found = capacity_by_draws(sample, drawn(sample), np.array([1.0, 1, 0, 0]))
    assert found.recall == pytest.approx(Interval(0.5, 0.5, 0.5))
    assert found.precision == pytest.approx(Interval(0.5, 0.5, 0.5))


def test_a_visit_made_for_another_reason_is_left_out_of_what_draws_say() -> None:
    rows = cases("SSn.", "  d ", [0.5] * 4)
    found = drawn(sample_of(rows))
    assert found.weight.tolist() == [0, 0, 2, 0]


def test_drawn_visits_that_were_made_stand_for_those_that_were_not_and_it_is_told() -> None:
    sample = sample_of(cases("Sn....", "dddd  ", [0.5] * 6))
    found = drawn(sample)
    assert found.weight[:2].tolist() == [4 / 2 / 0.5] * 2
    assert (found.answers.n_drawn, found.answers.n_drawn_made) == (4, 2)
    ways = three_ways(sample, np.zeros(6), np.ones(6), found.weight, found, village_draws(6, 9, 1), 0.8)
    assert not ways.is_certain


def test_many_due_visits_made_do_not_make_up_for_drawn_ones_that_were_not() -> None:
    assert Answers(100, 100, 10, 5, 1000, 1000).share_made == 5 / 10
    assert Answers(100, 60, 10, 10, 1000, 1000).share_made == 60 / 100
    assert Answers(0, 0, 0, 0, 0, 10).share_made is None


def test_draws_say_nothing_of_a_part_in_which_nobody_was_drawn() -> None:
    sample = sample_of(cases("S..n", "d   ", [0.5] * 4))
    assert share_on(sample, drawn(sample), np.array([0.0, 1, 1, 0])).value is None
    none = sample_of(cases("SnSn"))
    assert capacity_by_draws(none, drawn(none), np.ones(4)).recall.value is None


def test_bounds_take_the_never_visited_for_all_good_and_for_all_bad() -> None:
    sample = sample_of(cases("SnS..."))
    found = bounds(sample, np.array([1.0, 1, 0, 1, 0, 0]))
    assert found.n_never == 3
    assert found.recall_low == pytest.approx(1 / (1 + 1 + 2))
    assert found.recall_high == pytest.approx((1 + 1) / (1 + 1 + 1))
    assert (found.precision_low, found.precision_high) == pytest.approx((1 / 3, 2 / 3))


def test_the_alarm_rings_where_the_visited_contradict_the_drawn() -> None:
    """Workers go to serious cases of the list and to fine ones below; the drawn tell how many there are below."""
    n = 400
    part = np.repeat([1.0, 0.0], n // 2)
    serious = np.tile([True, False], n // 2)
    probe = np.zeros(n, bool)
    probe[n // 2 : n // 2 + 100] = True
    looked = (part == 1) | probe | (~serious & (part == 0))
    chance = np.where(part == 1, 1.0, 0.5)
    sample = Sample(np.arange(n) % 20, 20, np.zeros(n, int), looked, serious & looked, probe, chance)
    alone = sample._replace(looked=looked & ~probe, serious=sample.serious & ~probe)
    draw, draws = drawn(sample), village_draws(20, 200, 1)
    naive = at_capacity(alone, alone.looked.astype(float), part, draws).recall
    assert naive.value == 1.0
    apart = differ(naive, capacity_by_draws(sample, draw, part).recall)
    assert not apart.covers(0.0)


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


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda rows: rows.drop("probe"), "missing are \\['probe'\\]"),
        (lambda rows: pl.concat([rows, rows]), "each child once a day, found 4 rows too many"),
        (lambda rows: rows.with_columns(visited=pl.lit(True)), "an outcome for who was visited"),
        (lambda rows: rows.with_columns(outcome=pl.lit("bad")), "found \\['bad'\\]"),
        (lambda rows: rows.with_columns(probability=pl.lit(1.5)), "expected \\(0, 1\\]"),
        (lambda rows: rows.with_columns(probe=pl.lit(True)), "every drawn visit, 4 have none"),
    ],
)
def test_rows_that_cannot_be_evaluated_are_refused_with_the_reason(change, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(CaseProblem, match=words):
        sample_of(change(cases("Sn..")))


def test_a_score_that_is_no_number_is_refused() -> None:
    with pytest.raises(CaseProblem, match="expected a number for every row"):
        chosen(np.array([1.0, np.nan]), np.zeros(2, int), 1)
