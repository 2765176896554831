"""Every way to spoil a card or a rule file is refused with file, line, what was expected and what was found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from models.complaints import Complaint
from models.screening.rulebook import card, lanes
from models.screening.rulebook.card import FOLDER, cards, digest_of, lint, published
from models.strict_toml import FileProblem
from tests.unit.test_cards import GOOD, line_with

CJK = ("一", "鿿")


class Spoilt(NamedTuple):
    """A good file with one change, and the complaint that it must bring: line, what was expected, what was found."""

    old: str
    new: str
    line: int
    expected: str
    found: str


BAD_CARDS = {
    'a key twice': Spoilt('author = "分析员"', 'author = "分析员"\nauthor = "别人"',
        7, 'each key once', 'author twice'),
    'a fact that nobody knows': Spoilt('"carer_changed"', '"mood"',
        37, 'a fact that exists', "'mood'"),
    'a fact twice': Spoilt('"carer_changed"', '"days_since_home_visit"',
        37, 'each fact once', "'days_since_home_visit' twice"),
    'overlapping bins': Spoilt('{ from = 90, points = 4 }', '{ from = 60, points = 4 }',
        19, 'bins that meet', 'an overlap: below 90, then from 60'),
    'a gap between bins': Spoilt('{ from = 90, points = 4 }', '{ from = 91, points = 4 }',
        19, 'bins that meet', 'a gap: below 90, then from 91'),
    'no lowest bin': Spoilt('{ below = 30,', '{ from = 0, below = 30,',
        17, 'the first bin without from', 'from 0'),
    'no highest bin': Spoilt('{ from = 90, points', '{ from = 90, below = 900, points',
        19, 'the last bin without below', 'below 900'),
    'a bin of no width': Spoilt('{ from = 30, below = 90,', '{ from = 90, below = 90,',
        18, 'from less than below', '90 and 90'),
    'a code without a bin': Spoilt('  { codes = ["unclear"], points = 1 },\n', '',
        29, "a bin for 'unclear'", 'none'),
    'a code twice': Spoilt('["no"]', '["no", "yes"]',
        32, 'each code once', "'yes' twice"),
    'a code that is none': Spoilt('["no"]', '["no", "weak"]',
        32, 'a code of the fact', "'weak'"),
    'points that are not whole': Spoilt('points = 2 },\n  { from', 'points = 2.5 },\n  { from',
        18, 'a whole number', '2.5'),
    'points as a text': Spoilt('points = 2 },\n  { from', 'points = "2" },\n  { from',
        18, 'a whole number', "'2'"),
    'a bin by codes for a number': Spoilt('{ below = 30, points', '{ codes = ["few"], points',
        17, 'bins of days_since_home_visit by from / below', 'codes'),
    'no article': Spoilt('clause = "未保法22"\n', '',
        23, 'an article (clause)', 'nothing'),
    'an article that nobody has': Spoilt('"未保法22"', '"未保法99"',
        25, 'articles of clauses.toml', '未保法99'),
    'no English': Spoilt('en = "no capacity"\n', '',
        23, 'English words (en)', 'nothing'),
    'Chinese for English': Spoilt('"no capacity"', '"没有能力"',
        27, 'English words', "'没有能力'"),
    'English for Chinese': Spoilt('"没有照护能力"', '"no capacity at all"',
        26, 'Chinese words', "'no capacity at all'"),
    'no author': Spoilt('author = "分析员"\n', '',
        1, 'an author (author)', 'nothing'),
    'no date': Spoilt('date = 2026-09-30\n', '',
        1, 'a date (date)', 'nothing'),
    'a day in quotes': Spoilt('date = 2026-09-30', 'date = "2026-09-30"',
        7, 'a day such as 2026-09-30, without quotes', "'2026-09-30'"),
    'a date in quotes of no day': Spoilt('date = 2026-09-30', 'date = "autumn"',
        7, 'a day such as 2026-09-30', "'autumn'"),
    'no points for not known': Spoilt('unknown = 2\n', '',
        10, 'points for “not known” (unknown)', 'nothing'),
    'not known counted as the best answer': Spoilt('unknown = 2', 'unknown = 0',
        21, 'between the best (0) and the worst (4)', '0'),
    'a range that is not the sum': Spoilt('range = [0, 9]', 'range = [0, 10]',
        8, 'the sums of the lines [0, 9]', '[0, 10]'),
    'points that go both ways': Spoilt('below = 90, points = 2', 'below = 90, points = 5',
        16, 'points rising with the value', '[0, 5, 4]'),
    'points against the worry': Spoilt('direction = "rising"', 'direction = "falling"',
        15, 'more points for more worry', "'falling'"),
    'a flag with one answer': Spoilt('{ is = true, points = 2 }', '{ is = false, points = 2 }',
        42, 'one bin `is = true`', 'false, false'),
    'points for receiving relief': Spoilt('"carer_changed"', '"relief_months"',
        37, 'a fact that may be scored', "'relief_months': receiving relief is not scored"),
    'points for asking for help': Spoilt('"carer_changed"', '"asked_for_help"',
        37, 'a fact that may be scored', "'asked_for_help': asking for help is not scored"),
    'points for sex': Spoilt('"carer_changed"', '"sex"',
        37, 'a fact that may be scored', "'sex': sex is not scored"),
    'points for ethnic group': Spoilt('"carer_changed"', '"ethnic_group"',
        37, 'a fact that may be scored', "'ethnic_group': ethnic group is not scored"),
    'points by association': Spoilt('"carer_changed"', '"sibling_tier"',
        37, 'a fact that may be scored', "'sibling_tier': association with others is not scored"),
    'a formula': Spoilt('unknown = 2', 'unknown = 2\nformula = "x > 3"',
        22, 'no key formula here', "'x > 3'"),
    'a list that nobody has': Spoilt('target = "visit"', 'target = "school"',
        2, "one of 'visit', 'referral'", "'school'"),
    'an id with blanks': Spoilt('id = "small"', 'id = "A small card"',
        1, 'a name of small letters', "'A small card'"),
    'broken TOML': Spoilt('range = [0, 9]', 'range = [0, 9',
        10, 'TOML', ''),
}  # fmt: skip


def spoil(good: str, how: Spoilt) -> str:
    assert how.old in good, how
    return good.replace(how.old, how.new, 1)


def is_about(one: Complaint, how: Spoilt) -> bool:
    return how.expected in one.expected("en") and how.found in one.found("en") and one.line == how.line


@pytest.mark.parametrize("name", BAD_CARDS)
def test_a_bad_card_is_refused_with_file_line_expected_and_found(name: str) -> None:
    how = BAD_CARDS[name]
    text = spoil(GOOD, how)
    found = lint(text, "small.toml")
    assert any(is_about(one, how) for one in found), [one.sentence() for one in found]
    with pytest.raises(FileProblem) as refused:
        card.parse(text, "small.toml")
    assert f"small.toml, line {how.line}: " in str(refused.value)
    for one in found:
        assert one.sentence("en").startswith(f"small.toml, line {one.line}: ")
        assert one.sentence("zh").startswith(f"small.toml 第 {one.line} 行，")
        assert any(CJK[0] <= letter <= CJK[1] for letter in one.expected("zh"))


def test_everything_that_is_wrong_is_told_at_once_in_the_order_of_the_lines() -> None:
    text = GOOD.replace("range = [0, 9]", "range = [0, 10]").replace("unknown = 2", "unknown = 9")
    text = text.replace("{ from = 90, points = 4 }", "{ from = 91, points = 4 }")
    found = lint(text, "small.toml")
    assert [one.code for one in found] == ["range_sum", "gap", "unknown_between"]
    assert [one.line for one in found] == sorted(one.line for one in found)


def test_a_good_card_and_the_shipped_ones_have_no_complaint() -> None:
    assert lint(GOOD, "small.toml") == []
    for name, read in cards().items():
        assert lint(read.text, f"{name}.toml") == []


RULES = lanes.text_of("visit")
BAD_RULES = {
    'a key twice': Spoilt('code = "L1"', 'code = "L1"\ncode = "L2"',
        41, 'each key once', 'code twice'),
    'no article': Spoilt('clause = "未保法21"\n', '',
        38, 'an article (clause)', 'nothing'),
    'no sentence in English': Spoilt('en = "under 16 and living alone (in the ledger, {lives_alone.date})"\n', '',
        38, 'English words (en)', 'nothing'),
    'a sentence about no fact': Spoilt('（台账记录，{lives_alone.date}）', '（{the_day}）',
        48, 'a fact in the sentence', '{the_day}'),
    'an interval that is no parameter': Spoilt('"visit_interval_red_days"', '"seven_days"',
        21, 'a parameter’s name', "'seven_days'"),
    'an interval in years': Spoilt('"visit_interval_red_days"', '"age_limit_years"',
        21, 'a parameter in days', 'age_limit_years, in years'),
    'days compared with months': Spoilt('more_than = "contact_long_breach_days"',
        'more_than = "duty_not_performed_months"',
        186, 'a parameter in days', 'duty_not_performed_months, in months'),
    'a number of days below nothing': Spoilt('at_least = "absence_days"', 'at_least = -3',
        175, 'a limit of unexcused_absence_days of 0 or more', '-3'),
    'more than less than nothing': Spoilt('at_least = "duty_not_performed_months"', 'more_than = -1',
        140, 'a limit of duty_not_performed_months of 0 or more', '-1'),
    'an interval of no days': Spoilt('"visit_interval_red_days"', '0',
        21, 'an interval of 1 day or more', '0'),
    'a tier that nobody has': Spoilt('tier = "orange"', 'tier = "purple"',
        148, 'a tier of', "'purple'"),
    'a rule twice': Spoilt('id = "unattended_young"', 'id = "alone"',
        52, 'each rule once', "'alone' twice"),
    'a tier that no rule sets': Spoilt('["red", "orange", "yellow", "green"]', '["red", "orange", "green"]',
        9, 'order to name every tier', "['red', 'orange', 'green']"),
    'an unknown fact': Spoilt('{ fact = "lives_alone", is = true }', '{ fact = "lonely", is = true }',
        44, 'a fact that exists', "'lonely'"),
    'an expression': Spoilt('{ fact = "lives_alone", is = true }', '{ fact = "lives_alone", sql = "1 = 1" }',
        44, 'no key sql here', "'1 = 1'"),
    'no interval': Spoilt('interval = "visit_interval_green_days"\n', '',
        33, 'a parameter for the interval (interval)', 'nothing'),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_RULES)
def test_a_bad_rule_file_is_refused_with_file_line_expected_and_found(name: str) -> None:
    how = BAD_RULES[name]
    text = spoil(RULES, how)
    found = lanes.lint(text, "visit.toml")
    assert any(is_about(one, how) for one in found), [one.sentence() for one in found]


def test_the_shipped_rules_have_no_complaint() -> None:
    assert all(lanes.lint(lanes.text_of(target), f"{target}.toml") == [] for target in lanes.targets())


def test_a_published_card_is_never_edited() -> None:
    on_disk = {path.stem: digest_of(path.read_text("utf-8")) for path in FOLDER.glob("*.toml")}
    assert on_disk == published(), (
        "a change of a card is a new file with a new id and a new line in published.toml"
    )


def test_one_changed_byte_of_a_published_card_is_told_and_a_new_id_is_good() -> None:
    shipped = cards()["visit_expert_v1"].text
    changed = shipped.replace("below = 30, points = 0", "below = 31, points = 0", 1)
    changed = changed.replace("from = 30,", "from = 31,", 1)
    found = lint(changed, "visit_expert_v1.toml")
    assert [one.code for one in found] == ["edited"]
    assert found[0].line == line_with(changed, 'id = "visit_expert_v1"')
    assert lint(changed.replace("visit_expert_v1", "visit_expert_v2"), "visit_expert_v2.toml") == []


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["cards", "lint", *arguments])
    return done.exit_code, done.stdout


def test_the_command_names_file_line_expected_and_found_and_ends_with_1(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text(GOOD, "utf-8")
    bad.write_text(GOOD.replace("range = [0, 9]", "range = [0, 10]"), "utf-8")
    assert run(str(good))[0] == 0
    code, told = run(str(good), str(bad), "--lang", "en")
    assert code == 1
    assert "bad.toml, line 8: range: expected the sums of the lines [0, 9], found [0, 10]" in told
    code, told = run(str(bad))
    assert code == 1 and "第 8 行，range：应为各行最低与最高分之和 [0, 9]，实为[0, 10]" in told
    code, told = run(str(bad), "--json")
    document = json.loads(told)["files"][0]
    assert (document["kind"], document["good"], document["complaints"][0]["line"]) == ("card", False, 8)


def test_the_command_reads_rules_too_and_a_missing_file_is_a_wrong_call(tmp_path: Path) -> None:
    code, told = run(str(lanes.FOLDER / "visit.toml"), "--json")
    assert code == 0 and json.loads(told)["files"][0]["kind"] == "rules"
    assert run(str(tmp_path / "nowhere.toml"))[0] == 2
