"""The download handler: every request takes its turn at the host and goes to an allowed address only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp.abc import AbstractResolver, ResolveResult
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler
from scrapy.exceptions import DownloadCancelledError
from scrapy.utils.httpobj import urlparse_cached

from orebro_spiders.politeness import AddressGuard, host_turns
from orebro_spiders.reading.urls import host_of

if TYPE_CHECKING:
    import socket

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

_DEFAULT_PORTS = {"http": 80, "https": 443}


class PoliteDownloadHandler(AiohttpDownloadHandler):
    """Scrapy's aiohttp handler with manners.

    It is marked experimental in Scrapy 2.19; its version is locked, and the beds run on it.
    """

    experimental = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._delay: float = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._guard = AddressGuard.of(crawler.settings.getlist("ALLOW_PRIVATE"))
        # The connector takes a resolver only when it is made, which Scrapy does; there is no public way in.
        connector: Any = self._session.connector
        connector._resolver = GuardedResolver(connector._resolver, self._guard)

    async def download_request(self, request: Request) -> Response:
        """Fetch, when the host's turn comes. Raises Scrapy's download errors."""
        parts = urlparse_cached(request)
        port = parts.port or _DEFAULT_PORTS[parts.scheme]
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
