"""Where the rows of a named part of a query go: what proves that rows too many of it reach no case."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlglot import exp

# Whether a part of a join's condition stops the row too many: the part, the column that the row bears.
Stops = Callable[[exp.Expression, exp.Column], bool]


def nulls_find_nobody(join: exp.Join) -> bool:
    """Whether rows without a partner, which a wider join lets in, find none in any later join either.

    All columns of the joined table are null in them; every use of the part must ask for one of these columns.
    """
    query, alias = join.parent, join.this.alias_or_name
    assert isinstance(query, exp.Select)
    return _stopped(query, lambda column: column.table == alias, _asks_for)


def kind_asked_again(place: exp.Expression, dropped: exp.Expression) -> bool:
    """Whether a kind of period that a named part no longer asks for is asked again wherever the part is used."""
    query = place.find_ancestor(exp.Select)
    if not _is_kind(dropped) or not isinstance(query, exp.Select) or not _only_ands(place):
        return False
    alias, kind = dropped.this.table, dropped.expression.name

    def asks_the_kind(part: exp.Expression, column: exp.Column) -> bool:
        other = _other_side(part, column)
        return other is not None and other.name == "period" and _is_of_kind(other, kind)

    return _stopped(query, lambda column: column.name == "period" and column.table == alias, asks_the_kind)


def _stopped(query: exp.Select, bears: Callable[[exp.Column], bool], stops: Stops) -> bool:
    """Whether every use of a named part stops the rows that are known by one of the columns it bears."""
    part = query.parent
    if not isinstance(part, exp.CTE):
        return False
    keys = set(_handed_on(query, bears))
    uses = [table for table in part.root().find_all(exp.Table) if table.name == part.alias]
    return bool(keys) and bool(uses) and all(_stopped_here(table, keys, stops) for table in uses)


def _handed_on(query: exp.Select, bears: Callable[[exp.Column], bool]) -> Iterator[str]:
    """The names under which a part hands such a column on; none where it could fall in with other rows."""
    group = query.args.get("group")
    grouped = [one for one in group.expressions if isinstance(one, exp.Column)] if group else None
    sums = [one for one in query.find_all(exp.AggFunc) if one.find_ancestor(exp.Window) is None]
    if grouped is None and sums:
        return
    for shown in query.expressions:
        column = shown.unalias()
        if not isinstance(column, exp.Column) or not bears(column):
            continue
        apart = all(column in window.args["partition_by"] for window in query.find_all(exp.Window))
        if apart and (grouped is None or column in grouped):
            yield shown.alias_or_name


def _stopped_here(table: exp.Table, keys: set[str], stops: Stops) -> bool:
    query, alias = table.find_ancestor(exp.Select), table.alias_or_name
    if not isinstance(query, exp.Select):
        return False
    joins = query.args.get("joins") or []

    def bears(column: exp.Column) -> bool:
        return column.name in keys and (column.table == alias or (not column.table and not joins))

    for join in joins:
        is_its_own = join.this is table
        if join.side == "LEFT" and not is_its_own:
            continue
        for part in _ands(join.args.get("on")):
            if any(bears(column) and stops(part, column) for column in part.find_all(exp.Column)):
                return True
        if is_its_own:
            return False  # it may multiply the rows of others
    return _stopped(query, bears, stops)


def _asks_for(part: exp.Expression, column: exp.Column) -> bool:
    """Whether the part can't hold where that column is null."""
    if isinstance(part, exp.In):
        return part.this is column
    return _other_side(part, column) is not None


def _other_side(part: exp.Expression, column: exp.Column) -> exp.Column | None:
    """The other column of an equality, where it is of another table."""
    if not isinstance(part, exp.EQ) or column not in (part.this, part.expression):
        return None
    other = part.expression if part.this is column else part.this
    return other if isinstance(other, exp.Column) and other.table != column.table else None


def _is_of_kind(period: exp.Column, kind: str) -> bool:
    """Whether the table of that column holds periods of that kind alone, by its own condition."""
    query = period.find_ancestor(exp.Select)
    assert isinstance(query, exp.Select)
    if _where_asks(query, period.table, kind):
        return True
    named = {part.alias: part.this for part in period.root().find_all(exp.CTE)}
    tables = [table for table in query.find_all(exp.Table) if table.alias_or_name == period.table]
    made = named.get(tables[0].name) if len(tables) == 1 else None
    return isinstance(made, exp.Select) and any(
        shown.alias_or_name == "period" and _where_asks(made, shown.unalias().table, kind)
        for shown in made.expressions
        if isinstance(shown.unalias(), exp.Column)
    )


def _where_asks(query: exp.Select, alias: str, kind: str) -> bool:
    where = query.args.get("where")
    return any(
        _is_kind(part) and part.this.table == alias and part.expression.name == kind
        for part in _ands(where.this if where else None)
    )


def _is_kind(part: exp.Expression) -> bool:
    return isinstance(part, exp.EQ) and isinstance(part.this, exp.Column) and part.this.name == "kind"


def _ands(whole: exp.Expression | None) -> list[exp.Expression]:
    if whole is None:
        return []
    return list(whole.flatten()) if isinstance(whole, exp.And) else [whole]


def _only_ands(node: exp.Expression) -> bool:
    """Whether the node is the WHERE, or stands in it under nothing but AND."""
    while not isinstance(node, exp.Where):
        if not isinstance(node, exp.And) or node.parent is None:
            return False
        node = node.parent
    return True
