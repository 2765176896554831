"""Every rule of the contracts against every row known on a day: what passed, what failed, and where it stands.

The table `rule_result` feeds the measure of how many rules are kept (I2).  Passes are counted per rule and area; a
failure has a line of its own, so that a figure leads to the rows behind it.  A cell or row that the gate refused no
longer stands in the tables: what was told to the senders counts as failing, as on the quality page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from data_contracts.contract import Contract, contracts
from data_contracts.judging.rules import Rule, quoted, rules
from registry.store import Connection, run

# `critical` is a failure for which a whole row was refused.  `record` is empty for passes.
RULE_RESULT = {
    "table_name": "VARCHAR",
    "check_id": "VARCHAR",
    "area": "VARCHAR",
    "record": "VARCHAR",
    "passed": "BIGINT",
    "failed": "BIGINT",
    "critical": "BOOLEAN",
}
NAMES = ", ".join(RULE_RESULT)
AREA_COLUMNS = ("village_code", "org_code", "area_code")

# A message about a row that still stands is counted in that row's area, one about a refused row in the district.
REFUSED = f"""
INSERT INTO rule_result ({NAMES})
SELECT m.table_name, m.check_id, min(l.area), m.delivery || '/' || m.sheet || '/' || m."row",
       0, count(*), bool_or(m.severity = 'error')
FROM {{registry}}.message m
JOIN {{registry}}.delivery d ON d.delivery = m.delivery
LEFT JOIN (SELECT record, min(area) AS area FROM rule_place GROUP BY record) l
  ON l.record = m.delivery || '/' || m.sheet || '/' || m."row"
WHERE m.severity IN ('error', 'warning') AND m.table_name IS NOT NULL AND m.check_id IS NOT NULL
  AND m."row" IS NOT NULL AND m.code <> 'repeated_row'
  AND coalesce(d.reported_on, d.received_on) <= $known_on
GROUP BY m.table_name, m.check_id, m.delivery, m.sheet, m."row"
"""


def make_rule_results(
    connection: Connection, registry: str, known_on: dt.date, there: Collection[str]
) -> None:
    """Make `rule_result` from the registry attached under that name; reads `link` and `identity` as known.

    `there` names the tables that the registry has: one from before a contract lacks its table.
    """
    day = f"DATE '{known_on.isoformat()}'"
    columns = ", ".join(f"{name} {kind}" for name, kind in RULE_RESULT.items())
    run(connection, f"CREATE OR REPLACE TABLE rule_result ({columns})")
    run(connection, "CREATE OR REPLACE TEMP TABLE rule_place (record VARCHAR, area VARCHAR)")
    for contract in (one for one in contracts().values() if one.name in there):
        _judge(connection, contract, registry, day)
    run(connection, REFUSED.format(registry=registry).replace("$known_on", day))
    run(connection, "DROP TABLE rule_place")


def _judge(connection: Connection, contract: Contract, registry: str, day: str) -> None:
    run(connection, f"CREATE OR REPLACE TEMP TABLE judged AS {_rows_sql(contract, registry, day)}")
    run(
        connection,
        "INSERT INTO rule_place SELECT DISTINCT _record, _area FROM judged WHERE _area IS NOT NULL",
    )
    for rule in rules(contract):
        run(connection, _passes_sql(rule))
        run(connection, _failures_sql(rule))
    run(connection, "DROP TABLE judged")


def _rows_sql(contract: Contract, registry: str, day: str) -> str:
    """The rows of a table known on that day, with their place; a child's rows count in the child's village."""
    names = {column.name for column in contract.columns}
    own = [f"t.{quoted(name)}" for name in AREA_COLUMNS if name in names]
    join = ""
    if contract.has_child:
        own.append("i.village_code")
        join = "LEFT JOIN link k ON t.child_ref = k.child_ref LEFT JOIN identity i ON i.child_id = k.child_id"
    area = f"coalesce({', '.join(own)})" if own else "CAST(NULL AS VARCHAR)"
    return (
        f"SELECT t.*, {area} AS _area, t._delivery || '/' || t._sheet || '/' || t._row AS _record "
        f"FROM {registry}.{quoted(contract.name)} t {join} WHERE t._known_on <= {day}"
    )


def _verdict(rule: Rule) -> str:
    """SQL for one row: true where it fails, NULL where the rule says nothing about it."""
    if rule.kind != "unique":
        return f"({rule.fails_when})"
    key = ", ".join(quoted(column) for column in rule.columns)
    known = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in rule.columns if not name.startswith("_"))
    return f"CASE WHEN {known} THEN count(*) OVER (PARTITION BY {key}) > 1 END"


def _passes_sql(rule: Rule) -> str:
    return (
        f"INSERT INTO rule_result ({NAMES}) SELECT '{rule.table}', '{rule.id}', _area, NULL, count(*), 0, false "
        f"FROM (SELECT _area, {_verdict(rule)} AS fails FROM judged) WHERE NOT fails GROUP BY _area ORDER BY _area"
    )


def _failures_sql(rule: Rule) -> str:
    return (
        f"INSERT INTO rule_result ({NAMES}) SELECT '{rule.table}', '{rule.id}', _area, _record, 0, count(*), false "
        f"FROM (SELECT _area, _record, {_verdict(rule)} AS fails FROM judged) WHERE fails "
        "GROUP BY _area, _record ORDER BY _record"
    )
