"""What our middlewares and pipelines have in common: the spider that they serve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, cast

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from orebro_spiders.spiders.platform import Platform


class CrawlPart:
    """A part of one source's crawl."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way of making one."""
        return cls(crawler)

    @property
    def spider(self) -> Platform:
        """The spider of the crawl."""
        return cast("Platform", self.crawler.spider)
