"""The annexes of the report: townships side by side, every figure, definitions, deliveries and checks."""

from __future__ import annotations

from typing import Any

from dashboard.exports.blocks import DOUBTED, GROUP, PLAIN, Block, Column, Heading, Paragraph, Row, Table
from dashboard.exports.content import Figure
from dashboard.exports.judging import is_thin, quality_counts
from dashboard.exports.periods import span_words
from dashboard.exports.wording import Wording
from dashboard.texts import text
from dashboard.views.words import NOTHING

STATUSES = ("fail", "not_checked", "not_yet_due", "pass")


def annexes(words: Wording, number: int) -> list[Block]:
    """Everything behind the text, on pages that lie on their side."""
    return [
        Heading(
            words.say("heading", number=words.say(f"ordinal.{number}"), words=words.say("chapter.annexes")),
            is_wide=True,
        ),
        Heading(words.say("annex.side_by_side"), 2),
        Paragraph(words.say("annex.side_by_side_note"), "note"),
        _side_by_side(words),
        Heading(words.say("annex.townships"), 2),
        township_table(words),
        Heading(words.say("annex.definitions"), 2),
        definition_table(words),
        Heading(words.say("annex.deliveries"), 2),
        _deliveries_by_form(words),
        Heading(words.say("annex.checks"), 2),
        _checks_by_ledger(words),
    ]


def _columns(words: Wording, left: tuple[str, ...], *shape: tuple[str, float]) -> tuple[Column, ...]:
    return tuple(
        Column(words.say(f"column.{name}"), width, "left" if name in left else "right")
        for name, width in shape
    )


def _side_by_side(words: Wording) -> Table:
    places = [area for area in words.content.areas if any(one.area == area for one in words.content.figures)]
    width = 20.0 / max(1, len(places))
    columns = (
        Column(words.say("column.indicator"), 5.0),
        *(Column(words.area(one), width, "right") for one in places),
    )
    values: dict[tuple[str, str], dict[str, Figure]] = {}
    for one in words.content.figures:
        values.setdefault((one.code, one.series), {})[one.area] = one
    rows = []
    for cells in values.values():
        first = next(iter(cells.values()))
        rows.append(Row((words.titled(first), *(_short(words, cells.get(area)) for area in places))))
    return Table(words.say("table.side_by_side"), columns, rows, words.say("chapter_none"))


def _short(words: Wording, figure: Figure | None) -> str:
    if figure is None:
        return NOTHING
    return words.value(figure) + ("△" if is_thin(figure) else "")


def township_table(words: Wording) -> Table:
    """Every township figure with counts, interval, evidence and change, under its indicator."""
    columns = _columns(
        words,
        ("area", "partner"),
        ("area", 4.2),
        ("yes", 2),
        ("no", 2),
        ("unknown", 2),
        ("value", 2.8),
        ("interval", 3.6),
        ("evidence", 2),
        ("change", 3),
        ("partner", 3.8),
    )
    rows: list[Row] = []
    last = None
    for one in words.content.at("township"):
        if (one.code, one.series) != last:
            last = (one.code, one.series)
            rows.append(Row((words.titled(one),), GROUP))
        cells = (
            words.area(one.area),
            *(words.n(one, name) for name in ("yes", "no", "unknown")),
            words.value(one),
            words.interval(one),
            words.evidence(one),
            words.change(one),
            words.partners(one),
        )
        rows.append(Row(cells, DOUBTED if is_thin(one) else PLAIN))
    return Table(words.say("table.townships"), columns, rows, words.say("chapter_none"))


def definition_table(words: Wording) -> Table:
    """What each indicator asks, counts, and out of what; article, lead, parameters, partners."""
    names = (
        "indicator",
        "question",
        "counted",
        "out_of",
        "clause",
        "owner",
        "period",
        "parameters",
        "partner",
    )
    widths = (3.2, 3.8, 4.2, 4.2, 1.6, 2, 2.2, 3.2, 1.6)
    columns = tuple(
        Column(words.say(f"column.{name}"), width) for name, width in zip(names, widths, strict=True)
    )
    rows = []
    for code, head in words.content.heads.items():
        period = span_words(words.lang, words.content.chosen[head["period_kind"]].now)
        sentences = (words.head(code, name) for name in ("question", "counted", "out_of"))
        partners = str(head.get("partner") or "").replace(",", " ").split()
        rows.append(
            Row(
                (
                    words.title(code),
                    *sentences,
                    str(head.get("clause") or NOTHING),
                    words.owner(code),
                    period,
                    words.parameters(code),
                    " ".join(partners) or NOTHING,
                )
            )
        )
    return Table(words.say("table.definitions"), columns, rows, words.say("chapter_none"))


def _deliveries_by_form(words: Wording) -> Table:
    columns = _columns(
        words,
        ("forms",),
        ("forms", 7),
        ("n_files", 2.4),
        ("rows_read", 2.8),
        ("rows_accepted", 2.8),
        ("rows_quarantined", 2.8),
        ("rows_ignored", 2.8),
        ("received_on", 3.4),
    )
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in words.content.deliveries:
        groups.setdefault(words.forms(row), []).append(row)
    rows = []
    for form, mine in sorted(groups.items()):
        counts = (
            _total(mine, name) for name in ("rows_read", "rows_accepted", "rows_quarantined", "rows_ignored")
        )
        rows.append(Row((form, f"{len(mine):,}", *counts, str(max(row["received_on"] for row in mine)))))
    return Table(words.say("table.deliveries"), columns, rows, words.say("annex.deliveries_none"))


def _total(rows: list[dict[str, Any]], name: str) -> str:
    return f"{sum(row[name] or 0 for row in rows):,}"


def _checks_by_ledger(words: Wording) -> Table:
    titles = [Column(words.say("column.ledger"), 6)]
    columns = (*titles, *(Column(text(words.lang, f"check.{status}"), 3, "right") for status in STATUSES))
    rows = [
        Row((words.ledger(table), *(str(counts.get(status, 0)) for status in STATUSES)))
        for table, counts in quality_counts(words.content).items()
    ]
    return Table(words.say("table.checks"), columns, rows, words.say("doubts.checks_missing"))
