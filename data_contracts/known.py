"""The tables as the models see them: as known on a day, newest version of each row, without identities.

Two clocks.  The first version of a row is known from the day that its form records (when it was typed in, when the
file was opened, when it happened); a later delivery's version is known from the day of that delivery, a corrected
return's from the day on which the return came, though it is ordered by the day of the report it corrects.  An older
export that arrives later does not supersede a newer one: versions are ordered by the day they report, then by arrival.
"""

from __future__ import annotations

import datetime as dt

from data_contracts.contract import Contract, contracts
from data_contracts.judging.rule_results import make_rule_results
from data_contracts.notes import make_note_likeness
from data_contracts.same_child.identity import resolve
from registry.store import Connection, run
from registry.vault import Vault

ORDER = "_reported_on {0}, _seq {0}, _precedence {0}, _row {0}"


def _table_sql(contract: Contract, registry: str) -> str:
    child = "coalesce(l.child_id, t.child_ref)"
    seen = [name for name in contract.model_columns() if name not in ("record", "invalid", "known_on")]
    columns = [f"{child} AS child_id" if name == "child_id" else f't."{name}"' for name in seen]
    key = [child if name == "child_ref" else f't."{name}"' for name in contract.key]
    join = "LEFT JOIN link l ON t.child_ref = l.child_ref" if contract.has_child else ""
    names = ", ".join(f'"{name}"' for name in seen)
    parts = ", ".join(key)
    return f"""
CREATE OR REPLACE TABLE "{contract.name}" AS
WITH versions AS (
    SELECT {", ".join(columns)},
        t._delivery || '/' || t._sheet || '/' || t._row AS record, t._invalid AS invalid,
        CASE WHEN t._seq = min(t._seq) OVER (PARTITION BY {parts}) THEN t._known_on
            ELSE greatest(t._reported_on, t._known_on) END AS known_on,
        t._reported_on, t._seq, t._precedence, t._row
    FROM {registry}."{contract.name}" t {join}
), newest AS (
    SELECT *, row_number() OVER (
        PARTITION BY {", ".join("child_id" if n == "child_ref" else f'"{n}"' for n in contract.key)}
        ORDER BY {ORDER.format("DESC")}) AS _place
    FROM versions WHERE known_on <= $known_on
)
SELECT {names}, record, invalid, known_on FROM newest WHERE _place = 1
ORDER BY {", ".join(_ordering(contract))}, record
"""


def _ordering(contract: Contract) -> list[str]:
    return ["child_id" if name == "child_ref" else f'"{name}"' for name in contract.key]


def _tables_of(connection: Connection, registry: str) -> set[str]:
    sql = "SELECT table_name FROM duckdb_tables() WHERE $1 IN (database_name, schema_name)"
    return {str(row[0]) for row in run(connection, sql, [registry])}


def make_contract_tables(connection: Connection, registry: str, known_on: dt.date) -> dict[str, int]:
    """Create every contract's table as known on that day, from `link`, which must stand already; rows per table."""
    there = _tables_of(connection, registry)
    counts = {}
    for contract in contracts().values():
        if contract.name not in there:  # a registry from before this contract: nothing has come in yet
            columns = ", ".join(f'"{name}" {kind}' for name, kind in contract.model_columns().items())
            run(connection, f'CREATE OR REPLACE TABLE "{contract.name}" ({columns})')
            counts[contract.name] = 0
            continue
        sql = _table_sql(contract, registry).replace("$known_on", f"DATE '{known_on.isoformat()}'")
        run(connection, sql)
        counts[contract.name] = int(run(connection, f'SELECT count(*) FROM "{contract.name}"')[0][0])
    return counts


def make_known_tables(
    connection: Connection, registry: str, known_on: dt.date, vault: Vault | None = None
) -> dict[str, int]:
    """Create every contract's table as known on that day; rows per table.

    Also `link`, `identity_pair`, `pair_person`, `identity` (names and numbers, still encrypted), `rule_result` and
    `note_likeness`.  With the vault names are compared for likeness, in memory; without it pairs rest on what is not
    encrypted.
    """
    resolve(connection, registry, known_on, vault)
    counts = make_contract_tables(connection, registry, known_on)
    there = _tables_of(connection, registry)
    run(connection, _IDENTITY.format(registry=registry))
    make_rule_results(connection, registry, known_on, there)
    make_note_likeness(connection)
    return counts


# The village's own spelling comes first: it is the list that answers for the child.
_IDENTITY = """
CREATE OR REPLACE TABLE identity AS
WITH mentions AS (
    SELECT l.child_id, p.*, row_number() OVER (
        PARTITION BY l.child_id
        ORDER BY (p.source = 'village_ledger') DESC, (p.source = 'village_exits') DESC,
                 (p.source = 'school_roster') DESC, (p.id_no IS NOT NULL) DESC, p.source, p._seq DESC, p._row) AS _place
    FROM {registry}.person p JOIN link l USING (child_ref)
), numbers AS (
    SELECT child_id, any_value(id_no ORDER BY _place) AS id_no FROM mentions WHERE id_no IS NOT NULL GROUP BY child_id
)
SELECT m.child_id, m.name, n.id_no, m.birth_date, m.sex, m.village_code
FROM mentions m LEFT JOIN numbers n USING (child_id) WHERE m._place = 1 ORDER BY m.child_id
"""
