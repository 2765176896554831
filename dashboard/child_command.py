"""A command of the command line in a process of its own: the pages never write the registry themselves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from dashboard.texts import text

LONGEST_SECONDS = 900
ROOT = Path(__file__).resolve().parents[1]
PROBLEM_LENGTH = 300


class Answer(NamedTuple):
    """What came back: the JSON document, or None with the problem in words; `is_busy` where another one writes."""

    document: dict[str, Any] | None
    problem: str = ""
    is_busy: bool = False


def run_command(arguments: list[str], lang: str) -> Answer:
    """Run `shouhu ARGUMENTS --json` and wait for it."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "COLUMNS": "400"}
    command = [sys.executable, "-m", "dashboard.cli", *arguments, "--json"]
    try:
        finished = subprocess.run(
            command, capture_output=True, timeout=LONGEST_SECONDS, check=False, env=environment
        )
    except subprocess.TimeoutExpired:
        return Answer(None, text(lang, "mapping.too_long"))
    said = finished.stderr.decode("utf-8", "replace").strip()
    if said == text(lang, "cli.store_busy"):
        return Answer(None, said, is_busy=True)
    try:
        return Answer(json.loads(finished.stdout))
    except ValueError:
        return Answer(None, said[-PROBLEM_LENGTH:])
