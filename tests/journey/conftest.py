"""One small demo district for all journeys, made by the command itself, and served on a free port."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from dashboard.accounts import make_demo_users, mark_as_demo
from dashboard.desk import open_desk
from registry import store
from registry.vault import load_key
from tests.journey.test_sign_in import CHROMIUM, Server, free_port, start, wait_for

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "ledgers"


def needs_chromium() -> None:
    """Skip where Debian's chromium is missing, except where everything must run."""
    if not Path(CHROMIUM).exists() and "SHOUHU_REQUIRE_ALL" not in os.environ:
        pytest.skip("needs Debian's chromium; it runs in CI")


class Answer(NamedTuple):
    """What a command said: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)


class Shouhu:
    """The command, with a key of its own, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = folder / "store"
        self.key_file = folder / "key"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "SHOUHU_KEY_FILE": str(self.key_file),
            "PYTHONUTF8": "1",
        }

    def __call__(self, *arguments: str, store: Path | None = None) -> Answer:
        with_store = (
            []
            if arguments[0] == "template" or "--help" in arguments
            else ["--store", str(store or self.store)]
        )
        command = [sys.executable, "-m", "dashboard.cli", *arguments, *with_store]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=600
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Answer(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def shouhu(tmp_path_factory: pytest.TempPathFactory) -> Shouhu:
    """The command with a demo district of 200 children in its store, kept as ledgers beside it."""
    command = Shouhu(tmp_path_factory.mktemp("journey"))
    made = command(
        "demo", "--children", "200", "--no-serve", "--json", "--out", str(command.folder / "ledgers")
    )
    assert made.code == 0, made.err
    (command.folder / "demo.json").write_text(made.out, "utf-8")
    return command


class Children(NamedTuple):
    """What no aggregate reader may meet: names of three signs and more, identity numbers, pseudonyms."""

    names: frozenset[str]
    numbers: frozenset[str]
    pseudonyms: frozenset[str]

    def found_in(self, texts: Sequence[bytes]) -> set[str]:
        everything = b"\n".join(texts)
        known = self.names | self.numbers | self.pseudonyms
        return {word for word in known if word.encode() in everything}


@pytest.fixture(scope="session")
def children(shouhu: Shouhu) -> Children:
    vault, _ = load_key(shouhu.key_file)
    connection = store.open_snapshot(shouhu.store)
    rows = store.run(connection, "SELECT child_id, name, id_no FROM identity")
    connection.close()
    names = {vault.open(row[1]) or "" for row in rows}
    numbers = {vault.open(row[2]) or "" for row in rows} - {""}
    return Children(
        frozenset(name for name in names if len(name) > 2),
        frozenset(numbers),
        frozenset(row[0] for row in rows),
    )


@pytest.fixture(scope="session")
def served(shouhu: Shouhu) -> Iterator[Server]:
    """The demo behind its sign-in."""
    desk = open_desk(shouhu.store)
    mark_as_demo(desk)
    make_demo_users(desk)
    found = Server(free_port(), desk)
    os.environ["SHOUHU_KEY_FILE"] = str(shouhu.key_file)
    process = start(shouhu.store, found.port)
    wait_for(found, process)
    yield found
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
