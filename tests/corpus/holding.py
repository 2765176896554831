"""Runs a case in a registry of its own and says everything that is not as it must be."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import logging
import os
import re
import shutil
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

from data_contracts.headings.mappings import Mappings
from data_contracts.headings.unforeseen import Confirmation
from data_contracts.intake import FileOutcome, Intake
from data_contracts.mending.forgetting import forget
from data_contracts.messages import as_json
from registry import readers, store
from registry.deliveries import Message
from registry.settings import Settings
from tests.corpus.case import Case, Outcome, Sent
from tests.corpus.makers import NAMES
from tests.sheets import KEY, Registry, area_book

HOLE_BYTES = 600 * 1024**2
SECONDS = 25.0
LONG_NUMBER = re.compile(r"\d{11,}|\d{14,}[Xx]")


class Held(NamedTuple):
    """What came of a case: one outcome a file, and every way in which it is not as declared."""

    found: tuple[Outcome, ...]
    faults: tuple[str, ...]
    seconds: float


@cache
def empty_store() -> Path:
    """A store that knows the areas and nothing else, made once and copied for each case."""
    folder = Path(mkdtemp(prefix="corpus-"))
    registry = Registry(folder)
    registry.take_in(area_book(folder))
    registry.connection.close()
    return folder / "store"


def place_of(message: Message) -> str:
    """`台账!F5`, `台账!5`, `台账`, `csv` for a sheet without a name, or `-` for a file as a whole."""
    if message.sheet is None:
        return "-"
    cell = f"{message.column or ''}{message.row or ''}"
    sheet = message.sheet or "csv"
    return f"{sheet}!{cell}" if cell else sheet


def outcome_of(found: FileOutcome) -> Outcome:
    """A file's outcome as a case declares it."""
    says = []
    for m in found.messages:
        if m.severity != "info":
            code = m.check if m.code == "check_failed" else m.found if m.code == "unreadable" else m.code
            says.append(f"{m.severity} {place_of(m)} {code}")
    d = found.delivery
    status = "already_known" if found.already_known else d.status
    return Outcome(status, d.rows_accepted, d.rows_quarantined, d.ignored_why, tuple(says))


def hold(case: Case, folder: Path) -> Held:
    """Run one case in an empty folder."""
    shutil.copytree(empty_store(), folder / "store")
    for name in ("nowhere", "temporary"):
        (folder / name).mkdir()
    started = time.monotonic()
    try:
        with _set_apart(folder) as heard, _peaks_of_children() as peaks:
            outcomes, rows = _take_in(case, folder)
    except Exception as problem:
        return Held((), (f"{type(problem).__name__} escaped from the intake",), time.monotonic() - started)
    seconds = time.monotonic() - started
    found = tuple(map(outcome_of, outcomes))
    faults = [
        f"expected {want}, found {got}" for want, got in zip(case.expect, found, strict=False) if want != got
    ]
    if len(found) != len(case.expect):
        faults.append(f"expected {len(case.expect)} outcomes, found {len(found)}: {[str(f) for f in found]}")
    faults += [
        f"{sql}: expected {want}, found {got}"
        for (sql, want), got in zip(case.holds, rows, strict=True)
        if want != got
    ]
    faults += (
        _account_faults(outcomes) + _secrets_told(outcomes, heard.getvalue()) + _left_outside(case, folder)
    )
    if seconds > SECONDS:
        faults.append(f"took {seconds:.1f} s")
    if max(peaks, default=0) > case.limits.memory_bytes:
        faults.append("the reading process took more memory than it may")
    return Held(found, tuple(faults), seconds)


def _take_in(case: Case, folder: Path) -> tuple[list[FileOutcome], list[list[tuple[object, ...]]]]:
    settings = Settings(store=folder / "store", key_file=folder / "key")
    outcomes: list[FileOutcome] = []
    connection = store.open_file(settings.registry_path)
    try:
        for number, sent in enumerate(case.send()):
            inbox = folder / f"inbox{number}"
            lay_out(sent, inbox)
            said = _confirmation(settings, sent)
            run = Intake(settings, KEY, connection, sent.received_on, sent.sender, said, case.limits)
            outcomes += run.take_in([inbox])
            if sent.forgets:
                connection = _forget_everyone(settings, connection)
        rows = [store.run(connection, sql) for sql, _ in case.holds]
    finally:
        connection.close()
    return outcomes, rows


def _confirmation(settings: Settings, sent: Sent) -> Confirmation | None:
    """The officer's answer to the one question that waits."""
    if sent.answers is None:
        return None
    (question,) = Mappings(settings.mappings).waiting()
    mended = question.model_copy(update={"columns": {**question.columns, **sent.answers}})
    return Confirmation(mended, "officer", dt.datetime(2026, 10, 6, tzinfo=dt.UTC), "MAPPING.toml")


def _forget_everyone(settings: Settings, connection: store.Connection) -> store.Connection:
    """Carry out a deletion request for each child; the registry, opened anew."""
    children = store.run(connection, "SELECT DISTINCT child_ref FROM child ORDER BY child_ref")
    connection.close()
    for (child,) in children:
        forget(settings, KEY, child, dt.datetime(2026, 10, 6))
    return store.open_file(settings.registry_path)


def lay_out(sent: Sent, inbox: Path) -> None:
    """Put what was sent on the disk."""
    inbox.mkdir()
    for name, content in sent.files.items():
        path = inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            with path.open("wb") as file:
                file.truncate(HOLE_BYTES)
        else:
            path.write_bytes(content)


@contextlib.contextmanager
def _set_apart(folder: Path) -> Iterator[io.StringIO]:
    """Work in an empty folder, with an empty folder for temporary files; hear all that is logged or printed."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    before, temporary = Path.cwd(), os.environ.get("TMPDIR")
    logging.getLogger().addHandler(handler)
    os.chdir(folder / "nowhere")
    os.environ["TMPDIR"] = str(folder / "temporary")
    try:
        with contextlib.redirect_stdout(heard), contextlib.redirect_stderr(heard):
            yield heard
    finally:
        os.chdir(before)
        logging.getLogger().removeHandler(handler)
        os.environ.pop("TMPDIR")
        if temporary is not None:
            os.environ["TMPDIR"] = temporary


def _account_faults(outcomes: list[FileOutcome]) -> list[str]:
    return [
        f"{o.file}: {d.rows_read} rows read, {d.rows_accepted} + {d.rows_quarantined} + {d.rows_ignored} accounted for"
        for o in outcomes
        if (d := o.delivery).rows_read != d.rows_accepted + d.rows_quarantined + d.rows_ignored
        or d.rows_ignored != sum(int(pair.partition("=")[2]) for pair in d.ignored_why.split(",") if pair)
    ]


def _secrets_told(outcomes: list[FileOutcome], heard: str) -> list[str]:
    told = [heard]
    for outcome in outcomes:
        for message in outcome.messages:
            told += [str(message), *(str(as_json(message, "file", lang)) for lang in ("zh", "en"))]
    said = "\n".join(told)
    faults = [f"a message or log says {name}" for name in NAMES if name in said]
    return faults + [f"a message or log says the number {n}" for n in set(LONG_NUMBER.findall(said))]


def _left_outside(case: Case, folder: Path) -> list[str]:
    faults = [
        f"{name}: a file was written" for name in ("nowhere", "temporary") if any((folder / name).iterdir())
    ]
    strays = {p.name for p in folder.iterdir()} - {"nowhere", "temporary", "store"}
    faults += [f"{name}: written outside the store" for name in strays if not name.startswith("inbox")]
    for number, sent in enumerate(case.send()):
        inbox = folder / f"inbox{number}"
        there = {str(p.relative_to(inbox)) for p in inbox.rglob("*") if p.is_file()}
        if there != set(sent.files):
            faults.append(f"inbox{number}: files came or went")
    for path in (folder / "store").rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        faults += [f"{path.name} holds a readable name" for name in NAMES if name.encode() in content]
        if path.name.startswith("."):
            faults.append(f"{path.name} was left behind")
    return faults


@contextlib.contextmanager
def _peaks_of_children() -> Iterator[list[int]]:
    """The most memory, in bytes, that each reading process had when it was ended."""
    peaks: list[int] = []
    stop = readers._Child.stop

    def note_and_stop(child: readers._Child) -> None:
        if child.process is not None:
            with contextlib.suppress(OSError):
                status = Path(f"/proc/{child.process.pid}/status").read_text()
                peaks.extend(int(kib) * 1024 for kib in re.findall(r"VmHWM:\s*(\d+) kB", status))
        stop(child)

    readers._Child.stop = note_and_stop  # type: ignore[method-assign]
    try:
        yield peaks
    finally:
        readers._Child.stop = stop  # type: ignore[method-assign]
