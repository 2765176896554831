"""The form beside the lists, child by child: what each says, and in which way they differ.

Reads published tables only (`screening`, `fact` and the registry's), so a snapshot opened read-only will do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from models.screening.four_colour.form import COLOURS, Form, filled_cases, form
from models.screening.four_colour.scoring import (
    READINGS,
    answers_sql,
    filled_sql,
    recorded_sql,
    score_query,
)
from models.screening.rulebook.lanes import REPORT_NOW
from models.screening.sentences import quoted
from models.sql import parse, render

Ask = Callable[[str], Iterable[Mapping[str, Any]]]
RULE_TIERS = ("red", "orange", "yellow")
REST = "rest"  # green, or not known yet
LEVELS = (REPORT_NOW, *RULE_TIERS, REST)  # most urgent first
URGENT = (REPORT_NOW, "red", "orange")
CALM = ("blue", "green")
KINDS = ("hidden", "hole", "blank")
TARGETS = ("visit", "referral")
LISTS = "SELECT target, child_id, village_code, lane, tier FROM screening ORDER BY target, rank"


class Evidence(NamedTuple):
    """Where an answer of the form comes from: the day since when it is recorded so, and the record."""

    since: date | None
    record: str | None


class TableScore(NamedTuple):
    """One table of a child in one reading; `coded` is None where the app keeps the last child's colour."""

    points: int
    colour: str
    coded: str | None


class Compared(NamedTuple):
    """A child on both sides.

    `level` is the more urgent of the two lists (one of LEVELS), `levels` each list's own.  `answers` holds the points
    of each item, None for a blank; `hits` the knock-outs; `tables`, `colours` and `coded` are by reading.
    """

    child_id: str
    village_code: str
    level: str
    levels: dict[str, str]
    answers: dict[str, int | None]
    hits: tuple[str, ...]
    n_blank: int
    tables: dict[str, dict[str, TableScore]]
    colours: dict[str, str]
    coded: dict[str, str | None]

    def differs(self, reading: str) -> tuple[str, ...]:
        """In which of the KINDS the form fails the child in that reading.

        `hidden`: report now, red or orange with us, blue or green on the form.  `hole`: points at which the app's code
        shows another colour than the form's words, or none.  `blank`: a more urgent colour only because a blank counts
        as nothing, whatever the reading.
        """
        tables = self.tables[reading].values()
        found = {
            "hidden": self.level in URGENT and self.colours[reading] in CALM,
            "hole": any(one.colour != one.coded for one in tables),
            "blank": not self.hits and _urgency(self.colours["filled"]) > _urgency(self.colours["high"]),
        }
        return tuple(kind for kind in KINDS if found[kind])


def compare(ask: Ask, sheet: Form | None = None) -> list[Compared]:
    """Every screened child on both sides, in the order of the visit list, then of the referral list."""
    sheet = sheet or form()
    lists: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in sorted(ask(LISTS), key=lambda one: TARGETS.index(one["target"])):
        lists.setdefault(row["child_id"], {})[row["target"]] = row
    scores = {row["child_id"]: row for row in ask(render(score_query(sheet, answers_sql(sheet)), "duckdb"))}
    return [_compared(sheet, child, on, scores[child]) for child, on in lists.items() if child in scores]


def worked_cases(ask: Ask, sheet: Form | None = None) -> dict[str, Compared]:
    """The filled forms that show how the form fails, scored by the same SQL, by the case's id."""
    sheet = sheet or form()
    rows = ask(render(score_query(sheet, filled_sql(sheet, filled_cases())), "duckdb"))
    return {row["child_id"]: _compared(sheet, row["child_id"], {}, row) for row in rows}


def evidence(ask: Ask, child: str, sheet: Form | None = None) -> dict[str, Evidence]:
    """Fact → where it is recorded, for what is known of one child."""
    sheet = sheet or form()
    told = f"SELECT w.child_id, {', '.join(_told(name) for name in sheet.facts())} FROM ({recorded_sql(sheet)}) AS w"
    query = parse(f"{told} WHERE w.child_id = {quoted(child)}", "four_colour/form.toml")
    for row in ask(render(query, "duckdb")):
        return {
            name: Evidence(row[f"{name}__since"], row[f"{name}__record"])
            for name in sheet.facts()
            if row[name] is not None
        }
    return {}


def _told(name: str) -> str:
    return ", ".join(f"w.{name}{suffix}" for suffix in ("", "__since", "__record"))


def matrix(children: Sequence[Compared], reading: str) -> dict[str, dict[str, int]]:
    """Level → colour → number of children."""
    counts = Counter((child.level, child.colours[reading]) for child in children)
    return {level: {colour: counts[level, colour] for colour in COLOURS} for level in LEVELS}


def count_kinds(children: Sequence[Compared], reading: str) -> dict[str, int]:
    """Kind of difference → number of children."""
    counts = Counter(kind for child in children for kind in child.differs(reading))
    return {kind: counts[kind] for kind in KINDS}


def _urgency(colour: str) -> int:
    return len(COLOURS) - COLOURS.index(colour)  # type: ignore[arg-type]


def _level(row: Mapping[str, Any]) -> str:
    if row["lane"] == REPORT_NOW:
        return REPORT_NOW
    return str(row["tier"]) if row["tier"] in RULE_TIERS else REST


def _compared(
    sheet: Form, child: str, on: Mapping[str, Mapping[str, Any]], row: Mapping[str, Any]
) -> Compared:
    levels = {target: _level(listed) for target, listed in on.items()}
    return Compared(
        child,
        next((str(listed["village_code"] or "") for listed in on.values()), ""),
        min(levels.values(), key=LEVELS.index, default=REST),
        levels,
        {item.id: row[f"answer_{item.id}"] for item in sheet.items},
        tuple(one.id for one in sheet.knock_outs if row[f"hit_{one.id}"]),
        sum(row[f"blanks_{table.id}"] for table in sheet.tables),
        {
            reading: {
                table.id: TableScore(
                    row[f"points_{table.id}_{reading}"],
                    row[f"colour_{table.id}_{reading}"],
                    row[f"coded_{table.id}_{reading}"],
                )
                for table in sheet.tables
            }
            for reading in READINGS
        },
        {reading: row[f"colour_{reading}"] for reading in READINGS},
        {reading: row[f"coded_{reading}"] for reading in READINGS},
    )
