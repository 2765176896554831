"""Dated policy parameters: what the measures leave open (定期, 及时), with value, unit, date and source.

The text of the measures holds one number, sixteen years.  Every other interval, deadline and threshold stands
in the `.toml` files beside this one and may change from a day onwards, so a figure for last year keeps using
last year's value.  All values are whole numbers; a share is given in percent, so that no comparison
depends on how an engine rounds.
"""

from __future__ import annotations

import itertools
import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, StrictBool, StrictInt, ValidationError

FOLDER = Path(__file__).parent


class ParameterError(ValueError):
    """A parameter file or a question to it that makes no sense: names the file, the parameter, the day."""


class Dated(NamedTuple):
    """One value of a parameter with its days; `valid_to` is the last day (inclusive), None while in force."""

    name: str
    value: int
    unit: str
    valid_from: date
    valid_to: date | None
    source: str
    confirm_locally: bool
    zh: str
    en: str


class Term(NamedTuple):
    """A school term: first and last day of teaching, both inclusive."""

    name: str
    starts_on: date
    ends_on: date
    source: str
    confirm_locally: bool


class Holiday(NamedTuple):
    """Days without school, both ends inclusive; `drowning_season` marks the summer's extra danger."""

    name_zh: str
    name_en: str
    starts_on: date
    ends_on: date
    drowning_season: bool


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Value(_Strict):
    value: StrictInt
    valid_from: date
    valid_to: date | None = None
    source: str
    confirm_locally: StrictBool


class _Parameter(_Strict):
    name: str
    zh: str
    en: str
    unit: str
    values: list[_Value]


class _ParameterFile(_Strict):
    parameter: list[_Parameter]


class _Term(_Strict):
    name: str
    starts_on: date
    ends_on: date


class _Holiday(_Strict):
    zh: str
    en: str
    starts_on: date
    ends_on: date
    drowning_season: StrictBool = False


class _Calendar(_Strict):
    source: str
    confirm_locally: StrictBool
    school_year_starts_month: StrictInt
    term: list[_Term]
    holiday: list[_Holiday]


def parse(text: str, name: str) -> list[Dated]:
    """The dated values of one file, ParameterError where two values of one parameter share a day."""
    try:
        read = _ParameterFile(**tomllib.loads(text))
    except (tomllib.TOMLDecodeError, ValidationError) as problem:
        raise ParameterError(f"{name}: {problem}") from problem
    dated: list[Dated] = []
    for parameter in read.parameter:
        values = sorted(parameter.values, key=lambda value: value.valid_from)
        if not values:
            raise ParameterError(f"{name}: {parameter.name}: expected at least one value, found none")
        for earlier, later in itertools.pairwise(values):
            if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
                raise ParameterError(
                    f"{name}: {parameter.name}: the value from {earlier.valid_from} must end before "
                    f"{later.valid_from}, found valid_to {earlier.valid_to}"
                )
        dated += [
            Dated(
                parameter.name,
                value.value,
                parameter.unit,
                value.valid_from,
                value.valid_to,
                value.source,
                value.confirm_locally,
                parameter.zh,
                parameter.en,
            )
            for value in values
        ]
    return dated


@cache
def parameters() -> dict[str, list[Dated]]:
    """Every parameter with its values, oldest first, in the order of names."""
    found: dict[str, list[Dated]] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        if path.name == "calendar.toml":
            continue
        for dated in parse(path.read_text("utf-8"), path.name):
            known = found.setdefault(dated.name, [])
            if known and (known[0].zh, known[0].en) != (dated.zh, dated.en):
                raise ParameterError(f"{path.name}: {dated.name}: a parameter of that name exists already")
            known.append(dated)
    return dict(sorted(found.items()))


def dated_on(name: str, day: date) -> Dated:
    """The value in force on that day, with its source; ParameterError where there is none."""
    if name not in parameters():
        raise ParameterError(f"no parameter {name!r}; known are {', '.join(parameters())}")
    for dated in parameters()[name]:
        if dated.valid_from <= day and (dated.valid_to is None or day <= dated.valid_to):
            return dated
    raise ParameterError(f"parameter {name}: no value is in force on {day}")


def value_on(name: str, day: date) -> int:
    """The number in force on that day; ParameterError where there is none."""
    return dated_on(name, day).value


@cache
def calendar() -> _Calendar:
    """The calendar file, read strictly."""
    path = FOLDER / "calendar.toml"
    try:
        return _Calendar(**tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as problem:
        raise ParameterError(f"{path.name}: {problem}") from problem


@cache
def terms() -> tuple[Term, ...]:
    """School terms, oldest first; ParameterError where one overlaps the next."""
    read = calendar()
    found = tuple(
        Term(term.name, term.starts_on, term.ends_on, read.source, read.confirm_locally)
        for term in sorted(read.term, key=lambda term: term.starts_on)
    )
    for term, following in itertools.pairwise(found):
        if not term.starts_on <= term.ends_on < following.starts_on:
            raise ParameterError(f"calendar.toml: term {term.name} must end before {following.name} starts")
    return found


@cache
def holidays() -> tuple[Holiday, ...]:
    """School holidays, oldest first."""
    return tuple(
        Holiday(holiday.zh, holiday.en, holiday.starts_on, holiday.ends_on, holiday.drowning_season)
        for holiday in sorted(calendar().holiday, key=lambda holiday: holiday.starts_on)
    )
