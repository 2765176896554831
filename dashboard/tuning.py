"""Saving and publishing versions of cards and rules: with the right, a reason, and a row in the access log."""

from __future__ import annotations

from pathlib import Path

from dashboard.access import Permission, Reader, Role, require, require_area
from dashboard.audit import Action, append_within
from dashboard.desk import Desk
from models.screening.rulebook import in_force
from registry.versions import Publication, Version


def save_version(
    place: Path, desk: Desk, reader: Reader, district: str, subject: str, text: str, reason: str
) -> Version:
    """Keep a text as the next version with the reader as its author; it moves nobody before it is published.

    Forbidden without the right or outside the reader's areas; FileProblem, VersionProblem as in the models.
    """
    require(reader, Permission.TUNE)
    require_area(reader, district)
    return save_by(place, desk, reader.user, reader.role, subject, text, subject, reason)


def publish_version(
    place: Path, desk: Desk, reader: Reader, district: str, subject: str, number: int, reason: str
) -> Publication:
    """Let a version hold from now on; the lists follow at the next build.  Errors as for `save_version`."""
    require(reader, Permission.PUBLISH_CARD)
    require_area(reader, district)
    return publish_by(place, desk, reader.user, reader.role, subject, number, reason)


def save_by(
    place: Path, desk: Desk, user: str, role: Role | None, subject: str, text: str, file: str, reason: str
) -> Version:
    """The same for the command line, where the person is named."""
    at = desk.clock()
    made = in_force.save(place, subject, text, file, user, reason, at.replace(tzinfo=None))
    with desk.writing() as log:
        append_within(log, user, role, Action.TUNED, f"{subject}/{made.number}", made.reason, at)
    return made


def publish_by(
    place: Path, desk: Desk, user: str, role: Role | None, subject: str, number: int, reason: str
) -> Publication:
    """The same for the command line, where the person is named."""
    at = desk.clock()
    made = in_force.publish(place, subject, number, user, reason, at.replace(tzinfo=None))
    with desk.writing() as log:
        append_within(log, user, role, Action.CARD_PUBLISHED, f"{subject}/{number}", made.reason, at)
    return made
