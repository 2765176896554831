"""How far a figure can be told from chance: control limits, and small places drawn towards the whole.

Control limits of a funnel are those of the exact distribution around the whole's value, as Spiegelhalter draws them
(2005, Statistics in Medicine 24:1185, appendix A.1), but with the upper limit interpolated away from the whole like
the lower one: inwards, a village that did all of five would stand out beside a district at 80 %.  Where places differ
by more than chance anyway, the limits are widened by a stated factor from winsorised scores (the same paper, section
3.2).  Shrinkage is empirical Bayes: beta-binomial for shares, gamma-Poisson for rates, fitted by maximum
likelihood (Carlin and Louis 2009, Bayesian Methods for Data Analysis, chapter 5).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, NamedTuple

import numpy
from scipy.optimize import minimize
from scipy.special import betaln, gammaln
from scipy.stats import beta, binom, chi2, gamma, norm, poisson

WARNING, ALARM = 0.95, 0.998  # the funnel's inner and outer limits (Spiegelhalter 2005)
THREE_SIGMA = 0.9973002039367398  # what lies within three standard deviations of a normal distribution
WINSORISED = 0.1  # of the scores at each end are drawn in before over-dispersion is estimated (the same)
FEWEST_FOR_DISPERSION = 10  # places; fewer tell nothing about how much places differ
FEWEST_TO_SHRINK = 3  # places; two cannot say how much places differ
SURE = 0.05  # the chance at which a spread is taken for more than chance
_FLATTEST, _STEEPEST = math.log(1e-2), math.log(1e7)  # prior weight in cases, in logarithms


class Place(NamedTuple):
    """One place: `events` out of `base` cases of a share, or in `base` units of exposure of a rate."""

    events: int
    base: float

    @property
    def value(self) -> float:
        """Its raw share or rate."""
        return self.events / self.base


class Standing(StrEnum):
    """Where a place stands beside the whole."""

    BELOW = "clearly_below"
    PERHAPS_BELOW = "perhaps_below"
    LEVEL = "not_distinguishable"
    PERHAPS_ABOVE = "perhaps_above"
    ABOVE = "clearly_above"

    @property
    def is_clear(self) -> bool:
        """Whether chance alone hardly explains it."""
        return self in (Standing.BELOW, Standing.ABOVE)


def limits(
    whole: float, base: float, is_share: bool, within: float, widening: float = 1.0
) -> tuple[float, float]:
    """Between which values a place of that size stays with the chance `within`, were it like the whole.

    `widening` moves both limits away from the whole.  ValueError for a base of nothing.
    """
    if base <= 0:
        raise ValueError(f"limits: expected a base above 0, found {base}")
    tail = (1 - within) / 2
    law = binom(round(base), whole) if is_share else poisson(whole * base)
    low, high = _lowest(law, tail) / base, _highest(law, tail) / base
    low, high = whole - widening * (whole - low), whole + widening * (high - whole)
    return max(0.0, min(low, whole)), max(whole, min(high, 1.0 if is_share else math.inf))


def _lowest(law: Any, tail: float) -> float:
    """Below it lie only counts whose chance, with all smaller ones, is under `tail`."""
    count = float(law.ppf(tail))
    own = float(law.pmf(count))
    return count - (float(law.cdf(count)) - tail) / own if own > 0 else count


def _highest(law: Any, tail: float) -> float:
    """Above it lie only counts whose chance, with all larger ones, is under `tail`."""
    count = float(law.isf(tail))
    own = float(law.pmf(count))
    return count + (float(law.sf(count - 1)) - tail) / own if own > 0 else count


def standing(place: Place, whole: float, is_share: bool, widening: float = 1.0) -> Standing:
    """Beyond the outer limits clearly, beyond the inner ones perhaps, else not to be told from the whole."""
    for within, below, above in (
        (ALARM, Standing.BELOW, Standing.ABOVE),
        (WARNING, Standing.PERHAPS_BELOW, Standing.PERHAPS_ABOVE),
    ):
        low, high = limits(whole, place.base, is_share, within, widening)
        if place.value < low:
            return below
        if place.value > high:
            return above
    return Standing.LEVEL


class Spread(NamedTuple):
    """How much places differ. factor: by which limits are widened, 1 where chance alone explains the spread.

    is_known: False with too few places, or a whole of none or all, to say.
    """

    factor: float
    is_known: bool


def spread(places: Sequence[Place], whole: float, is_share: bool) -> Spread:
    """Whether places differ by more than chance around the whole, and by which factor limits are to be widened."""
    variance = whole * (1 - whole) if is_share else whole
    counted = [place for place in places if place.base > 0]
    if len(counted) < FEWEST_FOR_DISPERSION or variance <= 0:
        return Spread(1.0, False)
    scores = numpy.array([(one.value - whole) / math.sqrt(variance / one.base) for one in counted])
    drawn_in = numpy.clip(scores, *numpy.quantile(scores, [WINSORISED, 1 - WINSORISED]))
    ratio = float(numpy.mean(drawn_in**2))
    if ratio * len(counted) <= chi2.ppf(1 - SURE, len(counted) - 1):
        return Spread(1.0, True)
    return Spread(math.sqrt(ratio), True)


class Prior(NamedTuple):
    """What the places together say about one place before it is looked at.

    mean: the share or rate; weight: as how many cases (or units of exposure) it counts, infinite where places
    do not differ by more than chance.  reason: `fitted`, `no_variance`, or `too_few` places (nothing is shrunk).
    """

    mean: float
    weight: float
    reason: str


class Shrunk(NamedTuple):
    """A place's value beside the places together: raw, drawn towards the whole, with a 95 % interval."""

    raw: float
    value: float
    low: float
    high: float


def prior_of(places: Sequence[Place], is_share: bool) -> Prior:
    """The prior fitted to the places by maximum likelihood.

    The fit must beat equal places by more than chance (likelihood ratio, one-sided at the edge: Self and Liang
    1987, J. Am. Stat. Assoc. 82:605): else the weight is infinite and every place has the common value.
    """
    counted = [place for place in places if place.base > 0]
    base = sum(place.base for place in counted)
    mean = sum(place.events for place in counted) / base if base else math.nan
    if len(counted) < FEWEST_TO_SHRINK:
        return Prior(mean, math.inf, "too_few")
    if mean <= 0 or (is_share and mean >= 1):
        return Prior(mean, math.inf, "no_variance")
    events = numpy.array([place.events for place in counted], dtype=float)
    bases = numpy.array([place.base for place in counted], dtype=float)
    likelihood = _share_likelihood if is_share else _rate_likelihood
    start = numpy.array(
        [math.log(mean / (1 - mean)) if is_share else math.log(mean), math.log(base / len(counted))]
    )
    found = minimize(
        lambda point: -likelihood(point[0], min(max(point[1], _FLATTEST), _STEEPEST), events, bases),
        start,
        method="Nelder-Mead",
        options={"xatol": 1e-6, "fatol": 1e-9, "maxiter": 2000},
    )
    alike = likelihood(start[0], _STEEPEST, events, bases)
    if 2 * (-found.fun - alike) <= chi2.ppf(1 - 2 * SURE, 1):
        return Prior(mean, math.inf, "no_variance")
    fitted = 1 / (1 + math.exp(-found.x[0])) if is_share else math.exp(found.x[0])
    return Prior(float(fitted), math.exp(min(max(float(found.x[1]), _FLATTEST), _STEEPEST)), "fitted")


def _share_likelihood(logit: float, log_weight: float, events: Any, bases: Any) -> float:
    """Logarithm of the beta-binomial likelihood, without what does not depend on the prior."""
    mean, weight = 1 / (1 + math.exp(-logit)), math.exp(log_weight)
    a, b = max(mean * weight, 1e-12), max((1 - mean) * weight, 1e-12)
    return float(numpy.sum(betaln(events + a, bases - events + b) - betaln(a, b)))


def _rate_likelihood(log_mean: float, log_weight: float, events: Any, bases: Any) -> float:
    """Logarithm of the gamma-Poisson likelihood, without what does not depend on the prior."""
    weight = math.exp(log_weight)
    shape = math.exp(log_mean) * weight
    terms = (
        gammaln(events + shape)
        - gammaln(shape)
        + shape * math.log(weight)
        - (events + shape) * numpy.log(bases + weight)
    )
    return float(numpy.sum(terms))


def shrunk(place: Place, prior: Prior, is_share: bool) -> Shrunk:
    """A place drawn towards the whole: the fewer its cases, the further; the raw value stands beside it.

    With an infinite weight the common value has no interval of its own; ValueError where nothing was fitted.
    """
    if prior.reason == "too_few":
        raise ValueError(f"shrunk: expected a prior from at least {FEWEST_TO_SHRINK} places, found fewer")
    if math.isinf(prior.weight):
        return Shrunk(place.value, prior.mean, prior.mean, prior.mean)
    events, base = prior.mean * prior.weight + place.events, prior.weight + place.base
    law = beta(events, base - events) if is_share else gamma(events, scale=1 / base)
    tail = (1 - WARNING) / 2
    return Shrunk(place.value, events / base, float(law.ppf(tail)), float(law.ppf(1 - tail)))


def score(place: Place, whole: float, is_share: bool) -> float:
    """How many standard deviations a place is from the whole; 0 where the whole leaves no room."""
    variance = whole * (1 - whole) if is_share else whole
    return (place.value - whole) / math.sqrt(variance / place.base) if variance > 0 else 0.0


def normal_point(within: float) -> float:
    """The normal distribution's point between whose two signs that share lies: 1.96 for 0.95."""
    return float(norm.ppf((1 + within) / 2))
