"""Drilling down, the way back, missing tables, broken cases, and the same bytes twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models import measure, medians_and_rates, periods
from models.engines import DuckDbEngine
from models.evaluate import EvaluationError, cases, evaluate, measures_of
from tests.spec import ledger

HERE = Path(__file__).parent
C12 = HERE / "ledgers" / "c12_visits_on_time.txt"
FIGURES = (
    "SELECT code, series, level, area, period, yes, no, unknown, value, low, high, evidence, status, n_shown "
    "FROM figure"
)


def _evaluated(engine: DuckDbEngine, *codes: str) -> DuckDbEngine:
    chosen = [measure.indicators()[code] for code in codes]
    ledger.fill(engine, ledger.read(C12), chosen)
    evaluate(engine, chosen)
    return engine


def test_behind_a_figure_stand_exactly_its_rows(duckdb_engine: DuckDbEngine) -> None:
    engine = _evaluated(duckdb_engine, "C12", "C14")
    # Two children in two townships: six visits of the one, three of the other, two of the first in time.
    for area, n_in_time, n_due in (("530902", 2, 6 + 3), ("530902001901", 2, 6), ("530902002", 0, 3)):
        rows = cases(engine, "C12", area, "2026Q3")
        assert [row["outcome"] for row in rows].count("yes") == n_in_time
        assert len(rows) == n_due
    assert cases(engine, "C12", "530902001902", "2026Q3") == []
    assert cases(engine, "C12", "530902' OR '1'='1", "2026Q3") == []


def test_from_a_child_one_finds_the_measures_in_which_it_counts(duckdb_engine: DuckDbEngine) -> None:
    engine = _evaluated(duckdb_engine, "C2", "C12", "C14")
    assert {row["code"] for row in measures_of(engine, "a")} == {"C2", "C12", "C14"}
    assert {row["code"] for row in measures_of(engine, "nobody")} == set()


def test_every_place_and_period_has_a_figure(duckdb_engine: DuckDbEngine) -> None:
    engine = _evaluated(duckdb_engine, "C12")
    rows = engine.rows(FIGURES)
    quarters = 9  # two years back from the day before a quarter ends reach into one more
    assert len(rows) == len(ledger.AREAS) * quarters
    empty = [row for row in rows if row["n_shown"] == 0]
    assert empty
    assert {row["status"] for row in empty} == {"not_applicable"}
    assert {row["value"] for row in empty} == {None}


def test_a_missing_table_is_never_a_zero(duckdb_engine: DuckDbEngine) -> None:
    # S12 counts people: without any word on how they live, zero would say that nobody lives alone.
    engine = _evaluated(duckdb_engine, "S12")
    rows = engine.rows(FIGURES)
    assert rows
    assert {(row["status"], row["value"], row["unknown"]) for row in rows} == {("not_applicable", None, 0)}


def test_two_runs_give_the_same_bytes(duckdb_engine: DuckDbEngine) -> None:
    def text() -> str:
        engine = _evaluated(duckdb_engine, *measure.indicators())
        return json.dumps([engine.rows(FIGURES), measures_of(engine, "a")], default=str)

    assert text() == text()


@pytest.mark.parametrize("name", ["c10_director_load", "i5_suspected_doubles", "s4_days_in_danger"])
def test_many_cases_are_read_period_by_period_and_give_the_same(
    name: str, duckdb_engine: DuckDbEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = measure.indicators()[name.split("_")[0].upper()]
    ledger.fill(duckdb_engine, ledger.read(HERE / "ledgers" / f"{name}.txt"), [one])
    found = []
    for at_once in (medians_and_rates.CASES_AT_ONCE, 0):
        monkeypatch.setattr(medians_and_rates, "CASES_AT_ONCE", at_once)
        evaluate(duckdb_engine, [one])
        found.append(duckdb_engine.rows(FIGURES))
    assert found[0] == found[1]
    assert any(
        row["value"] is not None for row in found[0] if one.kind_of(row["series"]) not in ("share", "count")
    )


def test_children_without_a_known_village_count_in_the_district(
    duckdb_engine: DuckDbEngine, tmp_path: Path
) -> None:
    path = tmp_path / "c2_files.txt"
    path.write_text(
        "as of 2026-09-30\n\nchildren\nchild_id | birth_date | father | mother | opened_on | village\n"
        "a | 2015-05-01 | away | away | 2025-01-10 | 530902009999\n\n"
        "expect figures\nlevel | area | period | yes | n_shown\n"
        "district | 530902 | 2026Q3 | 1 | 1\ntownship | 530902001 | 2026Q3 | 0 | 0\n",
        "utf-8",
    )
    ledger.check(duckdb_engine, ledger.read(path))


@pytest.mark.parametrize(
    ("was", "becomes", "problem"),
    [
        ("ELSE 'yes' END", "ELSE 'maybe' END", "expected yes, no or unknown"),
        ("ELSE 'yes' END", "END", "expected yes, no or unknown"),
        ("|| '@' || CAST(d.due_on AS VARCHAR) AS subject", "AS subject", "stand twice"),
    ],
)
def test_cases_that_break_the_rules_are_refused(
    was: str, becomes: str, problem: str, duckdb_engine: DuckDbEngine
) -> None:
    path = next(measure.FOLDER.glob("*/c12_*.sql"))
    text = path.read_text("utf-8")
    assert was in text
    broken = measure.read_indicator(text.replace(was, becomes), path.name, "coverage")
    ledger.fill(duckdb_engine, ledger.read(C12), [broken])
    with pytest.raises(EvaluationError, match=problem):
        evaluate(duckdb_engine, [broken])


@pytest.mark.parametrize("weeks", [1, 2, 4, 6, 12])
def test_weekly_contact_is_looked_at_over_as_many_weeks_as_the_parameter_says(
    duckdb_engine: DuckDbEngine, monkeypatch: pytest.MonkeyPatch, weeks: int
) -> None:
    """`weekly` has a contact in each of the last four weeks and none before: five weeks it has not kept."""
    usual = periods.value_on
    monkeypatch.setattr(
        periods, "value_on", lambda name, day: weeks if name == "contact_weeks" else usual(name, day)
    )
    chosen = [measure.indicators()["C11"]]
    ledger.fill(duckdb_engine, ledger.read(HERE / "ledgers" / "c11_weekly_contact.txt"), chosen)
    assert duckdb_engine.rows("SELECT DISTINCT contact_weeks FROM period") == [{"contact_weeks": weeks}]
    evaluate(duckdb_engine, chosen)
    told = {row["subject"]: row["outcome"] for row in cases(duckdb_engine, "C11", "530902", "2026-09")}
    assert told["weekly"] == ("yes" if weeks <= 4 else "unknown")
    assert told["gap"] == ("yes" if weeks <= 2 else "no")
    assert told["august"] == ("yes" if weeks == 1 else "no")
