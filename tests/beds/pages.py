"""All pages in a real Chromium: they fit, say nothing to the console, ask nobody else, and everybody can use them.

The pretend county's pages are opened at three widths, light and dark, and so is what `orebro serve` adds to them; then
the pages of the archive of the tests, which is as bad as the web makes them, and nothing of it may run. Screenshots are
left in `build/pages`. Needs Chromium, npm (for axe-core) and Playwright (`make install-javascript`). Run from the
project's root: `python -m tests.beds.pages`.
"""

from __future__ import annotations

import gzip
import mimetypes
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feeds.publish import build
from orebro_spiders.browser import chromium_path, what_is_missing
from orebro_spiders.demo.server import Call, Reply, Site
from orebro_spiders.demo.tour import tour
from tests.beds.checks import Checks
from tests.beds.server import free_port, serving
from tests.beds.wire import STATE
from tests.feeds.county import adversarial, settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

AXE = "4.14.1"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (360, 768, 1440)
SCHEMES = ("light", "dark")
KEYBOARD_AT = ((360, "light"), (1440, "dark"))
BUDGET = 60 * 1024
"""Bytes, compressed, of the front page with all that it needs."""
SERVED = ("sok", "sok?q=kommun*&typ=news", "sok?q=vulkanutbrott", "sok?q=titel%3A(+%22badet&fran=2026-13", "api")
"""Searches: nothing asked, with answers, without any, written badly; and the API for people."""
SHOTS = Path("build/pages")
_PRESSES = 1500
"""The Tab key at most: more than any page has links."""

_FOCUSABLE = (
    "[...document.querySelectorAll('a[href], summary, button, input, select')].filter(e => e.checkVisibility())"
)
_LEAVE_A_MARK = f"{_FOCUSABLE}.forEach((e, at) => e.setAttribute('data-at', at)); {_FOCUSABLE}.length"
_FOCUSED = """() => {
    const e = document.activeElement, shown = e.querySelector('rect') || e;
    if (!e.dataset.at) return null;
    const style = getComputedStyle(e), drawn = getComputedStyle(shown), box = e.getBoundingClientRect();
    const outlined = style.outlineStyle != 'none' && parseFloat(style.outlineWidth) >= 2;
    const marked = shown != e && parseFloat(drawn.strokeWidth) >= 3;
    const seen = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    return [e.dataset.at, seen && (outlined || marked), (e.textContent.trim() || e.id).slice(0, 40)];
}"""


def main() -> int:
    """The exit code: 0 when all came out as it should."""
    if missing := what_is_missing():
        print(f"pages: {missing}", file=sys.stderr)
        return 2
    state = STATE / "runs/pages"
    shutil.rmtree(state, ignore_errors=True)
    tour(state / "demo", lambda line: None)
    build(adversarial(), settings(contact="redaktionen@example.se"), state / "bad")
    checks, axe = Checks(), _axe(STATE / "axe")
    with _browser() as browser:
        with _served(state / "demo/public") as site:
            for path in _chosen(state / "demo/public"):
                _look(checks, browser, site.url, path, axe)
        with serving(state / "demo", port := free_port()):
            served = f"http://127.0.0.1:{port}/"
            for path in SERVED:
                _look(checks, browser, served, path, axe)
            _type(checks, browser, served)
        _weigh(checks, state / "demo/public")
        with _served(state / "bad") as site:
            _provoke(checks, browser, site.url, state / "bad", axe)
    return checks.end()


def _chosen(public: Path) -> list[str]:
    """One page of every kind: of channels and days those with most to show."""
    fixed = ["index.html", "dagar.html", "prenumerera.html", "halsa.html", "om.html", "404.html"]
    folders = ("kalla", "kommun", "amne", "slag", "dag")
    largest = [max((public / name).glob("*.html"), key=lambda path: path.stat().st_size) for name in folders]
    articles = sorted((public / "artikel").rglob("*.html"), key=lambda path: (path.stat().st_size, path))
    gone = next(path for path in articles if "Borttagen av" in path.read_text("utf-8"))
    return [*fixed, *(path.relative_to(public).as_posix() for path in (*largest, articles[-1], gone))]


def _look(checks: Checks, browser: Browser, site: str, path: str, axe: str) -> None:
    checks.section(path)
    for width in WIDTHS:
        for scheme in SCHEMES:
            with _opened(browser, site, path, width, scheme) as (page, said):
                where = f"{width} px, {scheme}"
                checks.at_most(
                    f"{where}: width of the page", width, page.evaluate("document.documentElement.scrollWidth")
                )
                checks.equal(f"{where}: violations by axe", [], _violations(page, axe))
                checks.equal(f"{where}: said, asked of others", [], said)
                SHOTS.mkdir(parents=True, exist_ok=True)
                page.screenshot(path=SHOTS / f"{_name_of(path)}-{width}-{scheme}.png")
                if (width, scheme) in KEYBOARD_AT:
                    reached, hidden = _tabbed(page)
                    checks.equal(f"{where}: out of the keyboard's reach", 0, page.evaluate(_LEAVE_A_MARK) - reached)
                    checks.equal(f"{where}: focus that is not seen", [], hidden)


def _type(checks: Checks, browser: Browser, site: str) -> None:
    """A search by keyboard alone."""
    checks.section("sok, typed")
    with _opened(browser, site, "sok", WIDTHS[0], SCHEMES[0]) as (page, _):
        page.focus("#q")
        page.keyboard.type("kommun*")
        page.keyboard.press("Enter")
        page.wait_for_url("**/sok?q=kommun*")
        checks.holds("articles found", "some", found := page.locator("article").count(), found > 0)


def _name_of(path: str) -> str:
    """Of a page's picture."""
    return re.sub(r"\W+", "-", path.removesuffix(".html"))


def _weigh(checks: Checks, public: Path) -> None:
    checks.section("The front page with all that it needs")
    files = ("index.html", "style.css", "favicon.svg")
    checks.at_most("bytes, compressed", BUDGET, sum((public / f"{name}.gz").stat().st_size for name in files))
    whole = gzip.decompress((public / "index.html.gz").read_bytes())
    checks.equal("compressed is the same", True, whole == (public / "index.html").read_bytes())


def _provoke(checks: Checks, browser: Browser, site: str, public: Path, axe: str) -> None:
    """Every page of the bad archive, and its feeds as a browser that shows XML opens them."""
    checks.section("An archive as bad as the web makes them")
    paths = sorted(path.relative_to(public).as_posix() for path in public.rglob("*.html"))
    heard: dict[str, list[str]] = {}
    wide, barred = [], []
    for path in [*paths, "alla.rss", "alla.atom"]:
        with _opened(browser, site, path, WIDTHS[0], "light") as (page, said):
            if said:
                heard[path] = said
            if path.endswith(".html"):
                if page.evaluate("document.documentElement.scrollWidth") > WIDTHS[0]:
                    wide.append(path)
                barred += [f"{path}: {one}" for one in _violations(page, axe)]
    checks.note("pages opened", len(paths))
    checks.equal("scripts that ran, requests to others, words to the console", {}, heard)
    checks.equal(f"wider than {WIDTHS[0]} px", [], wide)
    checks.equal("violations by axe", [], barred)


@contextmanager
def _opened(browser: Browser, site: str, path: str, width: int, scheme: Any) -> Iterator[tuple[Page, list[str]]]:
    """The page below the address `site`, and what it has said and asked since: it should be nothing."""
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    said: list[str] = []
    page.on("console", lambda message: said.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    page.on("dialog", lambda dialog: (said.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("request", lambda asked: said.extend([asked.url] if not asked.url.startswith(site) else []))
    page.goto(f"{site}{path}")
    yield page, said
    page.close()


def _violations(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    return [f"{one['id']} at {one['nodes'][0]['target'][0]} ({len(one['nodes'])})" for one in found["violations"]]


def _tabbed(page: Page) -> tuple[int, list[str]]:
    """How many elements the Tab key reaches, and those of them whose focus cannot be seen."""
    page.evaluate(_LEAVE_A_MARK)
    reached: dict[str, str] = {}
    for _ in range(_PRESSES):
        page.keyboard.press("Tab")
        focused = page.evaluate(_FOCUSED)
        if focused is None or focused[0] in list(reached)[:-1]:
            break
        reached.setdefault(focused[0], "" if focused[1] else focused[2])  # a date has several stops for the key
    return len(reached), [text for text in reached.values() if text]


def _axe(folder: Path) -> str:
    """The source of axe-core, fetched by npm at the first time."""
    source = folder / "node_modules/axe-core/axe.min.js"
    if not source.exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--silent", "--no-save", "--prefix", str(folder), f"axe-core@{AXE}"]
        subprocess.run(command, check=True)
    return source.read_text("utf-8")


@contextmanager
def _browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright  # not there without `make install-javascript`

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium_path(), chromium_sandbox=os.geteuid() != 0)
        yield browser
        browser.close()


@contextmanager
def _served(public: Path) -> Iterator[Site]:
    """The folder on loopback."""
    site = Site("public")
    site.start(_files(public))
    yield site
    site.stop()


def _files(public: Path) -> Callable[[Call], Reply]:
    def answer(call: Call) -> Reply:
        path = public / call.path.lstrip("/")
        if not path.is_file():
            return Reply(b"", 404)
        xml = "application/xml" if path.suffix in {".rss", ".atom"} else None
        return Reply(path.read_bytes(), content_type=xml or mimetypes.guess_type(path)[0] or "text/plain")

    return answer


if __name__ == "__main__":
    sys.exit(main())
