"""One choice for each heading of a waiting sheet, with what is known of its content; a ledger's words as plain text."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard.session import text
from dashboard.views.mapping import MappingPage


def ask_columns(page: MappingPage) -> dict[str, str] | None:
    """Heading → the officer's choice once the form was sent, None before."""
    chosen: dict[str, str] = {}
    with st.form(f"mapping_{page.chosen}_{page.form}"):
        for number, column in enumerate(page.columns):
            about, choice = st.columns([2, 3], vertical_alignment="center")
            with about:
                st.html(
                    f'<div class="facts"><b>{escape(column.heading)}</b>'
                    f'<br><span class="small">{escape(column.hint)}</span></div>'
                )
            with choice:
                options = list(column.choices)
                chosen[column.heading] = st.selectbox(
                    column.label,
                    options,
                    index=options.index(column.chosen),
                    format_func=lambda code, words=column.choices: words[code],
                    key=f"{page.chosen}_{page.form}_{number}",
                )
        is_sent = st.form_submit_button(text("mapping.confirm"), type="primary", icon=":material/check:")
    return chosen if is_sent else None
