"""No query compares every row of one table with every row of another: a district would take seconds, a city hours."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from models.measure import indicators
from models.sql import Query, read_folder

MODELS = Path(__file__).resolve().parents[2] / "models"
# A handful of items on one side.
SMALL = {"f3_spent_per_child.sql"}


def _queries() -> list[Query]:
    found = [one.query for one in indicators().values()]
    for folder in ("base", "facts"):
        found += read_folder(MODELS / folder).values()
    return found


def _aliases(node: exp.Expr) -> set[str]:
    return {column.table for column in node.find_all(exp.Column)}


def choices_between_tables(tree: exp.Expr) -> list[str]:
    """Conditions of joins that let one of several columns match, which no index of values can serve."""
    found = []
    for select in tree.find_all(exp.Select):
        joined = select.args.get("joins") or []
        conditions = [join.args["on"] for join in joined if join.args.get("on")]
        conditions += [select.args["where"].this] if joined and select.args.get("where") else []
        for part in (part for one in conditions for part in _conjuncts(one)):
            equal = [each for each in part.find_all(exp.EQ) if len(_aliases(each)) > 1]
            if isinstance(part, exp.Or) and equal:
                found.append(part.sql())
            if isinstance(part, exp.In) and len(part.expressions) > 1 and len(_aliases(part)) > 1:
                found.append(part.sql())
    return found


def _conjuncts(condition: exp.Expr) -> list[exp.Expr]:
    inner = condition.unnest()
    if isinstance(inner, exp.And):
        return [*_conjuncts(inner.left), *_conjuncts(inner.right)]
    return [inner]


@pytest.mark.parametrize("query", _queries(), ids=lambda query: query.file)
def test_rows_are_joined_by_equal_values(query: Query) -> None:
    if query.file not in SMALL:
        assert choices_between_tables(query.tree) == []


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1 FROM pair AS c JOIN held AS h ON h.period = c.period AND h.org_code IN (c.village_code, c.org_code)",
        "SELECT 1 FROM d JOIN f ON f.day = d.day WHERE d.grade = 'D' AND (f.house = d.house OR f.child = d.child)",
    ],
)
def test_a_choice_between_columns_is_noticed(text: str) -> None:
    assert len(choices_between_tables(sqlglot.parse_one(text, read="duckdb"))) == 1
