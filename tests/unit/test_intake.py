"""Ledgers come in: every row is accepted, quarantined or left out with a reason, and the rest goes on."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
import xlsxwriter

from data_contracts.intake import FileOutcome
from data_contracts.messages import as_json, text_of
from registry import deliveries
from tests.sheets import KEY, Registry, area_book, write_book

SHARED = Path(__file__).resolve().parents[3] / "shared" / "ledgers"
CHILD = {
    "姓名": "王梓", "性别": "女", "出生日期": "2021-03-05", "身份证号": "539902202103054722", "现居住情况": "本村",
    "父亲状况": "外出务工", "父亲外出时间": "2022-12-10", "母亲状况": "外出务工", "母亲外出时间": "2024-12-04",
    "照护人身份证号": "53359119431029348X", "建档日期": "2024-12-11", "居住方式": "与照护人同住", "履职情况": "正常",
}  # fmt: skip
VISIT = {"村（社区）": "橄榄村", "姓名": "王梓", "身份证号": "539902202103054722", "出生日期": "2021-03-05"}


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    found = Registry(tmp_path)
    found.take_in(area_book(tmp_path))
    return found


def one(outcomes: list[FileOutcome]) -> FileOutcome:
    assert len(outcomes) == 1
    return outcomes[0]


def codes(outcome: FileOutcome) -> list[tuple[str, int | None, str | None, str]]:
    """(severity, row, heading, code or check) of everything that was said, apart from information."""
    return [
        (m.severity, m.row, m.heading, m.check if m.code == "check_failed" else m.code)
        for m in outcome.messages
        if m.severity != "info"
    ]


def adds_up(outcome: FileOutcome) -> bool:
    d = outcome.delivery
    return d.rows_read == d.rows_accepted + d.rows_quarantined + d.rows_ignored


def test_a_village_ledger_becomes_the_rows_of_its_tables(registry: Registry, tmp_path: Path) -> None:
    outcome = one(registry.take_in(write_book(tmp_path / "村.xlsx", ("village_ledger", [CHILD]))))
    assert (outcome.delivery.status, outcome.delivery.rows_accepted) == ("accepted", 1)
    assert adds_up(outcome)
    assert outcome.delivery.ignored_why == "heading=2,title=2,total=1"
    assert registry.rows("SELECT source, birth_date, village_code FROM child") == [
        ("village", dt.date(2021, 3, 5), "530902001901")
    ]
    assert registry.rows("SELECT parent, since FROM parent_migration ORDER BY parent") == [
        ("father", dt.date(2022, 12, 10)),
        ("mother", dt.date(2024, 12, 4)),
    ]


def test_no_name_or_number_stands_readable_in_the_registry(registry: Registry, tmp_path: Path) -> None:
    registry.take_in(write_book(tmp_path / "村.xlsx", ("village_ledger", [CHILD])))
    registry.connection.close()
    for file in registry.settings.store.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert "王梓".encode() not in content and b"539902202103054722" not in content, file.name


def test_the_same_file_twice_changes_nothing(registry: Registry, tmp_path: Path) -> None:
    book = write_book(tmp_path / "村.xlsx", ("village_ledger", [CHILD]))
    registry.take_in(book)
    before = registry.rows("SELECT count(*) FROM child")
    again = one(registry.take_in(shutil.copy(book, tmp_path / "另一个名字.xlsx")))
    assert again.already_known
    assert registry.rows("SELECT count(*) FROM child") == before


def test_the_original_bytes_are_kept_and_can_be_had_back(registry: Registry, tmp_path: Path) -> None:
    book = write_book(tmp_path / "村.xlsx", ("village_ledger", [CHILD]))
    outcome = one(registry.take_in(book))
    kept = deliveries.original(registry.settings.originals, outcome.delivery.sha256, KEY)
    assert kept == book.read_bytes()


def test_a_number_that_a_spreadsheet_spoilt_is_named_and_the_child_stays(
    registry: Registry, tmp_path: Path
) -> None:
    spoilt = {**CHILD, "身份证号": 5.39902202103054722e17}
    outcome = one(registry.take_in(write_book(tmp_path / "村.xlsx", ("village_ledger", [spoilt]))))
    assert codes(outcome) == [("warning", 5, "身份证号", "id_digits_lost")]
    assert outcome.delivery.rows_accepted == 1


def test_unreadable_is_not_blank(registry: Registry, tmp_path: Path) -> None:
    rows = [
        {**VISIT, "应访截止日期": "2026-02-28", "走访日期": "2026-02-30", "走访方式": "入户"},
        {**VISIT, "应访截止日期": "2026-03-31", "走访日期": ""},
    ]
    outcome = one(registry.take_in(write_book(tmp_path / "访.xlsx", ("visits", rows), sender="凤翔街道")))
    assert codes(outcome) == [("warning", 4, "走访日期", "no_such_day")]
    assert registry.rows("SELECT due_on, visited_on, _invalid FROM visit ORDER BY due_on") == [
        (dt.date(2026, 2, 28), None, ",visited_on,"),
        (dt.date(2026, 3, 31), None, ""),
    ]


def test_a_visit_typed_in_before_it_happened_keeps_the_visit_and_loses_the_typing_date(
    registry: Registry, tmp_path: Path
) -> None:
    rows = [{**VISIT, "应访截止日期": "2026-06-02", "走访日期": "2026-06-11", "录入日期": "2026-06-02"}]
    outcome = one(registry.take_in(write_book(tmp_path / "访.xlsx", ("visits", rows), sender="凤翔街道")))
    assert codes(outcome) == [("warning", 4, "录入日期", "recorded_before_visit")]
    assert registry.rows("SELECT visited_on, recorded_on, _invalid FROM visit") == [
        (dt.date(2026, 6, 11), None, ",recorded_on,")
    ]


def test_a_total_outside_the_scale_is_rejected_unless_a_crisis_would_go_with_it(
    registry: Registry, tmp_path: Path
) -> None:
    screen = {**VISIT, "筛查日期": "2026-09-11", "总分": 31, "危机项阳性": "否"}
    crisis = {**screen, "筛查日期": "2026-09-12", "危机项阳性": "是", "危机项发现时间": "2026-09-12 10:00"}
    outcome = one(
        registry.take_in(write_book(tmp_path / "卫.xlsx", ("screen_phq", [screen, crisis]), sender="卫健局"))
    )
    assert codes(outcome) == [
        ("error", 4, "总分", "total_out_of_range"),
        ("warning", 5, "总分", "total_out_of_range"),
    ]
    assert (outcome.delivery.rows_accepted, outcome.delivery.rows_quarantined) == (1, 1)
    assert registry.rows("SELECT total, crisis_flag FROM psych_screen") == [(None, True)]


def test_a_row_without_person_is_quarantined_with_its_place_and_its_cells_are_kept(
    registry: Registry, tmp_path: Path
) -> None:
    nobody = {"村（社区）": "橄榄村", "姓名": "王梓", "应访截止日期": "2026-03-31"}
    outcome = one(registry.take_in(write_book(tmp_path / "访.xlsx", ("visits", [nobody]), sender="凤翔街道")))
    assert codes(outcome) == [("error", 4, "姓名", "person_unidentified")]
    sheet, row, cells = registry.rows('SELECT sheet, "row", cells FROM quarantine')[0]
    assert (sheet, row) == ("走访", 4)
    assert "2026-03-31" in (KEY.open(cells) or "")
    assert adds_up(outcome)


def test_a_row_said_twice_counts_once_and_a_contradiction_waits_for_its_sender(
    registry: Registry, tmp_path: Path
) -> None:
    rows = [CHILD, {**CHILD, "姓名": "王　梓"}, {**CHILD, "履职情况": "未履行"}]
    outcome = one(registry.take_in(write_book(tmp_path / "村.xlsx", ("village_ledger", rows))))
    assert codes(outcome) == [("warning", 6, "姓名", "repeated_row"), ("error", 7, "姓名", "contradicts_row")]
    d = outcome.delivery
    assert (d.rows_accepted, d.rows_quarantined, d.rows_ignored) == (1, 1, 2 + 2 + 1 + 1)


def test_birth_date_and_sex_follow_a_number_whose_check_digit_holds(
    registry: Registry, tmp_path: Path
) -> None:
    swapped = {**CHILD, "出生日期": "2021-05-03", "性别": "男"}
    outcome = one(registry.take_in(write_book(tmp_path / "村.xlsx", ("village_ledger", [swapped]))))
    assert codes(outcome) == [
        ("warning", 5, "出生日期", "birth_date_differs_from_id"),
        ("warning", 5, "性别", "sex_differs_from_id"),
    ]
    assert registry.rows("SELECT birth_date, sex FROM child") == [(dt.date(2021, 3, 5), "female")]


def test_two_villages_of_one_name_are_told_apart_by_the_title_and_else_asked_about(
    registry: Registry, tmp_path: Path
) -> None:
    registry.take_in(write_book(tmp_path / "博.xlsx", ("village_ledger", [CHILD]), sender="博尚镇响泉村"))
    assert registry.rows("SELECT village_code FROM child") == [("530902102901",)]
    unclear = one(
        registry.take_in(write_book(tmp_path / "谁.xlsx", ("village_ledger", [CHILD]), sender="响泉村"))
    )
    assert codes(unclear) == [("error", 5, "姓名", "sender_unknown")]


def test_traditional_headings_with_pinyin_are_the_same_headings(registry: Registry, tmp_path: Path) -> None:
    headings = [
        "序號",
        "姓名(xìng míng)",
        "身份證號",
        "出生日期(chū shēng rì qī)",
        "變更事項",
        "變更發生日期",
        "錄入日期",
    ]
    with xlsxwriter.Workbook(tmp_path / "繁.xlsx") as book:
        page = book.add_worksheet("变更登记")
        page.write_string(0, 0, "填报單位：鳳翔街道響泉村    填报日期：2026年9月30日")
        page.write_row(1, 0, headings)
        page.write_row(
            2, 0, [1, "王梓", "539902202103054722", "2021/03/05", "聯繫電話變更", "2026/08/09", "2026/09/19"]
        )
    outcome = one(registry.take_in(tmp_path / "繁.xlsx"))
    assert (outcome.delivery.rows_accepted, outcome.delivery.forms) == (1, "village_changes")
    assert registry.rows("SELECT item FROM data_change") == [("phone",)]


def test_a_heading_that_is_not_known_is_read_by_content_only_where_the_content_is_certain(
    registry: Registry, tmp_path: Path
) -> None:
    def book(name: str, grades: list[str]) -> FileOutcome:
        with xlsxwriter.Workbook(tmp_path / name) as made:
            page = made.add_worksheet("住房排查")
            page.write_string(0, 0, "填报单位：住建局    填报日期：2026年9月30日")
            page.write_row(1, 0, ["序号", "户主姓名", "照护人身份证号", "村（社区）", "姓名", "身份证号", "出生日期",
                                  "排查日期", "年级", "处置措施", "完成日期"])  # fmt: skip
            for i, grade in enumerate(grades):
                page.write_row(2 + i, 0, [i + 1, "甲", "", "橄榄村", f"王梓{'甲乙丙丁'[i]}", "", "2021-03-05",
                                          "2026-08-16", grade, "", ""])  # fmt: skip
        return one(registry.take_in(tmp_path / name))

    sure = book("sure.xlsx", ["A", "B", "Ａ级", "C"])
    assert [m.code for m in sure.messages] == ["heading_by_content"]
    assert registry.rows("SELECT grade FROM dwelling_check ORDER BY 1") == [("A",), ("A",), ("B",), ("C",)]
    unsure = book("unsure.xlsx", ["A", "三", "好", "C"])
    assert unsure.delivery.rows_accepted == 0
    assert unsure.messages[0].code == "missing_heading" and "等级" in (unsure.messages[0].expected or "")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("empty.xlsx", b"", "unreadable"), ("cut.xlsx", b"PK\x03\x04cut off", "unreadable")],
)
def test_a_file_that_cannot_be_read_is_said_in_words_and_the_rest_goes_on(
    registry: Registry, tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    (tmp_path / name).write_bytes(content)
    good = write_book(tmp_path / "村.xlsx", ("village_ledger", [CHILD]))
    outcomes = {outcome.file: outcome for outcome in registry.take_in(tmp_path / name, good)}
    bad = outcomes[name]
    assert (bad.delivery.status, bad.messages[0].code) == ("rejected", code)
    assert outcomes["村.xlsx"].delivery.status == "accepted"
    for lang, word in (("zh", "无法读取"), ("en", "cannot be read")):
        assert word in text_of(bad.messages[0], bad.file, lang)


def test_an_unknown_form_is_answered_with_the_nearest_known_one(registry: Registry, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "谜.xlsx") as book:
        page = book.add_worksheet("某表")
        page.write_row(0, 0, ["姓名", "身份证号", "身高", "体重", "鞋码"])
        page.write_row(1, 0, ["王梓", "539902202103054722", 110, 18, 28])
    outcome = one(registry.take_in(tmp_path / "谜.xlsx"))
    assert (outcome.delivery.status, outcome.delivery.rows_quarantined) == ("rejected", 2)
    assert outcome.messages[0].code == "unknown_form"
    assert adds_up(outcome)


def test_a_village_workbook_without_its_ledger_and_an_empty_one_are_said(
    registry: Registry, tmp_path: Path
) -> None:
    change = {**VISIT, "变更事项": "年级变化", "变更发生日期": "2026-09-01", "录入日期": "2026-09-03"}
    lacking = one(registry.take_in(write_book(tmp_path / "缺.xlsx", ("village_changes", [change]))))
    assert ("error", None, None, "missing_sheet") in codes(lacking)
    empty = one(registry.take_in(write_book(tmp_path / "空.xlsx", ("village_ledger", []))))
    assert ("error", None, None, "empty_ledger") in codes(empty)


def test_a_message_names_file_sheet_row_column_expected_and_found_and_no_person(
    registry: Registry, tmp_path: Path
) -> None:
    odd = {**CHILD, "履职情况": "一般般", "身份证号": "539902202103054723"}
    outcome = one(registry.take_in(write_book(tmp_path / "村.xlsx", ("village_ledger", [odd]))))
    said = [as_json(m, outcome.file, "zh") for m in outcome.messages]
    duty = next(m for m in said if m["heading"] == "履职情况")
    assert (duty["sheet"], duty["row"], duty["column"], duty["found"]) == ("台账", 5, "AA", "一般般")
    assert duty["expected"] == "正常、未履行"
    assert all(part in duty["text"] for part in ("村.xlsx", "台账", "第5行", "AA", "一般般"))
    assert not any("王梓" in str(m) or "5399022021" in str(m) for m in said)


def test_what_comes_later_supersedes_and_an_older_export_that_comes_late_does_not(
    registry: Registry, tmp_path: Path
) -> None:
    from data_contracts.known import make_known_tables
    from registry import store

    newer = write_book(tmp_path / "q3.xlsx", ("village_ledger", [{**CHILD, "履职情况": "未履行"}]))
    older = write_book(tmp_path / "q2.xlsx", ("village_ledger", [CHILD]), reported="2026年6月30日")
    registry.take_in(newer)
    registry.take_in(older)
    registry.connection.close()

    def duty(known_on: dt.date) -> list[tuple[object, ...]]:
        connection = store.memory()
        store.run(connection, f"ATTACH '{registry.settings.registry_path}' AS registry (READ_ONLY)")
        make_known_tables(connection, "registry", known_on)
        return store.run(connection, "SELECT duty FROM relation WHERE role = 'carer'")

    assert duty(dt.date(2026, 10, 5)) == [("not_performed",)]


def test_a_registry_from_before_a_contract_can_still_be_read(registry: Registry, tmp_path: Path) -> None:
    from data_contracts.known import make_known_tables
    from registry import store

    registry.take_in(write_book(tmp_path / "q3.xlsx", ("village_ledger", [CHILD])))
    store.run(registry.connection, "DROP TABLE contact_log")
    registry.connection.close()
    connection = store.memory()
    store.run(connection, f"ATTACH '{registry.settings.registry_path}' AS registry (READ_ONLY)")
    counts = make_known_tables(connection, "registry", dt.date(2026, 10, 5))
    assert (counts["contact_log"], counts["child"]) == (0, 1)
    assert store.run(connection, "SELECT child_id, contacted_on, record FROM contact_log") == []


def test_a_row_without_number_joins_its_child_only_where_one_child_fits(
    registry: Registry, tmp_path: Path
) -> None:
    from data_contracts.known import make_known_tables
    from registry import store

    ledger = [{**CHILD}, {**CHILD, "姓名": "何梓凤", "出生日期": "2011-08-26", "身份证号": "539902201108262104"},
              {**CHILD, "姓名": "何梓凤", "出生日期": "2011-08-26", "身份证号": "539902201108267044"}]  # fmt: skip
    village = "响泉村委会"
    visits = [
        {
            "村（社区）": "凤翔街道" + village[:3],
            "姓名": "王梓",
            "出生日期": "2021-03-05",
            "应访截止日期": "2026-03-31",
        },
        {
            "村（社区）": "凤翔街道" + village[:3],
            "姓名": "何梓凤",
            "出生日期": "2011-08-26",
            "应访截止日期": "2026-04-30",
        },
    ]
    registry.take_in(write_book(tmp_path / "村.xlsx", ("village_ledger", ledger)))
    registry.take_in(write_book(tmp_path / "访.xlsx", ("visits", visits), sender="凤翔街道"))
    registry.connection.close()
    connection = store.memory()
    store.run(connection, f"ATTACH '{registry.settings.registry_path}' AS registry (READ_ONLY)")
    make_known_tables(connection, "registry", dt.date(2026, 10, 5))
    on_list = {row[0] for row in store.run(connection, "SELECT child_id FROM child")}
    assert len(on_list) == 3
    visited = store.run(connection, "SELECT due_on, child_id FROM visit ORDER BY due_on")
    assert [child in on_list for _, child in visited] == [True, False]  # twins of one name: a person decides
    pairs = store.run(connection, "SELECT count(*) FROM identity_pair WHERE id_no_evidence = 'unknown'")
    assert pairs == [(0,)], "names are sealed: without the key no likeness is found"
    make_known_tables(connection, "registry", dt.date(2026, 10, 5), KEY)
    pairs = store.run(
        connection,
        "SELECT id_no_evidence, count(*) FROM identity_pair WHERE name_evidence = 'same' GROUP BY ALL ORDER BY ALL",
    )
    assert pairs == [("differ_valid", 1), ("unknown", 2)]  # both twins, and the visit with either of them


@pytest.mark.skipif(not SHARED.exists(), reason="the sample ledgers are not beside this checkout")
def test_every_row_of_the_sample_ledgers_is_accounted_for(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    outcomes = registry.take_in(SHARED, received_on=dt.date(2026, 10, 10))
    assert len(outcomes) == sum(1 for path in SHARED.rglob("*") if path.is_file())
    assert all(adds_up(outcome) for outcome in outcomes)
    unread = [o.file for o in outcomes if o.delivery.rows_accepted == 0]
    assert sorted(name.rsplit("/")[-1] for name in unread) == [
        "README.md",
        "凤翔街道_竹箐新村_留守儿童台账_2026年3季度.xlsx",
    ]
    assert registry.rows("SELECT count(DISTINCT child_ref) > 400 FROM child WHERE source = 'village'") == [
        (True,)
    ]


def test_a_past_table_is_read_with_todays_codes_and_yesterdays_knowledge(
    registry: Registry, tmp_path: Path
) -> None:
    from data_contracts.known import make_known_tables
    from registry import store

    visits = [
        {
            **VISIT,
            "应访截止日期": "2026-03-31",
            "走访日期": "2026-03-30",
            "走访方式": "入户",
            "录入日期": "2026-03-31",
        },
        {
            **VISIT,
            "应访截止日期": "2026-05-31",
            "走访日期": "2026-05-30",
            "走访方式": "入户",
            "录入日期": "2026-08-01",
        },
    ]
    registry.take_in(write_book(tmp_path / "访.xlsx", ("visits", visits), sender="凤翔街道"))
    registry.connection.close()
    connection = store.memory()
    store.run(connection, f"ATTACH '{registry.settings.registry_path}' AS registry (READ_ONLY)")
    counts = make_known_tables(connection, "registry", dt.date(2026, 6, 30))
    assert counts["area"] == 6
    assert store.run(connection, "SELECT due_on FROM visit") == [(dt.date(2026, 3, 31),)]


def test_an_export_without_a_day_was_filled_in_when_its_companions_were(
    registry: Registry, tmp_path: Path
) -> None:
    folder = tmp_path / "together"
    folder.mkdir()
    write_book(folder / "村.xlsx", ("village_ledger", [CHILD]))
    (folder / "响泉小学.csv").write_text(
        "序号,姓名,性别,出生日期,身份证号,年级,家庭住址（村）,是否寄宿,父亲状况,母亲状况,是否留守儿童,登记日期\n"
        "1,王梓,女,2021-03-05,539902202103054722,一年级,橄榄村,是,外出务工,外出务工,是,\n",
        "utf-8",
    )
    registry.take_in(folder, received_on=dt.date(2026, 11, 24))
    assert registry.rows("SELECT _reported_on, _known_on FROM schooling WHERE source = 'school'") == [
        (dt.date(2026, 11, 24), dt.date(2026, 9, 30))
    ]


def test_a_school_that_no_list_knows_is_said_where_it_is_named(registry: Registry, tmp_path: Path) -> None:
    row = {"就读学校": "云上小学", "学期": "2026秋", "计划课时": 10, "实开课时": 8}
    outcome = one(
        registry.take_in(write_book(tmp_path / "教.xlsx", ("school_provision", [row]), sender="教育局"))
    )
    assert codes(outcome) == [("error", 4, "就读学校", "not_derived")]
    assert "school code" in text_of(outcome.messages[0], outcome.file, "en")
    assert outcome.delivery.rows_quarantined == 1


def test_an_identity_number_in_the_wrong_column_is_not_repeated(registry: Registry, tmp_path: Path) -> None:
    odd = {**CHILD, "履职情况": "539902202103054722"}
    outcome = one(registry.take_in(write_book(tmp_path / "村.xlsx", ("village_ledger", [odd]))))
    assert codes(outcome) == [("warning", 5, "履职情况", "not_in_code_list")]
    assert "5399022021" not in text_of(outcome.messages[0], outcome.file, "zh") + str(outcome.messages[0])
