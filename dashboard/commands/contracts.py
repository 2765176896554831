"""`shouhu contracts`: the tables, and the data dictionary made from their contracts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from dashboard.commands import calls as cli
from dashboard.texts import text
from data_contracts import dictionary
from data_contracts.contract import contracts
from data_contracts.forms import forms

app = typer.Typer(help="数据契约与数据字典 / contracts and dictionary", no_args_is_help=True)
WRITERS = {".md": dictionary.as_markdown, ".html": dictionary.as_html}


@app.command("list")
def list_contracts(lang: cli.Lang = "zh", as_json: cli.AsJson = False) -> None:
    """所有数据表 / all tables, with owner, section, columns and the forms that write them.

    Example: shouhu contracts list --json
    """
    cli.settings_for(None, lang)
    rows = [
        {
            "table": one.name, "zh": one.zh, "en": one.en, "owner": one.owner, "clause": one.clause,
            "key": list(one.key), "columns": [column.name for column in one.columns],
            "forms": [form.id for form in forms().values() if any(t.table == one.name for t in form.tables)],
        }
        for one in contracts().values()
    ]  # fmt: skip
    if as_json:
        cli.print_json({"contracts": rows})
        return
    table = Table(title=text(lang, "cli_contracts.title", n=len(rows)), title_justify="left")
    for key in ("table", "owner", "clause", "columns", "forms"):
        table.add_column(text(lang, f"cli_contracts.{key}"), overflow="fold")
    for contract, row in zip(contracts().values(), rows, strict=True):
        named = text(lang, "mark.between_words").join(getattr(forms()[one], lang) for one in row["forms"])
        owner = dictionary.owner_words(contract, lang)
        table.add_row(
            getattr(contract, lang), owner, contract.clause, str(len(contract.columns)), named or "—"
        )
    cli.output.print(table)


@app.command("docs")
def docs(
    out: Annotated[Path, typer.Option("--out", help="FILE.md | FILE.html")],
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """写出数据字典 / write the data dictionary.

    Example: shouhu contracts docs --out 数据字典.html
    """
    cli.settings_for(None, lang)
    if out.suffix not in WRITERS:
        raise typer.BadParameter(f"--out: expected a name ending in .md or .html, found {out.name!r}")
    if not out.parent.is_dir():
        cli.stop(text(lang, "cli.no_such_path", path=out.parent))
    out.write_text(WRITERS[out.suffix](lang), "utf-8")
    if as_json:
        n_columns = sum(len(one.columns) for one in contracts().values())
        cli.print_json({"path": str(out), "tables": len(contracts()), "columns": n_columns})
    else:
        cli.output.print(text(lang, "cli_contracts.written", path=out))
