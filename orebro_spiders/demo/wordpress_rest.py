"""The pretend WordPress's /wp-json/: posts as JSON, as the REST API of WordPress 6.1 gives them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any
from zlib import crc32

from orebro_spiders.demo.clock import STOCKHOLM, local_naive, utc_naive
from orebro_spiders.demo.newsroom import Newsroom
from orebro_spiders.demo.posts import Post, slugify
from orebro_spiders.demo.server import Call, Reply
from orebro_spiders.demo.wordpress_content import content_html, texturised

JSON = "application/json; charset=UTF-8"
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.I)
_ORDERS: dict[str, Callable[[Post], Any]] = {
    "date": lambda post: (post.published, post.id),
    "modified": lambda post: (post.modified, post.id),
    "id": lambda post: post.id,
}
_FILTERS: dict[str, Callable[[Post, datetime], bool]] = {
    "after": lambda post, at: post.published > at,
    "before": lambda post, at: post.published < at,
    "modified_after": lambda post, at: post.modified > at,
    "modified_before": lambda post, at: post.modified < at,
}


class BadParameterError(Exception):
    """A parameter that WordPress refuses; the argument is its name."""


class Rest:
    """Answers below /wp-json."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self._categories = newsroom.every("categories")

    def disabled(self) -> Reply:
        """The answer of a site whose owner has turned the API off."""
        return _error(401, "rest_disabled", "REST-API:et är avstängt på denna webbplats.")

    def reply(self, route: str, call: Call) -> Reply:
        """The answer to `route`, the part of the path after /wp-json."""
        if route.rstrip("/") == "":
            return _json(self._index())
        if route.rstrip("/") == "/wp/v2/posts":
            return self._collection(call)
        if match := re.fullmatch(r"/wp/v2/posts/(\d+)/?", route):
            return self._single(int(match[1]), call)
        return _error(404, "rest_no_route", "Ingen rutt hittades som matchade URL och förfrågningsmetod.")

    def _index(self) -> dict[str, Any]:
        masthead, home = self.newsroom.masthead, self.newsroom.base_url.rstrip("/")
        return {
            "name": masthead.title,
            "description": masthead.tagline,
            "url": home,
            "home": home,
            "timezone_string": STOCKHOLM.key,
            "namespaces": ["wp/v2"],
        }

    def _collection(self, call: Call) -> Reply:
        try:
            size, page = _number(call, "per_page", 10, 100), _number(call, "page", 1)
            posts = _sorted(_filtered(self.newsroom.posts, call), call)
        except BadParameterError as bad:
            return _error(400, "rest_invalid_param", f"Ogiltig(a) parameter(ar): {bad}", params=[str(bad)])
        pages = -(-len(posts) // size)
        if page > pages and posts:
            message = "Det begärda sidnumret är större än antalet tillgängliga sidor."
            return _error(400, "rest_post_invalid_page_number", message)
        shown = [self._post(post, call) for post in posts[(page - 1) * size : page * size]]
        return _json(shown, headers={"X-WP-Total": str(len(posts)), "X-WP-TotalPages": str(pages)})

    def _single(self, number: int, call: Call) -> Reply:
        for post in self.newsroom.posts:
            if post.id == number:
                return _json(self._post(post, call))
        return _error(404, "rest_post_invalid_id", "Ogiltigt inläggs-ID.")

    def _post(self, post: Post, call: Call) -> dict[str, Any]:
        """One post. `_embedded` comes with `_embed` unless `_fields` leaves it out."""
        data = self._data(post)
        names = {name.strip().split(".")[0] for name in call.argument("_fields").split(",") if name.strip()}
        if names:
            data = {key: value for key, value in data.items() if key in names}
        if "_embed" in call.query and (not names or names & {"_links", "_embedded"}):
            data["_embedded"] = self._embedded(post)
        return data

    def _data(self, post: Post) -> dict[str, Any]:
        return {
            "id": post.id,
            "date": local_naive(post.published),
            "date_gmt": utc_naive(post.published),
            "guid": {"rendered": f"{self.newsroom.base_url}?p={post.id}"},
            "modified": local_naive(post.modified),
            "modified_gmt": utc_naive(post.modified),
            "slug": post.slug,
            "status": "publish",
            "type": "post",
            "link": post.url,
            "title": {"rendered": texturised(post.title)},
            "content": {"rendered": f"{content_html(post)}\n", "protected": False},
            "excerpt": {"rendered": f"<p>{texturised(post.words(55))} [&hellip;]</p>\n", "protected": False},
            "author": _number_of(post.author),
            "featured_media": 100_000 + post.id if post.image else 0,
            "comment_status": "open",
            "format": "standard",
            "categories": [self._categories.index(name) + 2 for name in post.categories],
            "tags": [_number_of(name) for name in post.tags],
            "_links": {"self": [{"href": f"{self.newsroom.base_url}wp-json/wp/v2/posts/{post.id}"}]},
        }

    def _embedded(self, post: Post) -> dict[str, Any]:
        categories = [(self._categories.index(name) + 2, name) for name in post.categories]
        tags = [(_number_of(name), name) for name in post.tags]
        embedded: dict[str, Any] = {
            "author": [
                {"id": _number_of(post.author), "name": post.author, "slug": slugify(post.author)},
            ],
            "wp:term": [self._terms("category", categories), self._terms("post_tag", tags)],
        }
        if post.image:
            embedded["wp:featuredmedia"] = [_media(post)]
        return embedded

    def _terms(self, taxonomy: str, terms: Sequence[tuple[int, str]]) -> list[dict[str, Any]]:
        folder = {"category": "category", "post_tag": "tag"}[taxonomy]
        return [
            {
                "id": number,
                "link": f"{self.newsroom.base_url}{folder}/{slugify(name)}/",
                "name": escape(name, quote=False),
                "slug": slugify(name),
                "taxonomy": taxonomy,
            }
            for number, name in terms
        ]


def _media(post: Post) -> dict[str, Any]:
    return {
        "id": 100_000 + post.id,
        "source_url": post.image,
        "mime_type": "image/png",
        "media_type": "image",
        "media_details": {"width": 640, "height": 360},
        "alt_text": post.image_alt,
    }


def _filtered(posts: Sequence[Post], call: Call) -> list[Post]:
    kept = list(posts)
    for name, holds in _FILTERS.items():
        if name in call.query:
            at = _instant(call.argument(name), name)
            kept = [post for post in kept if holds(post, at)]
    if wanted := [*call.query.get("include", ()), *call.query.get("include[]", ())]:
        numbers = set(re.split(r"[\s,]+", ",".join(wanted)))
        kept = [post for post in kept if str(post.id) in numbers]
    return kept


def _sorted(posts: list[Post], call: Call) -> list[Post]:
    by, order = call.argument("orderby", "date"), call.argument("order", "desc")
    if by not in _ORDERS:
        raise BadParameterError("orderby")
    if order not in ("asc", "desc"):
        raise BadParameterError("order")
    return sorted(posts, key=_ORDERS[by], reverse=order == "desc")


def _number(call: Call, name: str, default: int, most: int | None = None) -> int:
    text = call.argument(name, str(default))
    if not text.isdecimal() or int(text) < 1 or (most is not None and int(text) > most):
        raise BadParameterError(name)
    return int(text)


def _instant(text: str, name: str) -> datetime:
    """The site's local time where `text` has no zone. A '+' sent unescaped is a space by now, and refused."""
    if not _INSTANT.fullmatch(text):
        raise BadParameterError(name)
    at = datetime.fromisoformat(text.upper())
    return at if at.tzinfo else at.replace(tzinfo=STOCKHOLM)


def _number_of(name: str) -> int:
    """A number for an author or a tag that is the same in every county."""
    return crc32(name.encode()) % 10_000


def _json(data: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    return Reply(json.dumps(data).encode(), status, JSON, headers or {})


def _error(status: int, code: str, message: str, **data: object) -> Reply:
    return _json({"code": code, "message": message, "data": {"status": status, **data}}, status)
