"""What was mended, withdrawn or accepted no longer speaks against a figure, and is not counted twice."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from data_contracts.judging.quality import quality_report
from data_contracts.mending.open_items import open_items
from data_contracts.mending.resolutions import resolve, undo
from models.build import build
from registry import store
from tests.return_books import NOW, TYPO, VISIT, mend, sent_back, taken
from tests.sheets import KEY, Registry, area_book, write_book
from tests.unit.test_resolutions import ATTENDANCE

AS_OF = dt.date(2026, 9, 30)


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    found = Registry(tmp_path)
    found.take_in(area_book(tmp_path))
    return found


def flags(registry: Registry) -> dict[str, tuple[int, int]]:
    """Indicator → (rows missing from it, rules failed) in the district, as a new build says."""
    registry.connection.close()
    built = build(registry.settings, AS_OF, dt.date(2026, 11, 30))
    snapshot = store.open_snapshot(registry.settings.store, built.file)
    found = store.run(
        snapshot,
        "SELECT code, max(n_open), max(n_failed) FROM figure_quality WHERE level = 'district' GROUP BY code",
    )
    snapshot.close()
    registry.connection = store.open_file(registry.settings.registry_path)
    return {code: (n_open, n_failed) for code, n_open, n_failed in found if n_open or n_failed}


def stopped(registry: Registry, table: str) -> dict[str, int]:
    """Check → how often it fails in the quality report, of one table."""
    registry.connection.close()
    found = {
        result.check_id: result.failed
        for result in quality_report(registry.settings.registry_path).results
        if result.table == table and result.failed
    }
    registry.connection = store.open_file(registry.settings.registry_path)
    return found


def test_a_broken_row_raises_a_flag_and_its_corrected_return_takes_it_down(
    registry: Registry, tmp_path: Path
) -> None:
    taken(registry, tmp_path, VISIT, TYPO)
    raised = flags(registry)
    assert raised["C12"] == (1, 1)
    mended = mend(sent_back(registry, tmp_path / "out").path, 应访截止日期__5="2026-09-30")
    registry.take_in(mended, received_on=dt.date(2026, 11, 3))
    assert open_items(registry.connection) == []
    assert flags(registry) == {}


def test_a_withdrawn_row_raises_no_flag_until_the_withdrawal_is_taken_back(
    registry: Registry, tmp_path: Path
) -> None:
    taken(registry, tmp_path, VISIT, TYPO)
    [item] = open_items(registry.connection)
    made = resolve(
        registry.settings, KEY, registry.connection, item.place, "withdraw", "重复报送", "李娜", NOW
    )
    assert flags(registry) == {}
    undo(registry.connection, made.number, "弄错了", "李娜", NOW)
    assert flags(registry)["C12"] == (1, 1)


def test_a_row_accepted_by_hand_fails_once_as_it_stands_and_not_a_second_time_as_it_was_refused(
    registry: Registry, tmp_path: Path
) -> None:
    registry.take_in(write_book(tmp_path / "考勤.xlsx", ("school_attendance", [ATTENDANCE]), sender="橄榄村"))
    refused = stopped(registry, "attendance")
    assert set(refused.values()) == {1}
    rejected = next(item for item in open_items(registry.connection) if item.severity == "reject_row")
    resolve(registry.settings, KEY, registry.connection, rejected.place, "accept", "已核实", "李娜", NOW)
    assert stopped(registry, "attendance") == refused
