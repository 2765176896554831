"""A table of numbers of which one cell can be chosen, to open the rows behind it."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboard.app_pages.parts.drawing import note


def selectable_cell(frame: pl.DataFrame, alt: str, when_empty: str, key: str) -> tuple[int, str] | None:
    """The place of the chosen cell as (row, title of its column), or None; words for an empty table."""
    if frame.is_empty():
        note(when_empty)
        return None
    chosen = st.dataframe(
        frame, hide_index=True, alt=alt, key=key, on_select="rerun", selection_mode="single-cell"
    )
    cells = chosen["selection"]["cells"]
    return (int(cells[0][0]), str(cells[0][1])) if cells else None
