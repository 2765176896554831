"""What the daily recompute of the receipts says, in words."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from dashboard.access import Permission, Reader, may
from dashboard.settings import read_settings
from dashboard.texts import text
from models.receipt_runs import Alarm, Run, alarm


def moment(at: dt.datetime) -> str:
    """A time in UTC, to the minute."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M UTC")


def parts(lang: str, run: Run) -> str:
    """The kinds of things that differ, each once."""
    named = dict.fromkeys(text(lang, f"receipts.part.{one.part}") for one in run.found)
    return text(lang, "mark.between_words").join(named)


def state(folder: Path, now: dt.datetime | None = None) -> tuple[Alarm, Run | None]:
    """The alarm of that store and its last recompute."""
    return alarm(folder, read_settings().receipts.again.span, now or dt.datetime.now(dt.UTC))


def alarm_words(folder: Path, reader: Reader, lang: str, now: dt.datetime | None = None) -> str:
    """What must be said on the first page, or nothing; only to those who work with the lists or their inputs."""
    if not (may(reader, Permission.VIEW_CHILDREN) or may(reader, Permission.VIEW_QUALITY)):
        return ""
    kind, last = state(folder, now)
    if not kind:
        return ""
    if last is None:
        return text(lang, "receipts.alarm_never")
    told = {"at": moment(last.at), "n": len(last.found), "parts": parts(lang, last)}
    wanted = {"differs": told, "late": {"at": told["at"]}}[kind]
    return text(lang, f"receipts.alarm_{kind}", **wanted)
