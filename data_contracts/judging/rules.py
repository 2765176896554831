"""Every quality rule of the contracts as SQL: which rows fail it, and to how many it applies.

The same rules become Great Expectations suites in `data_contracts.judging.suites`; the two must agree, and the judge
compares them on every run.  This module imports neither Great Expectations nor DuckDB.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from data_contracts.contract import Column, Contract, ContractError

Status = Literal["pass", "fail", "not_checked", "not_yet_due"]

# A key is repeated when one sheet of one delivery says it twice.  The registry keeps every delivery, so the
# same child stands in it once a quarter, and an exit sheet repeats the children of the ledger beside it.
# `_precedence` tells apart what one row of a form writes twice (a file opened, the same file closed).
REPEATED_WITHIN = ("_delivery", "_sheet", "_precedence")
LOCATION = ("_delivery", "_sheet", "_row")

_COUNT_QUERY = re.compile(r"SELECT COUNT\(\*\) FROM \{object\} WHERE (?P<condition>.+)", re.DOTALL)
_AFTER_REPORT = re.compile(r"\w+ > _reported_on")


class Rule(NamedTuple):
    """One check of one table.  `zh` and `en` say what is wrong with a row that fails.

    `fails_when` is SQL: true for a failing row, NULL where the rule says nothing about the row (a blank cell
    is judged by `known` only).  It is empty for `unique`, which no single row can break.
    """

    table: str
    id: str
    zh: str
    en: str
    dimension: str
    kind: Literal["known", "listed", "form", "range", "unique", "row"]
    columns: tuple[str, ...]
    fails_when: str
    values: tuple[str, ...] = ()
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None


class CheckResult(NamedTuple):
    """The answer of one check: `failed` of `applicable` rows; both None when it could not be checked.

    `not_yet_due` means that nothing has been delivered to which the rule applies; `not_checked` that the
    question could not be put, for the reason in `why` (missing_table, missing_column, broken, disagreement).
    """

    table: str
    check_id: str
    zh: str
    en: str
    dimension: str
    status: Status
    failed: int | None
    applicable: int | None
    why: str = ""


def rules(contract: Contract, within: Sequence[str] = REPEATED_WITHIN) -> tuple[Rule, ...]:
    """All rules of a contract, its columns' first; ContractError for one that cannot be compiled."""
    table = (contract.document.schema_ or [])[0]
    found = [
        _rule(contract, quality, str(prop.name), within)
        for prop in table.properties or []
        for quality in prop.quality or []
    ]
    return (*found, *(_rule(contract, quality, None, within) for quality in table.quality or []))


def failing_rows_sql(contract: Contract, rule: Rule, columns: Sequence[str] = LOCATION) -> str:
    """A query for the rows that fail a rule: where they stand, and no value of theirs unless asked."""
    selected = ", ".join(quoted(column) for column in columns)
    if rule.kind != "unique":
        return f"SELECT {selected} FROM {quoted(contract.name)} WHERE {rule.fails_when}"
    key = ", ".join(quoted(column) for column in rule.columns)
    return (
        f"SELECT {selected} FROM {quoted(contract.name)} WHERE {_all_known(rule.columns)}"
        f" QUALIFY count(*) OVER (PARTITION BY {key}) > 1"
    )


def failing_count_sql(contract: Contract, rule: Rule) -> str:
    """A query for the number of rows that fail a rule."""
    return f"SELECT count(*) FROM ({failing_rows_sql(contract, rule, rule.columns)})"


def applicable_count_sql(contract: Contract, rule: Rule) -> str:
    """A query for the number of rows about which a rule says anything.

    For a key these are the rows whose whole key is known, wherever they stand: a row that does not know its
    sheet makes the answers of SQL and Great Expectations differ, and so "not checked" instead of "pass".
    """
    if rule.kind == "unique":
        applies = _all_known([column for column in rule.columns if not column.startswith("_")])
    else:
        applies = f"({rule.fails_when}) IS NOT NULL"
    return f"SELECT count(*) FROM {quoted(contract.name)} WHERE {applies}"


def counting_sql(contract: Contract, rules: Sequence[Rule]) -> str:
    """One statement with two numbers for each rule in turn: rows that fail, rows to which it applies.

    Conditions on single rows are counted in one pass over the table, keys in a pass of their own.
    """
    parts = []
    for rule in rules:
        if rule.kind == "unique":
            parts += [f"({failing_count_sql(contract, rule)})", f"({applicable_count_sql(contract, rule)})"]
        else:
            parts.append(f"count(*) FILTER (WHERE {rule.fails_when})")
            parts.append(f"count(*) FILTER (WHERE ({rule.fails_when}) IS NOT NULL)")
    return f"SELECT {', '.join(parts)} FROM {quoted(contract.name)}"


def answer(rule: Rule, failed: int, applicable: int) -> CheckResult:
    """Pass or fail, or not yet due where the rule applies to no row."""
    status: Status = "fail" if failed else ("pass" if applicable else "not_yet_due")
    return CheckResult(*rule[:5], status, failed, applicable)


def not_checked(rule: Rule, why: str) -> CheckResult:
    """The answer when the question could not be put: never a pass and never a failure."""
    return CheckResult(*rule[:5], "not_checked", None, None, why)


def with_quarantine(
    results: Sequence[CheckResult], quarantined: Mapping[tuple[str, str], int]
) -> list[CheckResult]:
    """The answers as users see them: rows refused at the gate count as failing, by (table, check id).

    An answer that is "not checked" stays so: the rows known to fail are not all that there may be.
    """
    merged = []
    for result in results:
        refused = quarantined.get((result.table, result.check_id), 0)
        if result.failed is None or result.applicable is None or not refused:
            merged.append(result)
            continue
        failed, applicable = result.failed + refused, result.applicable + refused
        merged.append(result._replace(status="fail", failed=failed, applicable=applicable))
    return merged


def quoted(name: str) -> str:
    """A name as a SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _all_known(columns: Sequence[str]) -> str:
    return " AND ".join(f"{quoted(column)} IS NOT NULL" for column in columns)


def _rule(contract: Contract, quality: Any, column: str | None, within: Sequence[str]) -> Rule:
    """One rule of the standard; only "no row may fail" (`mustBe: 0`) has a meaning here."""
    place = f"contract {contract.name}: rule {quality.id}"
    if quality.mustBe != 0:
        raise ContractError(f"{place}: expected mustBe: 0, found {quality.mustBe!r}")
    arguments = quality.arguments or {}
    bare = Rule(contract.name, str(quality.id), "", "", str(quality.dimension), "row", (), "")
    if quality.type == "sql":
        return _row_rule(bare, contract, str(quality.query), column, place)
    if quality.metric == "duplicateValues":
        key = (*arguments["properties"], *within)
        words = bare._replace(zh="同一表页内重复登记", en=f"the same {contract.en} more than once in a sheet")
        return words._replace(kind="unique", columns=key)
    if quality.metric == "nullValues" and column:
        said = contract.column(column)
        words = bare._replace(zh=f"{said.zh}未填", en=f"{said.en} is missing")
        return words._replace(kind="known", columns=(column,), fails_when=f"{quoted(column)} IS NULL")
    if quality.metric == "invalidValues" and column:
        return _validity_rule(bare, contract.column(column), arguments, place)
    raise ContractError(f"{place}: expected a known metric in its place, found {quality.metric!r}")


def _validity_rule(bare: Rule, said: Column, arguments: Mapping[str, Any], place: str) -> Rule:
    """A code list, a form or a range, whichever the arguments name."""
    bare, name = bare._replace(columns=(said.name,)), quoted(said.name)
    if set(arguments) == {"validValues"}:
        values = tuple(str(value) for value in arguments["validValues"])
        condition = f"{name} NOT IN ({', '.join(_literal(value) for value in values)})"
        words = bare._replace(zh=f"{said.zh}不在代码表内", en=f"{said.en} is not in the code list")
        return words._replace(kind="listed", values=values, fails_when=condition)
    if set(arguments) == {"pattern"}:
        pattern = str(arguments["pattern"])
        condition = f"NOT regexp_matches({name}, {_literal(pattern)})"
        words = bare._replace(zh=f"{said.zh}格式不符", en=f"{said.en} is not in its form")
        return words._replace(kind="form", pattern=pattern, fails_when=condition)
    if arguments and set(arguments) <= {"minimum", "maximum"}:
        return _range_rule(bare, said, arguments.get("minimum"), arguments.get("maximum"))
    raise ContractError(f"{place}: expected validValues, pattern or a range, found {sorted(arguments)}")


def _range_rule(bare: Rule, said: Column, low: float | None, high: float | None) -> Rule:
    """A range that includes its ends; one end may be open."""
    name = quoted(said.name)
    limits = [f"{name} < {low}"] * (low is not None) + [f"{name} > {high}"] * (high is not None)
    if low is None:
        words = bare._replace(zh=f"{said.zh}大于{high}", en=f"{said.en} is above {high}")
    elif high is None:
        words = bare._replace(zh=f"{said.zh}小于{low}", en=f"{said.en} is below {low}")
    else:
        words = bare._replace(
            zh=f"{said.zh}不在{low}至{high}之间", en=f"{said.en} is not between {low} and {high}"
        )
    return words._replace(kind="range", minimum=low, maximum=high, fails_when=" OR ".join(limits))


def _row_rule(bare: Rule, contract: Contract, query: str, column: str | None, place: str) -> Rule:
    """A rule in SQL: the condition behind WHERE, with the words of the contract."""
    match = _COUNT_QUERY.fullmatch(query.strip())
    if match is None:
        raise ContractError(f"{place}: expected SELECT COUNT(*) FROM {{object}} WHERE …, found another query")
    condition = match["condition"]
    for check in contract.checks:
        if check.id == bare.id:
            if check.fails_when.strip() != condition.strip():
                raise ContractError(f"{place}: expected the query to count failsWhen, found two conditions")
            return bare._replace(zh=check.zh, en=check.en, columns=(check.blames,), fails_when=condition)
    if column is None or not _AFTER_REPORT.fullmatch(condition):
        raise ContractError(f"{place}: expected words for users, found none")
    said = contract.column(column)
    words = bare._replace(zh=f"{said.zh}晚于填报日期", en=f"{said.en} is after the reporting date")
    return words._replace(columns=(column,), fails_when=condition)
