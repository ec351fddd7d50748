"""Sitevision: news lists of municipalities and county boards, and the feeds that they declare.

The list gives headline, date and address; older news are reached by paging, or by the archive's own parameters
(`?start=…&end=…`). A feed that the list declares is quieter to ask and tells the hour as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from orebro_spiders.archive import articles as archived
from orebro_spiders.items import Article
from orebro_spiders.reading.addresses import absolute
from orebro_spiders.reading.articlepages import dated_by_address
from orebro_spiders.reading.links import is_chosen, is_same_site, read_links
from orebro_spiders.reading.listings import read_listing
from orebro_spiders.reading.marks import Marks
from orebro_spiders.reading.municipal import LIST, declared_feeds, read_municipal_page
from orebro_spiders.reading.trees import Element
from orebro_spiders.reading.urls import address_key
from orebro_spiders.sources import several
from orebro_spiders.spiders.lists import ListSpider
from orebro_spiders.spiders.platform import charset_of, is_unchanged, page_of

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response


class SitevisionSpider(ListSpider):
    """Reads the news of a Sitevision site."""

    rungs: ClassVar[tuple[str, ...]] = ("feed", "pages")
    list_markup = LIST

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._untried: list[str] = []
        """Feeds that the list declares and that may be of other news."""

    # Feed

    def enter_feed(self) -> Iterator[Request]:
        """The feed of the news where it is known; the list tells whether there is one."""
        if feed := self.source.feed or self.cursor.get("feed"):
            yield self.ask_way_in(feed, self.parse_feed)
        else:
            yield from self.enter("pages")

    def parse_feed(self, response: Response) -> Iterator[Any]:
        """The feed's articles and their pages, then what is left of the list."""
        if is_unchanged(response):
            self.entered()
            yield from self.resume("pages", self.parse_listing)
            return
        feed = self.feed_of(response)
        if feed is None:
            yield from self.descend(response.url, "no feed")
            return
        yield from self.listed(feed.articles)
        yield from self.resume("pages", self.parse_listing) if "pages" in self.cursor else self.enter_pages()
        if not feed.is_cut:
            yield from self.vanished(feed.articles)

    def try_feed(self, response: Response, listed: frozenset[str]) -> Iterator[Any]:
        """A feed that the list declares: it is the list's own when both name the same articles."""
        feed = self.feed_of(response) if response.status == 200 else None
        if feed and any(address_key(article.url) in listed for article in feed.articles):
            self.cursor["feed"] = response.url
            self.crawl_log.rung = "feed"
            self.entered()
            yield from self.listed(feed.articles)
        else:
            response.meta.pop("fetch", None)
            yield from self._try_feeds(listed)

    def _try_feeds(self, listed: frozenset[str]) -> Iterator[Request]:
        if self._untried:
            yield self.ask(
                self._untried.pop(0),
                self.try_feed,
                cb_kwargs={"listed": listed},
                handle_httpstatus_list=[400, 401, 403, 404, 410],
            )
        else:
            self.cursor["feed"] = ""

    # List

    def parse_listing(self, response: Response) -> Iterator[Any]:
        """A page of the list; the first one may declare a feed."""
        yield from super().parse_listing(response)
        is_first = response.meta["page"] == 1 and response.status == 200 and not is_unchanged(response)
        if is_first and not self.source.feed and "feed" not in self.cursor:
            document = page_of(response)
            self._untried = list(declared_feeds(document, response.url))[:3] if document is not None else []
            found, _ = self.entries_of(response)
            yield from self._try_feeds(frozenset(address_key(article.url) for article in found))

    def entries_of(self, response: Response) -> tuple[tuple[Article, ...], str]:
        """The articles of a list page, in Sitevision's markup or any other, and the next page of list or archive."""
        document = page_of(response)
        if document is None:
            return (), ""
        now = datetime.now(UTC)
        listing = read_listing(document, response.url, now, self.list_markup)
        links = listing if listing.articles and listing.onward else read_links(document, response.url, now)
        onward = archive_onward(document, response.url) or listing.onward or links.onward
        return listing.articles or links.articles, onward

    def listed(self, found: tuple[Article, ...]) -> Iterator[Any]:
        """Articles of this site under the wanted paths, with the date in their address where the list has none."""
        now = datetime.now(UTC)
        include, exclude = several(self.source.include), several(self.source.exclude)
        wanted = (a for a in found if is_same_site(a.url, self.source.url) and is_chosen(a.url, include, exclude))
        dated = (dated_by_address(article, article.url, now) for article in wanted)
        yield from super().listed(tuple(replace(article, teaser=True) for article in dated))

    # Pages

    def parse_page(self, response: Response) -> Iterator[Any]:
        """The article on its own page."""
        article = read_municipal_page(response.body, response.url, datetime.now(UTC), charset_of(response))
        address = self.asked_for(response)
        if article.text:
            yield article.at(address)
        elif archived.is_known(self.db, address):
            self.problem(response.url, "no text could be read from the page")


SPIDER = SitevisionSpider
MARKS = Marks(
    selectors=("meta[name=generator][content*='itevision'], script[src*='/sitevision/'], .sv-archive-portlet",)
)


_STAMP = re.compile(r"\d{4}-\d\d(?:-\d\d)?|\d{8,13}")


def archive_onward(document: Element, url: str) -> str:
    """The next older part of a list that is cut into times by `?start=…&end=…`; nothing for any other list."""
    parts: dict[str, str] = {}
    for link in document.iter("a"):
        address = absolute(link.get("href") or "", url)
        if urlsplit(address)[:3] == urlsplit(url)[:3] and (start := _start_of(address)):
            parts.setdefault(start, address)
    current = _start_of(url)
    older = [start for start in parts if not current or (len(start), start) < (len(current), current)]
    return parts[max(older, key=lambda start: (len(start), start))] if older else ""


def _start_of(address: str) -> str:
    asked = parse_qs(urlsplit(address).query)
    start = (asked.get("start") or [""])[-1] if "end" in asked else ""
    return start if _STAMP.fullmatch(start) else ""
