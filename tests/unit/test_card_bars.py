"""A learned card is published only over its bar, falls back to the expert card below the other, and stays off."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from models.screening.rulebook import bars, in_force
from models.screening.rulebook.bars import Beside, Gap, GroupGap
from models.screening.rulebook.card import cards, parse
from models.screening.tuning.drafting import draft_of, drafted_card
from registry import evaluations, versions
from registry.versions import VersionProblem

AT = dt.datetime(2026, 10, 8, 9, 0)
DAY = dt.timedelta(days=1)
EXPERT = cards()["visit_expert_v1"]
LEARNED = (
    EXPERT.text.replace('id = "visit_expert_v1"', 'id = "visit_learned_aa"')
    + """
[learned]
method = "PointsCardClassifier"
trained_from = 2025-09-30
trained_to = 2026-06-30
n_children = 900
outcome = "home visit"
"""
)
GOOD = Beside("visit_expert_v1", 80, Gap(0.04, -0.02, 0.1), (GroupGap("sex", "1", Gap(0.03, -0.1, 0.2)),))


def document(beside: Beside) -> dict[str, Any]:
    groups = [{"kind": one.kind, "group": one.group, "gap": one.gap._asdict()} for one in beside.groups]
    return {"beside": {**beside._asdict(), "recall": beside.recall._asdict(), "groups": groups}}


def evaluate(store: Path, beside: Beside, at: dt.datetime = AT, text: str = LEARNED) -> None:
    evaluations.keep(store, "visit_card", versions.digest_of(text), "build", at, document(beside))


def saved(store: Path, text: str = LEARNED) -> int:
    return in_force.save(store, "visit_card", text, "learned.toml", "li.na", "由走访结果提出", AT).number


def publish(store: Path, number: int, at: dt.datetime = AT) -> None:
    in_force.publish(store, "visit_card", number, "wang.fang", "复核无误", at)


def refused(store: Path, number: int) -> str:
    with pytest.raises(VersionProblem) as told:
        publish(store, number)
    return told.value.code


def held(store: Path, day: dt.datetime) -> tuple[int, int]:
    found = in_force.in_force(store, day.date())["visit"]
    return found.card_number, found.fallen


def test_a_learned_card_that_nobody_evaluated_is_not_published(tmp_path: Path) -> None:
    assert refused(tmp_path, saved(tmp_path)) == "not_evaluated"


@pytest.mark.parametrize(
    ("beside", "code"),
    [
        (GOOD._replace(n_drawn_made=59), "bar_probes"),
        (GOOD._replace(recall=Gap(None, None, None)), "bar_recall_unknown"),
        (GOOD._replace(recall=Gap(0.01, -0.06, 0.1)), "bar_recall"),
        (GOOD._replace(groups=(GroupGap("sex", "2", Gap(-0.11, -0.2, 0.0)),)), "bar_group"),
    ],
)
def test_below_the_bar_nobody_can_publish_it_and_the_reason_is_told(
    tmp_path: Path, beside: Beside, code: str
) -> None:
    number = saved(tmp_path)
    evaluate(tmp_path, beside)
    assert refused(tmp_path, number) == code


def test_over_the_bar_a_second_person_publishes_it_and_no_other(tmp_path: Path) -> None:
    number = saved(tmp_path)
    evaluate(tmp_path, GOOD)
    with pytest.raises(VersionProblem, match="same_person"):
        in_force.publish(tmp_path, "visit_card", number, "li.na", "好", AT)
    publish(tmp_path, number)
    assert held(tmp_path, AT) == (number, 0)


def test_an_evaluation_of_another_text_does_not_count(tmp_path: Path) -> None:
    number = saved(tmp_path)
    evaluate(tmp_path, GOOD, text=LEARNED.replace("points = 5", "points = 4"))
    assert refused(tmp_path, number) == "not_evaluated"


def test_below_the_other_bar_the_expert_card_holds_again_from_that_day_on(tmp_path: Path) -> None:
    number = saved(tmp_path)
    evaluate(tmp_path, GOOD)
    publish(tmp_path, number)
    evaluate(tmp_path, GOOD._replace(recall=Gap(-0.2, -0.3, -0.1)), AT + DAY)
    assert held(tmp_path, AT) == (number, 0), "what held on a day held then"
    assert held(tmp_path, AT + DAY) == (1, number)
    assert in_force.in_force(tmp_path)["visit"].card.text == EXPERT.text
    assert in_force.publication_days(tmp_path)[-1] == (AT + DAY).date(), "the next build knows it by itself"
    shipped, learned = in_force.listed(tmp_path, "visit_card")
    assert (shipped.is_in_force, learned.is_in_force, learned.is_switched_off) == (True, False, True)


def test_a_better_evaluation_later_does_not_switch_it_on_again_but_a_person_can(tmp_path: Path) -> None:
    number = saved(tmp_path)
    evaluate(tmp_path, GOOD)
    publish(tmp_path, number)
    evaluate(tmp_path, GOOD._replace(recall=Gap(-0.2, -0.3, -0.1)), AT + DAY)
    evaluate(tmp_path, GOOD, AT + 2 * DAY)
    assert held(tmp_path, AT + 2 * DAY) == (1, number)
    publish(tmp_path, number, AT + 3 * DAY)
    assert held(tmp_path, AT + 3 * DAY) == (number, 0)


def test_it_falls_back_to_the_districts_own_expert_card_where_there_is_one(tmp_path: Path) -> None:
    own = EXPERT.text.replace('"visit_expert_v1"', '"visit_district_v2"').replace(
        "{ from = 180, points = 5 }", "{ from = 180, points = 6 }"
    ).replace("range = [0, 29]", "range = [0, 30]")  # fmt: skip
    first, second = saved(tmp_path, own), saved(tmp_path)
    publish(tmp_path, first)
    evaluate(tmp_path, GOOD)
    publish(tmp_path, second, AT + DAY)
    evaluate(tmp_path, GOOD._replace(recall=Gap(-0.2, -0.3, -0.1)), AT + 2 * DAY)
    assert held(tmp_path, AT + 2 * DAY) == (first, second)


def test_few_drawn_visits_alone_switch_nothing_off_and_a_clearly_worse_group_does() -> None:
    day = AT.date()
    assert not bars.must_go(GOOD._replace(n_drawn_made=0, recall=Gap(None, None, None), groups=()), day)
    worse = GOOD._replace(groups=(GroupGap("ethnicity", "x", Gap(-0.3, -0.4, -0.2)),))
    assert [one.code for one in bars.must_go(worse, day)] == ["group"]


def test_a_learned_card_that_a_person_changed_keeps_its_bars() -> None:
    card = parse(LEARNED, "learned.toml").card
    lines = [draft_of(line) for line in card.lines]
    changed = drafted_card(card, [lines[0]._replace(unknown=2), *lines[1:]], 3, "li.na", AT.date())
    assert parse(changed, "changed.toml").card.learned == card.learned
