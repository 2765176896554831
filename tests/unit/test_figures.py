"""Medians with open ends and exact intervals, against published and hand-worked values."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from models.exact_statistics import exact_poisson, median_with_open_ends, quantile


def test_without_open_cases_the_median_is_the_usual_one() -> None:
    assert median_with_open_ends([3, 5, 9], []) == 5


def test_open_cases_move_the_median_up() -> None:
    assert median_with_open_ends([3, 5, 9], [20, 20, 20]) == 9


def test_there_is_no_median_while_more_than_half_are_open() -> None:
    assert median_with_open_ends([3], [20, 20]) is None
    assert median_with_open_ends([], []) is None


def test_a_case_that_ends_on_the_day_another_is_censored_counts_first() -> None:
    # Four at risk on day 5, two end: 2/4 are left.
    assert median_with_open_ends([5, 5], [5, 5]) == 5


@pytest.mark.parametrize(
    ("count", "low", "high"),
    # Garwood 1936, table of 95 % limits.
    [
        (0, 0.0, 3.6889),
        (1, 0.0253, 5.5716),
        (2, 0.2422, 7.2247),
        (10, 4.7954, 18.3904),
        (100, 81.3640, 121.6268),
    ],
)
def test_poisson_limits_are_the_published_ones(count: int, low: float, high: float) -> None:
    assert exact_poisson(count) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_a_province_has_limits_too() -> None:
    low, high = exact_poisson(2000)
    assert 1900 < low < 2000 < high < 2100


def test_a_quantile_is_the_one_of_a_spreadsheet() -> None:
    loads = [Decimal(value) for value in ("4", "1", "0")]
    assert quantile(loads, Fraction(1, 2)) == 1
    assert quantile(loads, Fraction(9, 10)) == pytest.approx(1 + 0.8 * (4 - 1))
    assert quantile([Decimal("2.5")], Fraction(9, 10)) == 2.5
    assert quantile([], Fraction(1, 2)) is None
