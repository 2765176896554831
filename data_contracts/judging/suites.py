"""Contracts as Great Expectations suites, validated by one checkpoint over a DuckDB file.

Importing it imports Great Expectations: only `data_contracts.judging.judge`'s child process does.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import great_expectations as gx
import great_expectations.expectations as gxe
import sqlalchemy
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.datasource.fluent.interfaces import TestConnectionError
from great_expectations.expectations.expectation import Expectation

from data_contracts.contract import Contract
from data_contracts.judging import gx_duckdb
from data_contracts.judging.rules import (
    CheckResult,
    Rule,
    answer,
    counting_sql,
    not_checked,
)

# Counts without values: every other format keeps cells of children in its results (docs/decisions/0006).
COUNTS_ONLY = {"result_format": "BASIC", "exclude_unexpected_values": True, "partial_unexpected_count": 0}

# `:word` is a parameter to SQLAlchemy's text(), braces are fields to Great Expectations.
_PARAMETER = re.compile(r"(?<![:\w\\]):(?=\w)")

Place = tuple[str, str]


class Counted(NamedTuple):
    """What an expectation found: rows that fail, and rows that it judged (None where it does not say)."""

    failed: int
    applicable: int | None


def expectation(rule: Rule) -> Expectation:
    """The expectation of a rule; its `meta` names the rule, so that the result can be told apart."""
    named: dict[str, Any] = {"meta": {"check": rule.id}}
    column = rule.columns[0]
    if rule.kind == "known":
        return gxe.ExpectColumnValuesToNotBeNull(column=column, **named)
    if rule.kind == "listed":
        return gxe.ExpectColumnValuesToBeInSet(column=column, value_set=list(rule.values), **named)
    if rule.kind == "form":
        return gxe.ExpectColumnValuesToMatchRegex(column=column, regex=str(rule.pattern), **named)
    if rule.kind == "range":
        return gxe.ExpectColumnValuesToBeBetween(
            column=column, min_value=rule.minimum, max_value=rule.maximum, **named
        )
    if rule.kind == "unique":
        return _unique(rule, named)
    return gxe.UnexpectedRowsExpectation(unexpected_rows_query=_unexpected_rows(rule), **named)


def _unique(rule: Rule, named: dict[str, Any]) -> Expectation:
    """A row without its whole key is not judged: an unknown date may be another date."""
    if len(rule.columns) == 1:
        return gxe.ExpectColumnValuesToBeUnique(column=rule.columns[0], **named)
    return gxe.ExpectCompoundColumnsToBeUnique(
        column_list=list(rule.columns), ignore_row_if="any_value_is_missing", **named
    )


def _unexpected_rows(rule: Rule) -> str:
    """A query that selects the number one for each failing row, so that no cell can reach a result."""
    condition = rule.fails_when.replace("{", "{{").replace("}", "}}")
    return "SELECT 1 AS failing FROM {batch} WHERE " + _PARAMETER.sub(r"\\:", condition)


def suite(table: str, rules: Sequence[Rule]) -> gx.ExpectationSuite:
    """The suite of one table."""
    return gx.ExpectationSuite(name=table, expectations=[expectation(rule) for rule in rules])


class Validation:
    """One DuckDB file under Great Expectations, in a context that lives in memory only."""

    def __init__(self, database: Path) -> None:
        self.context = gx.get_context(mode="ephemeral")
        self.context.enable_analytics(enable=False)
        self.context.variables.progress_bars = ProgressBarsConfig(globally=False)
        self.source = gx_duckdb.RegistryDatasource(
            name="registry", connection_string=f"shouhu:///{database.absolute()}"
        )
        self.source = self.context.data_sources.add_or_update_shouhu_registry(datasource=self.source)
        self.inspector = sqlalchemy.inspect(self.source.get_engine())
        self.batches: dict[str, Any] = {}
        self.runs = 0
        self._columns: dict[str, set[str]] = {}

    def close(self) -> None:
        """Let go of the file, so that a writer may have it."""
        self.source.get_engine().dispose()
        self.source.get_execution_engine().engine.dispose()

    def has(self, table: str) -> bool:
        """Whether the file has that table, ready to be judged."""
        if table not in self.batches:
            try:
                asset = self.source.add_table_asset(table, table_name=table)
            except TestConnectionError:
                return False
            self.batches[table] = asset.add_batch_definition_whole_table("all")
        return True

    def columns(self, table: str) -> set[str]:
        """The columns that the table has."""
        if table not in self._columns:
            self._columns[table] = {found["name"] for found in self.inspector.get_columns(table)}
        return self._columns[table]

    def numbers(self, query: str) -> list[int]:
        """The one row of numbers that a query of our own yields."""
        with self.source.get_engine().connect() as connection:
            return [int(number) for number in connection.exec_driver_sql(query).one()]

    def counts(self, contract: Contract, rules: Sequence[Rule]) -> dict[Place, tuple[int, int]]:
        """(failed, applicable) of the table's rules by hand-written SQL, all in one statement.

        Where that statement breaks the rules are asked one by one; one that breaks alone is absent.
        """
        if not rules:
            return {}
        try:
            found = self.numbers(counting_sql(contract, rules))
        except sqlalchemy.exc.SQLAlchemyError:
            if len(rules) == 1:
                return {}
            alone = [self.counts(contract, [rule]) for rule in rules]
            return {place: pair for one in alone for place, pair in one.items()}
        pairs = zip(found[::2], found[1::2], strict=True)
        return {(rule.table, rule.id): pair for rule, pair in zip(rules, pairs, strict=True)}

    def run(self, plan: Mapping[str, Sequence[Rule]]) -> dict[Place, Counted]:
        """Validate suites by one checkpoint; a check whose metric broke is absent from the answer."""
        self.runs += 1
        definitions = [self._definition(table, rules) for table, rules in plan.items()]
        checkpoint = self.context.checkpoints.add(
            gx.Checkpoint(
                name=f"run {self.runs}", validation_definitions=definitions, result_format=COUNTS_ONLY
            )
        )
        counted: dict[Place, Counted] = {}
        for validated in checkpoint.run().run_results.values():
            table = validated.suite_name.split(" in run ")[0]
            for result in validated.results:
                found = _counted(result)
                if found is not None:
                    counted[table, _check_id(result)] = found
        return counted

    def _definition(self, table: str, rules: Sequence[Rule]) -> gx.ValidationDefinition:
        name = f"{table} in run {self.runs}"
        made = suite(name, rules)
        return self.context.validation_definitions.add(
            gx.ValidationDefinition(name=name, data=self.batches[table], suite=self.context.suites.add(made))
        )


def _check_id(result: Any) -> str:
    return str(result.expectation_config.meta["check"])


def _counted(result: Any) -> Counted | None:
    """The numbers in a result; None where it has none, whatever its `success` says.

    A broken metric does not raise: it answers `success=False`, and its exception may quote a child's cell.
    """
    found = result.result or {}
    if "observed_value" in found:
        return Counted(int(found["observed_value"]), None)
    rows, failed = found.get("element_count"), found.get("unexpected_count")
    if rows == 0:
        return Counted(0, 0)  # the sum over no rows is NULL, which arrives here as success and no count
    if rows is None or failed is None:
        return None
    return Counted(int(failed), int(rows) - int(found.get("missing_count") or 0))


def validate(
    database: Path, contracts: Mapping[str, Contract], plan: Mapping[str, Sequence[Rule]]
) -> list[CheckResult]:
    """The answer to every rule of the plan, by table, for one DuckDB file that nobody is writing."""
    with contextlib.closing(Validation(database)) as validation:
        return _answers(validation, contracts, plan)


def _answers(
    validation: Validation, contracts: Mapping[str, Contract], plan: Mapping[str, Sequence[Rule]]
) -> list[CheckResult]:
    present = {table: rules for table, rules in plan.items() if validation.has(table)}
    judged = _run_whole_or_single(validation, present)
    answers = []
    for table, rules in plan.items():
        if table not in present:
            answers += [not_checked(rule, "missing_table") for rule in rules]
            continue
        columns = validation.columns(table)
        complete = [rule for rule in rules if columns >= set(rule.columns)]
        counted = validation.counts(contracts[table], complete)
        for rule in rules:
            place = (table, rule.id)
            if rule not in complete:
                answers.append(not_checked(rule, "missing_column"))
            else:
                answers.append(_answer(rule, judged.get(place), counted.get(place)))
    return answers


def _run_whole_or_single(validation: Validation, plan: Mapping[str, Sequence[Rule]]) -> dict[Place, Counted]:
    """All suites at once; where that crashes (some expectations do), table by table, then rule by rule."""
    if not plan:
        return {}
    try:
        return validation.run(plan)
    except Exception:
        if len(plan) > 1:
            parts = [{table: rules} for table, rules in plan.items()]
        else:
            [(table, rules)] = plan.items()
            parts = [{table: [rule]} for rule in rules] if len(rules) > 1 else []
    counted: dict[Place, Counted] = {}
    for part in parts:
        counted |= _run_whole_or_single(validation, part)
    return counted


def _answer(rule: Rule, judged: Counted | None, counted: tuple[int, int] | None) -> CheckResult:
    """Great Expectations' count, where hand-written SQL over the same rows agrees with it."""
    if judged is None or counted is None:
        return not_checked(rule, "broken")
    failed, applicable = counted
    if judged.failed != failed or judged.applicable not in (None, applicable):
        return not_checked(rule, "disagreement")
    return answer(rule, failed, applicable)
