"""The figures of a build agree to the unit with a second computation from the world behind its ledgers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

import pytest

from data_contracts.demo import World
from tests.independent import figures_of_children, figures_of_places
from tests.independent.conftest import AS_OF, Both
from tests.independent.counting import Case, Count, Where, add_up, spans

Computation = Callable[[World], Iterable[Case]]
CODES = tuple(
    code.upper()
    for module in (figures_of_places, figures_of_children)
    for code in vars(module)
    if re.fullmatch(r"[a-z]\d{1,2}", code)
)
KINDS = {"C1": "half_year", "E1": "term", "P6": "term", "S1": "term", "R5": "month", "E4": "month"}
KINDS |= {"I6": "month", "F1": "year", "R6": "year", "S13": "year", "G6": "year"}


def _computation(code: str) -> Computation:
    for module in (figures_of_places, figures_of_children):
        if hasattr(module, code.lower()):
            return getattr(module, code.lower())  # type: ignore[no-any-return]
    raise AssertionError(f"{code}: no second computation")


def _found(rows: Iterable[dict[str, Any]]) -> dict[Where, Count]:
    """What the build counts, without the places and periods in which it counts nothing."""
    return {
        (row["series"], row["level"], row["area"], row["period"]): Count(
            row["yes"], row["no"], row["unknown"]
        )
        for row in rows
        if row["yes"] or row["no"] or row["unknown"]
    }


def _told(rows: list[dict[str, Any]], series: set[str]) -> list[dict[str, Any]]:
    return [row for row in rows if row["series"] in series]


def test_at_least_twenty_indicators_of_every_chapter_are_computed_twice() -> None:
    assert len(CODES) >= 20
    assert {code[0] for code in CODES} == set("CREPSIFG")


@pytest.mark.parametrize("code", CODES)
def test_a_figure_is_what_a_second_computation_finds_at_every_level_and_period(code: str, both: Both) -> None:
    cases = list(_computation(code)(both.world))
    expected = add_up(both.world, cases)
    periods = {span.name for span in spans(KINDS.get(code, "quarter"), AS_OF)} | {AS_OF.isoformat()}
    expected = {where: count for where, count in expected.items() if where[3] in periods}
    assert len({where[1] for where in expected}) > 1 or code in ("F1", "F2", "F5", "G6", "I6")
    assert expected, f"{code}: nothing to compare"
    found = _found(_told(both.figures[code], {case.series for case in cases}))
    differ = {
        where: (expected.get(where), found.get(where))
        for where in {*expected, *found}
        if expected.get(where) != found.get(where)
    }
    assert not differ, (
        f"{code}: {len(differ)} of {len(expected)} differ, such as {sorted(differ.items())[:4]}"
    )


@pytest.mark.parametrize("code", [code for code in CODES if code not in ("C13", "S4")])
def test_a_share_is_yes_of_yes_and_no_and_nothing_without_them(code: str, both: Both) -> None:
    expected = add_up(both.world, _computation(code)(both.world))
    shares = 0
    for row in both.figures[code]:
        count = expected.get((row["series"], row["level"], row["area"], row["period"]))
        if row["series"] in ("held", "children>=10%"):
            continue
        whole = count.yes + count.no if count else 0
        if not whole or not count:
            assert row["value"] is None, f"{code}: expected no value, found one in {row['period']}"
            continue
        assert row["value"] == pytest.approx(float(Fraction(count.yes, whole)), abs=1e-12)
        shares += 1
    assert shares


def test_the_median_of_days_in_danger_counts_what_is_still_open(both: Both) -> None:
    cases = [case for case in figures_of_places.s4(both.world) if case.series == "open"]
    told = {
        row["period"]: row["value"]
        for row in both.figures["S4"]
        if row["series"] == "open" and row["level"] == "district"
    }
    for period, value in told.items():
        of_period = [case for case in cases if case.period == period]
        assert value == _half_ended(of_period), f"S4: {period}"


def _half_ended(cases: list[Case]) -> float | None:
    """The day by which half have ended: each day's share of those who are still there then leaves."""
    staying = Fraction(1)
    for day in sorted({case.days for case in cases if case.days is not None}):
        there = sum(1 for case in cases if case.days is not None and case.days >= day)
        left = sum(1 for case in cases if case.days == day and case.outcome == "yes")
        staying *= 1 - Fraction(left, there)
        if staying <= Fraction(1, 2):
            return float(day)
    return None
