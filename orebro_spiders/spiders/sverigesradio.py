"""Local news of Sveriges Radio: by its open API (https://api.sr.se/api/documentation/v2/), else by the feed.

The host's robots.txt has been reported to allow the feeds only; the API then gives way to the feed by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urljoin

from scrapy import Request

from orebro_spiders.items import Article
from orebro_spiders.reading.discovery import Finding
from orebro_spiders.reading.feeds import Feed
from orebro_spiders.reading.json_fields import read_json
from orebro_spiders.reading.marks import Keys, Marks
from orebro_spiders.reading.radio import article_address, article_number, next_page, read_news, read_radio_page
from orebro_spiders.reading.selecting import select
from orebro_spiders.sources import number_in
from orebro_spiders.spiders.lists import ListSpider
from orebro_spiders.spiders.platform import charset_of, is_unchanged

if TYPE_CHECKING:
    from scrapy.http import Response


class SverigesRadioSpider(ListSpider):
    """Reads the news of one programme, whose number stands in the source's address."""

    rungs: ClassVar[tuple[str, ...]] = ("api", "feed")

    def enter_api(self) -> Iterator[Request]:
        """The newest page of the API; in a crawl that goes back to a day, where an earlier walk ended."""
        query = f"programid={self.source.number}&format=json"
        yield from self.walk_back("api", self.parse_news) or [
            self.ask_way_in(urljoin(self.source.url, f"/api/v2/news?{query}"), self.parse_news, page=1)
        ]

    def parse_news(self, response: Response) -> Iterator[Any]:
        """A page of the API; the walk goes on while it brings something new, at first sight to the end."""
        if is_unchanged(response):
            self.entered()
            yield from self.resume("api", self.parse_news)
            return
        if response.status != 200:  # past the end
            yield from self.walk_on("api", response, self.parse_news, (), "")
            return
        document = read_json(response.body)
        articles = read_news(document, response.url)
        if articles is None:
            yield from self._no_news(response)
            return
        self.entered()
        if not articles and response.meta["page"] == 1:
            self.found_nothing(response.url)
        yield from self.told(articles)
        yield from self.walk_on("api", response, self.parse_news, articles, next_page(document, response.url))
        if response.meta["page"] == 1:
            yield from self.vanished(articles)

    def _no_news(self, response: Response) -> Iterator[Request]:
        """The API does not answer with news: another way in, or a line in the crawl log for a later page."""
        response.meta.pop("fetch", None)
        if response.meta["page"] == 1:
            yield from self.descend(response.url, "no list of news")
        else:
            self.blank("api", response.url, "no list of news")

    def told(self, articles: tuple[Article, ...]) -> Iterator[Any]:
        """The articles, and their pages where the source asks for them."""
        yield from self.follow(Feed(articles=articles)) if self.source.follow else articles

    def enter_feed(self) -> Iterator[Request]:
        """The programme's feed."""
        usual = f"/api/rss/program/{self.source.number}"
        yield self.ask_way_in(urljoin(self.source.url, self.source.feed or usual), self.parse_feed)

    def feed_of(self, response: Response) -> Feed | None:
        """The feed, its articles with their numbers."""
        feed = super().feed_of(response)
        return replace(feed, articles=tuple(map(_numbered, feed.articles))) if feed else None

    def read_page(self, response: Response) -> Article:
        """The article on its own page."""
        article = read_radio_page(response.body, response.url, datetime.now(UTC), charset_of(response))
        return _numbered(replace(article, url=self.asked_for(response)))


def programme_keys(finding: Finding) -> Keys | None:
    """The news of the programme that an address or the page's links name; none where none is named."""
    tree = finding.document.tree
    links = [] if tree is None else [link.get("href") or "" for link in select(tree, ("a[href*='programid=']",))]
    numbers = (number_in("sverigesradio", address.lower()) for address in (finding.document.url, *links))
    found = next(filter(None, numbers), "")
    return {"url": f"https://api.sr.se/api/v2/news?programid={found}&format=json"} if found else None


SPIDER = SverigesRadioSpider
MARKS = Marks(hosts=("sverigesradio.se", "sr.se"), keys=programme_keys)


def _numbered(article: Article) -> Article:
    number = article_number(article.guid, article.url)
    return replace(article, url=article_address(article.url), native_id=number)
