"""A card that breaks a rule is refused with its file, its line, what was expected and what was found."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from models.facts import Fact, facts
from models.screening.points import points_sql
from models.screening.rulebook import lanes
from models.screening.rulebook.card import ReadCard, cards, forbidden, parse
from models.strict_toml import FileProblem

GOOD = """\
id = "small"
target = "visit"
zh = "小卡"
en = "a small card"
clause = "四·2"
author = "分析员"
date = 2026-09-30
range = [0, 9]

[[lines]]
fact = "days_since_home_visit"
clause = "四·2"
zh = "久未入户"
en = "nobody was in the home for long"
direction = "rising"
bins = [
  { below = 30, points = 0 },
  { from = 30, below = 90, points = 2 },
  { from = 90, points = 4 },
]
unknown = 2

[[lines]]
fact = "carer_capacity"
clause = "未保法22"
zh = "没有照护能力"
en = "no capacity"
direction = "codes"
bins = [
  { codes = ["yes"], points = 0 },
  { codes = ["unclear"], points = 1 },
  { codes = ["no"], points = 3 },
]
unknown = 1

[[lines]]
fact = "carer_changed"
clause = "五·1"
zh = "更换照护人"
en = "the carer changed"
direction = "rising"
bins = [
  { is = false, points = 0 },
  { is = true, points = 2 },
]
unknown = 1
"""


def refused(text: str) -> tuple[int, str]:
    """The line and the whole message of the refusal."""
    with pytest.raises(FileProblem) as problem:
        parse(text, "small.toml")
    message = str(problem.value)
    assert message.startswith("small.toml"), message
    line = re.match(r"small\.toml, line (\d+)", message)
    return int(line.group(1)) if line else 0, message


def line_with(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), start=1) if words in line)


def swapped(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def test_a_good_card_is_read() -> None:
    card = parse(GOOD, "small.toml").card
    assert [line.fact for line in card.lines] == ["days_since_home_visit", "carer_capacity", "carer_changed"]
    assert card.range == (0 + 0 + 0, 4 + 3 + 2)


@pytest.mark.parametrize("key", ["id", "zh", "en", "clause", "author", "date", "target", "range"])
def test_a_card_without_what_must_stand_there_is_refused(key: str) -> None:
    text = re.sub(rf"^{key} = .*\n", "", GOOD, count=1, flags=re.MULTILINE)
    _, message = refused(text)
    assert key in message and "found nothing" in message


@pytest.mark.parametrize("key", ["clause", "zh", "en", "direction", "unknown"])
def test_a_line_without_what_must_stand_there_is_refused(key: str) -> None:
    head, _, lines = GOOD.partition("[[lines]]")
    text = head + "[[lines]]" + re.sub(rf"^{key} = .*\n", "", lines, count=1, flags=re.MULTILINE)
    line, message = refused(text)
    assert f"lines.1.{key}" in message
    assert line == line_with(text, "[[lines]]")


def test_an_unknown_key_is_refused_at_its_line() -> None:
    text = swapped("unknown = 2", 'unknown = 2\nformula = "x > 3"')
    line, message = refused(text)
    assert "formula" in message and line == line_with(text, "formula")


def test_an_article_that_nobody_has_is_refused_at_its_line() -> None:
    text = swapped('clause = "未保法22"', 'clause = "未保法99"')
    line, message = refused(text)
    assert "expected articles of clauses.toml, found 未保法99" in message
    assert line == line_with(text, "未保法99")


def test_a_gap_between_bins_is_refused() -> None:
    line, message = refused(swapped("{ from = 90, points = 4 }", "{ from = 91, points = 4 }"))
    assert "expected bins that meet, found a gap: below 90, then from 91" in message
    assert line == line_with(GOOD, "{ from = 90, points = 4 }")


def test_an_overlap_of_bins_is_refused() -> None:
    _, message = refused(swapped("{ from = 90, points = 4 }", "{ from = 60, points = 4 }"))
    assert "found an overlap: below 90, then from 60" in message


def test_bins_that_leave_out_the_lowest_or_highest_values_are_refused() -> None:
    _, low = refused(swapped("{ below = 30, points = 0 }", "{ from = 0, below = 30, points = 0 }"))
    assert "expected the first bin without from" in low
    _, high = refused(swapped("{ from = 90, points = 4 }", "{ from = 90, below = 900, points = 4 }"))
    assert "expected the last bin without below" in high


def test_a_code_without_a_bin_or_with_two_is_refused() -> None:
    _, missing = refused(swapped('  { codes = ["unclear"], points = 1 },\n', ""))
    assert "expected a bin for 'unclear', found none" in missing
    _, twice = refused(swapped('codes = ["no"]', 'codes = ["no", "yes"]'))
    assert "expected each code once, found 'yes' twice" in twice
    _, strange = refused(swapped('codes = ["no"]', 'codes = ["no", "weak"]'))
    assert "expected a code of the fact, found 'weak'" in strange


def test_points_that_go_both_ways_are_refused() -> None:
    _, message = refused(swapped("below = 90, points = 2", "below = 90, points = 5"))
    assert "expected points rising with the value, found [0, 5, 4]" in message


def test_a_worrying_code_with_fewer_points_than_a_reassuring_one_is_refused() -> None:
    text = swapped('codes = ["yes"], points = 0', 'codes = ["yes"], points = 3')
    _, message = refused(text.replace('["no"], points = 3', '["no"], points = 0'))
    assert "expected no worrying code to give fewer points" in message


def test_points_that_are_no_whole_number_are_refused_at_their_bin() -> None:
    text = swapped("below = 90, points = 2", "below = 90, points = 2.5")
    line, message = refused(text)
    assert "expected a whole number, found 2.5" in message
    assert line == line_with(text, "2.5")


def test_a_declared_range_that_is_not_the_sum_is_refused() -> None:
    line, message = refused(swapped("range = [0, 9]", "range = [0, 10]"))
    assert "expected the sums of the lines [0, 9], found [0, 10]" in message
    assert line == line_with(GOOD, "range")


@pytest.mark.parametrize("points", [0, 4])
def test_not_known_counted_as_the_best_or_the_worst_answer_is_refused(points: int) -> None:
    text = swapped("unknown = 2", f"unknown = {points}")
    line, message = refused(text)
    assert f"between the best (0) and the worst (4) answer, found {points}" in message
    assert line == line_with(text, f"unknown = {points}")


@pytest.mark.parametrize(
    "fact", ["sex", "ethnicity", "religion", "disability", "special_care", "income_band", "relief_status",
             "asked_for_help", "association", "open_crisis", "open_mandatory_concern"]
)  # fmt: skip
def test_what_must_not_be_scored_is_refused_at_its_line(fact: str) -> None:
    text = swapped('fact = "carer_changed"', f'fact = "{fact}"')
    line, message = refused(text)
    assert f"expected a fact that may be scored, found '{fact}'" in message
    assert line == line_with(text, f'fact = "{fact}"')


def test_a_fact_that_does_not_exist_or_stands_twice_is_refused() -> None:
    _, strange = refused(swapped('fact = "carer_changed"', 'fact = "mood"'))
    assert "expected a fact that exists, found 'mood'" in strange
    text = swapped('fact = "carer_changed"', 'fact = "days_since_home_visit"')
    _, twice = refused(text)
    assert "expected each fact once, found 'days_since_home_visit' twice" in twice


def test_a_fact_that_looks_back_without_end_is_refused() -> None:
    endless: Callable[[Fact], Fact] = lambda fact: fact.model_copy(update={"window": "ever"})  # noqa: E731
    known = {**facts(), "carer_changed": endless(facts()["carer_changed"])}
    with pytest.raises(FileProblem, match=r"line \d+: lines.3.fact: expected a fact with a window"):
        parse(GOOD, "small.toml", known)


def test_a_key_that_stands_twice_and_broken_toml_are_refused_with_their_line() -> None:
    _, twice = refused(swapped('zh = "小卡"', 'zh = "小卡"\nzh = "大卡"'))
    assert "line 4" in twice
    _, broken = refused(GOOD + "[[lines")
    assert "expected TOML" in broken


def test_a_card_may_only_raise_to_a_tier_that_is_one() -> None:
    raises = '\n[[raises]]\nat_least = 8\ntier = "green"\nzh = "分数高"\nen = "many points"\n'
    line, message = refused(GOOD + raises)
    assert "expected a tier of ['orange', 'red', 'yellow'], found 'green'" in message
    assert line == line_with(GOOD + raises, 'tier = "green"')
    assert parse(GOOD + raises.replace("green", "orange"), "small.toml").card.raises[0].tier == "orange"


@pytest.mark.parametrize("name", sorted(cards()))
def test_the_shipped_cards_are_small_and_say_why(name: str) -> None:
    read: ReadCard = cards()[name]
    assert 6 <= len(read.card.lines) <= 9
    assert all(line.zh and line.en and line.clause for line in read.card.lines)


def test_every_ban_gives_its_reason_in_both_languages() -> None:
    assert {"sex", "ethnicity", "religion", "disability", "relief", "asked", "association"} <= set(
        forbidden()
    )
    assert all(ban.zh and ban.en for ban in forbidden().values())


def test_points_read_every_bin_and_the_answer_not_known() -> None:
    sql = points_sql(parse(GOOD, "small.toml").card.lines[0], 2)
    assert sql == (
        "CASE WHEN w.days_since_home_visit IS NULL THEN 2 WHEN w.days_since_home_visit < 30 THEN 0 "
        "WHEN w.days_since_home_visit >= 30 AND w.days_since_home_visit < 90 THEN 2 "
        "WHEN w.days_since_home_visit >= 90 THEN 4 END"
    )


RULE = 'all = [{ fact = "open_crisis", is = true }]'


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ('all = [{ fact = "mood", is = true }]', "expected a fact that exists, found 'mood'"),
        (
            'all = [{ fact = "open_crisis", at_least = "crisis_days" }]',
            "expected a comparison that fits open_crisis: is, found at_least",
        ),
        (
            'all = [{ fact = "days_since_contact", more_than = "some_days" }]',
            "expected a parameter’s name, found 'some_days'",
        ),
        (
            'all = [{ fact = "days_since_contact", more_than = 28.5 }]',
            "expected a text in quotes, found 28.5",
        ),
        ('all = [{ fact = "phq_band", one_of = ["awful"] }]', "expected codes of phq_band, found ['awful']"),
        ('all = [{ fact = "open_crisis", sql = "1 = 1" }]', "expected no key sql here, found '1 = 1'"),
        ("all = []", "expected at least 1 of them, found []"),
    ],
)
def test_a_rule_that_is_not_closed_is_refused_with_its_line(new: str, expected: str) -> None:
    text = lanes.text_of("referral").replace(RULE, new, 1)
    with pytest.raises(FileProblem) as problem:
        lanes.parse(text, "referral.toml")
    assert expected in str(problem.value)
    found = re.match(r"referral\.toml, line (\d+)", str(problem.value))
    assert found and int(found.group(1)) == line_with(text, new.split("\n")[0])


def test_a_rule_whose_sentence_names_no_fact_is_refused() -> None:
    text = lanes.text_of("referral").replace("{open_crisis.date}", "{crisis_day}")
    with pytest.raises(FileProblem, match=r"a fact in the sentence, as .*, found \{crisis_day\}"):
        lanes.parse(text, "referral.toml")


def test_no_rule_looks_at_sex_ethnic_group_or_relief() -> None:
    used = {
        name for target in lanes.targets() for rule in lanes.tiers_of(target).rules for name in rule.facts()
    }
    assert not {name for name in used for ban in ("sex", "ethnicity", "religion", "relief") if ban in name}
