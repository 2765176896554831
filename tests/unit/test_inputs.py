"""What an indicator reads, down to the columns of the ledgers."""

from __future__ import annotations

from data_contracts.contract import contracts
from models.evaluate import BESIDE
from models.inputs import inputs_of, readers_of
from models.measure import indicators


def test_an_indicator_reads_the_columns_that_its_query_names() -> None:
    assert inputs_of("S4") == {"hazard": {"village_code", "place", "found_on", "due_on", "fixed_on"}}
    assert inputs_of("C1") == {"household_sweep": {"area_code", "half_year", "n_households", "n_swept"}}


def test_a_column_that_only_another_indicator_reads_is_no_input() -> None:
    assert "verified_on" not in inputs_of("S4")["hazard"], "open days end with the repair"
    assert "verified_on" in inputs_of("S3")["hazard"]
    assert readers_of("visit", "child_seen") == {"C14"}


def test_columns_are_followed_through_the_base_tables() -> None:
    of_stock = inputs_of("C7")
    assert "status" in of_stock["relation"], "who is left behind follows from where the parents are"
    assert "birth_date" in of_stock["child"]


def test_of_a_base_table_only_what_is_asked_for_is_followed() -> None:
    assert "parent_migration" not in inputs_of("C12"), "a visit counts in its village, whoever is away"
    assert set(inputs_of("C12")["child"]) == {"child_ref", "source", "village_code"}


def test_every_input_is_a_column_of_a_contract_and_every_needed_table_is_read() -> None:
    for code, indicator in indicators().items():
        found = inputs_of(code)
        assert found or set(indicator.query.reads) & set(BESIDE), code
        assert set(indicator.head.needs) & set(contracts()) <= set(found), code
        for table, columns in found.items():
            named = {column.name for column in contracts()[table].columns}
            assert columns <= named, (code, table, columns - named)


def test_the_place_and_the_clock_of_a_row_are_no_columns_of_a_ledger() -> None:
    read = {column for code in indicators() for columns in inputs_of(code).values() for column in columns}
    assert not read & {"record", "invalid", "known_on", "child_id"}
