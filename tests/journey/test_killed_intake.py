"""A killed intake or build hurts nobody: after a restart and a repeat the store equals an undisturbed one.

`SHOUHU_ALL_KILLS=1 pytest tests/journey/test_killed_intake.py` kills fifty times; the usual run three times.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from registry import store
from registry.vault import KeyProblem, Vault, load_key
from tests.corpus.makers import CHILD, VISIT, number, table, text, workbook
from tests.sheets import area_book

ROOT = Path(__file__).parents[2]
N_KILLS = 50 if "SHOUHU_ALL_KILLS" in os.environ else 3
SEALED = re.compile(r"[0-9a-f]{56,}")
PATIENCE = 120.0
VICTIMS = ("both", "both", "command", "reader")


class Undisturbed(NamedTuple):
    """What the store must be in the end, and how long an intake works on it."""

    content: dict[str, Any]
    seconds: float


class Office:
    """An inbox, a key, and stores into which the inbox is taken."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.inbox, self.key_file = folder, folder / "inbox", folder / "key"
        self.inbox.mkdir()
        fill(self.inbox)

    def start(self, *words: str, into: Path) -> subprocess.Popen[bytes]:
        """Start a command in a process group of its own."""
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "SHOUHU_KEY_FILE": str(self.key_file)}
        command = [sys.executable, "-m", "dashboard.cli", *words, "--store", str(into), "--json"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(command, env=environment, start_new_session=True, **quiet)  # type: ignore[call-overload, no-any-return]

    def take_in(self, into: Path) -> subprocess.Popen[bytes]:
        """Start an intake of the inbox."""
        return self.start("intake", str(self.inbox), "--received-on", "2026-10-05", into=into)

    @property
    def vault(self) -> Vault:
        return load_key(self.key_file)[0]


def fill(inbox: Path) -> None:
    """Files of several senders and forms: good rows, rows that wait, damaged files, rows said again."""
    area_book(inbox)
    for place, sender in enumerate(("凤翔街道响泉村", "凤翔街道橄榄村", "博尚镇响泉村")):
        rows = [
            {
                **CHILD,
                "姓名": f"王{chr(0x6881 + row)}",
                "身份证号": number("20160612", 100 * place + row),
                "出生日期": None,
            }
            for row in range(40)
        ]
        rows += [
            {**rows[0], "履职情况": "未履行"},
            rows[1],
            {**CHILD, "身份证号": None, "出生日期": "2016-02-30"},
        ]
        (inbox / f"村{place}.xlsx").write_bytes(workbook(("village_ledger", rows), sender=sender))
    wrong = {**VISIT, "应访截止日期": "2026-02-30"}
    (inbox / "访.xlsx").write_bytes(workbook(("visits", [VISIT, wrong] * 30), sender="凤翔街道"))
    (inbox / "访.csv").write_bytes(text(table({**VISIT, "应访截止日期": "2026-06-30"})).encode("gb18030"))
    (inbox / "谜.csv").write_bytes("甲乙,丙丁,戊己\n1,2,3\n".encode())
    (inbox / "坏.xlsx").write_bytes(b"PK\x03\x04cut")


def content_of(where: Path, vault: Vault) -> dict[str, Any]:
    """All rows of all tables in order, what is encrypted opened, the originals, the manifest and every file's name."""

    def plain(value: Any) -> Any:
        if not isinstance(value, str) or not SEALED.fullmatch(value):
            return value
        try:
            return vault.open(value)
        except KeyProblem:
            return value

    connection = store.open_file(where / "registry.duckdb", read_only=True)
    tables = [name for (name,) in store.run(connection, "SELECT table_name FROM duckdb_tables() ORDER BY 1")]
    found: dict[str, Any] = {
        name: sorted([tuple(map(plain, row)) for row in store.run(connection, f'FROM "{name}"')], key=repr)
        for name in tables
    }
    connection.close()
    for path in sorted(where.rglob("*")):
        if path.suffix == ".sealed":
            found[path.name] = hashlib.sha256(vault.open_bytes(path.read_bytes())).hexdigest()
        elif (
            path.name == "verdicts.json"
        ):  # the state of a table is a digest of its cells as they are encrypted
            found[path.name] = {name: one["checks"] for name, one in json.loads(path.read_text()).items()}
        elif path.is_file():
            found[str(path.relative_to(where))] = path.read_text() if path.suffix == ".json" else "a file"
    return found


def wait_until(holds: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Look every two milliseconds, as long as the process lives."""
    end = time.monotonic() + PATIENCE
    while not holds() and process.poll() is None:
        assert time.monotonic() < end, "the command did not begin"
        time.sleep(0.002)


def readers_of(group: int) -> list[int]:
    """The process numbers of a group's living members besides its leader."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z" and int(status.parent.name) != group:
            found.append(int(status.parent.name))
    return found


def kill(process: subprocess.Popen[bytes], victim: str) -> None:
    """Kill without any chance to clear up."""
    if process.poll() is None:
        if victim == "both":
            os.killpg(process.pid, signal.SIGKILL)
        elif victim == "command":
            process.kill()
        else:
            for reader in readers_of(process.pid):
                os.kill(reader, signal.SIGKILL)
    process.wait(PATIENCE)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    if not Path("/proc/self/stat").exists():
        pytest.skip("needs /proc")
    return Office(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def undisturbed(office: Office) -> Undisturbed:
    where = office.folder / "undisturbed"
    process = office.take_in(where)
    wait_until((where / "store.json").exists, process)
    began = time.monotonic()
    process.wait(PATIENCE)
    return Undisturbed(content_of(where, office.vault), time.monotonic() - began)


def test_the_undisturbed_store_holds_what_the_inbox_has(undisturbed: Undisturbed) -> None:
    content = undisturbed.content
    statuses = sorted(row[8] for row in content["delivery"])
    assert statuses == ["accepted", "accepted", *["partly"] * 4, "rejected", "rejected"]
    assert len(content["quarantine"]) == 3 * 2 + 30 + 2
    assert sum(name.endswith(".sealed") for name in content) == 8


@pytest.mark.parametrize("which", range(N_KILLS))
def test_a_killed_intake_repeated_leaves_what_an_undisturbed_one_leaves(
    office: Office, undisturbed: Undisturbed, which: int, tmp_path: Path
) -> None:
    chance = random.Random(f"kill {which}")
    where, victim = tmp_path / "store", VICTIMS[which % len(VICTIMS)]
    process = office.take_in(where)
    # The first kills of all come while the store itself is made.
    wait_until((where if which % 10 == 0 else where / "store.json").exists, process)
    time.sleep(chance.uniform(which / N_KILLS, (which + 1) / N_KILLS) * undisturbed.seconds)
    kill(process, victim)
    end = time.monotonic() + 10
    while readers_of(process.pid) and time.monotonic() < end:
        time.sleep(0.01)
    assert readers_of(process.pid) == [], "the reading process outlived the command"
    again = office.take_in(where)
    assert again.wait(PATIENCE) in (0, 1)  # 0 where the kill came too late: all files are known
    assert content_of(where, office.vault) == undisturbed.content


def test_half_written_files_of_a_killed_run_are_cleared_up_and_those_of_a_living_one_are_not(
    office: Office, undisturbed: Undisturbed
) -> None:
    where = office.folder / "undisturbed"
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    living = where / "originals" / f".abc.{os.getppid()}"
    dead = [where / "originals" / f".abc.{gone.pid}", where / f".store.json.{gone.pid}"]
    for path in (living, *dead):
        path.write_bytes(b"half")
    assert office.take_in(where).wait(PATIENCE) == 0
    assert (living.exists(), [path.exists() for path in dead]) == (True, [False, False])
    living.unlink()
    assert content_of(where, office.vault) == undisturbed.content


def test_a_killed_build_leaves_the_published_one_and_the_next_build_clears_up(
    office: Office, undisturbed: Undisturbed
) -> None:
    where = office.folder / "undisturbed"
    assert office.start("build", "--as-of", "2026-10-05", into=where).wait(PATIENCE) == 0
    pointer = (where / "current.json").read_text()
    snapshots = where / "snapshots"
    for fraction in (0.0, 0.5):
        process = office.start("build", "--as-of", "2026-09-30", into=where)
        wait_until(lambda: any(snapshots.glob(".*.duckdb")), process)
        time.sleep(fraction)
        assert process.poll() is None, "the build ended before it was killed"
        kill(process, "both")
        assert (where / "current.json").read_text() == pointer
        store.open_snapshot(where).close()
        assert list(snapshots.glob(".*"))
    assert office.start("build", "--as-of", "2026-09-30", into=where).wait(PATIENCE) == 0
    assert list(snapshots.glob(".*")) == []
    published = json.loads((where / "current.json").read_text())
    assert published["as_of"] == "2026-09-30" and (snapshots / published["file"]).exists()
