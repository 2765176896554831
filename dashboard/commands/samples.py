"""`shouhu sample`: what is drawn at random by the program, so that nobody chooses what is looked at."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from dashboard.commands import calls as cli
from dashboard.commands.calls import rows_of
from dashboard.commands.lists import OPERATOR
from dashboard.texts import text
from data_contracts.revisit_sheet import Who, frame_of, write_sheet
from data_contracts.sampling import Sample, SampledVisit, draw
from registry import store
from registry.settings import Settings

app = typer.Typer(help="随机抽样 / draw at random", no_args_is_help=True)


@app.callback()
def _samples() -> None:
    """随机抽样 / draw at random."""


@app.command("revisits")
def revisits(
    period: Annotated[str, typer.Option("--period", help="季度 / quarter, 2026Q3")],
    n: Annotated[int, typer.Option("--n", min=1, help="抽取多少条走访 / how many visits")],
    out: Annotated[Path, typer.Option("--out", help="输出文件 / file to write, .xlsx")],
    seed: Annotated[
        str | None, typer.Option("--seed", help="种子，默认取批次号和季度 / seed, else build and quarter")
    ] = None,
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """抽取现场抽核名单 / draw the visits to be checked on the spot, into a blank sheet.

    Example: shouhu sample revisits --period 2026Q3 --n 40 --out 抽核.xlsx --store S
    """
    settings = cli.settings_for(store_dir, lang)
    with cli.told_plainly(lang):
        pointer = store.current(settings.store)
        connection = store.open_snapshot(settings.store)
        frame = _frame(connection, period, lang)
        sample = draw(frame, n, seed or f"{pointer['build_id']} {period}")
        people = _people(settings, connection, sample)
        write_sheet(sample, people, period, dt.date.today(), out, lang)
    if as_json:
        cli.print_json({"path": str(out), "period": period, "seed": sample.seed, "n_drawn": len(sample.visits),
                        "n_frame": sample.n_frame})  # fmt: skip
        return
    made = text(
        lang, "samples.made", path=out, drawn=len(sample.visits), frame=sample.n_frame, seed=sample.seed
    )
    cli.output.print(made, markup=False)


def _frame(connection: store.Connection, period: str, lang: str) -> list[SampledVisit]:
    """The visits made in that quarter, as the published build knows them; the chosen period must be a quarter."""
    found = store.run(
        connection, "SELECT starts_on, ends_on FROM period WHERE kind = 'quarter' AND period = ?", [period]
    )
    if not found:
        cli.stop(text(lang, "samples.no_such_quarter", period=period))
    visits = store.run(
        connection,
        'SELECT child_id, due_on, visited_on, "mode" FROM visit WHERE visited_on BETWEEN ? AND ? ORDER BY ALL',
        list(found[0]),
    )
    if not visits:
        cli.stop(text(lang, "samples.no_visits", period=period))
    return frame_of(visits)


def _people(settings: Settings, connection: store.Connection, sample: Sample) -> list[Who]:
    """Who the drawn children are, in the order of the sample; each look is logged, as for every list with names."""
    from dashboard import audit
    from dashboard.desk import open_desk

    vault = cli.vault_for(settings)
    known = {
        row["child_id"]: Who(
            row["village"], vault.open(row["name"]), vault.open(row["id_no"]), row["birth_date"]
        )
        for row in rows_of(
            connection,
            'SELECT i.child_id, a."name" AS village, i."name", i.id_no, i.birth_date FROM identity i '
            "LEFT JOIN area a ON a.area_code = i.village_code",
        )
        if row["child_id"] in {visit.child_id for visit in sample.visits}
    }
    desk = open_desk(settings.store)
    with desk.writing() as log:
        for child in sorted(known):
            audit.append_within(log, OPERATOR, None, audit.Action.IDENTITY_VIEWED, child,
                                f"shouhu sample revisits, seed {sample.seed}", desk.clock())  # fmt: skip
    return [known.get(visit.child_id, Who(None, None, None, None)) for visit in sample.visits]
