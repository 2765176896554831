"""One share over the areas below, as a map of tiles: each with its figure and where it stands beside the whole."""

from __future__ import annotations

from typing import NamedTuple

from dashboard.texts import text
from dashboard.views.heat import gap_of, share_codes, widening
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


def tile_map(sight: Sight, area: str, wanted: str | None) -> TileMap | None:
    """The map of one indicator: the one wanted, else the one on which most areas stand out; None without areas."""
    below = [code for code in sight.areas if code != area]
    codes = [code for code in share_codes(sight) if sight.read(code, "", area).value is not None]
    if not below or not codes:
        return None
    every = {code: _tiles(sight, code, area, below) for code in codes}
    code = wanted if wanted in every else max(codes, key=lambda one: _standing_out(every[one]))
    whole = sight.read(code, "", area)
    title = sight.title(code)
    alt = text(sight.lang, "tiles.alt", title=title, said=_said(sight.lang, every[code]))
    return TileMap(
        code,
        title,
        whole.value_words,
        period_words(whole.period, sight.lang),
        {one: sight.title(one) for one in codes},
        every[code],
        alt,
    )


def _tiles(sight: Sight, code: str, area: str, below: list[str]) -> list[Tile]:
    factor = widening(sight, code, area, below)
    found = []
    for unit in below:
        now = sight.read(code, "", unit)
        gap = gap_of(sight, code, unit, area, factor)
        standing = NO_NUMBER if gap is None else LEVEL if gap == 0 else BETTER if gap > 0 else WORSE
        words = status_words(sight.lang, now) or now.value_words
        found.append(Tile(unit, sight.areas[unit], words + MARKS[standing], standing))
    return found


def _standing_out(tiles: list[Tile]) -> int:
    return sum(tile.standing in (BETTER, WORSE) for tile in tiles)


def _said(lang: str, tiles: list[Tile]) -> str:
    return text(lang, "mark.between_sentences").join(f"{tile.name} {tile.words}" for tile in tiles)
