"""A small invented snapshot: 3 townships, 8 villages, 60 children, 21 indicators over quarters, months and
years.
"""

from __future__ import annotations

import csv
import json
import math
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from models.disclosure.publish import publish
from registry.vault import Vault

HERE = Path(__file__).parent
AS_OF = date(2026, 9, 30)
BUILD = "b20260930-fixture"
DISTRICT = "530902"
TOWNSHIPS = {"530902001": "凤翔街道", "530902102": "博尚镇", "530902202": "南美拉祜族乡"}
VILLAGES = {
    "530902001201": "石房村",
    "530902001202": "昔本村",
    "530902001203": "大文村",
    "530902102201": "永泉村",
    "530902102202": "勐准村",
    "530902102203": "户有村",
    "530902202201": "多依村",
    "530902202202": "南华村",
}
QUARTERS = ["2025Q2", "2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3"]
MONTHS = [f"2025-{m:02}" for m in (10, 11, 12)] + [f"2026-{m:02}" for m in range(1, 10)]
VAULT = Vault(b"k" * 32)
# The marks that every page must show as they are written, never as a picture or a link.
HOSTILE = "![x](http://attacker.invalid/p.png)"


KINDS = {"days": "duration"}  # unit → kind, where they have two names


class Indicator(NamedTuple):
    """One invented indicator: `chance` is the share of yes, `unknown` the share of unknown among
    `per_village` cases.
    """

    code: str
    zh: str
    en: str
    kind: str
    unit: str
    better: str
    disclosure: str
    chance: float
    unknown: float = 0.0
    per_village: int = 24
    series: tuple[str, ...] = ("",)
    partner: str = ""
    owner: str = "民政"


def _indicators() -> list[Indicator]:
    """The invented indicators; several series stand with blanks between them, `-` is the whole."""
    found = []
    with (HERE / "snapshot_indicators.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            series = tuple("" if name == "-" else name for name in row.pop("series").split())
            chance, unknown, per_village = row.pop("chance"), row.pop("unknown"), row.pop("per_village")
            numbers = (float(chance), float(unknown), int(per_village))
            words = [row[name] for name in Indicator._fields[:7]]
            found.append(Indicator(*words, *numbers, series, row["partner"], row["owner"]))
    return found


INDICATORS = _indicators()


def make_store(directory: Path, is_empty: bool = False) -> Path:
    """Write a store with one snapshot and its pointer; `is_empty` has all tables and no rows but the
    build's.
    """
    (directory / "snapshots").mkdir(parents=True, exist_ok=True)
    file = directory / "snapshots" / f"{BUILD}.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute((HERE / "snapshot_tables.sql").read_text(encoding="utf-8"))
        _fill(
            connection, "build_info", [(BUILD, AS_OF, AS_OF, datetime(2026, 10, 1, 6, tzinfo=UTC), 60, True)]
        )
        _fill(connection, "area", _areas())
        _fill(connection, "period", _periods())
        if not is_empty:
            for name, rows in _contents().items():
                _fill(connection, name, rows)
            publish(connection, AS_OF, {})
    pointer = {"build_id": BUILD, "file": file.name, "as_of": str(AS_OF), "known_on": str(AS_OF)}
    (directory / "current.json").write_text(json.dumps(pointer), encoding="utf-8")
    return directory


def child_ids() -> list[str]:
    """The sixty pseudonyms, in the order of the list."""
    dice = random.Random(11)
    return [f"c{dice.getrandbits(80):020x}" for _ in range(60)]


def _fill(connection: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)


def _areas() -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = [(DISTRICT, "临翔区", "district", None)]
    rows += [(code, name, "township", DISTRICT) for code, name in TOWNSHIPS.items()]
    return rows + [(code, name, "village", code[:9]) for code, name in VILLAGES.items()]


def _periods() -> list[tuple[Any, ...]]:
    rows = []
    for name in QUARTERS:
        year, quarter = int(name[:4]), int(name[5])
        start = date(year, 3 * quarter - 2, 1)
        end = (date(year + quarter // 4, 3 * quarter % 12 + 1, 1)) - timedelta(days=1)
        rows.append((name, "quarter", start, end, min(end, AS_OF)))
    for name in MONTHS:
        year, month = int(name[:4]), int(name[5:])
        end = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        rows.append((name, "month", date(year, month, 1), end, end))
    rows.append(("2024-2025学年", "school_year", date(2024, 9, 1), date(2025, 8, 31), date(2025, 8, 31)))
    rows.append(("2025-2026学年", "school_year", date(2025, 9, 1), date(2026, 8, 31), date(2026, 8, 31)))
    return [*rows, (str(AS_OF), "snapshot", AS_OF, AS_OF, AS_OF)]


def _names_of(kind: str) -> list[str]:
    return [row[0] for row in _periods() if row[1] == kind]


def _contents() -> dict[str, list[tuple[Any, ...]]]:
    from tests.pages.snapshot_children import children_tables

    return {
        "indicator": [_head(one) for one in INDICATORS],
        "measure_series": [
            (one.code, series, KINDS.get(one.unit, one.unit), "cases")
            for one in INDICATORS
            for series in one.series
        ],
        "figure": [row for one in INDICATORS for row in _figures(one)],
        **children_tables(),
    }


def _head(one: Indicator) -> tuple[Any, ...]:
    return (
        one.code,
        one.zh,
        one.en,
        f"{one.zh}是多少？",
        f"How far does this hold: {one.en.lower()}?",
        f"符合“{one.zh}”条件的",
        f"Those for which it holds ({one.en.lower()})",
        "本期应计入的全部",
        "All that count in the period",
        "四·2",
        one.owner,
        "lead department",
        one.kind,
        one.unit,
        one.better,
        one.disclosure,
        one.partner,
        "visit_grace_days" if one.code == "C12" else "",
        "测试",
        date(2026, 1, 15),
    )


def _figures(one: Indicator) -> list[tuple[Any, ...]]:
    rows = []
    for series in one.series:
        for at, period in enumerate(_names_of(one.kind)):
            cells = {village: _village_counts(one, series, period, village, at) for village in VILLAGES}
            for level, areas in (("village", VILLAGES), ("township", TOWNSHIPS), ("district", [DISTRICT])):
                for area in areas:
                    mine = [counts for village, counts in cells.items() if village.startswith(area)]
                    rows.append(_figure(one, series, level, area, period, *map(sum, zip(*mine, strict=True))))
    return rows


def _village_counts(one: Indicator, series: str, period: str, village: str, at: int) -> tuple[int, int, int]:
    dice = random.Random(f"{one.code}{series}{period}{village}")
    n = (
        dice.randint(one.per_village // 2, one.per_village)
        if village != "530902202202"
        else min(one.per_village, 3)
    )
    if one.unit == "days":
        return n, 0, 0
    # 多依村 gets worse over time, and 户有村 knows little.
    chance = (
        max(0.05, one.chance - 0.09 * at)
        if village == "530902202201" and one.better == "higher"
        else one.chance
    )
    unknown = 0.6 if village == "530902102203" and one.unknown else one.unknown
    draws = [(dice.random() < unknown, dice.random() < chance) for _ in range(n)]
    yes = sum(known_yes for is_unknown, known_yes in draws if not is_unknown)
    return (
        yes,
        sum(not known_yes for is_unknown, known_yes in draws if not is_unknown),
        sum(d[0] for d in draws),
    )


def _figure(
    one: Indicator, series: str, level: str, area: str, period: str, yes: int, no: int, unknown: int
) -> tuple[Any, ...]:
    cell = (one.code, series, level, area, period)
    if one.unit == "count":
        return (*cell, yes, 0, 0, float(yes), None, None, 1.0, "ok", yes)
    if one.unit == "days":
        days = 10.0 + random.Random(f"{area}{period}").random() * 20
        return (*cell, yes, 0, 0, days, days * 0.8, days * 1.3, 1.0, "ok", yes)
    known = yes + no
    if not known:
        return (
            *cell,
            yes,
            no,
            unknown,
            None,
            None,
            None,
            0.0 if unknown else None,
            "not_applicable",
            unknown,
        )
    low, high = _wilson(yes, known)
    return (*cell, yes, no, unknown, yes / known, low, high, known / (known + unknown), "ok", known + unknown)


def _wilson(yes: int, n: int) -> tuple[float, float]:
    z, share = 1.96, yes / n
    middle, width = share + z * z / (2 * n), z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, (middle - width) / (1 + z * z / n)), min(1.0, (middle + width) / (1 + z * z / n))
