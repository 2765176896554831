"""Two bars for a learned card, set before anybody sees its figures: one to be switched on, one that switches it off.

Both look at the card beside the one that it would replace, by visits drawn with a known chance.  The bar to go off is
lower than the one to go on, so that a card does not go on and off by chance.  An expert card has no bars.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from models.parameters import value_on
from registry import evaluations, versions

PERCENT = 100
BESIDE = "beside"


class Gap(NamedTuple):
    """Recall of the card less that of the other, with its interval; None where the data say nothing."""

    value: float | None
    low: float | None
    high: float | None


class GroupGap(NamedTuple):
    """The same for one group of children."""

    kind: str
    group: str
    gap: Gap


class Beside(NamedTuple):
    """A card beside the one that it would replace (`other`, by its id), by drawn visits."""

    other: str
    n_drawn_made: int
    recall: Gap
    groups: tuple[GroupGap, ...]


class Miss(NamedTuple):
    """A bar that is not met: `code` (probes, recall_unknown, recall, group), what was found and what is asked.

    kind, group: of children, for the code `group`.
    """

    code: str
    found: str
    asked: str
    kind: str = ""
    group: str = ""


def beside_of(document: Mapping[str, Any]) -> Beside | None:
    """What an evaluation that was kept says of the card beside the other; None where it compared nothing."""
    told = document.get(BESIDE)
    if told is None:
        return None
    groups = tuple(GroupGap(one["kind"], one["group"], Gap(**one["gap"])) for one in told["groups"])
    return Beside(told["other"], int(told["n_drawn_made"]), Gap(**told["recall"]), groups)


def not_ready(beside: Beside, day: dt.date) -> list[Miss]:
    """What stands against switching the card on, by the bars of that day; empty where nothing does."""
    found = []
    probes, loss = value_on("learning_on_probes", day), value_on("learning_on_recall_loss_percent", day)
    if beside.n_drawn_made < probes:
        found.append(Miss("probes", str(beside.n_drawn_made), str(probes)))
    if beside.recall.value is None or beside.recall.low is None:
        found.append(Miss("recall_unknown", "—", f"-{loss} %"))
    elif beside.recall.low < -loss / PERCENT:
        found.append(Miss("recall", _percent(beside.recall.low), f"-{loss} %"))
    most = value_on("learning_on_group_loss_percent", day)
    for one in beside.groups:
        if one.gap.value is not None and one.gap.value < -most / PERCENT:
            found.append(Miss("group", _percent(one.gap.value), f"-{most} %", one.kind, one.group))
    return found


def check(store: Path, subject: str, text: str, at: dt.datetime) -> None:
    """VersionProblem where the learned card in that text was not evaluated, or the last evaluation misses a bar."""
    evaluation = evaluations.latest(store, subject, versions.digest_of(text))
    beside = beside_of(evaluation.document) if evaluation else None
    if beside is None:
        raise versions.VersionProblem("not_evaluated", subject)
    for miss in not_ready(beside, at.date()):
        raise versions.VersionProblem(f"bar_{miss.code}", f"{miss.found} ({miss.asked})")


def must_go(beside: Beside, day: dt.date) -> list[Miss]:
    """Why a card that holds has to go; empty where it may stay.  Few drawn visits alone are no reason."""
    found = []
    loss, most = (value_on(f"learning_{name}_percent", day) for name in ("off_recall_loss", "on_group_loss"))
    value, high = beside.recall.value, beside.recall.high
    if value is not None and high is not None and (high < 0 or value < -loss / PERCENT):
        found.append(Miss("recall", _percent(value), f"-{loss} %"))
    for one in beside.groups:
        if one.gap.high is not None and one.gap.high < -most / PERCENT:
            found.append(Miss("group", _percent(one.gap.high), f"-{most} %", one.kind, one.group))
    return found


def _percent(share: float) -> str:
    return f"{share * PERCENT:+.1f} %"
