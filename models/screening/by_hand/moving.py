"""Moves by hand inside the law: how far a child may be moved, and what a move does to the list.

A move never reaches the report-now lane, in either direction, and never lowers the most urgent tier that a rule set.
Down it goes at most so many tiers below what the rules say, and only for the rules that held when it was made: a rule
that holds since counts in full.  It acts on tier, bounds and due day alike, so more worry still never lowers a child.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from models.engines import Engine
from models.parameters import value_on
from models.screening.rulebook.lanes import REPORT_NOW, Rule, Tiers
from models.screening.sentences import quoted
from registry.overrides import DOWN, UP, Override, OverrideProblem

# The moves that count on the list, as known on its day of knowledge; made before the lists, published with them.
OVERRIDE_TABLE = "person_override"
OVERRIDE_COLUMNS = {
    "override_id": "VARCHAR",
    "child_id": "VARCHAR",
    "target": "VARCHAR",
    "direction": "VARCHAR",
    "tier": "VARCHAR",
    "tier_then": "VARCHAR",
    "rules_then": "VARCHAR",
    "code": "VARCHAR",
    "by": "VARCHAR",
    "at": "TIMESTAMP",
    "from_on": "DATE",
    "until_on": "DATE",
}
# What the moves did: one row per moved child of a list.
MOVED_TABLE = "moved_child"
MOVED_COLUMNS = {
    "target": "VARCHAR",
    "child_id": "VARCHAR",
    "override_id": "VARCHAR",
    "tier_computed": "VARCHAR",
    "tier": "VARCHAR",
    "due_computed": "DATE",
    "due_on": "DATE",
    "told": "VARCHAR",
}
_BOUNDS = {"": "j.rule_{0}", "_low": "j.rule_{0}", "_high": "(j.rule_{0} IS NULL OR j.rule_{0})"}


class Move(NamedTuple):
    """What all moves of one child on one list come to: up where any says so, else the least of the moves down."""

    child_id: str
    override_id: str
    direction: str
    tier: str
    rules_then: frozenset[str]
    from_on: date
    told: str


def create_overrides(engine: Engine, made: Iterable[Override], links: Mapping[str, str]) -> None:
    """Make `person_override`; `links` leads from a reference to the child that it belongs to today."""
    rows = [
        (one.override_id, links.get(one.child_ref, one.child_ref), one.target, one.direction, one.tier, one.tier_then,
         ",".join(one.rules_then), one.code, one.by, one.at, one.from_on, one.until_on)
        for one in made
    ]  # fmt: skip
    engine.create(OVERRIDE_TABLE, OVERRIDE_COLUMNS, rows)


def counting(made: Iterable[Override], as_of: date, known_on: date) -> list[Override]:
    """The moves that count on a day's list as known on a day; those past their last day have ended by themselves."""
    return [one for one in made if one.known_on(known_on) and one.from_on <= as_of <= one.until_on]


def moves(engine: Engine, rules: Tiers) -> list[Move]:
    """The moves of one list; none where no table of them was made."""
    if OVERRIDE_TABLE not in engine.tables():
        return []
    columns = ", ".join(f"o.{name}" for name in OVERRIDE_COLUMNS if name not in ("by", "at"))
    found: dict[str, list[dict[str, Any]]] = {}
    for row in engine.rows(f"SELECT {columns} FROM {OVERRIDE_TABLE} AS o WHERE o.target = '{rules.target}'"):
        found.setdefault(row["child_id"], []).append(row)
    return [_joined(rules, child, rows) for child, rows in sorted(found.items())]


def _joined(rules: Tiers, child: str, rows: list[dict[str, Any]]) -> Move:
    """Two entries that were found to be one child may both have been moved: the more urgent one holds."""
    upward = [row for row in rows if row["direction"] == UP]
    chosen = max(
        upward or rows, key=lambda row: (rules.severity(row["tier"]), row["from_on"], row["override_id"])
    )
    known = [set(filter(None, row["rules_then"].split(","))) for row in rows if row["direction"] == DOWN]
    known_to_all = frozenset(set.intersection(*known)) if known else frozenset()
    told = "+".join(sorted(f"{row['override_id']}:{row['tier']}:{row['until_on']}" for row in rows))
    return Move(
        child,
        chosen["override_id"],
        chosen["direction"],
        chosen["tier"],
        known_to_all,
        _day(chosen["from_on"]),
        told,
    )


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


def lowest_allowed(rules: Tiers, by_rule: str, day: date) -> str:
    """The tier below which nobody may move a child whom rules put into `by_rule`."""
    steps = _steps(rules)
    if by_rule not in steps or by_rule == steps[0]:
        return by_rule
    return steps[min(steps.index(by_rule) + value_on("override_tiers_down", day), len(steps) - 1)]


def choices(rules: Tiers, computed: str, by_rule: str, day: date) -> list[str]:
    """The tiers to which a child may be moved from where rules and card put it, most urgent first."""
    lowest = rules.severity(lowest_allowed(rules, by_rule, day))
    return [tier for tier in _steps(rules) if tier != computed and rules.severity(tier) >= lowest]


def direction_of(rules: Tiers, tier: str, computed: str) -> str:
    """Whether moving there is up or down."""
    return UP if rules.severity(tier) > rules.severity(computed) else DOWN


def check(rules: Tiers, lane: str, computed: str, by_rule: str, tier: str, day: date) -> None:
    """OverrideProblem where the law or the local limit stands against moving the child to that tier."""
    if lane == REPORT_NOW or tier == REPORT_NOW:
        raise OverrideProblem("report_now")
    if tier not in _steps(rules):
        raise OverrideProblem("no_such_tier", tier=tier)
    if tier == computed:
        raise OverrideProblem("same_tier", tier=tier)
    lowest = lowest_allowed(rules, by_rule, day)
    if rules.severity(tier) < rules.severity(lowest):
        raise OverrideProblem("too_low", tier=tier, lowest=lowest)


def _steps(rules: Tiers) -> list[str]:
    """The tiers that a person may choose: not those that only say that something is not known."""
    return [tier for tier in rules.order if not rules.tiers[tier].counts_as]


def apply_moves(engine: Engine, rules: Tiers, as_of: date, found: Sequence[Move]) -> None:
    """Make `moved_<target>` from `computed_<target>`, and `verdict_<target>` with the moves in it."""
    target = rules.target
    columns = {
        "child_id": "VARCHAR",
        "override_id": "VARCHAR",
        "told": "VARCHAR",
        "from_on": "DATE",
        "up": "BIGINT",
        "down": "BIGINT",
        **{f"knew_{rule.id}": "BOOLEAN" for rule in rules.rules},
    }
    engine.create(f"move_{target}", columns, [_move_row(rules, one) for one in found])
    engine.table(f"moved_{target}", _moved_sql(rules, as_of))
    engine.table(f"verdict_{target}", _with_moves_sql(target))


def _move_row(rules: Tiers, one: Move) -> list[Any]:
    severity = rules.severity(one.tier)
    ways = (severity, None) if one.direction == UP else (None, severity)
    return [one.child_id, one.override_id, one.told, one.from_on, *ways,
            *(rule.id in one.rules_then for rule in rules.rules)]  # fmt: skip


def _moved_sql(rules: Tiers, day: date) -> str:
    target, tier_rules = rules.target, [rule for rule in rules.rules if rule.tier != REPORT_NOW]
    levels = {}
    for suffix, holds in _BOUNDS.items():
        low = suffix == "_low"
        levels[suffix] = (
            f"{_level(rules, tier_rules, holds, low)} AS by_rule{suffix}, "
            f"{_level(rules, tier_rules, f'({holds}) AND NOT m.knew_{{0}}', low)} AS fresh{suffix}"
        )
    inner = (
        "SELECT m.child_id, m.override_id, m.told, m.from_on, m.up, m.down, v.is_report, v.severity, v.severity_low, "
        f"v.severity_high, v.due_on AS due_computed, w.days_since_home_visit, {', '.join(levels.values())} "
        f"FROM move_{target} AS m JOIN computed_{target} AS v ON v.child_id = m.child_id "
        f"JOIN judgement_{target} AS j ON j.child_id = m.child_id JOIN fact_wide AS w ON w.child_id = m.child_id"
    )
    moved = ", ".join(f"{_moved(rules, suffix, day)} AS severity{suffix}" for suffix in _BOUNDS)
    middle = (
        "SELECT i.child_id, i.override_id, i.told, i.from_on, i.up, i.is_report, i.days_since_home_visit, "
        f"i.due_computed, i.severity AS computed, {moved} FROM ({inner}) AS i"
    )
    return (
        "SELECT t.child_id, t.override_id, t.told, t.computed, t.severity, t.severity_low, t.severity_high, "
        f"t.due_computed, {_due(rules, day)} AS due_on FROM ({middle}) AS t"
    )


def _level(rules: Tiers, among: Sequence[Rule], holds: str, low: bool) -> str:
    """The severity of the rules that hold, as SQL; `low` counts a tier as what it is as far as is known."""
    base = rules.severity(rules.default_tier)
    cases = [str(base)]
    for rule in among:
        tier = (rules.tiers[rule.tier].counts_as or rule.tier) if low else rule.tier
        cases.append(f"CASE WHEN {holds.format(rule.id)} THEN {rules.severity(tier)} ELSE {base} END")
    return f"GREATEST({base}, {', '.join(cases)})"


def _moved(rules: Tiers, suffix: str, day: date) -> str:
    """The severity after the move: down not in the report-now lane, and never below what may not be lowered."""
    severity = f"i.severity{suffix}"
    floors = " ".join(
        f"WHEN i.by_rule{suffix} = {rules.severity(tier)} "
        f"THEN {rules.severity(lowest_allowed(rules, tier, day))}"
        for tier in rules.order
    )
    lowest = f"GREATEST(i.down, CASE {floors} END, i.fresh{suffix})"
    return (
        f"CASE WHEN i.up IS NOT NULL THEN GREATEST({severity}, i.up) WHEN i.is_report THEN {severity} "
        f"ELSE LEAST({severity}, {lowest}) END"
    )


def _due(rules: Tiers, day: date) -> str:
    """The due day of the new tier, from the same start; a child moved up is never late before it was moved."""
    before, now = _interval(rules, "t.computed", day), _interval(rules, "t.severity", day)
    shifted = f"add_days(t.due_computed, {now} - {before})"
    if rules.due_from == "finding":
        sooner, later = f"add_days(t.from_on, {now})", shifted
    else:
        sooner = f"GREATEST(t.from_on, {shifted})"
        later = f"CASE WHEN t.days_since_home_visit IS NULL THEN t.due_computed ELSE {shifted} END"
    return (
        "CASE WHEN t.is_report OR t.severity = t.computed THEN t.due_computed "
        f"WHEN t.up IS NULL THEN {later} ELSE LEAST(t.due_computed, {sooner}) END"
    )


def _interval(rules: Tiers, severity: str, day: date) -> str:
    cases = " ".join(
        f"WHEN {severity} = {rules.severity(tier)} THEN {rules.days(tier, day)}" for tier in rules.order
    )
    return f"CASE {cases} END"


def _with_moves_sql(target: str) -> str:
    moved = ", ".join(
        f"COALESCE(m.{name}, v.{name}) AS {name}"
        for name in ("severity", "severity_low", "severity_high", "due_on")
    )
    return (
        "SELECT v.child_id, v.birth_date, v.village_code, v.eligibility, v.is_report, v.may_report, v.clock, v.points, "
        f"v.points_low, v.points_high, v.days_since_visit, v.by_rule, {moved} "
        f"FROM computed_{target} AS v LEFT JOIN moved_{target} AS m ON m.child_id = v.child_id"
    )


def with_move(receipt: str) -> str:
    """The receipt with the move in it, as SQL over `moved AS m`; the receipt alone where there is none."""
    return (
        f"CASE WHEN m.told IS NULL THEN {receipt} ELSE digest({receipt} || {quoted('|moved:')} || m.told) END"
    )


def moved_sql(rules: Tiers, tier_of: str) -> str:
    """The published rows of one list; `tier_of` is a template of SQL for the tier behind a severity."""
    return (
        f"SELECT '{rules.target}' AS target, m.child_id, m.override_id, "
        f"{tier_of.format('m.computed')} AS tier_computed, "
        f"{tier_of.format('m.severity')} AS tier, m.due_computed, m.due_on, m.told FROM moved_{rules.target} AS m"
    )
