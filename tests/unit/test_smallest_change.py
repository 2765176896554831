"""What would lower a child's tier, in cases that can be told in a sentence."""

from __future__ import annotations

from datetime import date

import pytest

from models.facts import facts
from models.screening.lowering.one_child import Value
from models.screening.lowering.smallest_change import FILE, actions, parse, ways_down
from models.screening.rulebook.card import default_cards
from models.screening.rulebook.lanes import tiers_of
from models.strict_toml import FileProblem

DAY = date(2026, 9, 30)
# A child of ten about whom all is known and nothing is wrong; both parents away, the papers in order.
WELL: dict[str, Value] = {
    **{name: False for name, fact in facts().items() if fact.kind == "flag"},
    **{name: 0 for name, fact in facts().items() if fact.kind == "number"},
    "age_years": 10,
    "carer_capacity": "yes",
    "carer_record": "none",
    "open_mandatory_concern": "none",
    "open_dwelling_grade": "none",
    "screen_state": "valid",
    "sdq_band": "no_scale",
    "mht_band": "no_scale",
    "phq_band": "low",
    **dict.fromkeys(("both_away", "entrustment_signed", "notified_school", "notified_village"), True),
}


def ways(target: str = "visit", **changed: Value) -> list[tuple[str, ...]]:
    found = ways_down({**WELL, **changed}, tiers_of(target), default_cards()[target].card, DAY)
    return [tuple(action.id for action in way.actions) for way in found]


def test_nothing_lowers_the_lowest_tier() -> None:
    assert ways() == []


def test_one_missing_paper_needs_that_paper_or_a_parent_at_home() -> None:
    assert ways(notified_school=False) == [("school_notified",), ("parent_returns",)]


def test_three_missing_papers_need_three_papers_and_the_one_other_way_comes_first() -> None:
    missing: dict[str, Value] = dict.fromkeys(
        ("entrustment_signed", "notified_school", "notified_village"), False
    )
    assert ways(**missing) == [
        ("parent_returns",),
        ("agreement", "school_notified", "village_notified"),
    ]


def test_lost_contact_comes_down_with_a_call() -> None:
    assert ways(days_since_contact=40) == [("contact",)]


def test_a_disability_keeps_its_tier_whatever_is_done() -> None:
    assert ways(special_care=True, days_since_contact=10, disability=True) == []


def test_a_record_and_a_failed_duty_need_another_carer_once() -> None:
    found = ways(carer_record="violence", unfit_carer=True, duty_not_performed_months=5)
    assert found == [("other_carer",)]


def test_a_child_living_alone_is_reported_and_then_needs_an_adult() -> None:
    (way,) = ways_down({**WELL, "lives_alone": True}, tiers_of("visit"), default_cards()["visit"].card, DAY)
    assert [action.id for action in way.actions] == ["lives_with_adult"]
    assert way.tier == "green"


@pytest.mark.parametrize("found", [{"open_crisis": True}, {"open_mandatory_concern": "self_harm"}])
def test_nothing_that_a_reader_of_the_list_does_ends_a_crisis_or_a_mandatory_report(
    found: dict[str, Value],
) -> None:
    assert ways(**found, lives_alone=True) == []


def test_a_screen_that_is_missing_is_made_up_for() -> None:
    unknown: dict[str, Value] = dict.fromkeys(
        ("valid_screen", "positive_without_second", "phq_band", "sdq_band", "mht_band")
    )
    assert ways("referral", screen_state="none", **unknown) == [("screened",)]


def test_another_screen_is_no_answer_to_a_positive_one() -> None:
    assert ways("referral", positive_without_second=True) == [("second_assessment",)]


def test_severe_and_positive_need_the_professional_first() -> None:
    found = ways("referral", severe_unseen=True, positive_without_second=True)
    assert found == [("professional_visit",)]


def test_no_action_changes_what_nobody_can_change() -> None:
    touched = {effect.fact for action in actions() for effect in action.effects}
    assert not touched & {"age_years", "carer_age", "disability", "chronic_disease", "special_care"}
    assert not touched & {"open_crisis", "open_mandatory_concern"}
    assert touched <= set(facts())


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('fact = "lives_alone", is = false', 'fact = "age_years", number = 20', "somebody can change"),
        ('fact = "lives_alone", is = false', 'fact = "sex", code = "male"', "somebody can change"),
        ('fact = "lives_alone", is = false', 'fact = "lives_alone", number = 0', "a value for a flag"),
        ('code = "none" }]', 'code = "E" }]', "expected codes of open_dwelling_grade"),
        ('id = "contact"', 'id = "home_visit"', "each action once"),
        ('clause = "五·2"', 'clause = "九·9"', "articles of clauses.toml"),
    ],
)
def test_an_action_that_cannot_be_is_refused_with_its_line(old: str, new: str, expected: str) -> None:
    text = FILE.read_text("utf-8")
    assert old in text
    with pytest.raises(FileProblem, match=r"actions.toml, line \d+") as told:
        parse(text.replace(old, new, 1), "actions.toml")
    assert expected in str(told.value)
    [one] = told.value.complaints
    assert any("一" <= letter <= "鿿" for letter in one.expected("zh")), "Chinese readers are told in Chinese"
