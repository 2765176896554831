"""Headings that no list foresees: read where words, content and place are certain, asked about where not."""

from __future__ import annotations

import random

import pytest
from opencc import OpenCC

from benchmarks.headings import DECOYS, cases, cells_for, measure, ranked
from data_contracts.forms import forms
from data_contracts.headings.headers import Match, match, nearest
from data_contracts.headings.heading_words import heading
from data_contracts.headings.likeness_words import alike, by_words, core, settings

VISITS = [column.heading for column in forms()["visits"].columns]
LEDGER = forms()["village_ledger"].columns
CHANCE = random.Random(7)


def sheet(form_id: str, headings: list[str], n: int = 6) -> tuple[list[list[str]], list[str]]:
    """A heading row and rows of fitting content below it, in the form's own order."""
    columns = forms()[form_id].columns
    cells = [[text for text, _ in cells_for(column, CHANCE, n)] for column in columns]
    rows = [headings, *[list(row) for row in zip(*cells, strict=True)]]
    return rows, ["t" * len(headings)] * len(rows)


def read(form_id: str, headings: list[str], title: str = "") -> Match | None:
    rows, kinds = sheet(form_id, headings)
    return match(rows, kinds, title)


def renamed(original: list[str], **changes: str) -> list[str]:
    return [changes.get(name, name) for name in original]


def taken(found: Match | None) -> dict[str, str]:
    assert found is not None
    return {one.name: one.heading for one in found.guessed}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("请填写走访的时间", "走访日期"),
        ("访问时间", "走访日期"),
        ("走訪時間（必填）", "走访日期"),
        ("走访的日期 zǒu fǎng de rì qī", "走访日期"),
        ("走访曰期", "走访日期"),
        ("日期（年月日）走访", "走访日期"),
        ("应访截止日", "应访截止日期"),
        ("孩子是否见到本人", "是否见到儿童本人"),
    ],
)
def test_a_heading_in_other_words_is_read_with_its_certainty(written: str, meant: str) -> None:
    found = read("visits", renamed(VISITS, **{meant: written}))
    assert taken(found) == {heading(written): meant}
    assert found is not None and found.guessed[0].certainty >= settings().share("least")
    assert found.missing == [] and found.unknown == []


# What must never be confused, whatever stands at its place and holds dates, numbers or names alike.
SWAPS = [
    ("visits", "走访日期", "应访时间"), ("visits", "应访截止日期", "走访的时间"),
    ("visits", "录入日期", "登记日期"), ("visits", "走访日期", "拟走访日期"),
    ("visits", "走访日期", "下次走访日期"), ("visits", "走访日期", "回访日期"),
    ("visits", "出生日期", "建档日期"), ("village_ledger", "建档日期", "出生日子"),
    ("village_ledger", "联系电话", "父亲电话"), ("village_ledger", "联系电话", "母亲电话"),
    ("village_ledger", "母亲姓名", "父亲名"), ("village_ledger", "父亲状况", "祖父状况"),
    ("village_ledger", "母亲外出时间", "爸爸外出日期"), ("village_ledger", "身份证号", "父亲身份证号"),
    ("village_ledger", "照护人身份证号", "班主任身份证号"), ("village_ledger", "建档日期", "销档日期"),
    ("village_ledger", "居住情况核实日期", "监护情况核实日期"), ("relief_payments", "应发金额", "实发款额"),
    ("relief_payments", "实发金额", "预发金额"), ("concerns", "受理日期", "审核日期"),
    ("concerns", "办结日期", "接案日期"), ("share_exchange", "应送日期", "实送时间"),
    ("hazards", "整改期限", "整改日期"), ("worker_list", "任职日期", "离任时间"),
    ("referrals", "机构接收日期", "首诊时间"), ("donations", "指定用途", "实际用途"),
    ("school_attendance", "请假天数", "旷课天"),
]  # fmt: skip


@pytest.mark.parametrize(("form_id", "lacking", "written"), SWAPS)
def test_headings_of_swapped_meaning_are_never_confused(form_id: str, lacking: str, written: str) -> None:
    names = [column.heading for column in forms()[form_id].columns]
    rows, kinds = sheet(form_id, renamed(names, **{lacking: written}))
    found = match(rows, kinds, forms()[form_id].titles[0])
    column = next(column for column in forms()[form_id].columns if column.heading == lacking)
    assert by_words(heading(written), "", column) == 0
    assert found is not None and lacking not in {column.heading for column in found.columns.values()}


def test_two_headings_that_claim_one_column_are_both_asked_about() -> None:
    names = renamed(VISITS, 走访日期="走访时间点", 录入日期="走访的日期")
    names[names.index("走访时间点")] = "走访具体日期"
    found = read("visits", names)
    assert found is not None and "走访日期" not in {column.heading for column in found.columns.values()}
    assert {name for _, name in found.unknown} == {"走访具体日期", "走访的日期"}


def test_content_that_does_not_fit_ends_a_likeness() -> None:
    rows, kinds = sheet("visits", renamed(VISITS, 走访日期="走访的时间"))
    place = VISITS.index("走访日期")
    for row in rows[1:]:
        row[place] = "下午三点左右"
    found = match(rows, kinds, "")
    assert found is not None and "走访日期" not in {column.heading for column in found.columns.values()}


def test_a_shortened_word_alone_is_a_question_and_content_and_place_answer_it() -> None:
    short, whole = "应访截止日", "应访截止日期"
    assert 0 < alike(short, whole) < settings().share("least")
    assert taken(read("visits", renamed(VISITS, **{whole: short}))) == {short: whole}
    rows, kinds = sheet("visits", renamed(VISITS, **{whole: short}))
    order = [place for place, name in enumerate(VISITS) if name != whole] + [VISITS.index(whole)]
    shuffled = [[row[place] for place in order] for row in rows]
    found = match(shuffled, kinds, "")
    assert found is not None and found.candidates[len(VISITS) - 1][0].column.heading == whole
    assert found.candidates[len(VISITS) - 1][0].certainty < settings().share("least")


def test_a_whole_unknown_sheet_is_read_where_its_headings_are_alike_in_number() -> None:
    names = ["序号", "所在村", "孩子的姓名", "公民身份证号码", "出生日子", "应访时间", "访问时间", "走访的方式",
             "是否见到孩子本人", "单独交谈", "走访人员", "走访情况记录信息", "录入的时间"]  # fmt: skip
    found = read("visits", names)
    assert found is not None and found.form.id == "visits" and len(found.columns) == 13
    traditional = read("visits", [OpenCC("s2t").convert(name) for name in names])
    assert traditional is not None and len(traditional.columns) == 13


def test_a_whole_unknown_sheet_that_could_be_two_forms_is_asked_about() -> None:
    phq = [column.heading for column in forms()["screen_phq"].columns][:9]
    names = [*(f"{name}信息" for name in phq), *[f"甲{n}" for n in range(5)]]
    rows, kinds = sheet("screen_phq", names)
    assert match(rows, kinds, "") is None
    near = nearest(rows, kinds)
    assert near is not None and near.match.form.id.startswith("screen_")


def test_the_level_above_says_whose_name_it_is() -> None:
    group = ["基本信息", "父亲情况", "", "母亲情况", "", "照护人情况"]
    low = ["户号", "姓名", "父亲状况", "姓名", "母亲状况", "姓名"]
    filler = [
        column.heading
        for column in LEDGER
        if column.heading not in {*low, "父亲姓名", "母亲姓名", "照护人姓名"}
    ]
    rows = [group + filler, low + [""] * len(filler)]
    rows += [["1", "甲乙", "外出务工", "丙丁", "外出务工", "戊己", *[""] * len(filler)] for _ in range(4)]
    found = match(rows, ["t" * len(rows[0])] * len(rows), "")
    assert found is not None
    assert "姓名" not in {column.heading for column in found.columns.values()}
    assert found.missing == ["姓名"]


def test_a_code_list_names_its_column_only_where_one_column_has_it_and_nobody_else_is_named() -> None:
    names = [column.heading for column in LEDGER]
    assert taken(read("village_ledger", renamed(names, 民族="族属", 就学状况="上不上学"))) == {
        "上不上学": "就学状况"
    }
    assert taken(read("village_ledger", renamed(names, 母亲状况="近况"))) == {}
    donations = [column.heading for column in forms()["donations"].columns]
    assert taken(read("donations", renamed(donations, 指定用途="计划用途"))) == {}
    assert taken(read("village_ledger", renamed(names, 性别="照护人性别"))) == {}


def test_words_of_a_heading_are_set_right_before_they_are_compared() -> None:
    assert core(heading("＊請填寫 出生年月日（必填）")) == core("出生日期")
    assert heading("出生日期 chu sheng ri qi") == "出生日期"
    assert heading("PHQ总分") == "PHQ总分"


def test_renamed_headings_are_read_rightly_and_foreign_ones_never() -> None:
    everything = list(cases())
    chosen = [
        case
        for case in everything
        if case.kind == "foreign" and case.names[case.index] in map(heading, DECOYS)
    ]
    sample = random.Random(3).sample(everything, 1200) + random.Random(4).sample(chosen, 600)
    score, right, wrong = measure(settings().share("least"), [(case, ranked(case)) for case in sample])
    assert [(case.names[case.index], said) for case, said in wrong] == []
    assert score.precision == 1 and score.foreign > 1000
    assert {"filling", "traditional", "pinyin", "equal", "order", "shortened", "slip"} <= set(right)
