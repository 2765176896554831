"""From registry tables to figures: population, cases of every indicator, counts per area and period.

`prepare` makes the time tables and the base tables, `evaluate` the tables `indicator`, `case_row` and
`figure`, `cases` the rows behind one figure, `measures_of` the figures in which one subject counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlglot import exp

from data_contracts.contract import contracts
from data_contracts.judging.rule_results import RULE_RESULT
from data_contracts.notes import LIKENESS
from data_contracts.same_child.identity import IDENTITY_PAIR
from data_contracts.vocabularies import vocabularies
from models.catalogue import CATALOGUE, catalogue_rows
from models.engines import Engine
from models.figures import (
    FIGURE_COLUMNS,
    STRAY_COLUMNS,
    figure_query,
    figure_texts,
    make_case_place,
    make_places,
)
from models.incremental import Memory
from models.measure import TWO_PILES, Indicator, cases_query
from models.medians_and_rates import COMPUTED_COLUMNS, COUNTED_KINDS, durations_and_rates
from models.periods import MONTHS_OF_HISTORY, create_period_tables
from models.sql import Query, in_order, parse, read_folder

BASE = Path(__file__).parent / "base"
CASE_COLUMNS = {
    "code": "VARCHAR",
    "series": "VARCHAR",
    "period": "VARCHAR",
    "area": "VARCHAR",
    "subject_kind": "VARCHAR",
    "subject": "VARCHAR",
    "outcome": "VARCHAR",
    "days": "BIGINT",
    "amount": "DECIMAL(18,2)",
    "record": "VARCHAR",
}
# Made by the screening of the same build where it runs first; without it the measures by tier stay away.
TIER_DUE = {"child_id": "VARCHAR", "due_on": "DATE", "record": "VARCHAR"}
# Who came into the top tier when (models.screening.history); empty where no screening ran.
TIERING = {
    "child_id": "VARCHAR",
    "tiered_on": "DATE",
    "tier": "VARCHAR",
    "target": "VARCHAR",
    "record": "VARCHAR",
}
# Made beside the tables of the contracts; empty where nobody made them (a spec ledger gives what it needs).
BESIDE = {
    "tier_due": TIER_DUE,
    "tiering": TIERING,
    "rule_result": RULE_RESULT,
    "identity_pair": IDENTITY_PAIR,
    "note_likeness": LIKENESS,
}
SERIES_COLUMNS = {
    "code": "VARCHAR",
    "series": "VARCHAR",
    "kind": "VARCHAR",
    "weight": "VARCHAR",
    "period_kind": "VARCHAR",
    "delivered": "BOOLEAN",
}
# The tables to which every indicator adds its part.
PARTS = ("case_row", "figure", "stray_unit")
CODE_LIST = {
    "vocabulary": "VARCHAR",
    "code": "VARCHAR",
    "zh": "VARCHAR",
    "en": "VARCHAR",
    "mandatory": "BOOLEAN",
}

# What the figures read beside the cases: where each place belongs, which places and periods there are.
_FRAME = (
    parse("SELECT unit, level, rollup FROM place", "place"),
    parse("SELECT area_code, level FROM area", "area"),
    parse("SELECT period, kind, starts_on, snapshot_on FROM period", "period"),
)


class EvaluationError(ValueError):
    """An indicator whose cases break a rule: names the indicator, the rule and how many cases."""


def _code_list() -> list[tuple[Any, ...]]:
    return [
        (name, value.code, value.zh, value.en, value.mandatory)
        for name, vocabulary in sorted(vocabularies().items())
        for value in vocabulary.values
    ]


def _needed(queries: Mapping[str, Query], chosen: Sequence[Indicator]) -> dict[str, Query]:
    """The base tables that the indicators read, directly or through others, and `place`."""
    waiting = ["place", *(table for one in chosen for table in one.query.reads)]
    found: dict[str, Query] = {}
    while waiting:
        name = waiting.pop()
        if name in queries and name not in found:
            found[name] = queries[name]
            waiting += queries[name].reads
    return found


def prepare(
    engine: Engine,
    as_of: date,
    months: int = MONTHS_OF_HISTORY,
    chosen: Sequence[Indicator] | None = None,
) -> None:
    """Make the period tables, the code list, an empty table for each contract without one, and the base.

    With `chosen`, only the base tables that these indicators read.
    """
    create_period_tables(engine, as_of, months)
    engine.create("code_list", CODE_LIST, _code_list())
    present = engine.tables()
    for name, contract in contracts().items():
        if name not in present:
            engine.create(name, contract.model_columns(), [])
    for name, columns in BESIDE.items():
        if name not in present:
            engine.create(name, columns, [])
    given = {*contracts(), *BESIDE, "period", "snapshot_day", "code_list"}
    queries = read_folder(BASE)
    if chosen is not None:
        queries = _needed(queries, chosen)
    for name in in_order(queries, given):
        engine.table(name, queries[name])


def _delivered(engine: Engine, chosen: Sequence[Indicator]) -> set[str]:
    """Names of the tables with at least one row, among those that the indicators need."""
    names = sorted({table for one in chosen for table in one.head.needs})
    parts = [f"SELECT '{name}' AS name, COUNT(*) AS n FROM {name}" for name in names]
    return {row["name"] for row in engine.rows(" UNION ALL ".join(parts)) if row["n"]}


def _checked(engine: Engine, indicator: Indicator, table: str) -> None:
    """EvaluationError where an outcome is no outcome, or a subject stands twice in one figure."""
    # A share by days or yuan has one case for each part of a subject, yes and no.
    whole = indicator.head.weight == "cases" and indicator.head.kind not in TWO_PILES
    parts = "" if whole else ", outcome"
    named = ", ".join(f"'{name}'" for name in indicator.head.series or ("",))
    stray = "0" if indicator.head.open_series else f"CASE WHEN series NOT IN ({named}) THEN 1 ELSE 0 END"
    found = engine.rows(
        "SELECT SUM(wrong) AS wrong, SUM(stray) AS stray, SUM(twice) AS twice FROM ("
        "SELECT SUM(CASE WHEN outcome IN ('yes', 'no', 'unknown') AND subject IS NOT NULL "
        f"AND period IS NOT NULL THEN 0 ELSE 1 END) AS wrong, SUM({stray}) AS stray, "
        f"CASE WHEN COUNT(*) > 1 THEN 1 ELSE 0 END AS twice FROM {table} "
        f"GROUP BY series, period, subject{parts}) AS g"
    )[0]
    if found["wrong"]:
        raise EvaluationError(
            f"{indicator.code}: expected yes, no or unknown for a named subject, {found['wrong']} differ"
        )
    if found["twice"]:
        raise EvaluationError(f"{indicator.code}: {found['twice']} subjects stand twice in one period")
    if found["stray"]:
        raise EvaluationError(
            f"{indicator.code}: {found['stray']} cases are in a series that the head does not name"
        )


def _measure_rows(engine: Engine, chosen: Sequence[Indicator]) -> Iterable[tuple[Any, ...]]:
    present = _delivered(engine, chosen)
    for one in chosen:
        delivered = set(one.head.needs) <= present
        for series in one.series_names():
            kind, weight = one.kind_of(series), one.weight_of(series)
            yield one.code, series, kind, weight, one.head.period, delivered


def evaluate(
    engine: Engine,
    chosen: Sequence[Indicator],
    memory: Memory | None = None,
    begins: Callable[[str], None] = lambda _: None,
) -> None:
    """Make `indicator`, `case_row` and `figure`; the same rows in the same order on every run.

    One indicator after the other, so that no step holds the cases of all; one whose key an earlier build has is
    taken over from there (`memory`).  `begins` hears the code of each as its turn comes.
    """
    engine.create("indicator", CATALOGUE, catalogue_rows(chosen))
    measured = list(_measure_rows(engine, chosen))
    engine.create("measure_series", SERIES_COLUMNS, measured)
    for name, columns in (
        ("case_row", CASE_COLUMNS),
        ("figure", FIGURE_COLUMNS),
        ("stray_unit", STRAY_COLUMNS),
    ):
        engine.create(name, columns, [])
    for one in sorted(chosen, key=lambda each: each.code):
        begins(one.code)
        series = [row for row in measured if row[0] == one.code]
        key = memory.key([cases_query(one), *_FRAME], [*figure_texts(), repr(series)]) if memory else ""
        if not memory or not memory.take_over(f"indicator {one.code}", key, one.code, PARTS):
            _evaluate_one(engine, one, series)
    make_case_place(engine)


def _evaluate_one(engine: Engine, one: Indicator, series: Sequence[tuple[Any, ...]]) -> None:
    """Append the cases and figures of one indicator; each case is written once, where it stays."""
    columns = ", ".join(CASE_COLUMNS)
    if any(delivered for *_, delivered in series):
        engine.add("case_row", _in_order_of_cases(cases_query(one)))
    engine.view("one_case", f"SELECT {columns} FROM case_row WHERE code = {_literal(one.code)}")
    _checked(engine, one, "one_case")
    engine.create("one_series", SERIES_COLUMNS, series)
    make_places(engine)
    kinds = {row[2] for row in series} - set(COUNTED_KINDS)
    engine.create("one_computed", COMPUTED_COLUMNS, durations_and_rates(engine, kinds))
    engine.add("figure", figure_query())
    engine.add("stray_unit", "SELECT code, unit FROM one_stray")
    for name in ("one_series", "one_unit", "one_stray", "one_place", "one_computed"):
        engine.drop(name)


def _in_order_of_cases(query: Query) -> Query:
    """The cases in their fixed order: these columns alone decide, since no subject stands twice in one figure."""
    return parse(f"{query.text}\nORDER BY series, period, area, subject, outcome", query.file)


def _literal(value: str) -> str:
    return exp.Literal.string(value).sql(dialect="duckdb")


def cases(
    engine: Engine, code: str, area: str, period: str, series: str | None = None
) -> list[dict[str, Any]]:
    """The rows behind a figure, in a fixed order; empty where there are none."""
    columns = ", ".join(f"c.{name}" for name in CASE_COLUMNS)
    chosen = "" if series is None else f" AND c.series = {_literal(series)}"
    return engine.rows(
        f"SELECT {columns} FROM case_row AS c "
        f"WHERE c.code = {_literal(code)} AND c.period = {_literal(period)}"
        f"{chosen} AND EXISTS (SELECT 1 AS one FROM case_place AS p "
        f"WHERE p.unit = COALESCE(c.area, '') AND p.rollup = {_literal(area)}) ORDER BY {columns}"
    )


def measures_of(engine: Engine, subject: str) -> list[dict[str, Any]]:
    """The measures in which a subject counts: code, series, period, area, outcome, days, record."""
    return engine.rows(
        "SELECT code, series, period, area, outcome, days, record FROM case_row "
        f"WHERE subject = {_literal(subject)} OR starts_with(subject, {_literal(subject + '@')}) "
        "ORDER BY code, series, period, area, subject"
    )
