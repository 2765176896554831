"""What the list misses, estimated from the visits drawn at random; for the reader who tunes the rules, alone."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from dashboard.access import Permission, Reader, may
from dashboard.snapshot import Snapshot
from dashboard.texts import text
from models.planning.keeping import UnreadablePlan, all_kept
from models.planning.outcomes import ALL, LevelMisses, misses_by_level

COLUMNS = ("level", "waiting", "drawn", "answered", "urgent", "share", "interval", "children")


def misses_told(
    snapshot: Snapshot, store: Path, reader: Reader, lang: str
) -> tuple[pl.DataFrame | None, str]:
    """(one row a level, what to say where there is none); None for a reader without the right to tune."""
    if not may(reader, Permission.TUNE):
        return None, ""
    try:
        plans = all_kept(store)
    except UnreadablePlan as problem:
        return pl.DataFrame(), text(lang, "plan.cli_unreadable", problem=problem)
    found = misses_by_level(lambda sql: snapshot.frame(sql).rows(), plans, snapshot.build.as_of)
    columns = [text(lang, f"plan.misses_{column}") for column in COLUMNS]
    rows = [misses_row(one, lang) for one in found]
    return pl.DataFrame(rows, schema=columns, orient="row"), text(lang, "plan.misses_nothing")


def level_words(level: str, lang: str) -> str:
    """A level of the list in words."""
    return text(lang, "plan.misses_all") if level == ALL else text(lang, f"tier.{level}")


def misses_row(one: LevelMisses, lang: str) -> tuple[object, ...]:
    """The cells of one level, in the order of `COLUMNS`."""
    found = one.misses
    if found.share is None or found.low is None or found.high is None or found.children is None:
        share, interval, children = (text(lang, "plan.misses_none"),) * 3
    else:
        share = f"{100 * found.share:.1f}%"
        interval = f"{100 * found.low:.1f}%–{100 * found.high:.1f}%"
        children = f"{found.children:.0f}"
    return (level_words(one.level, lang), one.n_waiting, found.n_probes, found.n_answered, found.n_urgent,
            share, interval, children)  # fmt: skip
