"""The child process in which files are read: `python -m registry.sandbox`, started by `registry.readers`.

Requests and replies are frames: eight bytes of length, then that many bytes. A request is a frame of limits
(JSON) and a frame of file content; a reply is several frames of JSON, the last with `done` or `unreadable`.
JSON and not pickle, because the parent must not trust a child that has handled a hostile file: a JSON text
can lie, but it cannot run anything.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from registry.reading import Limits, Unreadable

try:
    import resource
except ImportError:  # Windows has no such limits; time, archive and extent limits still hold there
    resource = None  # type: ignore[assignment]

LENGTH_BYTES = 8
MAX_OPEN_FILES = 32

Message = dict[str, Any]


def write_frame(stream: BinaryIO, body: bytes) -> None:
    """Send one frame."""
    stream.write(len(body).to_bytes(LENGTH_BYTES, "big"))
    stream.write(body)
    stream.flush()


def read_frame(stream: BinaryIO, at_most: int | None = None) -> bytes:
    """Receive one frame; EOFError if the other side is gone, OverflowError if it is longer than agreed."""
    head = stream.read(LENGTH_BYTES)
    if len(head) < LENGTH_BYTES:
        raise EOFError("sandbox.read_frame: expected a frame, found the end of the pipe")
    length = int.from_bytes(head, "big")
    if at_most is not None and length > at_most:
        raise OverflowError(f"sandbox.read_frame: expected at most {at_most} bytes, found {length}")
    body = stream.read(length)
    if len(body) < length:
        raise EOFError("sandbox.read_frame: expected a whole frame, found the end of the pipe")
    return body


def messages(content: bytes, limits: Limits) -> Iterator[Message]:
    """Read one file into messages; imported here, so that limits hold before any reader is loaded."""
    from registry.delimited import read_delimited
    from registry.file_types import file_type_of
    from registry.spreadsheets import read_spreadsheet

    file_type, archive = file_type_of(content, limits)
    encoding = delimiter = None
    if file_type == "csv":
        encoding, delimiter, parts = read_delimited(content, limits)
    else:
        parts = read_spreadsheet(content, file_type, archive, limits)
    yield from parts
    yield {"done": {"file_type": file_type, "encoding": encoding, "delimiter": delimiter}}


def serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Answer requests until the parent closes the pipe, or until an answer leaves this process in doubt."""
    while True:
        try:
            limits = Limits(*json.loads(read_frame(requests)))
        except EOFError:
            return
        _limit_this_process(limits)
        is_spent = False
        try:
            for message in messages(read_frame(requests), limits):
                write_frame(replies, json.dumps(message, ensure_ascii=False).encode())
            continue
        except Unreadable as refusal:
            answer = [refusal.code, refusal.expected, refusal.found]
        except MemoryError:
            answer, is_spent = ["too_large", f"at most {limits.memory_bytes} bytes of memory", "more"], True
        except BrokenPipeError:
            return
        except BaseException as error:  # calamine's Rust panics are no Exception
            # Only the type: the message of an unforeseen error may quote a cell.
            answer, is_spent = ["crashed", "a file that can be read", type(error).__name__], True
        write_frame(replies, json.dumps({"unreadable": answer, "spent": is_spent}).encode())
        if is_spent:
            return


def _limit_this_process(limits: Limits) -> None:
    if resource is None:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + limits.seconds) + 1
    wanted = (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),  # a core dump would put children's data on the disk
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, MAX_OPEN_FILES),
    )
    for kind, value in wanted:
        _, hard = resource.getrlimit(kind)
        soft = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(kind, (soft, hard))
        except (ValueError, OSError):  # macOS refuses some of them
            continue


def main() -> None:
    """Serve over standard input and output; nothing else may print there."""
    serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
