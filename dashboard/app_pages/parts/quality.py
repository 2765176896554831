"""The parts of the quality page beside files, messages and checks."""

from __future__ import annotations

import streamlit as st

from dashboard.app_pages.parts.drawing import chart, choose, note, table
from dashboard.session import text
from dashboard.views.quality import QualityPage
from dashboard.views.quality_parts import FaultyRows

EXPLAINED = ("timeliness", "typing", "consistency")


def show_rows(found: FaultyRows) -> None:
    """The places behind the check or the indicator that the address asks for."""
    if found.title:
        st.subheader(text("report.rows"))
        note(f"{found.title} {found.note}", is_strong=True)
        table(found.rows, text("report.rows"), text("faults.of_indicator_none"), text("column.file"))


def choose_check(found: FaultyRows) -> None:
    """A list of the checks that failed, to see their rows."""
    if found.choices:
        choices = {"": text("report.choose_none"), **found.choices}
        asked = st.query_params.get("check", "")
        choose(text("report.choose_check"), "check", choices, asked if asked in choices else "")


def show_parts(page: QualityPage) -> None:
    """What failed over time, how complete the files are, and the tables by place, sender and field."""
    st.subheader(text("report.history"))
    chart(page.parts.history, text("report.history"), "history")
    note("" if page.parts.history else text("report.history_none"))
    st.subheader(text("quality.completeness"))
    table(page.completeness, text("quality.completeness"), text("quality.completeness_none"))
    for name, frame, first in page.sections:
        st.subheader(text(f"report.{name}"))
        note(text(f"report.{name}_help") if name in EXPLAINED else "")
        table(frame, text(f"report.{name}"), text(f"report.{name}_none"), text(f"column.{first}"))
