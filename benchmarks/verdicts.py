"""Judging after an intake: only what a delivery changed, beside every table, as it was before.

Run: python -m benchmarks.verdicts [--children N] [--kept FOLDER]      (writes results/verdicts.json)
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from benchmarks import measuring
from data_contracts.judging.verdicts import KEPT, verdicts
from registry import store

CHANGED = ("visit", "person")  # what a township's quarter of visits touches
ROUNDS = 2


def forget(kept: Path) -> None:
    """Take the verdicts of the changed tables out of the file."""
    found = json.loads(kept.read_text("utf-8"))
    store.write_json(kept, {name: one for name, one in found.items() if name not in CHANGED})


def main(
    children: Annotated[int, typer.Option("--children", min=150)] = 1000,
    kept: Annotated[Path | None, typer.Option("--kept", help="a district to make once and keep")] = None,
) -> None:
    """Measure, and write results/verdicts.json."""
    with measuring.demo_district(children, kept) as (folder, _):
        path = folder / "registry.duckdb"
        every = verdicts(path, anew=True).results

        def changed() -> None:
            forget(path.with_name(KEPT))
            if verdicts(path).results != every:
                raise SystemExit("expected the verdicts that judging every table gives, found others")

        seconds = measuring.in_turn(
            {
                "every table": lambda: verdicts(path, anew=True),
                "changed tables": changed,
                "nothing": lambda: verdicts(path),
            },
            ROUNDS,
        )
    measured = {
        "rounds": ROUNDS,
        "verdicts_compared": len(every),
        "ratios": {
            "judging every table, beside two changed ones": measuring.ratio(
                seconds, "every table", "changed tables"
            ),
            "judging every table, beside none changed": measuring.ratio(seconds, "every table", "nothing"),
        },
        "shares": {},
    }
    typer.echo(measuring.write_result("verdicts", children, measured))


if __name__ == "__main__":
    typer.run(main)
