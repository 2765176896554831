"""The supervision pack: a period's figures as a Word report, a web page or a workbook."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime, time
from pathlib import Path
from typing import NamedTuple

from dashboard.exports.content import Content, content_of, fingerprint
from dashboard.exports.periods import UnknownPeriod
from dashboard.exports.report import document_of
from dashboard.exports.word_file import MissingExtra, require_word, word_of
from dashboard.snapshot import Snapshot
from dashboard.texts import LANGUAGES
from registry.store import Connection

__all__ = ["FORMATS", "MissingExtra", "Pack", "UnknownFormat", "UnknownPeriod", "make_pack"]

FORMATS = (".docx", ".html", ".xlsx")


class UnknownFormat(ValueError):
    """A file ending or language that no pack is written in."""


class Pack(NamedTuple):
    """A written pack. sha256 is of the file, data_sha256 of the data part, as it stands on the first page."""

    path: Path
    build_id: str
    sha256: str
    data_sha256: str


def make_pack(
    connection: Connection, period: str, out: Path, lang: str, reader_sees_children: bool = False
) -> Pack:
    """Write the supervision pack of a period; the same build gives the same bytes.

    The ending of `out` says the format. Small numbers about children are hidden unless
    `reader_sees_children`; no child, name or score is ever in it. An older file of that name is replaced
    whole. UnknownPeriod, UnknownFormat or MissingExtra (python-docx) before anything is written.
    """
    out = Path(out)
    suffix = out.suffix.lower()
    if suffix not in FORMATS:
        raise UnknownFormat(f"report: expected a file ending in {', '.join(FORMATS)}, found {out.name!r}")
    if lang not in LANGUAGES:
        raise UnknownFormat(f"report: expected the language {' or '.join(LANGUAGES)}, found {lang!r}")
    if suffix == ".docx":
        require_word()
    content = content_of(Snapshot(connection), period, reader_sees_children)
    written = _written(content, suffix, lang)
    _replace(out, written)
    return Pack(out, content.build.build_id, hashlib.sha256(written).hexdigest(), fingerprint(content))


def _written(content: Content, suffix: str, lang: str) -> bytes:
    document = document_of(content, lang)
    if suffix == ".html":
        from dashboard.exports.web_page import page_of

        return page_of(document).encode("utf-8")
    # Not the clock: the file must not differ because it was made at another hour.
    made_on = datetime.combine(content.build.as_of, time(), UTC).replace(tzinfo=None)
    if suffix == ".docx":
        return word_of(document, made_on)
    from dashboard.exports.workbook import workbook_of

    return workbook_of(content, document, made_on)


def _replace(out: Path, written: bytes) -> None:
    """Whole or not at all; readable by its owner only, as everything about children."""
    beside = out.with_name(f".{out.name}.{os.getpid()}")
    beside.touch(mode=0o600)
    try:
        beside.write_bytes(written)
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)
