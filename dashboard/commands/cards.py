"""`shouhu cards`: cards and rules checked line by line, before anybody uses them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from dashboard.commands import calls as cli
from dashboard.texts import text
from models.complaints import Complaint
from models.screening.rulebook import card, lanes

app = typer.Typer(help="评分卡与规则的检查 / cards and rules, checked", no_args_is_help=True)
CARD, RULES = "card", "rules"
_OF_RULES = re.compile(r"^\s*(\[\[rules\]\]|\[tiers\.|order\s*=)", re.MULTILINE)


def complaints_about(content: str, file: str) -> tuple[str, list[Complaint]]:
    """(`card` or `rules`, what is wrong): rules are known by their tiers, everything else is read as a card."""
    if _OF_RULES.search(content):
        return RULES, lanes.lint(content, file)
    return CARD, card.lint(content, file)


@app.command("lint")
def lint(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="评分卡或规则文件 / cards or rules, as TOML", metavar="FILE…", show_default=False
        ),
    ],
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """检查评分卡与规则文件 / check cards and rules: file, line, what was expected, what was found.

    Exit code 0 where all is good, 1 where a file is refused, 2 where one cannot be read.

    Example: shouhu cards lint my_card_v2.toml --lang en
    """
    cli.settings_for(None, lang)
    told = []
    for file in files:
        try:
            content = file.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            cli.stop(text(lang, "cli_cards.unreadable", path=file))
        told.append((str(file), *complaints_about(content, str(file))))
    if as_json:
        cli.print_json(
            {"files": [{"file": name, "kind": kind, "good": not wrong,
                        "complaints": [one.document(lang) for one in wrong]} for name, kind, wrong in told]}
        )  # fmt: skip
    else:
        for name, kind, wrong in told:
            for one in wrong:
                cli.output.print(one.sentence(lang), markup=False, soft_wrap=True)
            key = f"cli_cards.{'refused' if wrong else 'good'}_{kind}"
            cli.output.print(text(lang, key, file=name, n=len(wrong)), markup=False, soft_wrap=True)
    raise typer.Exit(cli.PROBLEMS if any(wrong for *_, wrong in told) else cli.GOOD)
