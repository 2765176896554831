"""The model card of a version: what it is for and what not, what it rests on, its figures, who answers for it."""

import streamlit as st

from dashboard.app_pages.parts.documents import show_blocks
from dashboard.app_pages.parts.drawing import choose, current_snapshot, facts, heading, wanted
from dashboard.app_pages.parts.naming import record_look
from dashboard.session import language, reader, store, text
from dashboard.views.model_card import model_card_page
from dashboard.views.scope import scope_of

person = reader()
with current_snapshot() as snapshot:
    names = scope_of(snapshot, person).names()
    page = model_card_page(store(), person, language(), wanted("subject", "number"), names)
record_look(person, f"model_card/{page.subject}/{page.number}")
heading(page.title, page.provenance)
if page.alarm:
    st.error(page.alarm)
for column, name, options in zip(
    st.columns(2), ("subject", "number"), (page.subjects, page.choices), strict=True
):
    with column:
        choose(text(f"model_card.choose_{name}"), name, options, getattr(page, name))
st.subheader(page.document.title)
facts(dict(page.document.identity))
show_blocks(page.document.blocks)
