"""`shouhu account`: who may sign in to a store, in which role, for which areas."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from dashboard import accounts
from dashboard.access import Role
from dashboard.commands import calls as cli
from dashboard.desk import Desk, open_desk
from dashboard.texts import text
from registry import store

app = typer.Typer(no_args_is_help=True, help="账号 / accounts: add, list, password, disable")
User = Annotated[str, typer.Argument(help="账号 / account name", show_default=False)]


def _desk(store_dir: object, lang: str) -> Desk:
    settings = cli.settings_for(store_dir, lang)  # type: ignore[arg-type]
    if not store.manifest(settings.store):
        cli.stop(text(lang, "cli.no_store", path=settings.store))
    return open_desk(settings.store)


def _new_password(lang: str) -> str:
    """Asked for twice without showing it, or one line of standard input where that is no terminal."""
    return str(typer.prompt(text(lang, "cli.password"), hide_input=True, confirmation_prompt=True, err=True))


@app.command("add")
def add(
    user: User,
    role: Annotated[Role, typer.Option("--role", help="角色 / role")],
    area: Annotated[list[str], typer.Option("--area", help="区划代码，可多次 / area code, may be repeated")],
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
) -> None:
    """新建账号 / make an account; the password is asked for.

    Example: shouhu account add li.na --role planner --area 530902 --store S
    """
    desk = _desk(store_dir, lang)
    try:
        accounts.create_user(desk, user, _new_password(lang), role, tuple(area))
    except accounts.AccountError as problem:
        cli.stop(text(lang, "cli.account_problem", problem=problem))
    cli.output.print(text(lang, "cli.account_made", user=user), markup=False)


@app.command("list")
def list_all(store_dir: cli.Store = None, lang: cli.Lang = "zh", as_json: cli.AsJson = False) -> None:
    """列出账号 / list the accounts.

    Example: shouhu account list --store S
    """
    found = accounts.list_accounts(_desk(store_dir, lang))
    if as_json:
        cli.print_json({"accounts": [{**one._asdict(), "areas": list(one.areas)} for one in found]})
        return
    table = Table()
    for key in ("user", "role", "area", "status"):
        table.add_column(text(lang, f"cli.{key}"))
    for one in found:
        state = text(lang, "cli.account_disabled" if one.is_disabled else "cli.account_open")
        table.add_row(one.user, text(lang, f"role.{one.role}"), ", ".join(one.areas), state)
    cli.output.print(table)


@app.command("password")
def password(user: User, store_dir: cli.Store = None, lang: cli.Lang = "zh") -> None:
    """改口令 / set a new password; open sign-ins end at once.

    Example: shouhu account password li.na --store S
    """
    try:
        accounts.set_password(_desk(store_dir, lang), user, _new_password(lang))
    except accounts.AccountError as problem:
        cli.stop(text(lang, "cli.account_problem", problem=problem))
    cli.output.print(text(lang, "cli.password_set", user=user), markup=False)


@app.command("disable")
def disable(user: User, store_dir: cli.Store = None, lang: cli.Lang = "zh") -> None:
    """停用账号 / close an account; open sign-ins end at once.

    Example: shouhu account disable li.na --store S
    """
    try:
        accounts.disable_user(_desk(store_dir, lang), user)
    except accounts.AccountError as problem:
        cli.stop(text(lang, "cli.account_problem", problem=problem))
    cli.output.print(text(lang, "cli.account_closed", user=user), markup=False)
