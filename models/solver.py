"""The solver HiGHS, without a word on standard output and the same way on every run.

Its version banner goes to the process's standard output however it is set, which must hold one JSON document only;
and its threads are of the whole process, so that one use decides for all.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import highspy

SETTINGS: dict[str, Any] = {"output_flag": False, "threads": 1, "parallel": "off"}


def quiet_solver(**settings: Any) -> highspy.Highs:
    """A solver with these settings beside the ones that all uses share."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        solver = highspy.Highs()
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
    for name, value in {**SETTINGS, **settings}.items():
        solver.setOptionValue(name, value)
    return solver
