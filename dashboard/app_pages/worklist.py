"""Whom to visit or refer next, and why; names only after a reason."""

import streamlit as st

from dashboard.app_pages.parts.drawing import (
    choose,
    current_snapshot,
    heading,
    note,
    open_child,
    selectable,
    wanted,
)
from dashboard.app_pages.parts.naming import NAMES_SHOWN, ask_names, record_look
from dashboard.session import language, reader, text
from dashboard.views.worklist import with_names, worklist

person = reader()
with current_snapshot() as snapshot:
    page = worklist(snapshot, person, language(), wanted("target", "area", "tier", "eligibility"))
    record_look(person, f"worklist/{page.filters.target}/{page.filters.area}")
    heading(page.title, page.provenance)
    note(text("worklist.principle"))
    choices = (page.target_choices, page.area_choices, page.tier_choices, page.eligibility_choices)
    for column, (name, current), options in zip(
        st.columns(4), page.filters._asdict().items(), choices, strict=True
    ):
        with column:
            choose(text(f"filter.{name}"), name, options, current)
    note(page.summary)
    everyone = [*page.report_now_ids, *page.child_ids][:NAMES_SHOWN]
    names = ask_names(snapshot, person, everyone, text("naming.note", n=len(everyone)))

for part, frame, children in (
    ("report_now", page.report_now, page.report_now_ids),
    ("later", page.rows, page.child_ids),
):
    st.subheader(text(f"worklist.{part}"))
    if frame.is_empty():
        note(text(f"worklist.{part}_none"))
        continue
    shown = frame if names is None else with_names(language(), frame, children, names)
    place = selectable(
        shown, text(f"worklist.{part}"), f"{part}_{'_'.join(page.filters)}", (text("column.reasons"),)
    )
    note(text("worklist.select_hint"))
    if place is not None and names is None:
        open_child(children[place])
