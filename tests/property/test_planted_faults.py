"""Each check's own fault, planted in a clean district, is found where it was planted and nowhere else.

A spread of the checks runs with the suite; all of them with SHOUHU_ALL_FAULTS=1.
"""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

from data_contracts.demo import breakable_checks, make_world, planned_files
from data_contracts.demo.writing import write_file
from tests.sheets import Registry

AS_OF = dt.date(2026, 9, 30)
CHILDREN, MANY_CHILDREN, SEED = 150, 600, 3
EVERY = 1 if os.environ.get("SHOUHU_ALL_FAULTS") else 9
BASICS = "01_"  # area codes and schools, without which nothing has a place


def planted_district(folder: Path, check: str) -> set[tuple[str, str, int]]:
    """Write the files that hold the fault (and the area ledger); where it was planted."""
    try:
        world = make_world(CHILDREN, SEED, as_of=AS_OF)
        files = planned_files(world, check)
    except ValueError:  # too small a district for a rare record
        world = make_world(MANY_CHILDREN, SEED, as_of=AS_OF)
        files = planned_files(world, check)
    spoilt = {fault.file for fault in world.planted}
    for file in files:
        if file.path in spoilt or file.path.startswith(BASICS):
            write_file(file, folder, SEED, AS_OF)
    return {(fault.file, fault.sheet, fault.row) for fault in world.planted}


@pytest.mark.parametrize("check", breakable_checks()[::EVERY])
def test_a_planted_fault_is_found_where_it_was_planted(check: str, tmp_path: Path) -> None:
    ledgers = tmp_path / "ledgers"
    planted = planted_district(ledgers, check)
    registry = Registry(tmp_path)
    outcomes = registry.take_in(ledgers, received_on=AS_OF)
    registry.connection.close()
    said = {
        (outcome.file, message.sheet, message.row): message
        for outcome in outcomes
        for message in outcome.messages
        if message.severity != "info"
    }
    assert planted and planted <= set(said)
    elsewhere = {place: message for place, message in said.items() if place not in planted}
    if check.startswith("area."):
        # A village whose own row was refused is unknown to every row that names it.
        elsewhere = {p: m for p, m in elsewhere.items() if m.code not in ("unknown_area", "sender_unknown")}
    assert elsewhere == {}
