"""Press rooms at Mynewsdesk, in the markups of 2012, 2017 and 2020.

Every address of a release ends in its number, the same in all forms: the certain identity. A room's feed, which its
page declares or which lies at the usual address, gives the newest releases; its lists give all, its pages the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Request

from orebro_spiders.items import Article
from orebro_spiders.reading.discovery import Finding
from orebro_spiders.reading.listings import ListMarkup
from orebro_spiders.reading.marks import Keys, Marks
from orebro_spiders.reading.releases import declared_feeds, read_release
from orebro_spiders.spiders.lists import ListSpider
from orebro_spiders.spiders.platform import charset_of, is_unchanged

if TYPE_CHECKING:
    from scrapy.http import Response

LIST = ListMarkup(
    entry=(
        "div.js-material-grid a.panel",
        "a.panel",
        "a.material",
        "div:has(> h2 > a)",
        "div:has(> h3 > a)",
        "li",
    ),
    link=("a[href*='/pressreleases/']", "a[href*='/pressrelease/view/']"),
    title=(".panel__heading", "h2", "h3"),
    summary=("p:not(.type__date)",),
    date=("time", "span.material-date", ".date"),
    onward=(
        "a.infinite-pagination__item__next-button",
        "link[rel=next]",
        "a[rel=next]",
        "a.next",
        "a.next_page",
    ),
)


class MynewsdeskSpider(ListSpider):
    """Reads a press room."""

    rungs: ClassVar[tuple[str, ...]] = ("feed", "pages")
    list_markup = LIST

    _feeds: list[str]
    """Feeds of the room that have not been tried yet, best first."""

    def enter_feed(self) -> Iterator[Request]:
        """The feed that the source states or that worked last; before one has, the room's page, which declares it."""
        if known := self.source.feed or self.cursor.get("feed"):
            self._feeds = [known]
            yield self._ask_feed()
        else:
            self._feeds = [f"{self.source.url.rstrip('/')}/pressreleases.rss"]
            yield self.ask_way_in(self.source.url, self.parse_room, remember=False)

    def _ask_feed(self) -> Request:
        return self.ask_way_in(self._feeds.pop(0), self.parse_feed)

    def parse_room(self, response: Response) -> Iterator[Request]:
        """The feeds that the room's page declares, before the usual address."""
        self._feeds = list(dict.fromkeys([*declared_feeds(response.body, response.url), *self._feeds]))
        yield self._ask_feed()

    def descend(self, url: str, why: str) -> Iterator[Request]:
        """The next of the room's feeds, else the next way in."""
        if self.crawl_log.rung == "feed" and self._feeds:
            yield self._ask_feed()
            return
        self.cursor.pop("feed", None)
        yield from super().descend(url, why)

    def parse_feed(self, response: Response) -> Iterator[Any]:
        """The feed's releases and their pages; older ones are in the room's lists."""
        if is_unchanged(response):
            self.entered()
            yield from self._lists()
            return
        feed = self.feed_of(response)
        if feed is None:
            yield from self.descend(response.url, "no feed")
            return
        self.cursor["feed"] = self.asked_for(response)
        yield from self.listed(feed.articles)
        yield from self._lists()

    def _lists(self) -> Iterator[Request]:
        """The room's lists, until they have been walked once."""
        yield from self.resume("pages", self.parse_listing) if "pages" in self.cursor else self.enter_pages()

    def list_address(self) -> str:
        """The room's list of releases."""
        return f"{self.source.url.rstrip('/')}/pressreleases"

    def listed(self, found: tuple[Article, ...]) -> Iterator[Any]:
        """Releases only, with their numbers: a room also lists news, pictures and events."""
        numbered = (replace(article, native_id=release_number(article.url), teaser=True) for article in found)
        yield from super().listed(tuple(article for article in numbered if article.native_id))

    def read_page(self, response: Response) -> Article:
        """The release on its own page."""
        address = self.asked_for(response)
        article = read_release(response.body, response.url, datetime.now(UTC), charset_of(response))
        return replace(article, url=address, native_id=release_number(address))


_ROOM = re.compile(r"(https?://[^/]+/[a-z]{2}/(?!pressrelease|search)[^/?#]+)")


def room_keys(finding: Finding) -> Keys | None:
    """The press room that an address lies in; none for addresses that name no room."""
    room = _ROOM.match(finding.document.url)
    return {"url": room[1], "kind": "press"} if room else None


SPIDER = MynewsdeskSpider
MARKS = Marks(
    hosts=("mynewsdesk.com",),
    selectors=("a[href*='/pressreleases/'], .newsroom-article, p.type__date, img[src*='resources.mynewsdesk.com']",),
    keys=room_keys,
)

_RELEASE = re.compile(r"/pressreleases?/(?:view/)?[^/]*-(\d{3,})/?$")


def release_number(url: str) -> str:
    """The number at the end of a release's address; empty when it is none of a release.

    >>> release_number("https://www.mynewsdesk.com/se/pressreleases/ny-lekplats-888163")
    '888163'
    """
    number = _RELEASE.search(url.partition("?")[0])
    return number[1] if number else ""
