"""How alike two notes are, without keeping a word of them: keyed MinHash signatures, made where the vault is open.

A note's pieces of three characters become keyed numbers (so that nobody without the key can try out guesses), and the
least of each of 128 shuffles of them, cut to one byte, is kept.  The share of equal bytes of two signatures estimates
the Jaccard similarity of their sets of pieces (Broder 1997; cut to b bits, Li and König 2010): standard error at most
0.045.  Forty lines of numpy stand here instead of datasketch, whose signatures are eight times as long, hold parts of
unkeyed hashes by default, and hang on its version: a signature lies in the registry for years.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from data_contracts import values
from registry.store import Connection, insert, run
from registry.vault import Vault

SHUFFLES = 128
PIECE = 3  # characters
BAND = 4  # bytes: two notes are compared where one of their 32 bands is equal
CHANCE = 1 / 256  # two unlike bytes are equal as often as this
_SEED = 20_260_930  # fixed for good: signatures of all deliveries must be comparable
_NO_WORD = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\d+")

_random = np.random.Generator(np.random.PCG64(_SEED))
_FACTORS = _random.integers(0, 2**63, SHUFFLES, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_SHIFTS = _random.integers(0, 2**63, SHUFFLES, dtype=np.uint64)

LIKENESS = {
    "child_id": "VARCHAR",
    "due_on": "DATE",
    "note_length": "BIGINT",
    "likeness_percent": "BIGINT",
    "like_record": "VARCHAR",
}

Bytes = npt.NDArray[np.uint8]


class _Note(NamedTuple):
    """A visit with a note: its key, its author, the note's length and signature, and where it stands."""

    child_id: str
    due_on: object
    worker_ref: str
    length: int
    signature: str
    record: str


def plain(note: str, name: str | None = None) -> str:
    """The words of a note: without the child's own name, white space and punctuation; numbers are all one."""
    bare = values.simplified(note)
    if name:
        bare = bare.replace(values.simplified(name), "")
    return _NUMBER.sub("0", _NO_WORD.sub("", bare))


def note_length(note: str | None) -> int | None:
    """Characters of a note without white space and punctuation; None for none."""
    return None if note is None else len(_NO_WORD.sub("", values.simplified(note)))


def note_signature(vault: Vault, note: str | None, name: str | None = None) -> str | None:
    """The keyed signature of a note as hexadecimal; None for no note, or one of fewer than three characters."""
    words = plain(note, name) if note else ""
    pieces = {words[start : start + PIECE] for start in range(len(words) - PIECE + 1)}
    if not pieces:
        return None
    marks = np.array(sorted(vault.mark(piece) for piece in pieces), dtype=np.uint64)
    shuffled = marks[:, None] * _FACTORS + _SHIFTS  # wraps around at 2**64 on purpose
    least = (shuffled >> np.uint64(32)).min(axis=0)
    return bytes((least & np.uint64(255)).astype(np.uint8)).hex()


def likeness(one: str, other: str) -> float:
    """The estimated Jaccard similarity of the notes behind two signatures, 0 to 1."""
    equal = float(np.mean(_bytes(one) == _bytes(other)))
    return max(0.0, (equal - CHANCE) / (1 - CHANCE))


def _bytes(signature: str) -> Bytes:
    return np.frombuffer(bytes.fromhex(signature), dtype=np.uint8)


def make_note_likeness(connection: Connection) -> None:
    """Make `note_likeness`: for each noted visit, how much it resembles the most alike other note of its author.

    Reads the table `visit` as known.  No limit is applied here: from which likeness on a note counts as
    copied, and how short a note may be, are policy.
    """
    columns = ", ".join(f"{name} {kind}" for name, kind in LIKENESS.items())
    run(connection, f"CREATE OR REPLACE TABLE note_likeness ({columns})")
    rows = run(
        connection,
        "SELECT child_id, due_on, worker_ref, note_length, note_signature, record FROM visit "
        "WHERE note_signature IS NOT NULL AND worker_ref IS NOT NULL ORDER BY worker_ref, child_id, due_on",
    )
    found = [line for notes in _by_author(rows) for line in _nearest(notes)]
    if found:
        frame = pl.DataFrame(found, schema=list(LIKENESS), orient="row", infer_schema_length=None)
        insert(
            connection, "note_likeness", frame.with_columns(pl.col("like_record").cast(pl.String)).to_arrow()
        )


def _by_author(rows: Sequence[Sequence[object]]) -> Iterator[list[_Note]]:
    held: list[_Note] = []
    for row in rows:
        note = _Note(*row)  # type: ignore[arg-type]
        if held and held[0].worker_ref != note.worker_ref:
            yield held
            held = []
        held.append(note)
    if held:
        yield held


def _nearest(notes: Sequence[_Note]) -> Iterator[list[object]]:
    """One line for each note of one author; equal signatures are settled without comparing them."""
    by_signature: dict[str, list[_Note]] = {}
    for note in notes:
        by_signature.setdefault(note.signature, []).append(note)
    signatures = list(by_signature)
    best = _most_alike(np.stack([_bytes(one) for one in signatures]))
    for which, signature in enumerate(signatures):
        same = by_signature[signature]
        value, other = best[which]
        for place, note in enumerate(same):
            like = same[place - 1].record if len(same) > 1 else None
            percent = 100 if like else round(100 * value)
            if like is None and other is not None:
                like = by_signature[signatures[other]][0].record
            yield [note.child_id, note.due_on, note.length, percent, like]


def _most_alike(stack: Bytes) -> list[tuple[float, int | None]]:
    """(likeness, place) of the nearest other row for each row, among those that share a whole band with it."""
    best: list[tuple[float, int | None]] = [(0.0, None)] * len(stack)
    bands = np.ascontiguousarray(stack).view(np.dtype(f"u{BAND}"))
    for one in range(len(stack)):
        shares = (bands == bands[one]).any(axis=1)
        shares[one] = False
        near = np.flatnonzero(shares)
        if len(near):
            equal = (stack[near] == stack[one]).mean(axis=1)
            place = int(equal.argmax())
            best[one] = (max(0.0, (float(equal[place]) - CHANCE) / (1 - CHANCE)), int(near[place]))
    return best
