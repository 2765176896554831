"""`shouhu returns`, `shouhu resolve`, `shouhu forget`: working off what was not taken in, and deletion requests."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from dashboard import audit
from dashboard.access import Role
from dashboard.commands import calls as cli
from dashboard.commands.lists import OPERATOR
from dashboard.desk import open_desk
from dashboard.texts import text
from dashboard.views.touching import reach, reach_of, reach_words
from data_contracts.mending import open_items, resolutions
from data_contracts.mending.forgetting import UnknownChild
from data_contracts.mending.forgetting import forget as forget_child
from data_contracts.mending.open_items import Item
from data_contracts.mending.resolutions import BY_HAND, ResolutionProblem
from data_contracts.mending.returns import finding, write_returns
from registry import deliveries, store
from registry.deliveries import Resolution
from registry.settings import Settings

LINES_SHOWN = 60
# A page runs these commands for whoever is signed in: the one entry in the access log is then that person's.
OnPageOf = Annotated[str | None, typer.Option("--on-page-of", hidden=True)]


def item_json(item: Item, lang: str) -> dict[str, Any]:
    """An open item as JSON; no cell of the row is in it."""
    found = [reach(item, message) for message in item.messages]
    return {
        "delivery": item.delivery.delivery,
        "file": item.delivery.file,
        "sender": item.delivery.sender,
        "sheet": item.sheet,
        "row": item.row,
        "severity": item.severity,
        "findings": [
            {
                "code": m.check if m.code == "check_failed" else m.code,
                "column": m.column,
                "heading": m.heading,
                "text": finding(m, lang),
                "touches": one._asdict(),
            }
            for m, one in zip(item.messages, found, strict=True)
        ],
    }


def _registry(settings: Settings, lang: str) -> store.Connection:
    if not store.manifest(settings.store) or not settings.registry_path.exists():
        cli.stop(text(lang, "cli.no_store", path=settings.store))
    connection = store.open_file(settings.registry_path)
    deliveries.make_tables(connection)
    return connection


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


def _log(
    settings: Settings,
    action: audit.Action,
    subjects: list[str],
    reason: str,
    who: tuple[str, Role | None] = (OPERATOR, None),
) -> None:
    desk = open_desk(settings.store)
    with desk.writing() as log:
        for subject in subjects:
            audit.append_within(log, *who, action, subject, reason[: audit.REASON_LENGTH], desk.clock())


def _who_acts(on_page_of: str) -> tuple[str, Role | None]:
    """The person of a page, written as `li.na:data_officer`."""
    user, _, role = on_page_of.rpartition(":")
    return user, Role(role)


def returns(
    out: Annotated[
        Path | None,
        typer.Option("--out", help="写退回表的文件夹 / folder for the return workbooks", show_default=False),
    ] = None,
    sender: Annotated[
        str | None, typer.Option("--sender", help="只要这个报送单位 / this sender only")
    ] = None,
    on_page_of: OnPageOf = None,
    reason: Annotated[str, typer.Option("--reason", hidden=True)] = "shouhu returns --out",
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """列出待改正的问题，按报送单位写退回表 / list what is open, write one return workbook per sender.

    Without --out only the list is shown. The workbooks hold the senders' own rows with names: each goes back to its
    sender only, and every one is logged.

    Example: shouhu returns --out returns --sender 响泉村 --store S
    """
    settings = cli.settings_for(store_dir, lang)
    with cli.told_plainly(lang):
        connection = _registry(settings, lang)
        try:
            items = open_items.open_items(connection)
        finally:
            connection.close()
        if sender is not None:
            items = _of_sender(items, sender, lang)
        written = []
        if out is not None and items:
            vault = cli.vault_for(settings)
            subjects = sorted({f"delivery/{item.delivery.delivery}" for item in items})
            who = _who_acts(on_page_of) if on_page_of else (OPERATOR, None)
            _log(settings, audit.Action.EXPORTED, subjects, reason, who)
            words = lambda item, message: reach_words(reach(item, message), lang)  # noqa: E731
            written = write_returns(out, items, settings, vault, dt.date.today(), words)
    if as_json:
        files = [{**one._asdict(), "path": str(one.path)} for one in written]
        cli.print_json({"items": [item_json(item, lang) for item in items], "returns": files})
    elif not items:
        cli.output.print(text(lang, "returns.nothing"))
    elif out is None:
        _print_items(items, lang)
    else:
        for one in written:
            line = text(
                lang,
                "returns.written",
                sender=one.sender,
                findings=one.findings,
                rows=one.rows,
                path=one.path,
            )
            cli.output.print(line, markup=False)
        cli.output.print(text(lang, "returns.confidential"))
    raise typer.Exit(cli.PROBLEMS if items else cli.GOOD)


def _of_sender(items: list[Item], sender: str, lang: str) -> list[Item]:
    chosen = [item for item in items if item.delivery.sender == sender]
    if not chosen:
        known = text(lang, "mark.between_words").join(sorted({item.delivery.sender or "—" for item in items}))
        cli.stop(text(lang, "returns.no_such_sender", sender=sender, known=known))
    return chosen


def _print_items(items: list[Item], lang: str) -> None:
    table = Table(title=text(lang, "returns.title", total=len(items)), title_justify="left", show_lines=True)
    for key in ("sender", "place", "severity", "problem", "touched"):
        table.add_column(text(lang, f"returns.{key}"), overflow="fold")
    for item in items[:LINES_SHOWN]:
        place = " / ".join(
            str(part) for part in (item.delivery.delivery, item.delivery.file, item.sheet, item.row) if part
        )
        problems = "\n".join(f"{m.heading or ''} {finding(m, lang)}".strip() for m in item.messages)
        whole = reach_of(item)
        severity = text(lang, f"returns.severity_{item.severity}")
        table.add_row(item.delivery.sender or "—", place, severity, problems, reach_words(whole, lang))
    cli.output.print(table, markup=False)


def resolve(
    delivery: Annotated[
        str,
        typer.Argument(
            help="报送代号（见 shouhu returns）/ delivery, as shouhu returns names it", show_default=False
        ),
    ],
    how: Annotated[str, typer.Option("--how", help="accept | withdraw | undo")],
    reason: Annotated[str, typer.Option("--reason", help="原因 / why")],
    who: Annotated[str, typer.Option("--by", help="处理人 / who decides")],
    sheet: Annotated[str | None, typer.Option("--sheet", help="工作表 / sheet")] = None,
    row: Annotated[int | None, typer.Option("--row", help="行号 / row")] = None,
    number: Annotated[
        int | None, typer.Option("--number", help="undo：要撤销的处理号 / decision to take back")
    ] = None,
    on_page_of: OnPageOf = None,
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """人工处理一个待改正的问题 / close an open item by hand, or take such a decision back.

    accept takes a rejected row in as it was sent, with the failed checks waived and recorded; withdraw closes it
    without taking it in. Logged.

    Example: shouhu resolve 3f2a91c07b44 --sheet 台账 --row 7 --how accept --reason 已电话核实 --by 李娜 --store S
    """
    if how not in (*BY_HAND, "undo"):
        raise typer.BadParameter(f"--how: expected accept, withdraw or undo, found {how!r}")
    settings = cli.settings_for(store_dir, lang)
    with cli.told_plainly(lang):
        vault = cli.vault_for(settings)
        connection = _registry(settings, lang)
        try:
            known = deliveries.known_delivery(connection, delivery)
            if known is None:
                raise ResolutionProblem("no_delivery", delivery=delivery)
            if how == "undo":
                made = resolutions.undo(connection, number or 0, reason, who, _now())
            else:
                place = (known.delivery, sheet, row)
                made = resolutions.resolve(settings, vault, connection, place, how, reason, who, _now())
        except ResolutionProblem as problem:
            values = {**problem.details, "lacking": problem.details.get(lang, "")}
            cli.stop(text(lang, f"returns.problem_{problem.code}", **values))
        finally:
            connection.close()
        subject = f"resolution/{made.number}/{known.delivery}"
        if on_page_of:
            _log(settings, audit.Action.OVERRIDDEN, [subject], reason, _who_acts(on_page_of))
        else:
            _log(settings, audit.Action.OVERRIDDEN, [subject], f"{who}: {reason}")
    _tell(made, lang, as_json)


def _tell(made: Resolution, lang: str, as_json: bool) -> None:
    if as_json:
        cli.print_json(made._asdict())
        return
    how = text(lang, f"returns.how_{made.how}", **({"undoes": made.undoes} if made.undoes else {}))
    cli.output.print(text(lang, "returns.decided", number=made.number, how=how), markup=False)


def forget(
    child: Annotated[str, typer.Argument(help="儿童代号 / child_id", show_default=False)],
    reason: Annotated[str, typer.Option("--reason", help="原因 / why")],
    who: Annotated[str, typer.Option("--by", help="处理人 / who decides")],
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """按删除申请删去一名儿童的身份信息，数字不变 / remove a child's identity on request; every count stays.

    It cannot be undone, and backups made before still hold the identity. Stop the server first. Logged.

    Example: shouhu forget c0a1b2c3d4e5f60718293 --reason 监护人申请 --by 李娜 --store S
    """
    settings = cli.settings_for(store_dir, lang)
    if not reason.strip() or not who.strip():
        cli.stop(text(lang, "returns.problem_reason_missing"))
    with cli.told_plainly(lang):
        vault = cli.vault_for(settings)
        _registry(settings, lang).close()
        try:
            done = forget_child(settings, vault, child, _now())
        except UnknownChild:
            cli.stop(text(lang, "returns.unknown_child", child=child))
        _log(settings, audit.Action.OVERRIDDEN, [child], f"{who}: {reason}")
    if as_json:
        cli.print_json(done._asdict())
        return
    counts = {name: value for name, value in done._asdict().items() if name not in ("child_id", "unsearched")}
    cli.output.print(text(lang, "returns.forgotten", **counts), markup=False)
    if done.unsearched:
        cli.output.print(text(lang, "returns.unsearched", n=done.unsearched))
