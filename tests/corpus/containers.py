"""Encodings and containers: how the same rows may arrive."""

from __future__ import annotations

import codecs
import csv
import io
from functools import partial

from tests.corpus.case import Rows, Sent, case, known, refused, taken, unreadable
from tests.corpus.makers import (
    CHILD,
    OTHER,
    VISIT,
    cells,
    grid,
    ods_of,
    sends,
    table,
    text,
    village,
    visits,
    xls_of,
    zip_of,
)

add = partial(case, "containers")
BARE = "heading=1"
ONE_VISIT: tuple[str, Rows] = ("SELECT count(*) FROM visit WHERE visited_on = DATE '2026-03-30'", [(1,)])
ROWS = table(VISIT)
RARE = {**VISIT, "姓名": "㐂𠮷"}

for name, encoding in (
    ("UTF-8", "utf-8"),
    ("UTF-8 with its mark", "utf-8-sig"),
    ("UTF-16, little end first", "utf-16"),
    ("GBK", "gbk"),
    ("GB18030", "gb18030"),
):
    add(
        f"csv in {name}",
        f"the rows of a township in {name}",
        sends("访.csv", partial(lambda coded: text(ROWS).encode(coded), encoding)),
        taken(1, ignored=BARE),
        holds=ONE_VISIT,
    )

add(
    "csv in UTF-16, big end first",
    "the other order of bytes, told by its mark",
    sends("访.csv", lambda: codecs.BOM_UTF16_BE + text(ROWS).encode("utf-16-be")),
    taken(1, ignored=BARE),
    holds=ONE_VISIT,
)
add(
    "csv in UTF-16 without its mark",
    "half of its bytes are NUL: the sender is told, nothing is guessed",
    sends("访.csv", lambda: text(ROWS).encode("utf-16-le")),
    unreadable("nul_bytes"),
)
add(
    "characters of four bytes",
    "a name beyond GBK, in GB18030: it stays the name that it is",
    sends("访.csv", lambda: text(table(RARE)).encode("gb18030")),
    taken(1, ignored=BARE),
    holds=("SELECT count(*) FROM person WHERE name IS NOT NULL AND _invalid = ''", [(1,)]),
)
add(
    "csv in Big5",
    "traditional bytes that also pass as GB18030 give no heading that is known: nothing of it is taken in",
    sends("訪.csv", lambda: "姓名,身分證號,應訪截止日期\n甲,,2026-03-31\n".encode("big5")),
    refused("error csv unknown_form", quarantined=2),
)
add(
    "a stray byte in GBK",
    "one byte of no encoding: the whole file is refused, no name is read wrongly",
    sends("访.csv", lambda: text(ROWS).encode("gbk") + b"\xff\n"),
    unreadable("not_text"),
)
add(
    "UTF-8 with a line in GBK",
    "two files pasted together: neither reading is right for both",
    sends("访.csv", lambda: text(ROWS).encode() + text(table(VISIT)[1:]).encode("gbk")),
    unreadable("not_text"),
)
add(
    "GBK under the mark of UTF-8",
    "the mark promises what the bytes do not keep",
    sends("访.csv", lambda: codecs.BOM_UTF8 + text(ROWS).encode("gbk")),
    unreadable("not_text"),
)
add(
    "the end mark of DOS",
    "an old program ends a file with 0x1A: that is no row",
    sends("访.csv", lambda: text(ROWS).encode("gbk") + b"\x1a"),
    taken(1, ignored=BARE),
)
for delimiter, word in ((";", "semicolons"), ("\t", "tabs")):
    add(
        f"csv with {word}",
        f"cells parted by {word}",
        sends("访.csv", partial(lambda mark: text(ROWS, mark).encode(), delimiter)),
        taken(1, ignored=BARE),
        holds=ONE_VISIT,
    )
add(
    "csv with Windows line ends and quotes",
    "every cell in quotes, lines end with CR LF",
    sends("访.csv", lambda: text(ROWS, end="\r\n", quotes=True).encode("gbk")),
    taken(1, ignored=BARE),
    holds=ONE_VISIT,
)
add(
    "csv with old Macintosh line ends",
    "lines end with CR alone",
    sends("访.csv", lambda: text(ROWS, end="\r").encode()),
    taken(1, ignored=BARE),
    holds=ONE_VISIT,
)


def _noted(note: str) -> bytes:
    target = io.StringIO()
    csv.writer(target).writerows(
        table({**VISIT, "走访情况记录": note}, {**VISIT, "应访截止日期": "2026-06-30"})
    )
    return target.getvalue().encode()


add(
    "a note over three lines",
    "commas, quotes and line breaks inside quotes are one cell, and the next row is a row",
    sends("访.csv", lambda: _noted('住村东, 靠河\n"雨天路断"\n已约下次')),
    taken(2, ignored=BARE),
    holds=("SELECT count(*), count(note) FROM visit", [(2, 1)]),
)
add(
    "a quote that is never closed",
    "it would swallow all later rows: the file waits for its sender",
    sends("访.csv", lambda: _noted("x").replace(b",x,", b',"x,')),
    unreadable("unclosed_quote"),
)
add(
    "the line sep=;",
    "Excel's own first line about the delimiter is a title, not a row",
    sends("访.csv", lambda: b"sep=;\n" + text(ROWS, ";").encode()),
    taken(1, ignored="heading=1,title=1"),
    holds=ONE_VISIT,
)
add(
    "csv with a title and blank lines",
    "what stands above the headings is no row",
    sends(
        "访.csv", lambda: "2026年3季度走访\n填报单位：凤翔街道\n\n".encode() + text(ROWS).encode() + b"\n\n"
    ),
    taken(1, ignored="heading=1,title=2"),
    holds=ONE_VISIT,
)
add(
    "lines of several lengths",
    "a line that ends early has blank cells, not another meaning",
    sends("访.csv", lambda: text(ROWS).encode() + ",".join(map(str, cells("visits", {
        **VISIT, "应访截止日期": "2026-06-30"})[:6])).replace("None", "").encode() + b"\n"),
    taken(2, ignored=BARE),
    holds=("SELECT visited_on IS NULL FROM visit WHERE due_on = DATE '2026-06-30'", [(True,)]),
)  # fmt: skip
add(
    "an old xls workbook",
    "BIFF8 inside OLE2",
    sends("访.xls", lambda: xls_of(ROWS)),
    taken(1, ignored=BARE),
    holds=ONE_VISIT,
)
add(
    "an old xls workbook with a password",
    "encrypted inside: said so, not called damaged",
    sends("访.xls", lambda: xls_of(ROWS, locked=True)),
    unreadable("encrypted"),
)
add(
    "an ods workbook",
    "from LibreOffice or WPS",
    sends("访.ods", lambda: ods_of(ROWS)),
    taken(1, ignored=BARE),
    holds=ONE_VISIT,
)
add(
    "an ods workbook padded to its last row",
    "a million blank rows in one line of XML are no rows",
    sends("访.ods", lambda: ods_of(ROWS, tail='<table:table-row table:number-rows-repeated="1048574">'
                                  '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>')),
    taken(1, ignored=BARE),
    holds=ONE_VISIT,
)  # fmt: skip
add(
    "a csv named xlsx",
    "the content tells what it is",
    sends("访.xlsx", lambda: text(ROWS).encode()),
    taken(1, ignored=BARE),
    holds=ONE_VISIT,
)
add(
    "an xlsx named csv",
    "the content tells what it is",
    sends("访.csv", lambda: grid(ROWS)),
    taken(1, ignored=BARE),
    holds=ONE_VISIT,
)
add(
    "an xls named xlsx, an ods named xls",
    "the content tells what they are",
    lambda: [Sent({"a.xlsx": xls_of(ROWS), "b.xls": ods_of(table({**VISIT, **OTHER}))})],
    taken(1, ignored=BARE),
    taken(1, ignored=BARE),
)
add(
    "a file without any ending",
    "the content tells what it is",
    sends("走访", lambda: text(ROWS).encode("gb18030")),
    taken(1, ignored=BARE),
)
add(
    "a web page named xls",
    "what many systems call an export to Excel is a web page: refused by name of what it is",
    sends("访.xls", lambda: "<html><table><tr><td>姓名</td></tr></table></html>".encode()),
    unreadable("unknown_type"),
)
add(
    "Excel's XML of 2003",
    "a format that is not read, told from a damaged one",
    sends(
        "访.xls",
        lambda: b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
    ),
    unreadable("unknown_type"),
)
for ending, content in (
    ("pdf", b"%PDF-1.7\n%\xe2\xe3"),
    ("png", b"\x89PNG\r\n\x1a\n\0\0"),
    ("rar", b"Rar!\x1a\x07\x01\0"),
    ("rtf", rb"{\rtf1 x}"),
):
    add(
        f"a {ending} file",
        "sent by mistake among the ledgers: the others go on",
        partial(lambda end, bad: [Sent({f"a.{end}": bad, "访.csv": text(ROWS).encode()})], ending, content),
        unreadable("unknown_type"),
        taken(1, ignored=BARE),
        holds=ONE_VISIT,
    )
add(
    "a Word document",
    "another office archive is told from a workbook",
    sends("访.docx", lambda: zip_of({"word/document.xml": "<a/>"})),
    unreadable("unknown_type"),
)
add(
    "a binary workbook (xlsb)",
    "a format that is not read",
    sends("访.xlsb", lambda: zip_of({"xl/workbook.bin": "a"})),
    unreadable("unknown_type"),
)
add(
    "ledgers zipped together",
    "an archive of workbooks is to be unpacked by its sender: no archive inside an archive is opened",
    sends("全部.zip", lambda: zip_of({"访.csv": text(ROWS), "更多.zip": zip_of({"b.csv": text(ROWS)})})),
    unreadable("unknown_type"),
)
add(
    "the same bytes under two names",
    "taken in once, whatever the name",
    lambda: [Sent({"a.csv": text(ROWS).encode(), "b.csv": text(ROWS).encode()})],
    taken(1, ignored=BARE),
    known(taken(1, ignored=BARE)),
    holds=("SELECT count(*) FROM visit", [(1,)]),
)
add(
    "a village and a township in one folder",
    "workbooks of two senders and two forms, each in its own account",
    lambda: [Sent({**village(CHILD)()[0].files, **visits(VISIT)()[0].files})],
    taken(1, ignored="heading=2,title=2,total=1"),
    taken(1),
    holds=("SELECT (SELECT count(*) FROM child), (SELECT count(*) FROM visit)", [(1, 1)]),
)
add(
    "a name in GBK on the disk",
    "a file name that is no UTF-8, as an unpacked archive leaves it",
    lambda: [Sent({"访".encode("gbk").decode("utf-8", "surrogateescape") + ".csv": text(ROWS).encode()})],
    taken(1, ignored=BARE),
    holds=("SELECT file FROM delivery WHERE forms = 'visits'", [("访.csv",)]),
)
add(
    "lock files and hidden files",
    "what an open spreadsheet program leaves beside a ledger is not a ledger",
    lambda: [Sent({"~$访.csv": b"x", ".DS_Store": b"y", "访.csv": text(ROWS).encode()})],
    taken(1, ignored=BARE),
)
