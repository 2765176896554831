"""`shouhu receipts`: make the published lists again from what came in, and tell what no longer agrees."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import typer
from rich.table import Table

from dashboard.commands import calls as cli
from dashboard.texts import text
from dashboard.views.receipts import moment, state
from dashboard.views.words import file_number
from models.facts import facts
from models.receipt_runs import Found, Run, as_document, recompute

SHOWN = 20


def receipts(store_dir: cli.Store = None, lang: cli.Lang = "zh", as_json: cli.AsJson = False) -> None:
    """重算名单收据并核对，每天一次 / make the receipts again and compare, once a day; exit code 1 where they differ.

    Example: shouhu receipts --store S
    """
    settings = cli.settings_for(store_dir, lang)
    with cli.told_plainly(lang):
        run = recompute(settings)
    if as_json:
        cli.print_json(as_document(run))
    else:
        _print(run, lang)
    raise typer.Exit(cli.GOOD if run.agrees else cli.PROBLEMS)


def _print(run: Run, lang: str) -> None:
    told = {"receipts": f"{run.receipts:,}", "build": run.build_id, "at": moment(run.at)}
    if run.agrees:
        cli.output.print(text(lang, "receipts.agrees", **told))
        return
    title = text(lang, "receipts.differs", n=len(run.found), **told)
    table = Table(title=title, title_justify="left")
    for name in ("part", "target", "child", "facts"):
        table.add_column(text(lang, f"receipts.column_{name}"), overflow="fold")
    for one in run.found[:SHOWN]:
        table.add_row(*_row(one, lang))
    cli.output.print(table)
    if len(run.found) > SHOWN:
        cli.output.print(text(lang, "receipts.more", n=len(run.found) - SHOWN))


def _row(one: Found, lang: str) -> tuple[str, str, str, str]:
    names = [getattr(facts()[name], lang) if name in facts() else name for name in one.facts]
    return (
        text(lang, f"receipts.part.{one.part}"),
        text(lang, f"target.{one.target}") if one.target else "—",
        file_number(one.child_id) if one.child_id else "—",
        text(lang, "mark.between_words").join(names) or "—",
    )


def state_document(folder: Path) -> dict[str, Any]:
    """The last recompute and the alarm, for `shouhu status`: `alarm` is `never`, `late`, `differs` or null."""
    kind, last = state(folder)
    at = last.at.isoformat() if last else None
    return {"last_at": at, "differences": len(last.found) if last else None, "alarm": kind or None}


def print_state(told: dict[str, Any] | None, lang: str) -> None:
    """The last recompute in a line, and what is wrong with it on standard error."""
    if told is None:
        return
    at = moment(dt.datetime.fromisoformat(told["last_at"])) if told["last_at"] else None
    shown = at or text(lang, "receipts.none_yet")
    cli.output.print(f"{text(lang, 'receipts.title')}: {text(lang, 'receipts.last')} {shown}", markup=False)
    if told["alarm"]:
        words = {"differs": {"n": told["differences"], "at": at}, "late": {"at": at}, "never": {}}
        cli.errors.print(text(lang, f"receipts.status_{told['alarm']}", **words[told["alarm"]]), markup=False)
