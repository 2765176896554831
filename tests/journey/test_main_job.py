"""The main job by its commands: ledgers in; ranked lists and indicators out."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.journey.conftest import SHARED, Shouhu

COMMANDS = (
    "demo",
    "intake",
    "check",
    "build",
    "screen",
    "indicators",
    "cases",
    "report",
    "serve",
    "template",
    "status",
)
needs_samples = pytest.mark.skipif(
    not SHARED.exists(), reason="the sample ledgers are not beside this checkout"
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_helps_with_an_example(shouhu: Shouhu, command: str) -> None:
    answer = shouhu(command, "--help")
    assert answer.code == 0
    assert f"Example: shouhu {command}" in answer.out


def test_the_unbroken_demo_district_flags_nothing(shouhu: Shouhu) -> None:
    made = json.loads((shouhu.folder / "demo.json").read_text("utf-8"))
    said = [m for file in made["files"] for m in file["messages"] if m["severity"] != "info"]
    assert said == []
    assert sum(file["rows_quarantined"] for file in made["files"]) == 0
    assert all(
        file["rows_read"] == file["rows_accepted"] + file["rows_quarantined"] + file["rows_ignored"]
        for file in made["files"]
    )
    answer = shouhu("check", "--json")
    verdicts = {check["status"] for check in answer.document["checks"]}
    assert (answer.code, "fail" in verdicts, "not_checked" in verdicts) == (0, False, False)


def test_the_visit_list_is_in_order_with_reasons_articles_and_places(shouhu: Shouhu) -> None:
    children = shouhu("screen", "--target", "visit", "--json").document["children"]
    assert [child["rank"] for child in children] == list(range(1, len(children) + 1))
    order = {"red": 0, "orange": 1, "yellow": 2, "green": 3}
    lanes = [-1 if child["lane"] == "report_now" else order[child["tier"]] for child in children]
    assert lanes == sorted(lanes) and lanes[0] == -1
    for child in children:
        for reason in child["reasons"]:
            assert reason["clause"] and reason["sentence"]
        assert child["points_low"] <= child["points"] <= child["points_high"]
    assert all(child["reasons"] for child in children if child["lane"] != "ranked")


def test_names_come_only_with_identify_and_every_look_is_logged(shouhu: Shouhu) -> None:
    from dashboard import audit
    from dashboard.desk import open_desk

    plain = shouhu("screen", "--target", "visit", "--json").document["children"]
    assert not any("name" in child or "id_no" in child for child in plain)
    named = shouhu("screen", "--target", "visit", "--identify", "--json").document["children"]
    assert all(child["name"] for child in named)
    seen = {row.subject for row in audit.recent(open_desk(shouhu.store), limit=5_000)}
    assert {child["child_id"] for child in named} <= seen


def test_a_figure_is_the_count_of_the_rows_behind_it(shouhu: Shouhu) -> None:
    figures = shouhu(
        "indicators", "--level", "township", "--period", "2026Q3", "--code", "C12", "--json"
    ).document
    figure = max(figures["indicators"], key=lambda one: one["yes"] + one["no"])
    cases = shouhu("cases", "C12", "--area", figure["area"], "--period", "2026Q3", "--json").document["cases"]
    counted = {
        outcome: sum(case["outcome"] == outcome for case in cases) for outcome in ("yes", "no", "unknown")
    }
    assert counted == {outcome: figure[outcome] for outcome in counted}
    assert figure["value"] == pytest.approx(counted["yes"] / (counted["yes"] + counted["no"]))
    assert all(case["source"].count("/") >= 2 for case in cases)


def test_a_wrong_call_says_what_was_expected_and_ends_with_two(shouhu: Shouhu, tmp_path: Path) -> None:
    assert shouhu("screen", "--target", "nobody").code == 2
    assert shouhu("intake", str(tmp_path / "nowhere.xlsx")).code == 2
    assert shouhu("build", "--as-of", "the ides of March").code == 2
    empty = shouhu("screen", store=tmp_path / "empty")
    assert (empty.code, "shouhu build" in empty.err) == (2, True)


def test_a_blank_form_comes_with_drop_downs_and_is_taken_back_as_empty(
    shouhu: Shouhu, tmp_path: Path
) -> None:
    out = tmp_path / "走访.xlsx"
    assert shouhu("template", "visits", "--out", str(out)).code == 0
    back = shouhu("intake", str(out), "--json", store=tmp_path / "store")
    assert back.code == 1
    assert [m["code"] for m in back.document["files"][0]["messages"] if m["severity"] == "error"] == [
        "empty_ledger"
    ]


def test_a_planted_fault_is_found_where_it_was_planted(shouhu: Shouhu, tmp_path: Path) -> None:
    broken = Shouhu(tmp_path)
    broken.key_file = shouhu.key_file
    made = broken(
        "demo", "--children", "200", "--no-serve", "--json", "--break", "visit.recorded_before_visit"
    )
    said = [m for file in made.document["files"] for m in file["messages"] if m["severity"] != "info"]
    assert made.code in (0, 1) and said
    assert {m["code"] for m in said} == {"recorded_before_visit"}


@needs_samples
def test_intake_and_build_of_the_sample_ledgers_twice_give_the_same_bytes(tmp_path: Path) -> None:
    figures = []
    key_file = tmp_path / "key"
    for run in ("first", "second"):
        folder = tmp_path / run
        folder.mkdir()
        command = Shouhu(folder)
        command.key_file = key_file
        taken = command("intake", str(SHARED), "--received-on", "2026-10-10", "--json")
        assert taken.code == 1  # offices' slips of the pen wait for their senders
        files = taken.document["files"]
        assert all(
            f["rows_read"] == f["rows_accepted"] + f["rows_quarantined"] + f["rows_ignored"] for f in files
        )
        assert command("build", "--as-of", "2026-09-30", "--json").code == 0
        figures.append(
            [
                command("indicators", "--level", level, "--all-periods", "--json").out
                for level in ("village", "township", "district")
            ]
            + [command("screen", "--target", target, "--json").out for target in ("visit", "referral")]
        )
        again = command("intake", str(SHARED), "--received-on", "2026-10-10", "--json")
        assert {f["status"] for f in again.document["files"]} == {"already_known"}
    assert figures[0] == figures[1]
    assert all(json.loads(text) for text in figures[0])


@pytest.mark.parametrize("suffix", [".html", ".xlsx"])
def test_the_supervision_pack_is_written_and_names_its_build(
    shouhu: Shouhu, tmp_path: Path, suffix: str
) -> None:
    out = tmp_path / f"督查{suffix}"
    made = shouhu("report", "--period", "2026Q3", "--out", str(out), "--json")
    assert made.code == 0, made.err
    assert made.document["build_id"] == shouhu("status", "--json").document["build_id"]
    assert out.stat().st_size > 10_000


def test_no_share_of_the_pack_is_more_than_all(shouhu: Shouhu, tmp_path: Path) -> None:
    out = tmp_path / "督查.html"
    assert shouhu("report", "--period", "2026Q3", "--out", str(out)).code == 0
    # Growth carries its sign and may be more than all.
    shares = [float(found) for found in re.findall(r"(?<![+−\d.])(\d+(?:\.\d+)?)%", out.read_text("utf-8"))]
    assert len(shares) > 100 and max(shares) <= 100
