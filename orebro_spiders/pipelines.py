"""What happens to an article between page and archive, one step a class; the order stands in `settings.py`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import DropItem

from orebro_spiders.archive.pages import store_missing, store_page
from orebro_spiders.crawlpart import CrawlPart
from orebro_spiders.items import Article, Missing, PageRead
from orebro_spiders.reading.places import places_in
from orebro_spiders.reading.text import cut_title, one_line
from orebro_spiders.reading.urls import canonical_url, slug_words

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class CleanPipeline(CrawlPart):
    """Canonical address, one-line title and names, where it happened, and what the source says of itself.

    What has no usable address is dropped, said aloud. Text and HTML come as they should be: readers make them so.
    """

    def process_item(self, item: Any) -> Any:
        """The article, clean. Raises `DropItem` when there is nothing that a reader could follow."""
        if not isinstance(item, Article):
            return item
        url = canonical_url(item.url)
        if not url:
            self.spider.problem(item.read_from, f"an item links to {item.url[:100]!r}, which is no web address")
            raise DropItem("no address", log_level="DEBUG")
        title = cut_title(one_line(item.title))
        if not title:
            self.spider.problem(url, "it has no headline; its address stands in for one")
            title = slug_words(url) or url
        source = self.spider.source
        summary = one_line(item.summary)
        return replace(
            item,
            source=source.name,
            kind=source.kind,
            language=source.language,
            municipalities=item.municipalities or self._municipalities(title, summary, item.text),
            url=url,
            title=title,
            summary=summary,
            image=canonical_url(item.image or "") or None,
            authors=_distinct(item.authors),
            categories=_distinct(item.categories),
        )

    def _municipalities(self, title: str, summary: str, text: str) -> tuple[str, ...]:
        """What an article's own words say that it is about; where they name no place, the municipality of its source.

        Nothing on a platform that says itself which municipality an article is about: then it is the whole county.
        """
        if self.spider.names_municipality:
            return ()
        named = tuple(place.municipality for place in places_in(title, summary, text))
        return named or ((self.spider.source.municipality,) if self.spider.source.municipality else ())


def _distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in map(one_line, names) if name))


class ArchivePipeline(CrawlPart):
    """Keeps a page's articles until the page ends, and stores all of it in one transaction."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._open: dict[str, list[Article]] = {}
        self._seen: set[str] = set()

    def process_item(self, item: Any) -> Any:
        """The article; the end of a page and a missing page are stored and go no further."""
        if isinstance(item, Article):
            self._open.setdefault(item.read_from, []).append(item)
            return item
        if isinstance(item, PageRead):
            self._store(item)
        elif isinstance(item, Missing) and store_missing(self.spider.db, item, datetime.now(UTC)):
            self.spider.crawl_log.gone += 1
        raise DropItem("stored", log_level="DEBUG")

    def close_spider(self) -> None:
        """Store what a callback gave before it failed; without validators, so that the page is read again."""
        for url in list(self._open):
            self._store(PageRead(url=url, source=self.spider.name))

    def _store(self, page: PageRead) -> None:
        log = self.spider.crawl_log
        articles = self._open.pop(page.url, [])
        tally = store_page(self.spider.db, page, articles, datetime.now(UTC), self.spider.config.authority)
        self._seen |= tally.present
        log.seen = len(self._seen)
        log.new += tally.new
        log.changed += tally.changed
        log.duplicates += tally.duplicates
