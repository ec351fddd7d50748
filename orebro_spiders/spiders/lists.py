"""Walking the pages of an HTML list: on while they bring something new, at first sight to the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Request

from orebro_spiders.archive import articles as archived
from orebro_spiders.items import Article
from orebro_spiders.reading.listings import ListMarkup, read_listing
from orebro_spiders.reading.trees import parse_page
from orebro_spiders.spiders.feed import FeedSpider
from orebro_spiders.spiders.platform import GONE, is_unchanged

if TYPE_CHECKING:
    from scrapy.http import Response

IDLE_PAGES = 3
"""A walk that meets this many pages in a row without anything new has come to its end."""
BLANK_TRIES = 5
"""A page of a list that holds none is asked for in this many runs."""


class ListSpider(FeedSpider):
    """A platform whose lists name articles that have pages of their own."""

    list_markup: ClassVar[ListMarkup]

    def list_address(self) -> str:
        """Where the list begins."""
        return self.source.url

    def enter_pages(self) -> Iterator[Request]:
        """The list's first page; where an earlier walk was cut short comes after it."""
        yield self.ask(self.list_address(), self.parse_listing, page=1)

    def parse_listing(self, response: Response) -> Iterator[Any]:
        """The articles of a list page, and their pages."""
        is_first = response.meta["page"] == 1
        if is_unchanged(response):
            self.entered()
            yield from self.resume("pages", self.parse_listing)
            return
        found, onward = self._entries_of(response)
        if not found and response.status == 200:
            self._found_no_list(response)
            return
        self.entered()
        fresh = self.count_fresh(found)
        yield from self.listed(found)
        yield from self.walk_on("pages", response, self.parse_listing, len(found), fresh, onward)
        if is_first:
            yield from self.vanished(found)

    def _found_no_list(self, response: Response) -> None:
        """A page that should hold a list does not: it is asked for again, for a while, before the walk ends there."""
        if response.meta["page"] == 1:
            response.meta.pop("fetch", None)
            self.found_nothing(response.url)
            return
        self.problem(response.url, "no list of articles on this page")
        state = self.cursor["pages"]
        state["blank"] = state.get("blank", 0) + 1
        if state["blank"] >= BLANK_TRIES:
            state.update(onward=None, to_end=False, blank=0)

    def _entries_of(self, response: Response) -> tuple[tuple[Article, ...], str]:
        document = parse_page(response.body) if response.status == 200 else None
        if document is None:
            return (), ""
        listing = read_listing(document, response.url, datetime.now(UTC), self.list_markup)
        return listing.articles, listing.onward

    def listed(self, found: tuple[Article, ...]) -> Iterator[Any]:
        """The articles as the list tells them, then the pages of those whose text is not known."""
        yield from found
        yield from self.pages(article.url for article in found if not archived.has_text(self.db, article.url))

    # The walk

    def count_fresh(self, found: Sequence[Article]) -> int:
        """How many of the articles the archive does not know."""
        return sum(not archived.is_known(self.db, article.url) for article in found)

    def walk_on(
        self, name: str, response: Response, callback: Any, found: int, fresh: int, onward: str
    ) -> Iterator[Request]:
        """The next page of a walk, or where an earlier one was cut short; `fresh` of the `found` were unknown.

        When the first page brings nothing but news, more of them may stand behind it: then a walk that was cut short
        begins anew.
        """
        page: int = response.meta["page"]
        state = self.cursor.setdefault(name, {"to_end": True})
        if page == 1 and fresh < found and state.get("onward"):
            yield from self.resume(name, callback)
        elif onward and self._goes_on(state, page, found, fresh):
            state["onward"] = onward
            yield self._ask_onward(onward, callback, page + 1)
        else:
            state.update(onward=None, to_end=False)

    def resume(self, name: str, callback: Any) -> Iterator[Request]:
        """Where an earlier walk was cut short, if one was."""
        if onward := self.cursor.get(name, {}).get("onward"):
            yield self._ask_onward(onward, callback, 2)

    def _ask_onward(self, url: str, callback: Any, page: int) -> Request:
        """A page further on; that it does not exist is the end of the list."""
        return self.ask(url, callback, page=page, remember=False, handle_httpstatus_list=sorted(GONE))

    def _goes_on(self, state: dict[str, Any], page: int, found: int, fresh: int) -> bool:
        """Should the walk take the next page?

        At first sight it goes to the end, unless several pages in a row bring nothing new (paging without end). Later
        it follows a first page of news only, and then goes on while a page brings anything new: news that came while
        a walk was cut short have shifted the rest.
        """
        state["idle"] = 0 if fresh else state.get("idle", 0) + 1
        has_more = state["idle"] < IDLE_PAGES if state["to_end"] else fresh == found or (fresh > 0 and page > 1)
        return bool(has_more and found and page * found < self.source.backlog)
