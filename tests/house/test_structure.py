"""The house stands as the design says; and each rule notices when it doesn't."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import sqlglot
import yaml
from sqlglot import exp

from data_contracts.clauses import cited_in, clauses
from data_contracts.contract import Contract, contracts
from data_contracts.forms import Form, forms
from models.measure import Indicator, indicators
from tests.house import structure

ROOT = Path(__file__).resolve().parents[2]
TABLES = ROOT / "data_contracts" / "tables"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
Rule = Callable[[Path], list[str]]


@pytest.mark.parametrize("rule", structure.RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_the_rule(rule: Rule) -> None:
    assert rule(ROOT) == [], rule.__doc__


BREACHES = [
    (structure.shadowed_packages, "dashboard/models.py", ""),
    (structure.shadowed_packages, "dashboard/polars/__init__.py", ""),
    (structure.shadowed_packages, "dashboard/calendar.py", ""),
    (structure.folders_that_streamlit_takes_for_pages, "dashboard/pages/overview.py", ""),
    (structure.thick_pages, "dashboard/app_pages/overview.py", "x = 1\n" * 51),
    (structure.vague_names, "models/utils.py", ""),
    (structure.vague_names, "models/helpers/dates.py", ""),
    (structure.second_doors_to_duckdb, "models/build.py", "def run():\n    import duckdb\n"),
    (structure.second_doors_to_duckdb, "benchmarks/x.py", 'import_module("duckdb.typing")\n'),
    (structure.streamlit_outside_the_pages, "dashboard/views/child.py", "from streamlit import cache_data\n"),
    (
        structure.great_expectations_outside_the_suites,
        "data_contracts/gate.py",
        "import great_expectations.core\n",
    ),
    (structure.long_files, "models/big.py", "x = 1\n" * 301),
    (structure.addresses, "README.md", "see /" + "work/main for it\n"),
    (structure.addresses, "justfile", "pip install --index" + "-url https://mirror.example/x\n"),
    (structure.addresses, ".ci/run", "curl https://pypi." + "org/simple/duckdb\n"),
    (structure.unfinished_work, "models/x.sql", "-- TO" + "DO: the other half\n"),
    (
        structure.pins_with_an_address,
        "constraints.txt",
        "--extra-index" + "-url mirror.example\nduckdb==2.0.0\n",
    ),
    (structure.pins_with_an_address, "constraints.txt", "duckdb @ file:///wheels/duckdb.whl\n"),
]


@pytest.mark.parametrize(("rule", "file", "text"), BREACHES, ids=lambda part: getattr(part, "__name__", None))
def test_the_rule_notices_a_breach(rule: Rule, file: str, text: str, tmp_path: Path) -> None:
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text(text, "utf-8")
    found = rule(tmp_path)
    assert len(found) == 1, found
    assert found[0].split(",")[0] in file or file.startswith(found[0])


def test_every_rule_is_seen_to_notice_something() -> None:
    assert {rule for rule, _, _ in BREACHES} == set(structure.RULES)


def test_the_search_sees_the_whole_house() -> None:
    names = {path.relative_to(ROOT).parts[0] for path in structure.files(ROOT)}
    assert {*structure.PACKAGES, "tests", "docs", "pyproject.toml"} <= names
    assert "duckdb" in structure.imports(ROOT / "registry" / "store.py")


def test_every_excused_long_file_exists_and_says_why() -> None:
    excused = structure.excused_long_files(ROOT)
    assert [name for name in excused if not (ROOT / name).is_file()] == []
    assert [name for name, reason in excused.items() if len(reason) < len("because it is long")] == []


def test_the_pinned_versions_are_there_where_everything_is_required() -> None:
    if not (ROOT / "constraints.txt").exists() and "SHOUHU_REQUIRE_ALL" not in os.environ:
        pytest.skip("no constraints.txt yet: `just pin` makes it")
    assert "duckdb==" in (ROOT / "constraints.txt").read_text("utf-8")


SERVING = """
import importlib, pkgutil, sys
import dashboard.server, dashboard.views
for module in pkgutil.walk_packages(dashboard.views.__path__, "dashboard.views."):
    importlib.import_module(module.name)
print(" ".join(sorted(name.split(".")[0] for name in sys.modules)))
"""


def test_serving_the_pages_never_loads_great_expectations() -> None:
    run = [sys.executable, "-c", SERVING]
    loaded = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert {"streamlit", "polars", "dashboard"} <= set(loaded)
    assert "great_expectations" not in loaded
    assert "pyspark" not in loaded


@pytest.fixture(scope="module")
def standard() -> jsonschema.protocols.Validator:
    """The Open Data Contract Standard's own JSON Schema."""
    text = (resources.files("open_data_contract_standard") / "schema.json").read_text("utf-8")
    schema = json.loads(text)
    return jsonschema.validators.validator_for(schema)(schema)


def _complaints(standard: jsonschema.protocols.Validator, document: Any) -> list[str]:
    return [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for error in standard.iter_errors(document)
    ]


@pytest.mark.parametrize("name", sorted(contracts()))
def test_a_contract_is_valid_by_the_standard(name: str, standard: jsonschema.protocols.Validator) -> None:
    document = yaml.safe_load((TABLES / f"{name}.odcs.yaml").read_text("utf-8"))
    assert document["apiVersion"] == "v3.2.0"
    assert _complaints(standard, document) == []


def test_the_standard_notices_a_wrong_type_and_a_stranger(standard: jsonschema.protocols.Validator) -> None:
    document = yaml.safe_load((TABLES / "visit.odcs.yaml").read_text("utf-8"))
    assert _complaints(standard, {**document, "status": 5}) != []
    assert _complaints(standard, {**document, "ststus": "active"}) != []


def unknown_columns(contract: Contract) -> set[str]:
    """Columns that a contract's key or checks speak of and that it doesn't have."""
    named = {*contract.key, *(check.blames for check in contract.checks)}
    for check in contract.checks:
        for condition in (check.fails_when, check.unless):
            tree = sqlglot.parse_one(condition or "TRUE", read="duckdb")
            named |= {column.name for column in tree.find_all(exp.Column)}
    return named - {column.name for column in contract.columns}


@pytest.mark.parametrize("contract", contracts().values(), ids=lambda contract: contract.name)
def test_a_contracts_key_and_checks_speak_of_its_own_columns(contract: Contract) -> None:
    assert unknown_columns(contract) == set()
    assert contract.key, "rows of one thing must be told from rows of another"


def test_a_check_of_a_strange_column_is_noticed() -> None:
    contract = contracts()["visit"]
    check = contract.checks[0]._replace(fails_when="recorded_on < seen_on", blames="day")
    assert unknown_columns(contract._replace(checks=(check,), key=("child_ref", "when"))) == {
        "seen_on",
        "day",
        "when",
    }


# People whom a row only refers to: the gate makes a reference of them (`data_contracts.people`).
REFERENCES = {"carer.id_no", "worker.name"}


def missing_targets(form: Form) -> list[str]:
    """What a form writes that no contract holds, and headings that its tables speak of and that it lacks."""
    headings = {column.heading for column in form.columns}
    instances = {(table.table, table.instance) for table in form.tables}
    found = []
    for column in form.columns:
        table, instance, name = column.target
        if not table or column.writes in REFERENCES:
            continue
        known = table in contracts() and name in {one.name for one in contracts()[table].columns}
        if not known or (table, instance) not in instances:
            found.append(column.writes)
    for part in form.tables:
        names = {one.name for one in contracts()[part.table].columns} if part.table in contracts() else set()
        found += [f"{part.table}.{name}" for name in (*part.constants, *part.copies) if name not in names]
        spoken = {part.known_from, part.known_from_else, *part.copies.values(), *part.only_when} - {""}
        found += sorted(spoken - headings)
    return found


@pytest.mark.parametrize("form", forms().values(), ids=lambda form: form.id)
def test_whatever_a_form_writes_has_a_place(form: Form) -> None:
    assert missing_targets(form) == []


def test_a_form_that_writes_into_nothing_is_noticed() -> None:
    form = forms()["visits"]
    wrong = form.columns[5].model_copy(update={"writes": "visit.due_date"})
    renamed = form.columns[12].model_copy(update={"heading": "补录日期"})
    columns = (*form.columns[:5], wrong, *form.columns[6:12], renamed)
    assert missing_targets(form.model_copy(update={"columns": columns})) == ["visit.due_date", "录入日期"]


@pytest.mark.parametrize("one", indicators().values(), ids=lambda one: one.code)
def test_an_indicator_cites_an_article_speaks_both_languages_and_has_a_ledger(one: Indicator) -> None:
    assert cited_in(one.head.clause)
    assert [clause for clause in cited_in(one.head.clause) if clause not in clauses()] == []
    words = [
        one.head.title,
        one.head.question,
        one.head.counted,
        one.head.out_of,
        one.head.unknown,
        one.head.owner,
    ]
    for said in (*words, *one.head.series.values()):
        assert CHINESE.search(said.zh)
        assert not CHINESE.search(said.en)
    ledgers = (ROOT / "tests" / "spec" / "ledgers").glob(f"{one.code.lower()}_*.txt")
    assert [path.name for path in ledgers] == [one.query.file.replace(".sql", ".txt")]


@pytest.mark.parametrize("contract", contracts().values(), ids=lambda contract: contract.name)
def test_a_contract_cites_articles_that_are_known(contract: Contract) -> None:
    assert contract.clause
    assert [clause for clause in cited_in(contract.clause) if clause not in clauses()] == []
