"""Every hard case comes out as an officer needs it, to the row."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.corpus import CASES
from tests.corpus.case import Case
from tests.corpus.holding import hold

MANUAL = Path(__file__).parents[2] / "docs" / "reading.md"


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.group}: {case.name}")
def test_a_hard_case_comes_out_as_declared(case: Case, tmp_path: Path) -> None:
    assert hold(case, tmp_path).faults == ()


def test_the_corpus_is_large_and_no_case_stands_twice() -> None:
    names = [(case.group, case.name) for case in CASES]
    assert len(names) == len(set(names)) >= 120
    assert {case.group for case in CASES} == {"containers", "workbooks", "values", "people", "hostile"}


def test_every_case_that_the_manual_names_is_in_the_corpus() -> None:
    lines = [line for line in MANUAL.read_text("utf-8").splitlines() if line.startswith("| ")]
    named = [word for line in lines for word in re.findall(r"`([^`]+)`", line.split("|")[-2])]
    names = [case.name for case in CASES]
    assert len(named) > 40
    assert [word for word in named if not any(word.strip("… ") in name for name in names)] == []
