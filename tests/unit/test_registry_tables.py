"""Every table that the domain's list names has a contract, and a form through which rows of it arrive."""

from __future__ import annotations

import pytest

from data_contracts.contract import contracts
from data_contracts.forms import forms

# The list of tables in the domain's registry.md, and those that its duties name besides.
NAMED = [
    "area", "org", "worker", "child", "enrolment_episode", "household", "relation", "parent_migration",
    "entrustment", "parent_contact", "relief_application", "relief_payment", "living_care",
    "dwelling_check", "schooling", "attendance", "learning_support", "guardian_feedback", "psych_screen",
    "psych_session", "psych_referral", "org_provision", "activity", "activity_attendance", "health",
    "visit", "concern", "incident", "police_case", "hazard", "plan_drill", "data_change", "share_exchange",
    "budget", "expenditure", "donation", "project_fund", "inspection", "rectification",
    "temp_guardianship", "meeting", "training", "legal_aid",
]  # fmt: skip
# `risk_assessment` is named there too and no sender delivers it: each build makes it (table `screening`).
MADE_HERE = "risk_assessment"


@pytest.mark.parametrize("table", NAMED)
def test_a_table_of_the_list_has_a_contract_and_a_way_in(table: str) -> None:
    contract = contracts()[table]
    assert contract.key and contract.columns
    assert any(target.table == table for form in forms().values() for target in form.tables)


def test_what_is_made_here_has_no_contract() -> None:
    assert MADE_HERE not in contracts()
