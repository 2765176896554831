"""What an indicator is: one `.sql` file with a head and a relation of cases.

A case is one subject (child, visit, household, hazard …) in one period with an outcome: yes, no or unknown.
The query names `series` (only where the head does), `period`, `area`, `subject`, `outcome`, `record` and,
where it applies, `days` or `amount`.  Every subject of the numerator is a case of the denominator by
construction.  What belongs to a child (a visit, a referral) has the subject `<child_id>@<what>`.
"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.parameters import parameters
from models.sql import FenceError, Query, columns_used, parse, split_head

FOLDER = Path(__file__).parent / "indicators"
CHAPTERS = (
    "coverage",
    "relief",
    "education",
    "mind",
    "safety",
    "information",
    "funds",
    "supervision",
)
REQUIRED = ("period", "area", "subject", "outcome", "record")
OPTIONAL = {"series": "''", "days": "NULL", "amount": "NULL"}

Kind = Literal[
    "share",
    "count",
    "duration",
    "rate",
    "total",
    "median",
    "p90",
    "longest",
    "per_thousand",
    "per_head",
    "growth",
]
Unit = Literal["share", "count", "money", "days", "rate", "growth"]
UNIT_OF_KIND: dict[str, Unit] = {
    "share": "share",
    "count": "count",
    "duration": "days",
    "rate": "rate",
    "total": "count",
    "median": "count",
    "p90": "count",
    "longest": "days",
    "per_thousand": "rate",
    "per_head": "money",
    "growth": "growth",
}
Weight = Literal["cases", "days", "amount", "cells"]
# The column that a kind is computed from, where it is not from the cases alone; for `per_head` the days on which
# a child was counted.
MEASURED = {
    "duration": "days",
    "rate": "days",
    "per_head": "days",
    "longest": "days",
    "median": "amount",
    "p90": "amount",
}
# Kinds whose yes and no are two piles (events and exposure, this year and last), not two parts of one whole.
TWO_PILES = ("rate", "per_thousand", "per_head", "growth")
PeriodKind = Literal[
    "month", "quarter", "half_year", "year", "term", "school_year", "snapshot", "twelve_months"
]
Code = Annotated[str, Field(pattern=r"^[A-Z]\d{1,2}$")]


class HeadError(ValueError):
    """A head or a query that breaks the rules of an indicator: names the file, what was expected."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Strict):
    """The same words in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Series(_Strict):
    """One part of a measure that has several; `kind` and `weight` where they differ from the measure's.

    An `optional` part is shown only where it has cases.
    """

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    kind: Kind | None = None
    weight: Weight | None = None
    optional: bool = False


class Head(_Strict):
    """The head of an indicator file.

    `kind`: a share of yes in yes and no; a count of yes; a duration's median; a `rate` of yes per thousand
    child-years of no; `per_thousand` yes among the no; `per_head`, the yuan of yes over the mean number of
    children in no; `growth`, from the yuan of no to those of yes.

    `excluded` says what is left out of both.

    `weight` says what a share or total adds up: cases, `days`, `amount` (yuan) or cells (in `amount`).  A
    `median` and a `p90` are taken of `amount`, `longest` of `days`, still-open ones included.  `needs` names
    the tables without which there is nothing to say: with one of them empty no figure is made, not even a
    zero.  `open_series` allows series beyond those named (their name is then their label).
    """

    code: Code
    title: Words
    question: Words
    counted: Words
    out_of: Words
    excluded: Words
    unknown: Words
    clause: str
    owner: Words
    period: PeriodKind
    kind: Kind
    weight: Weight = "cases"
    unit: Unit
    better: Literal["higher", "lower", "none"]
    disclosure: Literal["work", "status"]
    subject: str
    needs: tuple[str, ...] = Field(min_length=1)
    parameters: tuple[str, ...] = ()
    partner: tuple[Code, ...] = ()
    series: dict[str, Series] = {}
    open_series: bool = False
    author: str
    reviewed_on: date


class Indicator(NamedTuple):
    """An indicator: its chapter, head and fenced query."""

    chapter: str
    head: Head
    query: Query

    @property
    def code(self) -> str:
        """Its code in the catalogue, such as C12."""
        return self.head.code

    def kind_of(self, series: str) -> Kind:
        """What kind of number a series is."""
        named = self.head.series.get(series)
        return named.kind if named and named.kind else self.head.kind

    def unit_of(self, series: str) -> Unit:
        """The unit of a series, which may be another than the measure's: a median beside a share."""
        return UNIT_OF_KIND[self.kind_of(series)]

    def weight_of(self, series: str) -> Weight:
        """What a series adds up; a part of another kind than the measure's adds up cases unless it says so."""
        named = self.head.series.get(series)
        if named and named.weight:
            return named.weight
        return "cases" if self.kind_of(series) == "count" else self.head.weight

    def series_names(self) -> tuple[str, ...]:
        """Series that are always shown; a measure with a single one has the empty name."""
        if not self.head.series:
            return ("",)
        return tuple(name for name, series in self.head.series.items() if not series.optional)


def _check(indicator: Indicator, file: str) -> None:
    head, query = indicator.head, indicator.query
    used = columns_used(query) & set(parameters())
    if used != set(head.parameters):
        raise HeadError(
            f"{file}: expected parameters {sorted(used)} as the query uses, found {sorted(head.parameters)}"
        )
    names = query.tree.named_selects
    missing = [name for name in REQUIRED if name not in names]
    extra = [name for name in names if name not in REQUIRED and name not in OPTIONAL]
    if missing or extra:
        raise HeadError(f"{file}: the query lacks the columns {missing} and has {extra} too many")
    if ("series" in names) != bool(head.series or head.open_series):
        raise HeadError(f"{file}: name the series in the head exactly where the query has that column")
    column = {"cases": "", "cells": "amount"}
    wanted = {column.get(head.weight, head.weight), MEASURED.get(head.kind, "")}
    for needed in sorted(wanted - {"", *names}):
        raise HeadError(f"{file}: a {head.kind} by {head.weight} needs the column {needed}")


def read_indicator(text: str, file: str, chapter: str) -> Indicator:
    """One indicator from its file's text; HeadError or FenceError names the file and what is wrong."""
    head_text, query_text = split_head(text, file)
    try:
        head = Head(**tomllib.loads(head_text))
    except (tomllib.TOMLDecodeError, ValidationError) as problem:
        raise HeadError(f"{file}: {problem}") from problem
    if Path(file).stem.split("_")[0].upper() != head.code:
        raise HeadError(f"{file}: expected the file name to start with its code, found code {head.code}")
    indicator = Indicator(chapter, head, parse(query_text, file))
    _check(indicator, file)
    return indicator


def _order(code: str) -> tuple[int, int]:
    return "CREPSIFG".find(code[0]), int(code[1:])


@cache
def indicators() -> dict[str, Indicator]:
    """Every indicator by code, in the order of the catalogue."""
    found: dict[str, Indicator] = {}
    for chapter in CHAPTERS:
        for path in sorted((FOLDER / chapter).glob("*.sql")):
            indicator = read_indicator(path.read_text("utf-8"), path.name, chapter)
            if indicator.code in found:
                raise HeadError(f"{path.name}: {indicator.code} exists already")
            found[indicator.code] = indicator
    return dict(sorted(found.items(), key=lambda item: _order(item[0])))


def cases_query(indicator: Indicator) -> Query:
    """The indicator's query in the columns of `case_row`, so that all can be put on top of each other."""
    names = indicator.query.tree.named_selects
    kinds = {"days": "BIGINT", "amount": "DECIMAL(18, 2)"}
    columns = []
    for name in (
        "series",
        "period",
        "area",
        "subject_kind",
        "subject",
        "outcome",
        "days",
        "amount",
        "record",
    ):
        if name == "subject_kind":
            columns.append(f"'{indicator.head.subject}' AS subject_kind")
            continue
        value = f"c.{name}" if name in names else OPTIONAL[name]
        columns.append(f"CAST({value} AS {kinds.get(name, 'VARCHAR')}) AS {name}")
    inner = indicator.query.text
    text = f"SELECT '{indicator.code}' AS code, {', '.join(columns)} FROM ({inner}\n) AS c"
    try:
        return parse(text, indicator.query.file)
    except FenceError as problem:  # the query itself passed, so this is our own wrapping
        raise HeadError(f"{indicator.query.file}: {problem}") from problem
