"""A cell's text becomes a value, or a fault that says why not."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from data_contracts import values
from data_contracts.contract import contracts
from data_contracts.values import Typed


@pytest.mark.parametrize(
    "written",
    [
        "2013-05-06",
        "2013/5/6",
        "2013.5.6",
        "2013年5月6日",
        "20130506",
        " ２０１３－０５－０６ ",
        "'2013-05-06",
        "2013-05-06 00:00",
    ],
)
def test_a_date_is_read_however_offices_write_it(written: str) -> None:
    assert values.date(written) == Typed(dt.date(2013, 5, 6))


def test_a_spreadsheet_serial_is_a_date() -> None:
    assert values.date("46022", "n") == Typed(dt.date(1899, 12, 30) + dt.timedelta(days=46022))


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("2025-02-30", "no_such_day"),
        ("2015-13-04", "no_such_day"),
        ("2014.6.31", "no_such_day"),
        ("去年", "not_a_date"),
        ("12.5", "not_a_date"),
        ("1025-01-01", "not_a_date"),
    ],
)
def test_a_date_that_is_none_is_named_and_never_mended(written: str, fault: str) -> None:
    found = values.date(written)
    assert (found.value, found.fault) == (None, fault)


def test_a_month_without_a_day_is_taken_only_where_the_contract_allows_it() -> None:
    since = contracts()["parent_migration"].column("since")
    assert values.typed(since, "2025年2月") == Typed(dt.date(2025, 2, 1), None, True)
    visited = contracts()["visit"].column("visited_on")
    assert values.typed(visited, "2025年2月") == Typed(fault="day_missing")


@pytest.mark.parametrize("written", ["", " ", "-", "—", "不详", "未知"])
def test_blank_is_not_recorded_and_not_a_fault(written: str) -> None:
    assert values.typed(contracts()["visit"].column("child_seen"), written) == values.BLANK


ID = "53990220210305472"  # a place that was never issued; 2 is its check digit


@pytest.mark.parametrize(
    "written", [ID + "2", "'" + ID + "2", "539902 20210305 4722", "５３９９０２２０２１０３０５４７２２"]
)
def test_an_identity_number_is_read_through_spaces_widths_and_apostrophes(written: str) -> None:
    assert values.id_number(written).value == ID + "2"


def test_the_lower_case_x_is_the_upper_case_one() -> None:
    assert values.id_number("53990220180721729x").value == "53990220180721729X"


@pytest.mark.parametrize(
    ("written", "kind", "fault"),
    [
        ("5.39902202604251e+17", "n", "id_digits_lost"),
        ("5.33591E+17", "t", "id_digits_lost"),
        (ID + "3", "t", "id_check_digit"),
        (ID, "t", "id_form"),
        ("539902202113054722", "t", "id_form"),
    ],
)
def test_a_wrong_identity_number_is_refused_and_no_digit_guessed(written: str, kind: str, fault: str) -> None:
    found = values.id_number(written, kind)
    assert (found.value, found.fault) == (None, fault)


def test_no_identity_number_is_refused_for_its_birth_place() -> None:
    assert values.id_number("53352119500301121X").fault in (None, "id_check_digit")
    legacy = next(
        f"53352119500301121{c}" for c in "0123456789X" if values.id_number(f"53352119500301121{c}").value
    )
    assert values.id_number(legacy).value == legacy


def test_an_identity_number_tells_birth_date_and_sex() -> None:
    assert values.id_birth_date(ID + "2") == dt.date(2021, 3, 5)
    assert values.id_sex(ID + "2") == "female"  # the 17th digit, 2, is even


@pytest.mark.parametrize(
    ("written", "yuan"),
    [("640元", "640.00"), ("0.43万元", "4300.00"), ("1,200.50", "1200.50"), ("-520", "-520.00")],
)
def test_an_amount_is_read_with_the_unit_that_is_written(written: str, yuan: str) -> None:
    assert values.money(written).value == Decimal(yuan)


@pytest.mark.parametrize(("written", "number"), [("12分", 12), ("3次", 3), ("18", 18), ("1,200", 1200)])
def test_a_whole_number_may_carry_its_unit(written: str, number: int) -> None:
    assert values.integer(written).value == number


@pytest.mark.parametrize("written", ["12.5", "很多", "1e400"])
def test_what_is_no_whole_number_is_refused(written: str) -> None:
    assert values.integer(written).value is None


def test_a_word_is_its_code_in_traditional_characters_and_synonyms_too() -> None:
    assert values.code("living", "獨自居住").value == "alone"
    assert values.code("parent_status", "外出務工").value == "away"
    assert values.code("parent_status", "打工").value == "away"
    assert values.code("dwelling_grade", "Ａ级").value == "A"


@pytest.mark.parametrize("written", ["一般般", "?", "E"])
def test_a_word_outside_the_list_is_a_fault_and_not_the_nearest_word(written: str) -> None:
    assert values.code("duty", written) == Typed(fault="not_in_code_list")


def test_a_number_outside_the_contracts_range_is_a_fault() -> None:
    days = contracts()["attendance"].column("n_unexcused")
    assert values.typed(days, "31").value == 31
    assert values.typed(days, "32").fault == "out_of_range"


@pytest.mark.parametrize(
    ("parser", "written", "value"),
    [
        (values.term, "2025年秋季学期", "2025秋"),
        (values.term, "2025-2026学年第二学期", "2026春"),
        (values.month, "2026年9月", "2026-09"),
        (values.month, "202609", "2026-09"),
        (values.half_year, "2025年下半年", "2025H2"),
        (values.quarter, "2026年3季度", "2026Q3"),
        (values.quarter, "2026年第三季度", "2026Q3"),
        (values.year, "2026年", 2026),
        (values.person_name, "王　梓涵", "王梓涵"),
        (values.person_name, "阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        (values.person_name, "𠮷田梓", "𠮷田梓"),
        (values.phone, "14000-047575", "14000047575"),
    ],
)
def test_periods_names_and_telephones_have_one_form(parser: object, written: str, value: object) -> None:
    assert parser(written).value == value  # type: ignore[operator]
