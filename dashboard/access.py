"""Who may do what: the one place where rights are given and checked, before data is read.

What is not given here is refused. The reason for so few rights per role is
未成年人网络保护条例 36 (least privilege) and 37 (every access recorded).
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Permission(StrEnum):
    """Something that a person may do."""

    VIEW_AGGREGATES = "view_aggregates"
    VIEW_CHILDREN = "view_children"  # pseudonymous rows, one per child
    VIEW_IDENTITY = "view_identity"  # names, addresses; with a reason, each look recorded
    VIEW_QUALITY = "view_quality"
    EXPORT = "export"  # a file of what the role sees anyway; needs the view right as well
    TUNE = "tune"  # try cards and rules, save versions
    PUBLISH_CARD = "publish_card"  # let a version that somebody else saved hold from now on
    RUN_INTAKE = "run_intake"
    RETURN_ROWS = (
        "return_rows"  # a sender's own wrong rows, names in them, back to that sender; with a reason
    )
    DECIDE_IDENTITY = "decide_identity"  # say whether two entries are one child; names need VIEW_IDENTITY too
    OVERRIDE = "override"  # move a child on a list by hand, inside the law; with a reason, until a day
    VIEW_AUDIT = "view_audit"  # who looked at which pseudonym, and why


class Role(StrEnum):
    """The work that a person does here."""

    SUPERVISOR = "supervisor"
    PLANNER = "planner"
    ANALYST = "analyst"
    DATA_OFFICER = "data_officer"


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    # Judges the work, not the child: protected figures, and who looked at whom.
    Role.SUPERVISOR: frozenset({Permission.VIEW_AGGREGATES, Permission.EXPORT, Permission.VIEW_AUDIT}),
    # Sends people to a door: needs the child, and the name to find it.
    Role.PLANNER: frozenset(
        {
            Permission.VIEW_AGGREGATES,
            Permission.VIEW_CHILDREN,
            Permission.VIEW_IDENTITY,
            Permission.DECIDE_IDENTITY,
            Permission.OVERRIDE,
            Permission.EXPORT,
            Permission.PUBLISH_CARD,
        }
    ),
    # Works on rules: needs cases, never names.
    Role.ANALYST: frozenset(
        {
            Permission.VIEW_AGGREGATES,
            Permission.VIEW_CHILDREN,
            Permission.VIEW_QUALITY,
            Permission.TUNE,
            Permission.PUBLISH_CARD,
        }
    ),
    # Answers for the ledgers: what came in, and what is wrong with it.
    Role.DATA_OFFICER: frozenset(
        {
            Permission.VIEW_AGGREGATES,
            Permission.VIEW_QUALITY,
            Permission.RUN_INTAKE,
            Permission.RETURN_ROWS,
            Permission.DECIDE_IDENTITY,
        }
    ),
}


class Reader(NamedTuple):
    """The signed-in person, as every view gets it.

    areas: prefixes of area codes; an area is open when its code begins with one of them. None means no area.
    """

    user: str
    role: Role
    areas: tuple[str, ...]
    permissions: frozenset[Permission]


class Forbidden(Exception):
    """The person lacks a right; carries the right so that the page can say it in words."""

    def __init__(self, reader: Reader, permission: Permission | None, area: str | None = None) -> None:
        self.permission = permission
        self.area = area
        wanted = f"the right {permission}" if permission else f"a right for area {area}"
        super().__init__(f"access: expected {wanted}, found role {reader.role} without it")


def permissions_of(role: Role) -> frozenset[Permission]:
    """The rights of a role; none for a role without an entry."""
    return PERMISSIONS.get(role, frozenset())


def reader_for(user: str, role: Role, areas: tuple[str, ...]) -> Reader:
    """A reader with exactly the rights of the role."""
    return Reader(user, role, areas, permissions_of(role))


def may(reader: Reader, permission: Permission) -> bool:
    """Whether the reader has the right, for showing or hiding a control; reading data needs `require`."""
    return permission in reader.permissions


def require(reader: Reader, permission: Permission, *others: Permission) -> None:
    """Stop with Forbidden unless the reader has every right named."""
    for wanted in (permission, *others):
        if not may(reader, wanted):
            raise Forbidden(reader, wanted)


def covers_area(reader: Reader, area: str) -> bool:
    """Whether the area lies within those of the reader."""
    return bool(area) and any(prefix and area.startswith(prefix) for prefix in reader.areas)


def require_area(reader: Reader, area: str) -> None:
    """Stop with Forbidden unless the area lies within those of the reader."""
    if not covers_area(reader, area):
        raise Forbidden(reader, None, area)


def explain(reader: Reader) -> list[tuple[Permission, bool]]:
    """Every right there is and whether the reader has it, those held first."""
    return sorted(((right, may(reader, right)) for right in Permission), key=lambda pair: not pair[1])
