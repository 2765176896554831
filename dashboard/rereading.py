"""An officer's confirmed mapping goes to the command line, which alone writes the registry, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from dashboard.access import Permission, Reader, require
from dashboard.audit import Action, append
from dashboard.desk import Desk
from dashboard.texts import text
from data_contracts import mappings
from data_contracts.mappings import Mapping, MappingProblem

LONGEST_SECONDS = 900
ROOT = Path(__file__).resolve().parents[1]


class Reread(NamedTuple):
    """How it went: words for the officer, and whether the file was read again."""

    is_done: bool
    words: str


def confirm(store: Path, reader: Reader, desk: Desk, place: Path, mapping: Mapping, lang: str) -> Reread:
    """Check the mapping, write it where its question stands, and read the kept original again; recorded.

    Forbidden without the right to take ledgers in.  Where the store is busy the answer stays in its file and the
    officer is told the command.
    """
    require(reader, Permission.RUN_INTAKE)
    try:
        mappings.check(mapping, place.name)
    except MappingProblem as problem:
        return Reread(False, problem_words(problem, lang))
    mappings.write(mapping, place)
    append(
        desk, reader.user, reader.role, Action.INTAKE_RUN, mapping.delivery, f"{mapping.form} {place.stem}"
    )
    arguments = ["intake", "--again", mapping.delivery, "--map", str(place), "--by", reader.user]
    return _run([*arguments, "--store", str(store), "--lang", lang], lang)


def problem_words(problem: MappingProblem, lang: str) -> str:
    """What is wrong with a mapping: file, key, expected, found."""
    expected = text(lang, f"mapping.expected_{problem.expected}", detail=problem.detail)
    found = problem.found or text(lang, "mapping.nothing")
    return text(lang, "mapping.problem", file=problem.file, entry=problem.key, expected=expected, found=found)


def _run(arguments: list[str], lang: str) -> Reread:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "COLUMNS": "400"}
    command = [sys.executable, "-m", "dashboard.cli", *arguments, "--json"]
    try:
        finished = subprocess.run(
            command, capture_output=True, timeout=LONGEST_SECONDS, check=False, env=environment
        )
    except subprocess.TimeoutExpired:
        return Reread(False, text(lang, "mapping.failed", problem=text(lang, "mapping.too_long")))
    said = finished.stderr.decode("utf-8", "replace").strip()
    if said == text(lang, "cli.store_busy"):
        return Reread(False, text(lang, "mapping.kept_busy", command=" ".join(["shouhu", *arguments])))
    try:
        files = json.loads(finished.stdout)["files"]
    except ValueError:
        return Reread(False, text(lang, "mapping.failed", problem=said[-300:]))
    counts = {part: sum(one[f"rows_{part}"] for one in files) for part in ("accepted", "quarantined")}
    return Reread(True, text(lang, "mapping.done", **counts))
