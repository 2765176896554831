"""How an opened indicator shows chance: the control chart over time, and places beside the whole."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard.app_pages.parts.drawing import chart, listing, note, table
from dashboard.session import text
from dashboard.views.indicator_detail import Detail


def show_controls(detail: Detail) -> None:
    """The chart of the chosen area with its verdict in words, and the whole's verdict beside it."""
    if not detail.controls:
        return
    st.subheader(text("uncertainty.control_title"))
    (_, own), *rest = detail.controls.items()
    listing([
        *own.sentences[:1],
        *(text("uncertainty.control_home", area=name, sentence=one.sentences[0]) for name, one in rest),
        *own.sentences[1:],
    ])  # fmt: skip
    chart(own.chart, own.alt, "control")


def show_funnel(detail: Detail) -> None:
    """Places beside the whole, who stands out in words, and small villages raw and drawn."""
    found = detail.funnel
    if found is None:
        return
    st.html(f"<h3>{escape(found.title)}</h3>")
    listing(found.sentences)
    note(text("uncertainty.groups_note"))
    chart(found.chart, found.alt, "funnel")
    st.subheader(text("uncertainty.small_title"))
    note(found.small_note)
    table(found.small, text("uncertainty.small_title"), text("uncertainty.small_none"), text("column.unit"))
