"""The section on figures that must be verified before anybody relies on them, each with the reason."""

from __future__ import annotations

from functools import partial
from typing import Any

from dashboard.exports.blocks import Block, Column, Heading, Paragraph, Row, Table
from dashboard.exports.judging import Doubt, failed_checks, on_paper, thin
from dashboard.exports.wording import Wording
from dashboard.texts import text
from dashboard.views.overview import PAPER
from dashboard.views.thresholds import threshold
from dashboard.views.words import NOTHING, either

CHECKS_SHOWN = 40


def doubts(words: Wording, number: int) -> list[Block]:
    """Thin evidence, late typing and copied notes, failed checks, and what was not checked at all."""
    low = f"{threshold('evidence_low'):.0%}"
    return [
        Heading(
            words.say("heading", number=words.say(f"ordinal.{number}"), words=words.say("chapter.doubts"))
        ),
        Paragraph(words.say("doubts.lead")),
        Heading(words.say("doubts.thin", low=low), 2),
        _thin_table(words, low),
        Heading(words.say("doubts.paper"), 2),
        _paper_table(words),
        Heading(text(words.lang, "faults.heading"), 2),
        _faulty_table(words),
        Heading(words.say("doubts.checks"), 2),
        *_check_blocks(words, "fail", "table.failed", "doubts.checks_none"),
        *_not_checked(words),
        *_left_out(words),
    ]


def _columns(words: Wording, *shape: tuple[str, float]) -> tuple[Column, ...]:
    numbers = ("value", "evidence_district", "failed", "applicable", "failed_share")
    return tuple(
        Column(words.say(f"column.{name}"), width, "right" if name in numbers else "left")
        for name, width in shape
    )


def _thin_table(words: Wording, low: str) -> Table:
    columns = _columns(words, ("indicator", 5.6), ("evidence_district", 2.4), ("thin_townships", 8.6))
    rows = [
        Row((words.title(one.code, one.series), _district_evidence(words, one), _townships(words, one)))
        for one in thin(words.content)
    ]
    return Table(words.say("table.thin", low=low), columns, rows, words.say("doubts.thin_none", low=low))


def _district_evidence(words: Wording, doubt: Doubt) -> str:
    figures = words.content.at("district", [doubt.code])
    mine = [one for one in figures if one.series == doubt.series]
    return words.evidence(mine[0]) if mine else NOTHING


def _townships(words: Wording, doubt: Doubt) -> str:
    found = [f"{words.area(one.area)} {words.evidence(one).rstrip('△')}" for one in doubt.townships]
    return words.say("between").join(found) or NOTHING


def _paper_table(words: Wording) -> Table:
    columns = _columns(words, ("area", 3.2), ("indicator", 4.6), ("value", 2.2), ("why", 6.6))
    rows = []
    for one in on_paper(words.content):
        why = text(words.lang, f"doubt.{one.code}", limit=f"{threshold(PAPER[one.code]):.0%}")
        rows.append(Row((words.area(one.area), words.title(one.code, one.series), words.value(one), why)))
    return Table(words.say("table.paper"), columns, rows, words.say("doubts.paper_none"))


def _faulty_table(words: Wording) -> Table:
    """District figures whose inputs failed: rows that still wait to be corrected, rules that failed."""
    say = partial(text, words.lang)
    shape = (("indicator", 6.4), ("value", 3), ("rows_open", 3.6), ("rules_failed", 3.6))
    titles = {name: words.say(f"column.{name}") for name in ("indicator", "value")}
    titles |= {name: say(f"column.{name}") for name in ("rows_open", "rules_failed")}
    columns = tuple(
        Column(titles[name], width, "right" if name != "indicator" else "left") for name, width in shape
    )
    rows = [
        Row((words.titled(one), words.value(one), f"{one.rows_open:,}", f"{one.rules_failed:,}"))
        for one in words.content.at("district")
        if one.is_faulty
    ]
    return Table(say("faults.table"), columns, rows, say("faults.none"))


def _check_row(words: Wording, row: dict[str, Any]) -> Row:
    failed, applicable = row["failed"], row["applicable"]
    share = f"{failed / applicable:.1%}" if failed and applicable else NOTHING
    kind = either(words.lang, f"dimension.{row['dimension']}", NOTHING)
    counts = (NOTHING if one is None else f"{one:,}" for one in (failed, applicable))
    return Row((words.ledger(row["table_name"]), words.check(row), kind, *counts, share))


def check_table(words: Wording, status: str, caption: str, empty: str) -> Table:
    """The checks of a status: ledger, what is asked for, how many rows fail."""
    columns = _columns(
        words,
        ("ledger", 2.6),
        ("check", 6.6),
        ("dimension", 1.7),
        ("failed", 1.8),
        ("applicable", 2),
        ("failed_share", 1.9),
    )
    rows = [_check_row(words, row) for row in failed_checks(words.content, status)]
    return Table(words.say(caption), columns, rows, words.say(empty))


def _check_blocks(words: Wording, status: str, caption: str, empty: str) -> list[Block]:
    table = check_table(words, status, caption, empty if words.content.quality else "doubts.checks_missing")
    if len(table.rows) <= CHECKS_SHOWN:
        return [table]
    more = words.say("doubts.checks_more", shown=CHECKS_SHOWN, n=len(table.rows))
    return [table._replace(rows=table.rows[:CHECKS_SHOWN]), Paragraph(more, "note")]


def _not_checked(words: Wording) -> list[Block]:
    n_not_checked = len(failed_checks(words.content, "not_checked"))
    n_not_yet_due = len(failed_checks(words.content, "not_yet_due"))
    if not n_not_checked and not n_not_yet_due:
        return []
    return [Paragraph(words.say("doubts.not_checked", not_checked=n_not_checked, not_yet_due=n_not_yet_due))]


def _left_out(words: Wording) -> list[Block]:
    names = [
        f"{code} {head.get('title_' + words.lang) or head['title_zh']}"
        for code, head in words.content.left_out.items()
    ]
    if not names:
        return []
    return [Paragraph(words.say("doubts.left_out", names=words.say("between").join(names)))]
