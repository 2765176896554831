"""When children came into the top tier: the visit lists of past months' ends, made again by the same rules.

Only the rules of the law's lane and of the most urgent tier are asked, so only their families of facts are made: a
card's points never make a tiering.  What a ledger says without a day of its own counts from the day its file was
known, as everywhere in past snapshots (decision 0010).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import nullcontext
from datetime import date
from typing import Any

from models.engines import Engine
from models.evaluate import TIERING
from models.facts import create_facts, fact_queries, shared_queries
from models.incremental import Memory
from models.parameters import parameters, value_on
from models.screening.rulebook.lanes import REPORT_NOW, Rule, Tiers, tiers_of
from models.screening.scoring import earliest_finding
from models.sql import parse

TARGET = "visit"


def make_tierings(
    engine: Engine,
    days: Sequence[date],
    target: str = TARGET,
    memory: Memory | None = None,
    rules: Tiers | None = None,
) -> None:
    """Make `tiering`: who is in the top tier of a month's list and was not in the list before.

    `days` are list days, oldest first, all among the snapshot days; the first only says who was there already.
    A tiering's day is that of the finding where it lies between the two lists, else the later list's day.
    `rules` stands in for the shipped ones.
    With `memory` the lists are made anew only where something that they read has changed.
    Columns: child_id, tiered_on (date), tier (`report_now` or the most urgent tier), target, record.
    """
    rules = rules or tiers_of(target)
    top = [*rules.of_tier(REPORT_NOW), *rules.of_tier(rules.order[0])]
    asked = {name for rule in top for name in (*rule.facts(), rule.shown)}
    if memory and memory.has("tiering", _key(memory, asked, rules, days)):
        memory.copy("tiering")
        return
    with memory.asleep() if memory else nullcontext():
        found = _found(engine, days, rules, target, asked)
    engine.create("tiering", TIERING, sorted(found))


def _found(
    engine: Engine, days: Sequence[date], rules: Tiers, target: str, asked: Collection[str]
) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    before: set[str] | None = None
    last = date.min
    for day in days:
        create_facts(engine, day, only=asked)
        rows = engine.rows(_top_sql(rules, day))
        if before is not None:
            new = (row for row in rows if row["child_id"] not in before)
            found += [
                (row["child_id"], _day(row, last, day), row["tier"], target, row["record"]) for row in new
            ]
        before, last = {row["child_id"] for row in rows}, day
    return found


# What the lists read beside the facts.
_BESIDE = parse(
    "SELECT k.child_id, k.record, p.on_day, p.listed, p.eligibility FROM known_child AS k "
    "JOIN population AS p ON p.child_id = k.child_id",
    "tiering",
)


def _key(memory: Memory, asked: Collection[str], rules: Tiers, days: Sequence[date]) -> str:
    inside = {"fact_day", *shared_queries()}
    return memory.key([*fact_queries(asked), _BESIDE], _decisive(rules, days), inside)


def _decisive(rules: Tiers, days: Sequence[date]) -> list[str]:
    """All that decides about the lists and stands in no table: the rules and the parameters of each day."""
    numbers = [f"{day} {name} {value_on(name, day)}" for day in days for name in parameters()]
    return [*(_top_sql(rules, day) for day in days), *numbers]


def _day(row: dict[str, Any], last: date, day: date) -> date:
    finding = row["found_on"]
    return finding if last < finding <= day else day


def _any_true(rules: Sequence[Rule]) -> str:
    return "(" + " OR ".join(["FALSE", *(f"COALESCE(j.rule_{rule.id}, FALSE)" for rule in rules)]) + ")"


def _top_sql(rules: Tiers, day: date) -> str:
    """Children of that day's list in the top tier: tier, earliest finding, and the record behind a rule."""
    lane, first = rules.of_tier(REPORT_NOW), rules.of_tier(rules.order[0])
    answers = ", ".join(f"({rule.sql(day)}) AS rule_{rule.id}" for rule in (*lane, *first))
    records = [f"CASE WHEN j.rule_{rule.id} THEN w.{rule.shown}__record END" for rule in (*lane, *first)]
    is_report, is_first = _any_true(lane), _any_true(first)
    return (
        f"SELECT j.child_id, CASE WHEN {is_report} THEN '{REPORT_NOW}' ELSE '{rules.order[0]}' END AS tier, "
        f"CASE WHEN {is_report} THEN {earliest_finding(lane)} ELSE {earliest_finding(first)} END AS found_on, "
        f"COALESCE({', '.join(records)}, k.record) AS record "
        f"FROM (SELECT w.child_id, {answers} FROM fact_wide AS w) AS j "
        "JOIN fact_wide AS w ON w.child_id = j.child_id JOIN known_child AS k ON k.child_id = j.child_id "
        f"LEFT JOIN population AS p ON p.child_id = j.child_id AND p.on_day = CAST('{day}' AS DATE) "
        f"WHERE {is_report} OR ({is_first} AND p.listed AND p.eligibility IN ('yes', 'unknown'))"
    )
