"""The table of a run: mutants, killed, equivalent and alive, for each indicator and in all."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.mutants.equivalence import CITED_ROW
from tests.mutants.making import Mutant
from tests.mutants.running import Fate

LIST = Path(__file__).with_name("equivalent.toml")


class Line(NamedTuple):
    """One indicator's part of the table."""

    code: str
    killed: int
    alive: int
    equivalent: int

    @property
    def share(self) -> float:
        """Killed, of those that can be killed at all; 1 where there is none."""
        able = self.killed + self.alive
        return self.killed / able if able else 1.0


@cache
def listed() -> dict[str, str]:
    """Reason by digest of every mutant that people found to be equivalent."""
    entries = tomllib.loads(LIST.read_text("utf-8"))["mutant"]
    return {one["digest"]: one["reason"] for one in entries}


def why_equivalent(fate: Fate) -> str:
    """The reason why a mutant that lives can't be killed, empty where there is none."""
    return fate.mutant.reason or listed().get(fate.mutant.digest, "")


def _said_equivalent(mutant: Mutant) -> bool:
    """Whether the list or a rule says so; which row is cited a ledger may ask, so that rule promises nothing."""
    return mutant.digest in listed() or mutant.reason not in ("", CITED_ROW)


def line(code: str, fates: Sequence[Fate]) -> Line:
    """The counts of one indicator; ValueError for a mutant that was killed although it is said that none can."""
    wrong = [fate.mutant.digest for fate in fates if fate.killed and _said_equivalent(fate.mutant)]
    if wrong:
        raise ValueError(f"{code}: expected mutants that nothing kills, but {', '.join(wrong)} died")
    alive = [fate for fate in fates if not fate.killed]
    equal = sum(1 for fate in alive if why_equivalent(fate))
    return Line(code, len(fates) - len(alive), len(alive) - equal, equal)


def total(lines: Iterable[Line]) -> Line:
    """All indicators in one line."""
    lines = list(lines)
    return Line("total", *(sum(one[place] for one in lines) for place in (1, 2, 3)))


def text(lines: Sequence[Line]) -> str:
    """The table as the documentation shows it."""
    rows = [
        f"| {one.code} | {one.killed + one.alive + one.equivalent} | {one.killed} | {one.alive} "
        f"| {one.equivalent} | {one.share:.1%} |"
        for one in (*lines, total(lines))
    ]
    head = ["| indicator | mutants | killed | alive | equivalent | killed of those that can be |"]
    return "\n".join([*head, "|---|---|---|---|---|---|", *rows]) + "\n"
