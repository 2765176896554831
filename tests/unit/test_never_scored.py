"""What nobody may be scored by is refused when a card is read and when one is learned, with the reason.

One test for each kind; and facts that give the outcome away are refused before anything is learned.
"""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from models.facts import Fact, facts, families, read_family
from models.learning.proposing.allowed import candidates
from models.learning.proposing.leaks import check_leaks
from models.learning.proposing.matrix import Matrix, laid_out
from models.learning.proposing.refusals import LearningRefused
from models.screening.rulebook.card import cards, lint
from models.strict_toml import FileProblem

DAY = dt.date(2026, 6, 30)
EXPERT = cards()["visit_expert_v1"]
PLAIN = facts()["carer_changed"]


def planted(**changes: object) -> dict[str, Fact]:
    """The facts that there are, and one named `planted`."""
    return {**facts(), "planted": PLAIN.model_copy(update={"name": "planted", **changes})}


# kind → (the fact that is asked for, facts that there are, the reason in Chinese, in English)
KINDS = {
    "sex": ("sex", facts(), "不得按性别计分", "sex is not scored"),
    "ethnic group": ("ethnicity", facts(), "不得按民族计分", "ethnic group is not scored"),
    "religion": ("religion", facts(), "不得按宗教信仰计分", "religion is not scored"),
    "disability as such": ("disability", facts(), "残疾本身不作计分项", "disability as such is not scored"),
    "disability by another name": ("special_care", facts(), "残疾本身不作计分项", "disability as such is not scored"),
    "receiving relief": ("relief_status", facts(), "领取救助不作计分项", "receiving relief is not scored"),
    "having asked for help": ("asked_for_help", facts(), "求助不作计分项", "asking for help is not scored"),
    "ever": ("planted", planted(window="ever"), "没有期限", "looks back without end"),
    "copied from the household": ("planted", planted(copied=True), "取自同户他人", "copied from others"),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_refused_when_a_card_is_read(kind: str) -> None:
    name, known, zh, en = KINDS[kind]
    text = EXPERT.text.replace('fact = "carer_changed"', f'fact = "{name}"').replace(
        'id = "visit_expert_v1"', 'id = "visit_own"'
    )
    (told,) = lint(text, "own.toml", known)
    assert zh in told.sentence("zh") and en in told.sentence("en")
    assert told.line == text[: text.index(f'fact = "{name}"')].count("\n") + 1


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_refused_when_a_card_is_learned(kind: str) -> None:
    name, known, zh, en = KINDS[kind]
    with pytest.raises(LearningRefused) as refused:
        candidates(EXPERT.card, ["days_since_contact", name], known)
    (told,) = refused.value.refusals
    assert told.fact == name
    assert zh in told.sentence("zh") and en in told.sentence("en")


def test_nobody_who_asks_for_all_facts_gets_one_of_them() -> None:
    names = {one.fact.name for one in candidates(EXPERT.card)}
    assert {"days_since_home_visit", "carer_age", "open_dwelling_grade"} <= names
    assert not names & {"disability", "special_care", "income_band", "open_crisis", "open_mandatory_concern"}
    assert "children_in_household" not in names, "counts other people, and no reason is named"
    assert "age_years" not in names, "has no direction of its own, and the expert card gives it none"


def test_a_fact_copied_from_the_household_is_found_in_its_query_and_scored_only_for_a_named_reason() -> None:
    copied = {fact.name for family in families() for fact in family.head.facts if fact.copied}
    assert copied == {"open_dwelling_grade", "children_in_household"}
    assert facts()["open_dwelling_grade"].copied_zh and facts()["open_dwelling_grade"].copied_en


COPYING = """/*
zh = "同户"
en = "The household"
clause = "五·2"
tables = ["known_child", "household"]

[[facts]]
name = "others_sick"
kind = "flag"
zh = "同户有病人"
en = "somebody in the household is ill"
sentence_zh = "同户有病人"
sentence_en = "somebody in the household is ill"
risk = "higher"
window = "now"
never_stale_zh = "每次都重新核对"
never_stale_en = "checked anew each time"{0}
*/
SELECT child.child_id, other.is_ill AS others_sick, other.seen_on AS others_sick__since,
  other.record AS others_sick__record
FROM known_child AS child
JOIN household AS home ON home.child_id = child.child_id
LEFT JOIN (
  SELECT h.{1}, i.is_ill, i.seen_on, i.record FROM illness AS i JOIN household AS h ON h.child_id = i.child_id
) AS other ON other.{1} = home.{1}
"""


@pytest.mark.parametrize(("matched_by", "is_copied"), [("household_no", True), ("child_id", False)])
def test_the_author_need_not_say_that_a_fact_is_copied(matched_by: str, is_copied: bool) -> None:
    (fact,) = read_family(COPYING.format("", matched_by), "house.sql").head.facts
    assert fact.copied is is_copied


def test_a_reason_for_a_copy_where_nothing_is_copied_is_refused() -> None:
    reason = '\ncopied_zh = "同住"\ncopied_en = "one house"'
    with pytest.raises(FileProblem, match="nothing is copied"):
        read_family(COPYING.format(reason, "child_id"), "house.sql")


def rows(values: list[object], since: list[dt.date | None] | None = None) -> Matrix:
    n = len(values)
    frame = pl.DataFrame(
        {"child_id": [f"c{at:03}" for at in range(n)], "as_of": [DAY] * n, "village_code": ["530902001901"] * n,
         "four_colour": [1.0] * n, "planted": values, "planted__since": since or [DAY] * n},
        schema_overrides={"planted": pl.Boolean, "planted__since": pl.Date},
    )  # fmt: skip
    return laid_out("visit", [DAY], [planted()["planted"]], [frame], {})


def refusal(found: Matrix, outcome: list[bool | None]) -> tuple[str, str, str]:
    with pytest.raises(LearningRefused) as refused:
        check_leaks(found, pl.Series(outcome, dtype=pl.Boolean), DAY)
    (told,) = refused.value.refusals
    return told.code, told.sentence("zh"), told.sentence("en")


def test_a_value_that_stands_from_a_later_day_is_a_leak() -> None:
    later = [DAY, DAY + dt.timedelta(1)] * 10
    code, zh, en = refusal(rows([True, False] * 10, later), [True, False, False, True] * 5)
    assert code == "later_fact" and "10行" in zh and "10 rows" in en


def test_a_fact_that_alone_tells_the_outcome_is_a_leak() -> None:
    outcome = [True, False] * 30
    code, zh, en = refusal(rows(list(outcome)), outcome)
    assert code == "telling_fact" and "100%" in zh and "100 %" in en


def test_a_fact_known_for_the_visited_alone_is_a_leak() -> None:
    outcome = [True, False, False, True] * 10 + [None] * 40
    code, zh, en = refusal(rows([True, False] * 20 + [None] * 40), outcome)
    assert code == "only_seen_fact" and "100%" in zh and "100 %" in en


def test_an_honest_fact_passes() -> None:
    outcome = [True, False, False, True] * 10 + [None] * 40
    check_leaks(rows([True, False] * 40), pl.Series(outcome, dtype=pl.Boolean), DAY)
