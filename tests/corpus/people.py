"""People and deliveries over time: re-sends, corrections, twins, what is gone from a list."""

from __future__ import annotations

import datetime as dt
from functools import partial

from tests.corpus.case import Sent, case, known, partly, refused, taken
from tests.corpus.makers import CHILD, OTHER, VISIT, number, table, text, visits, workbook

add = partial(case, "people")
GROUPED = "heading=2,title=2,total=1"
N_CHILDREN = "SELECT count(DISTINCT child_ref) FROM child"
Q3, Q2 = "2026年9月30日", "2026年6月30日"
OCTOBER, NOVEMBER = dt.date(2026, 10, 5), dt.date(2026, 11, 5)
SECOND = {**CHILD, **OTHER}


def _ledger(*rows: dict[str, object], **said: str) -> bytes:
    return workbook(("village_ledger", rows), **said)


def _duty_known() -> str:
    """The carer's duty as a build reads it: the newest version by the day reported, then by arrival."""
    return (
        "SELECT duty FROM (SELECT duty, row_number() OVER (PARTITION BY child_ref, role, source ORDER BY "
        "_reported_on DESC, _seq DESC) AS place FROM relation WHERE role = 'carer') WHERE place = 1"
    )


FAILED = {**CHILD, "履职情况": "未履行"}

add(
    "the same bytes on another day",
    "nothing changes",
    lambda: [Sent({"村.xlsx": (b := _ledger(CHILD))}), Sent({"又.xlsx": b}, received_on=NOVEMBER)],
    taken(1, ignored=GROUPED),
    known(taken(1, ignored=GROUPED)),
    holds=("SELECT count(*) FROM child", [(1,)]),
)
add(
    "the same rows saved again",
    "other bytes, no other child and no other fact",
    lambda: [Sent({"村.xlsx": _ledger(CHILD)}), Sent({"村.xlsx": _ledger(CHILD, title="台账（再报）")})],
    taken(1, ignored=GROUPED),
    taken(1, ignored=GROUPED),
    holds=((N_CHILDREN, [(1,)]), (_duty_known(), [("performed",)])),
)
add(
    "a re-send with one changed row",
    "the later version holds, the earlier one stays readable",
    lambda: [Sent({"村.xlsx": _ledger(CHILD, SECOND)}), Sent({"村.xlsx": _ledger(FAILED, SECOND)}, NOVEMBER)],
    taken(2, ignored=GROUPED),
    taken(2, ignored=GROUPED),
    holds=(
        (N_CHILDREN, [(2,)]),
        ("SELECT count(DISTINCT duty) FROM relation WHERE role = 'carer'", [(2,)]),
        (f"SELECT count(*) FROM ({_duty_known()}) WHERE duty = 'not_performed'", [(1,)]),
    ),
)
add(
    "an older export that arrives later",
    "it does not undo the newer one",
    lambda: [
        Sent({"q3.xlsx": _ledger(FAILED, reported=Q3)}),
        Sent({"q2.xlsx": _ledger(CHILD, reported=Q2)}, received_on=NOVEMBER),
    ],
    taken(1, ignored=GROUPED),
    taken(1, ignored=GROUPED),
    holds=(_duty_known(), [("not_performed",)]),
)
add(
    "corrections out of order",
    "three versions arrive as third, first, second: the third holds",
    lambda: [
        Sent({"3.xlsx": _ledger(FAILED, reported="2026年9月20日")}),
        Sent({"1.xlsx": _ledger(FAILED, reported="2026年9月1日", title="一")}),
        Sent({"2.xlsx": _ledger(CHILD, reported="2026年9月10日")}),
    ],
    *[taken(1, ignored=GROUPED)] * 3,
    holds=((_duty_known(), [("not_performed",)]), ("SELECT count(*) FROM child", [(3,)])),
)
add(
    "two quarters' files of one name, in one go",
    "each is read, judged and kept for itself",
    lambda: [Sent({"Q2/村.xlsx": _ledger(CHILD, reported=Q2), "Q3/村.xlsx": _ledger(FAILED, reported=Q3)})],
    *[taken(1, ignored=GROUPED)] * 2,
    holds=((_duty_known(), [("not_performed",)]), ("SELECT count(DISTINCT sha256) FROM delivery", [(3,)])),
)
add(
    "a child gone from the next list",
    "a missing row is not a deletion: the child stays until an exit is reported",
    lambda: [
        Sent({"q2.xlsx": _ledger(CHILD, SECOND, reported=Q2)}),
        Sent({"q3.xlsx": _ledger(SECOND, reported=Q3)}),
    ],
    taken(2, ignored=GROUPED),
    taken(1, ignored=GROUPED),
    holds=(N_CHILDREN, [(2,)]),
)
add(
    "a child in two villages",
    "one number on two villages' lists is one child, with both mentions kept",
    lambda: [Sent({"a.xlsx": _ledger(CHILD), "b.xlsx": _ledger(CHILD, sender="凤翔街道橄榄村")})],
    *[taken(1, ignored=GROUPED)] * 2,
    holds=(
        "SELECT count(DISTINCT child_ref), count(DISTINCT village_code) FROM child",
        [(1, 2)],
    ),
)
add(
    "twins of two names",
    "one birth date, one carer, two numbers: two children",
    lambda: [
        Sent({"村.xlsx": _ledger(CHILD, {**CHILD, "姓名": "王桐", "身份证号": number("20210305", 474)})})
    ],
    taken(2, ignored=GROUPED),
    holds=((N_CHILDREN, [(2,)]), ("SELECT count(DISTINCT carer_ref) FROM household", [(1,)])),
)
add(
    "two children of one name and one birthday",
    "their numbers tell them apart; what comes without a number waits for a person",
    lambda: [Sent({"村.xlsx": _ledger(CHILD, {**CHILD, "身份证号": number("20210305", 474)})})],
    taken(2, ignored=GROUPED),
    holds=("SELECT count(DISTINCT child_ref), count(DISTINCT alt_ref) FROM person", [(2, 1)]),
)
add(
    "a row twice in one file",
    "counted once, and the sender is told",
    lambda: [Sent({"村.xlsx": _ledger(CHILD, {**CHILD, "姓名": "王 梓"})})],
    taken(1, "warning 台账!C6 repeated_row", ignored="heading=2,repeated_row=1,title=2,total=1"),
    holds=("SELECT count(*) FROM child", [(1,)]),
)
add(
    "two rows of one child that contradict each other",
    "the second waits: which is right is for the sender",
    lambda: [Sent({"村.xlsx": _ledger(CHILD, FAILED)})],
    partly(1, 1, "error 台账!C6 contradicts_row", ignored=GROUPED),
    holds=(_duty_known(), [("performed",)]),
)
add(
    "one visit on two sheets of one file",
    "a monthly sheet and a yearly one say the same",
    lambda: [
        Sent(
            {
                "访.xlsx": workbook(("visits", [VISIT]), sender="凤翔街道"),
                "年.csv": text(table(VISIT)).encode(),
            }
        )
    ],
    taken(1, ignored="heading=1"),
    taken(1),
    holds=("SELECT count(DISTINCT (child_ref, due_on)) FROM visit", [(1,)]),
)
add(
    "a child with and without number",
    "the village knows the number, the township does not: one name, village and birth date",
    lambda: [
        Sent({"村.xlsx": _ledger(CHILD)}),
        Sent(
            {
                "访.xlsx": workbook(
                    ("visits", [{**VISIT, "身份证号": None, "村（社区）": "凤翔街道响泉村"}]),
                    sender="凤翔街道",
                )
            }
        ),
    ],
    taken(1, ignored=GROUPED),
    taken(1),
    holds=("SELECT count(DISTINCT alt_ref), count(DISTINCT child_ref) FROM person", [(1, 2)]),
)
add(
    "a birth date that contradicts the number",
    "the number has a check digit, the date has none: the number holds and the sender is told",
    lambda: [Sent({"村.xlsx": _ledger({**CHILD, "出生日期": "2021-05-03", "性别": "男"})})],
    taken(
        1,
        "warning 台账!E5 birth_date_differs_from_id",
        "warning 台账!D5 sex_differs_from_id",
        ignored=GROUPED,
    ),
    holds=("SELECT birth_date, sex FROM child", [(dt.date(2021, 3, 5), "female")]),
)
add(
    "a visit typed in before it happened",
    "the visit stays, the day of typing is not believed",
    visits({**VISIT, "走访日期": "2026-06-11", "录入日期": "2026-06-02"}),
    taken(1, "warning 走访!M4 recorded_before_visit"),
    holds=("SELECT visited_on, recorded_on FROM visit", [(dt.date(2026, 6, 11), None)]),
)
add(
    "a report of tomorrow",
    "a day of report after the day of receipt is not believed",
    lambda: [Sent({"村.xlsx": _ledger(CHILD, reported="2027年9月30日")})],
    taken(1, ignored=GROUPED),
    holds=("SELECT _reported_on <= DATE '2026-10-05' FROM child", [(True,)]),
)
add(
    "a sender named at intake",
    "a file that names nobody is the one's who handed it in",
    lambda: [Sent({"村.xlsx": _ledger(CHILD, sender="")}, sender="凤翔街道橄榄村")],
    taken(1, ignored=GROUPED),
    holds=("SELECT village_code FROM child", [("530902001902",)]),
)
add(
    "a village by a code that was replaced",
    "the area ledger says which code followed: the place is known",
    lambda: [
        Sent({"区划.xlsx": workbook(("area_codes", [{"区划代码": "530902001903", "名称": "新村", "级别": "村级",
                                                 "上级代码": "530902001", "旧代码": "533521101203"}]))}),
        Sent({"访.xlsx": workbook(("visits", [{**VISIT, "村（社区）": "533521101203"}]), sender="凤翔街道")}),
    ],
    taken(1),
    taken(1),
    holds=("SELECT village_code FROM person", [("530902001903",)]),
)  # fmt: skip
add(
    "villages before their area codes",
    "files arrive in any order of names: area codes are taken in first",
    lambda: [
        Sent({
            "a村.xlsx": _ledger(CHILD, sender="凤翔街道新村"),
            "z区划.xlsx": workbook(("area_codes", [{"区划代码": "530902001903", "名称": "新村", "级别": "村级",
                                                 "上级代码": "530902001", "旧代码": "533521101203"}])),
        })
    ],
    taken(1, ignored=GROUPED),
    taken(1),
    holds=("SELECT village_code FROM child", [("530902001903",)]),
)  # fmt: skip
add(
    "an identity removed on request, and the child on the next list",
    "names and numbers go and do not come back with the next list; the child is counted as before",
    lambda: [
        Sent({"q2.xlsx": _ledger(CHILD, reported=Q2)}, forgets=True),
        Sent({"q3.xlsx": _ledger(FAILED, reported=Q3)}),
    ],
    *[taken(1, ignored=GROUPED)] * 2,
    holds=(
        (N_CHILDREN, [(1,)]),
        ("SELECT count(name), count(id_no) FROM person", [(0, 0)]),
        (_duty_known(), [("not_performed",)]),
    ),
)


def _in_own_words() -> dict[str, bytes | None]:
    """A visit list two of whose headings are of the office's own making."""
    rows = table({**VISIT, "应访截止日期": "2026-09-01", "走访日期": "2026-08-30", "录入日期": "2026-09-01"})
    own = {"应访截止日期": "最晚几号去", "走访日期": "哪天去的"}
    return {"访.csv": text([[own.get(str(cell), cell) for cell in row] for row in rows]).encode()}


add(
    "an officer's word on headings that no list foresees",
    "the sheet waits as a whole, is asked about once, and is read from its kept original when the answer comes",
    lambda: [
        Sent(_in_own_words()),
        Sent(_in_own_words(), answers={"最晚几号去": "应访截止日期", "哪天去的": "走访日期"}),
    ],
    refused("error csv!1 missing_heading", quarantined=2),
    taken(1, ignored="heading=1"),
    holds=("SELECT due_on, visited_on FROM visit", [(dt.date(2026, 9, 1), dt.date(2026, 8, 30))]),
)
