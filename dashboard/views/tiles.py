"""One share over the areas below, as a map of tiles: each with its figure and where it stands beside the whole."""

from __future__ import annotations

from typing import NamedTuple

from dashboard.texts import text
from dashboard.views.heat import Gaps
from dashboard.views.indicator_page import status_words
from dashboard.views.sight import Sight
from dashboard.views.words import period_words

BETTER, WORSE, LEVEL, NO_NUMBER = "better", "worse", "level", "no_number"
MARKS = {BETTER: " ▲", WORSE: " ▼", LEVEL: "", NO_NUMBER: ""}


class Tile(NamedTuple):
    """One area: its figure in words, and where it stands beside the whole beyond chance."""

    area: str
    name: str
    words: str
    standing: str


class TileMap(NamedTuple):
    """One indicator over the areas below, in the order of their codes; alt: the same in words."""

    code: str
    title: str
    whole: str
    period: str
    choices: dict[str, str]
    tiles: list[Tile]
    alt: str


def tile_map(sight: Sight, area: str, gaps: Gaps, wanted: str | None) -> TileMap | None:
    """The map of one indicator: the one wanted, else the one on which most areas stand out; None without areas."""
    codes = [code for code, found in gaps.items() if found and sight.read(code, "", area).value is not None]
    if not codes:
        return None
    code = wanted if wanted in codes else max(codes, key=lambda one: sum(map(bool, gaps[one].values())))
    whole, title = sight.read(code, "", area), sight.title(code)
    tiles = [_tile(sight, code, unit, gap) for unit, gap in gaps[code].items()]
    return TileMap(
        code,
        title,
        whole.value_words,
        period_words(whole.period, sight.lang),
        {one: sight.title(one) for one in codes},
        tiles,
        text(sight.lang, "tiles.alt", title=title, said=_said(sight.lang, tiles)),
    )


def _tile(sight: Sight, code: str, unit: str, gap: float | None) -> Tile:
    now = sight.read(code, "", unit)
    standing = NO_NUMBER if gap is None else LEVEL if gap == 0 else BETTER if gap > 0 else WORSE
    words = status_words(sight.lang, now) or now.value_words
    return Tile(unit, sight.areas[unit], words + MARKS[standing], standing)


def _said(lang: str, tiles: list[Tile]) -> str:
    return text(lang, "mark.between_sentences").join(f"{tile.name} {tile.words}" for tile in tiles)
