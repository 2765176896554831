"""A document as Markdown: the same blocks as on the page and in the Word file."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.exports.blocks import Block, Document, Heading, Paragraph, Table

_MARKED = str.maketrans({one: f"\\{one}" for one in "\\`*_{}[]<>#|"})


def markdown_of(document: Document) -> str:
    """The document's text; words from ledgers and people stay words."""
    lines = [f"# {_words(document.title)}", "", _words(document.subtitle), ""]
    lines += [f"- {_words(name)}: {_words(value)}" for name, value in document.identity]
    for block in document.blocks:
        lines += ["", *_block(block)]
    return "\n".join(lines) + "\n"


def _words(words: str) -> str:
    return words.translate(_MARKED).replace("\n", " ")


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield f"{'#' * (block.level + 1)} {_words(block.words)}"
    elif isinstance(block, Paragraph):
        yield _words(block.words)
    elif isinstance(block, Table):
        if not block.rows:
            yield _words(block.empty_words)
            return
        yield "| " + " | ".join(_words(one.title) for one in block.columns) + " |"
        yield "|" + " --- |" * len(block.columns)
        for row in block.rows:
            yield "| " + " | ".join(_words(cell) for cell in row.cells) + " |"
