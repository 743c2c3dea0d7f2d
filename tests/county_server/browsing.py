"""The county's pages in a real browser: how it is started, how a clerk signs in, what must fit."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.county_server.serving import Server

PASSWORD = "一句很长很长的口令 9"
CHROMIUM = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
WIDTHS = ((1440, 900), (900, 900))
PICTURES = Path(__file__).resolve().parents[2] / "build" / "pictures"


@contextmanager
def browser() -> Iterator[Browser]:
    """A Chromium that asks nobody but the page it is sent to."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield started
        started.close()


def sign_in(chromium: Browser, server: Server, code: str, path: str) -> Page:
    """Sign a clerk in with keys, in a window of her own; return the page at `path`."""
    page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(server.url + path)
    page.fill("#account", code)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(server.url + path)
    return page


def fits(page: Page) -> None:
    """Nothing stands beside the window, at either width; a wide table scrolls in itself."""
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, (page.url, width, wide)
    page.set_viewport_size({"width": WIDTHS[0][0], "height": WIDTHS[0][1]})


def reads_well(page: Page) -> None:
    """What a screen reader, or tired eyes, stumble over on a page: axe-core finds nothing serious.

    It is asked for all its rules; what it cannot decide by itself is no finding.
    """
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text("utf-8"))
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then((r) => r.violations)")
    bad = [one for one in found if one["impact"] in ("serious", "critical")]
    said = [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in bad]
    assert not said, (page.url, said)
