"""Each rule is broken once, by one character or word: some ledger must notice."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from models import evaluate, measure
from models.engines import DuckDbEngine
from tests.spec import ledger

HERE = Path(__file__).parent
BROKEN_BASE = [
    ("population", "age_years >= age_limit_years", "age_years > age_limit_years", "eligibility"),
    (
        "population",
        "father = 'away' AND mother = 'away'",
        "father = 'away' OR mother = 'away'",
        "eligibility",
    ),
    (
        "population",
        "test IN ('whereabouts_unknown', 'capacity_unknown') OR birth_date IS NULL",
        "FALSE",
        "eligibility",
    ),
    ("parent_day", "d.on_day >= f.until THEN 'home'", "d.on_day > f.until THEN 'home'", "eligibility"),
    (
        "parent_day",
        "NOT f.since_month_only AND d.on_day >= f.since",
        "NOT f.since_month_only AND d.on_day > f.since",
        "eligibility",
    ),
    (
        "parent_day",
        "d.on_day >= month_end(f.since)",
        "d.on_day >= month_start(f.since)",
        "departure_in_a_running_month",
    ),
    ("stated_value", "source = 'school_roster'", "source = 'school'", "i7_departments_agree"),
    ("stated_value", "value IS NOT NULL OR unreadable", "value IS NOT NULL", "i7_departments_agree"),
    ("listing", "d.on_day < e.closed_on", "d.on_day <= e.closed_on", "c2_files"),
    ("listing", "e.opened_on <= d.on_day", "e.opened_on < d.on_day", "c2_files"),
    ("screen_reading", "lie_score >= mht_lie_void", "lie_score > mht_lie_void", "p4_valid_screens"),
    (
        "screen_reading",
        "WHEN high_from IS NULL THEN 'not_banded'",
        "WHEN high_from IS NULL THEN 'negative'",
        "p4_valid_screens",
    ),
    ("pupil", "r.since <= q.on_day", "r.since < q.on_day", "e9_school_files"),
    ("pupil", "q.eligibility = 'yes' AND", "", "e10_school_mechanism"),
    ("term_span", "add_days(MIN(n.starts_on), 0 - 1)", "MIN(n.starts_on)", "p12_talks_and_campaigns"),
    ("held_activity", "OR COALESCE(a.n_children, 1) = 0", "", "e12_activities_joined"),
    ("held_activity", "l.activity_no IS NOT NULL OR", "", "c16_volunteers"),
]
BROKEN_INDICATORS = [
    ("c12_visits_on_time", "d.visited_on > d.last_day", "d.visited_on >= d.last_day"),
    ("c12_visits_on_time", "<= today.snapshot_on", "< today.snapshot_on"),
    ("c12_visits_on_time", "d.mode IN ('phone', 'video')", "d.mode IN ('phone')"),
    ("c12_visits_on_time", "WHEN unusable(d.invalid, 'visited_on') THEN 'unknown'", ""),
    ("c13_overdue_visits", "sure_days > limit_days", "sure_days >= limit_days"),
    ("c13_overdue_visits", "COALESCE(v.mode, '') = 'home'", "COALESCE(v.mode, '') <> ''"),
    ("c5_evidence", "away_verified_on >= since", "away_verified_on > since"),
    ("r5_paid_in_full", "r.paid_on > p.ends_on", "r.paid_on >= p.ends_on"),
    (
        "r5_paid_in_full",
        "WHEN r.paid_amount < r.due_amount THEN 'no'",
        "WHEN r.paid_amount <= r.due_amount THEN 'no'",
    ),
    ("s3_hazards_fixed", "h.verified_on > h.due_on", "h.verified_on >= h.due_on"),
    ("s10_reported_same_day", "AND l.mandatory", "AND c.ticked_mandatory"),
    ("s12_alone_or_unattended", "age_years < unattended_age_years", "age_years <= unattended_age_years"),
    ("p8_severe_referred", "r.last_on >= j.judged_on", "r.last_on > j.judged_on"),
    ("i9_late_entries", "> p.late_entry_days", ">= p.late_entry_days"),
    ("i9_late_entries", "AND v.recorded_on > p.ends_on", ""),
    ("i2_rules_kept", "r.failed > 0 AND r.critical", "r.failed > 0"),
    ("i4_files_verified_lately", "age_days <= file_stale_days", "age_days < file_stale_days"),
    ("i4_files_verified_lately", "THEN 'no' WHEN maybe_later THEN 'unknown'", "THEN 'no'"),
    ("i5_suspected_doubles", "i.resolved_on <= p.snapshot_on", "TRUE"),
    ("i5_suspected_doubles", "i.found_on <= p.snapshot_on", "TRUE"),
    ("i7_departments_agree", "c.n_departments >= 2", "c.n_departments >= 1"),
    ("i8_phones_work", "ORDER BY c.checked_on DESC", "ORDER BY c.checked_on"),
    (
        "i8_phones_work",
        "p.snapshot_on > add_months(c.checked_on, p.phone_verified_months)",
        "p.snapshot_on >= add_months(c.checked_on, p.phone_verified_months)",
    ),
    ("i10_copied_notes", ">= p.note_likeness_percent", "> p.note_likeness_percent"),
    ("i10_copied_notes", ">= p.note_length_least", "> p.note_length_least"),
    ("f3_spent_per_child", "JOIN period AS m ON m.kind = 'month' AND m.starts_on = y.starts_on", ""),
    ("f4_growth", "year_of(p.starts_on) - 1", "year_of(p.starts_on) - 2"),
    ("f7_donations_left", "< today.snapshot_on", "<= today.snapshot_on"),
    ("f7_donations_left", "u.used_on <= d.last_day", "u.used_on < d.last_day"),
    ("f8_projects_won", "awarded > 0 THEN 'yes'", "awarded >= 0 THEN 'yes'"),
    ("f8_projects_won", "f.decided_on <= p.snapshot_on", "TRUE"),
    ("f9_projects_carried_out", "WHERE spent IS NULL", "WHERE spent < 0"),
    (
        "g4_days_and_recurrence",
        "a.again_on <= add_months(f.closed_on, p.recurrence_months)",
        "a.again_on < add_months(f.closed_on, p.recurrence_months)",
    ),
    ("g4_days_and_recurrence", "s.unit = f.unit AND", ""),
    (
        "g6_joint_meetings",
        "BETWEEN p.starts_on AND p.snapshot_on\n  WHERE",
        "BETWEEN p.starts_on AND p.ends_on\n  WHERE",
    ),
    ("g7_revisits_agree", "p.revisit_days) < today", "p.revisit_days) <= today"),
    ("g7_revisits_agree", "OR r.revisited_on > today.snapshot_on", ""),
    ("e1_in_school", "s.roster_on <= p.snapshot_on OR", ""),
    ("e6_peer_pairs", "c.peer_since > p.snapshot_on", "c.peer_since > p.ends_on"),
    ("e6_peer_pairs", "mode = 'peer' AND active", "mode = 'peer'"),
    ("e9_school_files", "c.file_opened_on > p.snapshot_on", "c.file_opened_on >= p.snapshot_on"),
    ("e10_school_mechanism", "AND m.year = s.year", "AND m.year = s.year - 1"),
    (
        "e10_school_mechanism",
        "WHEN m.leading_group = FALSE OR m.care_plan = FALSE OR m.in_appraisal = FALSE THEN 'no'",
        "",
    ),
    ("e11_teachers_trained", "WHEN r.topic IS NULL THEN 1 ELSE 0", "ELSE 1"),
    ("e11_teachers_trained", "AND k.class_name = c.class_name", ""),
    ("e12_activities_joined", "OR r.n_without_list = 1", ""),
    ("e12_activities_joined", "OR r.org_code IS NULL", ""),
    ("c16_volunteers", "AND p.snapshot_on", "AND p.ends_on"),
    ("c16_volunteers", "a.by_volunteers IS NULL OR a.by_volunteers AS", "TRUE AS"),
    ("r13_clinics_and_talks", "'free_clinic', 'health_talk'", "'free_clinic', 'health_talk', 'mind_talk'"),
    ("p3_counselling_room", "WHEN r.room AND m.room_in_use", "WHEN r.room"),
    ("p12_talks_and_campaigns", "AND h.joint_org_code <> h.org_code", ""),
    (
        "p12_talks_and_campaigns",
        "h.n_sure >= p.mind_sessions_per_term",
        "h.n_sure > p.mind_sessions_per_term",
    ),
    ("s2_drills_and_cases", "BETWEEN t.starts_on AND t.last_on", "BETWEEN t.starts_on AND t.snapshot_on"),
    ("s5_gate_and_duty", "ORDER BY g.checked_on DESC", "ORDER BY g.checked_on"),
    ("s5_gate_and_duty", "l.org_code IS NULL OR", ""),
    ("s7_drills", "d.revised_on < d.drilled_on", "d.revised_on <= d.drilled_on"),
    ("s7_drills", "<= p.snapshot_on\nWHERE", "<= p.ends_on\nWHERE"),
    ("s13_legal_aid", "<= today.snapshot_on", "< today.snapshot_on"),
    ("s13_legal_aid", "<= p.legal_aid_answer_days", "< p.legal_aid_answer_days"),
    ("c6_files_to_close", "0 - exit_days - 1", "0 - exit_days"),
    ("c6_files_to_close", "days_between(returned_on, snapshot_on) > exit_days", "returned_on <= snapshot_on"),
    ("c6_files_to_close", "WHEN residence = 'outside' THEN 'unknown'", ""),
    ("c6_files_to_close", "b.n_away = 0 OR b.n_capable > 0", "b.n_away < 2"),
    ("c10_director_load", "p.snapshot_on < w.ended_on", "p.snapshot_on <= w.ended_on"),
    ("c10_director_load", "ratio(COALESCE(v.n_children, 0), s.n_directors)", "COALESCE(v.n_children, 0)"),
    ("c11_weekly_contact", "t.contacted_on > w.after_day", "t.contacted_on >= w.after_day"),
    ("c11_weekly_contact", "ELSE 'unknown' END AS outcome", "ELSE 'no' END AS outcome"),
    ("c11_weekly_contact", "WHEN k.since <= w.after_day THEN 'no'", ""),
    ("c11_weekly_contact", "WHEN w.n = 0 AND l.last_contact_on", "WHEN l.last_contact_on"),
    ("c11_weekly_contact", "WHEN m.n_met = a.n_weeks THEN 'yes'", "WHEN m.n_met > 0 THEN 'yes'"),
    ("c11_weekly_contact", "CASE WHEN n = place THEN 1", "CASE WHEN n >= place THEN 1"),
    ("c15_first_visit", "<= limit_days", "< limit_days"),
    ("c15_first_visit", "AND v.mode = 'home'", ""),
    ("c15_first_visit", "v.visited_on >= t.tiered_on AND v.mode", "v.visited_on > t.tiered_on AND v.mode"),
    ("c15_first_visit", "<= d.snapshot_on\n  JOIN", "< d.snapshot_on\n  JOIN"),
    ("c15_first_visit", "AND t.tier IN ('report_now', 'red')", ""),
    ("r2_raised_by_staff", "WHEN r.found_by IS NULL THEN 'unknown'", ""),
    ("r6_found_ineligible", "WHEN c.result IS NULL THEN 'unknown'", ""),
    ("r8_days_without_care", "c.started_on >= p.starts_on", "c.started_on > p.starts_on"),
    ("r8_days_without_care", "c.started_on IS NULL OR", ""),
    ("r11_temporary_guardianship", "c.covered_to >= s.first_day", "FALSE"),
    ("r11_temporary_guardianship", "add_days(g.ended_on, 0 - 1)", "g.ended_on"),
    ("r12_examined_and_insured", "examined_on IS NULL OR examined_on > snapshot_on", "examined_on IS NULL"),
    ("r12_examined_and_insured", "examined_on >= add_months", "examined_on > add_months"),
    ("e3_days_to_place", "t.placed_on IS NULL OR", ""),
    ("p5_void_and_retested", "reading IN ('void', 'not_banded') THEN 'yes'", "reading = 'void' THEN 'yes'"),
    ("p5_void_and_retested", "l.screened_on > a.screened_on THEN 'yes'", "TRUE THEN 'yes'"),
    ("p7_positives_counselled", "WHERE c.kind = 'individual'", ""),
    ("p7_positives_counselled", "c.held_on BETWEEN a.screened_on AND", "c.held_on <"),
    ("s9_accidents_followed_up", "<= p.incident_follow_up_days THEN", "< p.incident_follow_up_days THEN"),
    ("s11_cases_accepted", "<= add_hours(c.reported_at, p.case_accept_hours) THEN", "< c.reported_at THEN"),
    ("s11_cases_accepted", "<= today.snapshot_on", "< today.snapshot_on"),
]


def _ledger(stem: str) -> Path:
    return next(HERE.glob(f"*/{stem}.txt"))


@pytest.mark.parametrize(("base", "rule", "broken", "stem"), BROKEN_BASE)
def test_a_broken_base_rule_is_noticed(
    base: str,
    rule: str,
    broken: str,
    stem: str,
    duckdb_engine: DuckDbEngine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "base"
    shutil.copytree(evaluate.BASE, folder)
    text = (folder / f"{base}.sql").read_text("utf-8")
    assert rule in text, "the rule was reworded: break the new wording"
    (folder / f"{base}.sql").write_text(text.replace(rule, broken), "utf-8")
    monkeypatch.setattr(evaluate, "BASE", folder)
    path = _ledger(stem)
    check = ledger.check_population if path.parent.name == "population" else ledger.check
    with pytest.raises(AssertionError):
        check(duckdb_engine, ledger.read(path))


@pytest.mark.parametrize(("stem", "rule", "broken"), BROKEN_INDICATORS)
def test_a_broken_indicator_is_noticed(
    stem: str, rule: str, broken: str, duckdb_engine: DuckDbEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = next(measure.FOLDER.glob(f"*/{stem}.sql"))
    text = source.read_text("utf-8")
    assert rule in text, "the rule was reworded: break the new wording"
    changed = measure.read_indicator(text.replace(rule, broken), source.name, source.parent.name)
    monkeypatch.setattr(ledger, "indicators", lambda: {changed.code: changed})
    with pytest.raises(AssertionError):
        ledger.check(duckdb_engine, ledger.read(_ledger(stem)))
