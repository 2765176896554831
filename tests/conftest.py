"""How the whole suite is shared out: tests that use one costly thing together stay on one process.

`pytest` runs everything on as many processes as there are cores (four at most); `pytest FILE…` runs in one process.
The marks of pytest-xdist 3.8 (`xdist_group`) do nothing under pytest 9.2, whose node ids are no plain strings; hence
a scheduler that reads the path.
"""

from __future__ import annotations

import os
import sys

import pytest
from xdist.scheduler import LoadScopeScheduling

MOST_PROCESSES = 4
# One Spark session, and one served demo district: each is made once for all that use it.
TOGETHER = {
    "spark": ("tests/spec/", "tests/property/test_engines_agree.py"),
    "demo district": ("tests/journey/",),
}
BY_THEMSELVES = ("tests/journey/test_killed_intake.py", "tests/journey/test_gate_and_suites.py")
# pyspark takes a main module without a file for a run of its own doctests, and ends the process.
if not hasattr(sys.modules["__main__"], "__file__"):
    sys.modules["__main__"].__file__ = __file__


def shared_thing(node_id: str) -> str:
    """What a test shares with others; its file where that is nothing more."""
    file = node_id.partition("::")[0]
    if file not in BY_THEMSELVES:
        for thing, places in TOGETHER.items():
            if file.startswith(places):
                return thing
    return file


class ByWhatTheyShare(LoadScopeScheduling):
    """Gives each process whole groups, in the order of collection: the long ones stand early."""

    def _split_scope(self, nodeid: str) -> str:
        return shared_thing(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByWhatTheyShare:
    return ByWhatTheyShare(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    asked_for_a_part = any(not str(one).startswith("-") for one in config.invocation_params.args)
    return 0 if asked_for_a_part else min(os.cpu_count() or 1, MOST_PROCESSES)
