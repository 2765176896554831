"""`shouhu override`: children moved on a list by hand: move, list, take back, and what became of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import polars as pl
import typer
from rich.table import Table

from dashboard import overriding
from dashboard.commands import calls as cli
from dashboard.commands.lists import OPERATOR, TARGETS
from dashboard.desk import Desk, open_desk
from dashboard.snapshot import Snapshot, opened
from dashboard.texts import text
from dashboard.views.overrides import (
    found_outcomes,
    move_words,
    problem_words,
    reason_choices,
    reason_words,
    report_frames,
)
from dashboard.views.words import file_number
from models.screening.by_hand.override_outcomes import Outcome, counted
from models.screening.by_hand.proposing import Wish, last_day, tiers_to_choose
from registry.overrides import Override, OverrideProblem
from registry.settings import Settings

app = typer.Typer(help="人工调整名单 / children moved by hand, inside the law", no_args_is_help=True)
By = Annotated[str, typer.Option("--by", help="谁决定的 / who decided")]
Words = Annotated[
    str, typer.Option("--words", help="说明，不写姓名号码，加密保存 / why; no names or numbers; kept sealed")
]
STATES = ("in_force", "later", "expired", "undone")


@contextmanager
def _told(lang: str) -> Iterator[None]:
    """A move that cannot be made is a wrong call, said in words."""
    with cli.told_plainly(lang):
        try:
            yield
        except OverrideProblem as problem:
            cli.stop(problem_words(lang, problem))


@app.command("add")
def add(
    child: Annotated[str, typer.Argument(help="儿童代号 / child_id", show_default=False)],
    to: Annotated[str, typer.Option("--to", help="red | orange | yellow | green")],
    reason: Annotated[
        str, typer.Option("--reason", help="理由代码，见 override reasons / a code of `override reasons`")
    ],
    words: Words,
    until: Annotated[str, typer.Option("--until", help="有效至 / counts until this day")],
    target: Annotated[str, typer.Option("--target", help="visit | referral")] = "visit",
    by: By = OPERATOR,
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """把一名儿童上调或下调 / move a child up or down; the list follows at the next build.

    Never out of the report-now lane; down at most one tier below what the rules say. Logged.

    Example: shouhu override add c0a1b2c3d4e5f60718293 --to red --reason seen_worse --words 走访所见 --until 2026-10-31
    """
    _check_target(target)
    settings = cli.settings_for(store_dir, lang)
    last = cli.day(until)
    with _told(lang), opened(settings.store) as snapshot:
        vault = cli.vault_for(settings)
        standing = overriding.place_of(snapshot, target, child)
        wish = Wish(to, reason, words, last or snapshot.build.as_of)
        made = overriding.write(
            settings.store, open_desk(settings.store), (by, None), vault, standing, wish, snapshot
        )
    _tell(made, "made", lang, as_json)


def _check_target(target: str) -> None:
    if target not in TARGETS:
        raise typer.BadParameter(f"--target: expected visit or referral, found {target!r}")


def _tell(made: Override, key: str, lang: str, as_json: bool) -> None:
    if as_json:
        cli.print_json(document(made))
        return
    told = {"id": made.override_id, "move": move_words(lang, made), "until": made.until_on}
    cli.output.print(text(lang, f"override.cli.{key}", **told), markup=False)


def document(made: Override) -> dict[str, Any]:
    """A move as plain values, without its sealed words."""
    return {name: value for name, value in made._asdict().items() if name != "words"}


@app.command("choices")
def choices(
    child: Annotated[str, typer.Argument(help="儿童代号 / child_id", show_default=False)],
    target: Annotated[str, typer.Option("--target", help="visit | referral")] = "visit",
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """可调到哪些层级，最长到哪天 / to which tiers this child may be moved, and until when at most.

    Example: shouhu override choices c0a1b2c3d4e5f60718293 --store S
    """
    _check_target(target)
    settings = cli.settings_for(store_dir, lang)
    with _told(lang), opened(settings.store) as snapshot:
        standing = overriding.place_of(snapshot, target, child)
        as_of = snapshot.build.as_of
        open_to = tiers_to_choose(standing, overriding.rules_of(snapshot, target), as_of)
    found = {"child_id": child, "target": target, "lane": standing.lane, "tier": standing.tier,
             "tier_computed": standing.computed, "tier_by_rule": standing.by_rule, "choices": open_to,
             "last_day": last_day(as_of), "reasons": reason_choices(lang)}  # fmt: skip
    if as_json:
        cli.print_json(found)
        return
    named = text(lang, "mark.between_words").join(text(lang, f"tier.{tier}") for tier in open_to)
    key = "choices" if open_to else "no_choices"
    cli.output.print(text(lang, f"override.cli.{key}", tiers=named, last=last_day(as_of)), markup=False)


@app.command("reasons")
def reasons(lang: cli.Lang = "zh", as_json: cli.AsJson = False) -> None:
    """理由代码 / the codes of reasons.

    Example: shouhu override reasons
    """
    cli.settings_for(None, lang)
    if as_json:
        cli.print_json({"reasons": reason_choices(lang)})
        return
    for code, words in reason_choices(lang).items():
        cli.output.print(f"{code:18} {words}", markup=False)


@app.command("undo")
def undo(
    override_id: Annotated[str, typer.Argument(help="调整编号 / the move", show_default=False)],
    words: Words,
    by: By = OPERATOR,
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """撤销一次人工调整 / take a move back; the list follows at the next build. Logged.

    Example: shouhu override undo m1a2b3c4d5e --words 情况已核实 --store S
    """
    settings = cli.settings_for(store_dir, lang)
    with _told(lang):
        vault = cli.vault_for(settings)
        undone = overriding.take_back(
            settings.store, open_desk(settings.store), (by, None), vault, override_id, words
        )
    _tell(undone, "undone", lang, as_json)


@app.command("list")
def list_moves(
    state: Annotated[str, typer.Option("--state", help="in_force | later | expired | undone | all")] = "all",
    with_words: Annotated[
        bool, typer.Option("--with-words", help="带说明，逐条留痕 / with the words; every look is logged")
    ] = False,
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """所有人工调整 / all moves by hand, newest first.

    Example: shouhu override list --state in_force --store S
    """
    if state not in (*STATES, "all"):
        raise typer.BadParameter(f"--state: expected {', '.join(STATES)} or all, found {state!r}")
    settings = cli.settings_for(store_dir, lang)
    with _told(lang), opened(settings.store) as snapshot:
        told = [one for one in reversed(_found(settings, snapshot, lang)) if state in (one.state, "all")]
        desk = open_desk(settings.store)
        words = _words(settings, desk, told) if with_words else {}
    if as_json:
        cli.print_json({"overrides": [_row(one, words) for one in told]})
        return
    table = Table(title=text(lang, "override.cli.title", n=len(told)), title_justify="left", show_lines=True)
    keys = ("file_number", "list", "move", "reason", "by", "until_on", "state", "outcome")
    for key in ("id", *keys):
        table.add_column(text(lang, f"override.column.{key}"), overflow="fold")
    for one in told:
        made = one.override
        why = reason_words(lang, made.code) + (
            f"\n{words[made.override_id]}" if made.override_id in words else ""
        )
        table.add_row(
            made.override_id, file_number(one.child_id), text(lang, f"target.{made.target}"), move_words(lang, made),
            why, made.by, str(made.until_on), text(lang, f"override.state.{one.state}"),
            text(lang, f"override.outcome.{one.outcome}"),
        )  # fmt: skip
    cli.output.print(table)


def _found(settings: Settings, snapshot: Snapshot, lang: str) -> list[Outcome]:
    made = overriding.made_so_far(settings.store)
    if made is None:
        cli.stop(text(lang, "cli.store_busy"))
    return [one for one, _ in found_outcomes(snapshot, made)]


def _words(settings: Settings, desk: Desk, told: list[Outcome]) -> dict[str, str]:
    vault = cli.vault_for(settings)
    made = [one.override for one in told]
    return overriding.open_words(desk, (OPERATOR, None), vault, made, "shouhu override list --with-words")


def _row(one: Outcome, words: dict[str, str]) -> dict[str, Any]:
    row = {**document(one.override), "child_id": one.child_id, "state": one.state, "outcome": one.outcome}
    return {**row, "words": words[one.override.override_id]} if words else row


@app.command("report")
def report(
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """人工调整的统计：按人员、按理由、按结果 / moves by worker, by reason and by outcome.

    Example: shouhu override report --store S --json
    """
    settings = cli.settings_for(store_dir, lang)
    with _told(lang), opened(settings.store) as snapshot:
        told = _found(settings, snapshot, lang)
        as_of, build_id = snapshot.build.as_of, snapshot.build.build_id
    groups = {
        "by_worker": counted(told, lambda one: one.override.by),
        "by_reason": counted(told, lambda one: one.override.code),
        "by_outcome": counted(told, lambda one: one.outcome),
    }
    if as_json:
        cli.print_json({"build_id": build_id, "as_of": as_of, "overrides": len(told), **groups})
        return
    for title, frame in report_frames(lang, told).items():
        cli.output.print(_table(title, frame))


def _table(title: str, frame: pl.DataFrame) -> Table:
    table = Table(title=title, title_justify="left")
    for name in frame.columns:
        table.add_column(name, overflow="fold")
    for row in frame.iter_rows():
        table.add_row(*map(str, row))
    return table
