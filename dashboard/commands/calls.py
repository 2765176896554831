"""What all commands share: options, progress on standard error, one JSON document on standard output."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

from dashboard.texts import text
from registry import store
from registry.settings import Settings
from registry.store import NoSnapshot, StoreBusy, StoreProblem
from registry.vault import KeyProblem, Vault, load_key

GOOD, PROBLEMS, WRONG_CALL = 0, 1, 2

Store = Annotated[
    Path | None,
    typer.Option(
        "--store",
        envvar="SHOUHU_STORE",
        help="数据文件夹 / the store's folder (default ./store)",
        show_default=False,
    ),
]
Lang = Annotated[str, typer.Option("--lang", help="zh | en")]
AsJson = Annotated[bool, typer.Option("--json", help="一份 JSON / one JSON document on standard output")]

errors = Console(stderr=True, highlight=False)
output = Console(highlight=False)


def day(value: str | None) -> dt.date | None:
    """A day written as 2026-09-30; typer.BadParameter otherwise."""
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise typer.BadParameter(f"expected a day such as 2026-09-30, found {value!r}") from None


def settings_for(store: Path | None, lang: str) -> Settings:
    """Settings of a call; a wrong language is a wrong call."""
    if lang not in ("zh", "en"):
        raise typer.BadParameter(f"--lang: expected zh or en, found {lang!r}")
    return Settings.from_environment(store, lang)


def vault_for(settings: Settings, create: bool = False) -> Vault:
    """The key of this installation; tells where a new one lies and that it must be backed up."""
    vault, made = load_key(settings.key_file, create)
    if made:
        errors.print(text(settings.lang, "cli.key_made", path=settings.key_file))
    return vault


def print_json(document: Any) -> None:
    """One JSON document on standard output."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=1, sort_keys=False, default=_plain)
    sys.stdout.write("\n")


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return float(value)


def stop(message: str, code: int = WRONG_CALL) -> NoReturn:
    """Say why on standard error and end with that code."""
    errors.print(message)
    raise typer.Exit(code)


@contextmanager
def told_plainly(lang: str) -> Iterator[None]:
    """Turn what can go wrong with a store into one plain sentence and exit code 2."""
    try:
        yield
    except NoSnapshot:
        stop(text(lang, "cli.no_snapshot"))
    except StoreBusy:
        stop(text(lang, "cli.store_busy"))
    except KeyProblem as problem:
        stop(text(lang, "cli.key_problem", problem=problem))
    except StoreProblem as problem:
        stop(text(lang, "cli.store_problem", problem=problem))


def step_printer(quiet: bool) -> Callable[[str], None]:
    """Progress on standard error: one line that is written over where it is a terminal, silent otherwise."""
    if quiet or not errors.is_terminal:
        return lambda _: None

    def show(what: str) -> None:
        errors.print(f"\r\x1b[2K{what[-90:]}", end="")

    return show


def rows_of(connection: store.Connection, sql: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
    """The rows of a query as dictionaries."""
    found = connection.execute(sql, values)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
