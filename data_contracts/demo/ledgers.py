"""Lays the true world out as delivery files: one folder per sender, sheets in the offices' own forms."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from data_contracts.demo.checks_on_work import as_the_school_heard
from data_contracts.demo.hours import worker_hours
from data_contracts.demo.periods import month_start, quarter_of, term_of
from data_contracts.demo.profile import profile
from data_contracts.demo.rows import (
    Row,
    event_row,
    ledger_row,
    police_row,
    roster_row,
    rows_by,
    screen_row,
    table_row,
    visit_row,
)
from data_contracts.demo.world import School, Village, World
from data_contracts.forms import forms

LEDGER_NOTES = (
    "1. 一名儿童填一行；一户多名儿童户号相同。",
    "2. 父母状况填：外出务工、在家、已返乡、去世、服刑、失联。监护能力填：有、无、不明；不清楚可以空着。",
    "3. 照护人不良记录填：无、酗酒、赌博、家庭暴力记录、吸毒史；没有核实过的空着。",
    "4. 居住方式填：与照护人同住、独自居住。日常看护填：有人看护、无人看护。",
    "5. 就学状况填：在读、失学、未入学、毕业。",
    "6. 退出的儿童从台账移到“退出登记”。日期尽量写到日。",
    "7. 每季度末后5日内报乡镇（街道）。",
)
SCHOOL_FORMS = (
    "school_attendance",
    "school_learning_support",
    "school_feedback",
    "school_safety",
    "school_care",
)

SCHOOLS_IN_CARE = ("class_teachers", "school_mechanism", "gate_checks")

FOLLOW_UP = ("temp_guardianships", "relief_rechecks", "contact_log")
PLACED = ("school_transfers", "psych_sessions")


@dataclass(slots=True)
class Sheet:
    """One form as a sheet: `rows` hold values by heading, not yet written in anybody's style."""

    form_id: str
    name: str
    title: str
    sender: str
    rows: list[Row]


@dataclass(slots=True)
class DeliveryFile:
    """One file of a delivery; `path` is relative to the folder and uses slashes."""

    path: str
    sheets: list[Sheet]
    kind: Literal["xlsx", "csv"] = "xlsx"
    encoding: str = "utf-8-sig"
    notes: tuple[str, ...] = ()
    traditional: bool = False
    main_style: int = field(default=0)


def delivery_files(world: World) -> list[DeliveryFile]:
    """All files of the district, in the order in which offices would hand them in; nobody sends an empty one."""
    planned = [
        _basics(world),
        *_village_books(world),
        *_school_files(world),
        *_visit_logs(world),
        *_civil_affairs(world),
        *_other_departments(world),
        _checks_on_work(world),
    ]
    return [file for file in planned if any(sheet.rows for sheet in file.sheets)]


def _sheet(form_id: str, sender: str, rows: list[Row], name: str = "", title: str = "") -> Sheet:
    form = forms()[form_id]
    return Sheet(form_id, name or form.titles[0], title or form.zh, sender, rows)


def _events(world: World, form_id: str, sender: str) -> Sheet:
    return _sheet(form_id, sender, [event_row(form_id, event) for event in world.events.get(form_id, [])])


def _table(world: World, form_id: str, sender: str, **loose: str) -> Sheet:
    """`loose` maps a decorative heading to the name of the value that it shows."""
    rows = []
    for values in world.tables.get(form_id, []):
        shown = {heading: values[name] for heading, name in loose.items()}
        rows.append(table_row(form_id, values, shown))
    return _sheet(form_id, sender, rows)


def _basics(world: World) -> DeliveryFile:
    names = {village.code: village.name for village in world.villages}
    names |= {code: township["name"] for code, township in profile()["townships"].items()}
    workers = [_worker_row(worker, names) for worker in world.workers]
    schools = [table_row("school_list", _fields(school)) for school in world.schools]
    return DeliveryFile(
        "01_基础表/行政区划与单位.xlsx",
        [
            _table(world, "area_codes", "区民政局"),
            _sheet("school_list", "区教育体育局", schools),
            _sheet("worker_list", "区民政局", workers),
            _sheet("worker_hours", "区民政局", worker_hours(world, names)),
            _table(world, "household_sweep", "区民政局", **{"村（社区）": "village_name"}),
        ],
    )


def _fields(school: School) -> dict[str, Any]:
    return {name: getattr(school, name) for name in ("org_code", "name", "kind", "township_name")}


def _worker_row(worker: Any, names: dict[str, str]) -> Row:
    fields = ("post", "org_code", "worker_name", "phone", "started_on", "ended_on", "trained_on")
    values = {name: getattr(worker, name) for name in fields}
    return table_row("worker_list", values, {"单位": names[worker.org_code]})


def _village_books(world: World) -> list[DeliveryFile]:
    by_village = rows_by(lambda child: child.village_code, (c for c in world.children if c.in_village))
    changes = rows_by(lambda event: event.child.village_code, world.events.get("village_changes", []))
    lessons = rows_by(lambda event: event.child.village_code, world.events.get("village_safety", []))
    books = []
    for village in sorted(world.villages, key=lambda one: one.code):
        children = by_village.get(village.code, [])
        books.append(_village_book(world, village, children, changes, lessons))
    return books


def _village_book(
    world: World, village: Village, children: list[Any], changes: Any, lessons: Any
) -> DeliveryFile:
    township = profile()["townships"][village.township_code]["name"]
    as_of, code = world.as_of, village.code
    opened = [ledger_row(child) for child in children if child.closed_on is None]
    closed = [ledger_row(child, "village_exits") for child in children if child.closed_on]
    moved = [event_row("village_changes", event) for event in changes.get(code, [])]
    taught = [event_row("village_safety", event) for event in lessons.get(code, [])]
    return DeliveryFile(
        f"02_村级台账/{township}_{village.name}_留守儿童台账_{quarter_of(as_of)}.xlsx",
        [
            _sheet("village_ledger", village.name, opened, title=f"{township}{village.name}留守儿童信息台账"),
            _sheet("village_changes", village.name, moved),
            _sheet("village_exits", village.name, closed),
            _sheet("village_safety", village.name, taught),
        ],
        notes=LEDGER_NOTES,
        traditional=village.traditional,
    )


def _school_files(world: World) -> list[DeliveryFile]:
    term = term_of(world.as_of)
    pupils = [child for child in [*world.children, *world.classmates] if child.in_school]
    by_school = rows_by(lambda child: child.school.org_code, pupils)
    events = {
        form: rows_by(lambda event: event.child.school.org_code, world.events.get(form, []))
        for form in SCHOOL_FORMS
    }
    files = []
    for school in world.schools:
        rows = [as_the_school_heard(child, roster_row(child)) for child in by_school.get(school.org_code, [])]
        title = f"{school.name}{forms()['school_roster'].zh}"
        roster = _sheet("school_roster", school.name, rows, title=title)
        sheets = [
            _sheet(form, school.name, [event_row(form, e) for e in events[form].get(school.org_code, [])])
            for form in SCHOOL_FORMS
        ]
        book = f"03_学校/{school.name}_关爱工作表_{term}.xlsx"
        if school.csv_roster:
            path = f"03_学校/{school.name}_花名册_{term}.csv"
            files.append(DeliveryFile(path, [roster], "csv", "gb18030"))
            files.append(DeliveryFile(book, sheets))
        else:
            files.append(DeliveryFile(book, [roster, *sheets]))
    return files


def _visit_logs(world: World) -> list[DeliveryFile]:
    visits = sorted(world.visits, key=lambda visit: visit.due_on)
    by_township = rows_by(lambda visit: visit.child.household.village.township_code, visits)
    span = f"{world.starts_on:%Y%m}-{world.as_of:%Y%m}"
    files = []
    for code, township in profile()["townships"].items():
        name, sheets = township["name"], []
        by_month = rows_by(lambda visit: month_start(visit.due_on), by_township.get(code, []))
        for first in by_month or [month_start(world.as_of)]:
            month = f"{first.year}年{first.month}月"
            rows = [visit_row(visit) for visit in by_month.get(first, [])]
            title = f"{name}留守儿童走访记录（应访期限在{month}）"
            sheets.append(_sheet("visits", name, rows, month, title))
        files.append(DeliveryFile(f"04_乡镇走访/{name}_走访记录_{span}.xlsx", sheets))
    return files


def _civil_affairs(world: World) -> list[DeliveryFile]:
    sender = "区民政局"
    exports = {"relief_applications": "社会救助申请审批导出", "relief_payments": "社会救助资金发放导出"}
    return [
        *(
            DeliveryFile(f"05_民政/{name}.csv", [_events(world, form, sender)], "csv")
            for form, name in exports.items()
        ),
        DeliveryFile(
            "05_民政/生活照料与信息共享.xlsx",
            [_events(world, "living_care", sender), _table(world, "share_exchange", sender)],
        ),
        DeliveryFile("05_民政/问题反馈与强制报告台账.xlsx", [_events(world, "concerns", sender)]),
        DeliveryFile("05_民政/临时监护与复核.xlsx", [_events(world, form, sender) for form in FOLLOW_UP]),
    ]


def _screens(world: World) -> list[Sheet]:
    by_scale = rows_by(lambda screen: screen.scale, world.screens)
    names = {"SDQ": "SDQ", "MHT": "MHT", "PHQ": "PHQ-9"}
    return [
        _sheet(
            f"screen_{scale.lower()}",
            "区卫生健康局",
            [screen_row(screen) for screen in by_scale.get(scale, [])],
            name,
        )
        for scale, name in names.items()
    ]


def _other_departments(world: World) -> list[DeliveryFile]:
    police = [police_row(child) for child in world.children if child.in_police]
    known = _sheet("police_children", "公安临翔分局", police)
    health, housing, emergency = "区卫生健康局", "区住房城乡建设局", "区应急管理局"
    education, finance, civil, group = "区教育体育局", "区财政局", "区民政局", "监督小组"
    accidents = [_events(world, form, "公安临翔分局") for form in ("incidents", "police_cases")]
    dwellings = [
        _events(world, "dwelling_checks", housing),
        _table(world, "hazards", emergency),
        _table(world, "plans", emergency, 单位="unit"),
    ]
    schools = [_table(world, "school_provision", education), _events(world, "education_aid", education)]
    money = [_table(world, form, finance) for form in ("budgets", "expenditures")]
    gifts = [_table(world, form, civil) for form in ("donations", "donation_uses")]
    in_care = [_table(world, form, education, 学校="school") for form in SCHOOLS_IN_CARE]
    trained = _table(world, "trainings", education, 单位="school")
    held = [_table(world, "activities", civil, 开展单位="unit"), _events(world, "activity_attendance", civil)]
    legal = _events(world, "legal_aid", "区司法局")
    checks = [_table(world, "inspections", group, 被检单位="unit"), _table(world, "rectifications", group)]
    return [
        DeliveryFile(
            "06_卫健与心理/心理筛查与转介.xlsx", [*_screens(world), _events(world, "referrals", health)]
        ),
        DeliveryFile("07_公安/公安掌握儿童与事故登记.xlsx", [known, *accidents]),
        DeliveryFile("08_住建与应急/住房与隐患排查.xlsx", dwellings),
        DeliveryFile("09_教育/学校心理健康与资助.xlsx", schools),
        DeliveryFile("09_教育/转学与心理咨询.xlsx", [_events(world, form, education) for form in PLACED]),
        DeliveryFile("10_资金/预算执行与捐赠.xlsx", [*money, *gifts]),
        DeliveryFile("11_监督/检查与整改.xlsx", checks),
        DeliveryFile("12_关爱活动/活动与参加名单.xlsx", held),
        DeliveryFile("13_学校机制/机制培训与核查.xlsx", [*in_care, trained]),
        DeliveryFile("14_司法/法律援助登记.xlsx", [legal]),
    ]


def _checks_on_work(world: World) -> DeliveryFile:
    civil, group, finance = "区民政局", "监督小组", "区财政局"
    return DeliveryFile(
        "12_核验/电话核实抽核会议与项目.xlsx",
        [
            _events(world, "phone_checks", civil),
            _events(world, "revisits", group),
            _table(world, "meetings", civil),
            _table(world, "project_funds", finance),
        ],
    )


def reported_line(sheet: Sheet, as_of: date) -> str:
    """The row with the sender and the day on which the form was filled in."""
    return f"填报单位：{sheet.sender}    填报日期：{as_of.year}年{as_of.month}月{as_of.day}日    单位：人"
