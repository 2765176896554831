"""What a measure means: everything that a definition sheet shows, from the head, the article and the spec ledger.

The worked examples come from `definition_examples.toml`, which `python -m tests.spec.examples` writes from the
spec ledgers: they run on both engines in the tests, so an example on a sheet is never only a drawing.
"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from data_contracts.clauses import Clause, clause
from models.measure import Indicator, indicators
from models.parameters import Dated, ParameterError, dated_on, parameters

EXAMPLES = Path(__file__).parent / "definition_examples.toml"
FIGURES, CASES = "expect figures", "expect cases"


class DefinitionError(ValueError):
    """A definition that cannot be put together: names the measure or file, what was expected, what was found."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ExampleTable(_Strict):
    """One table of a worked example; every cell is text, an empty one is not recorded."""

    name: str = Field(min_length=1)
    columns: tuple[str, ...] = Field(min_length=1)
    rows: tuple[tuple[str, ...], ...]


class Example(_Strict):
    """The small world of a spec ledger: the day, what was delivered, how each case counts, the figures."""

    code: str
    as_of: date
    table: tuple[ExampleTable, ...]

    def delivered(self) -> tuple[ExampleTable, ...]:
        """The tables that came in."""
        return tuple(one for one in self.table if not one.name.startswith("expect"))

    def named(self, name: str) -> ExampleTable | None:
        """The first table of that name, such as `expect cases`."""
        return next((one for one in self.table if one.name == name), None)


class _ExampleFile(_Strict):
    example: tuple[Example, ...]


class Definition(NamedTuple):
    """A measure with what it cites: the article, the parameters of a day, the partners and the example."""

    indicator: Indicator
    clause: Clause
    parameters: tuple[Dated, ...]
    partners: tuple[Indicator, ...]
    example: Example
    sql: str


@cache
def examples() -> dict[str, Example]:
    """The worked examples by code; DefinitionError where the file breaks or a row has other cells than heads."""
    try:
        read = _ExampleFile(**tomllib.loads(EXAMPLES.read_text("utf-8"))).example
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as problem:
        raise DefinitionError(f"{EXAMPLES.name}: {problem}") from problem
    for one in read:
        for table in one.table:
            wrong = [row for row in table.rows if len(row) != len(table.columns)]
            if wrong:
                raise DefinitionError(
                    f"{EXAMPLES.name}: {one.code}: {table.name}: expected {len(table.columns)} cells, "
                    f"found {len(wrong[0])}"
                )
    return {one.code: one for one in read}


def _in_force(name: str, day: date) -> Dated:
    """The value of that day; before the first value, the first one: a sheet names a day, not a gap."""
    try:
        return dated_on(name, day)
    except ParameterError:
        return parameters()[name][0]


def definition(code: str, day: date) -> Definition:
    """The definition of a measure with the parameter values of a day; DefinitionError for an unknown code."""
    found = indicators().get(code)
    if found is None:
        raise DefinitionError(f"no measure {code!r}; known are {', '.join(indicators())}")
    if code not in examples():
        raise DefinitionError(f"{EXAMPLES.name}: expected an example of {code}, found none")
    return Definition(
        found,
        clause(found.head.clause),
        tuple(_in_force(name, day) for name in found.head.parameters),
        tuple(indicators()[one] for one in found.head.partner if one in indicators()),
        examples()[code],
        found.query.text.strip("\n"),
    )


def definitions(day: date) -> list[Definition]:
    """Every measure of the catalogue in its order."""
    return [definition(code, day) for code in indicators()]
