"""Screenshots of every page for every role, in both languages and two widths, into `artifacts/screenshots`.

Run against a demo that is being served: `python tests/journey/screenshots.py [ADDRESS] [ROLE …]`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from dashboard.access import Role, reader_for
from dashboard.app_pages import pages_for

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
             "--disable-background-networking", "--disable-component-update"]  # fmt: skip
WIDTHS = (1440, 390)
LONGEST = 6000
TARGET = Path("artifacts/screenshots")


def sign_in(page: Page, address: str, role: str) -> None:
    """Sign the demo account of a role in."""
    page.goto(f"{address}/sign-in")
    page.fill("[name=user]", role)
    page.fill("[name=password]", f"shouhu-demo-{role}")
    page.click("form button")
    page.wait_for_selector("h1", timeout=30_000)


def shoot(page: Page, address: str, path: str, lang: str, width: int, target: Path) -> None:
    """One page as a whole, however long."""
    page.set_viewport_size({"width": width, "height": 900})
    joint = "&" if "?" in path else "?"
    page.goto(f"{address}/{path}{joint}lang={lang}")
    page.wait_for_selector("h1", timeout=30_000)
    page.wait_for_timeout(2_500)
    height = page.evaluate("document.querySelector('[data-testid=stMain]')?.scrollHeight ?? 900")
    page.set_viewport_size({"width": width, "height": min(max(height, 900), LONGEST)})
    page.wait_for_timeout(1_000)
    page.screenshot(path=str(target))


def main(address: str = "http://127.0.0.1:8501", *roles: str) -> None:
    """Shoot every page that the roles may open."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for role in roles or tuple(Role):
            page = browser.new_context().new_page()
            sign_in(page, address, role)
            for entry in pages_for(reader_for(role, Role(role), ("530902",))):
                for lang in ("zh", "en"):
                    for width in WIDTHS:
                        file = TARGET / f"{role}-{entry.path}-{lang}-{width}.png"
                        shoot(page, address, entry.path, lang, width, file)
                        print(file)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
