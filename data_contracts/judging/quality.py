"""The quality report: the judge's verdict on every rule, with what the gate stopped counted as failing.

A cell or row that the gate refused no longer stands in the registry, so the judge alone would pass every rule; what
was told to the senders is added here.  Faults that no rule of a contract names (an unreadable date, a spoilt identity
number) are lines of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from data_contracts.contract import contracts
from data_contracts.judging.rules import CheckResult, failing_rows_sql, quoted, rules, with_quarantine
from data_contracts.judging.verdicts import verdicts
from data_contracts.mending.open_items import SHEET_CODES, Place, open_places
from data_contracts.messages import fault_words
from registry import store

MOST_ROWS = 1000  # places named for one rule; a list longer than that is worked off in parts

# What the gate told that still waits to be mended; a row that only a warning was given for stands in the registry
# and fails there.
STOPPED = """
SELECT m.table_name, m.check_id, any_value(m.code ORDER BY m.code) AS code, count(*) AS stopped
FROM message m JOIN open_place o ON m.delivery = o.delivery AND m.sheet IS NOT DISTINCT FROM o.sheet
    AND {row} IS NOT DISTINCT FROM o."row"
WHERE m.severity IN ('error', 'warning') AND m.table_name IS NOT NULL AND m.check_id IS NOT NULL
    AND m.code <> 'repeated_row'
GROUP BY m.table_name, m.check_id ORDER BY m.table_name, m.check_id
"""
# The row that a message is about, as open items have it: none where it is about the sheet.
ROW_OF_MESSAGE = f'CASE WHEN m.code IN {SHEET_CODES} THEN NULL ELSE m."row" END'
_PLACE_COLUMNS = 'delivery VARCHAR, sheet VARCHAR, "row" INTEGER'


class QualityReport(NamedTuple):
    """Every check with one of four answers, in the order of tables and checks; the tables judged just now."""

    results: list[CheckResult]
    judged: tuple[str, ...]


def quality_report(registry_path: Path) -> QualityReport:
    """The report of the registry as it is; what has not changed since its last verdict is not judged again."""
    found = verdicts(registry_path)
    connection = store.open_file(registry_path, read_only=True)
    try:
        make_place_table(connection, "open_place", open_places(connection))
        told = store.run(connection, STOPPED.format(row=ROW_OF_MESSAGE))
    finally:
        connection.close()
    stopped = [line for line in told if (line[0], line[1]) not in standing_checks()]
    ruled = {(result.table, result.check_id) for result in found.results}
    counted = with_quarantine(found.results, {(t, c): n for t, c, _, n in stopped if (t, c) in ruled})
    own = [_line(table, check, code, n) for table, check, code, n in stopped if (table, check) not in ruled]
    ordered = sorted([*counted, *own], key=lambda result: (result.table, result.check_id))
    return QualityReport(ordered, found.judged)


def standing_checks() -> frozenset[tuple[str, str]]:
    """(table, check) of the checks after which a row is taken in as it is: it stands in the registry and fails."""
    return frozenset(
        (table, check.id)
        for table, contract in contracts().items()
        for check in contract.checks
        if check.effect == "warn"
    )


def make_place_table(connection: store.Connection, name: str, places: Iterable[Place]) -> None:
    """A temporary table (delivery, sheet, row) of places."""
    store.run(connection, f"CREATE OR REPLACE TEMP TABLE {name} ({_PLACE_COLUMNS})")
    rows = [list(place) for place in places]
    if rows:
        connection.executemany(f"INSERT INTO {name} VALUES (?, ?, ?)", rows)


def faulty_rows(
    connection: store.Connection, registry: str, results: Sequence[Sequence[Any]]
) -> Iterator[tuple[Any, ...]]:
    """Rows that stand in the registry and fail a rule: (delivery, sheet, row, column, table, check, severity, code).

    `registry` is the name under which it is attached.  At most MOST_ROWS for each rule; the answers keep the count.
    """
    failed = {(row[0], row[1]) for row in results if row[6]}
    for table, contract in contracts().items():
        warns = {check.id for check in contract.checks if check.effect == "warn"}
        for rule in rules(contract) if any(name == table for name, _ in failed) else ():
            if (table, rule.id) not in failed:
                continue
            query = failing_rows_sql(contract, rule).replace(
                f" FROM {quoted(table)}", f" FROM {registry}.{quoted(table)}", 1
            )
            severity = "warning" if rule.id in warns else "error"
            for place in store.run(connection, f"{query} ORDER BY ALL LIMIT {MOST_ROWS}"):
                yield (*place, None, table, rule.id, severity, "check_failed")


def _line(table: str, check: str, code: str, stopped: int) -> CheckResult:
    heading = {"zh": "", "en": ""}
    contract = contracts().get(table)
    column = next((c for c in contract.columns if check.startswith(c.name + "_")), None) if contract else None
    if column:
        heading = {"zh": f"{column.zh}：", "en": f"{column.en}: "}
    return CheckResult(
        table, check, heading["zh"] + fault_words(code, "zh"), heading["en"] + fault_words(code, "en"),
        "conformity", "fail", stopped, None,
    )  # fmt: skip
