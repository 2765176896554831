"""An officer's confirmed mapping goes to the command line, which alone writes the registry, in a process of its own."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from dashboard.access import Permission, Reader, require
from dashboard.audit import Action, append
from dashboard.child_command import run_command
from dashboard.desk import Desk
from dashboard.texts import text
from data_contracts.headings import mappings
from data_contracts.headings.mappings import Mapping, MappingProblem


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
    answer = run_command(arguments, lang)
    if answer.is_busy:
        return Reread(False, text(lang, "mapping.kept_busy", command=" ".join(["shouhu", *arguments])))
    if answer.document is None:
        return Reread(False, text(lang, "mapping.failed", problem=answer.problem))
    files = answer.document["files"]
    counts = {part: sum(one[f"rows_{part}"] for one in files) for part in ("accepted", "quarantined")}
    return Reread(True, text(lang, "mapping.done", **counts))
