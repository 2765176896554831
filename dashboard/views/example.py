"""The worked example of a definition sheet in words: no column, code or invented child under a program's name."""

from __future__ import annotations

import re
from typing import NamedTuple

from dashboard.texts import text
from dashboard.views.words import amount, either, series_label
from data_contracts.contract import Column, contracts
from data_contracts.forms import forms
from data_contracts.vocabularies import vocabularies
from models.definitions import CASES, FIGURES, Definition, ExampleTable

ROWS_SHOWN = 14
CHILD_COLUMNS = ("child_id", "other_id")
PERSON_COLUMNS = ("worker_ref", "visitor_ref")
HOUSE_COLUMNS = ("carer_ref", "household_ref")
NAME = "name"
CHINESE = re.compile(r"[一-鿿]")
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


class Names:
    """The people and places of one example under invented plain names, numbered as they first appear."""

    def __init__(self, definition: Definition, lang: str) -> None:
        self.lang = lang
        self.known: dict[str, str] = {}
        for table in definition.example.delivered():
            self._places(table)
        for table in definition.example.delivered():
            for at, column in enumerate(table.columns):
                self._numbered(column, [row[at] for row in table.rows])

    def _places(self, table: ExampleTable) -> None:
        code = {"area": "area_code", "org": "org_code"}.get(table.name)
        if code and {code, "name"} <= set(table.columns):
            at, name = table.columns.index(code), table.columns.index("name")
            self.known |= {row[at]: row[name] for row in table.rows if row[name] and self.lang == "zh"}

    def _numbered(self, column: str, cells: list[str]) -> None:
        kinds = {(NAME,): "name", CHILD_COLUMNS: "child", PERSON_COLUMNS: "person", HOUSE_COLUMNS: "house"}
        kind = next((kind for columns, kind in kinds.items() if column in columns), "")
        for cell in cells if kind else ():
            if cell and cell not in self.known:
                number = sum(1 for words in self.known.values() if words.startswith(self._stem(kind))) + 1
                self.known[cell] = text(self.lang, f"definitions.named.{kind}", number=number)

    def _stem(self, kind: str) -> str:
        return text(self.lang, f"definitions.named.{kind}", number="")

    def plain(self, words: str) -> str:
        """Words of the ledger itself: terms in words, and in English an invented Chinese name as `Name 1`."""
        said = period_words(words, self.lang)
        if self.lang == "zh" or not CHINESE.search(said):
            return said
        self._numbered(NAME, [said])
        return self.known[said]

    def place(self, code: str) -> str:
        """A district, township, village or unit by its name in the example."""
        if code in self.known:
            return self.known[code]
        known = either(self.lang, f"definitions.place.{code}", "")
        if known or not code:
            return known or text(self.lang, "definitions.place.none")
        self.known[code] = text(self.lang, "definitions.named.unit", mark=code[-2:].lstrip("_0"))
        return self.known[code]

    def subject(self, words: str) -> str:
        """A subject such as `child@day`, each part in words."""
        return " · ".join(self._part(part) for part in words.split("@") if part)

    def _part(self, part: str) -> str:
        if "→" in part:
            return "→".join(self._part(one) for one in part.split("→"))
        if part in self.known:
            return self.known[part]
        if re.fullmatch(r"530902\w*", part):
            return self.place(part)
        if part in contracts():
            return str(getattr(contracts()[part], self.lang))
        table, _, check = part.partition(".")
        if check and table in contracts():
            return f"{getattr(contracts()[table], self.lang)} · {check_words(table, check, self.lang)}"
        return word_of(part, self.lang) or self.plain(part)


def check_words(table: str, check: str, lang: str) -> str:
    """A rule of a table: its own words, or the column that it looks at."""
    for one in contracts()[table].checks:
        if one.id == check:
            return str(getattr(one, lang))
    columns = [one for one in contracts()[table].columns if check.startswith(one.name)]
    return str(getattr(columns[0], lang)) if columns else check


def any_check(check: str, lang: str) -> str:
    """A rule by its name alone: of the table whose column it looks at."""
    for table, contract in contracts().items():
        if any(check.startswith(one.name) for one in contract.columns):
            return check_words(table, check, lang)
    return check


def period_words(period: str, lang: str) -> str:
    """A period as people say it: `2026秋` is the autumn term of 2026; days and quarters stay as they are."""
    for ending in ("春", "秋", "学年"):
        if period.endswith(ending) and period[:4].isdigit():
            return text(lang, f"definitions.term.{ending}", year=period.removesuffix(ending))
    return period


def word_of(code: str, lang: str) -> str:
    """A code of any list in words; empty where no list has it."""
    for vocabulary in vocabularies().values():
        for value in vocabulary.values:
            if value.code == code:
                return value.zh if lang == "zh" else value.en
    return ""


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
