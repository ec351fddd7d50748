"""A browser that puts together pages which come as scripts: Chromium, by Playwright, without a network of its own.

Both are an extra (`javascript`) that most installations lack; this module loads without them.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from playwright import async_api as playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
"""What Chromium is called on different systems."""
QUIET = 0.3
"""Seconds without a further request after which a page is taken to be complete."""
MAX_REQUESTS = 50
"""How many requests of one page are answered: paging without end and polling stop there."""
MAX_KEPT = 100
"""How many scripts of one site are kept for its next pages."""

_NO_NETWORK = ("--host-resolver-rules=MAP * ~NOTFOUND", "--webrtc-ip-handling-policy=disable_non_proxied_udp")
"""Names and addresses lead nowhere: what no route sees (WebSockets, WebRTC, preconnections) stays inside too."""
_ANSWERED = frozenset({"script", "fetch", "xhr"})
"""What makes the text of a page. Pictures, fonts, films, frames and beacons do not."""
_COMPLETE = """quiet => new Promise(done => {
    const wait = () => setTimeout(done, quiet);
    document.readyState === "complete" ? wait() : addEventListener("load", wait, {once: true});
})"""
_OURS_TO_SAY = re.compile(r"user-agent$|referer$|cookie$|accept-(?:encoding|language)$|cache-control$|pragma$|sec-|if-")
"""Request headers that are not the script's but the browser's."""
_OF_THE_WIRE = frozenset(
    {
        "connection",
        "content-disposition",
        "content-encoding",
        "content-length",
        "refresh",
        "set-cookie",
        "transfer-encoding",
    }
)
_NOSCRIPT = re.compile(r"<noscript\b.*?</noscript\s*>", re.IGNORECASE | re.DOTALL)


class RenderError(Exception):
    """A page cannot be put together; says why in one line."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page's script asks for."""

    url: str
    method: str
    headers: Mapping[str, str]
    body: bytes
    is_script: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as the browser is given it: the body is unpacked."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Fetch = Callable[[Asked], Awaitable[Answer | None]]
"""Fetches for the browser, which cannot itself; `None` where it is not to be had. `RenderError` gives the page up."""


def chromium_path(given: str = "") -> str | None:
    """The Chromium that is used: the one given, else that of the system; `None` when there is none."""
    return next(filter(None, map(shutil.which, [given] if given else NAMES)), None)


def what_is_missing(chromium: str = "") -> str:
    """One line that says what to install before pages can be put together; empty when all is there."""
    if find_spec("playwright") is None:
        return "`javascript = true` needs Playwright: pip install 'orebro-news[javascript]'"
    if chromium_path(chromium) is None:
        sought = f"{chromium} is none" if chromium else f"none of {', '.join(NAMES)} is on the PATH"
        return f"`javascript = true` needs Chromium, and {sought}: install it, or name it as `[http] chromium`"
    return ""


class Browser:
    """One browser, which starts with the first page and ends with the last of those who share it."""

    def __init__(self) -> None:
        self._sharers = 0
        self._starting = asyncio.Lock()
        self._driver: playwright.Playwright | None = None
        self._chromium: playwright.Browser | None = None

    def share(self) -> None:
        """One more who will `leave` it."""
        self._sharers += 1

    async def leave(self) -> None:
        """One less; the last one closes it."""
        self._sharers -= 1
        if self._sharers == 0:
            await self.close()

    async def close(self) -> None:
        """End the browser. It ends with us at a kill too: its driver reads from a pipe of ours."""
        if self._chromium:
            await self._chromium.close()
        if self._driver:
            await self._driver.stop()
        self._driver = self._chromium = None

    async def render(
        self, url: str, document: Answer, fetch: Fetch, *, user_agent: str, timeout: float, chromium: str = ""
    ) -> str:
        """The page as its scripts put it together from the document and what `fetch` gives.

        It is complete when it has been quiet for a while. Raises `TimeoutError` when `timeout` seconds after its last
        answer it is not, and `RenderError` when something else goes wrong. Pages share nothing: no cookies, no storage.
        """
        from playwright.async_api import Error

        try:
            running = await self._running(chromium)
            context = await running.new_context(
                user_agent=user_agent,
                locale="sv-SE",
                timezone_id="Europe/Stockholm",
                service_workers="block",
                accept_downloads=False,
            )
            try:
                return await _Page(url, document, fetch, timeout).put_together(context)
            finally:
                await context.close()
        except Error as error:
            raise RenderError(f"Chromium: {error.message.strip().splitlines()[0]}") from error

    async def _running(self, chromium: str) -> playwright.Browser:
        from playwright.async_api import async_playwright

        async with self._starting:
            if self._driver is None:
                self._driver = await async_playwright().start()
            if self._chromium is None or not self._chromium.is_connected():
                self._chromium = await self._driver.chromium.launch(
                    executable_path=chromium_path(chromium),
                    args=_NO_NETWORK,
                    chromium_sandbox=os.geteuid() != 0,  # as root it does not start with one
                    handle_sigint=False,
                    handle_sigterm=False,
                    handle_sighup=False,
                )
            return self._chromium


_browsers: WeakKeyDictionary[asyncio.AbstractEventLoop, Browser] = WeakKeyDictionary()


def shared_browser() -> Browser:
    """The browser of the running event loop: one for all spiders in it."""
    return _browsers.setdefault(asyncio.get_running_loop(), Browser())


class _Page:
    """A page that is being put together."""

    def __init__(self, url: str, document: Answer, fetch: Fetch, timeout: float) -> None:
        self._url = url
        self._document: Answer | None = document
        self._fetch = fetch
        self._timeout = timeout
        self._limit: asyncio.Timeout | None = None
        self._asked = self._open = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._quiet_since = asyncio.get_running_loop().time()
        self._failure: RenderError | None = None

    async def put_together(self, context: playwright.BrowserContext) -> str:
        await context.route("**/*", self._route)
        try:
            async with asyncio.timeout(self._timeout) as self._limit:
                page = await context.new_page()
                await page.goto(self._url, wait_until="commit", timeout=0)
                await self._until_quiet(page)
                if self._failure:
                    raise self._failure
                return _NOSCRIPT.sub("", await page.content())
        finally:
            self._limit = None

    async def _until_quiet(self, page: playwright.Page) -> None:
        """Wait until the page has loaded, and its last answer is a while old."""
        left = QUIET
        while not self._failure and (left > 0 or self._open):
            await self._idle.wait()
            await page.evaluate(_COMPLETE, max(left, 0) * 1000)
            left = self._quiet_since + QUIET - asyncio.get_running_loop().time()

    async def _route(self, route: playwright.Route) -> None:
        """Answer one request of the page, unless the page is gone meanwhile."""
        from playwright.async_api import Error

        with suppress(Error):
            await self._reply(route)

    async def _reply(self, route: playwright.Route) -> None:
        """Answer one request; the document is there already, and no other takes its place."""
        kind = route.request.resource_type
        if kind == "document" and (document := self._document):
            self._document = None
            await _fulfil(route, document)
        elif kind == "stylesheet":  # an error would stop some scripts
            await route.fulfill(status=200, content_type="text/css", body="")
        elif kind in _ANSWERED and self._asked < MAX_REQUESTS:
            await self._answer(route)
        else:
            await route.abort("aborted")

    async def _answer(self, route: playwright.Route) -> None:
        """Fetch for the page; its time does not run meanwhile, for a host's turn may take long to come."""
        self._began()
        try:
            answer = await self._fetch(_asked(route.request))
            await (_fulfil(route, answer) if answer else route.abort("failed"))
        except RenderError as error:
            self._failure = self._failure or error
            await route.abort("failed")
        finally:
            self._ended()

    def _began(self) -> None:
        self._asked += 1
        self._open += 1
        self._idle.clear()
        self._limit_to(None)

    def _ended(self) -> None:
        self._open -= 1
        if not self._open:
            self._idle.set()
            self._quiet_since = asyncio.get_running_loop().time()
            self._limit_to(self._quiet_since + self._timeout)

    def _limit_to(self, when: float | None) -> None:
        if self._limit and not self._limit.expired():
            self._limit.reschedule(when)


def _asked(request: playwright.Request) -> Asked:
    return Asked(
        url=request.url,
        method=request.method,
        headers={name: value for name, value in request.headers.items() if not _OURS_TO_SAY.match(name)},
        body=request.post_data_buffer or b"",
        is_script=request.resource_type == "script",
    )


async def _fulfil(route: playwright.Route, answer: Answer) -> None:
    headers = {name: value for name, value in answer.headers.items() if name.lower() not in _OF_THE_WIRE}
    await route.fulfill(status=answer.status, headers=headers, body=answer.body)
