"""What every platform's spider shares: where it starts, ways in that replace each other, and what is remembered."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.spidermiddlewares.httperror import HttpError

from orebro_spiders.archive import articles as archived
from orebro_spiders.archive import fetches
from orebro_spiders.archive.articles import Standing
from orebro_spiders.archive.crawls import MAX_PROBLEMS, Crawl, Problem, store_rung, walk_of
from orebro_spiders.archive.database import instant, instant_text, open_archive, transaction
from orebro_spiders.browser import what_is_missing
from orebro_spiders.items import Article, Missing
from orebro_spiders.middlewares import header
from orebro_spiders.reading.addresses import page_tree
from orebro_spiders.reading.trees import Element
from orebro_spiders.refusals import ChallengeError, ForbiddenError, HostPausedError
from orebro_spiders.sources import Config, Source

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from sqlite_utils import Database
    from twisted.python.failure import Failure

Depth = Callable[[str, datetime], None]
"""Told the source's name and how far a walk back has come."""

NOT_THERE = frozenset({400, 401, 403, 404, 405, 406, 410, 501})
"""Answers that mean "this way in does not exist here"; anything else is a fault that may pass."""
GONE = frozenset({404, 410})
MAX_CHECKS = 20
"""How many suspected withdrawals one run looks into: more at once means that something else is wrong."""
RUNG_LIFE = timedelta(days=1)
"""After so long on a lower rung of the ladder the first one is tried again."""


class Platform(Spider):
    """A spider that reads one source of a platform.

    A platform lists its ways in as `rungs`, best first, and has a method `enter_<rung>` for each that yields the
    first requests. When a way in turns out not to exist, the next one is taken; which one worked is remembered.
    """

    source: ClassVar[Source]
    config: ClassVar[Config]
    rungs: ClassVar[tuple[str, ...]] = ()
    names_municipality: ClassVar[bool] = False
    """Does the platform say of each article which municipality it is about?"""
    tells_edits: ClassVar[frozenset[str]] = frozenset()
    """Ways in that tell of edits and withdrawals: by the others, recent articles' pages are looked at again."""

    def __init__(
        self,
        *args: Any,
        db: Database | None = None,
        run: str = "",
        since: datetime | None = None,
        depth: Depth | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._given_db = db
        self._run = run or uuid.uuid4().hex[:12]
        self.since = since
        """Begin with a walk back to this instant, however many articles that are."""
        self.goal = since
        """How far a walk back goes: that instant, or that of an earlier crawl that was cut short."""
        self._depth = depth
        self._asked: set[str] = set()
        self._walked: set[str] = set()
        self.has_entered = False
        """Has a way in been found to work?"""
        self.is_waiting = False
        """Did the host ask to be left alone?"""
        self.broken = False
        """Did something fail that is no fault of a single page?"""
        self.fresh_for = timedelta()
        """How long the way in says that it will stay as it is."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Platform:
        """Scrapy's way of making one; without a `db` of the caller's it opens the archive of the settings."""
        spider: Platform = super().from_crawler(crawler, *args, **kwargs)
        if spider._given_db is None:
            spider.db = open_archive(Path(crawler.settings["OREBRO_DB"]))
            crawler.signals.connect(spider._close_archive, signal=signals.engine_stopped)
        else:
            spider.db = spider._given_db
        spider.crawl_log = Crawl(run=spider._run, source=spider.name, started_at=datetime.now(UTC))
        walk = walk_of(spider.db, spider.name)
        spider.cursor = json.loads(walk.cursor) if walk.cursor else {}
        spider._kept_rung, spider._kept_rung_at = walk.rung, walk.rung_at
        if spider.since:
            spider.cursor["since"] = instant_text(spider.since)
        elif "since" in spider.cursor:
            spider.goal = instant(spider.cursor["since"])
        spider.fresh_for = timedelta(minutes=spider.cursor.get("ttl", 0))
        return spider

    db: Database
    crawl_log: Crawl
    cursor: dict[str, Any]
    _kept_rung: str | None
    _kept_rung_at: datetime | None

    def _close_archive(self) -> None:
        self.db.close()

    # Starting

    async def start(self) -> AsyncIterator[Request]:
        """The first requests: the way in, then pages that earlier runs left open or found missing."""
        if self.source.javascript and (missing := what_is_missing(self.config.http.chromium)):
            self.problem(self.source.url, missing)
            return
        for request in self.enter(self.first_rung()):
            yield request
        now = datetime.now(UTC)
        for request in self.pages(fetches.wanted(self.db, self.name, now)):
            yield request
        for url in fetches.missing(self.db, self.name, now):
            yield self.check(url)
        if self.first_rung() not in self.tells_edits:
            for url in fetches.to_revisit(self.db, self.name, now):
                yield self.revisit(url)

    def first_rung(self) -> str:
        """The way in that worked last, unless it is time to try a better one again."""
        kept = self._kept_rung
        return kept if kept in self.rungs and not self._is_stale() else self.rungs[0]

    def _is_stale(self) -> bool:
        """Has a lower way in been used for so long that the better ones deserve another try?"""
        if self._kept_rung == self.rungs[0] or self._kept_rung_at is None:
            return False
        return datetime.now(UTC) - self._kept_rung_at > RUNG_LIFE

    def enter(self, rung: str) -> Iterator[Request]:
        """The first requests of a way in."""
        self.crawl_log.rung = rung
        yield from getattr(self, f"enter_{rung}")()

    def entered(self) -> None:
        """The way in works: remember it."""
        self.has_entered = True
        rung = self.crawl_log.rung
        if rung and (rung != self._kept_rung or self._is_stale()):
            self._kept_rung, self._kept_rung_at = rung, datetime.now(UTC)
            store_rung(self.db, self.name, rung, self._kept_rung_at)

    def descend(self, url: str, why: str) -> Iterator[Request]:
        """The next way in, or a problem when this was the last one."""
        below = self.rungs[self.rungs.index(self.crawl_log.rung or self.rungs[0]) + 1 :]
        if below:
            self.logger.info("%s: %s: %s; trying %s", self.name, url, why, below[0])
            yield from self.enter(below[0])
        else:
            self.problem(url, why)

    def goes_deeper(self, count: int, oldest: datetime | None) -> bool:
        """Should a walk back go on, after so many articles, the oldest of that instant?"""
        if self.goal is None:
            return count < self.source.backlog
        if oldest and self._depth:
            self._depth(self.name, oldest)
        return oldest is None or oldest >= self.goal

    def came_back(self) -> None:
        """The walk back has come to its end."""
        self.goal = None
        self.cursor.pop("since", None)

    # Asking

    def ask(self, url: str, callback: Any, cb_kwargs: dict[str, Any] | None = None, **meta: Any) -> Request:
        """A request of the walk, whose failure is one line in the crawl log.

        The cursor is stored with its page, unless `walk` is false; `remember=False` asks unconditionally.
        """
        return self._request(url, callback, self.failed, cb_kwargs, meta)

    def ask_way_in(self, url: str, callback: Any, **meta: Any) -> Request:
        """A request that opens a way in: when the host says there is none, the next one is tried."""
        return self._request(url, callback, self.no_way_in, None, {"way_in": True, **meta})

    def _request(
        self, url: str, callback: Any, errback: Any, cb_kwargs: dict[str, Any] | None, meta: dict[str, Any]
    ) -> Request:
        return Request(
            url,
            callback=callback,
            errback=errback,
            cb_kwargs=cb_kwargs,
            meta={"walk": True, **meta},
            dont_filter=True,
        )

    def pages(self, urls: Iterable[str]) -> Iterator[Request]:
        """Requests for articles' own pages, once in a run; a page is wanted until it has been read.

        Scrapy's filter of duplicates is not for them: it swallows a redirect to a page that was asked for.
        """
        for url in urls:
            if url not in self._asked:
                self._asked.add(url)
                meta = {"wanted": True}
                yield Request(url, callback=self.parse_page, errback=self.failed, meta=meta, dont_filter=True)

    def check(self, url: str) -> Request:
        """A request that asks whether a known article's page is still there."""
        meta = {"handle_httpstatus_list": sorted(GONE), "remember": False}
        return Request(url, callback=self.parse_check, errback=self.failed, meta=meta, dont_filter=True)

    def revisit(self, url: str) -> Request:
        """A request that asks whether a recent article's page has been changed since it was read."""
        meta = {"handle_httpstatus_list": sorted(GONE), "revisit": True}
        return Request(url, callback=self.parse_revisit, errback=self.failed, meta=meta, dont_filter=True)

    # Answers

    def parse_page(self, response: Response) -> Iterable[Any]:
        """Read an article's own page; a platform with pages of its own says how."""
        raise NotImplementedError(f"{type(self).__name__} does not read pages")

    def asked_for(self, response: Response) -> str:
        """The address under which the article is known: before redirects."""
        return str(response.meta.get("redirect_urls", [response.url])[0])

    def parse_check(self, response: Response) -> Iterator[Any]:
        """A page that was missing from its list: gone, or there after all."""
        if self.is_missing(response):
            yield Missing(url=self.asked_for(response), source=self.name, status=response.status)
        else:
            self.found_again(response)

    def parse_revisit(self, response: Response) -> Iterator[Any]:
        """A page that was read before: as it was, changed, or gone."""
        if self.is_missing(response):
            yield Missing(url=self.asked_for(response), source=self.name, status=response.status)
        elif is_unchanged(response):
            self.found_again(response)
        else:
            yield from self.parse_page(response)

    def is_missing(self, response: Response) -> bool:
        """Is there no such page any more? Many sites send the readers of a withdrawn article to their front page."""
        is_front = "redirect_urls" in response.meta and urlsplit(response.url).path in {"", "/"}
        return is_front or response.status in GONE

    def found_again(self, response: Response) -> None:
        """The page is there as before: note that it was looked at."""
        with transaction(self.db):
            fetches.looked_at(self.db, self.asked_for(response), self.name, datetime.now(UTC))

    def vanished(self, listed: Sequence[Article]) -> Iterator[Request]:
        """Looks at the pages of articles that a list ordered by time should hold and does not."""
        dates = [article.published for article in listed if article.published]
        if len(dates) < 2 or dates != sorted(dates, reverse=True):
            return
        coarse = any(article.published_precision == "day" for article in listed)
        since = dates[-1] + (timedelta(days=1) if coarse else timedelta(seconds=1))
        present = {archived.id_at(self.db, article.url) for article in listed}
        standing = archived.standing_since(self.db, self.name, since)
        yield from self.look_at([article for article in standing if article.id not in present])

    def look_at(self, suspects: Sequence[Standing]) -> Iterator[Request]:
        """Looks at the pages of articles that may have been withdrawn."""
        now = datetime.now(UTC)
        due = [a for a in suspects if not fetches.was_looked_at(self.db, a.url, a.last_seen, now)]
        if len(due) > MAX_CHECKS:
            self.problem(self.source.url, f"{len(due)} articles are missing at once; {MAX_CHECKS} are looked at")
        yield from (self.check(article.url) for article in due[:MAX_CHECKS])

    def no_way_in(self, failure: Failure) -> Iterator[Request]:
        """The host has no such way in, or none for us: take the next one; any other failure is the source's."""
        error = failure.value
        if isinstance(error, HttpError) and error.response.status in NOT_THERE:
            yield from self.descend(error.response.url, f"answered {error.response.status}")
        elif isinstance(error, (ChallengeError, ForbiddenError)):
            yield from self.descend(failure.request.url, str(error))  # type: ignore[attr-defined]  # Scrapy sets it
        else:
            self.failed(failure)

    def failed(self, failure: Failure) -> None:
        """One line in the crawl log; a wanted page is put off."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        error = failure.value
        status = error.response.status if isinstance(error, HttpError) else None
        self.is_waiting = self.is_waiting or isinstance(error, HostPausedError)
        self.problem(request.url, f"answered {status}" if status else _in_a_line(error))
        if request.meta.get("wanted"):
            with transaction(self.db):
                wanted = request.meta.get("redirect_urls", [request.url])[0]
                fetches.put_off(self.db, wanted, status, datetime.now(UTC))
        elif request.meta.get("revisit"):
            with transaction(self.db):
                fetches.postpone(self.db, request.meta.get("redirect_urls", [request.url])[0], datetime.now(UTC))

    def distrust(self, response: Response, why: str) -> None:
        """The answer is not what it should be: say so, and forget its validators so that it is asked for again."""
        response.meta.pop("fetch", None)
        self.problem(response.url, why)

    def found_nothing(self, url: str) -> None:
        """An empty list: of a source that has given news before it is a failure."""
        self.problem(url, "the list is empty")
        self.broken = self.broken or not archived.is_empty(self.db, self.name)

    def problem(self, url: str, what: str) -> None:
        """One line in the crawl log, naming source and address."""
        self.logger.info("%s: %s: %s", self.name, url, what)
        if len(self.crawl_log.problems) < MAX_PROBLEMS:
            self.crawl_log.problems.append(Problem(url=url, problem=what))

    # Remembering

    def cursor_text(self) -> str | None:
        """How far the walk has come, as the archive keeps it."""
        return json.dumps(self.cursor, sort_keys=True) if self.cursor else None


def is_unchanged(response: Response) -> bool:
    """Did the answer say that nothing is new since its last complete reading?"""
    return "unchanged" in response.flags


def charset_of(response: Response) -> str:
    """The encoding that the answer's header states; empty when it states none (RFC 9110, section 8.3.2)."""
    stated = _CHARSET.search(header(response, "Content-Type"))
    return stated[1] if stated else ""


_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)


def page_of(response: Response) -> Element | None:
    """The tree of the page that an answer brings; `None` for one of an error, an empty one and no page at all."""
    return page_tree(response.body, response.url, charset_of(response)) if response.status == 200 else None


def _in_a_line(error: BaseException | None) -> str:
    said = str(error).strip().splitlines()
    return said[0] if said else type(error).__name__
