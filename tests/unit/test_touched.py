"""What a fault touches is read off the SQL: neither too little nor everything."""

from __future__ import annotations

import datetime as dt

import pytest

from data_contracts.contract import contracts
from data_contracts.forms import Form, forms
from data_contracts.mending.open_items import Item, column_behind
from models.measure import indicators
from models.touched import touched, touched_together
from registry.deliveries import Delivery, Message


def test_a_column_that_one_measure_asks_for_touches_that_measure_only() -> None:
    assert touched("visit", "child_seen").indicators == ("C14",)
    assert touched("budget", "released").indicators == ("F1", "F2")


def test_a_column_that_decides_who_is_counted_touches_every_measure_of_the_counted() -> None:
    reached = touched("relation", "status")
    assert {"C2", "C7", "E1", "R1", "S12"} <= set(reached.indicators)
    assert "both_away" in reached.facts and "visit" in reached.tiers


def test_what_a_rule_of_the_visit_list_reads_touches_the_measure_by_tier() -> None:
    assert "carer_record" in touched("relation", "conduct").facts
    assert "C13" in touched("living_arrangement", "living").indicators


def test_a_screening_score_touches_the_referral_card_and_not_the_money() -> None:
    reached = touched("psych_screen", "total")
    assert {"P4", "P6"} <= set(reached.indicators) and "referral_expert_v1" in reached.cards
    assert not {code for code in reached.indicators if code.startswith("F")}


def test_a_note_and_a_telephone_touch_nothing() -> None:
    for table, column in (("visit", "note"), ("relation", "phone"), ("relation", "adult_name")):
        assert touched(table, column) == ((), (), (), ()), f"{table}.{column}"


def test_who_the_child_is_touches_every_measure_of_children() -> None:
    assert set(touched("visit").indicators) < set(touched("person", "id_no").indicators)


def test_a_column_that_does_not_exist_is_an_error_and_not_untouched() -> None:
    with pytest.raises(KeyError):
        touched("visit", "child_sen")


@pytest.mark.parametrize("form", forms().values(), ids=lambda form: form.id)
def test_every_heading_of_every_form_has_an_answer(form: Form) -> None:
    delivery = Delivery("d", "s", "f", form.id, None, None, dt.date(2026, 1, 1), 1, "partly", 0, 0, 0, 0, "")
    item = Item(delivery, "s", 5, "accept_with_warning", form.id, [])
    for column in form.columns:
        place = column_behind(item, Message("s", 5, "A", column.heading, "warning", "not_a_date"))
        assert (place is None) == (not column.writes)
        if place:
            touched(*place)


def test_a_rejected_row_touches_what_its_columns_touch_together() -> None:
    whole = touched("hazard")
    parts = touched_together([("hazard", column.name) for column in contracts()["hazard"].columns])
    assert set(parts.indicators) <= set(whole.indicators) and {"S3", "S4"} <= set(whole.indicators)


@pytest.mark.parametrize("code", sorted(indicators()))
def test_every_measure_is_touched_by_each_table_that_it_needs(code: str) -> None:
    for table in indicators()[code].head.needs:
        if table in contracts():
            assert code in touched(table).indicators, table
