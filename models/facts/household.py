"""Which facts are copied from others of the household: found in the SQL, so that no author can forget to say so.

A fact is copied where the row that it stands in was matched to the child by the household, by its number or by a
shared carer, and not by the child alone.  Such a fact says something about one child because of another; a card may
score it only where the family names the reason (`copied_zh`, `copied_en`).
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from models.sql import Query

MATCHES = frozenset({"household_ref", "household_no", "carer_ref"})


def copied_facts(query: Query, shared: Mapping[str, Query]) -> frozenset[str]:
    """The columns of the query whose values come from a row that was matched by the household."""
    tree = query.tree
    if not isinstance(tree, exp.Select):
        return frozenset()
    copied = {
        alias for alias, source, join in _sources(tree) if _matches(join) or _is_copied(source, shared, set())
    }
    return frozenset(
        column.alias_or_name
        for column in tree.selects
        if {each.table for each in column.find_all(exp.Column)} & copied
    )


def _sources(tree: exp.Select) -> list[tuple[str, exp.Expr, exp.Expr | None]]:
    """(alias, what it stands for, the condition of its join) of everything that the query reads."""
    first = tree.args.get("from_") or tree.args.get("from")
    found = [(first.this.alias_or_name, first.this, None)] if first is not None else []
    return found + [
        (join.this.alias_or_name, join.this, join.args.get("on")) for join in tree.args.get("joins") or ()
    ]


def _is_copied(source: exp.Expr, shared: Mapping[str, Query], seen: set[str]) -> bool:
    if isinstance(source, exp.Table):
        name = source.name
        if name in seen or name not in shared:
            return False
        return _anywhere(shared[name].tree, shared, seen | {name})
    return _anywhere(source, shared, seen)


def _anywhere(tree: exp.Expr, shared: Mapping[str, Query], seen: set[str]) -> bool:
    conditions = [join.args.get("on") for join in tree.find_all(exp.Join)]
    conditions += [*tree.find_all(exp.Group), *tree.find_all(exp.Where), *tree.find_all(exp.Window)]
    if any(_matches(one) for one in conditions):
        return True
    return any(_is_copied(table, shared, seen) for table in tree.find_all(exp.Table))


def _matches(condition: exp.Expr | None) -> bool:
    return condition is not None and any(column.name in MATCHES for column in condition.find_all(exp.Column))
