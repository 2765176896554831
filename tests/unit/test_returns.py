"""What was not taken in goes back to its sender, comes back mended, and closes its items."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from data_contracts.known import make_known_tables
from data_contracts.mending.answers import MARKER_SHEET, ROW_HEADINGS, SUMMARY_SHEETS
from data_contracts.mending.open_items import open_items
from data_contracts.mending.returns import by_sender
from registry import store
from tests.return_books import DOUBTFUL, TYPO, VISIT, adds_up, items, mend, sent_back, taken
from tests.sheets import Registry, area_book, write_book


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    found = Registry(tmp_path)
    found.take_in(area_book(tmp_path))
    return found


def test_a_rejected_row_and_a_doubtful_cell_are_open_and_a_good_row_is_not(
    registry: Registry, tmp_path: Path
) -> None:
    taken(registry, tmp_path, VISIT, TYPO, DOUBTFUL)
    assert items(registry) == [("reject_row", 5), ("accept_with_warning", 6)]


def test_the_return_holds_only_the_rows_in_question_with_colour_and_note(
    registry: Registry, tmp_path: Path
) -> None:
    taken(registry, tmp_path, VISIT, TYPO, DOUBTFUL)
    found = sent_back(registry, tmp_path / "out")
    assert (found.sender, found.findings, found.rows) == ("橄榄村", 2, 2)
    assert found.path.stat().st_mode & 0o077 == 0
    book = openpyxl.load_workbook(found.path)
    assert book.sheetnames[0] == SUMMARY_SHEETS["zh"]
    assert book[MARKER_SHEET].sheet_state == "hidden"
    sheet = book.worksheets[1]
    headings = {cell.value: cell.column for cell in sheet[3]}
    assert [sheet.cell(row, headings[ROW_HEADINGS["zh"]]).value for row in (4, 5)] == ["5", "6"]
    typo = sheet.cell(4, headings["应访截止日期"])
    assert (typo.value, typo.fill.fgColor.rgb[-6:]) == ("2026-09-31", "FFC7CE")
    assert "没有这一天" in typo.comment.text
    doubtful = sheet.cell(5, headings["走访方式"])
    assert (doubtful.value, doubtful.fill.fgColor.rgb[-6:]) == ("飞鸽传书", "FFEB9C")
    assert [str(rule.sqref) for rule in sheet.data_validations.dataValidation] == [doubtful.coordinate]
    words = " ".join(str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row)
    assert "C12" in words and "没有收下" in words and "罗梓萱" not in words


def test_a_mended_return_is_taken_in_and_closes_its_items(registry: Registry, tmp_path: Path) -> None:
    taken(registry, tmp_path, VISIT, TYPO, DOUBTFUL)
    book = mend(sent_back(registry, tmp_path / "out").path, 应访截止日期__5="2026-09-30", 走访方式__6="电话")
    outcome = registry.take_in(book, received_on=dt.date(2026, 11, 5))[0]
    assert (outcome.delivery.status, outcome.delivery.rows_accepted) == ("accepted", 2)
    assert adds_up(outcome)
    assert {"return_summary", "return_marker"} <= {
        part.split("=")[0] for part in outcome.delivery.ignored_why.split(",")
    }
    assert items(registry) == []
    assert registry.rows("SELECT how, sheet, \"row\" FROM resolution ORDER BY 3") == [
        ("returned", "走访", 5), ("returned", "走访", 6)]  # fmt: skip


def modes(registry: Registry, *days: dt.date) -> list[str | None]:
    """How the visit was made, as known on each of these days."""
    registry.connection.close()
    found = []
    for day in days:
        connection = store.memory()
        store.run(connection, f"ATTACH '{registry.settings.registry_path}' AS registry (READ_ONLY)")
        make_known_tables(connection, "registry", day)
        ((mode,),) = store.run(connection, 'SELECT "mode" FROM visit')
        found.append(mode)
        connection.close()
    return found


def test_a_correction_is_known_from_the_day_it_came_and_no_past_table_changes(
    registry: Registry, tmp_path: Path
) -> None:
    taken(registry, tmp_path, DOUBTFUL)
    book = mend(sent_back(registry, tmp_path / "out").path, 走访方式__4="电话")
    registry.take_in(book, received_on=dt.date(2026, 11, 5))
    before, on_the_day = dt.date(2026, 11, 4), dt.date(2026, 11, 5)
    assert modes(registry, before, on_the_day) == [None, "phone"]


def test_a_correction_of_an_old_report_does_not_take_the_place_of_a_newer_one(
    registry: Registry, tmp_path: Path
) -> None:
    taken(registry, tmp_path, DOUBTFUL)
    book = mend(sent_back(registry, tmp_path / "out").path, 走访方式__4="电话")
    october(registry, tmp_path, {**DOUBTFUL, "走访方式": "视频"})
    registry.take_in(book, received_on=dt.date(2026, 11, 5))
    assert modes(registry, dt.date(2026, 11, 5)) == ["video"]


def october(registry: Registry, tmp_path: Path, row: dict) -> None:
    """A newer report about the same visit."""
    book = write_book(tmp_path / "十月.xlsx", ("visits", [row]), sender="橄榄村", reported="2026年10月20日")
    registry.take_in(book, received_on=dt.date(2026, 10, 21))


@pytest.mark.parametrize(
    "first",
    [[DOUBTFUL], [DOUBTFUL | {"走访方式": "入户"}, DOUBTFUL | {"走访方式": "电话"}]],
    ids=["doubtful", "rejected"],
)
def test_a_newer_report_about_the_same_thing_closes_the_item_by_itself(
    registry: Registry, tmp_path: Path, first: list[dict]
) -> None:
    taken(registry, tmp_path, *first)
    assert len(items(registry)) == 1
    october(registry, tmp_path, {**DOUBTFUL, "走访方式": "视频"})
    assert items(registry) == []


def test_a_row_left_as_it_was_stays_open_and_is_counted_as_untouched(
    registry: Registry, tmp_path: Path
) -> None:
    taken(registry, tmp_path, VISIT, TYPO, DOUBTFUL)
    book = mend(sent_back(registry, tmp_path / "out").path, 应访截止日期__5="2026-09-30")
    outcome = registry.take_in(book, received_on=dt.date(2026, 11, 5))[0]
    assert (outcome.delivery.rows_accepted, "untouched_row=1" in outcome.delivery.ignored_why) == (1, True)
    assert adds_up(outcome)
    assert items(registry) == [("accept_with_warning", 6)]


def test_what_is_still_wrong_is_one_open_item_with_a_new_finding(registry: Registry, tmp_path: Path) -> None:
    taken(registry, tmp_path, VISIT, TYPO)
    book = mend(sent_back(registry, tmp_path / "out").path, 应访截止日期__5="九月底")
    outcome = registry.take_in(book, received_on=dt.date(2026, 11, 5))[0]
    assert outcome.delivery.rows_quarantined == 1 and adds_up(outcome)
    (item,) = open_items(registry.connection)
    assert (item.delivery.sha256, [m.code for m in item.messages]) == (
        outcome.delivery.sha256,
        ["not_a_date"],
    )
    assert sent_back(registry, tmp_path / "again").rows == 1


def test_a_return_with_a_mark_that_was_tampered_with_closes_nothing_and_says_so(
    registry: Registry, tmp_path: Path
) -> None:
    taken(registry, tmp_path, VISIT, TYPO)
    book = mend(sent_back(registry, tmp_path / "out").path, 应访截止日期__5="2026-09-30")
    tampered = openpyxl.load_workbook(book)
    tampered[MARKER_SHEET]["B2"].value = "0" * 12
    tampered.save(book)
    outcome = registry.take_in(book, received_on=dt.date(2026, 11, 5))[0]
    assert "return_marker_damaged" in [m.code for m in outcome.messages]
    assert registry.rows("SELECT count(*) FROM resolution") == [(0,)]


def test_a_spoilt_number_stays_recognisably_spoilt_on_its_way_back(
    registry: Registry, tmp_path: Path
) -> None:
    spoilt = {**TYPO, "身份证号": 539902202103054722.0}
    taken(registry, tmp_path, spoilt)
    book = mend(sent_back(registry, tmp_path / "out").path, 应访截止日期__4="2026-09-30")
    outcome = registry.take_in(book, received_on=dt.date(2026, 11, 5))[0]
    assert "id_digits_lost" in [m.code for m in outcome.messages]


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_return_that_went_through_libreoffice_keeps_its_marks_and_comes_back(
    registry: Registry, tmp_path: Path, kind: str
) -> None:
    office = shutil.which("soffice")
    if office is None and "SHOUHU_REQUIRE_ALL" not in os.environ:
        pytest.skip("no LibreOffice here")
    taken(registry, tmp_path, VISIT, TYPO, DOUBTFUL)
    book = mend(sent_back(registry, tmp_path / "out").path, 应访截止日期__5="2026-09-30", 走访方式__6="电话")
    converted = through_office(str(office), book, kind, tmp_path / "converted")
    sheet = openpyxl.load_workbook(
        converted if kind == "xlsx" else through_office(str(office), converted, "xlsx", tmp_path / "seen")
    ).worksheets[1]
    notes = {cell.coordinate: cell for row in sheet.iter_rows() for cell in row if cell.comment}
    assert len(notes) == 2
    assert {cell.fill.fgColor.rgb[-6:] for cell in notes.values()} == {"FFC7CE", "FFEB9C"}
    assert any("没有这一天" in cell.comment.text for cell in notes.values())
    outcome = registry.take_in(converted, received_on=dt.date(2026, 11, 5))[0]
    assert (outcome.delivery.rows_accepted, adds_up(outcome)) == (2, True)
    assert items(registry) == []


def through_office(office: str, book: Path, kind: str, folder: Path) -> Path:
    home = f"-env:UserInstallation=file://{folder}-home"
    command = [office, home, "--headless", "--convert-to", kind, "--outdir", str(folder), str(book)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder / f"{book.stem}.{kind}"


def test_two_files_without_a_stated_sender_never_share_a_workbook(registry: Registry, tmp_path: Path) -> None:
    for name in ("甲.xlsx", "乙.xlsx"):
        registry.take_in(write_book(tmp_path / name, ("visits", [{**TYPO, "走访方式": name[0]}]), sender=""))
    found = by_sender(open_items(registry.connection), "zh")
    assert [len({item.delivery.file for item in own}) for own in found.values()] == [1, 1]
