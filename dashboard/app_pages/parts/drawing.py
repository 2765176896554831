"""How pages put things on the screen. Words from ledgers go only into escaped HTML, tables and charts,
never Markdown.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from dashboard.figures import CONFIG
from dashboard.session import language, store, text
from dashboard.snapshot import Snapshot, opened
from dashboard.views.words import NOTHING
from registry.store import NoSnapshot

STYLE = Path(__file__).parents[2] / "assets" / "pages.css"
# Background of a cell by its gap to the whole: two shades each way, told apart by everyone; the words carry
# ▲ ▼ too.
SHADES = ((0.1, "#8fc4c8"), (0.03, "#d3e8ea"), (-0.03, ""), (-0.1, "#fbe3bd"), (-9.0, "#f0b45c"))
TALLEST_TABLE, PINNED_WIDTH = 460, 200  # pixels


@contextmanager
def current_snapshot() -> Iterator[Snapshot]:
    """The published build for one run of the page; says so in words and stops where there is none."""
    st.html(STYLE)
    try:
        with opened(store()) as snapshot:
            yield snapshot
    except NoSnapshot:
        st.info(text("empty.no_snapshot"))
        st.stop()


def wanted(*names: str) -> dict[str, str | None]:
    """What the address asks for."""
    return {name: st.query_params.get(name) for name in names}


def heading(title: str, provenance: str) -> None:
    """Title, and below it the day and the build that every figure of the page comes from."""
    st.title(title)
    st.html(f'<p class="provenance">{escape(provenance)}</p>')


def choose(label: str, name: str, choices: dict[str, str], current: str, place: str = "") -> None:
    """A list bound to the address under `name`: the address is the truth, a choice changes it.

    place: tells two lists for one name apart.
    """
    state = f"chosen_{name}{place}"

    def remember() -> None:
        go_to(**{name: st.session_state[state]})

    st.session_state[state] = current
    st.selectbox(
        label, list(choices), format_func=lambda code: choices.get(code, code), key=state, on_change=remember
    )


def go_to(**names: str) -> None:
    """Change the address of this page; an empty value takes its name out."""
    for name, value in names.items():
        if value:
            st.query_params[name] = value
        elif name in st.query_params:
            del st.query_params[name]


def note(words: str, is_strong: bool = False) -> None:
    """A remark in small print, or one that must not be missed."""
    if words:
        st.html(f'<p class="note{" strong" if is_strong else ""}">{escape(words)}</p>')


def listing(lines: list[str]) -> None:
    """Lines of words as a list."""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    st.html(f'<ul class="plain list">{items}</ul>')


def facts(pairs: dict[str, str]) -> None:
    """Terms and what holds for them."""
    rows = "".join(
        f"<dt>{escape(term)}</dt><dd>{escape(words)}</dd>" for term, words in pairs.items() if words
    )
    st.html(f'<dl class="facts">{rows}</dl>')


def table(frame: pl.DataFrame, alt: str, when_empty: str, first: str | None = None) -> None:
    """A table under translated titles, or the words for an empty one; `first` stays in sight when
    scrolling.
    """
    if frame.is_empty():
        note(when_empty)
        return
    frame = readable(frame)
    st.dataframe(
        frame,
        hide_index=True,
        alt=alt,
        placeholder=NOTHING,
        column_config=_columns(frame, first),
        height=_height(frame),
    )


def selectable(frame: pl.DataFrame, alt: str, key: str, wide: tuple[str, ...] = ()) -> int | None:
    """A table with a row to select; the row's place, or None. wide: columns that hold sentences."""
    frame = readable(frame)
    chosen = st.dataframe(
        frame,
        placeholder=NOTHING,
        hide_index=True,
        alt=alt,
        key=key,
        on_select="rerun",
        selection_mode="single-row",
        height=_height(frame),
        column_config={
            **_columns(frame, None),
            **dict.fromkeys(wide, st.column_config.TextColumn(width="large")),
        },
    )
    rows = chosen["selection"]["rows"]
    return rows[0] if rows else None


def shaded(frame: pl.DataFrame, gaps: pl.DataFrame, alt: str) -> None:
    """A table whose cells are shaded by their gap to the whole; gaps names some of its columns."""
    styles = {name: [shade(gap) for gap in gaps[name]] for name in gaps.columns}
    plain = frame.to_pandas()
    styled = plain.style.apply(lambda column: styles.get(column.name, [""] * len(column)), axis=0)
    st.dataframe(
        styled,
        hide_index=True,
        alt=alt,
        column_config=_columns(frame, frame.columns[0]),
        height=_height(frame),
    )


def readable(frame: pl.DataFrame) -> pl.DataFrame:
    """Days as they are written; Streamlit would add midnight to them."""
    return frame.with_columns(pl.col(pl.Date).dt.to_string("%Y-%m-%d"))


def shade(gap: float | None) -> str:
    """The background of a cell."""
    if gap is None:
        return ""
    colour = next(colour for least, colour in SHADES if gap >= least)
    return f"background-color: {colour}; color: #14262b" if colour else ""


def chart(figure: go.Figure | None, alt: str, key: str) -> None:
    """A chart with its words for those who can't see it."""
    if figure is not None:
        st.plotly_chart(figure, theme=None, config=CONFIG, alt=alt, key=key)


def _columns(frame: pl.DataFrame, first: str | None) -> dict[str, Any]:
    """One decimal for measured numbers; the first column stays in sight when scrolling sideways."""
    found: dict[str, Any] = {
        name: st.column_config.NumberColumn(format="%.1f")
        for name, kind in frame.schema.items()
        if kind == pl.Float64
    }
    if first in frame.columns:
        found[first] = st.column_config.TextColumn(pinned=True, width=PINNED_WIDTH)
    return found


def _height(frame: pl.DataFrame) -> int:
    return min(TALLEST_TABLE, 38 + 35 * len(frame))


def open_child(child: str) -> None:
    """Go to a child's page; the address holds the pseudonym only."""
    st.switch_page("app_pages/child.py", query_params={"child": child, "lang": language()})
