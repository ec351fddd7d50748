"""Two pretend sites that are read by their feeds: a radio station (RSS 2.0) and a hockey club (Atom 1.0)."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from orebro_spiders.demo.clock import http_date
from orebro_spiders.demo.newsroom import Masthead, Newsroom
from orebro_spiders.demo.posts import Post, slugify
from orebro_spiders.demo.rendering import Pages, picture, robots
from orebro_spiders.demo.server import Call, Reply, conditional

RSS = "application/rss+xml; charset=utf-8"
ATOM = "application/atom+xml; charset=utf-8"


def complete(post: Post, masthead: Masthead, base_url: str) -> Post:
    """`post` with its address and those of its picture and its sound."""
    slug = post.slug or slugify(post.title)
    return replace(
        post,
        slug=slug,
        url=f"{base_url}nyheter/{slug}/",
        image=f"{base_url}bilder/{post.image}" if post.image else "",
        audio=f"{base_url}ljud/{post.audio}" if post.audio else "",
    )


class FeedSite:
    """A site of a home page, articles and one feed; its subclasses say how the feed is served."""

    feed_path: str
    feed_type: str
    feed_template: str

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self._pages = Pages(newsroom.masthead.site, masthead=newsroom.masthead, base=newsroom.base_url, silence=SILENCE)

    def __call__(self, call: Call) -> Reply:
        """Answer one request."""
        if call.path == "/robots.txt":
            return robots()
        if call.path == self.feed_path:
            return self._feed(call)
        if call.path.startswith("/bilder/"):
            return picture(call.path)
        if call.path.startswith("/ljud/"):
            return Reply(SILENCE, content_type="audio/mpeg")
        if call.path == "/":
            return self._pages.reply("home.html", posts=self.newsroom.posts)
        for post in self.newsroom.posts:
            if call.path == post.path:
                return self._article(call, post)
        return self._pages.reply("404.html", status=404)

    def _feed(self, call: Call) -> Reply:
        posts = self.newsroom.posts
        updated = max(post.modified for post in posts)
        reply = self._pages.reply(self.feed_template, content_type=self.feed_type, posts=posts, updated=updated)
        return self._validated(call, reply, http_date(updated))

    def _article(self, call: Call, post: Post) -> Reply:
        return self._pages.reply("article.html", post=post)

    def _validated(self, call: Call, reply: Reply, last_modified: str) -> Reply:
        return conditional(call, reply, _etag(reply))


class Radio(FeedSite):
    """Its feed has an ETag only."""

    feed_path = "/rss/"
    feed_type = RSS
    feed_template = "rss.xml"


class HockeyClub(FeedSite):
    """A site of static files: feed and articles have an ETag and a Last-Modified."""

    feed_path = "/atom.xml"
    feed_type = ATOM
    feed_template = "atom.xml"

    def _article(self, call: Call, post: Post) -> Reply:
        return self._validated(call, super()._article(call, post), http_date(post.modified))

    def _validated(self, call: Call, reply: Reply, last_modified: str) -> Reply:
        return conditional(call, reply, _etag(reply), last_modified)


#: One silent MPEG-1 layer III frame (128 kbit/s, 44.1 kHz, mono).
SILENCE = b"\xff\xfb\x90\xc4" + bytes(413)


def _etag(reply: Reply) -> str:
    return f'"{sha256(reply.body).hexdigest()[:16]}"'
