"""Any site: by its sitemaps, else by its list of news; then each article's own page.

A sitemap that says when pages were changed shows new, edited and withdrawn articles in one conditional request. Once
a day the list of news is asked too: where it shows what the sitemap does not know, the sitemap is not kept up, and the
list takes its place.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urljoin, urlsplit

from protego import Protego
from scrapy.spidermiddlewares.httperror import HttpError

from orebro_spiders.archive import articles as archived
from orebro_spiders.archive import fetches
from orebro_spiders.archive.database import transaction
from orebro_spiders.items import Article
from orebro_spiders.reading.articlepages import is_blank, read_article_page
from orebro_spiders.reading.discovery import Finding
from orebro_spiders.reading.extraction import ANY_SITE, Selectors
from orebro_spiders.reading.links import is_article_address, is_chosen, is_same_site, read_links
from orebro_spiders.reading.listings import Listing, ListMarkup, read_listing
from orebro_spiders.reading.marks import Keys, Marks, start_here
from orebro_spiders.reading.sitemaps import Location, NotASitemapError, Sitemap, read_sitemap
from orebro_spiders.reading.urls import address_key, canonical_url, host_of
from orebro_spiders.refusals import RobotsError
from orebro_spiders.sources import PageSelectors, several
from orebro_spiders.spiders.lists import ListSpider
from orebro_spiders.spiders.platform import NOT_THERE, charset_of, is_unchanged, page_of

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response
    from twisted.python.failure import Failure

USUAL = ("sitemap.xml", "sitemap_index.xml", "sitemap.xml.gz", "sitemap.txt")
"""Where sitemaps lie that robots.txt does not name."""
MAX_ROOTS = 10
MAX_DEPTH = 3
MAX_FILES = 200
"""Sitemaps of one site that are remembered."""
MAX_READ = 20
"""Sitemaps that one run reads; the rest of a first sight is left to the next runs."""
MAX_POLLED = 3
"""Sitemaps of unknown age, beside the first, that one run asks for."""
LIST_PAUSE = timedelta(days=1)
"""How often the list of news is held against the sitemap."""
CLOCKS = timedelta(minutes=5)
"""By so much the clocks of two machines may differ."""
STALE = 3
"""Articles of the list that a sitemap which is kept up would know."""
DATE = ("time", "[class*=date]", "[class*=datum]", "[class*=publi]")


class PagesSpider(ListSpider):
    """Reads a site that needs no platform of its own."""

    rungs: ClassVar[tuple[str, ...]] = ("sitemap", "list")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._opened: set[str] = set()
        """Sitemaps that this run has asked for."""
        self._answered = 0
        self._articles = 0
        """How many articles the sitemaps of this run may name."""
        self._unread = False
        """Is there a sitemap of which this run does not know what it holds?"""
        self._in_sitemaps: set[str] = set()
        self._listed: dict[str, Article] = {}
        """What lists say of articles whose pages this run reads."""
        given = self.source.selectors or PageSelectors()
        self._trusts_list = bool(given.list)
        self.page_selectors = _page_selectors(given) if self.source.selectors else ANY_SITE
        self.list_markup = ListMarkup(  # type: ignore[misc]  # of the class elsewhere, here of the source
            entry=several(given.list), link=several(given.link) or ("a[href]",), title=TITLES, date=DATE
        )

    # Sitemaps

    @property
    def _files(self) -> dict[str, dict[str, Any]]:
        """What is remembered of each sitemap.

        `depth`; `changed`, when its index says that it was; `newest`, the latest change in it; `due`, when it has to
        be read.
        """
        files: dict[str, dict[str, Any]] = self.cursor.setdefault("sitemaps", {})
        return files

    def enter_sitemap(self) -> Iterator[Request]:
        """The sitemaps that are known, or those that robots.txt names, or the usual addresses."""
        if self.cursor.get("stale"):
            yield from self.enter("list")
        elif files := self.cursor.get("sitemaps"):
            yield from self._ask_files(_due(files))
        else:
            yield from self._ask_files(self._stated() or [urljoin(self.source.url, f"/{USUAL[0]}")])

    def _stated(self) -> list[str]:
        """The sitemaps that the host's robots.txt names; none as long as it has not been read."""
        robots = fetches.host_of(self.db, host_of(self.source.url)).robots or ""
        stated = dict.fromkeys(urljoin(self.source.url, url) for url in Protego.parse(robots).sitemaps)
        return [url for url in stated if is_same_site(url, self.source.url)][:MAX_ROOTS]

    def _ask_files(self, urls: Iterable[str]) -> Iterator[Request]:
        for url in urls:
            if url in self._opened:
                continue
            if len(self._opened) >= MAX_READ:
                self._unread = True
                break
            self._opened.add(url)
            request = self.ask(url, self.parse_sitemap, cb_kwargs={"url": url}, remember=not self.since)
            yield request.replace(errback=self.no_sitemap, priority=2)  # before the list, and that before the pages

    def no_sitemap(self, failure: Failure) -> Iterator[Request]:
        """A sitemap that is not there or not for us is forgotten; any other failure is the source's."""
        url = failure.request.cb_kwargs["url"]  # type: ignore[attr-defined]  # Scrapy sets it
        error = failure.value
        is_answer = isinstance(error, HttpError) and error.response.status in NOT_THERE
        if is_answer or isinstance(error, RobotsError):
            yield from self._without(url)
        else:
            self._unread = True
            self.failed(failure)

    def _without(self, url: str) -> Iterator[Request]:
        """What is left when an address has no sitemap: those that robots.txt names, the usual ones, or the list."""
        self._answered += 1
        self._files.pop(url, None)
        if self.has_entered or self._files:
            return
        others = [*self._stated(), *(urljoin(self.source.url, f"/{name}") for name in USUAL)]
        untried = next((other for other in others if other not in self._opened), None)
        yield from self._ask_files([untried]) if untried else self.descend(url, "no sitemap")

    def parse_sitemap(self, response: Response, url: str) -> Iterator[Any]:
        """The further files that a sitemap names, and the pages in it that are new or were changed."""
        if is_unchanged(response):
            self._unread = True
            self._files.get(url, {}).pop("due", None)
            yield from self._entered_sitemap(url)
            return
        try:
            sitemap = read_sitemap(response.body, response.url, datetime.now(UTC))
        except NotASitemapError as error:
            response.meta.pop("fetch", None)
            if url in self._files:
                self.problem(response.url, str(error))
            yield from self._without(url)
            return
        file = self._files.setdefault(url, {"depth": 0})
        if sitemap.is_cut:
            self.distrust(response, "it ends in the middle; its whole entries are kept")
            self._unread = True
        yield from self._ask_files(self._changed_files(sitemap, file["depth"] + 1))
        yield from self._read_sitemap(sitemap, file)
        file.pop("due", None)
        yield from self._entered_sitemap(url)

    def _changed_files(self, sitemap: Sitemap, depth: int) -> list[str]:
        """The files of an index that are new to us, were changed, or of which it says no date."""
        due = []
        for location in sorted(sitemap.sitemaps, key=_age):
            url, changed = location.url, location.changed.instant.isoformat() if location.changed else ""
            known = self._files.get(url)
            if depth > MAX_DEPTH or not is_same_site(url, self.source.url) or (not known and self._is_full()):
                continue
            if not known or not changed or known.get("changed") != changed or known.get("due"):
                due.append(url)
                self._files.setdefault(url, {"depth": depth}).update(changed=changed, due=True)
            else:
                self._unread = True
        return due

    def _is_full(self) -> bool:
        return len(self._files) >= MAX_FILES

    def _read_sitemap(self, sitemap: Sitemap, file: dict[str, Any]) -> Iterator[Any]:
        """The articles of one file, newest first; those of a news sitemap with headline and date."""
        wanted = [page for page in sitemap.pages if self._is_wanted(page)]
        wanted = self._narrowed(wanted) if not sitemap.is_news else wanted
        self._in_sitemaps |= {address_key(page.url) for page in sitemap.pages} if not sitemap.is_news else set()
        if sitemap.is_news:
            yield from (_news(page) for page in wanted)
        self._articles += len(wanted)
        since = file.get("newest", "")
        known = fetches.known_pages(self.db, self.name)
        news = self._unknown(wanted, since, known)
        later = (page for page in wanted if since and _is_later(page, since, known.get(canonical_url(page.url))))
        changed = [page for page in later if archived.is_known(self.db, page.url)]
        with transaction(self.db):
            for page in changed:
                fetches.want_again(self.db, canonical_url(page.url), self.name)
        yield from self.pages(canonical_url(page.url) for page in (*news, *changed))
        if not sitemap.is_cut:
            file["newest"] = max((_stamp(page) for page in wanted), default="") or since

    def _is_wanted(self, page: Location) -> bool:
        """May it be an article that the source wants?"""
        if not is_same_site(page.url, self.source.url) or address_key(page.url) == address_key(self.source.url):
            return False
        chosen = is_chosen(page.url, several(self.source.include), several(self.source.exclude))
        return chosen and bool(page.title or is_article_address(page.url))

    def _narrowed(self, pages: list[Location]) -> list[Location]:
        """Where the source begins at `/nyheter.html` or `/nyheter/`: what lies under it, if anything does."""
        base = urlsplit(self.source.url).path.rsplit(".", 1)[0].rstrip("/") + "/"
        under = [page for page in pages if urlsplit(page.url).path.startswith(base)]
        return under or pages

    def _unknown(self, pages: Sequence[Location], since: str, known: Collection[str]) -> list[Location]:
        """The pages that have never been asked for, newest first: all new ones, and of the old as far as wanted."""
        unknown = [
            page
            for page in sorted(pages, key=_age)
            if canonical_url(page.url) not in known and not archived.has_text(self.db, page.url)
        ]
        if self.goal:
            goal = self.goal.astimezone(UTC).isoformat()
            return [page for page in unknown if not _stamp(page) or _stamp(page) >= goal]
        left = max(self.source.backlog - len(known), 0)
        fresh: list[Location] = []
        older: list[Location] = []
        for page in unknown:
            (fresh if since and _stamp(page) > since else older).append(page)
        return fresh + older[:left]

    def _entered_sitemap(self, url: str) -> Iterator[Request]:
        """The sitemaps work: what they lack may have been withdrawn, and once a day the list is held against them."""
        self._answered += 1
        if not self.has_entered:
            self.entered()
            yield from self._ask_front()
        if self._answered < len(self._opened) or self._unread:
            return
        if not self._articles:
            yield from self._leave(url, "the sitemap names no articles")
            return
        standing = archived.standing_since(self.db, self.name, datetime(1970, 1, 1, tzinfo=UTC))
        lacking = [article for article in standing if address_key(article.url) not in self._in_sitemaps]
        if len(lacking) * 2 < len(standing):  # else it is no sitemap of these articles
            yield from self.look_at(lacking)

    def _ask_front(self) -> Iterator[Request]:
        now, looked = datetime.now(UTC), self.cursor.get("listed_at")
        if not looked or now - datetime.fromisoformat(looked) >= LIST_PAUSE:
            self.cursor["listed_at"] = now.isoformat(timespec="seconds")
            meta = {"is_first": not looked}
            yield self.ask(self.source.url, self.parse_front, meta, remember=False).replace(priority=1)

    def parse_front(self, response: Response, is_first: bool) -> Iterator[Any]:
        """The list of news beside the sitemap; one that knows more takes the sitemap's place."""
        found, _ = self.entries_of(response)
        lacking = [a for a in self._never_asked(found) if address_key(a.url) not in self._in_sitemaps]
        yield from self.listed(found)
        if len(lacking) >= STALE and (not is_first or len(lacking) * 2 > len(found)):
            yield from self._leave(response.url, f"the sitemap lacks {len(lacking)} articles of the list")

    def _leave(self, url: str, why: str) -> Iterator[Request]:
        """The sitemap is not kept up: the list takes its place for good."""
        if not self.cursor.get("stale"):
            self.cursor["stale"] = True
            yield from self.descend(url, why)

    # The list

    def enter_list(self) -> Iterator[Request]:
        """The list's first page."""
        yield from self.enter_pages()

    def entries_of(self, response: Response) -> tuple[tuple[Article, ...], str]:
        """The articles of a list page: by the source's selectors, else by how lists are built."""
        document = page_of(response)
        if document is None:
            return (), ""
        now, listing = datetime.now(UTC), Listing(articles=())
        if self._trusts_list:
            listing = read_listing(document, response.url, now, self.list_markup)
        if not listing.articles or not listing.onward:
            links = read_links(document, response.url, now)
            listing = Listing(articles=listing.articles or links.articles, onward=listing.onward or links.onward)
        include, exclude = several(self.source.include), several(self.source.exclude)
        return tuple(a for a in listing.articles if is_chosen(a.url, include, exclude)), listing.onward

    def count_fresh(self, found: Sequence[Article]) -> int:
        """How many pages have never been asked for."""
        return len(self._never_asked(found))

    def _never_asked(self, found: Sequence[Article]) -> list[Article]:
        known = fetches.known_pages(self.db, self.name).keys() | self._asked
        return [a for a in found if canonical_url(a.url) not in known and not archived.is_known(self.db, a.url)]

    def listed(self, found: tuple[Article, ...]) -> Iterator[Any]:
        """What the list says of articles that are known, and the pages of what may be some."""
        self._listed |= {canonical_url(article.url): article for article in found}
        fresh = self._never_asked(found)
        yield from found if self._trusts_list else (a for a in found if archived.is_known(self.db, a.url))
        yield from self.pages(canonical_url(article.url) for article in fresh)

    # Pages

    def parse_page(self, response: Response) -> Iterator[Any]:
        """The article on its own page, if it holds one."""
        address, now, charset = self.asked_for(response), datetime.now(UTC), charset_of(response)
        article = read_article_page(
            response.body,
            response.url,
            now,
            selectors=self.page_selectors,
            listed=self._listed.get(address),
            charset=charset,
        )
        if article:
            yield article.at(address)
        elif is_blank(response.body, charset):
            self.distrust(response, "the page is empty")
            with transaction(self.db):
                fetches.put_off(self.db, address, response.status, now)


def site_keys(finding: Finding) -> Keys | None:
    """Any site's pages, from the one that was given."""
    return start_here(finding) if finding.document.shape == "page" else None


SPIDER = PagesSpider
MARKS = Marks(any_site=10, keys=site_keys)

TITLES = ("h1", "h2", "h3", "h4")


def _page_selectors(given: PageSelectors) -> Selectors:
    return Selectors(
        title=several(given.title) or ("h1",),
        body=several(given.body),
        date=several(given.date),
        author=several(given.author),
        strip=several(given.strip),
    )


def _due(files: dict[str, dict[str, Any]]) -> list[str]:
    """The sitemaps to ask for: the first, those that have to be read, and some of those whose age nothing tells.

    Which of these is left to chance, so that nothing has to be written down in a run that finds nothing new.
    """
    first, *others = sorted(files, key=lambda url: (files[url]["depth"], url))
    due = [url for url in others if files[url].get("due")]
    undated = [url for url in others if not files[url].get("changed") and url not in due]
    return [first, *due, *random.sample(undated, min(MAX_POLLED, len(undated)))]


def _age(location: Location) -> float:
    """For sorting: the newest first, those without a date last."""
    stated = location.published or location.changed
    return -stated.instant.timestamp() if stated else 0.0


def _stamp(page: Location) -> str:
    """When the page was changed, in UTC; nothing for a date of the future."""
    stated = page.changed or page.published
    if stated is None or stated.instant > datetime.now(UTC) + timedelta(days=1):
        return ""
    return stated.instant.astimezone(UTC).isoformat()


def _is_later(page: Location, since: str, read_at: datetime | None) -> bool:
    """Was the page changed after `since`? The same day or minute may hide a change that came after we read it."""
    stated = page.changed or page.published
    if stated is None or _stamp(page) != since:
        return _stamp(page) > since
    span = timedelta(days=1) if stated.precision == "day" else timedelta(minutes=0 if stated.instant.second else 1)
    return bool(span and read_at and read_at < stated.instant + span + CLOCKS)


def _news(page: Location) -> Article:
    stated = page.published
    return Article(
        url=page.url,
        title=page.title,
        published=stated.instant if stated else None,
        published_precision=stated.precision if stated else "minute",
        published_from="listing" if stated else "first-seen",
        teaser=True,
    ).told_by("listing")
