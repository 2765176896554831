"""What an indicator reads: the columns of the contract tables from which its cases are made.

The way down goes from the indicator's query through the base tables that it reads, and of each base table only the
columns that are asked for are followed (sqlglot takes the others out).  Columns that decide which rows stand in a base
table are always followed: without them the figure would be another.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from sqlglot import exp
from sqlglot.optimizer.pushdown_projections import pushdown_projections
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import traverse_scope
from sqlglot.schema import MappingSchema

from data_contracts.contract import contracts
from models.evaluate import BASE, CODE_LIST, TIER_DUE
from models.measure import Indicator, indicators
from models.parameters import parameters
from models.sql import DIALECT, Query, read_folder

# Where a row stands and when it was known: of no single column of a ledger.
NOT_READ = frozenset({"record", "invalid", "known_on"})


@cache
def inputs_of(code: str) -> dict[str, frozenset[str]]:
    """Contract table → its columns that the indicator reads, by the contract's names; KeyError for no indicator."""
    return read_by(indicators()[code])


@cache
def readers_of(table: str, column: str) -> frozenset[str]:
    """The codes of the indicators that read a column of a contract table."""
    return frozenset(code for code in indicators() if column in inputs_of(code).get(table, ()))


def read_by(indicator: Indicator) -> dict[str, frozenset[str]]:
    """As `inputs_of`, for an indicator that need not stand in the catalogue."""
    found: dict[str, set[str]] = {table: set() for table in indicator.head.needs if table in contracts()}
    waiting = list(_read(indicator.query).items())
    done: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        table, columns = one = waiting.pop()
        if one in done:
            continue
        done.add(one)
        if table in contracts():
            own = {"child_ref" if column == "child_id" else column for column in columns - NOT_READ}
            found.setdefault(table, set()).update(own)
        elif table in _base():
            waiting += _read_by_base(table, columns).items()
    return {table: frozenset(columns) for table, columns in sorted(found.items())}


@cache
def _base() -> Mapping[str, Query]:
    return read_folder(BASE)


@cache
def _read_by_base(table: str, columns: frozenset[str]) -> dict[str, frozenset[str]]:
    return _read(_base()[table], columns)


@cache
def _schema() -> MappingSchema:
    """Every table that a query may read, with its columns."""
    tables = {name: dict(contract.model_columns()) for name, contract in contracts().items()}
    tables |= {name: dict.fromkeys(query.tree.named_selects, "VARCHAR") for name, query in _base().items()}
    numbers = dict.fromkeys(parameters(), "INTEGER")
    days = dict.fromkeys(("starts_on", "ends_on", "snapshot_on"), "DATE")
    tables["period"] = {"period": "VARCHAR", "kind": "VARCHAR", **days, **numbers}
    tables["snapshot_day"] = {"on_day": "DATE", **numbers}
    return MappingSchema({**tables, "code_list": CODE_LIST, "tier_due": TIER_DUE}, dialect=DIALECT)


def _read(query: Query, wanted: frozenset[str] | None = None) -> dict[str, frozenset[str]]:
    """Table → columns that the query reads for its own columns, or for the wanted ones alone."""
    tree: exp.Query = query.tree.copy()
    if wanted is not None:
        names = sorted(wanted) or [tree.named_selects[0]]
        tree = exp.select(*(exp.column(name, quoted=True) for name in names)).from_(tree.subquery("asked"))
    qualified = qualify(tree, schema=_schema(), dialect=DIALECT, validate_qualify_columns=False)
    found: dict[str, set[str]] = {table: set() for table in query.reads}
    for scope in traverse_scope(pushdown_projections(qualified)):
        tables = {name: made.name for name, made in scope.sources.items() if isinstance(made, exp.Table)}
        for column in scope.columns:
            if column.table in tables:
                found.setdefault(tables[column.table], set()).add(column.name)
    return {table: frozenset(columns) for table, columns in found.items()}
