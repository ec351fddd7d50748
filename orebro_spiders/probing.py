"""Trying a site that is no source yet: find the ways in, then crawl a little by the spiders and pipelines of any run.

What is read goes to an archive in memory; nothing is left behind.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, cast
from urllib.parse import urlsplit

import msgspec
from scrapy import Request
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse

from orebro_spiders.archive import fetches
from orebro_spiders.archive.articles import select
from orebro_spiders.archive.crawls import Problem
from orebro_spiders.archive.database import open_archive
from orebro_spiders.crawlpart import CrawlPart
from orebro_spiders.errors import ConfigError, ProbeError
from orebro_spiders.findings import Probe
from orebro_spiders.handlers import DEFAULT_PORTS
from orebro_spiders.politeness import AddressGuard
from orebro_spiders.reading.discovery import Document, Finding, found_itself, read_document, same_source
from orebro_spiders.reading.marks import SIGN, Keys, Marks, is_hosted, name_of, ranked, strength
from orebro_spiders.sharedsettings import SharedSettings
from orebro_spiders.sources import PLATFORMS, Config, Source, source_of
from orebro_spiders.spiderloader import platform_module, spider_class
from orebro_spiders.spiders.platform import Platform
from orebro_spiders.spiders.scout import Scout

if TYPE_CHECKING:
    from scrapy.http import Response
    from sqlite_utils import Database

SAMPLE = 10
"""How many articles' pages a trial reads."""


# Probing


def probe(config: Config, url: str, *, name: str = "", archive: Database | None = None) -> Probe:
    """Find out how a site would be read, and read a little of it; of an article's page, the article.

    `name` is the source's, else its host's. Hosts that are known by the `archive` to want a pause get it. Raises
    `ProbeError` when nothing can be read, `ConfigError` when `url` is no address.
    """
    source_of(url, "url", {"title": url, "platform": PLATFORMS[0], "url": url, "name": "probe"})
    _refuse_private(config, url)
    return asyncio.run(_probe(config, url, name, archive))


def probe_file(config: Config, body: bytes, url: str, *, name: str = "") -> Probe:
    """The same of a page or feed on disk; `url` is its address, which may be left out when the page states it."""
    document = read_document(body, url)
    address = url or document.address
    if not address:
        raise ConfigError("the page does not say its own address; state it with --url")
    document = read_document(body, address)
    return asyncio.run(_probe_file(config, AtHand.holding(body), document, name))


async def _probe(config: Config, url: str, name: str, archive: Database | None) -> Probe:
    db = open_archive(None)
    if archive:
        fetches.take_over_hosts(db, archive)
    try:
        finding, body = await _scouted(config, url, db)
        if finding.document.is_article:
            return await _probe_page(config, finding, name, AtHand.holding(body))
        return await _probe_site(config, finding, name, db)
    finally:
        db.close()


async def _probe_file(config: Config, held: type[AtHand], document: Document, name: str) -> Probe:
    if document.shape == "page":
        return await _probe_page(config, Finding(document=document), name, held)
    return await _probe_site(config, found_itself(document, held.body, datetime.now(UTC)), name, None, held)


async def _scouted(config: Config, url: str, db: Database) -> tuple[Finding, bytes]:
    """What the scout finds, and the page; `ProbeError` when it cannot be had or is none."""
    source = Source(name="probe", title=url, platform="", url=url)
    scout_class = type("Scout", (Scout,), {"known_hosts": any(is_hosted(marks, url) for marks in all_marks().values())})
    scout = cast("Scout", await _crawled(config, source, scout_class, db))
    if scout.finding is None:
        raise ProbeError(_first_problem(scout.crawl_log.problems, url))
    if scout.finding.document.shape == "other" and not scout.finding.feed:
        raise ProbeError(f"{scout.finding.document.url}: neither a page nor a feed")
    return replace(scout.finding, requests=scout.crawl_log.requests), scout.body


async def _probe_site(
    config: Config, finding: Finding, name: str, scouted: Database | None, *mixins: type[Platform]
) -> Probe:
    """Try the platforms that the finding speaks for, until one reads articles; `scouted` knows the hosts."""
    problems: list[Problem] = []
    platforms = all_marks()
    for platform, keys in ranked(platforms, finding):
        source = _source(config, finding, platform, keys, name)
        probed = await _tried(config, finding, source, scouted, Sample, *mixins)
        if probed.articles:
            return probed
        if finding.feed or strength(platforms[platform], finding) >= SIGN:  # else it was a try in the dark
            problems += probed.crawl.problems
        if probed.crawl.verdict == "waiting":
            break
    if problems:
        raise ProbeError(_first_problem(problems, finding.document.url))
    if finding.document.shape == "xml":
        raise ProbeError(f"{finding.document.url}: a feed that brings no news: {finding.feeds[0].problem}")
    raise ProbeError(
        f"{finding.document.url}: nothing to read was found: no feed, no API, no list of news that is known"
    )


async def _probe_page(config: Config, finding: Finding, name: str, held: type[AtHand]) -> Probe:
    """Read one article, which is at hand, by the markup of its platform."""
    marks = {platform: marks for platform, marks in all_marks().items() if _reads_pages(platform)}
    platforms = [platform for platform, _ in ranked(marks, finding)]
    keys = {"url": finding.document.url}
    source = _source(config, finding, next(iter(platforms), "feed"), keys, name)
    probed = await _tried(config, finding, source, None, OnePage, held)
    if not probed.articles:
        raise ProbeError(_first_problem(probed.crawl.problems, finding.document.url))
    return probed


async def _tried(
    config: Config, finding: Finding, source: Source, scouted: Database | None, *mixins: type[Platform]
) -> Probe:
    """What a trial of the source reads."""
    platform: type[Platform] = platform_module(source.platform).SPIDER
    is_online = not any(issubclass(mixin, AtHand) for mixin in mixins)
    trial = msgspec.structs.replace(source, backlog=SAMPLE, every=0, follow=source.follow and is_online)
    db = open_archive(None)
    if scouted:
        fetches.take_over_hosts(db, scouted)
    try:
        spider = await _crawled(config, trial, type("Trial", (*mixins[::-1], platform), {}), db)
        articles = tuple(select(db, "gone_at is null order by published desc, pk"))
    finally:
        db.close()
    ladder = () if OnePage in mixins else platform.rungs
    return Probe(finding=finding, source=source, ladder=ladder, crawl=spider.crawl_log, articles=articles)


async def _crawled(config: Config, source: Source, platform: type[Platform], db: Database) -> Platform:
    """The spider, after its crawl. All of a probe happens in one event loop, so that hosts get their pauses."""
    settings = SharedSettings.of_project()
    if issubclass(platform, AtHand):
        settings["DOWNLOADER_MIDDLEWARES"]["orebro_spiders.probing.AtHandMiddleware"] = 10
    runner = AsyncCrawlerRunner(settings)
    crawler = runner.create_crawler(spider_class(config, source, platform))
    await runner.crawl(crawler, db=db)
    return cast("Platform", crawler.spider)


class Sample(Platform):
    """A spider that reads the pages of a few articles only."""

    _left = SAMPLE

    def pages(self, urls: Iterable[str]) -> Iterator[Request]:
        """The first few of them."""
        for request in super().pages(urls):
            if self._left <= 0:
                return
            self._left -= 1
            yield request


class OnePage(Platform):
    """A spider that reads one article's page, which is its source's address."""

    async def start(self) -> AsyncIterator[Request]:
        """The page."""
        for request in self.pages([self.source.url]):
            yield request


class AtHand(Platform):
    """A spider whose source's address is answered by what is at hand, and everything else not at all."""

    body: ClassVar[bytes] = b""

    @classmethod
    def holding(cls, body: bytes) -> type[AtHand]:
        """Such a spider for a document's bytes."""
        return type("AtHand", (cls,), {"body": body})


class AtHandMiddleware(CrawlPart):
    """Answers with what is at hand."""

    def process_request(self, request: Request) -> Response:
        """The document, under the address of the source."""
        spider = cast("AtHand", self.spider)
        if request.url != Request(spider.source.url).url:
            raise IgnoreRequest("only what is at hand is read")
        return HtmlResponse(request.url, body=spider.body, encoding="utf-8")


# Sources


def all_marks() -> dict[str, Marks]:
    """The marks of the platforms, of those that state any."""
    modules = {platform: platform_module(platform) for platform in PLATFORMS}
    return {platform: module.MARKS for platform, module in modules.items() if hasattr(module, "MARKS")}


def known_source(config: Config, source: Source) -> Source | None:
    """The enabled source that starts where this one does."""
    return next((known for known in config.enabled if same_source(known.url, source.url)), None)


def _reads_pages(platform: str) -> bool:
    return platform_module(platform).SPIDER.parse_page is not Platform.parse_page


def _source(config: Config, finding: Finding, platform: str, keys: Keys, name: str) -> Source:
    """The source that these keys describe; what they leave open is what the site says of itself."""
    language = finding.document.language
    table = {"title": finding.title, "platform": platform, "language": language, **keys}
    hosted = is_hosted(all_marks()[platform], table["url"])
    table["name"] = name or _free_name(config, name_of(table["url"], is_hosted=hosted))
    return source_of(finding.document.url, table["name"], table)


def _free_name(config: Config, name: str) -> str:
    """The name, with a number when another source has it."""
    names = (name, *(f"{name}-{number}" for number in range(2, 1000)))
    return next(free for free in names if free not in config.sources)


# Errors


def _refuse_private(config: Config, url: str) -> None:
    parts = urlsplit(url)
    port = parts.port or DEFAULT_PORTS[parts.scheme]
    if not AddressGuard.of(config.http.allow_private).allows_host(parts.hostname or "", port):
        raise ProbeError(f"{url}: a private address; {_how_to_allow(url)}")


def _how_to_allow(url: str) -> str:
    parts = urlsplit(url)
    port = parts.port or DEFAULT_PORTS[parts.scheme]
    return f'to allow it, put allow_private = ["{parts.hostname}:{port}"] under [http] in orebro.toml'


def _first_problem(problems: list[Problem], url: str) -> str:
    if not problems:
        return f"{url}: nothing could be read"
    said = f"{problems[0].url}: {problems[0].problem}"
    return f"{said}; {_how_to_allow(problems[0].url)}" if "private address" in said else said
