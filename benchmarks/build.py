"""A build after one more visit ledger beside a full build of the same: how much taking over saves.

Run: python -m benchmarks.build [--children N] [--kept FOLDER]
"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from benchmarks import measuring
from dashboard.commands.calls import vault_for
from dashboard.commands.intake import take_in
from data_contracts.arriving import files_in
from data_contracts.forms import forms
from models.build import Built, build
from registry import store
from registry.settings import Settings

ROUNDS = 3
RECEIVED_ON = dt.date(2026, 11, 24)
AS_OF = dt.date(2026, 9, 30)


def _writes_visits(path: Path) -> bool:
    titles = [
        title
        for form in forms().values()
        if any(target.table == "visit" for target in form.tables)
        for title in (form.zh, *form.titles)
    ]
    return any(title in path.name for title in titles)


def check_equal(settings: Settings, kept: Built, anew: Built) -> int:
    """How many figures there are, after seeing that both builds have the same; exits otherwise."""
    found = []
    for one in (kept, anew):
        connection = store.open_file(settings.snapshots / one.file, read_only=True)
        found.append(store.run(connection, "SELECT * FROM figure"))
        connection.close()
    if found[0] != found[1] or not found[0]:
        raise SystemExit("expected the same figures of both builds, found different ones or none")
    return len(found[0])


def both_ways(settings: Settings, place: Path) -> tuple[float, float, int]:
    """(seconds taking over, seconds in full, figures compared) in a copy of the store."""
    shutil.copytree(settings.store, place)
    copy = Settings(store=place, key_file=settings.key_file)
    kept = build(copy, AS_OF)
    anew = build(copy, AS_OF, full=True)
    return kept.seconds, anew.seconds, check_equal(copy, kept, anew)


def main(
    children: Annotated[int, typer.Option("--children", min=150)] = 2000,
    kept: Annotated[Path | None, typer.Option("--kept", help="a district to make once and keep")] = None,
) -> None:
    """Measure, and write results/build.json."""
    with measuring.demo_district(children, kept) as (_, ledgers), tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        settings = Settings(store=folder / "store", key_file=folder / "key")
        vault = vault_for(settings, create=True)
        paths = [path for _, path in files_in([ledgers])]
        late = next((path for path in reversed(paths) if _writes_visits(path)), None)
        if late is None:
            raise SystemExit("expected a visit ledger among the ledgers, found none")
        earlier = [path for path in paths if path != late]
        take_in(settings, vault, earlier, RECEIVED_ON, None, demo=True, quiet=True)
        build(settings, AS_OF)
        take_in(settings, vault, [late], RECEIVED_ON, None, demo=True, quiet=True)
        runs = [both_ways(settings, folder / str(number)) for number in range(ROUNDS)]
    seconds = {"taking over": [run[0] for run in runs], "in full": [run[1] for run in runs]}
    measured = {
        "figures_compared": runs[0][2],
        "rounds": ROUNDS,
        "ratios": {
            "a full build beside one after a new visit ledger": measuring.ratio(
                seconds, "in full", "taking over"
            )
        },
        "shares": {},
    }
    typer.echo(measuring.write_result("build", children, measured))


if __name__ == "__main__":
    typer.run(main)
