"""The scout: looks at a site that is no source yet and finds the ways into it. It reads no articles."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urljoin

from protego import Protego
from scrapy import Request

from orebro_spiders.archive import fetches
from orebro_spiders.middlewares import DOWNLOAD_ERRORS
from orebro_spiders.reading.discovery import (
    USUAL_FEEDS,
    USUAL_SITEMAPS,
    Document,
    Finding,
    FoundFeed,
    Link,
    found_feed,
    found_itself,
    is_of_site,
    is_sitemap,
    read_document,
    wrong_lead,
)
from orebro_spiders.reading.json_fields import read_json
from orebro_spiders.reading.urls import host_of
from orebro_spiders.spiders.platform import Platform, charset_of

if TYPE_CHECKING:
    from scrapy.http import Response


class Scout(Platform):
    """Asks for one page and, where it is one of a site that nobody knows, for the usual addresses of ways in."""

    finding: Finding | None = None
    body = b""
    """The page, as it came."""
    site = ""
    """The address of the page, after redirects."""
    known_hosts: ClassVar[bool] = False
    """Is the site one of a platform's own hosts? Then nothing has to be guessed."""

    async def start(self) -> AsyncIterator[Request]:
        """The page itself."""
        yield self.ask(self.source.url, self.parse_first, remember=False, walk=False)

    async def parse_first(self, response: Response) -> None:
        """The page, then what it declares and what sites usually have."""
        headers = [value.decode("latin-1") for value in response.headers.getlist("Link")]
        document = read_document(response.body, response.url, headers, charset_of(response))
        self.site, self.body = document.url, response.body
        if document.shape != "page":
            self.finding = found_itself(document, response.body, datetime.now(UTC))
        elif document.is_article:
            self.finding = Finding(document=document, rest=document.rest)
        else:
            self.finding = await self._explore(document)

    async def _explore(self, document: Document) -> Finding:
        finding = Finding(document=document)
        if not self.known_hosts:
            finding = await self._with_rest(finding)
        finding = replace(finding, feeds=await self._feeds(finding))
        return replace(finding, sitemaps=await self._sitemaps(finding))

    # REST

    async def _with_rest(self, finding: Finding) -> Finding:
        """WordPress's API, when what answers there says that it is one."""
        root = finding.document.rest or urljoin(finding.document.home, "wp-json/")
        if not is_of_site(root, finding.document.url):
            return finding
        response = await self._look(f"{root}{'&' if '?' in root else '?'}_fields=name,home,namespaces")
        index = _json_object(response)
        if "wp/v2" not in (index.get("namespaces") or ()):
            return finding
        home = str(index.get("home") or "").rstrip("/") + "/"
        home = home if is_of_site(home, finding.document.url) else finding.document.home
        return replace(finding, rest=root, rest_home=home, name=str(index.get("name") or ""))

    # Feeds

    async def _feeds(self, finding: Finding) -> tuple[FoundFeed, ...]:
        """The declared feeds, and when none of them brings news, what lies at the usual addresses."""
        document = finding.document
        found = await self._usable(document.feeds, document)
        if any(feed.is_usable for feed in found) or finding.rest or self.known_hosts:
            return found
        guesses = (Link(url=urljoin(document.home, path)) for path in USUAL_FEEDS)
        guessed = await self._usable([link for link in guesses if link not in document.feeds], document)
        return (*found, *(feed for feed in guessed if feed.entries))

    async def _usable(self, links: Iterable[Link], document: Document) -> tuple[FoundFeed, ...]:
        """The feeds, looked at until one brings news."""
        found: list[FoundFeed] = []
        for link in links:
            if problem := wrong_lead(link, document.url):
                found.append(FoundFeed(url=link.url, title=link.title, problem=problem))
            elif not any(feed.is_usable for feed in found):
                found.append(_feed_in(await self._look(link.url), link))
        return tuple(found)

    # Sitemaps

    async def _sitemaps(self, finding: Finding) -> tuple[str, ...]:
        """The sitemaps that robots.txt names; looked for, and looked at, only where there is nothing better."""
        document = finding.document
        robots = fetches.host_of(self.db, host_of(document.url)).robots or ""
        declared = [url for url in Protego.parse(robots).sitemaps if is_of_site(url, document.url)]
        if finding.rest or finding.feed or self.known_hosts:
            return tuple(declared)
        for url in [*declared, *(urljoin(document.home, path) for path in USUAL_SITEMAPS)]:
            response = await self._look(url)
            if response is not None and is_sitemap(response.body):
                return (response.url,)
        return ()

    # Asking

    async def _look(self, url: str) -> Response | None:
        """The answer at an address where something may be; `None` when there is nothing to be had."""
        assert self.crawler.engine is not None
        try:
            response = await self.crawler.engine.download_async(Request(url, meta={"remember": False}))
        except DOWNLOAD_ERRORS as error:
            self.logger.info("%s: %s", url, error)
            return None
        return response if response.status == 200 and is_of_site(response.url, self.site) else None


def _feed_in(response: Response | None, link: Link) -> FoundFeed:
    if response is None:
        return FoundFeed(url=link.url, title=link.title, problem="no answer")
    return found_feed(response.body, link, datetime.now(UTC))


def _json_object(response: Response | None) -> dict[str, Any]:
    said = read_json(response.body) if response is not None else None
    return said if isinstance(said, dict) else {}
