"""The other way: from a child or a school to every figure in which it counts."""

from __future__ import annotations

import polars as pl

from dashboard.access import Permission, Reader, covers_area, require, require_area
from dashboard.snapshot import Snapshot
from dashboard.texts import text
from dashboard.views.readings import figures_of, heads_of
from dashboard.views.words import amount, in_language, series_label
from models.behind import counts_in, newest
from models.measure import indicators

COLUMNS = ("column.indicator", "column.period", "column.outcome", "definitions.column.how", "column.record")


def part_words(code: str, series: str, lang: str) -> str:
    """A part of a measure behind its title; nothing for the whole."""
    if not series:
        return ""
    known = indicators()[code].head.series.get(series) if code in indicators() else None
    return f" · {getattr(known, lang) if known else series_label(series, lang)}"


def measures_of_child(snapshot: Snapshot, reader: Reader, lang: str, child: str) -> pl.DataFrame:
    """The figures in which a child counts, in its own name or through its household, each in its newest
    period; Forbidden without the right to single children.
    """
    require(reader, Permission.VIEW_CHILDREN)
    heads = heads_of(snapshot)
    question = newest(counts_in(child, snapshot.has("family")))
    rows = []
    for one in snapshot.frame(question.sql, *question.values).iter_rows(named=True):
        title = in_language(heads.get(one["code"], {}), "title", lang)
        rows.append(
            (
                f"{one['code']} {title}{part_words(one['code'], one['series'], lang)}",
                one["period"],
                text(lang, f"outcome.{one['outcome']}"),
                text(lang, f"definitions.via.{one['via']}"),
                one["source"],
            )
        )
    names = [text(lang, key) for key in COLUMNS]
    return pl.DataFrame(rows, dict.fromkeys(names, pl.String), orient="row")


def schools_of(snapshot: Snapshot, reader: Reader) -> dict[str, str]:
    """Code → name of the schools in the reader's areas that have figures."""
    if not snapshot.has("org"):
        return {}
    query = (
        "SELECT org_code, name, township_code FROM org WHERE org_code IN "
        "(SELECT area FROM figure WHERE level = 'school') ORDER BY org_code"
    )
    rows = snapshot.frame(query)
    return {
        code: name for code, name, township in rows.iter_rows() if township and covers_area(reader, township)
    }


def measures_of_school(snapshot: Snapshot, reader: Reader, lang: str, school: str) -> pl.DataFrame:
    """A school's own figures, each in its newest period, protected for the reader; Forbidden outside the
    reader's areas.
    """
    if school not in schools_of(snapshot, reader):
        require_area(reader, "")
    heads = heads_of(snapshot)
    found = figures_of(snapshot, reader, list(heads)).filter(
        (pl.col("area") == school) & (pl.col("level") == "school")
    )
    order = snapshot.frame("SELECT period, max(snapshot_on) AS at FROM period GROUP BY period")
    latest = found.join(order, on="period").sort("code", "series", "at", maintain_order=True)
    latest = latest.unique(["code", "series"], keep="last", maintain_order=True)
    at = {code: place for place, code in enumerate(heads)}
    rows = []
    for one in sorted(latest.iter_rows(named=True), key=lambda row: (at[row["code"]], row["series"])):
        title = in_language(heads[one["code"]], "title", lang)
        status = one["status"]
        value = (
            amount(lang, one["value"], one["unit"])
            if status == "ok"
            else text(lang, f"definitions.status.{status}")
        )
        counts = [None if status == "hidden" else one[name] for name in ("yes", "no", "unknown")]
        rows.append(
            (
                f"{one['code']} {title}{part_words(one['code'], one['series'], lang)}",
                one["period"],
                value,
                *counts,
            )
        )
    keys = ("column.indicator", "column.period", "column.value", "column.yes", "column.no", "column.unknown")
    kinds = (pl.String, pl.String, pl.String, pl.Int64, pl.Int64, pl.Int64)
    schema = {text(lang, key): kind for key, kind in zip(keys, kinds, strict=True)}
    return pl.DataFrame(rows, schema, orient="row")
