"""A fact says until when it counts or why it never grows old; one that says neither is refused with its line."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from models.facts import FOLDER, Family, facts, families, read_family, shared_queries
from models.screening.rulebook.card import default_cards, lint
from models.screening.rulebook.lanes import lint as lint_rules
from models.screening.rulebook.lanes import text_of
from models.strict_toml import FileProblem

SITUATION = (FOLDER / "situation.sql").read_text("utf-8")
STALE = 'stale_after_days = "ledger_answer_stale_days"\n'
NEVER = 'never_stale_zh = "由出生日期算出"\n'


class Spoilt(NamedTuple):
    """A change of `situation.sql`, the fact whose place is told, what the reader expects and finds."""

    old: str
    new: str
    fact: str
    expected: str
    found: str


BAD_FACTS = {
    "a state that says neither": Spoilt(
        STALE, "", "lives_alone", "either for how long lives_alone counts", "found neither"
    ),
    "a state that says both": Spoilt(
        NEVER, NEVER + STALE, "age_years", "either for how long age_years counts", "found both"
    ),
    "a reason in one language": Spoilt(
        NEVER, "", "age_years", "why it never grows old", "found one language"
    ),
    "an age beside a window": Spoilt(
        'window = "now"\nnever_stale_zh = "由出生日期算出"\nnever_stale_en = "it follows from the birth date"\n',
        'window = "absence_window_months"\n' + STALE,
        "age_years",
        "no age beside the window of age_years",
        "absence_window_months",
    ),
    "an age that is no parameter": Spoilt(
        '"ledger_answer_stale_days"', '"soon"', "lives_alone", "a parameter’s name", "'soon'"
    ),
    "an age in months": Spoilt(
        '"ledger_answer_stale_days"',
        '"screen_valid_months"',
        "lives_alone",
        "a parameter in days",
        "in months",
    ),
    "a window in days": Spoilt(
        'window = "now"\n' + STALE,
        'window = "contact_breach_days"\n',
        "lives_alone",
        "a parameter in months",
        "in days",
    ),
}


@pytest.mark.parametrize("name", BAD_FACTS)
def test_a_fact_that_does_not_say_until_when_it_counts_is_refused_with_its_line(name: str) -> None:
    how = BAD_FACTS[name]
    assert how.old in SITUATION, how
    text = SITUATION.replace(how.old, how.new, 1)
    with pytest.raises(FileProblem) as refused:
        read_family(text, "situation.sql")
    (one,) = refused.value.complaints
    before = text.split("\n")[: one.line + 1]
    assert before[-2:] == ["[[facts]]", f'name = "{how.fact}"'], f"line {one.line}"
    assert how.expected in one.sentence("en") and how.found in one.sentence("en")
    assert one.sentence("zh").startswith(f"situation.sql 第 {one.line} 行")


def test_a_fact_without_its_three_columns_is_refused() -> None:
    text = SITUATION.replace("AS unattended__since", "AS unattended_since")
    with pytest.raises(FileProblem, match=r"situation.sql: fact unattended: .*unattended__since"):
        read_family(text, "situation.sql")


def _read_by(family: Family) -> str:
    """The text of a family's query and of every shared one behind it."""
    shared, waiting, seen = shared_queries(), list(family.query.reads), [family.query.text]
    while waiting:
        name = waiting.pop()
        if name in shared:
            seen.append(shared[name].text)
            waiting += shared[name].reads
    return "\n".join(seen)


@pytest.mark.parametrize("family", families(), ids=lambda family: family.name)
def test_an_age_or_window_that_a_fact_states_is_looked_at_by_its_query(family: Family) -> None:
    text = _read_by(family)
    for fact in family.head.facts:
        for name in {fact.stale_after_days, fact.window} - {"", "now", "ever"}:
            assert name in text, f"{fact.name} states {name}, and nothing behind it reads that"


def test_hardship_relief_and_disability_are_told_and_never_scored() -> None:
    for name in ("relief_status", "income_band", "concern_poverty", "disability_degree", "disability"):
        assert facts()[name].not_in_cards_zh and facts()[name].not_in_cards_en, name
    card = default_cards()["visit"].text.replace('"carer_changed"', '"concern_poverty"')
    assert "forbidden_fact" in {one.code for one in lint(card, "x.toml")}


@pytest.mark.parametrize(("fact", "is_let"), [("relief_status", True), ("sex", False)])
def test_a_rule_may_follow_from_relief_and_not_from_what_nobody_may_look_at(fact: str, is_let: bool) -> None:
    own = f"""
[[rules]]
id = "own"
code = "OWN"
tier = "yellow"
clause = "四·2"
all = [{{ fact = "{fact}", one_of = ["none"] }}, {{ fact = "concern_poverty", is = true }}]
shown = "concern_poverty"
zh = "本区规则"
en = "a rule of our own"
"""
    found = lint_rules(text_of("visit") + own, "visit.toml")
    assert (found == []) is is_let, [one.sentence() for one in found]
