"""The quality report beside the checks, of the registry as it is."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from dashboard.access import Role, reader_for
from dashboard.texts import LANGUAGES
from dashboard.views.figure_faults import Faults, fault_mark
from models.quality_now import report_now
from tests.sheets import Registry, area_book

CHILD = "INSERT INTO child BY NAME SELECT '{0}' AS child_ref, '{1}' AS source, {2} AS sex, DATE '2016-03-01' AS birth_date, '530902001901' AS village_code, 'd1' AS _delivery, '表' AS _sheet, 1 AS _row, DATE '2026-09-30' AS _reported_on, DATE '2026-09-30' AS _known_on, 99 AS _seq, 1 AS _precedence, '' AS _invalid"  # noqa: E501
PERSON = "INSERT INTO person BY NAME SELECT '{0}' AS child_ref, 'village_ledger' AS source, '530902001901' AS village_code, 'd1' AS _delivery, '表' AS _sheet, 1 AS _row, DATE '2026-09-30' AS _reported_on, DATE '2026-09-30' AS _known_on, 99 AS _seq, 1 AS _precedence, '' AS _invalid"  # noqa: E501
VISIT = "INSERT INTO visit BY NAME SELECT 'c1' AS child_ref, DATE '2026-09-01' AS due_on, DATE '2026-09-02' AS visited_on, DATE '2026-09-12' AS recorded_on, 'd1' AS _delivery, '表' AS _sheet, 1 AS _row, DATE '2026-09-30' AS _reported_on, DATE '2026-09-12' AS _known_on, 99 AS _seq, 1 AS _precedence, '' AS _invalid"  # noqa: E501


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Three children on the village's and the school's list: they agree, differ, and are not both known."""
    registry = Registry(tmp_path)
    registry.take_in(area_book(tmp_path))
    days = [dt.date(2026, 9, 30), dt.date(2026, 10, 4)]
    row = ["d1", "sha", "册.xlsx", "", "凤翔街道响泉村", *days, 99, "partly", 9, 6, 1, 2, "repeated_row=2"]
    registry.connection.execute(f"INSERT INTO delivery VALUES ({', '.join('?' * 14)})", row)
    for child, village, school in (
        ("c1", "'male'", "'male'"),
        ("c2", "'male'", "'female'"),
        ("c3", "NULL", "'male'"),
    ):
        for statement in (CHILD.format(child, "village", village), CHILD.format(child, "school", school)):
            registry.connection.execute(statement)
        registry.connection.execute(PERSON.format(child))
    registry.connection.execute(VISIT)
    registry.connection.close()
    return registry.settings.registry_path


def test_two_lists_agree_differ_or_are_not_both_known(path: Path) -> None:
    [row] = [
        one
        for one in report_now(path, [])["consistency"]
        if one["field"] == "sex" and one["level"] == "district"
    ]
    assert (row["one"], row["other"]) == ("village", "school")
    assert (row["agree"], row["differ"], row["not_both_known"]) == (1, 1, 1)
    assert row["share"] == 1 / (1 + 1), "what is not both known is no difference"


def test_days_run_from_the_day_stated_to_the_day_received(path: Path) -> None:
    senders = {row["sender"]: row for row in report_now(path, [])["timeliness"]["senders"]}
    assert senders["凤翔街道响泉村"]["median_days"] == 4, "30 September to 4 October"
    assert senders["凤翔街道响泉村"]["place"] == "530902001901"


def test_late_typing_runs_from_the_event_to_its_record(path: Path) -> None:
    [row] = [one for one in report_now(path, [])["timeliness"]["late_typing"] if one["table"] == "visit"]
    assert (row["n_rows"], row["n_later"], row["longest_days"]) == (1, 1, 12 - 2)


def test_repeated_rows_are_counted_by_sender(path: Path) -> None:
    assert {"kind": "repeated_row", "sender": "凤翔街道响泉村", "n": 2} in report_now(path, [])["uniqueness"]


def test_an_empty_registry_has_an_empty_report(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    registry.take_in()
    registry.connection.close()
    assert report_now(registry.settings.registry_path, [])["completeness"] == []


def test_the_way_to_the_rows_is_shown_to_those_who_may_go_it() -> None:
    faults = Faults(n_open=3)
    for lang in LANGUAGES:
        officer = fault_mark(lang, reader_for("o", Role.DATA_OFFICER, ("530902",)), "C12", faults)
        supervisor = fault_mark(lang, reader_for("s", Role.SUPERVISOR, ("530902",)), "C12", faults)
        assert officer.words == supervisor.words and "3" in officer.words
        assert officer.address == f"quality?code=C12&lang={lang}"
        assert supervisor.address == ""


def test_a_number_with_sound_inputs_has_no_mark() -> None:
    officer = reader_for("o", Role.DATA_OFFICER, ("530902",))
    assert fault_mark("zh", officer, "C12", None).words == ""
    assert fault_mark("zh", officer, "C12", Faults(n_unusable=9)).words == "", (
        "unknown cells are in the number"
    )
    assert Faults(n_failed=1).as_json()["status"] == "failed"
    assert Faults(n_unusable=1).as_json()["status"] == "ok"
