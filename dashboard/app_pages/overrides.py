"""Every child moved by hand, by whom and why, and what became of it: for those who tune the rules."""

import streamlit as st

from dashboard.app_pages.parts.drawing import current_snapshot, heading, note, open_child, selectable, table
from dashboard.app_pages.parts.naming import record_look
from dashboard.overriding import made_so_far
from dashboard.session import language, reader, store, text
from dashboard.views.overrides import overrides_page

person = reader()
with current_snapshot() as snapshot:
    page = overrides_page(snapshot, person, language(), made_so_far(store()))
    record_look(person, "overrides")
    heading(page.title, page.provenance)
    note(text("override.principle"))
    note(page.summary)

for name, frame in (
    ("by_worker", page.by_worker),
    ("by_outcome", page.by_outcome),
    ("by_reason", page.by_reason),
):
    st.subheader(text(f"override.{name}"))
    table(frame, text(f"override.{name}"), text("override.none"))
st.subheader(text("override.all"))
if page.rows.is_empty():
    note(text("override.none"))
    st.stop()
place = selectable(page.rows, page.title, "overrides")
note(text("worklist.select_hint"))
if place is not None:
    open_child(page.child_ids[place])
