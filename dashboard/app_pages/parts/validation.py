"""The parts of an evaluation on its page."""

from __future__ import annotations

import streamlit as st

from dashboard.app_pages.parts.drawing import chart, listing, note, table
from dashboard.session import text
from dashboard.views.validation import Figures


def show_figures(found: Figures) -> None:
    """The card beside the other orders, its calibration and curve, how far it hangs on chance, who moves."""
    for alarm in found.alarms:
        st.error(alarm)
    listing(found.head)
    st.subheader(text("validation.bar"))
    listing(found.bar)
    st.subheader(text("validation.side_by_side"))
    note(text("validation.side_by_side_help"))
    chart(found.ways, text("validation.side_by_side"), "validation_ways")
    table(found.orders, text("validation.side_by_side"), "")
    st.subheader(text("validation.calibration"))
    note(found.calibration_note)
    chart(found.calibration_chart, text("validation.calibration"), "validation_calibration")
    table(found.calibration, text("validation.calibration"), text("validation.not_stated"))
    if found.curve is not None:
        st.subheader(text("validation.decision"))
        note(text("validation.decision_help"))
        chart(found.curve, text("validation.decision"), "validation_curve")
    if found.stability:
        st.subheader(text("validation.stability"))
        listing(found.stability)
    st.subheader(text("validation.swap"))
    note(text("validation.swap_help"))
    table(found.swap, text("validation.swap"), "")


def show_groups(found: Figures) -> None:
    """The audits by groups that nobody is scored by."""
    st.subheader(text("validation.fairness"))
    note(text("validation.fairness_help"))
    for kind, frame in found.groups.items():
        with st.expander(kind):
            table(frame, kind, text("validation.no_group"))


def show_drift(found: Figures) -> None:
    """What moved since the lists that were learned from."""
    st.subheader(text("validation.drift"))
    note(text("validation.drift_help"))
    table(found.drift, text("validation.drift"), text("validation.no_drift"))
