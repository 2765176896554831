"""`python -m tests.mutants [--sample N --seed S] [CODE…]`: how many faults in the SQL the spec ledgers notice."""

from __future__ import annotations

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from models.measure import indicators
from tests.mutants.making import Mutant
from tests.mutants.report import Line, line, text, total, why_equivalent
from tests.mutants.running import Bench, Fate, mutants_of
from tests.mutants.sampling import drawn

WANTED = 0.95
BEFORE = """# Mutants of the indicators' SQL

Small faults are put into the query of each indicator, one at a time; the indicator's spec ledger on DuckDB must notice.
`python -m tests.mutants --write docs/mutants.md` makes this page; why it is a script of our own stands in
[decision 0020](decisions/0020-mutants.md).

"""


def _fates(work: tuple[str, list[Mutant]]) -> tuple[str, list[Fate]]:
    code, chosen = work
    bench = Bench(code)
    return code, [bench.run(mutant) for mutant in chosen]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("codes", nargs="*", metavar="CODE", help="indicators; all without")
    parser.add_argument("--sample", type=int, help="so many mutants instead of all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", type=Path, help="write the table as a page")
    return parser.parse_args()


def main() -> int:
    """Run, print who lives and the table; 1 where fewer than 95 % were killed."""
    asked = _arguments()
    if asked.sample:
        work = drawn(asked.sample, asked.seed)
    else:
        work = {code: mutants_of(code) for code in asked.codes or indicators()}
    lines: list[Line] = []
    with ProcessPoolExecutor(os.cpu_count()) as workers:
        for code, fates in workers.map(_fates, work.items()):
            lines.append(line(code, fates))
            for fate in fates:
                if not fate.killed:
                    end = f"  ({why_equivalent(fate)})" if why_equivalent(fate) else ""
                    print(
                        f"alive  {code}  {fate.mutant.digest}  {fate.mutant.operator}: {fate.mutant.change}{end}"
                    )
    print(text(lines))
    if asked.write:
        asked.write.write_text(BEFORE + text(lines), "utf-8")
    return int(total(lines).share < WANTED)


if __name__ == "__main__":
    sys.exit(main())
