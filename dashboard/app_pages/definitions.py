"""What each figure means: the catalogue to look through, and the full sheet of one measure."""

import streamlit as st

from dashboard.app_pages.parts.drawing import current_snapshot, go_to, heading, note, selectable
from dashboard.app_pages.parts.indicators import show_sheet
from dashboard.session import language, text
from dashboard.views.sheets import sheets_page

find = st.session_state.get("find_measure", "")
with current_snapshot() as snapshot:
    page = sheets_page(snapshot.build, language(), find, st.query_params.get("code", ""))

heading(page.title, page.provenance)
if page.opened is not None:
    st.button(text("action.back"), icon=":material/arrow_back:", on_click=go_to, kwargs={"code": ""})
    st.subheader(f"{page.opened.code} {page.opened.title}")
    show_sheet(page.opened)
    st.stop()
st.text_input(text("sheets.find"), key="find_measure", placeholder=text("sheets.find_help"))
if page.table.is_empty():
    note(text("sheets.none"))
    st.stop()
note(text("sheets.open"))
row = selectable(page.table, page.title, "measures", wide=(page.table.columns[2],))
if row is not None:
    go_to(code=page.codes[row])
    st.rerun()
