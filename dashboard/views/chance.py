"""Figures as counts that chance can be reckoned with, and where a place stands beside the whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from models.exact_statistics import exact_poisson
from models.uncertainty import Place, Spread, Standing, spread, standing

RECKONED = ("share", "rate")


def place_of(row: dict[str, Any] | None) -> Place | None:
    """The counts behind a published figure; None where it is hidden, empty, or no count of single cases.

    A share of yuan or days has no interval, and so no place here.  A rate's exposure, in thousands of its unit, is
    read off the upper end of its exact interval, which also stands where nothing happened.
    """
    if row is None or row["unit"] not in RECKONED:
        return None
    numbers = [row[name] for name in ("yes", "no", "value", "low", "high")]
    if any(number is None for number in numbers):
        return None
    yes, no, _, _, high = numbers
    if row["unit"] == "share":
        return Place(yes, yes + no) if yes + no > 0 else None
    return Place(yes, exact_poisson(yes)[1] / high) if high > 0 else None


def spread_of(rows: Iterable[dict[str, Any]], whole: dict[str, Any] | None) -> Spread:
    """How much the places of these figures differ around the whole."""
    if whole is None or whole["value"] is None:
        return Spread(1.0, False)
    places = [place for row in rows if (place := place_of(row)) is not None]
    return spread(places, whole["value"], whole["unit"] == "share")


def standing_of(
    row: dict[str, Any] | None, whole: dict[str, Any] | None, widening: float = 1.0
) -> Standing | None:
    """Where the place of a figure stands beside the whole; None where chance cannot be reckoned with."""
    place = place_of(row)
    if place is None or whole is None or whole["value"] is None:
        return None
    return standing(place, whole["value"], whole["unit"] == "share", widening)
