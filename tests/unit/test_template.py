"""Blank ledgers: the office's own headings, drop-downs and hints, and no example to be read as data."""

from pathlib import Path

import openpyxl
import pytest

from data_contracts.forms import forms
from data_contracts.headings.headers import EXAMPLE_MARK
from data_contracts.intake import FileOutcome
from data_contracts.template import form_for, write_template
from data_contracts.template_words import example_cells
from data_contracts.vocabularies import vocabularies
from tests.sheets import AREAS, Registry, write_book


@pytest.mark.parametrize("form_id", sorted(forms()))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_form_has_a_template_with_its_headings(tmp_path: Path, form_id: str, lang: str) -> None:
    form = forms()[form_id]
    book = openpyxl.load_workbook(write_template(form_id, tmp_path / "blank.xlsx", lang))
    sheet = book.worksheets[0]
    level = 4 if any(column.group for column in form.columns) else 3
    written = [
        sheet.cell(level, place).value or sheet.cell(3, place).value
        for place in range(1, sheet.max_column + 1)
    ]
    assert written == [column.heading for column in form.columns]
    assert sheet.cell(1, 1).value == form.zh
    assert "填报单位" in sheet.cell(2, 1).value and "填报日期" in sheet.cell(2, 1).value
    assert sheet.max_row == level + 1, "the example row"
    assert len(sheet.data_validations.dataValidation) == sum(bool(column.writes) for column in form.columns)


def test_a_code_column_offers_the_words_of_its_list(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_template("visits", tmp_path / "blank.xlsx", "zh"))
    rules = {rule.promptTitle: rule for rule in book.worksheets[0].data_validations.dataValidation}
    words = ",".join(value.zh for value in vocabularies()["visit_mode"].values)
    assert rules["走访方式"].type == "list" and rules["走访方式"].formula1 == f'"{words}"'
    assert rules["是否见到儿童本人"].formula1 == '"是,否"'
    assert "2026-09-30" in rules["走访日期"].prompt


def test_a_long_list_stands_on_a_hidden_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data_contracts.template.INLINE_LIST_LENGTH", 60)
    book = openpyxl.load_workbook(write_template("concerns", tmp_path / "blank.xlsx", "zh"))
    rules = {rule.promptTitle: rule for rule in book.worksheets[0].data_validations.dataValidation}
    situations = vocabularies()["situation"].values
    hidden = book["选项"]
    assert hidden.sheet_state == "hidden"
    column = rules["情形"].formula1.split("$")[1]
    assert [cell.value for cell in hidden[column][: len(situations)]] == [value.zh for value in situations]


def test_the_example_stands_in_the_form_marked_as_such_and_on_the_instruction_sheet(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_template("village_ledger", tmp_path / "blank.xlsx", "zh"))
    *_, last = book.worksheets[0].iter_rows(values_only=True)
    notes = [str(cell.value) for row in book["填表说明"].iter_rows() for cell in row]
    assert last[0] == EXAMPLE_MARK and "539902201803150016" in last and "539902201803150016" in notes
    headings = {column.heading for column in forms()["village_ledger"].columns}
    for row in book["填表说明"].iter_rows(values_only=True):
        assert len(headings & set(row)) <= 1


@pytest.fixture(scope="module")
def taken_in(tmp_path_factory: pytest.TempPathFactory) -> dict[str, FileOutcome]:
    """Every form's template, its example left in and typed once more below without the mark: form → outcome."""
    folder = tmp_path_factory.mktemp("templates")
    registry = Registry(folder)
    headings = [column.heading for column in forms()["area_codes"].columns]
    areas = [*AREAS, ["530902001903", "示例村", "村级", "530902001", "", ""]]
    rows = [dict(zip(headings, row, strict=True)) for row in areas]
    registry.take_in(write_book(folder / "areas.xlsx", ("area_codes", rows), sender="区民政局"))
    (folder / "filled").mkdir()
    for form in forms().values():
        path = write_template(form.id, folder / "filled" / f"{form.id}.xlsx")
        book = openpyxl.load_workbook(path)
        sheet = book.worksheets[0]
        sheet["A2"] = "填报单位：示例村    填报日期：2026年10月1日"
        for place, cell in enumerate(example_cells(form), 1):
            sheet.cell(sheet.max_row + (place == 1), place, cell or None)
        book.save(path)
    schools = registry.take_in(folder / "filled" / "school_list.xlsx")
    others = registry.take_in(
        *(path for path in sorted((folder / "filled").iterdir()) if path.stem != "school_list")
    )
    registry.connection.close()
    return {Path(one.file).stem: one for one in [*schools, *others]}


@pytest.mark.parametrize("form_id", sorted(forms()))
def test_a_template_filled_with_its_own_example_is_taken_in_without_a_fault(
    form_id: str, taken_in: dict[str, FileOutcome]
) -> None:
    outcome = taken_in[form_id]
    told = [message.code for message in outcome.messages]
    if forms()[form_id].workbook and "missing_sheet" in told:
        told.remove("missing_sheet")  # one sheet of a workbook of several, sent alone
    assert told == ["example_row"]
    assert outcome.delivery.rows_accepted == 1
    assert "example=1" in outcome.delivery.ignored_why.split(",")


def test_a_table_name_gives_the_first_form_that_writes_it(tmp_path: Path) -> None:
    assert form_for("visit").id == "visits"
    assert form_for("psych_screen").id == "screen_sdq"


def test_an_unknown_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="expected a form or table of the registry, found 'nonsense'"):
        write_template("nonsense", tmp_path / "blank.xlsx")


def test_no_template_holds_a_formula_or_a_link(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_template("hazards", tmp_path / "blank.xlsx", "en"))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f" and cell.hyperlink is None


def test_templates_are_the_same_bytes_each_time(tmp_path: Path) -> None:
    one, two = (write_template("visits", tmp_path / name) for name in ("a.xlsx", "b.xlsx"))
    assert one.read_bytes() == two.read_bytes()
