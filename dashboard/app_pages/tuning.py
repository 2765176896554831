"""Tuning: change a card or rules, see at once what moves, save as a version, let a second person publish it."""

import streamlit as st

from dashboard.app_pages.parts.drawing import choose, current_snapshot, heading, note, wanted
from dashboard.app_pages.parts.naming import record_look
from dashboard.app_pages.parts.tuning_card import ask_lines
from dashboard.app_pages.parts.tuning_form import Slots, ask_start_over, show_refusal, workings
from dashboard.app_pages.parts.tuning_result import show_result
from dashboard.app_pages.parts.tuning_rules import ask_rules
from dashboard.app_pages.parts.tuning_versions import ask_publish, ask_save, show_done
from dashboard.session import language, reader, store, text
from dashboard.views.scope import scope_of
from dashboard.views.tuning import is_card, tuning_page
from dashboard.views.tuning_complaints import complaints_of
from dashboard.views.tuning_draft import drafted

person = reader()
with current_snapshot() as snapshot:
    page = tuning_page(snapshot, store(), person, language(), wanted("target", "part", "base"), workings())
    scope, as_of = scope_of(snapshot, person), snapshot.build.as_of
record_look(person, f"tuning/{page.subject}")
heading(page.title, page.provenance)
note(text("tuning.principle"))
note(page.held)
note(page.waiting, is_strong=True)
show_done()
for column, name, options in zip(
    st.columns(3), ("target", "part", "base"), (page.targets, page.parts, page.bases), strict=True
):
    with column:
        choose(text(f"tuning.choose_{name}"), name, options, getattr(page, name))

if page.may_try:
    st.subheader(text("tuning.change_values"))
    slots: Slots = {}
    lines, rules = (ask_lines(page, slots), None) if is_card(page) else (None, ask_rules(page, slots))
    draft = drafted(page, lines, rules, person.user, as_of)
    if draft is None:
        note(text("tuning.unchanged"))
    elif complaints := complaints_of(page.subject, draft, language(), store()):
        show_refusal(slots, complaints)
        ask_start_over(page)
    else:
        ask_start_over(page)
        show_result(person, page, scope, draft)
        ask_save(person, page, draft)
ask_publish(person, page)
