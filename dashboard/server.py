"""Starts the dashboard: Streamlit as an ASGI application behind the gate, on this machine only."""

from __future__ import annotations

import logging
import os
import re
import socket
import sys
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import streamlit
from starlette.middleware import Middleware

from dashboard import session
from dashboard.desk import Desk
from dashboard.gate import TICKET_HEADER, Gate
from dashboard.settings import read_settings
from dashboard.signin import HTML_LANGUAGE
from dashboard.texts import text

ADDRESS = "127.0.0.1"
SCRIPT = Path(__file__).with_name("app.py")
FONTS = "Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
PORT_IS_TAKEN = 2  # exit code
EXPECTED_MARKS = ('<html lang="en">', "<title>Streamlit</title>", "</head>", "<body>")
NOT_OURS = re.compile(
    r'<!--.*?-->|<script>.*?</script>|<noscript>.*?</noscript>|<link rel="service-desc"[^>]*>', re.DOTALL
)
# Okabe and Ito's colours, told apart with any kind of colour blindness; teal first.
SERIES_COLOURS = ["#0f5f66", "#e69f00", "#56b4e9", "#d55e00", "#cc79a7", "#009e73", "#0072b2", "#7f8c8d"]

THEME: dict[str, Any] = {
    "theme.base": "light",
    "theme.primaryColor": "#0f5f66",
    "theme.backgroundColor": "#ffffff",
    "theme.secondaryBackgroundColor": "#eef3f3",
    "theme.textColor": "#14262b",
    "theme.linkColor": "#0f5f66",
    "theme.borderColor": "#c6d3d5",
    "theme.font": FONTS,
    "theme.headingFont": FONTS,
    "theme.headingFontSizes": ["1.7rem", "1.4rem", "1.2rem", "1.1rem", "1rem", "1rem"],
    "theme.headingFontWeights": [700, 650, 600, 600, 600, 600],
    "theme.baseRadius": "6px",
    "theme.showWidgetBorder": True,
    "theme.chartCategoricalColors": SERIES_COLOURS,
    "theme.sidebar.backgroundColor": "#eef3f3",
    "theme.sidebar.secondaryBackgroundColor": "#ffffff",
}


def serve(store: Path, port: int, lang: str) -> None:
    """Serve the dashboard of a store until stopped; exits with code 2 when the port is taken."""
    _refuse_taken_port(port, lang)
    application = build(store, lang)
    print(text(lang, "server.ready", url=f"http://{ADDRESS}:{port}/"), file=sys.stderr, flush=True)
    application.run(config=streamlit_options(port))


def build(store: Path, lang: str) -> streamlit.App:
    """The whole application behind the gate; the pages learn store and language from the environment."""
    os.environ[session.STORE_VARIABLE] = str(store.resolve())
    os.environ[session.LANGUAGE_VARIABLE] = lang
    desk = session.desk()
    # Streamlit logs what an exception says before it asks `show_failure`, which logs without the words.
    logging.getLogger("streamlit.error_util").addFilter(lambda record: record.exc_info is None)
    gate = Middleware(Gate, desk=desk, front_page=front_page_for(desk), default_language=lang)
    return streamlit.App(SCRIPT, middleware=[gate], on_script_error=session.show_failure)


def streamlit_options(port: int) -> dict[str, Any]:
    """Streamlit's settings: nothing goes out, no error shows its insides, only the gate says who is there."""
    return {
        "server.address": ADDRESS,
        "server.port": port,
        "server.headless": True,
        "server.fileWatcherType": "none",
        "server.enableXsrfProtection": True,
        "server.enableCORS": True,
        "server.allowedHosts": read_settings().server.hosts,
        "server.trustedUserHeaders": {TICKET_HEADER: session.TICKET_KEY},
        "server.enableStaticServing": False,
        "server.enableAgentApi": False,
        "browser.gatherUsageStats": False,
        "client.showErrorDetails": "none",
        "client.showErrorLinks": False,
        "client.toolbarMode": "minimal",
        "client.disableDataExport": True,
        "client.allowedOrigins": [],
        "logger.hideWelcomeMessage": True,
        "logger.enableRich": False,  # it prints past the logging that `build` has filtered
        **THEME,
    }


def front_page_for(desk: Desk) -> Callable[[str], str]:
    """A function language → the HTML that starts Streamlit in the browser.

    Streamlit's own page carries an inline script, which the content policy forbids, and says nothing of us.
    """
    template = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    if not all(mark in template for mark in EXPECTED_MARKS):
        raise RuntimeError(f"server: expected {EXPECTED_MARKS} in Streamlit's index.html, found another page")
    template = NOT_OURS.sub("", template).replace("./favicon.png", "/sign-in/mark.svg")
    seconds = desk.policy.watch.value
    watch = f'<script src="/sign-in/watch.js" data-seconds="{seconds}"></script></head>'
    template = template.replace("</head>", watch)

    def front_page(lang: str) -> str:
        page = template.replace('<html lang="en">', f'<html lang="{HTML_LANGUAGE[lang]}">')
        page = page.replace(
            "<title>Streamlit</title>", f"<title>{escape(text(lang, 'product.name'))}</title>"
        )
        return page.replace("<body>", f"<body><noscript>{escape(text(lang, 'server.script'))}</noscript>")

    return front_page


def _refuse_taken_port(port: int, lang: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError:
            print(text(lang, "server.port_taken", port=port, next=port + 1), file=sys.stderr)
            raise SystemExit(PORT_IS_TAKEN) from None
