"""Spec ledgers of the screening lists: who stands where and why, in text tables, on either engine.

On top of the contract tables a ledger may expect `screening` (all children of the main target, no more),
`facts` (a blank day or record is not looked at), `order` (the first children of a list) and `to verify`.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from models.engines import Engine
from models.screening.scoring import screen
from tests.spec import ledger
from tests.spec.ledger import Ledger

COLUMNS = (
    "target, child_id, eligibility, lane, lane_high, tier, tier_low, tier_high, due_on, "
    "days_since_visit, rank"
)


def check(engine: Engine, given: Ledger) -> None:
    """Run both lists on the ledger and compare what it expects."""
    ledger.fill(engine, given)
    screen(engine, given.as_of)
    _check_lists(engine, given)
    _check_facts(engine, given)
    _check_order(engine, given)
    _check_to_verify(engine, given)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _check_lists(engine: Engine, given: Ledger) -> None:
    codes = defaultdict(list)
    for row in engine.rows("SELECT target, child_id, ord, code FROM reason WHERE kind = 'rule' ORDER BY ord"):
        codes[row["target"], row["child_id"]].append(row["code"])
    found = {(row["target"], row["child_id"]): row for row in engine.rows(f"SELECT {COLUMNS} FROM screening")}
    wanted = given.rows("expect screening")
    assert wanted, f"{given.path.name}: expects nothing"
    for row in wanted:
        key = row["target"], row["child_id"]
        assert key in found, f"{given.path.name}: {key} is not on the list"
        told = {name: _text(value) for name, value in found[key].items()} | {"codes": " ".join(codes[key])}
        assert {name: told[name] for name in row} == row, f"{given.path.name}: {key}"
    biggest = max(
        (row["target"] for row in wanted), key=lambda target: [r["target"] for r in wanted].count(target)
    )
    listed = {child for target, child in found if target == biggest}
    assert listed == {row["child_id"] for row in wanted if row["target"] == biggest}


def _check_facts(engine: Engine, given: Ledger) -> None:
    found = {
        (row["child_id"], row["fact"]): row
        for row in engine.rows("SELECT child_id, fact, known, number, code, flag, since, record FROM fact")
    }
    different = []
    for row in given.rows("expect facts"):
        told = {name: _text(value) for name, value in found[row["child_id"], row["fact"]].items()}
        wanted = {name: cell for name, cell in row.items() if cell or name not in ("since", "record")}
        seen = {name: told[name] for name in wanted}
        different += [(wanted, seen)] * (wanted != seen)
    assert not different, f"{given.path.name}: {different}"


def _check_order(engine: Engine, given: Ledger) -> None:
    wanted = defaultdict(list)
    for row in given.rows("expect order"):
        wanted[row["target"]].append(row["child_id"])
    for target, children in wanted.items():
        rows = engine.rows(f"SELECT child_id, rank FROM screening WHERE target = '{target}' ORDER BY rank")
        assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
        assert [row["child_id"] for row in rows][: len(children)] == children, given.path.name


def _check_to_verify(engine: Engine, given: Ledger) -> None:
    found = defaultdict(list)
    for row in engine.rows("SELECT target, child_id, fact FROM unknown_fact ORDER BY fact"):
        found[row["target"], row["child_id"]].append(row["fact"])
    for row in given.rows("expect to verify"):
        assert " ".join(found[row["target"], row["child_id"]]) == row["facts"], given.path.name
