"""The four-colour form as declared: its points, its holes, its refusals, and how it fails on filled forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from models.screening.four_colour.comparing import LEVELS, URGENT, Compared, TableScore, worked_cases
from models.screening.four_colour.form import COLOURS, FOLDER, FilledCase, filled_cases, form, parse
from models.screening.four_colour.scoring import READINGS, answers_sql, filled_sql, score_query
from models.sql import render
from models.strict_toml import FileProblem
from registry import store

TEXT = (FOLDER / "form.toml").read_text("utf-8")
Ask = Callable[[str], list[Mapping[str, Any]]]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    connection = store.open_file(tmp_path_factory.mktemp("form") / "nothing.duckdb")

    def asked(sql: str) -> list[Mapping[str, Any]]:
        found = connection.execute(sql)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    yield asked
    connection.close()


def scored(ask: Ask, **answers: int | None) -> Mapping[str, Any]:
    """The scores of one filled form: the best answer everywhere else, a blank where the value is None."""
    given = {name: points for name, points in answers.items() if points is not None}
    blank = tuple(name for name, points in answers.items() if points is None)
    case = FilledCase(
        id="one", zh="一", en="one", answers=given, blank=blank, expected={}, shouhu_zh="无", shouhu_en="none"
    )
    return ask(render(score_query(form(), filled_sql(form(), [case])), "duckdb"))[0]


def test_the_best_answers_of_each_table_make_a_hundred() -> None:
    for table in form().tables:
        assert sum(item.best for item in form().of_table(table.id)) == 100
    assert [len(form().of_table(table.id)) for table in form().tables] == [12, 7, 10]


def test_the_bands_are_those_of_the_text_and_the_code_has_holes_at_59_and_79() -> None:
    bounds = {points: form().colour(points) for points in (0, 39, 40, 59, 60, 79, 80, 100)}
    assert list(bounds.values()) == ["red", "red", "yellow", "yellow", "blue", "blue", "green", "green"]
    assert form().holes() == (59, 79)
    assert form().coded_colour(59) == "blue", "the wrong colour"
    assert form().coded_colour(79) is None, "no branch: the last child's colour stays"


def test_one_worst_answer_hides_behind_green_on_all_items_but_one(ask: Ask) -> None:
    hidden: dict[str, list[str]] = {}
    for item in form().items:
        row = scored(ask, **{item.id: item.worst})
        hidden.setdefault(item.table, []).append(row["colour_filled"])
    assert set(hidden["guardianship"]) == {"green"}
    assert sorted(hidden["physical"]) == ["blue"] + 6 * ["green"], "six of seven"
    assert set(hidden["behaviour"]) == {"green"}


@pytest.mark.parametrize("case", filled_cases(), ids=lambda case: case.id)
def test_a_worked_case_adds_up_to_what_was_worked_by_hand(case: FilledCase, ask: Ask) -> None:
    found = worked_cases(ask)[case.id]
    assert {table: one.points for table, one in found.tables["filled"].items()} == case.expected


def test_the_failing_cases_of_the_text_come_out_as_it_says(ask: Ask) -> None:
    found = worked_cases(ask)
    shown = {
        case: (one.colours["filled"], one.coded["filled"], one.differs("filled"))
        for case, one in found.items()
    }
    assert shown == {
        "old_carer_no_duty_drinks": ("green", "green", ()),
        "bullied_and_ill": ("green", "green", ()),
        "severe_disability": ("green", "green", ()),
        "fifty_nine": ("yellow", "blue", ("hole",)),
        "seventy_nine": ("blue", None, ("hole",)),
        "half_filled": ("red", "red", ("blank",)),
    }
    assert found["half_filled"].colours["high"] == "green"


def test_a_blank_is_nothing_then_the_worst_then_the_best_answer(ask: Ask) -> None:
    row = scored(ask, couple=None)
    points = [row[f"points_guardianship_{reading}"] for reading in READINGS]
    assert points == [100 - 10, 100 - 10 + 2, 100]
    assert (row["blanks_guardianship"], row["blanks_physical"]) == (1, 0)


def test_a_red_table_is_certain_even_where_another_keeps_the_last_colour(ask: Ask) -> None:
    hole = {"attendance": 2, "psychological_state": 3, "peers": 6, "places": 4}
    alone = scored(ask, **hole)
    assert (alone["colour_filled"], alone["coded_filled"]) == ("blue", None)
    red = scored(ask, disease=None, disability=None, rehabilitation=None, **hole)
    assert red["coded_filled"] == "red"


def test_a_knock_out_makes_the_table_red_whatever_its_points(ask: Ask) -> None:
    answers = filled_sql(form(), filled_cases()[:1]).replace(
        "FALSE AS hit_wandering", "TRUE AS hit_wandering"
    )
    row = ask(render(score_query(form(), answers), "duckdb"))[0]
    assert (row["points_guardianship_high"], row["colour_guardianship_high"]) == (81, "red")
    assert {row[f"coded_{reading}"] for reading in READINGS} == {"red"}


def compared(level: str, colour: str, filled: str = "", hits: tuple[str, ...] = ()) -> Compared:
    tables = {reading: {"physical": TableScore(80, colour, colour)} for reading in READINGS}
    colours = {"filled": filled or colour, "low": colour, "high": colour}
    return Compared("c", "", level, {}, {}, hits, 0, tables, colours, dict(colours))


def test_hidden_is_urgent_with_us_and_calm_on_the_form() -> None:
    hidden = {
        (level, colour)
        for level in LEVELS
        for colour in COLOURS
        if "hidden" in compared(level, colour).differs("high")
    }
    assert hidden == {(level, colour) for level in URGENT for colour in ("blue", "green")}


def test_a_red_that_a_knock_out_gives_is_not_laid_to_blanks() -> None:
    assert compared("rest", "green", filled="red").differs("high") == ("blank",)
    assert compared("rest", "green", filled="red", hits=("wandering",)).differs("high") == ()


def test_an_item_is_readable_or_says_why_it_is_not() -> None:
    for part in (*form().items, *form().knock_outs):
        assert bool(part.facts()) is not bool(part.not_recorded_zh)


def test_the_answers_stay_inside_the_fence_for_both_engines() -> None:
    query = score_query(form(), answers_sql(form()))
    for engine in ("duckdb", "spark"):
        assert "answer_carer_age" in render(query, engine)


BROKEN = {
    "an unknown fact": ('fact = "carer_age", below', 'fact = "carer_height", below', "carer_height"),
    "a comparison of the wrong kind": (
        'fact = "carer_duty", one_of = ["performed"]',
        'fact = "carer_duty", is = true',
        "as carer_duty is a code",
    ),
    "an unknown code": ('one_of = ["performed"]', 'one_of = ["done"]', "expected codes of carer_duty"),
    "points out of order": ('points = 6, zh = "60–69岁"', 'points = 9, zh = "60–69岁"', "points that fall"),
    "a table short of full marks": (
        'points = 8, zh = "60岁以下"',
        'points = 7, zh = "60岁以下"',
        "100 points, found 99",
    ),
    "bands that leave points out": (
        "from = 40\nbelow = 60",
        "from = 40\nbelow = 59",
        "one band for 59 points",
    ),
    "bands that overlap": ("from = 60\nbelow = 80", "from = 59\nbelow = 80", "one band for 59 points"),
    "an item twice": ('id = "kin"', 'id = "couple"', "'couple' twice"),
    "an unknown table": (
        'id = "kin"\ntable = "guardianship"',
        'id = "kin"\ntable = "money"',
        "found 'money'",
    ),
    "no English": ('en = "the couple"', 'en = ""', "en"),
    "no article": ('clause = "国发2016-13"', 'clause = "国发1999-1"', "clauses.toml"),
    "an unknown key": ('zh = "亲属往来"', 'zh = "亲属往来"\nweight = 2', "weight"),
    "a key twice": ('zh = "亲属往来"', 'zh = "亲属往来"\nzh = "亲属"', "each key once, found zh twice"),
    "half a point": ('points = 3, zh = "亚健康"', 'points = 3.5, zh = "亚健康"', "points"),
    "neither fact nor reason": (
        'not_recorded_zh = "台账不记夫妻关系"\n',
        "",
        "couple: `when`, or why",
    ),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_form_is_refused_with_file_line_and_what_was_found(fault: str) -> None:
    right, wrong, told = BROKEN[fault]
    assert right in TEXT
    with pytest.raises(FileProblem, match=r"form\.toml, line \d+") as problem:
        parse(TEXT.replace(right, wrong, 1), "form.toml")
    assert told in str(problem.value)
    for one in problem.value.complaints:
        assert any("一" <= letter <= "鿿" for letter in one.expected("zh")), (
            "Chinese readers are told in Chinese"
        )
        assert one.sentence("zh").startswith("form.toml 第")


def test_the_line_told_is_the_line_of_the_fault() -> None:
    broken = TEXT.replace('id = "kin"', 'id = "couple"', 1)
    line = [number for number, words in enumerate(broken.splitlines(), 1) if words == 'id = "couple"'][1]
    with pytest.raises(FileProblem, match=f"line {line}:"):
        parse(broken, "form.toml")


def test_the_form_is_no_card_that_ranks() -> None:
    assert not (Path(FOLDER).parent / "cards" / "four_colour.toml").exists()
