"""Chance and change are told apart: limits, shrinkage and control charts against what is known."""

from __future__ import annotations

import math

import numpy
import pytest
from scipy.stats import binom, poisson

from models.control_chart import Mark, control_chart
from models.uncertainty import (
    ALARM,
    THREE_SIGMA,
    WARNING,
    Place,
    Standing,
    limits,
    normal_point,
    prior_of,
    shrunk,
    spread,
    standing,
)


def test_limits_of_many_cases_are_those_of_the_normal_distribution() -> None:
    low, high = limits(0.3, 100_000, True, WARNING)
    half = 1.959964 * math.sqrt(0.3 * 0.7 / 100_000)
    assert (low, high) == pytest.approx((0.3 - half, 0.3 + half), abs=2e-5)


def test_a_place_like_the_whole_leaves_the_limits_no_more_often_than_they_say() -> None:
    for n in (5, 12, 40, 200):
        low, high = limits(0.8, n, True, WARNING)
        counts = numpy.arange(n + 1)
        outside = binom.pmf(counts, n, 0.8)[(counts / n < low) | (counts / n > high)].sum()
        assert outside <= 0.05
    low, high = limits(2.0, 10.0, False, ALARM)
    counts = numpy.arange(100)
    assert poisson.pmf(counts, 20)[(counts / 10 < low) | (counts / 10 > high)].sum() <= 0.002


def test_limits_narrow_with_the_number_of_cases_and_stay_possible() -> None:
    widths = [high - low for low, high in (limits(0.9, n, True, ALARM) for n in (3, 10, 50, 500))]
    assert widths == sorted(widths, reverse=True)
    assert limits(0.95, 3, True, ALARM)[1] == 1.0
    assert limits(0.01, 4.0, False, ALARM)[0] == 0.0
    with pytest.raises(ValueError, match="base"):
        limits(0.5, 0, True, ALARM)


def test_where_a_place_stands_needs_both_its_gap_and_its_size() -> None:
    assert standing(Place(1, 4), 0.9, True) is Standing.PERHAPS_BELOW
    assert standing(Place(50, 100), 0.9, True) is Standing.BELOW
    assert standing(Place(88, 100), 0.9, True) is Standing.LEVEL
    assert standing(Place(100, 100), 0.9, True) is Standing.ABOVE
    assert standing(Place(30, 5.0), 2.0, False) is Standing.ABOVE
    assert standing(Place(100, 100), 1.0, True) is Standing.LEVEL, "all of all is the whole itself"
    assert standing(Place(82, 100), 0.9, True) is Standing.PERHAPS_BELOW
    assert standing(Place(82, 100), 0.9, True, widening=1.5) is Standing.LEVEL


def test_a_spread_by_chance_alone_widens_nothing_and_a_larger_one_is_stated() -> None:
    dice = numpy.random.default_rng(5)
    alike = [Place(int(dice.binomial(60, 0.7)), 60) for _ in range(40)]
    assert spread(alike, 0.7, True) == (1.0, True)
    unlike = [Place(int(dice.binomial(60, dice.beta(14, 6))), 60) for _ in range(40)]
    found = spread(unlike, 0.7, True)
    # A place's variance is p(1-p)/n (1 + (n-1)/(weight+1)): the weight is 20.  Winsorising takes some off.
    assert 1.2 < found.factor < math.sqrt(1 + 59 / 21) * 1.1
    assert spread(unlike[:9], 0.7, True) == (1.0, False), "nine places say nothing about their spread"


def test_one_outlier_does_not_widen_the_limits_that_should_catch_it() -> None:
    dice = numpy.random.default_rng(6)
    places = [Place(int(dice.binomial(60, 0.7)), 60) for _ in range(29)] + [Place(10, 60)]
    found = spread(places, 0.7, True)
    assert found.factor < 1.2
    assert standing(places[-1], 0.7, True, found.factor) is Standing.BELOW


def test_shrinkage_finds_the_distribution_that_the_shares_were_drawn_from() -> None:
    dice = numpy.random.default_rng(1)
    sizes = dice.integers(10, 80, 2000)
    places = [Place(int(dice.binomial(n, dice.beta(0.8 * 25, 0.2 * 25))), int(n)) for n in sizes]
    found = prior_of(places, True)
    assert found.reason == "fitted"
    assert found.mean == pytest.approx(0.8, abs=0.01)
    assert found.weight == pytest.approx(25, rel=0.12)


def test_shrinkage_finds_the_distribution_that_the_rates_were_drawn_from() -> None:
    dice = numpy.random.default_rng(2)
    bases = dice.uniform(0.5, 6, 2000)
    places = [Place(int(dice.poisson(b * dice.gamma(3.0 * 4, 1 / 4))), float(b)) for b in bases]
    found = prior_of(places, False)
    assert (found.reason, found.mean) == ("fitted", pytest.approx(3.0, abs=0.1))
    assert found.weight == pytest.approx(4, rel=0.12)


def test_shrunk_shares_are_nearer_to_the_truth_than_raw_ones_and_their_intervals_hold_it() -> None:
    dice = numpy.random.default_rng(3)
    truths = dice.beta(0.7 * 12, 0.3 * 12, 600)
    places = [
        Place(int(dice.binomial(n, p)), int(n))
        for p, n in zip(truths, dice.integers(3, 20, 600), strict=True)
    ]
    prior = prior_of(places, True)
    drawn = [shrunk(place, prior, True) for place in places]
    raw_error = numpy.mean([(one.raw - p) ** 2 for one, p in zip(drawn, truths, strict=True)])
    error = numpy.mean([(one.value - p) ** 2 for one, p in zip(drawn, truths, strict=True)])
    assert error < 0.6 * raw_error
    held = numpy.mean([one.low <= p <= one.high for one, p in zip(drawn, truths, strict=True)])
    assert 0.92 < held < 0.98


def test_the_fewer_the_cases_the_further_a_place_is_drawn_to_the_whole() -> None:
    dice = numpy.random.default_rng(4)
    prior = prior_of([Place(int(dice.binomial(30, dice.beta(6, 3))), 30) for _ in range(80)], True)
    few, many = shrunk(Place(0, 2), prior, True), shrunk(Place(0, 60), prior, True)
    assert few.raw == many.raw == 0
    assert prior.mean > few.value > many.value > 0


def test_places_that_differ_by_chance_alone_all_get_the_common_value() -> None:
    dice = numpy.random.default_rng(7)
    places = [Place(int(dice.binomial(20, 0.6)), 20) for _ in range(30)]
    prior = prior_of(places, True)
    common = sum(place.events for place in places) / 600
    assert (prior.reason, prior.mean, math.isinf(prior.weight)) == (
        "no_variance",
        pytest.approx(common),
        True,
    )
    assert shrunk(places[0], prior, True).value == pytest.approx(common)
    assert prior_of([Place(10, 10)] * 5, True).reason == "no_variance", "all of all: nothing to tell apart"
    assert prior_of([Place(0, 10)] * 5, False).reason == "no_variance"


def test_two_places_cannot_say_how_much_places_differ() -> None:
    prior = prior_of([Place(1, 10), Place(9, 10)], True)
    assert prior.reason == "too_few"
    with pytest.raises(ValueError, match="at least 3 places"):
        shrunk(Place(1, 10), prior, True)


STEADY = [Place(80 + shift, 100) for shift in (1, -2, 2, -1, 0, 1, -1, 2, -2, 1, -1)]


def test_seven_periods_are_too_few_for_a_control_chart() -> None:
    assert control_chart(STEADY[:7], True) is None
    assert control_chart([*STEADY[:7], None, Place(0, 0)], True) is None
    assert control_chart(STEADY[:8], True) is not None


def test_a_steady_series_has_no_real_change() -> None:
    chart = control_chart(STEADY, True)
    assert chart is not None
    assert {point.mark for point in chart.points} == {Mark.CHANCE}
    assert chart.widening == 1.0


def test_a_point_beyond_three_sigma_is_a_real_change() -> None:
    chart = control_chart([*STEADY, Place(58, 100)], True)
    assert chart is not None
    assert [point.mark for point in chart.points] == [Mark.CHANCE] * 11 + [Mark.BEYOND_LOW]
    assert chart.last is Mark.BEYOND_LOW and chart.last.is_real and not chart.last.is_high


def test_eight_in_a_row_on_one_side_are_a_real_change_and_seven_are_not() -> None:
    low, high = [Place(77, 100)] * 8, [Place(83, 100)] * 8
    chart = control_chart([*low, *high], True)
    assert chart is not None
    assert [point.mark for point in chart.points] == [Mark.RUN_LOW] * 8 + [Mark.RUN_HIGH] * 8
    short = control_chart([*low[:7], *high[:7]], True)
    assert short is not None and {point.mark for point in short.points} == {Mark.CHANCE}


def test_a_period_without_cases_neither_ends_a_run_nor_lengthens_it() -> None:
    low, high = [Place(77, 100)] * 8, [Place(83, 100)] * 8
    chart = control_chart([*low[:4], None, *low[4:], *high], True)
    assert chart is not None
    assert chart.points[4] == (None, None, None, Mark.CHANCE)
    assert {point.mark for point in chart.points[:4] + chart.points[5:9]} == {Mark.RUN_LOW}


def test_limits_are_widened_where_periods_vary_by_more_than_their_cases() -> None:
    swinging = [Place(8000 + shift, 10_000) for shift in (150, -180, 200, -150, 170, -190, 160, -170, 180)]
    chart = control_chart(swinging, True)
    assert chart is not None and chart.widening > 4
    assert {point.mark for point in chart.points} == {Mark.CHANCE}


def test_a_rate_has_the_limits_of_its_own_exposure() -> None:
    events = [Place(count, 2.0) for count in (8, 9, 7, 8, 10, 8, 9, 7)]
    chart = control_chart([*events, Place(26, 2.0)], False)
    assert chart is not None and chart.points[-1].mark is Mark.BEYOND_HIGH
    few = control_chart([*events, Place(2, 0.2)], False)
    assert few is not None and few.points[-1].mark is Mark.CHANCE, "ten a unit, but in a fifth of a unit"


def test_chance_alone_raises_few_false_alarms() -> None:
    dice = numpy.random.default_rng(8)
    alarms = 0
    for _ in range(300):
        chart = control_chart([Place(int(dice.binomial(40, 0.85)), 40) for _ in range(9)], True)
        assert chart is not None
        alarms += chart.last.is_real
    assert alarms / 300 < 0.03
    assert normal_point(THREE_SIGMA) == pytest.approx(3.0)
