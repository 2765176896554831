"""`shouhu form`: the four-colour form on the same children, and where it differs from the lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.table import Table

from dashboard.commands import calls as cli
from dashboard.commands.building import snapshot_for
from dashboard.commands.calls import rows_of
from dashboard.texts import text
from models.screening.four_colour.comparing import (
    LEVELS,
    TARGETS,
    Compared,
    compare,
    count_kinds,
    matrix,
    worked_cases,
)
from models.screening.four_colour.form import COLOURS, filled_cases
from models.screening.four_colour.form import form as shipped_form
from models.screening.four_colour.scoring import READINGS


def form(
    as_of: Annotated[str | None, typer.Option("--as-of", help="截止日期 / as of this day")] = None,
    reading: Annotated[
        str,
        typer.Option(
            "--reading", help="空白读法 / a blank: filled (0) | low (worst answer) | high (best answer)"
        ),
    ] = "high",
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """四色评估表与名单对照 / the four-colour form beside the lists, child by child.

    Compares only: nothing is ranked by it, and no names come with it.  JSON has all three readings of a blank.
    Example: shouhu form --store S
    """
    if reading not in READINGS:
        raise typer.BadParameter(f"--reading: expected filled, low or high, found {reading!r}")
    settings = cli.settings_for(store_dir, lang)
    with cli.told_plainly(lang):
        connection, pointer = snapshot_for(settings, cli.day(as_of), None, quiet=as_json)
        children = compare(lambda sql: rows_of(connection, sql))
        cases = worked_cases(lambda sql: rows_of(connection, sql))
    if as_json:
        cli.print_json({"as_of": pointer["as_of"], "build_id": pointer["build_id"], **told(children, cases)})
        return
    _print(children, reading, lang)


def told(children: Sequence[Compared], cases: dict[str, Compared]) -> dict[str, Any]:
    """The comparison as one document: counts by reading, every child on both sides, the form's own failing cases."""
    return {
        "form": shipped_form().id,
        "readings": {
            reading: {
                "matrix": matrix(children, reading),
                "colours": {
                    colour: sum(row[colour] for row in matrix(children, reading).values())
                    for colour in COLOURS
                },
                "differences": count_kinds(children, reading),
            }
            for reading in READINGS
        },
        "holes": list(shipped_form().holes()),
        "children": [_child(child) for child in children],
        "cases": [
            {"case": case.id, "title_zh": case.zh, "title_en": case.en, **_on_form(cases[case.id], "filled")}
            for case in filled_cases()
        ],
    }


def _child(child: Compared) -> dict[str, Any]:
    return {
        "child_id": child.child_id,
        "village_code": child.village_code,
        "ours": {"level": child.level, **{target: child.levels.get(target) for target in TARGETS}},
        "form": {reading: _on_form(child, reading) for reading in READINGS},
        "knocked_out": list(child.hits),
        "blank": [item for item, points in child.answers.items() if points is None],
        "answers": {item: points for item, points in child.answers.items() if points is not None},
    }


def _on_form(child: Compared, reading: str) -> dict[str, Any]:
    return {
        "colour": child.colours[reading],
        "coded": child.coded[reading],
        "tables": {name: one._asdict() for name, one in child.tables[reading].items()},
        "differences": list(child.differs(reading)),
    }


def _print(children: Sequence[Compared], reading: str, lang: str) -> None:
    title = text(lang, "form.cli.title", n=len(children), reading=text(lang, f"form.readings.{reading}"))
    table = Table(title=title, title_justify="left")
    table.add_column(text(lang, "form.ours"), overflow="fold")
    for colour in COLOURS:
        table.add_column(text(lang, f"form.colours.{colour}"), justify="right")
    counted = matrix(children, reading)
    for level in LEVELS:
        table.add_row(
            text(lang, f"form.levels.{level}"), *(str(counted[level][colour]) for colour in COLOURS)
        )
    cli.output.print(table)
    cli.output.print(text(lang, "form.cli.counts", **count_kinds(children, reading)))
