"""The ranked list of a target: lanes and tiers by rule, then points, with reasons and what is not known.

All of it is SQL written from the rules and the card, so that it runs on DuckDB and on Spark alike and nobody
loops over children.  The order is total (report now by its clock, tier, points, highest possible points, days
without a home visit, birth date, child), so two runs give the same list.

Tables made per target: `screening_<target>`, `reason_<target>`, `unknown_fact_<target>`; `publish` joins them
into `screening`, `reason`, `unknown_fact` and makes `fact` and `receipt_version`.  Moves by hand (`person_override`,
where that was made before) act on what rules and card computed; `moved_child` tells both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from models.engines import Engine
from models.facts import create_facts, long_sql
from models.screening.by_hand.moving import (
    MOVED_COLUMNS,
    MOVED_TABLE,
    OVERRIDE_TABLE,
    apply_moves,
    create_overrides,
    moved_sql,
    moves,
    with_move,
)
from models.screening.points import points_sql
from models.screening.reasons import reasons_sql, seen_sql, seen_table, unknown_sql
from models.screening.receipts import VERSION_COLUMNS, facts_used, receipt_sql, versions
from models.screening.rulebook.card import ReadCard, default_cards
from models.screening.rulebook.lanes import REPORT_NOW, ReadRules, Rule, Tiers, default_rules
from models.screening.sentences import quoted

NEVER = "CAST('9999-12-31' AS DATE)"
SCREENING_COLUMNS = (
    "target, rank, child_id, village_code, eligibility, lane, lane_high, tier, tier_low, tier_high, points, "
    "points_low, points_high, due_on, days_since_visit, card, receipt"
)


def screen(
    engine: Engine,
    as_of: date,
    chosen: Mapping[str, ReadCard] | None = None,
    rules: Mapping[str, ReadRules] | None = None,
) -> None:
    """Facts, both lists, and the published tables; the shipped expert cards and rules where none are chosen.

    Needs the base tables (`models.evaluate.prepare`) with `as_of` among the snapshot days.
    """
    chosen = {**default_cards(), **(chosen or {})}
    rules = {**default_rules(), **(rules or {})}
    create_facts(engine, as_of)
    for target in sorted(chosen):
        score(engine, as_of, target, chosen[target], rules[target])
    publish(engine, as_of, chosen, rules)


def score(engine: Engine, as_of: date, target: str, card: ReadCard, rules: ReadRules | None = None) -> None:
    """The list of one target from `fact_wide`: tables `screening_…`, `reason_…`, `unknown_fact_…`.

    `rules` stands in for the shipped rules of the target (a trial, or a version of this district).
    """
    rules = rules or default_rules()[target]
    rank_children(engine, as_of, rules.rules, card, rules.text)
    engine.table(seen_table(target), seen_sql(target, rules.rules, card.card))
    engine.table(f"unknown_fact_{target}", unknown_sql(target, rules.rules, card.card))
    engine.table(f"reason_{target}", reasons_sql(target, rules.rules, card.card))
    engine.drop(seen_table(target))


def rank_children(
    engine: Engine, as_of: date, rules: Tiers, card: ReadCard, rules_text: str | None = None
) -> None:
    """The list alone, without reasons (`screening_<target>`): what a comparison of cards needs.

    `rules_text` is what the rules were read from, for the receipts; the shipped rules' without.
    """
    target = rules.target
    if card.card.target != target:
        raise ValueError(
            f"card {card.card.id}: expected a card for {target}, found one for {card.card.target}"
        )
    engine.table(f"judgement_{target}", answers_sql(rules, card, as_of))
    by_hand = moves(engine, rules)
    engine.table(f"{'computed' if by_hand else 'verdict'}_{target}", verdict_sql(rules, card, as_of))
    if by_hand:
        apply_moves(engine, rules, as_of, by_hand)
    read = None if rules_text is None else ReadRules(rules, rules_text)
    version = versions(as_of, target, card, read)
    engine.table(f"screening_{target}", ranked_sql(target, rules, card, version, bool(by_hand)))


def publish(
    engine: Engine, as_of: date, chosen: Mapping[str, ReadCard], rules: Mapping[str, ReadRules]
) -> None:
    """Join the targets' tables into `screening`, `reason`, `unknown_fact`; make `fact`, `receipt_version`."""
    targets = sorted(chosen)
    published = {
        "screening": SCREENING_COLUMNS,
        "reason": "target, child_id, ord, kind, code, clause, since, record, points, "
        "sentence_zh, sentence_en",
        "unknown_fact": "target, child_id, fact, label_zh, label_en",
    }
    for name, columns in published.items():
        engine.table(name, " UNION ALL ".join(f"SELECT {columns} FROM {name}_{target}" for target in targets))
    engine.table("screened_child", "SELECT DISTINCT child_id FROM screening")
    engine.table("fact", long_sql("screened_child"))
    _publish_moves(engine, [rules[target].rules for target in targets])
    rows = [row for target in targets for row in versions(as_of, target, chosen[target], rules[target])]
    engine.create("receipt_version", VERSION_COLUMNS, rows)


def _publish_moves(engine: Engine, lists: Sequence[Tiers]) -> None:
    """Make `moved_child`, empty where nobody was moved."""
    if OVERRIDE_TABLE not in engine.tables():
        create_overrides(engine, [], {})
    moved = [rules for rules in lists if moves(engine, rules)]
    if not moved:
        engine.create(MOVED_TABLE, MOVED_COLUMNS, [])
        return
    engine.table(
        MOVED_TABLE, " UNION ALL ".join(moved_sql(rules, tier_name(rules, "{0}")) for rules in moved)
    )


def answers_sql(rules: Tiers, card: ReadCard, day: date) -> str:
    """One row per known person: every rule's answer (true, false, null) and every line's points."""
    columns = [f"({rule.sql(day)}) AS rule_{rule.id}" for rule in rules.rules]
    for line in card.card.lines:
        columns += [
            f"{points_sql(line, line.unknown)} AS points_{line.fact}",
            f"{points_sql(line, line.lowest)} AS least_{line.fact}",
            f"{points_sql(line, line.highest)} AS most_{line.fact}",
        ]
    return (
        "SELECT k.child_id, k.birth_date, k.village_code, COALESCE(p.eligibility, 'unknown') AS eligibility, "
        f"COALESCE(p.listed, FALSE) AS listed, {', '.join(columns)} "
        "FROM fact_wide AS w JOIN known_child AS k ON k.child_id = w.child_id "
        f"LEFT JOIN population AS p ON p.child_id = w.child_id AND p.on_day = CAST('{day}' AS DATE)"
    )


def verdict_sql(rules: Tiers, card: ReadCard, day: date) -> str:
    """One row per child of the list: lane, tier with its bounds, points with theirs, clock, due day."""
    lane_rules = rules.of_tier(REPORT_NOW)
    tier_rules = [rule for rule in rules.rules if rule.tier != REPORT_NOW]
    clock = earliest_finding(lane_rules)
    inner = (
        "SELECT j.child_id, j.birth_date, j.village_code, j.eligibility, j.listed, "
        f"{_any_of(lane_rules, 'COALESCE(j.rule_{0}, FALSE)')} AS is_report, "
        f"{_any_of(lane_rules, '(j.rule_{0} IS NULL)')} AS may_report, "
        f"{clock} AS clock, "
        f"{_severity(rules, tier_rules, 'j.rule_{0}')} AS by_rule, "
        f"{_severity(rules, tier_rules, 'j.rule_{0}', low=True)} AS by_rule_low, "
        f"{_severity(rules, tier_rules, '(j.rule_{0} IS NULL OR j.rule_{0})')} AS by_rule_high, "
        f"{_sum(card, 'points')} AS points, {_sum(card, 'least')} AS points_low, "
        f"{_sum(card, 'most')} AS points_high, "
        "w.days_since_home_visit AS days_since_visit, w.days_since_home_visit__since AS last_visit_on, "
        f"{_found_on(rules, tier_rules)} AS found_on "
        f"FROM judgement_{rules.target} AS j JOIN fact_wide AS w ON w.child_id = j.child_id"
    )
    raised = {
        name: _raised(rules, card, f"v.by_rule{suffix}", f"v.points{suffix}")
        for name, suffix in {"severity": "", "severity_low": "_low", "severity_high": "_high"}.items()
    }
    levels = ", ".join(f"{sql} AS {name}" for name, sql in raised.items())
    return (
        "SELECT v.child_id, v.birth_date, v.village_code, v.eligibility, v.is_report, v.may_report, v.clock, "
        f"v.points, v.points_low, v.points_high, v.days_since_visit, v.by_rule, {levels}, "
        f"{_due(rules, raised['severity'], day)} AS due_on FROM ({inner}) AS v "
        "WHERE v.is_report OR (v.listed AND v.eligibility IN ('yes', 'unknown'))"
    )


def ranked_sql(
    target: str, rules: Tiers, card: ReadCard, version: Sequence[Sequence[str]], has_moves: bool = False
) -> str:
    """The published columns of one target, in a total order."""
    plain = rules.severity("unknown") if "unknown" in rules.order else rules.severity(rules.default_tier)
    order = (
        f"CASE WHEN v.is_report THEN 0 ELSE 1 END, CASE WHEN v.is_report THEN v.clock ELSE {NEVER} END, "
        "v.severity DESC, v.points DESC, v.points_high DESC, v.days_since_visit DESC, v.birth_date, "
        "v.child_id"
    )
    receipt = receipt_sql(target, facts_used(rules, card.card), version)
    by_hand = f" LEFT JOIN moved_{target} AS m ON m.child_id = v.child_id" if has_moves else ""
    receipt = with_move(receipt) if has_moves else receipt
    return (
        f"SELECT '{target}' AS target, ROW_NUMBER() OVER (ORDER BY {order}) AS rank, v.child_id, "
        f"v.village_code, v.eligibility, "
        f"CASE WHEN v.is_report THEN '{REPORT_NOW}' WHEN v.severity > {plain} THEN 'tier' "
        f"ELSE 'ranked' END AS lane, CASE WHEN v.is_report OR v.may_report THEN '{REPORT_NOW}' "
        f"WHEN v.severity_high > {plain} THEN 'tier' ELSE 'ranked' END AS lane_high, "
        f"{tier_name(rules, 'v.severity')} AS tier, {tier_name(rules, 'v.severity_low')} AS tier_low, "
        f"{tier_name(rules, 'v.severity_high')} AS tier_high, v.points, v.points_low, v.points_high, "
        f"v.due_on, v.days_since_visit, {quoted(card.card.id)} AS card, {receipt} AS receipt "
        f"FROM verdict_{target} AS v JOIN fact_wide AS w ON w.child_id = v.child_id{by_hand}"
    )


def tier_name(rules: Tiers, severity: str) -> str:
    """The tier behind a severity, as SQL."""
    cases = " ".join(f"WHEN {severity} = {rules.severity(tier)} THEN '{tier}'" for tier in rules.order)
    return f"CASE {cases} END"


def _any_of(rules: Sequence[Rule], template: str) -> str:
    return "(" + " OR ".join(["FALSE", *(template.format(rule.id) for rule in rules)]) + ")"


def earliest_finding(rules: Sequence[Rule]) -> str:
    """The first day on which one of the rules that hold was found true, as SQL over `j` and `w`; else `NEVER`."""
    return "LEAST(" + ", ".join([NEVER, *(_since_if_true(rule) for rule in rules)]) + ")"


def _since_if_true(rule: Rule) -> str:
    return f"CASE WHEN j.rule_{rule.id} THEN COALESCE(w.{rule.shown}__since, {NEVER}) ELSE {NEVER} END"


def _severity(rules: Tiers, among: Sequence[Rule], template: str, low: bool = False) -> str:
    base = rules.severity(rules.default_tier)
    levels = []
    for rule in among:
        tier = (rules.tiers[rule.tier].counts_as or rule.tier) if low else rule.tier
        levels.append(f"CASE WHEN {template.format(rule.id)} THEN {rules.severity(tier)} ELSE {base} END")
    return f"GREATEST({base}, {base}, " + ", ".join(levels) + ")" if levels else str(base)


def _sum(card: ReadCard, prefix: str) -> str:
    return "(" + " + ".join(f"j.{prefix}_{line.fact}" for line in card.card.lines) + ")"


def _raised(rules: Tiers, card: ReadCard, severity: str, points: str) -> str:
    """The severity, raised where the card says so; a card can only raise."""
    levels = [
        f"CASE WHEN {points} >= {one.at_least} THEN {rules.severity(one.tier)} ELSE {severity} END"
        for one in card.card.raises
    ]
    return f"GREATEST({severity}, {', '.join(levels)})" if levels else severity


def _found_on(rules: Tiers, among: Sequence[Rule]) -> str:
    """The day from which the tier's deadline runs: of the rules that set the tier, the earliest finding."""
    cases = []
    for tier in rules.order:
        setting = [rule for rule in among if rule.tier == tier]
        if setting:
            any_true = " OR ".join(f"COALESCE(j.rule_{rule.id}, FALSE)" for rule in setting)
            cases.append(f"WHEN {any_true} THEN {earliest_finding(setting)}")
    otherwise = f"COALESCE(w.{rules.default_shown}__since, {NEVER})" if rules.default_shown else NEVER
    return f"CASE {' '.join(cases)} ELSE {otherwise} END" if cases else otherwise


def _due(rules: Tiers, severity: str, day: date) -> str:
    """The due day: so many days after the last home visit, or after the finding; may lie in the past."""
    days = " ".join(_interval_cases(rules, severity, day))
    interval = f"CASE {days} END"
    finding = f"NULLIF(CASE WHEN v.is_report THEN v.clock ELSE v.found_on END, {NEVER})"
    anchor = finding if rules.due_from == "finding" else f"COALESCE(v.last_visit_on, {finding})"
    return f"COALESCE(add_days({anchor}, {interval}), CAST('{day}' AS DATE))"


def _interval_cases(rules: Tiers, severity: str, day: date) -> Iterator[str]:
    yield f"WHEN v.is_report THEN {rules.days(REPORT_NOW, day)}"
    for tier in rules.order:
        yield f"WHEN {severity} = {rules.severity(tier)} THEN {rules.days(tier, day)}"
