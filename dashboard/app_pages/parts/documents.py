"""The blocks of a document on a page: the same words as in its file."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import streamlit as st

from dashboard.app_pages.parts.drawing import note, table
from dashboard.exports.blocks import Block, Heading, Paragraph


def show_blocks(blocks: Sequence[Block]) -> None:
    """Headings, paragraphs and tables in their order."""
    for block in blocks:
        if isinstance(block, Heading):
            st.subheader(block.words)
        elif isinstance(block, Paragraph):
            note(block.words)
        else:
            names = [one.title for one in block.columns]
            rows = [list(row.cells) for row in block.rows]
            table(
                pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row"),
                block.caption,
                block.empty_words,
            )
