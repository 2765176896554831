"""`shouhu indicators`, `shouhu cases`: the published figures and the rows behind them."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.table import Table

from dashboard.commands import calls as cli
from dashboard.commands.building import snapshot_for
from dashboard.commands.calls import rows_of
from dashboard.commands.difference import difference_command
from dashboard.texts import text
from dashboard.views.figure_faults import Faults, counted, faults_in
from models.behind import behind
from models.measure import indicators as measures
from registry import store

LEVELS = ("village", "township", "district", "school", "department")


def indicators(
    context: typer.Context,
    level: Annotated[str, typer.Option("--level", help=" | ".join(LEVELS))] = "district",
    period: Annotated[str | None, typer.Option("--period", help="2026Q3, 2026-09, 2026秋 …")] = None,
    code: Annotated[str | None, typer.Option("--code", help="C12 …")] = None,
    known_on: Annotated[
        str | None, typer.Option("--known-on", help="按当日已知 / as known on this day")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all-periods", help="所有期间 / every period, not only the latest")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="与今日所知逐例比较 / the difference to today, case by case")
    ] = False,
    area: Annotated[str | None, typer.Option("--area", help="区划代码 / area code")] = None,
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """指标 / the indicators: the newest period of each for people, every period in JSON.

    Example: shouhu indicators --level district --store S
    """
    if context.invoked_subcommand is not None:
        return
    if level not in LEVELS:
        raise typer.BadParameter(f"--level: expected one of {', '.join(LEVELS)}, found {level!r}")
    if explain:
        if not (code and area and period and known_on):
            cli.stop(text(lang, "replay.explain_needs"))
        difference_command(code, known_on, area, period, store_dir, lang, as_json)
        return
    settings = cli.settings_for(store_dir, lang)
    with cli.told_plainly(lang):
        connection, pointer = snapshot_for(settings, None, cli.day(known_on), quiet=as_json)
        figures = figures_of(connection, level, period, code, latest=not (period or every or as_json))
    if area:
        figures = [one for one in figures if one["area"] == area]
    if as_json:
        cli.print_json(
            {
                "as_of": pointer["as_of"],
                "known_on": pointer["known_on"],
                "build_id": pointer["build_id"],
                "indicators": figures,
            }
        )
        return
    _print_figures(connection, figures, level, lang)


def figures_of(
    connection: store.Connection, level: str, period: str | None, code: str | None, latest: bool
) -> list[dict[str, Any]]:
    """Figures of a level; with `latest`, each indicator only in its newest period."""
    conditions, values = ["f.level = ?"], [level]
    for column, wanted in (("period", period), ("code", code)):
        if wanted:
            conditions.append(f"f.{column} = ?")
            values.append(wanted)
    if latest:
        conditions.append("p.ends_on = (SELECT max(q.ends_on) FROM figure g JOIN period q USING (period) "
                          "WHERE g.code = f.code)")  # fmt: skip
    found = rows_of(
        connection,
        "SELECT f.code, f.series, f.area, f.level, f.period, f.yes, f.no, f.unknown, f.value, f.low, f.high, "
        "f.evidence, f.status FROM figure f JOIN period p USING (period) WHERE " + " AND ".join(conditions) +
        " ORDER BY f.code, f.series, f.area, p.ends_on, f.period",
        values,
    )  # fmt: skip
    faults = faults_in(connection, level)
    for row in found:
        row["quality"] = faults.get((row["code"], row["area"], row["period"]), Faults()).as_json()
    return found


def _print_figures(
    connection: store.Connection, figures: list[dict[str, Any]], level: str, lang: str
) -> None:
    titles = {
        r["code"]: r for r in rows_of(connection, f"SELECT code, title_{lang} AS title, unit FROM indicator")
    }
    names = {r["area_code"]: r["name"] for r in rows_of(connection, 'SELECT area_code, "name" FROM area')}
    names.update({r["org_code"]: r["name"] for r in rows_of(connection, 'SELECT org_code, "name" FROM org')})
    table = Table(title=text(lang, "cli.indicators_title"), title_justify="left")
    keys = (
        "code",
        "indicator",
        "area",
        "period",
        "yes",
        "no",
        "unknown_count",
        "value",
        "interval",
        "evidence",
    )
    for key in keys:
        left = key in ("code", "indicator", "area", "period")
        table.add_column(text(lang, f"cli.{key}"), justify="left" if left else "right", overflow="fold")
    for figure in figures:
        head = titles.get(figure["code"], {"title": figure["code"], "unit": "count"})
        title = head["title"] + (
            f" · {series_words(figure['code'], figure['series'], lang)}" if figure["series"] else ""
        )
        table.add_row(
            figure["code"], title, names.get(figure["area"], figure["area"]), figure["period"],
            *(("—" if figure[k] is None else str(figure[k])) for k in ("yes", "no", "unknown")),
            value_words(figure["value"], _unit(figure, head["unit"]), figure["status"], lang),
            _interval(figure, head["unit"]),
            "—" if figure["evidence"] is None else f"{figure['evidence']:.0%}",
        )  # fmt: skip
    cli.output.print(table)
    doubted = {(one["code"], one["period"]) for one in figures if one["quality"]["status"] == "failed"}
    for code, period in sorted(doubted):
        worst = max(
            (one for one in figures if (one["code"], one["period"]) == (code, period)),
            key=lambda one: one["quality"]["rows_open"],
        )["quality"]
        words = counted(lang, Faults(worst["rows_open"], worst["rules_failed"]))
        cli.output.print(f"{text(lang, 'faults.mark')}{code} {period}: {words}", markup=False)


def series_words(code: str, series: str, lang: str) -> str:
    """A part of a measure in the words of its head."""
    known = measures()[code].head.series if code in measures() else {}
    return getattr(known[series], lang) if series in known else series


def _unit(figure: dict[str, Any], unit: str) -> str:
    """The unit of one part: a count inside a measure of shares is a count, a median is in days."""
    known = measures().get(figure["code"])
    return known.unit_of(figure["series"]) if known else unit


def value_words(value: float | None, unit: str, status: str, lang: str) -> str:
    """A value as people read it: per cent, persons, days, yuan; or why there is none."""
    if value is None:
        return text(lang, f"cli.{status}")
    if unit in ("share", "growth"):
        return f"{value:.1%}"
    return f"{value:,.1f}" if unit == "rate" else f"{value:,.0f}"


def _interval(figure: dict[str, Any], unit: str) -> str:
    if figure["low"] is None or unit != "share":
        return "—"
    return f"{figure['low']:.0%}–{figure['high']:.0%}"


def cases(
    code: Annotated[str, typer.Argument(help="C12 …")],
    area: Annotated[str | None, typer.Option("--area", help="区划代码 / area code")] = None,
    period: Annotated[str | None, typer.Option("--period", help="2026Q3 …")] = None,
    series: Annotated[str | None, typer.Option("--series", help="分项 / the part of a measure")] = None,
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """一个数字背后的行 / the rows behind a figure.

    Example: shouhu cases C12 --area 530902001 --period 2026Q3 --store S
    """
    settings = cli.settings_for(store_dir, lang)
    with cli.told_plainly(lang):
        connection = store.open_snapshot(settings.store)
        question = behind(code, area, period, series)
        found = rows_of(connection, question.sql, list(question.values))
    if as_json:
        cli.print_json({"code": code, "cases": found})
        return
    table = Table(title=text(lang, "cli.cases_title", code=code, total=len(found)), title_justify="left")
    for key in ("area", "period", "subject", "outcome", "source"):
        table.add_column(text(lang, f"cli.{key}"), overflow="fold")
    for row in found[:200]:
        outcome = text(lang, f"cli.outcome_{row['outcome']}")
        table.add_row(
            row["area"] or "—", row["period"], (row["subject"] or "")[:12], outcome, row["source"] or "—"
        )
    cli.output.print(table)
