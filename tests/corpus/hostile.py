"""Hostile and huge: refused or read within stated limits of time and memory."""

from __future__ import annotations

from functools import partial
from typing import Any

from registry.reading import Limits
from tests.corpus.case import HARD, Sent, case, refused, taken, unreadable
from tests.corpus.makers import (
    ID,
    VISIT,
    grid,
    members,
    ods_of,
    sends,
    sheet_xml,
    table,
    text,
    visits,
    with_member,
    xlsx_by_hand,
    zip_of,
)

add = partial(case, "hostile", limits=HARD)
BARE = "heading=1"
ROWS = table(VISIT)
SHEET = sheet_xml(ROWS)
FAR = '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
LAUGHS = "<!DOCTYPE a [" + "".join(
    f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "ha"}">' for i in range(10)
) + "]>"  # fmt: skip
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
REFERS = '<c r="PLACE" t="str"><v>&x;</v></c>'


def _bomb() -> bytes:
    return xlsx_by_hand(SHEET + " " * 60_000_000)


def _lying() -> bytes:
    """A member that is far larger than the directory says."""
    content = bytearray(xlsx_by_hand(SHEET + " " * 500_000))
    at = content.index(b"PK\x01\x02", content.rindex(b"xl/worksheets/sheet1.xml") - 46)
    content[at + 24 : at + 28] = (100).to_bytes(4, "little")
    return bytes(content)


def _first(rows: list[list[Any]], value: str) -> list[list[Any]]:
    return [rows[0], [value, *rows[1][1:]]]


add(
    "a zip bomb",
    "sixty megabytes of blanks in sixty kilobytes: refused before any reader opens it",
    sends("访.xlsx", _bomb),
    unreadable("zip_bomb"),
)
add(
    "a member larger than it says",
    "what comes out is counted, not what is promised",
    sends("访.xlsx", _lying),
    unreadable("damaged"),
)
add(
    "twenty thousand members",
    "an archive of very many parts is no workbook",
    sends("访.xlsx", lambda: zip_of({f"xl/{i}": "" for i in range(20_000)})),
    unreadable("zip_bomb"),
)
add(
    "a billion laughs",
    "entities of entities: a document type is refused, so none can be defined",
    sends(
        "访.xlsx",
        lambda: xlsx_by_hand(sheet_xml(_first(ROWS, '<c r="PLACE" t="str"><v>&l9;</v></c>')), LAUGHS),
    ),
    unreadable("unsafe_xml"),
)
add(
    "an external entity",
    "no file of this machine is read into a cell",
    sends("访.xlsx", lambda: xlsx_by_hand(sheet_xml(_first(ROWS, REFERS)), OUTSIDE)),
    unreadable("unsafe_xml"),
)
add(
    "an external entity in the shared strings",
    "the reader opens more parts than the sheet: none may define entities",
    sends("访.xlsx", lambda: _strings(f'{OUTSIDE}<sst xmlns="x"><si><t>&x;</t></si></sst>')),
    unreadable("damaged"),
)
add(
    "a billion laughs in an ods",
    "the same in the other format",
    sends("访.ods", lambda: zip_of({
        n: (LAUGHS.encode() + p if n == "content.xml" else p)  # type: ignore[operator]
        for n, p in members(ods_of(ROWS)).items()})),
    unreadable("unsafe_xml"),
)  # fmt: skip


def _strings(part: str) -> bytes:
    parts = members(xlsx_by_hand(sheet_xml(_first(ROWS, '<c r="PLACE" t="s"><v>0</v></c>'))))
    return zip_of({**parts, "xl/sharedStrings.xml": part})


add(
    "two members of one name",
    "which of them is the ledger? neither",
    sends("访.xlsx", lambda: with_member(grid(ROWS), "xl/worksheets/sheet1.xml", "<worksheet/>")),
    unreadable("ambiguous_archive"),
)
add(
    "two members that differ by case",
    "some programs take the one, some the other",
    sends("访.xlsx", lambda: with_member(grid(ROWS), "xl/worksheets/Sheet1.XML", "<worksheet/>")),
    unreadable("ambiguous_archive"),
)
for path in ("../../../../tmp/x", "/etc/cron.d/x", "C:\\x", "xl/../../x"):
    add(
        f"a member named {path}",
        "a path that leaves the archive: nothing is written anywhere",
        sends("访.xlsx", partial(lambda name: with_member(grid(ROWS), name, "x"), path)),
        unreadable("ambiguous_archive"),
    )
add(
    "two cells, a sheet apart",
    "1.4 KB whose cells A1 and XFD1048576 span seventeen thousand million cells",
    sends("访.xlsx", lambda: xlsx_by_hand('<row r="1"><c r="A1"><v>1</v></c></row>' + FAR)),
    unreadable("too_large"),
)
add(
    "a dimension that claims all cells",
    "what a sheet says about its size is not believed",
    sends("访.xlsx", lambda: xlsx_by_hand(SHEET, before='<dimension ref="A1:XFD1048576"/>')),
    taken(1, ignored=BARE),
)
add(
    "formatted blank cells to the last corner",
    "colour without content is no row",
    sends("访.xlsx", lambda: xlsx_by_hand(SHEET + '<row r="1048576"><c r="XFD1048576" s="0"/></row>')),
    taken(1, ignored=BARE),
)
add(
    "an address beyond every sheet",
    "a column ZZZZZZ, a row of ten digits",
    sends("访.xlsx", lambda: xlsx_by_hand('<row r="1"><c r="ZZZZZZ9999999999"><v>1</v></c></row>')),
    unreadable("too_large"),
)
add(
    "a million columns",
    "wider than any form",
    sends("宽.csv", lambda: b"," * 1_000_000 + b"\n"),
    unreadable("too_large"),
)
add(
    "a row more than a million",
    "beyond the stated limit: refused, not read in part",
    sends("长.csv", lambda: b"1,2,3\n" * 1_000_001),
    unreadable("too_large"),
)
add(
    "a hundred thousand rows of no known form",
    "within the limits: all of them wait, none is lost",
    sends("长.csv", lambda: b"aa,bb,cc,dd\n" * 100_000),
    refused("error csv unknown_form", quarantined=100_000),
)
add(
    "three hundred thousand blank rows below the ledger",
    "a column filled down to the end with nothing in it",
    sends("长.csv", lambda: text(ROWS).encode() + b",,,,,,,,,,,,\n" * 300_000),
    taken(1, ignored=BARE),
    limits=Limits(seconds=30.0),
)
add(
    "one row that stands for a million",
    "an ods may repeat a filled row without writing it",
    sends("访.ods", lambda: ods_of(ROWS, tail='<table:table-row table:number-rows-repeated="1000000"><table:table-cell '
          'table:number-columns-repeated="1000" office:value-type="float" office:value="1"/></table:table-row>')),
    unreadable("too_large"),
)  # fmt: skip
add(
    "more memory than a file may have",
    "the child process is refused it, the next file gets a new one",
    lambda: [Sent({"a.csv": b"a,b\n" * 900_000, "b.csv": text(ROWS).encode()})],
    unreadable("too_large"),
    taken(1, ignored=BARE),
    limits=Limits(memory_bytes=120 * 1024**2),
)
add(
    "more time than a file may have",
    "the child process is ended, the next file gets a new one",
    lambda: [Sent({"a.csv": b"a,b\n" * 900_000, "b.csv": text(ROWS).encode()})],
    unreadable("timeout"),
    taken(1, ignored=BARE),
    limits=Limits(seconds=0.4),
)
add(
    "a file larger than may be read",
    "a hole of 600 MiB on the disk: told by its size, never loaded",
    lambda: [Sent({"a.xlsx": None, "b.csv": text(ROWS).encode()})],
    unreadable("too_large"),
    taken(1, ignored=BARE),
)
add(
    "a cell of a megabyte",
    "longer than any spreadsheet allows",
    sends("访.csv", lambda: text(table({**VISIT, "走访情况记录": "x" * 1_000_000})).encode()),
    unreadable("too_large"),
)
add(
    "NUL bytes in a csv",
    "no text at all",
    sends("访.csv", lambda: text(ROWS).encode().replace("橄榄村".encode(), b"\0")),
    unreadable("nul_bytes"),
)
add(
    "a NUL in a cell of a workbook",
    "the spreadsheet's own way to write one",
    sends(
        "访.xlsx", lambda: xlsx_by_hand(sheet_xml(_first(ROWS, '<c r="PLACE" t="str"><v>a_x0000_b</v></c>')))
    ),
    unreadable("nul_bytes"),
)
add(
    "escape sequences in a csv",
    "what would colour a terminal is no ledger",
    sends("访.csv", lambda: text(table({**VISIT, "走访方式": "\x1b[31m入户"})).encode()),
    unreadable("not_text"),
)
add(
    "an encrypted member",
    "an archive with a password inside",
    sends("访.xlsx", lambda: _locked(grid(ROWS))),
    unreadable("encrypted"),
)


def _locked(content: bytes) -> bytes:
    changed = bytearray(content)
    at = changed.index(b"PK\x01\x02")
    changed[at + 8] |= 1
    return bytes(changed)


add(
    "random bytes",
    "noise that pretends to be an old workbook",
    sends("访.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 40),
    unreadable("damaged"),
)
add(
    "a circle in an old workbook",
    "a chain of sectors that never ends",
    sends("访.xls", lambda: _circle()),
    unreadable("damaged"),
)


def _circle() -> bytes:
    from tests.corpus.makers import xls_of

    content = bytearray(xls_of(ROWS))
    content[512 + 4 * 2 : 512 + 4 * 3] = (2).to_bytes(4, "little")
    return bytes(content)


add(
    "a sheet named like a path",
    "a name of a sheet is a word, not a place",
    sends("访.xlsx", lambda: zip_of({
        n: (p.replace('name="走访"'.encode(), 'name="../../../../etc/走访"'.encode())  # type: ignore[union-attr, arg-type]
            if n == "xl/workbook.xml" else p) for n, p in members(xlsx_by_hand(SHEET)).items()})),
    taken(1, ignored=BARE),
)  # fmt: skip
add(
    "a number in the heading",
    "a sheet without headings, whose first row is a child: no message repeats it",
    sends("访.csv", lambda: text([["王梓", ID, "a", "b"], ["何梓凤", ID, "c", "d"]]).encode()),
    refused("error csv unknown_form", quarantined=2),
)
add(
    "five thousand wrong cells",
    "five thousand messages are answers too",
    visits(*({**VISIT, "应访截止日期": "2026-02-30", "走访日期": "x"} for _ in range(2_500))),
    refused(
        *(
            f"{said}"
            for row in range(4, 2_504)
            for said in (f"error 走访!F{row} no_such_day", f"warning 走访!G{row} not_a_date")
        ),
        quarantined=2_500,
        ignored="heading=1,title=2,total=1",
    ),
)
