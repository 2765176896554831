"""Entries that may be one child, side by side; a person says whether they are, and may take it back."""

import streamlit as st

from dashboard.app_pages.parts.deciding import ask_decision, show_done
from dashboard.app_pages.parts.drawing import (
    choose,
    current_snapshot,
    facts,
    heading,
    note,
    selectable,
    table,
    wanted,
)
from dashboard.app_pages.parts.naming import ask_names, record_look
from dashboard.deciding import made_so_far
from dashboard.session import language, reader, store, text
from dashboard.views.pairs import pairs_page, side_by_side

person = reader()
with current_snapshot() as snapshot:
    page = pairs_page(snapshot, person, language(), wanted("state")["state"], made_so_far(store()))
    record_look(person, f"identity/{page.state}")
    heading(page.title, page.provenance)
    note(text("pairs.principle"))
    show_done()
    facts(page.counts)
    choose(text("pairs.column.state"), "state", page.state_choices, page.state)
    if page.rows.is_empty():
        note(page.when_empty)
        st.stop()
    wide = (text("pairs.column.for"), text("pairs.column.against"))
    place = selectable(page.rows, page.title, f"pairs_{page.state}", wide)
    pair = page.pairs[place or 0]
    st.subheader(text("pairs.side_by_side"))
    note(text("pairs.select_hint"))
    both = [pair["child_id"], pair["other_id"]]
    names = ask_names(snapshot, person, both, text("pairs.naming_note"), "pair_person")
    table(side_by_side(snapshot, language(), pair, names), text("pairs.side_by_side"), page.when_empty)

ask_decision(person, pair)
