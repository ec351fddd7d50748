"""Press rooms at Via TT (via.tt.se): by the publisher's feed, else by the room's page.

Every address of a release holds its number, the certain identity; `publisherId` and `lang` say only how one came.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urljoin

from scrapy import Request

from orebro_spiders.items import Article
from orebro_spiders.reading.discovery import Finding
from orebro_spiders.reading.feeds import Feed
from orebro_spiders.reading.listings import ListMarkup
from orebro_spiders.reading.marks import Keys, Marks
from orebro_spiders.reading.viatt import read_via_tt, release_address, release_number
from orebro_spiders.sources import number_in
from orebro_spiders.spiders.lists import ListSpider
from orebro_spiders.spiders.platform import charset_of, is_unchanged

if TYPE_CHECKING:
    from scrapy.http import Response

# The room's markup has not been seen: its links to releases are what is certain.
LIST = ListMarkup(
    entry=(
        "article:has(a[href*='/pressmeddelande/'])",
        "li:has(a[href*='/pressmeddelande/'])",
        "a[href*='/pressmeddelande/']",
    ),
    link=("h2 a[href*='/pressmeddelande/']", "h3 a[href*='/pressmeddelande/']", "a[href*='/pressmeddelande/']"),
    title=("h2", "h3"),
    date=("time", ".date"),
)


class ViaTTSpider(ListSpider):
    """Reads the press room of the publisher whose number stands in the source's address."""

    rungs: ClassVar[tuple[str, ...]] = ("feed", "pages")
    list_markup = LIST

    def enter_feed(self) -> Iterator[Request]:
        """The publisher's feed."""
        usual = f"/rss/releases/latest?publisherId={self.source.number}"
        yield self.ask_way_in(urljoin(self.source.url, self.source.feed or usual), self.parse_feed)

    def parse_feed(self, response: Response) -> Iterator[Any]:
        """The feed's releases, and the pages of those whose text it leaves out."""
        if is_unchanged(response):
            self.entered()
            return
        feed = self.feed_of(response)
        if feed is None:
            yield from self.descend(response.url, "no feed")
            return
        yield from self.follow(feed)
        if not feed.is_cut:
            yield from self.vanished(feed.articles)

    def feed_of(self, response: Response) -> Feed | None:
        """The feed, its releases with their numbers."""
        feed = super().feed_of(response)
        return replace(feed, articles=_numbered(feed.articles)) if feed else None

    def list_address(self) -> str:
        """The publisher's press room."""
        room = f"/pressrum/{self.source.number}"
        return self.source.url if room in self.source.url else urljoin(self.source.url, room)

    def listed(self, found: tuple[Article, ...]) -> Iterator[Any]:
        """Releases only, with their numbers."""
        yield from super().listed(_numbered(found))

    def read_page(self, response: Response) -> Article:
        """The release on its own page."""
        address = release_address(self.asked_for(response))
        article = read_via_tt(response.body, response.url, datetime.now(UTC), charset_of(response))
        return replace(article, url=address, native_id=release_number(address))


def room_keys(finding: Finding) -> Keys | None:
    """The press room of the publisher whom an address names; none for addresses that name no one."""
    publisher = number_in("viatt", finding.document.url)
    return {"url": f"https://via.tt.se/pressrum/{publisher}", "kind": "press"} if publisher else None


SPIDER = ViaTTSpider
MARKS = Marks(hosts=("via.tt.se",), keys=room_keys)


def _numbered(found: Iterable[Article]) -> tuple[Article, ...]:
    """The releases among the articles, each once: a release in two languages is listed under one number."""
    releases: dict[str, Article] = {}
    for article in found:
        if number := release_number(article.url):
            release = replace(article, url=release_address(article.url), native_id=number)
            releases.setdefault(number, release)
    return tuple(releases.values())
