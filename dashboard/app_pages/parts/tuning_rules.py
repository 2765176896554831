"""The form of rules: intervals, tiers, numbers, rules to take out and the district's own rules to add."""

from __future__ import annotations

import streamlit as st

from dashboard.app_pages.parts.drawing import listing, note
from dashboard.app_pages.parts.tuning_form import (
    DONE_KEY,
    Slots,
    across,
    key_of,
    not_added,
    reshape,
    unmarked,
    whole,
)
from dashboard.session import language, text
from dashboard.views.tuning import RuleForm, TuningPage
from dashboard.views.tuning_complaints import USED, at_fields
from models.screening.tuning.drafting import RulesDraft
from models.screening.tuning.reshaping import NewCondition, NewRule, with_rule

MOST_CONDITIONS, ADDED = 4, "added"


def ask_rules(page: TuningPage, slots: Slots) -> RulesDraft:
    """What may be changed in rules, as the person has it now."""
    note(text("tuning.rules_help"))
    intervals = _ask_intervals(page, slots)
    tiers: dict[str, str] = {}
    numbers: dict[tuple[str, int], int] = {}
    without: set[str] = set()
    for rule in page.rules:
        tiers[rule.rule] = _ask_rule(page, rule, numbers, without, slots)
    with st.expander(text("shape.rule_title"), icon=":material/add:"):
        _ask_new_rule(page, intervals)
    if page.offers.barred:
        with st.expander(text("shape.barred_rules", n=len(page.offers.barred))):
            listing(list(page.offers.barred))
    with st.expander(text("tuning.fixed_rules", n=len(page.fixed))):
        note(text("tuning.fixed_help"))
        listing(list(page.fixed))
    return RulesDraft(tiers, numbers, intervals, frozenset(without))


def _ask_intervals(page: TuningPage, slots: Slots) -> dict[str, int]:
    """Days of each tier."""
    intervals: dict[str, int] = {}
    with st.expander(text("tuning.intervals"), expanded=True):
        listed = list(page.intervals.items())

        def ask(place: int) -> None:
            tier, (words, days) = listed[place]
            intervals[tier] = whole(words, days, f"{key_of(page, tier)}_days", 1)
            slots[tier, "interval"] = st.empty()

        across(len(listed), ask, len(listed))
    return intervals


def _ask_rule(
    page: TuningPage,
    rule: RuleForm,
    numbers: dict[tuple[str, int], int],
    without: set[str],
    slots: Slots,
) -> str:
    """The tier that a rule sets; its numbers go into `numbers`, its name into `without` where it is taken out."""
    start = key_of(page, rule.rule)
    with st.expander(text("tuning.rule", rule=unmarked(rule.label), tier=rule.tiers[rule.tier])):
        note(text("tuning.by_article", clause=rule.clause))
        note(text("shape.asks", conditions=rule.asks))
        if not st.checkbox(text("shape.used"), value=True, key=f"{start}_used"):
            without.add(rule.rule)
        slots[rule.rule, USED] = st.empty()
        options = list(rule.tiers)
        tier = st.selectbox(
            text("tuning.tier"), options, index=options.index(rule.tier), format_func=lambda one: rule.tiers[one],
            key=f"{start}_tier",
        )  # fmt: skip
        slots[rule.rule, "tier"] = st.empty()
        for place, words, value in rule.numbers:
            numbers[rule.rule, place] = whole(words, value, f"{start}_n{place}")
        slots[rule.rule, "all"] = st.empty()
        slots[rule.rule, ""] = st.empty()
    return str(tier)


def _ask_new_rule(page: TuningPage, intervals: dict[str, int]) -> None:
    """A rule of the district's own: tier, what must hold, article, and the sentence in both languages."""
    note(text("shape.rule_help"))
    start, name = key_of(page, ADDED), "new"
    slots: Slots = {}
    tiers = page.offers.tiers
    tier = st.selectbox(
        text("shape.rule_tier"), list(tiers), index=len(tiers) - 1, format_func=lambda one: tiers[one],
        key=f"{start}_tier",
    )  # fmt: skip
    note(text("shape.tier_days", days=intervals[str(tier)]))
    slots[name, "tier"] = st.empty()
    count = min(whole(text("shape.n_conditions"), 1, f"{start}_n", 1), MOST_CONDITIONS)
    conditions = [_ask_condition(page, place, start) for place in range(count)]
    slots[name, "all"] = st.empty()
    if conditions[0] is None:
        return
    offer = page.offers.facts[conditions[0].fact]
    clauses = st.multiselect(
        text("shape.clauses"), list(page.offers.clauses),
        format_func=lambda one: page.offers.clauses[one], key=f"{start}_clause",
    )  # fmt: skip
    slots[name, "clause"] = st.empty()
    note(text("shape.sentence_help"))
    sentences = []
    for lang, usual in (("zh", offer.zh), ("en", offer.en)):
        key = f"{start}_{conditions[0].fact}_{lang}"
        sentences.append(st.text_input(text(f"shape.sentence_{lang}"), usual, key=key) or "")
        slots[name, lang] = st.empty()
    slots[name, ""] = st.empty()
    if st.button(text("shape.add_rule"), key=f"{start}_add", icon=":material/add:"):
        given = tuple(one for one in conditions if one is not None)
        _add(page, NewRule(str(tier), "；".join(clauses), sentences[0], sentences[1], given), slots, name)


def _add(page: TuningPage, new: NewRule, slots: Slots, name: str) -> None:
    """Add the rule, or say at its fields why it cannot be."""
    made = with_rule(page.working, new, page.number)
    if made.complaints:
        told = at_fields(language(), page.subject, made.text, made.complaints)
        not_added(slots, [one._replace(name=name) for one in told])
        return
    st.session_state[DONE_KEY] = text("shape.added_rule")
    reshape(page, made.text, ADDED)


def _ask_condition(page: TuningPage, place: int, start: str) -> NewCondition | None:
    """A fact, how it is compared, and with what; None until a fact is chosen."""
    offers, n = page.offers.facts, place + 1
    columns = st.columns(3)
    with columns[0]:
        fact = st.selectbox(
            text("shape.condition_n", n=n), list(offers), index=None,
            format_func=lambda one: offers[one].label, placeholder=text("shape.choose_fact"),
            key=f"{start}_fact{place}",
        )  # fmt: skip
    if fact is None:
        return None
    offer, key = offers[fact], f"{start}_{fact}{place}"
    with columns[1]:
        comparison = st.selectbox(
            text("shape.compared_n", n=n), list(offer.comparisons),
            format_func=lambda one: offer.comparisons[one], key=f"{key}_compared",
        )  # fmt: skip
    answers = list(offer.answers)
    with columns[2]:
        if offer.kind == "number":
            value: bool | int | tuple[str, ...] = whole(text("shape.value_n", n=n), 1, f"{key}_value")
        elif offer.kind == "flag":
            told = st.selectbox(
                text("shape.answer_n", n=n), answers, index=answers.index("true"),
                format_func=lambda one: offer.answers[one], key=f"{key}_value",
            )  # fmt: skip
            value = told == "true"
        else:
            value = tuple(
                st.multiselect(
                    text("shape.answers_n", n=n), answers, format_func=lambda one: offer.answers[one],
                    key=f"{key}_value",
                )
            )  # fmt: skip
    return NewCondition(fact, str(comparison), value)
