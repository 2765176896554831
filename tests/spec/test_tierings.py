"""When children came into the top tier: month by month, by the rules of the visit list."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from models.engines import DuckDbEngine
from models.evaluate import evaluate
from models.measure import indicators
from models.periods import list_days
from models.screening.history import make_tierings
from tests.spec import ledger

AS_OF = date(2026, 9, 30)
WORLD = """as of 2026-09-30

children
child_id | birth_date | father | mother | opened_on
open     | 2013-05-01 | away   | away   | 2025-01-10
closed   | 2013-05-01 | away   | away   | 2025-01-10
brief    | 2013-05-01 | away   | away   | 2025-01-10
again    | 2013-05-01 | away   | away   | 2025-01-10
long_ago | 2013-05-01 | away   | away   | 2024-01-10
last_day | 2013-05-01 | away   | away   | 2025-01-10
tomorrow | 2013-05-01 | away   | away   | 2025-01-10
drinker  | 2013-05-01 | away   | away   | 2026-03-10
poverty  | 2013-05-01 | away   | away   | 2025-01-10

concern
child_id | situation | aware_on   | closed_on
open     | self_harm | 2026-08-10 |
closed   | self_harm | 2026-05-10 | 2026-07-10
brief    | self_harm | 2026-05-10 | 2026-05-20
again    | self_harm | 2026-01-05 | 2026-02-05
again    | abandoned | 2026-06-30 |
long_ago | self_harm | 2024-08-10 |
last_day | self_harm | 2026-09-30 |
tomorrow | self_harm | 2026-10-01 |
poverty  | poverty   | 2026-05-10 |

relation
child_id | role  | source  | conduct | known_on
drinker  | carer | village | drinking | 2026-03-10

visit
child_id | due_on     | visited_on | mode
open     | 2026-08-17 | 2026-08-17 | home
closed   | 2026-05-30 | 2026-05-30 | home
"""


def _filled(engine: DuckDbEngine, folder: Path) -> DuckDbEngine:
    path = folder / "c15_first_visit.txt"
    path.write_text(WORLD, "utf-8")
    ledger.fill(engine, ledger.read(path))
    make_tierings(engine, list_days(AS_OF))
    return engine


def test_a_tiering_is_who_is_on_a_list_and_was_not_on_the_one_before(
    duckdb_engine: DuckDbEngine, tmp_path: Path
) -> None:
    engine = _filled(duckdb_engine, tmp_path)
    rows = engine.rows("SELECT child_id, tiered_on, tier FROM tiering ORDER BY child_id, tiered_on")
    # Not brief (closed before the list of May), not long_ago (already on the first list), not tomorrow.
    assert [(row["child_id"], str(row["tiered_on"]), row["tier"]) for row in rows] == [
        ("again", "2026-01-05", "report_now"),
        ("again", "2026-06-30", "report_now"),
        ("closed", "2026-05-10", "report_now"),
        ("drinker", "2026-03-31", "red"),
        ("last_day", "2026-09-30", "report_now"),
        ("open", "2026-08-10", "report_now"),
    ]


def test_a_concern_that_was_dealt_with_stays_in_the_figure(
    duckdb_engine: DuckDbEngine, tmp_path: Path
) -> None:
    engine = _filled(duckdb_engine, tmp_path)
    evaluate(engine, [indicators()["C15"]])
    cases = engine.rows(
        "SELECT subject, period, outcome, days FROM case_row WHERE series = 'in_time' ORDER BY subject"
    )
    assert [(row["subject"], row["period"], row["outcome"], row["days"]) for row in cases] == [
        ("again@2026-01-05", "2026Q1", "no", None),
        ("again@2026-06-30", "2026Q3", "no", None),
        ("closed@2026-05-10", "2026Q2", "no", 20),
        ("drinker@2026-03-31", "2026Q2", "no", None),
        ("open@2026-08-10", "2026Q3", "yes", 7),
    ]
