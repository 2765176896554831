"""The sixty invented children of the fixture snapshot, their reasons, records, deliveries and checks."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any

from data_contracts.vocabularies import vocabularies
from tests.pages.snapshot_fixture import AS_OF, HOSTILE, INDICATORS, QUARTERS, VAULT, VILLAGES, child_ids

TIERS = ("red", "orange", "yellow", "green")
INTERVAL = {"report_now": 7, "red": 7, "orange": 30, "yellow": 90, "green": 180, "unknown": 90}
RULES = {
    "report_now": (
        "L1",
        "未成年人保护法 第21条第2款",
        "独自居住，没有监护人同住",
        "Lives alone, apart from any guardian",
    ),
    "red": ("L3", "未成年人保护法 第22条第3款", "照护人有酗酒记录", "The carer has a record of drinking"),
    "orange": (
        "L5",
        "未成年人保护法 第23条第1款",
        "父母超过28天没有联系",
        "No contact with the parents for more than 28 days",
    ),
    "yellow": (
        "L4",
        "未成年人保护法 第23条第1款",
        "委托照护未书面告知学校",
        "No written notice of entrusted care to the school",
    ),
}
LIST_SIZE = 60


def children_tables() -> dict[str, list[tuple[Any, ...]]]:
    """All tables with one row or more per child, and what came in."""
    ids = child_ids()
    homes = {child: list(VILLAGES)[at % len(VILLAGES)] for at, child in enumerate(ids)}
    screening = [row for target in ("visit", "referral") for row in _screening(target, ids, homes)]
    return {
        "screening": screening,
        "reason": [row for one in screening for row in _reasons(one)],
        "unknown_fact": _unknown(ids),
        "fact": _facts(ids),
        "identity": [
            (
                child,
                VAULT.seal(f"测试{at:02}"),
                VAULT.seal(f"99999920{at:010d}"),
                date(2014, 5, 1),
                "F",
                homes[child],
            )
            for at, child in enumerate(ids)
        ],
        "visit": _visits(ids),
        "concern": [
            (ids[0], "village", "abandoned", None, "d1e2f3a4/投诉/3", date(2026, 9, 27), date(2026, 9, 26))
        ],
        "psych_screen": [
            (ids[1], "PHQ", date(2026, 4, 2), None, None, False, "d1e2f3a4/筛查/8", date(2026, 4, 9))
        ],
        "household": [
            (child, f"H{at // 2:03}", homes[child], "below_line", None, "d1e2f3a4/台账/5")
            for at, child in enumerate(ids)
        ],
        "known_child": [(child, "F", date(2014, 5, 1), "拉祜", homes[child]) for child in ids],
        "worker": [
            *((f"w{code}", "child_director", code, date(2024, 1, 1), None) for code in list(VILLAGES)[:6]),
            ("s1", "child_supervisor", "530902202", date(2024, 1, 1), None),
        ],
        "link": [(child, child) for child in ids],
        "judgement_visit": _judged(screening, "visit"),
        "judgement_referral": _judged(screening, "referral"),
        "person_override": [_OVERRIDE],
        "moved_child": [_MOVED],
        "case_row": _cases(ids, homes),
        "identity_pair": _pairs(ids, homes),
        "pair_person": _pair_people(ids, homes),
        "delivery": _deliveries(),
        "message": _messages(),
        "quality": _checks(),
        "code_list": [
            (name, one.code, one.zh, one.en, name == "situation")
            for name, vocabulary in vocabularies().items()
            for one in vocabulary.values
        ],
    }


# A child that was moved up by hand, as the build publishes it.
MOVED_PLACE = 30
_OVERRIDE = (
    "m0000000001", child_ids()[MOVED_PLACE], "visit", "up", "orange", "yellow", "contact_lost", "seen_worse", "li.na",
    datetime(2026, 9, 20, 8), AS_OF - timedelta(10), AS_OF + timedelta(20),
)  # fmt: skip
_MOVED = (
    "visit", child_ids()[MOVED_PLACE], "m0000000001", "yellow", "orange", AS_OF + timedelta(40), AS_OF + timedelta(9),
    "m0000000001:orange:2026-10-20",
)  # fmt: skip


def _judged(screening: list[tuple[Any, ...]], target: str) -> list[tuple[Any, ...]]:
    """Which rules hold: one for each tier, as the tier asks."""
    return [
        (row[2], row[7] == "red", row[7] == "orange", row[7] == "yellow")
        for row in screening
        if row[0] == target
    ]


def _screening(target: str, ids: list[str], homes: dict[str, str]) -> list[tuple[Any, ...]]:
    dice = random.Random(target)
    rows = []
    for at, child in enumerate(ids):
        lane = "report_now" if at < 2 else "tier" if at < 40 else "ranked"
        tier = TIERS[min(3, at // 12)] if at < 55 else "unknown"
        since = dice.randint(3, 200)
        due = AS_OF + timedelta(days=INTERVAL["report_now" if at < 2 else tier] - since)
        low, points = float(60 - at), float(64 - at)
        high = "red" if at % 5 == 0 else tier
        eligibility = "unknown" if at % 9 == 4 else "yes"
        rows.append(
            (
                target,
                at + 1,
                child,
                homes[child],
                eligibility,
                lane,
                lane,
                tier,
                tier,
                high,
                points,
                low,
                points + 6,
                due,
                since,
                "visit-expert-1",
                "r" * 8,
            )
        )
    return rows


def _reasons(row: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    target, _, child, _, _, lane, _, tier, *_ = row
    points = row[10]
    found = []
    for at, name in enumerate(("report_now",) * (lane == "report_now") + (tier,)):
        if name in RULES:
            code, clause, zh, en = RULES[name]
            found.append(
                (
                    target,
                    child,
                    at,
                    "rule",
                    code,
                    clause,
                    date(2026, 6, 1),
                    "d1e2f3a4/台账/7",
                    None,
                    zh + HOSTILE,
                    en,
                )
            )
    for at, (share, zh, en) in enumerate(
        [
            (0.6, "照护人七十岁以上", "The carer is over seventy"),
            (0.4, "路程超过一小时", "More than an hour away"),
        ]
    ):
        found.append(
            (
                target,
                child,
                10 + at,
                "card",
                f"card.{at}",
                "",
                None,
                "d1e2f3a4/台账/7",
                points * share,
                zh,
                en,
            )
        )
    return found


def _unknown(ids: list[str]) -> list[tuple[Any, ...]]:
    rows = []
    for child in ids[::4]:
        rows.append(
            (
                "visit",
                child,
                "carer_capacity",
                "在家一方有无监护能力",
                "whether the parent at home has capacity",
            )
        )
        rows.append(
            ("visit", child, "last_contact_on", "父母最近一次联系的日期", "date of the parents' last contact")
        )
    return rows


def _facts(ids: list[str]) -> list[tuple[Any, ...]]:
    """Columns: child_id, fact, known, number, code, flag, since, record."""
    ledger, rows = "d1e2f3a4/台账/7", []
    for at, child in enumerate(ids):
        since = date(2026, 9, 1)
        duty = "performed" if at % 3 else None
        degree = "severe" if at == 5 else "none"
        rows += [
            (child, "lives_alone", True, None, None, child == ids[0], date(2026, 9, 27), ledger),
            (child, "days_since_contact", at % 4 != 0, 31.0, None, None, date(2026, 8, 30), ledger),
            (child, "carer_age", True, 76.0, None, None, date(1950, 1, 1), ledger),
            (child, "carer_duty", duty is not None, None, duty, None, since, ledger),
            (child, "disability_degree", True, None, degree, None, since, ledger),
            (child, "chronic_disease", True, None, None, False, since, ledger),
            (child, "insured", True, None, None, True, since, ledger),
            (child, "open_dwelling_grade", True, None, "none", None, since, "d1e2f3a4/住房/3"),
            (
                child,
                "concern_bullying",
                True,
                None,
                None,
                at == 7,
                since if at == 7 else None,
                "d1e2f3a4/投诉/4",
            ),
            (child, "unexcused_absence_percent", True, 12.345, None, None, since, "d1e2f3a4/考勤/9"),
        ]
    return rows


def _visits(ids: list[str]) -> list[tuple[Any, ...]]:
    rows = []
    for at, child in enumerate(ids):
        for ago, mode in ((20 + at, "home"), (110 + at, "phone"), (200 + at, "home")):
            day = AS_OF - timedelta(days=ago)
            rows.append(
                (
                    child,
                    day + timedelta(days=3),
                    day,
                    mode,
                    mode == "home",
                    None,
                    "w" * 8,
                    day + timedelta(days=2),
                    f"d1e2f3a4/走访/{at}",
                    "",
                    day,
                )
            )
    return rows


def _cases(ids: list[str], homes: dict[str, str]) -> list[tuple[Any, ...]]:
    dice = random.Random(5)
    rows = []
    for one in INDICATORS:
        period = QUARTERS[-1] if one.kind == "quarter" else str(AS_OF)
        if one.code.startswith("C"):
            for child in ids:
                outcome = dice.choices(["yes", "no", "unknown"], [8, 2, 1])[0]
                rows.append(
                    (
                        one.code,
                        one.series[0],
                        period,
                        homes[child],
                        "child",
                        child,
                        outcome,
                        None,
                        None,
                        "d1e2f3a4/台账/9",
                    )
                )
    return rows


def _pairs(ids: list[str], homes: dict[str, str]) -> list[tuple[Any, ...]]:
    """Three open pairs, one of them in another township, and one that was judged."""
    alike = ("homophone", "same", "same", "same", "same", "one_digit", "unknown")
    unlike = ("same", "same", "same", "unknown", "same", "differ_valid", "differ")
    told = [
        ("p1", 0, 8, 9.5, 0.99, alike, "open", None),
        ("p2", 1, 9, -4.0, 0.06, unlike, "open", None),
        ("p3", 7, 15, 1.0, 0.66, ("order", *alike[1:]), "open", None),
        ("p4", 2, 10, 8.0, 0.98, alike, "same", "d1"),
    ]
    return [
        (
            *(name, ids[a], ids[b], "birth_date+village", weight, certain, *grades, homes[ids[a]], state),
            *(decision, date(2026, 9, 1), date(2026, 9, 20) if decision else None),
        )
        for name, a, b, weight, certain, grades, state, decision in told
    ]


def _pair_people(ids: list[str], homes: dict[str, str]) -> list[tuple[Any, ...]]:
    return [
        (
            *(ids[at], VAULT.seal(f"测试{at:02}"), VAULT.seal(f"99999920{at:010d}") if at < 8 else None),
            *(
                VAULT.seal("9999992") if at == 8 else None,
                VAULT.seal(f"照护{at:02}{HOSTILE}"),
                date(2014, 5, 1),
            ),
            *("female", homes[ids[at]], "village_ledger,school_roster", date(2026, 9, 1)),
        )
        for at in (0, 1, 2, 7, 8, 9, 10, 15)
    ]


def _deliveries() -> list[tuple[Any, ...]]:
    return [
        (
            "d1e2f3a4",
            "石房村台账.xlsx",
            "a" * 64,
            "village_ledger",
            "石房村",
            date(2026, 9, 20),
            date(2026, 9, 22),
            "partly",
            120,
            110,
            8,
            2,
        ),
        (
            "d5e6f7a8",
            f"走访{HOSTILE}.csv",
            "b" * 64,
            "visits",
            "博尚镇",
            date(2026, 9, 25),
            date(2026, 9, 26),
            "accepted",
            300,
            300,
            0,
            0,
        ),
        (
            "d9e0f1a2",
            "学校名册.xls",
            "c" * 64,
            "school_roster",
            "博尚中学",
            date(2026, 9, 25),
            date(2026, 9, 26),
            "rejected",
            50,
            0,
            50,
            0,
        ),
    ]


def _messages() -> list[tuple[Any, ...]]:
    return [
        (
            "d1e2f3a4",
            "石房村台账.xlsx",
            "台账",
            17,
            "E",
            "出生日期",
            "error",
            "no_such_day",
            "child",
            None,
            "date",
            "2014-02-30",
        ),
        (
            "d1e2f3a4",
            "石房村台账.xlsx",
            "台账",
            21,
            "F",
            "身份证号",
            "warning",
            "id_check_digit",
            "person",
            None,
            "idno",
            "(18)",
        ),
        (
            "d9e0f1a2",
            "学校名册.xls",
            "名册",
            1,
            None,
            "年级",
            "error",
            "not_in_code_list",
            "schooling",
            None,
            None,
            HOSTILE,
        ),
    ]


def _checks() -> list[tuple[Any, ...]]:
    return [
        (
            "child",
            "child_ref_known",
            "儿童代号不为空",
            "Child reference present",
            "completeness",
            "pass",
            0,
            420,
        ),
        ("child", "birth_date_possible", "出生日期可能", "Birth date possible", "validity", "fail", 3, 420),
        (
            "visit",
            "recorded_after_visit",
            "录入不早于走访",
            "Typed in not before the visit",
            "consistency",
            "not_checked",
            None,
            None,
        ),
        (
            "share_exchange",
            "delivered",
            "共享按时",
            "Exchange on time",
            "timeliness",
            "not_yet_due",
            None,
            None,
        ),
    ]
