"""What an evaluation of a card found: three figures side by side, baselines, calibration, groups, drift, who moves."""

import streamlit as st

from dashboard.app_pages.parts.drawing import choose, current_snapshot, heading, note, wanted
from dashboard.app_pages.parts.naming import record_look
from dashboard.app_pages.parts.validation import show_drift, show_figures, show_groups
from dashboard.session import language, reader, store, text
from dashboard.views.validation import validation_page

person = reader()
with current_snapshot() as snapshot:
    page = validation_page(snapshot, store(), person, language(), wanted("target", "evaluation"))
record_look(person, f"validation/{page.target}/{page.chosen}")
heading(page.title, page.provenance)
note(text("validation.principle"))
left, right = st.columns(2)
with left:
    choose(text("validation.choose_target"), "target", page.targets, page.target)
if page.figures is None:
    st.info(text("validation.empty"))
    st.stop()
with right:
    choose(text("validation.choose_evaluation"), "evaluation", page.choices, page.chosen)
show_figures(page.figures)
show_groups(page.figures)
show_drift(page.figures)
