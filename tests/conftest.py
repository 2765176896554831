"""How the whole suite is shared out: tests that use one costly thing together stay on one process.

`pytest` runs everything on as many processes as there are cores (four at most); `pytest FILE…` runs in one process.
"""

from __future__ import annotations

import os
import sys

import pytest

MOST_PROCESSES = 4
# pyspark takes a main module without a file for a run of its own doctests, and ends the process.
if not hasattr(sys.modules["__main__"], "__file__"):
    sys.modules["__main__"].__file__ = __file__


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    asked_for_a_part = config.invocation_params.args and any(
        not str(argument).startswith("-") for argument in config.invocation_params.args
    )
    return 0 if asked_for_a_part else min(os.cpu_count() or 1, MOST_PROCESSES)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        item.add_marker(pytest.mark.xdist_group(shared_thing(item)))


def shared_thing(item: pytest.Item) -> str:
    """What a test shares with others: one Spark session, one served demo district, or what its file makes."""
    if item.get_closest_marker("spark"):
        return "spark"
    needed = getattr(item, "fixturenames", ())
    return "demo district" if "shouhu" in needed else item.nodeid.split("::")[0]
