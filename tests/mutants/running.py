"""Runs mutants against the spec ledger of their indicator, on DuckDB in memory.

The ledger's tables are made once.  A mutant is killed where the head's or the fence's check refuses it, its query
fails, a check on cases refuses it, or the ledger finds another case or figure than it expects.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from models.engines import DuckDbEngine
from models.evaluate import evaluate
from models.measure import Indicator, _check, cases_query, indicators
from models.parameters import parameters
from models.sql import parse
from tests.mutants.making import Mutant, mutants
from tests.spec import ledger

LEDGERS = Path(__file__).parents[1] / "spec" / "ledgers"


class Fate(NamedTuple):
    """What came of a mutant: killed, and what noticed it."""

    mutant: Mutant
    killed: bool
    noticed_by: str


def mutants_of(code: str) -> list[Mutant]:
    """Every mutant of one indicator's query."""
    return mutants(code, indicators()[code].query.tree, frozenset(parameters()))


class Bench:
    """One indicator's ledger, filled in once; mutants run on it one after the other."""

    def __init__(self, code: str) -> None:
        self.indicator = indicators()[code]
        path = next(LEDGERS.glob(f"{code.lower()}_*.txt"))
        self.ledger = ledger.read(path)
        self.engine = DuckDbEngine(duckdb.connect(":memory:"))
        ledger.fill(self.engine, self.ledger, [self.indicator])
        self.engine.execute("SET threads TO 1")
        self._check(self.indicator)  # the query itself passes, or every mutant would be "killed"
        self._rows = self._cases(self.indicator)

    def run(self, mutant: Mutant) -> Fate:
        """What came of that mutant."""
        try:
            query = parse(mutant.text, f"{mutant.code}.sql")
            changed = Indicator(self.indicator.chapter, self.indicator.head, query)
            _check(changed, f"{mutant.code}.sql")
            rows = self._cases(changed)
            if rows == self._rows:
                return Fate(mutant, False, "")
            if self._other_cases(rows):
                return Fate(mutant, True, "the ledger")
            self._check(changed)
        except Exception as problem:  # whatever stops a mutant has noticed it
            kind = "the ledger" if isinstance(problem, AssertionError) else type(problem).__name__
            return Fate(mutant, True, kind)
        return Fate(mutant, False, "")

    def _cases(self, indicator: Indicator) -> list[dict[str, Any]]:
        rows = self.engine.rows(cases_query(indicator))
        return sorted(rows, key=lambda row: tuple(map(str, row.values())))

    def _other_cases(self, rows: list[dict[str, Any]]) -> bool:
        """Whether the ledger expects other cases: the quick part of its check, before any figure is made."""
        try:
            ledger.compare_cases(self.ledger, rows)
        except AssertionError:
            return True
        return False

    def _check(self, indicator: Indicator) -> None:
        evaluate(self.engine, [indicator])
        ledger.check_figures(self.engine, self.ledger)
        ledger.check_cases(self.engine, self.ledger)
