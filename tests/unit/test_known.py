"""What a child's page says of each fact: in sentences, with no raw code, and no birth date beside an age."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboard.snapshot import Snapshot, opened
from dashboard.texts import LANGUAGES, text
from dashboard.views.known import ORDER, everything_known, fact_words
from models.facts import Fact, facts, families
from tests.pages.snapshot_fixture import child_ids, make_store

DAY = date(2026, 9, 1)
RAW = re.compile(r"[{}]|_|\bNone\b|\bTrue\b|\bFalse\b")


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    published: Path = make_store(tmp_path_factory.mktemp("known"))
    with opened(published) as found:
        yield found


def values(fact: Fact) -> list[Any]:
    if fact.kind == "flag":
        return [True, False]
    return [label.code for label in fact.labels()] if fact.kind == "code" else [0.0, 12.345]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("fact", facts().values(), ids=lambda fact: fact.name)
def test_every_answer_to_every_fact_is_told_in_words(fact: Fact, lang: str) -> None:
    for value in [*values(fact), None]:
        for since in (DAY, None):
            words = fact_words(fact, value, since, lang)
            assert words and not RAW.search(words), words
            assert not re.search(r"\d\.\d\d", words), "more than one decimal"
    told = {fact_words(fact, value, None, lang) for value in [*values(fact), None]}
    assert len(told) == len(values(fact)) + 1, "two answers that read the same"


def test_nothing_found_is_told_as_that_and_not_as_a_finding() -> None:
    words = fact_words(facts()["open_dwelling_grade"], "none", DAY, "en")
    assert words == "grade of an unsafe dwelling not dealt with: no unsafe dwelling left"
    assert fact_words(facts()["incidents_recent"], 0, None, "zh") == "观察期内意外事故次数：0"


def test_areas_stand_in_the_order_in_which_one_asks_and_none_is_left_out() -> None:
    assert set(ORDER) == {family.name for family in families()}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_child_has_one_row_for_each_fact_known_or_not(snapshot: Snapshot, lang: str) -> None:
    found = everything_known(snapshot, lang, child_ids()[0])
    assert len(found) == len(facts())
    rows = {row[1]: row for row in found.iter_rows()}
    alone = fact_words(facts()["lives_alone"], True, date(2026, 9, 27), lang)
    assert rows[alone][2:4] == (date(2026, 9, 27), "d1e2f3a4/台账/7")
    assert rows[alone][4] == text(lang, "known.counts_days", n=365)
    unknown = fact_words(facts()["unattended"], None, None, lang)
    assert rows[unknown][2:4] == (None, None)


def test_an_age_is_told_without_the_birth_date(snapshot: Snapshot) -> None:
    found = everything_known(snapshot, "zh", child_ids()[0])
    row = next(row for row in found.iter_rows() if row[1] == "照护人76岁")
    assert row[2] is None
    assert date(1950, 1, 1) not in found[text("zh", "column.since")].to_list()


def test_a_child_that_nobody_has_gives_no_rows(snapshot: Snapshot) -> None:
    assert everything_known(snapshot, "zh", "nobody").is_empty()
