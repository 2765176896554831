"""What the quality report tells beside the checks: timeliness, uniqueness, agreement between lists, faults by place.

Everything is counted over the tables as known on the build's day and over the account of the deliveries; no row here
is about a child, and a fault is a place in a file.

Tables made: `fault`, `quality_sender`, `quality_typing`, `quality_repeat`, `quality_agreement`, `quality_unit`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from data_contracts.contract import contracts
from data_contracts.judging.quality import ROW_OF_MESSAGE, faulty_rows, make_place_table, standing_checks
from data_contracts.judging.verdicts import history
from data_contracts.mending.open_items import open_places, replaced_places
from registry.store import Connection, insert, run

FAULT_COLUMNS = (
    'delivery VARCHAR, sheet VARCHAR, "row" INTEGER, "column" VARCHAR, table_name VARCHAR, check_id VARCHAR, '
    "severity VARCHAR, code VARCHAR"
)
# The day on which something happened, in the tables that write down both that day and when it was typed in.
HAPPENED = {
    "visit": "visited_on",
    "data_change": "changed_on",
    "enrolment_episode": "opened_on",
    "incident": "happened_on",
    "concern": "aware_on",
    "hazard": "found_on",
    "psych_screen": "screened_on",
    "relief_payment": "paid_on",
}
# A sender is known by a name that means one place: a village's may carry its township's before it.
_PLACES = """
CREATE OR REPLACE TEMP TABLE sender_place AS
SELECT name, min(place) AS place FROM (
    SELECT "name" AS name, area_code AS place FROM area
    UNION SELECT u."name" || a."name", a.area_code FROM area a JOIN area u ON u.area_code = a.parent_code
    UNION SELECT "name", org_code FROM org
) WHERE name <> '' GROUP BY name HAVING count(DISTINCT place) = 1
"""
# What was told and still waits, and the rows that stand in the registry and fail; a row whose place a newer one has
# taken is no fault any more.
_FAULT = """
CREATE OR REPLACE TABLE fault AS
SELECT f.*, d.file, d.sender, p.place, coalesce(d.reported_on, d.received_on) AS said_on
FROM (
    SELECT m.delivery, m.sheet, m."row", m."column", m.table_name, m.check_id, m.severity, m.code
    FROM message m LEFT JOIN open_place o ON m.delivery = o.delivery AND m.sheet IS NOT DISTINCT FROM o.sheet
        AND {row} IS NOT DISTINCT FROM o."row"
    WHERE m.severity IN ('error', 'warning') AND m.table_name IS NOT NULL AND m.check_id IS NOT NULL
        AND (o.delivery IS NOT NULL OR m.code = 'repeated_row')
        AND (m.table_name, m.check_id) NOT IN (SELECT (table_name, check_id) FROM standing_check)
    UNION ALL
    SELECT s.* FROM standing_fault s ANTI JOIN replaced_place r
        ON s.delivery = r.delivery AND s.sheet IS NOT DISTINCT FROM r.sheet AND s."row" IS NOT DISTINCT FROM r."row"
) f JOIN delivery d USING (delivery) LEFT JOIN sender_place p ON p.name = d.sender
ORDER BY ALL
"""
# From the day that a ledger states (what it was filled in on) to the day of receipt; exchanges from due to sent.
_SENDER = """
CREATE OR REPLACE TABLE quality_sender AS
SELECT d.sender, p.place, count(*) AS n_deliveries, sum(d.rows_read) AS rows_read,
    sum(d.rows_accepted) AS rows_accepted, sum(d.rows_quarantined) AS rows_quarantined,
    count(*) FILTER (WHERE d.reported_on IS NULL) AS n_without_day,
    quantile_disc(d.received_on - d.reported_on, 0.5) AS median_days,
    max(d.received_on - d.reported_on) AS longest_days,
    max(d.received_on) AS last_received_on
FROM delivery d LEFT JOIN sender_place p ON p.name = d.sender GROUP BY ALL ORDER BY ALL
"""
_TYPING = """
SELECT '{table}' AS table_name, d.sender, count(*) AS n_rows,
    count(*) FILTER (WHERE t.days > 0) AS n_later, quantile_disc(t.days, 0.5) AS median_days,
    max(t.days) AS longest_days
FROM (SELECT split_part(record, '/', 1) AS delivery, {known} - "{happened}" AS days
      FROM "{table}" WHERE "{happened}" IS NOT NULL AND {known} >= "{happened}") t
JOIN delivery d USING (delivery) GROUP BY ALL
"""
_REPEAT = """
CREATE OR REPLACE TABLE quality_repeat AS
SELECT sender, kind, CAST(sum(n) AS BIGINT) AS n FROM (
    SELECT sender, 'repeated_row' AS kind,
        TRY_CAST(regexp_extract(ignored_why, 'repeated_row=(\\d+)', 1) AS BIGINT) AS n FROM delivery
    UNION ALL
    SELECT sender, 'contradicts_row', 1 FROM fault WHERE code = 'contradicts_row'
    UNION ALL
    SELECT NULL, 'suspected_pair', count(*) FROM identity_pair
) WHERE n > 0 GROUP BY ALL ORDER BY ALL
"""
_AGREEMENT = """
CREATE OR REPLACE TABLE quality_agreement AS
SELECT p.level, p.rollup AS area, a.field, a.one, a.other, count(*) FILTER (WHERE a.outcome = 'yes') AS agree,
    count(*) FILTER (WHERE a.outcome = 'no') AS differ, count(*) FILTER (WHERE a.outcome = 'unknown') AS not_both_known
FROM list_agreement a JOIN (
    SELECT unit, level, rollup FROM place
    UNION ALL SELECT NULL, 'district', min(area_code) FROM area WHERE level = 'district'
) p ON p.unit IS NOT DISTINCT FROM a.village_code GROUP BY ALL ORDER BY ALL
"""
_UNIT = """
CREATE OR REPLACE TABLE quality_unit AS
SELECT level, area, sum(rows_read) AS rows_read, sum(rows_accepted) AS rows_accepted,
    sum(rows_quarantined) AS rows_quarantined, sum(n_errors) AS n_errors, sum(n_warnings) AS n_warnings
FROM (
    SELECT p.level, p.rollup AS area, s.rows_read, s.rows_accepted, s.rows_quarantined, 0 AS n_errors, 0 AS n_warnings
    FROM quality_sender s JOIN place p ON p.unit = s.place
    UNION ALL
    SELECT p.level, p.rollup, 0, 0, 0, count(*) FILTER (WHERE f.severity = 'error'),
        count(*) FILTER (WHERE f.severity = 'warning')
    FROM fault f JOIN place p ON p.unit = f.place GROUP BY ALL
) GROUP BY ALL ORDER BY ALL
"""


def make_quality_tables(connection: Connection, registry: str, results: Sequence[Sequence[Any]]) -> None:
    """Make the tables named above; `results` are the answers to the checks, `registry` is attached.

    Reads the tables as known, `delivery`, `message`, `identity_pair` and the base tables `place`, `list_agreement`.
    """
    _make_places(connection, registry)
    run(connection, f"CREATE OR REPLACE TEMP TABLE standing_fault ({FAULT_COLUMNS})")
    for row in faulty_rows(connection, registry, results):
        run(connection, "INSERT INTO standing_fault VALUES (?, ?, ?, ?, ?, ?, ?, ?)", list(row))
    for statement in (
        _PLACES,
        _FAULT.format(row=ROW_OF_MESSAGE),
        _SENDER,
        _typing(),
        _REPEAT,
        _AGREEMENT,
        _UNIT,
    ):
        run(connection, statement)


def _make_places(connection: Connection, registry: str) -> None:
    """`open_place` and `replaced_place` (delivery, sheet, row), `standing_check` (table_name, check_id)."""
    make_place_table(connection, "open_place", open_places(connection, registry))
    make_place_table(connection, "replaced_place", replaced_places(connection, registry))
    run(connection, "CREATE OR REPLACE TEMP TABLE standing_check (table_name VARCHAR, check_id VARCHAR)")
    for place in sorted(standing_checks()):
        run(connection, "INSERT INTO standing_check VALUES (?, ?)", list(place))


def make_history(connection: Connection, folder: Path) -> None:
    """Make `quality_history`: for each run of the checks by dimension, what failed of how much."""
    run(
        connection,
        "CREATE OR REPLACE TABLE quality_history (judged_at TIMESTAMP, occasion VARCHAR, table_name VARCHAR, "
        "dimension VARCHAR, n_failed BIGINT, failed BIGINT, applicable BIGINT)",
    )
    found = history(folder)
    if found:
        names = ("judged_at", "occasion", "table_name", "dimension", "n_failed", "failed", "applicable")
        columns = zip(*found, strict=True)
        insert(connection, "quality_history", pa.table(dict(zip(names, map(list, columns), strict=True))))


def _typing() -> str:
    parts = []
    for table, happened in HAPPENED.items():
        names = {column.name for column in contracts()[table].columns}
        known = "coalesce(recorded_on, known_on)" if "recorded_on" in names else "known_on"
        parts.append(_TYPING.format(table=table, happened=happened, known=known))
    return f"CREATE OR REPLACE TABLE quality_typing AS {' UNION ALL '.join(parts)} ORDER BY ALL"
