"""Same person?  References of one child → one `child_id`, only where it is certain.

A row with an identity number is that number's child.  A row without one is the child whose name, village and birth
date it shares, if exactly one numbered child shares them; where several do (twins of one name, Lahu and Dai names)
it stays a person of its own and the pair is listed for a human to decide.  Nothing is merged on likeness.
"""

from __future__ import annotations

from registry.store import Connection, run

IDENTITY_PAIR = {
    "child_id": "VARCHAR",
    "other_id": "VARCHAR",
    "evidence": "VARCHAR",
    "village_code": "VARCHAR",
    "state": "VARCHAR",
    "found_on": "DATE",
    "resolved_on": "DATE",
}

# `link`: every reference ever used → child_id.  `pair`: what a person must decide.
LINK = """
CREATE OR REPLACE TABLE link AS
WITH numbered AS (
    SELECT DISTINCT child_ref, alt_ref FROM {registry}.person WHERE alt_ref IS NOT NULL AND child_ref <> alt_ref
), owner AS (
    SELECT alt_ref, min(child_ref) AS child_id, count(DISTINCT child_ref) AS n_children
    FROM numbered GROUP BY alt_ref
)
SELECT DISTINCT p.child_ref, CASE WHEN o.n_children = 1 THEN o.child_id ELSE p.child_ref END AS child_id
FROM {registry}.person p LEFT JOIN owner o ON p.child_ref = o.alt_ref
"""

PAIR_TABLE = """
CREATE OR REPLACE TABLE identity_pair AS
WITH found AS (
    {pairs}
), since AS (
    SELECT l.child_id, min(p._known_on) AS known_on, any_value(p.village_code ORDER BY p.source) AS village_code
    FROM {registry}.person p JOIN link l USING (child_ref) GROUP BY l.child_id
)
SELECT f.child_id, f.other_id, f.evidence, a.village_code, 'open' AS state,
       greatest(a.known_on, b.known_on) AS found_on, CAST(NULL AS DATE) AS resolved_on
FROM found f LEFT JOIN since a ON a.child_id = f.child_id LEFT JOIN since b ON b.child_id = f.other_id
ORDER BY ALL
"""

PAIRS = """
WITH numbered AS (
    SELECT DISTINCT child_ref, alt_ref FROM {registry}.person WHERE alt_ref IS NOT NULL AND child_ref <> alt_ref
), people AS (
    SELECT l.child_id, any_value(p.birth_date ORDER BY p.source) AS birth_date,
           any_value(p.village_code ORDER BY p.source) AS village_code,
           any_value(p.sex ORDER BY p.source) AS sex, bool_or(p.child_ref <> coalesce(p.alt_ref, '')) AS numbered
    FROM {registry}.person p JOIN link l USING (child_ref) GROUP BY l.child_id
)
SELECT a.child_ref AS child_id, b.child_ref AS other_id, 'same_name_village_birth_date' AS evidence
FROM numbered a JOIN numbered b ON a.alt_ref = b.alt_ref AND a.child_ref < b.child_ref
UNION ALL
SELECT a.child_id, b.child_id, 'same_village_birth_date_sex_other_name'
FROM people a JOIN people b
  ON a.village_code = b.village_code AND a.birth_date = b.birth_date AND a.child_id < b.child_id
WHERE NOT (a.numbered AND b.numbered) AND coalesce(a.sex, b.sex) IS NOT DISTINCT FROM coalesce(b.sex, a.sex)
"""


def resolve(connection: Connection, registry: str) -> None:
    """Make the tables `link(child_ref, child_id)` and `identity_pair`.

    A pair has child_id, other_id, evidence, village_code, state (open, same, not_same), found_on, resolved_on.

    `registry` is the name under which the registry database is attached.
    """
    run(connection, LINK.format(registry=registry))
    run(connection, PAIR_TABLE.format(registry=registry, pairs=PAIRS.format(registry=registry)))
