"""Walking the pages of an HTML list: on while they bring something new, at first sight to the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Request

from orebro_spiders.archive import articles as archived
from orebro_spiders.items import Article
from orebro_spiders.reading.extraction import parse_page
from orebro_spiders.reading.listings import ListMarkup, read_listing
from orebro_spiders.spiders.feed import FeedSpider
from orebro_spiders.spiders.platform import is_unchanged

if TYPE_CHECKING:
    from scrapy.http import Response

IDLE_PAGES = 3
"""A walk that meets this many pages in a row without anything new has come to its end."""


class ListSpider(FeedSpider):
    """A platform whose lists name articles that have pages of their own."""

    list_markup: ClassVar[ListMarkup]

    def list_address(self) -> str:
        """Where the list begins."""
        return self.source.url

    def enter_pages(self) -> Iterator[Request]:
        """The list, or where an earlier walk was cut short."""
        onward = self.cursor.get("pages", {}).get("onward")
        yield self.ask(onward or self.list_address(), self.parse_listing, page=2 if onward else 1)

    def parse_listing(self, response: Response) -> Iterator[Any]:
        """The articles of a list page, and their pages."""
        if is_unchanged(response):
            self.entered()
            return
        document = parse_page(response.body)
        if document is None:
            self.distrust(response, "the page is empty")
            return
        listing = read_listing(document, response.url, datetime.now(UTC), self.list_markup)
        if not listing.articles:
            response.meta.pop("fetch", None)
            self.found_nothing(response.url)
            return
        self.entered()
        fresh = sum(not archived.is_known(self.db, article.url) for article in listing.articles)
        yield from self.listed(listing.articles)
        yield from self._next_list_page(response, len(listing.articles), fresh, listing.onward)
        if response.meta["page"] == 1:
            yield from self.vanished(listing.articles)

    def listed(self, found: tuple[Article, ...]) -> Iterator[Any]:
        """The articles as the list tells them, then the pages of those whose text is not known."""
        yield from found
        yield from self.pages(article.url for article in found if not archived.has_text(self.db, article.url))

    def _next_list_page(self, response: Response, found: int, fresh: int, onward: str) -> Iterator[Request]:
        page: int = response.meta["page"]
        state = self.cursor.setdefault("pages", {"to_end": True})
        if onward and self.goes_on(state, page, found, fresh):
            state["onward"] = onward
            yield self.ask(onward, self.parse_listing, page=page + 1, remember=False)
        else:
            state.update(onward=None, to_end=False)

    def goes_on(self, state: dict[str, Any], page: int, found: int, fresh: int) -> bool:
        """Should the walk take the next page? `found` articles stood on this one, `fresh` of them unknown.

        At first sight it goes to the end, unless several pages in a row bring nothing new (paging without end). Later
        it follows a first page of news only, and then goes on while a page brings anything new: news that came while
        a walk was cut short have shifted the rest.
        """
        state["idle"] = 0 if fresh else state.get("idle", 0) + 1
        has_more = state["idle"] < IDLE_PAGES if state["to_end"] else fresh == found or (fresh > 0 and page > 1)
        return bool(has_more and found and page * found < self.source.backlog)
