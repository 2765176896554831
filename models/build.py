"""One build: registry → tables as known on a day → base → indicators → screening → a published snapshot.

Everything is a function of the deliveries, the contracts, the rules and the two days: the same inputs have the same
build id and the same figures, byte for byte.  A build writes a file of its own and moves the pointer last, so a
killed build hurts nobody.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from data_contracts.grown import bring_up_to_date
from data_contracts.known import make_known_tables
from models.data_quality import make_history, make_quality_tables
from models.disclosure.publish import earlier_issues, publish
from models.evaluate import evaluate, prepare
from models.figure_quality import make_figure_quality
from models.incremental import EARLIER, Memory, RememberingEngine
from models.measure import indicators
from models.periods import list_days
from models.screening.by_hand.moving import counting, create_overrides
from models.screening.history import TARGET, make_tierings
from models.screening.rulebook.in_force import COLUMNS, PARTS, TABLE, in_force, publication_days, version_rows
from models.screening.scoring import screen
from registry import store
from registry.decisions import decisions
from registry.overrides import overrides
from registry.settings import Settings
from registry.vault import load_key
from registry.versions import SHIPPED, digest_of

SOURCES = ("models", "data_contracts")
SOURCE_KINDS = (".py", ".sql", ".toml", ".yaml")
# C13 counts by the tier's own interval too, so screening comes before the indicators.  A move by hand changes the
# order of work, not the duty that the work is judged by: the computed day counts.
TIER_DUE = (
    "SELECT s.child_id, COALESCE(m.due_computed, s.due_on) AS due_on, CAST(NULL AS VARCHAR) AS record "
    "FROM screening AS s LEFT JOIN moved_child AS m ON m.child_id = s.child_id AND m.target = s.target "
    "WHERE s.target = 'visit'"
)
ACCOUNT = ("delivery", "message")


class Built(NamedTuple):
    """A published build; `rows` counts the rows of the tables as known, `seconds` the run."""

    build_id: str
    as_of: dt.date
    known_on: dt.date
    rows: int
    seconds: float
    reused: bool
    file: str


class NothingTakenIn(store.StoreProblem):
    """A build without any delivery."""


def sources_digest() -> str:
    """The sha256 of everything that can move a figure: contracts, SQL, rules, parameters, code."""
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for folder in SOURCES:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in SOURCE_KINDS and path.is_file():
                digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _inputs(connection: store.Connection, known_on: dt.date | None, place: Path) -> tuple[str, dt.date]:
    """(digest of what came in, the day of knowledge): asked for, else the last day of a delivery, decision or move.

    Of the decisions about who is the same child, and of the moves by hand, only those that stand on that day count, and
    of the published cards and rules those that hold on it.
    """
    rows = store.run(
        connection, "SELECT sha256, reported_on, received_on, seq FROM registry.delivery ORDER BY seq"
    )
    if not rows:
        raise NothingTakenIn("registry.duckdb: expected a delivery, found none")
    taken = decisions(connection, "registry")
    by_hand = overrides(connection, "registry")
    days = [row[2] for row in rows] + [one.at.date() for one in taken] + [one.at.date() for one in by_hand]
    undone = [one.undone_at for one in taken] + [one.undone_at for one in by_hand]
    day = known_on or max(days + [at.date() for at in undone if at] + publication_days(place))
    lines = [f"{sha} {reported} {received}" for sha, reported, received, _ in rows]
    lines += [" ".join(map(str, one[:6])) for one in taken if one.stands_on(day)]
    lines += [" ".join(map(str, one[:8])) for one in by_hand if one.known_on(day)]
    lines += [f"{number} {how} {undoes}" for number, how, undoes in _decisions_on_rows(connection)]
    lines += [f"{one.target} {part} {one.number(part)} {digest_of(one.text(part))}"
              for one in in_force(place, day).values() for part in PARTS if one.number(part) != SHIPPED]  # fmt: skip
    return hashlib.sha256("\n".join(lines).encode()).hexdigest(), day


def _decisions_on_rows(connection: store.Connection) -> list[tuple[int, str, int | None]]:
    """What was decided about open items: it moves figures, or what is said of their inputs, like a delivery does."""
    if not store.run(
        connection,
        "SELECT 1 FROM duckdb_tables() WHERE database_name = 'registry' AND table_name = 'resolution'",
    ):
        return []
    rows = store.run(
        connection,
        "SELECT number, how, undoes FROM registry.resolution ORDER BY number",
    )
    return [(number, how, undoes) for number, how, undoes in rows]


def _build_id(settings: Settings, inputs: str, as_of: dt.date, known_on: dt.date, publishes: bool) -> str:
    """A build for readers has a protected cube and another id than a mere look, which can use one if there is one."""
    text = f"{inputs} {sources_digest()} {as_of} {known_on}"
    published, look = (hashlib.sha256((text + end).encode()).hexdigest()[:12] for end in ("", " look"))
    return published if publishes or (settings.snapshots / f"{published}.duckdb").exists() else look


def build(
    settings: Settings,
    as_of: dt.date,
    known_on: dt.date | None = None,
    checks: Callable[[], Sequence[Sequence[Any]]] | None = None,
    step: Callable[[str], None] = lambda _: None,
    publishes: bool = True,
    full: bool = False,
) -> Built:
    """Build and publish; `checks` gives the quality results to publish with it, `step` hears what begins.

    `known_on` is the last day of receipt or decision unless a past day is asked for.  Without `publishes` the
    snapshot is made (or found) and the pointer stays where it is: a look at another day moves nobody's pages.
    What the published build made from the same is taken over from it, unless a `full` build is asked for, which makes
    everything in a file of its own; the figures are the same.
    KeyProblem without the store's key: names are compared in memory, though none is written.
    """
    started = time.monotonic()
    if not settings.registry_path.exists():
        raise NothingTakenIn("registry.duckdb: expected a registry, found none")
    for folder in (settings.store, settings.snapshots):
        store.remove_leftovers(folder)
    bring_up_to_date(settings.registry_path)
    beside = settings.snapshots / f".{os.getpid()}.duckdb"
    connection = store.open_file(beside)
    try:
        store.run(connection, f"ATTACH '{_quoted(settings.registry_path)}' AS registry (READ_ONLY)")
        inputs, known_on = _inputs(connection, known_on, settings.store)
        build_id = _build_id(settings, inputs, as_of, known_on, publishes)
        final = settings.snapshots / f"{build_id}{'.full' if full else ''}.duckdb"
        if final.exists() and not full:
            rows = _published_rows(settings, final)
            reused = True
        else:
            memory = Memory(connection, None if full else _published(settings))
            rows = _fill(connection, as_of, known_on, build_id, settings, memory, checks, step, publishes)
            memory.close()
            reused = False
        store.run(connection, "DETACH registry")
    finally:
        connection.close()
    step("publish")
    if reused:
        beside.unlink(missing_ok=True)
    else:
        beside.replace(final)
    pointer = {
        "build_id": build_id,
        "as_of": as_of.isoformat(),
        "known_on": known_on.isoformat(),
        "rows": rows,
    }
    if publishes:
        store.publish(settings.store, final.name, pointer)
    return Built(build_id, as_of, known_on, rows, time.monotonic() - started, reused, final.name)


def _published(settings: Settings) -> Path | None:
    """The published snapshot, if there is one."""
    try:
        found = settings.snapshots / store.current(settings.store)["file"]
    except store.NoSnapshot:
        return None
    return found if found.exists() else None


def _published_rows(settings: Settings, final: Path) -> int:
    connection = store.open_file(final, read_only=True)
    try:
        return int(store.run(connection, "SELECT rows FROM build_info")[0][0])
    finally:
        connection.close()


def _fill(
    connection: store.Connection,
    as_of: dt.date,
    known_on: dt.date,
    build_id: str,
    settings: Settings,
    memory: Memory,
    checks: Callable[[], Sequence[Sequence[Any]]] | None,
    step: Callable[[str], None],
    publishes: bool,
) -> int:
    # One transaction: hundreds of small tables, each written to the disk by itself, cost more than making them.
    store.run(connection, "BEGIN")
    step("known")
    vault, _ = load_key(settings.key_file)
    rows = sum(make_known_tables(connection, "registry", known_on, vault).values())
    for table in ACCOUNT:
        store.run(connection, f"CREATE TABLE {table} AS SELECT * FROM registry.{table} ORDER BY ALL")
    engine = RememberingEngine(connection, memory)
    step("base")
    prepare(engine, as_of)
    # Of what is not committed DuckDB knows no sizes, and plans joins that a million children's memory does not hold.
    store.run(connection, "COMMIT")
    store.run(connection, "BEGIN")
    step("screening")
    _take_moves(connection, engine, as_of, known_on)
    _screening(engine, memory, as_of, known_on, settings)
    engine.table("tier_due", TIER_DUE)
    step("indicators")
    evaluate(engine, list(indicators().values()), memory)
    store.run(connection, "COMMIT")
    if publishes:
        step("protect")
        _protect(connection, as_of, settings, memory)
    step("quality")
    results = checks() if checks else []
    _quality(connection, results)
    make_quality_tables(connection, "registry", results)
    make_figure_quality(connection, "registry")
    make_history(connection, settings.store)
    _build_info(connection, build_id, as_of, known_on, rows, bool(store.manifest(settings.store).get("demo")))
    return rows


def _screening(
    engine: RememberingEngine, memory: Memory, as_of: dt.date, known_on: dt.date, settings: Settings
) -> None:
    """Both lists by the cards and rules that hold on the day of knowledge; which ones is published with them."""
    held = in_force(settings.store, known_on)
    rules = {target: one.rules for target, one in held.items()}
    make_tierings(engine, list_days(as_of), memory=memory, rules=rules[TARGET].rules)
    screen(engine, as_of, {target: one.card for target, one in held.items()}, rules)
    engine.create(TABLE, COLUMNS, version_rows(settings.store, held, known_on))


def _take_moves(
    connection: store.Connection, engine: RememberingEngine, as_of: dt.date, known_on: dt.date
) -> None:
    """The moves by hand that count on this list, for the children as they are joined today."""
    links: dict[str, str] = dict(store.run(connection, "SELECT child_ref, child_id FROM link"))  # type: ignore[arg-type]
    create_overrides(engine, counting(overrides(connection, "registry"), as_of, known_on), links)


def _protect(connection: store.Connection, as_of: dt.date, settings: Settings, memory: Memory) -> None:
    """Make the cube for readers of aggregates, with what the build that they see now has issued of the same periods."""
    before = None if memory.is_attached else _published(settings)
    if before:
        store.run(connection, f"ATTACH '{_quoted(before)}' AS {EARLIER} (READ_ONLY)")
    earlier = earlier_issues(connection) if before or memory.is_attached else {}
    if before:
        store.run(connection, f"DETACH {EARLIER}")
    publish(connection, as_of, earlier)


def _quality(connection: store.Connection, results: Sequence[Sequence[Any]]) -> None:
    store.run(
        connection,
        "CREATE TABLE quality (table_name VARCHAR, check_id VARCHAR, zh VARCHAR, en VARCHAR, dimension VARCHAR, "
        "status VARCHAR, failed BIGINT, applicable BIGINT)",
    )
    if results:
        connection.executemany(
            "INSERT INTO quality VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [list(r[:8]) for r in results]
        )


def _build_info(
    connection: store.Connection, build_id: str, as_of: dt.date, known_on: dt.date, rows: int, demo: bool
) -> None:
    store.run(
        connection,
        "CREATE TABLE build_info (build_id VARCHAR, as_of DATE, known_on DATE, built_at TIMESTAMP, rows BIGINT, "
        "demo BOOLEAN)",
    )
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
    store.run(
        connection,
        "INSERT INTO build_info VALUES (?, ?, ?, ?, ?, ?)",
        [build_id, as_of, known_on, now, rows, demo],
    )


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
