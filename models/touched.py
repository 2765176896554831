"""Which indicators, facts and cards a column of a contract reaches: read off the SQL, not typed by hand.

A column touches a query's result where it stands in what the result is made of, or in what decides which rows there
are (joins, filters, groups).  Both are followed through every base table and part of a query down to the contracts'
own tables, column by column.  What a subquery reads counts for the whole row around it, so the answer may name a
measure too many, never one too few.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from sqlglot import exp
from sqlglot.optimizer.scope import Scope, build_scope

from data_contracts.contract import contracts
from models.evaluate import BASE
from models.facts import families, shared_queries
from models.measure import indicators
from models.screening.rulebook.card import cards
from models.screening.rulebook.lanes import targets, tiers_of
from models.sql import Query, read_folder

Source = tuple[str, str]  # table, column
SCREENED = "tier_due"  # made by the screening, read by the measures that count by tier
CARER_COLUMNS = ("adult_ref", "adult_birth_date")  # what a carer's number becomes
FACT_PARTS = ("", "__since", "__record")


class Touched(NamedTuple):
    """Codes of indicators, names of facts, ids of cards and targets of tier rules, each in order."""

    indicators: tuple[str, ...]
    facts: tuple[str, ...]
    cards: tuple[str, ...]
    tiers: tuple[str, ...]


class _Shape(NamedTuple):
    """What each column of a result is made of, and what decides about its rows."""

    columns: dict[str, frozenset[Source]]
    rows: frozenset[Source]


@cache
def _queries() -> dict[str, Query]:
    """Every query that makes a table that others read."""
    return {**read_folder(BASE), **shared_queries()}


@cache
def _table(name: str) -> _Shape:
    """The shape of a table in terms of the contracts' columns."""
    if name in contracts():
        seen = contracts()[name].model_columns()
        return _Shape({column: frozenset({(name, column)}) for column in seen}, frozenset())
    if name in _queries():
        return _shape_of(_queries()[name])
    if name == SCREENED:
        return _Shape({}, frozenset().union(*(_fact_reach()[fact] for fact in _screening_facts())))
    return _Shape({}, frozenset())  # periods, code lists, parameters: no column of a sender's


def _screening_facts() -> set[str]:
    """The facts behind a child's place in the list of visits."""
    on_cards = {
        line.fact for read in cards().values() if read.card.target == "visit" for line in read.card.lines
    }
    return on_cards | {fact for rule in tiers_of("visit").rules for fact in rule.facts()}


def _shape_of(query: Query) -> _Shape:
    scope = build_scope(query.tree)
    return _scope(scope) if scope else _Shape({}, frozenset())


def _scope(scope: Scope) -> _Shape:
    if scope.set_operation_scopes:
        left, right = (_scope(part) for part in scope.set_operation_scopes)
        pairs = zip(left.columns.items(), right.columns.values(), strict=False)
        return _Shape({name: one | other for (name, one), other in pairs}, left.rows | right.rows)
    inside = {name: _source(source) for name, source in scope.sources.items()}
    rows = frozenset().union(*(shape.rows for shape in inside.values())) if inside else frozenset()
    for part in scope.subquery_scopes:
        shape = _scope(part)
        rows |= shape.rows.union(*shape.columns.values())
    tree = scope.expression
    projections = tree.selects if isinstance(tree, exp.Query) else []
    shown = {id(column) for one in projections for column in one.find_all(exp.Column)}
    for column in scope.columns:
        if id(column) not in shown:
            rows |= _reach(column, inside)
    columns = {
        one.alias_or_name: frozenset().union(*(_reach(c, inside) for c in one.find_all(exp.Column)))
        for one in projections
    }
    return _Shape(columns, rows)


def _source(source: exp.Table | Scope) -> _Shape:
    return _scope(source) if isinstance(source, Scope) else _table(source.name)


def _reach(column: exp.Column, inside: dict[str, _Shape]) -> frozenset[Source]:
    if column.table:
        shape = inside.get(column.table)
        return shape.columns.get(column.name, frozenset()) if shape else frozenset()
    return frozenset().union(*(shape.columns.get(column.name, frozenset()) for shape in inside.values()))


@cache
def _indicator_reach() -> dict[str, frozenset[Source]]:
    reach = {}
    for code, indicator in indicators().items():
        shape = _shape_of(indicator.query)
        reach[code] = shape.rows.union(*shape.columns.values())
    return reach


@cache
def _fact_reach() -> dict[str, frozenset[Source]]:
    reach = {}
    for family in families():
        shape = _shape_of(family.query)
        for fact in family.head.facts:
            parts = (shape.columns.get(fact.name + part, frozenset()) for part in FACT_PARTS)
            reach[fact.name] = shape.rows.union(*parts)
    return reach


@cache
def touched(table: str, column: str | None = None) -> Touched:
    """What a column of a contract reaches; without a column, what the whole row reaches.

    A child's identity (name, number) decides whose row it is, so it reaches what the row reaches; other identities
    (a visitor's name, a telephone) and notes reach nothing.  KeyError for a column that the contract does not have.
    """
    if table == "carer":
        return _reached_by(frozenset(("relation", name) for name in CARER_COLUMNS))
    contract = contracts().get(table)
    if contract is None:
        return Touched((), (), (), ())
    seen = contract.model_columns()
    name = "child_id" if column == "child_ref" else column
    if table == "person" or name is None:
        return _reached_by(frozenset((table, one) for one in seen))
    if name not in seen:
        contract.column(name)  # an identity; a column that does not exist is an error
        return _reached_by(frozenset())
    return _reached_by(frozenset({(table, name)}))


def touched_together(places: Iterable[tuple[str, str | None]]) -> Touched:
    """What several columns (or whole rows) reach together."""
    every = [touched(table, column) for table, column in places]
    parts = [sorted({one for found in every for one in found[place]}, key=_in_order) for place in range(4)]
    return Touched(*(tuple(part) for part in parts))


def _in_order(code: str) -> tuple[str, int, str]:
    digits = code[1:] if code[1:].isdigit() else "0"
    return code[:1], int(digits), code


def _reached_by(wanted: frozenset[Source]) -> Touched:
    codes = [code for code, reach in _indicator_reach().items() if wanted & reach]
    facts = [name for name, reach in _fact_reach().items() if wanted & reach]
    among = set(facts)
    on_cards = [name for name, read in cards().items() if among & {line.fact for line in read.card.lines}]
    in_tiers = [
        target for target in targets() if any(among & set(rule.facts()) for rule in tiers_of(target).rules)
    ]
    return Touched(
        tuple(sorted(codes, key=_in_order)), tuple(sorted(facts)), tuple(sorted(on_cards)), tuple(in_tiers)
    )
