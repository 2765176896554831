"""A build that takes over what has not changed has the figures of a build that makes everything anew."""

from __future__ import annotations

import datetime as dt
import random
import shutil
from pathlib import Path

import pytest

import models.build
from data_contracts.demo import make_world, planned_files
from data_contracts.demo.writing import write_file
from models import parameters as dated
from models.build import Built, build
from models.measure import Indicator, indicators, read_indicator
from registry import store
from registry.settings import Settings
from tests.sheets import Registry

AS_OF = dt.date(2026, 9, 30)
CHILDREN, SEED = 150, 5
PUBLISHED = ("figure", "case_row", "screening", "tiering", "indicator", "measure_series", "case_place")
AS_SETS = ("reason", "unknown_fact", "fact", "population", "known_child", "figure_quality")
DELIVERIES = range(2)
CHANGES = range(2)


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ledgers")
    for file in planned_files(make_world(CHILDREN, SEED, as_of=AS_OF)):
        write_file(file, folder, SEED, AS_OF)
    return folder


def held_back(ledgers: Path, seed: int) -> Path:
    """The delivery that comes in later: a visit ledger first, then any."""
    files = sorted(path for path in ledgers.rglob("*") if path.is_file())
    visits = [path for path in files if "走访" in path.name or "探访" in path.name or "visit" in path.name]
    return random.Random(seed).choice(visits if seed == 0 and visits else files)


def district(folder: Path, ledgers: Path, without: Path | None) -> Registry:
    registry = Registry(folder)
    registry.settings.key_file.write_text((b"k" * 32).hex(), "utf-8")
    registry.settings.key_file.chmod(0o600)
    files = [path for path in sorted(ledgers.rglob("*")) if path.is_file() and path != without]
    registry.take_in(*files, received_on=AS_OF)
    registry.connection.close()
    return registry


@pytest.fixture(scope="module")
def built(ledgers: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    registry = district(tmp_path_factory.mktemp("built"), ledgers, None)
    build(registry.settings, AS_OF)
    return registry.settings


def copied(settings: Settings, folder: Path) -> Settings:
    shutil.copytree(settings.store, folder / "store")
    shutil.copy(settings.key_file, folder / "key")
    return Settings(store=folder / "store", key_file=folder / "key")


def assert_both_ways_alike(settings: Settings) -> Built:
    """Build both ways and compare every published table; the build that took over."""
    kept = build(settings, AS_OF)
    anew = build(settings, AS_OF, full=True)
    assert (kept.reused, kept.build_id) == (False, anew.build_id) and kept.file != anew.file
    ours, theirs = (store.open_file(settings.snapshots / one.file, read_only=True) for one in (kept, anew))
    for table in (*PUBLISHED, *AS_SETS):
        order = " ORDER BY ALL" if table in AS_SETS else ""
        sql = f"SELECT * FROM {table}{order}"
        found = store.run(ours, sql)
        assert found == store.run(theirs, sql), f"{table} differs"
        assert found or table in ("tiering", "figure_quality"), f"{table} is empty"
    ours.close()
    theirs.close()
    return kept


def taken_and_made(monkeypatch: pytest.MonkeyPatch) -> list[models.build.Memory]:
    """The memories of the builds to come, which say what each took over."""
    seen: list[models.build.Memory] = []

    class Watched(models.build.Memory):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments)  # type: ignore[arg-type]
            seen.append(self)

    monkeypatch.setattr(models.build, "Memory", Watched)
    return seen


@pytest.mark.parametrize("seed", DELIVERIES)
def test_after_a_new_delivery(
    seed: int, ledgers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = held_back(ledgers, seed)
    registry = district(tmp_path, ledgers, late)
    build(registry.settings, AS_OF)
    registry.connection = store.open_file(registry.settings.registry_path)
    registry.take_in(late, received_on=AS_OF)
    registry.connection.close()
    seen = taken_and_made(monkeypatch)
    assert_both_ways_alike(registry.settings)
    kept, anew = seen
    assert any(name.startswith("indicator ") for name in kept.taken), (
        "what the ledger does not touch is taken over"
    )
    assert anew.taken == [], "a full build takes nothing over"


@pytest.mark.parametrize("seed", CHANGES)
def test_after_a_changed_parameter(
    seed: int, built: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_by = sorted({name for one in indicators().values() for name in one.head.parameters})
    changed = random.Random(seed).choice(read_by)
    real = dated.value_on
    for module in ("models.periods", "models.facts", "models.screening.history"):
        monkeypatch.setattr(f"{module}.value_on", lambda name, day: real(name, day) + (name == changed))
    monkeypatch.setattr(models.build, "sources_digest", lambda: f"with another {changed}")
    seen = taken_and_made(monkeypatch)
    assert_both_ways_alike(copied(built, tmp_path))
    made = {name.removeprefix("indicator ") for name in seen[0].made}
    readers = {code for code, one in indicators().items() if changed in one.head.parameters}
    assert readers <= made, f"every reader of {changed} is made anew"
    assert set(indicators()) - made, f"what does not read {changed} is taken over"


@pytest.mark.parametrize("seed", CHANGES)
def test_after_a_changed_indicator(
    seed: int, built: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = random.Random(seed).choice(
        [code for code, one in indicators().items() if "'yes'" in one.query.text and "'no'" in one.query.text]
    )
    monkeypatch.setattr(models.build, "indicators", lambda: {**indicators(), code: turned_round(code)})
    monkeypatch.setattr(models.build, "sources_digest", lambda: f"with another {code}")
    seen = taken_and_made(monkeypatch)
    assert_both_ways_alike(copied(built, tmp_path))
    assert [name for name in seen[0].made if name.startswith("indicator ")] == [f"indicator {code}"]


def turned_round(code: str) -> Indicator:
    """The indicator with yes and no exchanged."""
    one = indicators()[code]
    path = next(models.measure.FOLDER.glob(f"*/{one.query.file}"))
    head, query = path.read_text("utf-8").split("*/", 1)
    query = query.replace("'yes'", "'~'").replace("'no'", "'yes'").replace("'~'", "'no'")
    return read_indicator(f"{head}*/{query}", path.name, one.chapter)
