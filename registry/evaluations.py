"""What was found when a card was evaluated: kept beside the versions, a record each, never written over.

A record belongs to the text of a card, whoever saves it under which number; pages show what was kept, and the bars of
publication read it.  It holds figures of groups only, no child.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, NamedTuple

from registry import versions

KIND = "evaluation"


class Evaluation(NamedTuple):
    """One evaluation of the card with that sha256; `document` as the models made it."""

    subject: str
    sequence: int
    sha256: str
    build_id: str
    at: dt.datetime
    document: dict[str, Any]


def keep(
    store: Path, subject: str, sha256: str, build_id: str, at: dt.datetime, document: dict[str, Any]
) -> Evaluation:
    """Keep an evaluation; VersionProblem where an earlier record is not what was kept."""
    sequence = len(kept(store, subject)) + 1
    record = {"sequence": sequence, "sha256": sha256, "build_id": build_id, "at": at.isoformat(),
              "document": document}  # fmt: skip
    versions.append_record(store, subject, KIND, sequence, record)
    return kept(store, subject)[-1]


def kept(store: Path, subject: str) -> list[Evaluation]:
    """Every evaluation of a subject, oldest first."""
    return [
        Evaluation(subject, record["sequence"], record["sha256"], record["build_id"],
                   dt.datetime.fromisoformat(record["at"]), record["document"])
        for _, record in versions.records(store, subject, KIND)
    ]  # fmt: skip


def latest(store: Path, subject: str, sha256: str, known_on: dt.date | None = None) -> Evaluation | None:
    """The last evaluation of that card by the end of that day (of all time without one); None where there is none."""
    found = [
        one
        for one in kept(store, subject)
        if one.sha256 == sha256 and (known_on is None or one.at.date() <= known_on)
    ]
    return found[-1] if found else None
