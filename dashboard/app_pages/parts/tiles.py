"""Draws the map of tiles, or of outlines with the tiles as its legend."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

import streamlit as st

from dashboard.app_pages.parts.drawing import choose, note
from dashboard.drawings import outline_map
from dashboard.session import language, store, text
from dashboard.views.outlines import Outlines, outlines_of
from dashboard.views.tiles import BETTER, LEVEL, NO_NUMBER, WORSE, TileMap

FILLS = {BETTER: "#8fc4c8", WORSE: "#f0b45c", LEVEL: "#eef3f3", NO_NUMBER: "#ffffff"}


def show_tiles(found: TileMap | None, period: str) -> None:
    """The map with the indicator to choose; each tile opens its area on the same page."""
    if found is None:
        return
    st.subheader(text("tiles.title"))
    choose(text("filter.indicator"), "map", found.choices, found.code)
    outlines = outlines_of(store(), [tile.area for tile in found.tiles])
    note(text("tiles.help" if outlines is None or not outlines.shapes else "tiles.help_outlines"))
    note(text("tiles.whole", value=found.whole, period=found.period))
    if outlines is not None:
        _show_outlines(found, outlines)
    links = "".join(
        f'<a class="tile {tile.standing}" target="_self" '
        f'href="?{escape(urlencode({"area": tile.area, "period": period, "map": found.code, "lang": language()}))}">'
        f"<span>{number}. {escape(tile.name)}</span><b>{escape(tile.words)}</b></a>"
        for number, tile in enumerate(found.tiles, start=1)
    )
    st.html(f'<nav class="tiles" aria-label="{escape(found.title)}">{links}</nav>')


def _show_outlines(found: TileMap, outlines: Outlines) -> None:
    if outlines.problem:
        note(text(outlines.problem), is_strong=True)
        return
    fills = {tile.area: FILLS[tile.standing] for tile in found.tiles}
    numbers = {tile.area: str(at) for at, tile in enumerate(found.tiles, start=1)}
    picture = outline_map(outlines.shapes, outlines.width, outlines.height, fills, numbers)
    st.html(f'<img class="outlines" src="{picture}" alt="{escape(found.alt)}">')
    names = {tile.area: tile.name for tile in found.tiles}
    if outlines.missing:
        listed = text("mark.between_words").join(names[area] for area in outlines.missing)
        note(text("tiles.map_misses", areas=listed))
