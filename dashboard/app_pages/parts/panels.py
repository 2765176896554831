"""Draws small multiples: one picture for each place, its name and newest figure in words above it."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard.app_pages.parts.drawing import note
from dashboard.drawings import panel
from dashboard.session import text
from dashboard.views.panels import Panels


def show_panels(found: Panels | None) -> None:
    """All places below, on one scale."""
    if found is None:
        return
    st.html(f"<h3>{escape(text('tiles.several'))}</h3>")
    note(text("tiles.several_help", first=found.first, last=found.last))
    figures = "".join(
        f"<figure><figcaption><span>{escape(one.name)}</span><b>{escape(one.last_words)}</b></figcaption>"
        f'<img src="{panel(one.course, found.whole, found.least, found.most)}" alt="{escape(one.alt)}"></figure>'
        for one in found.panels
    )
    st.html(f'<div class="panels">{figures}</div>')
