"""What this role may see, and why."""

import streamlit as st

from dashboard.access import explain
from dashboard.app_pages.parts.drawing import STYLE, facts, note
from dashboard.session import reader, text
from dashboard.settings import read_settings

person = reader()
policy = read_settings().sign_in

st.title(text("about.heading"))
st.write(text("about.principle"))
st.html(STYLE)
facts(
    {
        text("about.user"): person.user,
        text("about.role"): text(f"role.{person.role}"),
        text("about.areas"): text("mark.between_words").join(person.areas),
    }
)
for permission, is_allowed in explain(person):
    with st.container(border=True):
        verdict, words = st.columns([1, 6], vertical_alignment="center")
        sign = "✓" if is_allowed else "✕"
        verdict.markdown(f"{sign} {text('about.allowed' if is_allowed else 'about.refused')}")
        words.markdown(
            f"**{text(f'permission.{permission}.name')}**  \n{text(f'permission.{permission}.why')}"
        )
note(text("about.session", idle=policy.idle.value, hours=policy.absolute.value // 60))
