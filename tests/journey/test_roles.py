"""Two people's walk through the pages in a real browser, and what the wire carries to them."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, WebSocket, expect, sync_playwright

from dashboard.app_pages import PAGES
from tests.journey.conftest import Children, Server, Shouhu, needs_chromium
from tests.journey.screenshots import ARGUMENTS, CHROMIUM, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    needs_chromium()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


class Wire:
    """Everything that reached a browser: WebSocket frames and the bodies of answers."""

    def __init__(self, context: BrowserContext) -> None:
        self.received: list[bytes] = []
        context.on("page", self._listen)

    def _listen(self, page: Page) -> None:
        page.on("websocket", self._socket)
        page.on("response", self._body)

    def _socket(self, socket: WebSocket) -> None:
        socket.on(
            "framereceived",
            lambda data: self.received.append(data if isinstance(data, bytes) else data.encode()),
        )

    def _body(self, response: object) -> None:
        try:
            self.received.append(response.body())  # type: ignore[attr-defined]
        except Exception:  # a redirect or an aborted answer has no body
            return


def open_as(browser: Browser, served: Server, role: str) -> tuple[Page, Wire]:
    context = browser.new_context()
    wire = Wire(context)
    page = context.new_page()
    sign_in(page, f"http://{served.host}", role)
    return page, wire


def go(page: Page, served: Server, path: str) -> None:
    page.goto(f"http://{served.host}/{path}")
    page.wait_for_selector("h1", timeout=30_000)
    page.wait_for_timeout(1_500)


def test_a_planner_opens_the_list_a_child_and_reads_the_reasons(
    browser: Browser, served: Server, children: Children, shouhu: Shouhu
) -> None:
    page, wire = open_as(browser, served, "planner")
    go(page, served, "worklist")
    expect(page.get_by_role("heading", name="立即报告")).to_be_visible()
    assert not (children.found_in(wire.received) & (children.names | children.numbers))
    page.get_by_label("为什么需要知道姓名").fill("安排本周入户")
    page.get_by_role("button", name="显示姓名").click()
    page.wait_for_timeout(3_000)
    # The crawl below would see a name if there were one: here it does.
    assert children.found_in(wire.received) & children.names
    first = shouhu("screen", "--target", "visit", "--json").document["children"][0]
    go(page, served, f"child?child={first['child_id']}")
    expect(page.get_by_role("heading", name="儿童档案")).to_be_visible()
    page.wait_for_timeout(2_000)
    told = page.inner_text("[data-testid=stMain]") + b"\n".join(wire.received).decode("utf-8", "replace")
    assert all(reason["sentence"] in told for reason in first["reasons"])
    page.context.close()


def test_a_supervisor_drills_from_district_to_village_and_meets_no_child(
    browser: Browser, served: Server, children: Children
) -> None:
    page, wire = open_as(browser, served, "supervisor")
    for path in ("overview", "coverage", "relief", "safety", "schooling", "funds", "supervision"):
        go(page, served, path)
        expect(page.locator("h1")).to_be_visible()
    go(page, served, "coverage?area=530902102&code=C12")
    assert "博尚镇" in page.inner_text("[data-testid=stMain]")
    addresses = [entry.path for entry in PAGES]
    child = sorted(children.pseudonyms)[0]
    addresses += [f"child?child={child}", f"worklist?child={child}", f"coverage?code=C12&child={child}"]
    addresses += [f"coverage?code={code}&area=530902102901&cases=1" for code in ("C12", "C13", "S12")]
    addresses += [f"worklist?name={quote(name)}" for name in sorted(children.names)[:2]]
    asked = {child, *sorted(children.names)[:2]}
    for path in addresses:
        page.goto(f"http://{served.host}/{path}")
        page.wait_for_timeout(2_000)
    assert children.found_in(wire.received) - asked == set()
    main = page.inner_text("body")
    assert not any(word in main for word in children.names | children.numbers)
    page.context.close()
