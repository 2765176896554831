"""What the fence lets through, and how it refuses the rest."""

from __future__ import annotations

import pytest

from models.sql import FenceError, in_order, parse, render


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("SELECT DATE_DIFF('year', a, b) AS x FROM t", "DATEDIFF"),
        ("SELECT a // 2 AS x FROM t", "intdiv"),
        ("SELECT a / 2 AS x FROM t", "div"),
        ("SELECT a % 2 AS x FROM t", "mod"),
        ("SELECT AVG(a) AS x FROM t", "AVG"),
        ("SELECT CONCAT(a, b) AS x FROM t", "CONCAT"),
        ("SELECT a + INTERVAL 1 MONTH AS x FROM t", "interval"),
        ("SELECT * FROM t", r"\*"),
        ("SELECT a FROM t LIMIT 3", "limit"),
        ("SELECT a FROM read_csv('secret.csv')", "READ_CSV"),
        ("SELECT lower_case(a) AS x FROM t", "lower_case"),
        ("SELECT CURRENT_DATE AS x", "CURRENT_DATE"),
        ("SELECT RANDOM() AS x", "RAND"),
    ],
)
def test_what_differs_between_engines_is_refused(text: str, word: str) -> None:
    with pytest.raises(FenceError, match=word):
        parse(text, "example.sql")


def test_a_refusal_names_file_line_and_function() -> None:
    with pytest.raises(
        FenceError, match=r"example\.sql: line 2, column \d+: function foo is outside the fence"
    ):
        parse("SELECT a,\n  foo(a) AS x\nFROM t", "example.sql")


def test_our_functions_must_have_all_their_arguments() -> None:
    with pytest.raises(FenceError, match="age_on takes 2 arguments, found 1"):
        parse("SELECT age_on(a) AS x FROM t", "example.sql")


@pytest.mark.parametrize("text", ["DROP TABLE t", "SELECT 1 AS x; SELECT 2 AS x", "INSERT INTO t VALUES (1)"])
def test_only_one_select_is_a_query(text: str) -> None:
    with pytest.raises(FenceError):
        parse(text, "example.sql")


def test_a_call_inside_a_call_of_ours_is_written_out() -> None:
    query = parse("SELECT months_between(a, add_months(add_days(a, 1), 2)) AS x FROM t", "example.sql")
    for engine in ("duckdb", "spark"):
        assert "add_days" not in render(query, engine).lower()


def test_tables_come_after_those_they_read() -> None:
    queries = {
        "a": parse("SELECT x FROM b", "a.sql"),
        "b": parse("WITH d AS (SELECT x FROM given) SELECT x FROM d", "b.sql"),
    }
    assert in_order(queries, ["given"]) == ["b", "a"]


def test_a_table_that_nobody_makes_is_named() -> None:
    with pytest.raises(FenceError, match="reads nowhere, which nobody makes"):
        in_order({"a": parse("SELECT x FROM nowhere", "a.sql")}, [])


def test_a_circle_is_refused() -> None:
    queries = {"a": parse("SELECT x FROM b", "a.sql"), "b": parse("SELECT x FROM a", "b.sql")}
    with pytest.raises(FenceError, match="circle"):
        in_order(queries, [])
