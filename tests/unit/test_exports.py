"""The supervision pack says what the figures say, hides what must be hidden, and is made twice alike."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
import sys
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dashboard.exports import MissingExtra, UnknownFormat, UnknownPeriod, make_pack
from dashboard.exports.content import content_of, fingerprint
from dashboard.exports.periods import choose, period_words, span_named, spans_of
from dashboard.exports.report import document_of
from dashboard.snapshot import Snapshot
from dashboard.texts import texts
from models.disclosure.publish import publish
from registry import store

AS_OF = dt.date(2026, 9, 30)
PICTURE = "![x](http://attacker.invalid/p.png)"
FORMULA = "=1+1"
MARKUP = "<img src=//attacker.invalid/p.png>"
DISTRICT, FIRST, SECOND, THIRD = "530902", "530902001", "530902102", "530902202"
TOWNSHIPS = {FIRST: "凤翔街道", SECOND: "博尚镇", THIRD: "南美拉祜族乡"}
CHILD, NAME = "c0a1b2c3d4e5f60718293", "李小明"

TABLES = {
    "build_info": "build_id VARCHAR, as_of DATE, known_on DATE, "
    "built_at TIMESTAMP, rows BIGINT, demo BOOLEAN",
    "area": "area_code VARCHAR, name VARCHAR, level VARCHAR, parent_code VARCHAR",
    "org": "org_code VARCHAR, name VARCHAR, township_code VARCHAR",
    "period": "period VARCHAR, kind VARCHAR, starts_on DATE, ends_on DATE, snapshot_on DATE",
    "indicator": "code VARCHAR, title_zh VARCHAR, title_en VARCHAR, question_zh VARCHAR, "
    "question_en VARCHAR, counted_zh VARCHAR, counted_en VARCHAR, out_of_zh VARCHAR, out_of_en VARCHAR, "
    "clause VARCHAR, owner VARCHAR, period_kind VARCHAR, unit VARCHAR, better VARCHAR, disclosure VARCHAR, "
    "partner VARCHAR, parameters VARCHAR, author VARCHAR, reviewed_on DATE",
    "figure": "code VARCHAR, series VARCHAR, level VARCHAR, area VARCHAR, period VARCHAR, yes BIGINT, "
    "no BIGINT, unknown BIGINT, value DOUBLE, low DOUBLE, high DOUBLE, evidence DOUBLE, status VARCHAR, "
    "n_shown BIGINT",
    "quality": "table_name VARCHAR, check_id VARCHAR, zh VARCHAR, en VARCHAR, dimension VARCHAR, "
    "status VARCHAR, failed BIGINT, applicable BIGINT",
    "delivery": "delivery VARCHAR, file VARCHAR, sha256 VARCHAR, forms VARCHAR, sender VARCHAR, "
    "reported_on DATE, received_on DATE, status VARCHAR, rows_read BIGINT, rows_accepted BIGINT, "
    "rows_quarantined BIGINT, rows_ignored BIGINT",
    "identity": "child_id VARCHAR, name VARCHAR, village_code VARCHAR",
    "screening": "target VARCHAR, child_id VARCHAR, points DOUBLE",
    "measure_series": "code VARCHAR, series VARCHAR, kind VARCHAR, weight VARCHAR",
    "case_place": "unit VARCHAR, level VARCHAR, rollup VARCHAR",
    "case_row": "code VARCHAR, series VARCHAR, outcome VARCHAR, subject VARCHAR, area VARCHAR, period VARCHAR",
}


def _fill(connection: store.Connection, table: str, rows: list[tuple[Any, ...]]) -> None:
    for row in rows:
        store.run(connection, f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", list(row))


def _period(name: str, kind: str, start: str, end: str) -> tuple[Any, ...]:
    last = dt.date.fromisoformat(end)
    return name, kind, dt.date.fromisoformat(start), last, min(last, AS_OF)


PERIODS = [
    _period("2026Q2", "quarter", "2026-04-01", "2026-06-30"),
    _period("2026Q3", "quarter", "2026-07-01", "2026-09-30"),
    _period("2026-08", "month", "2026-08-01", "2026-08-31"),
    _period("2026-09", "month", "2026-09-01", "2026-09-30"),
    _period("2025", "year", "2025-01-01", "2025-12-31"),
    _period("2026", "year", "2026-01-01", "2026-12-31"),
    _period("2025-2026学年", "school_year", "2025-09-01", "2026-08-31"),
    _period("2026-2027学年", "school_year", "2026-09-01", "2027-08-31"),
    _period("2026春", "term", "2026-03-01", "2026-07-10"),
    _period("2026秋", "term", "2026-09-01", "2027-01-20"),
    _period("2026-09-30", "snapshot", "2026-09-30", "2026-09-30"),
]


def _head(
    code: str, zh: str, en: str, kind: str, unit: str, better: str, disclosure: str, partner: str = ""
) -> Any:
    return (
        code, zh, en, f"{zh}？", f"{en}?", "计入的", "those that count", "应计入的", "all", "四·2",
        "民政", kind, unit, better, disclosure, partner, "visit_grace_days" if code == "C12" else "",
        "测试", dt.date(2026, 1, 1),
    )  # fmt: skip


INDICATORS = [
    _head("C12", "应访尽访率", "Visits done when due", "quarter", "share", "higher", "work", "C14,I9"),
    _head("C14", "见到本人率", "Child seen", "quarter", "share", "higher", "work"),
    _head("C8", FORMULA, FORMULA, "quarter", "share", "higher", "status"),
    _head("C13", PICTURE, PICTURE, "snapshot", "count", "lower", "status"),
    _head("R5", MARKUP, MARKUP, "month", "share", "higher", "work"),
    _head("P4", "有效筛查覆盖率", "Valid screens", "school_year", "share", "higher", "work"),
    _head("I9", "补录率", "Typed in late", "quarter", "share", "lower", "work"),
    _head("F1", "预算到位率", "Budget released", "year", "share", "higher", "work"),
]


def _share(code: str, area: str, period: str, yes: int, no: int, unknown: int = 0, series: str = "") -> Any:
    level = {6: "district", 9: "township", 12: "village"}[len(area)]
    known = yes + no
    value = yes / known if known else None
    low, high = (max(0.0, value - 0.05), min(1.0, value + 0.05)) if value is not None else (None, None)
    evidence = known / (known + unknown) if known + unknown else None
    status = "ok" if known else "not_applicable"
    return (
        code,
        series,
        level,
        area,
        period,
        yes,
        no,
        unknown,
        value,
        low,
        high,
        evidence,
        status,
        known + unknown,
    )


def _count(code: str, area: str, period: str, n: int, series: str) -> Any:
    level = {6: "district", 9: "township"}[len(area)]
    return code, series, level, area, period, n, 0, 0, float(n), None, None, 1.0, "ok", n


FIGURES = [
    _share("C12", DISTRICT, "2026Q3", 70, 30, 10), _share("C12", DISTRICT, "2026Q2", 90, 10),
    _share("C12", FIRST, "2026Q3", 40, 10), _share("C12", SECOND, "2026Q3", 25, 15, 30),
    _share("C12", THIRD, "2026Q3", 5, 5), _share("C12", THIRD, "2026Q2", 6, 4),
    _share("C14", DISTRICT, "2026Q3", 60, 10), _share("C14", FIRST, "2026Q3", 0, 0, 12),
    _share("C8", DISTRICT, "2026Q3", 90, 37), _share("C8", FIRST, "2026Q3", 47, 18),
    _share("C8", SECOND, "2026Q3", 40, 16), _share("C8", THIRD, "2026Q3", 3, 3),
    _count("C13", DISTRICT, "2026-09-30", 34, "plan>0d"), _count("C13", FIRST, "2026-09-30", 31, "plan>0d"),
    _count("C13", SECOND, "2026-09-30", 0, "plan>0d"), _count("C13", THIRD, "2026-09-30", 3, "plan>0d"),
    _share("R5", DISTRICT, "2026-08", 10, 10), _share("R5", DISTRICT, "2026-09", 19, 1),
    _share("P4", DISTRICT, "2025-2026学年", 33, 67), _share("P4", DISTRICT, "2026-2027学年", 1, 99),
    _share("I9", DISTRICT, "2026Q3", 30, 70), _share("F1", DISTRICT, "2026", 0, 0),
]  # fmt: skip
QUALITY = [
    (
        "visit",
        "visit_day",
        "走访日期不早于建档",
        "a visit is not before the file",
        "consistency",
        "fail",
        41,
        400,
    ),
    ("visit", "visit_mode", f"{FORMULA}", f"{FORMULA}", "validity", "pass", 0, 400),
    (
        "attendance",
        "days",
        "缺勤不超过应到",
        "absence is not above",
        "consistency",
        "not_checked",
        None,
        None,
    ),
]
DELIVERIES = [
    ("d1", f"{NAME}的材料.xlsx", "a" * 64, "visits", "石房村", dt.date(2026, 9, 25), dt.date(2026, 9, 26),
     "partly", 100, 90, 8, 2),
    ("d2", "x.xlsx", "b" * 64, "no_such_form", NAME, None, dt.date(2026, 9, 27), "accepted", 7, 7, 0, 0),
]  # fmt: skip


@pytest.fixture
def build() -> Iterator[store.Connection]:
    connection = store.memory()
    for name, columns in TABLES.items():
        store.run(connection, f"CREATE TABLE {name} ({columns})")
    _fill(
        connection,
        "build_info",
        [("b-77", AS_OF, dt.date(2026, 10, 8), dt.datetime(2026, 10, 9, 7), 1, True)],
    )
    _fill(connection, "area", [(DISTRICT, "临翔区", "district", None)])
    _fill(connection, "area", [(code, name, "township", DISTRICT) for code, name in TOWNSHIPS.items()])
    _fill(connection, "area", [(f"{FIRST}201", "石房村", "village", FIRST)])
    _fill(connection, "period", PERIODS)
    _fill(connection, "indicator", INDICATORS)
    _fill(connection, "figure", FIGURES)
    _fill(connection, "quality", QUALITY)
    _fill(connection, "delivery", DELIVERIES)
    _fill(connection, "identity", [(CHILD, NAME, f"{FIRST}201")])
    _fill(connection, "screening", [("visit", CHILD, 61.0)])
    _fill(connection, "case_row", [("C12", "", "yes", CHILD, f"{FIRST}201", "2026Q3")])
    _fill(connection, "measure_series", [("C13", "plan>0d", "count", "cases")])
    publish(connection, AS_OF, {})
    yield connection
    connection.close()


class _Cells(HTMLParser):
    """The rows of all tables of a page as texts, and the tags seen."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: set[str] = set()
        self._is_in_cell = self._is_in_drawing = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self._is_in_cell = True
        if tag == "br" and self._is_in_cell:
            self.rows[-1][-1] += "\n"
        self._is_in_drawing = self._is_in_drawing or tag == "svg"

    def handle_endtag(self, tag: str) -> None:
        self._is_in_cell = self._is_in_cell and tag not in ("td", "th")
        self._is_in_drawing = self._is_in_drawing and tag != "svg"

    def handle_data(self, data: str) -> None:
        if self._is_in_cell and not self._is_in_drawing:
            self.rows[-1][-1] += data


def html_rows(path: Path) -> list[list[str]]:
    cells = _Cells()
    cells.feed(path.read_text("utf-8"))
    return cells.rows


def docx_rows(path: Path) -> list[list[str]]:
    docx = pytest.importorskip("docx")
    found = []
    for table in docx.Document(str(path)).tables:
        for row in table._tbl.tr_lst:
            found.append(
                ["\n".join(p.text for p in docx.table._Cell(tc, table).paragraphs) for tc in row.tc_lst]
            )
    return found


def sheet_rows(path: Path, name: str) -> list[dict[str, Any]]:
    sheet = openpyxl.load_workbook(path)[name]
    head, *rows = list(sheet.iter_rows(values_only=True))
    return [dict(zip(head, row, strict=True)) for row in rows]


def everything(path: Path) -> str:
    """All words of a file, whatever its format."""
    if path.suffix == ".html":
        return path.read_text("utf-8")
    with zipfile.ZipFile(path) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


FORMATS = ("html", "docx", "xlsx")


@pytest.mark.parametrize("read", [html_rows, docx_rows], ids=["html", "docx"])
def test_the_district_table_says_what_the_figure_table_says(build: Any, tmp_path: Path, read: Any) -> None:
    path = make_pack(build, "2026Q3", tmp_path / f"p.{'html' if read is html_rows else 'docx'}", "zh").path
    rows = read(path)
    # 70 of 70 + 30 known; (70 + 30) of 110 known; 70 % - 90 % since the quarter before, outside its interval.
    row = ["C12 应访尽访率", "70", "30", "10", "70.0%\n(65.0%–75.0%)", "90%", "−20.0 个百分点!"]
    assert [*row, "C14\u00a085.7%\nI9\u00a030.0%"] in rows
    assert ["凤翔街道", "40", "10", "0", "80.0%", "75.0%–85.0%", "100%", "—", "C14\u00a0不明"] in rows
    assert ["博尚镇", "25", "15", "30", "62.5%", "57.5%–67.5%", "57%△", "—", "—"] in rows


def test_the_workbook_holds_the_figures_as_numbers(build: Any, tmp_path: Path) -> None:
    path = make_pack(build, "2026Q3", tmp_path / "p.xlsx", "zh").path
    district = {row["编号"]: row for row in sheet_rows(path, "全区")}
    c12 = district["C12"]
    assert (c12["是"], c12["否"], c12["不明"]) == (70, 30, 10)
    assert (c12["数值"], c12["区间下限"], c12["区间上限"], c12["上期数值"]) == (0.7, 0.65, 0.75, 0.9)
    assert district["C13"]["数值"] == "接近全部", "34 of 34: the exact number would say that nobody is left"
    assert (district["C8"]["是"], district["C8"]["否"]) == (90, 35), "37, rounded to five"
    townships = {(row["编号"], row["地区"]): row for row in sheet_rows(path, "乡镇")}
    assert len(townships) == len([row for row in FIGURES if row[2] == "township" and row[4] != "2026Q2"])
    assert townships["C12", "博尚镇"]["数值"] == 25 / 40
    with zipfile.ZipFile(path) as archive:
        assert any(name.startswith("xl/charts/chart") for name in archive.namelist())


def test_no_case_not_known_and_hidden_are_three_different_things(build: Any, tmp_path: Path) -> None:
    path = make_pack(build, "2026Q3", tmp_path / "p.xlsx", "zh").path
    district = {row["编号"]: row for row in sheet_rows(path, "全区")}
    townships = {(row["编号"], row["地区"]): row for row in sheet_rows(path, "乡镇")}
    assert district["F1"]["数值"] == "不适用"
    assert townships["C14", "凤翔街道"]["数值"] == "不明"
    assert townships["C8", "南美拉祜族乡"]["数值"] == "为保护隐去"


@pytest.mark.parametrize("ending", FORMATS)
def test_small_numbers_about_children_are_hidden_below_the_district(
    build: Any, tmp_path: Path, ending: str
) -> None:
    path = make_pack(build, "2026Q3", tmp_path / f"p.{ending}", "zh").path
    if ending == "xlsx":
        rows = [list(map(str, row.values())) for row in sheet_rows(path, "乡镇")]
        mine = [row for row in rows if row[0] == "C8"]
    else:
        rows = html_rows(path) if ending == "html" else docx_rows(path)
        first = next(at for at, row in enumerate(rows) if row == [f"C8 {FORMULA}"])
        mine = rows[first + 1 : first + 4]
    hidden = [row for row in mine if "不足8人" in row]
    # 3 + 3 in 南美拉祜族乡; nothing else is hidden, because 90 and 37 are rounded to five, as 47 and 40 are.
    assert [row[3 if ending == "xlsx" else 0] for row in hidden] == ["南美拉祜族乡"]
    for row in mine:
        assert not any(
            number in cell for cell in row for number in ("47", "18", "16", "71.4", "50.0", "72.3")
        )
    assert len(mine) == 3


def test_who_may_see_children_gets_every_number_and_the_pack_says_so(build: Any, tmp_path: Path) -> None:
    path = make_pack(build, "2026Q3", tmp_path / "p.html", "zh", reader_sees_children=True).path
    assert ["南美拉祜族乡", "3", "3", "0", "50.0%", "45.0%–55.0%", "100%", "—", "—"] in html_rows(path)
    assert "未作小数保护" in path.read_text("utf-8") and "不足8人" not in path.read_text("utf-8")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("ending", FORMATS)
def test_no_child_no_name_no_score_and_no_file_name_is_in_a_pack(
    build: Any, tmp_path: Path, ending: str, lang: str
) -> None:
    words = everything(make_pack(build, "2026Q3", tmp_path / f"p.{ending}", lang, True).path)
    assert CHILD not in words and NAME not in words and "61.0" not in words


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("ending", FORMATS)
def test_the_same_build_gives_the_same_bytes(
    build: Any, tmp_path: Path, ending: str, lang: str, monkeypatch: Any
) -> None:
    first = make_pack(build, "2026Q3", tmp_path / f"a.{ending}", lang)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    monkeypatch.setattr("time.localtime", lambda *_: (2033, 5, 18, 3, 33, 20, 2, 138, 0))
    second = make_pack(build, "2026Q3", tmp_path / f"b.{ending}", lang)
    assert first.path.read_bytes() == second.path.read_bytes()
    assert first.sha256 == hashlib.sha256(first.path.read_bytes()).hexdigest() == second.sha256
    if ending != "html":
        with zipfile.ZipFile(io.BytesIO(first.path.read_bytes())) as archive:
            assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_files_are_dated_by_the_build_and_not_by_the_clock(build: Any, tmp_path: Path) -> None:
    word = make_pack(build, "2026Q3", tmp_path / "p.docx", "zh").path
    core = pytest.importorskip("docx").Document(str(word)).core_properties
    book = openpyxl.load_workbook(make_pack(build, "2026Q3", tmp_path / "p.xlsx", "zh").path).properties
    for moment in (core.created, core.modified, book.created):
        assert (moment.date(), moment.hour) == (AS_OF, 0)


def test_all_formats_and_languages_show_one_check_value_of_the_data(build: Any, tmp_path: Path) -> None:
    packs = [
        make_pack(build, "2026Q3", tmp_path / f"{lang}.{ending}", lang)
        for lang in ("zh", "en")
        for ending in FORMATS
    ]
    assert len({pack.data_sha256 for pack in packs}) == 1
    for pack in packs:
        words = everything(pack.path)
        assert pack.data_sha256 in words and "b-77" in words and pack.build_id == "b-77"
    store.run(
        build, "UPDATE figure SET yes = 71 WHERE code = 'C12' AND area = ? AND period = '2026Q3'", [DISTRICT]
    )
    assert make_pack(build, "2026Q3", tmp_path / "later.html", "zh").data_sha256 != packs[0].data_sha256


def test_registry_text_stays_dead_text_in_a_page(build: Any, tmp_path: Path) -> None:
    path = make_pack(build, "2026Q3", tmp_path / "p.html", "zh").path
    cells = _Cells()
    cells.feed(path.read_text("utf-8"))
    assert not cells.tags & {"img", "script", "link", "iframe", "object", "form", "input"}
    assert any(MARKUP in cell for row in cells.rows for cell in row)
    assert any(PICTURE in cell for row in cells.rows for cell in row)
    assert not re.search(r"""(?:src|href)=["'](?!#)""", path.read_text("utf-8"))
    assert "default-src 'none'" in path.read_text("utf-8")


def test_registry_text_stays_dead_text_in_a_workbook(build: Any, tmp_path: Path) -> None:
    path = make_pack(build, "2026Q3", tmp_path / "p.xlsx", "zh").path
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == FORMULA for cell in cells)
    assert not [cell for cell in cells if cell.data_type == "f"] and not [
        cell for cell in cells if cell.hyperlink
    ]


def test_registry_text_stays_dead_text_in_a_word_file(build: Any, tmp_path: Path) -> None:
    store.run(
        build, "UPDATE indicator SET title_zh = title_zh || chr(7) || ' <w:b/> {{x}}' WHERE code = 'C12'"
    )
    path = make_pack(build, "2026Q3", tmp_path / "p.docx", "zh").path
    assert any(row[0] == "C12 应访尽访率 <w:b/> {{x}}" for row in docx_rows(path))
    with zipfile.ZipFile(path) as archive:
        relations = "".join(
            archive.read(name).decode() for name in archive.namelist() if name.endswith(".rels")
        )
    assert 'TargetMode="External"' not in relations


def test_an_unknown_period_is_named_with_those_there_are_and_no_file_is_left(
    build: Any, tmp_path: Path
) -> None:
    with pytest.raises(UnknownPeriod, match=r"2026Q3.*found '2031Q1'"):
        make_pack(build, "2031Q1", tmp_path / "p.html", "zh")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_format_or_language_is_refused(build: Any, tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat, match=r"\.docx, \.html, \.xlsx, found 'p\.pdf'"):
        make_pack(build, "2026Q3", tmp_path / "p.pdf", "zh")
    with pytest.raises(UnknownFormat, match="found 'fr'"):
        make_pack(build, "2026Q3", tmp_path / "p.html", "fr")


def test_without_python_docx_the_error_names_the_extra(build: Any, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(MissingExtra, match=r"shouhu\[report\]"):
        make_pack(build, "2026Q3", tmp_path / "p.docx", "zh")
    assert make_pack(build, "2026Q3", tmp_path / "p.html", "zh").path.exists()


@pytest.mark.parametrize(
    ("kind", "wanted", "expected"),
    [
        ("quarter", "2026Q3", "2026Q3"),
        ("month", "2026Q3", "2026-09"),  # the last month inside
        ("school_year", "2026Q3", "2025-2026学年"),  # ended inside, not the one that has just begun
        ("term", "2026Q3", "2026春"),
        ("year", "2026Q3", "2026"),  # still running
        ("snapshot", "2026Q3", "2026-09-30"),
        ("month", "2026Q2", None),  # no month of that quarter in this build
        ("snapshot", "2026Q2", None),  # "now" is not in that quarter
        ("school_year", "2026Q2", "2025-2026学年"),
    ],
)
def test_each_kind_of_measure_takes_the_period_that_belongs_to_the_one_asked_for(
    build: Any, kind: str, wanted: str, expected: str | None
) -> None:
    spans = spans_of(Snapshot(build))
    chosen = choose(spans, span_named(spans, wanted), kind)
    assert (chosen.now.period if chosen else None) == expected


def test_a_period_of_another_kind_is_said_beside_the_figure(build: Any, tmp_path: Path) -> None:
    first = [row[0] for row in html_rows(make_pack(build, "2026Q3", tmp_path / "p.html", "zh").path) if row]
    assert "P4 有效筛查覆盖率（2025–2026学年）" in first
    assert "F1 预算到位率（2026年（未结束，计至2026年9月30日））" in first


def test_what_is_left_out_is_named(build: Any, tmp_path: Path) -> None:
    words = make_pack(build, "2026Q2", tmp_path / "p.html", "en").path.read_text("utf-8")
    assert "These indicators are left out" in words and "C13" in words


def test_a_count_of_a_running_period_is_not_held_against_a_whole_one(build: Any) -> None:
    store.run(build, "UPDATE indicator SET unit = 'count', better = 'higher' WHERE code = 'F1'")
    for period, n in (("2025", 80), ("2026", 55)):
        store.run(build, "DELETE FROM figure WHERE code = 'F1' AND period = ?", [period])
        _fill(build, "figure", [_count("F1", DISTRICT, period, n, "")])
    figures = content_of(Snapshot(build), "2026Q3", False).at("district", ["F1"])
    assert [(one.value, one.before, one.direction) for one in figures] == [(55.0, None, "")]


def test_late_worse_and_doubtful_stand_in_their_sections(build: Any, tmp_path: Path) -> None:
    rows = html_rows(make_pack(build, "2026Q3", tmp_path / "p.html", "zh").path)
    assert ["C12 应访尽访率", "100", "30", "30.0%", "10", "−20.0 个百分点!"] in rows  # late: 30 of 70 + 30
    assert ["临翔区", "C12 应访尽访率", "70.0%", "65.0%–75.0%", "−20.0 个百分点!"] in rows  # worse
    assert ["C12 应访尽访率", "90%", "博尚镇 57%"] in rows  # 40 of 70 known
    assert ["走访", "走访日期不早于建档", "一致", "41", "400", "10.2%"] in rows  # a failed check
    assert any(row[:3] == ["临翔区", "I9 补录率", "30.0%"] for row in rows)  # typed in late
    assert "1 项检查未能进行" in (tmp_path / "p.html").read_text("utf-8")


def test_a_build_without_figures_makes_a_pack_that_says_so(build: Any, tmp_path: Path) -> None:
    for table in ("figure", "quality", "delivery"):
        store.run(build, f"DELETE FROM {table}")
    for ending in FORMATS:
        words = everything(make_pack(build, "2026Q3", tmp_path / f"p.{ending}", "zh").path)
        assert "本期没有这一部分的数字" in words or ending == "xlsx"
        assert "还没有检查结果" in words


def test_no_code_of_ours_and_no_third_decimal_is_shown(build: Any) -> None:
    document = document_of(content_of(Snapshot(build), "2026Q3", False), "en")
    words = [cell for block in document.blocks for cell in _cells_of(block)]
    shown = [one for one in words if MARKUP not in one]
    assert not [one for one in shown if re.search(r"\b[a-z]+_[a-z_]+\b|\bplan>", one)]
    assert not [one for one in shown if re.search(r"\d\.\d{2,}", one)]


def _cells_of(block: Any) -> list[str]:
    if hasattr(block, "columns"):
        return [
            block.caption,
            *(one.title for one in block.columns),
            *(cell for row in block.rows for cell in row.cells),
        ]
    return [block.words]


def test_both_languages_have_every_text_and_period() -> None:
    mine = [{key for key in texts(lang) if key.startswith("pack.")} for lang in ("zh", "en")]
    assert mine[0] == mine[1] and len(mine[0]) > 100
    assert [period_words("zh", one) for one in ("2026Q3", "2026-09", "2026H2", "2025秋", "2026-09-30")] == [
        "2026年第三季度", "2026年9月", "2026年下半年", "2025年秋季学期", "2026年9月30日",
    ]  # fmt: skip
    assert [period_words("en", one) for one in ("2026Q3", "2026-09", "2026", "2025秋", "2025-2026学年")] == [
        "Q3 2026", "September 2026", "2026", "autumn term 2025", "school year 2025–2026",
    ]  # fmt: skip


def test_the_fingerprint_depends_on_who_may_read(build: Any) -> None:
    snapshot = Snapshot(build)
    assert fingerprint(content_of(snapshot, "2026Q3", True)) != fingerprint(
        content_of(snapshot, "2026Q3", False)
    )
