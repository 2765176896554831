"""This week's visits: who goes to whom, by when, why first, and what cannot be done with today's people."""

import streamlit as st

from dashboard.app_pages.parts.drawing import choose, current_snapshot, heading, note, table, wanted
from dashboard.app_pages.parts.naming import NAMES_SHOWN, ask_names, record_look
from dashboard.session import language, reader, store, text
from dashboard.views.plan import NoPlan, plan_page
from dashboard.views.worklist import names_beside

person = reader()
with current_snapshot() as snapshot:
    page = plan_page(snapshot, store(), person, language(), wanted("area", "week"))
    heading(page.title, page.provenance)
    if isinstance(page, NoPlan):
        st.error(page.problem, icon=":material/event_busy:")
        note(page.what_to_do)
        st.stop()
    record_look(person, f"plan/{page.week}/{page.area}")
    note(text("plan.principle"))
    left, right = st.columns(2)
    with left:
        choose(text("filter.area"), "area", page.area_choices, page.area)
    with right:
        choose(text("plan.which_week"), "week", page.week_choices, page.week)
    note(page.summary, is_strong=True)
    note(page.how_made)
    everyone = [child for child in page.child_ids if child][:NAMES_SHOWN]
    names = ask_names(snapshot, person, everyone, text("naming.note", n=len(everyone)))

st.subheader(text("plan.visits"))
shown = page.visits if names is None else names_beside(language(), page.visits, page.child_ids, names, 3)
table(shown, text("plan.visits"), text("plan.no_visits"))
st.subheader(text("plan.missing"))
note(text("plan.missing_note"))
table(page.missing, text("plan.missing"), text("plan.nothing_missing"))
st.subheader(text("plan.by_worker"))
table(page.workers, text("plan.by_worker"), text("plan.no_visits"))
if page.draw is not None:
    st.subheader(text("plan.draw"))
    note(text("plan.draw_note"))
    table(page.draw, text("plan.draw"), text("plan.no_visits"))
if page.misses is not None:
    st.subheader(text("plan.misses"))
    note(text("plan.misses_note"))
    table(page.misses, text("plan.misses"), page.misses_empty)
