"""The real outlines of areas from a GeoJSON file that a bureau laid into its store; no outside map is ever asked.

The file is `map.geojson` in the store: features of type Polygon or MultiPolygon in degrees (WGS 84, GeoJSON's only
system, RFC 7946), each with the property `area_code`.  Outlines are drawn as they are: degrees of longitude are
shortened by the cosine of the middle latitude, which is true enough for a district.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import cos, isfinite, radians
from pathlib import Path
from typing import Any, NamedTuple

FILE = "map.geojson"
LARGEST_FILE = 20_000_000  # bytes; a township map of a province is a tenth of that
WIDTH = 1000.0  # of the drawing, in its own units

Point = tuple[float, float]
Ring = list[Point]


class Outlines(NamedTuple):
    """Rings by area in units of the drawing, its size, and what was wrong: a key of the texts, and the areas.

    shapes is empty where the file could not be used.
    """

    shapes: dict[str, list[Ring]]
    width: float
    height: float
    problem: str
    missing: tuple[str, ...]


def outlines_of(store: Path, areas: Sequence[str]) -> Outlines | None:
    """The outlines of these areas; None where the store has no map file."""
    file = store / FILE
    if not file.is_file():
        return None
    state = file.stat()
    if state.st_size > LARGEST_FILE:
        return _problem("tiles.map_too_large")
    degrees = _read(file, state.st_mtime_ns, state.st_size)
    if degrees is None:
        return _problem("tiles.map_unreadable")
    mine = {area: degrees[area] for area in areas if area in degrees}
    if not mine:
        return _problem("tiles.map_without_areas")
    missing = tuple(area for area in areas if area not in mine)
    return _fitted(mine, missing)


def _problem(key: str) -> Outlines:
    return Outlines({}, 0.0, 0.0, key, ())


@lru_cache(maxsize=1)
def _read(file: Path, changed_at: int, size: int) -> dict[str, list[Ring]] | None:
    """The rings of the file as it was then, read once and not at every look at the page; None for no map."""
    try:
        return _rings_by_area(json.loads(file.read_text("utf-8")))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _rings_by_area(found: Any) -> dict[str, list[Ring]]:
    """area_code → rings in degrees; ValueError for what is no map of areas."""
    rings: dict[str, list[Ring]] = {}
    for feature in found["features"]:
        code = str((feature.get("properties") or {}).get("area_code", ""))
        if code:
            rings.setdefault(code, []).extend(_rings(feature["geometry"]))
    return rings


def _rings(geometry: dict[str, Any]) -> Iterator[Ring]:
    kinds = {"Polygon": lambda found: [found], "MultiPolygon": lambda found: found}
    for polygon in kinds[geometry["type"]](geometry["coordinates"]):
        for ring in polygon:
            yield [_point(*position[:2]) for position in ring]


def _point(longitude: float, latitude: float) -> Point:
    point = (float(longitude), float(latitude))
    if not all(map(isfinite, point)) or abs(point[0]) > 180 or abs(point[1]) > 90:
        raise ValueError(f"{FILE}: expected degrees of longitude and latitude, found {point}")
    return point


def _fitted(degrees: dict[str, list[Ring]], missing: tuple[str, ...]) -> Outlines:
    """Degrees as units of the drawing, north up."""
    points = [point for rings in degrees.values() for ring in rings for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    narrowing = cos(radians((south + north) / 2))
    scale = WIDTH / max((east - west) * narrowing, 1e-9)
    shapes = {
        area: [[((x - west) * narrowing * scale, (north - y) * scale) for x, y in ring] for ring in rings]
        for area, rings in degrees.items()
    }
    return Outlines(shapes, WIDTH, (north - south) * scale, "", missing)
