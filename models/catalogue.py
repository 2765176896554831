"""The table `indicator` of a build: the heads of its measures, row by row."""

from __future__ import annotations

from collections.abc import Sequence

from models.measure import Indicator


def catalogue_rows(chosen: Sequence[Indicator]) -> list[tuple[object, ...]]:
    """Rows of the table `indicator`, in `CATALOGUE`'s columns."""
    return [
        (
            one.code,
            one.chapter,
            one.head.title.zh,
            one.head.title.en,
            one.head.question.zh,
            one.head.question.en,
            one.head.counted.zh,
            one.head.counted.en,
            one.head.out_of.zh,
            one.head.out_of.en,
            one.head.unknown.zh,
            one.head.unknown.en,
            one.head.clause,
            one.head.owner.zh,
            one.head.owner.en,
            one.head.period,
            one.head.unit,
            one.head.better,
            one.head.disclosure,
            ",".join(one.head.partner),
            ",".join(one.head.parameters),
            one.head.author,
            one.head.reviewed_on,
        )
        for one in chosen
    ]


_CATALOGUE_NAMES = """
code chapter title_zh title_en question_zh question_en counted_zh counted_en out_of_zh out_of_en
unknown_zh unknown_en clause owner owner_en period_kind unit better disclosure partner parameters
author reviewed_on
"""
CATALOGUE = {name: "DATE" if name == "reviewed_on" else "VARCHAR" for name in _CATALOGUE_NAMES.split()}
