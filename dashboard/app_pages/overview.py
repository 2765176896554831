"""The first page: what is late, what got worse, what is not to be believed."""

import streamlit as st

from dashboard.app_pages.parts.cards import filters, headlines
from dashboard.app_pages.parts.drawing import current_snapshot, heading, note, shaded, table, wanted
from dashboard.app_pages.parts.tiles import show_tiles
from dashboard.session import language, reader, store, text
from dashboard.views.overview import overview
from dashboard.views.receipts import alarm_words

with current_snapshot() as snapshot:
    page = overview(snapshot, reader(), language(), wanted("area", "period", "map"))

heading(page.title, page.provenance)
if words := alarm_words(store(), reader(), language()):
    st.error(words)
filters(page)
if page.is_empty:
    st.info(text("empty.no_figures"))
    st.stop()
headlines(page.headlines)
if page.is_anything_hidden:
    note(page.hidden_note, is_strong=True)
show_tiles(page.tiles, page.periods.chosen)

for name, frame in (("late", page.late), ("worse", page.worse), ("doubted", page.doubted)):
    st.subheader(text(f"overview.{name}"))
    note(text(f"overview.{name}_help"))
    table(frame, text(f"overview.{name}"), text(f"overview.{name}_none"))

st.subheader(text("overview.heat"))
if page.gaps.columns:
    note(text("overview.heat_help"))
    shaded(page.heat, page.gaps, text("overview.heat"))
else:
    note(text("overview.heat_none"))
