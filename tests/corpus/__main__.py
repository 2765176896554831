"""Prints the whole corpus: what each case is, what must come of it, what came, whether it held."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.corpus import CASES
from tests.corpus.holding import hold

WIDTH = 600  # thousands of messages are not for reading


def main(wanted: list[str]) -> int:
    """Run the cases whose name holds one of the words (all without words); 1 where one does not hold."""
    chosen = [
        case for case in CASES if not wanted or any(word in f"{case.group} {case.name}" for word in wanted)
    ]
    held = 0
    for case in chosen:
        with TemporaryDirectory() as folder:
            found = hold(case, Path(folder))
        held += not found.faults
        print(
            f"{'held' if not found.faults else 'NOT HELD':8} {found.seconds:5.1f} s  {case.group}: {case.name}"
        )
        print(f"    {case.what}")
        for want in case.expect:
            print(f"    expected  {want}"[:WIDTH])
        for got in found.found:
            print(f"    found     {got}"[:WIDTH])
        for fault in found.faults:
            print(f"    NOT HELD  {fault}"[:WIDTH])
    print(f"{held} of {len(chosen)}")
    return int(held != len(chosen))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
