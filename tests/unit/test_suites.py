"""Contracts as rules, SQL and suites: the two counts agree, and the four answers are told apart."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

os.environ["GX_ANALYTICS_ENABLED"] = "false"

import great_expectations.expectations as gxe

from data_contracts.contract import Contract, ContractError, contracts, parse
from data_contracts.judging import judge, suites
from data_contracts.judging.judge import JudgeError, append_history, run_checks
from data_contracts.judging.rules import (
    CheckResult,
    Rule,
    answer,
    applicable_count_sql,
    failing_count_sql,
    failing_rows_sql,
    rules,
    with_quarantine,
)
from registry import store

CANARY = "王小明CANARY"
REPORTED = date(2026, 9, 30)

VISIT = {"child_ref": "c1", "due_on": date(2026, 9, 1), "mode": "home", "note": "一切正常"}
SCREEN = {
    "child_ref": "c1",
    "scale": "SDQ",
    "screened_on": date(2026, 9, 1),
    "informant": "parent",
    "total": 12,
}
PAYMENT = {"child_ref": "c1", "scheme": "temporary", "month": "2026-09", "due_amount": 300}
AREA = {"area_code": "330102001002", "name": "示范村", "level": "village"}

# Each table with its clean row and what is dirty about the others; a row's place is its number.
DIRTY: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {
    "visit": (
        VISIT,
        [
            {},
            {},  # the same visit again, in the same sheet
            {"_delivery": "second"},  # and once more in the next quarter's ledger, which is no repetition
            {"_sheet": "other"},
            {"child_ref": None},
            {"child_ref": "c2", "due_on": None},
            {"child_ref": "c3", "mode": CANARY},
            {"child_ref": "c4", "mode": None},
            {"child_ref": "c5", "visited_on": date(2026, 9, 30), "recorded_on": date(2026, 9, 29)},
            {"child_ref": "c6", "visited_on": date(2026, 10, 1), "recorded_on": date(2026, 10, 1)},
        ],
    ),
    "psych_screen": (
        SCREEN,
        [
            {},
            {"child_ref": "c2", "total": 41},  # an SDQ ends at 40
            {"child_ref": "c3", "scale": "MHT", "total": 41, "lie_score": 10},  # 10 is still inside
            {"child_ref": "c4", "scale": CANARY, "total": 0},
            {"child_ref": "c5", "total": None},
            {"child_ref": "c6", "total": -1, "lie_score": 11},
            {"child_ref": "c7", "informant": None},
            {"child_ref": "c7", "informant": None},  # the informant is unknown: perhaps two people
            {"child_ref": "c8", "second_on": date(2026, 8, 31), "second_outcome": "severe"},
        ],
    ),
    "relief_payment": (
        PAYMENT,
        [{}, {"month": "2026-9"}, {"month": CANARY}, {"month": None, "due_amount": -1}],
    ),
    "area": (AREA, [{}, {"area_code": "3301"}, {"area_code": "330102"}, {"area_code": "3301020010021"}]),
}

EXPECTED_FAILED = {
    ("visit", "child_ref_known"): 1,
    ("visit", "due_on_known"): 1,
    ("visit", "visited_on_not_in_future"): 1,
    ("visit", "mode_in_code_list"): 1,
    ("visit", "recorded_on_not_in_future"): 1,
    ("visit", "visit_key_unique"): 2,
    ("visit", "recorded_before_visit"): 1,
    ("psych_screen", "scale_in_code_list"): 1,
    ("psych_screen", "total_known"): 1,
    ("psych_screen", "total_in_range"): 1,
    ("psych_screen", "lie_score_in_range"): 1,
    ("psych_screen", "total_out_of_range"): 1,
    ("psych_screen", "second_before_first"): 1,
    ("relief_payment", "month_known"): 1,
    ("relief_payment", "month_in_form"): 2,
    ("relief_payment", "due_amount_in_range"): 1,
    ("area", "area_code_in_form"): 2,  # 4 digits and 13
}


def fill(path: Path, tables: Mapping[str, tuple[dict[str, Any], list[dict[str, Any]]]]) -> Path:
    """A registry file with the contracts' tables and the given rows."""
    connection = store.dbapi().connect(str(path))
    for name, (clean, others) in tables.items():
        connection.execute(contracts()[name].ddl())
        for number, other in enumerate(others, start=1):
            place = {
                "_delivery": "first",
                "_sheet": "台账",
                "_row": number,
                "_reported_on": REPORTED,
                "_precedence": 4000,
            }
            row = {**place, **clean, **other}
            names = ", ".join(f'"{column}"' for column in row)
            marks = ", ".join("?" * len(row))
            connection.execute(f'INSERT INTO "{name}" ({names}) VALUES ({marks})', list(row.values()))
    connection.close()
    return path


def change(path: Path, *statements: str) -> None:
    connection = store.dbapi().connect(str(path))
    for statement in statements:
        connection.execute(statement)
    connection.close()


def plan_of(*tables: str) -> dict[str, Sequence[Rule]]:
    return {table: rules(contracts()[table]) for table in tables}


def answers(path: Path, plan: Mapping[str, Sequence[Rule]]) -> dict[tuple[str, str], CheckResult]:
    return {(result.table, result.check_id): result for result in suites.validate(path, contracts(), plan)}


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    return fill(tmp_path / "registry.duckdb", DIRTY)


def test_every_rule_of_every_contract_compiles_with_words_in_both_languages() -> None:
    found = [rule for contract in contracts().values() for rule in rules(contract)]
    declared = sum(
        len(table.quality or []) + sum(len(prop.quality or []) for prop in table.properties or [])
        for contract in contracts().values()
        for table in contract.document.schema_ or []
    )
    assert len(found) == declared > 300
    assert len({(rule.table, rule.id) for rule in found}) == len(found)
    for rule in found:
        assert suites.expectation(rule).meta == {"check": rule.id}
        assert any("一" <= letter <= "鿿" for letter in rule.zh), rule
        assert rule.en.strip() and "_" not in rule.zh + rule.en, rule


def test_both_counts_are_those_of_the_dirty_rows_rule_by_rule(registry: Path) -> None:
    plan = plan_of(*DIRTY)
    validation = suites.Validation(registry)
    assert all(validation.has(table) for table in plan)
    judged = {place: counted.failed for place, counted in validation.run(plan).items()}
    counted = {
        (table, rule.id): validation.numbers(failing_count_sql(contracts()[table], rule))[0]
        for table, table_rules in plan.items()
        for rule in table_rules
    }
    together = {
        place: pair[0]
        for table, table_rules in plan.items()
        for place, pair in validation.counts(contracts()[table], table_rules).items()
    }
    validation.close()
    assert judged == counted == together
    assert {place: failed for place, failed in judged.items() if failed} == EXPECTED_FAILED


def test_failing_rows_are_named_by_their_place(registry: Path) -> None:
    visit = contracts()["visit"]
    by_id = {rule.id: rule for rule in rules(visit)}
    connection = store.dbapi().connect(str(registry), read_only=True)

    def places(check_id: str) -> list[Any]:
        return sorted(connection.execute(failing_rows_sql(visit, by_id[check_id])).fetchall())

    assert places("mode_in_code_list") == [("first", "台账", 7)]
    assert places("visit_key_unique") == [("first", "台账", 1), ("first", "台账", 2)]
    connection.close()


def test_a_blank_cell_is_the_business_of_the_known_rule_only(registry: Path) -> None:
    found = answers(registry, plan_of("visit", "relief_payment"))
    n_visits, n_payments = 10, 4
    assert found["visit", "mode_in_code_list"].applicable == n_visits - 1
    assert found["visit", "child_ref_known"].applicable == n_visits
    assert found["relief_payment", "month_in_form"].applicable == n_payments - 1
    assert found["visit", "recorded_before_visit"].applicable == 2  # only two rows have both dates
    assert found["visit", "visit_key_unique"].applicable == n_visits - 2  # two do not know their whole key


def test_the_four_answers_are_told_apart(tmp_path: Path) -> None:
    path = fill(tmp_path / "r.duckdb", {"visit": (VISIT, [{}, {"mode": "fax"}]), "area": (AREA, [])})
    found = answers(path, plan_of("visit", "area", "hazard"))
    assert found["visit", "child_ref_known"].status == "pass"
    assert found["visit", "mode_in_code_list"].status == "fail"
    assert found["visit", "recorded_before_visit"].status == "not_yet_due", "no row has both dates"
    undelivered = {found["area", rule.id].status for rule in rules(contracts()["area"])}
    assert undelivered == {"not_yet_due"}, "nothing has come in: no pass"
    missing = [result for result in found.values() if result.table == "hazard"]
    assert len(missing) == len(rules(contracts()["hazard"]))
    assert {(result.status, result.failed, result.why) for result in missing} == {
        ("not_checked", None, "missing_table")
    }


def test_a_missing_column_is_not_checked_and_spoils_no_other_answer(registry: Path) -> None:
    whole = answers(registry, plan_of("visit"))
    change(registry, "ALTER TABLE visit DROP COLUMN mode")
    partial = answers(registry, plan_of("visit"))
    assert partial["visit", "mode_in_code_list"].status == "not_checked"
    assert partial["visit", "mode_in_code_list"].why == "missing_column"
    del whole["visit", "mode_in_code_list"], partial["visit", "mode_in_code_list"]
    assert partial == whole


def test_a_broken_metric_is_neither_failed_nor_passed(registry: Path) -> None:
    change(
        registry,
        "ALTER TABLE psych_screen ALTER total TYPE VARCHAR",
        f"UPDATE psych_screen SET total = '{CANARY}' WHERE child_ref = 'c1'",
    )
    found = answers(registry, plan_of("psych_screen"))
    broken = found["psych_screen", "total_out_of_range"]
    assert (broken.status, broken.failed, broken.applicable) == ("not_checked", None, None)
    assert found["psych_screen", "lie_score_in_range"].failed == 1
    assert CANARY not in str(found)


def test_an_expectation_that_crashes_the_run_leaves_the_other_answers_alone(
    registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = answers(registry, plan_of("visit", "area", "psych_screen"))
    usual = suites.expectation
    quantiles = {"quantiles": [0.5], "value_ranges": [[0, 100]]}

    def crashing(rule: Rule) -> object:
        if rule.id == "total_in_range":
            return gxe.ExpectColumnQuantileValuesToBeBetween(
                column="total", quantile_ranges=quantiles, meta={"check": rule.id}
            )
        return usual(rule)

    monkeypatch.setattr(suites, "expectation", crashing)
    partial = answers(registry, plan_of("visit", "area", "psych_screen"))
    assert partial.pop(("psych_screen", "total_in_range")).status == "not_checked"
    del whole["psych_screen", "total_in_range"]
    assert partial == whole


def test_two_counts_that_differ_are_no_answer(registry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = suites.expectation

    def lenient(rule: Rule) -> object:
        return usual(rule._replace(values=(*rule.values, CANARY)) if rule.id == "mode_in_code_list" else rule)

    monkeypatch.setattr(suites, "expectation", lenient)
    found = answers(registry, plan_of("visit"))
    assert found["visit", "mode_in_code_list"].why == "disagreement"
    assert found["visit", "mode_in_code_list"].status == "not_checked"


def test_a_row_that_does_not_know_its_sheet_cannot_pass_for_unique(tmp_path: Path) -> None:
    path = fill(tmp_path / "r.duckdb", {"visit": (VISIT, [{"_sheet": None}, {"_sheet": None}])})
    found = answers(path, plan_of("visit"))["visit", "visit_key_unique"]
    assert found.status == "not_checked"


def test_conditions_with_colons_and_braces_reach_the_database_unchanged(tmp_path: Path) -> None:
    path = fill(tmp_path / "r.duckdb", {"visit": (VISIT, [{"note": "{a:b}"}, {"note": "ab"}])})
    [rule] = [rule for rule in rules(contracts()["visit"]) if rule.id == "recorded_before_visit"]
    awkward = rule._replace(fails_when="note::VARCHAR = '{a:b}' OR regexp_matches(note, '^(?:x){2}$')")
    [found] = suites.validate(path, contracts(), {"visit": [awkward]})
    assert (found.status, found.failed) == ("fail", 1)


def test_rows_refused_at_the_gate_count_as_failing() -> None:
    rule = rules(contracts()["visit"])[0]
    place = ("visit", rule.id)
    clean, empty = answer(rule, 0, 10), answer(rule, 0, 0)
    [merged] = with_quarantine([clean], {place: 3})
    assert (merged.status, merged.failed, merged.applicable) == ("fail", 3, 10 + 3)
    assert with_quarantine([empty], {place: 1})[0].status == "fail"
    assert with_quarantine([clean, empty], {}) == [clean, empty]
    unknown = clean._replace(status="not_checked", failed=None, applicable=None)
    assert with_quarantine([unknown], {place: 3}) == [unknown]


def visit_with(before: str, after: str) -> Contract:
    text = (Path(judge.__file__).parents[1] / "tables" / "visit.odcs.yaml").read_text("utf-8")
    assert before in text
    return parse(text.replace(before, after, 1))


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("mustBe: 0", "mustBe: 5", "expected mustBe: 0, found 5"),
        ("metric: nullValues", "metric: rowCount", "expected a known metric"),
        ("validValues:", "invalidated:", "expected validValues, pattern or a range"),
        ('value: "recorded_on < visited_on"', 'value: "recorded_on > visited_on"', "found two conditions"),
        ('query: "SELECT COUNT(*)', 'query: "SELECT SUM(1)', "found another query"),
        ("visited_on > _reported_on", "visited_on > due_on", "expected words for users"),
    ],
)
def test_a_rule_that_cannot_be_compiled_is_refused_by_name(before: str, after: str, found: str) -> None:
    with pytest.raises(ContractError, match="contract visit: rule") as refused:
        rules(visit_with(before, after))
    assert found in str(refused.value)


def test_the_judge_answers_from_a_process_of_its_own(registry: Path) -> None:
    results = run_checks(registry, ["visit", "hazard"])
    found = {(result.table, result.check_id): result for result in results}
    assert found["visit", "visit_key_unique"].failed == 2
    assert found["visit", "visit_key_unique"].zh == "同一表页内重复登记"
    assert found["hazard", "place_known"].why == "missing_table"
    assert len(results) == len(rules(contracts()["visit"])) + len(rules(contracts()["hazard"]))


def test_no_cell_reaches_the_judges_output_even_when_a_metric_breaks(registry: Path) -> None:
    change(
        registry,
        "ALTER TABLE psych_screen ALTER total TYPE VARCHAR",
        f"UPDATE psych_screen SET total = '{CANARY}' WHERE child_ref = 'c1'",
    )
    command = [sys.executable, "-m", "data_contracts.judging.judge", "--database", str(registry)]
    finished = subprocess.run(
        [*command, "--tables", ",".join(DIRTY)], capture_output=True, check=True, text=True
    )
    checks = {(check["table"], check["check_id"]): check for check in json.loads(finished.stdout)["checks"]}
    assert checks["psych_screen", "total_out_of_range"]["status"] == "not_checked"
    assert checks["visit", "mode_in_code_list"]["failed"] == 1
    assert "CANARY" not in finished.stdout + finished.stderr
    assert finished.stderr == "", "no progress bars, no logging"


def test_the_caller_never_imports_great_expectations(registry: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from data_contracts.judging.judge import run_checks;"
        f"run_checks(Path({str(registry)!r}), ['area']);"
        "print([name for name in sys.modules if name.startswith(('great_expectations', 'sqlalchemy'))])"
    )
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert finished.stdout.strip() == "[]"


def test_the_judge_gets_no_key_and_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOUHU_KEY", "secret")
    environment = judge._child_environment(str(tmp_path))
    assert "secret" not in environment.values()
    assert environment["GX_ANALYTICS_ENABLED"] == "false"
    code = (
        "import socket; from data_contracts.judging import judge; judge._forbid_network()\n"
        "for reach in (lambda: socket.create_connection(('192.0.2.1', 80), 1),\n"
        "              lambda: socket.getaddrinfo('example.org', 80)):\n"
        "    try: reach()\n"
        "    except PermissionError: print('refused')\n"
    )
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert finished.stdout.split() == ["refused", "refused"]


def test_a_judge_whose_caller_is_gone_ends_without_an_answer(registry: Path) -> None:
    command = [sys.executable, "-m", "data_contracts.judging.judge", "--database", str(registry)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([*command, "--while-stdin-is-open"], **pipes) as process:  # type: ignore[call-overload]
        said, _ = process.communicate(timeout=60)  # closes its standard input, as the end of a caller does
    assert (process.returncode, said) == (1, b"")


def test_what_cannot_be_judged_at_all_is_an_error_and_not_an_answer(tmp_path: Path) -> None:
    with pytest.raises(JudgeError, match="expected tables that have a contract, found nothing_such"):
        run_checks(tmp_path / "r.duckdb", ["nothing_such"])
    with pytest.raises(JudgeError, match=r"judging absent\.duckdb: expected a DuckDB file, found none"):
        run_checks(tmp_path / "absent.duckdb", ["area"])


def test_a_file_that_is_being_written_is_not_judged(registry: Path) -> None:
    writer = store.dbapi().connect(str(registry))
    with pytest.raises(JudgeError, match="is a process still writing it"):
        run_checks(registry, ["area"])
    writer.close()


def test_the_experiment_in_the_decision_still_comes_out_as_written() -> None:
    decision = Path(judge.__file__).parents[2] / "docs/decisions/0006-great-expectations.md"
    code = decision.read_text("utf-8").split("```python\n")[1].split("```")[0]
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    lines = finished.stdout.splitlines()
    chosen = [line for line in lines if str(suites.COUNTS_ONLY) in line]
    assert len(chosen) == 4
    assert all("leaks=False counts=3" in line for line in chosen)
    assert any("leaks=True" in line for line in lines), "a leak would be seen"


def test_history_keeps_every_run(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    results = [answer(rule, 0, 1) for rule in rules(contracts()["area"])]
    for day in (1, 2):
        append_history(path, results, datetime(2026, 9, day, tzinfo=UTC))
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert len(lines) == 2 * len(results)
    assert lines[-1]["judged_at"] == "2026-09-02T00:00:00+00:00"
    assert lines[0]["check_id"] == results[0].check_id


def test_applicable_rows_of_a_range_are_those_with_a_number() -> None:
    [rule] = [rule for rule in rules(contracts()["psych_screen"]) if rule.id == "lie_score_in_range"]
    query = applicable_count_sql(contracts()["psych_screen"], rule)
    connection = store.dbapi().connect()
    connection.execute("CREATE TABLE psych_screen AS SELECT * FROM (VALUES (3), (NULL), (11)) t(lie_score)")
    assert connection.execute(query).fetchone() == (2,)
