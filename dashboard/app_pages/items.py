"""What is still to be mended, by sender: why, what it touches, and the ways to close it."""

import streamlit as st

from dashboard.app_pages.parts.drawing import STYLE, choose, facts, note, selectable, table, wanted
from dashboard.app_pages.parts.mending import ask_decision, ask_return, ask_undo, show_done
from dashboard.session import language, reader, store, text
from dashboard.views.items import item_facts, items_page

st.html(STYLE)
person, asked = reader(), wanted("sender", "severity")
page = items_page(store(), person, language(), asked["sender"], asked["severity"])

st.title(text("items.title"))
note(text("items.help"))
note(page.problem, is_strong=True)
show_done()
left, right = st.columns(2)
with left:
    choose(text("items.sender"), "sender", page.senders, page.sender)
with right:
    choose(text("items.severity"), "severity", page.severities, page.severity)
facts(page.counts)
if page.rows.is_empty():
    note(text("items.empty"))
else:
    wide = (text("items.problem"), text("items.touched"))
    place = selectable(page.rows, text("items.title"), f"items_{page.sender}_{page.severity}", wide)
    note(page.note)
    item = page.items[place or 0]
    st.subheader(text("items.chosen"))
    note(text("items.select_hint"))
    facts(item_facts(item, language()))
    ask_decision(person, item)
    st.subheader(text("items.return"))
    ask_return(person, page)

st.subheader(text("items.decided"))
table(page.decided, text("items.decided"), text("items.decided_none"))
ask_undo(person, page.undoable)
