"""Every figure of an evaluation against one worked out by hand or by another program."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest
from scipy.stats import beta
from sklearn.metrics import log_loss as sklearn_log_loss
from sklearn.metrics import roc_auc_score

from models.learning.honest.drawn import Answers, bounds, capacity_by_draws, drawn, share_on
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
from models.learning.honest.sample import CaseProblem, Sample, chosen, sample_of
from models.learning.honest.three_ways import three_ways

DAY = dt.date(2026, 6, 30)


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
    ways = three_ways(sample, np.zeros(6), np.ones(6), found.weight, found, village_draws(6, 9, 1), 0.8, 1)
    assert not ways.is_certain


def test_one_serious_case_is_no_share_of_the_serious() -> None:
    sample = sample_of(cases("Snnnnn"))
    for fewest, value in ((2, None), (1, 1.0)):
        ways = three_ways(
            sample,
            np.arange(6.0),
            np.ones(6),
            np.ones(6),
            drawn(sample),
            village_draws(6, 99, 1),
            0.8,
            fewest,
        )
        for way in ("naive", "weighted"):
            assert ways.by(way).at_capacity.recall.value == value
            assert (ways.by(way).area_under.value is None) is (value is None)
        assert not ways.disagreements[0].is_alarm


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
