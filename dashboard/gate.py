"""The gate before everything: no ticket, no answer, for pages, files, metrics and WebSockets alike."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlencode

import anyio.to_thread
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.desk import Desk
from dashboard.guarded_socket import GuardedSocket, OpenSockets
from dashboard.signin import SignInPages, token_of
from dashboard.texts import DEFAULT_LANGUAGE, known_language
from dashboard.tickets import Ticket, find_ticket, touch_ticket

TICKET_HEADER = "x-shouhu-ticket"
UPLOADS = "/_stcore/upload_file/"
# A page is one plain word after the slash. More would be wrong: from /about the browser first tries
# /about/_stcore/health, and takes any answer as a sign that Streamlit lies there.
_PAGE = re.compile(r"/([a-z][a-z0-9_-]*)?")
NOT_PAGES = frozenset({"/static", "/media", "/component", "/app", "/vendor"})
SIGN_IN_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# Streamlit sets styles from scripts and makes workers and images from blobs; scripts come from here only.
APP_POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' blob:; worker-src 'self' blob:; "
    "connect-src 'self'; frame-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)


class SessionOwners:
    """Which ticket began which Streamlit session, by the ids of both."""

    def __init__(self) -> None:
        self._handles: dict[str, str] = {}

    def remember(self, session_id: str, handle: str) -> None:
        """The first ticket seen with a session owns it for good."""
        self._handles.setdefault(session_id, handle)

    def is_owner(self, session_id: str, handle: str) -> bool:
        """Whether the session is known and began under this ticket."""
        return self._handles.get(session_id) == handle


owners = SessionOwners()


class Gate:
    """ASGI middleware: lets strangers reach the sign-in pages only and tells the application who is there.

    front_page: language → the HTML that starts the application, sent instead of Streamlit's own.
    """

    def __init__(
        self,
        app: ASGIApp,
        desk: Desk,
        front_page: Callable[[str], str],
        default_language: str = DEFAULT_LANGUAGE,
    ) -> None:
        self.app = app
        self.desk = desk
        self.front_page = front_page
        self.default_language = default_language
        self.sockets = OpenSockets()
        routes = SignInPages(desk, self.sockets.close, default_language).routes()
        self.open_paths = frozenset(route.path for route in routes)
        self.open_pages = Router(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse or pass on; default: refuse."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] == "http" and scope["path"] in self.open_paths:
            await self.open_pages(scope, receive, _with_headers(scope, send, SIGN_IN_POLICY))
            return
        connection = HTTPConnection(scope)
        token = token_of(connection.cookies, scope["scheme"])
        ticket = await anyio.to_thread.run_sync(find_ticket, self.desk, token)
        if ticket is None:
            await self._refuse(scope, receive, send)
            return
        _name_ticket(scope, ticket)
        if scope["type"] == "websocket":
            _drop_foreign_session(scope, ticket)
            await GuardedSocket(self.desk, self.sockets, ticket, receive, send).run(self.app, scope)
            return
        await self._answer(connection, scope, ticket, receive, _with_headers(scope, send, APP_POLICY))

    async def _answer(
        self, connection: HTTPConnection, scope: Scope, ticket: Ticket, receive: Receive, send: Send
    ) -> None:
        path = scope["path"]
        answer: ASGIApp = self.app
        if path.startswith(UPLOADS) and not owners.is_owner(
            path[len(UPLOADS) :].split("/")[0], ticket.handle
        ):
            answer = PlainTextResponse("403", status_code=403)
        elif _is_page(scope):
            await anyio.to_thread.run_sync(touch_ticket, self.desk, ticket)
            lang = known_language(connection.query_params.get("lang"), self.default_language)
            answer = HTMLResponse(self.front_page(lang))
        await answer(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            if "websocket.http.response" in scope.get("extensions", {}):
                await PlainTextResponse("401", status_code=401)(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": 1008})
            return
        connection = HTTPConnection(scope)
        response: Response = PlainTextResponse("401", status_code=401)
        if _is_page(scope) and "text/html" in connection.headers.get("accept", ""):
            response = RedirectResponse(_sign_in_url(connection), status_code=303)
        await response(scope, receive, _with_headers(scope, send, SIGN_IN_POLICY))


def _sign_in_url(connection: HTTPConnection) -> str:
    query = connection.url.query
    goal = connection.url.path + (f"?{query}" if query else "")
    wanted = {} if goal == "/" else {"next": goal}
    if "lang" in connection.query_params:
        wanted["lang"] = connection.query_params["lang"]
    return "/sign-in" + (f"?{urlencode(wanted)}" if wanted else "")


def _is_page(scope: Scope) -> bool:
    path: str = scope["path"]
    is_reading = scope["method"] in ("GET", "HEAD")
    return is_reading and path not in NOT_PAGES and _PAGE.fullmatch(path) is not None


def _name_ticket(scope: Scope, ticket: Ticket) -> None:
    """Tell the application who is there; what the client claims under that header is thrown away."""
    name = TICKET_HEADER.encode()
    # Underscores too: some servers read them as hyphens.
    kept = [(key, value) for key, value in scope["headers"] if key.lower().replace(b"_", b"-") != name]
    scope["headers"] = [*kept, (name, ticket.handle.encode())]


def _drop_foreign_session(scope: Scope, ticket: Ticket) -> None:
    """Take out the wish to resume a Streamlit session that did not begin under this ticket.

    The wish is the third entry of the subprotocol header; without it a fresh session begins.
    """
    name = b"sec-websocket-protocol"
    headers = []
    for key, value in scope["headers"]:
        if key.lower() == name:
            entries = [entry.strip() for entry in value.decode("latin-1").split(",")]
            if len(entries) > 2 and not owners.is_owner(entries[2], ticket.handle):
                value = ", ".join(entries[:2]).encode("latin-1")
        headers.append((key, value))
    scope["headers"] = headers


def _with_headers(scope: Scope, send: Send, content_policy: str) -> Send:
    is_cacheable = scope["path"].startswith("/static/")

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Content-Security-Policy"] = content_policy
            headers["X-Content-Type-Options"] = "nosniff"
            headers["X-Frame-Options"] = "DENY"
            headers["Referrer-Policy"] = (
                "same-origin"  # "no-referrer" would turn the form's Origin into "null"
            )
            headers["Cross-Origin-Opener-Policy"] = "same-origin"
            headers["Cross-Origin-Resource-Policy"] = "same-origin"
            headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
            if not is_cacheable:
                headers["Cache-Control"] = "no-store"
            if scope["scheme"] == "https":
                headers["Strict-Transport-Security"] = "max-age=31536000"
        await send(message)

    return send_with_headers
