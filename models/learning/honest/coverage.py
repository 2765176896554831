"""How often the intervals of each way cover the truth, over many made-up districts (see `simulated`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from models.learning.honest.calibration import Calibration, Fewest, calibration
from models.learning.honest.drawn import drawn
from models.learning.honest.intervals import Floats, village_draws
from models.learning.honest.placebo import placebo
from models.learning.honest.propensity import visit_weights
from models.learning.honest.sample import chosen, sample_of
from models.learning.honest.simulated import District
from models.learning.honest.three_ways import WAYS, three_ways


class Run(NamedTuple):
    """One district: by way, whether recall and precision were covered, bands covered, bands stated, recall's width and
    error; whether an alarm was raised; whether Manski's bounds and the placebo's interval held."""

    recall: dict[str, bool]
    precision: dict[str, bool]
    bands: dict[str, tuple[int, int]]
    width: dict[str, float]
    error: dict[str, float]
    alarms: dict[str, bool]
    in_bounds: bool
    placebo: bool


def run(place: District, capacity: int, fewest: Fewest, times: int, seed: int) -> Run:
    """What the intervals of one district say beside its truth; the truth is that of all its children."""
    sample = sample_of(place.cases)
    part = chosen(place.values, sample.day, capacity)
    draws = village_draws(sample.n_villages, times, seed)
    draw = drawn(sample)
    weights = visit_weights(sample, place.cases.select(place.facts), [place.values], 0.02)
    ways = three_ways(sample, place.values, part, weights, draw, draws, 0.8, fewest.events)
    recall, precision = _truth(place, part)
    tables = {
        "naive": calibration(sample, sample.looked.astype(float), place.values, draws, fewest),
        "weighted": calibration(sample, weights, place.values, draws, fewest),
        "draws": calibration(sample, draw.weight, place.values, draws, fewest, draw),
    }
    level = {one.way: one.at_capacity for one in ways.figures}
    fair = placebo(sample, place.values, ways.by("naive").area_under, draws, seed)
    limits = ways.bounds
    return Run(
        {way: level[way].recall.covers(recall) for way in WAYS},
        {way: level[way].precision.covers(precision) for way in WAYS},
        {way: bands_covered(tables[way], place) for way in WAYS},
        {way: (level[way].recall.high or 1.0) - (level[way].recall.low or 0.0) for way in WAYS},
        {way: (level[way].recall.value or 0.0) - recall for way in WAYS},
        {one.way: one.is_alarm for one in ways.disagreements if one.measure == "recall"},
        limits.recall_low is not None and limits.recall_low <= recall <= (limits.recall_high or 0.0),
        fair.one.covers(0.5),
    )


def _truth(place: District, part: Floats) -> tuple[float, float]:
    found = float((part * place.truth).sum())
    return found / float(place.truth.sum()), found / float(part.sum())


def bands_covered(table: Calibration, place: District) -> tuple[int, int]:
    """(bands that cover the share of all their children, bands with a statement)."""
    covered = stated = 0
    for band in table.bands:
        if band.estimate.value is not None:
            inside = (place.values >= band.low) & (place.values <= band.high)
            stated += 1
            covered += band.estimate.covers(float(place.truth[inside].mean()))
    return covered, stated


class Coverage(NamedTuple):
    """Of so many districts: by way the percentage covered; None where nothing was ever stated.

    bands_all: districts in which every stated band was covered (an interval each, not one for all).
    """

    n: int
    recall: dict[str, float]
    precision: dict[str, float]
    bands: dict[str, float | None]
    stated: dict[str, float]
    width: dict[str, float]
    error: dict[str, float]
    alarms: dict[str, float]
    in_bounds: float
    placebo: float


def coverage(runs: Iterable[Run]) -> Coverage:
    """Percentages over the runs; widths and errors of recall in percentage points (mean)."""
    found = list(runs)

    def percent(cells: Iterable[float]) -> float:
        return round(100 * float(np.mean(list(cells))), 1)

    bands = {way: np.sum([one.bands[way] for one in found], axis=0) for way in WAYS}
    return Coverage(
        len(found),
        {way: percent(one.recall[way] for one in found) for way in WAYS},
        {way: percent(one.precision[way] for one in found) for way in WAYS},
        {way: round(100 * float(hit) / float(n), 1) if n else None for way, (hit, n) in bands.items()},
        {way: round(float(n) / len(found), 1) for way, (_, n) in bands.items()},
        {way: percent(one.width[way] for one in found) for way in WAYS},
        {way: percent(one.error[way] for one in found) for way in WAYS},
        {way: percent(one.alarms[way] for one in found) for way in WAYS[:-1]},
        percent(one.in_bounds for one in found),
        percent(one.placebo for one in found),
    )
