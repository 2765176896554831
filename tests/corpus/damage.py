"""What a spreadsheet program left in a workbook, and what broke it on the way."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from tests.corpus.case import Sent, case, partly, refused, taken, unreadable
from tests.corpus.makers import (
    CHILD,
    MAIN,
    OTHER,
    VISIT,
    grid,
    members,
    number,
    ole2_of,
    sends,
    sheet_xml,
    table,
    village,
    with_member,
    workbook,
    xls_of,
    xlsx_by_hand,
    zip_of,
)

add = partial(case, "workbooks")
BARE = "heading=1"
GROUPED = "heading=2,title=2,total=1"
ROWS = table(VISIT)
TWO = table(VISIT, {**VISIT, **OTHER})
N_VISITS = "SELECT count(*) FROM visit"


add(
    "formulas with their values",
    "the value that the sender saw is taken, nothing is calculated here",
    sends(
        "访.xlsx",
        lambda: grid(ROWS, change=lambda _b, p: p.write_formula("F2", "=TODAY()", None, "2026-06-30")),
    ),
    taken(1, ignored=BARE),
    holds=("SELECT due_on FROM visit", [(dt.date(2026, 6, 30),)]),
)
NO_VALUE = '<c r="PLACE"><f>A1</f></c>'
add(
    "formulas without their values",
    "a program that cannot calculate wrote the file: unreadable, not blank",
    sends("访.xlsx", lambda: xlsx_by_hand(sheet_xml(_put(ROWS, 6, NO_VALUE)))),
    taken(1, "warning 走访!G2 error_cell", ignored=BARE),
    holds=("SELECT visited_on, _invalid FROM visit", [(None, ",visited_on,")]),
)


def _put(rows: list[list[Any]], index: int, value: Any) -> list[list[Any]]:
    return [rows[0], *([*row[:index], value, *row[index + 1 :]] for row in rows[1:])]


add(
    "a required formula without its value",
    "the day by which the visit was due is not known: the row waits",
    sends("访.xlsx", lambda: xlsx_by_hand(sheet_xml(_put(ROWS, 5, NO_VALUE)))),
    refused("error 走访!F2 error_cell", quarantined=1, ignored=BARE),
)
for error in ("#N/A", "#REF!", "#VALUE!", "#DIV/0!"):
    add(
        f"the error {error}",
        "a broken formula is said, and is not a blank",
        sends(
            "访.xlsx",
            partial(
                lambda wrong: xlsx_by_hand(
                    sheet_xml(_put(_put(ROWS, 6, f'<c r="PLACE" t="e"><v>{wrong}</v></c>'), 11,
                                   f'<c r="PLACE" t="e"><v>{wrong}</v></c>'))
                ),
                error,
            ),
        ),
        taken(1, "warning 走访!G2 error_cell", "warning 走访!L2 error_cell", ignored=BARE),
        holds=("SELECT visited_on, note, _invalid FROM visit", [(None, None, ",note,visited_on,")]),
    )  # fmt: skip
add(
    "a new kind of error",
    "#SPILL! hides its sheet from the reader: the place is told",
    sends("访.xlsx", lambda: xlsx_by_hand(sheet_xml(_put(ROWS, 6, '<c r="PLACE" t="e"><v>#SPILL!</v></c>')))),
    unreadable("unsupported_error_cell"),
)
add(
    "a formula row below the last row",
    "rows that hold nothing but uncalculated formulas are rows",
    sends("访.xlsx", lambda: xlsx_by_hand(sheet_xml([*ROWS, [None] * 5 + [NO_VALUE, NO_VALUE]]))),
    partly(1, 1, "warning 走访!C3 required", "error 走访!F3 error_cell", "warning 走访!G3 error_cell",
           "error 走访!C3 person_unidentified", ignored=BARE),
)  # fmt: skip
add(
    "a reading aid over a name",
    "Excel keeps pinyin beside the characters: it is not part of the name",
    sends("访.xlsx", lambda: xlsx_by_hand(
        sheet_xml(_put(ROWS, 2, '<c r="PLACE" t="s"><v>0</v></c>')),
        strings='<si><t>王梓</t><rPh sb="0" eb="2"><t>wáng zǐ</t></rPh></si>')),
    taken(1, ignored=BARE),
    holds=("SELECT count(*) FROM person WHERE _invalid = ''", [(1,)]),
)  # fmt: skip
add(
    "text in runs of several looks",
    "one word, half of it bold",
    sends("访.xlsx", lambda: xlsx_by_hand(
        sheet_xml(_put(ROWS, 7, '<c r="PLACE" t="s"><v>0</v></c>')),
        strings="<si><r><t>入</t></r><r><rPr><b/></rPr><t>户</t></r></si>")),
    taken(1, ignored=BARE),
    holds=("SELECT mode FROM visit", [("home",)]),
)  # fmt: skip
add(
    "a workbook of 1904",
    "dates of old Macintosh workbooks count from 1904",
    sends("访.xlsx", lambda: grid(table({**VISIT, "走访日期": dt.date(2026, 3, 30)}), date_1904=True)),
    taken(1, ignored=BARE),
    holds=("SELECT visited_on FROM visit", [(dt.date(2026, 3, 30),)]),
)
SERIAL_1904 = (dt.date(2026, 3, 30) - dt.date(1904, 1, 1)).days
for kind, make in (
    ("xlsx", lambda: grid(table({**VISIT, "走访日期": SERIAL_1904}), date_1904=True)),
    ("xls", lambda: xls_of(table({**VISIT, "走访日期": SERIAL_1904}), is_1904=True)),
):
    add(
        f"bare serials in a workbook of 1904 ({kind})",
        "a serial without a date's look is four years off if the workbook's epoch is not asked",
        sends(f"访.{kind}", make),
        taken(1, ignored=BARE),
        holds=("SELECT visited_on FROM visit", [(dt.date(2026, 3, 30),)]),
    )
add(
    "a workbook with macros",
    "its cells are read, its macro is neither run nor kept apart from the original",
    sends(
        "访.xlsm", lambda: with_member(grid(ROWS), "xl/vbaProject.bin", ole2_of("VBA", b"Sub Auto_Open()"))
    ),
    taken(1, ignored=BARE),
)
add(
    "links to other workbooks",
    "the value kept in the cell is taken, the link is not followed",
    sends("访.xlsx", lambda: with_member(
        grid(ROWS, change=lambda _b, p: p.write_formula("F2", "='[1]走访'!F2", None, "2026-06-30")),
        "xl/externalLinks/externalLink1.xml",
        f'<externalLink {MAIN}><externalBook xmlns:r="x" r:id="http://192.0.2.1/x.xlsx"/></externalLink>')),
    taken(1, ignored=BARE),
    holds=("SELECT due_on FROM visit", [(dt.date(2026, 6, 30),)]),
)  # fmt: skip
add(
    "a file of zero bytes",
    "called empty",
    sends("访.xlsx", lambda: b""),
    unreadable("empty_file"),
)
add(
    "a file of blank lines",
    "called empty",
    sends("访.csv", lambda: b"\r\n \r\n\t\r\n"),
    unreadable("empty_file"),
)
for share, kind in ((0.5, "half"), (0.98, "nearly all")):
    add(
        f"{kind} of a workbook",
        "the upload broke off",
        sends("访.xlsx", partial(lambda part: (c := grid(ROWS))[: int(len(c) * part)], share)),
        unreadable("damaged"),
    )
add(
    "half of an old workbook",
    "the upload broke off",
    sends("访.xls", lambda: xls_of(ROWS)[:1200]),
    unreadable("damaged"),
)
add(
    "a workbook with a password",
    "the sender is asked for a file without one",
    sends("访.xlsx", lambda: ole2_of("EncryptedPackage", b"x" * 5000)),
    unreadable("encrypted"),
)
add(
    "a flipped bit",
    "a checksum that does not hold",
    sends("访.xlsx", lambda: _flipped(grid(ROWS))),
    unreadable("damaged"),
)


def _flipped(content: bytes) -> bytes:
    at = content.index(b"xl/worksheets/sheet1.xml") + 200
    return content[:at] + bytes([content[at] ^ 0x10]) + content[at + 1 :]


add(
    "broken XML in a sheet",
    "a workbook repaired by hand",
    sends("访.xlsx", lambda: xlsx_by_hand(sheet_xml(ROWS) + "<row>")),
    unreadable("damaged"),
)
add(
    "a sheet that is not there",
    "the list of sheets names a part that the archive lacks",
    sends("访.xlsx", lambda: zip_of({n: p for n, p in members(grid(ROWS)).items() if "sheet1" not in n})),
    unreadable("damaged"),
)
add(
    "a damaged file among good ones",
    "one answer each; the good ones are in",
    lambda: [
        Sent({"a.xlsx": b"PK\x03\x04cut", "b.xlsx": grid(ROWS), "c.xlsx": grid(table({**VISIT, **OTHER}))})
    ],
    unreadable("damaged"),
    taken(1, ignored=BARE),
    taken(1, ignored=BARE),
    holds=(N_VISITS, [(2,)]),
)
add(
    "a village workbook without its ledger",
    "the list of changes came alone: it is in, and the ledger is asked for",
    sends("村.xlsx", lambda: workbook(("village_changes", [{**VISIT, "变更事项": "年级变化",
                                                        "变更发生日期": "2026-09-01", "录入日期": "2026-09-03"}]))),
    partly(1, 0, "error 台账 missing_sheet"),
)  # fmt: skip
add(
    "columns shifted by one from some row on",
    "a cell was deleted: nothing of that row is repeated in a message, for a name may stand anywhere in it",
    village(CHILD, {
        "姓名": number("20150612", 31), "性别": "何梓凤", "出生日期": "女", "身份证号": "2015-06-12", "民族": "佤族",
        "现居住情况": "何梓凤", "居住方式": "何梓凤", "履职情况": "何梓凤"}),
    partly(1, 1, *(f"warning 台账!{place} {code}" for place, code in (
        ("C6", "not_a_name"), ("D6", "not_in_code_list"), ("E6", "not_a_date"), ("F6", "id_form"),
        ("H6", "not_in_code_list"), ("AA6", "not_in_code_list"), ("AC6", "not_in_code_list"))),
        "error 台账!C6 person_unidentified", ignored=GROUPED),
)  # fmt: skip
