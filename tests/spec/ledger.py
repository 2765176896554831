"""Spec ledgers: small text tables that a civil servant can read, run through the real SQL on an engine.

A file holds blocks, parted by blank lines.  `# …` is a remark.  `as of 2026-09-30` gives the day.  A block is
a table's name and a table of cells parted by `|`; an empty cell is blank (not recorded).  Columns of the
contract that a block leaves out are blank.  `tiering` is the build's own list of who came into the top tier
when.  Four names are shorthand:

- `children`: a child with both parents and its village file in one row (child, relation, parent_migration,
  enrolment_episode, living_arrangement …);
- `expect figures`: rows of the table `figure`, only the columns named;
- `expect cases`: all cases of the period named, no more and no fewer;
- `expect population`: rows of the table `population`, only the columns named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from data_contracts.contract import contracts
from models.engines import Engine
from models.evaluate import BESIDE, evaluate, prepare
from models.measure import Indicator, indicators

AREAS = [
    ("530902", "临翔区", "district", "5309"),
    ("530902001", "甲乡", "township", "530902"),
    ("530902002", "乙乡", "township", "530902"),
    ("530902001901", "子村", "village", "530902001"),
    ("530902001902", "丑村", "village", "530902001"),
    ("530902002901", "寅村", "village", "530902002"),
]
VILLAGE = "530902001901"


class Block(NamedTuple):
    name: str
    rows: list[dict[str, str]]
    columns: tuple[str, ...] = ()


class Ledger(NamedTuple):
    path: Path
    as_of: date
    blocks: list[Block]

    def rows(self, name: str) -> list[dict[str, str]]:
        return [row for block in self.blocks if block.name == name for row in block.rows]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


def read(path: Path) -> Ledger:
    """A ledger from its file; a row with more or fewer cells than headings is an error with its place."""
    text = path.read_text("utf-8")
    as_of = re.search(r"^as of (\d{4}-\d\d-\d\d)$", text, re.MULTILINE)
    assert as_of, f"{path.name}: expected a line 'as of YYYY-MM-DD'"
    blocks: list[Block] = []
    for part in re.split(r"\n\s*\n", text):
        lines = [line for line in part.splitlines() if line.strip() and not line.startswith(("#", "as of "))]
        if not lines:
            continue
        headings = _cells(lines[1])
        rows = []
        for line in lines[2:]:
            cells = _cells(line.split(" # ")[0])
            assert len(cells) == len(headings), f"{path.name}: {len(headings)} headings, but: {line}"
            rows.append(dict(zip(headings, cells, strict=True)))
        blocks.append(Block(lines[0].strip(), rows, tuple(headings)))
    return Ledger(path, date.fromisoformat(as_of.group(1)), blocks)


def _typed(text: str, kind: str) -> Any:
    if text == "":
        return None
    if kind == "DATE":
        return date.fromisoformat(text)
    if kind == "TIMESTAMP":
        return datetime.fromisoformat(text)
    if kind == "BOOLEAN":
        return {"yes": True, "no": False}[text]
    if kind.startswith("DECIMAL"):
        return Decimal(text)
    if kind in ("BIGINT", "INTEGER"):
        return int(text)
    return text


def _children(row: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """The contract rows behind one row of the shorthand `children`."""
    child = row["child_id"]
    source = row.get("source", "") or "village"
    shared = {"child_id": child, "record": row.get("record", "")}
    yield (
        "child",
        {
            **shared,
            "source": source,
            "birth_date": row.get("birth_date", ""),
            "village_code": row.get("village", "") or VILLAGE,
            "residence": row.get("residence", ""),
            "parents_summary": row.get("parents_summary", ""),
        },
    )
    for parent in ("father", "mother"):
        status, invalid = row.get(parent, ""), row.get(f"{parent}_invalid", "")
        capacity = row.get(f"{parent}_capacity", "")
        if source != "police":
            yield (
                "relation",
                {
                    **shared,
                    "role": parent,
                    "source": source,
                    "status": status,
                    "capacity": capacity,
                    "invalid": invalid,
                },
            )
        since, until = row.get(f"{parent}_since", ""), row.get(f"{parent}_until", "")
        if since or until:
            month_only = len(since) == len("2026-01")
            yield (
                "parent_migration",
                {
                    **shared,
                    "parent": parent,
                    "since": since + "-01" if month_only else since,
                    "since_month_only": "yes" if month_only else "no",
                    "until": until,
                },
            )
    if row.get("opened_on", ""):
        yield (
            "enrolment_episode",
            {
                **shared,
                "source": source,
                "opened_on": row["opened_on"],
                "closed_on": row.get("closed_on", ""),
                "close_reason": row.get("close_reason", ""),
            },
        )


def _contract_rows(ledger: Ledger) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for block in ledger.blocks:
        for row in block.rows:
            if block.name == "children":
                for table, made in _children(row):
                    found.setdefault(table, []).append(made)
            elif not block.name.startswith("expect"):
                found.setdefault(block.name, []).append(row)
    return found


def fill(engine: Engine, ledger: Ledger, chosen: Sequence[Indicator] | None = None) -> None:
    """Put the ledger's tables into the engine, every other contract empty, and make the base tables."""
    given = _contract_rows(ledger)
    given.setdefault(
        "area",
        [dict(zip(("area_code", "name", "level", "parent_code"), area, strict=True)) for area in AREAS],
    )
    stray = set(given) - set(contracts()) - set(BESIDE)
    assert not stray, f"{ledger.path.name}: no contract {', '.join(sorted(stray))}"
    already_empty = getattr(engine, "empty_tables", set())
    for name, contract in contracts().items():
        columns, rows = contract.model_columns(), []
        for number, row in enumerate(given.get(name, []), start=1):
            wrong = set(row) - set(columns)
            assert not wrong, f"{ledger.path.name}: {name} has no column {', '.join(sorted(wrong))}"
            filled = {"invalid": "", "known_on": "2020-01-01", **row}
            filled["record"] = row.get("record") or f"ledger/{name}/{number}"
            rows.append([_typed(filled.get(column, ""), kind) for column, kind in columns.items()])
        if rows or name not in already_empty:
            engine.create(name, columns, rows)
        (already_empty.discard if rows else already_empty.add)(name)
    for name, columns in BESIDE.items():
        rows = [
            [_typed(row.get(column, ""), kind) for column, kind in columns.items()]
            for row in given.get(name, [])
        ]
        engine.create(name, columns, rows)
    engine.empty_tables = already_empty  # type: ignore[attr-defined]
    prepare(engine, ledger.as_of, chosen=chosen)


def _same(expected: str, found: Any) -> bool:
    if expected in ("", "—"):
        return found is None or (expected == "" and found == "")
    if isinstance(found, float):
        left, _, right = expected.partition("/")
        want = float(left) / float(right) if right else float(left)
        return abs(found - want) <= 1e-6 * max(1.0, abs(want))
    if isinstance(found, Decimal):
        return Decimal(expected) == found
    return str(found).lower() == expected.lower()


def _key(row: dict[str, str]) -> dict[str, str]:
    return {name: row[name] for name in ("series", "level", "area", "period") if name in row}


def check(engine: Engine, ledger: Ledger) -> None:
    """Run the ledger's indicator and compare what it expects, to the last case."""
    chosen = [indicators()[ledger.path.stem.split("_")[0].upper()]]
    fill(engine, ledger, chosen)
    evaluate(engine, chosen)
    check_figures(engine, ledger)
    check_cases(engine, ledger)


def check_figures(engine: Engine, ledger: Ledger) -> None:
    """The figures that the ledger expects, each found once with every value that it names."""
    figures = engine.rows(
        "SELECT series, level, area, period, yes, no, unknown, value, low, high, evidence, status, n_shown "
        "FROM figure"
    )
    expected = ledger.rows("expect figures")
    assert expected, f"{ledger.path.name}: expects nothing"
    for row in expected:
        key = {"series": "", "level": "district", "area": "530902", **_key(row)}
        found = [one for one in figures if all(str(one[name]) == value for name, value in key.items())]
        assert len(found) == 1, f"{ledger.path.name}: {key}: expected one figure, found {len(found)}"
        for name, value in row.items():
            assert _same(value, found[0][name]), (
                f"{ledger.path.name}: {key}: expected {name} {value}, found {found[0][name]}"
            )


def check_population(engine: Engine, ledger: Ledger) -> None:
    """Make the base tables and compare what the ledger expects of the population."""
    fill(engine, ledger)
    found = engine.rows(
        "SELECT child_id, on_day, village_code, age_years, eligibility, why, file_open, listed, "
        "eligible_since, left_type FROM population"
    )
    by_child = {(row["child_id"], str(row["on_day"])): row for row in found}
    assert len(by_child) == len(found), "a child stands twice on one day"
    expected = ledger.rows("expect population")
    assert expected, f"{ledger.path.name}: expects nothing"
    for row in expected:
        day = row.get("on_day") or str(ledger.as_of)
        seen = by_child[row["child_id"], day]
        for name, value in row.items():
            if name in ("child_id", "on_day"):
                continue
            shown = (
                {True: "yes", False: "no"}.get(seen[name], seen[name])
                if name in ("file_open", "listed")
                else seen[name]
            )
            assert _same(value, shown), (
                f"{ledger.path.name}: {row['child_id']} on {day}: expected {name} {value}, found {shown}"
            )


def check_cases(engine: Engine, ledger: Ledger) -> None:
    """All cases of the periods that the ledger names, no more and no fewer; none in a period of another kind."""
    rows = engine.rows(
        "SELECT series, period, area, subject_kind, subject, outcome, days, amount, record FROM case_row"
    )
    compare_cases(ledger, rows)
    kind = indicators()[ledger.path.stem.split("_")[0].upper()].head.period
    stray = {row["period"] for row in rows} - {
        row["period"] for row in engine.rows(f"SELECT period FROM period WHERE kind = '{kind}'")
    }
    assert not stray, f"{ledger.path.name}: cases in a period that is no {kind}: {sorted(stray)}"


def compare_cases(ledger: Ledger, rows: Sequence[Mapping[str, Any]]) -> None:
    """The cases found against those that the ledger expects, in the columns that it names."""
    wanted = ledger.rows("expect cases")
    periods = {row["period"] for row in wanted}
    names = list(wanted[0]) if wanted else []
    found = sorted(
        "|".join("" if row[name] is None else str(row[name]) for name in names)
        for row in rows
        if row["period"] in periods
    )
    assert found == sorted("|".join(row.values()) for row in wanted), f"{ledger.path.name}: cases differ"
