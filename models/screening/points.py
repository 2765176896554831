"""A card's points as SQL over `fact_wide AS w`: what a child gets, and the least and most it could get."""

from __future__ import annotations

from models.screening.rulebook.card import Bin, Line


def points_sql(line: Line, when_unknown: int) -> str:
    """The points of one line; `when_unknown` for a fact that is not known."""
    cases = " ".join(f"WHEN {_fits(line.fact, one)} THEN {one.points}" for one in line.bins)
    return f"CASE WHEN w.{line.fact} IS NULL THEN {when_unknown} {cases} END"


def _fits(fact: str, one: Bin) -> str:
    column = f"w.{fact}"
    if one.is_ is not None:
        return column if one.is_ else f"NOT {column}"
    if one.codes is not None:
        return f"{column} IN (" + ", ".join(f"'{code}'" for code in one.codes) + ")"
    bounds = [f"{column} >= {one.from_}"] * (one.from_ is not None)
    bounds += [f"{column} < {one.below}"] * (one.below is not None)
    return " AND ".join(bounds)
