"""What is said beside a number whose inputs failed their checks, and which rows these are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from dashboard.access import Permission, Reader, may
from dashboard.snapshot import Snapshot
from dashboard.texts import text
from registry.store import Connection, run


class Faults(NamedTuple):
    """The state of a figure's inputs: rows that wait, rules that failed, cells that could not be used."""

    n_open: int = 0
    n_failed: int = 0
    n_unusable: int = 0
    checks: tuple[dict[str, Any], ...] = ()

    @property
    def is_failed(self) -> bool:
        """Whether the number has to say so; cells that count as unknown are in the number already."""
        return bool(self.n_open or self.n_failed)

    def as_json(self) -> dict[str, Any]:
        """As `shouhu indicators --json` gives it: status `failed` or `ok`, counts, and the failed checks."""
        return {
            "status": "failed" if self.is_failed else "ok",
            "rows_open": self.n_open,
            "rules_failed": self.n_failed,
            "cells_unusable": self.n_unusable,
            "checks": list(self.checks),
        }


class FaultMark(NamedTuple):
    """The words of the mark and the address of the rows behind it; without words there is no mark."""

    words: str = ""
    address: str = ""


FaultsByFigure = dict[tuple[str, str, str], Faults]


_READ = "SELECT code, area, period, n_open, n_failed, n_unusable, checks FROM figure_quality"
_PUBLISHED = "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'figure_quality'"


def faults_of(snapshot: Snapshot) -> FaultsByFigure:
    """(code, area, period) → faults; empty for a build that did not look."""
    if not snapshot.has("figure_quality"):
        return {}
    return _by_figure(snapshot.frame(_READ).rows())


def faults_in(connection: Connection, level: str) -> FaultsByFigure:
    """The same of one level, for the command line."""
    if not run(connection, _PUBLISHED)[0][0]:
        return {}
    return _by_figure(run(connection, f"{_READ} WHERE level = ?", [level]))


def _by_figure(rows: Iterable[Sequence[Any]]) -> FaultsByFigure:
    return {tuple(row[:3]): Faults(*row[3:6], tuple(row[6] or ())) for row in rows}  # type: ignore[misc, call-arg]


def fault_mark(lang: str, reader: Reader, code: str, faults: Faults | None) -> FaultMark:
    """What stands beside a number; the way to the rows only for those who may see the quality page."""
    if faults is None or not faults.is_failed:
        return FaultMark()
    address = f"quality?code={code}&lang={lang}" if may(reader, Permission.VIEW_QUALITY) else ""
    return FaultMark(text(lang, "faults.mark") + counted(lang, faults), address)


def counted(lang: str, faults: Faults) -> str:
    """Rows and rules in words."""
    parts = {"faults.open": faults.n_open, "faults.failed": faults.n_failed}
    return text(lang, "faults.joint").join(text(lang, key, n=n) for key, n in parts.items() if n)
