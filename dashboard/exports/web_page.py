"""The pack as one self-contained HTML page: no request to anywhere, ready for print."""

from __future__ import annotations

from html import escape
from pathlib import Path

from dashboard.exports.blocks import GROUP, Bar, Block, Document, Heading, Paragraph, Row, Table
from dashboard.texts import text

STYLE = Path(__file__).with_name("web_page.css")
POLICY = "default-src 'none'; style-src 'unsafe-inline'"  # nothing is fetched, whatever a text says
BAR_WIDTH = 120
BAR_HEIGHT = 10


def page_of(document: Document) -> str:
    """The page's text."""
    title, subtitle = escape(document.title), escape(document.subtitle)
    facts = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in document.identity
    )
    banner = f'<p class="banner">{escape(document.banner)}</p>' if document.banner else ""
    contents = "".join(
        f'<li><a href="#part{at}">{escape(words)}</a></li>' for at, words in _sections(document)
    )
    return (
        f"{_head(document)}<body>{banner}<header><h1>{title}</h1>"
        f'<p class="period">{subtitle}</p><dl>{facts}</dl></header>\n<nav><ol>{contents}</ol></nav>\n'
        f"<main><p>{escape(document.addressed)}</p>\n{_blocks(document)}</main></body></html>\n"
    )


def _head(document: Document) -> str:
    lang = "zh-CN" if document.lang == "zh" else "en"
    title = f"{escape(document.title)} {escape(document.subtitle)}"
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE.read_text('utf-8')}</style></head>\n"
    )


def _sections(document: Document) -> list[tuple[int, str]]:
    return [
        (at, one.words)
        for at, one in enumerate(document.blocks)
        if isinstance(one, Heading) and one.level == 1
    ]


def _blocks(document: Document) -> str:
    before = [None, *document.blocks]
    return "\n".join(
        _block(document.lang, at, block, is_titled=isinstance(before[at], Heading))
        for at, block in enumerate(document.blocks)
    )


def _block(lang: str, at: int, block: Block, is_titled: bool) -> str:
    if isinstance(block, Heading):
        wide = ' class="annex"' if block.is_wide else ""
        return f'<h{block.level + 1} id="part{at}"{wide}>{escape(block.words)}</h{block.level + 1}>'
    if isinstance(block, Paragraph):
        return f'<p class="{block.style}">{escape(block.words)}</p>'
    return _table(lang, block, is_titled)


def _table(lang: str, table: Table, is_titled: bool) -> str:
    # Under a heading that says it already the caption is for readers who listen.
    hidden = ' class="heard"' if is_titled else ""
    caption = f"<caption{hidden}>{escape(table.caption)}</caption>"
    if not table.rows:
        nothing = f'<tbody><tr><td class="none">{escape(table.empty_words)}</td></tr></tbody>'
        return f"<table>{caption}{nothing}</table>"
    titles = "".join(f'<th scope="col" class="{one.align}">{escape(one.title)}</th>' for one in table.columns)
    body = "\n".join(_row(lang, table, row) for row in table.rows)
    head = f"<thead><tr>{titles}</tr></thead>"
    return f'<div class="frame"><table>{caption}{head}\n<tbody>{body}</tbody></table></div>'


def _row(lang: str, table: Table, row: Row) -> str:
    if row.kind == GROUP:
        cell = f'<th scope="rowgroup" colspan="{len(table.columns)}">{escape(row.cells[0])}</th>'
        return f'<tr class="group">{cell}</tr>'
    cells = []
    for at, (cell, column) in enumerate(zip(row.cells, table.columns, strict=True)):
        words = escape(cell).replace("\n", "<br>")
        if at == 0:
            drawn = _bar(lang, row.bar) if table.has_bars and row.bar else ""
            cells.append(f'<th scope="row">{words}{drawn}</th>')
        else:
            cells.append(f'<td class="{column.align}">{words}</td>')
    return f'<tr class="{row.kind}">{"".join(cells)}</tr>'


def _bar(lang: str, bar: Bar) -> str:
    """Yes, no and unknown as parts of one bar; the words say the same to who can't see it."""
    total = bar.yes + bar.no + bar.unknown
    if not total:
        return ""
    parts, left = [], 0.0
    for name, count in (("yes", bar.yes), ("no", bar.no), ("unknown", bar.unknown)):
        width = BAR_WIDTH * count / total
        if count:
            parts.append(
                f'<rect class="{name}" x="{left:.1f}" y="0" width="{width:.1f}" height="{BAR_HEIGHT}"/>'
            )
        left += width
    words = escape(text(lang, "card.bar", yes=bar.yes, no=bar.no, unknown=bar.unknown))
    size = f'width="{BAR_WIDTH}" height="{BAR_HEIGHT}" viewBox="0 0 {BAR_WIDTH} {BAR_HEIGHT}"'
    return f'<svg role="img" aria-label="{words}" {size}><title>{words}</title>{"".join(parts)}</svg>'
