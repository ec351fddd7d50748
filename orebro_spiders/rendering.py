"""Sources whose pages are put together by scripts (`javascript = true`): the browser stands in for the reader's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import Request, signals
from scrapy.exceptions import (
    DownloadCancelledError,
    DownloadFailedError,
    DownloadTimeoutError,
    UnsupportedURLSchemeError,
)
from scrapy.http import HtmlResponse
from scrapy.http.request import NO_CALLBACK

from orebro_spiders.browser import MAX_KEPT, Answer, Asked, RenderError, shared_browser
from orebro_spiders.crawlpart import CrawlPart
from orebro_spiders.middlewares import DOWNLOAD_ERRORS, header
from orebro_spiders.reading.urls import host_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

_OF_THE_SHELL = ("ETag", "Last-Modified", "Cache-Control", "Expires", "Age")


class RenderMiddleware(CrawlPart):
    """Lets the browser run the scripts of each page that came as HTML.

    The page itself has been fetched as every other one. What its scripts ask for is fetched by the crawl too, as
    requests of its own: so pauses, robots.txt, turns, proxy, redirects, limits and forbidden addresses need no second
    home, and the browser no network.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._browser = shared_browser()
        self._browser.share()
        self._scripts: dict[str, Answer] = {}
        crawler.signals.connect(self._browser.leave, signal=signals.engine_stopped)

    async def process_response(self, request: Request, response: Response) -> Response:
        """The page as readers see it; anything else as it is. Raises Scrapy's download errors."""
        is_page = "html" in header(response, "Content-Type").lower()
        if request.callback is NO_CALLBACK or response.status != 200 or not is_page:
            return response
        settings = self.crawler.settings

        async def fetch(asked: Asked) -> Answer | None:
            return await self._fetch(asked, host_of(response.url))

        try:
            page = await self._browser.render(
                response.url,
                _answer(response),
                fetch,
                user_agent=settings["USER_AGENT"],
                timeout=settings.getfloat("DOWNLOAD_TIMEOUT"),
                chromium=self.spider.config.http.chromium,
            )
        except TimeoutError as error:
            limit = settings.getfloat("DOWNLOAD_TIMEOUT")
            raise DownloadTimeoutError(f"its scripts took longer than {limit:g} seconds") from error
        except RenderError as error:
            raise DownloadFailedError(str(error)) from error
        return self._rendered(response, page)

    def _rendered(self, response: Response, page: str) -> Response:
        """The answer with the page in it, and nothing that its server says of the empty one."""
        body, limit = page.encode(errors="replace"), self.crawler.settings.getint("DOWNLOAD_MAXSIZE")
        if len(body) > limit:
            raise DownloadCancelledError(f"its scripts made a page of {len(body)} bytes, which is more than {limit}")
        headers = response.headers.copy()
        for name in _OF_THE_SHELL:
            headers.pop(name, None)
        headers["Content-Type"] = "text/html; charset=utf-8"
        return response.replace(cls=HtmlResponse, headers=headers, body=body, encoding="utf-8")

    async def _fetch(self, asked: Asked, host: str) -> Answer | None:
        """What a script asks for. A failure at the page's own host is the page's; elsewhere it is a tracker's, say."""
        if asked.url in self._scripts:
            return self._scripts[asked.url]
        is_own = host_of(asked.url) == host
        try:
            response = await self.crawler.engine.download_async(self._request(asked, is_own=is_own))
        except (*DOWNLOAD_ERRORS, UnsupportedURLSchemeError, ValueError) as error:
            self._refused(asked, str(error), is_own=is_own)
            return None
        if response.status >= 500 or response.status == 429:
            self._refused(asked, f"answered {response.status}", is_own=is_own)
            return None
        answer = _answer(response)
        if asked.is_script and response.status == 200 and len(self._scripts) < MAX_KEPT:
            self._scripts[asked.url] = answer
        return answer

    def _refused(self, asked: Asked, why: str, *, is_own: bool) -> None:
        if is_own:
            raise RenderError(f"its scripts need {asked.url}: {why}")
        self.spider.logger.info("%s: a script asks for %s: %s", self.spider.name, asked.url, why)

    def _request(self, asked: Asked, *, is_own: bool) -> Request:
        """The request of a script; headers of the source are for its own host."""
        headers = {} if is_own else dict.fromkeys(self.spider.source.headers)
        return Request(
            asked.url,
            method=asked.method,
            headers=headers | dict(asked.headers),
            body=asked.body,
            callback=NO_CALLBACK,
            meta={"remember": False},
        )


def _answer(response: Response) -> Answer:
    headers = {
        name.decode("latin-1"): b", ".join(values).decode("latin-1") for name, values in response.headers.items()
    }
    return Answer(response.status, headers, response.body)
