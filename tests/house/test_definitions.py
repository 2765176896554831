"""The catalogue of 92 and its definition sheets: complete, in both languages, and made from today's ledgers."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from dashboard.exports.definition_page import markdown_of, page_of
from dashboard.views.definition import Sheet, sheets
from dashboard.views.example import number
from data_contracts.clauses import clauses
from models.definitions import EXAMPLES, DefinitionError, definition, examples
from models.measure import indicators
from tests.spec.examples import LEDGERS, written

DAY = dt.date(2026, 9, 30)
GROUPS = {"C": 16, "R": 13, "E": 12, "P": 12, "S": 13, "I": 10, "F": 9, "G": 7}
CODES = [f"{letter}{at}" for letter, size in GROUPS.items() for at in range(1, size + 1)]
# Named by the catalogue: a rate of what was done, and what shows whether it was really done.
HONESTY = {"C12": {"C14", "I9", "I10", "G7"}, "P4": {"P5"}, "R1": {"C5"}}
LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])


@pytest.fixture(scope="module")
def written_sheets() -> dict[str, list[Sheet]]:
    return {lang: sheets(lang, DAY) for lang in ("zh", "en")}


def test_the_catalogue_holds_92_measures_in_its_order() -> None:
    assert list(indicators()) == CODES
    assert Counter(code[0] for code in indicators()) == GROUPS
    assert sum(GROUPS.values()) == 92


@pytest.mark.parametrize("code", CODES)
def test_each_measure_has_an_article_both_languages_a_ledger_and_a_sheet(
    code: str, written_sheets: dict[str, list[Sheet]]
) -> None:
    head = indicators()[code].head
    assert head.clause in clauses()
    assert len(list(LEDGERS.glob(f"{code.lower()}_*.txt"))) == 1
    assert examples()[code].named("expect figures")
    for lang, found in written_sheets.items():
        [mine] = [one for one in found if one.code == code]
        assert mine.title == getattr(head.title, lang)
        assert mine.example.delivered and mine.example.figures.rows
        assert all(words for _, words in mine.facts)
        assert mine.sql.strip().upper().startswith(("WITH", "SELECT", "--"))


@pytest.mark.parametrize("code", sorted(HONESTY))
def test_a_rate_of_what_was_done_names_its_honesty_partners(code: str) -> None:
    assert HONESTY[code] <= set(indicators()[code].head.partner)


def test_partners_are_measures_of_the_catalogue() -> None:
    assert {one for each in indicators().values() for one in each.head.partner} <= set(CODES)


def test_the_worked_examples_are_those_of_the_ledgers() -> None:
    assert EXAMPLES.read_text("utf-8") == written(), "run python -m tests.spec.examples"


@LANGUAGES
def test_no_program_name_and_no_other_language_stands_in_an_example(
    lang: str, written_sheets: dict[str, list[Sheet]]
) -> None:
    foreign = re.compile(r"[a-z]+_[a-z]+|5309" + (r"|[a-z]{2}" if lang == "zh" else r"|[一-鿿]"))
    told = [
        (sheet.code, cell)
        for sheet in written_sheets[lang]
        for table in (*sheet.example.delivered, sheet.example.cases, sheet.example.figures)
        if table
        for cell in (table.caption, *table.heads, *(cell for row in table.rows for cell in row))
        if foreign.search(cell)
    ]
    assert told == []


def test_an_expected_share_is_said_as_a_fraction_and_in_per_cent(
    written_sheets: dict[str, list[Sheet]],
) -> None:
    [visits] = [one for one in written_sheets["en"] if one.code == "C12"]
    assert visits.example.figures.rows[0] == (
        "the district", "2026Q3", "2", "5", "2", "2 ÷ 7 = 28.6%", "8.2%–64.1%"
    )  # fmt: skip
    assert number("2/8") == 0.25
    assert number("—") is None


def test_the_parameters_of_a_sheet_are_those_of_its_day(written_sheets: dict[str, list[Sheet]]) -> None:
    [reached] = [one for one in written_sheets["zh"] if one.code == "C12"]
    assert [(one.value, one.is_to_confirm) for one in reached.parameters] == [("0 天", True)]


def test_an_unknown_measure_has_no_sheet() -> None:
    with pytest.raises(DefinitionError, match="no measure 'C99'"):
        definition("C99", DAY)


@LANGUAGES
def test_the_document_asks_nothing_of_anybody_and_folds_the_queries(
    lang: str, written_sheets: dict[str, list[Sheet]]
) -> None:
    page = page_of(lang, written_sheets[lang], DAY)
    assert page.count('<article class="sheet"') == 92
    assert page.count('<details class="query">') == 92
    assert "default-src 'none'" in page
    assert not re.search(r"(src|href)=\"(?!#)", page)
    assert "i.inspected_on &lt;= p.snapshot_on" in page, "the query is text, not markup"
    markdown = markdown_of(lang, written_sheets[lang], DAY)
    assert markdown.count("```sql") == 92


def test_the_command_lists_the_catalogue_and_writes_the_sheets(tmp_path: Path) -> None:
    run = CliRunner()
    listed = json.loads(run.invoke(app, ["indicators", "catalogue", "--json", "--lang", "en"]).stdout)[
        "indicators"
    ]
    assert [row["code"] for row in listed] == CODES
    wanted = {"title", "article", "article_words", "owner", "period", "partner", "disclosure"}
    assert all(row[name] for row in listed for name in wanted - {"partner"})
    for ending in ("html", "md", "docx"):
        out = tmp_path / f"sheets.{ending}"
        done = run.invoke(
            app, ["indicators", "definitions", "--out", str(out), "--on", "2026-09-30", "--json"]
        )
        assert done.exit_code == 0, done.output
        assert json.loads(done.stdout)["indicators"] == 92
        assert out.stat().st_size > 100_000
    refused = run.invoke(app, ["indicators", "definitions", "--out", str(tmp_path / "sheets.pdf")])
    assert refused.exit_code == 2
    shown = run.invoke(app, ["indicators", "--help"]).stdout
    assert "Example: shouhu indicators" in shown
    assert "catalogue" in shown
