import json
import statistics
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from dashboard.access import Role
from dashboard.accounts import (
    AccountError,
    accounts,
    check_password,
    create_user,
    demo_users,
    disable_user,
    find_account,
    make_demo_users,
    mark_as_demo,
    set_password,
)
from dashboard.audit import Action, recent
from dashboard.desk import Desk, open_desk
from dashboard.settings import read_settings
from dashboard.tickets import (
    end_ticket,
    find_by_handle,
    find_ticket,
    reader_of,
    start_ticket,
    tickets,
    touch_ticket,
)

PASSWORD = "a long enough password"
# Cheap hashes: these tests are about who gets in, not about how long a hash takes.
QUICK = read_settings().sign_in.with_values(hash_rounds=1, hash_memory=64, hash_lanes=1)


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **span: int) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(tmp_path: Path, clock: Clock) -> Desk:
    desk = open_desk(tmp_path, QUICK, clock)
    create_user(desk, "li.ming", PASSWORD, Role.PLANNER, ("530902",))
    return desk


def fail_times(desk: Desk, n: int, user: str = "li.ming") -> None:
    for _ in range(n):
        assert check_password(desk, user, "not the password") is None


def ticket_for(desk: Desk):
    account = check_password(desk, "li.ming", PASSWORD)
    assert account is not None
    return start_ticket(desk, account)


def test_the_right_password_opens_the_account(desk):
    account = check_password(desk, "li.ming", PASSWORD)
    assert account is not None
    assert (account.user, account.role, account.areas) == ("li.ming", Role.PLANNER, ("530902",))


def test_capitals_and_full_width_letters_name_the_same_account(desk):
    assert check_password(desk, " LI．Ｍing ", PASSWORD) is not None
    with pytest.raises(AccountError, match="already there"):
        create_user(desk, "Li.Ming", PASSWORD, Role.ANALYST, ("530902",))


def test_passwords_are_kept_as_argon2id_only(desk, tmp_path):
    with desk.reading() as connection:
        kept = connection.execute(select(accounts.c.password_hash)).scalar_one()
    assert kept.startswith("$argon2id$")
    assert all(PASSWORD.encode() not in file.read_bytes() for file in tmp_path.iterdir())


def test_the_shipped_hash_is_the_recommended_one():
    policy = read_settings().sign_in
    assert (policy.hash_rounds.value, policy.hash_memory.value, policy.hash_lanes.value) == (3, 64 * 1024, 4)


def test_a_hash_of_an_older_policy_is_renewed_at_the_next_sign_in(desk, tmp_path):
    stronger = open_desk(tmp_path, QUICK.with_values(hash_rounds=2), desk.clock)
    assert check_password(stronger, "li.ming", PASSWORD) is not None
    with desk.reading() as connection:
        assert "t=2" in connection.execute(select(accounts.c.password_hash)).scalar_one()


def test_six_failures_lock_the_account_for_half_an_hour_even_for_the_right_password(desk, clock):
    fail_times(desk, 6)
    assert check_password(desk, "li.ming", PASSWORD) is None
    clock.pass_by(minutes=29, seconds=59)
    assert check_password(desk, "li.ming", PASSWORD) is None
    clock.pass_by(seconds=1)
    assert check_password(desk, "li.ming", PASSWORD) is not None


def test_five_failures_do_not_lock_and_a_success_starts_the_count_anew(desk):
    for _ in range(3):
        fail_times(desk, 5)
        assert check_password(desk, "li.ming", PASSWORD) is not None


def test_the_sixth_attempt_may_still_be_the_right_one(desk):
    fail_times(desk, 5)
    assert check_password(desk, "li.ming", PASSWORD) is not None
    assert check_password(desk, "li.ming", PASSWORD) is not None


def test_after_a_lock_has_run_out_six_more_failures_are_needed(desk, clock):
    fail_times(desk, 6)
    clock.pass_by(minutes=31)
    fail_times(desk, 5)
    assert check_password(desk, "li.ming", PASSWORD) is not None


def test_guesses_at_the_same_moment_are_all_counted(desk):
    found: list[object] = []
    guesses = ["wrong"] * 20
    threads = [
        threading.Thread(target=lambda g=g: found.append(check_password(desk, "li.ming", g))) for g in guesses
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [None] * 20
    refusals = [entry for entry in recent(desk, 100) if entry.action == Action.SIGN_IN_REFUSED]
    assert len(refusals) == 6, "only six of the twenty guesses may have been looked at"


def test_a_lock_is_recorded(desk):
    fail_times(desk, 6)
    assert recent(desk, 1)[0].action == Action.ACCOUNT_LOCKED


def test_an_unknown_name_is_refused_like_a_wrong_password_and_never_written_down(desk, tmp_path):
    assert check_password(desk, "hunter2-typed-in-the-wrong-field", "x") is None
    assert recent(desk, 1)[0].user == ""
    assert all(b"hunter2" not in file.read_bytes() for file in tmp_path.iterdir())


def test_an_unknown_name_takes_as_long_as_a_wrong_password(tmp_path):
    desk = open_desk(tmp_path, read_settings().sign_in.with_values(failures=100, hash_rounds=2))
    create_user(desk, "known", PASSWORD, Role.PLANNER, ("530902",))

    def seconds(user: str) -> float:
        start = time.perf_counter()
        check_password(desk, user, "wrong")
        return time.perf_counter() - start

    seconds("known")
    pairs = [(seconds("known"), seconds("unknown")) for _ in range(7)]
    known, unknown = (statistics.median(column) for column in zip(*pairs, strict=True))
    # Skipping the hash would make it about twenty times faster.
    assert 0.5 < unknown / known < 2


def test_a_disabled_account_does_not_open(desk):
    disable_user(desk, "li.ming")
    assert check_password(desk, "li.ming", PASSWORD) is None


def test_a_short_password_and_a_strange_name_and_no_area_are_refused(desk):
    with pytest.raises(AccountError, match="at least 10 characters, found 9"):
        create_user(desk, "new", "123456789", Role.PLANNER, ("530902",))
    with pytest.raises(AccountError, match="letters"):
        create_user(desk, "<b>x</b>", PASSWORD, Role.PLANNER, ("530902",))
    with pytest.raises(AccountError, match="area"):
        create_user(desk, "new", PASSWORD, Role.PLANNER, ())
    with pytest.raises(AccountError, match="area"):
        create_user(desk, "new", PASSWORD, Role.PLANNER, ("",))
    assert find_account(desk, "new") is None


def test_the_browser_holds_the_token_and_the_store_only_its_digest(desk, tmp_path):
    new = ticket_for(desk)
    assert len(new.token) >= 43  # 256 bits in base64
    assert find_ticket(desk, new.token) == new.ticket
    assert all(new.token.encode() not in file.read_bytes() for file in tmp_path.iterdir())


def test_a_made_up_token_or_a_handle_used_as_token_opens_nothing(desk):
    new = ticket_for(desk)
    assert find_ticket(desk, None) is None
    assert find_ticket(desk, "") is None
    assert find_ticket(desk, new.ticket.handle) is None
    with desk.reading() as connection:
        digest = connection.execute(select(tickets.c.token_sha256)).scalar_one()
    assert find_ticket(desk, digest) is None


def test_every_sign_in_gets_its_own_token(desk):
    assert ticket_for(desk).token != ticket_for(desk).token


def test_a_sign_in_ends_after_thirty_minutes_without_activity(desk, clock):
    new = ticket_for(desk)
    clock.pass_by(minutes=29, seconds=59)
    assert find_ticket(desk, new.token) is not None
    clock.pass_by(seconds=1)
    assert find_ticket(desk, new.token) is None
    assert reader_of(desk, new.ticket.handle) is None


def test_activity_keeps_a_sign_in_open_but_never_beyond_eight_hours(desk, clock):
    new = ticket_for(desk)
    for _ in range(8 * 3 - 1):
        clock.pass_by(minutes=20)
        touch_ticket(desk, find_ticket(desk, new.token))
    assert find_ticket(desk, new.token) is not None
    clock.pass_by(minutes=20)
    assert find_ticket(desk, new.token) is None


def test_a_sign_in_that_has_run_out_cannot_be_revived_by_a_late_touch(desk, clock):
    new = ticket_for(desk)
    end_ticket(desk, new.ticket)
    clock.pass_by(minutes=2)
    touch_ticket(desk, new.ticket)
    assert find_ticket(desk, new.token) is None


def test_signing_out_ends_this_sign_in_at_once_and_no_other(desk):
    here, elsewhere = ticket_for(desk), ticket_for(desk)
    end_ticket(desk, here.ticket)
    assert find_ticket(desk, here.token) is None
    assert find_by_handle(desk, here.ticket.handle) is None
    assert find_ticket(desk, elsewhere.token) is not None


@pytest.mark.parametrize(
    "cause", [disable_user, lambda desk, user: set_password(desk, user, "another password")]
)
def test_a_disabled_account_or_a_new_password_ends_every_sign_in(desk, cause):
    here, elsewhere = ticket_for(desk), ticket_for(desk)
    cause(desk, "li.ming")
    assert find_ticket(desk, here.token) is None
    assert find_ticket(desk, elsewhere.token) is None


def test_a_sign_in_that_began_while_the_account_was_being_disabled_does_not_stand(desk):
    account = check_password(desk, "li.ming", PASSWORD)
    disable_user(desk, "li.ming")
    assert find_ticket(desk, start_ticket(desk, account).token) is None


def test_rights_are_those_of_the_moment_not_of_the_sign_in(desk):
    new = ticket_for(desk)
    with desk.writing() as connection:
        connection.execute(accounts.update().values(role="supervisor", areas=json.dumps(["530902001"])))
    reader = reader_of(desk, new.ticket.handle)
    assert (reader.role, reader.areas) == (Role.SUPERVISOR, ("530902001",))


def test_a_new_password_takes_the_lock_off(desk):
    fail_times(desk, 6)
    set_password(desk, "li.ming", "another password")
    assert check_password(desk, "li.ming", "another password") is not None


def test_demo_users_exist_in_a_demo_store_only(desk, tmp_path):
    with pytest.raises(AccountError, match="marked as demo"):
        make_demo_users(desk)
    with pytest.raises(AccountError, match="without accounts"):
        mark_as_demo(desk)
    demo = open_desk(tmp_path / "demo", QUICK)
    mark_as_demo(demo)
    made = make_demo_users(demo)
    assert made == demo_users() == make_demo_users(demo)
    assert {person.role for person in made} == set(Role)
    for person in made:
        assert check_password(demo, person.user, person.password).role == person.role


def test_the_desk_is_readable_by_its_owner_only_and_writes_ahead(desk, tmp_path):
    assert (tmp_path / "desk.sqlite").stat().st_mode & 0o077 == 0
    with desk.reading() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
