"""What would lower a child's tier, and what each thing that is not known could do: in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from dashboard.snapshot import Snapshot
from dashboard.texts import text
from dashboard.views.words import in_language
from models.screening.lowering.one_child import (
    Opening,
    Standing,
    Values,
    openings,
    standing,
    tier_of,
    values_of,
)
from models.screening.lowering.smallest_change import Way, ways_down
from models.screening.rulebook.card import Card
from models.screening.rulebook.in_force import InForce, used_by
from models.screening.rulebook.lanes import REPORT_NOW, Tiers


class Known(NamedTuple):
    """A child's facts with the rules and the card of a list, and where they put the child."""

    values: Values
    rules: Tiers
    card: Card
    place: Standing


def known_of(snapshot: Snapshot, row: Mapping[str, Any]) -> Known | None:
    """What the published place of a child (a row of `screening`) follows from; None in a build without facts."""
    if not snapshot.has("fact"):
        return None
    found = snapshot.frame("SELECT fact, number, code, flag FROM fact WHERE child_id = ?", row["child_id"])
    held = used_by(lambda sql: snapshot.frame(sql).rows())[row["target"]]
    return known_of_row(row, held, found.to_dicts(), snapshot.build.as_of)


def known_of_row(
    row: Mapping[str, Any], held: InForce, facts: Sequence[Mapping[str, Any]], day: date
) -> Known | None:
    """As `known_of`, with the child's rows of the table `fact` and what the build used at hand.

    None where the place follows from something else: a card that is no longer here, or a person's decision.
    """
    card = held.card
    if card.card.id != row["card"]:
        return None
    values, rules = values_of(facts), held.rules.rules
    place = standing(values, rules, card.card, day)
    published = (row["tier"], row["lane"] == REPORT_NOW)
    found = (tier_of(place.severity, rules), place.is_report)
    return Known(values, rules, card.card, place) if found == published else None


def lowering_words(snapshot: Snapshot, lang: str, known: Known | None) -> list[str]:
    """The smallest sets of changes that would lower the tier, one a sentence; or why there is none."""
    if known is None:
        return [text(lang, "lowering.not_known")]
    lowest = known.rules.severity(known.rules.default_tier)
    if not known.place.is_report and known.place.severity == lowest:
        return [text(lang, "lowering.lowest")]
    ways = ways_down(known.values, known.rules, known.card, snapshot.build.as_of)
    if known.place.is_report and not ways:
        return [text(lang, "lowering.report_only")]
    if not ways:
        return [text(lang, "lowering.none")]
    first = [text(lang, "lowering.report_first")] if known.place.is_report else []
    return [*first, *(_way(lang, way, number) for number, way in enumerate(ways))]


def _way(lang: str, way: Way, number: int) -> str:
    steps = text(lang, "mark.between_sentences").join(getattr(one, lang) for one in way.actions)
    key = "lowering.smallest" if number == 0 else "lowering.other"
    return text(lang, key, n=len(way.actions), steps=steps, tier=text(lang, f"tier.{way.tier}"))


def unknown_words(
    snapshot: Snapshot, lang: str, known: Known | None, unknown: Sequence[dict[str, Any]]
) -> list[str]:
    """Each fact to verify, with the most that an answer to it alone could do."""
    labels = {row["fact"]: in_language(row, "label", lang) for row in unknown}
    if known is None:
        return list(labels.values())
    found = openings(known.values, labels, known.rules, known.card, snapshot.build.as_of)
    return [_opening(lang, labels[one.fact], one, known) for one in found]


def _opening(lang: str, label: str, one: Opening, known: Known) -> str:
    points = text(lang, "lowering.points", low=one.points_low, high=one.points_high, now=known.place.points)
    if one.points_low == one.points_high:
        points = text(lang, "lowering.points_same")
    if one.is_report and not known.place.is_report:
        tier = REPORT_NOW
    elif one.severity > known.place.severity:
        tier = tier_of(one.severity, known.rules)
    else:
        return text(lang, "lowering.unknown_same", fact=label, points=points)
    return text(lang, "lowering.unknown", fact=label, tier=text(lang, f"tier.{tier}"), points=points)
