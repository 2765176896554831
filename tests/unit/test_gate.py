import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.access import Role
from dashboard.accounts import check_password, create_user
from dashboard.desk import Desk, open_desk
from dashboard.gate import TICKET_HEADER, Gate, owners
from dashboard.settings import read_settings
from dashboard.signin import cookie_name, local_path
from dashboard.tickets import NewTicket, end_ticket, find_ticket, start_ticket

PASSWORD = "a long enough password"
QUICK = read_settings().sign_in.with_values(hash_rounds=1, hash_memory=64, hash_lanes=1, recheck=1)
HOST = "127.0.0.1:8501"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = open_desk(tmp_path, QUICK)
    create_user(desk, "li.ming", PASSWORD, Role.PLANNER, ("530902",))
    return desk


@pytest.fixture
def ticket(desk: Desk) -> NewTicket:
    return start_ticket(desk, check_password(desk, "li.ming", PASSWORD))


class Application:
    """Stands behind the gate and notes what reaches it."""

    def __init__(self) -> None:
        self.scopes: list[dict] = []
        self.received: list[dict] = []

    async def __call__(self, scope, receive, send) -> None:
        self.scopes.append(scope)
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
            while (message := await receive())["type"] != "websocket.disconnect":
                self.received.append(message)
            self.received.append(message)
            await send({"type": "websocket.send", "bytes": b"too late"})
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"secret"})

    def header(self, name: str) -> list[str]:
        return [value.decode() for key, value in self.scopes[-1]["headers"] if key.decode().lower() == name]


class Outside:
    """A gate with an application behind it, called without a network."""

    def __init__(self, desk: Desk) -> None:
        self.application = Application()
        self.gate = Gate(self.application, desk, front_page=lambda lang: f"front page {lang}")

    def scope(self, kind: str, path: str, headers: dict[str, str], **more: object) -> dict:
        all_headers = {"host": HOST, **headers}
        encoded = [(key.encode(), value.encode()) for key, value in all_headers.items()]
        scheme = more.pop("scheme", "ws" if kind == "websocket" else "http")
        base = {
            "type": kind,
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": encoded,
        }
        return {
            **base,
            "scheme": scheme,
            "method": "GET",
            "root_path": "",
            "server": ("127.0.0.1", 8501),
            **more,
        }

    def ask(self, path: str, headers: dict[str, str] | None = None, body: bytes = b"", **more: object):
        sent: list[dict] = []

        async def receive() -> dict:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict) -> None:
            sent.append(message)

        asyncio.run(self.gate(self.scope("http", path, headers or {}, **more), receive, send))
        found = {key.decode(): value.decode() for key, value in sent[0]["headers"]}
        return sent[0]["status"], found, b"".join(part.get("body", b"") for part in sent[1:]).decode()


def cookie(ticket: NewTicket, scheme: str = "http") -> dict[str, str]:
    return {"cookie": f"{cookie_name(scheme)}={ticket.token}"}


PATHS = ["/", "/about", "/media/x.csv", "/_stcore/health", "/_stcore/metrics", "/_stcore/host-config"]
PATHS += [
    "/static/js/index.js",
    "/component/x",
    "/sign-in/",
    "/sign-in/../media/x",
    "/sign-in/state/x",
    "//sign-in",
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"])
def test_nothing_but_the_sign_in_answers_a_stranger(desk, path, method):
    outside = Outside(desk)
    status, headers, body = outside.ask(path, method=method)
    assert (status, outside.application.scopes) == (401, [])
    assert "secret" not in body
    assert headers["x-content-type-options"] == "nosniff"


def test_a_strangers_browser_is_led_to_the_sign_in_and_back(desk):
    status, headers, _ = Outside(desk).ask("/about", {"accept": "text/html"}, query_string=b"lang=en")
    assert (status, headers["location"]) == (303, "/sign-in?next=%2Fabout%3Flang%3Den&lang=en")


def test_a_media_file_is_no_page_and_answers_401_even_to_a_browser(desk):
    assert Outside(desk).ask("/media/x", {"accept": "text/html"})[0] == 401


def test_what_lies_below_a_page_is_no_page(desk, ticket):
    # Streamlit's browser part looks for itself at /about/_stcore/health: an answer from us would mislead it.
    outside = Outside(desk)
    for path in ("/about/_stcore/health", "/_stcore", "/static", "/favicon.png"):
        assert outside.ask(path, cookie(ticket))[2] == "secret"
    assert outside.ask("/about", cookie(ticket))[2] == "front page zh"


def test_the_ticket_opens_what_lies_behind_and_stops_to_when_signed_out(desk, ticket):
    outside = Outside(desk)
    assert outside.ask("/media/x", cookie(ticket))[::2] == (200, "secret")
    end_ticket(desk, ticket.ticket)
    assert outside.ask("/media/x", cookie(ticket))[0] == 401


def test_the_application_learns_the_ticket_from_the_gate_and_never_from_the_client(desk, ticket):
    outside = Outside(desk)
    forged = {TICKET_HEADER: "forged", "X-Shouhu-Ticket": "forged", "x_shouhu_ticket": "forged"}
    outside.ask("/media/x", {**cookie(ticket), **forged})
    assert outside.application.header(TICKET_HEADER) == [ticket.ticket.handle]
    assert outside.application.header("x_shouhu_ticket") == []


def test_the_cookie_of_plain_http_does_not_count_over_https(desk, ticket):
    outside = Outside(desk)
    assert outside.ask("/media/x", cookie(ticket, "http"), scheme="https")[0] == 401
    status, headers, _ = outside.ask("/media/x", cookie(ticket, "https"), scheme="https")
    assert status == 200
    assert "strict-transport-security" in headers


def test_pages_are_never_kept_by_the_browser_and_never_framed(desk, ticket):
    _, headers, body = Outside(desk).ask("/about", cookie(ticket))
    assert body == "front page zh"
    assert headers["cache-control"] == "no-store"
    assert headers["x-frame-options"] == "DENY"
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy.replace("wasm-unsafe-eval", "")
    assert "http" not in policy


def sign_in(outside: Outside, headers: dict[str, str], password: str = PASSWORD, **more: object):
    body = f"user=li.ming&password={password}&next=%2Fabout".encode()
    return outside.ask("/sign-in", headers, body, method="POST", **more)


def test_signing_in_gives_a_new_cookie_that_scripts_cannot_read_and_ends_the_old_ticket(desk, ticket):
    status, headers, _ = sign_in(Outside(desk), {"origin": f"http://{HOST}", **cookie(ticket)})
    assert (status, headers["location"]) == (303, "/about?lang=zh")
    new, *attributes = headers["set-cookie"].split("; ")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} == set(attributes)
    assert find_ticket(desk, new.partition("=")[2]) is not None
    assert find_ticket(desk, ticket.token) is None


def test_the_cookie_is_secure_over_https(desk):
    _, headers, _ = sign_in(Outside(desk), {"origin": f"https://{HOST}"}, scheme="https")
    assert headers["set-cookie"].startswith("__Host-shouhu=")
    assert "Secure" in headers["set-cookie"]


FOREIGN = [{}, {"origin": "null"}, {"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}]
FOREIGN += [{"origin": f"http://{HOST}", "sec-fetch-site": "same-site"}, {"origin": "http://127.0.0.1:9999"}]


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_form_sent_from_elsewhere_neither_signs_in_nor_out(desk, ticket, headers):
    outside = Outside(desk)
    status, answer, _ = sign_in(outside, headers)
    assert (status, "set-cookie" in answer) == (403, False)
    assert outside.ask("/sign-out", {**headers, **cookie(ticket)}, method="POST")[0] == 403
    assert find_ticket(desk, ticket.token) is not None


def test_a_link_alone_signs_nobody_out(desk, ticket):
    assert Outside(desk).ask("/sign-out", cookie(ticket))[0] == 200
    assert find_ticket(desk, ticket.token) is not None


def test_signing_out_takes_the_cookie_and_the_ticket(desk, ticket):
    headers = {"origin": f"http://{HOST}", **cookie(ticket)}
    status, answer, _ = Outside(desk).ask("/sign-out", headers, method="POST")
    assert (status, "Max-Age=0" in answer["set-cookie"]) == (303, True)
    assert find_ticket(desk, ticket.token) is None


def test_refusals_have_one_answer_whatever_the_cause(desk):
    outside = Outside(desk)
    origin = {"origin": f"http://{HOST}"}
    wrong = sign_in(outside, origin, password="wrong")
    unknown = outside.ask("/sign-in", origin, b"user=nobody&password=wrong&next=%2Fabout", method="POST")
    for _ in range(6):
        locked = sign_in(outside, origin, password="wrong")
    assert wrong[0] == 401
    assert wrong[2] == unknown[2] == locked[2] == sign_in(outside, origin)[2]


def test_a_form_that_is_too_large_or_no_text_is_refused(desk):
    outside, origin = Outside(desk), {"origin": f"http://{HOST}"}
    assert outside.ask("/sign-in", origin, b"user=li.ming&password=" + b"x" * 9000, method="POST")[0] == 400
    assert outside.ask("/sign-in", origin, b"user=\xff&password=\xff", method="POST")[0] == 400


def test_what_was_asked_for_is_shown_as_text_only(desk):
    body = Outside(desk).ask("/sign-in", query_string=b"next=/%22%3E%3Cscript%3Ealert(1)%3C/script%3E")[2]
    assert "<script" not in body


@pytest.mark.parametrize(
    "evil", ["//evil.example", "https://evil.example", "/\\evil", "evil", "/sign-out", "/\n/evil", ""]
)
def test_after_signing_in_nobody_is_led_to_another_place(evil):
    assert local_path(evil) == "/"


def test_an_upload_goes_only_into_a_session_of_the_same_ticket(desk, ticket):
    outside = Outside(desk)
    owners.remember("mine", ticket.ticket.handle)
    owners.remember("theirs", "another handle")
    owners.remember("theirs", ticket.ticket.handle)
    answers = [
        outside.ask(f"/_stcore/upload_file/{session}/f", cookie(ticket), method="PUT")[0]
        for session in ("mine", "theirs", "unknown")
    ]
    assert answers == [200, 403, 403]


class Browser:
    """One WebSocket at the gate, with messages put in by hand."""

    def __init__(self, outside: Outside, headers: dict[str, str]) -> None:
        self.outside, self.sent = outside, []
        self.incoming: asyncio.Queue = asyncio.Queue()
        self.incoming.put_nowait({"type": "websocket.connect"})
        self.scope = outside.scope("websocket", "/_stcore/stream", headers)

    async def send(self, message: dict) -> None:
        self.sent.append(message)

    def connect(self) -> asyncio.Task:
        return asyncio.create_task(self.outside.gate(self.scope, self.incoming.get, self.send))

    def say(self, words: bytes) -> None:
        self.incoming.put_nowait({"type": "websocket.receive", "bytes": words})


def test_a_strangers_websocket_is_closed_before_it_is_accepted(desk):
    async def story() -> None:
        outside = Outside(desk)
        browser = Browser(outside, {})
        await browser.connect()
        assert browser.sent == [{"type": "websocket.close", "code": 1008}]
        assert outside.application.scopes == []

    asyncio.run(story())


@pytest.mark.parametrize(
    "cause", ["signed out here", "ended by another process, then a message", "ended, no message"]
)
def test_an_open_websocket_ends_with_its_ticket_and_nothing_passes_afterwards(desk, ticket, cause):
    # Without a message only the regular look can notice; otherwise it comes far too late to be the cause.
    seconds = 1 if cause == "ended, no message" else 600
    desk = replace(desk, policy=desk.policy.with_values(recheck=seconds))

    async def story() -> None:
        outside = Outside(desk)
        browser = Browser(outside, cookie(ticket))
        running = browser.connect()
        browser.say(b"first")
        while len(outside.application.received) < 2:  # connect and the first message
            await asyncio.sleep(0.02)
        await asyncio.to_thread(end_ticket, desk, ticket.ticket)
        if cause == "signed out here":
            outside.gate.sockets.close(ticket.ticket.handle)
        elif "then a message" in cause:
            browser.say(b"second")
        await asyncio.wait_for(running, 20)
        assert [message["type"] for message in browser.sent] == ["websocket.accept", "websocket.close"]
        assert browser.sent[-1]["code"] == 4401
        said = [message.get("bytes") for message in outside.application.received if "bytes" in message]
        assert said == [b"first"]

    asyncio.run(story())


def test_a_websocket_lives_while_the_ticket_stands(desk, ticket):
    async def story() -> None:
        outside = Outside(desk)
        browser = Browser(outside, cookie(ticket))
        running = browser.connect()
        for _ in range(3):
            browser.say(b"again")
            await asyncio.sleep(0.6)
        browser.incoming.put_nowait({"type": "websocket.disconnect", "code": 1000})
        await asyncio.wait_for(running, 1)
        assert len(outside.application.received) == 1 + 3 + 1  # connect, three messages, disconnect

    asyncio.run(story())


@pytest.mark.parametrize(
    ("owner", "passed_on"), [("mine", "streamlit, x, s1"), ("theirs", "streamlit, x"), (None, "streamlit, x")]
)
def test_only_the_ticket_that_began_a_streamlit_session_may_resume_it(
    desk, ticket, monkeypatch, owner, passed_on
):
    handle = {"mine": ticket.ticket.handle, "theirs": "another", None: None}[owner]
    monkeypatch.setattr(owners, "_handles", {"s1": handle} if handle else {})

    async def story() -> None:
        outside = Outside(desk)
        browser = Browser(outside, {**cookie(ticket), "sec-websocket-protocol": "streamlit, x, s1"})
        browser.incoming.put_nowait({"type": "websocket.disconnect", "code": 1000})
        await browser.connect()
        assert outside.application.header("sec-websocket-protocol") == [passed_on]

    asyncio.run(story())
