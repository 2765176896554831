"""The four-colour form beside the lists: where the two differ, child by child; never with names."""

import streamlit as st

from dashboard.app_pages.parts import drawing
from dashboard.app_pages.parts.cells import selectable_cell
from dashboard.app_pages.parts.drawing import choose, current_snapshot, heading, note, selectable, table
from dashboard.app_pages.parts.form_sides import show_both_sides
from dashboard.app_pages.parts.naming import record_look
from dashboard.session import language, reader, text
from dashboard.views.form import cell_of, form_page

person = reader()
with current_snapshot() as snapshot:
    page = form_page(
        snapshot, person, language(), drawing.wanted("area", "reading", "kind", "level", "colour")
    )
    record_look(person, f"form/{page.chosen.area}")
    heading(page.title, page.provenance)
    note(text("form.principle"))
    choose(text("filter.area"), "area", page.choices["area"], page.chosen.area)
    note(page.summary, is_strong=True)
    table(page.readings, text("form.by_reading"), text("form.nobody"))
    choose(text("form.reading"), "reading", page.choices["reading"], page.chosen.reading)
    note(text("form.matrix"))
    cell = selectable_cell(page.matrix, text("form.matrix"), text("form.nobody"), f"matrix_{page.chosen}")
    if cell:
        drawing.go_to(**cell_of(language(), *cell))
        st.rerun()
    st.subheader(text("form.differences"))
    for column, name in zip(st.columns(3), ("kind", "level", "colour"), strict=True):
        with column:
            choose(text(f"form.{name}"), name, page.choices[name], getattr(page.chosen, name))
    note(page.about_kind)
    if page.rows.is_empty():
        note(text("form.none_of_kind"))
    else:
        wide = (text("form.our_reasons"), text("form.form_reasons"))
        place = selectable(page.rows, text("form.differences"), f"rows_{page.chosen}", wide)
        note(text("form.select_hint", n=len(page.children)))
        if place is not None:
            show_both_sides(snapshot, person, page.children[place])
st.subheader(text("form.cases"))
note(text("form.cases_note"))
table(page.cases, text("form.cases"), text("form.nobody"))
