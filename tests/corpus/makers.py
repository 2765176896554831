"""Makes the files of the corpus: nothing lies ready, every byte is written here."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import xlsxwriter
from stdnum.cn import ric

from data_contracts.forms import forms
from tests.corpus.case import Sent
from tests.sheets import write_sheet

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
NOWHERE = "539902"  # no place ever had this code: its numbers can be nobody's


def number(born: str, order: int, place: str = NOWHERE) -> str:
    """An identity number of nobody, with a right check digit; an odd `order` is a boy's."""
    digits = f"{place}{born}{order:03d}"
    return digits + ric.calc_check_digit(digits + "0")


ID = number("20210305", 472)
CARER = number("19431029", 348, "533591")
CHILD: dict[str, Any] = {
    "姓名": "王梓", "性别": "女", "出生日期": "2021-03-05", "身份证号": ID, "现居住情况": "本村",
    "父亲状况": "外出务工", "父亲外出时间": "2022-12-10", "母亲状况": "外出务工", "母亲外出时间": "2024-12-04",
    "照护人身份证号": CARER, "建档日期": "2024-12-11", "居住方式": "与照护人同住", "履职情况": "正常",
}  # fmt: skip
VISIT: dict[str, Any] = {
    "村（社区）": "橄榄村", "姓名": "王梓", "身份证号": ID, "出生日期": "2021-03-05", "应访截止日期": "2026-03-31",
    "走访日期": "2026-03-30", "走访方式": "入户", "录入日期": "2026-03-31",
}  # fmt: skip
OTHER = {"姓名": "何梓凤", "出生日期": "2011-08-26", "身份证号": number("20110826", 210)}
NAMES = ("王梓", "何梓凤", "娜妥", "扎体", "𠮷田", "㐂𠮷", "岩温", "阿依古丽", "王桐")


def sends(name: str, make: Callable[[], bytes], **more: Any) -> Callable[[], list[Sent]]:
    """One file on one day."""
    return lambda: [Sent({name: make()}, **more)]


def workbook(*sheets: tuple[str, Sequence[dict[str, Any]]], **said: Any) -> bytes:
    """A workbook in the ledgers' own forms."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"strings_to_numbers": False, "strings_to_formulas": False,
                                      "strings_to_urls": False}) as book:  # fmt: skip
        for form_id, rows in sheets:
            write_sheet(book, form_id, rows, **said)
    return target.getvalue()


def village(*rows: dict[str, Any], name: str = "村.xlsx", **said: Any) -> Callable[[], list[Sent]]:
    """A village's workbook of children."""
    return sends(name, lambda: workbook(("village_ledger", rows), **said))


def visits(*rows: dict[str, Any], name: str = "访.xlsx", **said: Any) -> Callable[[], list[Sent]]:
    """A township's workbook of visits."""
    return sends(name, lambda: workbook(("visits", rows), **{"sender": "凤翔街道", **said}))


def headings(form_id: str) -> list[str]:
    """The headings of a form, in its order."""
    return [column.heading for column in forms()[form_id].columns]


def cells(form_id: str, row: dict[str, Any]) -> list[Any]:
    """A row in the order of its form, None where it says nothing."""
    return [row.get(heading) for heading in headings(form_id)]


def table(*rows: dict[str, Any], form_id: str = "visits") -> list[list[Any]]:
    """Headings and rows, without title and total."""
    return [headings(form_id), *(cells(form_id, row) for row in rows)]


def grid(
    rows: Sequence[Sequence[Any]],
    sheet: str = "走访",
    change: Callable[[xlsxwriter.Workbook, Any], None] = lambda _book, _page: None,
    **options: Any,
) -> bytes:
    """A workbook of one sheet, cell by cell; `change` adds what a case is about."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(
        target, {"strings_to_formulas": False, "strings_to_urls": False, **options}
    ) as book:
        page = book.add_worksheet(sheet)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for at, row in enumerate(rows):
            for index, value in enumerate(row):
                if isinstance(value, dt.date):
                    page.write_datetime(at, index, dt.datetime.combine(value, dt.time()), day)
                elif isinstance(value, str):
                    page.write_string(at, index, value)
                elif value is not None:
                    page.write(at, index, value)
        change(book, page)
    return target.getvalue()


def text(rows: Sequence[Sequence[Any]], delimiter: str = ",", end: str = "\n", quotes: bool = False) -> str:
    """Rows as delimited text."""
    mark = '"' if quotes else ""
    lines = (delimiter.join(f"{mark}{'' if c is None else c}{mark}" for c in row) for row in rows)
    return "".join(line + end for line in lines)


def zip_of(parts: dict[str, str | bytes]) -> bytes:
    """An archive of these members."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return target.getvalue()


def members(content: bytes) -> dict[str, str | bytes]:
    """An archive's members, to be changed and packed again."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_member(content: bytes, name: str, part: str | bytes) -> bytes:
    """The same archive with one member more, even if it has one of that name."""
    target = io.BytesIO(content)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, part)
    return target.getvalue()


def xlsx_by_hand(sheet_data: str, head: str = "", before: str = "", strings: str = "") -> bytes:
    """A workbook of one sheet whose XML is exactly the given text."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="走访" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f"{head}<worksheet {MAIN}>{before}<sheetData>{sheet_data}</sheetData></worksheet>",
        "xl/sharedStrings.xml": f"<sst {MAIN}>{strings}</sst>",
    }
    return zip_of(parts)


def letters(index: int) -> str:
    """A column as spreadsheets name it."""
    return (chr(64 + index // 26) if index >= 26 else "") + chr(65 + index % 26)


def sheet_xml(rows: Sequence[Sequence[Any]]) -> str:
    """Rows as inline cells; a cell that begins with `<` is taken as XML."""

    def cell(at: int, index: int, value: Any) -> str:
        place = f"{letters(index)}{at}"
        if value is None:
            return ""
        if str(value).startswith("<"):
            return str(value).replace("PLACE", place)
        return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'

    return "".join(
        f'<row r="{at}">' + "".join(cell(at, i, v) for i, v in enumerate(row)) + "</row>"
        for at, row in enumerate(rows, start=1)
    )


def ods_of(rows: Sequence[Sequence[Any]], sheet: str = "走访", tail: str = "") -> bytes:
    """An ods workbook of texts."""
    names = "urn:oasis:names:tc:opendocument:xmlns"

    def cell(value: Any) -> str:
        if value is None:
            return "<table:table-cell/>"
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    content = (
        f'<office:document-content xmlns:office="{names}:office:1.0" xmlns:table="{names}:table:1.0" '
        f'xmlns:text="{names}:text:1.0"><office:body><office:spreadsheet><table:table table:name="{sheet}">'
        f"{body}{tail}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    return zip_of({
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{names}:manifest:1.0"/>',
        "content.xml": content,
    })  # fmt: skip


def ole2_of(stream_name: str, stream: bytes) -> bytes:
    """The smallest OLE2 container: header, one allocation table, one directory, one stream."""
    stream = stream.ljust(4096, b"\0")
    stream += b"\0" * (-len(stream) % 512)
    end, free, fat_sector = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    chain = [fat_sector, end, *range(3, len(stream) // 512 + 2), end]
    fat = struct.pack("<128I", *(chain + [free] * (128 - len(chain))))

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        coded = (name + "\0").encode("utf-16-le")
        head = coded.ljust(64, b"\0") + struct.pack("<HBB3I", len(coded), kind, 1, free, free, child)
        return head + b"\0" * 36 + struct.pack("<IQ", start, size)

    directory = entry("Root Entry", 5, 1, end, 0) + entry(stream_name, 2, free, 2, len(stream))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6)
    header += b"\0" * 6 + struct.pack("<9I", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<I", 0)
    return header.ljust(512, b"\xff") + fat + directory.ljust(512, b"\0") + stream


def xls_of(
    rows: Sequence[Sequence[Any]], sheet: str = "走访", locked: bool = False, is_1904: bool = False
) -> bytes:
    """An old BIFF8 workbook of texts and numbers; `locked` says that a password is needed."""

    def record(kind: int, body: bytes = b"") -> bytes:
        return struct.pack("<2H", kind, len(body)) + body

    def cell(row: int, column: int, value: Any) -> bytes:
        if isinstance(value, str):
            coded = value.encode("utf-16-le")
            return record(0x204, struct.pack("<4HB", row, column, 0, len(coded) // 2, 1) + coded)
        return record(0x203, struct.pack("<3Hd", row, column, 0, value))

    def begin(kind: int) -> bytes:
        return record(0x809, struct.pack("<4H2I", 0x600, kind, 0, 0, 0, 0))

    page = begin(0x10) + b"".join(
        cell(at, i, v) for at, row in enumerate(rows) for i, v in enumerate(row) if v is not None
    ) + record(0x0A)  # fmt: skip
    name = sheet.encode("utf-16-le")
    lock = record(0x2F, struct.pack("<3H", 0, 0x1234, 0x5678)) if locked else b""
    epoch = record(0x22, struct.pack("<H", int(is_1904)))

    def front(offset: int) -> bytes:
        about = struct.pack("<I2B2B", offset, 0, 0, len(sheet), 1) + name
        look = record(0xE0, struct.pack("<2H", 0, 0).ljust(20, b"\0"))
        return begin(5) + lock + epoch + look + record(0x85, about) + record(0x0A)

    return ole2_of("Workbook", front(len(front(0))) + page)
