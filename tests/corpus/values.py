"""Identity numbers, days and telephones."""

from __future__ import annotations

import datetime as dt
from functools import partial

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
