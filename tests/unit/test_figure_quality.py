"""A figure says when its inputs failed: on exactly the indicators that read what was broken, and on no other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from data_contracts.contract import contracts
from data_contracts.forms import forms
from data_contracts.judging.rules import answer, rules
from models.build import build
from models.figure_quality import columns_of
from models.inputs import inputs_of, readers_of
from models.measure import indicators
from registry import store
from tests.sheets import Registry, area_book

AS_OF = dt.date(2026, 9, 30)
VILLAGE, TOWNSHIP, DISTRICT = "530902001901", "530902001", "530902"
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def snapshot_with(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Rows]:
    """Builds a registry with one delivery of a sender and what is said of it; the rows of `figure_quality`."""

    def make(
        messages: list[tuple[str, str, str]], quarantined: list[str] = [], sender: str = "凤翔街道响泉村",  # noqa: B006
        reported_on: dt.date = AS_OF, standing: tuple[str, str] | None = None,
    ) -> Rows:  # fmt: skip
        folder = tmp_path_factory.mktemp("store")
        registry = Registry(folder)
        registry.take_in(area_book(folder), received_on=AS_OF)
        delivery = ["d1", "sha", "册.xlsx", "", sender, reported_on, AS_OF, 99, "partly", 9, 8, 1, 0, ""]
        registry.connection.execute(f"INSERT INTO delivery VALUES ({', '.join('?' * 14)})", delivery)
        for table, check, severity in messages:
            told = ["d1", "册.xlsx", "表", 5, "C", "栏", severity, "check_failed", table, check, None, None]
            registry.connection.execute(f"INSERT INTO message VALUES ({', '.join('?' * 12)})", told)
        for form in quarantined:
            registry.connection.execute(
                "INSERT INTO quarantine VALUES ('d1', '表', 5, ?, NULL, NULL, NULL, NULL)", [form]
            )
        results = []
        if standing:
            table, check = standing
            registry.connection.execute(
                f"INSERT INTO {table} BY NAME SELECT 'd1' AS _delivery, '表' AS _sheet, 7 AS _row, "
                "DATE '2026-09-30' AS _reported_on, DATE '2026-09-30' AS _known_on, 99 AS _seq"
            )
            results = [answer(rule, 1, 1) for rule in rules(contracts()[table]) if rule.id == check]
        registry.connection.close()
        built = build(registry.settings, AS_OF, checks=lambda: results)
        connection = store.open_snapshot(registry.settings.store, built.file)
        found = connection.execute("SELECT * FROM figure_quality")
        names = [column[0] for column in found.description]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        connection.close()
        return rows

    return make


def test_a_broken_rule_marks_exactly_the_indicators_that_read_its_column(
    snapshot_with: Callable[..., Rows],
) -> None:
    found = snapshot_with([("hazard", "verified_on_not_in_future", "error")])
    marked = {row["code"] for row in found if row["n_failed"]}
    assert marked == readers_of("hazard", "verified_on") == {"S3"}
    assert "S4" in indicators() and "hazard" in inputs_of("S4"), (
        "another indicator reads the table, not the column"
    )
    [check] = next(row["checks"] for row in found if row["code"] == "S3")
    assert (check["table"], check["check"], check["failed"]) == ("hazard", "verified_on_not_in_future", 1)


def test_it_is_said_in_the_senders_village_and_above_and_nowhere_else(
    snapshot_with: Callable[..., Rows],
) -> None:
    found = snapshot_with([("hazard", "verified_on_not_in_future", "error")])
    assert {(row["level"], row["area"]) for row in found} == {
        ("village", VILLAGE), ("township", TOWNSHIP), ("district", DISTRICT),
    }  # fmt: skip


def test_a_fault_of_a_department_is_said_of_the_district_alone(snapshot_with: Callable[..., Rows]) -> None:
    found = snapshot_with([("hazard", "verified_on_not_in_future", "error")], sender="区应急局")
    assert {(row["level"], row["area"]) for row in found} == {("district", DISTRICT)}


def test_periods_before_the_one_that_the_ledger_reports_are_not_doubted(
    snapshot_with: Callable[..., Rows],
) -> None:
    found = snapshot_with([("hazard", "verified_on_not_in_future", "error")], reported_on=dt.date(2026, 7, 8))
    assert {row["period"] for row in found} == {"2026Q2", "2026Q3"}, (
        "the quarter that had ended, and all since"
    )


def test_quarantined_rows_mark_the_indicators_of_the_tables_that_their_form_writes(
    snapshot_with: Callable[..., Rows],
) -> None:
    form = next(form for form in forms().values() if form.main_table.table == "hazard")
    found = snapshot_with([], quarantined=[form.id, form.id])
    assert {row["code"] for row in found} == {code for code in indicators() if "hazard" in inputs_of(code)}
    assert {row["n_open"] for row in found} == {2}


def test_a_quarantined_visit_is_no_loss_to_the_screening_of_minds(snapshot_with: Callable[..., Rows]) -> None:
    marked = {row["code"] for row in snapshot_with([], quarantined=["visits"])}
    assert "C12" in marked
    assert not marked & {"P8", "P4", "F1", "S3"}


def test_a_cell_that_counts_as_unknown_is_counted_but_is_no_failed_input(
    snapshot_with: Callable[..., Rows],
) -> None:
    found = snapshot_with([("hazard", "fixed_on_not_in_future", "warning")])
    assert {row["code"] for row in found} == readers_of("hazard", "fixed_on")
    assert {(row["n_open"], row["n_failed"], row["n_unusable"]) for row in found} == {(0, 0, 1)}


def test_a_row_that_stands_in_the_registry_and_fails_is_a_fault_with_a_place(
    snapshot_with: Callable[..., Rows],
) -> None:
    found = snapshot_with([], standing=("hazard", "place_known"))
    assert {row["code"] for row in found if row["n_failed"]} == readers_of("hazard", "place")


def test_nothing_is_said_where_nothing_failed(snapshot_with: Callable[..., Rows]) -> None:
    assert snapshot_with([]) == []


def test_a_check_is_about_the_columns_of_its_rule_or_of_its_name() -> None:
    visit = contracts()["visit"]
    assert columns_of(visit, "recorded_before_visit") == {"recorded_on"}
    assert columns_of(visit, "visit_key_unique") == {"child_ref", "due_on"}
    assert columns_of(visit, "child_seen_alone_unreadable") == {"child_seen_alone"}
    assert columns_of(visit, "nothing_such") == frozenset()
