"""The visit list beside one hand-written query for the points of the same card.

Both start from the facts (`fact_wide`).  Ours also judges every rule, gives bounds, reasons and receipts.
Run: python -m benchmarks.screening [--children N] [--kept FOLDER]
"""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks import measuring
from models.engines import DuckDbEngine
from models.facts import create_facts
from models.screening.rulebook.card import default_cards
from models.screening.rulebook.lanes import tiers_of
from models.screening.scoring import rank_children, score
from notebooks.district import working_copy
from registry import store

POINTS = """
SELECT child_id,
  CASE WHEN days_since_home_visit IS NULL THEN 3 WHEN days_since_home_visit < 30 THEN 0
    WHEN days_since_home_visit < 90 THEN 1 WHEN days_since_home_visit < 180 THEN 3 ELSE 5 END
  + CASE WHEN days_since_contact IS NULL THEN 2 WHEN days_since_contact < 8 THEN 0
    WHEN days_since_contact < 29 THEN 2 ELSE 4 END
  + CASE WHEN carer_age IS NULL THEN 1 WHEN carer_age < 65 THEN 0 WHEN carer_age < 75 THEN 1 ELSE 3 END
  + CASE carer_capacity WHEN 'yes' THEN 0 WHEN 'no' THEN 4 ELSE 2 END
  + CASE WHEN missed_visits IS NULL THEN 1 WHEN missed_visits < 1 THEN 0
    WHEN missed_visits < 2 THEN 1 ELSE 3 END
  + CASE WHEN unexcused_absence_days IS NULL THEN 1 WHEN unexcused_absence_days < 1 THEN 0
    WHEN unexcused_absence_days < 3 THEN 1 ELSE 3 END
  + CASE WHEN open_concerns IS NULL THEN 1 WHEN open_concerns < 1 THEN 0
    WHEN open_concerns < 2 THEN 2 ELSE 3 END
  + CASE WHEN carer_changed IS NULL THEN 1 WHEN carer_changed THEN 2 ELSE 0 END
  + CASE WHEN months_both_away IS NULL THEN 1 WHEN months_both_away < 1 THEN 0
    WHEN months_both_away < 12 THEN 1 ELSE 2 END AS points
FROM fact_wide
"""


def check_equal(connection: store.Connection) -> int:
    """How many children are on the list, after seeing that both ways give each the same points."""
    ours = dict(store.run(connection, "SELECT child_id, points FROM screening_visit"))
    by_hand = dict(store.run(connection, POINTS))
    different = [child for child, points in ours.items() if by_hand.get(child) != points]
    if different or not ours:
        raise SystemExit(f"{len(different)} of {len(ours)} children have other points")
    return len(ours)


def parts(engine: DuckDbEngine, as_of: date) -> dict[str, float]:
    """Seconds of the facts, and of each target's list with and without its reasons."""
    seconds: dict[str, float] = {}

    def timed(name: str, thing: Any) -> None:
        started = time.perf_counter()
        thing()
        seconds[name] = time.perf_counter() - started

    timed("facts", lambda: create_facts(engine, as_of))
    for target, card in default_cards().items():
        rules = tiers_of(target)
        timed(f"{target}: ranks", lambda: rank_children(engine, as_of, rules, card))  # noqa: B023
        timed(f"{target}: with reasons", lambda: score(engine, as_of, target, card))  # noqa: B023
        seconds[f"{target}: reasons and open questions"] = max(
            seconds.pop(f"{target}: with reasons") - seconds[f"{target}: ranks"], 0.0
        )
    return seconds


def main(
    children: Annotated[int, typer.Option("--children", min=150)] = 2000,
    kept: Annotated[Path | None, typer.Option("--kept", help="a district to make once and keep")] = None,
) -> None:
    """Measure, and write results/screening.json."""
    with measuring.demo_district(children, kept) as (folder, _):
        connection = working_copy(folder)
        engine, as_of = DuckDbEngine(connection), date.fromisoformat(store.current(folder)["as_of"])
        listed = check_equal(connection)
        card, rules = default_cards()["visit"], tiers_of("visit")
        seconds = measuring.in_turn(
            {
                "whole list": lambda: score(engine, as_of, "visit", card),
                "ranks alone": lambda: rank_children(engine, as_of, rules, card),
                "points by hand": lambda: store.run(connection, POINTS),
            }
        )
        shares = measuring.shares(parts(engine, as_of))
        inside = measuring.inside_duckdb(
            connection, lambda timed: score(DuckDbEngine(timed), as_of, "visit", card)
        )
        connection.close()
    measured = {
        "children_compared": listed,
        "ratios": {
            "ranks beside the points by hand": measuring.ratio(seconds, "ranks alone", "points by hand"),
            "the whole list beside the points by hand": measuring.ratio(
                seconds, "whole list", "points by hand"
            ),
        },
        "shares": {"screening": shares, "visit list": inside},
    }
    typer.echo(measuring.write_result("screening", children, measured))


if __name__ == "__main__":
    typer.run(main)
