"""Whether the inputs of a figure failed: rules that rows broke in columns that it reads, and rows that still wait.

Table made: `figure_quality(code, level, area, period, n_open, n_failed, n_unusable, checks)`, a row only where one of
the numbers is not zero.

- `n_open`: quarantined rows that nobody has mended or withdrawn yet, of forms that write a table which the
  indicator reads: these rows are missing from it
  (a form's mention of the child alone does not count: every form has one).
- `n_failed`: rules with severity error that failed on a column which it reads; `checks` names them, with how many
  rows failed here and the number of rows to which the rule applies anywhere (null for a fault that no rule names).
- `n_unusable`: cells of these columns that could not be used and count as unknown.  They alone are no failed input:
  the figure already says how much is unknown.

Where: a fault counts in the place of its sender and in those above it; where the sender is no single place (a
department) it certainly belongs to the district, and counts there alone.  When: in the last period of the
indicator's kind that had ended by the day that the ledger states, and in all since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from data_contracts.contract import Contract, contracts
from data_contracts.forms import forms
from data_contracts.judging.rules import rules
from models.inputs import inputs_of
from models.measure import indicators
from registry.store import Connection, append, run

# Read by nearly every indicator to find a child, and of no weight in itself.
ONLY_FINDS = frozenset({"child_ref", "source"})
# Every form writes down whom its rows are about; that mention is no loss to an indicator, the row's own table is.
ONLY_MENTIONS = frozenset({"person"})

_MAPS = {
    "figure_input": "code VARCHAR, table_name VARCHAR, column_name VARCHAR",
    "form_reader": "form VARCHAR, code VARCHAR",
    "check_reader": "table_name VARCHAR, check_id VARCHAR, code VARCHAR",
}
_WAITING = """
CREATE OR REPLACE TEMP TABLE waiting AS
SELECT q.form, p.place, coalesce(d.reported_on, d.received_on) AS said_on, count(*) AS n
FROM {registry}.quarantine q JOIN open_place o USING (delivery, sheet, "row")
JOIN delivery d USING (delivery) LEFT JOIN sender_place p ON p.name = d.sender
GROUP BY ALL
"""
_BROKEN = """
CREATE OR REPLACE TEMP TABLE broken AS
SELECT table_name, check_id, severity, place, said_on, count(*) AS n
FROM fault WHERE code <> 'repeated_row' GROUP BY ALL
"""
_TOUCHED = """
CREATE OR REPLACE TEMP TABLE touched AS
WITH said AS (SELECT said_on FROM waiting UNION SELECT said_on FROM broken),
since AS (
    SELECT s.said_on, p.kind,
        coalesce(max(p.ends_on) FILTER (WHERE p.ends_on <= s.said_on), min(p.ends_on)) AS first_end
    FROM said s CROSS JOIN period p GROUP BY ALL
)
SELECT s.said_on, i.code, p.period FROM since s JOIN period p ON p.kind = s.kind AND p.ends_on >= s.first_end
JOIN indicator i ON i.period_kind = p.kind
"""
_ABOVE = """
CREATE OR REPLACE TEMP TABLE above AS
SELECT unit, level, rollup AS area FROM place
UNION ALL SELECT NULL, 'district', min(area_code) FROM area WHERE level = 'district' HAVING min(area_code) IS NOT NULL
"""
_FIGURE = """
CREATE OR REPLACE TABLE figure_quality AS
WITH open_rows AS (
    SELECT t.code, a.level, a.area, t.period, CAST(sum(w.n) AS BIGINT) AS n_open
    FROM waiting w JOIN form_reader r USING (form) JOIN touched t ON t.said_on = w.said_on AND t.code = r.code
    JOIN above a ON a.unit IS NOT DISTINCT FROM w.place GROUP BY ALL
), per_check AS (
    SELECT t.code, a.level, a.area, t.period, b.table_name, b.check_id, b.severity, CAST(sum(b.n) AS BIGINT) AS failed
    FROM broken b JOIN check_reader r USING (table_name, check_id)
    JOIN touched t ON t.said_on = b.said_on AND t.code = r.code
    JOIN above a ON a.unit IS NOT DISTINCT FROM b.place GROUP BY ALL
), failed_checks AS (
    SELECT c.code, c.level, c.area, c.period, count(*) FILTER (WHERE c.severity = 'error') AS n_failed,
        CAST(coalesce(sum(c.failed) FILTER (WHERE c.severity = 'warning'), 0) AS BIGINT) AS n_unusable,
        list({{'table': c.table_name, 'check': c.check_id, 'failed': c.failed, 'applicable': q.applicable}}
             ORDER BY c.table_name, c.check_id) FILTER (WHERE c.severity = 'error') AS checks
    FROM per_check c LEFT JOIN quality q ON q.table_name = c.table_name AND q.check_id = c.check_id GROUP BY ALL
)
SELECT code, level, area, period, coalesce(n_open, 0) AS n_open, coalesce(n_failed, 0) AS n_failed,
    coalesce(n_unusable, 0) AS n_unusable, coalesce(checks, []) AS checks
FROM open_rows FULL JOIN failed_checks USING (code, level, area, period) ORDER BY code, level, area, period
"""


def make_figure_quality(connection: Connection, registry: str) -> None:
    """Make `figure_quality`, and `figure_input` (code, table, column), from which it comes.

    Reads `fault`, `open_place`, `sender_place` (models.data_quality), `place`, `period`, `indicator`, `quality`,
    `delivery`.
    """
    codes = [code for (code,) in run(connection, "SELECT code FROM indicator ORDER BY code")]
    inputs = [(code, table, column) for code in codes for table, columns in inputs_of(code).items()
              for column in sorted(columns)]  # fmt: skip
    _fill(connection, "figure_input", inputs)
    _fill(connection, "form_reader", _form_readers(codes))
    told = run(connection, "SELECT DISTINCT table_name, check_id FROM fault")
    _fill(connection, "check_reader", _check_readers(codes, told))
    for statement in (_WAITING, _BROKEN, _TOUCHED, _ABOVE, _FIGURE):
        run(connection, statement.format(registry=registry))


def _fill(connection: Connection, table: str, rows: Iterable[Sequence[Any]]) -> None:
    kind = "TABLE" if table == "figure_input" else "TEMP TABLE"
    run(connection, f"CREATE OR REPLACE {kind} {table} ({_MAPS[table]})")
    append(connection, table, list(rows))


def _form_readers(codes: Sequence[str]) -> Iterator[tuple[str, str]]:
    """A form and the indicators from which its quarantined rows are missing."""
    for code in codes:
        needs = set(indicators()[code].head.needs)
        tables = {name for name, columns in inputs_of(code).items() if name in needs or columns - ONLY_FINDS}
        for form in forms().values():
            if (tables - ONLY_MENTIONS) & {target.table for target in form.tables}:
                yield form.id, code


def _check_readers(codes: Sequence[str], told: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    for table, check in told:
        columns = columns_of(contracts()[table], check) if table in contracts() else frozenset()
        for code in codes:
            if columns & inputs_of(code).get(table, frozenset()):
                yield table, check, code


def columns_of(contract: Contract, check: str) -> frozenset[str]:
    """The columns that a check is about: its rule's, else the one after which a fault of the gate is named."""
    for rule in rules(contract):
        if rule.id == check:
            return frozenset(name for name in rule.columns if not name.startswith("_"))
    named = [column.name for column in contract.columns if check.startswith(f"{column.name}_")]
    return frozenset(sorted(named, key=len)[-1:])
