"""The definitions page: the catalogue, narrowed by a few letters, and one sheet opened."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from dashboard.snapshot import Build
from dashboard.texts import text
from dashboard.views.definition import Sheet, sheet
from dashboard.views.words import clause_words, provenance
from models.measure import indicators


class Sheets(NamedTuple):
    """The catalogue as a table, the codes of its rows, and the opened sheet."""

    title: str
    provenance: str
    table: pl.DataFrame
    codes: list[str]
    opened: Sheet | None


def sheets_page(build: Build, lang: str, find: str, code: str) -> Sheets:
    """Every indicator whose code, title or question holds `find` (capitals alike), and the sheet of `code`."""
    wanted = find.strip().casefold()
    rows = []
    for one in indicators().values():
        title, question = getattr(one.head.title, lang), getattr(one.head.question, lang)
        if wanted in f"{one.code} {title} {question}".casefold():
            article = clause_words(lang, one.head.clause)
            rows.append((one.code, title, question, article, getattr(one.head.owner, lang)))
    keys = ("heads.code", "heads.title", "question", "heads.article", "heads.owner")
    names = [text(lang, f"definitions.{key}") for key in keys]
    return Sheets(
        text(lang, "definitions.title"),
        provenance(lang, build),
        pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row"),
        [row[0] for row in rows],
        sheet(code, lang, build.as_of) if code in indicators() else None,
    )
