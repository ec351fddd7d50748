"""Walking the pages of an HTML list: on while they bring something new, at first sight to the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Request

from orebro_spiders.archive import articles as archived
from orebro_spiders.items import Article
from orebro_spiders.reading.listings import ListMarkup, read_listing
from orebro_spiders.spiders.feed import FeedSpider
from orebro_spiders.spiders.platform import GONE, is_unchanged, page_of

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
        yield from self.walk_back("pages", self.parse_listing) or [
            self.ask(self.list_address(), self.parse_listing, page=1)
        ]

    def parse_listing(self, response: Response) -> Iterator[Any]:
        """The articles of a list page, and their pages."""
        is_first = response.meta["page"] == 1
        if is_unchanged(response):
            self.entered()
            yield from self.resume("pages", self.parse_listing)
            return
        found, onward = self.entries_of(response)
        if not found and response.status == 200:
            self._found_no_list(response)
            return
        self.entered()
        further = list(self.walk_on("pages", response, self.parse_listing, found, onward))  # before they are asked for
        yield from self.listed(found)
        yield from further
        if is_first:
            yield from self.vanished(found)

    def _found_no_list(self, response: Response) -> None:
        """A page that should hold a list does not."""
        if response.meta["page"] == 1:
            response.meta.pop("fetch", None)
            self.found_nothing(response.url)
            return
        self.blank("pages", response.url, "no list of articles on this page")

    def blank(self, name: str, url: str, what: str) -> None:
        """A later page of a walk holds no list: it is asked for again, for a while, before the walk ends there."""
        self.problem(url, what)
        state = self.cursor[name]
        state["blank"] = state.get("blank", 0) + 1
        if state["blank"] >= BLANK_TRIES:
            state.update(onward=None, to_end=False, blank=0)

    def entries_of(self, response: Response) -> tuple[tuple[Article, ...], str]:
        """The articles of a list page, and the address of the next one."""
        document = page_of(response)
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
        self, name: str, response: Response, callback: Any, found: Sequence[Article], onward: str
    ) -> Iterator[Request]:
        """The next page of a walk, or where an earlier one was cut short.

        When the first page brings nothing but news, more of them may stand behind it: then a walk that was cut short
        begins anew.
        """
        page: int = response.meta["page"]
        state = self.cursor.setdefault(name, {"to_end": True})
        fresh = self.count_fresh(found)
        if page == 1 and fresh < len(found) and state.get("onward"):
            yield from self.resume(name, callback)
        elif onward and found and self._goes_on(state, page, found, fresh):
            state["onward"] = onward
            yield self._ask_onward(onward, callback, page + 1)
        else:
            if state["to_end"] or self.goal:
                state["more"] = onward or None
                self.came_back()
            state.update(onward=None, to_end=False)

    def walk_back(self, name: str, callback: Any) -> list[Request]:
        """In a crawl that goes back to a day: the page at which an earlier walk ended or was cut short, if any."""
        state = self.cursor.get(name, {})
        onward = state.get("onward") or state.get("more")
        return [self._ask_onward(onward, callback, 2)] if self.since and onward else []

    def resume(self, name: str, callback: Any) -> Iterator[Request]:
        """Where an earlier walk was cut short, if one was."""
        if onward := self.cursor.get(name, {}).get("onward"):
            yield self._ask_onward(onward, callback, 2)

    def _ask_onward(self, url: str, callback: Any, page: int) -> Request:
        """A page further on; that it does not exist is the end of the list."""
        return self.ask(url, callback, page=page, remember=False, handle_httpstatus_list=sorted(GONE))

    def _goes_on(self, state: dict[str, Any], page: int, found: Sequence[Article], fresh: int) -> bool:
        """Should the walk take the next page?

        At first sight it goes to the end, unless several pages in a row bring nothing new (paging without end). Later
        it follows a first page of news only, and then goes on while a page brings anything new: news that came while
        a walk was cut short have shifted the rest.
        """
        walked, dates = self._walked, [_latest(article) for article in found if article.published]
        is_new = not walked.issuperset(article.url for article in found) if self.goal else bool(fresh)
        walked.update(article.url for article in found)
        state["idle"] = 0 if is_new else state.get("idle", 0) + 1
        if self.goal or state["to_end"]:
            has_more = state["idle"] < IDLE_PAGES
        else:
            has_more = fresh == len(found) or (fresh > 0 and page > 1)
        return has_more and self.goes_deeper(page * len(found), min(dates, default=None))


def _latest(article: Article) -> datetime:
    """When a dated article was published at the latest, where its list states the day alone."""
    assert article.published
    return article.published + (timedelta(days=1) if article.published_precision == "day" else timedelta())
