"""Texts of this district that came after the shipped ones: saved as versions, published by a second person, kept.

Version 1 of every subject is the shipped text and has no file here.  A version, once saved, is never edited; a
publication names a version, so going back is publishing an earlier one again.  Each record is a file of its own that
carries the digest of the record before it: a record changed, or one taken out between others, is found on reading.

Layout: `<store>/versions/<subject>/0002.version.json`, `<store>/versions/<subject>/0001.publication.json`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any, NamedTuple

from registry.store import StoreProblem, remove_leftovers

SHIPPED = 1
FIRST_DIGEST = "0" * 64
REASON_LENGTH = 400
_SUBJECT = re.compile(r"[a-z]+(_[a-z]+)*")


class Version(NamedTuple):
    """A saved text; `number` counts from 2, `sha256` is that of the text, times are UTC."""

    subject: str
    number: int
    text: str
    sha256: str
    author: str
    reason: str
    saved_at: dt.datetime


class Publication(NamedTuple):
    """From `at` on that version holds, until the next publication."""

    subject: str
    sequence: int
    number: int
    by: str
    reason: str
    at: dt.datetime


class VersionProblem(StoreProblem):
    """What cannot be saved or published.

    `code`: no_reason, long_reason, no_person, same_text, same_id, no_such, same_person, in_force, overtaken, changed,
    unusable.
    """

    def __init__(self, code: str, about: str) -> None:
        self.code, self.about = code, about
        super().__init__(f"version: {code}: {about}")


def digest_of(text: str) -> str:
    """The sha256 of a text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def saved(store: Path, subject: str) -> list[Version]:
    """The saved versions, oldest first; VersionProblem where one is not what was saved."""
    found = []
    for place, record in records(store, subject, "version"):
        one = Version(subject, record["number"], record["text"], record["sha256"], record["author"],
                      record["reason"], dt.datetime.fromisoformat(record["saved_at"]))  # fmt: skip
        if digest_of(one.text) != one.sha256:
            raise VersionProblem("changed", place.name)
        found.append(one)
    return found


def publications(store: Path, subject: str) -> list[Publication]:
    """Every publication, oldest first."""
    return [
        Publication(subject, record["sequence"], record["number"], record["by"], record["reason"],
                    dt.datetime.fromisoformat(record["at"]))
        for _, record in records(store, subject, "publication")
    ]  # fmt: skip


def in_force(store: Path, subject: str, known_on: dt.date | None = None) -> Publication | None:
    """The publication that stands at the end of that day (of all time without one); None where none was made."""
    made = [one for one in publications(store, subject) if known_on is None or one.at.date() <= known_on]
    return made[-1] if made else None


def save(store: Path, subject: str, text: str, author: str, reason: str, at: dt.datetime) -> Version:
    """Keep a text as the next version: VersionProblem without author or reason, or where a version has that text."""
    _check(author, reason)
    before = saved(store, subject)
    for one in before:
        if one.sha256 == digest_of(text):
            raise VersionProblem("same_text", str(one.number))
    number = SHIPPED + 1 + len(before)
    record = {"number": number, "text": text, "sha256": digest_of(text), "author": author.strip(),
              "reason": reason.strip(), "saved_at": at.isoformat()}  # fmt: skip
    append_record(store, subject, "version", number, record)
    return saved(store, subject)[-1]


def publish(
    store: Path, subject: str, number: int, by: str, reason: str, at: dt.datetime, holds: int | None = None
) -> Publication:
    """Let a version hold from now on; VersionProblem for its own author, an unknown version, or the one that holds.

    holds: the version that holds, where that is not the one published last.
    """
    _check(by, reason)
    authors = {one.number: one.author for one in saved(store, subject)}
    if number != SHIPPED and number not in authors:
        raise VersionProblem("no_such", str(number))
    if _person(authors.get(number, "")) == _person(by):
        raise VersionProblem("same_person", str(number))
    made = publications(store, subject)
    last = made[-1].number if made else SHIPPED
    if number == (last if holds is None else holds):
        raise VersionProblem("in_force", str(number))
    sequence = len(made) + 1
    record = {"sequence": sequence, "number": number, "by": by.strip(), "reason": reason.strip(),
              "at": at.isoformat()}  # fmt: skip
    append_record(store, subject, "publication", sequence, record)
    return publications(store, subject)[-1]


def _person(name: str) -> str:
    """One person under however many blanks and capitals."""
    return "".join(name.split()).casefold()


def _check(person: str, reason: str) -> None:
    if not person.strip():
        raise VersionProblem("no_person", "")
    if not reason.strip():
        raise VersionProblem("no_reason", "")
    if len(reason) > REASON_LENGTH:
        raise VersionProblem("long_reason", str(REASON_LENGTH))


def _folder(store: Path, subject: str) -> Path:
    if not _SUBJECT.fullmatch(subject):
        raise VersionProblem("no_such", subject)
    return store / "versions" / subject


def records(store: Path, subject: str, kind: str) -> list[tuple[Path, dict[str, Any]]]:
    """The records of one kind with their files, in order, each checked against the one before."""
    found, before = [], FIRST_DIGEST
    for place in sorted(_folder(store, subject).glob(f"[0-9]*.{kind}.json")):
        content = place.read_text("utf-8")
        record = json.loads(content)
        if record["before"] != before:
            raise VersionProblem("changed", place.name)
        found.append((place, record))
        before = digest_of(content)
    return found


def append_record(store: Path, subject: str, kind: str, number: int, record: dict[str, Any]) -> None:
    """Write a record under a name of its own, whole or not at all; VersionProblem where another was quicker."""
    folder = _folder(store, subject)
    folder.mkdir(parents=True, exist_ok=True)
    remove_leftovers(folder)
    earlier = records(store, subject, kind)
    before = digest_of(earlier[-1][0].read_text("utf-8")) if earlier else FIRST_DIGEST
    place = folder / f"{number:04}.{kind}.json"
    beside = folder / f".{place.name}.{os.getpid()}"
    with beside.open("w", encoding="utf-8") as file:
        json.dump({**record, "before": before}, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(beside, place)  # unlike a renaming, this never writes over a record
    except FileExistsError:
        raise VersionProblem("overtaken", place.name) from None
    finally:
        beside.unlink()
