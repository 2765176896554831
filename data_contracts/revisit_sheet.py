"""The sheet that the supervisory group takes along: the drawn visits in the form `revisits`, answers left blank.

Filled in, it is taken in like any other ledger; the day of the draw and both numbers of the draw stand in every row,
so that the chance with which a visit was drawn is on record with its outcome.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import xlsxwriter

from data_contracts.forms import forms
from data_contracts.sampling import Sample, SampledVisit
from data_contracts.template import FIXED_TIME, INSTRUCTIONS, WORKBOOK_OPTIONS, write_headings
from data_contracts.vocabularies import vocabularies

FORM = "revisits"
SENDER_LINE = "填报单位：            填报日期：            "
SEED_WORDS = {
    "zh": "抽样种子：{seed}。每条走访被抽中的机会为 {drawn}/{frame}。",
    "en": "Seed of the draw: {seed}. Each visit was drawn with the chance {drawn}/{frame}.",
}


class Who(NamedTuple):
    """How the sheet names a child; every part may be missing."""

    village: str | None
    name: str | None
    id_no: str | None
    birth_date: dt.date | None


def sheet_rows(
    sample: Sample, people: Sequence[Who], quarter: str, drawn_on: dt.date
) -> list[dict[str, object]]:
    """The rows by heading, one for each drawn visit, in the order of the sample; `people` stand in that order."""
    modes = vocabularies()["visit_mode"]
    rows: list[dict[str, object]] = []
    for number, (visit, who) in enumerate(zip(sample.visits, people, strict=True), 1):
        rows.append(
            {
                "序号": number,
                "村（社区）": who.village,
                "姓名": who.name,
                "身份证号": who.id_no,
                "出生日期": who.birth_date,
                "抽核季度": quarter,
                "被抽走访的应访截止日期": visit.due_on,
                "记录的走访日期": visit.visited_on,
                "记录的走访方式": modes.label(visit.mode, "zh"),
                "抽样日期": drawn_on,
                "抽取数": len(sample.visits),
                "抽样总数": sample.n_frame,
            }
        )
    return rows


def write_sheet(
    sample: Sample, people: Sequence[Who], quarter: str, drawn_on: dt.date, out: Path, lang: str = "zh"
) -> Path:
    """Write the workbook and return its path; the notes name the seed, by which the draw can be repeated."""
    form = forms()[FORM]
    workbook = xlsxwriter.Workbook(str(out), WORKBOOK_OPTIONS)
    workbook.set_properties({"title": form.zh, "created": FIXED_TIME})
    page = workbook.add_worksheet(form.titles[0])
    line = write_headings(workbook, page, form, f"{form.zh}（{quarter}）", SENDER_LINE)
    for row in sheet_rows(sample, people, quarter, drawn_on):
        for place, column in enumerate(form.columns):
            value = row.get(column.heading)
            if isinstance(value, int):
                page.write_number(line, place, value)
            elif value is not None:
                page.write_string(line, place, str(value))
        line += 1
    for place, column in enumerate(form.columns):
        page.set_column(place, place, max(10, 2 * len(column.heading) + 2))
    notes = workbook.add_worksheet(INSTRUCTIONS[lang])
    words = SEED_WORDS[lang].format(seed=sample.seed, drawn=len(sample.visits), frame=sample.n_frame)
    notes.write_string(0, 0, words)
    workbook.close()
    return out


def frame_of(rows: Sequence[Sequence[object]]) -> list[SampledVisit]:
    """Visits (child, due day, day, mode) as a frame to draw from."""
    return [SampledVisit(*row) for row in rows]  # type: ignore[arg-type]
