"""The daily recompute finds what changed since the lists were published, each by itself, and stays silent else."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import models.parameters
from dashboard.access import Role, reader_for
from dashboard.cli import app
from dashboard.commands import receipts as command
from dashboard.settings import read_settings
from dashboard.texts import text
from dashboard.views.receipts import alarm_words
from models import receipt_runs
from models.engines import DuckDbEngine
from models.parameters import parameters
from models.receipt_runs import Found, Run, alarm, recompute, runs
from models.screening.rulebook import card
from models.sql import Query, parse, render
from registry import store
from registry.settings import Settings
from tests.journey.conftest import Shouhu

DAY = dt.timedelta(days=1)
DAY_1 = dt.date(2026, 9, 30)


@cache
def _rendered(sql: str) -> str:
    return render(parse(sql, "test"), "duckdb")


class RememberingEngine(DuckDbEngine):
    """Renders each text once, because every test makes the lists again."""

    def table(self, name: str, sql: str | Query) -> None:
        self.execute(
            f'CREATE OR REPLACE TABLE "{name}" AS {_rendered(sql if isinstance(sql, str) else sql.text)}'
        )


@pytest.fixture
def settings(shouhu: Shouhu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A copy of the district's store, without what earlier tests left in it."""
    monkeypatch.setattr(receipt_runs, "DuckDbEngine", RememberingEngine)
    folder = tmp_path / "store"
    folder.mkdir()
    (folder / "snapshots").mkdir()
    for name in ("registry.duckdb", "current.json", "store.json"):
        shutil.copy(shouhu.store / name, folder / name)
    file = store.current(folder)["file"]
    shutil.copy(shouhu.store / "snapshots" / file, folder / "snapshots" / file)
    return Settings(store=folder, key_file=shouhu.key_file)


def ask(path: Path, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    connection = store.open_file(path)
    try:
        return store.run(connection, sql, list(values))
    finally:
        connection.close()


def snapshot(settings: Settings) -> Path:
    return settings.snapshots / store.current(settings.store)["file"]


def told(run: Run) -> set[tuple[str, str]]:
    return {(one.part, one.target) for one in run.found}


def changed_row(settings: Settings) -> str:
    """A child one of whose rows is now another in the registry."""
    child, record = ask(
        snapshot(settings),
        "SELECT child_id, record FROM fact WHERE fact = 'days_since_contact' AND known "
        "AND child_id IN (SELECT child_id FROM screening WHERE target = 'visit') ORDER BY child_id",
    )[0]
    ask(
        settings.registry_path,
        "UPDATE parent_contact SET last_contact_on = DATE '2026-01-01' "
        "WHERE _delivery || '/' || _sheet || '/' || _row = ?",
        record,
    )
    return str(child)


def changed_place(settings: Settings, other_than: str) -> str:
    """A child whose published place is now another."""
    (child,) = ask(
        snapshot(settings),
        "SELECT child_id FROM screening WHERE target = 'visit' AND lane = 'tier' AND child_id <> ? ORDER BY rank",
        other_than,
    )[0]
    ask(
        snapshot(settings),
        "UPDATE screening SET tier = 'green', lane = 'ranked' WHERE target = 'visit' AND child_id = ?",
        child,
    )
    return str(child)


def test_a_changed_input_row_and_a_changed_published_place_are_told_for_their_children_alone(
    settings: Settings,
) -> None:
    child = changed_row(settings)
    moved = changed_place(settings, child)
    run = recompute(settings)
    (facts,) = {one.facts for one in run.found if one.part == "facts"}
    # A contact long ago moves the days and the weeks; whether a parent counts as out of reach hangs on the child.
    assert set(facts) - {"parent_unreachable"} == {"days_since_contact", "weeks_since_contact"}
    assert set(run.found) == {
        Found("facts", "visit", child, facts),
        Found("facts", "referral", child, facts),
        Found("place", "visit", moved),
    }
    assert runs(settings.store) == [run]
    assert alarm(settings.store, DAY, run.at) == ("differs", run)
    words = alarm_words(settings.store, reader_for("p", Role.PLANNER, ("530902",)), "en", run.at)
    assert "3 things differ" in words and text("en", "receipts.part.facts") in words
    assert alarm_words(settings.store, reader_for("s", Role.SUPERVISOR, ("530902",)), "en", run.at) == ""


def test_a_changed_parameter_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "contact_breach_days"
    changed = [one._replace(value=one.value + 1) for one in parameters()[name]]
    monkeypatch.setattr(models.parameters, "parameters", lambda: {**parameters(), name: changed})
    assert told(recompute(settings)) == {("parameters", "visit"), ("parameters", "referral")}


@pytest.fixture
def changed_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The shipped cards from a folder of their own, one of them with one byte more."""
    folder = tmp_path / "cards"
    shutil.copytree(card.FOLDER, folder)
    with (folder / "visit_expert_v1.toml").open("ab") as file:
        file.write(b"\n")
    monkeypatch.setattr(card, "FOLDER", folder)
    card.cards.cache_clear()
    yield
    card.cards.cache_clear()


def test_one_changed_byte_of_a_card_is_told(settings: Settings, changed_card: None) -> None:
    assert told(recompute(settings)) == {("card", "visit")}


def test_a_day_without_a_run_is_an_alarm_and_a_new_build_is_no_answer_to_a_difference(
    settings: Settings,
) -> None:
    run = Run(dt.datetime(2026, 10, 1, tzinfo=dt.UTC), "earlier", DAY_1, DAY_1, 1, ())
    built = dt.datetime.fromtimestamp((settings.store / "current.json").stat().st_mtime, dt.UTC)
    assert alarm(settings.store, DAY, built + DAY) == ("", None)
    assert alarm(settings.store, DAY, built + 2 * DAY)[0] == "never"
    receipt_runs._record(settings.store, run)
    assert alarm(settings.store, DAY, built + 2 * DAY) == ("late", run)
    differed = run._replace(found=(Found("card", "visit"),))
    receipt_runs._record(settings.store, differed)
    assert alarm(settings.store, DAY, built)[0] == "differs"
    assert read_settings().receipts.again.span >= DAY


def test_where_nothing_changed_the_command_is_content_and_leaves_nothing_behind(
    shouhu: Shouhu, settings: Settings
) -> None:
    answer = shouhu("receipts", "--json", store=settings.store)
    assert answer.code == 0, answer.err
    assert answer.document["agrees"] and answer.document["differences"] == []
    published = ask(snapshot(settings), "SELECT count(*) FROM screening")[0][0]
    assert answer.document["receipts"] == published > 300
    assert [path.name for path in settings.snapshots.iterdir()] == [snapshot(settings).name]
    (run,) = runs(settings.store)
    assert alarm(settings.store, DAY, run.at + DAY) == ("", run)


def test_a_difference_is_an_exit_code_of_its_own_and_stands_in_the_status(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    differed = Run(
        dt.datetime.now(dt.UTC), "b", DAY_1, DAY_1, 2, (Found("card", "visit"), Found("deliveries"))
    )
    receipt_runs._record(settings.store, differed)
    monkeypatch.setattr(command, "recompute", lambda _: differed)
    store_option = ["--store", str(settings.store), "--lang", "en"]
    said = CliRunner().invoke(app, ["receipts", *store_option])
    assert said.exit_code == 1
    assert "a changed card" in said.stdout
    status = CliRunner().invoke(app, ["status", *store_option, "--json"])
    assert json.loads(status.stdout)["receipts"]["alarm"] == "differs"
    assert "shouhu receipts" in CliRunner().invoke(app, ["status", *store_option]).stderr
