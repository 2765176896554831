"""The shell around every page: who is signed in, the pages of the role, the language."""

from __future__ import annotations

from html import escape
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboard.access import Forbidden, Reader
from dashboard.app_pages import Page, pages_for
from dashboard.session import LANGUAGE_KEY, SignedOut, choose_language, is_demo_store, language, reader, text
from dashboard.texts import LANGUAGES
from dashboard.texts import text as text_in

PAGES_DIRECTORY = Path(__file__).with_name("app_pages")
STYLE = Path(__file__).with_name("assets") / "shell.css"
SWITCH_KEY = "language_switch"


def show() -> None:
    """Draw the shell and run the chosen page."""
    try:
        person = reader()
    except SignedOut as error:
        show_signed_out(error)
        return
    st.set_page_config(page_title=text("product.name"), layout="wide")
    st.html(STYLE)
    pages = {page: as_streamlit(page) for page in pages_for(person)}
    chosen = st.navigation([start_page(next(iter(pages.values()))), *pages.values()], position="hidden")
    with st.sidebar:
        show_sidebar(person, pages)
    if is_demo_store():
        st.html(f'<p class="demo-banner" role="note">{escape(text("demo.banner"))}</p>')
    try:
        chosen.run()
    except Forbidden as error:
        show_forbidden(error)
    except SignedOut as error:
        show_signed_out(error)


def as_streamlit(page: Page) -> StreamlitPage:
    """The page as Streamlit wants it, with its title in the person's language."""
    return st.Page(PAGES_DIRECTORY / page.file, title=text(page.title), url_path=page.path)


def start_page(first: StreamlitPage) -> StreamlitPage:
    """The page at the bare address: it leads to the first page of the role.

    Streamlit gives its default page no address of its own, so a link to that page would not be found.
    """

    def lead_on() -> None:
        st.switch_page(first, query_params={LANGUAGE_KEY: language()})

    return st.Page(lead_on, title=text("product.name"), url_path="start", default=True)


def show_sidebar(person: Reader, pages: dict[Page, StreamlitPage]) -> None:
    """Product, pages by section, the person, the language and the way out."""
    name, purpose = escape(text("product.name")), escape(text("product.purpose"))
    st.html(f'<div class="product"><b>{name}</b><span>{purpose}</span></div>')
    section = None
    for page, target in pages.items():
        if page.section != section:
            st.html(f'<p class="section">{escape(text(page.section))}</p>')
            section = page.section
        st.page_link(target, query_params={LANGUAGE_KEY: language()})
    st.segmented_control(
        text("shell.language"),
        LANGUAGES,
        default=language(),
        required=True,
        format_func=lambda lang: text_in(lang, "product.language_name"),
        key=SWITCH_KEY,
        on_change=switch_language,
    )
    rows = [("shell.signed_in_as", person.user), ("shell.role", text(f"role.{person.role}"))]
    terms = "".join(f"<dt>{escape(text(key))}</dt><dd>{escape(value)}</dd>" for key, value in rows)
    st.html(
        f'<dl class="person">{terms}</dl><a class="sign-out" target="_self" '
        f'href="/sign-out?lang={language()}">{escape(text("shell.sign_out"))}</a>'
    )


def switch_language() -> None:
    """Put the chosen language into the address.

    Not by `bind="query-params"`: that writes the label, so the address would read lang=English.
    """
    choose_language(st.session_state[SWITCH_KEY])


def show_forbidden(error: Forbidden) -> None:
    """Say in words which right is missing."""
    if error.permission is None:
        st.error(text("shell.forbidden_area"))
    else:
        st.error(text("shell.forbidden", permission=text(f"permission.{error.permission}.name")))


def show_signed_out(error: SignedOut) -> None:
    """Show nothing but the way back in."""
    st.warning(text("shell.ended" if error.came_through_gate else "shell.through_the_door"))
    if error.came_through_gate:
        link = escape(text("shell.sign_in_again"))
        st.html(f'<a target="_self" href="/sign-in?lang={language()}">{link}</a>')


if __name__ == "__main__":
    show()
