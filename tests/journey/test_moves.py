"""A child moved by hand, from command to list and back: as known on, expiring, and without a trace in the figures."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pytest

from registry import store
from tests.journey.conftest import Answer, Shouhu


@pytest.fixture
def own(shouhu: Shouhu, tmp_path: Path) -> Path:
    """A copy of the demo store, so that other journeys never meet the move."""
    return Path(shutil.copytree(shouhu.store, tmp_path / "store"))


def tiers(answer: Answer) -> dict[str, tuple[str, Any]]:
    return {child["child_id"]: (child["tier"], child["due_on"]) for child in answer.document["children"]}


def test_a_move_acts_at_the_next_build_ends_by_itself_and_can_be_taken_back(
    shouhu: Shouhu, own: Path
) -> None:
    first = shouhu("screen", "--json", store=own).document
    as_of = dt.date.fromisoformat(first["as_of"])
    before = {child["child_id"]: (child["tier"], child["due_on"]) for child in first["children"]}
    child = next(
        one["child_id"] for one in first["children"] if (one["lane"], one["tier"]) == ("tier", "orange")
    )
    reported = next(one["child_id"] for one in first["children"] if one["lane"] == "report_now")
    words = ["--reason", "dealt_with", "--words", "村委会称已处理", "--by", "李娜", "--json"]
    until = ["--until", (as_of + dt.timedelta(20)).isoformat()]

    refused = shouhu("override", "add", reported, "--to", "green", *until, *words, store=own)
    assert refused.code == 2 and "立即报告" in refused.err
    made = shouhu("override", "add", child, "--to", "yellow", *until, *words, store=own)
    assert made.code == 0, made.err
    assert tiers(shouhu("screen", "--json", store=own)) == before, "nothing moves before a build"
    assert "村委会称已处理".encode() not in (own / "registry.duckdb").read_bytes(), "the words are sealed"

    built = shouhu("build", "--as-of", first["as_of"], "--json", store=own).document
    assert built["build_id"] != first["build_id"]
    after = shouhu("screen", "--json", store=own)
    assert {one for one, row in tiers(after).items() if row != before[one]} == {child}
    moved = next(one for one in after.document["children"] if one["child_id"] == child)
    assert moved["tier"] == "yellow"
    assert (moved["override"]["tier_computed"], moved["override"]["by"]) == ("orange", "李娜")
    assert due_for_figures(own)[child] == dt.date.fromisoformat(before[child][1]), (
        "figures count the computed day"
    )

    report = shouhu("override", "report", "--json", store=own).document
    assert report["by_worker"]["李娜"]["down"] == 1
    undone = shouhu(
        "override", "undo", moved["override"]["override_id"], "--words", "核实有误", "--json", store=own
    )
    assert undone.code == 0, undone.err
    again = shouhu("build", "--as-of", first["as_of"], "--json", store=own).document
    assert tiers(shouhu("screen", "--json", store=own)) == before
    assert again["rows"] == built["rows"]


def due_for_figures(place: Path) -> dict[str, dt.date]:
    connection = store.open_snapshot(place)
    try:
        return dict(store.run(connection, "SELECT child_id, due_on FROM tier_due"))  # type: ignore[arg-type]
    finally:
        connection.close()
