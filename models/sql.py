"""Reads the `.sql` files of the models inside a fence: SQL that means the same on DuckDB and on Spark.

A query is written once, in DuckDB's dialect, and moved by sqlglot.  That is safe only while every node of
its syntax tree is on the list below: `DATE_DIFF('year', …)` counts New Years on one engine and anniversaries
on the other without an error, integer division and null ordering differ too.  What dates need stands
in `NAMED`, one definition per engine.  Anything else is refused with file, line and name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError

DIALECT = "duckdb"

# Node types of the fence, by family.  `Div`, `IntDiv`, `Mod`, `Interval`, every date function, `Avg`,
# `Concat` (which swallows nulls on one engine only) and `Star` outside COUNT(*) are left out on purpose.
_FAMILIES = """
    Select From Join Where Group Having With CTE TableAlias Table Subquery Union Values Tuple Distinct Exists
    Column Identifier Alias Literal Boolean Null Star
    And Or Not EQ NEQ GT GTE LT LTE Is In Between NullSafeEQ Case If Paren Add Sub Mul Neg
    Coalesce Nullif Least Greatest Abs Cast TryCast DataType DataTypeParam Substring DPipe Length
    Count Sum Min Max LogicalOr LogicalAnd
    Window RowNumber Order Ordered Anonymous
"""
ALLOWED = frozenset(_FAMILIES.split())

# name → number of arguments, DuckDB text, Spark text.  `{0}` is the first argument.
_AGE = (
    "(YEAR({1}) - YEAR({0}) - CASE WHEN MONTH({1}) * 100 + DAY({1}) < MONTH({0}) * 100 + DAY({0})"
    " THEN 1 ELSE 0 END)"
)
_MONTHS = "((YEAR({1}) - YEAR({0})) * 12 + MONTH({1}) - MONTH({0}))"
_ADD_MONTHS_DUCKDB = "CAST({0} + TO_MONTHS(CAST({1} AS INTEGER)) AS DATE)"
_RATIO = "(CAST({0} AS DOUBLE) / NULLIF(CAST({1} AS DOUBLE), 0))"
NAMED: dict[str, tuple[int, str, str]] = {
    # Full years; who was born on 29 February has the birthday on 1 March in ordinary years.
    "age_on": (2, _AGE, _AGE),
    "days_between": (2, "CAST({1} - {0} AS BIGINT)", "CAST(DATEDIFF({1}, {0}) AS BIGINT)"),
    # Full weeks between two days of which the second is the later one.
    "full_weeks": (
        2,
        "CAST(({1} - {0}) // 7 AS BIGINT)",
        "CAST(FLOOR(DATEDIFF({1}, {0}) / 7) AS BIGINT)",
    ),
    # Full calendar months; where the month has no such day its last day completes it (民法典 202).
    "months_between": (
        2,
        f"({_MONTHS} - CASE WHEN {{1}} < CAST({{0}} + TO_MONTHS(CAST({_MONTHS} AS INTEGER)) AS DATE)"
        " THEN 1 ELSE 0 END)",
        f"({_MONTHS} - CASE WHEN {{1}} < ADD_MONTHS({{0}}, {_MONTHS}) THEN 1 ELSE 0 END)",
    ),
    "add_days": (2, "CAST({0} + CAST({1} AS INTEGER) AS DATE)", "DATE_ADD({0}, CAST({1} AS INT))"),
    "add_months": (2, _ADD_MONTHS_DUCKDB, "ADD_MONTHS({0}, CAST({1} AS INT))"),
    "add_hours": (
        2,
        "({0} + TO_HOURS(CAST({1} AS INTEGER)))",
        "({0} + MAKE_DT_INTERVAL(0, CAST({1} AS INT), 0, 0))",
    ),
    "month_start": (1, "CAST(DATE_TRUNC('month', {0}) AS DATE)", "TRUNC({0}, 'MM')"),
    "month_end": (1, "LAST_DAY({0})", "LAST_DAY({0})"),
    # '2026-09' from a day, and the first day from '2026-09' (null where the text is no month).
    "month_of": (1, "STRFTIME({0}, '%Y-%m')", "DATE_FORMAT({0}, 'yyyy-MM')"),
    "month_first_day": (1, "TRY_CAST({0} || '-01' AS DATE)", "TRY_CAST({0} || '-01' AS DATE)"),
    "year_of": (1, "CAST(YEAR({0}) AS BIGINT)", "CAST(YEAR({0}) AS BIGINT)"),
    "day_of": (1, "CAST({0} AS DATE)", "CAST({0} AS DATE)"),
    # The cell held something unusable: neither a value nor a blank.
    "unusable": (
        2,
        "(COALESCE(STRPOS({0}, ',' || {1} || ','), 0) > 0)",
        "(COALESCE(INSTR({0}, ',' || {1} || ','), 0) > 0)",
    ),
    "starts_with": (2, "STARTS_WITH({0}, {1})", "STARTSWITH({0}, {1})"),
    "ratio": (2, _RATIO, _RATIO),
    # SHA-256 in hexadecimal, for receipts.
    "digest": (1, "SHA256({0})", "SHA2({0}, 256)"),
    # Where the row of the first, of the last day of a group stands (record, day); of two on one day the smaller, the
    # larger record.  Days are ten characters long on both engines.
    "record_of_first": (
        2,
        "SUBSTRING(MIN(CAST({1} AS VARCHAR) || {0}), 11)",
        "SUBSTRING(MIN(CAST({1} AS STRING) || {0}), 11)",
    ),
    "record_of_last": (
        2,
        "SUBSTRING(MAX(CAST({1} AS VARCHAR) || {0}), 11)",
        "SUBSTRING(MAX(CAST({1} AS STRING) || {0}), 11)",
    ),
    "square_root": (1, "SQRT(CAST({0} AS DOUBLE))", "SQRT(CAST({0} AS DOUBLE))"),
}
_ENGINES = {"duckdb": 1, "spark": 2}
# sqlglot knows some of our names as functions of its own; they are ours all the same.
_OWN_CLASS = {"MonthsBetween": "months_between", "AddMonths": "add_months", "StartsWith": "starts_with"}


class FenceError(ValueError):
    """SQL outside the fence: names the file, the line and column, and what was found."""


class Query(NamedTuple):
    """A fenced query: the file it stands in, its text without the head, and the tables it reads."""

    file: str
    text: str
    tree: exp.Query
    reads: tuple[str, ...]


def _place(node: exp.Expr, text: str, word: str) -> str:
    for part in node.walk():
        if "line" in part.meta:
            return f"line {part.meta['line']}, column {part.meta.get('col', 0)}"
    found = re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE)
    before = text[: found.start()] if found else ""
    return f"line {before.count(chr(10)) + 1}, column {len(before) - before.rfind(chr(10))}"


def _named_call(node: exp.Expr) -> tuple[str, list[exp.Expr]] | None:
    """Our own function behind that node with its arguments in order, or None."""
    kind = type(node).__name__
    if kind == "Anonymous":
        return str(node.this).lower(), list(node.expressions)
    if kind in _OWN_CLASS:
        arguments = (node.this, node.args.get("expression"))
        return _OWN_CLASS[kind], [part for part in arguments if part is not None]
    return None


def _check(node: exp.Expr, file: str, text: str) -> None:
    call = _named_call(node)
    if call:
        name, arguments = call
        if name not in NAMED:
            raise FenceError(f"{file}: {_place(node, text, name)}: function {name} is outside the fence")
        if len(arguments) != NAMED[name][0]:
            raise FenceError(
                f"{file}: {_place(node, text, name)}: {name} takes {NAMED[name][0]} arguments, "
                f"found {len(arguments)}"
            )
        return
    kind = type(node).__name__
    if kind not in ALLOWED:
        word = node.sql_name() if isinstance(node, exp.Func) else node.key
        raise FenceError(f"{file}: {_place(node, text, word)}: {word} is outside the fence")
    if kind == "Star" and not isinstance(node.parent, exp.Count):
        raise FenceError(f"{file}: {_place(node, text, '*')}: name the columns, found *")


@lru_cache(maxsize=2048)
def parse(text: str, file: str) -> Query:
    """The fenced query in that text; FenceError where a node is outside the fence."""
    try:
        trees = sqlglot.parse(text, read=DIALECT)
    except ParseError as problem:
        raise FenceError(f"{file}: {problem}") from problem
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        raise FenceError(f"{file}: expected one SELECT, found {len(trees)} statements")
    tree = trees[0]
    for node in tree.walk():
        _check(node, file, text)
    for node in reversed(list(tree.walk())):
        if type(node).__name__ in _OWN_CLASS:  # as our own call, or it would be written as sqlglot's
            name, arguments = _named_call(node) or ("", [])
            node.replace(exp.Anonymous(this=name, expressions=[argument.copy() for argument in arguments]))
    inside = {str(cte.alias) for cte in tree.find_all(exp.CTE)}
    reads = {table.name for table in tree.find_all(exp.Table)} - inside
    return Query(file, text, tree, tuple(sorted(reads)))


def render(query: Query, engine: str) -> str:
    """The query in an engine's own dialect (`duckdb` or `spark`), our functions written out."""
    if engine not in _ENGINES:
        raise FenceError(f"expected an engine of {sorted(_ENGINES)}, found {engine}")
    return _rendered(_Same(query), engine)


class _Same:
    """A query as a key: the same text from the same file is the same query, however often it is asked for."""

    def __init__(self, query: Query) -> None:
        self.query = query
        self._key = (query.file, query.text)

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        # A tree changed by hand (a rule broken in a test) is another query, though its text stands.
        return isinstance(other, _Same) and self._key == other._key and self.query.tree is other.query.tree


@lru_cache(maxsize=2048)
def _rendered(same: _Same, engine: str) -> str:
    return _expand(same.query.tree.copy(), engine).sql(dialect=engine, comments=False)


def _expand(tree: exp.Expr, engine: str) -> exp.Expr:
    # Innermost calls first, so that an argument is plain text by the time its caller is written out.
    calls = [node for node in tree.walk() if _named_call(node)]
    for node in reversed(calls):
        call = _named_call(node)
        if call is None:
            continue
        name, arguments = call
        texts = [argument.sql(dialect=engine, comments=False) for argument in arguments]
        template = str(NAMED[name][_ENGINES[engine]])
        safe = [text if re.fullmatch(r"[\w.]+|'[^']*'", text) else f"({text})" for text in texts]
        written = exp.Var(this=template.format(*safe))
        if node is tree:
            return written
        node.replace(written)
    return tree


def columns_used(query: Query) -> set[str]:
    """Names of all columns that the query mentions."""
    return set(_columns(_Same(query)))


@lru_cache(maxsize=2048)
def _columns(same: _Same) -> frozenset[str]:
    return frozenset(column.name for column in same.query.tree.find_all(exp.Column))


def split_head(text: str, file: str) -> tuple[str, str]:
    """The head (inside the leading `/* … */`) and the query after it; FenceError where there is none."""
    found = re.match(r"\s*/\*(.*?)\*/", text, re.DOTALL)
    if not found:
        raise FenceError(f"{file}: expected the head in a leading /* … */, found none")
    # Blank lines stand in for the head, so that places in errors are the file's own lines.
    return found.group(1), "\n" * found.group(0).count("\n") + text[found.end() :]


def read_folder(folder: Path) -> dict[str, Query]:
    """Every `.sql` file of a folder by its stem, which is the name of the table that it makes."""
    return {
        path.stem: parse(split_head(path.read_text("utf-8"), path.name)[1], path.name)
        for path in sorted(folder.glob("*.sql"))
    }


def in_order(queries: Mapping[str, Query], given: Iterable[str]) -> list[str]:
    """Names of the queries so that each follows those it reads; FenceError for a cycle or a missing table."""
    known = set(given)
    graph: dict[str, set[str]] = {}
    for name, query in sorted(queries.items()):
        missing = [table for table in query.reads if table not in queries and table not in known]
        if missing:
            raise FenceError(f"{query.file}: reads {', '.join(missing)}, which nobody makes")
        graph[name] = {table for table in query.reads if table in queries}
    sorter: TopologicalSorter[str] = TopologicalSorter(graph)
    try:
        sorter.prepare()
    except CycleError as problem:
        raise FenceError(f"base tables read each other in a circle: {problem.args[1]}") from problem
    order: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        order += ready
        sorter.done(*ready)
    return order
