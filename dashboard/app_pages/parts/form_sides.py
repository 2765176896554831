"""One child on both sides: our reasons, then the form item by item."""

from __future__ import annotations

import streamlit as st

from dashboard.access import Reader
from dashboard.app_pages.parts.drawing import facts, open_child, table
from dashboard.app_pages.parts.naming import record_look
from dashboard.session import language, text
from dashboard.snapshot import Snapshot
from dashboard.views.form_child import form_child
from models.screening.four_colour.comparing import Compared


def show_both_sides(snapshot: Snapshot, person: Reader, child: Compared) -> None:
    """Our reasons and the form's answers for one child, and the way to the child's file; the look is logged."""
    record_look(person, child.child_id)
    one = form_child(snapshot, person, language(), child)
    st.subheader(one.title)
    facts(one.facts)
    table(one.ours, text("form.our_side"), text("form.nobody"))
    table(one.items, text("form.form_side"), text("form.nobody"))
    if st.button(text("form.open_child"), icon=":material/folder_open:"):
        open_child(child.child_id)
