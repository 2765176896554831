"""What came in, what is wrong with it, which checks hold; complete, in time, single, agreeing."""

import streamlit as st

from dashboard.app_pages.parts.drawing import current_snapshot, facts, heading, note, table, wanted
from dashboard.app_pages.parts.quality import choose_check, show_parts, show_rows
from dashboard.session import language, reader, text
from dashboard.views.quality import quality_page

with current_snapshot() as snapshot:
    page = quality_page(snapshot, reader(), language(), wanted("check", "code"))

heading(page.title, page.provenance)
show_rows(page.faulty)
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
choose_check(page.faulty)
show_parts(page)
