"""The daily recompute: both lists made again from the raw inputs, and compared with what is published.

Nothing is taken over from the published build: the tables as known are made from the registry's rows, then facts,
lists and receipts, by the cards, rules and parameters as they stand now.  So a row, a parameter or a byte of a card
that changed after the build is found, and so is a published place on a list that nothing leads to.  Each run is a line
of `receipts.jsonl` in the store.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

from data_contracts.grown import bring_up_to_date
from data_contracts.known import make_known_tables
from models.complaints import FileProblem
from models.engines import DuckDbEngine
from models.evaluate import prepare
from models.screening.by_hand.moving import counting, create_overrides
from models.screening.receipts import Difference, recompute_and_compare
from models.screening.rulebook.card import DEFAULT_CARDS, ReadCard
from models.screening.rulebook.in_force import InForce, in_force
from models.screening.rulebook.lanes import ReadRules
from models.screening.scoring import screen
from registry import store
from registry.overrides import overrides
from registry.settings import Settings
from registry.vault import load_key

HISTORY = "receipts.jsonl"
# What of a place on a list is compared; the rank apart, because one child's change moves all after it.
PLACE = (
    *("village_code", "eligibility", "lane", "lane_high", "tier", "tier_low", "tier_high"),
    *("points", "points_low", "points_high", "due_on", "days_since_visit", "card"),
)
FACT = ("known", "number", "code", "flag", "since", "record")
PUBLISHED = ("screening", "fact", "receipt_version", "delivery")

Alarm = Literal["", "never", "late", "differs"]


class Found(NamedTuple):
    """One thing that no longer agrees.

    part: `card`, `rules`, `parameters`, `as_of`, `deliveries` (of the whole list), `facts` (a child's, named in
    `facts`), `receipt` or `place` (published, though nothing leads to it).  target is empty where no list is touched.
    """

    part: str
    target: str = ""
    child_id: str = ""
    facts: tuple[str, ...] = ()


class Run(NamedTuple):
    """One recompute: when, of which build, how many receipts were made again, and what differed."""

    at: dt.datetime
    build_id: str
    as_of: dt.date
    known_on: dt.date
    receipts: int
    found: tuple[Found, ...]

    @property
    def agrees(self) -> bool:
        """Whether everything is as it was."""
        return not self.found


def recompute(settings: Settings, now: dt.datetime | None = None) -> Run:
    """Make the published lists again from the registry, compare, and keep the outcome in the store.

    NoSnapshot before the first build; StoreBusy while something is taken in; KeyProblem without the store's key.
    """
    pointer = store.current(settings.store)
    as_of, known_on = (dt.date.fromisoformat(pointer[name]) for name in ("as_of", "known_on"))
    try:
        held = in_force(settings.store, known_on)
    except FileProblem as problem:
        count, found = 0, _edited(problem)
    else:
        count, found = _compared(settings, pointer["file"], as_of, known_on, held)
    at = (now or dt.datetime.now(dt.UTC)).replace(microsecond=0)
    run = Run(at, pointer["build_id"], as_of, known_on, count, found)
    _record(settings.store, run)
    return run


def _edited(problem: FileProblem) -> tuple[Found, ...]:
    """The cards that are not the bytes that were published: no list can be made with them; any other problem again."""
    ids = {one.details.get("id") for one in problem.complaints if one.code == "edited"}
    found = tuple(Found("card", target) for target, name in DEFAULT_CARDS.items() if name in ids)
    if not found:
        raise problem
    return found


def _compared(
    settings: Settings, published: str, as_of: dt.date, known_on: dt.date, held: dict[str, InForce]
) -> tuple[int, tuple[Found, ...]]:
    """How many receipts were made again, and what differs."""
    store.remove_leftovers(settings.snapshots)
    bring_up_to_date(settings.registry_path)
    beside = settings.snapshots / f".{os.getpid()}.duckdb"
    connection = store.open_file(beside)
    try:
        _make_again(connection, settings, as_of, known_on, held)
        _take_published(connection, settings.snapshots / published)
        found = tuple(_differences(connection, as_of, known_on, held))
        return int(store.run(connection, "SELECT count(*) FROM screening")[0][0]), found
    finally:
        connection.close()
        beside.unlink(missing_ok=True)


def _make_again(
    connection: store.Connection,
    settings: Settings,
    as_of: dt.date,
    known_on: dt.date,
    held: dict[str, InForce],
) -> None:
    if not store.attach(connection, settings.registry_path, "registry"):
        raise store.StoreBusy("registry.duckdb: another process is writing to this store")
    vault, _ = load_key(settings.key_file)
    store.run(connection, "BEGIN")  # else each of hundreds of small tables is written to the disk by itself
    make_known_tables(connection, "registry", known_on, vault)
    engine = DuckDbEngine(connection)
    prepare(engine, as_of)
    links: dict[str, str] = dict(store.run(connection, "SELECT child_ref, child_id FROM link"))  # type: ignore[arg-type]
    create_overrides(engine, counting(overrides(connection, "registry"), as_of, known_on), links)
    screen(engine, as_of, *_cards_and_rules(held))
    store.run(connection, "COMMIT")


def _cards_and_rules(held: dict[str, InForce]) -> tuple[dict[str, ReadCard], dict[str, ReadRules]]:
    return {target: one.card for target, one in held.items()}, {
        target: one.rules for target, one in held.items()
    }


def _take_published(connection: store.Connection, snapshot: Path) -> None:
    """The published tables under their names, those just made under `again_…`; the facts stay as just made."""
    if not store.attach(connection, snapshot, "published"):
        raise store.StoreProblem(f"{snapshot.name}: expected the published build, found no database")
    for table in PUBLISHED:
        store.run(connection, f"CREATE TABLE published_{table} AS SELECT * FROM published.{table}")
    store.run(connection, "ALTER TABLE screening RENAME TO again_screening")
    store.run(connection, "DROP TABLE receipt_version")
    for table in ("screening", "receipt_version"):
        store.run(connection, f"ALTER TABLE published_{table} RENAME TO {table}")
    store.run(connection, "DETACH published")


def _differences(
    connection: store.Connection, as_of: dt.date, known_on: dt.date, held: dict[str, InForce]
) -> Iterator[Found]:
    changed = recompute_and_compare(DuckDbEngine(connection), as_of, *_cards_and_rules(held))
    yield from (Found(one.part, one.target) for one in changed if not one.child_id)
    if _unseen_deliveries(connection, known_on):
        yield Found("deliveries")
    by_child = _changed_facts(connection)
    yield from _of_children([one for one in changed if one.child_id], by_child)
    of_whole_list = {one.target for one in changed if not one.child_id}
    yield from _places(connection, of_whole_list, set(by_child))


def _of_children(changed: list[Difference], by_child: dict[str, tuple[str, ...]]) -> Iterator[Found]:
    for one in changed:
        names = by_child.get(one.child_id, ())
        yield Found("facts" if names else "receipt", one.target, one.child_id, names)
    told = {one.child_id for one in changed}
    yield from (Found("facts", "", child, names) for child, names in by_child.items() if child not in told)


def _unseen_deliveries(connection: store.Connection, known_on: dt.date) -> int:
    """Deliveries by the build's day of knowledge that came in after it, or that it knows and the registry lost."""
    sql = (
        "SELECT count(*) FROM (SELECT delivery, sha256 FROM registry.delivery WHERE received_on <= ?) r "
        "FULL JOIN (SELECT delivery, sha256 FROM published_delivery) p USING (delivery, sha256) "
        "WHERE r.delivery IS NULL OR p.delivery IS NULL"
    )
    return int(store.run(connection, sql, [known_on])[0][0])


def _changed_facts(connection: store.Connection) -> dict[str, tuple[str, ...]]:
    """Child → names of the facts that are other than published."""
    one, other = (", ".join(f"{side}.{name}" for name in FACT) for side in ("f", "p"))
    sql = (
        "SELECT child_id, fact FROM fact f FULL JOIN published_fact p USING (child_id, fact) "
        f"WHERE ({one}) IS DISTINCT FROM ({other}) ORDER BY ALL"
    )
    found: dict[str, list[str]] = {}
    for child, name in store.run(connection, sql):
        found.setdefault(child, []).append(name)
    return {child: tuple(names) for child, names in found.items()}


def _places(
    connection: store.Connection, changed_lists: set[str], changed_children: set[str]
) -> Iterator[Found]:
    """Published places that neither a changed fact nor a changed rule, card or parameter explains."""
    ours = PLACE if changed_lists or changed_children else ("rank", *PLACE)
    one, other = (", ".join(f"{side}.{name}" for name in ours) for side in ("a", "s"))
    sql = (
        "SELECT target, child_id FROM again_screening a FULL JOIN screening s USING (target, child_id) "
        f"WHERE ({one}) IS DISTINCT FROM ({other}) ORDER BY ALL"
    )
    for target, child in store.run(connection, sql):
        if target not in changed_lists and child not in changed_children:
            yield Found("place", target, child)


def _record(folder: Path, run: Run) -> None:
    line = json.dumps(as_document(run), ensure_ascii=False) + "\n"
    with (folder / HISTORY).open("ab") as lines:
        lines.write(line.encode("utf-8"))


def as_document(run: Run) -> dict[str, Any]:
    """The run as plain values."""
    return {
        "at": run.at.isoformat(),
        "build_id": run.build_id,
        "as_of": run.as_of.isoformat(),
        "known_on": run.known_on.isoformat(),
        "receipts": run.receipts,
        "agrees": run.agrees,
        "differences": [{**one._asdict(), "facts": list(one.facts)} for one in run.found],
    }


def runs(folder: Path) -> list[Run]:
    """The runs kept in that store, oldest first; a line cut off when the machine stopped is left out."""
    path = folder / HISTORY
    if not path.exists():
        return []
    found = []
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            try:
                found.append(_read(json.loads(line)))
            except (ValueError, KeyError, TypeError):
                continue
    return found


def _read(one: dict[str, Any]) -> Run:
    differences = tuple(Found(**{**row, "facts": tuple(row["facts"])}) for row in one["differences"])
    as_of, known_on = (dt.date.fromisoformat(one[name]) for name in ("as_of", "known_on"))
    at = dt.datetime.fromisoformat(one["at"])
    return Run(at, one["build_id"], as_of, known_on, one["receipts"], differences)


def alarm(folder: Path, longest: dt.timedelta, now: dt.datetime) -> tuple[Alarm, Run | None]:
    """What is wrong with the receipts of that store, and the last run; nothing for a build younger than `longest`.

    Nothing either where nothing is published.
    A difference stays an alarm until a later run finds none: a new build alone does not make it go away.
    """
    last = next(reversed(runs(folder)), None)
    if last and not last.agrees:
        return "differs", last
    pointer = folder / "current.json"
    if not pointer.exists():
        return "", last
    built = dt.datetime.fromtimestamp(pointer.stat().st_mtime, dt.UTC)
    is_of_this_build = last is not None and last.build_id == store.current(folder)["build_id"]
    since = last.at if last and is_of_this_build else max(built, last.at if last else built)
    if now - since <= longest:
        return "", last
    return ("late" if last else "never"), last
