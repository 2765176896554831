"""Versions of cards and rules: appended, published by somebody else, gone back from, never below the law."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from dashboard.access import Forbidden, Role, reader_for
from dashboard.audit import Action, recent
from dashboard.desk import open_desk
from dashboard.tuning import publish_version, save_version
from models.complaints import FileProblem
from models.screening.rulebook import in_force
from models.screening.rulebook.card import cards
from models.screening.rulebook.lanes import default_rules, read_rules, text_of
from registry import versions
from registry.versions import VersionProblem

AT = dt.datetime(2026, 10, 8, 9, 0)
LATER = AT + dt.timedelta(days=1)
SHIPPED_CARD = cards()["visit_expert_v1"].text
MINE = (
    SHIPPED_CARD.replace('id = "visit_expert_v1"', 'id = "visit_district_v2"')
    .replace("{ from = 180, points = 5 }", "{ from = 180, points = 9 }")
    .replace("range = [0, 29]", "range = [0, 33]")
)
RULES = text_of("visit")


def saved(
    store: Path, text: str = MINE, author: str = "li.na", subject: str = "visit_card"
) -> versions.Version:
    return in_force.save(store, subject, text, "mine.toml", author, "半年未访更要紧", AT)


def problem(call, *arguments: object) -> str:
    with pytest.raises(VersionProblem) as told:
        call(*arguments)
    return told.value.code


def test_without_versions_the_shipped_card_and_rules_hold(tmp_path: Path) -> None:
    held = in_force.in_force(tmp_path)["visit"]
    assert (held.card.text, held.rules.text) == (SHIPPED_CARD, RULES)
    assert (held.card_number, held.rules_number) == (1, 1)


def test_a_saved_version_holds_only_after_somebody_else_has_published_it(tmp_path: Path) -> None:
    made = saved(tmp_path)
    assert (made.number, made.author, made.sha256) == (2, "li.na", versions.digest_of(MINE))
    assert in_force.in_force(tmp_path)["visit"].card_number == 1
    assert problem(in_force.publish, tmp_path, "visit_card", 2, "li.na", "好", AT) == "same_person"
    assert problem(in_force.publish, tmp_path, "visit_card", 2, " LI.NA ", "好", AT) == "same_person"
    in_force.publish(tmp_path, "visit_card", 2, "wang.fang", "复核无误", AT)
    assert in_force.in_force(tmp_path)["visit"].card.text == MINE
    assert in_force.in_force(tmp_path)["referral"].card_number == 1, "the other list keeps its card"


def test_a_list_of_an_earlier_day_keeps_the_card_of_that_day(tmp_path: Path) -> None:
    saved(tmp_path)
    in_force.publish(tmp_path, "visit_card", 2, "wang.fang", "复核无误", AT)
    the_day_before = AT.date() - dt.timedelta(1)
    assert [in_force.in_force(tmp_path, day)["visit"].card_number for day in (the_day_before, AT.date())] == [
        1,
        2,
    ]


def test_going_back_is_a_publication_of_the_earlier_version_and_hides_nothing(tmp_path: Path) -> None:
    saved(tmp_path)
    in_force.publish(tmp_path, "visit_card", 2, "wang.fang", "复核无误", AT)
    in_force.publish(tmp_path, "visit_card", 1, "li.na", "效果不好", LATER)
    assert in_force.in_force(tmp_path)["visit"].card.text == SHIPPED_CARD
    assert in_force.in_force(tmp_path, AT.date())["visit"].card_number == 2, "what held then held then"
    first, second = in_force.listed(tmp_path, "visit_card")
    assert (first.is_in_force, first.published_by, first.withdrawn_at) == (True, "li.na", None)
    assert (second.is_in_force, second.published_by, second.withdrawn_at) == (False, "wang.fang", LATER)


def test_a_version_needs_a_person_a_reason_and_a_text_of_its_own(tmp_path: Path) -> None:
    saved(tmp_path)
    arguments = ("visit_card", MINE, "mine.toml")
    assert problem(in_force.save, tmp_path, *arguments, "", "为什么", AT) == "no_person"
    assert problem(in_force.save, tmp_path, *arguments, "li.na", "  ", AT) == "no_reason"
    assert problem(in_force.save, tmp_path, *arguments, "li.na", "为什么", AT) == "same_text"
    assert (
        problem(in_force.save, tmp_path, "visit_card", SHIPPED_CARD, "x", "li.na", "为什么", AT)
        == "same_text"
    )
    other = MINE.replace("points = 9", "points = 8").replace("[0, 33]", "[0, 32]")
    assert problem(in_force.save, tmp_path, "visit_card", other, "x", "li.na", "为什么", AT) == "same_id"
    assert problem(in_force.publish, tmp_path, "visit_card", 7, "wang.fang", "好", AT) == "no_such"
    assert problem(in_force.publish, tmp_path, "visit_card", 1, "wang.fang", "好", AT) == "in_force"
    assert problem(in_force.publish, tmp_path, "visit_card", 2, "wang.fang", "", AT) == "no_reason"


@pytest.mark.parametrize(
    ("change", "line", "told"),
    [
        (("range = [0, 33]", "range = [0, 29]"), 10, "range"),
        (('id = "visit_district_v2"', 'id = "visit_expert_v1"'), 3, "id"),
        (("unknown = 3", "unknown = 0"), 24, "not known"),
        (('target = "visit"', 'target = "referral"'), 4, "visit"),
    ],
)
def test_a_bad_card_is_refused_with_its_line_and_nothing_is_kept(
    tmp_path: Path, change: tuple[str, str], line: int, told: str
) -> None:
    with pytest.raises(FileProblem) as refused:
        saved(tmp_path, MINE.replace(*change))
    assert any(one.line == line and told in one.sentence() for one in refused.value.complaints)
    assert not (tmp_path / "versions").exists()


FEWER_RULES = RULES[: RULES.rindex("[[rules]]")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (FEWER_RULES, "law_rule_missing"),
        (RULES.replace('tier = "red"', 'tier = "orange"', 1), "law_tier"),
        (RULES.replace('tier = "orange"', 'tier = "report_now"', 1), "law_tier"),
        (RULES.replace('{ fact = "lives_alone", is = true }', '{ fact = "unattended", is = true }'), "law_report_now"),
        (RULES.replace('interval = "visit_interval_report_now_days"', "interval = 9"), "law_fixed"),
        (RULES.replace('interval = "visit_interval_green_days"', "interval = 366"), "law_interval_range"),
        (RULES.replace('interval = "visit_interval_orange_days"', "interval = 3"), "law_interval_order"),
        (RULES.replace('more_than = "contact_breach_days"', "more_than = 8"), "law_at_most"),
        (RULES.replace('at_most = "contact_long_breach_days"', "at_most = 20"), "law_at_least"),
        (RULES.replace('one_of = ["D"]', 'one_of = ["C", "D"]'), "law_other_condition"),
        (RULES.replace('clause = "国发2016-13"', 'clause = "未保法22"'), "law_fixed"),
    ],
)  # fmt: skip
def test_rules_below_the_law_are_refused(tmp_path: Path, text: str, code: str) -> None:
    assert text != RULES
    with pytest.raises(FileProblem) as refused:
        saved(tmp_path, text, subject="visit_rules")
    assert code in {one.code for one in refused.value.complaints}


def test_an_own_rule_may_set_a_tier_but_not_the_report_now_lane(tmp_path: Path) -> None:
    own = RULES + (
        '\n[[rules]]\nid = "district_missed"\ncode = "MISSED"\ntier = "yellow"\nclause = "四·2"\n'
        'all = [{ fact = "missed_visits", at_least = 3 }]\nshown = "missed_visits"\n'
        'zh = "应访未访{missed_visits}次"\nen = "{missed_visits} visits missed"\n'
    )
    assert saved(tmp_path, own, subject="visit_rules").number == 2
    with pytest.raises(FileProblem) as refused:
        saved(tmp_path, own.replace('tier = "yellow"\nclause = "四·2"', 'tier = "report_now"\nclause = "四·2"'),
              subject="visit_rules")  # fmt: skip
    assert [one.code for one in refused.value.complaints] == ["law_own_report_now"]


def test_stricter_rules_are_inside_the_law(tmp_path: Path) -> None:
    stricter = (
        RULES.replace('interval = "visit_interval_orange_days"', "interval = 21")
        .replace('more_than = "contact_long_breach_days"', "more_than = 14")
        .replace('tier = "yellow"', 'tier = "orange"', 1)
    )
    assert saved(tmp_path, stricter, subject="visit_rules").number == 2


def test_a_changed_or_missing_record_is_found(tmp_path: Path) -> None:
    saved(tmp_path)
    saved(
        tmp_path, MINE.replace("points = 9", "points = 8").replace("[0, 33]", "[0, 32]").replace("_v2", "_v3")
    )
    first = tmp_path / "versions" / "visit_card" / "0002.version.json"
    kept = first.read_text("utf-8")
    first.write_text(json.dumps({**json.loads(kept), "author": "someone"}), "utf-8")
    assert problem(versions.saved, tmp_path, "visit_card") == "changed"
    first.write_text(json.dumps({**json.loads(kept), "text": "points = 99"}), "utf-8")
    assert problem(versions.saved, tmp_path, "visit_card") == "changed"
    first.unlink()
    assert problem(versions.saved, tmp_path, "visit_card") == "changed"


def test_rules_that_a_newer_law_outgrew_stop_a_build_instead_of_hiding_a_child(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(tmp_path, RULES.replace('"visit_interval_orange_days"', "21"), subject="visit_rules")
    in_force.publish(tmp_path, "visit_rules", 2, "wang.fang", "复核无误", AT)
    assert in_force.in_force(tmp_path)["visit"].rules_number == 2
    newer = RULES.replace('tier = "yellow"', 'tier = "orange"', 1)
    shipped = default_rules() | {"visit": read_rules(newer, "newer.toml")}
    monkeypatch.setattr(in_force, "default_rules", lambda: shipped)
    assert problem(in_force.in_force, tmp_path) == "unusable"
    in_force.publish(tmp_path, "visit_rules", 1, "wang.fang", "先退回", LATER)
    assert in_force.in_force(tmp_path)["visit"].rules.text == newer


def test_saving_and_publishing_need_their_rights_and_are_recorded(tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    analyst, other, planner, officer = (
        reader_for(user, role, ("530902",))
        for user, role in (("li.na", Role.ANALYST), ("zhao.yun", Role.ANALYST), ("wang.fang", Role.PLANNER),
                           ("sun.li", Role.DATA_OFFICER))
    )  # fmt: skip
    township = reader_for("he.ping", Role.ANALYST, ("530902001",))
    for reader in (planner, officer, township):
        with pytest.raises(Forbidden):
            save_version(tmp_path, desk, reader, "530902", "visit_card", MINE, "为什么")
    save_version(tmp_path, desk, analyst, "530902", "visit_card", MINE, "为什么")
    with pytest.raises(Forbidden):
        publish_version(tmp_path, desk, officer, "530902", "visit_card", 2, "好")
    assert problem(publish_version, tmp_path, desk, analyst, "530902", "visit_card", 2, "好") == "same_person"
    publish_version(tmp_path, desk, planner, "530902", "visit_card", 2, "复核无误")
    publish_version(tmp_path, desk, other, "530902", "visit_card", 1, "效果不好")
    told = [(one.user, one.action, one.subject, one.reason) for one in reversed(recent(desk, 9))]
    assert told == [
        ("li.na", Action.TUNED, "visit_card/2", "为什么"),
        ("wang.fang", Action.CARD_PUBLISHED, "visit_card/2", "复核无误"),
        ("zhao.yun", Action.CARD_PUBLISHED, "visit_card/1", "效果不好"),
    ]


def test_every_shipped_rule_stands_inside_its_own_law() -> None:
    for target, read in default_rules().items():
        assert in_force.checked(f"{target}_rules", read.text, "rules.toml", AT.date()) == read
