"""Why a child stands where it stands: one sentence per rule and card line, and what to verify first.

Sentences are written out in Chinese and in English, codes through their code lists; nobody reads a raw code.
"""

from __future__ import annotations

from collections.abc import Iterator

from models.facts import facts
from models.screening.rulebook.card import Card, Line
from models.screening.rulebook.lanes import REPORT_NOW, Rule, Tiers
from models.screening.sentences import fact_sentence_sql, joined, pieces, quoted, sentence_sql

VERIFY = "VERIFY_FIRST"
RAISED = "CARD_RAISES"
# Rules first (in the order of the file), then the card by points, then what to verify.
_RULES, _RAISES, _CARD, _VERIFY = 1, 2, 3, 4
# The columns of the verdict that reasons look at.
_VERDICT = (
    *("is_report", "may_report", "severity", "severity_low", "severity_high", "by_rule"),
    *("points", "points_low", "points_high"),
)


def seen_table(target: str) -> str:
    """The name of the passing table that `reasons_sql` and `unknown_sql` read."""
    return f"one_seen_{target}"


def seen_sql(target: str, rules: Tiers, card: Card) -> str:
    """One row per child of the list with all that its reasons are written from: joined once, not for each reason."""
    judged = [*(f"rule_{rule.id}" for rule in rules.rules), *(f"points_{line.fact}" for line in card.lines)]
    known = [
        f"w.{column}"
        for name in _facts_told(rules, card)
        for column in (name, f"{name}__since", f"{name}__record")
    ]
    columns = [*(f"v.{name}" for name in _VERDICT), *(f"j.{name}" for name in judged), *known]
    return (
        f"SELECT v.child_id, {', '.join(columns)} FROM verdict_{target} AS v "
        "JOIN fact_wide AS w ON w.child_id = v.child_id "
        f"JOIN judgement_{target} AS j ON j.child_id = v.child_id"
    )


def _facts_told(rules: Tiers, card: Card) -> list[str]:
    """The facts that rules, card and sentences name, and those to ask for in their place."""
    named = {name for rule in rules.rules for name in (*rule.facts(), rule.shown)}
    named |= {line.fact for line in card.lines}
    named |= {part.fact for rule in rules.rules for text in (rule.zh, rule.en) for part in pieces(text)} - {
        ""
    }
    named |= {asked for name in named for asked in facts()[name].asks}
    return sorted(named)


def reasons_sql(target: str, rules: Tiers, card: Card) -> str:
    """All reasons of a target, numbered per child."""
    parts = [_rule_reason(target, rule, number) for number, rule in enumerate(_by_urgency(rules), start=1)]
    parts += [_raise_reason(target, card, number) for number in range(len(card.raises))]
    parts += [_line_reason(target, line, number) for number, line in enumerate(card.lines, start=1)]
    parts.append(_verify_reason(target, rules, card))
    order = "r.part, r.points DESC, r.place"
    return (
        f"SELECT '{target}' AS target, r.child_id, "
        f"ROW_NUMBER() OVER (PARTITION BY r.child_id ORDER BY {order}) AS ord, "
        "r.kind, r.code, r.clause, r.since, r.record, r.points, r.sentence_zh, r.sentence_en "
        "FROM (" + " UNION ALL ".join(parts) + ") AS r"
    )


def _by_urgency(rules: Tiers) -> list[Rule]:
    order = [REPORT_NOW, *rules.order]
    return sorted(rules.rules, key=lambda rule: order.index(rule.tier))


def _row(target: str, cells: dict[str, str], where: str) -> str:
    kinds = {"since": "DATE", "record": "VARCHAR", "points": "BIGINT"}
    written = ", ".join(
        f"CAST({sql} AS {kinds[name]}) AS {name}" if name in kinds else f"{sql} AS {name}"
        for name, sql in cells.items()
    )
    return f"SELECT w.child_id, {written} FROM {seen_table(target)} AS w WHERE {where}"


def _rule_reason(target: str, rule: Rule, place: int) -> str:
    cells = {
        "part": str(_RULES),
        "place": str(place),
        "kind": "'rule'",
        "code": quoted(rule.code),
        "clause": quoted(rule.clause),
        "since": f"w.{rule.shown}__since",
        "record": f"w.{rule.shown}__record",
        "points": "NULL",
        "sentence_zh": sentence_sql(rule.zh, "zh"),
        "sentence_en": sentence_sql(rule.en, "en"),
    }
    return _row(target, cells, f"w.rule_{rule.id}")


def _raise_reason(target: str, card: Card, number: int) -> str:
    one = card.raises[number]
    cells = {
        "part": str(_RAISES),
        "place": str(number),
        "kind": "'card'",
        "code": quoted(RAISED),
        "clause": quoted(card.clause),
        "since": "NULL",
        "record": "NULL",
        "points": "w.points",
        "sentence_zh": quoted(one.zh),
        "sentence_en": quoted(one.en),
    }
    return _row(target, cells, f"w.points >= {one.at_least} AND w.severity > w.by_rule")


def _line_reason(target: str, line: Line, place: int) -> str:
    fact = facts()[line.fact]
    known = f"w.{line.fact} IS NOT NULL"
    unknown = {
        "zh": f"{fact.zh}：未记录，按不明计{line.unknown}分",
        "en": f"{fact.en}: not recorded, counted as not known ({line.unknown})",
    }
    told = {
        lang: f"CASE WHEN {known} THEN {fact_sentence_sql(fact, lang)} ELSE {quoted(unknown[lang])} END"
        for lang in ("zh", "en")
    }
    cells = {
        "part": str(_CARD),
        "place": str(place),
        "kind": "'card'",
        "code": quoted(line.fact),
        "clause": quoted(line.clause),
        "since": f"CASE WHEN {known} THEN w.{line.fact}__since END",
        "record": f"w.{line.fact}__record",
        "points": f"w.points_{line.fact}",
        "sentence_zh": told["zh"],
        "sentence_en": told["en"],
    }
    return _row(target, cells, f"w.points_{line.fact} > 0")


def _verify_reason(target: str, rules: Tiers, card: Card) -> str:
    asked = list(_asked(rules, card))
    lists = {}
    for lang, joint in (("zh", "、"), ("en", ", ")):
        named = joined(
            [
                f"CASE WHEN {condition} THEN {quoted(joint + getattr(facts()[name], lang))} ELSE '' END"
                for name, condition in asked
            ]
        )
        lists[lang] = f"SUBSTRING({named}, {len(joint) + 1})"
    highest = {
        lang: "CASE WHEN w.may_report AND NOT w.is_report THEN "
        + quoted(getattr(rules.tiers[REPORT_NOW], lang))
        + " ".join(
            [
                "",
                *(
                    f"WHEN w.severity_high = {rules.severity(t)} THEN {quoted(getattr(rules.tiers[t], lang))}"
                    for t in rules.order
                ),
            ]
        )
        + " END"
        for lang in ("zh", "en")
    }
    cells = {
        "part": str(_VERIFY),
        "place": "1",
        "kind": "'verify'",
        "code": quoted(VERIFY),
        "clause": quoted(rules.clause),
        "since": "NULL",
        "record": "NULL",
        "points": "NULL",
        "sentence_zh": f"'先核实：' || {lists['zh']} || '（未记录）。最高可能为：' || {highest['zh']}",
        "sentence_en": (
            f"'verify first: ' || {lists['en']} || ' (not recorded). At most: ' || {highest['en']}"
        ),
    }
    differs = (
        "w.severity_low <> w.severity_high OR (w.may_report AND NOT w.is_report) "
        "OR w.points_low <> w.points_high"
    )
    missing = " OR ".join(f"({condition})" for _, condition in asked)
    return _row(target, cells, f"({differs}) AND ({missing})")


def unknown_sql(target: str, rules: Tiers, card: Card) -> str:
    """Per child the facts that are not known and could change lane, tier or points."""
    return " UNION ALL ".join(
        f"SELECT '{target}' AS target, w.child_id, '{name}' AS fact, {quoted(facts()[name].zh)} AS label_zh, "
        f"{quoted(facts()[name].en)} AS label_en FROM {seen_table(target)} AS w WHERE {condition}"
        for name, condition in _asked(rules, card)
    )


def _asked(rules: Tiers, card: Card) -> Iterator[tuple[str, str]]:
    """Each fact to verify with the SQL condition under which verifying it could change something."""
    matters: dict[str, list[str]] = {}
    for rule in rules.rules:
        open_answer = (
            f"w.rule_{rule.id} IS NULL AND NOT w.is_report"
            if rule.tier == REPORT_NOW
            else f"w.rule_{rule.id} IS NULL AND w.severity < {rules.severity(rule.tier)}"
        )
        for name in dict.fromkeys(rule.facts()):
            matters.setdefault(name, []).append(f"({open_answer})")
    for line in card.lines:
        matters.setdefault(line.fact, []).append("TRUE")
    conditions: dict[str, list[str]] = {}
    for name, when in matters.items():
        for wanted in facts()[name].asks or (name,):
            joined = " OR ".join(when) if "TRUE" not in when else "TRUE"
            conditions.setdefault(wanted, []).append(f"(w.{name} IS NULL AND ({joined}))")
    for wanted, when in conditions.items():
        yield wanted, f"w.{wanted} IS NULL AND ({' OR '.join(when)})"
