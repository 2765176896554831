"""How surely unknown headings are read: renamed and foreign headings of every form, by threshold.

`python -m benchmarks.headings` prints, for every threshold, how many of the renamed headings were read, how many were
read as another column, and how many foreign headings were taken for a column of the form.  A wrong one is worse than
any number of questions: `least` in data_contracts/headings/likeness.toml is the lowest tenth with none.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from opencc import OpenCC
from pypinyin import lazy_pinyin

from data_contracts.contract import contracts
from data_contracts.forms import Form, FormColumn, forms
from data_contracts.headings.column_content import Cells, type_of
from data_contracts.headings.heading_words import heading, words
from data_contracts.headings.likeness import Candidate, rank, sure
from data_contracts.headings.likeness_words import core, settings
from data_contracts.vocabularies import vocabularies

SEED = 20261001
THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
FOREIGN = 40  # of about 250, for each column of each form; the decoys come all
COMMON = 0x9FA5 - 0x4E00
# Headings that look like one of ours and are another; none may be taken for anything.
DECOYS = (
    "父亲电话", "母亲电话", "祖父姓名", "爷爷姓名", "班主任姓名", "校长姓名", "曾用姓名", "家长姓名",
    "父母姓名", "教师身份证号", "户主身份证号", "父亲身份证号", "母亲身份证号", "拟走访日期", "拟访日期",
    "下次走访日期", "上次走访日期", "计划走访日期", "审核日期", "打印日期", "接案日期", "立案日期", "回访日期",
    "约访日期", "未访日期", "父亲出生日期", "母亲出生日期", "照护人出生日期", "入学日期", "毕业日期",
    "转学日期", "入户日期", "迁入日期", "签到日期", "父亲返家日期", "爷爷外出时间", "祖父状况", "祖母状况",
    "照护人性别", "走访人性别", "走访人电话", "审核人", "填表人", "预发金额", "扣发金额", "补发金额",
    "退回金额", "缓发日期", "停发日期", "单科得分", "家长签字", "村医姓名", "疫苗接种日期", "户籍地址",
    "原就读学校", "毕业学校", "拟转学校", "原年级", "上学期年级", "第二监护人姓名", "紧急联系人电话",
    "申诉日期", "复议日期", "驳回日期", "预约日期", "初筛日期", "复筛日期", "第一次筛查日期", "误报日期",
    "漏报日期", "应走访次数", "已走访次数", "是否见到家长", "是否见到老师", "不良嗜好", "父亲照护能力",
    "母亲不良记录", "未建档日期", "销档日期",
)  # fmt: skip


class Case(NamedTuple):
    """A sheet with one heading that is not known: where it stands, and which column it means (None: none)."""

    kind: str
    form: Form
    names: list[str]
    index: int
    meant: str | None
    cells: Cells


class Score(NamedTuple):
    """How many renamed headings there are, were read, were read wrongly; the same for foreign ones."""

    renamed: int
    right: int
    wrong: int
    foreign: int
    taken: int

    @property
    def precision(self) -> float:
        """Of all columns that were taken, those that were right."""
        taken = self.right + self.wrong + self.taken
        return self.right / taken if taken else 1.0


@cache
def _by_sound() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for offset in range(0, COMMON, 3):
        character = chr(0x4E00 + offset)
        found[lazy_pinyin(character)[0]].append(character)
    return dict(found)


def cells_for(column: FormColumn, chance: random.Random, n: int = 12) -> Cells:
    """Made-up cells of a column's type."""
    day = [
        f"20{chance.randint(18, 26)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
        for _ in range(n)
    ]
    number = [str(chance.randint(0, 20)) for _ in range(n)]
    sort = type_of(column)
    if sort == "code":
        table, _, name = column.target
        labels = [one.zh for one in vocabularies()[str(contracts()[table].column(name).vocabulary)].values]
        return [(chance.choice(labels), "t") for _ in range(n)]
    made = {
        "date": day, "time": [f"{one} 10:30" for one in day], "month": [one[:7] for one in day], "int": number,
        "money": [f"{chance.randint(100, 9000)}" for _ in range(n)], "bool": [chance.choice("是否") for _ in day],
        "idno": [f"539902{one.replace('-', '')}{chance.randint(100, 999)}1" for one in day],
        "phone": [f"1390000{chance.randint(1000, 9999)}" for _ in day],
        "name": [f"测{chr(0x4E00 + i)}" for i in range(n)],
        "term": [f"20{chance.randint(20, 26)}{chance.choice('春秋')}" for _ in day], "year": [one[:4] for one in day],
        "half_year": [f"{one[:4]}H1" for one in day], "quarter": [f"{one[:4]}Q2" for one in day],
    }  # fmt: skip
    return [(text, "t") for text in made.get(sort, [f"某处{i}" for i in range(n)])]


def renamed(name: str, chance: random.Random) -> Iterator[tuple[str, str]]:
    """(kind, heading) of what an office may write for a heading, in ways that no list holds."""
    yield "filling", f"{name}（必填）"
    yield "filling", f"请填写{name}"
    yield "filling", f"{name}信息"
    yield "traditional", OpenCC("s2t").convert(name) + "信息"
    yield "pinyin", f"{name} {' '.join(lazy_pinyin(name))} (必填)"
    for meant, others in settings().equal.items():
        for other in others:
            if meant in name:
                yield "equal", name.replace(meant, other)
            if other in name and name.replace(other, meant) != name:
                yield "equal", name.replace(other, meant)
    for middle in range(2, len(name) - 1):
        yield "order", name[middle:] + name[:middle]
    for place, character in enumerate(name):
        yield "shortened", name[:place] + name[place + 1 :]
        alike = _by_sound().get(lazy_pinyin(character)[0], [])
        if alike:
            yield "slip", name[:place] + chance.choice(alike) + name[place + 1 :]


def cases() -> Iterator[Case]:
    """Every heading of every form renamed, and every foreign heading in its place with content of its own."""
    chance = random.Random(SEED)
    everything = {c.heading: c for form in forms().values() for c in form.columns}
    for form in forms().values():
        names = [heading(column.heading) for column in form.columns]
        for index, column in enumerate(form.columns):
            if not column.writes:
                continue
            cells = cells_for(column, chance)
            for kind, name in renamed(names[index], chance):
                written = heading(name)
                if written and written not in words(form.id):
                    yield Case(
                        kind,
                        form,
                        [*names[:index], written, *names[index + 1 :]],
                        index,
                        column.heading,
                        cells,
                    )
            foreign = [one for one in everything if heading(one) not in words(form.id)]
            for other in (
                *chance.sample(foreign, FOREIGN),
                *(one for one in DECOYS if heading(one) not in words(form.id)),
            ):
                inside = cells_for(everything.get(other, column), chance)
                sheet = [*names[:index], heading(other), *names[index + 1 :]]
                yield Case("foreign", form, sheet, index, None, inside)


Ranked = dict[int, list[Candidate]]


def ranked(case: Case) -> Ranked:
    """What the unknown heading of a case may be."""
    known = words(case.form.id)
    found = {i: known[name] for i, name in enumerate(case.names) if i != case.index}
    return rank(case.form, case.names, [""] * len(case.names), found, {case.index: case.cells})


def is_the_same(said: str, meant: str) -> bool:
    """Whether a heading of another form says the same: 受理时间 and 受理日期."""
    return core(heading(said)) == core(heading(meant))


def measure(
    least: float, found: list[tuple[Case, Ranked]]
) -> tuple[Score, Counter[str], list[tuple[Case, str]]]:
    """The score at a threshold, what was read by kind, and each wrong one."""
    right, wrongs = Counter[str](), []
    n_wrong = n_taken = 0
    for case, candidates in found:
        one = sure(candidates, least).get(case.index)
        if one is None:
            continue
        taken = one.column.heading
        if case.meant is None:
            if not is_the_same(case.names[case.index], taken):
                n_taken += 1
                wrongs.append((case, taken))
        elif taken == case.meant:
            right[case.kind] += 1
        else:
            n_wrong += 1
            wrongs.append((case, taken))
    renamed_ones = sum(1 for case, _ in found if case.meant)
    score = Score(renamed_ones, right.total(), n_wrong, len(found) - renamed_ones, n_taken)
    return score, right, wrongs


def main() -> None:
    """Print the table, the kinds at the chosen threshold, and the wrong ones at the lowest."""
    found = [(case, ranked(case)) for case in cases()]
    totals = Counter(case.kind for case, _ in found)
    print("least  renamed  read   share  wrong  foreign  taken  precision")
    for least in THRESHOLDS:
        score, right, wrongs = measure(least, found)
        share = score.right / score.renamed
        print(f"{least:5.2f}  {score.renamed:7,}  {score.right:5,}  {share:5.1%}  {score.wrong:5}  "
              f"{score.foreign:7,}  {score.taken:5}  {score.precision:9.4%}")  # fmt: skip
        if least == settings().share("least"):
            kinds = {kind: f"{right[kind]}/{n}" for kind, n in totals.items() if kind != "foreign"}
            print("       ", kinds)
        for case, taken in wrongs[:12]:
            print(f"        {case.kind}: {case.form.id}, {case.names[case.index]} taken for {taken}")


if __name__ == "__main__":
    main()
