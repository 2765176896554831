import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from dashboard.access import Role
from dashboard.audit import FIRST_HASH, Action, append, recent, verify
from dashboard.desk import DESK_FILE, Desk, open_desk

CHILD = "c4f1a09be27d"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return open_desk(tmp_path)


def look(desk: Desk, subject: str = CHILD, reason: str = "安排本周走访") -> str:
    return append(desk, "li.ming", Role.PLANNER, Action.IDENTITY_VIEWED, subject, reason)


def tamper(store: Path, statement: str) -> None:
    with sqlite3.connect(store / DESK_FILE) as connection:
        connection.execute("DROP TRIGGER IF EXISTS access_log_no_update")
        connection.execute("DROP TRIGGER IF EXISTS access_log_no_delete")
        connection.execute(statement)


def test_an_empty_log_is_sound(desk):
    assert verify(desk) == (True, 0, FIRST_HASH, None, "")


def test_what_was_done_is_read_back_newest_first(desk):
    at = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
    append(desk, "li.ming", Role.PLANNER, Action.IDENTITY_VIEWED, CHILD, "安排本周走访", at)
    append(desk, "wang", Role.SUPERVISOR, Action.EXPORTED, "2025秋", "季度督查")
    newest, oldest = recent(desk, 10)
    assert newest.subject == "2025秋"
    assert oldest == (1, at, "li.ming", "planner", "identity_viewed", CHILD, "安排本周走访")
    assert recent(desk, 10, subject=CHILD) == [oldest]
    assert recent(desk, 10, user="wang") == [newest]
    assert recent(desk, 1) == [newest]


def test_a_log_of_many_rows_is_sound_and_its_head_is_the_last_hash(desk):
    hashes = [look(desk) for _ in range(5)]
    assert verify(desk) == (True, 5, hashes[-1], None, "")
    assert verify(desk, known_head=hashes[2]).is_sound


@pytest.mark.parametrize(
    "change",
    [
        "user = 'somebody'",
        "role = 'supervisor'",
        "action = 'sign_in'",
        "subject = 'another'",
        "reason = 'another'",
        "at = '2026-01-01T00:00:00.000000+00:00'",
        "hash = '" + "a" * 64 + "'",
    ],
)
def test_a_changed_row_is_found_at_its_place(desk, tmp_path, change):
    for _ in range(5):
        look(desk)
    tamper(tmp_path, f"UPDATE access_log SET {change} WHERE sequence = 3")
    verdict = verify(desk)
    assert not verdict.is_sound
    assert verdict.broken_at == 3


def test_a_removed_row_is_found_at_the_next_one(desk, tmp_path):
    for _ in range(5):
        look(desk)
    tamper(tmp_path, "DELETE FROM access_log WHERE sequence = 3")
    assert verify(desk).broken_at == 3 + 1


def test_rows_removed_from_the_end_are_found(desk, tmp_path):
    for _ in range(5):
        look(desk)
    tamper(tmp_path, "DELETE FROM access_log WHERE sequence > 3")
    verdict = verify(desk)
    assert (verdict.is_sound, verdict.broken_at) == (False, 3 + 1)


def test_a_log_forged_anew_is_found_by_a_head_kept_elsewhere(desk, tmp_path):
    look(desk)
    kept = verify(desk).head
    for table in ("access_log", "mark", "sqlite_sequence"):
        tamper(tmp_path, f"DELETE FROM {table}")
    look(desk, reason="另一个理由")
    assert verify(desk).is_sound, "a forgery of the whole chain is sound in itself"
    assert not verify(desk, known_head=kept).is_sound


@pytest.mark.parametrize("statement", ["UPDATE access_log SET user = 'x'", "DELETE FROM access_log"])
def test_the_store_itself_refuses_to_change_a_row(desk, tmp_path, statement):
    look(desk)
    with pytest.raises(IntegrityError, match="only ever added to"), desk.writing() as connection:
        connection.exec_driver_sql(statement)
    assert verify(desk) == verify(desk, known_head=verify(desk).head)
    assert verify(desk).n_rows == 1


@pytest.mark.parametrize("subject", ["李小明", "110101201501011234", "11010120150101123X", "两 个", "a b"])
def test_a_name_or_an_id_number_is_no_subject_and_is_not_repeated_in_the_error(desk, subject):
    with pytest.raises(ValueError, match="not shown") as error:
        look(desk, subject=subject)
    assert subject not in str(error.value)
    assert verify(desk).n_rows == 0


@pytest.mark.parametrize("action", [Action.IDENTITY_VIEWED, Action.EXPORTED, Action.OVERRIDDEN])
def test_a_look_at_a_name_an_export_or_an_override_needs_a_reason(desk, action):
    with pytest.raises(ValueError, match="reason"):
        append(desk, "li.ming", Role.PLANNER, action, CHILD, "  ")


def test_rows_of_many_writers_form_one_chain(desk):
    threads = [threading.Thread(target=lambda: [look(desk) for _ in range(5)]) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verify(desk)[:2] == (True, 6 * 5)
