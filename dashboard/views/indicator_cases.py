"""The rows behind an opened indicator, where the reader may see them."""

from __future__ import annotations

import re
from typing import Any

import polars as pl

from dashboard.access import Permission, Reader, covers_area, may
from dashboard.snapshot import Snapshot
from dashboard.texts import text
from dashboard.views.indicator_page import IndicatorPage
from dashboard.views.words import CodeWords, any_word, file_number, series_words, table
from models.behind import behind

_REFERENCE = re.compile(r"[a-z][0-9a-f]{20}")  # a keyed pseudonym of registry.vault
CASES_SHOWN = 500
CASE_COLUMNS = {
    "series": "column.series",
    "outcome": "column.outcome",
    "subject": "column.subject",
    "area": "column.unit",
    "days": "column.days",
    "amount": "column.amount",
    "record": "column.record",
}


def part_words(lang: str, words: CodeWords) -> pl.Expr:
    """The part of a measure in words, from the columns `code` and `series`."""
    return pl.struct("code", "series").map_elements(
        lambda row: series_words(lang, row["series"], words, row["code"]), pl.String
    )


def school_names(snapshot: Snapshot, reader: Reader) -> dict[str, str]:
    """Code → name of the schools in townships of the reader."""
    if not snapshot.has("org"):
        return {}
    rows = snapshot.frame("SELECT org_code, name, township_code FROM org")
    return {
        code: name for code, name, township in rows.iter_rows() if township and covers_area(reader, township)
    }


def cases_behind(
    snapshot: Snapshot,
    reader: Reader,
    lang: str,
    page: IndicatorPage,
    head: dict[str, Any],
    words: CodeWords,
    unit: str,
) -> tuple[pl.DataFrame | None, str]:
    """The rows behind the figure of the area, or of one school or department in it, children under their
    file number; None without the right to single cases.
    """
    if not may(reader, Permission.VIEW_CHILDREN):
        return None, text(lang, "cases.forbidden")
    now, _ = page.periods.current(head["period_kind"])
    question = behind(head["code"], unit or page.area, now or "")
    order = "CASE outcome WHEN 'no' THEN 0 WHEN 'unknown' THEN 1 ELSE 2 END, area, subject, series"
    query = f"SELECT *, source AS record FROM ({question.sql}) ORDER BY {order} LIMIT {CASES_SHOWN + 1}"
    rows = snapshot.frame(query, *question.values)
    note = (
        text(lang, "cases.cut", shown=CASES_SHOWN)
        if len(rows) > CASES_SHOWN
        else text(lang, "cases.all", shown=len(rows))
    )
    names = page.scope.names() | school_names(snapshot, reader)
    code = head["code"]
    rows = rows.head(CASES_SHOWN).with_columns(
        series=pl.col("series").map_elements(lambda one: series_words(lang, one, words, code), pl.String),
        outcome=pl.col("outcome").map_elements(lambda one: text(lang, f"outcome.{one}"), pl.String),
        subject=pl.struct("subject_kind", "subject").map_elements(
            lambda one: _subject(one, names, words), pl.String
        ),
        area=pl.col("area").map_elements(
            lambda one: names.get(one) or any_word(words, one, "department"), pl.String
        ),
    )
    empty = [name for name in ("area", "days", "amount") if rows[name].null_count() == len(rows)]
    kept = {name: key for name, key in CASE_COLUMNS.items() if name not in empty}
    return table(rows, lang, kept), note


def units_with_cases(
    snapshot: Snapshot, reader: Reader, page: IndicatorPage, head: dict[str, Any], words: CodeWords
) -> dict[str, str]:
    """The schools and departments of the reader's areas that have a figure of their own in the current period."""
    now, _ = page.periods.current(head["period_kind"])
    query = (
        "SELECT DISTINCT area, level FROM figure WHERE code = ? AND period = ? "
        "AND level IN ('school', 'department') AND n_shown > 0 ORDER BY area"
    )
    if "n_shown" not in snapshot.columns("figure") or not may(reader, Permission.VIEW_CHILDREN):
        return {}
    schools = {
        code: name for code, name in school_names(snapshot, reader).items() if code.startswith(page.area)
    }
    at_home = page.area == page.scope.home
    found = {}
    for code, level in snapshot.frame(query, head["code"], now or "").iter_rows():
        if level == "school" and code in schools:
            found[code] = schools[code]
        elif level == "department" and at_home:
            found[code] = any_word(words, code, "department")
    return found


def _subject(row: dict[str, Any], names: dict[str, str], words: CodeWords) -> str:
    """A child by its file number, a place by its name, a code in words, also inside `child@what`."""
    return " ".join(_part(one, names, words) for one in str(row["subject"]).split("@") if one)


def _part(part: str, names: dict[str, str], words: CodeWords) -> str:
    if _REFERENCE.fullmatch(part):
        return file_number(part)
    if "→" in part:
        return "→".join(any_word(words, one, "department") for one in part.split("→"))
    return names.get(part) or any_word(words, part)
