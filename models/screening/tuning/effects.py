"""What a trial does to groups of children: how many stand at each level before and after, never only an average.

Sex and ethnic group are looked at here so that nobody is scored by them in a roundabout way.  Remoteness is the way to
the household where the ledger tells it, else the kind of township (街道, 镇, 乡), all that is known then.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from models.planning.reading import own_ways
from models.screening.receipts import facts_used
from models.screening.rulebook.lanes import REPORT_NOW
from models.screening.tuning.ground import Ground
from models.screening.tuning.trial import Trial

KINDS = ("sex", "ethnicity", "township", "remoteness", "boarding", "missing")
NOT_RECORDED = ""
TOWNSHIP_DIGITS = 9
# How many of the facts that the list asks for are not known: where a band begins.
MISSING_BANDS = (0, 1, 4, 8)
# Minutes there and back from the village's centre: where a band begins.
WAY_BANDS = (0, 30, 60)
# The ending of a township's name by law of administrative divisions, the nearest to the seat first.
_TOWNSHIP_KINDS = {"街道": "street", "镇": "town", "乡": "rural"}


class Effect(NamedTuple):
    """A group of children: level → number before and after; how many of its n rise and how many sink."""

    kind: str
    group: str
    n: int
    levels: dict[str, tuple[int, int]]
    raised: int
    lowered: int


def effects(ground: Ground, found: Trial) -> list[Effect]:
    """Every group of every kind, in the order of KINDS; each child stands in one group of each kind."""
    groups = groups_of(ground, found.target)
    told = []
    for kind in KINDS:
        members: dict[str, list[str]] = {}
        for child in found.before.places:
            members.setdefault(groups.get(child, {}).get(kind, NOT_RECORDED), []).append(child)
        told += [_effect(found, kind, group, members[group]) for group in sorted(members)]
    return told


def _effect(found: Trial, kind: str, group: str, children: Sequence[str]) -> Effect:
    order = (REPORT_NOW, *found.rules.order)
    counts = {level: [0, 0] for level in order}
    raised = lowered = 0
    for child in children:
        then, now = found.before.places[child].level, found.after.places[child].level
        counts[then][0] += 1
        counts[now][1] += 1
        raised += order.index(now) < order.index(then)
        lowered += order.index(now) > order.index(then)
    levels = {level: (before, after) for level, (before, after) in counts.items()}
    return Effect(kind, group, len(children), levels, raised, lowered)


def groups_of(ground: Ground, target: str) -> dict[str, dict[str, str]]:
    """Child → kind → group; an empty group where it is not recorded."""
    held = ground.held[target]
    asked = facts_used(held.rules.rules, held.card.card)
    unknown = " + ".join(f"CASE WHEN w.{name} IS NULL THEN 1 ELSE 0 END" for name in asked)
    townships = {str(code): str(name) for code, name in ground.ask("SELECT area_code, name FROM area")}
    rows = ground.ask(
        f"SELECT k.child_id, k.sex, k.ethnicity, k.village_code, w.boarding, {unknown} "
        "FROM known_child k JOIN fact_wide w ON w.child_id = k.child_id ORDER BY k.child_id"
    )
    ways = own_ways(ground.ask)
    found = {row[0]: _groups(row[1:], townships) for row in rows}
    for child in ways.keys() & found.keys():
        start = max(one for one in WAY_BANDS if one <= ways[child])
        found[child]["remoteness"] = f"minutes_{start}"
    return found


def _groups(cells: Sequence[object], townships: dict[str, str]) -> dict[str, str]:
    sex, ethnicity, village, boarding, n_unknown = cells
    township = str(village or "")[:TOWNSHIP_DIGITS]
    return {
        "sex": str(sex or NOT_RECORDED),
        "ethnicity": str(ethnicity or NOT_RECORDED),
        "township": township,
        "remoteness": _township_kind(townships.get(township, "")),
        "boarding": NOT_RECORDED if boarding is None else ("yes" if boarding else "no"),
        "missing": missing_band(int(str(n_unknown))),
    }


def missing_band(n_unknown: int) -> str:
    """The band of a number of facts that are not known: `0`, `1-3`, `4-7`, `8+`."""
    start = max(one for one in MISSING_BANDS if one <= n_unknown)
    following = [one for one in MISSING_BANDS if one > start]
    if not following:
        return f"{start}+"
    return str(start) if following[0] == start + 1 else f"{start}-{following[0] - 1}"


def _township_kind(name: str) -> str:
    return next((kind for ending, kind in _TOWNSHIP_KINDS.items() if name.endswith(ending)), NOT_RECORDED)
