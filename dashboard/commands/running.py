"""`shouhu demo`, `shouhu serve`, `shouhu template`, `shouhu report`: running it and handing things out."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from dashboard.commands import building, intake
from dashboard.commands import calls as cli
from dashboard.texts import text
from registry import deliveries, store
from registry.settings import Settings

DEMO_AS_OF = "2026-09-30"
PORT = 8501


def demo(
    children: Annotated[int, typer.Option("--children", min=20, help="儿童人数 / number of children")] = 2000,
    seed: Annotated[int, typer.Option("--seed", help="随机种子 / seed")] = 1,
    as_of: Annotated[str, typer.Option("--as-of", help="截止日期 / as of this day")] = DEMO_AS_OF,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="不打开网页 / stop before serving")] = False,
    broken: Annotated[
        str | None, typer.Option("--break", help="埋入一种错误 / plant one check's fault")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="保留生成的台账 / keep the ledgers here")] = None,
    port: Annotated[int, typer.Option("--port", help="端口 / port")] = PORT,
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """虚构的区：生成台账，收取，计算，打开网页 / an invented district, made as ledgers, taken in, built, served.

    Example: shouhu demo --children 300 --no-serve
    """
    from data_contracts.demo import breakable_checks, make_district

    settings = cli.settings_for(store_dir, lang)
    day = cli.day(as_of) or dt.date.fromisoformat(DEMO_AS_OF)
    if broken and broken not in breakable_checks():
        cli.stop(text(lang, "cli.unknown_check", name=broken, known=", ".join(breakable_checks())))
    if store.manifest(settings.store) and not store.manifest(settings.store).get("demo"):
        cli.stop(text(lang, "cli.demo_not_empty", path=settings.store))
    with cli.told_plainly(lang), tempfile.TemporaryDirectory(prefix="shouhu-demo-") as temporary:
        vault = cli.vault_for(settings, create=True)
        folder = out or Path(temporary)
        cli.errors.print(text(lang, "cli.demo_making", children=children))
        make_district(folder, children=children, seed=seed, as_of=day, break_check=broken)
        if _holds_other_files(settings, folder):
            cli.stop(text(lang, "cli.demo_not_empty", path=settings.store))
        cli.errors.print(text(lang, "cli.demo_taking_in"))
        outcomes = intake.take_in(settings, vault, [folder], dt.date.today(), None, demo=True, quiet=as_json)
        built = building.build_with_checks(settings, day, quiet=as_json)
    if as_json:
        files = [intake.file_json(outcome, lang) for outcome in outcomes]
        cli.print_json({"files": files, **building.built_json(built)})
    else:
        accepted = sum(outcome.delivery.rows_accepted for outcome in outcomes)
        cli.errors.print(text(lang, "cli.demo_taken_in", files=len(outcomes), rows=f"{accepted:,}"))
        shown = {**building.built_json(built), "rows": f"{built.rows:,}"}
        cli.errors.print(text(lang, "cli.built", **{k: v for k, v in shown.items() if k != "known_on"}))
    if not no_serve:
        _serve_demo(settings, port)
    raise typer.Exit(cli.PROBLEMS if intake.has_problems(outcomes) else cli.GOOD)


def _holds_other_files(settings: Settings, folder: Path) -> bool:
    """Whether the store already holds another district than the one that was just made."""
    if not settings.registry_path.exists():
        return False
    made = {deliveries.fingerprint(path.read_bytes()) for path in folder.rglob("*") if path.is_file()}
    connection = store.open_file(settings.registry_path, read_only=True)
    try:
        held = {row[0] for row in store.run(connection, "SELECT sha256 FROM delivery")}
    finally:
        connection.close()
    return not held <= made


def _serve_demo(settings: Settings, port: int) -> None:
    from dashboard import server
    from dashboard.accounts import make_demo_users, mark_as_demo
    from dashboard.desk import open_desk

    desk = open_desk(settings.store)
    mark_as_demo(desk)
    users = make_demo_users(desk)
    cli.errors.print(text(settings.lang, "cli.demo_users"))
    for user, password, role in users:
        words = text(settings.lang, f"role.{role}")
        cli.errors.print(f"  {text(settings.lang, 'cli.user')} {user}   "
                         f"{text(settings.lang, 'cli.password')} {password}   {words}", markup=False)  # fmt: skip
    cli.errors.print(text(settings.lang, "cli.demo_serving", url=f"http://localhost:{port}"))
    server.serve(settings.store, port, settings.lang)


def serve(
    port: Annotated[int, typer.Option("--port", help="端口 / port")] = PORT,
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
) -> None:
    """打开网页 / serve the pages, on this machine only.

    Example: shouhu serve --store S --port 8501
    """
    from dashboard import server
    from dashboard.accounts import list_accounts
    from dashboard.desk import open_desk

    settings = cli.settings_for(store_dir, lang)
    with cli.told_plainly(lang):
        store.current(settings.store)
        if not list_accounts(open_desk(settings.store)):
            cli.errors.print(text(lang, "cli.no_accounts"), markup=False)
        server.serve(settings.store, port, settings.lang)


def template(
    form: Annotated[str, typer.Argument(help="表 / form or table", show_default=False)],
    out: Annotated[Path, typer.Option("--out", help="输出文件 / file to write")],
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """空白表 / a blank ledger with drop-downs and hints.

    Example: shouhu template visits --out 走访.xlsx
    """
    from data_contracts.contract import contracts
    from data_contracts.forms import forms
    from data_contracts.template import write_template

    cli.settings_for(None, lang)
    if form not in forms() and form not in contracts():
        cli.stop(text(lang, "cli.unknown_table", name=form, known=", ".join(forms())))
    write_template(form, out, lang)
    if as_json:
        cli.print_json({"path": str(out)})
    else:
        cli.output.print(text(lang, "cli.template_made", path=out))


def report(
    period: Annotated[str, typer.Option("--period", help="2026Q3 …")],
    out: Annotated[Path, typer.Option("--out", help=".xlsx, .html, .docx")],
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """督查材料 / the supervision pack.

    Example: shouhu report --period 2026Q3 --out 督查.xlsx --store S
    """
    from dashboard.exports import MissingExtra, UnknownPeriod, make_pack

    settings = cli.settings_for(store_dir, lang)
    if out.suffix not in (".xlsx", ".html", ".docx"):
        cli.stop(text(lang, "cli.report_type", found=out.suffix or "—"))
    with cli.told_plainly(lang):
        connection = store.open_snapshot(settings.store)
        try:
            pack = make_pack(connection, period, out, lang)
        except UnknownPeriod:
            cli.stop(text(lang, "cli.unknown_period", period=period))
        except MissingExtra:
            cli.stop(text(lang, "cli.report_needs_extra"))
    if as_json:
        cli.print_json({"path": str(pack.path), "build_id": pack.build_id, "sha256": pack.sha256})
    else:
        cli.output.print(
            text(lang, "cli.report_made", path=pack.path, build_id=pack.build_id, digest=pack.sha256[:12])
        )
