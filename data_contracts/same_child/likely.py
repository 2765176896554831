"""Which entries may be one child: candidate pairs with evidence for and against, weighed by Splink.

Splink makes the pairs and adds the weights in a database in memory; the weights are stated in name_likeness.toml,
nothing is trained, so the same entries always give the same figures.  Splink is loaded only here.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from data_contracts.same_child.name_likeness import (
    FIELDS,
    Entry,
    folded,
    number_of,
    pattern_of,
    pinyin,
    shares,
    weights,
)
from registry import store

UNKNOWN = "unknown"
WHOLE_NUMBER = 18

# What must hold for each grade; a grade is tried only where those before it do not hold.
CONDITIONS = {
    "name": {
        "same": "name_l = name_r",
        "order": "name_sorted_l = name_sorted_r",
        "homophone": "name_pinyin_l = name_pinyin_r",
        "within": "least(length(name_l), length(name_r)) >= 2 "
        "AND (contains(name_l, name_r) OR contains(name_r, name_l))",
        # Not by DuckDB's levenshtein: it counts bytes, three to a Chinese character.
        "one_character": "least(length(name_l), length(name_r)) >= 3 AND list_has_any(name_masked_l, name_masked_r) "
        "AND NOT (name_pattern_l IS NOT NULL AND name_pattern_r IS NOT NULL AND right(name_l, 1) <> right(name_r, 1)) "
        "OR list_contains(name_shorter_l, name_r) OR list_contains(name_shorter_r, name_l)",
        "one_of_two": "length(name_l) = 2 AND list_has_any(name_masked_l, name_masked_r) "
        "AND name_pattern_l IS NULL AND name_pattern_r IS NULL",
    },
    "birth_date": {
        "same": "birth_date_l = birth_date_r",
        "swapped": "year(birth_date_l) = year(birth_date_r) AND month(birth_date_l) = day(birth_date_r) "
        "AND day(birth_date_l) = month(birth_date_r)",
        "one_digit": "hamming(strftime(birth_date_l, '%Y%m%d'), strftime(birth_date_r, '%Y%m%d')) = 1",
        "year_off": "abs(year(birth_date_l) - year(birth_date_r)) = 1 "
        "AND strftime(birth_date_l, '%m%d') = strftime(birth_date_r, '%m%d')",
    },
    "village": {
        "same": "village_l = village_r",
        "same_township": "left(village_l, 9) = left(village_r, 9)",
    },
    "guardian": {"same": "list_has_any(guardian_l, guardian_r)"},
    "sex": {"same": "sex_l = sex_r"},
    "id_no": {
        "same": "id_no_l = id_no_r",
        "one_digit": "damerau_levenshtein(id_no_l, id_no_r) = 1",
        "tail_lost": "least(length(id_no_l), length(id_no_r)) >= 14 "
        "AND (starts_with(id_no_l, id_no_r) OR starts_with(id_no_r, id_no_l))",
        "differ_valid": "usable_l AND usable_r",
    },
    "together": {"differ": "list_has_any(together_l, together_r)"},
}
NULLS = {
    "guardian": "len(coalesce(guardian_l, [])) = 0 OR len(coalesce(guardian_r, [])) = 0",
    # Standing in different lists tells nothing.
    "together": "NOT coalesce(list_has_any(together_l, together_r), false)",
}
BLOCKS = (
    ("village", "birth_date"),
    ("village", "name"),
    ("village", "name_sorted"),
    ("village", "name_pinyin"),
    ("birth_date", "name_pinyin"),
    ("birth_date", "name_sorted"),
    ("birth_date", "first_character"),
    ("birth_date", "last_character"),
    ("birth_date", "first_guardian"),
    ("name", "first_guardian"),
)
COLUMNS = {
    "unique_id": pa.string(), "name": pa.string(), "name_sorted": pa.string(), "name_pinyin": pa.string(),
    "name_pattern": pa.string(), "name_masked": pa.list_(pa.string()), "name_shorter": pa.list_(pa.string()),
    "first_character": pa.string(), "last_character": pa.string(),
    "name_here": pa.string(), "birth_date": pa.date32(), "village": pa.string(), "sex": pa.string(),
    "id_no": pa.string(), "usable": pa.bool_(), "guardian": pa.list_(pa.string()), "first_guardian": pa.string(),
    "together": pa.list_(pa.string()),
}  # fmt: skip


class Weighed(NamedTuple):
    """Two entries, the weight in bits, and for each field the grade of agreement, `differ` or `unknown`."""

    child_id: str
    other_id: str
    weight: float
    grades: dict[str, str]


def weigh(entries: Sequence[Entry], others: Sequence[Entry] = ()) -> list[Weighed]:
    """Every candidate pair of entries, in the order of their ids; `others` count for how common a name is only."""
    known = [entry for entry in entries if entry.name or entry.number or entry.number_written]
    if len(known) < 2:
        return []
    connection = store.memory()
    try:
        return _predicted(connection, known, [*entries, *others])
    finally:
        connection.close()


def _row(entry: Entry) -> dict[str, Any]:
    name = folded(entry.name) if entry.name else None
    guardians = sorted(set(entry.guardians))
    return {
        "unique_id": entry.child_id,
        "name": name,
        "name_sorted": "".join(sorted(name)) if name else None,
        "name_pinyin": pinyin(name) if name else None,
        "name_pattern": pattern_of(name) if name else None,
        "name_masked": [f"{name[:at]}_{name[at + 1 :]}" for at in range(len(name))] if name else [],
        "name_shorter": [name[:at] + name[at + 1 :] for at in range(len(name))]
        if name and len(name) > 2
        else [],
        "first_character": name[0] if name else None,
        "last_character": name[-1] if name else None,
        "name_here": f"{entry.village_code or ''}/{name}" if name else None,
        "birth_date": entry.birth_date,
        "village": entry.village_code,
        "sex": entry.sex,
        "id_no": number_of(entry),
        "usable": entry.number is not None and len(entry.number) == WHOLE_NUMBER,
        "guardian": guardians,
        "first_guardian": guardians[0] if guardians else None,
        "together": list(entry.rolls),
    }


def _predicted(connection: store.Connection, known: list[Entry], everyone: list[Entry]) -> list[Weighed]:
    from splink import DuckDBAPI, Linker

    names = ", ".join(f'"{name}" {_sql_type(kind)}' for name, kind in COLUMNS.items())
    store.run(connection, f"CREATE TABLE entry ({names})")
    rows = [_row(entry) for entry in known]
    schema = pa.schema(list(COLUMNS.items()))
    store.insert(connection, "entry", pa.Table.from_pylist(rows, schema=schema))
    api = DuckDBAPI(connection=connection)
    linker = Linker(api.register("entry"), _model(known), log_level=logging.ERROR)
    found = shares(everyone)
    frequency = pa.table({"name_here": list(found), "tf_name_here": list(found.values())})
    linker.table_management.register_term_frequency_lookup(api.register(frequency), "name_here")
    predicted = linker.inference.predict(warning_mode="never").physical_name
    grades = ", ".join(f"gamma_{field}" for field in FIELDS)
    rows_found = store.run(
        connection,
        f"SELECT least(unique_id_l, unique_id_r), greatest(unique_id_l, unique_id_r), match_weight, {grades} "
        f'FROM "{predicted}" ORDER BY 1, 2',
    )
    return [Weighed(a, b, round(weight, 6), _grades(numbers)) for a, b, weight, *numbers in rows_found]


def _sql_type(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return "VARCHAR[]"
    return {pa.string(): "VARCHAR", pa.date32(): "DATE", pa.bool_(): "BOOLEAN"}[kind]


def _grades(numbers: Sequence[int]) -> dict[str, str]:
    """Splink numbers the grades from 0, the farthest, upwards; -1 is not known."""
    found = {}
    for field, number in zip(FIELDS, numbers, strict=True):
        codes = [level.code for level in reversed(weights().field(field).levels)]
        found[field] = UNKNOWN if number < 0 else codes[number]
    return found


def _model(known: Sequence[Entry]) -> dict[str, Any]:
    """Splink's settings: the stated weights as comparisons, the pairs that are worth comparing."""
    duplicates = weights().prior["duplicates_per_entry"].value
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": min(0.5, 2 * duplicates / (len(known) - 1)),
        "comparisons": [_comparison(field, known) for field in FIELDS],
        "blocking_rules_to_generate_predictions": [
            {
                "blocking_rule": " AND ".join(f"l.{name} = r.{name}" for name in block),
                "sql_dialect": "duckdb",
            }
            for block in BLOCKS
        ],
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": False,
        "sql_dialect": "duckdb",
    }


def _comparison(field: str, known: Sequence[Entry]) -> dict[str, Any]:
    nothing = NULLS.get(field, f"{field}_l IS NULL OR {field}_r IS NULL")
    levels: list[dict[str, Any]] = [
        {"sql_condition": nothing, "label_for_charts": UNKNOWN, "is_null_level": True}
    ]
    grades = weights().field(field).levels
    for grade in grades:
        counted = grade.u == "data"
        level = {
            "sql_condition": CONDITIONS[field].get(grade.code, "ELSE"),
            "label_for_charts": grade.code,
            "m_probability": grade.m,
            "u_probability": _counted(field, known) if counted else grade.u,
        }
        if field == "name" and grade.code != "differ":
            level |= {"tf_adjustment_column": "name_here", "disable_tf_exact_match_detection": True}
            level |= {"tf_minimum_u_value": 0.0 if counted else grade.u}
        levels.append(level)
    return {"output_column_name": field, "comparison_levels": levels}


def _counted(field: str, known: Sequence[Entry]) -> float:
    """How often two entries taken at random share the value."""
    taken = [entry.name if field == "name" else entry.village_code for entry in known]
    values = [value for value in taken if value]
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    if not values:
        return 0.5
    return min(0.5, math.fsum((count / len(values)) ** 2 for count in counts.values()))
