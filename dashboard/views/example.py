"""The worked example of a definition sheet in words: no column, code or invented child under a program's name."""

from __future__ import annotations

import re
from typing import NamedTuple

from dashboard.texts import text
from dashboard.views.example_words import (
    CHILD_COLUMNS,
    HOUSE_COLUMNS,
    PERSON_COLUMNS,
    Names,
    any_check,
)
from dashboard.views.words import amount, either, period_words, series_label
from data_contracts.contract import Column, contracts
from data_contracts.forms import forms
from data_contracts.vocabularies import vocabularies
from models.definitions import CASES, FIGURES, Definition, ExampleTable

ROWS_SHOWN = 14
CASE_COLUMNS = ("series", "period", "area", "subject", "outcome", "days", "amount")
# The shorthand of the ledgers: one row a child, columns of several contracts.
SHORTHAND = "children"
LISTED_IN = {
    "father": "parent_status",
    "mother": "parent_status",
    "father_capacity": "capacity",
    "mother_capacity": "capacity",
    "residence": "residence",
    "source": "list_source",
    "close_reason": "close_reason",
}


class Shown(NamedTuple):
    """A table in words; `n_more` rows are left out of a long one."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    n_more: int


class Example(NamedTuple):
    """What was delivered, how each case counts, and the figures."""

    day: str
    delivered: tuple[Shown, ...]
    cases: Shown | None
    figures: Shown


def worked(definition: Definition, lang: str) -> Example:
    """The example of a definition in words."""
    names, given = Names(definition, lang), definition.example
    delivered = tuple(_delivered(table, names) for table in given.delivered())
    cases, figures = given.named(CASES), given.named(FIGURES)
    empty = Shown("", (), (), 0)
    return Example(
        given.as_of.isoformat(),
        delivered,
        _cases(definition, cases, names) if cases and cases.rows else None,
        _figures(definition, figures, names) if figures else empty,
    )


def _cut(caption: str, heads: list[str], rows: list[tuple[str, ...]]) -> Shown:
    return Shown(caption, tuple(heads), tuple(rows[:ROWS_SHOWN]), max(len(rows) - ROWS_SHOWN, 0))


def _contract_column(table: str, name: str) -> Column | None:
    wanted = "child_ref" if name == "child_id" else name
    columns = contracts()[table].columns if table in contracts() else ()
    return next((one for one in columns if one.name == wanted), None)


def _delivered(table: ExampleTable, names: Names) -> Shown:
    lang = names.lang
    known = contracts().get(table.name)
    caption = str(getattr(known, lang)) if known else text(lang, f"definitions.table.{table.name}")
    heads = [_head(table.name, name, lang) for name in table.columns]
    rows = [
        tuple(_cell(table.name, name, cell, names) for name, cell in zip(table.columns, row, strict=True))
        for row in table.rows
    ]
    return _cut(_capital(caption), heads, rows)


def _head(table: str, name: str, lang: str) -> str:
    column = _contract_column(table, name)
    if column and name not in CHILD_COLUMNS:
        return _capital(str(getattr(column, lang)))
    return either(lang, f"definitions.column.{name}", name)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _cell(table: str, name: str, cell: str, names: Names) -> str:
    lang = names.lang
    if not cell:
        return ""
    if name == "invalid":
        unreadable = [_head(table, one, lang) for one in cell.strip(",").split(",")]
        return text(lang, "mark.between_words").join(unreadable)
    if name in (*CHILD_COLUMNS, *PERSON_COLUMNS, *HOUSE_COLUMNS):
        return names.known.get(cell, cell)
    if name == "table_name":
        return str(getattr(contracts()[cell], lang)) if cell in contracts() else cell
    if name == "check_id":
        return any_check(cell, lang)
    if re.fullmatch(r"530902\w*", cell):
        return names.place(cell)
    column = _contract_column(table, name)
    listed = LISTED_IN.get(name) if table == SHORTHAND else column and column.vocabulary
    if listed:
        codes = {one.code: one for one in vocabularies()[listed].values}
        return str(getattr(codes[cell], lang)) if cell in codes else cell
    if name.endswith("org_code"):
        return names.place(cell)
    if cell in ("yes", "no"):
        return text(lang, f"outcome.{cell}")
    if cell in forms():
        return str(getattr(forms()[cell], lang))
    return names.plain(either(lang, f"definitions.value.{name}.{cell}", cell))


def _part_words(definition: Definition, series: str, lang: str) -> str:
    known = definition.indicator.head.series.get(series)
    if known:
        return str(getattr(known, lang))
    if "→" in series:
        departments = {one.zh: getattr(one, lang) for one in vocabularies()["department"].values}
        return "→".join(str(departments.get(one, one)) for one in series.split("→"))
    return series_label(series, lang)


def _cases(definition: Definition, table: ExampleTable, names: Names) -> Shown:
    lang = names.lang
    columns = [name for name in CASE_COLUMNS if name in table.columns]
    rows = []
    for row in table.rows:
        cell = dict(zip(table.columns, row, strict=True))
        cell["subject"] = names.subject(cell.get("subject", ""))
        cell["outcome"] = text(lang, f"outcome.{cell['outcome']}") if "outcome" in cell else ""
        cell["area"] = names.place(cell["area"]) if "area" in cell else ""
        cell["series"] = _part_words(definition, cell.get("series", ""), lang)
        cell["period"] = period_words(cell.get("period", ""), lang)
        rows.append(tuple(cell[name] for name in columns))
    heads = [_amount_head(definition, name, lang) for name in columns]
    return _cut(text(lang, "definitions.cases"), heads, rows)


def _amount_head(definition: Definition, name: str, lang: str) -> str:
    head = definition.indicator.head
    counted = head.weight == "cells" or head.kind in ("median", "p90")
    return (
        text(lang, "definitions.column.amount_counted")
        if name == "amount" and counted
        else _titled(name, lang)
    )


def _titled(name: str, lang: str) -> str:
    return either(lang, f"definitions.column.{name}", "") or text(lang, f"column.{name}")


def _figures(definition: Definition, table: ExampleTable, names: Names) -> Shown:
    lang, columns = names.lang, set(table.columns)
    shown = [name for name in ("series", "area", "period", "yes", "no", "unknown") if name in columns]
    is_of_whole = "area" not in columns
    heads = [_titled(name, lang) for name in shown]
    heads += [text(lang, "definitions.column.value")] if columns & {"value", "status"} else []
    heads += [text(lang, "definitions.column.interval")] if {"low", "high"} <= columns else []
    rows = []
    for row in table.rows:
        cell = dict(zip(table.columns, row, strict=True))
        series = cell.get("series", "")
        unit = definition.indicator.unit_of(series)
        cell["series"] = _part_words(definition, series, lang)
        cell["area"] = "" if is_of_whole else names.place(cell["area"])
        cell["period"] = period_words(cell.get("period", ""), lang)
        words = [cell[name] for name in shown]
        words += [value_words(cell, unit, lang)] if columns & {"value", "status"} else []
        if {"low", "high"} <= columns:
            words.append(_interval(lang, number(cell["low"]), number(cell["high"]), unit))
        rows.append(tuple(words))
    return _cut(text(lang, "definitions.figures"), heads, rows)


def _interval(lang: str, low: float | None, high: float | None, unit: str) -> str:
    return "—" if low is None or high is None else f"{amount(lang, low, unit)}–{amount(lang, high, unit)}"


def number(words: str) -> float | None:
    """A number as the ledgers write it: 3, 0.25 or 2/7; None for none."""
    if words in ("", "—"):
        return None
    above, _, below = words.partition("/")
    return float(above) / float(below) if below else float(above)


def value_words(cell: dict[str, str], unit: str, lang: str) -> str:
    """An expected value: `2/7 = 28.6%`, `12 days`, or why there is none."""
    written, status = cell.get("value", ""), cell.get("status", "") or "not_applicable"
    found = number(written)
    if found is None:
        return "—" if status == "ok" else text(lang, f"definitions.no_value.{status}")
    words = amount(lang, found, unit)
    fraction = written.lstrip("-").replace("/", "").isdigit() and "/" in written
    return f"{written.replace('/', ' ÷ ')} = {words}" if fraction else words
