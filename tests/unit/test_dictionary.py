"""The data dictionary says everything that a contract says, in words, in both languages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from data_contracts import dictionary
from data_contracts.contract import contracts
from data_contracts.dictionary_words import SENSITIVITY
from data_contracts.forms import forms
from data_contracts.vocabularies import vocabularies

LANGUAGES = ("zh", "en")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def section(text: str, contract_name: str) -> str:
    """The part of the document about one table."""
    parts = re.split(r"^## ", text, flags=re.MULTILINE)
    return next(part for part in parts if re.match(rf".*[(（]{contract_name}[)）]\n", part))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_dictionary_names_every_column_of_every_table_with_its_words(lang: str) -> None:
    text = dictionary.as_markdown(lang)
    for contract in contracts().values():
        part = section(text, contract.name)
        for column in contract.columns:
            assert dictionary.named(column, lang) in part, f"{contract.name}.{column.name}"
            assert CHINESE.search(column.zh), "a column without Chinese words would be a raw identifier"
            assert column.en != column.name or " " not in column.name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_codes_checks_and_forms_stand_with_the_table(lang: str) -> None:
    text = dictionary.as_markdown(lang)
    for contract in contracts().values():
        part = section(text, contract.name)
        for check in contract.checks:
            assert getattr(check, lang).replace("|", "\\|") in part, f"{contract.name}: {check.id}"
        for column in contract.columns:
            for value in vocabularies()[column.vocabulary].values if column.vocabulary else ():
                assert f"{getattr(value, lang)} ({value.code})" in part
        for form in forms().values():
            if any(table.table == contract.name for table in form.tables):
                assert getattr(form, lang) in part


def test_every_type_owner_and_grade_of_sensitivity_has_words() -> None:
    for contract in contracts().values():
        assert not CHINESE.search(dictionary.owner_words(contract, "en")), contract.owner
        for column in contract.columns:
            assert dictionary.type_words(column, "zh")
            assert column.classification in SENSITIVITY


def test_the_page_fetches_nothing_and_escapes_what_it_shows() -> None:
    page = dictionary.as_html("zh")
    assert "<script" not in page
    assert not re.search(r"(src|href)=", page)
    assert page.count("<table>") == page.count("</table>") > 2 * len(contracts())


def test_the_command_writes_both_kinds_and_refuses_others(tmp_path: Path) -> None:
    runner = CliRunner()
    for name in ("d.md", "d.html"):
        done = runner.invoke(app, ["contracts", "docs", "--out", str(tmp_path / name), "--json"])
        assert done.exit_code == 0
        assert json.loads(done.stdout)["tables"] == len(contracts())
        assert (tmp_path / name).stat().st_size > 10_000
    assert runner.invoke(app, ["contracts", "docs", "--out", str(tmp_path / "d.pdf")]).exit_code == 2
    listed = runner.invoke(app, ["contracts", "list", "--json"])
    assert [one["table"] for one in json.loads(listed.stdout)["contracts"]] == list(contracts())
