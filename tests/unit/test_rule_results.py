"""Which rules each row keeps: every failure with its place, and the same counts as the quality report."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from data_contracts.judging.quality import quality_report
from data_contracts.known import make_known_tables
from registry import store
from tests.sheets import Registry, area_book, write_book

DAY = dt.date(2026, 10, 5)


def child(name: str, **other: Any) -> dict[str, Any]:
    return {"姓名": name, "性别": "男", "出生日期": "2015-05-01", "建档日期": "2026-01-10", **other}


@pytest.fixture
def built(tmp_path: Path) -> tuple[store.Connection, Path]:
    """A village's ledger of three children: one with a sex that is no code, one without a name, one whole."""
    rows = [child("李甲"), child("李乙", 性别="某"), {**child("李丙"), "姓名": None}]
    registry = Registry(tmp_path)
    registry.take_in(area_book(tmp_path))
    registry.take_in(write_book(tmp_path / "村.xlsx", ("village_ledger", rows)), received_on=DAY)
    registry.connection.close()
    connection = store.memory()
    store.run(connection, f"ATTACH '{registry.settings.registry_path}' AS registry (READ_ONLY)")
    make_known_tables(connection, "registry", DAY)
    return connection, registry.settings.registry_path


def failures(connection: store.Connection) -> list[tuple[Any, ...]]:
    return store.run(
        connection,
        "SELECT table_name, check_id, area, split_part(record, '/', 3), failed, critical FROM rule_result "
        "WHERE failed > 0 AND table_name IN ('person', 'child') ORDER BY ALL",
    )


def test_a_failure_has_its_row_and_its_village_and_a_refused_row_is_critical(
    built: tuple[store.Connection, Path],
) -> None:
    found = failures(built[0])
    # The sheet has two rows of headings under its title and sender: the children stand in lines 5, 6 and 7.
    assert ("person", "sex_in_code_list", "530902001901", "6", 1, False) in found
    refused = [one for one in found if one[5]]
    assert refused and {one[3] for one in refused} == {"7"} and {one[2] for one in refused} == {None}


def test_the_counts_are_those_of_the_quality_report(built: tuple[store.Connection, Path]) -> None:
    connection, path = built
    counted = {
        (table, check): (int(failed), int(both))
        for table, check, failed, both in store.run(
            connection,
            "SELECT table_name, check_id, sum(failed), sum(passed + failed) FROM rule_result GROUP BY ALL",
        )
    }
    told = {
        (one.table, one.check_id): (one.failed or 0, one.applicable or one.failed or 0)
        for one in quality_report(path).results
        if one.applicable or one.failed
    }
    assert counted == told


def test_what_was_not_yet_known_is_not_judged(built: tuple[store.Connection, Path]) -> None:
    connection, _ = built
    make_known_tables(connection, "registry", dt.date(2026, 1, 9))
    assert store.run(connection, "SELECT count(*) FROM rule_result WHERE table_name = 'child'") == [(0,)]
