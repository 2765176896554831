"""The form of tuning gives cards and rules another shape: lines, bins and rules more or fewer, inside the law."""

from __future__ import annotations

import re

import pytest

from dashboard.access import Role
from dashboard.texts import LANGUAGES, text
from models.facts import facts
from models.screening.rulebook import in_force
from models.screening.rulebook.card import cards
from models.screening.rulebook.lanes import default_rules, tiers_of
from models.screening.rulebook.linting import barred_from_cards
from tests.pages.test_shell import words_of
from tests.pages.test_tuning_page import ADDRESS, button, number, open_page, tables, tuned  # noqa: F401 (fixtures)
from tests.tuned_store import make_store

CARD, RULES = "visit_card_1", "visit_rules_1"
RULES_ADDRESS = {"target": "visit", "part": "rules", "base": "1"}
HOSTILE = "![x](http://attacker.invalid/p.png)"
pytestmark = pytest.mark.filterwarnings("ignore")


def box(app, key):
    return next(one for one in (*app.selectbox, *app.multiselect, *app.checkbox) if one.key == key)


def field(app, key):
    return next(one for one in app.text_input if one.key == key)


def press(app, key):
    next(one for one in app.button if one.key == key).click()
    return app.run()


def name_fact(app, key, fact):
    """Choose in a list of facts, whose options are shown in words."""
    list_of = box(app, key)
    label = next(label for label in list_of.options if label.startswith(facts()[fact].zh))
    return list_of.select(label).run()


def line_named(app, fact, clause="未保法22", zh="父母都不在身边", en="both parents are away"):
    """Fill the form of a new line; the points stay as they are offered."""
    start = f"{CARD}_added"
    name_fact(app, f"{start}_fact", fact)
    clauses = box(app, f"{start}_{fact}_clause")
    if clause:
        clauses.select(next(one for one in clauses.options if one.startswith(clause + "：")))
    field(app, f"{start}_{fact}_zh").set_value(zh)
    field(app, f"{start}_{fact}_en").set_value(en)
    return press(app, f"{start}_add")


def rule_named(app, zh, en, tier="red"):
    """Fill the form of a new rule about children whose parents are both away."""
    start = f"{RULES}_added"
    box(app, f"{start}_tier").select(text("zh", f"tier.{tier}"))
    name_fact(app, f"{start}_fact0", "both_away")
    clauses = box(app, f"{start}_clause")
    clauses.select(next(one for one in clauses.options if one.startswith("未保法22：")))
    field(app, f"{start}_both_away_zh").set_value(zh)
    field(app, f"{start}_both_away_en").set_value(en)
    return press(app, f"{start}_add")


def save(app, reason):
    next(one for one in app.text_input if one.label == text("zh", "tuning.reason")).set_value(reason)
    return button(app, "tuning.save_version").click().run()


def test_a_line_is_added_tried_saved_and_published_by_somebody_else(open_page, tmp_path):  # noqa: F811
    place = make_store(tmp_path)
    app = open_page("li.na", Role.ANALYST, place=place, **ADDRESS)
    assert not [one for one in app.checkbox if one.key == f"{CARD}_both_away_used"]
    app = line_named(app, "both_away")
    assert not app.exception and not app.error
    assert [one.value for one in app.success] == [
        text("zh", "shape.added_line", fact=facts()["both_away"].zh)
    ]
    assert box(app, f"{CARD}_both_away_used").value is True
    moves = next(one.value for one in app.dataframe if text("zh", "tuning.gained") in one.value.columns)
    gained = "".join(moves[text("zh", "tuning.gained")])
    assert f"{facts()['both_away'].zh} +2" in gained and f"{facts()['both_away'].zh} +1" not in gained
    app = save(app, "双亲外出的先去看")
    assert [one.value for one in app.success] == [text("zh", "tuning.saved_as", number=2)]
    kept = in_force.listed(place, "visit_card")[-1]
    assert (kept.author, kept.reason) == ("li.na", "双亲外出的先去看")
    card = in_force.read_version("visit_card", in_force.text_of_version(place, "visit_card", 2), "x").card
    assert card.lines[:-1] == cards()["visit_expert_v1"].card.lines
    assert (card.lines[-1].fact, card.lines[-1].clause) == ("both_away", "未保法22")

    other = open_page("wang.fang", Role.PLANNER, place=place)
    shown = words_of(other)
    for told in ("父母都不在身边", "both parents are away", "未保法22", "0 → 2", "（没有） → 1"):
        assert told in shown or told.replace("0 → 2", "（没有） → 2") in shown, told
    other.text_input[0].set_value("复核无误")
    button(other, "tuning.publish").click().run()
    assert in_force.in_force(place)["visit"].card.card == card


def test_a_line_without_article_or_words_is_told_at_its_fields_and_not_added(open_page):  # noqa: F811
    app = line_named(open_page("li.na", Role.ANALYST, **ADDRESS), "both_away", "", "away", "外出")
    assert [one.value for one in app.error] == [text("zh", "shape.not_added")]
    shown = words_of(app)
    for code in ("article", "chinese_words", "english_words"):
        assert text("zh", f"shape.says.{code}") in shown
    assert not [one for one in app.checkbox if one.key == f"{CARD}_both_away_used"]


def test_points_that_the_linter_refuses_are_told_below_the_points(open_page):  # noqa: F811
    app = open_page("li.na", Role.ANALYST, lang="en", **ADDRESS)
    label = next(one for one in box(app, f"{CARD}_added_fact").options if one.startswith("both parents"))
    box(app, f"{CARD}_added_fact").select(label).run()
    key = f"{CARD}_added_both_away"
    clauses = box(app, f"{key}_clause")
    clauses.select(clauses.options[3])
    field(app, f"{key}_zh").set_value("父母外出")
    field(app, f"{key}_en").set_value("both are away")
    number(app, f"{key}_unknown").set_value(2)
    app = press(app, f"{CARD}_added_add")
    assert "points for “not known” between the best (0) and the worst (2) answer, found 2" in words_of(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_only_facts_that_may_be_scored_and_are_not_on_the_card_are_offered_and_the_others_with_why(
    open_page,  # noqa: F811
    lang,
):
    app = open_page("li.na", Role.ANALYST, lang=lang, **ADDRESS)
    offered = box(app, f"{CARD}_added_fact").options
    on_card = {line.fact for line in cards()["visit_expert_v1"].card.lines}
    barred = [one for one in facts().values() if barred_from_cards(one)]
    assert len(offered) == len(facts()) - len(on_card) - len(barred)
    for one in barred:
        assert getattr(one, lang) not in offered
        assert f"{getattr(one, lang)}{'：' if lang == 'zh' else ': '}" in words_of(app)
    assert text(lang, "shape.barred", n=len(barred)) in [one.label for one in app.expander]


def test_a_bin_is_split_where_it_is_asked_and_joined_again(open_page):  # noqa: F811
    app = open_page("li.na", Role.ANALYST, **ADDRESS)
    start = f"{CARD}_days_since_home_visit"
    number(app, f"{start}_split").set_value(300)
    number(app, f"{CARD}_carer_age_p2").set_value(4)
    app = press(app, f"{start}_do_split")
    assert not app.exception
    start = f"{start}_r0.1"
    assert [number(app, f"{start}_p{place}").value for place in range(5)] == [0, 1, 3, 5, 5]
    assert number(app, f"{start}_c3").value == 300
    assert number(app, f"{CARD}_carer_age_p2").value == 4, "what was changed elsewhere stays"
    number(app, f"{start}_p4").set_value(8).run()
    assert not app.error and "+3" in tables(app)
    join = box(app, f"{start}_join")
    join.select(join.options[0])
    app = press(app, f"{start}_do_join")
    start = f"{CARD}_days_since_home_visit_r0.2"
    assert [number(app, f"{start}_p{place}").value for place in range(4)] == [1, 3, 5, 8]
    number(app, f"{start}_split").set_value(90)
    app = press(app, f"{start}_do_split")
    assert text("zh", "shape.begins_there", at=90) in words_of(app)


def test_dropping_all_changes_starts_from_the_version_again(open_page):  # noqa: F811
    app = line_named(open_page("li.na", Role.ANALYST, **ADDRESS), "both_away")
    number(app, f"{CARD}_carer_age_p2").set_value(4).run()
    button(app, "shape.start_over").click().run()
    assert not app.exception
    assert text("zh", "tuning.unchanged") in words_of(app)
    assert number(app, f"{CARD}_carer_age_r1.0_p2").value == 3
    assert not [one for one in app.checkbox if "_both_away_" in one.key.replace("months_both", "months")]


def test_a_rule_that_the_law_needs_is_not_taken_out(open_page):  # noqa: F811
    app = open_page("li.na", Role.ANALYST, **RULES_ADDRESS)
    box(app, f"{RULES}_carer_record_used").uncheck().run()
    assert not app.exception
    assert [one.value for one in app.error] == [text("zh", "tuning.refused", n=1)]
    told = text("zh", "shape.says.law_rule_missing", clause="未保法22")
    assert words_of(app).count(told) == 2, "at the rule, and below the form with the rule's words"
    assert "carer_record" not in words_of(app)
    assert not [one for one in app.button if one.label == text("zh", "tuning.save_version")]


def test_every_rule_but_those_of_the_report_now_lane_may_be_asked_to_go(open_page):  # noqa: F811
    app = open_page("li.na", Role.ANALYST, **RULES_ADDRESS)
    fixed = {rule.id for rule in tiers_of("visit").of_tier("report_now")}
    keys = {one.key for one in app.checkbox if one.key}
    assert keys == {f"{RULES}_{rule.id}_used" for rule in tiers_of("visit").rules if rule.id not in fixed}
    assert text("zh", "tier.report_now") not in box(app, f"{RULES}_added_tier").options


def test_a_rule_of_the_districts_own_is_added_tried_saved_published_and_taken_out_again(open_page, tmp_path):  # noqa: F811
    place = make_store(tmp_path)
    app = open_page("li.na", Role.ANALYST, place=place, **RULES_ADDRESS)
    app = rule_named(app, "父母都外出（{日期}，本区）", "both parents away ({date}, our district)")
    assert not app.exception and not app.error
    assert [one.value for one in app.success] == [text("zh", "shape.added_rule")]
    assert text("zh", "tuning.lane_kept") in words_of(app)
    moves = next(one.value for one in app.dataframe if text("zh", "tuning.gained") in one.value.columns)
    assert "，本区）" in "".join(moves[text("zh", "tuning.gained")])
    app = save(app, "双亲外出的都要入户")
    assert [one.value for one in app.success] == [text("zh", "tuning.saved_as", number=2)]
    rules = in_force.read_version("visit_rules", in_force.text_of_version(place, "visit_rules", 2), "x").rules
    own = rules.rules[-1]
    assert rules.rules[:-1] == default_rules()["visit"].rules.rules
    assert (own.tier, own.all[0].is_, own.zh) == ("red", True, "父母都外出（{both_away.date}，本区）")

    other = open_page("wang.fang", Role.PLANNER, place=place, target="visit", part="rules")
    assert f"{facts()['both_away'].zh} 是" in words_of(other) and "our district" in words_of(other)
    other.text_input[0].set_value("同意")
    button(other, "tuning.publish").click().run()
    assert in_force.in_force(place)["visit"].rules.rules == rules

    app = open_page("li.na", Role.ANALYST, place=place, target="visit", part="rules", base="2")
    box(app, f"visit_rules_2_{own.id}_used").uncheck().run()
    assert not app.error, "its own rule a district may take out"
    save(app, "不再需要")
    told = open_page("wang.fang", Role.PLANNER, place=place, target="visit", part="rules")
    assert "父母都外出（…，本区）" in words_of(told), "a rule that goes is named by its words"
    assert own.id not in words_of(told)


def test_a_rule_that_cannot_be_is_told_at_its_fields(open_page):  # noqa: F811
    app = rule_named(open_page("li.na", Role.ANALYST, **RULES_ADDRESS), "父母{谁}外出", "both away")
    assert [one.value for one in app.error] == [text("zh", "shape.not_added")]
    assert "{值}" in words_of(app) and "{谁}" in words_of(app)


def test_no_picture_or_link_comes_of_what_somebody_typed(open_page):  # noqa: F811
    app = rule_named(
        open_page("li.na", Role.ANALYST, **RULES_ADDRESS), f"父母{HOSTILE}", f"parents {HOSTILE}"
    )
    assert not app.exception and not app.error
    labels = [one.label for one in app.expander]
    assert any("attacker" in label for label in labels)
    assert not any(re.search(r"(?<!\\)(!\[|\]\()", label) for label in labels)
    assert HOSTILE not in "".join(one.value for one in app.markdown)
