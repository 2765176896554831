"""Reads xlsx, xls, ods and csv files, always in a child process that may die without harm.

This is the parent's side. It never looks into a file; it sends the bytes, waits no longer than allowed, and
checks the shape of what comes back.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, cast

from registry.reading import UNREADABLE_CODES, Kind, Limits, Reading, Sheet, Unreadable
from registry.sandbox import read_frame, write_frame

__all__ = ["UNREADABLE_CODES", "Kind", "Limits", "Reading", "Sheet", "Unreadable", "read", "read_many"]

DEFAULT_LIMITS = Limits()
# Windows needs these to start Python at all. Nothing else is handed over: the store's key may be in the rest.
KEPT_ENVIRONMENT = ("SYSTEMROOT", "LD_LIBRARY_PATH", "TMPDIR", "TEMP")
PACKAGE_PARENT = str(Path(__file__).resolve().parent.parent)
# A dying process closes its pipe a moment before it has a return code.
SECONDS_TO_LEAVE = 5.0


def read(content: bytes, name: str, limits: Limits = DEFAULT_LIMITS) -> Reading:
    """Read one file in a child process of its own.

    The name only pairs answers with files: the type is told by the content. Raises Unreadable.
    """
    ((_, answer),) = read_many([(name, content)], limits)
    if isinstance(answer, Unreadable):
        raise answer
    return answer


def read_many(
    items: Sequence[tuple[str, bytes]], limits: Limits = DEFAULT_LIMITS
) -> Iterator[tuple[str, Reading | Unreadable]]:
    """Read many files in one warm child process, in order; a refusal is an answer, not an exception.

    A file that kills or blocks the child costs only its own answer: the next file gets a new child.
    """
    with _Child() as child:
        for name, content in items:
            try:
                yield name, child.ask(content, limits)
            except Unreadable as refusal:
                yield name, refusal


class _Killed(Unreadable):
    """The child was killed from outside before it answered."""


class _Child:
    """A reading process that is started when needed and replaced when it is gone."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> _Child:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def ask(self, content: bytes, limits: Limits) -> Reading:
        """Have one file read; raises Unreadable, after which the child may be a new one.

        A child that somebody else killed says nothing about the file: it is read once more by a new one.
        """
        if len(content) > limits.unpacked_bytes:
            raise Unreadable("too_large", f"at most {limits.unpacked_bytes} bytes", f"{len(content)} bytes")
        try:
            return self._ask_once(content, limits)
        except _Killed:
            return self._ask_once(content, limits)

    def _ask_once(self, content: bytes, limits: Limits) -> Reading:
        process = self._running()
        is_late = threading.Event()

        def give_up() -> None:
            is_late.set()
            process.kill()

        watch = threading.Timer(limits.seconds, give_up)
        watch.daemon = True
        watch.start()
        try:
            self._send(content, limits)
            return self._receive(limits)
        except (EOFError, OSError):
            returncode = self._returncode()
            raise _cause_of_death(returncode, is_late.is_set(), limits) from None
        except OverflowError:
            self.stop()
            raise Unreadable("too_large", f"at most {limits.unpacked_bytes} bytes of cells", "more") from None
        except (ValueError, TypeError, KeyError, IndexError):
            self.stop()
            raise Unreadable("crashed", "an answer of the agreed shape", "another") from None
        finally:
            watch.cancel()

    def stop(self) -> None:
        """End the process, if there is one; a process that has answered keeps nothing worth waiting for."""
        process, self.process = self.process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(BrokenPipeError):
                cast(BinaryIO, stream).close()

    def _returncode(self) -> int | None:
        """How the process ended, after its pipe has closed; None if it closed the pipe and lives on."""
        process = cast("subprocess.Popen[bytes]", self.process)
        try:
            return process.wait(SECONDS_TO_LEAVE)
        except subprocess.TimeoutExpired:
            return None
        finally:
            self.stop()

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is not None and self.process.poll() is not None:
            self.stop()
        if self.process is None:
            environment = {key: os.environ[key] for key in KEPT_ENVIRONMENT if key in os.environ}
            environment["PYTHONPATH"] = os.pathsep.join([PACKAGE_PARENT, *filter(None, sys.path)])
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-B", "-m", "registry.sandbox"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # a Rust panic quotes what it choked on
                env=environment,
            )
        return self.process

    def _send(self, content: bytes, limits: Limits) -> None:
        pipe = cast(BinaryIO, cast("subprocess.Popen[bytes]", self.process).stdin)
        write_frame(pipe, json.dumps(limits).encode())
        write_frame(pipe, content)

    def _receive(self, limits: Limits) -> Reading:
        pipe = cast(BinaryIO, cast("subprocess.Popen[bytes]", self.process).stdout)
        sheets: list[Sheet] = []
        left_bytes = limits.unpacked_bytes
        while True:
            frame = read_frame(pipe, left_bytes)
            left_bytes -= len(frame)
            message = json.loads(frame)
            if "rows" in message:
                _add_rows(sheets[-1], message)
            elif "sheet" in message:
                sheets.append(_sheet(message["sheet"]))
            elif "unreadable" in message:
                if message["spent"]:
                    self.stop()
                raise Unreadable(*message["unreadable"])
            else:
                done = message["done"]
                return Reading(done["file_type"], done["encoding"], done["delimiter"], sheets)


def _sheet(about: dict[str, Any]) -> Sheet:
    merged = [(int(top), int(left), int(bottom), int(right)) for top, left, bottom, right in about["merged"]]
    return Sheet(str(about["name"]), bool(about["hidden"]), [], [], merged, bool(about.get("from_1904")))


def _add_rows(sheet: Sheet, message: dict[str, Any]) -> None:
    rows, kinds = message["rows"], message["kinds"]
    width = len(sheet.rows[0]) if sheet.rows else len(kinds[0])
    if len(rows) != len(kinds) or {len(row) for row in rows} | {len(kind) for kind in kinds} != {width}:
        raise ValueError("readers: expected rows and kinds of one length, found several")
    sheet.rows.extend(rows)
    sheet.kinds.extend(kinds)


def _cause_of_death(returncode: int | None, is_late: bool, limits: Limits) -> Unreadable:
    if is_late or (returncode is not None and returncode == -getattr(signal, "SIGXCPU", 0)):
        return Unreadable("timeout", f"at most {limits.seconds:g} seconds", "more")
    if returncode is not None and returncode == -signal.SIGABRT:
        # Rust aborts when memory is refused.
        return Unreadable("too_large", f"at most {limits.memory_bytes} bytes of memory", "more")
    killed = returncode is not None and returncode == -getattr(signal, "SIGKILL", 0)
    kind = _Killed if killed else Unreadable
    return kind("crashed", "a file that can be read", f"return code {returncode}")
