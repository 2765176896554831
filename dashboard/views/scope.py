"""Which areas a reader may choose, how they hang together, and what they are called."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from dashboard.access import Reader, covers_area, require_area
from dashboard.snapshot import Snapshot

LEVELS = ("district", "township", "village")


class Scope(NamedTuple):
    """The areas of a reader. areas: area_code, name, level, parent_code, in the order of the codes."""

    areas: pl.DataFrame
    home: str

    def name(self, code: str) -> str:
        """The name of an area, or its code where the area ledger has none."""
        found = self.areas.filter(pl.col("area_code") == code)["name"]
        return str(found[0]) if len(found) else code

    def level(self, code: str) -> str:
        """The level of an area: district, township or village."""
        found = self.areas.filter(pl.col("area_code") == code)["level"]
        return str(found[0]) if len(found) else "village"

    def parent(self, code: str) -> str | None:
        """The area above, where the reader may see it."""
        found = self.areas.filter(pl.col("area_code") == code)["parent_code"]
        above = found[0] if len(found) else None
        return above if above in set(self.areas["area_code"]) else None

    def below(self, code: str) -> pl.DataFrame:
        """The areas directly below."""
        return self.areas.filter(pl.col("parent_code") == code)

    def names(self) -> dict[str, str]:
        """Code → name of every area of the reader."""
        return dict(zip(self.areas["area_code"], self.areas["name"], strict=True))

    def choices(self) -> dict[str, str]:
        """Code → words for a list to choose from: villages carry the name of their township."""
        names = self.names()
        rows = self.areas.sort(
            pl.col("level").replace_strict({"district": 0, "township": 1}, default=2), "area_code"
        )
        chosen = {}
        for code, name, level, parent in rows.select("area_code", "name", "level", "parent_code").iter_rows():
            is_village = level == "village" and parent in names
            chosen[code] = f"{names[parent]} · {name}" if is_village else name
        return chosen


def scope_of(snapshot: Snapshot, reader: Reader) -> Scope:
    """The areas that the reader may see; Forbidden when there is none."""
    areas = snapshot.frame("SELECT area_code, name, level, parent_code FROM area ORDER BY area_code")
    seen = [covers_area(reader, code) for code in areas["area_code"]]
    areas = areas.filter(pl.Series(seen, dtype=pl.Boolean)).unique(
        "area_code", keep="first", maintain_order=True
    )
    if areas.is_empty():
        require_area(reader, "")
    for level in LEVELS:
        at_level = areas.filter(pl.col("level") == level)
        if len(at_level):
            return Scope(areas, str(at_level["area_code"][0]))
    return Scope(areas, str(areas["area_code"][0]))


def chosen_area(scope: Scope, reader: Reader, wanted: str | None) -> str:
    """The area asked for in the address, else the reader's own; Forbidden for one outside the reader's
    areas.
    """
    if not wanted:
        return scope.home
    require_area(reader, wanted)
    return wanted if wanted in set(scope.areas["area_code"]) else scope.home
