"""Small faults in a query: each changes one node of its syntax tree, as a slip of an analyst would.

A mutant is named by its operator and the changed words, and by a digest of its SQL, under which the list of
equivalent mutants knows it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

from sqlglot import exp

from tests.mutants.equivalence import same_by_rule

Change = tuple[
    str, exp.Expression, exp.Expression | None
]  # what it does, the node, what stands there instead

SWAPPED: dict[type[exp.Expression], type[exp.Expression]] = {
    exp.LT: exp.LTE,
    exp.LTE: exp.LT,
    exp.GT: exp.GTE,
    exp.GTE: exp.GT,
    exp.EQ: exp.NEQ,
    exp.NEQ: exp.EQ,
    exp.And: exp.Or,
    exp.Or: exp.And,
    exp.Min: exp.Max,
    exp.Max: exp.Min,
    exp.Greatest: exp.Least,
    exp.Least: exp.Greatest,
    exp.Add: exp.Sub,
    exp.Sub: exp.Add,
}
OTHER_OUTCOME = {"yes": "no", "no": "unknown", "unknown": "no"}
LONGEST = 100
COMPARISONS = (exp.LT, exp.LTE, exp.GT, exp.GTE)


class Mutant(NamedTuple):
    """One fault: the indicator, the operator, what was changed, the whole query.

    `reason` says why it can't change a case, where a rule of `equivalence` proves that.
    """

    code: str
    operator: str
    change: str
    text: str
    reason: str = ""

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits that name it in the list of equivalent mutants."""
        return hashlib.sha256(f"{self.code} {self.text}".encode()).hexdigest()[:12]


def _swaps(node: exp.Expression) -> Iterator[Change]:
    other = SWAPPED.get(type(node))
    if other:
        yield f"{type(node).__name__} to {other.__name__}", node, other(**_copied(node))


def _copied(node: exp.Expression) -> dict[str, object]:
    return node.copy().args


def _negations(node: exp.Expression) -> Iterator[Change]:
    if isinstance(node, exp.Not):
        yield "NOT removed", node, node.this.copy()


def _conditions(node: exp.Expression) -> Iterator[Change]:
    """Each part of a condition left out, one at a time; of a WHERE with a single part, the whole."""
    if isinstance(node, (exp.And, exp.Or)):
        yield "left part dropped", node, node.expression.copy()
        yield "right part dropped", node, node.this.copy()
    if isinstance(node, exp.Where) and not isinstance(node.this, exp.And):
        yield "WHERE dropped", node, None


def _branches(node: exp.Expression) -> Iterator[Change]:
    if not isinstance(node, exp.Case):
        return
    branches = node.args["ifs"]
    for place in range(len(branches)):
        without = node.copy()
        rest = [one for number, one in enumerate(without.args["ifs"]) if number != place]
        without.set("ifs", rest)
        if not rest:
            without = without.args.get("default") or exp.Null()
        yield f"CASE branch {place + 1} dropped", node, without


def _outcomes(node: exp.Expression) -> Iterator[Change]:
    given = isinstance(node, exp.Literal) and node.is_string and node.name in OTHER_OUTCOME
    if given and isinstance(node.parent, (exp.If, exp.Case, exp.Alias)) and node.arg_key != "expression":
        is_answer = not isinstance(node.parent, exp.If) or node.arg_key == "true"
        if is_answer:
            other = OTHER_OUTCOME[node.name]
            yield f"outcome {node.name} to {other}", node, exp.Literal.string(other)


def _days(node: exp.Expression) -> Iterator[Change]:
    """A day that bounds something, one day earlier and later."""
    is_day = isinstance(node, exp.Column) and node.name.endswith("_on")
    if is_day and (isinstance(node.parent, COMPARISONS) or _is_bound(node)):
        for word, days in (("later", "1"), ("earlier", "0 - 1")):
            moved = f"add_days({node.sql(dialect='duckdb')}, {days})"
            yield f"bound a day {word}", node, exp.maybe_parse(moved, dialect="duckdb")


def _is_bound(node: exp.Expression) -> bool:
    return isinstance(node.parent, exp.Between) and node.arg_key in ("low", "high")


def _parameters(parameters: frozenset[str]) -> Callable[[exp.Expression], Iterator[Change]]:
    def moved(node: exp.Expression) -> Iterator[Change]:
        if isinstance(node, exp.Column) and node.name in parameters and not _merely_named(node):
            for cls, word in ((exp.Add, "plus"), (exp.Sub, "minus")):
                one = exp.Paren(this=cls(this=node.copy(), expression=exp.Literal.number(1)))
                yield f"parameter {word} one", node, one

    return moved


def _merely_named(node: exp.Expression) -> bool:
    """A column that a SELECT or GROUP BY only hands on: changed where it is used, not twice."""
    return isinstance(node.parent, (exp.Select, exp.Group, exp.Alias))


def _fallbacks(node: exp.Expression) -> Iterator[Change]:
    if isinstance(node, exp.Coalesce) and node.expressions:
        every = [node.this, *node.expressions]
        turned = [one.copy() for one in reversed(every)]
        yield "COALESCE turned round", node, exp.Coalesce(this=turned[0], expressions=turned[1:])


def _sets(node: exp.Expression) -> Iterator[Change]:
    if isinstance(node, exp.Distinct):
        if isinstance(node.parent, exp.Count):
            yield "DISTINCT dropped", node, node.expressions[0].copy()
        else:
            yield "DISTINCT dropped", node, None
    if isinstance(node, exp.In) and len(node.expressions) > 1:
        for place, item in enumerate(node.expressions):
            without = node.copy()
            without.set("expressions", [one for n, one in enumerate(without.expressions) if n != place])
            yield f"{item.sql()} dropped from the list", node, without


def _joins(node: exp.Expression) -> Iterator[Change]:
    if isinstance(node, exp.Join) and node.args.get("on") is not None:
        other = node.copy()
        is_left = node.side == "LEFT"
        other.set("side", None if is_left else "LEFT")
        yield f"join {'LEFT to INNER' if is_left else 'INNER to LEFT'}", node, other


def _changes(tree: exp.Expression, parameters: frozenset[str]) -> Iterator[tuple[int, Change]]:
    kinds = (
        _swaps,
        _negations,
        _conditions,
        _branches,
        _outcomes,
        _days,
        _parameters(parameters),
        _fallbacks,
        _sets,
        _joins,
    )
    for place, node in enumerate(tree.walk()):
        for kind in kinds:
            for change in kind(node):
                yield place, change


def _applied(tree: exp.Expression, place: int, new: exp.Expression | None) -> str:
    """The query with the node at that place of the walk replaced (or taken out)."""
    whole = exp.Paren(this=tree.copy())
    node = list(whole.this.walk())[place]
    if new is None:
        node.pop()
    else:
        node.replace(new.copy())
    return str(whole.this.sql(dialect="duckdb", comments=False))


def mutants(code: str, tree: exp.Expression, parameters: frozenset[str] = frozenset()) -> list[Mutant]:
    """Every mutant of a query, in the order of its nodes; one that reads like the query itself is left out."""
    original = tree.sql(dialect="duckdb", comments=False)
    found: dict[str, Mutant] = {}
    for place, (operator, node, new) in _changes(tree, parameters):
        text = _applied(tree, place, new)
        if text != original and text not in found:
            before = node.sql(dialect="duckdb", comments=False)
            words = " ".join(before.split())[:LONGEST]
            found[text] = Mutant(code, operator, words, text, same_by_rule(operator, node))
    return list(found.values())
