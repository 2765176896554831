"""From rows to a fitted card: conditions, patterns, the choice of the number of lines, the search, the pool."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd
from typing import Any, NamedTuple

import numpy as np

from models.learning.points_card.binning import Binning, Condition, answers, conditions_of
from models.learning.points_card.cards import PointsCard, fitted_card
from models.learning.points_card.choosing import chosen_number_of_lines, pool_of, steadiest
from models.learning.points_card.columns import Column
from models.learning.points_card.constraints import place_of, refuse_forbidden, rules_of, signs_by_place
from models.learning.points_card.counted import Counted, collapse, patterns
from models.learning.points_card.inner_folds import inner_folds
from models.learning.points_card.large import moved_on_all, sampled
from models.learning.points_card.not_known import with_unknown
from models.learning.points_card.printing import FactPoints
from models.learning.points_card.rules import Rules
from models.learning.points_card.scored import FittedCard, offset_points
from models.learning.points_card.search import effort_for, good_cards
from models.learning.points_card.teacher import chosen_penalty, mixed, teacher_of

# How many standard errors worse than the best number of lines the chosen one may be; None asks no folds.
ERRORS: dict[str, float | None] = {"one_standard_error": 1.0, "best": 0.0, "max": None}


class Demands(NamedTuple):
    """What the caller demands, by name of a fact, as the classifier takes it."""

    monotone: Any
    signs: Any
    groups: tuple[tuple[Any, ...], ...]
    must: tuple[Any, ...]
    forbidden: Any
    offset: Any
    unknown: str


class Settings(NamedTuple):
    """How to learn, as the classifier takes it."""

    max_lines: int
    max_points: int
    min_cell: float | None
    max_cuts: int
    n_lines: str
    inner_folds: int
    teacher_share: float
    teacher_penalty: Any
    pool_size: int
    pool_tolerance: float
    choose_within: float
    top_share: float
    random: np.random.RandomState


class Trained(NamedTuple):
    """What was learned; `offset` is the place of the column of points to start from."""

    card: FittedCard
    pool: tuple[FittedCard, ...]
    n_lines: int
    offset: int | None


class _Ready(NamedTuple):
    conditions: list[Condition]
    counted: Counted
    rules: Rules


def trained(
    columns: Sequence[Column], positive: np.ndarray, weight: np.ndarray, demands: Demands, settings: Settings
) -> Trained:
    """The card learned from rows of positive weight; ValueError for demands that can't be met."""
    _check(demands, settings)
    names = [one.name for one in columns]
    refuse_forbidden(demands.forbidden, names)
    offset = None if demands.offset is None else place_of(demands.offset, names, "offset_card")
    start = offset_points(columns, offset)
    ready = _ready(columns, positive, weight, start, offset, demands, settings)
    fewer = sampled(ready.counted, settings.random)
    n_lines, cards = _learned(ready, fewer, settings)
    chosen = steadiest(cards, fewer, settings.choose_within, settings.top_share)
    ordered = [chosen, *(one for one in cards if one is not chosen)]
    which = sorted({at for one in cards for at in one.conditions})
    inside = collapse(ready.counted, np.array(which, dtype=int))
    rows = columns, positive, weight, start
    fitted = tuple(_finished(one, ready, which, inside, rows, demands.unknown) for one in ordered)
    return Trained(fitted[0], fitted, n_lines, offset)


def _check(demands: Demands, settings: Settings) -> None:
    for name, least in (("max_lines", 1), ("max_points", 1), ("max_cuts", 1), ("pool_size", 1)):
        if getattr(settings, name) < least:
            raise ValueError(f"{name}: expected at least {least}, found {getattr(settings, name)}")
    if settings.n_lines not in ERRORS:
        raise ValueError(f"n_lines: expected one of {list(ERRORS)}, found {settings.n_lines!r}")
    if demands.unknown not in ("own", "inside"):
        raise ValueError(f"unknown: expected 'own' or 'inside', found {demands.unknown!r}")
    if not 0 <= settings.teacher_share <= 1:
        raise ValueError(f"teacher_share: expected 0 to 1, found {settings.teacher_share}")
    if demands.unknown == "inside" and settings.max_points < 2:
        raise ValueError("unknown='inside': expected max_points of at least 2, found 1")


def _min_cell(asked: float | None, whole: float) -> float:
    if asked is None:
        return min(max(10.0, 0.01 * whole), 0.1 * whole)
    return asked * whole if asked < 1 else float(asked)


def _ready(
    columns: Sequence[Column],
    positive: np.ndarray,
    weight: np.ndarray,
    start: np.ndarray,
    offset: int | None,
    demands: Demands,
    settings: Settings,
) -> _Ready:
    names = [one.name for one in columns]
    monotone, signs = (signs_by_place(getattr(demands, one), names, one) for one in ("monotone", "signs"))
    inside = demands.unknown == "inside"
    binning = Binning(
        _min_cell(settings.min_cell, float(weight.sum())), settings.max_cuts, unknown=not inside
    )
    conditions = [
        one
        for at, column in enumerate(columns)
        if at != offset
        for one in conditions_of(at, column, weight, binning._replace(both_ways=at in signs))
    ]
    table = np.empty((len(weight), len(conditions)), bool)
    for at, one in enumerate(conditions):
        table[:, at] = answers(one, columns[one.fact])
    groups = [[place_of(one, names, "groups") for one in each] for each in demands.groups]
    must = [place_of(one, names, "must_include") for one in demands.must]
    points = settings.max_points, 2 if inside else 1
    rules = rules_of(conditions, columns, monotone, signs, groups, must, points)
    if len(must) > settings.max_lines:
        raise ValueError(f"must_include: expected at most {settings.max_lines} facts, found {len(must)}")
    return _Ready(conditions, _counted(table, start, weight, positive), rules)


def _counted(table: np.ndarray, start: np.ndarray, weight: np.ndarray, positive: np.ndarray) -> Counted:
    first, pattern = patterns(table, start.astype(float))
    n = len(first)
    return Counted(
        table[first],
        start[first].astype(float),
        np.bincount(pattern, weight, n),
        np.bincount(pattern, weight * positive, n),
    )


def _learned(ready: _Ready, counted: Counted, settings: Settings) -> tuple[int, list[PointsCard]]:
    """(number of lines allowed, the pool from the best on)."""
    rules, share = ready.rules, settings.teacher_share
    if not ready.conditions:
        return settings.max_lines, [fitted_card((), (), counted)]
    errors = ERRORS[settings.n_lines]
    by_folds = errors is not None or (share > 0 and settings.teacher_penalty == "one_standard_error")
    folds = inner_folds(counted, settings.inner_folds, settings.random) if by_folds else []
    penalty = settings.teacher_penalty
    if penalty == "one_standard_error":
        penalty = chosen_penalty(folds) if share else 0.0
    n_lines = min(settings.max_lines, len(ready.conditions))
    if errors is not None:
        n_lines = chosen_number_of_lines(folds, rules, n_lines, share, penalty, errors)
    effort = effort_for(len(ready.conditions))
    teacher = teacher_of(counted, penalty) if share else None
    found = good_cards(mixed(counted, teacher, share), rules, n_lines, effort)
    pool = pool_of(found, settings.pool_tolerance, settings.pool_size)
    if len(counted.total) < len(ready.counted.total):
        found = moved_on_all(pool, mixed(ready.counted, teacher, share), rules, n_lines, effort)
        pool = pool_of(found, settings.pool_tolerance, settings.pool_size)
    if not found or not np.isfinite(found[0].loss):
        return n_lines, [fitted_card((), (), counted)]
    return n_lines, pool


def _finished(
    card: PointsCard, ready: _Ready, which: list[int], inside: Counted, rows: tuple[Any, ...], unknown: str
) -> FittedCard:
    """The card with its line fitted to the outcomes themselves, and points for answers that are not known."""
    card = _smallest(card, ready)
    line = fitted_card(tuple(which.index(one) for one in card.conditions), card.points, inside)
    by_fact: dict[int, list[tuple[Condition, int]]] = {}
    for at, points in zip(card.conditions, card.points, strict=True):
        by_fact.setdefault(ready.conditions[at].fact, []).append((ready.conditions[at], points))
    facts = tuple(
        FactPoints(place, tuple(each), sum(points for one, points in each if one.how == "unknown"))
        for place, each in sorted(by_fact.items())
    )
    fitted = FittedCard(facts, line.intercept, max(line.multiplier, 0.0), card.loss)
    return with_unknown(fitted, *rows) if unknown == "inside" else fitted


def _smallest(card: PointsCard, ready: _Ready) -> PointsCard:
    """The same card in the smallest whole points (2, 4 is 1, 2), where nothing else counts in points."""
    shared = gcd(*card.points)
    if shared < 2 or np.any(ready.counted.start) or min(map(abs, card.points)) // shared < ready.rules.least:
        return card
    return card._replace(points=tuple(one // shared for one in card.points))
