"""A trial is the same as a full rescoring, never touches the published list, and never moves report-now."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from models.planning.workload import loads
from models.screening.rulebook import in_force
from models.screening.rulebook.card import cards, parse
from models.screening.rulebook.lanes import REPORT_NOW, ReadRules, default_rules, read_rules, text_of
from models.screening.tuning import back_test
from models.screening.tuning.back_test import Outcomes, quarter_ends
from models.screening.tuning.changes import card_changes, rules_changes
from models.screening.tuning.drafting import (
    LineDraft,
    RulesDraft,
    draft_of,
    drafted_card,
    drafted_rules,
)
from models.screening.tuning.effects import KINDS, effects, groups_of, missing_band
from models.screening.tuning.ground import Ground, ground_in, ground_of
from models.screening.tuning.trial import Listing, ReportNowMoved, check_lane, listing, trial
from models.screening.tuning.writing import write_card, write_rules
from registry import store
from registry.settings import Settings
from tests.tuned_store import AT, DAY, build, make_store

EXPERT = cards()["visit_expert_v1"]
PLACES = (
    "SELECT child_id, rank, lane, tier, points, due_on FROM screening WHERE target = 'visit' ORDER BY rank"
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(tmp_path_factory.mktemp("tuned"))


@pytest.fixture(scope="module")
def ground(place: Path) -> Ground:
    return ground_of(place)


def changed(name: str, **change: object) -> str:
    """The expert card with one line changed."""
    lines = [draft_of(line) for line in EXPERT.card.lines]
    lines = [one._replace(**change) if one.fact == name else one for one in lines]
    return drafted_card(EXPERT.card, lines, 2, "li.na", AT.date())


STRICTER = read_rules(
    text_of("visit")
    .replace('interval = "visit_interval_yellow_days"', "interval = 60")
    .replace('id = "special_care"\ncode = "SPECIAL_CARE"\ntier = "yellow"',
             'id = "special_care"\ncode = "SPECIAL_CARE"\ntier = "orange"'),
    "stricter.toml",
)  # fmt: skip
LONGER_UNSEEN = parse(changed("days_since_home_visit", points=(0, 1, 3, 9)), "trial.toml")


def published(folder: Path) -> list[tuple[object, ...]]:
    connection = store.open_snapshot(folder)
    try:
        return store.run(connection, PLACES)
    finally:
        connection.close()


def places(found: Listing) -> list[tuple[object, ...]]:
    return [(o.child_id, o.rank, o.lane, o.tier, o.points, o.due_on) for o in found.places.values()]


def test_before_the_change_a_trial_shows_the_published_list(place: Path, ground: Ground) -> None:
    assert places(trial(ground, "visit").before) == published(place)
    assert trial(ground, "visit").moves == ()


def test_a_trial_equals_the_list_of_a_build_by_the_same_card_and_rules(tmp_path: Path) -> None:
    folder = make_store(tmp_path)
    tried = trial(ground_of(folder), "visit", LONGER_UNSEEN, STRICTER)
    assert tried.moves, "a change that moves nobody would prove nothing"
    before = published(folder)
    assert places(tried.before) == before, "the published list is as it was"
    for subject, text in (("visit_card", LONGER_UNSEEN.text), ("visit_rules", STRICTER.text)):
        in_force.save(folder, subject, text, "x.toml", "li.na", "为什么", AT)
        in_force.publish(folder, subject, 2, "wang.fang", "好", AT)
    build(folder, AT.date())
    assert places(tried.after) == published(folder)
    assert places(tried.after) != before
    held = ground_of(folder).held["visit"]
    assert (held.card_number, held.rules_number) == (2, 2), "a build says which versions it used"


def test_who_moves_is_told_with_the_reasons_gained_and_lost(ground: Ground) -> None:
    moves = {one.child_id: one for one in trial(ground, "visit", LONGER_UNSEEN).moves}
    points = [one for one in moves.values() if one.kind == "points"]
    assert points
    for one in points:
        assert one.after.points - one.before.points == 9 - 5
        assert [(why.code, why.points) for why in one.gained] == [("days_since_home_visit", 4)]
        assert one.lost == ()
    assert all(one.gained == one.lost == () for one in moves.values() if one.kind == "passed")


def test_a_rule_with_another_tier_is_lost_in_the_one_and_gained_in_the_other(ground: Ground) -> None:
    read = text_of("visit").replace(
        'id = "entrustment_missing"\ncode = "L4_PAPERWORK"\ntier = "yellow"',
        'id = "entrustment_missing"\ncode = "L4_PAPERWORK"\ntier = "red"',
    )
    found = trial(ground, "visit", None, read_rules(read, "x.toml"))
    raised = [one for one in found.moves if one.kind == "tier"]
    assert raised
    for one in raised:
        assert (one.before.tier, one.after.tier) == ("yellow", "red")
        assert [(why.code, why.tier) for why in one.lost] == [("entrustment_missing", "yellow")]
        assert [(why.code, why.tier) for why in one.gained] == [("entrustment_missing", "red")]
    assert found.levels()["red"][1] - found.levels()["red"][0] == len(raised)


def test_another_interval_moves_due_days_and_nobody_in_the_report_now_lane(ground: Ground) -> None:
    found = trial(ground, "visit", None, STRICTER)
    due = [one for one in found.moves if one.before.due_on != one.after.due_on]
    assert due
    assert {one.after.due_on - one.before.due_on for one in due if one.kind == "due"} == {
        dt.timedelta(60 - 90)
    }
    assert all(one.before.lane != REPORT_NOW for one in due)


def test_a_report_now_lane_that_differs_stops_the_trial(ground: Ground) -> None:
    text = text_of("visit")
    unlawful = text.replace('{ fact = "age_years", below = "age_limit_years" },\n]\nshown = "lives_alone"',
                            '{ fact = "age_years", below = 1 },\n]\nshown = "lives_alone"')  # fmt: skip
    assert unlawful != text
    lane = [one for one in trial(ground, "visit").before.places.values() if one.lane == REPORT_NOW]
    assert lane
    with pytest.raises(ReportNowMoved):
        trial(ground, "visit", None, read_rules(unlawful, "x.toml"))
    with pytest.raises(ReportNowMoved):
        later = read_rules(
            text.replace('interval = "visit_interval_report_now_days"', "interval = 30"), "x.toml"
        )
        trial(ground, "visit", None, later)


def test_no_change_of_points_however_wild_moves_the_lane_or_lowers_a_tier(ground: Ground) -> None:
    lines = [LineDraft(one.fact, one.cuts, tuple(90 * p for p in one.points), 90 * one.unknown)
             for one in map(draft_of, EXPERT.card.lines)]  # fmt: skip
    wild = drafted_card(EXPERT.card, lines[1:], 2, "li.na", AT.date())
    raising = '\n[[raises]]\nat_least = 200\ntier = "red"\nzh = "满200分升为红"\nen = "red from 200 points"\n'
    found = trial(ground, "visit", parse(wild + raising, "wild.toml"))
    check_lane(found.before, found.after)
    severity = found.rules.severity
    for child, then in found.before.places.items():
        assert severity(found.after.places[child].tier) >= severity(then.tier)
    assert any(why.kind == "raise" for one in found.moves for why in one.gained)


def test_groups_hold_every_child_once_and_no_number_hides_behind_an_average(ground: Ground) -> None:
    found = trial(ground, "visit", None, STRICTER)
    for kind in KINDS:
        told = [one for one in effects(ground, found) if one.kind == kind]
        assert sum(one.n for one in told) == len(found.before.places)
        for one in told:
            assert sum(before for before, _ in one.levels.values()) == one.n
            assert sum(after for _, after in one.levels.values()) == one.n
        assert sum(one.raised for one in told) == sum(one.kind == "tier" for one in found.moves)


def test_remoteness_is_the_way_to_the_household_where_the_ledger_tells_it(ground: Ground) -> None:
    child = next(iter(trial(ground, "visit").before.places))
    store.run(ground.connection, "BEGIN")
    store.run(ground.connection, "INSERT INTO household (child_id, travel_minutes) VALUES (?, 45)", [child])
    groups = groups_of(ground, "visit")
    store.run(ground.connection, "ROLLBACK")
    assert groups[child]["remoteness"] == "minutes_30"
    assert {one["remoteness"] for name, one in groups.items() if name != child} == {"rural"}


@pytest.mark.parametrize(("n", "band"), [(0, "0"), (1, "1-3"), (3, "1-3"), (4, "4-7"), (8, "8+"), (30, "8+")])
def test_how_much_is_not_known_is_told_in_bands(n: int, band: str) -> None:
    assert missing_band(n) == band


def test_a_shorter_interval_gives_the_worker_of_the_village_more_visits(ground: Ground) -> None:
    weekly = read_rules(
        text_of("visit")
        .replace('interval = "visit_interval_orange_days"', "interval = 7")
        .replace('interval = "visit_interval_yellow_days"', "interval = 7"),
        "weekly.toml",
    )
    found = trial(ground, "visit", None, weekly)
    work = loads(ground.ask, DAY, False, (found.before, found.rules), (found.after, weekly.rules))
    assert {one.org_code for one in work} <= {"530902001901", "530902002", ""}
    director = next(one for one in work if one.org_code == "530902001901")
    assert director.after.children > director.before.children
    assert director.after.hours > director.before.hours > 0
    same = loads(ground.ask, DAY, False, (found.before, found.rules), (found.before, found.rules))
    assert all(one.before == one.after for one in same)


@pytest.mark.parametrize("name", sorted(cards()))
def test_a_card_written_out_reads_as_the_same_card(name: str) -> None:
    card = cards()[name].card
    assert parse(write_card(card).replace(f'id = "{name}"', 'id = "other_v1"'), "x").card == card.model_copy(
        update={"id": "other_v1"}
    )


def test_rules_written_out_read_as_the_same_rules() -> None:
    for read in default_rules().values():
        assert read_rules(write_rules(read.rules), "x").rules == read.rules


def test_a_draft_of_a_card_tells_its_changes_and_joins_bins_that_begin_alike() -> None:
    card = parse(changed("days_since_home_visit", cuts=(90, 90, 180), points=(0, 1, 3, 9)), "x").card
    line = card.lines[0]
    assert [(one.from_, one.below, one.points) for one in line.bins] == [
        (None, 90, 0), (90, 180, 3), (180, None, 9),
    ]  # fmt: skip
    told = {(one.detail, one.before, one.after) for one in card_changes(EXPERT.card, card)}
    assert ("180..", "5", "9") in told
    assert (EXPERT.card.range[1], card.range[1]) == (29, 33), "the range follows by itself"


def test_a_draft_of_rules_keeps_the_parameters_of_what_stays() -> None:
    base = default_rules()["visit"].rules
    draft = RulesDraft({"special_care": "orange"}, {("contact_lost", 0): 5}, {"red": 7, "orange": 21})
    rules = read_rules(drafted_rules(base, draft, "li.na", DAY), "x").rules
    assert (rules.tiers["red"].interval, rules.tiers["orange"].interval) == ("visit_interval_red_days", 21)
    told = {(one.what, one.about, one.before, one.after) for one in rules_changes(base, rules, DAY)}
    assert told == {
        ("interval", "orange", "30", "21"),
        ("number", "contact_lost", "7", "5"),
        ("tier", "special_care", "yellow", "orange"),
    }


def test_quarters_are_tried_only_where_the_following_one_is_over() -> None:
    assert quarter_ends(dt.date(2026, 9, 30), 2) == [
        (dt.date(2026, 6, 30), dt.date(2026, 9, 30)), (dt.date(2026, 3, 31), dt.date(2026, 6, 30)),
    ]  # fmt: skip
    assert quarter_ends(dt.date(2026, 9, 29), 1) == [(dt.date(2026, 3, 31), dt.date(2026, 6, 30))]
    assert quarter_ends(dt.date(2026, 1, 5), 1) == [(dt.date(2025, 9, 30), dt.date(2025, 12, 31))]


def test_an_outcome_is_no_only_where_somebody_saw_the_child_and_unknown_where_nobody_looked() -> None:
    connection = store.memory()
    for sql in (
        "CREATE TABLE tiering (child_id VARCHAR, tier VARCHAR, tiered_on DATE)",
        "CREATE TABLE concern (child_id VARCHAR, situation VARCHAR, aware_on DATE)",
        "CREATE TABLE incident (child_id VARCHAR, happened_on DATE)",
        "CREATE TABLE psych_screen (child_id VARCHAR, screened_on DATE, crisis_flag BOOLEAN, "
        "crisis_found_at TIMESTAMP, second_on DATE, second_outcome VARCHAR)",
        "CREATE TABLE visit (child_id VARCHAR, mode VARCHAR, child_seen BOOLEAN, visited_on DATE)",
        "INSERT INTO visit VALUES ('seen', 'home', TRUE, '2026-08-01'), ('hurt', 'home', TRUE, '2026-08-01'), "
        "('only_called', 'phone', TRUE, '2026-08-01'), ('not_at_home', 'home', FALSE, '2026-08-01'), "
        "('seen_before', 'home', TRUE, '2026-06-30'), ('seen_after', 'home', TRUE, '2026-10-01')",
        "INSERT INTO incident VALUES ('hurt', '2026-07-01'), ('hurt_before', '2026-06-30')",
        "INSERT INTO tiering VALUES ('new_item', 'report_now', '2026-09-30'), ('red', 'red', '2026-08-01')",
    ):
        store.run(connection, sql)
    told = back_test.outcomes(connection, "visit", dt.date(2026, 6, 30), dt.date(2026, 9, 30))
    assert told == {"seen": "no", "hurt": "yes", "new_item": "yes"}


def test_a_past_quarter_counts_every_child_of_then_once_under_both_versions(
    place: Path, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    then = ground_in(ground.connection, DAY, "then", {})
    monkeypatch.setattr(back_test, "ground_then", lambda *_: then)
    settings = Settings(store=place, key_file=place / "key")
    connection = store.open_file(place / "snapshots" / "build1.duckdb")
    store.run(
        connection,
        "CREATE TABLE IF NOT EXISTS link AS SELECT child_id AS child_ref, child_id FROM known_child",
    )
    connection.close()
    quarters = back_test.back_test(settings, "visit", ground.held["visit"], None, STRICTER, 2)
    assert [one.day for one in quarters] == [dt.date(2026, 6, 30), dt.date(2026, 3, 31)]
    for one in quarters:
        assert (
            sum(each.n for each in one.held.values()) == sum(each.n for each in one.tried.values()) == one.n
        )
        assert one.held["report_now"] == one.tried["report_now"]
        assert all(isinstance(each, Outcomes) for each in one.held.values())


def test_listing_needs_rules_and_card_of_one_list(ground: Ground) -> None:
    with ground.lock, pytest.raises(ValueError, match="expected a card for referral"):
        listing(ground, EXPERT, ReadRules(default_rules()["referral"].rules, text_of("referral")))
