"""The download handler: every request takes its turn at the host and goes to an allowed address only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler, _ClientResponse
from scrapy.core.downloader.handlers._base_streaming import BaseStreamingDownloadHandler
from scrapy.exceptions import DownloadCancelledError
from scrapy.utils.httpobj import urlparse_cached

from orebro_spiders.politeness import AddressGuard, host_turns
from orebro_spiders.reading.urls import host_of

if TYPE_CHECKING:
    import socket

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

DEFAULT_PORTS = {"http": 80, "https": 443}
_OURS_TO_SAY = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")


class PoliteDownloadHandler(AiohttpDownloadHandler):
    """Scrapy's aiohttp handler with manners.

    It is marked experimental in Scrapy 2.19; its version is locked, and the beds run on it. Its own `__init__` is
    left out: it takes no resolver, and loads the certificates of the system anew for every source (30 ms each).
    """

    experimental = False
    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        BaseStreamingDownloadHandler.__init__(self, crawler)
        self._delay: float = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._guard = AddressGuard.of(crawler.settings.getlist("ALLOW_PRIVATE"))
        # True stands for the one context that aiohttp makes when it is loaded: certificates are verified.
        self._ssl_context = crawler.settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")  # type: ignore[assignment]
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=GuardedResolver(ThreadedResolver(), self._guard)),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            response_class=_ClientResponse,
            skip_auto_headers=_OURS_TO_SAY,
        )

    async def download_request(self, request: Request) -> Response:
        """Fetch, when the host's turn comes. Raises Scrapy's download errors."""
        parts = urlparse_cached(request)
        port = parts.port or DEFAULT_PORTS[parts.scheme]
        if not self._guard.allows_host(parts.hostname or "", port):
            raise DownloadCancelledError(f"{parts.netloc} is a private address that is not in allow_private")
        async with host_turns().turn(host_of(request.url), self._delay):
            return await super().download_request(request)


class GuardedResolver(AbstractResolver):
    """Resolves names, and refuses those that lead to an address nobody allowed."""

    def __init__(self, inner: AbstractResolver, guard: AddressGuard) -> None:
        self._inner = inner
        self._guard = guard

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily | int = 0) -> list[ResolveResult]:
        """The addresses of `host`; `OSError` when one of them is private and not listed."""
        found = await self._inner.resolve(host, port, family)  # type: ignore[arg-type]
        if not self._guard.is_listed(host, port):
            for entry in found:
                if not self._guard.allows_address(entry["host"], port):
                    raise OSError(f"{host} leads to the private address {entry['host']}")
        return found

    async def close(self) -> None:
        """Close the resolver behind."""
        await self._inner.close()
