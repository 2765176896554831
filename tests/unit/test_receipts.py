"""A receipt tells a changed fact, date, record, card, rule, parameter or day; else it stays silent."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from models.engines import DuckDbEngine
from models.screening import receipts
from models.screening.receipts import Difference, recompute_and_compare
from models.screening.rulebook.card import ReadCard, default_cards
from models.screening.scoring import screen
from tests.spec import ledger

DAY = date(2026, 9, 30)
LEDGER = Path(__file__).parents[1] / "spec" / "screening" / "unknown_and_due.txt"


@pytest.fixture(scope="module")
def screened() -> DuckDbEngine:
    duckdb = pytest.importorskip("duckdb")
    engine = DuckDbEngine(duckdb.connect(":memory:"))
    ledger.fill(engine, ledger.read(LEDGER))
    screen(engine, DAY)
    engine.execute("CREATE TABLE kept AS SELECT * FROM fact")
    return engine


@pytest.fixture
def engine(screened: DuckDbEngine) -> DuckDbEngine:
    screened.execute("CREATE OR REPLACE TABLE fact AS SELECT * FROM kept")
    return screened


def parts(found: list[Difference]) -> set[tuple[str, str]]:
    return {(one.target, one.part) for one in found}


def test_nothing_changed_nothing_told(engine: DuckDbEngine) -> None:
    assert recompute_and_compare(engine, DAY, default_cards()) == []


def test_every_child_and_target_has_a_receipt_of_its_own(engine: DuckDbEngine) -> None:
    rows = engine.rows("SELECT receipt FROM screening")
    assert len({row["receipt"] for row in rows}) == len(rows) == 2 * 11
    assert all(len(row["receipt"]) == 64 for row in rows)


@pytest.mark.parametrize(
    "change",
    [
        "flag = NOT flag WHERE fact = 'lives_alone'",
        "number = number + 1 WHERE fact = 'days_since_contact'",
        "since = DATE '2020-02-02' WHERE fact = 'days_since_contact'",
        "record = 'another/row/1' WHERE fact = 'lives_alone'",
        "flag = NULL WHERE fact = 'lives_alone'",
    ],
)
def test_a_changed_input_is_told_for_its_child_alone(engine: DuckDbEngine, change: str) -> None:
    engine.execute(f"UPDATE fact SET {change} AND child_id = 'complete'")
    found = recompute_and_compare(engine, DAY, default_cards())
    assert Difference("visit", "complete", "facts") in found
    assert {one.child_id for one in found} == {"complete"}


def test_a_fact_that_no_rule_or_card_looks_at_changes_no_receipt(engine: DuckDbEngine) -> None:
    engine.execute("UPDATE fact SET flag = TRUE WHERE fact = 'boarding'")
    assert recompute_and_compare(engine, DAY, default_cards()) == []


def test_a_missing_fact_is_told(engine: DuckDbEngine) -> None:
    engine.execute("DELETE FROM fact WHERE child_id = 'visited'")
    found = recompute_and_compare(engine, DAY, default_cards())
    assert {(one.target, one.child_id) for one in found} == {("visit", "visited"), ("referral", "visited")}


def test_one_changed_byte_of_a_card_is_told(engine: DuckDbEngine) -> None:
    cards = default_cards()
    cards["visit"] = ReadCard(cards["visit"].card, cards["visit"].text + "\n")
    assert recompute_and_compare(engine, DAY, cards) == [Difference("visit", "", "card")]


def test_one_changed_byte_of_the_rules_is_told(engine: DuckDbEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    text_of = receipts.text_of
    monkeypatch.setattr(receipts, "text_of", lambda target: text_of(target) + " " * (target == "referral"))
    assert recompute_and_compare(engine, DAY, default_cards()) == [Difference("referral", "", "rules")]


def test_a_changed_parameter_is_told(engine: DuckDbEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    value_on = receipts.value_on
    monkeypatch.setattr(
        receipts, "value_on", lambda name, day: value_on(name, day) + (name == "contact_breach_days")
    )
    found = recompute_and_compare(engine, DAY, default_cards())
    assert parts(found) == {("visit", "parameters"), ("referral", "parameters")}


def test_another_day_is_told(engine: DuckDbEngine) -> None:
    found = recompute_and_compare(engine, date(2026, 10, 1), default_cards())
    assert parts(found) == {("visit", "as_of"), ("referral", "as_of")}
