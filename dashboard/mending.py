"""Working off open items from a page: decisions by hand and return workbooks, by the command line, which logs them."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import NamedTuple

from dashboard.access import Permission, Reader, require
from dashboard.child_command import Answer, run_command
from dashboard.identities import ReasonMissing
from dashboard.texts import text
from data_contracts.mending.open_items import Place

DIGEST_LENGTH = 16


class Outcome(NamedTuple):
    """How it went: words for the officer, and whether it was done."""

    is_done: bool
    words: str


class ReturnFile(NamedTuple):
    """A return workbook; its file name tells the content by digest and names nobody."""

    name: str
    content: bytes


def decide(store: Path, reader: Reader, place: Place, how: str, reason: str, lang: str) -> Outcome:
    """`accept` or `withdraw` an open item; Forbidden without the right, ReasonMissing without a reason."""
    delivery, sheet, row = place
    where = [] if sheet is None else ["--sheet", sheet]
    where += [] if row is None else ["--row", str(row)]
    return _decide(store, reader, [delivery, "--how", how, *where], reason, lang)


def take_back(store: Path, reader: Reader, delivery: str, number: int, reason: str, lang: str) -> Outcome:
    """Undo a decision made by hand; errors as `decide`."""
    return _decide(store, reader, [delivery, "--how", "undo", "--number", str(number)], reason, lang)


def _decide(store: Path, reader: Reader, what: list[str], reason: str, lang: str) -> Outcome:
    require(reader, Permission.RUN_INTAKE)
    _check(reason)
    arguments = ["resolve", *what, f"--reason={reason.strip()}", f"--by={reader.user}", _on_page_of(reader)]
    answer = run_command([*arguments, "--store", str(store), "--lang", lang], lang)
    if answer.document is None:
        return Outcome(False, _why_not(answer, lang))
    done = f"items.done_{answer.document['how']}"
    return Outcome(True, text(lang, done, number=answer.document["number"]))


def _on_page_of(reader: Reader) -> str:
    """The command writes the one entry in the access log, for the person on the page."""
    return f"--on-page-of={reader.user}:{reader.role.value}"


def return_file(store: Path, reader: Reader, sender: str, reason: str, lang: str) -> ReturnFile | Outcome:
    """The return workbook of a sender, with that sender's names in it; written to the access log first.

    Forbidden without the right, ReasonMissing without a reason.  The file lies on the disk for as long as it takes
    to read it.
    """
    require(reader, Permission.RETURN_ROWS)
    _check(reason)
    with tempfile.TemporaryDirectory() as folder:
        arguments = ["returns", "--out", folder, f"--sender={sender}", f"--reason={reason.strip()}"]
        answer = run_command([*arguments, _on_page_of(reader), "--store", str(store), "--lang", lang], lang)
        written = answer.document["returns"] if answer.document else []
        if not written:
            return Outcome(False, _why_not(answer, lang))
        content = Path(written[0]["path"]).read_bytes()
    return ReturnFile(f"return_{hashlib.sha256(content).hexdigest()[:DIGEST_LENGTH]}.xlsx", content)


def _check(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing("open item: expected a reason in words, found none")


def _why_not(answer: Answer, lang: str) -> str:
    return text(lang, "items.busy") if answer.is_busy else text(lang, "items.failed", problem=answer.problem)
