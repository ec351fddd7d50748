"""A pretend site whose pages are empty until a script has fetched their text as JSON and put it in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from orebro_spiders.demo.clock import long_date
from orebro_spiders.demo.newsroom import Newsroom
from orebro_spiders.demo.posts import Post
from orebro_spiders.demo.rendering import Pages, picture, robots
from orebro_spiders.demo.server import Call, Reply

PER_PAGE = 4
JSON = "application/json; charset=utf-8"
_FILES = {"/app.js": "text/javascript; charset=utf-8", "/app.css": "text/css; charset=utf-8"}


class ScriptSite:
    """Every page is the same shell; `/api/nyheter` has the list and the articles."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self._pages = Pages(newsroom.masthead.site, masthead=newsroom.masthead)

    def __call__(self, call: Call) -> Reply:
        """Answer one request."""
        if call.path == "/robots.txt":
            return robots()
        if call.path in _FILES:
            return self._pages.reply(call.path.strip("/"), content_type=_FILES[call.path])
        if call.path.startswith("/bilder/"):
            return picture(call.path)
        if call.path == "/api/nyheter":
            return self._list(call)
        path = call.path.removeprefix("/api")
        post = next((post for post in self.newsroom.posts if post.path == path), None)
        if path != call.path:
            return _json(_whole(post)) if post else _json({"fel": "Artikeln finns inte"}, 404)
        return self._pages.reply("shell.html", status=200 if post or path == "/" else 404)

    def _list(self, call: Call) -> Reply:
        page = int(call.argument("sida")) if call.argument("sida").isdecimal() else 1
        shown = self.newsroom.posts[(page - 1) * PER_PAGE : page * PER_PAGE]
        has_more = page * PER_PAGE < len(self.newsroom.posts)
        return _json({"nyheter": [_teaser(post) for post in shown], "nasta": page + 1 if has_more else None})


def _teaser(post: Post) -> dict[str, Any]:
    return {
        "adress": post.path,
        "rubrik": post.title,
        "ingress": post.paragraphs[0],
        "publicerad": post.published.isoformat(),
        "datum": long_date(post.published),
    }


def _whole(post: Post) -> dict[str, Any]:
    return _teaser(post) | {
        "skribent": post.author,
        "avdelningar": post.categories,
        "bild": post.image,
        "brodtext": str(post.html),
    }


def _json(said: Mapping[str, Any], status: int = 200) -> Reply:
    return Reply(json.dumps(said, ensure_ascii=False).encode(), status, JSON)
