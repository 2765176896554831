"""One child under its file number: why, since when, what is unknown, what would change it."""

import streamlit as st

from dashboard.app_pages.parts.drawing import current_snapshot, facts, heading, note, table
from dashboard.app_pages.parts.files import choose_file, show_identity, show_part
from dashboard.app_pages.parts.naming import ask_names, record_look
from dashboard.app_pages.parts.overriding import show_moves
from dashboard.session import language, reader, text
from dashboard.views.child import child_page

person = reader()
wanted = st.query_params.get("child", "")
with current_snapshot() as snapshot:
    page = child_page(snapshot, person, language(), wanted)
    if page is None:
        st.title(text("nav.child"))
        note(text("child.missing" if wanted else "child.choose"))
        choose_file(snapshot, person)
        st.stop()
    record_look(person, page.child_id)
    heading(page.title, page.provenance)
    st.page_link(
        "app_pages/worklist.py", label=text("action.back_to_list"), query_params={"lang": language()}
    )
    facts(page.facts)
    names = ask_names(snapshot, person, [page.child_id], text("naming.note_one"))
    show_identity(names)

for part in page.parts:
    show_part(page, part)
with current_snapshot() as snapshot:
    show_moves(snapshot, person, page.child_id, names is not None)
st.subheader(text("known.title"))
table(page.known, text("known.title"), text("known.none"))
for name, frame in (("timeline", page.timeline), ("household", page.household), ("measures", page.measures)):
    st.subheader(text(f"child.{name}"))
    table(frame, text(f"child.{name}"), text(f"child.{name}_none"))
