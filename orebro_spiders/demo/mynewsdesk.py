"""A pretend Mynewsdesk: several press rooms on one host, each in the markup of its own year."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import sha256

from orebro_spiders.demo.newsroom import Masthead, Newsroom
from orebro_spiders.demo.posts import Post, slugify
from orebro_spiders.demo.rendering import Pages, picture, robots
from orebro_spiders.demo.server import Call, Reply

PER_PAGE = 6
RSS = "application/rss+xml; charset=utf-8"
_LETTERS = {"å": "aa", "ä": "ae", "ö": "oe"}


def complete(post: Post, masthead: Masthead, base_url: str) -> Post:
    """`post` with its address, its contacts and boilerplate, and the address of its picture."""
    slug = post.slug or slugify(post.title, _LETTERS)
    return replace(
        post,
        slug=slug,
        url=f"{base_url}se/{masthead.room}/pressreleases/{slug}-{post.id}",
        published=post.published.replace(second=0),
        modified=post.modified.replace(second=0),
        tail=(*masthead.contacts, masthead.boilerplate),
        image=f"{base_url}image/upload/c_limit,dpr_auto,f_auto,w_864/{token(post)}" if post.image else "",
        details={"token": token(post)},
    )


def token(post: Post) -> str:
    """The twenty characters that name a picture, and that stand as stray text in old markup."""
    digits = sha256(f"{post.newsroom}/{post.id}".encode()).digest()
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    return "".join(letters[digit % len(letters)] for digit in digits[:20]).capitalize()


class Mynewsdesk:
    """Answers for every room, found by the name in the address."""

    def __init__(self, rooms: Sequence[Newsroom]) -> None:
        self._rooms = {room.masthead.room: room for room in rooms}
        self._base_url = rooms[0].base_url
        self._pages = Pages("mynewsdesk", base=self._base_url, rooms=[room.masthead for room in rooms])
        self._routes: list[tuple[re.Pattern[str], Callable[..., Reply]]] = [
            (re.compile(pattern), answer)
            for pattern, answer in (
                (r"/robots\.txt", lambda call: robots()),
                (r"/(?:se/?)?", lambda call: self._pages.reply("home.html")),
                (r"/image/upload/(?:[^/]+/)*([A-Za-z0-9]{20})", lambda call, name: picture(name)),
                (r"/se/([^/]+)/pressreleases\.rss", self._feed),
                (r"/se/pressreleases/[^/]+-(\d+)", self._old_address),
                (r"/se/([^/]+)(?:/pressreleases)?/?", self._listing),
                (r"/se/([^/]+)/pressreleases/([^/]+)", self._release),
            )
        ]

    def __call__(self, call: Call) -> Reply:
        """Answer one request."""
        for pattern, answer in self._routes:
            if match := pattern.fullmatch(call.path):
                return answer(call, *match.groups())
        return self._not_found()

    def _listing(self, call: Call, name: str) -> Reply:
        """The room of 2020 is paged; the older ones show everything at once."""
        if name not in self._rooms:
            return self._not_found()
        room = self._rooms[name]
        posts, following = room.posts, 0
        if room.masthead.markup == "2020":
            page = int(call.argument("page")) if call.argument("page").isdecimal() else 1
            posts = room.posts[(page - 1) * PER_PAGE : page * PER_PAGE] if page > 0 else ()
            following = page + 1 if page * PER_PAGE < len(room.posts) else 0
        is_fragment = call.headers.get("X-Requested-With") == "XMLHttpRequest"
        template = f"room_{room.masthead.markup}.html"
        return self._pages.reply(
            template, room=room.masthead, posts=posts, following=following, is_fragment=is_fragment
        )

    def _release(self, call: Call, name: str, slug: str) -> Reply:
        posts = self._rooms[name].posts if name in self._rooms else ()
        post = next((post for post in posts if call.path == post.path), None)
        if post is None:
            return self._not_found()
        room = self._rooms[name].masthead
        return self._pages.reply(f"release_{room.markup}.html", room=room, post=post)

    def _feed(self, call: Call, name: str) -> Reply:
        room = self._rooms.get(name)
        if room is None or not room.masthead.has_feed:
            return self._not_found()
        return self._pages.reply("feed.xml", content_type=RSS, room=room.masthead, posts=room.posts)

    def _old_address(self, call: Call, number: str) -> Reply:
        """/se/pressreleases/<slug>-<id>, the form of before 2015: the id is enough to find the release."""
        for room in self._rooms.values():
            for post in room.posts:
                if str(post.id) == number:
                    return Reply(status=301, headers={"Location": post.url})
        return self._not_found()

    def _not_found(self) -> Reply:
        return self._pages.reply("404.html", status=404)
