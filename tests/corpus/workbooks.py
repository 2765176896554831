"""How a workbook is laid out."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from tests.corpus.case import case, refused, taken
from tests.corpus.makers import (
    CHILD,
    OTHER,
    VISIT,
    cells,
    grid,
    sends,
    table,
    visits,
    workbook,
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
