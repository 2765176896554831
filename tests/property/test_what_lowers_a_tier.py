"""What would lower a tier: as small as any set can be, told for one child as the list itself would judge it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.facts import facts
from models.screening.lowering.one_child import openings, standing, tier_of
from models.screening.lowering.smallest_change import Action, actions, ways_down
from models.screening.rulebook.card import Card, Raise, default_cards
from models.screening.rulebook.lanes import REPORT_NOW, tiers_of
from tests.property.test_screening import (  # noqa: F401  (the engine is a fixture)
    DAY,
    TARGETS,
    RememberingEngine,
    Values,
    any_cards,
    children,
    engine,
    few,
    known_values,
    ranked,
)

many = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
MOST_ACTIONS = 8


@settings(parent=few, max_examples=3)
@given(data=st.data())
@pytest.mark.parametrize("target", TARGETS)
def test_one_child_by_itself_stands_where_the_list_puts_it(
    engine: RememberingEngine,  # noqa: F811
    target: str,
    data: st.DataObject,
) -> None:
    drawn: Sequence[Values] = data.draw(st.lists(children(target), min_size=40, max_size=40))
    people = {f"c{number}": values for number, values in enumerate(drawn)}
    card, rules = data.draw(any_cards(target)), tiers_of(target)
    for child, row in ranked(engine, target, people, card).items():
        found = standing(people[child], rules, card.card, DAY)
        assert found.is_report == (row["lane"] == REPORT_NOW)
        assert (found.is_report or found.may_report) == (row["lane_high"] == REPORT_NOW)
        levels = (found.severity, found.severity_low, found.severity_high)
        assert [tier_of(level, rules) for level in levels] == [
            row["tier"],
            row["tier_low"],
            row["tier_high"],
        ]
        points = (row["points"], row["points_low"], row["points_high"])
        assert (found.points, found.points_low, found.points_high) == points


def raising(target: str) -> Card:
    """The shipped card, which raises to orange from eight points on."""
    one = Raise(at_least=8, tier="orange", zh="满8分升为橙", en="orange from 8 points on")
    return default_cards()[target].card.model_copy(update={"raises": (one,)})


def lowers(chosen: Sequence[Action], values: Values, target: str, card: Card) -> bool:
    """Asked anew, without the search: whether those actions would lower the tier or end the lane."""
    rules, after = tiers_of(target), dict(values)
    for action in chosen:
        for effect in action.effects:
            if after.get(effect.fact) is None or not effect.only_unknown:
                after[effect.fact] = effect.value
    now, then = standing(values, rules, card, DAY), standing(after, rules, card, DAY)
    if now.is_report or then.is_report:
        return now.is_report and not then.is_report
    return then.severity < now.severity


@many
@given(data=st.data())
@pytest.mark.parametrize("target", TARGETS)
def test_no_smaller_set_would_do_and_none_is_missed(target: str, data: st.DataObject) -> None:
    values = data.draw(children(target))
    if data.draw(st.booleans()):  # else nearly every drawn child is to be reported now, for several reasons
        quiet: dict[str, Any] = {
            "open_mandatory_concern": "none",
            "open_crisis": False,
            "special_care": False,
        }
        values = {**values, **{fact: value for fact, value in quiet.items() if fact in values}}
    card = data.draw(st.sampled_from([default_cards()[target].card, raising(target)]))
    known = data.draw(
        st.lists(st.sampled_from(actions()), min_size=1, max_size=MOST_ACTIONS, unique_by=lambda one: one.id)
    )
    told = ways_down(values, tiers_of(target), card, DAY, known, most=2**MOST_ACTIONS)
    enough = [
        frozenset(one.id for one in chosen)
        for size in range(1, len(known) + 1)
        for chosen in combinations(known, size)
        if lowers(chosen, values, target, card)
    ]
    smallest = {one for one in enough if not any(other < one for other in enough)}
    assert {frozenset(action.id for action in way.actions) for way in told} == smallest
    assert [len(way.actions) for way in told] == sorted(len(one) for one in smallest)


@few
@given(data=st.data())
@pytest.mark.parametrize("target", TARGETS)
def test_no_answer_does_more_than_is_told_of_it(target: str, data: st.DataObject) -> None:
    values, rules, card = data.draw(children(target)), tiers_of(target), default_cards()[target].card
    asked = [name for name, fact in facts().items() if values.get(name, "") is None and not fact.asks]
    for opening in openings(values, asked, rules, card, DAY):
        told = data.draw(known_values(facts()[opening.fact]))
        found = standing({**values, opening.fact: told}, rules, card, DAY)
        assert found.severity <= opening.severity
        assert opening.is_report or not found.is_report
        assert opening.points_low <= found.points <= opening.points_high
