"""`shouhu indicators catalogue` and `shouhu indicators definitions`: what is measured, and what each figure means."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from dashboard.commands import calls as cli
from dashboard.commands.figures import indicators
from dashboard.exports.definition_page import markdown_of, page_of
from dashboard.exports.definition_word import document_of
from dashboard.exports.word_file import MissingExtra, word_of
from dashboard.texts import text
from dashboard.views.definition import Sheet, sheets
from dashboard.views.words import clause_words
from data_contracts.clauses import clause
from models.measure import Indicator
from models.measure import indicators as measures

app = typer.Typer(rich_markup_mode=None)
ENDINGS = (".html", ".md", ".docx")
MIDNIGHT = dt.time()


# `shouhu indicators` alone prints the figures; with `catalogue` or `definitions` behind it, what they mean.
app.callback(invoke_without_command=True)(indicators)


def catalogue_rows(lang: str) -> list[dict[str, Any]]:
    """Every measure: code, title, article with its words, owner, period, partners, disclosure class."""
    return [_row(one, lang) for one in measures().values()]


def _row(one: Indicator, lang: str) -> dict[str, Any]:
    head = one.head
    return {
        "code": head.code,
        "chapter": one.chapter,
        "title": getattr(head.title, lang),
        "question": getattr(head.question, lang),
        "article": head.clause,
        "article_words": getattr(clause(head.clause), lang),
        "owner": getattr(head.owner, lang),
        "period": head.period,
        "partner": list(head.partner),
        "disclosure": head.disclosure,
        "kind": head.kind,
        "parameters": list(head.parameters),
        "reviewed_on": head.reviewed_on,
    }


@app.command("catalogue")
def catalogue(lang: cli.Lang = "zh", as_json: cli.AsJson = False) -> None:
    """指标目录 / every measure with article, owner, period, partner and disclosure class.

    Example: shouhu indicators catalogue --json
    """
    cli.settings_for(None, lang)
    rows = catalogue_rows(lang)
    if as_json:
        cli.print_json({"indicators": rows})
        return
    table = Table(title=text(lang, "definitions.catalogue", n=len(rows)), title_justify="left")
    for key in ("code", "title", "article", "owner", "period", "partner", "disclosure"):
        table.add_column(text(lang, f"definitions.heads.{key}"), overflow="fold", no_wrap=key == "code")
    for row in rows:
        table.add_row(
            row["code"], row["title"], clause_words(lang, row["article"]), row["owner"],
            text(lang, f"definitions.periods.{row['period']}"),
            text(lang, "mark.between_words").join(row["partner"]) or "—",
            text(lang, f"definitions.classes.{row['disclosure']}"),
        )  # fmt: skip
    cli.output.print(table)


@app.command("definitions")
def definitions(
    out: Annotated[Path, typer.Option("--out", help="FILE.html | FILE.md | FILE.docx")],
    on_day: Annotated[
        str | None, typer.Option("--on", help="参数取哪一天的值 / parameters as of this day (default today)")
    ] = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """写出全部指标的口径说明 / write the definition sheets of all measures.

    Example: shouhu indicators definitions --out 指标口径.html
    """
    cli.settings_for(None, lang)
    if out.suffix not in ENDINGS:
        raise typer.BadParameter(f"--out: {text(lang, 'definitions.wrong_ending')} ({out.name})")
    if not out.parent.is_dir():
        cli.stop(text(lang, "cli.no_such_path", path=out.parent))
    day = cli.day(on_day) or dt.date.today()
    found = sheets(lang, day)
    try:
        out.write_bytes(document_bytes(out.suffix, lang, found, day))
    except MissingExtra as problem:
        cli.stop(str(problem))
    if as_json:
        cli.print_json({"path": str(out), "indicators": len(found), "on": day})
    else:
        cli.output.print(text(lang, "definitions.written", n=len(found), path=out))


def document_bytes(ending: str, lang: str, found: list[Sheet], day: dt.date) -> bytes:
    """The document in the format of a file's ending; MissingExtra where Word files cannot be written."""
    if ending == ".docx":
        return word_of(document_of(lang, found, day), dt.datetime.combine(day, MIDNIGHT))
    return (page_of if ending == ".html" else markdown_of)(lang, found, day).encode("utf-8")
