"""WordPress: by its REST API, else its feed, else its pages.

The REST API (https://developer.wordpress.org/rest-api/reference/posts/) gives whole posts, a hundred at a time, and
tells what was changed since (`modified_after`) and what no longer exists. The feed gives the newest ten and, by
`?paged=`, older pages of ten (where it has none, the list of articles goes on); the sitemap then shows what was
withdrawn. The pages are read by the themes' markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode, urljoin

from scrapy import Request

from orebro_spiders.archive import articles as archived
from orebro_spiders.items import Article, Missing
from orebro_spiders.reading.discovery import REST, Finding
from orebro_spiders.reading.extraction import Selectors, read_article
from orebro_spiders.reading.json_fields import read_json
from orebro_spiders.reading.listings import ListMarkup
from orebro_spiders.reading.marks import Keys, Marks
from orebro_spiders.reading.posts import read_post
from orebro_spiders.reading.sitemaps import NotASitemapError, Sitemap, read_sitemap
from orebro_spiders.reading.urls import address_key
from orebro_spiders.spiders.lists import ListSpider
from orebro_spiders.spiders.platform import MAX_CHECKS, charset_of, is_unchanged

if TYPE_CHECKING:
    from scrapy.http import Response

    from orebro_spiders.archive.articles import Standing

PER_PAGE = 100
"""The most posts that the REST API gives at once."""
FIELDS = "id,date,date_gmt,modified_gmt,link,title,excerpt,content,_links,_embedded"
EMBEDDED = "author,wp:term,wp:featuredmedia"
SECOND = timedelta(seconds=1)
FIRST_DAY = datetime(1970, 1, 1, tzinfo=UTC)
REFUSED = (401, 403, 404, 410)
SITEMAP_PAGE = 2000
"""Addresses in one of WordPress's own sitemaps (https://developer.wordpress.org/reference/classes/wp_sitemaps/)."""
SITEMAP_PAUSE = timedelta(hours=6)

# Max Mag (the theme of Örebronyheter), then the markup of WordPress's own themes.
LIST = ListMarkup(
    entry=("ul.archive > li", "main article", "#main article", "article.post", "div.hentry"),
    link=("a.main-headline", ".entry-title a", "h2 a", "h3 a", "a[rel=bookmark]"),
    title=("a.main-headline", ".entry-title", "h2", "h3"),
    summary=(
        "div.archive-text > p",
        "div.archive-text-noimg > p",
        ".entry-summary p",
        ".entry-content p",
        "p",
    ),
    date=("time.published", "time", "ul.headlines-info > li", ".entry-date", ".posted-on"),
    onward=("link[rel=next]", "a.next", ".nav-previous a", "a[rel=next]"),
)
PAGE = Selectors(
    title=("h1.headline", "h1.entry-title", "article h1", "h1"),
    body=("#content-area", ".entry-content", ".post-content", ".article-content", "article"),
    date=(
        "#post-info-left .date",
        "article .entry-header time",
        "article time.entry-date",
        "article .posted-on time",
    ),
    author=(
        "#post-info-left .vcard .fn",
        "article .byline .author",
        "article .author.vcard",
        "article a[rel=author]",
    ),
    categories=("article .cat-links a", "a[rel~=category]"),
    strip=(
        ".post-image",
        "#social-box",
        "#social-box-vert",
        "#author-info",
        ".entry-footer",
        ".post-navigation",
    ),
)


class WordPressSpider(ListSpider):
    """Reads a WordPress site."""

    rungs: ClassVar[tuple[str, ...]] = ("rest", "feed", "pages")
    tells_edits: ClassVar[frozenset[str]] = frozenset({"rest"})
    list_markup = LIST

    @property
    def _site(self) -> str:
        """Where WordPress is installed, which may be a folder."""
        return f"{self.source.url.rstrip('/')}/"

    # REST

    def enter_rest(self) -> Iterator[Request]:
        """What was changed since the newest post known; at first sight, everything, newest first."""
        state = self.cursor.get("rest")
        url = self._newer(state["newest"]) if state else self._older("")
        yield self.ask_way_in(url, self.parse_posts, remember=False)

    def _posts(self, **query: Any) -> str:
        return urljoin(self._site, f"wp-json/wp/v2/posts?{urlencode(query, safe=':,')}")

    def _whole_posts(self, **query: Any) -> str:
        return self._posts(**query, orderby="modified", per_page=PER_PAGE, _embed=EMBEDDED, _fields=FIELDS)

    def _newer(self, newest: str) -> str:
        """Posts changed since then, oldest first. The limit is exclusive, so it is put one second earlier."""
        limit = (datetime.fromisoformat(newest) - SECOND).isoformat()
        return self._whole_posts(order="asc", modified_after=f"{limit}Z")

    def _older(self, oldest: str) -> str:
        """Posts changed before then, newest first: by instant and not by page, so that none is skipped."""
        if not oldest:
            return self._whole_posts(order="desc")
        limit = (datetime.fromisoformat(oldest) + SECOND).isoformat()
        return self._whole_posts(order="desc", modified_before=f"{limit}Z")

    def parse_posts(self, response: Response) -> Iterator[Any]:
        """The first answer of the REST API."""
        posts = self._read(response)
        if posts is None or (posts and not _stamps(posts)):
            yield from self.descend(response.url, "no list of posts that say when they were changed")
            return
        self.entered()
        if "rest" in self.cursor:
            yield from self.parse_newer(response)
        else:
            yield from self.parse_older(response)

    def parse_newer(self, response: Response) -> Iterator[Any]:
        """Posts changed since the last run; after the last of them, what is left of the past and of the present."""
        posts, state = self._read(response), self.cursor["rest"]
        if posts is None:
            return
        yield from self._articles(posts, response.url)
        newest = max((stamp for stamp in _stamps(posts) if stamp < _tomorrow()), default=state["newest"])
        is_stuck, state["newest"] = newest == state["newest"], newest
        if _goes_on(posts, is_stuck, newest):
            yield self._ask_second(newest, "newer") if is_stuck else self._ask_posts(self._newer(newest), "newer")
            return
        if not state["complete"] or (self.since and not state.get("ended")):
            yield self._ask_posts(self._older(state["oldest"]), "older")
        window = self._posts(per_page=PER_PAGE, _fields="id,date_gmt")
        yield self.ask(window, self.parse_window, remember=False)

    def parse_older(self, response: Response) -> Iterator[Any]:
        """Posts of the past, on the way back to the first one."""
        posts = self._read(response)
        if posts is None:
            return
        if not posts and "rest" not in self.cursor:
            self.found_nothing(response.url)
            return
        yield from self._articles(posts, response.url)
        stamps = _stamps(posts)
        newest = max((stamp for stamp in stamps if stamp < _tomorrow()), default="1970-01-01T00:00:00")
        state = self.cursor.setdefault("rest", {"newest": newest, "oldest": "", "count": 0})
        oldest = min(stamps, default=state["oldest"])
        is_stuck = oldest == state["oldest"]
        state.update(oldest=oldest, count=state["count"] + len(posts))
        state["ended"] = not _goes_on(posts, is_stuck, oldest)
        state["complete"] = state["ended"] or not self.goes_deeper(state["count"], _utc(oldest))
        if state["complete"]:
            self.came_back()
        if not state["complete"]:
            yield self._ask_second(oldest, "older") if is_stuck else self._ask_posts(self._older(oldest), "older")

    def parse_second(self, response: Response, second: str, onward: str, page: int) -> Iterator[Any]:
        """One second with more posts than a page holds (a bulk edit): by number, as its order is no order at all."""
        posts = self._read(response) if response.status == 200 else []
        if posts is None:
            return
        yield from self._articles(posts, response.url)
        if len(posts) == PER_PAGE:
            yield self._ask_second(second, onward, page + 1)
        elif onward == "newer":
            yield self._ask_posts(self._whole_posts(order="asc", modified_after=f"{second}Z"), "newer")
        else:
            yield self._ask_posts(self._whole_posts(order="desc", modified_before=f"{second}Z"), "older")

    def _ask_posts(self, url: str, onward: str) -> Request:
        return self.ask(url, self.parse_newer if onward == "newer" else self.parse_older, remember=False)

    def _ask_second(self, second: str, onward: str, page: int = 1) -> Request:
        limits = [(datetime.fromisoformat(second) + span).isoformat() for span in (-SECOND, SECOND)]
        url = self._posts(
            modified_after=f"{limits[0]}Z",
            modified_before=f"{limits[1]}Z",
            orderby="id",
            order="asc",
            page=page,
            per_page=PER_PAGE,
            _embed=EMBEDDED,
            _fields=FIELDS,
        )
        meta = {"second": second, "onward": onward, "page": page}
        past_the_end = [400]
        return self.ask(url, self.parse_second, remember=False, handle_httpstatus_list=past_the_end, cb_kwargs=meta)

    def _read(self, response: Response) -> list[dict[str, Any]] | None:
        """The posts of an answer; none, with a line in the crawl log, when it is no list of posts."""
        posts = read_json(response.body)
        if isinstance(posts, list):
            return [post if isinstance(post, dict) else {} for post in posts]
        self.problem(response.url, "the REST API does not answer with a list of posts")
        return None

    def _articles(self, posts: list[dict[str, Any]], url: str) -> Iterator[Article]:
        for post in posts:
            article = read_post(post, url)
            if article:
                yield article
            else:
                self.problem(url, f"post {post.get('id')!r} lacks address, headline or date")

    def parse_window(self, response: Response) -> Iterator[Any]:
        """The newest posts by number: what the archive has beside them may have been withdrawn.

        What it lacks of them came out without being changed: a post that was written ahead for a set hour.
        """
        posts = [post for post in self._read(response) or [] if post.get("id") and _is_instant(post.get("date_gmt"))]
        if not posts:
            return
        ids = {str(post["id"]) for post in posts if str(post["id"]).isdecimal()}
        since = min(post["date_gmt"] for post in posts) if len(posts) == PER_PAGE else "1970-01-01T00:00:00"
        standing = archived.standing_since(self.db, self.name, datetime.fromisoformat(since).replace(tzinfo=UTC))
        unknown = sorted(ids - archived.native_ids(self.db, self.name, ids), key=int)
        if unknown:
            included = self._whole_posts(order="desc", include=",".join(unknown))
            yield self.ask(included, self.parse_included, remember=False, walk=False)
        suspects = [a for a in standing if a.native_id and a.native_id not in ids]
        yield from self._check_posts(suspects)
        yield from self._count(response, len(unknown) - len(suspects))

    def _check_posts(self, suspects: Sequence[Standing]) -> Iterator[Request]:
        """Ask WordPress itself about posts that may have been withdrawn."""
        for article in suspects[:MAX_CHECKS]:
            yield self.ask(
                urljoin(self._site, f"wp-json/wp/v2/posts/{article.native_id}?_fields=id"),
                self.parse_post_check,
                remember=False,
                walk=False,
                handle_httpstatus_list=REFUSED,
                cb_kwargs={"url": article.url},
            )

    def _count(self, response: Response, coming: int) -> Iterator[Request]:
        """Ask for all numbers when WordPress has fewer posts beside ours than it had: an old one was withdrawn.

        `coming` is how many articles the archive will hold more when this run is over.
        """
        state, total = self.cursor["rest"], (response.headers.get("X-WP-Total") or b"").decode("latin-1")
        if not (total.isdecimal() and state["complete"]):
            return
        beside = int(total) - archived.count_numbered(self.db, self.name) - coming
        if beside < state.get("beside", 0):
            yield self._ask_numbers(1, frozenset())
        if beside != state.get("beside", 0):
            state["beside"] = beside

    def _ask_numbers(self, page: int, seen: frozenset[str]) -> Request:
        url = self._posts(page=page, per_page=PER_PAGE, orderby="id", order="asc", _fields="id")
        meta = {"page": page, "seen": seen}
        past_the_end = [400]
        return self.ask(url, self.parse_numbers, remember=False, handle_httpstatus_list=past_the_end, cb_kwargs=meta)

    def parse_numbers(self, response: Response, page: int, seen: frozenset[str]) -> Iterator[Request]:
        """The numbers of all posts, a hundred at a time; a known one that is missing may have been withdrawn."""
        posts = self._read(response) if response.status == 200 else []
        if posts is None:
            return
        seen |= {str(post.get("id")) for post in posts}
        if len(posts) == PER_PAGE:
            yield self._ask_numbers(page + 1, seen)
            return
        standing = [a for a in archived.standing_since(self.db, self.name, FIRST_DAY) if a.native_id]
        suspects = [article for article in standing if article.native_id not in seen]
        if len(suspects) * 2 < len(standing):  # else it is no list of these posts
            yield from self._check_posts(suspects)

    def parse_included(self, response: Response) -> Iterator[Article]:
        """Posts that were asked for by number."""
        yield from self._articles(self._read(response) or [], response.url)

    def parse_post_check(self, response: Response, url: str) -> Iterator[Missing]:
        """WordPress's own word on a post: unknown (deleted) or not for us (in the bin, withdrawn to a draft)."""
        said = read_json(response.body)
        code = said.get("code", "") if isinstance(said, dict) else ""
        if response.status in REFUSED and code in {"rest_post_invalid_id", "rest_forbidden"}:
            yield Missing(url=url, source=self.name, status=response.status, definite=True)

    # Feed

    def enter_feed(self) -> Iterator[Request]:
        """The newest page of the feed."""
        back = self.walk_back("feed", self.parse_feed) or self.walk_back("pages", self.parse_listing)
        yield from back or [self.ask_way_in(self._feed_address(), self.parse_feed, page=1)]

    def _feed_address(self) -> str:
        return urljoin(self._site, self.source.feed or "feed/")

    def parse_feed(self, response: Response) -> Iterator[Any]:
        """A page of the feed; the walk goes on while it brings something new, at first sight to the end."""
        page: int = response.meta["page"]
        if is_unchanged(response):
            self.entered()
            yield from self.resume("feed", self.parse_feed)
            yield from self.resume("pages", self.parse_listing)
            yield from self._ask_sitemap()
            return
        if response.status != 200:
            yield from self._walk_feed(response, ())
            return
        feed = self.feed_of(response)
        if feed is None:
            yield from self.descend(response.url, "no feed") if page == 1 else ()
            return
        feed = replace(feed, articles=tuple(map(self._item, feed.articles)))
        yield from feed.articles if any(article.text for article in feed.articles) else self.follow(feed)
        if feed.is_cut:
            return
        yield from self._walk_feed(response, feed.articles)
        if page == 1:
            yield from self.resume("pages", self.parse_listing)
            yield from self.vanished(feed.articles)
            yield from self._ask_sitemap(changed=True)

    def _walk_feed(self, response: Response, found: Sequence[Article]) -> Iterator[Request]:
        """The next page of the feed; the list of articles where the feed turns out to have no second one.

        Such a feed answers that there is none, or with the first one again.
        """
        number, state = _page_number(response.url), self.cursor.setdefault("feed", {"to_end": True})
        if number == 2 and (state["to_end"] or self.goal) and not self.count_fresh(found):
            state.update(onward=None, to_end=False)
            self.cursor.setdefault("pages", {"to_end": True, "onward": self.list_address()})
            yield from self.resume("pages", self.parse_listing)
        else:
            onward = f"{self._feed_address()}?paged={number + 1}" if found else ""
            yield from self.walk_on("feed", response, self.parse_feed, found, onward)

    def _item(self, article: Article) -> Article:
        """A feed item with the post's number, which WordPress writes as its guid (`?p=315`).

        The feed mixes tags into the categories: where the REST API has told them, its word stands.
        """
        number = _POST_GUID.search(article.guid)
        is_told = "rest" in self.cursor and archived.is_known(self.db, article.url)
        return replace(
            article,
            native_id=number[1] if number else article.native_id,
            categories=() if is_told else article.categories,
        )

    def _ask_sitemap(self, *, changed: bool = False) -> Iterator[Request]:
        """The feed never tells what was withdrawn; the sitemap does, and is asked after news or some hours."""
        now = datetime.now(UTC)
        looked = self.cursor.get("sitemap_at")
        if changed or not looked or now - datetime.fromisoformat(looked) >= SITEMAP_PAUSE:
            self.cursor["sitemap_at"] = now.isoformat(timespec="seconds")
            yield self._ask_sitemap_page(1, frozenset())

    def _ask_sitemap_page(self, page: int, listed: frozenset[str]) -> Request:
        return self.ask(
            urljoin(self._site, f"wp-sitemap-posts-post-{page}.xml"),
            self.parse_sitemap,
            remember=False,
            walk=False,
            handle_httpstatus_list=[404],
            cb_kwargs={"page": page, "listed": listed},
        )

    def parse_sitemap(self, response: Response, page: int, listed: frozenset[str]) -> Iterator[Request]:
        """All addresses of posts: a known article without one may have been withdrawn, which its page will tell."""
        locations = _locations(response)
        listed |= {address_key(location) for location in locations}
        if len(locations) >= SITEMAP_PAGE:
            yield self._ask_sitemap_page(page + 1, listed)
            return
        standing = archived.standing_since(self.db, self.name, FIRST_DAY)
        suspects = [article for article in standing if address_key(article.url) not in listed]
        if len(suspects) * 2 < len(standing):  # else it is no sitemap of these posts
            yield from self.look_at(suspects)

    # Pages

    def read_page(self, response: Response) -> Article:
        """The article on its own page, by the theme's markup."""
        now, charset = datetime.now(UTC), charset_of(response)
        article = read_article(response.body, response.url, now, selectors=PAGE, charset=charset)
        return article.at(self.asked_for(response))


def site_keys(finding: Finding) -> Keys:
    """The site's front page, which its API, its feed or else its host tells; its feed where that has an odd address."""
    feed = finding.feed.url if finding.feed else ""
    home = finding.rest_home or (feed.removesuffix("feed/") if feed.endswith("/feed/") else finding.document.home)
    return {"url": home} | ({"feed": feed} if feed and feed != urljoin(home, "feed/") else {})


SPIDER = WordPressSpider
MARKS = Marks(
    selectors=(
        f'link[rel="{REST}"]',
        'meta[name=generator][content^="WordPress"]',
        "link[href*='/wp-content/'], script[src*='/wp-includes/'], script[src*='/wp-content/']",
    ),
    rest=True,
    keys=site_keys,
)

_PAGED = re.compile(r"[?&]paged=(\d{1,6})$")
_POST_GUID = re.compile(r"[?&]p=(\d+)$")


def _locations(response: Response) -> tuple[str, ...]:
    """The addresses of a sitemap; none where there is no such file."""
    try:
        sitemap = read_sitemap(response.body, response.url, datetime.now(UTC)) if response.status == 200 else Sitemap()
    except NotASitemapError:
        return ()
    return tuple(page.url for page in sitemap.pages)


def _goes_on(posts: list[dict[str, Any]], is_stuck: bool, second: str) -> bool:
    """Is there more behind this page? A stuck walk goes on in a single second only, not among dates of the future."""
    one_second = all(post.get("modified_gmt") == second for post in posts)
    return len(posts) == PER_PAGE and (one_second or not is_stuck)


def _page_number(url: str) -> int:
    number = _PAGED.search(url)
    return int(number[1]) if number else 1


def _stamps(posts: list[dict[str, Any]]) -> list[str]:
    """When the posts were changed, as far as they say so."""
    return [post["modified_gmt"] for post in posts if _is_instant(post.get("modified_gmt"))]


def _utc(stamp: str) -> datetime | None:
    return datetime.fromisoformat(stamp).replace(tzinfo=UTC) if stamp else None


def _tomorrow() -> str:
    """No later change can be: a year 9999 must not end the walk for ever."""
    return (datetime.now(UTC) + timedelta(days=1)).isoformat()


def _is_instant(value: Any) -> bool:
    try:
        return bool(datetime.fromisoformat(value))
    except (TypeError, ValueError):
        return False
