"""Any feed: RSS, RDF, Atom, JSON Feed; with `follow` also the pages that it links to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Request

from orebro_spiders.archive.articles import has_text
from orebro_spiders.items import Article
from orebro_spiders.reading.discovery import Finding
from orebro_spiders.reading.extraction import read_article
from orebro_spiders.reading.feeds import Feed, NotAFeedError, read_feed
from orebro_spiders.reading.marks import Keys, Marks
from orebro_spiders.spiders.platform import Platform, charset_of, is_unchanged

if TYPE_CHECKING:
    from scrapy.http import Response


class FeedSpider(Platform):
    """Reads a source's feed."""

    rungs: ClassVar[tuple[str, ...]] = ("feed",)

    def enter_feed(self) -> Iterator[Request]:
        """The feed itself."""
        yield self.ask_way_in(self.source.url, self.parse_feed)

    def parse_feed(self, response: Response) -> Iterator[Any]:
        """The feed's articles, and their pages where the source asks for them."""
        if is_unchanged(response):
            self.entered()
            return
        feed = self.feed_of(response)
        if feed is None:
            return
        yield from feed.articles if not self.source.follow else self.follow(feed)
        if not feed.is_cut:
            yield from self.vanished(feed.articles)

    def feed_of(self, response: Response) -> Feed | None:
        """The feed that an answer holds; none, with a line in the crawl log, when it is not one."""
        try:
            feed = read_feed(response.body, response.url, datetime.now(UTC))
        except NotAFeedError as error:
            self.distrust(response, str(error))
            return None
        self.entered()
        if feed.ttl:
            self.cursor["ttl"] = feed.ttl
        elif "ttl" in self.cursor:
            del self.cursor["ttl"]
        if feed.is_cut:
            self.distrust(response, "it ends in the middle; its whole entries are kept")
        elif not feed.articles:
            self.found_nothing(response.url)
        return feed

    def follow(self, feed: Feed) -> Iterator[Any]:
        """The articles as the feed tells them, then the pages of those whose text it leaves out."""
        cut = [article for article in feed.articles if not article.text]
        yield from (article for article in feed.articles if article.text)
        yield from (replace(article, teaser=True) for article in cut)
        links = (article.url for article in cut if article.url.startswith("http"))
        yield from self.pages(link for link in links if not has_text(self.db, link))

    def parse_page(self, response: Response) -> Iterator[Any]:
        """The article on its own page; a page without text is a line in the crawl log."""
        article = self.read_page(response)
        if article.text:
            yield article
        else:
            self.problem(response.url, "no text could be read from the page")

    def read_page(self, response: Response) -> Article:
        """What a page says, under the address that the article is known by."""
        article = read_article(response.body, response.url, datetime.now(UTC), charset=charset_of(response))
        return article.at(self.asked_for(response))


def feed_keys(finding: Finding) -> Keys | None:
    """The site's feed; its pages too, where it holds the text of less than half of its articles."""
    feed = finding.feed
    if feed is None:
        return None
    return {"url": feed.url} | ({"follow": True} if feed.with_text * 2 < feed.entries else {})


SPIDER = FeedSpider
MARKS = Marks(any_site=20, keys=feed_keys)
