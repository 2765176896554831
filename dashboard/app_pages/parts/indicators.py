"""What the pages of the chapters share: cards of indicators, or one of them opened."""

from __future__ import annotations

from html import escape
from pathlib import Path

import polars as pl
import streamlit as st

from dashboard.app_pages.parts.cards import card_html, filters, sections
from dashboard.app_pages.parts.chance import show_controls, show_funnel
from dashboard.app_pages.parts.drawing import (
    chart,
    choose,
    current_snapshot,
    facts,
    go_to,
    heading,
    note,
    table,
    wanted,
)
from dashboard.app_pages.parts.panels import show_panels
from dashboard.app_pages.parts.replay import show_replay
from dashboard.exports.definition_page import sheet_html
from dashboard.session import language, reader, text
from dashboard.views.definition import Sheet
from dashboard.views.indicator_detail import Detail, indicator_detail
from dashboard.views.indicator_page import IndicatorPage, indicator_page
from dashboard.views.measures import measures_of_school, schools_of

DEFINITION_STYLE = Path(__file__).parents[2] / "assets" / "definition.css"


def show(name: str) -> None:
    """Draw the page of one chapter or two, for what the address asks."""
    person = reader()
    with current_snapshot() as snapshot:
        page = indicator_page(snapshot, person, language(), name, wanted("area", "period"))
        code = st.query_params.get("code")
        is_open = code in page.indicator_choices
        unit = st.query_params.get("unit", "")
        detail = (
            indicator_detail(snapshot, person, language(), page, code, unit) if is_open and code else None
        )
        schools = schools_of(snapshot, person) if detail is None else {}
        school = st.query_params.get("school", "")
        mine = measures_of_school(snapshot, person, language(), school) if school in schools else None
    heading(page.title, page.provenance)
    filters(page, page.indicator_choices)
    if detail is None:
        sections(page)
        show_school(schools, school, mine)
    else:
        show_detail(page, detail)


def show_detail(page: IndicatorPage, detail: Detail) -> None:
    """One indicator: figure, definition, trend, areas below, table, records."""
    st.button(text("action.back"), icon=":material/arrow_back:", on_click=go_to, kwargs={"code": ""})
    figure, words = st.columns([2, 3])
    with figure, st.container(border=True):
        st.html(card_html(detail.card, is_open=True))
    with words:
        card = detail.card
        facts(
            {
                text("card.question"): card.question,
                text("card.counted"): card.counted,
                text("card.out_of"): card.out_of,
                text("card.clause"): card.clause,
                text("card.owner"): card.owner,
                text("card.parameters"): detail.parameters,
                text("card.reviewed"): detail.reviewed,
            }
        )
    if detail.sheet is not None:
        with st.expander(text("definitions.open_full"), icon=":material/menu_book:"):
            show_sheet(detail.sheet)
    note(detail.hidden_note, is_strong=True)
    if detail.flow is not None:
        st.subheader(text("flow.title"))
        note(text("flow.help"))
        chart(detail.flow.chart, detail.flow.alt, "flow")
        note(detail.flow.hidden_note)
    if detail.trend_chart is not None:
        st.subheader(text("card.trend"))
        chart(detail.trend_chart, detail.trend_alt, "trend")
    show_controls(detail)
    show_units(page, detail)
    show_funnel(detail)
    st.subheader(text("card.table"))
    table(detail.table, detail.card.title, text("status.missing"), text("column.unit"))
    st.subheader(text("card.cases"))
    if detail.units:
        every = {"": text("definitions.cases_all_units"), **detail.units}
        asked = st.query_params.get("unit", "")
        choose(text("definitions.cases_unit"), "unit", every, asked if asked in every else "")
    note(detail.cases_note)
    if detail.cases is not None:
        table(detail.cases, text("card.cases"), text("cases.none"))
    show_replay(page, detail)


def show_sheet(sheet: Sheet) -> None:
    """The whole definition of one measure with its worked example."""
    st.html(DEFINITION_STYLE)
    st.html(f'<div class="definition">{sheet_html(language(), sheet)}</div>')


def show_school(schools: dict[str, str], school: str, figures: pl.DataFrame | None) -> None:
    """From one school to every figure in which it counts."""
    if not schools:
        return
    st.subheader(text("definitions.schools"))
    choices = {"": text("filter.pick"), **schools}
    choose(text("definitions.school"), "school", choices, school if school in schools else "")
    if figures is not None:
        table(figures, schools[school], text("status.missing"))


def show_units(page: IndicatorPage, detail: Detail) -> None:
    """The areas below side by side, and the ways up and down."""
    if detail.units_chart is not None:
        st.html(f"<h3>{escape(detail.units_title)}</h3>")
        chart(detail.units_chart, detail.units_alt, "units")
    show_panels(detail.panels)
    up, down = st.columns(2)
    above = page.scope.parent(page.area)
    if above:
        with up:
            words = text("action.up", area=_markdown_escaped(page.scope.name(above)))
            st.button(words, icon=":material/arrow_upward:", on_click=go_to, kwargs={"area": above})
    if detail.below:
        with down:
            choose(
                text("action.below"),
                "area",
                {page.area: text("filter.pick"), **detail.below},
                page.area,
                place="below",
            )


def _markdown_escaped(words: str) -> str:
    """A button's label is Markdown; a name from the ledger must not become a picture or a link."""
    return "".join(f"\\{mark}" if mark in r"\`*_{}[]()#+-.!|<>:$~" else mark for mark in words)
