"""Structure and damage of workbooks."""

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
    cells,
    grid,
    members,
    number,
    ole2_of,
    sends,
    sheet_xml,
    table,
    village,
    visits,
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


def _spread(rows: list[list[Any]], at: int) -> list[list[Any]]:
    return [[*row[:at], None, *row[at:]] for row in rows]


add(
    "title, sender, unit and total",
    "the whole furniture of a ledger: only its rows are rows",
    visits(VISIT),
    taken(1),
    holds=(N_VISITS, [(1,)]),
)
add(
    "five rows above the headings",
    "a title, a number of the document, a sender, a unit, a blank row",
    sends(
        "访.xlsx",
        lambda: grid([["走访记录"], ["临民〔2026〕12号"], ["填报单位：凤翔街道"], ["单位：人次"], [], *ROWS]),
    ),
    taken(1, ignored="heading=1,title=4"),
    holds=(N_VISITS, [(1,)]),
)
add(
    "headings in two rows, groups merged",
    "the group stands once over merged cells, the headings below it",
    sends("村.xlsx", lambda: workbook(("village_ledger", [CHILD]))),
    taken(1, ignored=GROUPED),
    holds=("SELECT count(DISTINCT role) FROM relation", [(3,)]),
)
add(
    "a merged title over the sheet",
    "a merged cell is one cell",
    sends("访.xlsx", lambda: grid([[], *ROWS], change=lambda _b, p: p.merge_range("A1:M1", "走访记录"))),
    taken(1, ignored="heading=1,title=1"),
)
add(
    "a village merged over its rows",
    "one cell stands for four rows: the rows below it are not left without a village",
    sends(
        "访.xlsx",
        lambda: grid(
            table(VISIT, {**VISIT, **OTHER, "村（社区）": None}),
            change=lambda _b, p: p.merge_range("B2:B3", "橄榄村"),
        ),
    ),
    taken(2, ignored=BARE),
    holds=("SELECT count(DISTINCT village_code), count(village_code) FROM person", [(1, 2)]),
)
add(
    "a hidden sheet",
    "not read, and the sender is told",
    sends("访.xlsx", lambda: grid(ROWS, change=lambda b, p: _hidden(b))),
    taken(1, "warning 旧表 hidden_sheet", ignored="heading=1,hidden_sheet=2"),
    holds=(N_VISITS, [(1,)]),
)


def _hidden(book: Any) -> None:
    page = book.add_worksheet("旧表")
    page.write_row(0, 0, [c or "" for c in table(VISIT)[0]])
    page.write_row(1, 0, [c or "" for c in cells("visits", {**VISIT, **OTHER})])
    page.hide()


add(
    "hidden rows",
    "a filter hides rows from the eye, not from the list",
    sends("访.xlsx", lambda: grid(TWO, change=lambda _b, p: p.set_row(2, None, None, {"hidden": True}))),
    taken(2, ignored=BARE),
    holds=(N_VISITS, [(2,)]),
)
add(
    "hidden columns",
    "a hidden column is a column",
    sends(
        "访.xlsx", lambda: grid(ROWS, change=lambda _b, p: p.set_column("D:H", None, None, {"hidden": True}))
    ),
    taken(1, ignored=BARE),
    holds=("SELECT count(visited_on) FROM visit", [(1,)]),
)
add(
    "a total that counts wrongly",
    "told, because a row may have been lost on the way",
    sends("访.xlsx", lambda: grid([*ROWS, ["合计", "共5条"]])),
    taken(1, "warning 走访!3 total_differs", ignored="heading=1,total=1"),
)
add(
    "subtotals and signatures between rows",
    "none of them is a child",
    sends("访.xlsx", lambda: grid([*TWO[:2], ["小计", "共1条"], TWO[2], ["总计", "共2条"],
                                 ["填表人：", "甲"], ["注：以上均已核实"]])),
    taken(2, "warning 走访!3 total_differs", ignored="footer=2,heading=1,total=2"),
)  # fmt: skip
add(
    "blank rows between rows",
    "a gap does not end the table",
    sends("访.xlsx", lambda: grid([ROWS[0], ROWS[1], [], ["", " "], TWO[2]])),
    taken(2, ignored=BARE),
)
add(
    "headings said again further down",
    "a printed ledger repeats its headings on each page: they are headings, not a child",
    sends("访.xlsx", lambda: grid([*ROWS, ROWS[0], TWO[2]])),
    taken(2, ignored="heading=2"),
    holds=(N_VISITS, [(2,)]),
)
add(
    "one heading twice",
    "the first is read; that the second was not is said",
    sends("访.xlsx", lambda: grid([[*ROWS[0], "走访日期"], [*ROWS[1], "2026-01-01"]])),
    taken(1, "warning 走访!N1 unknown_heading", ignored=BARE),
    holds=("SELECT visited_on FROM visit", [(dt.date(2026, 3, 30),)]),
)
add(
    "headings in traditional characters with pinyin",
    "the same headings",
    sends("訪.xlsx", lambda: grid([
        ["序號", "村（社區）", "姓名(xìng míng)", "身份證號", "出生日期(chū shēng rì qī)", "應訪截止日期", "走訪日期",
         "走訪方式", "是否見到兒童本人", "是否單獨交談", "走訪人", "走訪情況記錄", "錄入日期"], ROWS[1]])),
    taken(1, ignored=BARE),
    holds=(N_VISITS, [(1,)]),
)  # fmt: skip
add(
    "headings with spaces, line breaks and stars",
    "furniture of headings",
    sends("访.xlsx", lambda: grid([[f" {h[:1]}\n{h[1:]}* " for h in ROWS[0]], ROWS[1]])),
    taken(1, ignored=BARE),
)
add(
    "columns in another order",
    "a column is known by its heading, not by its place",
    sends("访.xlsx", lambda: grid([row[::-1] for row in ROWS])),
    taken(1, ignored=BARE),
    holds=("SELECT visited_on FROM visit", [(dt.date(2026, 3, 30),)]),
)
add(
    "a table that does not begin at A1",
    "two blank rows above, an empty column on the left and one inside",
    sends("访.xlsx", lambda: grid([[], [], *_spread(_spread(ROWS, 6), 0)])),
    taken(1, ignored=BARE),
    holds=(N_VISITS, [(1,)]),
)
add(
    "a required column is missing",
    "the form is answered with what it lacks, and all rows wait",
    sends("访.xlsx", lambda: grid([row[:5] + row[6:] for row in ROWS])),
    refused("error 走访!1 missing_heading", quarantined=2),
)
add(
    "an unknown form",
    "all its rows wait, none is lost",
    sends(
        "谜.xlsx", lambda: grid([["甲乙", "丙丁", "戊己", "庚辛"], [1, 2, 3, 4], [5, 6, 7, 8]], sheet="某表")
    ),
    refused("error 某表 unknown_form", quarantined=3),
)
add(
    "two columns of names and numbers",
    "a narrow sheet with known headings is not prose: its rows wait, none is left out as a note",
    sends("名单.xlsx", lambda: grid([["姓名", "身份证号"], ["王梓", VISIT["身份证号"]]], sheet="名单")),
    refused("error 名单 unknown_form", quarantined=2),
)
add(
    "a sheet of instructions beside the ledger",
    "prose is left out and counted as notes",
    sends(
        "访.xlsx",
        lambda: grid(ROWS, change=lambda b, p: b.add_worksheet("填表说明").write_column(0, 0, ["一", "二"])),
    ),
    taken(1, ignored="heading=1,notes=2"),
)
add(
    "two sheets of one form",
    "a township that files each month on a sheet of its own",
    sends("访.xlsx", lambda: grid(ROWS, change=lambda b, p: b.add_worksheet("走访二").add_table(
        0, 0, 1, 12, {"data": [[c or "" for c in TWO[2]]], "columns": [{"header": h} for h in ROWS[0]]}))),
    taken(2, ignored="heading=2"),
    holds=(N_VISITS, [(2,)]),
)  # fmt: skip
add(
    "an empty workbook",
    "a sheet without a cell: the sender is asked to confirm",
    sends("空.xlsx", lambda: grid([])),
    refused("error - empty_ledger"),
)
add(
    "a ledger without a row",
    "headings alone may mean that there is nobody: the sender is asked to confirm",
    sends("空.xlsx", lambda: grid(ROWS[:1])),
    refused("error - empty_ledger", ignored="heading=1"),
)
add(
    "a chart sheet before the ledger",
    "a sheet without cells is no sheet to read, and does not shift the others",
    sends("图.xlsx", lambda: grid([*ROWS, [None] * 6 + [None]], change=_chart_first)),
    taken(1, ignored=BARE),
)


def _chart_first(book: Any, page: Any) -> None:
    sheet = book.add_chartsheet("图")
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=走访!$A$1:$A$2"})
    sheet.set_chart(chart)
    sheet.set_first_sheet()


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
