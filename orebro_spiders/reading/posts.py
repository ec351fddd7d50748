"""Posts of the WordPress REST API to articles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timezone
from typing import Any

from orebro_spiders.items import Article
from orebro_spiders.reading.addresses import absolute
from orebro_spiders.reading.content import content_of
from orebro_spiders.reading.feeds import without_read_more
from orebro_spiders.reading.json_fields import listed
from orebro_spiders.reading.text import fragment, plain_line


def read_post(post: dict[str, Any], url: str) -> Article | None:
    """The article that a post is; `None` when it lacks number, address or date.

    https://developer.wordpress.org/rest-api/reference/posts/#schema, asked for with `_embed`.
    """
    published = _instant(post.get("date"), post.get("date_gmt"))
    if not post.get("id") or not post.get("link") or published is None:
        return None
    updated = _instant(post.get("date"), post.get("modified_gmt"), published)
    content = content_of(fragment(_rendered(post, "content")), str(post["link"]))
    found = post.get("_embedded")
    embedded: dict[str, Any] = found if isinstance(found, dict) else {}
    return Article(
        url=absolute(str(post["link"]), url),
        title=plain_line(_rendered(post, "title")),
        native_id=str(post["id"]),
        summary=without_read_more(plain_line(_rendered(post, "excerpt"))),
        html=content.html,
        text=content.text,
        authors=tuple(_names(embedded.get("author"))),
        published=published,
        published_from="api",
        updated=updated if updated and updated > published else None,
        image=_picture(embedded, url),
        categories=tuple(_categories(embedded)),
    ).told_by("api")


def _rendered(post: dict[str, Any], name: str) -> str:
    value = post.get(name)
    return str(value.get("rendered") or "") if isinstance(value, dict) else ""


def _instant(local: Any, gmt: Any, like: datetime | None = None) -> datetime | None:
    """The instant of a `…_gmt` field, in the site's offset: what `date` differs by, or that of `like`."""
    try:
        instant = datetime.fromisoformat(gmt).replace(tzinfo=UTC)
        if like is not None:
            return instant.astimezone(like.tzinfo)
        return instant.astimezone(timezone(datetime.fromisoformat(local) - instant.replace(tzinfo=None)))
    except (TypeError, ValueError, OverflowError):
        return None


def _names(people: Any) -> Iterator[str]:
    for person in listed(people):
        if isinstance(person, dict) and isinstance(person.get("name"), str):
            yield plain_line(person["name"])


def _categories(embedded: dict[str, Any]) -> Iterator[str]:
    """The names of the categories; tags are another taxonomy."""
    for terms in listed(embedded.get("wp:term")):
        for term in listed(terms):
            if isinstance(term, dict) and term.get("taxonomy") == "category":
                yield from _names([term])


def _picture(embedded: dict[str, Any], url: str) -> str | None:
    media = next(iter(listed(embedded.get("wp:featuredmedia"))), None)
    address = media.get("source_url") if isinstance(media, dict) else None
    return absolute(address, url) or None if isinstance(address, str) else None
