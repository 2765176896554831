"""The parts of the quality report beside the checks: by place, by sender, late typing, repeats, agreement, history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import plotly.graph_objects as go
import polars as pl

from dashboard import figures as charts
from dashboard.snapshot import Snapshot, among
from dashboard.texts import text
from dashboard.views.words import either, in_language
from data_contracts.contract import contracts

ROWS_SHOWN = 1000
PLACE_LEVELS = ("district", "township", "village", "school")


class QualityParts(NamedTuple):
    """Tables under translated titles, empty where the build has nothing; the chart is None with a single run."""

    units: pl.DataFrame
    senders: pl.DataFrame
    typing: pl.DataFrame
    repeats: pl.DataFrame
    agreement: pl.DataFrame
    history: go.Figure | None


class FaultyRows(NamedTuple):
    """The places behind a check, or behind the inputs of an indicator."""

    choices: dict[str, str]
    title: str
    rows: pl.DataFrame
    note: str


def quality_parts(snapshot: Snapshot, lang: str) -> QualityParts:
    """All of them; a build from before they existed has none."""
    names = _place_names(snapshot)
    return QualityParts(
        _units(snapshot, lang, names),
        _table(snapshot, lang, "quality_sender", "sender n_deliveries rows_read rows_quarantined n_without_day "
               "median_days longest_days last_received_on",
               "rows_quarantined DESC, median_days DESC NULLS LAST, sender"),
        _typing(snapshot, lang),
        _repeats(snapshot, lang),
        _agreement(snapshot, lang),
        _history(snapshot, lang),
    )  # fmt: skip


def _place_names(snapshot: Snapshot) -> dict[str, str]:
    found = snapshot.frame(
        "SELECT area_code AS code, name FROM area UNION ALL SELECT org_code, name FROM org"
    )
    return dict(zip(found["code"], found["name"], strict=True))


def _table(snapshot: Snapshot, lang: str, table: str, columns: str, order: str) -> pl.DataFrame:
    """Some columns of a table of the build under translated titles."""
    if not snapshot.has(table):
        return pl.DataFrame()
    found = snapshot.frame(f"SELECT * FROM {table} ORDER BY {order}")
    return found.select(
        (pl.col(name).cast(pl.Int64) if found[name].dtype.is_numeric() else pl.col(name)).alias(
            text(lang, f"column.{name}")
        )
        for name in columns.split()
    )


def _units(snapshot: Snapshot, lang: str, names: dict[str, str]) -> pl.DataFrame:
    if not snapshot.has("quality_unit"):
        return pl.DataFrame()
    found = snapshot.frame("SELECT * FROM quality_unit").to_dicts()
    chosen = [row for row in found if row["level"] in PLACE_LEVELS]
    chosen.sort(key=lambda row: (PLACE_LEVELS.index(row["level"]), -row["rows_quarantined"], row["area"]))
    rows = [
        (
            names.get(row["area"], row["area"]),
            text(lang, f"place_level.{row['level']}"),
            *(int(row[name]) for name in _UNIT_NUMBERS),
        )
        for row in chosen
    ]
    return _frame(lang, ("unit", "place_level", *_UNIT_NUMBERS), rows)


_UNIT_NUMBERS = ("rows_read", "rows_accepted", "rows_quarantined", "n_errors", "n_warnings")


def _typing(snapshot: Snapshot, lang: str) -> pl.DataFrame:
    if not snapshot.has("quality_typing"):
        return pl.DataFrame()
    found = snapshot.frame(
        "SELECT * FROM quality_typing WHERE n_later > 0 ORDER BY longest_days DESC, table_name, sender"
    )
    numbers = ("n_rows", "n_later", "median_days", "longest_days")
    rows = [
        (ledger_words(lang, row["table_name"]), row["sender"], *(int(row[name]) for name in numbers))
        for row in found.to_dicts()
    ]
    return _frame(lang, ("table", "sender", *numbers), rows)


def _repeats(snapshot: Snapshot, lang: str) -> pl.DataFrame:
    if not snapshot.has("quality_repeat"):
        return pl.DataFrame()
    found = snapshot.frame("SELECT * FROM quality_repeat ORDER BY n DESC, kind, sender").to_dicts()
    rows = [(text(lang, f"repeat.{row['kind']}"), row["sender"], row["n"]) for row in found]
    return _frame(lang, ("repeat_kind", "sender", "n_found"), rows)


def _agreement(snapshot: Snapshot, lang: str) -> pl.DataFrame:
    """The whole district, the fields on which lists differ most first."""
    if not snapshot.has("quality_agreement"):
        return pl.DataFrame()
    found = snapshot.frame(
        "SELECT * FROM quality_agreement WHERE level = 'district' ORDER BY differ DESC, not_both_known DESC, field, one"
    )
    rows = [
        (
            either(lang, f"listed_field.{row['field']}", row["field"]),
            f"{text(lang, 'listed.' + row['one'])} – {text(lang, 'listed.' + row['other'])}",
            *(row[name] for name in ("agree", "differ", "not_both_known")),
            round(100 * row["agree"] / matched, 1) if (matched := row["agree"] + row["differ"]) else None,
        )
        for row in found.to_dicts()
    ]
    return _frame(lang, ("field", "two_lists", "agree", "differ", "not_both_known", "agree_share"), rows)


def _history(snapshot: Snapshot, lang: str) -> go.Figure | None:
    """The share that failed after each run by aspect; aspects in which nothing ever failed are left out."""
    if not snapshot.has("quality_history"):
        return None
    found = snapshot.frame(
        "SELECT judged_at, dimension, sum(failed) AS failed, sum(applicable) AS applicable FROM quality_history "
        "GROUP BY ALL ORDER BY ALL"
    )
    runs = found["judged_at"].unique().sort().to_list()
    if len(runs) < 2:
        return None
    lines = []
    for dimension in found.filter(pl.col("failed") > 0)["dimension"].unique().sort():
        mine = {row["judged_at"]: row for row in found.filter(pl.col("dimension") == dimension).to_dicts()}
        values = [_percent(mine.get(run)) for run in runs]
        blank = [None] * len(runs)
        lines.append(charts.Line(either(lang, f"dimension.{dimension}", dimension), values, blank, blank))
    labels = [f"{run:%m-%d %H:%M:%S}" for run in runs]
    return charts.trend(labels, lines, text(lang, "report.history_axis"), False) if lines else None


def _percent(row: dict[str, Any] | None) -> float | None:
    return (
        round(100 * float(row["failed"]) / float(row["applicable"]), 2) if row and row["applicable"] else None
    )


def faulty_rows(snapshot: Snapshot, lang: str, check: str | None, code: str | None) -> FaultyRows:
    """The rows behind a check (`table.check`), else behind the inputs of an indicator; by place, never by value."""
    if not snapshot.has("fault"):
        return FaultyRows({}, "", pl.DataFrame(), "")
    choices = _choices(snapshot, lang)
    if check in choices:
        table, _, check_id = str(check).partition(".")
        return _places(
            snapshot, lang, choices, choices[str(check)], "table_name = ? AND check_id = ?", [table, check_id]
        )
    heads = snapshot.frame("SELECT * FROM indicator WHERE code = ?", code or "").to_dicts()
    if heads and snapshot.has("figure_input"):
        title = text(lang, "faults.of_indicator", code=code, title=in_language(heads[0], "title", lang))
        tables = snapshot.frame("SELECT DISTINCT table_name FROM figure_input WHERE code = ?", code)[
            "table_name"
        ]
        return _places(snapshot, lang, choices, title, among("table_name", list(tables)), list(tables))
    return FaultyRows(choices, "", pl.DataFrame(), "")


def _choices(snapshot: Snapshot, lang: str) -> dict[str, str]:
    found = snapshot.frame(
        "SELECT f.table_name, f.check_id, any_value(q.zh) AS zh, any_value(q.en) AS en, count(*) AS n "
        "FROM fault f JOIN quality q USING (table_name, check_id) GROUP BY ALL ORDER BY n DESC, 1, 2"
    ).to_dicts()
    return {
        f"{table}.{row['check_id']}": f"{ledger_words(lang, table)} · {row[lang]} ({row['n']:,})"
        for row in found
        for table in (row["table_name"],)
    }


def _places(
    snapshot: Snapshot, lang: str, choices: dict[str, str], title: str, condition: str, values: Sequence[str]
) -> FaultyRows:
    n = int(snapshot.frame(f"SELECT count(*) AS n FROM fault WHERE {condition}", *values)["n"][0])
    found = snapshot.frame(
        f"SELECT f.*, q.zh, q.en FROM (SELECT * FROM fault WHERE {condition}) f LEFT JOIN quality q "
        f'USING (table_name, check_id) ORDER BY severity, file, sheet, "row" LIMIT {ROWS_SHOWN}',
        *values,
    )
    rows = [
        (
            text(lang, f"severity.{row['severity']}"),
            ledger_words(lang, row["table_name"]),
            row[lang] or "",
            *(row[name] for name in ("file", "sheet", "row", "column", "sender")),
        )
        for row in found.to_dicts()
    ]
    kinds = ("severity", "table", "check", "file", "sheet", "row", "column", "sender")
    key = "report.rows_cut" if n > ROWS_SHOWN else "report.rows_note"
    return FaultyRows(
        choices, title, _frame(lang, kinds, rows), text(lang, key, n=n, shown=ROWS_SHOWN) if n else ""
    )


def ledger_words(lang: str, table: str) -> str:
    """The name of a ledger in the language: of the texts, else of its contract."""
    contract = contracts().get(table)
    return either(lang, f"table.{table}", str(getattr(contract, lang)) if contract else table)


def _frame(lang: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> pl.DataFrame:
    titles = [text(lang, f"column.{name}") for name in columns]
    return pl.DataFrame([list(row) for row in rows], schema=titles, orient="row", infer_schema_length=None)
