"""What holds for every list: worry never lowers, answers stay in bounds, cards reach no lane."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.engines import DuckDbEngine
from models.facts import Fact, facts
from models.screening.receipts import facts_used
from models.screening.rulebook.card import Card, Raise, ReadCard, default_cards
from models.screening.rulebook.lanes import REPORT_NOW, Tiers, tiers_of
from models.screening.scoring import rank_children
from models.sql import parse, render

DAY = date(2026, 9, 30)
TARGETS = ("referral", "visit")
Values = dict[str, Any]
few = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
COLUMNS = "child_id, rank, lane, lane_high, tier, tier_low, tier_high, points, points_low, points_high"


@cache
def _rendered(sql: str) -> str:
    return render(parse(sql, "test"), "duckdb")


class RememberingEngine(DuckDbEngine):
    """Renders each text once, because the properties run the same queries again and again."""

    def table(self, name: str, sql: Any) -> None:
        self.execute(f'CREATE OR REPLACE TABLE "{name}" AS {_rendered(sql)}')


@pytest.fixture(scope="module")
def engine() -> RememberingEngine:
    duckdb = pytest.importorskip("duckdb")
    return RememberingEngine(duckdb.connect(":memory:"))


def used(target: str) -> list[Fact]:
    return [facts()[name] for name in facts_used(tiers_of(target), default_cards()[target].card)]


def known_values(fact: Fact) -> st.SearchStrategy[Any]:
    if fact.kind == "flag":
        return st.booleans()
    if fact.kind == "code":
        return st.sampled_from([label.code for label in fact.labels()])
    edges = [0, 1, 2, 3, 5, 7, 8, 9, 10, 15, 16, 28, 29, 30, 64, 65, 75, 90, 180, 400]
    return st.sampled_from([float(n) for n in edges] if fact.sql_type == "DOUBLE" else edges)


def children(target: str, unknowns: bool = True) -> st.SearchStrategy[Values]:
    maybe = st.none() if unknowns else st.nothing()
    cells: dict[str, Any] = {fact.name: maybe | known_values(fact) for fact in used(target)}
    cells |= {f"{fact.name}__since": st.none() | st.integers(0, 900).map(_days_ago) for fact in used(target)}
    return st.fixed_dictionaries(cells)


def _days_ago(days: int) -> date:
    return DAY - timedelta(days=days)


def ranked(
    engine: RememberingEngine, target: str, people: dict[str, Values], card: ReadCard | None = None
) -> dict[str, dict[str, Any]]:
    """The list of these people, all of them eligible and born on one day."""
    columns = {"child_id": "VARCHAR"}
    for fact in facts().values():
        columns |= {
            fact.name: fact.sql_type,
            f"{fact.name}__since": "DATE",
            f"{fact.name}__record": "VARCHAR",
        }
    engine.create(
        "fact_wide", columns, [[c, *(v.get(n) for n in list(columns)[1:])] for c, v in people.items()]
    )
    engine.create(
        "known_child",
        {"child_id": "VARCHAR", "birth_date": "DATE", "village_code": "VARCHAR"},
        [[child, date(2014, 1, 1), "530902001901"] for child in people],
    )
    engine.create(
        "population",
        {"child_id": "VARCHAR", "on_day": "DATE", "eligibility": "VARCHAR", "listed": "BOOLEAN"},
        [[child, DAY, "yes", True] for child in people],
    )
    rank_children(engine, DAY, tiers_of(target), card or default_cards()[target])
    rows = engine.rows(f"SELECT {COLUMNS} FROM screening_{target}")
    assert {row["child_id"] for row in rows} == set(people)
    return {row["child_id"]: row for row in rows}


def severity(rules: Tiers, row: dict[str, Any], name: str = "tier") -> int:
    return rules.severity(row[name])


@st.composite
def worried_pairs(draw: st.DrawFn, target: str) -> tuple[Values, Values]:
    """A child, and the same child with one more worry."""
    calm = draw(children(target))
    fact = draw(st.sampled_from([fact for fact in used(target) if fact.risk != "none"]))
    if fact.risk == "codes":
        quiet = [label.code for label in fact.labels() if label.code not in fact.risky]
        before, after = draw(st.sampled_from(quiet)), draw(st.sampled_from(fact.risky))
    else:
        ends = sorted([draw(known_values(fact)), draw(known_values(fact))])
        before, after = ends if fact.risk == "higher" else reversed(ends)
    return {**calm, fact.name: before}, {**calm, fact.name: after}


@few
@given(data=st.data())
@pytest.mark.parametrize("target", TARGETS)
def test_one_more_worry_never_lowers_lane_tier_or_rank(
    engine: RememberingEngine, target: str, data: st.DataObject
) -> None:
    pairs = data.draw(st.lists(worried_pairs(target), min_size=15, max_size=15))
    # The worried child comes first in the alphabet, so that an equal pair is decided for it.
    people = {f"a{n}": worse for n, (_, worse) in enumerate(pairs)}
    people |= {f"b{n}": calm for n, (calm, _) in enumerate(pairs)}
    rows, rules = ranked(engine, target, people), tiers_of(target)
    for number in range(len(pairs)):
        worse, calm = rows[f"a{number}"], rows[f"b{number}"]
        assert severity(rules, worse) >= severity(rules, calm)
        assert worse["lane"] == REPORT_NOW or calm["lane"] != REPORT_NOW
        assert worse["points"] >= calm["points"]
        assert worse["rank"] < calm["rank"]


@st.composite
def answered_pairs(draw: st.DrawFn, target: str) -> tuple[Values, Values]:
    """A child with an unknown, and the same child with any answer to it."""
    asked = draw(children(target))
    fact = draw(st.sampled_from(used(target)))
    return {**asked, fact.name: None}, {**asked, fact.name: draw(known_values(fact))}


@few
@given(data=st.data())
@pytest.mark.parametrize("target", TARGETS)
def test_an_answer_stays_inside_the_bounds_and_never_widens_them(
    engine: RememberingEngine, target: str, data: st.DataObject
) -> None:
    pairs = data.draw(st.lists(answered_pairs(target), min_size=15, max_size=15))
    people = {
        f"{side}{n}": pair[at] for n, pair in enumerate(pairs) for at, side in enumerate(("open", "told"))
    }
    rows, rules = ranked(engine, target, people), tiers_of(target)
    for number in range(len(pairs)):
        asked, told = rows[f"open{number}"], rows[f"told{number}"]
        low, high = severity(rules, asked, "tier_low"), severity(rules, asked, "tier_high")
        assert low <= severity(rules, told, "tier_low") <= severity(rules, told, "tier_high") <= high
        assert (
            severity(rules, told, "tier_low") <= severity(rules, told) <= severity(rules, told, "tier_high")
        )
        assert asked["points_low"] <= told["points_low"] <= told["points"] <= told["points_high"]
        assert told["points_high"] <= asked["points_high"]
        assert told["lane"] != REPORT_NOW or asked["lane_high"] == REPORT_NOW
        assert asked["lane"] != REPORT_NOW or told["lane"] == REPORT_NOW


@st.composite
def any_cards(draw: st.DrawFn, target: str) -> ReadCard:
    """A card with any points on the shipped card's facts, negative ones too, that may raise a tier."""
    shipped = default_cards()[target].card
    lines = []
    for line in shipped.lines:
        points = draw(st.lists(st.integers(-50, 50), min_size=len(line.bins), max_size=len(line.bins)))
        bins = tuple(b.model_copy(update={"points": p}) for b, p in zip(line.bins, points, strict=True))
        lines.append(line.model_copy(update={"bins": bins, "unknown": draw(st.integers(-50, 50))}))
    raising = [tier for tier in tiers_of(target).order if tier not in ("unknown", "green")]
    raises = draw(
        st.lists(
            st.builds(
                Raise,
                at_least=st.integers(-200, 200),
                tier=st.sampled_from(raising),
                zh=st.just("高"),
                en=st.just("high"),
            ),
            max_size=2,
        )
    )
    card: Card = shipped.model_copy(update={"lines": tuple(lines), "raises": tuple(raises)})
    return ReadCard(card, repr(card))


def silent(target: str) -> ReadCard:
    """A card that says nothing."""
    shipped = default_cards()[target].card
    lines = [
        line.model_copy(
            update={"bins": tuple(b.model_copy(update={"points": 0}) for b in line.bins), "unknown": 0}
        )
        for line in shipped.lines
    ]
    return ReadCard(shipped.model_copy(update={"lines": tuple(lines)}), "silent")


@settings(parent=few, max_examples=4)
@given(data=st.data())
@pytest.mark.parametrize("target", TARGETS)
def test_no_card_moves_a_child_out_of_a_lane_or_below_its_tier(
    engine: RememberingEngine, target: str, data: st.DataObject
) -> None:
    drawn: Sequence[Values] = data.draw(st.lists(children(target), min_size=15, max_size=15))
    people = {f"c{number}": values for number, values in enumerate(drawn)}
    by_rule = ranked(engine, target, people, silent(target))
    with_card, rules = ranked(engine, target, people, data.draw(any_cards(target))), tiers_of(target)
    reported = [child for child, row in by_rule.items() if row["lane"] == REPORT_NOW]
    assert {child for child, row in with_card.items() if row["lane"] == REPORT_NOW} == set(reported)
    assert {with_card[child]["rank"] for child in reported} == set(range(1, len(reported) + 1))
    for child, row in with_card.items():
        assert severity(rules, row) >= severity(rules, by_rule[child])


@few
@given(data=st.data())
def test_the_order_is_total_and_the_same_every_time(engine: RememberingEngine, data: st.DataObject) -> None:
    drawn = data.draw(st.lists(children("visit"), min_size=5, max_size=20))
    people = {f"c{number}": values for number, values in enumerate(drawn)}
    once = ranked(engine, "visit", people)
    again = ranked(engine, "visit", dict(reversed(people.items())))
    assert once == again
    assert sorted(row["rank"] for row in once.values()) == list(range(1, len(people) + 1))
