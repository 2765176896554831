"""A plan goes out as a workbook, comes back filled in, and the next build knows what was found."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import openpyxl
import pytest

from registry import store
from tests.journey.conftest import Shouhu

HEADINGS_ROW, BLANK = 3, ""


@pytest.fixture(scope="module")
def office(shouhu: Shouhu, tmp_path_factory: pytest.TempPathFactory) -> Shouhu:
    """A store of its own, so that the other journeys see no later day."""
    own = Shouhu(tmp_path_factory.mktemp("round_trip"))
    shutil.copytree(shouhu.store, own.store)
    own.key_file.write_bytes(shouhu.key_file.read_bytes())
    own.key_file.chmod(0o600)
    return own


def fill_in(path: Path, visited_on: str) -> list[str]:
    """Write the outcomes of all rows but the last; the due days of the rows written, in order."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    place = {cell.value: cell.column for cell in sheet[HEADINGS_ROW]}
    rows = [row for row in range(HEADINGS_ROW + 1, sheet.max_row + 1) if sheet.cell(row, place["姓名"]).value]
    outcome = {"走访日期": visited_on, "走访方式": "入户", "是否见到儿童本人": "是", "走访人": "测试走访人",
               "走访情况记录": "家中无异常", "录入日期": visited_on}  # fmt: skip
    for row in rows[:-1]:
        for heading, value in outcome.items():
            sheet.cell(row, place[heading]).value = value
    book.save(path)
    return [str(sheet.cell(row, place["应访截止日期"]).value) for row in rows[:-1]]


def due_days(office: Shouhu) -> dict[str, dt.date]:
    connection = store.open_snapshot(office.store)
    found = store.run(connection, "SELECT child_id, due_on FROM screening WHERE target = 'visit'")
    connection.close()
    return {child: day for child, day in found if day is not None}


def visits_seen(office: Shouhu, day: str) -> set[str]:
    connection = store.open_snapshot(office.store)
    found = store.run(connection, f"SELECT DISTINCT child_id FROM visit WHERE mode = 'home' AND child_seen "
                                  f"AND visited_on = DATE '{day}'")  # fmt: skip
    connection.close()
    return {child for (child,) in found}


def test_the_filled_in_list_comes_back_and_due_days_and_the_estimate_know_it(office, tmp_path):
    week = tmp_path / "week.xlsx"
    made = office("plan", "--identify", "--out", str(week), "--analyst", "--json")
    assert made.code in (0, 1), made.err
    plan = made.document
    as_of = dt.date.fromisoformat(plan["as_of"])
    visited, later = str(as_of + dt.timedelta(3)), str(as_of + dt.timedelta(10))
    children = [child for visit in plan["visits"] if visit["worker"] for child in visit["child_ids"]]
    before = due_days(office)
    n_written = len(fill_in(week, visited))
    assert n_written == len(children) - 1

    taken = office("intake", str(week), "--received-on", later, "--sender", "青禾乡", "--json")
    (file,) = taken.document["files"]
    assert (file["status"], file["rows_quarantined"]) == ("accepted", 0), file["messages"]
    assert office("build", "--as-of", later, "--json").code == 0

    seen = visits_seen(office, visited)
    assert seen == set(children[:-1]), "every visit written, and no other"
    after = due_days(office)
    moved = [child for child in seen & set(before) & set(after) if after[child] > before[child]]
    stayed = [child for child in seen & set(before) & set(after) if after[child] <= before[child]]
    assert moved and not [child for child in stayed if after[child] < dt.date.fromisoformat(visited)]

    drawn = {row["child_id"] for row in plan["list"] if row["is_probe"]}
    assert all(0 < row["probability"] <= 1 for row in plan["list"])
    misses = {row["level"]: row for row in office("plan", "misses", "--json").document["misses"]}
    if drawn:
        assert misses["all"]["n_probes"] == len(drawn)
        assert misses["all"]["n_answered"] == len(drawn & seen)
    else:
        assert misses == {}
