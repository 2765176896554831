"""`shouhu screen`, `shouhu indicators`, `shouhu cases`: the published figures and the rows behind them."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.table import Table

from dashboard.commands import calls as cli
from dashboard.texts import text
from models.measure import indicators as measures
from registry import store
from registry.settings import Settings

LEVELS = ("village", "township", "district", "school", "department")
TARGETS = ("visit", "referral")
OPERATOR = "local-operator"


def _rows(connection: store.Connection, sql: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
    found = connection.execute(sql, values)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def ranked(connection: store.Connection, target: str, lang: str) -> list[dict[str, Any]]:
    """The ranked list of a target, each child with reasons (article, since, sentence) and what is unknown."""
    children = _rows(
        connection,
        "SELECT rank, child_id, village_code, eligibility, lane, tier, tier_low, tier_high, points, points_low, "
        "points_high, due_on FROM screening WHERE target = ? ORDER BY rank",
        [target],
    )
    reasons: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(
        connection,
        f"SELECT child_id, kind, code, clause, since, record, points, sentence_{lang} AS sentence FROM reason "
        "WHERE target = ? ORDER BY child_id, ord",
        [target],
    ):
        reasons.setdefault(row.pop("child_id"), []).append(row)
    unknown: dict[str, list[str]] = {}
    for row in _rows(
        connection,
        "SELECT child_id, fact FROM unknown_fact WHERE target = ? ORDER BY child_id, fact",
        [target],
    ):
        unknown.setdefault(row["child_id"], []).append(row["fact"])
    for child in children:
        child["reasons"] = reasons.get(child["child_id"], [])
        child["unknown"] = unknown.get(child["child_id"], [])
    return children


def _identify(settings: Settings, connection: store.Connection, children: list[dict[str, Any]]) -> None:
    """Add names and identity numbers, on this machine only; each look is logged."""
    from dashboard import audit
    from dashboard.desk import open_desk

    vault = cli.vault_for(settings)
    sealed = {row["child_id"]: row for row in _rows(connection, "SELECT child_id, name, id_no FROM identity")}
    desk = open_desk(settings.store)
    with desk.writing() as log:
        for child in children:
            audit.append_within(
                log, OPERATOR, None, audit.Action.IDENTITY_VIEWED, child["child_id"], "shouhu screen --identify",
                desk.clock(),
            )  # fmt: skip
    for child in children:
        row = sealed.get(child["child_id"], {})
        child["name"] = vault.open(row.get("name"))
        child["id_no"] = vault.open(row.get("id_no"))


def screen(
    target: Annotated[str, typer.Option("--target", help="visit | referral")] = "visit",
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="日期，须与已发布的一致 / must be the published day")
    ] = None,
    card: Annotated[
        str | None, typer.Option("--card", help="评分卡 / card, must be the published one")
    ] = None,
    identify: Annotated[
        bool, typer.Option("--identify", help="带姓名，逐条留痕 / with names; every look is logged")
    ] = False,
    limit: Annotated[
        int, typer.Option("--limit", help="只显示前几名（JSON 全部）/ rows shown (JSON gives all)")
    ] = 30,
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """排序名单与理由 / the ranked list with reasons.

    Example: shouhu screen --target visit --store S
    """
    if target not in TARGETS:
        raise typer.BadParameter(f"--target: expected visit or referral, found {target!r}")
    settings = cli.settings_for(store_dir, lang)
    with cli.told_plainly(lang):
        pointer = store.current(settings.store)
        wanted = cli.day(as_of)
        if wanted and wanted.isoformat() != pointer["as_of"]:
            cli.stop(text(lang, "cli.other_as_of", wanted=wanted, published=pointer["as_of"]))
        connection = store.open_snapshot(settings.store)
        cards = {
            r["card"]
            for r in _rows(connection, "SELECT DISTINCT card FROM screening WHERE target = ?", [target])
        }
        if card and card not in cards:
            cli.stop(
                text(lang, "cli.other_card", wanted=card, published=", ".join(sorted(filter(None, cards))))
            )
        children = ranked(connection, target, lang)
        if identify:
            _identify(settings, connection, children)
    if as_json:
        cli.print_json({"target": target, "as_of": pointer["as_of"], "build_id": pointer["build_id"],
                        "children": children})  # fmt: skip
        return
    _print_ranked(connection, children[:limit], len(children), target, lang, identify)


def _print_ranked(
    connection: store.Connection,
    children: list[dict[str, Any]],
    total: int,
    target: str,
    lang: str,
    identify: bool,
) -> None:
    names = {row["area_code"]: row["name"] for row in _rows(connection, 'SELECT area_code, "name" FROM area')}
    table = Table(
        title=text(lang, f"cli.screen_{target}", total=total), title_justify="left", show_lines=True
    )
    for key in ("rank", "child", "village", "tier", "due_on"):
        table.add_column(
            text(lang, f"cli.{key}"), overflow="fold", justify="right" if key == "rank" else "left"
        )
    table.add_column(text(lang, "cli.reasons"), overflow="fold", ratio=1, min_width=28)
    for child in children:
        who = child.get("name") if identify else child["child_id"][:9]
        lane = "report_now" if child["lane"] == "report_now" else child["tier"]
        by_rule = [reason for reason in child["reasons"] if reason["kind"] != "card"]
        sentences = "\n".join(reason["sentence"] for reason in (by_rule or child["reasons"])[:4])
        due = "—" if child["due_on"] is None else str(child["due_on"])
        village = names.get(child["village_code"], "—")
        table.add_row(str(child["rank"]), who or "—", village, text(lang, f"cli.tier_{lane}"), due, sentences)
    cli.output.print(table)


def indicators(
    level: Annotated[str, typer.Option("--level", help=" | ".join(LEVELS))] = "district",
    period: Annotated[str | None, typer.Option("--period", help="2026Q3, 2026-09, 2026秋 …")] = None,
    code: Annotated[str | None, typer.Option("--code", help="C12 …")] = None,
    known_on: Annotated[
        str | None, typer.Option("--known-on", help="须与已发布的一致 / must be the published one")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all-periods", help="所有期间 / every period, not only the latest")
    ] = False,
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """指标 / the indicators.

    Example: shouhu indicators --level district --store S
    """
    if level not in LEVELS:
        raise typer.BadParameter(f"--level: expected one of {', '.join(LEVELS)}, found {level!r}")
    settings = cli.settings_for(store_dir, lang)
    with cli.told_plainly(lang):
        pointer = store.current(settings.store)
        wanted = cli.day(known_on)
        if wanted and wanted.isoformat() != pointer["known_on"]:
            cli.stop(text(lang, "cli.other_known_on", wanted=wanted, published=pointer["known_on"]))
        connection = store.open_snapshot(settings.store)
        figures = figures_of(connection, level, period, code, latest=period is None and not every)
    if as_json:
        cli.print_json({"as_of": pointer["as_of"], "build_id": pointer["build_id"], "indicators": figures})
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
    return _rows(
        connection,
        "SELECT f.code, f.series, f.area, f.level, f.period, f.yes, f.no, f.unknown, f.value, f.low, f.high, "
        "f.evidence, f.status FROM figure f JOIN period p USING (period) WHERE " + " AND ".join(conditions) +
        " ORDER BY f.code, f.series, f.area, p.ends_on, f.period",
        values,
    )  # fmt: skip


def _print_figures(
    connection: store.Connection, figures: list[dict[str, Any]], level: str, lang: str
) -> None:
    titles = {
        r["code"]: r for r in _rows(connection, f"SELECT code, title_{lang} AS title, unit FROM indicator")
    }
    names = {r["area_code"]: r["name"] for r in _rows(connection, 'SELECT area_code, "name" FROM area')}
    names.update({r["org_code"]: r["name"] for r in _rows(connection, 'SELECT org_code, "name" FROM org')})
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


def series_words(code: str, series: str, lang: str) -> str:
    """A part of a measure in the words of its head."""
    known = measures()[code].head.series if code in measures() else {}
    return getattr(known[series], lang) if series in known else series


def _unit(figure: dict[str, Any], unit: str) -> str:
    """The unit of one part: a count inside a measure of shares is a count."""
    known = measures().get(figure["code"])
    return "count" if known and known.kind_of(figure["series"]) == "count" else unit


def value_words(value: float | None, unit: str, status: str, lang: str) -> str:
    """A value as people read it: per cent, persons, days, yuan; or why there is none."""
    if value is None:
        return text(lang, f"cli.{status}")
    if unit == "share":
        return f"{value:.1%}"
    return f"{value:,.0f}"


def _interval(figure: dict[str, Any], unit: str) -> str:
    if figure["low"] is None or unit != "share":
        return "—"
    return f"{figure['low']:.0%}–{figure['high']:.0%}"


def cases(
    code: Annotated[str, typer.Argument(help="C12 …")],
    area: Annotated[str | None, typer.Option("--area", help="区划代码 / area code")] = None,
    period: Annotated[str | None, typer.Option("--period", help="2026Q3 …")] = None,
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
        conditions, values = ["code = ?"], [code]
        if area:
            conditions.append("starts_with(area, ?)")
            values.append(area)
        if period:
            conditions.append("period = ?")
            values.append(period)
        found = _rows(
            connection,
            "SELECT series, area, period, subject_kind, subject, outcome, days, amount, record AS source "
            f"FROM case_row WHERE {' AND '.join(conditions)} ORDER BY ALL",
            values,
        )
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
