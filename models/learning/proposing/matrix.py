"""The facts of past days as they were known then, one row per listed child and day: what a card is learned from.

The ground of each day is the one of the back-test.  A child stands under the name that it has in the published build,
so that what was found later can be laid beside it.  Protected columns are not here; audits ask for them apart.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from models.facts import Fact
from models.learning.honest.baselines import form_urgency
from models.screening.rulebook.in_force import used_by
from models.screening.tuning.back_test import ground_then
from models.screening.tuning.effects import NOT_RECORDED, groups_of
from models.screening.tuning.ground import Ground
from registry import store
from registry.settings import Settings
from registry.store import run

KEYS = ("child_id", "as_of", "village_code", "four_colour")
SOURCES = ("village", "school", "police")
_TYPES = {"flag": pl.Boolean, "number": pl.Float64, "code": pl.String}


class Matrix(NamedTuple):
    """Rows of `KEYS` and the facts; `since` has the same rows: from which day each value stands.

    `four_colour`: how urgent the four-colour form takes the child for, the most urgent highest.

    `groups`: child and day → kind → group, for audits alone; never part of `frame`.
    """

    target: str
    days: tuple[dt.date, ...]
    facts: tuple[Fact, ...]
    frame: pl.DataFrame
    since: pl.DataFrame
    groups: dict[tuple[str, dt.date], dict[str, str]]

    @property
    def features(self) -> pl.DataFrame:
        """The facts alone."""
        return self.frame.select([one.name for one in self.facts])

    def only(self, rows: pl.Series | Sequence[bool]) -> Matrix:
        """The rows for which that is true."""
        kept = pl.Series(rows, dtype=pl.Boolean)
        return self._replace(frame=self.frame.filter(kept), since=self.since.filter(kept))


def matrix(settings: Settings, target: str, days: Sequence[dt.date], facts: Sequence[Fact]) -> Matrix:
    """The facts of every listed child at the end of those days; a day on which nobody was known has no rows.

    NoSnapshot where nothing is built.
    """
    build_id = str(store.current(settings.store)["build_id"])
    connection = store.open_snapshot(settings.store)
    try:
        links = dict(run(connection, "SELECT child_ref, child_id FROM link"))
    finally:
        connection.close()
    frames, groups = [], dict[tuple[str, dt.date], dict[str, str]]()
    for day in days:
        ground = ground_then(settings.store, settings.registry_path, build_id, day)
        with ground.lock:
            own, own_groups = rows_of(ground, target, day, facts)
        own = own.with_columns(pl.col("child_id").replace(links))
        groups |= {(links.get(child, child), day): found for child, found in own_groups.items()}
        frames.append(own.unique("child_id", keep="first", maintain_order=True))
    return laid_out(target, days, facts, frames, groups)


def laid_out(
    target: str,
    days: Sequence[dt.date],
    facts: Sequence[Fact],
    frames: Sequence[pl.DataFrame],
    groups: dict[tuple[str, dt.date], dict[str, str]],
) -> Matrix:
    """A matrix of the rows of several days (columns: keys, facts and `<fact>__since`)."""
    whole = pl.concat(frames) if frames else pl.DataFrame(schema=_schema(facts))
    whole = whole.sort("as_of", "child_id")
    names = [one.name for one in facts]
    since = whole.select(pl.col(f"{name}__since").alias(name) for name in names)
    return Matrix(target, tuple(days), tuple(facts), whole.select(*KEYS, *names), since, groups)


def rows_of(
    ground: Ground, target: str, day: dt.date, facts: Sequence[Fact]
) -> tuple[pl.DataFrame, dict[str, dict[str, str]]]:
    """The rows of one day and the groups of its children; the caller holds the ground's lock."""
    columns = ", ".join(f"w.{one.name}, CAST(w.{one.name}__since AS DATE)" for one in facts)
    rows = ground.ask(
        f"SELECT w.child_id, k.village_code, {columns} FROM fact_wide AS w "
        "JOIN known_child AS k ON k.child_id = w.child_id JOIN population AS p ON p.child_id = w.child_id "
        f"WHERE p.on_day = DATE '{day}' AND p.listed AND p.eligibility IN ('yes', 'unknown') ORDER BY w.child_id"
    )
    colours = form_urgency(ground)
    cells = [(row[0], day, row[1], colours.get(row[0]), *row[2:]) for row in rows]
    found = pl.DataFrame(cells, schema=_schema(facts), orient="row", strict=False)
    return found, audit_groups(ground, target)


def audit_groups(ground: Ground, target: str) -> dict[str, dict[str, str]]:
    """Child → kind → group: those of a trial, and disability and the lists on which the child stands."""
    held = ground.held or used_by(lambda _: ())
    found = groups_of(ground._replace(held=held), target)
    rows = ground.ask(
        "SELECT k.child_id, w.disability, k.in_village, k.in_school, k.in_police "
        "FROM known_child AS k JOIN fact_wide AS w ON w.child_id = k.child_id"
    )
    for child, disability, *lists in rows:
        found[child]["disability"] = NOT_RECORDED if disability is None else "yes" if disability else "no"
        found[child]["source"] = "+".join(name for name, on in zip(SOURCES, lists, strict=True) if on)
    return found


def _schema(facts: Sequence[Fact]) -> dict[str, pl.DataType]:
    schema: dict[str, pl.DataType] = {
        "child_id": pl.String(),
        "as_of": pl.Date(),
        "village_code": pl.String(),
        "four_colour": pl.Float64(),
    }
    for one in facts:
        schema |= {one.name: _TYPES[one.kind](), f"{one.name}__since": pl.Date()}
    return schema
