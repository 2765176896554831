"""The definition sheets as the blocks of a Word document: the same words, the query left to the other formats."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dashboard.exports.blocks import Block, Column, Document, Heading, Paragraph, Row, Table
from dashboard.texts import text
from dashboard.views.definition import Sheet
from dashboard.views.example import Shown


def document_of(lang: str, sheets: Sequence[Sheet], day: date) -> Document:
    """All sheets as one document, sections by chapter."""
    blocks: list[Block] = [Paragraph(text(lang, "definitions.intro"))]
    chapter = ""
    for one in sheets:
        if one.chapter != chapter:
            chapter = one.chapter
            blocks.append(Heading(chapter))
        blocks += _sheet(lang, one)
    return Document(
        lang,
        text(lang, "definitions.title"),
        text(lang, "definitions.subtitle", n=len(sheets), day=day.isoformat()),
        "",
        [(text(lang, "definitions.sql"), text(lang, "definitions.sql_where"))],
        "",
        blocks,
    )


def _sheet(lang: str, sheet: Sheet) -> list[Block]:
    between = text(lang, "mark.between_words")
    facts = [(text(lang, "definitions.question"), sheet.question), *sheet.facts]
    if sheet.parts:
        facts.append((text(lang, "definitions.parts"), between.join(sheet.parts)))
    facts.append((text(lang, "definitions.article"), f"{sheet.article} {sheet.article_words}"))
    beside = f"{between.join(sheet.partners)} {sheet.partner_words}".strip()
    facts.append((text(lang, "definitions.partners"), beside))
    blocks: list[Block] = [Heading(f"{sheet.code} {sheet.title}", 2), _facts(sheet.title, facts)]
    blocks.append(_parameters(lang, sheet))
    blocks.append(Paragraph(text(lang, "definitions.example_note", day=sheet.example.day), "note"))
    for table in (*sheet.example.delivered, sheet.example.cases, sheet.example.figures):
        if table is not None:
            blocks.append(_table(table))
            if table.n_more:
                blocks.append(Paragraph(text(lang, "definitions.more", n=table.n_more), "note"))
    return [*blocks, Paragraph(sheet.provenance, "note")]


def _facts(title: str, facts: Sequence[tuple[str, str]]) -> Table:
    return Table(title, (Column("", 1), Column("", 5)), [Row(pair) for pair in facts])


def _parameters(lang: str, sheet: Sheet) -> Table:
    names = ("parameter", "parameter_value", "since", "source")
    columns = tuple(
        Column(text(lang, f"definitions.{name}"), width)
        for name, width in zip(names, (3, 1.4, 1.4, 3), strict=True)
    )
    confirm = text(lang, "definitions.confirm")
    rows = [
        Row((one.name, one.value, one.since, f"{one.source} {confirm if one.is_to_confirm else ''}".strip()))
        for one in sheet.parameters
    ]
    return Table(text(lang, "definitions.parameters"), columns, rows, text(lang, "definitions.no_parameters"))


def _table(table: Shown) -> Table:
    return Table(
        table.caption, tuple(Column(head, 1) for head in table.heads), [Row(row) for row in table.rows]
    )
