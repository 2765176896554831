"""Verdicts are kept: a table is judged again when its rows or its rules changed, and every intake has its line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from dashboard.commands.intake import take_in
from data_contracts.contract import contracts
from data_contracts.judging import judge, verdicts
from data_contracts.judging.rules import CheckResult, answer, rules
from data_contracts.judging.verdicts import HISTORY, KEPT, history, record, table_states
from registry import store
from registry.settings import Settings
from tests.sheets import KEY, Registry, area_book, write_book

CHILD = {
    "姓名": "测试一", "性别": "男", "身份证号": "", "出生日期": dt.date(2016, 3, 1), "所在村（社区）": "响泉村",
}  # fmt: skip


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The tables that the judge was asked about, run by run; it answers "pass" without Great Expectations."""
    runs: list[list[str]] = []

    def answers(_: Path, tables: Any) -> list[CheckResult]:
        runs.append(list(tables))
        return [answer(rule, 0, 1) for table in tables for rule in rules(contracts()[table])]

    monkeypatch.setattr(judge, "run_checks", answers)
    return runs


def registry_with_areas(folder: Path) -> Path:
    found = Registry(folder)
    found.take_in(area_book(folder))
    found.connection.close()
    return found.settings.registry_path


def change(path: Path, statement: str) -> None:
    connection = store.open_file(path)
    store.run(connection, statement)
    connection.close()


def test_only_tables_whose_rows_changed_are_judged_again(tmp_path: Path, asked: list[list[str]]) -> None:
    path = registry_with_areas(tmp_path)
    first = verdicts.verdicts(path)
    assert asked == [list(contracts())]
    assert verdicts.verdicts(path) == verdicts.Verdicts(first.results, ())
    change(path, "UPDATE area SET name = '改名村' WHERE area_code = '530902001902'")
    assert verdicts.verdicts(path).judged == ("area",)
    assert asked[1:] == [["area"]]


def test_a_rule_that_changed_is_judged_again_though_no_row_did(
    tmp_path: Path, asked: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = registry_with_areas(tmp_path)
    verdicts.verdicts(path)
    usual = rules
    monkeypatch.setattr(
        verdicts,
        "rules",
        lambda contract: usual(contract)[1:] if contract.name == "visit" else usual(contract),
    )
    assert verdicts.verdicts(path).judged == ("visit",)


def test_two_rows_that_change_places_of_value_are_another_state(tmp_path: Path) -> None:
    path = registry_with_areas(tmp_path)
    before = table_states(path)
    change(path, "INSERT INTO area SELECT * FROM area WHERE area_code = '530902'")
    doubled = table_states(path)
    assert doubled["area"] != before["area"], "a row that stands twice is no longer the same table"
    assert {name for name in before if before[name] != doubled[name]} == {"area"}


def test_a_torn_file_of_verdicts_is_judged_anew(tmp_path: Path, asked: list[list[str]]) -> None:
    path = registry_with_areas(tmp_path)
    verdicts.verdicts(path)
    path.with_name(KEPT).write_text('{"area": {"state"', "utf-8")
    assert verdicts.verdicts(path).judged == tuple(contracts())


def test_the_kept_verdicts_are_those_that_the_judge_would_give_now(tmp_path: Path) -> None:
    path = registry_with_areas(tmp_path)
    verdicts.verdicts(path)
    change(path, "INSERT INTO area BY NAME SELECT '3301' AS area_code, '某村' AS name, 'village' AS level")
    kept = {(r.table, r.check_id): r for r in verdicts.verdicts(path).results}
    assert kept["area", "area_code_in_form"].failed == 1
    assert verdicts.verdicts(path, anew=True).results == list(kept.values())


def test_every_intake_runs_the_checkpoint_and_is_kept_in_the_history(
    tmp_path: Path, asked: list[list[str]]
) -> None:
    settings = Settings(store=tmp_path / "store", key_file=tmp_path / "key")
    day = dt.date(2026, 10, 5)

    def intake(*paths: Path) -> None:
        take_in(settings, KEY, list(paths), day, None, quiet=True)

    def occasions() -> list[str]:
        return [occasion for _, occasion in dict.fromkeys(row[:2] for row in history(settings.store))]

    intake(area_book(tmp_path))
    assert occasions() == ["intake"]
    assert asked == [list(contracts())]
    ledger = write_book(tmp_path / "村.xlsx", ("village_ledger", [CHILD]))
    intake(ledger)
    assert occasions() == ["intake", "intake"]
    assert "area" not in asked[1], "the area ledger had not changed"
    intake(ledger)
    assert occasions() == ["intake", "intake"], "the same bytes again are no intake"


def test_the_files_stay_taken_in_when_the_judge_does_not_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: Any) -> list[CheckResult]:
        raise judge.JudgeError("judging registry.duckdb: no answer in 3600 s")

    monkeypatch.setattr(judge, "run_checks", broken)
    settings = Settings(store=tmp_path / "store", key_file=tmp_path / "key")
    [outcome] = take_in(settings, KEY, [area_book(tmp_path)], dt.date(2026, 10, 5), None, quiet=True)
    assert outcome.delivery.status == "accepted"
    assert "no answer" in capsys.readouterr().err
    assert not (settings.store / HISTORY).exists(), "no verdict is no history"


def test_a_line_cut_off_by_a_power_failure_is_left_out_of_the_history(tmp_path: Path) -> None:
    results = [answer(rule, 1, 2) for rule in rules(contracts()["area"])]
    record(tmp_path, results, "intake", ())
    with (tmp_path / HISTORY).open("a", encoding="utf-8") as lines:
        lines.write('{"judged_at": "2026-')
    assert sum(row[4] for row in history(tmp_path)) == len(results)


def test_a_run_with_nothing_to_judge_adds_nothing_unless_it_is_an_intake(tmp_path: Path) -> None:
    results = [answer(rule, 0, 1) for rule in rules(contracts()["area"])]
    record(tmp_path, results, "intake", ())
    record(tmp_path, results, "build", ())
    assert {row[1] for row in history(tmp_path)} == {"intake"}
    record(tmp_path, results, "build", ("area",))
    assert {row[1] for row in history(tmp_path)} == {"intake", "build"}
