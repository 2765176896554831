"""A child's entries gathered from all lists: opened for comparing, sealed for the page that shows a pair."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from data_contracts.same_child.name_likeness import Entry
from data_contracts.values import simplified
from registry.store import Connection, run
from registry.vault import Vault

# The village's own spelling comes first: it is the list that answers for the child.
PLACE = (
    "(p.source = 'village_ledger') DESC, (p.source = 'village_exits') DESC, (p.source = 'school_roster') DESC, "
    "p._seq DESC, p.source, p._row"
)
ENTRIES = """
CREATE OR REPLACE TEMP TABLE entry AS
WITH mention AS (
    SELECT o.child_id, p.*, row_number() OVER (PARTITION BY o.child_id ORDER BY {place}) AS _place
    FROM {registry}.person p JOIN own_link o USING (child_ref)
    WHERE p._known_on <= DATE '{day}'
), guardian AS (
    SELECT o.child_id, array_agg(DISTINCT r.adult_ref) FILTER (WHERE r.adult_ref IS NOT NULL) AS refs,
        array_agg(r.adult_name ORDER BY r._seq, r._row) FILTER (WHERE r.adult_name IS NOT NULL) AS names,
        any_value(r.adult_name ORDER BY r._seq DESC) FILTER (WHERE r.role = 'carer') AS carer_name
    FROM {registry}.relation r JOIN own_link o USING (child_ref)
    WHERE r._known_on <= DATE '{day}' GROUP BY o.child_id
), carer AS (
    SELECT o.child_id, array_agg(DISTINCT c.carer_ref) AS refs
    FROM ({carers}) c JOIN own_link o USING (child_ref) WHERE c.carer_ref IS NOT NULL GROUP BY o.child_id
)
SELECT m.child_id,
    any_value(m.name ORDER BY _place) AS name, any_value(m.birth_date ORDER BY _place) AS birth_date,
    any_value(m.village_code ORDER BY _place) AS village_code, any_value(m.sex ORDER BY _place) AS sex,
    any_value(m.id_no ORDER BY _place) AS id_no, any_value(m.id_written ORDER BY _place) AS id_written,
    array_agg(DISTINCT m._delivery || '/' || m.source) FILTER (WHERE m.source IN {rolls}) AS rolls,
    array_agg(DISTINCT m.source ORDER BY m.source) AS sources, min(m._known_on) AS found_on,
    any_value(g.refs) AS guardian_refs, any_value(g.names) AS guardian_names, any_value(g.carer_name) AS carer_name,
    any_value(c.refs) AS carer_refs
FROM mention m LEFT JOIN guardian g USING (child_id) LEFT JOIN carer c USING (child_id)
GROUP BY m.child_id ORDER BY m.child_id
"""
CARERS = ("household", "entrustment", "relief_application", "relief_payment", "dwelling_check")
# What the page of pairs shows of each side; names and numbers stay sealed until somebody gives a reason.
PEOPLE = """
CREATE OR REPLACE TABLE pair_person AS
SELECT e.child_id, e.name, e.id_no, e.id_written, e.carer_name, e.birth_date, e.sex, e.village_code,
    list_aggregate(e.sources, 'string_agg', ',') AS sources, e.found_on
FROM entry e WHERE e.child_id IN (SELECT child_id FROM identity_pair UNION SELECT other_id FROM identity_pair)
ORDER BY e.child_id
"""


def entries_of(
    connection: Connection, registry: str, day: dt.date, vault: Vault | None, rolls: Sequence[str]
) -> tuple[list[Entry], dict[str, dt.date]]:
    """(entries, child → first day known) of everybody known by that day; leaves the temporary table `entry`."""
    carers = " UNION ALL ".join(f"SELECT child_ref, carer_ref FROM {registry}.{table}" for table in CARERS)
    run(
        connection,
        ENTRIES.format(registry=registry, place=PLACE, day=day, rolls=tuple(rolls), carers=carers),
    )
    rows = run(
        connection,
        "SELECT child_id, name, birth_date, village_code, sex, id_no, id_written, guardian_refs, guardian_names, "
        "carer_refs, rolls, found_on FROM entry",
    )
    entries = []
    for child, name, born, village, sex, number, written, refs, names, carers_of, of_rolls, _ in rows:
        guardians = {*(refs or ()), *(carers_of or ())}
        guardians |= {simplified(_opened(vault, sealed) or "") for sealed in names or ()} - {""}
        entries.append(
            Entry(child, _opened(vault, name), born, village, sex, _opened(vault, number), _opened(vault, written),
                  tuple(sorted(guardians)), tuple(of_rolls or ()))
        )  # fmt: skip
    return entries, {row[0]: row[-1] for row in rows}


def make_pair_people(connection: Connection) -> None:
    """Publish `pair_person`: both sides of every pair, sealed."""
    run(connection, PEOPLE)


def _opened(vault: Vault | None, sealed: str | None) -> str | None:
    return vault.open(sealed) if vault else None
