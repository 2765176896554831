"""How a page learns who is signed in, in which language, and where the store is.

A page calls `reader()`, `language()` and `store()`; it never asks Streamlit itself for any of them.
"""

from __future__ import annotations

import logging
import os
import secrets
import traceback
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.access import Reader
from dashboard.accounts import is_demo
from dashboard.desk import Desk, open_desk
from dashboard.gate import owners
from dashboard.texts import LANGUAGES, known_language
from dashboard.texts import text as text_in
from dashboard.tickets import reader_of

logger = logging.getLogger(__name__)

FAILURE_NUMBER_BYTES = 4
FRAMES = 6  # innermost places that the log names
STORE_VARIABLE = "SHOUHU_STORE"
LANGUAGE_VARIABLE = "SHOUHU_LANG"
LANGUAGE_KEY = "lang"
CHOSEN_KEY = "chosen_language"
TICKET_KEY = "ticket"  # under which server.trustedUserHeaders puts the gate's header into st.user


class SignedOut(Exception):
    """Nobody is signed in, or no longer; `came_through_gate` tells which of the two."""

    def __init__(self, came_through_gate: bool) -> None:
        self.came_through_gate = came_through_gate
        super().__init__("session: expected a ticket that stands, found none")


def reader() -> Reader:
    """The person at the browser with the rights of this moment; SignedOut when there is none."""
    return provider()


def _signed_in_reader() -> Reader:
    # st.user holds what the gate wrote, and nothing where the application was started without the gate.
    handle = st.user.get(TICKET_KEY)
    if not isinstance(handle, str):
        raise SignedOut(came_through_gate=False)
    found = reader_of(desk(), handle)
    context = get_script_run_ctx()
    if found is None or context is None:
        raise SignedOut(came_through_gate=True)
    owners.remember(context.session_id, handle)
    return found


# The one seam for tests: they replace this function in the module. Nothing that a browser sends can reach it.
provider: Callable[[], Reader] = _signed_in_reader


def language() -> str:
    """The language in the address, else the one chosen before, else the one that the server was started with.

    Some ways from page to page drop the address's query, so the choice is remembered beside it.
    """
    asked = st.query_params.get(LANGUAGE_KEY)
    if asked in LANGUAGES:
        st.session_state[CHOSEN_KEY] = asked
    return known_language(st.session_state.get(CHOSEN_KEY), default_language())


def choose_language(lang: str) -> None:
    """Take a language from now on and put it into the address, so that a link carries it."""
    st.session_state[CHOSEN_KEY] = lang
    st.query_params[LANGUAGE_KEY] = lang


def default_language() -> str:
    """The language that the server was started with."""
    return known_language(os.environ.get(LANGUAGE_VARIABLE))


def text(key: str, **values: object) -> str:
    """A text in the person's language."""
    return text_in(language(), key, **values)


def store() -> Path:
    """The directory that holds everything of this installation."""
    place = os.environ.get(STORE_VARIABLE)
    if not place:
        raise RuntimeError(f"session: expected the store's directory in {STORE_VARIABLE}, found nothing")
    return Path(place)


def desk() -> Desk:
    """The open desk of the store."""
    return desk_at(store())


@lru_cache(maxsize=4)
def desk_at(place: Path) -> Desk:
    """One desk per store and process."""
    return open_desk(place)


def is_demo_store() -> bool:
    """Whether everything on the screen is invented."""
    return is_demo(desk())


def show_failure(error: Exception) -> bool:
    """Say that the page failed, with a number to quote; log where, but not what the exception says.

    The words of an exception may hold a cell of a ledger. True tells Streamlit to show nothing itself.
    """
    number = secrets.token_hex(FAILURE_NUMBER_BYTES)
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames[-FRAMES:]))
    logger.error("page failed: number %s, %s at %s", number, type(error).__name__, places)
    st.error(text("shell.failed", number=number))
    return True
