"""A learned card printed as the TOML that a person edits, saves and another person publishes.

A card is read strictly: every code has a bin, the points for "not known" lie strictly inside.  Lines that leave no
room inside (0 and 1) make the whole card's points double: the order of children stays the same.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from models.facts import Fact, facts, families
from models.learning.points_card.printing import LearnedLine
from models.screening.rulebook.card import Bin, Card, Learned, Line
from models.screening.tuning.writing import write_card

METHOD = "PointsCardClassifier"
DIGITS = 8


class Origin(NamedTuple):
    """How a card came about: the first and the last day of facts, children and outcome, figures to print with it."""

    trained_from: dt.date
    trained_to: dt.date
    n_children: int
    outcome: str
    measures: Mapping[str, float]


def printed_card(
    target: str, lines: Sequence[LearnedLine], expert: Card, day: dt.date, author: str, origin: Origin
) -> str:
    """The text of the proposed card; reason and article of a line are the expert card's, else the fact's."""
    drawn = tuple(_line(one, expert) for one in _with_room(lines))
    span = (sum(one.lowest for one in drawn), sum(one.highest for one in drawn))
    digest = hashlib.sha256(repr(drawn).encode()).hexdigest()[:DIGITS]
    learned = Learned(
        method=METHOD,
        trained_from=origin.trained_from,
        trained_to=origin.trained_to,
        n_children=origin.n_children,
        outcome=origin.outcome,
        measures={name: round(float(value), 4) for name, value in origin.measures.items()},
    )
    card = Card(
        id=f"{target}_learned_{digest}",
        target=expert.target,
        zh=f"{'走访' if target == 'visit' else '心理转介'}优先卡（由本区走访结果提出，待审定）",
        en=f"card for {'visits' if target == 'visit' else 'referrals'}, proposed from this district’s outcomes",
        clause=expert.clause,
        author=author,
        date=day,
        range=span,
        lines=drawn,
        learned=learned,
    )
    return write_card(card)


def _with_room(lines: Sequence[LearnedLine]) -> list[LearnedLine]:
    """The lines, their points doubled where one of them has no whole number between its least and its most."""
    tight = any(max(points) - min(points) < 2 for points in map(_points, lines))
    factor = 2 if tight else 1
    return [_scaled(one, factor) for one in lines]


def _points(line: LearnedLine) -> list[int]:
    return [one.points for one in line.bins]


def _scaled(line: LearnedLine, factor: int) -> LearnedLine:
    bins = tuple(one._replace(points=one.points * factor) for one in line.bins)
    least, most = min(one.points for one in bins), max(one.points for one in bins)
    inside = min(max(line.unknown * factor, least + 1), most - 1)
    return line._replace(bins=bins, unknown=inside)


def _line(learned: LearnedLine, expert: Card) -> Line:
    fact = facts()[learned.fact]
    reason = next((one for one in expert.lines if one.fact == learned.fact), None)
    said: dict[str, Any] = (
        {"clause": reason.clause, "zh": reason.zh, "en": reason.en} if reason else _own_reason(fact)
    )
    bins = tuple(
        Bin.model_validate(
            {"from": _plain(one.from_), "below": _plain(one.below), "codes": one.codes, "is": one.is_,
             "points": one.points}
        )
        for one in learned.bins
    )  # fmt: skip
    return Line.model_validate(
        {
            "fact": learned.fact,
            "direction": learned.direction,
            "bins": bins,
            "unknown": learned.unknown,
            **said,
        }
    )


def _plain(value: float | None) -> int | float | None:
    """A whole number without its `.0`."""
    return int(value) if value is not None and float(value).is_integer() else value


def _own_reason(fact: Fact) -> dict[str, str]:
    family = next(one for one in families() if fact in one.head.facts)
    return {
        "clause": family.head.clause,
        "zh": f"{fact.zh}：本区走访结果显示与发现的问题有关",
        "en": f"{fact.en}: went with what visits of this district found",
    }
