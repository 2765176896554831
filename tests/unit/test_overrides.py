"""A move by hand: bounded, with a reason, until a day, undoable, in receipts, and sealed where it speaks of a child."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.overriding import rules_of
from dashboard.snapshot import opened
from models.engines import DuckDbEngine
from models.parameters import value_on
from models.screening.by_hand.moving import counting, create_overrides, moves
from models.screening.by_hand.override_outcomes import Outcome, counted, outcomes
from models.screening.by_hand.proposing import Standing, Wish, last_day, propose, tiers_to_choose
from models.screening.receipts import Difference, recompute_and_compare
from models.screening.rulebook import in_force
from models.screening.rulebook.card import default_cards
from models.screening.rulebook.lanes import REPORT_NOW, text_of, tiers_of
from models.screening.scoring import screen
from registry import overrides, store
from registry.overrides import DOWN, UP, Override, OverrideProblem
from registry.store import Connection
from tests import tuned_store
from tests.spec import ledger

DAY = dt.date(2026, 9, 30)
AT = dt.datetime(2026, 9, 30, 9, 0)
VISIT = tiers_of("visit")
LEDGER = Path(__file__).parents[1] / "spec" / "screening" / "unknown_and_due.txt"
WISH = Wish("yellow", "dealt_with", "  学籍已恢复  ", DAY + dt.timedelta(30))


def standing(lane: str = "tier", computed: str = "orange", by_rule: str = "orange") -> Standing:
    return Standing("c1", "visit", "530902001201", lane, computed, computed, by_rule, ("out_of_school",))


def move(child: str = "c1", tier: str = "yellow", direction: str = DOWN, **more: object) -> Override:
    made = Override("m1", child, "visit", direction, tier, "orange", ("out_of_school",), "dealt_with", "sealed",
                    "li.na", AT, DAY, DAY + dt.timedelta(30))  # fmt: skip
    return made._replace(**more)  # type: ignore[arg-type]


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Connection]:
    connection = store.open_file(tmp_path / "registry.duckdb")
    yield connection
    connection.close()


def test_a_move_is_written_with_all_that_it_rests_on(registry: Connection) -> None:
    made = propose(standing(), VISIT, WISH, "li.na", AT, DAY)
    assert (made.direction, made.tier_then, made.rules_then) == (DOWN, "orange", ("out_of_school",))
    assert made.words == "学籍已恢复"
    written = overrides.add(registry, made._replace(words="sealed"))
    assert overrides.overrides(registry) == [written]
    assert written.override_id.startswith("m")


@pytest.mark.parametrize(
    ("code", "place", "wish"),
    [
        ("report_now", standing(lane=REPORT_NOW), WISH),
        ("report_now", standing(), WISH._replace(tier=REPORT_NOW)),
        ("too_low", standing(), WISH._replace(tier="green")),
        ("too_low", standing(computed="red", by_rule="red"), WISH._replace(tier="orange")),
        ("same_tier", standing(), WISH._replace(tier="orange")),
        ("no_such_tier", standing(), WISH._replace(tier="blue")),
        ("no_reason", standing(), WISH._replace(code="because")),
        ("no_words", standing(), WISH._replace(words=" ")),
        ("number", standing(), WISH._replace(words="电话13800000000")),
        ("long_words", standing(), WISH._replace(words="长" * 401)),
        ("past", standing(), WISH._replace(until_on=DAY - dt.timedelta(1))),
        ("too_long", standing(), WISH._replace(until_on=last_day(DAY) + dt.timedelta(1))),
    ],
)
def test_what_the_law_or_the_limit_forbids_is_refused(code: str, place: Standing, wish: Wish) -> None:
    with pytest.raises(OverrideProblem) as refused:
        propose(place, VISIT, wish, "li.na", AT, DAY)
    assert refused.value.code == code
    assert "c1" not in str(refused.value), "no child in an exception"


def test_somebody_must_have_decided() -> None:
    with pytest.raises(OverrideProblem, match="no_person"):
        propose(standing(), VISIT, WISH, " ", AT, DAY)


def test_the_last_day_is_a_dated_parameter() -> None:
    assert last_day(DAY) == DAY + dt.timedelta(value_on("override_longest_days", DAY))
    assert propose(standing(), VISIT, WISH._replace(until_on=last_day(DAY)), "li.na", AT, DAY)


def test_the_choices_are_those_that_are_not_refused() -> None:
    places = [
        standing(),
        standing(computed="red", by_rule="yellow"),
        standing(computed="green", by_rule="green"),
    ]
    for place in (*places, standing(lane=REPORT_NOW), standing(computed="red", by_rule="red")):
        open_to = tiers_to_choose(place, VISIT, DAY)
        for tier in VISIT.order:
            try:
                propose(place, VISIT, WISH._replace(tier=tier), "li.na", AT, DAY)
            except OverrideProblem:
                assert tier not in open_to
            else:
                assert tier in open_to


def test_a_screening_that_nobody_did_is_no_reassurance() -> None:
    rules = tiers_of("referral")
    place = Standing("c1", "referral", "530902001201", "ranked", "unknown", "unknown", "unknown", ())
    assert tiers_to_choose(place, rules, DAY) == ["red", "orange", "yellow"]


def test_a_second_move_waits_for_the_first_to_end_or_to_be_taken_back(registry: Connection) -> None:
    first = overrides.add(registry, move())
    with pytest.raises(OverrideProblem, match="standing"):
        overrides.add(registry, move(at=AT + dt.timedelta(1)))
    assert overrides.add(registry, move(target="referral"))
    later = first.until_on + dt.timedelta(1)
    assert overrides.add(registry, move(from_on=later, until_on=later))
    overrides.undo(registry, first.override_id, "wang.fang", AT + dt.timedelta(2), "sealed")
    assert overrides.add(registry, move(at=AT + dt.timedelta(3)))


def test_taking_back_leaves_the_row_readable_and_is_done_once(registry: Connection) -> None:
    made = overrides.add(registry, move())
    overrides.undo(registry, made.override_id, "wang.fang", AT + dt.timedelta(days=2), "sealed too")
    [kept] = overrides.overrides(registry)
    assert kept._replace(undone_by=None, undone_at=None) == made
    assert kept.undone_by == "wang.fang"
    for code, override_id in (("undone_before", made.override_id), ("no_such", "m0")):
        with pytest.raises(OverrideProblem, match=code):
            overrides.undo(registry, override_id, "wang.fang", AT, "")


def test_forgetting_empties_the_words_and_keeps_the_move(registry: Connection) -> None:
    made = overrides.add(registry, move())
    overrides.add(registry, move(child="c2"))
    overrides.undo(registry, made.override_id, "li.na", AT, "sealed too")
    assert overrides.forget_words(registry, ["c1"]) == 2
    assert [one.words for one in overrides.overrides(registry)] == [None, "sealed"]
    assert store.run(registry, f"SELECT words FROM {overrides.UNDONE}") == [(None,)]


def test_a_move_counts_from_its_list_to_its_last_day_as_known_on_a_day() -> None:
    made = move(undone_at=AT + dt.timedelta(days=10))
    known = DAY + dt.timedelta(5)
    assert counting([made], DAY, known) == [made]
    assert counting([made], DAY, DAY - dt.timedelta(1)) == [], "not known before it was made"
    assert counting([made], DAY, DAY + dt.timedelta(10)) == [], "taken back by then"
    assert counting([made], DAY - dt.timedelta(1), known) == [], "past lists stay as they were"
    assert counting([move()], DAY + dt.timedelta(30), known) == [move()]
    assert counting([move()], DAY + dt.timedelta(31), known) == [], "it ended by itself"
    assert [move().state_on(DAY + dt.timedelta(days)) for days in (-1, 0, 31)] == [
        "later",
        "in_force",
        "expired",
    ]


@pytest.fixture(scope="module")
def ledgers() -> DuckDbEngine:
    duckdb = pytest.importorskip("duckdb")
    engine = DuckDbEngine(duckdb.connect(":memory:"))
    ledger.fill(engine, ledger.read(LEDGER))
    return engine


def listed(engine: DuckDbEngine, made: list[Override], links: dict[str, str] | None = None) -> dict[str, str]:
    create_overrides(engine, made, links or {})
    screen(engine, DAY)
    rows = engine.rows("SELECT child_id, tier FROM screening WHERE target = 'visit'")
    return {row["child_id"]: row["tier"] for row in rows}


def test_receipts_hold_the_move_and_a_changed_one_is_told(ledgers: DuckDbEngine) -> None:
    before = listed(ledgers, [])
    child = next(child for child, tier in before.items() if tier == "green")
    plain = ledgers.rows("SELECT child_id, receipt FROM screening WHERE target = 'visit'")
    after = listed(ledgers, [move(child, "orange", UP)])
    assert after == {**before, child: "orange"}
    moved = ledgers.rows("SELECT child_id, receipt FROM screening WHERE target = 'visit'")
    changed = {new["child_id"] for new in moved if new not in plain}
    assert changed == {child}, "and nobody else's receipt"
    assert recompute_and_compare(ledgers, DAY, default_cards()) == []
    kept = ledgers.rows("SELECT tier_computed, tier FROM moved_child")
    assert kept == [{"tier_computed": "green", "tier": "orange"}]
    ledgers.execute("UPDATE moved_child SET told = 'm1:red:2026-10-30'")
    assert recompute_and_compare(ledgers, DAY, default_cards()) == [Difference("visit", child, "facts")]
    ledgers.execute("DELETE FROM moved_child")
    assert recompute_and_compare(ledgers, DAY, default_cards()) == [Difference("visit", child, "facts")]


def test_of_two_entries_found_to_be_one_child_the_more_urgent_move_holds(ledgers: DuckDbEngine) -> None:
    links = {"other": "complete"}
    both = [move("complete", "green"), move("other", "red", UP, override_id="m2")]
    create_overrides(ledgers, both, links)
    [joined] = moves(ledgers, VISIT)
    assert (joined.child_id, joined.direction, joined.tier) == ("complete", UP, "red")
    downs = [move("complete", "green"), move("other", "yellow", override_id="m2", rules_then=("truancy",))]
    create_overrides(ledgers, downs, links)
    [joined] = moves(ledgers, VISIT)
    assert (joined.tier, joined.rules_then) == ("yellow", frozenset()), (
        "what only one of them knew counts in full"
    )


NOW = [{"child_id": child, "target": "visit", "lane": lane, "computed": tier} for child, lane, tier in (
    ("reported", "report_now", "green"), ("worse", "tier", "orange"), ("quiet", "tier", "yellow"),
    ("seen", "tier", "yellow"), ("hurt", "tier", "yellow"), ("was_red", "tier", "yellow"),
)]  # fmt: skip
SINCE = {
    "FROM tiering": [{"child_id": "was_red", "day": DAY + dt.timedelta(9), "what": "red"}],
    "FROM incident": [{"child_id": "hurt", "day": DAY + dt.timedelta(3), "what": ""}],
    "FROM concern": [],
    "FROM visit": [{"child_id": child, "day": day, "what": ""} for child, day in (
        ("seen", DAY + dt.timedelta(2)), ("hurt", DAY + dt.timedelta(2)), ("quiet", DAY))],
    "FROM link": [],
    "FROM screening": NOW,
}  # fmt: skip


def test_what_became_of_those_who_were_moved_is_counted_by_worker() -> None:
    def ask(query: str, values: object) -> list[dict[str, object]]:
        return next(rows for words, rows in SINCE.items() if words in query)

    children = ("reported", "was_red", "worse", "hurt", "seen", "quiet", "gone")
    made = [move(child, override_id=f"m{child}", tier_then="yellow") for child in children]
    found = outcomes(ask, made, DAY + dt.timedelta(20))
    assert [one.outcome for one in found] == [
        "report_now", "top_tier", "higher", "event", "seen", "not_seen", "left_list"
    ]  # fmt: skip
    up: Outcome = found[4]._replace(override=found[4].override._replace(direction=UP, by="wang.fang"))
    cells = counted([*found, up], lambda one: one.override.by)
    assert cells["li.na"][DOWN] == len(children)
    assert cells["li.na"]["down.report_now"] == 1
    assert cells["wang.fang"] == {UP: 1, "in_force": 1, "up.seen": 1}


def test_a_move_by_hand_is_judged_by_the_rules_that_the_build_used(tmp_path: Path) -> None:
    place = tuned_store.make_store(tmp_path)
    raised = text_of("visit").replace('interval = "visit_interval_yellow_days"', "interval = 60")
    in_force.save(place, "visit_rules", raised, "x.toml", "li.na", "更勤", AT)
    in_force.publish(place, "visit_rules", 2, "wang.fang", "同意", AT)
    with opened(place) as snapshot:
        assert rules_of(snapshot, "visit").tiers["yellow"].interval == "visit_interval_yellow_days"
    tuned_store.build(place, AT.date())
    with opened(place) as snapshot:
        assert rules_of(snapshot, "visit").tiers["yellow"].interval == 60
