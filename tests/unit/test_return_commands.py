"""`shouhu returns`, `resolve`, `forget` as an operator calls them: answers, exit codes, and what is logged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dashboard.audit import recent
from dashboard.cli import app
from dashboard.desk import open_desk
from registry import store
from tests.sheets import area_book, write_book

NAME, NUMBER = "罗梓萱", "539902202103054722"
VISIT = {
    "村（社区）": "橄榄村", "姓名": NAME, "身份证号": NUMBER, "出生日期": "2021-03-05", "应访截止日期": "2026-09-31",
    "走访日期": "2026-09-02", "走访方式": "入户", "是否见到儿童本人": "是",
}  # fmt: skip


class Desk:
    """A store and the command line over it."""

    def __init__(self, folder: Path) -> None:
        self.store = folder / "store"

    def call(self, *words: str) -> Result:
        return CliRunner().invoke(app, [*words, "--store", str(self.store)])

    def json(self, *words: str) -> dict:
        return json.loads(self.call(*words, "--json").stdout)

    def logged(self) -> list[tuple[str, str, str]]:
        return [(one.action, one.subject, one.reason) for one in recent(open_desk(self.store), 50)]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("SHOUHU_KEY_FILE", str(tmp_path / "key"))
    made = Desk(tmp_path)
    rows = [VISIT, {**VISIT, "应访截止日期": "2026-09-01"}]
    book = write_book(tmp_path / "走访.xlsx", ("visits", rows), sender="橄榄村")
    assert (
        made.call("intake", str(area_book(tmp_path)), str(book), "--received-on", "2026-10-05").exit_code == 1
    )
    return made


def test_what_is_open_is_listed_with_what_it_touches_and_without_names(desk: Desk) -> None:
    (item,) = desk.json("returns")["items"]
    assert (item["sender"], item["row"], item["severity"]) == ("橄榄村", 4, "reject_row")
    assert {"C12", "C14"} <= set(item["findings"][0]["touches"]["indicators"])
    shown = desk.call("returns").stdout
    assert NAME not in shown + json.dumps(item, ensure_ascii=False) and NUMBER not in shown
    assert desk.logged() == [], "a list without names is no export"


def test_a_message_of_the_intake_names_the_indicators_that_it_touches(desk: Desk, tmp_path: Path) -> None:
    again = write_book(tmp_path / "再报.xlsx", ("visits", [VISIT]), sender="响泉村")
    [file] = desk.json("intake", str(again), "--received-on", "2026-10-06")["files"]
    rejected = next(one for one in file["messages"] if one["severity"] == "error" and one["row"])
    assert {"C12", "C14"} <= set(rejected["touches"]["indicators"])
    for told in file["messages"]:
        assert set(told["touches"]) == {"indicators", "facts", "cards", "tiers"}


def test_a_return_is_written_for_its_sender_and_logged(desk: Desk, tmp_path: Path) -> None:
    found = desk.json("returns", "--out", str(tmp_path / "out"), "--sender", "橄榄村")
    assert [Path(one["path"]).exists() for one in found["returns"]] == [True]
    delivery = found["items"][0]["delivery"]
    assert [(action, subject) for action, subject, _ in desk.logged()] == [
        ("exported", f"delivery/{delivery}")
    ]
    assert desk.call("returns", "--sender", "没有的村").exit_code == 2


def test_a_decision_is_recorded_logged_and_taken_back(desk: Desk) -> None:
    (item,) = desk.json("returns")["items"]
    where = ("resolve", item["delivery"], "--sheet", item["sheet"], "--row", "4", "--by", "李娜")
    refused = desk.call(*where, "--how", "accept", "--reason", "已核实")
    assert refused.exit_code == 2 and "关键内容" in refused.stderr
    assert desk.call(*where, "--how", "withdraw", "--reason", "重复报送").exit_code == 0
    assert desk.call("returns").exit_code == 0, "nothing is open"
    assert ("overridden", f"resolution/1/{item['delivery']}", "李娜: 重复报送") in desk.logged()
    undone = desk.call(
        "resolve", item["delivery"], "--how", "undo", "--number", "1", "--by", "李娜", "--reason", "弄错"
    )
    assert undone.exit_code == 0
    assert len(desk.json("returns")["items"]) == 1


@pytest.mark.parametrize(
    "words",
    [
        ("resolve", "000000000000", "--how", "withdraw", "--reason", "x", "--by", "y"),
        ("resolve", "0", "--how", "guess", "--reason", "x", "--by", "y"),
        ("forget", "c" + "0" * 20, "--reason", "x", "--by", "y"),
        ("forget", "c" + "0" * 20, "--reason", " ", "--by", "y"),
    ],
)
def test_a_wrong_call_ends_with_two(desk: Desk, words: tuple[str, ...]) -> None:
    assert desk.call(*words).exit_code == 2


def test_a_deletion_request_is_carried_out_and_logged(desk: Desk) -> None:
    connection = store.open_file(desk.store / "registry.duckdb", read_only=True)
    ((child,),) = store.run(connection, "SELECT DISTINCT child_ref FROM person")
    connection.close()
    done = desk.json("forget", child, "--reason", "监护人申请", "--by", "李娜")
    assert (done["child_id"], done["originals"], done["unsearched"]) == (child, 1, 0)
    assert ("overridden", child, "李娜: 监护人申请") in desk.logged()


@pytest.mark.parametrize("command", ["returns", "resolve", "forget"])
def test_help_gives_an_example(desk: Desk, command: str) -> None:
    assert f"Example: shouhu {command}" in CliRunner().invoke(app, [command, "--help"]).stdout
