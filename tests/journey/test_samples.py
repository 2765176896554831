"""The re-visit sample by its command: drawn, written, filled in, taken in."""

from __future__ import annotations

import shutil

import openpyxl

from registry import store
from tests.journey.conftest import Shouhu


def test_a_drawn_sheet_goes_out_blank_and_comes_back_as_a_ledger(shouhu: Shouhu) -> None:
    out = shouhu.folder / "抽核.xlsx"
    asked = ("sample", "revisits", "--period", "2026Q3", "--n", "9", "--out", str(out), "--json")
    first, again = shouhu(*asked), shouhu(*asked)
    assert first.code == 0, first.err
    assert first.document == again.document
    assert first.document["n_drawn"] == 9 < first.document["n_frame"]
    sheet = openpyxl.load_workbook(out).worksheets[0]
    headings = [cell.value for cell in sheet[3]]
    assert [row[headings.index("走访是否属实")].value for row in sheet.iter_rows(min_row=4)] == [None] * 9
    assert {row[headings.index("抽取数")].value for row in sheet.iter_rows(min_row=4)} == {9}
    copy = shouhu.folder / "store_of_samples"
    shutil.copytree(shouhu.store, copy)
    back = shouhu("intake", str(out), "--json", store=copy)
    assert [(file["rows_accepted"], file["rows_quarantined"]) for file in back.document["files"]] == [(9, 0)]


def test_a_quarter_that_does_not_exist_is_a_wrong_call(shouhu: Shouhu) -> None:
    answer = shouhu("sample", "revisits", "--period", "2026Q9", "--n", "9", "--out", "x.xlsx")
    assert answer.code == 2
    assert "2026Q9" in answer.err


def test_the_rules_kept_are_counted_as_the_quality_page_counts_them(shouhu: Shouhu) -> None:
    connection = store.open_snapshot(shouhu.store)
    try:
        differ = store.run(
            connection,
            "SELECT q.table_name, q.check_id FROM quality q LEFT JOIN (SELECT table_name, check_id, "
            "sum(failed) AS failed, sum(passed + failed) AS n FROM rule_result GROUP BY ALL) r "
            "USING (table_name, check_id) "
            "WHERE coalesce(q.applicable, 0) <> coalesce(r.n, 0) OR coalesce(q.failed, 0) <> coalesce(r.failed, 0)",
        )
    finally:
        connection.close()
    assert differ == []
