"""One choice for each heading of a waiting sheet, with what is known of its content; a ledger's words as plain text."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard.session import text
from dashboard.views.mapping import MappingPage
from data_contracts.headings.mappings import IGNORE


def ask_columns(page: MappingPage) -> dict[str, str] | None:
    """Heading → the officer's choice once the form was sent, None before."""
    chosen: dict[str, str] = {}

    def words_of(code: str) -> str:
        return {"": text("mapping.undecided"), IGNORE: text("mapping.ignore")}.get(code, code)

    with st.form(f"mapping_{page.chosen}_{page.form}"):
        for number, column in enumerate(page.columns):
            about, choice = st.columns([2, 3], vertical_alignment="center")
            with about:
                st.html(
                    f'<div class="facts"><b>{escape(column.heading)}</b>'
                    f'<br><span class="small">{escape(column.hint)}</span></div>'
                )
            with choice:
                options = column.choices
                choice_made = st.selectbox(
                    column.label,
                    options,
                    index=options.index(column.chosen),
                    format_func=words_of,
                    key=f"{page.chosen}_{page.form}_{number}",
                )
                chosen[column.heading] = choice_made or ""
        is_sent = st.form_submit_button(text("mapping.confirm"), type="primary", icon=":material/check:")
    return chosen if is_sent else None
