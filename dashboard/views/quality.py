"""What came in, what is wrong with it, which checks hold, and how complete, timely, single and agreeing it is."""

from __future__ import annotations

from typing import Any, NamedTuple

import polars as pl

from dashboard.access import Permission, Reader, require
from dashboard.snapshot import Snapshot
from dashboard.texts import text
from dashboard.views.indicator_page import series_of, status_words
from dashboard.views.quality_parts import (
    FaultyRows,
    QualityParts,
    faulty_rows,
    ledger_words,
    quality_parts,
)
from dashboard.views.readings import cells_of, figures_of, heads_of, periods_of, reading
from dashboard.views.scope import scope_of
from dashboard.views.words import code_words, either, in_language, provenance, series_words
from data_contracts.messages import text_of
from registry.deliveries import Message

STATUSES = ("fail", "not_checked", "not_yet_due", "pass")
COMPLETENESS = "I1"
MESSAGES_SHOWN = 2000


class QualityPage(NamedTuple):
    """All that the quality page shows; unbalanced counts deliveries whose rows do not add up."""

    title: str
    provenance: str
    deliveries: pl.DataFrame
    balance: str
    is_balanced: bool
    messages: pl.DataFrame
    messages_note: str
    checks: pl.DataFrame
    check_counts: dict[str, int]
    completeness: pl.DataFrame
    parts: QualityParts
    faulty: FaultyRows

    @property
    def sections(self) -> list[tuple[str, pl.DataFrame, str]]:
        """The further tables in the order of the page: key of its words, table, key of the column kept in sight."""
        return [
            ("units", self.parts.units, "unit"),
            ("timeliness", self.parts.senders, "sender"),
            ("typing", self.parts.typing, "table"),
            ("uniqueness", self.parts.repeats, "repeat_kind"),
            ("consistency", self.parts.agreement, "field"),
        ]


def quality_page(
    snapshot: Snapshot, reader: Reader, lang: str, wanted: dict[str, str | None] | None = None
) -> QualityPage:
    """The page; wanted: `check` (table.check) or `code` (an indicator) whose rows are asked for.

    Forbidden without the right to data quality.
    """
    require(reader, Permission.VIEW_QUALITY)
    deliveries = snapshot.frame("SELECT * FROM delivery ORDER BY received_on DESC, file")
    n_unbalanced = _n_unbalanced(deliveries)
    key = "quality.balanced" if n_unbalanced == 0 else "quality.unbalanced"
    messages, n_messages = _messages(snapshot, lang)
    checks = snapshot.frame("SELECT * FROM quality")
    counts = dict(checks.group_by("status").len().iter_rows())
    note = "quality.messages_cut" if n_messages > MESSAGES_SHOWN else "quality.messages_all"
    return QualityPage(
        text(lang, "quality.title"),
        provenance(lang, snapshot.build),
        _deliveries(lang, deliveries),
        text(lang, key, n=n_unbalanced or len(deliveries)),
        n_unbalanced == 0,
        messages,
        text(lang, note, n=n_messages, shown=MESSAGES_SHOWN),
        _checks(lang, checks),
        {text(lang, f"check.{status}"): counts.get(status, 0) for status in STATUSES},
        _completeness(snapshot, reader, lang),
        quality_parts(snapshot, lang),
        faulty_rows(snapshot, lang, (wanted or {}).get("check"), (wanted or {}).get("code")),
    )


def _n_unbalanced(deliveries: pl.DataFrame) -> int:
    parts = sum(pl.col(f"rows_{part}").fill_null(0) for part in ("accepted", "quarantined", "ignored"))
    return deliveries.filter(pl.col("rows_read").fill_null(0) != parts).height


def _deliveries(lang: str, deliveries: pl.DataFrame) -> pl.DataFrame:
    rows = deliveries.with_columns(
        pl.col("status").map_elements(lambda status: either(lang, f"delivery.{status}", status), pl.String)
    )
    columns = (
        "file",
        "sender",
        "received_on",
        "reported_on",
        "status",
        "rows_read",
        "rows_accepted",
        "rows_quarantined",
        "rows_ignored",
    )
    return rows.select(
        pl.col(name).alias(text(lang, f"column.{name}")) for name in columns if name in rows.columns
    )


def _messages(snapshot: Snapshot, lang: str) -> tuple[pl.DataFrame, int]:
    """What the senders have to put right, errors first, and how many messages there are."""
    n = int(snapshot.frame("SELECT count(*) AS n FROM message")["n"][0])
    order = "CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, file, sheet, \"row\""
    found = snapshot.frame(f"SELECT * FROM message ORDER BY {order} LIMIT ?", MESSAGES_SHOWN)
    rows = [
        (
            either(lang, f"severity.{one['severity']}", one["severity"]),
            one["file"],
            one["sheet"],
            one["row"],
            one["heading"] or one["column"],
            _sentence(lang, one),
        )
        for one in found.iter_rows(named=True)
    ]
    kinds = {
        "severity": pl.String,
        "file": pl.String,
        "sheet": pl.String,
        "row": pl.Int64,
        "column": pl.String,
        "message": pl.String,
    }
    return pl.DataFrame(
        rows, {text(lang, f"column.{name}"): kind for name, kind in kinds.items()}, orient="row"
    ), n


def _sentence(lang: str, row: dict[str, Any]) -> str:
    """What was expected and what was found; the place stands in columns of its own, and names were never
    kept.
    """
    names = ("severity", "code", "table_name", "check_id", "expected", "found")
    message = Message(None, None, None, None, *(row[name] for name in names))
    return text_of(message, "", lang).lstrip("：: ")


def _checks(lang: str, checks: pl.DataFrame) -> pl.DataFrame:
    order = {status: at for at, status in enumerate(STATUSES)}
    rows: list[tuple[Any, ...]] = []
    for one in sorted(
        checks.to_dicts(), key=lambda row: (order.get(row["status"], 9), row["table_name"], row["check_id"])
    ):
        sentence = str(one.get(lang) or one.get("zh") or "")
        share = 100 * one["failed"] / one["applicable"] if one["failed"] and one["applicable"] else None
        rows.append(
            (
                text(lang, f"check.{one['status']}"),
                ledger_words(lang, one["table_name"]),
                sentence,
                either(lang, f"dimension.{one['dimension']}", str(one["dimension"] or "")),
                one["failed"],
                one["applicable"],
                None if share is None else round(share, 1),
            )
        )
    kinds = {
        "status": pl.String,
        "table": pl.String,
        "check": pl.String,
        "dimension": pl.String,
        "failed": pl.Int64,
        "applicable": pl.Int64,
        "failed_share": pl.Float64,
    }
    return pl.DataFrame(
        rows, {text(lang, f"column.{name}"): kind for name, kind in kinds.items()}, orient="row"
    )


def _completeness(snapshot: Snapshot, reader: Reader, lang: str) -> pl.DataFrame:
    """Content groups by area: the share of required fields that are known."""
    heads = heads_of(snapshot)
    names = text(lang, "column.unit")
    if COMPLETENESS not in heads:
        return pl.DataFrame(schema={names: pl.String})
    scope, periods, words = scope_of(snapshot, reader), periods_of(snapshot, None), code_words(snapshot, lang)
    now, before = periods.current(heads[COMPLETENESS]["period_kind"])
    areas = [scope.home, *scope.below(scope.home)["area_code"]]
    cells = cells_of(figures_of(snapshot, reader, [COMPLETENESS], [now or ""]), areas)
    columns: dict[str, list[str]] = {names: [scope.name(area) for area in areas]}
    for series in series_of(cells, COMPLETENESS):
        found = [reading(lang, cells, COMPLETENESS, series, area, now or "", before) for area in areas]
        columns[series_words(lang, series, words, COMPLETENESS)] = [
            status_words(lang, one) or one.value_words for one in found
        ]
    title = in_language(heads[COMPLETENESS], "title", lang)
    return pl.DataFrame(columns).rename({names: f"{names} · {title} {now or ''}".strip()})
