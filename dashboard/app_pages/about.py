"""What this role may see, and why."""

import streamlit as st

from dashboard.access import explain
from dashboard.session import reader, text
from dashboard.settings import read_settings

person = reader()
policy = read_settings().sign_in

st.title(text("about.heading"))
st.write(text("about.principle"))
facts = st.columns(3)
for column, key, value in zip(
    facts,
    ("about.user", "about.role", "about.areas"),
    (person.user, text(f"role.{person.role}"), "、".join(person.areas)),
    strict=True,
):
    with column:
        st.caption(text(key))
        st.text(value)
for permission, is_allowed in explain(person):
    with st.container(border=True):
        verdict, words = st.columns([1, 6], vertical_alignment="center")
        icon = ":material/check_circle:" if is_allowed else ":material/block:"
        verdict.markdown(f"{icon} {text('about.allowed' if is_allowed else 'about.refused')}")
        words.markdown(
            f"**{text(f'permission.{permission}.name')}**  \n{text(f'permission.{permission}.why')}"
        )
st.caption(text("about.session", idle=policy.idle.value, hours=policy.absolute.value // 60))
