"""Pieces of the child page."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboard.access import Reader
from dashboard.app_pages.parts.drawing import chart, facts, go_to, listing, note, table
from dashboard.session import text
from dashboard.snapshot import Snapshot
from dashboard.views.child import ChildPage, TargetPart
from dashboard.views.worklist import file_choices

IDENTITY = ("name", "sex", "birth_date", "id_no", "phone", "address", "village_code")


def choose_file(snapshot: Snapshot, person: Reader) -> None:
    """A list of file numbers to open, for keyboards and small screens."""
    choices = {"": text("filter.pick"), **file_choices(snapshot, person)}
    chosen = st.selectbox(text("filter.open_file"), list(choices), format_func=lambda child: choices[child])
    st.button(text("action.open_child"), disabled=not chosen, on_click=go_to, kwargs={"child": chosen})


def show_part(page: ChildPage, part: TargetPart) -> None:
    """What is to be done for the child on one of the two lists, and why."""
    st.subheader(part.title)
    with st.container(border=True):
        facts(
            {
                text("child.duty"): part.duty,
                text("child.due"): part.due,
                text("child.points_label"): part.points,
                text("override.by_hand"): part.by_hand,
            }
        )
    st.markdown(f"**{text('child.why')}**")
    table(part.reasons, text("child.why"), text("change.no_rule"))
    left, right = st.columns(2)
    with left:
        st.markdown(f"**{text('child.unknown')}**")
        listing(part.unknown) if part.unknown else note(text("child.unknown_none"))
        st.markdown(f"**{text('lowering.title')}**")
        listing(part.lowering)
    with right:
        st.markdown(f"**{text('child.changes')}**")
        listing(part.changes)
    if part.waterfall is not None:
        note(text("child.points"))
        chart(part.waterfall, text("alt.waterfall", number=page.title), f"waterfall_{part.title}")


def show_identity(identities: pl.DataFrame | None) -> None:
    """Who the child is, for this one run of the page."""
    if identities is None:
        return
    st.markdown(f"**{text('child.identity')}**")
    if identities.is_empty():
        note(text("naming.none"))
        return
    row = identities.row(0, named=True)
    facts({text(f"column.{name}"): str(row[name]) for name in IDENTITY if row.get(name) is not None})
