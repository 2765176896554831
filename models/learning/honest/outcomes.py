"""What came after a day's list: the finding of the first home visit, or the second assessment; and by which chance.

The list and its facts are those of the day as known then (models.screening.tuning.ground); the outcome comes only
from rows that became known later.  A row is used once its window is over and late typing has had its time.  The
visit ledger has no column for what a visit found: a finding is a problem that the village reported in the days after
it, so a visit whose finding nobody wrote down counts as none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import polars as pl

from data_contracts.vocabularies import vocabularies
from models.engines import DuckDbEngine, Engine
from models.parameters import value_on
from models.planning.keeping import all_kept
from models.planning.making import Plan
from models.sql import Query, parse
from registry import store
from registry.settings import Settings
from registry.store import run

TARGETS = ("visit", "referral")
_LISTED = {"child_id": "VARCHAR", "as_of": "DATE"}
_RULE = {"window_days": "BIGINT", "finding_days": "BIGINT"}
READS = ("visit", "concern", "living_care", "psych_screen")
_FOUND = {"child_id": pl.String, "as_of": pl.Date, "looked_on": pl.Date, "outcome": pl.String}
_CHANCES = {"child_id": pl.String, "as_of": pl.Date, "probability": pl.Float64, "probe": pl.Boolean}


class Windows(NamedTuple):
    """Days: a visit counts within `window`, a problem as its finding within `finding`; then late typing is awaited."""

    window: int
    finding: int
    late: int

    @property
    def gap(self) -> dt.timedelta:
        """How long after a list's day its outcomes are settled; what is learned from must end so long before a test."""
        return dt.timedelta(self.window + self.finding + self.late)


def windows_on(day: dt.date) -> Windows:
    """The windows of that day, from models/parameters/learning.toml."""
    return Windows(*(value_on(f"{name}_days", day) for name in ("outcome_window", "finding", "late_typing")))


@cache
def outcome_query(target: str) -> Query:
    """The fenced query of a target; ValueError for an unknown one."""
    if target not in TARGETS:
        raise ValueError(f"outcome: expected one of {TARGETS}, found {target!r}")
    path = Path(__file__).with_name(f"outcome_{target}.sql")
    return parse(path.read_text("utf-8"), path.name)


def create_outcomes(
    engine: Engine, target: str, listed: Iterable[Sequence[object]], known_until: dt.date
) -> None:
    """Make `outcome_then`: child_id, as_of, looked_on, outcome for every (child, day) whose window is over.

    Reads the tables of `READS` as known at `known_until`.
    """
    windows = windows_on(known_until)
    settled = [tuple(row) for row in listed if _is_settled(row[1], windows, known_until)]
    engine.create("listed_then", _LISTED, settled)
    engine.create("outcome_rule", _RULE, [(windows.window, windows.finding)])
    grave = [(one.code,) for one in vocabularies()["situation"].values if one.mandatory]
    engine.create("grave_situation", {"situation": "VARCHAR"}, grave)
    engine.table("outcome_then", outcome_query(target))


def _is_settled(as_of: object, windows: Windows, known_until: dt.date) -> bool:
    assert isinstance(as_of, dt.date)
    return as_of + windows.gap <= known_until


def with_outcomes(settings: Settings, target: str, listed: pl.DataFrame) -> pl.DataFrame:
    """The rows (child_id, as_of and whatever else) whose window is over, with outcome, visited, probe, probability.

    child_id is the name in the published build.  `probability` is blank where no kept plan of that very day tells it,
    and for referrals, which nobody draws.  NoSnapshot where nothing is built.
    """
    pointer = store.current(settings.store)
    connection = store.memory()
    path = settings.store / "snapshots" / str(pointer["file"])
    if not store.attach(connection, path, "published"):
        raise store.StoreProblem(
            f"current.json: expected the snapshot {path.name}, found none that can be read"
        )
    try:
        for table in READS:
            run(connection, f'CREATE VIEW "{table}" AS SELECT * FROM published."{table}"')
        links = {
            str(old): str(new)
            for old, new in run(connection, "SELECT child_ref, child_id FROM published.link")
        }
        known_until = run(connection, "SELECT known_on FROM published.build_info")[0][0]
        engine = DuckDbEngine(connection)
        create_outcomes(engine, target, listed.select("child_id", "as_of").unique().rows(), known_until)
        rows = run(connection, "SELECT child_id, as_of, looked_on, outcome FROM outcome_then ORDER BY ALL")
    finally:
        connection.close()
    found = pl.DataFrame(rows, schema=_FOUND, orient="row")
    plans = all_kept(settings.store) if target == "visit" else []
    chances = chances_of(plans, links)
    told = listed.join(found, on=["child_id", "as_of"]).join(chances, on=["child_id", "as_of"], how="left")
    return told.with_columns(
        visited=pl.col("outcome") != "not_visited", probe=pl.col("probe").fill_null(False)
    ).sort("as_of", "child_id")


def chances_of(plans: Sequence[Plan], links: dict[str, str]) -> pl.DataFrame:
    """Every list row of the plans with its chance, under today's names; of two plans of one day the later counts.

    A child that was two then is one now: the rows fall together, drawn where one was, by the chance that one was.
    """
    rows: dict[tuple[str, dt.date], tuple[float, bool]] = {}
    for plan in plans:
        own: dict[tuple[str, dt.date], tuple[float, bool]] = {}
        for one in plan.chances:
            key = links.get(one.child_id, one.child_id), plan.as_of
            if key in own:
                chance, is_probe = own[key]
                own[key] = 1 - (1 - chance) * (1 - one.probability), is_probe or one.is_probe
            else:
                own[key] = one.probability, one.is_probe
        rows |= own
    cells = [(*key, *value) for key, value in sorted(rows.items())]
    return pl.DataFrame(cells, schema=_CHANCES, orient="row")


def settled_plan_days(settings: Settings) -> list[dt.date]:
    """The days of kept plans whose outcomes are settled in the published build: those on which draws tell something."""
    known_until = dt.date.fromisoformat(str(store.current(settings.store)["known_on"]))
    windows = windows_on(known_until)
    return sorted(
        {plan.as_of for plan in all_kept(settings.store) if plan.as_of + windows.gap <= known_until}
    )


class Split(NamedTuple):
    """Days to learn from and days to judge by."""

    training: list[dt.date]
    test: list[dt.date]


def split_by_time(days: Iterable[dt.date], last_training_day: dt.date) -> Split:
    """Days up to that one, and those on which the outcomes of the first were known; days between are left out.

    ValueError where one side is empty.
    """
    gap = windows_on(last_training_day).gap
    found = sorted(set(days))
    training = [day for day in found if day <= last_training_day]
    test = [day for day in found if day > last_training_day + gap]
    for name, side in (("to learn from", training), ("to judge by", test)):
        if not side:
            raise ValueError(f"split at {last_training_day} with {gap.days} days between: expected rows {name}, "
                             f"found none among the days {list(map(str, found))}")  # fmt: skip
    return Split(training, test)
