"""`shouhu measures`: from a child, visit or school to every figure that it counts in."""

from __future__ import annotations

import re
from typing import Annotated, Any

import typer
from rich.table import Table

from dashboard import audit
from dashboard.commands import calls as cli
from dashboard.commands.calls import rows_of
from dashboard.commands.lists import OPERATOR
from dashboard.desk import open_desk
from dashboard.texts import text
from dashboard.views.measures import part_words
from models.behind import counts_in, newest
from models.measure import indicators
from registry import store
from registry.settings import Settings

FILE_NUMBER = re.compile(r"[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}")
REFERENCE = re.compile(r"[a-z][0-9a-f]{20}(@.*)?")
SHOWN = 200


def measures(
    subject: Annotated[
        str, typer.Argument(help="儿童编号或档案号、走访、学校 / child or file number, child@due day, school")
    ],
    every: Annotated[
        bool, typer.Option("--all-periods", help="所有期间 / every period, not only the newest")
    ] = False,
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """一个孩子、一次走访或一所学校计入哪些数字 / the figures in which a child, visit or school counts.

    A look at a child is written to the access log.  Example: shouhu measures 530902001S1 --store S
    """
    settings = cli.settings_for(store_dir, lang)
    with cli.told_plainly(lang):
        connection = store.open_snapshot(settings.store)
        wanted = _resolved(connection, subject)
        question = counts_in(wanted)
        if not (every or as_json):
            question = newest(question)
        found = rows_of(connection, question.sql, list(question.values))
    if REFERENCE.fullmatch(wanted) and found:
        _record(settings, wanted.partition("@")[0])
    for row in found:
        row["title"] = (
            getattr(indicators()[row["code"]].head.title, lang) if row["code"] in indicators() else ""
        )
    if as_json:
        cli.print_json({"subject": wanted, "measures": found})
        return
    if not found:
        cli.stop(text(lang, "definitions.measures_none"), cli.PROBLEMS)
    _print(found, lang)


def _resolved(connection: store.Connection, subject: str) -> str:
    """The pseudonym behind a file number; everything else as it is."""
    if not FILE_NUMBER.fullmatch(subject):
        return subject
    ending = subject.replace("-", "").lower()
    rows = rows_of(
        connection, "SELECT child_id FROM known_child WHERE ends_with(child_id, ?) ORDER BY ALL", [ending]
    )
    return str(rows[0]["child_id"]) if len(rows) == 1 else subject


def _record(settings: Settings, child: str) -> None:
    desk = open_desk(settings.store)
    with desk.writing() as log:
        audit.append_within(
            log, OPERATOR, None, audit.Action.CHILD_VIEWED, child, "shouhu measures", desk.clock()
        )


def _print(found: list[dict[str, Any]], lang: str) -> None:
    distinct = len({row["code"] for row in found})
    title = text(lang, "definitions.measures_title", n=distinct, rows=len(found))
    table = Table(title=title, title_justify="left")
    for key in ("indicator", "period", "outcome", "days", "record"):
        table.add_column(text(lang, f"column.{key}"), overflow="fold")
    for row in found[:SHOWN]:
        part = part_words(row["code"], row["series"], lang)
        table.add_row(
            f"{row['code']} {row['title']}{part}", row["period"], text(lang, f"outcome.{row['outcome']}"),
            "—" if row["days"] is None else str(row["days"]), row["source"] or "—",
        )  # fmt: skip
    cli.output.print(table)
    if len(found) > SHOWN:
        cli.output.print(text(lang, "definitions.more", n=len(found) - SHOWN))
