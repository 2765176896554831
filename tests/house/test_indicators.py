"""Structure that every indicator keeps, and the clauses that the house cites."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from data_contracts.clauses import ClauseError, cited_in, clause, clauses
from data_contracts.clauses import parse as parse_clauses
from data_contracts.contract import contracts
from models.evaluate import BASE, BESIDE
from models.measure import CHAPTERS, FOLDER, HeadError, indicators, read_indicator
from models.parameters import parameters
from models.sql import FenceError, read_folder, split_head

CASES = pytest.mark.parametrize("code", list(indicators()))


@CASES
def test_the_article_exists(code: str) -> None:
    assert indicators()[code].head.clause in clauses()


@CASES
def test_the_chapter_is_that_of_the_code(code: str) -> None:
    assert indicators()[code].chapter == CHAPTERS["CREPSIFG".index(code[0])]


@CASES
def test_both_languages_are_written(code: str) -> None:
    head = indicators()[code].head
    words_of_head = (head.title, head.question, head.counted, head.out_of, head.excluded, head.unknown)
    for words in (*words_of_head, *head.series.values()):
        assert re.search(r"[一-鿿]", words.zh), words
        assert not re.search(r"[一-鿿]", words.en), words


@CASES
def test_partners_are_other_indicators(code: str) -> None:
    assert code not in indicators()[code].head.partner


@CASES
def test_the_tables_that_it_needs_are_made(code: str) -> None:
    assert set(indicators()[code].head.needs) <= set(contracts()) | set(BESIDE)


@pytest.mark.parametrize(
    "path", [*sorted(FOLDER.glob("*/*.sql")), *sorted(BASE.glob("*.sql"))], ids=lambda p: p.stem
)
def test_no_policy_number_stands_in_the_logic(path: Path) -> None:
    query = re.sub(r"--.*|'[^']*'|DECIMAL\(18, 2\)", "", split_head(path.read_text("utf-8"), path.name)[1])
    numbers = {int(number) for number in re.findall(r"(?<![\w.])\d+(?![\w.])", query)}
    # 0 to 4 count and sort; 100 turns a share into percent.  Anything else belongs in models/parameters.
    assert numbers <= {0, 1, 2, 3, 4, 100}


def test_every_base_table_says_what_it_is() -> None:
    assert set(read_folder(BASE)) >= {"known_child", "population"}


def test_every_contract_cites_a_clause_that_exists() -> None:
    assert [
        one for contract in contracts().values() for one in cited_in(contract.clause) if one not in clauses()
    ] == []


def test_the_rules_that_the_law_decides_are_all_there() -> None:
    assert {f"L{number}" for number in range(1, 12)} <= set(clauses())


def test_a_clause_that_nobody_wrote_is_refused() -> None:
    with pytest.raises(ClauseError, match="no clause 'L99'"):
        clause("L99")
    one = '[[clause]]\nid = "一"\ndocument = "d"\nzh = "甲"\nen = "a"\n'
    with pytest.raises(ClauseError, match="stands twice"):
        parse_clauses(one + one, "x.toml")


def test_every_parameter_names_its_source() -> None:
    assert all(dated.source for values in parameters().values() for dated in values)


def _text(code: str) -> tuple[str, str]:
    path = next(FOLDER.glob(f"*/{code}_*.sql"))
    return path.read_text("utf-8"), path.name


@pytest.mark.parametrize(
    ("was", "becomes", "problem"),
    [
        ('parameters = ["visit_grace_days"]\n', "", "expected parameters"),
        ('code = "C12"', 'code = "C11"', "start with its code"),
        ("better =", "beter =", "beter"),
        (" AS outcome", " AS result", "lacks the columns"),
        ("v.due_on, v.visited_on", "v.due_on, lower(v.mode) AS m, v.visited_on", "outside the fence"),
    ],
)
def test_a_broken_head_or_query_is_refused(was: str, becomes: str, problem: str) -> None:
    text, name = _text("c12")
    assert was in text
    with pytest.raises((HeadError, FenceError), match=problem):
        read_indicator(text.replace(was, becomes), name, "coverage")
