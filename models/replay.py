"""What a figure was as known on an earlier day, and why it is another today: case by case, each with its rows.

Two builds of the same registry are held side by side, one as known on a day, one as known now.  A case is added, gone
or changed; the reason is looked for in the rows that the indicator reads: what happened by that day and was known
later (late), what happened or fell due only after it (since), a newer version of a row that was known (corrected,
with the columns that differ), a row that no longer stands (withdrawn), a decision about who is the same child
(merged); else it follows from other rows (a place, a list).  Cells are not told, only columns, none of identity.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from data_contracts.contract import Contract, contracts
from models.inputs import NOT_READ, inputs_of
from registry.store import Connection, run

NO_EVENT = frozenset({"birth_date", "adult_birth_date", "recorded_on", "due_on", "planned_on"})


# Every form writes down whom its rows are about.
MENTIONS = frozenset({"person"})
OUTCOMES = ("yes", "no", "unknown")


class NoSuchFigure(ValueError):
    """A code, area or period for which neither build has a figure."""


class Why(StrEnum):
    """Why a case is another than it was."""

    LATE = "late"
    SINCE = "since"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    FOLLOWS = "follows"


class Source(NamedTuple):
    """A row behind a change. columns: those of the indicator that differ; days_late: from event to knowledge."""

    why: Why
    table: str
    record: str
    known_on: dt.date | None
    happened_on: dt.date | None
    days_late: int | None
    columns: tuple[str, ...]


class Change(NamedTuple):
    """One case that differs. before, after: outcome → how much it counts; kind: added, gone or changed."""

    kind: str
    why: Why
    series: str
    subject_kind: str
    subject: str
    area: str
    before: dict[str, Decimal]
    after: dict[str, Decimal]
    sources: tuple[Source, ...]

    def effect(self, outcome: str) -> Decimal:
        """By how much the change moves the count of an outcome."""
        return self.after.get(outcome, Decimal(0)) - self.before.get(outcome, Decimal(0))


class Difference(NamedTuple):
    """A figure then and now (series → yes, no, unknown, value, status), and every case that differs."""

    code: str
    area: str
    period: str
    known_then: dt.date
    known_now: dt.date
    then: dict[str, dict[str, Any]]
    now: dict[str, dict[str, Any]]
    changes: list[Change]

    def moved(self, series: str, outcome: str) -> Decimal:
        """By how much the changes together move a count."""
        mine = (change.effect(outcome) for change in self.changes if change.series == series)
        return sum(mine, Decimal(0))

    @property
    def is_whole(self) -> bool:
        """Whether the changes add up to the difference of the figures; sums of yuan stand rounded in a figure."""
        for series in {*self.then, *self.now}:
            for outcome in OUTCOMES:
                before, after = (side.get(series, {}).get(outcome) or 0 for side in (self.then, self.now))
                moved = self.moved(series, outcome)
                if abs(moved - (after - before)) > (0 if moved == int(moved) else 1):
                    return False
        return True


class Case(NamedTuple):
    """One row of `case_row` with how much it counts."""

    outcome: str
    days: int | None
    amount: Decimal | None
    counts: Decimal
    subject_kind: str
    area: str
    record: str


Cases = dict[tuple[str, str], list[Case]]
_CASES = """
SELECT c.series, c.subject, c.outcome, c.days, c.amount,
    CASE coalesce(m.weight, 'cases') WHEN 'days' THEN c.days WHEN 'cases' THEN 1 ELSE c.amount END,
    c.subject_kind, coalesce(c.area, ''), coalesce(c.record, '')
FROM case_row c LEFT JOIN measure_series m ON m.code = c.code AND m.series = c.series
WHERE c.code = ? AND c.period = ?
    AND EXISTS (SELECT 1 FROM case_place p WHERE p.unit = coalesce(c.area, '') AND p.rollup = ?)
ORDER BY ALL
"""


def difference(
    then: Connection, now: Connection, days: tuple[dt.date, dt.date], code: str, area: str, period: str
) -> Difference:
    """Every case that differs between two builds, with why; days: as known on which day each was built.

    NoSuchFigure where neither build knows such a figure.
    """
    old, new = (_figures(side, code, area, period) for side in (then, now))
    if not (old or new):
        raise NoSuchFigure(
            f"replay: expected a figure of {code} in area {area} and period {period}, found none"
        )
    before, after = (_cases(side, code, area, period) for side in (then, now))
    moved = [key for key in sorted({*before, *after}) if _core(before, key) != _core(after, key)]
    rows = _Rows(then, now, days[0], code, [*_about(moved, before), *_about(moved, after)])
    changes = [_change(key, before.get(key, []), after.get(key, []), rows) for key in moved]
    return Difference(code, area, period, *days, old, new, changes)


def _figures(side: Connection, code: str, area: str, period: str) -> dict[str, dict[str, Any]]:
    names = ("series", *OUTCOMES, "value", "low", "high", "status")
    sql = f"SELECT {', '.join(names)} FROM figure WHERE code = ? AND area = ? AND period = ? ORDER BY series"
    return {
        row[0]: dict(zip(names[1:], row[1:], strict=True)) for row in run(side, sql, [code, area, period])
    }


def _cases(side: Connection, code: str, area: str, period: str) -> Cases:
    found: Cases = {}
    for series, subject, outcome, days, amount, counts, *rest in run(side, _CASES, [code, period, area]):
        case = Case(outcome, days, amount, Decimal(counts or 0), *rest)
        found.setdefault((series, subject), []).append(case)
    return found


def _core(cases: Cases, key: tuple[str, str]) -> list[tuple[str, int | None, Decimal | None]]:
    """What of a case moves a figure: the same outcome from a newer row is no change."""
    return [case[:3] for case in cases.get(key, [])]


def _about(moved: Iterable[tuple[str, str]], cases: Cases) -> Iterable[tuple[str, str]]:
    """(child or empty, record) of the cases that differ."""
    for key in moved:
        for case in cases.get(key, []):
            yield child_of(case.subject_kind, key[1]), case.record


def child_of(subject_kind: str, subject: str) -> str:
    """The child that a case belongs to (`child` or `child@what`), empty for a case of something else."""
    child, at, _ = subject.partition("@")
    return child if subject_kind == "child" or at else ""


def _change(key: tuple[str, str], before: list[Case], after: list[Case], rows: _Rows) -> Change:
    kind = "changed" if before and after else "added" if after else "gone"
    shown = (after or before)[0]
    child = child_of(shown.subject_kind, key[1])
    sources = rows.behind(child, {case.record for case in (*before, *after)})
    why = Why.MERGED if rows.is_merged(child) else sources[0].why if sources else Why.FOLLOWS
    return Change(
        kind, why, key[0], shown.subject_kind, key[1], shown.area, _added(before), _added(after), sources
    )


def _added(cases: list[Case]) -> dict[str, Decimal]:
    outcomes = dict.fromkeys(case.outcome for case in cases)
    return {one: sum((case.counts for case in cases if case.outcome == one), Decimal(0)) for one in outcomes}


class _Rows:
    """The rows of the tables that an indicator reads, of some children and records, in both builds."""

    def __init__(
        self, then: Connection, now: Connection, day: dt.date, code: str, about: Sequence[tuple[str, str]]
    ) -> None:
        children = sorted({child for child, _ in about if child})
        records = sorted({record for _, record in about if record})
        self._day = day
        self._by_child: dict[str, list[Source]] = {}
        self._by_record: dict[str, list[Source]] = {}
        self._tables: dict[str, set[str]] = {}
        for table, columns in inputs_of(code).items():
            contract = contracts()[table]
            old, new = (_keyed(side, contract, children, records) for side in (then, now))
            for row in (*old.values(), *new.values()):
                self._tables.setdefault(row["record"], set()).add(table)
            for key in sorted({*old, *new}, key=str):
                self._compare(contract, columns, old.get(key), new.get(key))
        links = [dict(run(side, "SELECT child_ref, child_id FROM link")) for side in (then, now)]
        self._merged = {one[ref] for one in links for ref in {**links[0], **links[1]}
                        if ref in one and links[0].get(ref) != links[1].get(ref)}  # fmt: skip

    def is_merged(self, child: str) -> bool:
        """Whether another decision says who this child is."""
        return child in self._merged

    def behind(self, child: str, records: set[str]) -> tuple[Source, ...]:
        """The case's own rows where one of them differs, else the child's rows that do.

        Other tables come first: a sibling of a row that did not change is another case.  A mere mention is last.
        """
        own = [one for record in sorted(records) for one in self._by_record.get(record, [])]
        every = self._by_child.get(child, [])
        tables = {table for record in records for table in self._tables.get(record, ())}
        for found in (
            [one for one in own if one.table not in MENTIONS],
            [one for one in every if one.table not in tables | MENTIONS],
            [one for one in every if one.table not in MENTIONS],
            own or every,
        ):
            if found:
                return tuple(dict.fromkeys(found))
        return ()

    def _compare(
        self,
        contract: Contract,
        columns: frozenset[str],
        old: dict[str, Any] | None,
        new: dict[str, Any] | None,
    ) -> None:
        differing = tuple(
            name
            for name in sorted(columns - NOT_READ)
            if old
            and new
            and name != "child_ref"
            and (old.get(name), _bad(old, name)) != (new.get(name), _bad(new, name))
        )
        if old and new and not differing:
            return
        row: dict[str, Any] = new or old or {}
        happened, owed = _happened_on(contract, row), row.get("due_on")
        is_since = (happened or owed or self._day) > self._day
        arrived = Why.SINCE if is_since else Why.LATE
        why = Why.CORRECTED if old and new else arrived if new else Why.WITHDRAWN
        known = row["known_on"] if new else None
        late = (known - happened).days if why is Why.LATE and known and happened else None
        source = Source(why, contract.name, row["record"], known, happened, late, differing)
        for one in (old, new):
            if one:
                self._by_record.setdefault(one["record"], []).append(source)
                if one.get("child_id"):
                    self._by_child.setdefault(one["child_id"], []).append(source)


def _keyed(
    side: Connection, contract: Contract, children: list[str], records: list[str]
) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Key → row of a table as one build knew it."""
    names = list(contract.model_columns())
    listed = ", ".join(f'"{name}"' for name in names)
    condition, values = "list_contains(CAST(? AS VARCHAR[]), record)", [records]
    if contract.has_child:
        condition, values = (
            f"{condition} OR list_contains(CAST(? AS VARCHAR[]), child_id)",
            [records, children],
        )
    found = run(side, f'SELECT {listed} FROM "{contract.name}" WHERE {condition}', values)
    rows = [dict(zip(names, row, strict=True)) for row in found]
    key = ["child_id" if name == "child_ref" else name for name in contract.key]
    return {tuple(row[name] for name in key): row for row in rows}


def _bad(row: dict[str, Any], column: str) -> bool:
    """Whether a cell could not be used: blank and unreadable are two things."""
    return f",{column}," in str(row["invalid"] or "")


def _happened_on(contract: Contract, row: dict[str, Any]) -> dt.date | None:
    """The day of the event: the first day of the contract that is one."""
    days = [one.name for one in contract.columns if one.sql_type == "DATE" and one.name not in NO_EVENT]
    return row.get(days[0]) if days else None
