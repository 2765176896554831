"""Headings that no list foresees: the data officer says once which is which, and the file is read again."""

import streamlit as st

from dashboard.app_pages.parts.drawing import STYLE, choose, facts, note, table, wanted
from dashboard.app_pages.parts.mapping import ask_columns
from dashboard.rereading import confirm
from dashboard.session import desk, language, reader, store, text
from dashboard.views.mapping import answered, mapping_page, place_of

st.html(STYLE)
person, asked = reader(), wanted("sheet", "form")
page = mapping_page(store(), person, language(), asked["sheet"], asked["form"])

st.title(text("mapping.title"))
note(text("mapping.help"))
note(page.problem, is_strong=True)
if told := st.session_state.pop("mapping_done", None):
    st.success(told)

if page.question is None:
    note(text("mapping.empty"))
else:
    choose(text("mapping.choose"), "sheet", page.waiting, page.chosen)
    facts(page.facts)
    choose(text("mapping.form"), "form", page.forms, page.form, page.chosen)
    choices = ask_columns(page)
    if choices is not None:
        mapping = answered(page.question, page.form, choices)
        with st.spinner(text("mapping.reading")):
            outcome = confirm(store(), person, desk(), place_of(store(), page.chosen), mapping, language())
        if outcome.is_done:
            st.session_state["mapping_done"] = outcome.words
            st.query_params.pop("sheet", None)
            st.query_params.pop("form", None)
            st.rerun()
        note(outcome.words, is_strong=True)

st.subheader(text("mapping.confirmed"))
table(page.confirmed, text("mapping.confirmed"), text("mapping.confirmed_none"))
