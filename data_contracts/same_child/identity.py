"""Same person?  References of one child → one `child_id`, only where it is certain or a person has decided.

A row with an identity number is that number's child.  A row without one is the child whose name, village and birth
date it shares, if exactly one numbered child shares them and nothing contradicts: the same sex where both are known,
and not both in one list of one delivery (twins of one name, one with a number).  Everything else that may be one child
is a pair for a person, with evidence for and against; decisions are replayed here, as they stood on the day of
knowledge.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import pyarrow as pa

from data_contracts.same_child.likely import UNKNOWN, Weighed, weigh
from data_contracts.same_child.name_likeness import FIELDS, Entry, weights
from data_contracts.same_child.pair_entries import entries_of, make_pair_people
from registry import store
from registry.decisions import APART, SAME, Decision, decisions
from registry.store import Connection, run
from registry.vault import Vault

# The columns of `identity_pair` that measures read.
IDENTITY_PAIR = {
    "child_id": "VARCHAR",
    "other_id": "VARCHAR",
    "evidence": "VARCHAR",
    "village_code": "VARCHAR",
    "state": "VARCHAR",
    "found_on": "DATE",
    "resolved_on": "DATE",
}

# Lists that name each child once.
ROLLS = ("village_ledger", "school_roster", "police_children")

# `own_link`: every reference ever used → child, by number or by name, village and birth date; before decisions.
AUTOMATIC = """
CREATE OR REPLACE TEMP TABLE own_link AS
WITH numbered AS (
    SELECT DISTINCT child_ref, alt_ref FROM {registry}.person WHERE alt_ref IS NOT NULL AND child_ref <> alt_ref
), owner AS (
    SELECT alt_ref, min(child_ref) AS child_id, count(DISTINCT child_ref) AS n_children
    FROM numbered GROUP BY alt_ref
), contradicted AS (
    SELECT DISTINCT a.alt_ref
    FROM {registry}.person a JOIN {registry}.person b ON a.alt_ref = b.alt_ref
    WHERE a.child_ref = a.alt_ref AND b.child_ref <> b.alt_ref
      AND (a.sex <> b.sex OR (a._delivery = b._delivery AND a.source = b.source AND a.source IN {rolls}))
)
SELECT DISTINCT p.child_ref,
    CASE WHEN o.n_children = 1 AND c.alt_ref IS NULL AND a.child_ref IS NULL THEN o.child_id ELSE p.child_ref END
        AS child_id
FROM {registry}.person p
LEFT JOIN owner o ON p.child_ref = o.alt_ref
LEFT JOIN contradicted c ON p.child_ref = c.alt_ref
LEFT JOIN held_apart a ON p.child_ref = a.child_ref AND o.child_id = a.child_id
"""
LINK = """
CREATE OR REPLACE TABLE link AS
SELECT o.child_ref, coalesce(m.kept_id, o.child_id) AS child_id,
    CASE WHEN m.kept_id IS NOT NULL THEN 'decided' WHEN o.child_ref <> o.child_id THEN 'automatic' ELSE 'own' END AS how
FROM own_link o LEFT JOIN merged m ON o.child_id = m.child_id
ORDER BY o.child_ref
"""
PAIRS = """
CREATE OR REPLACE TABLE identity_pair (
    pair_id VARCHAR, child_id VARCHAR, other_id VARCHAR, evidence VARCHAR, weight DOUBLE, certainty DOUBLE,
    {grades}, village_code VARCHAR, state VARCHAR, decision_id VARCHAR, found_on DATE, resolved_on DATE)
"""
PAIR_ID_LENGTH = 10


def resolve(
    connection: Connection, registry: str, known_on: dt.date | None = None, vault: Vault | None = None
) -> None:
    """Make `link(child_ref, child_id, how)`, `identity_pair` and `pair_person` from the attached registry.

    `identity_pair(pair_id, child_id, other_id, evidence, weight, certainty, <field>_evidence …, village_code, state,
    decision_id, found_on, resolved_on)`: ids as they are before decisions; weight in bits; state open, same or
    not_same.  Names and numbers are opened in memory with the vault; without it only what is not sealed is compared.
    Decisions after `known_on` count for nothing: a past table is not changed by what was decided later.
    """
    day = known_on or dt.date.max
    standing = [one for one in decisions(connection, registry) if one.stands_on(day)]
    _write(connection, "held_apart", ("child_ref", "child_id"), _apart(standing))
    run(connection, AUTOMATIC.format(registry=registry, rolls=ROLLS))
    own = dict(run(connection, "SELECT child_ref, child_id FROM own_link"))
    joined = _joined(connection, registry, standing, own)
    _write(connection, "merged", ("child_id", "kept_id"), sorted(joined.items()))
    run(connection, LINK)
    entries, found_on = entries_of(connection, registry, day, vault, ROLLS)
    settled = _settled(standing, own, joined)
    _write_pairs(connection, _pairs(entries, settled), entries, found_on, settled)
    make_pair_people(connection)


def _write(
    connection: Connection, table: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]
) -> None:
    run(
        connection,
        f"CREATE OR REPLACE TEMP TABLE {table} ({', '.join(f'{name} VARCHAR' for name in columns)})",
    )
    if rows:
        connection.executemany(
            f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})", [list(row) for row in rows]
        )


def _apart(standing: Sequence[Decision]) -> list[tuple[str, str]]:
    return [
        pair
        for one in standing
        if one.decision in APART
        for pair in ((one.first_ref, one.second_ref), (one.second_ref, one.first_ref))
    ]


def _joined(
    connection: Connection, registry: str, standing: Sequence[Decision], own: dict[str, str]
) -> dict[str, str]:
    """Child → the child that it is by decisions: the one with a number, else the first by id; itself included."""
    parents: dict[str, str] = {}

    def root(child: str) -> str:
        while parents.get(child, child) != child:
            child = parents[child]
        return child

    for one in standing:
        if one.decision == SAME and one.first_ref in own and one.second_ref in own:
            first, second = root(own[one.first_ref]), root(own[one.second_ref])
            parents[first] = parents[second] = min(first, second)
    groups: dict[str, list[str]] = {}
    for child in parents:
        groups.setdefault(root(child), []).append(child)
    numbered = {
        row[0]
        for row in run(
            connection, f"SELECT DISTINCT child_ref FROM {registry}.person WHERE id_no IS NOT NULL"
        )
    }
    kept = {
        name: min(group, key=lambda child: (child not in numbered, child)) for name, group in groups.items()
    }
    return {child: kept[name] for name, group in groups.items() for child in group if len(group) > 1}


def _settled(
    standing: Sequence[Decision], own: dict[str, str], joined: dict[str, str]
) -> dict[frozenset[str], Decision]:
    """Pair of children → the decision that settles it."""
    found = {}
    for one in standing:
        pair = frozenset((own.get(one.first_ref, one.first_ref), own.get(one.second_ref, one.second_ref)))
        if len(pair) == 2:
            found[pair] = one
    # Whoever two decisions make one child through a third is settled too, by the later of them.
    latest = max((one for one in standing if one.decision == SAME), key=lambda one: one.at, default=None)
    groups: dict[str, list[str]] = {}
    for child, kept in sorted(joined.items()):
        groups.setdefault(kept, []).append(child)
    for pair_of in (two for group in groups.values() for two in combinations(group, 2)):
        if latest:
            found.setdefault(frozenset(pair_of), latest)
    return found


def _pairs(entries: Sequence[Entry], settled: dict[frozenset[str], Decision]) -> list[Weighed]:
    """What is listed: the likely, those of one name, village and birth date, and all that was decided."""
    least = weights().listing["from_weight"].value
    weighed = weigh(entries)
    found = {frozenset((one.child_id, one.other_id)): one for one in weighed}
    listed = {pair: one for pair, one in found.items() if one.weight >= least or _is_namesake(one)}
    known = {entry.child_id for entry in entries}
    for pair in settled:
        if pair <= known:
            first, second = sorted(pair)
            blank = Weighed(first, second, 0.0, dict.fromkeys(FIELDS, UNKNOWN))
            listed[pair] = found.get(pair, blank)
    return sorted(listed.values(), key=lambda pair: (pair.child_id, pair.other_id))


def _is_namesake(pair: Weighed) -> bool:
    return all(pair.grades[field] == "same" for field in ("name", "village", "birth_date"))


def _write_pairs(
    connection: Connection,
    pairs: Sequence[Weighed],
    entries: Sequence[Entry],
    found_on: dict[str, dt.date],
    settled: dict[frozenset[str], Decision],
) -> None:
    grades = ", ".join(f"{field}_evidence VARCHAR" for field in FIELDS)
    run(connection, PAIRS.format(grades=grades))
    village = {entry.child_id: entry.village_code for entry in entries}
    certain = shared_certainty(pairs, {entry.child_id for entry in entries if entry.number})
    rows = [
        _pair_row(pair, certainty, village, found_on, settled)
        for pair, certainty in zip(pairs, certain, strict=True)
    ]
    if not rows:
        return
    described = run(
        connection,
        "SELECT column_name FROM duckdb_columns() WHERE database_name = current_database() "
        "AND table_name = 'identity_pair' ORDER BY column_index",
    )
    names = [row[0] for row in described]
    table = pa.table({name: [row[at] for row in rows] for at, name in enumerate(names)})
    store.insert(connection, "identity_pair", table)


def pair_id(child_id: str, other_id: str) -> str:
    """The number under which a pair is spoken of, whichever child is named first."""
    text = "\x1f".join(sorted((child_id, other_id)))
    return "p" + hashlib.sha256(text.encode()).hexdigest()[:PAIR_ID_LENGTH]


def shared_certainty(pairs: Sequence[Weighed], numbered: set[str]) -> list[float]:
    """How probable each pair is one child, where an entry without number can be only one of several numbered ones.

    Twins of one name would else both be "probably" the child of one row without a number.
    """
    odds = [2.0**pair.weight for pair in pairs]
    total: dict[str, float] = {}
    for pair, one in zip(pairs, odds, strict=True):
        for child, other in ((pair.child_id, pair.other_id), (pair.other_id, pair.child_id)):
            if child not in numbered and other in numbered:
                total[child] = total.get(child, 0.0) + one
    found = []
    for pair, one in zip(pairs, odds, strict=True):
        mixed = (pair.child_id in numbered) != (pair.other_id in numbered)
        loose = pair.other_id if pair.child_id in numbered else pair.child_id
        found.append(one / (1 + (total[loose] if mixed else one)))
    return found


def _pair_row(
    pair: Weighed,
    certainty: float,
    village: dict[str, str | None],
    found_on: dict[str, dt.date],
    settled: dict[frozenset[str], Decision],
) -> tuple[Any, ...]:
    decision = settled.get(frozenset((pair.child_id, pair.other_id)))
    state = "open" if decision is None else SAME if decision.decision == SAME else "not_same"
    agreeing = [field for field in FIELDS if pair.grades[field] == "same"]
    return (
        pair_id(pair.child_id, pair.other_id),
        pair.child_id,
        pair.other_id,
        "+".join(agreeing),
        round(pair.weight, 2),
        round(certainty, 4),
        *(pair.grades[field] for field in FIELDS),
        village[pair.child_id] or village[pair.other_id],
        state,
        decision.decision_id if decision else None,
        max(found_on[pair.child_id], found_on[pair.other_id]),
        decision.at.date() if decision else None,
    )
