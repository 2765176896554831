"""What a version would have done at past quarter ends, with the facts as they were known then.

Of the children whom it would have put at each level, how many had something serious in the following quarter.  The
outcome is stated, with three values: *yes* where a record says so, *no* where somebody looked and found nothing,
*unknown* where nobody looked.  The unknown is never counted as good: a level that is visited less often has more of
it, so only the bounds may be compared.

- visit: yes for a new report-now item, a reported concern, an incident or a crisis item of that quarter; no for a
  home visit of that quarter in which the child was seen.
- referral: yes for a crisis item, a second assessment as severe, or a concern about self-harm or distress; no for a
  screen or a session of that quarter.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from data_contracts.known import make_contract_tables
from data_contracts.same_child.identity import resolve
from models.engines import DuckDbEngine
from models.evaluate import prepare
from models.facts import create_facts
from models.screening.rulebook.card import ReadCard
from models.screening.rulebook.in_force import InForce
from models.screening.rulebook.lanes import REPORT_NOW, ReadRules
from models.screening.tuning.ground import Ground, ground_in
from models.screening.tuning.trial import Listing, check_lane, listing
from registry import store
from registry.settings import Settings
from registry.store import Connection, run

QUARTERS = 4
OUTCOMES = ("yes", "no", "unknown")
_MONTHS_IN_QUARTER, _MONTHS_IN_YEAR = 3, 12
_GROUNDS_KEPT = 8
_TIERED = "SELECT child_id FROM tiering WHERE tier = 'report_now' AND tiered_on > $1 AND tiered_on <= $2"
_CRISIS = (
    "SELECT child_id FROM psych_screen WHERE crisis_flag AND "
    "coalesce(CAST(crisis_found_at AS DATE), screened_on) > $1 AND "
    "coalesce(CAST(crisis_found_at AS DATE), screened_on) <= $2"
)
HAPPENED = {
    "visit": (
        _TIERED,
        "SELECT child_id FROM concern WHERE aware_on > $1 AND aware_on <= $2",
        "SELECT child_id FROM incident WHERE happened_on > $1 AND happened_on <= $2",
        _CRISIS,
    ),
    "referral": (
        _CRISIS,
        "SELECT child_id FROM psych_screen WHERE second_outcome = 'severe' AND second_on > $1 AND second_on <= $2",
        "SELECT child_id FROM concern WHERE situation IN ('self_harm', 'psychological') "
        "AND aware_on > $1 AND aware_on <= $2",
    ),
}
LOOKED = {
    "visit": (
        "SELECT child_id FROM visit WHERE mode = 'home' AND child_seen AND visited_on > $1 AND visited_on <= $2",
    ),
    "referral": (
        "SELECT child_id FROM psych_screen WHERE screened_on > $1 AND screened_on <= $2",
        "SELECT child_id FROM psych_session WHERE held_on > $1 AND held_on <= $2",
    ),
}


class Outcomes(NamedTuple):
    """Children of one level by what the following quarter showed."""

    yes: int
    no: int
    unknown: int

    @property
    def n(self) -> int:
        """All children of the level."""
        return self.yes + self.no + self.unknown


class Quarter(NamedTuple):
    """One past quarter end: level → outcomes under what holds now and under what is tried; n children listed then."""

    day: dt.date
    until: dt.date
    n: int
    held: dict[str, Outcomes]
    tried: dict[str, Outcomes]


def quarter_ends(as_of: dt.date, quarters: int = QUARTERS) -> list[tuple[dt.date, dt.date]]:
    """(quarter end, end of the quarter after it) whose following quarter is over by the day, newest first."""
    found = []
    end = _quarter_end_by(as_of)
    for _ in range(quarters):
        before = _quarter_end_by(end - dt.timedelta(1))
        found.append((before, end))
        end = before
    return found


def _quarter_end_by(day: dt.date) -> dt.date:
    """The last quarter end that is not after the day."""
    following = day + dt.timedelta(1)
    month = (following.month - 1) // _MONTHS_IN_QUARTER * _MONTHS_IN_QUARTER + 1
    return dt.date(following.year, month, 1) - dt.timedelta(1)


def back_test(
    settings: Settings,
    target: str,
    held: InForce,
    card: ReadCard | None = None,
    rules: ReadRules | None = None,
    quarters: int = QUARTERS,
) -> list[Quarter]:
    """The past quarters of the published build, newest first; a quarter end at which nobody was known is left out.

    NoSnapshot where nothing is built.
    """
    pointer = store.current(settings.store)
    connection = store.open_snapshot(settings.store)
    try:
        links = dict(run(connection, "SELECT child_ref, child_id FROM link"))
        found = []
        for day, until in quarter_ends(dt.date.fromisoformat(pointer["as_of"]), quarters):
            ground = ground_then(settings.store, settings.registry_path, str(pointer["build_id"]), day)
            with ground.lock:
                before = listing(ground, held.card, held.rules)
                after = listing(ground, card or held.card, rules or held.rules)
            check_lane(before, after)
            if before.places:
                told = outcomes(connection, target, day, until)
                levels = (REPORT_NOW, *held.rules.rules.order)
                found.append(Quarter(day, until, len(before.places),
                                     *(_by_level(one, levels, told, links) for one in (before, after))))  # fmt: skip
        return found
    finally:
        connection.close()


def outcomes(connection: Connection, target: str, after: dt.date, until: dt.date) -> dict[str, str]:
    """Child → yes or no in the days after one day until another (inclusive); who is missing is unknown."""
    found: dict[str, str] = {}
    for value, queries in (("no", LOOKED[target]), ("yes", HAPPENED[target])):
        for sql in queries:
            found |= {row[0]: value for row in run(connection, sql, [after, until]) if row[0]}
    return found


def _by_level(
    made: Listing, levels: Sequence[str], told: Mapping[str, str], links: Mapping[str, str]
) -> dict[str, Outcomes]:
    """Level → outcomes; a child of then is looked for under the name that it has now."""
    counts = {level: Counter[str]() for level in levels}
    for child, place in made.places.items():
        counts[place.level][told.get(links.get(child, child), "unknown")] += 1
    return {level: Outcomes(*(found[one] for one in OUTCOMES)) for level, found in counts.items()}


@lru_cache(maxsize=_GROUNDS_KEPT)
def ground_then(place: Path, registry: Path, build_id: str, day: dt.date) -> Ground:
    """The facts of a day as known on it; kept while the build stands.  Names are neither read nor compared."""
    connection = store.memory()
    if not store.attach(connection, registry, "registry"):
        raise store.StoreBusy(f"{registry.name}: another process is writing to this store")
    run(connection, "BEGIN")
    resolve(connection, "registry", day, None)
    make_contract_tables(connection, "registry", day)
    engine = DuckDbEngine(connection)
    prepare(engine, day, months=1)
    create_facts(engine, day)
    run(connection, "COMMIT")
    run(connection, "DETACH registry")
    return ground_in(connection, day, build_id, {})
