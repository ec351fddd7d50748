"""Between spiders and the network: pauses, robots.txt, conditional requests, and where a page's output ends."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request, Spider
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http.request import NO_CALLBACK

from orebro_spiders.archive import fetches
from orebro_spiders.crawlpart import CrawlPart
from orebro_spiders.items import Article, Fetch, PageRead
from orebro_spiders.politeness import LONGEST_WAIT, host_turns, retry_after
from orebro_spiders.reading.challenges import challenge_in
from orebro_spiders.reading.urls import host_of
from orebro_spiders.refusals import ChallengeError, ForbiddenError, HostPausedError, RobotsError

if TYPE_CHECKING:
    from scrapy.http import Response


UNASKED_PAUSE = timedelta(minutes=15)
"""How long a host is left alone after a 429 that does not say how long."""
ROBOTS_LIFE = timedelta(hours=24)
"""RFC 9309, section 2.4: a robots.txt should not be used for longer than this."""
ROBOTS_SIZE = 500 * 1024
"""RFC 9309, section 2.5: at least this much of it is read; we read no more."""
MAY_CHALLENGE = frozenset({200, 202, 401, 403, 503})
DOWNLOAD_ERRORS = (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    OSError,
    ResponseDataLossError,
)


class PauseMiddleware(CrawlPart):
    """Retry-After and 429, remembered for each host across runs."""

    def process_request(self, request: Request) -> None:
        """Refuse to ask a host that wants to be left alone for longer than a run can wait."""
        host, pauses = host_of(request.url), host_turns().pauses
        if host not in pauses:
            pauses[host] = fetches.pause_of(self.spider.db, host)
        if (pause := pauses[host]) is None:
            return
        until, reason = pause
        left = (until - datetime.now(UTC)).total_seconds()
        if 0 < left <= LONGEST_WAIT:
            host_turns().rest(host, left)
        elif left > 0:
            raise HostPausedError(f"left alone until {until:%Y-%m-%d %H:%M} UTC ({reason})")

    def process_response(self, request: Request, response: Response) -> Response | Request:
        """Remember a pause that the answer asks for; ask again in this run when it is a short one."""
        if response.status not in {429, 503}:
            return response
        now = datetime.now(UTC)
        stated = retry_after(header(response, "Retry-After"), now)
        pause = stated if stated is not None else UNASKED_PAUSE if response.status == 429 else None
        if pause is None:
            return response
        host = host_of(request.url)
        pause = min(pause, fetches.LONGEST_PAUSE)
        if pause.total_seconds() <= LONGEST_WAIT:
            host_turns().rest(host, pause.total_seconds())
            if again := get_retry_request(request, spider=self.spider, reason="retry-after"):
                return again
        until, reason = now + pause, f"status {response.status}"
        host_turns().pauses[host] = until, reason
        fetches.pause_host(self.spider.db, host, until, reason)
        return response


class RobotsMiddleware(CrawlPart):
    """The Robots Exclusion Protocol (RFC 9309), with each host's file kept for a day."""

    async def process_request(self, request: Request) -> None:
        """Refuse what the host's robots.txt forbids to us."""
        if request.meta.get("robots"):
            return
        host = host_of(request.url)
        asked = host_turns().robots
        if host not in asked:
            asked[host] = asyncio.ensure_future(self._rules(request))
        rules: Protego | str = await asyncio.shield(asked[host])
        if isinstance(rules, str):
            raise RobotsError(f"robots.txt cannot be read ({rules}), so nothing may be asked for")
        agent = self.crawler.settings["USER_AGENT"]
        if not rules.can_fetch(request.url, agent):
            raise ForbiddenError("robots.txt forbids it")
        host_turns().slow_down(host, rules.crawl_delay(agent) or 0)

    async def _rules(self, request: Request) -> Protego | str:
        """The host's rules, from the archive or the host; else why they cannot be known (RFC 9309, 2.3.1.4)."""
        host, now = host_of(request.url), datetime.now(UTC)
        kept = fetches.host_of(self.spider.db, host)
        if kept.robots is not None and kept.robots_at and now - kept.robots_at < ROBOTS_LIFE:
            return Protego.parse(kept.robots)
        try:
            response = await self.crawler.engine.download_async(_robots_request(request.url))
        except DOWNLOAD_ERRORS as error:
            return str(error)
        if response.status >= 500 or response.status == 429:
            return f"answered {response.status}"
        has_rules = response.status < 300  # else there is none, which allows everything (RFC 9309, 2.3.1.3)
        text = response.body[:ROBOTS_SIZE].decode("utf-8-sig", "replace") if has_rules else ""
        fetches.store_robots(self.spider.db, host, text, response.status, now)
        return Protego.parse(text)


def _robots_request(url: str) -> Request:
    parts = urlsplit(url)
    return Request(
        f"{parts.scheme}://{parts.netloc}/robots.txt",
        callback=NO_CALLBACK,
        meta={"robots": True, "remember": False, "dont_retry": True, "download_slot": "robots"},
    )


class CompleteMiddleware(HttpCompressionMiddleware):
    """Unpacks answers, and refuses a gzip stream that was cut."""

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Response | Request:
        """The plain answer. The last four bytes of a gzip member are its plain length (RFC 1952, section 2.3.1)."""
        is_gzip = header(response, "Content-Encoding").strip().lower() in {"gzip", "x-gzip"}
        plain = super().process_response(request, response)
        if is_gzip and int.from_bytes(response.body[-4:], "little") != len(plain.body) % 2**32:
            raise IgnoreRequest("the compressed answer is cut")
        return plain


class ChallengeMiddleware(CrawlPart):
    """Keeps pages that ask for a human from being taken for news, or for the end of news."""

    def process_response(self, request: Request, response: Response) -> Response:
        """The answer; `ChallengeError` when it is none."""
        is_page = "html" in header(response, "Content-Type").lower()
        if is_page and response.status in MAY_CHALLENGE and (who := challenge_in(response.body)):
            self.spider.crawl_log.challenges += 1
            raise ChallengeError(f"the answer is a challenge ({who}), not news; `headers` or `user_agent` may help")
        return response


class ProxyMiddleware(CrawlPart):
    """Sends a source's requests through the proxy that its settings name."""

    def process_request(self, request: Request) -> None:
        """Name the proxy for `HttpProxyMiddleware`."""
        if proxy := self.spider.source.proxy:
            request.meta.setdefault("proxy", proxy)


class ConditionalMiddleware(CrawlPart):
    """Asks "has it changed?" with what the last complete reading of an address left in the archive."""

    def process_request(self, request: Request) -> None:
        """Send the validators, an entity tag without its `W/` mark.

        If-None-Match compares weakly (RFC 9110, section 13.1.2), and WordPress behind a compressing proxy
        knows only the strong form.
        """
        for name in ("If-None-Match", "If-Modified-Since"):  # those of an address that redirected here
            request.headers.pop(name, None)
        request.meta.pop("fetch", None)
        if not request.meta.get("remember", True):
            return
        known = fetches.fetch_of(self.spider.db, request.url)
        request.meta["known"] = known
        if self.spider.source.javascript:  # what its server says of a page says nothing of what scripts put into it
            return
        if known and known.etag:
            request.headers["If-None-Match"] = known.etag.removeprefix("W/")
        if known and known.last_modified:
            request.headers["If-Modified-Since"] = known.last_modified

    def process_response(self, request: Request, response: Response) -> Response:
        """Flag an answer that says nothing new; note what is to be remembered of one that does."""
        known: Fetch | None = request.meta.get("known")
        if response.status == 304:
            if known is None:
                raise IgnoreRequest("answered 304 to an unconditional request")
            response.flags.append("unchanged")
            self.spider.crawl_log.unchanged += 1
        elif response.status == 200 and request.meta.get("remember", True):
            fetch = _fetch_of(request.url, response)
            request.meta["fetch"] = fetch
            if known and known.body_hash == fetch.body_hash:
                response.flags.append("unchanged")
                self.spider.crawl_log.unchanged += 1
        return response


def _fetch_of(url: str, response: Response) -> Fetch:
    return Fetch(
        url=url,
        etag=header(response, "ETag") or None,
        last_modified=header(response, "Last-Modified") or None,
        body_hash=hashlib.sha256(response.body).hexdigest()[:32],
    )


def header(response: Response, name: str) -> str:
    """A header of an answer as text; empty when it has none of that name."""
    return (response.headers.get(name) or b"").decode("latin-1")


class PageMiddleware(CrawlPart):
    """Marks each article with the page that it was read from, and closes the page with a `PageRead`."""

    async def process_spider_output(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """The callback's output, then the end of the page with what its reading leaves behind."""
        wanted: list[str] = []
        async for output in result:
            if isinstance(output, Article):
                yield replace(output, read_from=response.url)
                continue
            if isinstance(output, Request) and output.meta.get("wanted"):
                wanted.append(output.url)
            yield output
        yield PageRead(
            url=response.url,
            source=self.spider.name,
            fetch=None if "unchanged" in response.flags else response.meta.get("fetch"),
            done=tuple(response.meta.get("redirect_urls", ())),
            wanted=tuple(wanted),
            cursor=self.spider.cursor_text() if response.meta.get("walk") else None,
        )
