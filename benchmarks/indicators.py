"""The indicators' step of a build beside hand-written DuckDB SQL for the same figures (C2, C12, E1, S3).

Run: python -m benchmarks.indicators [--children N] [--kept FOLDER]
"""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks import measuring
from models.build import build
from models.engines import DuckDbEngine
from models.evaluate import evaluate
from models.measure import indicators
from notebooks.district import working_copy
from registry import store
from registry.settings import Settings

# One query an indicator, as somebody who knows the registry would write it for this one number.
BY_PLACE = """
SELECT '{code}' AS code,
  CASE WHEN village IS NOT NULL THEN 'village' WHEN township IS NOT NULL THEN 'township'
    ELSE 'district' END AS level, coalesce(village, township, district) AS area, period,
  count(*) FILTER (outcome = 'yes') AS yes, count(*) FILTER (outcome = 'no') AS no,
  count(*) FILTER (outcome = 'unknown') AS unknown,
  count(*) FILTER (outcome = 'yes') / nullif(count(*) FILTER (outcome IN ('yes', 'no')), 0) AS value
FROM (SELECT period, outcome, area AS village, area[:9] AS township, area[:6] AS district FROM ({cases}))
GROUP BY period, GROUPING SETS ((village), (township), (district))
"""
CASES = {
    "C2": """
      SELECT p.period, q.village_code AS area, if(q.file_open, 'yes', 'no') AS outcome
      FROM population q JOIN period p ON p.kind = 'quarter' AND p.snapshot_on = q.on_day
      WHERE q.eligibility = 'yes' AND q.listed""",
    "C12": """
      SELECT p.period, k.village_code AS area, CASE
        WHEN v.mode IN ('phone', 'video') THEN 'no'
        WHEN contains(v.invalid, ',visited_on,') THEN 'unknown'
        WHEN v.visited_on IS NULL OR v.visited_on > v.due_on + CAST(p.visit_grace_days AS INTEGER) THEN 'no'
        WHEN v.mode IS NULL THEN 'unknown' ELSE 'yes' END AS outcome
      FROM visit v JOIN period p ON p.kind = 'quarter' AND v.due_on BETWEEN p.starts_on AND p.ends_on
      JOIN known_child k USING (child_id)
      WHERE v.due_on + CAST(p.visit_grace_days AS INTEGER)
        <= (SELECT snapshot_on FROM period WHERE kind = 'snapshot')""",
    "E1": """
      SELECT p.period, q.village_code AS area, CASE
        WHEN s.roster_on <= p.snapshot_on OR s.village = 'enrolled' THEN 'yes'
        WHEN s.village IS NULL THEN 'unknown' ELSE 'no' END AS outcome
      FROM population q JOIN period p ON p.kind = 'term' AND p.snapshot_on = q.on_day
      LEFT JOIN (SELECT child_id, max(status) FILTER (source = 'village') AS village,
        min(coalesce(registered_on, known_on)) FILTER (source = 'school' AND status = 'enrolled') AS roster_on
        FROM schooling GROUP BY child_id) s USING (child_id)
      WHERE q.eligibility = 'yes' AND q.listed
        AND q.age_years BETWEEN p.compulsory_age_from_years AND p.compulsory_age_to_years""",
    "S3": """
      SELECT p.period, h.village_code AS area, CASE
        WHEN h.fixed_on > h.due_on OR h.verified_on > h.due_on THEN 'no'
        WHEN h.fixed_on IS NULL AND NOT contains(h.invalid, ',fixed_on,') THEN 'no'
        WHEN h.verified_on IS NULL AND NOT contains(h.invalid, ',verified_on,') THEN 'no'
        WHEN h.fixed_on IS NULL OR h.verified_on IS NULL THEN 'unknown' ELSE 'yes' END AS outcome
      FROM hazard h JOIN period p ON p.kind = 'quarter' AND h.due_on BETWEEN p.starts_on AND p.snapshot_on""",
}
Key = tuple[str, str, str, str]


def by_hand(connection: store.Connection) -> list[tuple[Any, ...]]:
    """All four indicators by their own queries: (code, level, area, period, yes, no, unknown, value)."""
    found = []
    for code, cases in CASES.items():
        found += store.run(connection, BY_PLACE.format(code=code, cases=cases))
    return found


def by_us(connection: store.Connection) -> list[tuple[Any, ...]]:
    """The same by the indicators' step of a build, with intervals, frames of empty places and case rows."""
    evaluate(DuckDbEngine(connection), [indicators()[code] for code in CASES])
    return store.run(
        connection,
        "SELECT code, level, area, period, yes, no, unknown, value FROM figure WHERE n_shown > 0 "
        "AND level IN ('village', 'township', 'district')",
    )


def check_equal(connection: store.Connection) -> int:
    """How many figures there are, after seeing that both ways give every one of them alike."""

    def told(rows: list[tuple[Any, ...]]) -> dict[Key, tuple[Any, ...]]:
        return {row[:4]: row[4:] for row in rows if row[2] is not None}

    ours, theirs = told(by_us(connection)), told(by_hand(connection))
    different = [key for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key)]
    if different or not ours:
        raise SystemExit(f"{len(different)} of {len(ours)} figures differ, such as {sorted(different)[:3]}")
    return len(ours)


def steps_of_the_build(folder: Path) -> dict[str, float]:
    """Seconds of each step of building that store once more, the build that stands there removed first."""
    begun: list[tuple[str, float]] = []
    settings = Settings(store=folder, key_file=folder.parent / "key")
    day = date.fromisoformat(store.current(folder)["as_of"])
    (folder / "snapshots" / store.current(folder)["file"]).unlink()
    build(settings, day, step=lambda name: begun.append((name, time.perf_counter())))
    ends = [at for _, at in begun[1:]]
    return {name: end - at for (name, at), end in zip(begun, ends, strict=False)}


def main(
    children: Annotated[int, typer.Option("--children", min=150)] = 2000,
    kept: Annotated[Path | None, typer.Option("--kept", help="a district to make once and keep")] = None,
) -> None:
    """Measure, and write results/indicators.json."""
    with measuring.demo_district(children, kept) as (folder, _):
        connection = working_copy(folder)
        figures = check_equal(connection)
        seconds = measuring.in_turn(
            {"ours": lambda: by_us(connection), "by hand": lambda: by_hand(connection)}
        )
        inside = measuring.inside_duckdb(
            connection, lambda timed: evaluate(DuckDbEngine(timed), [indicators()[code] for code in CASES])
        )
        connection.close()
        steps = measuring.shares(steps_of_the_build(folder))
    measured = {
        "figures_compared": figures,
        "ratios": {"indicators beside hand-written SQL": measuring.ratio(seconds, "ours", "by hand")},
        "shares": {"build": steps, "indicators' step": inside},
    }
    typer.echo(measuring.write_result("indicators", children, measured))


if __name__ == "__main__":
    typer.run(main)
