"""`shouhu cards` and `shouhu trial`: versions from the command line, with exit codes and one JSON document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from dashboard.audit import Action, recent
from dashboard.cli import app
from dashboard.desk import open_desk
from models.screening.rulebook.in_force import in_force
from tests.tuned_store import make_store
from tests.unit.test_versions import MINE, RULES


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(tmp_path_factory.mktemp("cards"))


def call(place: Path, *arguments: object) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments), "--store", str(place)])


def document(place: Path, *arguments: object) -> Any:
    done = call(place, *arguments, "--json")
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def test_a_version_from_saving_to_going_back(place: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(MINE, "utf-8")
    made = document(place, "cards", "save", file, "--author", "li.na", "--reason", "半年未访更要紧")
    assert (made["subject"], made["number"], made["author"]) == ("visit_card", 2, "li.na")
    again = call(place, "cards", "save", file, "--author", "li.na", "--reason", "再来")
    assert (again.exit_code, "第2版就是这个内容" in again.stderr) == (2, True)
    own = call(place, "cards", "publish", "visit_card", 2, "--by", "li.na", "--reason", "好")
    assert (own.exit_code, "须由另一人发布" in own.stderr) == (2, True)
    assert in_force(place)["visit"].card_number == 1
    document(place, "cards", "publish", "visit_card", 2, "--by", "wang.fang", "--reason", "复核无误")
    assert in_force(place)["visit"].card_number == 2
    shown = document(place, "cards", "show", "visit_card")
    assert (shown["number"], shown["text"], shown["published_by"]) == (2, MINE, "wang.fang")
    assert call(place, "cards", "show", "visit_card", 2).stdout == MINE

    differing = call(place, "cards", "diff", "visit_card", 1, 2, "--lang", "en")
    assert (differing.exit_code, "5 → 9 points" in differing.stdout) == (1, True)
    assert call(place, "cards", "diff", "visit_card", 2, 2).exit_code == 0

    back = document(place, "cards", "back", "visit_card", "--by", "zhao.yun", "--reason", "效果不好")
    assert (back["number"], in_force(place)["visit"].card_number) == (1, 1)
    listed = [one for one in document(place, "cards", "list")["versions"] if one["subject"] == "visit_card"]
    assert [(one["number"], one["is_in_force"]) for one in listed] == [(1, True), (2, False)]
    assert listed[1]["withdrawn_at"] == back["at"]
    told = [(one.user, one.action, one.subject) for one in reversed(recent(open_desk(place), 9))]
    assert told == [
        ("li.na", Action.TUNED, "visit_card/2"),
        ("wang.fang", Action.CARD_PUBLISHED, "visit_card/2"),
        ("zhao.yun", Action.CARD_PUBLISHED, "visit_card/1"),
    ]


@pytest.mark.parametrize("command", ["save", "trial"])
def test_a_bad_card_is_refused_with_file_line_and_what_was_expected(
    place: Path, tmp_path: Path, command: str
) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(MINE.replace("range = [0, 33]", "range = [0, 29]"), "utf-8")
    asked = (
        ("trial", file) if command == "trial" else ("cards", "save", file, "--author", "a", "--reason", "b")
    )
    done = call(place, *asked, "--lang", "en")
    assert done.exit_code == 1
    said = " ".join(done.stderr.split())
    assert "bad.toml, line 10" in said and "[0, 33]" in said and "[0, 29]" in said


def test_rules_below_the_law_are_refused(place: Path, tmp_path: Path) -> None:
    file = tmp_path / "loose.toml"
    file.write_text(RULES.replace('tier = "red"', 'tier = "orange"', 1), "utf-8")
    done = call(place, "cards", "save", file, "--author", "a", "--reason", "b", "--lang", "en")
    assert (done.exit_code, "expected tier red or a more urgent one" in " ".join(done.stderr.split())) == (
        1,
        True,
    )


def test_a_trial_is_one_document_and_changes_nothing(place: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(MINE, "utf-8")
    before = {path.name: path.read_bytes() for path in place.rglob("*.json")}
    told = document(place, "trial", file)
    assert told["levels"]["report_now"]["before"] == told["levels"]["report_now"]["after"] > 0
    own = [one for one in told["moves"] if one["kind"] == "points"]
    assert own and all(one["to"]["points"] - one["from"]["points"] == 9 - 5 for one in own)
    assert {one["kind"] for one in told["groups"]} == {
        "sex", "ethnicity", "township", "remoteness", "boarding", "missing",
    }  # fmt: skip
    assert told["load"] and told["quarters"] == []
    assert "test" not in json.dumps(told["load"]), "no name of a worker"
    assert {path.name: path.read_bytes() for path in place.rglob("*.json")} == before, "no version, no build"
    assert call(place, "trial", file).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("cards", "show", "no_card"), 2),
        (("cards", "publish", "visit_card", 9, "--by", "x", "--reason", "y"), 2),
        (("cards", "back", "referral_rules", "--by", "x", "--reason", "y"), 2),
        (("cards", "save", "nowhere.toml", "--author", "x", "--reason", "y"), 2),
    ],
)
def test_a_wrong_call_ends_with_two(place: Path, arguments: tuple[object, ...], code: int) -> None:
    assert call(place, *arguments).exit_code == code


@pytest.mark.parametrize("command", ["list", "show", "diff", "save", "publish", "back"])
def test_every_command_shows_an_example(command: str) -> None:
    assert f"Example: shouhu cards {command}" in CliRunner().invoke(app, ["cards", command, "--help"]).stdout
