"""A pretend WordPress (Max Mag theme): listings, articles and feeds. `wordpress_rest` has its JSON.

Its conduct is that of WordPress 6.1: site-wide feed validators, `?paged=N`, and past the end a feed's 404.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from email.utils import mktime_tz, parsedate_tz

from orebro_spiders.demo.clock import http_date, month_and_year
from orebro_spiders.demo.newsroom import Masthead, Newsroom
from orebro_spiders.demo.posts import Post, slugify
from orebro_spiders.demo.rendering import Pages, picture, robots
from orebro_spiders.demo.server import Call, Reply
from orebro_spiders.demo.wordpress_content import content_html, texturised
from orebro_spiders.demo.wordpress_rest import Rest

PER_PAGE = 10
RSS = "application/rss+xml; charset=UTF-8"
UPLOADS = "wp-content/uploads"


@dataclass
class Switches:
    """What this WordPress has on now: wp-json, feeds, the older layout with a date on the article page."""

    rest: bool = True
    feed: bool = True
    dated: bool = False


def complete(post: Post, masthead: Masthead, base_url: str) -> Post:
    """`post` with its address, its month as a tag, its signature and the address of its picture."""
    slug = post.slug or slugify(post.title)
    folder = f"{base_url}{UPLOADS}/{post.published:%Y/%m}/"
    return replace(
        post,
        slug=slug,
        url=f"{base_url}{slug}/",
        tags=(*post.tags, month_and_year(post.published)),
        tail=_signature(post, masthead),
        image=folder + post.image if post.image else "",
    )


def _signature(post: Post, masthead: Masthead) -> tuple[str, ...]:
    if "origin" not in post.details:
        return ()
    return (" | ".join(post.categories), masthead.title, f"Källa {post.details['origin']}")


class WordPress:
    """Answers for the one newsroom whose site this is."""

    def __init__(self, newsroom: Newsroom, switches: Switches) -> None:
        self.newsroom = newsroom
        self.switches = switches
        self._rest = Rest(newsroom)
        self._pages = Pages(
            "wordpress",
            masthead=newsroom.masthead,
            base=newsroom.base_url,
            slugify=slugify,
            texturised=texturised,
            content_html=content_html,
        )
        self._routes: list[tuple[re.Pattern[str], Callable[..., Reply]]] = [
            (re.compile(pattern), answer)
            for pattern, answer in (
                (r"/robots\.txt", self._robots),
                (r"/wp-json(/.*)?", self._json),
                (r"/feed/", self._feed),
                (r"/([^/]+)/feed/", self._comments_feed),
                (r"/(?:page/(\d+)/)?", self._front),
                (r"/(tag|category|author)/([^/]+)/(?:page/(\d+)/)?", self._archive),
                (rf"/{UPLOADS}/(.+\.png)", lambda call, name: picture(name)),
                (r"/([^/]+)/", self._article),
            )
        ]

    def __call__(self, call: Call) -> Reply:
        """Answer one request."""
        if call.path == "/" and "p" in call.query:
            return self._short_link(call.argument("p"))
        for pattern, answer in self._routes:
            if match := pattern.fullmatch(call.path):
                return answer(call, *match.groups())
        if not call.path.endswith("/") and "." not in call.path.rsplit("/", 1)[1]:
            return _moved(self.newsroom.base_url + call.path[1:] + "/")
        return self._not_found()

    def _robots(self, call: Call) -> Reply:
        return robots("/wp-admin/")

    def _json(self, call: Call, route: str | None) -> Reply:
        return self._rest.reply(route or "/", call) if self.switches.rest else self._rest.disabled()

    def _front(self, call: Call, number: str | None) -> Reply:
        return self._listing("", self.newsroom.base_url, self.newsroom.posts, number)

    def _archive(self, call: Call, kind: str, slug: str, number: str | None) -> Reply:
        posts = [post for post in self.newsroom.posts if slug in map(slugify, _labels(post, kind))]
        if not posts:
            return self._not_found()
        label = next(label for label in _labels(posts[0], kind) if slugify(label) == slug)
        heading = f"All posts by {label}" if kind == "author" else f'All posts tagged "{label}"'
        return self._listing(heading, f"{self.newsroom.base_url}{kind}/{slug}/", posts, number)

    def _listing(self, heading: str, url: str, posts: Sequence[Post], number: str | None) -> Reply:
        page, pages = int(number or 1), page_count(posts)
        if not 1 <= page <= pages:
            return self._not_found()
        shown = posts[(page - 1) * PER_PAGE : page * PER_PAGE]
        return self._reply("archive.html", heading=heading, url=url, posts=shown, page=page, pages=pages)

    def _article(self, call: Call, slug: str) -> Reply:
        post = next((post for post in self.newsroom.posts if post.slug == slug), None)
        if post is None:
            return self._not_found()
        alike = [other for other in self.newsroom.posts if set(other.categories) & set(post.categories)]
        related = [other for other in alike if other.id != post.id][:3]
        return self._reply("article.html", post=post, related=related)

    def _short_link(self, number: str) -> Reply:
        post = next((post for post in self.newsroom.posts if str(post.id) == number), None)
        return _moved(post.url) if post else self._not_found()

    def _not_found(self) -> Reply:
        return self._reply("404.html", status=404)

    def _reply(self, template: str, status: int = 200, **values: object) -> Reply:
        latest = self.newsroom.posts
        page = self._pages.render(template, switches=self.switches, ticker=latest[:10], sidebar=latest[:7], **values)
        return Reply(page.encode(), status)

    def _feed(self, call: Call) -> Reply:
        if not self.switches.feed:
            return self._not_found()
        paged = call.argument("paged")
        page = max(1, int(paged)) if paged.isdecimal() else 1
        posts = self.newsroom.posts[(page - 1) * PER_PAGE : page * PER_PAGE]
        built = max(post.modified for post in self.newsroom.posts)
        reply = self._pages.reply("feed.xml", 200 if posts else 404, RSS, posts=posts, built=built)
        return _wordpress_conditional(call, reply, http_date(built)) if posts else reply

    def _comments_feed(self, call: Call, slug: str) -> Reply:
        """The other feeds that a post page names: of the site's comments and of its own. Nobody comments."""
        known = {"comments", *(post.slug for post in self.newsroom.posts)}
        if not self.switches.feed or slug not in known:
            return self._not_found()
        return self._pages.reply("comments-feed.xml", content_type=RSS)


def page_count(posts: Sequence[Post], size: int = PER_PAGE) -> int:
    """Pages of `size` posts; an empty site has one."""
    return max(1, -(-len(posts) // size))


def _labels(post: Post, kind: str) -> tuple[str, ...]:
    return {"tag": post.tags, "category": post.categories, "author": (post.author,)}[kind]


def _moved(url: str) -> Reply:
    return Reply(status=301, headers={"Location": url})


def _wordpress_conditional(call: Call, reply: Reply, last_modified: str) -> Reply:
    """WP::send_headers: both validators, where both are sent, have to hold; a weak W/ prefix never does."""
    etag = f'"{hashlib.md5(last_modified.encode(), usedforsecurity=False).hexdigest()}"'
    validators = {"ETag": etag, "Last-Modified": last_modified}
    tag, since = call.headers.get("If-None-Match"), call.headers.get("If-Modified-Since")
    same_tag = tag is None or tag == etag
    not_newer = since is None or _seconds(since) >= _seconds(last_modified)
    if (tag or since) and same_tag and not_newer:
        return Reply(status=304, content_type="", headers=validators)
    return replace(reply, headers=validators)


def _seconds(date: str) -> int:
    """Seconds since 1970; 0 for what is no date, as PHP's (int) strtotime()."""
    parsed = parsedate_tz(date)
    return mktime_tz(parsed) if parsed else 0
