"""`shouhu difference`: a figure as known on a day, and every case by which it differs from today's."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import polars as pl
import typer
from rich.table import Table

from dashboard.commands import calls as cli
from dashboard.commands.building import snapshot_for
from dashboard.texts import text
from dashboard.views.replay import case_frame, reason_frame, sentences
from models.measure import indicators
from models.replay import OUTCOMES, Change, Difference, NoSuchFigure, difference
from registry import store

LINES_SHOWN = 100


def difference_command(
    code: Annotated[str, typer.Argument(help="C12 …")],
    known_on: Annotated[str, typer.Option("--known-on", help="按当日已知 / as known on this day")],
    area: Annotated[str, typer.Option("--area", help="区划代码 / area code")],
    period: Annotated[str, typer.Option("--period", help="2026Q3 …")],
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """某日所知与今日所知的差别，逐例说明 / why a figure is another than it was known to be, case by case.

    Example: shouhu difference C12 --known-on 2026-08-15 --area 530902 --period 2026Q3 --store S
    """
    settings = cli.settings_for(store_dir, lang)
    day = cli.day(known_on)
    if day is None or code not in indicators():
        raise typer.BadParameter(f"expected the code of an indicator, found {code!r}")
    with cli.told_plainly(lang):
        then, pointer = snapshot_for(settings, None, day, quiet=as_json)
        now = store.open_snapshot(settings.store)
        known_now = dt.date.fromisoformat(store.current(settings.store)["known_on"])
        try:
            found = difference(then, now, (day, known_now), code, area, period)
        except NoSuchFigure:
            cli.stop(text(lang, "replay.no_figure", code=code, area=area, period=period))
    if as_json:
        cli.print_json({**difference_json(found), "build_then": pointer["build_id"]})
    else:
        _print(found, lang)


def difference_json(found: Difference) -> dict[str, Any]:
    """The difference as JSON: figures by series, and the changes with their effect and their rows."""
    return {
        "code": found.code,
        "area": found.area,
        "period": found.period,
        "known_on": {"then": found.known_then, "now": found.known_now},
        "then": found.then,
        "now": found.now,
        "adds_up": found.is_whole,
        "changes": [_change_json(change) for change in found.changes],
    }


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "change": change.kind,
        "why": change.why,
        "series": change.series,
        "subject": change.subject,
        "area": change.area,
        "before": change.before,
        "after": change.after,
        "effect": {name: change.effect(name) for name in OUTCOMES},
        "rows": [source._asdict() for source in change.sources],
    }


def _print(found: Difference, lang: str) -> None:
    title = text(
        lang, "replay.command_title", code=found.code, area=found.area, period=found.period,
        then_day=found.known_then, now_day=found.known_now,
    )  # fmt: skip
    cli.output.print(title, markup=False)
    for line in sentences(lang, found, {}):
        cli.output.print(line, markup=False)
    if found.changes:
        _print_frame(reason_frame(lang, found.changes), text(lang, "replay.reasons"))
        _print_frame(case_frame(lang, found.changes[:LINES_SHOWN]), text(lang, "replay.rows"))


def _print_frame(frame: pl.DataFrame, title: str) -> None:
    table = Table(title=title, title_justify="left")
    for name in frame.columns:
        table.add_column(name, overflow="fold")
    for row in frame.iter_rows():
        table.add_row(*("—" if cell is None else str(cell) for cell in row))
    cli.output.print(table)
