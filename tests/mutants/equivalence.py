"""Rules by which a mutant can't change a case: each with its reason, counted and printed, never left out."""

from __future__ import annotations

from sqlglot import exp

from tests.mutants.passing_on import kind_asked_again, nulls_find_nobody

EVERY_CHILD = "every child that any table mentions is in it, so the join loses nobody"
ONE_SNAPSHOT = "there is always exactly one snapshot period"
REJECTED_LATER = "a later condition drops the rows that the wider join lets in"
FINDS_NOBODY = "the rows that the wider join lets in have no key, and every later join asks for it"
ASKED_AGAIN = "the rows are joined by period alone, to rows of that kind of period"
CITED_ROW = "changes only which of the rows behind one case is cited"
REJECTS_NULL = (exp.EQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.NEQ, exp.Between, exp.In)
HOLDS_EVERY_CHILD = ("known_child", "family")


def same_by_rule(operator: str, node: exp.Expression) -> str:
    """Why the changed node changes no case, empty where no rule says so."""
    if operator in ("Min to Max", "Max to Min") and isinstance(node.this, exp.Column):
        return CITED_ROW if node.this.name == "record" else ""
    if operator in ("left part dropped", "right part dropped", "WHERE dropped"):
        dropped = node.expression if operator == "right part dropped" else node.this
        return ASKED_AGAIN if kind_asked_again(node, dropped) else ""
    return _wider_join(node) if operator == "join INNER to LEFT" and isinstance(node, exp.Join) else ""


def _wider_join(join: exp.Join) -> str:
    table, alias = join.this.name, join.this.alias_or_name
    on = join.args["on"]
    if (
        table in HOLDS_EVERY_CHILD
        and isinstance(on, exp.EQ)
        and on.this.name == on.expression.name == "child_id"
    ):
        return EVERY_CHILD
    if table == "period" and on.sql() == f"{alias}.kind = 'snapshot'":
        return ONE_SNAPSHOT
    if any(_rejects(part, alias) for part in _later(join)):
        return REJECTED_LATER
    return FINDS_NOBODY if nulls_find_nobody(join) else ""


def _later(join: exp.Join) -> list[exp.Expression]:
    """The parts of every condition that stands after the join: inner joins, then WHERE."""
    query = join.parent
    assert isinstance(query, exp.Select)
    joins = query.args["joins"]
    after = joins[next(place for place, one in enumerate(joins) if one is join) + 1 :]
    whole = [one.args["on"] for one in after if one.side != "LEFT" and one.args.get("on") is not None]
    where = query.args.get("where")
    whole += [where.this] if where is not None else []
    return [part for one in whole for part in (one.flatten() if isinstance(one, exp.And) else [one])]


def _rejects(part: exp.Expression, alias: str) -> bool:
    """Whether a part of a condition can't hold where the columns of that table are null."""
    if isinstance(part, exp.Column):
        return part.table == alias
    if isinstance(part, exp.Not) and isinstance(part.this, exp.Is):
        asked = part.this.this
        is_null = isinstance(part.this.expression, exp.Null)
        return is_null and isinstance(asked, exp.Column) and asked.table == alias
    if not isinstance(part, REJECTS_NULL):
        return False
    loose = (exp.Coalesce, exp.Case, exp.Or, exp.Is, exp.Not, exp.Subquery, exp.Anonymous)
    inside = [column for column in part.find_all(exp.Column) if column.table == alias]
    return any(not _under(column, part, loose) for column in inside)


def _under(node: exp.Expression, top: exp.Expression, kinds: tuple[type[exp.Expression], ...]) -> bool:
    while node is not top and node.parent is not None:
        node = node.parent
        if isinstance(node, kinds):
            # Our date functions give null for null; a call that answers for null does not.
            if isinstance(node, exp.Anonymous) and str(node.this).lower() != "unusable":
                continue
            return True
    return False
