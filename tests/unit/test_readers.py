"""What arrives is read as it stands, or refused by a code; no file can take the others down with it."""

from __future__ import annotations

import datetime
import io
import os
import signal
import struct
import time
import zipfile
import zlib
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from registry import readers
from registry.archive import MAX_RATIO, Archive, inspect
from registry.readers import UNREADABLE_CODES, Kind, Limits, Reading, Unreadable, read, read_many

LEDGERS = Path(__file__).resolve().parents[3] / "shared" / "ledgers"
A_NUMBER_AS_LONG_AS_AN_ID = 539902202604251010
SOME_TABLE = "姓名,村\n张三,响泉村\n李四,木瓜社区\n"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def workbook_of(*rows: tuple[object, ...], formats: dict[str, str] | None = None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for place, number_format in (formats or {}).items():
        book.active[place].number_format = number_format
    return bytes_of(book)


def bytes_of(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def xlsx_by_hand(sheet_data: str, head: str = "", member: str = "worksheets/sheet1.xml") -> bytes:
    """A workbook of one sheet whose XML is exactly the given text."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="台账" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="{member}"/></Relationships>',
        f"xl/{member}": f"{head}<worksheet {MAIN}><sheetData>{sheet_data}</sheetData></worksheet>",
    }
    return zip_of(parts)


def ods_by_hand(rows: str) -> bytes:
    names = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{names}:office:1.0" xmlns:table="{names}:table:1.0" '
        f'xmlns:text="{names}:text:1.0"><office:body><office:spreadsheet><table:table table:name="台账">'
        f"{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = f'<manifest:manifest xmlns:manifest="{names}:manifest:1.0"/>'
    mimetype = "application/vnd.oasis.opendocument.spreadsheet"
    return zip_of({"mimetype": mimetype, "META-INF/manifest.xml": manifest, "content.xml": content})


def zip_of(parts: dict[str, str | bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return target.getvalue()


def ole2_of(stream_name: str, stream: bytes) -> bytes:
    """The smallest OLE2 container: header, one allocation table, one directory, one stream."""
    stream = stream.ljust(4096, b"\0")
    stream += b"\0" * (-len(stream) % 512)
    n_sectors = len(stream) // 512
    end, free, table = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    chain = [table, end, *range(3, n_sectors + 2), end]
    fat = struct.pack("<128I", *(chain + [free] * (128 - len(chain))))

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        coded = (name + "\0").encode("utf-16-le")
        head = coded.ljust(64, b"\0") + struct.pack("<HBB3I", len(coded), kind, 1, free, free, child)
        return head + b"\0" * 36 + struct.pack("<IQ", start, size)

    directory = entry("Root Entry", 5, 1, end, 0) + entry(stream_name, 2, free, 2, len(stream))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6)
    header += b"\0" * 6 + struct.pack("<9I", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<I", 0)
    return header.ljust(512, b"\xff") + fat + directory.ljust(512, b"\0") + stream


def xls_by_hand() -> bytes:
    """A BIFF8 workbook: 村 | 响泉村 above 2026-09-30 | 12 | TRUE above #DIV/0! | #N/A from a formula."""

    def record(number: int, body: bytes = b"") -> bytes:
        return struct.pack("<2H", number, len(body)) + body

    def label(row: int, column: int, text: str) -> bytes:
        return record(0x204, struct.pack("<4HB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))

    def begin(kind: int) -> bytes:
        return record(0x809, struct.pack("<4H2I", 0x600, kind, 0, 0, 0, 0))

    def look(number_format: int) -> bytes:
        return record(0xE0, struct.pack("<2H", 0, number_format).ljust(20, b"\0"))

    day = (datetime.date(2026, 9, 30) - datetime.date(1899, 12, 30)).days
    sheet = begin(0x10) + label(0, 0, "村") + label(0, 1, "响泉村")
    sheet += record(0x203, struct.pack("<3Hd", 1, 0, 1, day)) + record(
        0x203, struct.pack("<3Hd", 1, 1, 0, 12)
    )
    sheet += record(0x205, struct.pack("<3H2B", 1, 2, 0, 1, 0))
    sheet += record(0x205, struct.pack("<3H2B", 2, 0, 0, 0x07, 1))
    sheet += record(
        0x06, struct.pack("<3H8BHIH", 2, 1, 0, 2, 0, 0x2A, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0)
    ) + record(0x0A)
    name = "台账".encode("utf-16-le")

    def front(offset: int) -> bytes:
        about = struct.pack("<I2B2B", offset, 0, 0, 2, 1) + name
        return begin(5) + look(0) + look(14) + record(0x85, about) + record(0x0A)

    return ole2_of("Workbook", front(len(front(0))) + sheet)


def only_sheet(content: bytes, name: str = "x") -> readers.Sheet:
    (sheet,) = read(content, name).sheets
    return sheet


def code_of(content: bytes, limits: Limits = readers.DEFAULT_LIMITS) -> str:
    with pytest.raises(Unreadable) as caught:
        read(content, "x", limits)
    assert caught.value.code in UNREADABLE_CODES
    assert caught.value.expected and caught.value.found
    return caught.value.code


# What is read


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("gbk", "gb18030"),
        ("gb18030",) * 2,
    ],
)
def test_text_is_read_in_every_encoding_and_with_every_delimiter(
    encoding: str, told: str, delimiter: str
) -> None:
    reading = read(SOME_TABLE.replace(",", delimiter).encode(encoding), "x.csv")
    assert (reading.file_type, reading.encoding, reading.delimiter) == ("csv", told, delimiter)
    assert reading.sheets[0].rows == [["姓名", "村"], ["张三", "响泉村"], ["李四", "木瓜社区"]]
    assert reading.sheets[0].kinds == ["tt", "tt", "tt"]


def test_utf8_bytes_that_would_also_pass_as_gb18030_are_utf8() -> None:
    content = "中文".encode()
    assert content.decode("gb18030") != "中文"
    assert only_sheet(content).rows == [["中文"]]


def test_the_delimiter_is_what_cuts_the_lines_alike_not_what_is_most_frequent() -> None:
    sheet = only_sheet("姓名;备注\n张三;a,b,c,d,e,f\n李四;g\n王五;h,i,j\n".encode())
    assert sheet.rows[1] == ["张三", "a,b,c,d,e,f"]


def test_a_rare_character_beyond_gbk_survives() -> None:
    assert only_sheet("姓名,村\n㐂𠮷,响泉村".encode("gb18030")).rows[1][0] == "㐂𠮷"


def test_title_rows_and_blank_lines_stay_where_they_are() -> None:
    sheet = only_sheet("\n2026年3季度 台账\n\n姓名;村;备注\n张三;响泉村;\n李四;木瓜社区;a,b,c\n".encode())
    assert sheet.rows[0] == ["", "", ""]
    assert sheet.rows[1] == ["2026年3季度 台账", "", ""]
    assert sheet.rows[3:] == [["姓名", "村", "备注"], ["张三", "响泉村", ""], ["李四", "木瓜社区", "a,b,c"]]
    assert sheet.kinds == ["eee", "tee", "eee", "ttt", "tte", "ttt"]


def test_a_quoted_cell_keeps_its_delimiters_and_line_breaks() -> None:
    sheet = only_sheet('姓名,备注\n张三,"住村东, 靠河\n雨天路断"\n李四,无\n'.encode())
    assert sheet.rows[1] == ["张三", "住村东, 靠河\n雨天路断"]


def test_an_id_in_a_csv_stays_text_digit_by_digit() -> None:
    sheet = only_sheet(f"证件,序号\n{A_NUMBER_AS_LONG_AS_AN_ID},007\n".encode())
    assert sheet.rows[1] == [str(A_NUMBER_AS_LONG_AS_AN_ID), "007"]


def test_dates_are_told_from_text_that_looks_like_dates() -> None:
    sheet = only_sheet(
        workbook_of(
            (
                datetime.date(2026, 9, 30),
                datetime.datetime(2026, 9, 30, 17, 20),
                datetime.datetime(2026, 9, 30, 17, 20, 5),
                datetime.datetime(2026, 9, 30),
                datetime.time(8, 5),
                datetime.timedelta(hours=26, minutes=30),
                "2026-09-30",
                46295,
            )
        )
    )
    (row,) = sheet.rows
    assert row[:4] == ["2026-09-30", "2026-09-30 17:20", "2026-09-30 17:20:05", "2026-09-30"]
    assert row[4:] == ["08:05", "26:30", "2026-09-30", "46295"]
    assert sheet.kinds == ["dddddd" + "t" + "n"]


def test_a_chinese_date_format_is_a_date_and_a_workbook_of_1904_counts_from_1904() -> None:
    content = workbook_of((46295,), formats={"A1": 'yyyy"年"m"月"d"日"'})
    assert only_sheet(content).rows == [["2026-09-30"]]
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active["A1"] = datetime.datetime(2026, 9, 30, 17, 20)
    assert only_sheet(bytes_of(book)).rows == [["2026-09-30 17:20"]]


def test_numbers_are_written_out_without_rounding() -> None:
    sheet = only_sheet(workbook_of((12, 12.0, 12.5, -3, 2**53 - 1, True, False, None, "x")))
    assert sheet.rows == [["12", "12", "12.5", "-3", "9007199254740991", "TRUE", "FALSE", "", "x"]]
    assert sheet.kinds == ["nnnnn" + "bb" + "e" + "t"]


def test_a_fraction_keeps_its_last_digit() -> None:
    sheet = only_sheet(xlsx_by_hand('<row r="1"><c r="A1"><v>0.30000000000000004</v></c></row>'))
    assert sheet.rows == [[repr(0.1 + 0.2)]]


def test_an_id_that_came_as_a_number_can_be_recognised_and_is_not_made_up() -> None:
    sheet = only_sheet(workbook_of((A_NUMBER_AS_LONG_AS_AN_ID, str(A_NUMBER_AS_LONG_AS_AN_ID))))
    assert sheet.rows == [["5.39902202604251e+17", "539902202604251010"]]
    assert sheet.kinds == [Kind.NUMBER + Kind.TEXT]


def test_rows_and_columns_before_the_first_cell_are_kept() -> None:
    book = openpyxl.Workbook()
    book.active["C3"] = "村"
    book.active["D4"] = 1
    sheet = only_sheet(bytes_of(book))
    assert sheet.rows == [[""] * 4, [""] * 4, ["", "", "村", ""], ["", "", "", "1"]]
    assert sheet.kinds == ["eeee", "eeee", "eete", "eeen"]


def test_hidden_and_empty_sheets_are_told_and_charts_left_out() -> None:
    book = openpyxl.Workbook()
    book.active.title, book.active["A1"] = "台账", "村"
    book.create_sheet("藏").sheet_state = "hidden"
    book.create_sheet("深藏").sheet_state = "veryHidden"
    book.create_chartsheet("图")
    sheets = read(bytes_of(book), "x").sheets
    assert [(sheet.name, sheet.hidden, sheet.rows) for sheet in sheets] == [
        ("台账", False, [["村"]]),
        ("藏", True, []),
        ("深藏", True, []),
    ]


def test_merged_cells_are_given_and_cut_to_the_sheet() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:C1", "留守儿童台账")
        sheet.merge_range("B2:B3", "母亲")
        sheet.merge_range("C3:XFD9", "x")
        sheet.merge_range("A4:B9", "")
    assert only_sheet(target.getvalue()).merged == [(0, 0, 0, 2), (1, 1, 2, 1), (2, 2, 2, 2)]


def test_a_formula_gives_its_stored_value_and_without_one_an_error_not_a_blank() -> None:
    cells = '<c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>1+1</f></c><c r="C1" t="str"><f>A1</f><v>x</v></c>'
    sheet = only_sheet(xlsx_by_hand(f'<row r="1">{cells}</row>'))
    assert (sheet.rows, sheet.kinds) == ([["2", "#NOT_SAVED", "x"]], ["n" + "x" + "t"])


def test_an_error_cell_is_an_error_and_the_same_words_as_text_are_text() -> None:
    cells = '<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="C2" t="inlineStr"><is><t>#N/A</t></is></c>'
    sheet = only_sheet(xlsx_by_hand(f'<row r="2">{cells}</row>'))
    assert (sheet.rows[1], sheet.kinds[1]) == (["", "#DIV/0!", "#N/A"], "ext")


def test_a_newer_error_value_is_refused_with_its_place() -> None:
    content = xlsx_by_hand('<row r="7"><c r="B7" t="e"><v>#SPILL!</v></c></row>')
    with pytest.raises(Unreadable) as caught:
        read(content, "x")
    assert caught.value.code == "unsupported_error_cell"
    assert caught.value.found == "#SPILL! on sheet 1, row 7, column 2"


def test_cells_without_addresses_are_counted_on_from_the_one_before() -> None:
    rows = '<row r="2"><c r="B2"><v>1</v></c><c t="e"><v>#N/A</v></c></row><row><c><v>2</v></c></row>'
    sheet = only_sheet(xlsx_by_hand(rows))
    assert sheet.rows == [["", "", ""], ["", "1", "#N/A"], ["2", "", ""]]


def test_formatted_empty_cells_out_to_the_last_column_do_no_harm() -> None:
    sheet = only_sheet(xlsx_by_hand('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="0"/></row>'))
    assert sheet.rows == [["1"]]


def test_an_old_xls_workbook_is_read() -> None:
    reading = read(xls_by_hand(), "x.xls")
    assert reading.file_type == "xls"
    assert reading.sheets[0].name == "台账"
    assert reading.sheets[0].rows[:2] == [["村", "响泉村", ""], ["2026-09-30", "12", "TRUE"]]
    assert reading.sheets[0].kinds[:2] == ["tte", "dnb"]


def test_an_error_in_an_old_xls_workbook_is_not_taken_for_an_empty_cell() -> None:
    sheet = only_sheet(xls_by_hand())
    assert (sheet.rows[2], sheet.kinds[2]) == (["#DIV/0!", "#N/A", ""], "xxe")


def test_an_ods_table_is_read_with_the_padding_that_libreoffice_writes() -> None:
    def cell(kind: str, value: str, text: str) -> str:
        return (
            f'<table:table-cell office:value-type="{kind}" {value}><text:p>{text}</text:p></table:table-cell>'
        )

    row = cell("string", "", "响泉村") + cell("float", 'office:value="12"', "12")
    row += cell("date", 'office:date-value="2026-09-30"', "") + cell(
        "boolean", 'office:boolean-value="true"', ""
    )
    row += cell("string", "", "#DIV/0!") + '<table:table-cell table:number-columns-repeated="16379"/>'
    padding = '<table:table-cell table:number-columns-repeated="16384"/>'
    reading = read(
        ods_by_hand(
            f"<table:table-row>{row}</table:table-row>"
            f'<table:table-row table:number-rows-repeated="1048575">{padding}</table:table-row>'
        ),
        "x",
    )
    assert reading.file_type == "ods"
    assert reading.sheets[0].rows == [["响泉村", "12", "2026-09-30", "TRUE", "#DIV/0!"]]
    assert reading.sheets[0].kinds == ["tndbx"]


def test_the_name_never_decides_the_type() -> None:
    assert read(SOME_TABLE.encode(), "台账.xlsx").file_type == "csv"
    assert read(workbook_of(("村",)), "台账.csv").file_type == "xlsx"


def test_many_rows_arrive_whole_and_in_order() -> None:
    n_rows = 60_000
    content = "序号,村\n" + "".join(f"{number},响泉村\n" for number in range(n_rows))
    rows = only_sheet(content.encode()).rows
    assert [row[0] for row in rows[1:]] == [str(number) for number in range(n_rows)]
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        for number in range(n_rows):
            sheet.write_row(number, 0, (number, "响泉村"))
    assert [row[0] for row in only_sheet(target.getvalue()).rows] == [str(number) for number in range(n_rows)]


# What is refused


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\r\n \r\n"])
def test_a_file_without_content_is_called_empty(content: bytes) -> None:
    assert code_of(content) == "empty_file"


def test_a_workbook_that_is_cut_off_is_called_damaged() -> None:
    content = workbook_of(("村",))
    assert code_of(content[: len(content) // 2]) == "damaged"
    assert code_of(xls_by_hand()[:700]) in ("damaged", "unknown_type")


def test_a_changed_byte_inside_a_member_is_noticed() -> None:
    content = bytearray(workbook_of(("村",)))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        at = archive.getinfo("xl/theme/theme1.xml").header_offset
    content[at + 500] ^= 0xFF
    assert code_of(bytes(content)) == "damaged"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"%PDF-1.7 \x00", "pdf"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (zip_of({"word/document.xml": "<a/>"}), "docx"),
        (zip_of({"xl/workbook.bin": "a"}), "xlsb"),
        (zip_of({"a.csv": "1,2"}), "zip"),
        (ole2_of("WordDocument", b""), "doc"),
        (
            "\ufeff <html><table><tr><td>姓名</td></tr></table>".encode(),
            "html under the name of a workbook or csv",
        ),
    ],
)
def test_a_foreign_file_is_named_for_what_it_is(content: bytes, found: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(content, "台账.xlsx")
    assert (caught.value.code, caught.value.found) == ("unknown_type", found)


def test_a_workbook_with_a_password_is_called_encrypted() -> None:
    assert code_of(ole2_of("EncryptedPackage", b"")) == "encrypted"
    locked = bytearray(zip_of({"xl/workbook.xml": "<workbook/>"}))
    directory = locked.index(b"PK\x01\x02")
    locked[directory + 8] |= 1
    assert code_of(bytes(locked)) == "encrypted"


def test_a_cell_that_says_encryptedpackage_does_not_lock_an_old_workbook() -> None:
    content = xls_by_hand().replace("响泉村".encode("utf-16-le"), "Enc".encode("utf-16-le"))
    content += "EncryptedPackage\0".encode("utf-16-le").ljust(512, b"\0")
    assert read(content, "x").sheets[0].rows[0] == ["村", "Enc", ""]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a,b\x00c\n", "nul_bytes"),
        ("姓名,村\n".encode("utf-16-le"), "nul_bytes"),
        (b"a,\xff\xff\n", "not_text"),
        ("姓名".encode("gbk") + b"\xb4", "not_text"),
        (b"\xef\xbb\xbf\xd0\xd5\xc3\xfb", "not_text"),
        (b"a,b\x1b[0m\n", "not_text"),
    ],
)
def test_bytes_that_are_no_text_are_refused_not_guessed(content: bytes, code: str) -> None:
    assert code_of(content) == code


def test_a_quote_that_is_never_closed_cannot_swallow_the_rest_of_the_file() -> None:
    assert code_of('姓名,备注\n张三,"住村东\n李四,无\n王五,无\n'.encode()) == "unclosed_quote"


def test_two_cells_at_opposite_corners_are_refused_not_laid_out() -> None:
    corners = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    content = xlsx_by_hand(corners)
    assert len(content) < 2_000
    assert code_of(content) == "too_large"


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="BXY1"><v>1</v></c></row>',
        '<row r="1000001"><c r="A1000001"><v>1</v></c></row>',
        '<row r="1000001"><c><v>1</v></c></row>',
        '<row r="1"><c r="ZZZZZZ9999999999"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="500000"><c r="AP500000"><v>1</v></c></row>',
    ],
)
def test_a_sheet_beyond_the_limits_is_refused_however_it_says_so(rows: str) -> None:
    assert code_of(xlsx_by_hand(rows)) == "too_large"


def test_a_million_equal_rows_in_three_lines_of_ods_are_refused() -> None:
    cell = (
        '<table:table-cell table:number-columns-repeated="1000" office:value-type="float" office:value="1"/>'
    )
    rows = f'<table:table-row table:number-rows-repeated="900000">{cell}</table:table-row>'
    assert code_of(ods_by_hand(rows)) == "too_large"


def test_limits_count_over_all_sheets_together() -> None:
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet(), book.create_sheet()):
        sheet["J10"] = 1
    assert len(read(bytes_of(book), "x", Limits(cells=3 * 100)).sheets) == 3
    assert code_of(bytes_of(book), Limits(cells=3 * 100 - 1)) == "too_large"


def test_csv_rows_columns_and_cells_are_limited_too() -> None:
    assert code_of(b"a,b\n" * 11, Limits(rows=10)) == "too_large"
    assert code_of(b"a,b,c\n", Limits(columns=2)) == "too_large"
    assert code_of(b"a,b,c,d,e\n" + b"a\n" * 9, Limits(cells=49)) == "too_large"
    assert len(read(b"a,b,c,d,e\n" + b"a\n" * 9, "x", Limits(cells=50)).sheets[0].rows) == 10


def test_an_archive_that_unpacks_to_far_more_than_it_is_gets_refused() -> None:
    content = xlsx_by_hand('<row r="1"/>' + " " * 50_000_000)
    assert 50_000_000 / len(content) > MAX_RATIO
    assert code_of(content) == "zip_bomb"
    padded = xlsx_by_hand('<row r="1"/>' + " " * 20_000)
    assert code_of(padded, Limits(unpacked_bytes=15_000)) == "too_large"
    assert code_of(padded, Limits(unpacked_bytes=len(padded) - 1)) == "too_large"


def test_a_member_larger_than_it_declares_is_refused() -> None:
    content = bytearray(xlsx_by_hand('<row r="1"><c r="A1"><v>1</v></c></row>' + " " * 100_000))
    at = content.index(b"PK\x01\x02", content.rindex(b"xl/worksheets/sheet1.xml") - 46)
    content[at + 24 : at + 28] = struct.pack("<I", 100)
    assert code_of(bytes(content)) == "damaged"


def test_a_member_that_lies_about_its_size_is_not_unpacked_to_its_end() -> None:
    content = zip_of({"a": b" " * 50_000_000})
    member = zipfile.ZipFile(io.BytesIO(content)).getinfo("a")
    member.file_size = 100
    pieces = Archive(content, {"a": member}).pieces("a")
    with pytest.raises(Unreadable, match="a larger member"):
        next(pieces)


def test_a_changed_byte_in_an_uncompressed_member_is_noticed() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a", "响泉村")
    content = target.getvalue().replace("响".encode(), "木".encode())
    with pytest.raises(Unreadable, match="checksum"):
        inspect(content, Limits()).read("a")


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    "second", ["xl/worksheets/sheet1.xml", "XL/worksheets/Sheet1.xml", "xl\\worksheets\\sheet1.xml"]
)
def test_two_members_of_one_name_are_refused(second: str) -> None:
    target = io.BytesIO(xlsx_by_hand('<row r="1"><c r="A1"><v>1</v></c></row>'))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(second, "<worksheet/>")
    assert code_of(target.getvalue()) == "ambiguous_archive"


@pytest.mark.parametrize("name", ["../etc/x", "/etc/x", "c:/x", "xl/../../x"])
def test_a_member_that_points_out_of_the_archive_is_refused(name: str) -> None:
    target = io.BytesIO(xlsx_by_hand(""))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(name, "x")
    assert code_of(target.getvalue()) == "ambiguous_archive"


def test_entities_are_never_expanded() -> None:
    head = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    content = xlsx_by_hand('<row r="1"><c r="A1" t="str"><v>&x;</v></c></row>', head=head)
    assert code_of(content) == "unsafe_xml"


def test_broken_xml_in_a_sheet_is_called_damaged() -> None:
    assert code_of(xlsx_by_hand('<row r="1"><c r="A1"><v>1</v></row>')) == "damaged"


def test_a_refusal_must_use_a_known_code_and_never_quotes_the_file() -> None:
    with pytest.raises(ValueError, match="no_such_code"):
        Unreadable("no_such_code")
    with pytest.raises(Unreadable) as caught:
        read('张三,"539902202604251010\n'.encode(), "张三.csv")
    assert "张三" not in str(caught.value) and "5399" not in str(caught.value)


# What a file can do to the others


def test_a_file_that_takes_too_long_costs_only_itself() -> None:
    slow = ("a,b\n" * 900_000).encode()
    started = time.monotonic()
    answers = list(read_many([("1", b"a,b"), ("2", slow), ("3", b"a,b")], Limits(seconds=0.3)))
    assert [name for name, _ in answers] == ["1", "2", "3"]
    assert [isinstance(answer, Reading) for _, answer in answers] == [True, False, True]
    assert answers[1][1].code == "timeout"
    assert time.monotonic() - started < 5


def test_a_file_that_takes_too_much_memory_costs_only_itself() -> None:
    hungry = ("a,b\n" * 900_000).encode()
    limits = Limits(memory_bytes=120 * 1024**2)
    answers = [answer for _, answer in read_many([("1", hungry), ("2", b"a,b")], limits)]
    assert isinstance(answers[0], Unreadable) and answers[0].code == "too_large"
    assert isinstance(answers[1], Reading)


def test_a_child_killed_in_the_middle_costs_only_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    send = readers._Child._send
    children = []

    def send_and_kill(child: readers._Child, content: bytes, limits: Limits) -> None:
        children.append(child.process.pid)
        if content == b"victim":
            os.kill(child.process.pid, signal.SIGKILL)
        send(child, content, limits)

    monkeypatch.setattr(readers._Child, "_send", send_and_kill)
    items = [("1", b"a,b"), ("2", b"victim"), ("3", b"a,b"), ("4", b"a,b")]
    answers = [answer for _, answer in read_many(items)]
    assert [isinstance(answer, Reading) for answer in answers] == [True, False, True, True]
    assert answers[1].code == "crashed"
    # The victim has a second child, since a kill says nothing about the file.
    assert children[0] == children[1] != children[2] != children[3] == children[4]


def test_a_file_whose_child_was_killed_once_is_read_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    send = readers._Child._send
    kills = iter([True])

    def kill_once_and_send(child: readers._Child, content: bytes, limits: Limits) -> None:
        if next(kills, False):
            os.kill(child.process.pid, signal.SIGKILL)
        send(child, content, limits)

    monkeypatch.setattr(readers._Child, "_send", kill_once_and_send)
    ((_, answer),) = read_many([("1", b"a,b")])
    assert isinstance(answer, Reading)


def test_a_child_that_hangs_without_working_is_ended_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    send = readers._Child._send

    def freeze_and_send(child: readers._Child, content: bytes, limits: Limits) -> None:
        if content == b"frozen":
            os.kill(child.process.pid, signal.SIGSTOP)
        send(child, content, limits)

    monkeypatch.setattr(readers._Child, "_send", freeze_and_send)
    answers = [answer for _, answer in read_many([("1", b"frozen"), ("2", b"a,b")], Limits(seconds=0.5))]
    assert isinstance(answers[0], Unreadable) and answers[0].code == "timeout"
    assert isinstance(answers[1], Reading)


def test_a_child_that_died_between_two_files_costs_none(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    running = readers._Child._running
    monkeypatch.setattr(readers._Child, "_running", lambda child: seen.append(running(child)) or seen[-1])
    answers = read_many([("1", b"a,b"), ("2", b"a,b")])
    assert isinstance(next(answers)[1], Reading)
    seen[0].kill()
    seen[0].wait()
    assert isinstance(next(answers)[1], Reading)


def test_what_slips_past_the_look_still_kills_only_the_child() -> None:
    """With the look's limits lifted, calamine asks for 550 GB and aborts: that is what the child is for."""
    corners = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    huge = Limits(rows=2_000_000, columns=20_000, cells=10**12)
    answers = [answer for _, answer in read_many([("1", xlsx_by_hand(corners)), ("2", b"a,b")], huge)]
    assert isinstance(answers[0], Unreadable) and answers[0].code == "too_large"
    assert isinstance(answers[1], Reading)


def test_a_refused_file_does_not_disturb_the_next_in_the_same_child() -> None:
    bad = xlsx_by_hand(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2" t="str"><v>a_x0000_</v></c></row>'
    )
    answers = [answer for _, answer in read_many([("1", bad), ("2", workbook_of(("村",))), ("3", b"")])]
    assert [getattr(answer, "code", "read") for answer in answers] == ["nul_bytes", "read", "empty_file"]


def test_the_child_gets_no_secrets_and_may_write_no_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SHOUHU_KEY", "secret")
    with readers._Child() as child:
        assert isinstance(child.ask(b"a,b", Limits()), Reading)
        about = Path(f"/proc/{child.process.pid}")
        if not about.exists():
            pytest.skip("needs /proc")
        assert b"secret" not in (about / "environ").read_bytes()
        limits = (about / "limits").read_text()
    assert {line.split()[4] for line in limits.splitlines() if line.startswith("Max core file")} == {"0"}
    assert {line.split()[3] for line in limits.splitlines() if line.startswith("Max file size")} == {"0"}


def test_an_answer_of_another_shape_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    for answer in (
        b"[]",
        b"{",
        b'{"rows": [["a"]], "kinds": ["t"]}',
        b'{"unreadable": ["made_up", "", ""], "spent": false}',
    ):
        monkeypatch.setattr(readers, "read_frame", lambda *_, answer=answer: answer)
        assert code_of(b"a,b") == "crashed"


@pytest.mark.skipif(not LEDGERS.exists(), reason="the sample ledgers are not here")
def test_every_sample_ledger_is_read() -> None:
    paths = sorted(path for path in LEDGERS.rglob("*") if path.suffix in (".xlsx", ".csv"))
    answers = [answer for _, answer in read_many([(path.name, path.read_bytes()) for path in paths])]
    assert [answer.code for answer in answers if isinstance(answer, Unreadable)] == []
    assert sum(len(answer.sheets) for answer in answers) > 150
    for answer in answers:
        for sheet in answer.sheets:
            assert len({len(row) for row in sheet.rows} | {len(kinds) for kinds in sheet.kinds}) <= 1


def test_inflating_by_hand_gives_what_zlib_gives() -> None:
    part = bytes(range(256)) * 5_000
    archive = inspect(zip_of({"a": part, "b": b""}), Limits())
    assert zlib.crc32(archive.read("a")) == zlib.crc32(part)
    assert archive.read("b") == b""
