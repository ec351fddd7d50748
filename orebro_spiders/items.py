"""`Article`: the one record that travels through the house.

Spiders and readers make it, pipelines clean it, the archive keeps it, feeds give it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, get_args

Kind = Literal["news", "press", "notice"]
Precision = Literal["minute", "day"]
DateOrigin = Literal["api", "feed", "json-ld", "meta", "time", "listing", "url", "text", "first-seen"]
Origin = DateOrigin | Literal["selector", "generic", "script"]
"""Where a field was read: `selector` is the platform's or source's own, `generic` how pages are built, `script` the
data that a page's scripts carry, `text` a line of words, `meta` also microdata in `meta` elements."""

KINDS: tuple[Kind, ...] = get_args(Kind)
DATE_ORIGINS: tuple[DateOrigin, ...] = get_args(DateOrigin)
TRACED = (
    *("title", "summary", "text", "authors", "updated", "image", "image_caption", "image_credit", "categories"),
    "is_free",
)
"""The fields whose origin is told by `Article.origins`; that of the date is `published_from`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What one document says about one article.

    A field that the document does not state is empty (`""`, `()` or `None`): the archive never lets an
    empty field erase what an earlier reading knew.
    """

    url: str
    """Canonical address."""
    title: str
    source: str = ""
    """Name of the source, as in `sources.toml`."""
    kind: Kind = "news"
    id: str = ""
    """`tag:` URI, minted by the archive at first sight (RFC 4151); empty until then."""
    native_id: str = ""
    """The platform's own number (WordPress post id, Mynewsdesk number, Polisen id): certain identity."""
    guid: str = ""
    """The feed's name for it: identity as long as the feed uses it once."""
    summary: str = ""
    """Plain text."""
    text: str = ""
    """Plain text, paragraphs parted by a blank line: as `reading.text.paragraphs` gives it, which every reader does."""
    html: str = ""
    """Sanitised HTML with absolute addresses."""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    """Aware, in the offset that the document states."""
    published_precision: Precision = "minute"
    published_from: DateOrigin = "first-seen"
    updated: datetime | None = None
    """When the newsroom says it last changed the article; aware."""
    image: str | None = None
    image_caption: str = ""
    image_credit: str = ""
    """Who made the picture: names, without "Foto:"."""
    is_free: bool | None = None
    """Can everybody read all of it (https://schema.org/isAccessibleForFree)? `None` where nobody says."""
    categories: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()
    language: str = "sv"
    teaser: bool = False
    """True when it was read from a list that may cut: it fills what is empty and overrides nothing."""
    read_from: str = ""
    """Address of the document that it was read from; set on the way, not archived."""
    origins: Mapping[str, Origin] = field(default_factory=dict, compare=False)
    """Where each of the `TRACED` fields was read; no part of what the document says."""

    def at(self, url: str) -> Article:
        """The same under this address."""
        return self if url == self.url else replace(self, url=url)

    def dated(self, published: datetime, precision: Precision, origin: DateOrigin) -> Article:
        """The same with this date, aware, and where it was read."""
        return replace(self, published=published, published_precision=precision, published_from=origin)

    def told_by(self, origin: Origin) -> Article:
        """The same, where all that it states comes from one place."""
        return replace(self, origins={name: origin for name in TRACED if is_stated(getattr(self, name))})


def is_stated(value: object) -> bool:
    """Does a field say anything? That an article is not free is said."""
    return bool(value) or value is False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """What is remembered of one answer, so that the next question can be conditional."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    status: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRead:
    """Closes a page: all that was read from it is stored together with this, or not at all."""

    url: str
    source: str
    fetch: Fetch | None = None
    wanted: tuple[str, ...] = ()
    """Addresses of article pages that it led to: they are read in this run or, after a kill, the next."""
    done: tuple[str, ...] = ()
    """Addresses that redirected to it."""
    cursor: str | None = None
    """How far a walk through the source has come (the spider's own JSON)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A page that was known and did not answer with an article any more."""

    url: str
    source: str
    status: int
    definite: bool = False
    """True when the platform itself says that it is gone; a bare 404 has to be confirmed."""
