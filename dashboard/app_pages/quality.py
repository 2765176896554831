"""What came in, what is wrong with it, which checks hold; complete, in time, single, agreeing."""

import streamlit as st

from dashboard.app_pages.parts.drawing import (
    chart,
    choose,
    current_snapshot,
    facts,
    heading,
    note,
    table,
    wanted,
)
from dashboard.session import language, reader, text
from dashboard.views.quality import quality_page

with current_snapshot() as snapshot:
    page = quality_page(snapshot, reader(), language(), wanted("check", "code"))

heading(page.title, page.provenance)
found = page.faulty
if found.title:
    st.subheader(text("report.rows"))
    note(f"{found.title} {found.note}", is_strong=True)
    table(found.rows, text("report.rows"), text("faults.of_indicator_none"), text("column.file"))

st.subheader(text("quality.deliveries"))
if not page.deliveries.is_empty():
    note(page.balance, is_strong=not page.is_balanced)
table(page.deliveries, text("quality.deliveries"), text("quality.deliveries_none"), text("column.file"))

st.subheader(text("quality.messages"))
if not page.messages.is_empty():
    note(page.messages_note)
table(page.messages, text("quality.messages"), text("quality.messages_none"), text("column.file"))

st.subheader(text("quality.checks"))
note(text("quality.checks_help"))
facts({status: f"{count:,}" for status, count in page.check_counts.items()})
table(page.checks, text("quality.checks"), text("quality.checks_none"))
if found.choices:
    choices = {"": text("report.choose_none"), **found.choices}
    asked = st.query_params.get("check", "")
    choose(text("report.choose_check"), "check", choices, asked if asked in choices else "")

st.subheader(text("report.history"))
chart(page.parts.history, text("report.history"), "history")
note("" if page.parts.history else text("report.history_none"))

st.subheader(text("quality.completeness"))
table(page.completeness, text("quality.completeness"), text("quality.completeness_none"))
for name, frame, first in page.sections:
    st.subheader(text(f"report.{name}"))
    note(text(f"report.{name}_help") if name in ("timeliness", "typing", "consistency") else "")
    table(frame, text(f"report.{name}"), text(f"report.{name}_none"), text(f"column.{first}"))
