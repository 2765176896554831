"""Cards and rules in another shape read back as what was asked for, keep their remarks, and tell all that changed."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from models.facts import facts
from models.screening.rulebook import in_force, law
from models.screening.rulebook.card import Card, cards, parse
from models.screening.rulebook.lanes import default_rules, read_rules, tiers_of
from models.screening.tuning.changes import card_changes, rules_changes
from models.screening.tuning.drafting import draft_of, drafted_card
from models.screening.tuning.reshaping import (
    NewCondition,
    NewLine,
    NewRule,
    cut_at,
    facts_for_cards,
    facts_for_rules,
    set_apart,
    shape_of,
    with_bins,
    with_line,
    with_rule,
    without_bin,
)
from models.screening.tuning.writing import remarks_of, write_card, write_rules

DAY = dt.date(2026, 9, 30)
EXPERT = cards()["visit_expert_v1"]
VISIT = default_rules()["visit"]
AWAY = NewLine("both_away", "未保法22、23", "父母都不在", "both away", (), (0, 2), 1)
OLD = NewRule(
    "orange", "未保法22", "照护人{值}岁", "the carer is {value}", (NewCondition("carer_age", "at_least", 70),)
)


def line(name: str):
    return next(one for one in EXPERT.card.lines if one.fact == name)


def new_line(fact) -> NewLine:
    """A good line about any fact: two stretches of a number, points that rise towards what worries."""
    codes = [label.code for label in fact.labels()]
    points = tuple(2 if code in fact.risky else 0 for code in codes) if codes else (0, 2)
    if not codes and fact.risk == "lower":
        points = (2, 0)
    if len(set(points)) == 1:
        points = (2, *points[1:])
    cuts = (1,) if fact.kind == "number" else ()
    return NewLine(fact.name, "未保法22", "理由", "a reason", cuts, points, 1)


@pytest.mark.parametrize("name", [fact.name for fact in facts_for_cards(EXPERT.card)])
def test_every_fact_that_is_offered_makes_a_line_that_the_linter_takes(name: str) -> None:
    made = with_line(EXPERT.text, new_line(facts()[name]))
    assert made.complaints == []
    card = parse(made.text.replace('id = "visit_expert_v1"', 'id = "other"'), "x").card
    assert card.lines[:-1] == EXPERT.card.lines
    assert card.lines[-1].fact == name


def test_facts_that_nobody_may_score_are_not_offered_and_refused_by_the_linter_too() -> None:
    offered = {fact.name for fact in facts_for_cards(EXPERT.card)}
    barred = set(facts()) - offered - {one.fact for one in EXPERT.card.lines}
    assert {"open_crisis", "disability", "income_band"} <= barred
    for name in barred:
        assert [one.code for one in with_line(EXPERT.text, new_line(facts()[name])).complaints]
    assert {"disability", "open_crisis"} <= {fact.name for fact in facts_for_rules()}, "a duty may follow"


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"clause": ""}, "article", "clause"),
        ({"zh": "away"}, "chinese_words", "zh"),
        ({"en": " "}, "not_empty", "en"),
        ({"unknown": 2}, "unknown_between", "unknown"),
        ({"points": (2, 0)}, "wrong_way", "bins"),
    ],
)
def test_a_line_that_cannot_be_is_told_by_its_part(change: dict, code: str, path: str) -> None:
    made = with_line(EXPERT.text, AWAY._replace(**change))
    place = f"lines.{len(EXPERT.card.lines) + 1}.{path}"
    assert [(one.code, one.path) for one in made.complaints] == [(code, place)]


def test_what_is_wrong_elsewhere_is_not_told_about_the_new_line() -> None:
    crooked = EXPERT.text.replace("unknown = 3", "unknown = 5")
    assert with_line(crooked, AWAY).complaints == []


def test_a_bin_cut_and_joined_again_is_what_it_was() -> None:
    days = line("days_since_home_visit")
    for start in (1, 29, 31, 179, 181, 365):
        cut = cut_at(days, start)
        assert [one.points for one in cut.bins] == sorted(one.points for one in cut.bins)
        assert len(cut.bins) == len(days.bins) + 1
        place = next(at for at, one in enumerate(cut.bins) if one.from_ == start)
        assert without_bin(cut, place) == days
    assert cut_at(days, 90) == days, "a bin begins there already"


def test_whatever_bins_are_taken_out_the_rest_covers_every_value_and_two_stay() -> None:
    for name in ("days_since_home_visit", "carer_capacity"):
        before = line(name)
        for places in itertools.product(range(4), repeat=3):
            now = before
            for place in places:
                now = without_bin(now, min(place, len(now.bins) - 1))
            assert len(now.bins) == 2
            card = EXPERT.card.model_copy(update={"lines": (now,), "range": (now.lowest, now.highest)})
            told = [one for one in _lint(card) if one.path.startswith("lines.1.bins")]
            assert told == [], "no gap, no overlap, no code without a bin"


def _lint(card: Card):
    from models.screening.rulebook.card import lint

    return lint(write_card(card.model_copy(update={"id": "other"})), "x")


def test_a_flag_keeps_both_its_answers() -> None:
    assert without_bin(line("carer_changed"), 0) == line("carer_changed")


def test_a_code_is_set_apart_with_the_points_that_it_had() -> None:
    joined = without_bin(line("carer_capacity"), 1)
    assert [one.codes for one in joined.bins] == [("yes", "unclear"), ("no",)]
    apart = set_apart(joined, "unclear")
    assert [(one.codes, one.points) for one in apart.bins] == [(("yes",), 0), (("unclear",), 0), (("no",), 4)]
    assert set_apart(apart, "unclear") == apart


def test_a_reshaped_card_is_written_and_read_back_as_the_same() -> None:
    text = with_bins(with_line(EXPERT.text, AWAY).text, cut_at(line("carer_age"), 80))
    read = shape_of("visit_card", text)
    assert isinstance(read, Card)
    assert shape_of("visit_card", write_card(read, remarks_of(text))) == read
    assert len(read.lines) == len(EXPERT.card.lines) + 1
    draft = drafted_card(read, [draft_of(one) for one in read.lines], 2, "li.na", DAY, remarks_of(text))
    assert parse(draft, "x").card.lines == read.lines


def test_remarks_stay_where_they_stand() -> None:
    text = VISIT.text.replace(
        '[[rules]]\nid = "carer_record"', '# asked for by the bureau\n[[rules]]\nid = "carer_record"'
    )
    text = text.replace('code = "L3"', 'code = "L3"  # "#" is no remark inside quotes')
    read = read_rules(text, "x").rules
    written = write_rules(read, remarks_of(text))
    assert remarks_of(written) == remarks_of(text)
    assert read_rules(written, "x").rules == read
    for told in (
        "# most urgent first",
        "# asked for by the bureau\n[[rules]]",
        "inside quotes",
        text.split("\n")[0],
    ):
        assert told in written
    drafted = drafted_card(
        EXPERT.card, [draft_of(one) for one in EXPERT.card.lines], 2, "a", DAY, remarks_of(EXPERT.text)
    )
    assert "eight facts" not in drafted, "what was said of the shipped card is not said of the district's"
    assert "visit_expert_v1" in drafted.split("\n")[0]


def test_a_rule_of_ones_own_stands_beside_the_shipped_ones_inside_the_law() -> None:
    made = with_rule(VISIT.text, OLD, 2)
    assert made.complaints == []
    read = read_rules(made.text, "x")
    assert read.rules.rules[:-1] == VISIT.rules.rules
    own = read.rules.rules[-1]
    assert (own.id, own.shown, own.zh, own.en) == (
        "district_2_1", "carer_age", "照护人{carer_age}岁", "the carer is {carer_age}",
    )  # fmt: skip
    assert own.sql(DAY) == "(w.carer_age >= 70)"
    law.check(read, tiers_of("visit"), "x", DAY)
    again = with_rule(made.text, OLD, 2)
    assert again.name == "district_2_2", "two rules never share a name"


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"tier": "report_now"}, "law_own_report_now", "tier"),
        ({"clause": ""}, "article", "clause"),
        ({"en": "照护人"}, "english_words", "en"),
        ({"zh": "照护人{谁}"}, "sentence_fact", "zh"),
        ({"conditions": (NewCondition("open_dwelling_grade", "one_of", ("Z",)),)}, "strange_codes", "all.1"),
        ({"conditions": (NewCondition("both_away", "at_least", 1),)}, "comparison_kind", "all.1"),
    ],
)
def test_a_rule_that_cannot_be_is_told_by_its_part(change: dict, code: str, path: str) -> None:
    made = with_rule(VISIT.text, OLD._replace(**change), 2)
    place = f"rules.{len(VISIT.rules.rules) + 1}.{path}"
    assert [(one.code, one.path.removesuffix(".one condition")) for one in made.complaints] == [(code, place)]


def test_the_second_person_is_told_everything_of_a_new_line_and_of_a_line_with_other_words() -> None:
    card = shape_of("visit_card", with_line(EXPERT.text, AWAY).text)
    assert isinstance(card, Card)
    told = [(one.what, one.detail, one.before, one.after) for one in card_changes(EXPERT.card, card)]
    assert told == [
        ("line", "", None, "2"),
        ("points", "false", None, "0"),
        ("points", "true", None, "2"),
        ("unknown", "", None, "1"),
        ("clause", "", None, "未保法22、23"),
        ("zh", "", None, "父母都不在"),
        ("en", "", None, "both away"),
    ]
    lines = (EXPERT.card.lines[0].model_copy(update={"en": "other words"}), *EXPERT.card.lines[1:])
    other = EXPERT.card.model_copy(update={"lines": lines})
    assert [(one.what, one.after) for one in card_changes(EXPERT.card, other)] == [("en", "other words")]


def test_a_rule_of_the_same_name_that_asks_something_else_is_told_as_another_condition() -> None:
    first = read_rules(with_rule(VISIT.text, OLD, 2).text, "x").rules
    other = OLD._replace(conditions=(NewCondition("both_away", "is", True),))
    second = read_rules(with_rule(VISIT.text, other, 2).text, "x").rules
    told = [(one.what, one.before, one.after) for one in rules_changes(first, second, DAY)]
    assert ("condition", "0", "0") in told
    assert [one.what for one in rules_changes(VISIT.rules, first, DAY)] == [
        "rule",
        "condition",
        "clause",
        "zh",
        "en",
    ]
    assert [one.what for one in rules_changes(first, VISIT.rules, DAY)] == ["rule"]


def test_reshaped_texts_are_good_enough_to_save(tmp_path) -> None:
    at = dt.datetime(2026, 10, 8, 9, 0)
    made = in_force.save(
        tmp_path, "visit_rules", with_rule(VISIT.text, OLD, 2).text, "x", "li.na", "为什么", at
    )
    assert made.number == 2
