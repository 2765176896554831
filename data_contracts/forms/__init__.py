"""The ledgers' own forms: which heading goes to which column of which table, read strictly from TOML."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class FormColumn(BaseModel):
    """One heading of a form; `writes` is `table.column` or `table#instance.column`, empty for decoration."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    heading: str
    group: str = ""
    writes: str = ""
    required: bool = False
    also: tuple[str, ...] = ()

    @property
    def target(self) -> tuple[str, str, str]:
        """(table, instance, column); three empty strings for a decorative column."""
        if not self.writes:
            return "", "", ""
        place, _, column = self.writes.rpartition(".")
        table, _, instance = place.partition("#")
        return table, instance, column


class FormTable(BaseModel):
    """One row that a form's row writes: the table, its constants, and since when the row was known.

    `known_from` and `known_from_else` name a heading whose date (or month end) says when the office knew the
    row; without one it is known from the day on which the delivery was filled in.  `copies` fills a column
    from another heading; `only_when` writes the row only where a heading holds that value.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    table: str
    instance: str = ""
    known_from: str = ""
    known_from_else: str = ""
    always_known: bool = False  # codes of places and schools: no past table can be read without them
    constants: dict[str, str] = {}
    copies: dict[str, str] = {}
    only_when: dict[str, bool] = {}


class Form(BaseModel):
    """One form (a sheet as an office sends it)."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    zh: str
    en: str
    department: str
    order: int
    titles: tuple[str, ...]
    village: Literal["column", "sender", "none"]
    workbook: str = ""  # forms of one workbook; its `main` form is missed when it is not there
    main: bool = False
    columns: tuple[FormColumn, ...] = Field(min_length=1)
    tables: tuple[FormTable, ...] = Field(min_length=1)

    @property
    def main_table(self) -> FormTable:
        """The table that a row of this form is counted in: the first that is not the list of persons."""
        return next(table for table in self.tables if table.table != "person")


@cache
def forms() -> dict[str, Form]:
    """All forms by id, in the order in which they must be taken in (area codes first)."""
    read = []
    for path in sorted(Path(__file__).parent.glob("*.toml")):
        form = Form.model_validate(tomllib.loads(path.read_text("utf-8")))
        if form.id != path.stem:
            raise ValueError(f"{path.name}: expected id {path.stem}, found {form.id}")
        read.append(form)
    return {form.id: form for form in sorted(read, key=lambda form: form.order)}
