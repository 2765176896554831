"""The adapter between Great Expectations and DuckDB, on real files."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from copy import copy
from pathlib import Path

import pytest

os.environ["GX_ANALYTICS_ENABLED"] = "false"

import great_expectations as gx
import great_expectations.expectations as gxe
import sqlalchemy

from data_contracts.judging import gx_duckdb, suites
from registry import store

CANARY = "王小明CANARY"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Ten visits: one mode outside the code list (the canary), two blank, one malformed month."""
    path = tmp_path / "small.duckdb"
    connection = store.dbapi().connect(str(path))
    connection.execute(
        "CREATE TABLE visit (child_ref VARCHAR, mode VARCHAR, month VARCHAR, amount DECIMAL(14,2), "
        "n BIGINT, visited_on DATE, acted_at TIMESTAMP, seen BOOLEAN, share DOUBLE)"
    )
    modes = ["home", "home", "home", "phone", "phone", "video", "home", None, None, CANARY]
    for number, mode in enumerate(modes):
        month = "2026-9" if number == 4 else "2026-09"
        connection.execute(
            "INSERT INTO visit VALUES (?, ?, ?, 1.50, ?, DATE '2026-09-01', NULL, true, 0.5)",
            [f"c{number % 9}", mode, month, number],
        )
    connection.close()
    return path


@pytest.fixture
def validation(database: Path) -> Iterator[suites.Validation]:
    opened = suites.Validation(database)
    assert opened.has("visit")
    yield opened
    opened.close()


@pytest.fixture
def connection(database: Path) -> Iterator[sqlalchemy.Connection]:
    engine = sqlalchemy.create_engine(f"shouhu:///{database}")
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def outcome(validation: suites.Validation, expectation: gxe.Expectation, result_format: object) -> object:
    """The result of one expectation, through a suite and a validation definition of its own."""
    name = f"{type(expectation).__name__} {result_format}"
    suite = validation.context.suites.add(gx.ExpectationSuite(name=name, expectations=[expectation]))
    definition = validation.context.validation_definitions.add(
        gx.ValidationDefinition(name=name, data=validation.batches["visit"], suite=suite)
    )
    return definition.run(result_format=result_format)


def test_rows_are_still_there_after_the_connection_has_closed(database: Path) -> None:
    engine = sqlalchemy.create_engine(f"shouhu:///{database}", poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        result = connection.execute(sqlalchemy.text("SELECT child_ref FROM visit ORDER BY n"))
    assert len(result.fetchall()) == 10
    engine.dispose()


def test_columns_come_with_their_duckdb_types(connection: sqlalchemy.Connection) -> None:
    found = {
        column["name"]: str(column["type"]) for column in sqlalchemy.inspect(connection).get_columns("visit")
    }
    assert found == {
        "child_ref": "VARCHAR",
        "mode": "VARCHAR",
        "month": "VARCHAR",
        "amount": "DECIMAL(14, 2)",
        "n": "BIGINT",
        "visited_on": "DATE",
        "acted_at": "TIMESTAMP",
        "seen": "BOOLEAN",
        "share": "DOUBLE",
    }


def test_a_table_that_is_not_there_is_named(connection: sqlalchemy.Connection) -> None:
    inspector = sqlalchemy.inspect(connection)
    assert inspector.has_table("visit")
    assert not inspector.has_table("nothing")
    with pytest.raises(sqlalchemy.exc.NoSuchTableError):
        inspector.get_columns("nothing")


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO visit (child_ref) VALUES ('x')",
        "DROP TABLE visit",
        "COPY visit TO '/tmp/stolen.csv'",
        "SELECT * FROM read_text('/etc/hostname')",
        "ATTACH '/tmp/other.duckdb'",
        "SET enable_external_access = true",
    ],
)
def test_nothing_can_be_written_or_read_beside_the_file(
    connection: sqlalchemy.Connection, statement: str
) -> None:
    with pytest.raises(sqlalchemy.exc.DBAPIError):
        connection.exec_driver_sql(statement)


def test_expectations_count_what_is_in_the_table(validation: suites.Validation) -> None:
    found = {}
    for expectation in (
        gxe.ExpectColumnValuesToNotBeNull(column="mode"),
        gxe.ExpectColumnValuesToBeInSet(column="mode", value_set=["home", "phone", "video"]),
        gxe.ExpectColumnValuesToMatchRegex(column="month", regex=r"^\d{4}-\d{2}$"),
        gxe.ExpectColumnValuesToBeBetween(column="n", min_value=3),
        gxe.ExpectColumnValuesToBeUnique(column="child_ref"),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["child_ref", "month"]),
    ):
        [result] = outcome(validation, expectation, suites.COUNTS_ONLY).results
        found[type(expectation).__name__] = result.result["unexpected_count"]
    assert found == {
        "ExpectColumnValuesToNotBeNull": 2,
        "ExpectColumnValuesToBeInSet": 1,
        "ExpectColumnValuesToMatchRegex": 1,
        "ExpectColumnValuesToBeBetween": 3,  # 0, 1, 2
        "ExpectColumnValuesToBeUnique": 2,  # c0 stands twice, and both rows count
        "ExpectCompoundColumnsToBeUnique": 2,
    }


def test_only_the_chosen_format_has_counts_and_no_cell(validation: suites.Validation) -> None:
    rule = gxe.ExpectColumnValuesToBeInSet(column="mode", value_set=["home", "phone", "video"])
    plain = outcome(validation, copy(rule), "BASIC")
    chosen = outcome(validation, copy(rule), suites.COUNTS_ONLY)
    assert CANARY in str(plain.to_json_dict()), "the canary must be where a leak would show"
    assert CANARY not in str(chosen.to_json_dict())
    assert chosen.results[0].result["unexpected_count"] == 1


def test_a_broken_metric_answers_with_no_count_instead_of_raising(validation: suites.Validation) -> None:
    [result] = outcome(
        validation, gxe.ExpectColumnValuesToBeIncreasing(column="n"), suites.COUNTS_ONLY
    ).results
    assert result.success is False
    assert suites._counted(result) is None


def test_names_leave_room_for_upstream() -> None:
    assert gx_duckdb.RegistryExecutionEngine.__name__ != "DuckDBExecutionEngine"
    assert gx_duckdb.RegistryDatasource.__fields__["type"].default != "duckdb"
    assert gx_duckdb.RegistryDialect.name != "duckdb"


def test_nothing_leaves_the_machine(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reached = []

    def refuse(self: socket.socket, address: object) -> None:
        reached.append(address)
        raise PermissionError("no network in tests")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *place, **_: refuse(None, place))  # type: ignore[arg-type]
    opened = suites.Validation(database)
    assert opened.has("visit")
    outcome(opened, gxe.ExpectColumnValuesToNotBeNull(column="mode"), suites.COUNTS_ONLY)
    opened.close()
    assert reached == []
    assert opened.context.config.analytics_enabled is False


def test_a_writer_may_have_the_file_once_the_validation_is_closed(database: Path) -> None:
    opened = suites.Validation(database)
    assert opened.has("visit")
    opened.close()
    del opened
    store.dbapi().connect(str(database)).execute("DELETE FROM visit").close()
