"""A real server, strangers at its door, and people with a browser."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from dashboard.access import Role
from dashboard.accounts import create_user, disable_user, make_demo_users, mark_as_demo
from dashboard.desk import Desk, open_desk
from dashboard.gate import TICKET_HEADER
from dashboard.signin import cookie_name
from dashboard.tickets import find_ticket

ROOT = Path(__file__).parents[2]
PASSWORD = "a long enough password"
CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Server(NamedTuple):
    port: int
    desk: Desk

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None, body: str | None = None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        found = answer.status, {key.lower(): value for key, value in answer.getheaders()}, answer.read()
        connection.close()
        return found

    def sign_in(self, user: str, password: str, cookie: str = "") -> tuple[int, str]:
        headers = {"Origin": f"http://{self.host}", "Cookie": cookie}
        body = urlencode({"user": user, "password": password})
        status, answer, _ = self.ask("POST", "/sign-in", headers, body)
        return status, answer.get("set-cookie", "").partition(";")[0]

    def stream(self, cookie: str = "", resume: str = "", **headers: str) -> ClientConnection:
        sent = {**headers, **({"Cookie": cookie} if cookie else {})}
        wanted = ["streamlit", "xsrf", resume] if resume else ["streamlit", "xsrf"]
        return connect(
            f"ws://{self.host}/_stcore/stream",
            subprotocols=wanted,
            additional_headers=sent,
            max_size=None,
            origin=f"http://{self.host}",
            proxy=None,
            open_timeout=20,
        )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


SERVE = "import sys; from pathlib import Path; from dashboard.server import serve; "
SERVE += "serve(Path(sys.argv[1]), int(sys.argv[2]), 'zh')"


def start(store: Path, port: int, before: str = "") -> subprocess.Popen:
    command = [sys.executable, "-c", before + SERVE, str(store), str(port)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONUTF8": "1"}, **pipes)


def wait_for(server: Server, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            server.ask("GET", "/sign-in")
            return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the server did not answer; exit code {process.poll()}")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    store = tmp_path_factory.mktemp("store")
    desk = open_desk(store)
    mark_as_demo(desk)
    make_demo_users(desk)
    found = Server(free_port(), desk)
    process = start(store, found.port)
    wait_for(found, process)
    yield found
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)


@pytest.fixture
def person(server: Server, request: pytest.FixtureRequest) -> tuple[str, str]:
    """A fresh account of its own for each test, and a cookie."""
    name = re.sub(r"\W+", "", request.node.name)[-36:].strip("_.")
    create_user(server.desk, name, PASSWORD, Role.PLANNER, ("530902",))
    status, cookie = server.sign_in(name, PASSWORD)
    assert status == 303
    return name, cookie


class View(NamedTuple):
    """What came over a WebSocket until the script had run: the session, everything as text."""

    session: str
    words: str


def run_page(stream: ClientConnection, page: str = "about") -> View:
    rerun = BackMsg()
    rerun.rerun_script.page_name = page
    rerun.rerun_script.query_string = "lang=en"
    stream.send(rerun.SerializeToString())
    session, words = "", []
    while True:
        message = ForwardMsg()
        message.ParseFromString(stream.recv(timeout=20))
        words.append(str(message))
        if message.WhichOneof("type") == "new_session":
            session = message.new_session.initialize.session_id
        if message.WhichOneof("type") == "script_finished":
            return View(session, "\n".join(words))


@pytest.mark.parametrize(
    "path",
    [
        "/media/x",
        "/_stcore/health",
        "/_stcore/metrics",
        "/_stcore/host-config",
        "/_stcore/upload_file/a/b",
        "/static/js/index.js",
        "/_stcore/agent/openapi.json",
        "/",
        "/about",
        "/component/x",
        "/_stcore/stream",
    ],
)
def test_a_stranger_gets_401_everywhere(server, path):
    for method in ("GET", "PUT", "POST"):
        assert server.ask(method, path)[0] == 401


def test_the_same_paths_answer_someone_signed_in(server, person):
    cookie = {"Cookie": person[1]}
    assert server.ask("GET", "/_stcore/health", cookie)[::2] == (200, b"ok")
    assert server.ask("GET", "/_stcore/metrics", cookie)[0] == 200
    assert server.ask("GET", "/media/x", cookie)[0] == 404
    assert b"watch.js" in server.ask("GET", "/", cookie)[2]


def test_a_strangers_websocket_is_refused_before_it_opens(server):
    with pytest.raises(InvalidStatus) as error:
        server.stream()
    assert error.value.response.status_code == 401


def test_a_hundred_attempts_to_resume_a_session_by_its_id_are_refused(server, person):
    with server.stream(person[1]) as mine:
        victim = run_page(mine).session
        assert victim
        refused = 0
        for attempt in range(100):
            claims = {TICKET_HEADER: "anything"} if attempt % 2 else {}
            cookie = f"{cookie_name('http')}=made-up-{attempt}" if attempt % 3 else ""
            with pytest.raises(InvalidStatus) as error:
                server.stream(cookie, resume=victim, **claims)
            refused += error.value.response.status_code == 401
        assert refused == 100
        assert run_page(mine).session == victim, "the person whose session it is does not notice"


def test_a_session_is_resumed_by_its_own_sign_in_and_by_no_other(server, person):
    name, cookie = person
    with server.stream(cookie) as first:
        victim = run_page(first).session
    with server.stream(cookie, resume=victim) as again:
        assert run_page(again).session == victim
    other_sign_in = server.sign_in(name, PASSWORD)[1]
    other_person = server.sign_in("analyst", "shouhu-demo-analyst")[1]
    for intruder in (other_sign_in, other_person):
        with server.stream(intruder, resume=victim) as taken:
            view = run_page(taken)
            assert view.session not in ("", victim)
    assert name not in view.words
    assert "Analyst" in view.words


def test_a_forged_ticket_header_makes_nobody_else(server, person):
    supervisor = server.sign_in("supervisor", "shouhu-demo-supervisor")[1]
    handle = find_ticket(server.desk, supervisor.partition("=")[2]).handle
    with server.stream(person[1], **{TICKET_HEADER: handle}) as stream:
        words = run_page(stream).words
    assert "Visit planner" in words
    assert "Supervisor" not in words


def test_six_failures_lock_the_account(server, person):
    name, _ = person
    answers = [server.sign_in(name, "wrong password")[0] for _ in range(6)]
    assert answers == [401] * 6
    assert server.sign_in(name, PASSWORD) == (401, "")


def test_signing_out_ends_files_pages_and_open_websockets_at_once(server, person):
    _, cookie = person
    with server.stream(cookie) as stream:
        session = run_page(stream).session
        headers = {"Cookie": cookie, "Origin": f"http://{server.host}"}
        assert server.ask("POST", "/sign-out", headers)[0] == 303
        with pytest.raises(ConnectionClosed) as error:
            while True:
                stream.recv(timeout=2)
        assert error.value.rcvd.code == 4401
    assert server.ask("GET", "/_stcore/health", {"Cookie": cookie})[0] == 401
    with pytest.raises(InvalidStatus):
        server.stream(cookie, resume=session)


def test_a_disabled_account_loses_the_open_page_at_its_next_click(server, person):
    name, cookie = person
    with server.stream(cookie) as stream:
        run_page(stream)
        disable_user(server.desk, name)  # from another process, as the command line does
        with pytest.raises(ConnectionClosed):
            run_page(stream)
    assert server.ask("GET", "/", {"Cookie": cookie})[0] == 401
    assert server.sign_in(name, PASSWORD)[0] == 401


def test_a_disabled_account_loses_a_page_that_only_stands_open(server, person):
    name, cookie = person
    with server.stream(cookie) as stream:
        run_page(stream)
        disable_user(server.desk, name)
        with pytest.raises(ConnectionClosed):
            while True:  # what was already on its way comes first
                stream.recv(timeout=server.desk.policy.recheck.value + 3)


def test_what_the_browser_gets_holds_no_token_and_no_right_of_another_role(server, person):
    with server.stream(person[1]) as stream:
        words = run_page(stream).words
    assert person[1].partition("=")[2] not in words
    assert "argon2" not in words


def test_a_taken_port_is_said_plainly_with_exit_code_2(server, tmp_path):
    process = start(tmp_path, server.port)
    said = process.communicate(timeout=60)[0].decode()
    assert process.returncode == 2
    assert f"端口 {server.port} 已被占用" in said
    assert "Traceback" not in said


def test_a_page_that_fails_tells_neither_the_browser_nor_the_log_what_the_exception_said(tmp_path):
    broken = tmp_path / "broken.py"
    broken.write_text("raise ValueError('row 7: 李小明 11010120150101123X')", encoding="utf-8")
    register = (
        "import dashboard.app_pages as pages\n"
        "class Broken(pages.Page):\n    path = 'broken'\n"
        f"pages.PAGES = (Broken({str(broken)!r}, 'about.title', 'section.help', None),)\n"
    )
    server = Server(free_port(), open_desk(tmp_path))
    create_user(server.desk, "reader", PASSWORD, Role.ANALYST, ("530902",))
    process = start(tmp_path, server.port, register)
    wait_for(server, process)
    with server.stream(server.sign_in("reader", PASSWORD)[1]) as stream:
        shown = run_page(stream, "broken").words
    process.send_signal(signal.SIGTERM)
    logged = process.communicate(timeout=20)[0].decode()
    assert "This page failed and could not be shown" in shown
    assert re.search(r"page failed: number [0-9a-f]{8}, ValueError at broken.py:1", logged)
    for words in (shown, logged):
        assert "李小明" not in words
        assert "\\346\\235\\216" not in words, "nor in escaped bytes"
        assert "1101012015" not in words


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    if not Path(CHROMIUM).exists() and "SHOUHU_REQUIRE_ALL" not in os.environ:
        pytest.skip("needs Debian's chromium; it runs in CI")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        yield opened
        opened.close()


def is_trouble(answer) -> bool:
    # Streamlit's browser part first looks for its server below the page's address; 404 sends it up.
    is_search = answer.status == 404 and "/about/_stcore/" in answer.url
    return answer.status >= 400 and not is_search


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize(
    ("lang", "heading"), [("zh", "这个角色能看什么，为什么"), ("en", "What this role may see, and why")]
)
def test_a_person_signs_in_reads_switches_language_and_signs_out(server, browser, lang, heading, width):
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    trouble, outside = [], []
    page.on(
        "console", lambda said: trouble.append(said.text) if "Content Security Policy" in said.text else None
    )
    page.on("response", lambda answer: trouble.append(answer.url) if is_trouble(answer) else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on(
        "request", lambda request: outside.append(request.url) if server.host not in request.url else None
    )

    page.goto(f"http://{server.host}/about?lang={lang}")
    assert page.url.startswith(f"http://{server.host}/sign-in?next=")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing hangs over the edge"
    page.fill("[name=user]", "planner")
    page.fill("[name=password]", "shouhu-demo-planner")
    page.click("main button")
    page.get_by_role("heading", name=heading).wait_for()
    assert f"lang={lang}" in page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.cookie").find("shouhu") == -1, "scripts cannot read the cookie"
    if width < 1000:
        page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_text("English" if lang == "zh" else "中文", exact=True).click()
    page.get_by_role("heading", name="What this role" if lang == "zh" else "这个角色").wait_for(
        state="attached"
    )
    assert f"lang={'en' if lang == 'zh' else 'zh'}" in page.url
    page.click(".sign-out")
    page.wait_for_url("**/sign-in?why=signed_out**")
    page.go_back()
    page.wait_for_url("**/sign-in?**")
    assert [json.dumps(url) for url in outside if not url.startswith(("data:", "blob:"))] == []
    assert trouble == []
    context.close()


@pytest.mark.browser
def test_a_page_left_open_is_cleared_when_the_account_is_closed(server, browser):
    create_user(server.desk, "leaver", PASSWORD, Role.ANALYST, ("530902",))
    page = browser.new_page()
    page.goto(f"http://{server.host}/about?lang=en")
    page.fill("[name=user]", "leaver")
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.get_by_role("heading", name="What this role").wait_for()
    disable_user(server.desk, "leaver")
    page.wait_for_url("**/sign-in?why=ended**", timeout=(server.desk.policy.watch.value + 10) * 1000)
    assert page.get_by_role("status").inner_text().startswith("You are no longer signed in")
    page.close()
