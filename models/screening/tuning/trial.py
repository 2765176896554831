"""What another card or other rules would do: the same facts scored again, who moves, and for which reasons.

The lane of what must be reported now is compared too: no card and no rules of a district move a child into or out of
it, and a trial in which one did would be stopped.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from models.screening.reasons import RAISED
from models.screening.rulebook.card import Card, Raise, ReadCard
from models.screening.rulebook.lanes import REPORT_NOW, ReadRules, Tiers
from models.screening.scoring import rank_children
from models.screening.sentences import sentence_sql
from models.screening.tuning.ground import Ground

_PLACES = (
    "SELECT child_id, village_code, rank, lane, tier, tier_low, tier_high, points, points_low, points_high, due_on "
    "FROM screening_{0} ORDER BY rank"
)
_KINDS = ("tier", "points", "due", "passed")
Kind = Literal["tier", "points", "due", "passed"]


class Place(NamedTuple):
    """A child's place on a list."""

    child_id: str
    village_code: str | None
    rank: int
    lane: str
    tier: str
    tier_low: str
    tier_high: str
    points: int
    points_low: int
    points_high: int
    due_on: dt.date

    @property
    def level(self) -> str:
        """The tier, or `report_now`."""
        return REPORT_NOW if self.lane == REPORT_NOW else self.tier


class Why(NamedTuple):
    """One reason: a rule with its tier, a line of the card with its points, or the card that raises a tier."""

    kind: Literal["rule", "line", "raise"]
    code: str
    tier: str
    points: int
    zh: str
    en: str


class Listing(NamedTuple):
    """A list as a card and rules make it: child → place, child → reasons."""

    places: dict[str, Place]
    reasons: dict[str, tuple[Why, ...]]


class Move(NamedTuple):
    """A child that stands elsewhere.

    kind: what moved it first of tier, points, due day; `passed` where others went past it.
    gained, lost: rules that begin or cease to hold (or set another tier), lines with the points more or less.
    """

    child_id: str
    kind: Kind
    before: Place
    after: Place
    gained: tuple[Why, ...]
    lost: tuple[Why, ...]


class Trial(NamedTuple):
    """A list under the published version and under the one that is tried."""

    target: str
    as_of: dt.date
    build_id: str
    rules: Tiers
    before: Listing
    after: Listing
    moves: tuple[Move, ...]

    def levels(self) -> dict[str, tuple[int, int]]:
        """Level → number of children before and after, the most urgent first."""
        counts = [Counter(one.level for one in each.places.values()) for each in (self.before, self.after)]
        return {level: (counts[0][level], counts[1][level]) for level in (REPORT_NOW, *self.rules.order)}

    def moved(self) -> dict[str, int]:
        """Kind of move → number of children."""
        counted = Counter[str](one.kind for one in self.moves)
        return {kind: counted[kind] for kind in _KINDS}


class ReportNowMoved(RuntimeError):
    """A card or rules under which the report-now lane would be another."""


def trial(ground: Ground, target: str, card: ReadCard | None = None, rules: ReadRules | None = None) -> Trial:
    """The list under that card and those rules beside the one under what the build used.

    What isn't given stays as the build had it.  ReportNowMoved where the lane would be another.
    """
    held = ground.held[target]
    with ground.lock:
        before = listing(ground, held.card, held.rules)
        after = listing(ground, card or held.card, rules or held.rules)
    check_lane(before, after)
    moves = tuple(_moves(before, after))
    return Trial(target, ground.as_of, ground.build_id, held.rules.rules, before, after, moves)


def listing(ground: Ground, card: ReadCard, rules: ReadRules) -> Listing:
    """The list and its reasons as that card and those rules make it; the caller holds the ground's lock."""
    target = rules.rules.target
    rank_children(ground.engine, ground.as_of, rules.rules, card, rules.text)
    places = {row[0]: Place(*row) for row in ground.ask(_PLACES.format(target))}
    reasons: dict[str, list[Why]] = {child: [] for child in places}
    for row in ground.engine.rows(_reasons_sql(target, rules.rules)):
        reasons[row["child_id"]].append(Why("rule", row["code"], row["tier"], 0, row["zh"], row["en"]))
    for child, why in _points(ground, target, card.card):
        reasons[child].append(why)
    return Listing(places, {child: tuple(found) for child, found in reasons.items()})


def check_lane(before: Listing, after: Listing) -> None:
    """ReportNowMoved unless the same children stand in the report-now lane, due on the same days."""
    lanes = [
        {child: one.due_on for child, one in each.places.items() if one.lane == REPORT_NOW}
        for each in (before, after)
    ]
    if lanes[0] != lanes[1] or before.places.keys() != after.places.keys():
        differing = len(set(lanes[0].items()) ^ set(lanes[1].items()))
        raise ReportNowMoved(f"trial: expected the report-now lane unchanged, found {differing} differences")


def _reasons_sql(target: str, rules: Tiers) -> str:
    """Every rule that holds for a child of the list, with its tier and sentence."""
    parts = [
        f"SELECT v.child_id, {number} AS place, '{rule.id}' AS code, '{rule.tier}' AS tier, "
        f"{sentence_sql(rule.zh, 'zh')} AS zh, {sentence_sql(rule.en, 'en')} AS en "
        f"FROM verdict_{target} AS v JOIN fact_wide AS w ON w.child_id = v.child_id "
        f"JOIN judgement_{target} AS j ON j.child_id = v.child_id WHERE j.rule_{rule.id}"
        for number, rule in enumerate(rules.rules)
    ]
    return (
        f"SELECT u.child_id, u.code, u.tier, u.zh, u.en FROM ({' UNION ALL '.join(parts)}) AS u "
        "ORDER BY u.child_id, u.place"
    )


def _points(ground: Ground, target: str, card: Card) -> Iterator[tuple[str, Why]]:
    """The lines of the card that give a child points, and the card where it raises the child's tier."""
    names = ", ".join(f"j.points_{line.fact}" for line in card.lines)
    rows = ground.ask(
        f"SELECT v.child_id, v.points, v.severity > v.by_rule, {names} FROM verdict_{target} v "
        f"JOIN judgement_{target} j ON j.child_id = v.child_id ORDER BY v.child_id"
    )
    for child, total, is_raised, *points in rows:
        for line, own in zip(card.lines, points, strict=True):
            if own:
                yield child, Why("line", line.fact, "", own, line.zh, line.en)
        step = _step(card, total) if is_raised else None
        if step is not None:
            yield child, Why("raise", RAISED, step.tier, total, step.zh, step.en)


def _step(card: Card, points: int) -> Raise | None:
    """The highest step of the card that so many points reach; none where a person moved the child up."""
    reached = [one for one in card.raises if points >= one.at_least]
    return max(reached, key=lambda one: one.at_least, default=None)


def _moves(before: Listing, after: Listing) -> Iterator[Move]:
    for child, then in before.places.items():
        now = after.places[child]
        kind = _kind(then, now)
        if kind is not None:
            gained, lost = _differences(before.reasons[child], after.reasons[child])
            yield Move(child, kind, then, now, gained, lost)


def _kind(then: Place, now: Place) -> Kind | None:
    if then.level != now.level:
        return "tier"
    if then.points != now.points:
        return "points"
    if then.due_on != now.due_on:
        return "due"
    return "passed" if then.rank != now.rank else None


def _differences(then: tuple[Why, ...], now: tuple[Why, ...]) -> tuple[tuple[Why, ...], tuple[Why, ...]]:
    """(gained, lost): rules by their tier, lines by the difference of their points."""
    before, after = ({(one.kind, one.code): one for one in each} for each in (then, now))
    gained: list[Why] = []
    lost: list[Why] = []
    for key in dict.fromkeys([*after, *before]):
        old, new = before.get(key), after.get(key)
        if key[0] == "line":
            more = (new.points if new else 0) - (old.points if old else 0)
            one: Any = new or old
            if more:
                (gained if more > 0 else lost).append(one._replace(points=more))
        elif old is None or new is None or old.tier != new.tier:
            gained += [new] if new else []
            lost += [old] if old else []
    return tuple(gained), tuple(lost)
