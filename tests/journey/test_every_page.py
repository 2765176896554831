"""Every page in a real browser: no serious finding of axe-core, no word of the wrong language, nothing raw.

axe-core 4 (Deque Systems) comes with the package axe-playwright-python and runs in the page; nothing is asked outside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from dashboard.access import Role, reader_for
from dashboard.app_pages import pages_for
from dashboard.snapshot import Snapshot, opened
from data_contracts.forms import forms
from models.parameters import parameters
from models.screening.rulebook.card import cards
from tests.journey.conftest import Server, Shouhu, needs_chromium
from tests.journey.screenshots import ARGUMENTS, CHROMIUM, sign_in

pytestmark = pytest.mark.browser

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
# Pages as they look with something opened on them, besides each page by its plain address.
OPENED = {
    Role.SUPERVISOR: ("coverage?code=C12", "coverage?code=C7", "schooling?code=P4", "definitions?code=S3"),
    Role.PLANNER: ("worklist?target=referral",),
    Role.ANALYST: ("tuning?part=rules", "tuning?target=referral"),
    Role.DATA_OFFICER: (),
}
SAYS = """() => {
  const left = "[data-testid=stIconMaterial], [data-testid=stExpanderIcon], pre, script, style";
  const said = [];
  for (const part of document.querySelectorAll('[data-testid=stMain], [data-testid=stSidebar]')) {
    const copy = part.cloneNode(true);
    for (const one of copy.querySelectorAll(left)) one.remove();
    const walker = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) said.push(walker.currentNode.textContent);
  }
  return said.join('\\n');
}"""
CHINESE = re.compile(r"[\u3400-\u9fff]+")
RAW = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b|\bTraceback\b|\bnan\b")
# A command to be typed names what it is about by its identifier.
TYPED = re.compile(r"shouhu cards [a-z_ 0-9-]+")
# The account's own name, the product's, the switch to the other language; identifiers of cards stand beside names.
GIVEN = ("data_officer", "守护", "中文")
# Chapters of the Measures are cited by their own numbers.
CITED = re.compile(r"[一二三四五六七八九十]+·\d*|(?:Measures|Section:? Measures) [一二三四五六七八九十]+")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    needs_chromium()
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture(scope="module")
def names(shouhu: Shouhu) -> list[str]:
    """What stays as the ledgers write it: places, units, files, sheets, senders; the longest first."""
    with opened(shouhu.store) as snapshot:
        found = {word for query in NAMED for word in _column(snapshot, query)}
    found |= {title for form in forms().values() for title in (form.zh, *form.titles)}
    found |= {one.source for values in parameters().values() for one in values}
    return sorted((word for word in found if CHINESE.search(word)), key=len, reverse=True)


NAMED = (
    "SELECT name FROM area",
    "SELECT name FROM org",
    "SELECT file FROM delivery",
    "SELECT sender FROM delivery",
    "SELECT sheet FROM message",
)


def _column(snapshot: Snapshot, query: str) -> list[str]:
    table = query.rsplit(" ", 1)[1]
    column = query.split(" ")[1]
    if not snapshot.has(table) or column not in snapshot.columns(table):
        return []
    return [str(one) for one in snapshot.frame(query).to_series().drop_nulls()]


def paths() -> list[tuple[Role, str]]:
    """Each page once, for the first role that has it, and the opened ones."""
    found: dict[str, Role] = {}
    for role in Role:
        for page in pages_for(reader_for(role, role, ("530902",))):
            found.setdefault(page.path, role)
        found.update(dict.fromkeys(OPENED[role], role))
    return sorted(((role, path) for path, role in found.items()))


def serious(page: Page) -> list[str]:
    """What axe-core calls serious or critical, with the element."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:120]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def strange_words(said: str, lang: str, names: list[str]) -> list[str]:
    """Raw identifiers in any language, and Chinese on an English page that is neither a name nor a citation."""
    for word in (*GIVEN, *cards()):
        said = said.replace(word, "")
    said = TYPED.sub("", said)
    found = set(RAW.findall(said))
    if lang == "en":
        for name in names:
            said = said.replace(name, "")
        found |= set(CHINESE.findall(CITED.sub("", said)))
    return sorted(found)


def visit(page: Page, served: Server, path: str, lang: str) -> None:
    page.goto(f"http://{served.host}/{path}{'&' if '?' in path else '?'}lang={lang}")
    page.wait_for_selector("h1", timeout=30_000)
    page.wait_for_timeout(1_500)
    expect(page.locator("[data-testid=stSpinner], [data-testid=stSkeleton]")).to_have_count(0, timeout=30_000)


def test_every_page_can_be_read_by_everyone_and_in_one_language(
    browser: Browser, served: Server, names: list[str]
) -> None:
    wrong: list[str] = []
    pages: dict[Role, Page] = {}
    for role, path in paths():
        if role not in pages:
            pages[role] = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
            sign_in(pages[role], f"http://{served.host}", role)
        for lang in ("zh", "en"):
            visit(pages[role], served, path, lang)
            told = [*serious(pages[role]), *strange_words(pages[role].evaluate(SAYS), lang, names)]
            wrong += [f"{path} ({lang}): {one}" for one in told]
    assert not wrong, "\n".join(wrong)


def test_the_crawl_sees_what_it_looks_for(browser: Browser, served: Server, names: list[str]) -> None:
    page = browser.new_context().new_page()
    sign_in(page, f"http://{served.host}", "supervisor")
    visit(page, served, "about", "en")
    page.evaluate("""() => {
      const bad = document.createElement('div');
      bad.innerHTML = '<p>village_code 未翻译</p><button></button><img src="data:,">';
      document.querySelector('[data-testid=stMain]').append(bad);
    }""")
    assert strange_words(page.evaluate(SAYS), "en", names) == ["village_code", "未翻译"]
    assert {one.split(":")[0] for one in serious(page)} == {"button-name", "image-alt"}
