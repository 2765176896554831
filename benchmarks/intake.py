"""Taking a district's ledgers in, beside reading the same files with calamine and judging nothing.

Run: python -m benchmarks.intake [--children N] [--kept FOLDER]
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from python_calamine import CalamineWorkbook

from benchmarks import measuring
from dashboard.commands.calls import vault_for
from dashboard.commands.intake import take_in
from data_contracts.arriving import files_in
from registry.readers import Limits, Unreadable, read_many
from registry.settings import Settings

RECEIVED_ON = dt.date(2026, 11, 24)


def calamine_only(ledgers: Path) -> int:
    """Filled cells of every spreadsheet, and of every csv by its commas: the least that reading can be."""
    cells = 0
    for _, path in files_in([ledgers]):
        content = path.read_bytes()
        if path.suffix == ".csv":
            cells += sum(line.count(b",") + 1 for line in content.splitlines())
            continue
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            for name in workbook.sheet_names:
                cells += sum(
                    1 for row in workbook.get_sheet_by_name(name).iter_rows() for cell in row if cell != ""
                )
    return cells


def read_apart(ledgers: Path) -> int:
    """Rows of every file through our own reader: a process with limits, text and kind of every cell."""
    items = [(name, path.read_bytes()) for name, path in files_in([ledgers])]
    readings = [answer for _, answer in read_many(items, Limits()) if not isinstance(answer, Unreadable)]
    return sum(len(sheet.rows) for reading in readings for sheet in reading.sheets)


def main(
    children: Annotated[int, typer.Option("--children", min=150)] = 2000,
    kept: Annotated[Path | None, typer.Option("--kept", help="a district to make once and keep")] = None,
) -> None:
    """Measure, and write results/intake.json."""
    with measuring.demo_district(children, kept) as (_, ledgers), tempfile.TemporaryDirectory() as folder:
        number = itertools.count()

        def whole() -> int:
            place = Path(folder) / str(next(number))
            settings = Settings(store=place / "store", key_file=Path(folder) / "key")
            vault = vault_for(settings, create=True)
            outcomes = take_in(settings, vault, [ledgers], RECEIVED_ON, None, demo=True, quiet=True)
            return sum(outcome.delivery.rows_read for outcome in outcomes)

        rows = whole()
        if not (rows and calamine_only(ledgers) and rows <= read_apart(ledgers)):
            raise SystemExit("expected every row of the account among the rows read, found more or none")
        seconds = measuring.in_turn(
            {
                "intake": whole,
                "reading apart": lambda: read_apart(ledgers),
                "calamine": lambda: calamine_only(ledgers),
            }
        )
    reading = sum(seconds["reading apart"]) / sum(seconds["intake"])
    measured = {
        "rows_read": rows,
        "ratios": {
            "intake beside calamine alone": measuring.ratio(seconds, "intake", "calamine"),
            "our reader beside calamine alone": measuring.ratio(seconds, "reading apart", "calamine"),
        },
        "shares": {"intake": {"reading apart": reading, "judging, sealing and storing": 1 - reading}},
    }
    typer.echo(measuring.write_result("intake", children, measured))


if __name__ == "__main__":
    typer.run(main)
