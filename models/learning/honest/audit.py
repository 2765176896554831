"""Who is on the list, who is visited and who is missed, by groups that nobody may be scored by; small cells hidden.

A cell has three states: a value, unknown (nothing to divide by), or hidden as "<k".  Numbers are rounded and rates
made from exact counts are shown only where no count behind them is small, as in everything that leaves about
children; where only one group of a kind would be hidden, the next smallest is hidden too, else the total tells it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
import polars as pl

from models.disclosure.protect import Rule
from models.learning.honest.drawn import Drawn, capacity_by_draws
from models.learning.honest.intervals import NOTHING, Floats, Interval, divided, spread_of, village_sums
from models.learning.honest.sample import Sample

NOT_RECORDED = ""
State = Literal["value", "unknown", "hidden"]
MEASURES = ("listed", "visited", "precision", "recall", "recall_by_draws")


class Cell(NamedTuple):
    """A number or rate of a group in one of three states; `below` is the k of "<k"."""

    state: State
    interval: Interval
    below: int | None = None


class Group(NamedTuple):
    """One group of a kind.

    n: its rows, rounded; rates: by measure: on the list, visited, serious among the visited on the list, of the serious
    found on the list (visited only), the same by draws.
    """

    kind: str
    group: str
    n: Cell
    rates: dict[str, Cell]


def audit(
    sample: Sample,
    part: Floats,
    draw: Drawn,
    groups: pl.DataFrame,
    kinds: Sequence[str],
    draws: Floats,
    rule: Rule,
) -> tuple[Group, ...]:
    """Every group of every kind, in order; `groups` holds a column of words for each kind, blank where not recorded."""
    found: list[Group] = []
    for kind in kinds:
        words = groups[kind].cast(pl.String).fill_null(NOT_RECORDED).to_numpy().astype(str)
        members = {str(word): words == word for word in np.unique(words)}
        hidden = _hidden({word: int(rows.sum()) for word, rows in members.items()}, rule)
        for word, rows in members.items():
            if word in hidden:
                cell = Cell("hidden", NOTHING, rule.shown_from)
                found.append(Group(kind, word, cell, dict.fromkeys(MEASURES, Cell("hidden", NOTHING))))
                continue
            n = float(rule.rounded(np.array([rows.sum()]))[0])
            rates = _rates(sample, part, draw, rows, draws, rule)
            found.append(Group(kind, word, Cell("value", Interval(n, n, n)), rates))
    return tuple(found)


def _hidden(counts: dict[str, int], rule: Rule) -> set[str]:
    """Groups too small to show; where that is one alone, the next smallest with it."""
    small = {word for word, n in counts.items() if n < rule.shown_from}
    if len(small) == 1 and len(counts) > 1:
        rest = sorted((n, word) for word, n in counts.items() if word not in small)
        small.add(rest[0][1])
    return small


def _rates(
    sample: Sample, part: Floats, draw: Drawn, rows: np.ndarray, draws: Floats, rule: Rule
) -> dict[str, Cell]:
    inside, seen, hit = rows.astype(float), sample.looked, sample.serious
    over_under = {
        "listed": (inside * part, inside),
        "visited": (inside * seen, inside),
        "precision": (inside * part * hit, inside * part * seen),
        "recall": (inside * part * hit, inside * hit),
    }
    found = {name: _rate(sample, *pair, draws, rule) for name, pair in over_under.items()}
    found["recall_by_draws"] = _by_draws(sample, part, draw, rows, rule)
    return found


def _rate(sample: Sample, over: Floats, under: Floats, draws: Floats, rule: Rule) -> Cell:
    """A rate with its interval; hidden where the count above, or the rest of the one below, is small."""
    top, bottom = float(over.sum()), float(under.sum())
    if bottom <= 0:
        return Cell("unknown", NOTHING)
    if _is_small(top, bottom, rule):
        return Cell("hidden", NOTHING, rule.shown_from)
    sums = village_sums(np.column_stack([over, under]), sample.village, sample.n_villages)
    again = draws @ sums
    return Cell("value", spread_of(top / bottom, divided(again[:, 0], again[:, 1])))


def _is_small(top: float, bottom: float, rule: Rule) -> bool:
    return top < rule.shown_from or bottom - top < rule.shown_from


def _by_draws(sample: Sample, part: Floats, draw: Drawn, rows: np.ndarray, rule: Rule) -> Cell:
    made = rows & (draw.weight > 0)
    on, off = (float((part_of[made] * sample.serious[made]).sum()) for part_of in (part, 1 - part))
    if on + off <= 0:
        return Cell("unknown", NOTHING)
    if _is_small(on, on + off, rule):
        return Cell("hidden", NOTHING, rule.shown_from)
    own = Drawn(np.where(rows, draw.weight, 0.0), draw.covered * rows, draw.answers)
    return Cell("value", capacity_by_draws(sample, own, part).recall)
