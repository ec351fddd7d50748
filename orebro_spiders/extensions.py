"""The crawl log: one row per source and run, written when the spider closes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrapy import signals

from orebro_spiders.archive.crawls import store_crawl, verdict_of
from orebro_spiders.archive.rhythm import next_crawl
from orebro_spiders.middlewares import header
from orebro_spiders.politeness import fresh_for
from orebro_spiders.reading.urls import host_of

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from orebro_spiders.spiders.platform import Platform


class CrawlLog:
    """Counts what a crawl asked for and got, and says in one line what went wrong."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        crawler.signals.connect(self.response_downloaded, signal=signals.response_downloaded)
        crawler.signals.connect(self.spider_error, signal=signals.spider_error)
        crawler.signals.connect(self.item_error, signal=signals.item_error)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CrawlLog:
        """Scrapy's way of making one."""
        return cls(crawler)

    def response_downloaded(self, response: Response, request: Request, spider: Platform) -> None:
        """An answer came over the wire (robots.txt counts too)."""
        spider.crawl_log.requests += 1
        spider.crawl_log.bytes += len(response.body)
        if request.meta.get("way_in") and not spider.source.javascript:  # else it speaks of a page without its news
            control, age, expires = (header(response, name) for name in ("Cache-Control", "Age", "Expires"))
            fresh = fresh_for(datetime.now(UTC), cache_control=control, age=age, expires=expires)
            spider.fresh_for = max(spider.fresh_for, fresh)

    def spider_error(self, failure: Failure, response: Response, spider: Platform) -> None:
        """A callback raised: our own fault, and its page is read again next time."""
        spider.problem(response.url, f"could not be read: {failure.value!r}")
        spider.broken = True

    def item_error(self, item: object, spider: Platform, failure: Failure) -> None:
        """A pipeline raised (a full disk, say): nothing of the page is stored, and it is read again next time."""
        address = getattr(item, "read_from", "") or getattr(item, "url", "")
        spider.problem(address, f"could not be stored: {failure.value!r}")
        spider.broken = True

    def spider_closed(self, spider: Platform, reason: str) -> None:
        """Write the row."""
        log = spider.crawl_log
        log.finished_at = datetime.now(UTC)
        log.seconds = round((log.finished_at - log.started_at).total_seconds(), 3)
        log.verdict = verdict_of(
            log,
            is_stopped=reason != "finished",
            is_waiting=spider.is_waiting,
            is_broken=spider.broken or not spider.has_entered,
        )
        log.due_at = next_crawl(spider.db, log, host_of(spider.source.url), spider.fresh_for)
        store_crawl(spider.db, log)
