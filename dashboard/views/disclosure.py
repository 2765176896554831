"""Which figures a reader may see, and how a number is written that does not leave.

Readers who may not see single children get figures about children only from the protected cube that the build
published (`published_figure`, made by models.disclosure); figures about an office's work are as they are.  A build
without a cube shows them none.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from dashboard.access import Permission, Reader, may
from dashboard.snapshot import Snapshot
from dashboard.texts import text
from models.disclosure.cube import FEW, HIDDEN, RANGE, rule_on

PUBLISHED = "published_figure"
NOT_SHOWN = (HIDDEN, RANGE)
MARKS = ("small", "large", "withheld", FEW)
_AS_THEY_ARE = "SELECT *, '' AS yes_mark, '' AS no_mark FROM figure"
_WORK = (
    "SELECT f.*, '' AS yes_mark, '' AS no_mark FROM figure f "
    "WHERE f.code IN (SELECT code FROM indicator WHERE disclosure = 'work')"
)
_NUMBERS = ("yes", "no", "unknown", "value", "low", "high", "evidence", "n_shown")
_STATUS = "f.code IN (SELECT code FROM indicator WHERE disclosure <> 'work')"


def figure_source(snapshot: Snapshot, reader: Reader) -> str:
    """A query for the figures that the reader may see: the columns of `figure`, and yes_mark, no_mark.

    A mark is empty for a number that is shown, else one of small, large, withheld, few.
    """
    if may(reader, Permission.VIEW_CHILDREN):
        return _AS_THEY_ARE
    if snapshot.has(PUBLISHED):
        return f"{_WORK} UNION ALL BY NAME SELECT f.* FROM {PUBLISHED} f WHERE {_STATUS}"
    blanked = ", ".join(f"NULL AS {name}" for name in _NUMBERS)
    return (
        f"{_WORK} UNION ALL BY NAME SELECT f.* REPLACE ({blanked}, '{HIDDEN}' AS status), "
        f"'{FEW}' AS yes_mark, '{FEW}' AS no_mark FROM figure f WHERE {_STATUS}"
    )


def shown_from(day: date) -> int:
    """The smallest number about children that is shown; smaller ones are written as below it."""
    return rule_on(day).shown_from


def rounded_to(day: date) -> int:
    """The base to which the others are rounded."""
    return rule_on(day).base


def number_words(lang: str, mark: str, limit: int) -> str:
    """What stands in the place of a number that does not leave; empty for one that does."""
    return text(lang, f"disclosure.number.{mark}", limit=limit) if mark in MARKS else ""


def value_words(lang: str, row: Mapping[str, Any]) -> str:
    """What stands in the place of a value: a bound, how small the number is, or that it is withheld."""
    if row["status"] == RANGE:
        at_most = not row["low"]
        bound = row["high"] if at_most else row["low"]
        return text(
            lang, f"disclosure.{'at_most' if at_most else 'at_least'}", value=_outward(bound, at_most)
        )
    if row["unit"] == "count":
        return number_words(lang, row["yes_mark"] or "withheld", row["shown_from"])
    return text(lang, "disclosure.withheld")


def _outward(share: float, at_most: bool) -> str:
    """A share rounded away from the middle: a bound that is shown must hold."""
    tenths = int(-(-share * 1000 // 1)) if at_most else int(share * 1000)
    return f"{tenths / 10:.1f}%"


def protection_note(lang: str, day: date, build: str) -> str:
    """How numbers about children were protected, and in which issue."""
    return text(lang, "disclosure.note", limit=shown_from(day), base=rounded_to(day), build=build)
