"""`shouhu build`, `shouhu check`: from the registry to a published snapshot, and the judge's verdicts."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Annotated, Any

import typer
from rich.table import Table

from dashboard.commands import calls as cli
from dashboard.looks import prune
from dashboard.texts import text
from data_contracts.contract import contracts
from data_contracts.judging.quality import quality_report
from data_contracts.judging.rules import CheckResult
from data_contracts.judging.verdicts import Occasion, record
from models.build import Built, NothingTakenIn, build
from models.quality_now import report_now
from models.screening.rulebook.in_force import in_force
from registry import store
from registry.settings import Settings


def build_with_checks(
    settings: Settings,
    as_of: dt.date,
    known_on: dt.date | None = None,
    quiet: bool = False,
    publishes: bool = True,
    full: bool = False,
) -> Built:
    """Build, with the checks' results, and publish."""
    show = cli.step_printer(quiet)

    def step(name: str) -> None:
        show(text(settings.lang, f"cli.step_{name}"))

    return build(settings, as_of, known_on, lambda: judged(settings, "build"), step, publishes, full)


def snapshot_for(
    settings: Settings, as_of: dt.date | None, known_on: dt.date | None, quiet: bool
) -> tuple[store.Connection, dict[str, str]]:
    """(snapshot, its build id and days): the published one, or one made for the days that were asked for."""
    pointer = store.current(settings.store)
    day = as_of or dt.date.fromisoformat(pointer["as_of"])
    known = known_on.isoformat() if known_on else pointer["known_on"]
    if (day.isoformat(), known) == (pointer["as_of"], pointer["known_on"]):
        return store.open_snapshot(settings.store), pointer
    prune(settings.store)
    built = build_with_checks(settings, day, dt.date.fromisoformat(known), quiet, publishes=False)
    (settings.snapshots / built.file).touch()  # looked at today: its days begin again
    found = {"build_id": built.build_id, "as_of": day.isoformat(), "known_on": known}
    return store.open_snapshot(settings.store, built.file), found


def judged(settings: Settings, occasion: Occasion) -> list[CheckResult]:
    """The quality report, kept in the store's history of verdicts."""
    report = quality_report(settings.registry_path)
    record(settings.store, report.results, occasion, report.judged)
    return report.results


def built_json(built: Built) -> dict[str, Any]:
    """The build as JSON."""
    return {
        "build_id": built.build_id,
        "as_of": built.as_of,
        "known_on": built.known_on,
        "rows": built.rows,
        "seconds": round(built.seconds, 1),
    }


def build_command(
    as_of: Annotated[str, typer.Option("--as-of", help="截止日期 / as of this day")],
    known_on: Annotated[
        str | None, typer.Option("--known-on", help="按当日已知 / as known on this day")
    ] = None,
    engine: Annotated[str, typer.Option("--engine", help="duckdb")] = "duckdb",
    full: Annotated[
        bool,
        typer.Option("--full", help="全部重算，不沿用上一版本 / make everything anew, take nothing over"),
    ] = False,
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """计算并发布 / build and publish.

    Example: shouhu build --as-of 2026-09-30 --store S
    """
    if engine != "duckdb":
        raise typer.BadParameter(f"--engine: expected duckdb, found {engine!r}")
    settings = cli.settings_for(store_dir, lang)
    day = cli.day(as_of) or dt.date.today()
    with cli.told_plainly(lang):
        try:
            built = build_with_checks(settings, day, cli.day(known_on), quiet=as_json, full=full)
        except NothingTakenIn:
            cli.stop(text(lang, "cli.nothing_taken_in"))
    if as_json:
        cli.print_json(built_json(built))
    else:
        shown = {**built_json(built), "rows": f"{built.rows:,}"}
        cli.output.print(text(lang, "cli.built", **{k: v for k, v in shown.items() if k != "known_on"}))
    for held in in_force(settings.store, cli.day(known_on)).values():
        if held.fallen:
            cli.errors.print(text(lang, "learned.switched_off_now", number=held.fallen), markup=False)


def check(store_dir: cli.Store = None, lang: cli.Lang = "zh", as_json: cli.AsJson = False) -> None:
    """运行数据质量检查 / run the suites, print the quality report.

    Example: shouhu check --store S
    """
    settings = cli.settings_for(store_dir, lang)
    with cli.told_plainly(lang):
        if not settings.registry_path.exists():
            cli.stop(text(lang, "cli.no_store", path=settings.store))
        results = judged(settings, "check")
        parts = report_now(settings.registry_path, results)
    if as_json:
        keys = ("table_name", "check_id", "status", "failed", "applicable")
        named = {"table_name": "table", "check_id": "check"}
        cli.print_json(
            {
                "checks": [{named.get(k, k): v for k, v in _fields(r).items() if k in keys} for r in results],
                **parts,
            }
        )
    else:
        _print_checks(results, lang)
        _print_parts(parts, lang)
    raise typer.Exit(cli.PROBLEMS if any(r.status == "fail" for r in results) else cli.GOOD)


def _fields(result: CheckResult) -> dict[str, Any]:
    names = ("table_name", "check_id", "zh", "en", "dimension", "status", "failed", "applicable")
    return dict(zip(names, result[: len(names)], strict=True))


def _print_checks(results: list[CheckResult], lang: str) -> None:
    counts = Counter(result.status for result in results)
    counted = [f"{text(lang, f'cli.check_{status}')} {counts[status]}" for status in sorted(counts)]
    title = text(lang, "cli.checks_counted", counts=text(lang, "mark.between_words").join(counted))
    table = Table(title=title, title_justify="left")
    for key in ("table_name", "check", "status", "failed", "applicable"):
        table.add_column(
            text(lang, f"cli.{key}"), justify="right" if key in ("failed", "applicable") else "left"
        )
    for result in results:
        if result.status != "pass" or result.failed:
            row = _fields(result)
            contract = contracts().get(row["table_name"])
            name = getattr(contract, lang) if contract else row["table_name"]
            applicable = "—" if row["applicable"] is None else str(row["applicable"])
            table.add_row(name, row[lang], text(lang, f"cli.check_{row['status']}"),
                          str(row["failed"]), applicable)  # fmt: skip
    cli.output.print(table)


def _print_parts(parts: dict[str, Any], lang: str) -> None:
    """What the report says beside the checks, in one sentence about the whole district."""
    whole = [row for row in parts["completeness"] if row["level"] == "district"]
    known, required = sum(row["known"] for row in whole), sum(row["required"] for row in whole)
    agreement = [row for row in parts["consistency"] if row["level"] == "district"]
    counts = Counter({row["kind"]: 0 for row in parts["uniqueness"]})
    for row in parts["uniqueness"]:
        counts[row["kind"]] += row["n"]
    sentence = text(
        lang,
        "cli.checks_also",
        completeness=f"{known / required:.1%}" if required else "—",
        undated=sum(row["n_without_day"] for row in parts["timeliness"]["senders"]),
        repeats=counts["repeated_row"] + counts["contradicts_row"],
        pairs=counts["suspected_pair"],
        differ=sum(row["differ"] for row in agreement),
        matched=sum(row["agree"] + row["differ"] for row in agreement),
    )
    cli.output.print(sentence, markup=False)
