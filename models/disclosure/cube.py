"""The cube that leaves: every status figure of every place and period as readers of aggregates get it.

Figures about what an office did are shown as they are.  Figures about children are taken from the whole of a period
at once: hidden where small, where nearly everybody, and where a hidden number could be worked out; rounded elsewhere;
rates are made from what is shown.  What an earlier issue of the same period hid stays hidden, and what it showed of an
unchanged number can't be taken back, so it is counted as known.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from models.disclosure.bounds import FAR
from models.disclosure.protect import Mark, Rule, protect
from models.disclosure.relations import Count, Relations, relations
from models.disclosure.tables import Place, Table, groups, table
from models.figures import Z
from models.parameters import value_on

OUTCOMES = ("yes", "no", "unknown")
LEVELS = ("village", "school", "township", "district")
FEW = "few"  # the place has too few children for a number of this kind
ONE_CASE = "longest"  # the value of one child, so it never leaves
RANGE = "range"  # only between which bounds the value lies can be told
HIDDEN = "hidden"
COUNTS = ("count", "total")
SCALED = ("rate", "per_thousand", "per_head")
QUANTILES = ("duration", "median", "p90")
_WORDS = {Mark.SMALL: "small", Mark.LARGE: "large", Mark.WITHHELD: "withheld", Mark.SILENT: "withheld"}


class Figure(NamedTuple):
    """One status figure of the build: counts as they are; `cases` how many subjects stand behind yes, no, unknown."""

    code: str
    series: str
    level: str
    area: str
    period: str
    kind: str
    weight: str
    yes: int
    no: int
    unknown: int
    value: float | None
    cases: tuple[int, int, int]


class Issue(NamedTuple):
    """What an earlier issue said of a count: whether it hid it, and the number behind it."""

    is_hidden: bool
    number: int


Earlier = Mapping[tuple[Count, str, str], Issue]  # by count, area and period


class Published(NamedTuple):
    """A figure as it leaves; marks are empty for a number that is shown."""

    code: str
    series: str
    level: str
    area: str
    period: str
    yes: int | None
    no: int | None
    unknown: int | None
    value: float | None
    low: float | None
    high: float | None
    evidence: float | None
    status: str
    n_shown: int | None
    yes_mark: str
    no_mark: str


def rule_on(day: date) -> Rule:
    """The limits that hold on a day, from models/parameters/disclosure.toml."""
    return Rule(int(value_on("small_number", day)), int(value_on("rounding_base", day)))


class Cell(NamedTuple):
    """One count as published: its mark, where shown its rounded number, and the total that everybody knows (or 0)."""

    mark: Mark
    number: int
    total: int


Cells = dict[tuple[Count, str], Cell]


def cells_of_period(
    figures: Sequence[Figure],
    places: Sequence[Place],
    rule: Rule,
    earlier: Earlier | None = None,
    known: Relations | None = None,
) -> Cells:
    """Every count of one period's status figures as published; places that get no number are missing.

    figures: all status figures of the period, of all places.  earlier: what earlier issues of the period said.
    """
    known, found = known or relations(), {}
    for laid_out in tables_of(figures, places, rule, known):
        found.update(_protected(laid_out, rule, earlier or {}, figures[0].period))
    return found


def tables_of(
    figures: Sequence[Figure], places: Sequence[Place], rule: Rule, known: Relations
) -> Iterator[Table]:
    """The tables of one period that are protected on their own, with nothing marked but what too few stand behind."""
    amounts: dict[tuple[Count, str], int] = {}
    few: set[tuple[Count, str]] = set()
    for one in figures:
        if one.kind == ONE_CASE:
            continue
        for outcome, amount, cases in zip(OUTCOMES, (one.yes, one.no, one.unknown), one.cases, strict=True):
            key = Count(one.code, one.series, outcome), one.area
            amounts[key] = amount
            if one.weight != "cases" and cases < rule.shown_from:
                few.add(key)
    columns = [c for c in dict.fromkeys(c for c, _ in amounts) if _has_column(c, known)]
    counted = {one.code + ":" + one.series for one in figures if one.kind == "count"}
    used = {count for (count, _), amount in amounts.items() if amount}
    # A number of children has no "no" unless its cases say so.
    columns = [c for c in columns if c in used or c.outcome == "yes" or c.measure not in counted]
    for group in groups(columns, known):
        laid_out = table(group, places, amounts, known, rule)
        for key, cell in laid_out.at.items():
            if key in few:
                laid_out.cells.marks[cell] = Mark.WITHHELD
        yield laid_out


def _has_column(count: Count, known: Relations) -> bool:
    return count.outcome != "unknown" and not known.is_public(count.measure) and not known.is_implied(count)


def _protected(laid_out: Table, rule: Rule, earlier: Earlier, period: str) -> Cells:
    cells = laid_out.cells
    for (column, area), cell in laid_out.at.items():
        before = earlier.get((column, area, period))
        if before and before.number != cells.counts[cell]:
            continue  # another number than the one that was issued
        if before and before.is_hidden and cells.marks[cell] == Mark.SHOWN:
            cells.marks[cell] = Mark.WITHHELD
        elif before and not before.is_hidden:
            cells.shown_before[cell] = True
    marks = protect(cells, rule)
    near = rule.rounded(cells.counts)
    total = np.where(cells.total < FAR, cells.total, 0)
    return {
        key: Cell(Mark(int(marks[cell])), int(near[cell]), int(total[cell]))
        for key, cell in laid_out.at.items()
    }


def published(
    figures: Sequence[Figure], cells: Cells, rule: Rule, known: Relations | None = None
) -> list[Published]:
    """The figures of one period as they leave, in the order given."""
    known = known or relations()
    return [_figure(one, cells, rule, known) for one in figures]


def _figure(one: Figure, cells: Cells, rule: Rule, known: Relations) -> Published:
    yes, no = (Count(one.code, one.series, outcome) for outcome in ("yes", "no"))
    if known.is_public(yes.measure):
        return _as_it_is(one)
    if one.kind == ONE_CASE:
        return _nothing(one, "withheld")
    cell = cells.get((known.told_by(yes), one.area))
    if cell is None or one.level not in LEVELS:
        return _nothing(one)
    if known.is_implied(yes):
        return _counted(one, _rest(cell))
    rest = _rest(cell) if known.is_implied(no) else cells.get((no, one.area))
    if one.kind in SCALED or one.kind in QUANTILES:
        return _computed(one, cell)
    if one.kind == "growth":
        return _growth(one, cell, rest)
    return _counted(one, cell, rest) if one.kind in COUNTS or rest is None else _share(one, cell, rest, rule)


def _rest(cell: Cell) -> Cell:
    """What is left of a known total: hidden as its counterpart is, the other way round, and never rounded apart.

    Rounding both would narrow each.
    """
    mirrored = {Mark.SMALL: Mark.LARGE, Mark.LARGE: Mark.SMALL}
    return Cell(mirrored.get(cell.mark, cell.mark), cell.total - cell.number, cell.total)


def _as_it_is(one: Figure) -> Published:
    known = one.yes + one.no
    evidence = known / (known + one.unknown) if known + one.unknown else None
    return Published(
        *one[:5], one.yes, one.no, one.unknown, one.value, None, None, evidence,
        "ok" if one.value is not None else "not_applicable", known + one.unknown, "", "",
    )  # fmt: skip


def _nothing(one: Figure, mark: str = FEW) -> Published:
    return Published(*one[:5], *(None,) * 7, HIDDEN, None, mark, mark)


def _told(cell: Cell) -> int | None:
    return cell.number if cell.mark == Mark.SHOWN else None


def _counted(one: Figure, yes: Cell, no: Cell | None = None) -> Published:
    """A number of children: its value is the number as shown."""
    number, rest = _told(yes), _told(no) if no else 0
    return Published(
        *one[:5], number, rest, one.unknown, None if number is None else float(number), None, None,
        _evidence(number, rest, one.unknown), HIDDEN if number is None else "ok", None,
        _WORDS.get(yes.mark, ""), _WORDS.get(no.mark, "") if no else "",
    )  # fmt: skip


def _evidence(yes: int | None, no: int | None, unknown: int) -> float | None:
    if yes is None or no is None or not yes + no + unknown:
        return None
    return (yes + no) / (yes + no + unknown)


def _computed(one: Figure, yes: Cell) -> Published:
    """A median in whole days, or a rate scaled to the number shown; nothing where that number is hidden."""
    number = _told(yes)
    value = None
    if number is not None and one.value is not None:
        value = float(round(one.value)) if one.kind in QUANTILES else one.value * number / one.yes
    return Published(
        *one[:5], number, None, None, value, None, None, None, HIDDEN if value is None else "ok", None,
        _WORDS.get(yes.mark, ""), "withheld",
    )  # fmt: skip


def _growth(one: Figure, now: Cell, before: Cell | None) -> Published:
    """By how much more the number shown is than the one shown for the period before."""
    counts = _told(now), _told(before) if before else None
    value = None if counts[0] is None or not counts[1] else (counts[0] - counts[1]) / counts[1]
    return Published(
        *one[:5], *counts, one.unknown, value, None, None, _evidence(*counts, one.unknown),
        HIDDEN if value is None else "ok", None, _WORDS.get(now.mark, ""),
        _WORDS.get(before.mark, "") if before else FEW,
    )  # fmt: skip


def _share(one: Figure, yes: Cell, no: Cell, rule: Rule) -> Published:
    """A share of what is shown; between two bounds where one side is small; nothing otherwise."""
    counts = _told(yes), _told(no)
    value = low = high = None
    status, edge = HIDDEN, rule.shown_from - 1
    if counts[0] is not None and counts[1] is not None:
        status, value = "ok", counts[0] / (counts[0] + counts[1])
        if one.weight == "cases":
            low, high = _wilson(value, counts[0] + counts[1])
    elif Mark.SMALL in (yes.mark, no.mark):
        larger = no if yes.mark == Mark.SMALL else yes
        if larger.mark in (Mark.SHOWN, Mark.LARGE):
            size = larger.total if larger.mark == Mark.LARGE else larger.number + edge
            status, bound = RANGE, edge / size
            low, high = (0.0, bound) if yes.mark == Mark.SMALL else (1 - bound, 1.0)
    return Published(
        *one[:5], *counts, one.unknown, value, low, high, _evidence(*counts, one.unknown), status, None,
        _WORDS.get(yes.mark, ""), _WORDS.get(no.mark, ""),
    )  # fmt: skip


def _wilson(value: float, n: int) -> tuple[float, float]:
    z = float(Z)
    middle, scale = value + z * z / (2 * n), 1 + z * z / n
    half = z * math.sqrt(value * (1 - value) / n + z * z / (4 * n * n))
    return (middle - half) / scale, (middle + half) / scale
