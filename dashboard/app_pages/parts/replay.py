"""The box in which a day is chosen, and what the figure was as known on it."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from dashboard.app_pages.parts.drawing import current_snapshot, go_to, listing, note, table, wanted
from dashboard.looks import look_at, make_look
from dashboard.session import language, reader, store, text
from dashboard.snapshot import opened_look
from dashboard.views.indicator_detail import Detail
from dashboard.views.indicator_page import IndicatorPage
from dashboard.views.replay import Replay, replay
from dashboard.views.words import code_words

ADDRESS = "known_on"


def show_replay(page: IndicatorPage, detail: Detail) -> None:
    """Another day's figure beside today's; the day stands in the address, so that a link carries it."""
    st.subheader(text("replay.title"))
    note(text("replay.help"))
    known_now = page.periods.known_on
    asked = _day(wanted(ADDRESS)[ADDRESS])
    box, button = st.columns([2, 3], vertical_alignment="bottom")
    with box:
        chosen = st.date_input(
            text("replay.day"), asked or known_now - timedelta(days=1), max_value=known_now, key="replay_day"
        )
    with button:
        st.button(
            text("replay.compute"),
            icon=":material/history:",
            on_click=lambda: go_to(**{ADDRESS: str(st.session_state["replay_day"])}),
        )
    if asked is None or not isinstance(chosen, date):
        return
    if asked >= known_now:
        note(text("replay.not_past", known_on=known_now), is_strong=True)
        return
    found = _replayed(detail, page, asked)
    if found is None:
        note(text("replay.failed"), is_strong=True)
        return
    _draw(found)


def _day(words: str | None) -> date | None:
    try:
        return date.fromisoformat(words or "")
    except ValueError:
        return None


def _replayed(detail: Detail, page: IndicatorPage, day: date) -> Replay | None:
    place = store()
    found = look_at(place, day)
    if found is None:
        with st.spinner(text("replay.computing", day=day)):
            if make_look(place, day, language()):
                found = look_at(place, day)
    if found is None:
        return None
    period = detail.card.parts[0].reading.period
    with current_snapshot() as now, opened_look(place, found.file.name) as then:
        return replay(
            then.connection,
            now.connection,
            (day, now.build.known_on),
            reader(),
            language(),
            (detail.card.code, page.area, period),
            code_words(now, language()),
        )


def _draw(found: Replay) -> None:
    listing(found.sentences)
    if found.reasons.is_empty():
        return
    st.markdown(f"**{text('replay.reasons')}**")
    table(found.reasons, text("replay.reasons"), text("replay.none"))
    if found.cases is not None:
        st.markdown(f"**{text('replay.rows')}**")
        table(found.cases, text("replay.rows"), text("replay.none"), text("column.subject"))
