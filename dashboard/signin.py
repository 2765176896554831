"""The sign-in and sign-out pages: plain HTML from the server, before anything of Streamlit is reached."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import parse_qs, urlencode, urlsplit

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboard.accounts import Account, check_password, demo_users, is_demo
from dashboard.desk import Desk
from dashboard.texts import DEFAULT_LANGUAGE, LANGUAGES, known_language, text
from dashboard.tickets import end_ticket, find_ticket, start_ticket

ASSETS = Path(__file__).with_name("assets")
FORM_BYTES = 8192  # a sign-in form is far smaller; more is not read
HTML_LANGUAGE = {"zh": "zh-CN", "en": "en"}
REASONS = ("ended", "signed_out")


def cookie_name(scheme: str) -> str:
    """The cookie's name; over https the prefix makes browsers refuse one set by a neighbour host."""
    return "__Host-shouhu" if scheme in ("https", "wss") else "shouhu"


def token_of(cookies: dict[str, str], scheme: str) -> str | None:
    """The token that a browser sends, if any."""
    return cookies.get(cookie_name(scheme))


def is_own_request(request: Request) -> bool:
    """Whether a page of this server sent the request; without any sign of its origin it is refused."""
    site = request.headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        return False
    origin = request.headers.get("origin")
    if origin is None:
        return site == "same-origin"
    return urlsplit(origin).netloc == request.headers.get("host")


def local_path(wanted: str | None) -> str:
    """A path on this server to go to after signing in, never another place."""
    path = wanted or "/"
    is_local = path.startswith("/") and not path.startswith("//") and path.isprintable() and "\\" not in path
    return path if is_local and not path.startswith("/sign-") else "/"


class SignInPages:
    """The pages that a stranger may open, and the acts behind them.

    close_sockets is called with the handle of a ticket that has ended.
    """

    def __init__(
        self, desk: Desk, close_sockets: Callable[[str], None], default_language: str = DEFAULT_LANGUAGE
    ) -> None:
        self.desk = desk
        self.close_sockets = close_sockets
        self.default_language = default_language
        self._hashing: anyio.CapacityLimiter | None = None

    def routes(self) -> list[Route]:
        """Every path that needs no ticket; whoever adds one here opens it to the world."""
        return [
            Route("/sign-in", self.show_sign_in, methods=["GET"]),
            Route("/sign-in", self.sign_in, methods=["POST"]),
            Route("/sign-in/state", self.state, methods=["GET"]),
            Route("/sign-in/style.css", _asset("sign_in.css", "text/css"), methods=["GET"]),
            Route("/sign-in/watch.js", _asset("watch.js", "text/javascript"), methods=["GET"]),
            Route("/sign-in/mark.svg", _asset("mark.svg", "image/svg+xml"), methods=["GET"]),
            Route("/sign-out", self.show_sign_out, methods=["GET"]),
            Route("/sign-out", self.sign_out, methods=["POST"]),
        ]

    async def show_sign_in(self, request: Request) -> Response:
        """The form, with the reason why the person is here again."""
        why = request.query_params.get("why")
        message = text(self._language(request), f"sign_in.{why}") if why in REASONS else ""
        return await self._sign_in_page(request, local_path(request.query_params.get("next")), message)

    async def sign_in(self, request: Request) -> Response:
        """Check the password; a new token in any case, and the old ticket of this browser ends."""
        lang = self._language(request)
        if not is_own_request(request):
            return await self._sign_in_page(request, "/", text(lang, "sign_in.foreign"), 403)
        form = await _read_form(request)
        goal, user, password = local_path(form.get("next")), form.get("user", ""), form.get("password", "")
        if not user.strip() or not password:
            return await self._sign_in_page(request, goal, text(lang, "sign_in.incomplete"), 400)
        account = await self._hash_in_turn(user, password)
        if account is None:
            policy = self.desk.policy
            values = {"failures": policy.failures.value, "minutes": policy.lock.value}
            return await self._sign_in_page(request, goal, text(lang, "sign_in.refused", **values), 401)
        await self._end_ticket(request)
        new = await anyio.to_thread.run_sync(start_ticket, self.desk, account)
        response = RedirectResponse(_with_language(goal, lang), status_code=303)
        scheme = request.url.scheme
        response.set_cookie(
            cookie_name(scheme), new.token, path="/", httponly=True, secure=scheme == "https", samesite="lax"
        )
        return response

    async def state(self, request: Request) -> Response:
        """Whether the ticket still stands; asking is no activity."""
        token = token_of(request.cookies, request.url.scheme)
        ticket = await anyio.to_thread.run_sync(find_ticket, self.desk, token)
        return Response(status_code=204 if ticket else 401)

    async def show_sign_out(self, request: Request) -> Response:
        """Ask once more; a link alone must not sign anyone out."""
        lang = self._language(request)
        form = (
            f"<p>{escape(text(lang, 'sign_out.question'))}</p>"
            f'<form method="post" action="/sign-out?lang={lang}">'
            f"<button>{escape(text(lang, 'sign_out.confirm'))}</button></form>"
            f'<a class="back" href="/?lang={lang}">{escape(text(lang, "sign_out.stay"))}</a>'
        )
        return await self._page(request, text(lang, "sign_out.title"), "", form, "")

    async def sign_out(self, request: Request) -> Response:
        """End the ticket on the server and take the cookie away."""
        lang = self._language(request)
        if not is_own_request(request):
            return await self._sign_in_page(request, "/", text(lang, "sign_in.foreign"), 403)
        await self._end_ticket(request)
        response = RedirectResponse(f"/sign-in?why=signed_out&lang={lang}", status_code=303)
        scheme = request.url.scheme
        response.delete_cookie(cookie_name(scheme), path="/", httponly=True, secure=scheme == "https")
        return response

    async def _end_ticket(self, request: Request) -> None:
        token = token_of(request.cookies, request.url.scheme)
        ticket = await anyio.to_thread.run_sync(find_ticket, self.desk, token)
        if ticket is not None:
            await anyio.to_thread.run_sync(end_ticket, self.desk, ticket)
            self.close_sockets(ticket.handle)

    async def _hash_in_turn(self, user: str, password: str) -> Account | None:
        if self._hashing is None:
            self._hashing = anyio.CapacityLimiter(self.desk.policy.hashes_at_once.value)
        return await anyio.to_thread.run_sync(
            check_password, self.desk, user, password, limiter=self._hashing
        )

    async def _sign_in_page(self, request: Request, goal: str, message: str, status: int = 200) -> Response:
        lang = self._language(request)
        is_refused = status != 200
        box = f'<p class="message{" refused" if is_refused else ""}" role="status">{escape(message)}</p>'
        form = (
            f'<form method="post" action="/sign-in?lang={lang}">'
            f'<input type="hidden" name="next" value="{escape(goal)}">'
            f'<label>{escape(text(lang, "sign_in.user"))}<input name="user" autocomplete="username" '
            f'autocapitalize="none" spellcheck="false" maxlength="40" required autofocus></label>'
            f'<label>{escape(text(lang, "sign_in.password"))}<input name="password" type="password" '
            f'autocomplete="current-password" maxlength="256" required></label>'
            f"<button>{escape(text(lang, 'sign_in.submit'))}</button></form>"
        )
        has_demo = await anyio.to_thread.run_sync(is_demo, self.desk)
        demo = _demo_accounts(lang) if has_demo else ""
        title = text(lang, "sign_in.title")
        return await self._page(request, title, box if message else "", form, demo, status)

    async def _page(
        self, request: Request, title: str, message: str, form: str, demo: str, status: int = 200
    ) -> HTMLResponse:
        lang = self._language(request)
        other = next(other for other in LANGUAGES if other != lang)
        query = {**request.query_params, "lang": other}
        policy = self.desk.policy
        limits = {"idle": policy.idle.value, "hours": policy.absolute.value // 60}
        has_demo = await anyio.to_thread.run_sync(is_demo, self.desk)
        values = {
            "html_lang": HTML_LANGUAGE[lang],
            "title": escape(title),
            "product": escape(text(lang, "product.name")),
            "purpose": escape(text(lang, "product.purpose")),
            "banner": f'<p class="banner">{escape(text(lang, "demo.banner"))}</p>' if has_demo else "",
            "message": message,
            "form": form,
            "demo": demo,
            "footer": f"<p>{escape(text(lang, 'sign_in.recorded'))}</p>"
            f"<p>{escape(text(lang, 'sign_in.limits', **limits))}</p>",
            "other_url": escape(f"{request.url.path}?{urlencode(query)}"),
            "other_lang": HTML_LANGUAGE[other],
            "other_language": escape(text(lang, "sign_in.other_language")),
        }
        template = Template((ASSETS / "sign_in.html").read_text(encoding="utf-8"))
        return HTMLResponse(template.substitute(values), status_code=status)

    def _language(self, request: Request) -> str:
        return known_language(request.query_params.get("lang"), self.default_language)


def _demo_accounts(lang: str) -> str:
    rows = "".join(
        f"<dt>{escape(text(lang, f'role.{person.role}'))}</dt>"
        f"<dd><code>{escape(person.user)}</code> / <code>{escape(person.password)}</code></dd>"
        for person in demo_users()
    )
    return f'<section class="demo"><h2>{escape(text(lang, "demo.accounts"))}</h2><dl>{rows}</dl></section>'


def _with_language(goal: str, lang: str) -> str:
    path, _, query = goal.partition("?")
    wanted = {name: values[-1] for name, values in parse_qs(query).items()}
    return f"{path}?{urlencode({**wanted, 'lang': lang})}"


def _asset(name: str, media_type: str) -> Callable[[Request], Awaitable[Response]]:
    async def serve_asset(_request: Request) -> Response:
        return FileResponse(ASSETS / name, media_type=media_type)

    return serve_asset


async def _read_form(request: Request) -> dict[str, str]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_BYTES:
            return {}
    try:
        fields = parse_qs(body.decode("utf-8"), keep_blank_values=True)
    except (UnicodeDecodeError, ValueError):
        return {}
    return {name: values[-1] for name, values in fields.items()}
